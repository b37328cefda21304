//! Running a plant's documents through the whole topology.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use lineside_api::{Erased, Timestamp};
use lineside_deduplicator::DeduplicatorArgs;
use lineside_erp_publisher::ErpPublisherArgs;
use lineside_normalizer::NormalizerArgs;
use lineside_order_aggregator::OrderAggregatorArgs;
use lineside_reconciler::ReconcilerArgs;
use lineside_runtime::Application as _;
use lineside_supply_publisher::SupplyPublisherArgs;
use lineside_testkit::{InputRecord, Settings, TopologyDriver};
use lineside_topology::topics::{ERP_CONFIRMATIONS, ERP_GOODS_MOVEMENTS, ORDER_POSTINGS, SUPPLY_ORDER_PROGRESS};

use crate::plant::{Document, START_MILLIS};

/// Topic of the plant's MES.
pub const RAW: &str = "raw.plant-a.mes";

/// What makes a processor.
pub type Make = fn() -> Box<dyn Erased>;

/// Made anew after every crash: its mappings are compiled once.
static NORMALIZER: LazyLock<NormalizerArgs> = LazyLock::new(|| NormalizerArgs { max_depth: 32, ..NormalizerArgs::default() });
/// The deduplicator as it comes.
pub const STANDARD: Make = || DeduplicatorArgs::default().processor().unwrap();
/// The deduplicator with a window of a century.
pub const WIDE: Make = || DeduplicatorArgs { window_days: 36_500, ..DeduplicatorArgs::default() }.processor().unwrap();

/// Every processor of the table.
pub fn topology(settings: Settings) -> TopologyDriver {
    topology_with(settings, STANDARD)
}

/// Every processor of the table, but with this one as deduplicator.
pub fn topology_with(settings: Settings, deduplicator: Make) -> TopologyDriver {
    let make: [Make; 6] = [
        || NORMALIZER.processor().unwrap(),
        deduplicator,
        || OrderAggregatorArgs::default().processor().unwrap(),
        || ErpPublisherArgs::default().processor().unwrap(),
        || SupplyPublisherArgs::default().processor().unwrap(),
        || ReconcilerArgs::default().processor().unwrap(),
    ];
    TopologyDriver::new(settings, &make)
}

/// Writes a document to the raw topic, a second after the one before it and a day after it all began.
pub fn send(driver: &mut TopologyDriver, number: usize, key: &str, value: &[u8]) {
    let millis = START_MILLIS + 86_400_000 + i64::try_from(number).unwrap() * 1000;
    driver.set_now(Timestamp::from_millis(millis));
    driver.produce(&InputRecord { topic: RAW, key: Some(key.as_bytes()), value: Some(value), ..InputRecord::default() });
}

/// Runs the documents, in this order, until nothing is left to do.
pub fn run(settings: Settings, documents: &[Document]) -> TopologyDriver {
    run_in(topology(settings), documents)
}

/// Runs the documents through a topology.
pub fn run_in(mut driver: TopologyDriver, documents: &[Document]) -> TopologyDriver {
    for (number, document) in documents.iter().enumerate() {
        send(&mut driver, number, &document.order, document.json().as_bytes());
    }
    driver.run_until_quiet().unwrap();
    driver
}

/// Every committed record of the public outputs, by topic and key, in order: value bytes as they stand.
pub fn outputs(driver: &TopologyDriver) -> BTreeMap<(&'static str, Vec<u8>), Vec<Vec<u8>>> {
    let mut outputs: BTreeMap<(&'static str, Vec<u8>), Vec<Vec<u8>>> = BTreeMap::new();
    for topic in [ORDER_POSTINGS.name(), ERP_CONFIRMATIONS.name(), ERP_GOODS_MOVEMENTS.name(), SUPPLY_ORDER_PROGRESS.name()] {
        for (_, _, record) in driver.broker().committed(topic) {
            outputs.entry((topic, record.key.clone().unwrap())).or_default().push(record.value.clone().unwrap());
        }
    }
    outputs
}
