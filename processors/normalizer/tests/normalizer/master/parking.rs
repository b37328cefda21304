//! Records that wait: one normalizer, step by step.

use std::time::Duration;

use lineside_normalizer::ParkingBounds;
use lineside_schemas::records::{ErrorClass, OrderAliasKind};
use lineside_testkit::TestDriver;
use lineside_testkit::driver::Piped;
use lineside_topology::processors::PARKED;
use lineside_topology::topics::NORMALIZED;

use crate::master::plant::{Master, TOPIC, at, consumed, document, item, mappings, normalizer, order};

struct World {
    driver: TestDriver,
    second: i64,
}

impl World {
    fn with(bounds: ParkingBounds) -> Self {
        let mappings = mappings();
        let mut driver = TestDriver::new(move || normalizer(&mappings, bounds)).expect("a driver");
        driver.set_now(at(1000));
        Self { driver, second: 1000 }
    }

    fn new() -> Self {
        Self::with(ParkingBounds::DEFAULT)
    }

    fn send(&mut self, document: &str) {
        self.send_to(0, document);
    }

    fn send_to(&mut self, partition: i32, document: &str) {
        self.second += 1;
        let headers = [("file".to_owned(), Some(b"\xff".to_vec())), ("empty".to_owned(), None)];
        let piped = Piped { topic: TOPIC, partition, key: Some(b"k"), value: Some(document.as_bytes()), time: at(self.second), headers: &headers };
        self.driver.pipe(piped).expect("the normalizer refuses records, it does not fail");
        self.pass(1);
    }

    fn know(&mut self, (topic, key, wire): Master) {
        self.driver.put_table_bytes(topic, &key, Some(&wire)).expect("a table");
        self.pass(1);
    }

    fn know_item(&mut self, number: &str) {
        self.know(item(&lineside_testkit::codec(), &format!("CH-{number}"), 1, &[number], None));
    }

    fn pass(&mut self, seconds: u64) {
        self.driver.advance(Duration::from_secs(seconds)).expect("a tick");
    }

    /// Ids of the events that went on, in the order of each partition; one partition after the other.
    fn passed(&self) -> Vec<String> {
        self.driver.values(NORMALIZED).expect("events").iter().map(|event| event.event_id.to_owned()).collect()
    }

    /// The same without those that had gone on before.
    fn passed_after(&self, before: &[&str]) -> Vec<String> {
        self.passed().into_iter().filter(|id| !before.contains(&id.as_str())).collect()
    }

    /// Codes and offsets of dead letters.
    fn refused(&self) -> Vec<(String, i64)> {
        self.driver.dead_letters().expect("letters").iter().map(|letter| (letter.code.to_owned(), letter.offset)).collect()
    }

    fn waits(&mut self, offset: i64) -> bool {
        self.driver.state(0, PARKED, &format!("{TOPIC}/0/{offset:020}")).expect("the store").is_some()
    }
}

#[test]
fn a_record_waits_for_its_item_and_goes_on_when_it_comes() {
    let mut world = World::new();
    world.send(&consumed("1", 5, "A", &[("0815", "1", "KG")]));
    assert!(world.waits(0) && world.passed().is_empty());
    world.know_item("4711");
    assert!(world.waits(0), "another item does not help");
    world.know_item("0815");
    assert!(!world.waits(0));
    let events = world.driver.values(NORMALIZED).expect("events");
    assert_eq!((events[0].event_id, events[0].ingest_time, events[0].raw.offset, events[0].source_time), ("1/1", at(1001), 0, at(5)), "its own ingest time");
    let counted: Vec<_> = ["parked", "parked_behind", "resumed", "reference_expired"].iter().map(|name| world.driver.counter(name)).collect();
    assert_eq!(counted, [1, 0, 1, 0]);
}

