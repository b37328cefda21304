//! Which events are refused, and what a dead letter says of them.

use lineside_api::ErrorClass;
use lineside_schemas::records::{OrderCompleted, ProductionEventType, RawPosition};

use crate::case;
use crate::support::{Harness, Trouble};

fn event() -> case::OwnedEvent {
    case::event("{id: use, type: MATERIAL_CONSUMED, operation: \"0010\", position: \"0010\", item: RM-1, quantity: 1.25 KGM}")
}

#[test]
fn a_type_without_its_group_is_refused_with_all_that_finds_the_event() {
    let event = event();
    let mut record = event.record();
    record.r#type = ProductionEventType::OrderCompleted;
    let mut harness = Harness::new(Trouble::None);
    harness.feed(&record);
    let letters = harness.dead_letters();
    let letter = &letters[0];
    assert_eq!((letter.code, letter.class, letter.field), ("event-groups-disagree", ErrorClass::Application, Some("type")));
    assert_eq!((letter.event_id, letter.plant), (Some("use"), Some("plant-a")));
    assert_eq!(letter.correlation_id, Some("plant-a/000100012"));
    assert_eq!(letter.raw, Some(RawPosition { topic: "raw.plant-a.mes", partition: 0, offset: 0 }));
}

#[test]
fn a_surplus_group_is_refused() {
    let event = event();
    let mut record = event.record();
    record.material_returned = record.material_consumed.clone();
    let mut harness = Harness::new(Trouble::None);
    harness.feed(&record);
    assert_eq!(harness.dead_letters()[0].code, "event-groups-disagree");
}

#[test]
fn a_refused_event_names_the_field_at_fault() {
    let event = event();
    let mut record = event.record();
    record.material_consumed.as_mut().unwrap().position = None;
    let mut harness = Harness::new(Trouble::None);
    harness.feed(&record);
    let letters = harness.dead_letters();
    let letter = &letters[0];
    assert_eq!((letter.code, letter.class, letter.field), ("component-line-unidentified", ErrorClass::DataQuality, Some("reservation_item")));
    assert!(letter.message.contains("RM-1"), "{}", letter.message);
}

#[test]
fn the_posting_id_is_made_of_plant_order_sequence_and_what_is_covered() {
    let event = event();
    let mut record = event.record();
    record.r#type = ProductionEventType::OrderCompleted;
    record.material_consumed = None;
    record.order_completed = Some(OrderCompleted::default());
    let mut harness = Harness::new(Trouble::None);
    harness.feed(&record);
    let postings = harness.postings();
    // Reckoned apart, with Python's xxhash and hashlib.
    assert_eq!(postings[0].1.covers.fingerprint, "b271470c71f2e43fcebbaf391ae9531d");
    assert_eq!(postings[0].1.posting_id, "a7cbdcd1754e0e6741b442229b5c52b4");
}
