//! What dead letters say, and state that no ledger wrote.

use crate::case;
use crate::support::{Harness, Trouble};
use lineside_api::ErrorClass;
use lineside_order_aggregator::{Change, Ledger, LedgerError, rule};
use lineside_schemas::codec::encode_datum;
use lineside_schemas::production::ProductionFactRecord;
use lineside_schemas::records::{
    ComponentTotal, OpenCoverage, OperationTotal, OrderCompleted, OrderLedger, ProductionEventType, RawPosition, ReceiptTotal, RememberedMovement,
};
use lineside_schemas::{Decimal, contract};

const FILE: &str = "
shows: one event
events:
  - {id: use, type: MATERIAL_CONSUMED, operation: \"0010\", position: \"0010\", item: RM-1, quantity: 1.25 KGM}
expect: {}
";

fn event() -> case::OwnedEvent {
    serde_yaml_ng::from_str::<case::Case>(FILE).unwrap().events().remove(0)
}

fn empty() -> OrderLedger<'static> {
    OrderLedger {
        plant: "plant-a",
        order: "1",
        correlation_id: "plant-a/1",
        completed: true,
        sequence: 1,
        components: vec![],
        receipts: vec![],
        operations: vec![],
        movements: vec![],
        reversals: vec![],
        reversed: vec![],
        open: OpenCoverage {
            event_count: 0,
            fingerprint_high: 0,
            fingerprint_low: 0,
            first_source_time: lineside_schemas::Timestamp::EPOCH,
            last_source_time: lineside_schemas::Timestamp::EPOCH,
            positions: vec![],
        },
    }
}

fn component(position: Option<&'static str>, net: i64, posted: i64) -> ComponentTotal<'static> {
    ComponentTotal {
        operation: "0010",
        reservation: None,
        reservation_item: None,
        position,
        item: "RM-1",
        lot: None,
        storage_location: None,
        unit: "KGM",
        net: Decimal::from_int(net),
        posted: Decimal::from_int(posted),
    }
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
fn state_that_contradicts_itself_is_not_booked_on() {
    let mut dangling = empty();
    dangling.movements.push(RememberedMovement { source: "mes", event_id: "1", component: 0, quantity: Decimal::ONE });
    let mut negative = dangling.clone();
    negative.components.push(component(Some("0010"), 1, 1));
    negative.movements[0].component = -1;
    let mut unsorted = empty();
    unsorted.components = vec![component(Some("0020"), 1, 1), component(Some("0010"), 1, 1)];
    let mut twice = empty();
    twice.components = vec![component(Some("0010"), 1, 1), component(Some("0010"), 1, 1)];
    let mut unidentified = empty();
    unidentified.components = vec![component(None, 1, 1)];
    let mut below_zero = empty();
    below_zero.components = vec![component(Some("0010"), 1, -1)];
    for record in [dangling, negative, unsorted, twice, unidentified, below_zero] {
        assert!(matches!(Ledger::from_record(&record), Err(LedgerError::LedgerInconsistent(_))), "{record:?}");
    }
}

#[test]
fn an_order_that_outgrows_a_record_is_still_completed_and_posted() {
    let ids: Vec<_> = (0..20_000).map(|number| format!("event-{number:0>40}")).collect();
    let event = event();
    let mut record = event.record();
    let mut ledger = Ledger::new(&ProductionFactRecord::try_from(record.clone()).unwrap());
    let mut booked = 0;
    let refused = ids.iter().find_map(|id| {
        record.envelope.event_id = id;
        let applied = ledger.apply(&ProductionFactRecord::try_from(record.clone()).unwrap());
        booked += i64::from(applied.is_ok());
        applied.err()
    });
    assert_eq!(refused.unwrap().code(), "order-too-large");
    assert!(booked > 5_000, "only {booked} movements were booked");
    let mut bytes = Vec::new();
    encode_datum::<contract::OrderLedger>(&ledger.record(), &mut bytes).unwrap();
    assert!(bytes.len() < 1024 * 1024, "{} bytes", bytes.len());

    record.r#type = ProductionEventType::OrderCompleted;
    record.material_consumed = None;
    record.order_completed = Some(OrderCompleted::default());
    let completed = ProductionFactRecord::try_from(record).unwrap();
    assert_eq!(ledger.apply(&completed), Ok(Change::Completed));
    let posting = ledger.due_posting(&completed.envelope, rule::DEFAULT).unwrap().unwrap();
    let expected = Decimal::from_int(booked).checked_mul_exact("1.25".parse().unwrap()).unwrap();
    assert_eq!(posting.record().lines[0].quantity.value, expected);
}

#[test]
fn a_receipt_that_exceeds_its_net_is_taken_back_with_102() {
    let mut record = empty();
    let (net, posted) = (Decimal::from_int(8), Decimal::from_int(10));
    record.receipts.push(ReceiptTotal { item: "FG-1", operation: None, lot: None, storage_location: None, unit: "C62", net, posted });
    record.operations.push(OperationTotal {
        operation: "0010",
        unit: "C62",
        r#yield: net,
        scrap: Decimal::ZERO,
        rework: Decimal::ZERO,
        is_final: true,
        posted_yield: posted,
        posted_scrap: Decimal::ZERO,
        posted_rework: Decimal::ZERO,
        posted_final: true,
    });
    let ledger = Ledger::from_record(&record).unwrap();
    let event = event();
    let cause = ProductionFactRecord::try_from(event.record()).unwrap().envelope;
    let posting = ledger.due_posting(&cause, rule::DEFAULT).unwrap().unwrap();
    let posting = posting.record();
    assert_eq!((posting.lines[0].movement_type, posting.lines[0].quantity.to_string().as_str()), ("102", "2 C62"));
    assert_eq!(posting.confirmations[0].r#yield, Decimal::from_int(-2));
    assert_eq!((posting.control_totals[0].movement_type, posting.control_totals[0].lines), ("102", 1));
    assert!(!posting.clear_reservations);
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