#[test]
fn the_oldest_waiting_record_shows_in_the_metrics_and_zero_once_none_waits() {
    let mut world = World::new();
    let oldest = |world: &World| world.driver.level("parked_oldest_timestamp_seconds", "", TOPIC, 0);
    world.send(&document("COMPLETED", "1", 4, r#""order": "A""#));
    assert_eq!(oldest(&world), None, "nothing ever waited");
    world.send(&consumed("2", 5, "A", &[("0815", "1", "KG")]));
    let since = oldest(&world).expect("a level");
    world.send(&consumed("3", 6, "A", &[("4711", "1", "KG")]));
    assert_eq!((oldest(&world), since > 1000.0), (Some(since), true));
    world.know_item("0815");
    assert!(oldest(&world).expect("a level") > since, "the second is the oldest now");
    world.know_item("4711");
    assert_eq!(oldest(&world), Some(0.0));
}

#[test]
fn later_records_of_an_aggregate_wait_behind_it_and_others_pass() {
    let mut world = World::new();
    world.send(&consumed("1", 5, "A", &[("0815", "1", "KG")]));
    world.send(&document("COMPLETED", "2", 6, r#""order": "A""#));
    world.send(&document("COMPLETED", "3", 7, r#""order": "B""#));
    world.send(&document("COMPLETED", "4", 8, r#""order": "A", "reason": "again""#));
    assert_eq!(world.passed(), ["3"], "that needs nothing, of another order");
    world.know_item("0815");
    assert_eq!(world.passed(), ["3", "1/1", "2", "4"]);
    assert_eq!((world.driver.counter("parked_behind"), world.driver.counter("resumed")), (2, 3));
}

#[test]
fn another_partition_does_not_wait() {
    let mut world = World::new();
    world.send(&consumed("1", 5, "A", &[("0815", "1", "KG")]));
    world.send_to(1, &document("COMPLETED", "2", 6, r#""order": "A""#));
    assert_eq!(world.passed(), ["2"]);
}

#[test]
fn a_record_of_several_aggregates_holds_them_all() {
    let mut world = World::new();
    let codec = lineside_testkit::codec();
    world.send(&document("NOTICE", "N-1", 4, r#""supplier": "40", "qualifier": "9""#));
    world.send(&consumed("1", 5, "A", &[("0815", "1", "KG"), ("4711", "1", "KG")]));
    world.send(&document("COMPLETED", "2", 6, r#""order": "A""#));
    world.know_item("0815");
    assert!(world.passed().is_empty(), "one of its two items is missing, so nothing of it goes on");
    world.know_item("4711");
    assert_eq!(world.passed(), ["1/1", "1/2", "2"]);
    world.know(crate::master::plant::supplier(&codec, "V-1", "GLN", "40"));
    assert_eq!(world.passed().last().map(String::as_str), Some("N-1"));
}

#[test]
fn while_an_orders_number_is_not_known_all_of_the_plant_on_that_topic_waits() {
    let mut world = World::new();
    let codec = lineside_testkit::codec();
    world.send(&document("BY_SEQUENCE", "1", 5, r#""sequence": "S-7""#));
    world.send(&document("COMPLETED", "2", 6, r#""order": "B""#));
    world.send(&document("DOWNTIME", "3", 7, r#""resource": "MX-01", "code": "77""#));
    assert!(world.passed().is_empty() && world.waits(1), "it may be an event of B");
    world.know(crate::master::plant::code(&codec, "77", "BREAKDOWN"));
    assert_eq!(world.passed(), ["3"], "another topic");
    world.know(order(&codec, "B", &[(OrderAliasKind::PlantSequence, "S-7", None)]));
    assert_eq!(world.passed_after(&["3"]), ["1", "2"], "both are of B, in their order");
}

#[test]
fn what_waits_survives_a_crash_and_master_data_that_came_meanwhile_is_found() {
    for state_lost in [false, true] {
        let mut world = World::new();
        world.send(&consumed("1", 5, "A", &[("0815", "1", "KG")]));
        world.send(&document("COMPLETED", "2", 6, r#""order": "A""#));
        world.driver.crash(state_lost).expect("it comes up again");
        assert!(world.waits(0) && world.waits(1));
        world.send(&document("COMPLETED", "3", 7, r#""order": "A", "reason": "again""#));
        assert!(world.passed().is_empty(), "the order of A is known to wait");
        world.know_item("0815");
        world.driver.crash(state_lost).expect("it comes up again");
        world.pass(1);
        assert_eq!(world.passed(), ["1/1", "2", "3"]);
    }
}

#[test]
fn an_aborted_batch_parks_nothing_and_loses_nothing() {
    let mut world = World::new();
    let record = consumed("1", 5, "A", &[("0815", "1", "KG")]);
    let piped = Piped { topic: TOPIC, partition: 0, key: None, value: Some(record.as_bytes()), time: at(1001), headers: &[] };
    world.driver.stage(piped).expect("processed");
    world.driver.abort().expect("an abort");
    world.driver.drain().expect("processed again");
    world.driver.commit().expect("a commit");
    world.know_item("0815");
    assert_eq!((world.passed(), world.driver.counter("resumed")), (vec!["1/1".to_owned()], 1));
}

#[test]
fn what_waits_too_long_is_refused_with_its_bytes_and_those_behind_it_go_on() {
    let mut world = World::with(ParkingBounds::DEFAULT.waiting_minutes(10));
    let first = consumed("1", 5, "A", &[("0815", "1", "KG")]);
    world.send(&first);
    world.send(&document("COMPLETED", "2", 6, r#""order": "A""#));
    world.send(&consumed("3", 7, "B", &[("4711", "1", "KG")]));
    world.pass(590);
    assert!(world.waits(0) && world.refused().is_empty(), "nine minutes and some");
    world.know_item("4711");
    world.pass(20);
    assert_eq!(world.passed(), ["3/1", "2"]);
    let letters = world.driver.dead_letters().expect("letters");
    let letter = &letters[0];
    assert_eq!((letters.len(), letter.code, letter.class, letter.offset, letter.record_time), (1, "reference-missing", ErrorClass::Recoverable, 0, at(1001)));
    assert_eq!((letter.key, letter.value, letter.headers.len(), letter.headers[0].value), (Some(&b"k"[..]), Some(first.as_bytes()), 2, Some(&b"\xff"[..])));
    assert_eq!((letter.plant, letter.event_id, letter.field, letter.path), (Some("plant-x"), Some("1/1"), Some("material_consumed.item"), Some("/lines[1]/item")));
    assert!(letter.message.contains("item `0815` of scheme `plant-x.mes` in plant-x") && letter.message.contains("waited for it since"), "{}", letter.message);
    assert_eq!(world.driver.counter("reference_expired"), 1);
}

#[test]
fn an_outage_of_the_normalizer_is_no_waiting() {
    let mut world = World::with(ParkingBounds::DEFAULT.waiting_minutes(10));
    let record = consumed("1", 5, "A", &[("0815", "1", "KG")]);
    // Appended long before it is read.
    world.driver.set_now(at(100_000));
    world.driver.pipe(Piped { topic: TOPIC, partition: 0, key: None, value: Some(record.as_bytes()), time: at(1001), headers: &[] }).expect("processed");
    world.pass(60);
    assert!(world.waits(0), "it has waited for a minute");
    world.pass(600);
    assert_eq!(world.refused(), [("reference-missing".to_owned(), 0)]);
}

#[test]
fn what_has_no_room_to_wait_is_refused_and_says_for_what_it_would_have_waited() {
    let mut world = World::with(ParkingBounds { records: 2, ..ParkingBounds::DEFAULT });
    world.send(&consumed("1", 5, "A", &[("0815", "1", "KG")]));
    world.send(&consumed("2", 6, "B", &[("0815", "1", "KG")]));
    world.send(&consumed("3", 7, "C", &[("4711", "1", "KG")]));
    world.send(&document("COMPLETED", "4", 8, r#""order": "A""#));
    world.send(&document("COMPLETED", "5", 9, r#""order": "D""#));
    assert_eq!(world.refused(), [("reference-missing".to_owned(), 2), ("reference-missing".to_owned(), 3)]);
    assert_eq!(world.passed(), ["5"]);
    {
        let letters = world.driver.dead_letters().expect("letters");
        assert!(letters[0].message.contains("item `4711`") && letters[0].message.contains("it cannot wait: 2 records wait already"), "{}", letters[0].message);
        assert!(letters[1].message.contains("behind raw.plant-x.mes-0@0, which waits, for item `0815`"), "{}", letters[1].message);
    }
    world.know_item("0815");
    let mut resumed = world.passed_after(&["5"]);
    resumed.sort_unstable();
    assert_eq!(resumed, ["1/1", "2/1"]);
    world.send(&consumed("6", 7, "C", &[("4711", "1", "KG")]));
    assert!(world.waits(5), "there is room again");

    let mut world = World::with(ParkingBounds { bytes: 300, ..ParkingBounds::DEFAULT });
    for id in ["1", "2", "3"] {
        world.send(&consumed(id, 5, id, &[("0815", "1", "KG")]));
    }
    assert_eq!(world.refused().len(), 1, "{:?}", world.refused());
}

#[test]
fn a_record_that_is_refused_after_all_is_so_with_the_right_code_and_holds_nobody_up() {
    let mut world = World::new();
    world.send(&consumed("1", 5, "A", &[("0815", "x", "KG")]));
    world.send(&document("COMPLETED", "2", 6, r#""order": "A""#));
    assert!(world.waits(0));
    world.know_item("0815");
    assert_eq!((world.refused(), world.passed()), (vec![("bad-number".to_owned(), 0)], vec!["2".to_owned()]));
    assert_eq!(world.driver.counter("parked_refused"), 1);
}

#[test]
fn ambiguity_is_no_reason_to_wait_and_ends_waiting() {
    let mut world = World::new();
    world.send(&consumed("1", 5, "A", &[("0815", "1", "KG")]));
    let codec = lineside_testkit::codec();
    // Both come before the record is tried again.
    for name in ["CH-1", "CH-2"] {
        let (topic, key, wire) = item(&codec, name, 1, &["0815"], None);
        world.driver.put_table_bytes(topic, &key, Some(&wire)).expect("a table");
    }
    world.pass(1);
    assert_eq!(world.refused(), [("ambiguous-reference".to_owned(), 0)]);
    world.send(&consumed("2", 5, "A", &[("0815", "1", "KG")]));
    assert_eq!(world.refused().len(), 2);
}

#[test]
fn many_records_go_on_a_few_at_a_time() {
    let mut world = World::new();
    for number in 0..1200 {
        let record = consumed(&number.to_string(), 5, &number.to_string(), &[("0815", "1", "KG")]);
        world.driver.stage(Piped { topic: TOPIC, partition: 0, key: None, value: Some(record.as_bytes()), time: at(1001), headers: &[] }).expect("processed");
    }
    world.driver.commit().expect("a commit");
    world.know_item("0815");
    // Each is of an order of its own, and so in whatever partition: only which ones went on is the same for all.
    let passed = |world: &World| {
        let mut numbers: Vec<u32> = world.passed().iter().map(|id| id.strip_suffix("/1").expect("a first line").parse().expect("a number")).collect();
        numbers.sort_unstable();
        numbers
    };
    assert_eq!(passed(&world), (0..500).collect::<Vec<_>>(), "one call tries so many, the oldest first");
    world.pass(1);
    assert_eq!(passed(&world), (0..1000).collect::<Vec<_>>());
    world.pass(1);
    assert_eq!(passed(&world), (0..1200).collect::<Vec<_>>());
}
