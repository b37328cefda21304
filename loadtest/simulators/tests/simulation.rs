//! What holds for every simulation.
#![allow(clippy::unwrap_used, reason = "a test ends at the first thing that is not as it should be")]

use std::collections::BTreeMap;

use jiff::Timestamp;
use lineside_simulators::{Defect, Plant, Simulation};
use quick_xml::events::Event;
use serde_json::Value;

fn start() -> Timestamp {
    "2026-11-20T12:00:00Z".parse().unwrap()
}

#[test]
fn same_seed_size_and_start_give_the_same_bytes() {
    assert_eq!(Simulation::new(7, 40, start()), Simulation::new(7, 40, start()));
    assert_ne!(Simulation::new(7, 40, start()).records, Simulation::new(8, 40, start()).records);
}

#[test]
fn holds_everything_that_a_demo_is_to_show() {
    let simulation = Simulation::new(1, 200, start());
    for plant in Plant::ALL {
        let counts = &simulation.expected.counts[&plant];
        assert_eq!(counts.records, simulation.records.iter().filter(|record| record.topic == plant.topic()).count() as u64);
        assert_eq!(counts.events, counts.accepted + counts.duplicates + counts.conflicts);
        assert!(counts.conflicts > 0, "{plant:?}");
        assert!(counts.duplicates * 100 >= counts.accepted * 3, "{plant:?}: {} duplicates of {}", counts.duplicates, counts.accepted);
        let defects: Vec<Defect> = counts.broken.keys().copied().collect();
        let mut all = Defect::of_plant(plant).to_vec();
        all.sort_unstable();
        assert_eq!(defects, all);
    }
    let orders = &simulation.expected.orders;
    assert_eq!(orders.len(), 200);
    assert!(orders.values().any(|order| !order.completed), "some order stays open");
    let net_below_a_gram = |amount: &lineside_simulators::Amount| amount.millionths() % 1000 != 0;
    assert!(orders.values().flat_map(|order| order.consumption.values()).any(net_below_a_gram), "some line leaves a remainder when posted in whole grams");
    let twice = |order: &&lineside_simulators::ExpectedOrder| {
        let mut positions: BTreeMap<&str, Vec<_>> = BTreeMap::new();
        order.consumption.keys().for_each(|line| positions.entry(&line.item).or_default().push(&line.position));
        positions.values().any(|of_item| of_item.iter().any(|position| *position != of_item[0]))
    };
    assert!(orders.values().filter(twice).count() > 10, "the same material stands at two positions");
}

#[test]
fn nets_are_never_negative_and_accepted_facts_add_up() {
    let simulation = Simulation::new(3, 120, start());
    for (key, order) in &simulation.expected.orders {
        for (line, amount) in &order.consumption {
            assert!(amount.millionths() >= 0, "{key:?} {line:?} {amount}");
        }
    }
    let facts: u64 = simulation.expected.orders.values().map(|order| order.facts).sum();
    let accepted: u64 = simulation.expected.counts.values().map(|counts| counts.accepted).sum();
    assert_eq!(facts, accepted);
}

#[test]
fn plant_a_sends_json_whose_ids_repeat_only_with_the_same_order() {
    let simulation = Simulation::new(11, 60, start());
    let mut orders: BTreeMap<String, String> = BTreeMap::new();
    let mut read = 0;
    for record in simulation.records.iter().filter(|record| record.topic == Plant::A.topic()) {
        let Ok(document) = serde_json::from_slice::<Value>(&record.value) else { continue };
        read += 1;
        assert_eq!(document["order"]["number"], record.key.as_str());
        let id = document["eventId"].as_str().unwrap().to_owned();
        let order = orders.entry(id).or_insert_with(|| record.key.clone());
        assert_eq!(*order, record.key);
        let occurred: Timestamp = document["occurredAt"].as_str().unwrap().parse().unwrap();
        assert!(occurred <= start());
    }
    let unreadable: u64 = [Defect::Truncated, Defect::InvalidUtf8].iter().map(|defect| simulation.expected.counts[&Plant::A].broken[defect]).sum();
    assert_eq!(read, simulation.expected.counts[&Plant::A].records - unreadable);
}

#[test]
fn reversals_may_arrive_before_what_they_undo_but_contradictions_never_come_first() {
    // Over some seeds both happen; what counts is that the first document of an id is always the true one.
    let simulation = Simulation::new(2, 200, start());
    let mut first: BTreeMap<String, Value> = BTreeMap::new();
    let mut contradictions = 0;
    for record in simulation.records.iter().filter(|record| record.topic == Plant::A.topic()) {
        let Ok(document) = serde_json::from_slice::<Value>(&record.value) else { continue };
        let id = document["eventId"].as_str().unwrap_or_default().to_owned();
        let earlier = first.entry(id).or_insert_with(|| document.clone());
        let business = |document: &Value| (document["components"].clone(), document["yield"].clone(), document["product"].clone());
        contradictions += u64::from(business(earlier) != business(&document));
    }
    assert_eq!(contradictions, simulation.expected.counts[&Plant::A].conflicts);
}

#[test]
fn plant_b_sends_well_formed_b2mml_but_for_what_is_broken_on_purpose() {
    let simulation = Simulation::new(5, 60, start());
    let documents = simulation.records.iter().filter(|record| record.topic == Plant::B.topic());
    let well_formed = documents.filter(|record| is_well_formed(&record.value)).count() as u64;
    let counts = &simulation.expected.counts[&Plant::B];
    // An entity bomb is well-formed; that it must not be expanded is another matter.
    let unreadable: u64 = [Defect::Truncated, Defect::InvalidUtf8].iter().map(|defect| counts.broken[defect]).sum();
    assert_eq!(well_formed, counts.records - unreadable);
}

fn is_well_formed(bytes: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(bytes) else { return false };
    let mut reader = quick_xml::Reader::from_str(text);
    let mut depth = 0_i32;
    loop {
        match reader.read_event() {
            Ok(Event::Start(_)) => depth += 1,
            Ok(Event::End(_)) => depth -= 1,
            Ok(Event::Eof) => return depth == 0,
            Ok(_) => {}
            Err(_) => return false,
        }
    }
}
