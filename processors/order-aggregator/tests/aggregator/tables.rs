//! Rules and master data as they come: from compacted topics, and changing while orders run.

use lineside_api::{Erased, Hosted};
use lineside_order_aggregator::OrderAggregator;
use lineside_order_aggregator::processor::RULES_NOT_UNDERSTOOD;
use lineside_posting_rules::RuleSet;
use lineside_schemas::records::{Item, Quantity, UnitConversion, UnitRatio};
use lineside_schemas::{Decimal, Timestamp};
use lineside_testkit::TestDriver;
use lineside_topology::processors::ORDER_AGGREGATOR;
use lineside_topology::topics::{CANONICAL_PRODUCTION, MASTER_ITEM, MASTER_UNIT_CONVERSION, ORDER_POSTINGS, RULES_POSTING};

use crate::case;
use crate::support::KEY;

fn driver() -> TestDriver {
    TestDriver::new(|| Box::new(Hosted::new(&ORDER_AGGREGATOR, OrderAggregator::default())) as Box<dyn Erased>).unwrap()
}

fn feed(driver: &mut TestDriver, yaml: &str) {
    let event = case::event(yaml);
    driver.pipe_value(CANONICAL_PRODUCTION, 0, KEY, &event.record(), Timestamp::EPOCH).unwrap();
}

fn lines(driver: &TestDriver) -> Vec<String> {
    let postings = driver.values(ORDER_POSTINGS).unwrap();
    let line = |rule: &str, line: &lineside_schemas::records::PostingLine<'_>| format!("{} {} by {rule}", line.movement_type, line.quantity);
    postings.iter().flat_map(|posting| posting.lines.iter().map(|posted| line(posting.rule_version, posted)).collect::<Vec<_>>()).collect()
}

fn put_rule(driver: &mut TestDriver, yaml: &str) {
    let set = RuleSet::from_yaml("rule", yaml).unwrap();
    let strings = set.strings();
    driver.put_table(RULES_POSTING, &set.id(), &set.to_record(&strings)).unwrap();
}

const RULE: &str = "{rule_set: each, version: 1, mode: explicit-movements, effective_from: 2026-01-01T00:00:00Z, applies_to: {plants: \"*\"}, post: {after_events: 1}}";

#[test]
fn a_rule_holds_from_when_it_is_published_and_no_more_when_it_is_deleted() {
    let mut driver = driver();
    put_rule(&mut driver, RULE);
    feed(&mut driver, "{id: a, type: MATERIAL_CONSUMED, operation: \"0010\", position: \"0010\", item: RM-1, quantity: 1 KGM}");
    driver.delete_table(RULES_POSTING, "each/1").unwrap();
    feed(&mut driver, "{id: b, type: MATERIAL_CONSUMED, operation: \"0010\", position: \"0010\", item: RM-1, quantity: 2 KGM}");
    assert_eq!(lines(&driver), ["261 1 KGM by each/1"]);
    feed(&mut driver, "{id: c, type: ORDER_COMPLETED}");
    assert_eq!(lines(&driver), ["261 1 KGM by each/1", "261 2 KGM by default/1"]);
}

#[test]
fn master_data_is_known_again_after_a_crash() {
    let mut driver = driver();
    put_rule(&mut driver, RULE);
    driver.put_table(MASTER_ITEM, "plant-a/RM-1", &Item { item: "RM-1", base_unit: Some("C62"), ..Item::default() }).unwrap();
    let quantity = |value, unit| Quantity { value: Decimal::from_int(value), unit };
    let ratio = UnitRatio { quantity: quantity(1, "XCT"), base_quantity: quantity(12, "C62"), valid_from: None, valid_to: None };
    let conversion = UnitConversion { item: "RM-1", unit: "XCT", ratios: vec![ratio], ..UnitConversion::default() };
    driver.put_table(MASTER_UNIT_CONVERSION, "plant-a/RM-1/XCT", &conversion).unwrap();
    driver.crash(true).unwrap();
    feed(&mut driver, "{id: a, type: MATERIAL_CONSUMED, operation: \"0010\", position: \"0010\", item: RM-1, quantity: 2 XCT}");
    assert_eq!(lines(&driver), ["261 24 C62 by each/1"]);
    // The carton is no more: what was posted in pieces is taken back, and issued as it was reported.
    driver.delete_table(MASTER_UNIT_CONVERSION, "plant-a/RM-1/XCT").unwrap();
    feed(&mut driver, "{id: b, type: MATERIAL_CONSUMED, operation: \"0010\", position: \"0010\", item: RM-1, quantity: 1 XCT}");
    assert_eq!(lines(&driver)[1..], ["262 24 C62 by each/1".to_owned(), "261 3 XCT by each/1".to_owned()]);
}

#[test]
fn a_rule_that_is_not_understood_books_nothing_where_it_would_hold() {
    let mut driver = driver();
    let set = RuleSet::from_yaml("rule", RULE).unwrap();
    let strings = set.strings();
    let mut record = set.to_record(&strings);
    record.mode = lineside_schemas::records::PostingMode::Unknown;
    driver.put_table(RULES_POSTING, "each/1", &record).unwrap();
    feed(&mut driver, "{id: a, type: MATERIAL_CONSUMED, operation: \"0010\", position: \"0010\", item: RM-1, quantity: 1 KGM}");
    let letters = driver.dead_letters().unwrap();
    assert_eq!((letters.len(), letters[0].code), (1, "no-posting-rule"));
    driver.tick().unwrap();
    driver.commit().unwrap();
    assert!(driver.counter(RULES_NOT_UNDERSTOOD) >= 1);
}
