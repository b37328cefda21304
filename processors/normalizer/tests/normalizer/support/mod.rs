//! What the tests share: the packs, records, a driver, and events as a reader without our types sees them.

pub mod master;
pub mod rendering;
pub mod typed;

use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock};

use lineside_api::{Hosted, RawRecord, Refusal, Timestamp};
use lineside_normalizer::{Limits, MappedEvent, MappingSet, Normalizer, Plan, Scratch};
use lineside_schemas::records::ProductionEvent;
use lineside_schemas::{ContractId, codec, contract};
use lineside_testkit::TestDriver;
use lineside_testkit::driver::Piped;
use lineside_topology::processors::NORMALIZER;

/// 2026-11-20T08:00:00Z: when the broker appended every record of the tests.
pub const INGEST: Timestamp = Timestamp::from_micros(1_795_161_600_000_000);

pub const PLANT_A: &str = "raw.plant-a.mes";
pub const PLANT_B: &str = "raw.plant-b.b2mml";

/// The built-in packs, compiled once.
pub static BUILT_IN: LazyLock<Arc<MappingSet>> = LazyLock::new(|| Arc::new(MappingSet::built_in().expect("the built-in packs compile")));

/// Folder of the packs.
pub fn sources() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("sources")
}

/// A file of a pack's examples.
pub fn example(pack: &str, name: &str) -> Vec<u8> {
    let path = sources().join(pack).join("examples").join(name);
    std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Folder of documents that others published, if it is there. Tests that need it say so when it is not.
pub fn samples(folder: &str) -> Option<PathBuf> {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data");
    let folder = std::env::var_os("LINESIDE_SAMPLES").map_or(beside, PathBuf::from).join(folder);
    if folder.is_dir() {
        return Some(folder);
    }
    eprintln!("NOT RUN: there is no {}; LINESIDE_SAMPLES names the folder of sample documents", folder.display());
    None
}

pub fn record<'a>(topic: &'a str, value: &'a [u8]) -> RawRecord<'a> {
    RawRecord { topic, partition: 0, offset: 7, index: None, time: INGEST, key: None, value: Some(value), headers: &[] }
}

/// Applies the built-in mapping of a topic.
pub fn apply<T>(topic: &str, value: &[u8], read: impl FnOnce(Result<Vec<MappedEvent<'_>>, Box<Refusal>>) -> T) -> T {
    apply_within(topic, value, &Limits::default(), read)
}

pub fn apply_within<T>(topic: &str, value: &[u8], limits: &Limits, read: impl FnOnce(Result<Vec<MappedEvent<'_>>, Box<Refusal>>) -> T) -> T {
    let plan: &Plan = BUILT_IN.by_topic(topic).expect("a topic of a built-in pack");
    read(plan.apply(&record(topic, value), limits, &mut Scratch::default()))
}

/// A production event, as its typed reader sees it.
pub fn production_event<'a>(mapped: &MappedEvent<'a>) -> ProductionEvent<'a> {
    assert_eq!(mapped.contract, ContractId::ProductionEvent);
    codec::decode_datum::<contract::ProductionEvent>(mapped.datum).expect("the datum is of the contract")
}

/// The refusal of a document.
pub fn refusal(topic: &str, value: &[u8]) -> Refusal {
    apply(topic, value, |applied| *applied.expect_err("a refusal"))
}

/// A driver of the normalizer with the built-in packs.
pub fn driver() -> TestDriver {
    let make = || -> Box<dyn lineside_api::Erased> { Box::new(Hosted::new(&NORMALIZER, Normalizer::new(Arc::clone(&BUILT_IN), Limits::default()))) };
    TestDriver::new(make).expect("a driver without stores")
}

/// Sends a record through a driver.
pub fn pipe(driver: &mut TestDriver, topic: &str, value: Option<&[u8]>) {
    driver.pipe(Piped { topic, partition: 0, key: Some(b"key"), value, time: INGEST, headers: &[] }).expect("the normalizer refuses records, it does not fail");
}
