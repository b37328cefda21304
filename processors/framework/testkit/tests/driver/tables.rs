//! Tables: what a processor is given of them, and when.

use std::collections::BTreeMap;
use std::time::Duration;

use lineside_api::{Context, Erased, Hosted, Processor, Raw, Record, Refusal, TableRecord, Timestamp};
use lineside_schemas::{Codec, contract};
use lineside_testkit::{Faults, InputRecord, Settings, TestDriver, TopologyDriver, WorkerError};
use lineside_topology::ProcessorSpec;
use lineside_topology::processors::SUPPLY_PUBLISHER;
use lineside_topology::topics::{CANONICAL_PRODUCTION, MASTER_ITEM, MASTER_LOT, SUPPLY_ORDER_PROGRESS};

use crate::{passed, piped};

static SPEC: ProcessorSpec = ProcessorSpec { tables: &[MASTER_ITEM.name(), MASTER_LOT.name()], ..SUPPLY_PUBLISHER };

/// Passes on what it reads, with what its tables hold. An item that cannot be decoded it leaves out.
#[derive(Default)]
struct Joiner {
    rows: BTreeMap<String, String>,
    undecodable: u32,
}

impl Processor for Joiner {
    type Input = Raw;

    fn process(&mut self, record: Record<'_, '_, &[u8]>, cx: &mut Context<'_>) -> Result<(), Refusal> {
        let text = std::str::from_utf8(record.value).unwrap();
        let rows: Vec<String> = self.rows.iter().map(|(key, value)| format!("{key}={value}")).collect();
        cx.forward(SUPPLY_ORDER_PROGRESS.name(), record.raw.key, format!("{text}:{}", rows.join(",")).as_bytes());
        Ok(())
    }

    fn table(&mut self, record: TableRecord<'_>, codec: &Codec) {
        assert!(SPEC.tables.contains(&record.topic));
        if record.topic == MASTER_ITEM.name() && record.value.is_some_and(|value| value.starts_with(b"\0")) && record.decode::<contract::Item>(codec).is_err() {
            self.undecodable += 1;
            return;
        }
        match record.value {
            Some(value) => drop(self.rows.insert(record.key.to_owned(), String::from_utf8_lossy(value).into_owned())),
            None => drop(self.rows.remove(record.key)),
        }
    }
}

fn joiner() -> Box<dyn Erased> {
    Box::new(Hosted::new(&SPEC, Joiner::default()))
}

fn put(driver: &mut TestDriver, key: &str, value: &str) {
    driver.put_table_bytes(MASTER_ITEM.name(), key, Some(value.as_bytes())).unwrap();
}

#[test]
fn a_table_is_known_and_kept_up_with_between_batches() {
    let mut driver = TestDriver::new(joiner).unwrap();
    put(&mut driver, "plant-a/1", "x");
    driver.pipe(piped(b"one")).unwrap();
    driver.stage(piped(b"two")).unwrap();
    put(&mut driver, "plant-a/2", "y");
    driver.stage(piped(b"three")).unwrap();
    driver.commit().unwrap();
    driver.pipe(piped(b"four")).unwrap();
    driver.delete_table(MASTER_ITEM, "plant-a/1").unwrap();
    driver.put_table_bytes(MASTER_LOT.name(), "plant-a/L", Some(b"l")).unwrap();
    driver.pipe(piped(b"five")).unwrap();
    assert_eq!(passed(&driver), ["one:plant-a/1=x", "two:plant-a/1=x", "three:plant-a/1=x", "four:plant-a/1=x,plant-a/2=y", "five:plant-a/2=y,plant-a/L=l"]);
}

