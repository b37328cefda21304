//! Event types that move no amount, and those whose amounts no posting rule covers.

use lineside_order_aggregator::processor::{NOT_BOOKED, UNKNOWN_EVENT_TYPES};
use lineside_order_aggregator::{Change, Ledger};
use lineside_schemas::production::{ProductionFact, ProductionFactRecord};
use lineside_schemas::records::{
    ByProductReported, ConfirmationReversed, FinishedGoodsReversed, OrderCancelled, OrderClosed, OrderCompleted, OrderCreated, OrderDispatched, OrderHeld, OrderReleased,
    OrderRescheduled, OrderResumed, ReworkReported, ScrapReported,
};

use crate::case;
use crate::support::{Harness, Trouble};

const FILE: &str = "
shows: one event
events:
  - {id: use, type: MATERIAL_CONSUMED, operation: \"0010\", position: \"0010\", item: RM-1, quantity: 1.25 KGM}
expect: {}
";

fn consumption() -> case::OwnedEvent {
    serde_yaml_ng::from_str::<case::Case>(FILE).unwrap().events().remove(0)
}

/// The event's envelope and order, with another fact under another id.
fn other<'a>(event: &'a case::OwnedEvent, id: &'a str, fact: ProductionFact<'a>) -> ProductionFactRecord<'a> {
    let mut record = ProductionFactRecord::try_from(event.record()).unwrap();
    record.envelope.event_id = id;
    record.fact = fact;
    record
}

fn of_plan_and_state() -> Vec<ProductionFact<'static>> {
    vec![
        ProductionFact::OrderCreated(Box::new(OrderCreated::default())),
        ProductionFact::OrderReleased(Box::new(OrderReleased::default())),
        ProductionFact::OrderRescheduled(OrderRescheduled::default()),
        ProductionFact::OrderDispatched(OrderDispatched::default()),
        ProductionFact::OrderHeld(OrderHeld::default()),
        ProductionFact::OrderResumed(OrderResumed::default()),
        ProductionFact::OrderClosed(OrderClosed::default()),
        ProductionFact::OrderCancelled(OrderCancelled::default()),
    ]
}

fn without_a_rule() -> Vec<ProductionFact<'static>> {
    vec![
        ProductionFact::ConfirmationReversed(ConfirmationReversed::default()),
        ProductionFact::ByProductReported(ByProductReported::default()),
        ProductionFact::ScrapReported(ScrapReported::default()),
        ProductionFact::ReworkReported(ReworkReported::default()),
        ProductionFact::FinishedGoodsReversed(FinishedGoodsReversed::default()),
    ]
}

#[test]
fn the_plan_and_the_state_of_an_order_are_covered_and_move_no_amount() {
    let event = consumption();
    for fact in of_plan_and_state() {
        let mut ledger = Ledger::new(&other(&event, "use", fact.clone()));
        ledger.apply(&ProductionFactRecord::try_from(event.record()).unwrap()).unwrap();
        let before = ledger.clone();
        assert_eq!(ledger.apply(&other(&event, "other", fact.clone())), Ok(Change::Noted), "{fact:?}");
        assert_ne!(ledger.open, before.open, "{fact:?} is covered");
        assert_eq!(Ledger { open: before.open.clone(), ..ledger }, before, "{fact:?}");
    }
}

#[test]
fn amounts_that_no_rule_books_leave_the_books_and_their_coverage_as_they_were() {
    let event = consumption();
    for fact in without_a_rule() {
        let mut ledger = Ledger::new(&other(&event, "use", fact.clone()));
        ledger.apply(&ProductionFactRecord::try_from(event.record()).unwrap()).unwrap();
        let before = ledger.clone();
        assert_eq!(ledger.apply(&other(&event, "other", fact.clone())), Ok(Change::NotBooked), "{fact:?}");
        assert_eq!(ledger, before, "{fact:?}");
    }
}

#[test]
fn events_that_no_rule_books_are_counted_and_no_posting_covers_them() {
    let event = consumption();
    let mut harness = Harness::new(Trouble::None);
    harness.feed(&event.record());
    let facts = without_a_rule();
    for (index, fact) in facts.iter().enumerate() {
        harness.feed(&other(&event, &format!("other-{index}"), fact.clone()).into());
    }
    harness.feed(&other(&event, "done", ProductionFact::OrderCompleted(OrderCompleted::default())).into());
    assert_eq!((harness.counter(NOT_BOOKED), harness.counter(UNKNOWN_EVENT_TYPES)), (facts.len() as u64, 0));
    let postings = harness.postings();
    assert_eq!((postings.len(), postings[0].1.covers.event_count), (1, 2), "the consumption and the completion");
    assert!(harness.dead_letters().is_empty());
}
