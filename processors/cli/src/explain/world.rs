//! Every processor in memory, wired by topics as on a cluster: a raw record goes in, what became of it comes out.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use lineside_api::{Erased, Hosted, Timestamp};
use lineside_deduplicator::DeduplicatorArgs;
use lineside_deduplicator::decision::WINDOW_DAYS_MAX;
use lineside_erp_publisher::ErpPublisherArgs;
use lineside_normalizer::{MappingSet, MasterEntity, MasterIndex, Normalizer, NormalizerArgs, Plan};
use lineside_order_aggregator::OrderAggregatorArgs;
use lineside_posting_rules::RuleSet;
use lineside_runtime::{Application, StartError};
use lineside_schemas::contract::{NormalizedEvent, ParkedRecord, PostingRuleSet, RecordFrame};
use lineside_schemas::{Codec, CodecError};
use lineside_supply_publisher::SupplyPublisherArgs;
use lineside_testkit::worker::Factory;
use lineside_testkit::{InputRecord, Settings, TopologyDriver, WorkerError};
use lineside_topology::processors::{NORMALIZER, PARKED};
use lineside_topology::topics::{DEAD_LETTER_PREFIX, NORMALIZED, RAW_PREFIX, RULES_POSTING, Value, changelog_topic, topics};

use super::input::Record;
use super::made::{Event, Made, Outcome, Output};
use super::master::MasterRecord;
use crate::dead_letters::place::Place;
use crate::parked::waiting::Waiting;

/// How often processors are woken when time passes, and how far apart.
const TICKS: usize = 4;
const TICK: Duration = Duration::from_secs(2);

/// Why the processors cannot be run. Never the fault of a record.
#[derive(Debug, thiserror::Error)]
pub enum WorldError {
    /// A processor does not start.
    #[error(transparent)]
    Start(#[from] StartError),
    /// A processor does not go on.
    #[error("the processors in memory: {0}")]
    Worker(#[from] WorkerError),
    /// A record was given and is not there.
    #[error("the processors in memory lost {0}")]
    Lost(Place),
    /// What a processor wrote cannot be read.
    #[error("the processors in memory: {0}")]
    Codec(#[from] CodecError),
}

/// All processors and their topics. Each topic has one partition, so that everything keeps its order.
#[derive(Debug)]
pub struct World<'m> {
    driver: TopologyDriver,
    codec: Codec,
    /// Where to read on in each topic.
    read: BTreeMap<String, i64>,
    /// Master data as the normalizer has it, to say where values come from.
    master: MasterIndex,
    /// Where to read on in its topics.
    mastered: BTreeMap<&'static str, i64>,
    /// Records that wait, by their place.
    waiting: BTreeMap<Place, Told<'m>>,
}

/// A record and what became of it.
#[derive(Debug)]
pub struct Told<'m> {
    /// Its name: file, and line.
    pub name: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// When it arrived.
    pub time: Timestamp,
    /// Mapping that reads it.
    pub plan: &'m Plan,
    /// What became of it.
    pub made: Made,
}

/// What came of giving a record to the processors.
#[derive(Debug)]
pub struct Fed<'m> {
    /// The record.
    pub record: Told<'m>,
    /// Records that had waited, and do no longer.
    pub resumed: Vec<Told<'m>>,
}

