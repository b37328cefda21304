//! The real order aggregator in memory, over a history.

use std::collections::BTreeMap;

use lineside_order_aggregator::OrderAggregatorArgs;
use lineside_posting_rules::RuleSet;
use lineside_runtime::{Application as _, StartError};
use lineside_schemas::{CodecError, Timestamp, contract};
use lineside_testkit::worker::Factory;
use lineside_testkit::{BatchSize, InputRecord, Settings, TopologyDriver, WorkerError};
use lineside_topology::topics::{ORDER_POSTINGS, RULES_POSTING};
use serde_json::Value;

use super::SimulateError;
use super::history::History;
use crate::explain::view::Views;

/// Records of this much time are in the broker before the processor goes on: it sees time pass as it did, and long histories take few steps.
const STEP_MICROS: i64 = 60_000_000;

/// Why the processor cannot be run.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// It does not start.
    #[error(transparent)]
    Start(#[from] StartError),
    /// It does not go on.
    #[error("the order aggregator in memory: {0}")]
    Worker(#[from] WorkerError),
    /// A record cannot be written.
    #[error("the order aggregator in memory: {0}")]
    Codec(#[from] CodecError),
}

/// Postings of each order, in the order in which they were made, as JSON.
pub type Postings = BTreeMap<String, Vec<Value>>;

/// The postings that these rules make of a history.
///
/// # Panics
/// Never: settings that made a processor once make it again.
///
/// # Errors
/// [`SimulateError`]
pub fn postings(history: &History, rules: &[RuleSet]) -> Result<Postings, SimulateError> {
    let arguments = OrderAggregatorArgs::default();
    arguments.processor().map_err(RunError::Start)?;
    let make: Factory = Box::new(move || arguments.processor().expect("the same settings made one before"));
    let settings = Settings { partitions: 1, raw_partitions: 1, batch: BatchSize::Fixed(64), steps_max: usize::MAX, tables_first: true, ..Settings::new(0) };
    let factories = std::cell::Cell::new(vec![make]);
    let mut driver = TopologyDriver::with(settings, |_| factories.take());
    let first = history.events.first().map_or(Timestamp::EPOCH, |event| event.written);
    driver.set_now(first);
    let codec = lineside_testkit::codec();
    for set in rules {
        let (key, strings, mut value) = (set.id(), set.strings(), Vec::new());
        codec.encode::<contract::PostingRuleSet>(RULES_POSTING.name(), &set.to_record(&strings), &mut value).map_err(RunError::Codec)?;
        driver.produce(&InputRecord { topic: RULES_POSTING.name(), key: Some(key.as_bytes()), value: Some(&value), ..InputRecord::default() });
    }
    for row in &history.tables {
        driver.produce(&InputRecord { topic: &row.topic, key: Some(row.key.as_bytes()), value: row.value.as_deref(), ..InputRecord::default() });
    }
    driver.run_until_quiet().map_err(RunError::Worker)?;
    let mut step = first;
    for event in &history.events {
        if event.written > step.saturating_add_micros(STEP_MICROS) {
            driver.run_until_quiet().map_err(RunError::Worker)?;
            step = event.written;
        }
        driver.set_now(event.written.max(step));
        driver.produce(&InputRecord { topic: &event.topic, key: Some(event.key.as_bytes()), value: event.value.as_deref(), ..InputRecord::default() });
    }
    driver.run_until_quiet().map_err(RunError::Worker)?;
    let views = Views::new(false)?;
    let mut postings = Postings::new();
    for (_, _, record) in driver.broker().committed(ORDER_POSTINGS.name()) {
        let key = String::from_utf8_lossy(record.key.as_deref().unwrap_or_default()).into_owned();
        postings.entry(key).or_default().push(views.plain(ORDER_POSTINGS.name(), record.value.as_deref().unwrap_or_default())?);
    }
    Ok(postings)
}
