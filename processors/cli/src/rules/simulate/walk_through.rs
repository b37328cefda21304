//! The walk-through of `docs/rules.md`, event by event: what it says is posted is what is posted.

use std::path::Path;

use lineside_posting_rules::RuleSet;
use lineside_schemas::records::{
    ComponentMovement, Envelope, FinishedGoodsReported, OperationConfirmed, OrderCompleted, ProductionEvent, ProductionEventType, Quantity, RawPosition,
};
use lineside_schemas::{Decimal, Timestamp};
use serde_json::Value;

use super::history::History;
use super::run::postings;

const PLANT: &str = "plant-b";

fn quantity(value: i64, unit: &str) -> Quantity<'_> {
    Quantity { value: Decimal::from_int(value), unit }
}

fn consumed(kilograms: i64) -> ProductionEvent<'static> {
    let movement = ComponentMovement { operation: "0010", position: Some("0010"), item: "RM-1", quantity: quantity(kilograms, "KGM"), ..ComponentMovement::default() };
    ProductionEvent { r#type: ProductionEventType::MaterialConsumed, material_consumed: Some(movement), ..ProductionEvent::default() }
}

/// The events of the page, each with its time in Paris.
fn events() -> Vec<(&'static str, ProductionEvent<'static>)> {
    let confirmed = OperationConfirmed { operation: "0020", r#yield: quantity(5, "C62"), is_final: true, ..OperationConfirmed::default() };
    let received = FinishedGoodsReported { item: "FG-1", quantity: quantity(5, "C62"), ..FinishedGoodsReported::default() };
    let of = |r#type| ProductionEvent { r#type, ..ProductionEvent::default() };
    vec![
        ("2026-03-01T21:10", consumed(10)),
        ("2026-03-01T21:50", ProductionEvent { operation_confirmed: Some(confirmed.into()), ..of(ProductionEventType::OperationConfirmed) }),
        ("2026-03-01T23:30", consumed(4)),
        ("2026-03-02T05:10", ProductionEvent { finished_goods_reported: Some(received.into()), ..of(ProductionEventType::FinishedGoodsReported) }),
        ("2026-03-02T07:00", ProductionEvent { order_completed: Some(OrderCompleted::default()), ..of(ProductionEventType::OrderCompleted) }),
        ("2026-03-02T09:00", consumed(1)),
        // Another order, so that stream time goes on.
        ("2026-03-02T15:00", consumed(1)),
    ]
}

fn history() -> History {
    let codec = lineside_testkit::codec();
    let mut history = History::default();
    for (index, (local, event)) in (0..).zip(events()) {
        let at = Timestamp::from_iso(&format!("{local}:00Z")).unwrap().saturating_add_micros(-3_600_000_000);
        let order = if index == 6 { "4712" } else { "4711" };
        let (id, key) = (format!("B-{}", index + 1), format!("{PLANT}/{order}"));
        let envelope = Envelope {
            event_id: &id,
            source: "plant-b.mes",
            plant: PLANT,
            source_time: at,
            source_utc_offset_minutes: Some(60),
            ingest_time: at,
            correlation_id: &key,
            raw: RawPosition { topic: "raw.plant-b.mes", partition: 0, offset: index },
            ..Envelope::default()
        };
        history.add(&codec, &key, &ProductionEvent { envelope, order, ..event }, at).unwrap();
    }
    history
}

fn example() -> RuleSet {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../posting-rules/examples/milestones-and-shifts.yaml");
    RuleSet::from_yaml("f", &std::fs::read_to_string(file).unwrap()).unwrap()
}

fn told(posting: &Value) -> String {
    let lines = posting["lines"].as_array().unwrap().iter();
    let lines =
        lines.map(|line| format!(" {} {} {}", line["movement_type"].as_str().unwrap(), line["item"].as_str().unwrap(), line["quantity"]["value"].as_str().unwrap()));
    let state = if posting["final"] == Value::Bool(true) { ", final" } else { "" };
    format!("{} by {}:{}{state}", posting["posting_date"].as_str().unwrap(), posting["caused_by_event_id"].as_str().unwrap(), lines.collect::<String>())
}

#[test]
fn the_walk_through_of_the_page_is_what_is_posted() {
    let by_rule = postings(&history(), &[example()]).unwrap();
    let told: Vec<String> = by_rule[&format!("{PLANT}/4711")].iter().map(told).collect();
    assert_eq!(
        told,
        ["2026-03-01 by B-2: 261 RM-1 10", "2026-03-01 by B-4: 261 RM-1 4 101 FG-1 5", "2026-03-02 by B-5:, final", "2026-03-02 by B-6: 261 RM-1 1, final",]
    );
}

#[test]
fn a_rule_changes_when_and_on_which_day_is_posted_but_no_total() {
    let comparison = super::simulate(&history(), &lineside_posting_rules::RuleBook::new(), &example()).unwrap();
    let order = comparison.differing.iter().find(|order| order.order.ends_with("4711")).unwrap();
    assert_eq!((order.postings_before, order.postings_after, order.totals.len()), (2, 4, 0));
    assert_eq!((order.rules_before.as_slice(), order.rules_after.as_slice()), (&["default/1".to_owned()][..], &["milestones-and-shifts/1".to_owned()][..]));
    assert!(
        super::render::text("milestones-and-shifts/1", &comparison).contains("postings: 4, were 2\norders whose postings differ: 1, and of those whose totals differ: 0")
    );
    let same = super::simulate(&history(), &lineside_posting_rules::RuleBook::new(), &RuleSet { effective_from: Timestamp::from_micros(i64::MAX), ..example() }).unwrap();
    assert!(same.differing.is_empty(), "a rule that has not begun changes nothing");
}