impl<'m> World<'m> {
    /// Processors with these mappings and bounds. Without a window no event is too late.
    ///
    /// # Errors
    /// [`WorldError::Start`].
    pub fn new(mappings: &Arc<MappingSet>, settings: &NormalizerArgs, window_days: Option<u32>) -> Result<Self, WorldError> {
        let deduplicator = DeduplicatorArgs { window_days: window_days.unwrap_or(WINDOW_DAYS_MAX), ..DeduplicatorArgs::default() };
        let (limits, parking, master) = (settings.limits(), settings.parking(), MasterIndex::new(mappings.entities()));
        let mappings = Arc::clone(mappings);
        let normalizer: Factory = Box::new(move || Box::new(Hosted::new(&NORMALIZER, Normalizer::new(Arc::clone(&mappings), limits).with_parking(parking))));
        let mut factories = vec![normalizer, factory(deduplicator)?, factory(OrderAggregatorArgs::default())?];
        factories.extend([factory(ErpPublisherArgs::default())?, factory(SupplyPublisherArgs::default())?]);
        let settings = Settings { partitions: 1, raw_partitions: 1, version: env!("CARGO_PKG_VERSION"), tables_first: true, ..Settings::new(0) };
        let factories = std::cell::Cell::new(factories);
        let driver = TopologyDriver::with(settings, |_| factories.take());
        Ok(Self { driver, codec: lineside_testkit::codec(), read: BTreeMap::new(), master, mastered: BTreeMap::new(), waiting: BTreeMap::new() })
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

    /// Lets time pass until then with nothing coming, and gives what the processors make of it.
    ///
    /// # Errors
    /// [`WorldError`].
    pub fn pass_until(&mut self, time: Timestamp) -> Result<Vec<Output>, WorldError> {
        self.driver.set_now(time);
        // Several ticks: what waits for silence has to see that there is some.
        for _ in 0..TICKS {
            self.driver.run_until_quiet()?;
            self.driver.advance(TICK);
        }
        self.driver.run_until_quiet()?;
        Ok(outputs().flat_map(|topic| self.fresh(&topic)).collect())
    }

    /// Writes master data to its topics, as if its source had sent it before.
    ///
    /// # Errors
    /// [`WorldError`].
    pub fn give(&mut self, records: &[MasterRecord]) -> Result<(), WorldError> {
        for MasterRecord { topic, key, wire } in records {
            self.driver.produce(&InputRecord { topic, key: Some(key.as_bytes()), value: Some(wire), ..InputRecord::default() });
            // Not the outcome of any record.
            self.fresh(topic);
        }
        self.driver.run_until_quiet()?;
        self.read_master();
        Ok(())
    }

    /// Master data as it is now.
    #[must_use]
    pub const fn master(&self) -> &MasterIndex {
        &self.master
    }

    /// Writes a record to the raw topic of its mapping at that time, and lets the processors work until nothing is left to do.
    ///
    /// # Errors
    /// [`WorldError`].
    pub fn feed(&mut self, plan: &'m Plan, record: Record<'_>, time: Timestamp) -> Result<Fed<'m>, WorldError> {
        self.driver.set_now(time);
        let (topic, value) = (plan.topic(), record.bytes);
        let (partition, offset) = self.driver.produce(&InputRecord { topic, value: Some(value), ..InputRecord::default() });
        self.driver.run_until_quiet()?;
        if !self.waiting.is_empty() {
            // What waits is tried again by the clock.
            self.driver.advance(Duration::from_secs(1));
            self.driver.run_until_quiet()?;
        }
        self.read_master();
        let place = Place { topic: topic.to_owned(), partition, offset };
        let made = Made::of(place.clone());
        let told = Told { name: record.name.to_owned(), bytes: value.to_vec(), time, plan, made };
        let mut open = std::mem::take(&mut self.waiting);
        open.insert(place.clone(), told);
        self.collect(&place, &mut open)?;
        let still: Vec<Place> = open.iter().filter(|(_, told)| told.made.waits.is_some()).map(|(place, _)| place.clone()).collect();
        let record = open.remove(&place);
        let mut resumed = Vec::new();
        for (place, told) in open {
            if still.contains(&place) {
                self.waiting.insert(place, told);
            } else {
                resumed.push(told);
            }
        }
        let Some(record) = record else { return Err(WorldError::Lost(place)) };
        if still.contains(&place) {
            let Told { name, bytes, time, plan, made } = &record;
            self.waiting.insert(place, Told { name: name.clone(), bytes: bytes.clone(), time: *time, plan, made: made.clone() });
        }
        Ok(Fed { record, resumed })
    }