#[test]
fn a_processor_made_anew_is_given_what_stands_in_its_tables() {
    let mut driver = TestDriver::new(joiner).unwrap();
    put(&mut driver, "plant-a/1", "x");
    put(&mut driver, "plant-a/1", "x2");
    put(&mut driver, "plant-a/2", "y");
    driver.delete_table(MASTER_ITEM, "plant-a/2").unwrap();
    driver.stage(piped(b"one")).unwrap();
    driver.abort().unwrap();
    driver.pipe(piped(b"two")).unwrap();
    driver.crash(true).unwrap();
    driver.pipe(piped(b"three")).unwrap();
    assert_eq!(passed(&driver), ["one:plant-a/1=x2", "two:plant-a/1=x2", "three:plant-a/1=x2"]);
}

#[test]
fn only_what_the_row_of_the_processor_has_is_a_table() {
    let mut driver = TestDriver::new(joiner).unwrap();
    assert!(matches!(driver.put_table_bytes("master.supplier.v1", "k", None), Err(WorkerError::NotRead { .. })));
    put(&mut driver, "plant-a/1", "\0no item");
    driver.pipe(piped(b"one")).unwrap();
    assert_eq!(passed(&driver), ["one:"], "what cannot be decoded is left out");
}

fn topology(seed: u64, tables_first: bool) -> TopologyDriver {
    TopologyDriver::new(Settings { tables_first, workers: 2, ..Settings::new(seed).with_faults(Faults::MANY) }, &[joiner])
}

fn produce(driver: &mut TopologyDriver, topic: &str, key: &str, value: Option<&str>) {
    driver.produce(&InputRecord { topic, key: Some(key.as_bytes()), value: value.map(str::as_bytes), ..InputRecord::default() });
}

fn outputs(driver: &TopologyDriver) -> Vec<String> {
    let mut all: Vec<String> =
        driver.broker().committed(SUPPLY_ORDER_PROGRESS.name()).map(|(_, _, record)| String::from_utf8(record.value.clone().unwrap()).unwrap()).collect();
    all.sort();
    all
}

#[test]
fn in_a_topology_records_of_a_table_come_at_steps_drawn_from_the_seed_and_in_order_of_their_key() {
    let run = |seed, tables_first| {
        let mut driver = topology(seed, tables_first);
        for number in 0..8 {
            produce(&mut driver, CANONICAL_PRODUCTION.name(), &format!("plant-a/{number}"), Some("event"));
        }
        for _ in 0..6 {
            driver.step().unwrap();
        }
        for value in ["1", "2", "3"] {
            produce(&mut driver, MASTER_ITEM.name(), "i", Some(value));
        }
        for number in 0..8 {
            produce(&mut driver, CANONICAL_PRODUCTION.name(), &format!("plant-a/{number}"), Some("late"));
        }
        driver.run_until_quiet().unwrap();
        produce(&mut driver, CANONICAL_PRODUCTION.name(), "plant-a/0", Some("last"));
        driver.run_until_quiet().unwrap();
        outputs(&driver)
    };
    let mut seen = std::collections::BTreeSet::new();
    for seed in 0..30 {
        let outputs = run(seed, false);
        assert_eq!(outputs.len(), 17);
        assert!(outputs.contains(&"last:i=3".to_owned()), "every table is read in the end: {outputs:?}");
        seen.extend(outputs.into_iter().filter(|output| output.starts_with("late")));
        let first = run(seed, true);
        assert_eq!(first.iter().filter(|output| *output == "late:i=3").count(), 8, "{first:?}");
    }
    assert!(["late:", "late:i=1", "late:i=2", "late:i=3"].iter().all(|output| seen.contains(*output)), "{seen:?}");
}

#[test]
fn time_passes_without_a_commit_where_no_ticks_are_wanted() {
    let mut driver = TestDriver::new(joiner).unwrap();
    driver.advance(Duration::from_secs(5)).unwrap();
    put(&mut driver, "plant-a/1", "x");
    assert_eq!(driver.broker().now(), Timestamp::from_millis(5_000));
    assert_eq!(driver.broker().committed(MASTER_ITEM.name()).next().unwrap().2.time, Timestamp::from_millis(5_000));
}
