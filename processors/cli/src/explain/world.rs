//! Every processor in memory, wired by topics as on a cluster: a raw record goes in, what became of it comes out.

use std::collections::BTreeMap;
use std::sync::Arc;

use lineside_api::{Erased, Hosted, Timestamp};
use lineside_deduplicator::DeduplicatorArgs;
use lineside_deduplicator::decision::WINDOW_DAYS_MAX;
use lineside_erp_publisher::ErpPublisherArgs;
use lineside_normalizer::{Limits, MappingSet, Normalizer};
use lineside_order_aggregator::OrderAggregatorArgs;
use lineside_posting_rules::RuleSet;
use lineside_runtime::{Application, StartError};
use lineside_schemas::contract::{NormalizedEvent, PostingRuleSet, RecordFrame};
use lineside_schemas::{Codec, CodecError};
use lineside_supply_publisher::SupplyPublisherArgs;
use lineside_testkit::worker::Factory;
use lineside_testkit::{InputRecord, Settings, TopologyDriver, WorkerError};
use lineside_topology::processors::NORMALIZER;
use lineside_topology::topics::{DEAD_LETTER_PREFIX, NORMALIZED, RAW_PREFIX, RULES_POSTING, Value, topics};

use super::made::{Event, Made, Outcome, Output};
use crate::dead_letters::place::Place;

/// Why the processors cannot be run. Never the fault of a record.
#[derive(Debug, thiserror::Error)]
pub enum WorldError {
    /// A processor does not start.
    #[error(transparent)]
    Start(#[from] StartError),
    /// A processor does not go on.
    #[error("the processors in memory: {0}")]
    Worker(#[from] WorkerError),
    /// What a processor wrote cannot be read.
    #[error("the processors in memory: {0}")]
    Codec(#[from] CodecError),
}

/// All processors and their topics. Each topic has one partition, so that everything keeps its order.
#[derive(Debug)]
pub struct World {
    driver: TopologyDriver,
    codec: Codec,
    /// Where to read on in each topic.
    read: BTreeMap<String, i64>,
}

impl World {
    /// Processors with these mappings and bounds. Without a window no event is too late.
    ///
    /// # Errors
    /// [`WorldError::Start`].
    pub fn new(mappings: &Arc<MappingSet>, limits: Limits, window_days: Option<u32>) -> Result<Self, WorldError> {
        let deduplicator = DeduplicatorArgs { window_days: window_days.unwrap_or(WINDOW_DAYS_MAX), ..DeduplicatorArgs::default() };
        let mappings = Arc::clone(mappings);
        let normalizer: Factory = Box::new(move || Box::new(Hosted::new(&NORMALIZER, Normalizer::new(Arc::clone(&mappings), limits))));
        let mut factories = vec![normalizer, factory(deduplicator)?, factory(OrderAggregatorArgs::default())?];
        factories.extend([factory(ErpPublisherArgs::default())?, factory(SupplyPublisherArgs::default())?]);
        let settings = Settings { partitions: 1, raw_partitions: 1, version: env!("CARGO_PKG_VERSION"), tables_first: true, ..Settings::new(0) };
        let factories = std::cell::Cell::new(factories);
        Ok(Self { driver: TopologyDriver::with(settings, |_| factories.take()), codec: lineside_testkit::codec(), read: BTreeMap::new() })
    }

    /// Publishes a rule set, as it is: one that waits for approval is not in force.
    ///
    /// # Errors
    /// [`WorldError`].
    pub fn put_rules(&mut self, set: &RuleSet) -> Result<(), WorldError> {
        let (key, strings, mut value) = (set.id(), set.strings(), Vec::new());
        self.codec.encode::<PostingRuleSet>(RULES_POSTING.name(), &set.to_record(&strings), &mut value)?;
        self.driver.produce(&InputRecord { topic: RULES_POSTING.name(), key: Some(key.as_bytes()), value: Some(&value), ..InputRecord::default() });
        self.driver.run_until_quiet()?;
        // It was given, not made: nobody asks for it.
        self.fresh(RULES_POSTING.name());
        Ok(())
    }

    /// Writes a record to a raw topic at that time, and lets the processors work until nothing is left to do.
    ///
    /// # Errors
    /// [`WorldError`].
    pub fn feed(&mut self, topic: &str, value: &[u8], time: Timestamp) -> Result<Made, WorldError> {
        self.driver.set_now(time);
        let (partition, offset) = self.driver.produce(&InputRecord { topic, value: Some(value), ..InputRecord::default() });
        self.driver.run_until_quiet()?;
        let place = Place { topic: topic.to_owned(), partition, offset };
        let mut made = Made { place, events: Vec::new(), letters: Vec::new(), outputs: Vec::new() };
        for frame in self.fresh(NORMALIZED.name()) {
            for record in self.codec.decode::<RecordFrame>(&frame.value)?.records {
                let event = self.codec.decode::<NormalizedEvent>(record.value)?;
                made.events.push(Event {
                    topic: event.topic.to_owned(),
                    key: text(record.key),
                    event_id: event.event_id.to_owned(),
                    payload: event.payload.to_vec(),
                    // Nothing of it is left unless it is found behind the deduplicator.
                    outcome: Outcome::Duplicate,
                });
            }
        }
        for topic in topics().iter().filter(|topic| matches!(topic.value, Value::Avro(_)) && !topic.name.ends_with("-changelog")) {
            for record in self.fresh(&topic.name) {
                if topic.name.starts_with(DEAD_LETTER_PREFIX) {
                    made.letters.push(record);
                } else if let Some(event) = made.events.iter_mut().find(|event| event.topic == record.topic && event.payload == record.value) {
                    event.outcome = Outcome::New;
                } else {
                    made.outputs.push(record);
                }
            }
        }
        made.note_refused_events(&self.codec)?;
        Ok(made)
    }

    /// What was committed to the topic since it was last asked for.
    fn fresh(&mut self, topic: &str) -> Vec<Output> {
        debug_assert!(!topic.starts_with(RAW_PREFIX), "raw records are given, not asked for");
        let Some(log) = self.driver.broker().log(topic, 0) else { return Vec::new() };
        let mut next = self.read.get(topic).copied().unwrap_or_default();
        let mut records = Vec::new();
        while let Some((offset, record)) = log.read(next) {
            next = offset + 1;
            let value = record.value.clone().unwrap_or_default();
            records.push(Output { topic: topic.to_owned(), offset, written: record.time, key: text(record.key.as_deref()), value });
        }
        self.read.insert(topic.to_owned(), next);
        records
    }
}

/// Makes the processor of these settings, again and again. They are tried once, so that it cannot fail later.
fn factory(application: impl Application + 'static) -> Result<Factory, StartError> {
    application.processor()?;
    Ok(Box::new(move || -> Box<dyn Erased> { application.processor().expect("the same settings made one before") }))
}

fn text(key: Option<&[u8]>) -> String {
    String::from_utf8_lossy(key.unwrap_or_default()).into_owned()
}