    /// Reads what was committed, each for the record that it came from; what does not tell, for the one at `place`.
    fn collect(&mut self, place: &Place, open: &mut BTreeMap<Place, Told<'m>>) -> Result<(), WorldError> {
        for frame in self.fresh(NORMALIZED.name()) {
            for record in self.codec.decode::<RecordFrame>(&frame.value)?.records {
                let event = self.codec.decode::<NormalizedEvent>(record.value)?;
                let origin = Place { topic: event.raw.topic.to_owned(), partition: event.raw.partition, offset: event.raw.offset };
                let Some(told) = open.get_mut(&origin) else { continue };
                told.made.waits = None;
                told.made.events.push(Event {
                    topic: event.topic.to_owned(),
                    key: text(record.key),
                    event_id: event.event_id.to_owned(),
                    payload: event.payload.to_vec(),
                    // Nothing of it is left unless it is found behind the deduplicator.
                    outcome: Outcome::Duplicate,
                });
            }
        }
        for topic in outputs() {
            for record in self.fresh(&topic) {
                if topic.starts_with(DEAD_LETTER_PREFIX) {
                    let letter = record.letter(&self.codec)?;
                    let raw = letter.raw.as_ref().map_or((letter.topic, letter.partition, letter.offset), |raw| (raw.topic, raw.partition, raw.offset));
                    let origin = Place { topic: raw.0.to_owned(), partition: raw.1, offset: raw.2 };
                    let origin = if open.contains_key(&origin) { &origin } else { place };
                    let Some(told) = open.get_mut(origin) else { continue };
                    told.made.waits = None;
                    told.made.letters.push(record);
                } else if let Some(event) = event_of(open, &record) {
                    event.outcome = Outcome::New;
                } else if let Some(told) = open.get_mut(place) {
                    told.made.outputs.push(record);
                }
            }
        }
        for record in self.fresh(&changelog_topic(&NORMALIZER, PARKED.name())) {
            // An empty value is a record that went on.
            if record.value.is_empty() {
                continue;
            }
            let parked = self.codec.decode::<ParkedRecord>(&record.value)?;
            let origin = Place { topic: parked.topic.to_owned(), partition: parked.partition, offset: parked.offset };
            if let Some(told) = open.get_mut(&origin).filter(|told| told.made.events.is_empty() && told.made.letters.is_empty()) {
                told.made.waits = Some(Waiting::of(&parked));
            }
        }
        open.values_mut().try_for_each(|told| told.made.note_refused_events(&self.codec))?;
        Ok(())
    }

    /// Takes what is new on the topics of master data.
    fn read_master(&mut self) {
        let Self { driver, codec, master, mastered, .. } = self;
        for entity in MasterEntity::ALL {
            let topic = entity.topic();
            let Some(log) = driver.broker().log(topic, 0) else { continue };
            let next = mastered.entry(topic).or_default();
            while let Some((offset, record)) = log.read(*next) {
                *next = offset + 1;
                // What cannot be read is none for the normalizer either.
                let _ = master.apply(topic, &text(record.key.as_deref()), record.value.as_deref(), codec, &mut |_| {});
            }
        }
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

/// The event that a record of a canonical topic is.
fn event_of<'o>(open: &'o mut BTreeMap<Place, Told<'_>>, record: &Output) -> Option<&'o mut Event> {
    open.values_mut().flat_map(|told| &mut told.made.events).find(|event| event.topic == record.topic && event.payload == record.value)
}

/// Topics whose records are made by processors, for others to read.
fn outputs() -> impl Iterator<Item = String> {
    topics().into_iter().filter(|topic| matches!(topic.value, Value::Avro(_)) && !topic.name.ends_with("-changelog")).map(|topic| topic.name)
}

/// Makes the processor of these settings, again and again. They are tried once, so that it cannot fail later.
fn factory(application: impl Application + 'static) -> Result<Factory, StartError> {
    application.processor()?;
    Ok(Box::new(move || -> Box<dyn Erased> { application.processor().expect("the same settings made one before") }))
}

fn text(key: Option<&[u8]>) -> String {
    String::from_utf8_lossy(key.unwrap_or_default()).into_owned()
}
