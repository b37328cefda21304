//! Tables: compacted topics that a stream thread reads as a whole and keeps up with.
//!
//! They are no part of a transaction. What was committed to them when the thread started is read before its first input record; what comes later is taken in
//! between two batches, so that a batch sees one state of them. The last value of each key is kept here: a processor that is made anew is given all of them.

mod reader;
mod rows;

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use lineside_api::{Failure, TableRecord, Timestamp};
use lineside_schemas::{Codec, CodecError, ContractId, SchemaSourceError};
use lineside_topology::{ProcessorSpec, Value, topics};
use rdkafka::message::{BorrowedMessage, Message as _};

use crate::application::StartError;
use crate::health::{Doing, Pulse};
use crate::metrics::Metrics;
use crate::settings::Settings;
use crate::thread_error::{ThreadError, judge};
use reader::{Follower, Reader};
use rows::Rows;

/// Records that are taken in between two batches at most: an import of master data is not to hold the input up.
const TURN_RECORDS: usize = 1_000;
/// How long a registry that does not answer is left alone.
const REGISTRY_WAIT: Duration = Duration::from_secs(1);

/// A table to be read: its topic, and the contract of its values if it is known.
pub type TableTopic = (&'static str, Option<ContractId>);

/// The tables of a stream thread; no client is made unless a processor that it hosts has some.
#[derive(Debug)]
pub struct Tables {
    held: Vec<Table>,
    follower: Option<Follower>,
    /// A record whose schema the registry did not tell, and when to ask again.
    waiting: Option<(Change, Instant)>,
    bytes_max: u64,
    thread: String,
    metrics: Metrics,
}

#[derive(Debug)]
struct Table {
    topic: &'static str,
    contract: Option<ContractId>,
    rows: Rows,
}

/// A record of a table as it was read.
#[derive(Debug)]
struct Change {
    /// Place of its table.
    table: usize,
    key: Box<str>,
    value: Option<Box<[u8]>>,
    time: Timestamp,
}

impl Tables {
    /// No tables.
    #[must_use]
    pub fn none(metrics: &Metrics) -> Self {
        Self { held: Vec::new(), follower: None, waiting: None, bytes_max: 0, thread: String::new(), metrics: metrics.clone() }
    }

    /// The tables that these processors have, each once.
    #[must_use]
    pub fn topics_of(specs: &[&'static ProcessorSpec]) -> Vec<TableTopic> {
        let mut names: Vec<&'static str> = specs.iter().flat_map(|spec| spec.tables).copied().collect();
        names.sort_unstable();
        names.dedup();
        let rows = topics::topics();
        let contract = |name: &str| match rows.iter().find(|row| row.name == name)?.value {
            Value::Avro(contract) => Some(contract),
            Value::Raw | Value::Frames(_) => None,
        };
        names.into_iter().map(|name| (name, contract(name))).collect()
    }

    /// Reads these tables up to where they end now. `group` is one that the user has a right to; nothing is committed under it.
    ///
    /// # Errors
    /// Whatever Kafka or the registry says; [`ThreadError::Start`] when they are larger than the settings allow.
    pub fn read(self, settings: &Settings, topics: &[TableTopic], group: &str, codec: &Codec, pulse: &Pulse, stop: &AtomicBool) -> Result<Self, ThreadError> {
        if topics.is_empty() {
            return Ok(self);
        }
        pulse.say(Doing::ReadingTables);
        let started = Instant::now();
        let held = topics.iter().map(|(topic, contract)| Table { topic, contract: *contract, rows: Rows::default() }).collect();
        let mut read = Self { held, bytes_max: settings.table_bytes, thread: pulse.name().to_owned(), ..self };
        let reader = Reader::new(settings, group)?;
        let mut ends = Vec::new();
        for (table, (topic, _)) in topics.iter().enumerate() {
            let mut alive = || {
                pulse.beat(Instant::now());
                if stop.load(Ordering::Acquire) { Err(ThreadError::Restore("told to stop".to_owned())) } else { Ok(()) }
            };
            let partitions = reader.read(topic, &mut alive, &mut |message| {
                let Some(change) = read.change(table, message) else { return Ok(()) };
                read.fetch_schema(&change, codec)?;
                read.keep(&change)
            })?;
            ends.extend(partitions.into_iter().map(|(partition, offset)| (*topic, partition, offset)));
        }
        read.show();
        let (records, bytes) = (read.held.iter().map(|table| table.rows.len()).sum::<usize>(), read.bytes());
        tracing::info!(tables = topics.len(), records, bytes, elapsed_ms = started.elapsed().as_millis(), "tables read");
        read.follower = Some(Follower::new(settings, group, &ends)?);
        Ok(read)
    }

    /// Unparks this thread when something new has come.
    pub fn wake_this_thread(&mut self) {
        if let Some(follower) = &mut self.follower {
            follower.wake(std::thread::current());
        }
    }

    /// Takes in what came in the meantime, up to a turn's records, and gives each to `take`. To be called while no batch is open.
    ///
    /// # Errors
    /// Whatever Kafka says; [`ThreadError::Start`] when the tables have become larger than the settings allow.
    pub fn follow(&mut self, codec: &Codec, take: &mut dyn FnMut(&Self, TableRecord<'_>) -> Result<(), ThreadError>) -> Result<(), ThreadError> {
        if self.follower.is_none() {
            return Ok(());
        }
        let mut changed = false;
        for _ in 0..TURN_RECORDS {
            let Some(change) = self.next()? else { break };
            match self.fetch_schema(&change, codec) {
                Ok(()) => {}
                Err(error) => {
                    // Batches go on with what is known; the order of the table is kept.
                    tracing::warn!(%error, topic = self.held[change.table].topic, "a table waits");
                    self.waiting = Some((change, Instant::now() + REGISTRY_WAIT));
                    break;
                }
            }
            self.keep(&change)?;
            changed = true;
            let record = TableRecord { topic: self.held[change.table].topic, key: &change.key, value: change.value.as_deref(), time: change.time };
            take(self, record)?;
        }
        if changed {
            self.show();
        }
        Ok(())
    }

    /// The next record that can be taken in.
    fn next(&mut self) -> Result<Option<Change>, ThreadError> {
        if let Some((_, ask)) = &self.waiting {
            return Ok(if Instant::now() < *ask { None } else { self.waiting.take().map(|(change, _)| change) });
        }
        while let Some(polled) = self.follower.as_ref().and_then(Follower::poll) {
            match polled {
                Ok(message) => {
                    let table = self.held.iter().position(|table| table.topic == message.topic());
                    if let Some(change) = table.and_then(|table| self.change(table, &message)) {
                        return Ok(Some(change));
                    }
                }
                Err(error) => judge(error)?,
            }
        }
        Ok(None)
    }

    /// What now stands in these tables, by topic and key.
    pub fn records(&self, topics: &'static [&'static str]) -> impl Iterator<Item = TableRecord<'_>> {
        let tables = self.held.iter().filter(move |table| topics.contains(&table.topic));
        tables.flat_map(|table| table.rows.iter().map(move |(key, row)| TableRecord { topic: table.topic, key, value: Some(&row.value), time: row.time }))
    }

    /// Bytes that they take.
    fn bytes(&self) -> u64 {
        self.held.iter().map(|table| table.rows.bytes()).sum()
    }

    /// A record under a key that is no text is none that we write: it is left out and counted.
    fn change(&self, table: usize, message: &BorrowedMessage<'_>) -> Option<Change> {
        let time = Timestamp::from_millis(message.timestamp().to_millis().unwrap_or_default());
        let Ok(key) = std::str::from_utf8(message.key()?) else {
            let topic = self.held[table].topic;
            tracing::warn!(topic, partition = message.partition(), offset = message.offset(), "a record of a table has a key that is no text: left out");
            self.refused(topic);
            return None;
        };
        Some(Change { table, key: key.into(), value: message.payload().map(Into::into), time })
    }

    /// A record of a table was left out.
    pub fn refused(&self, topic: &str) {
        self.metrics.table_refusals.with_label_values(&[topic]).inc();
    }

    /// Whether it can be decoded is the processor's matter; that its schema is at hand is ours, as a registry may be down.
    fn fetch_schema(&self, change: &Change, codec: &Codec) -> Result<(), Failure> {
        let (Some(contract), Some(value)) = (self.held[change.table].contract, &change.value) else { return Ok(()) };
        match codec.fetch_schema(contract, value) {
            Err(error @ CodecError::Schema { reason: SchemaSourceError::Unavailable(_), .. }) => Err(error.into()),
            _ => Ok(()),
        }
    }

    fn keep(&mut self, change: &Change) -> Result<(), ThreadError> {
        self.held[change.table].rows.set(&change.key, change.value.as_deref(), change.time);
        let bytes = self.bytes();
        if bytes > self.bytes_max {
            let topic = self.held[change.table].topic;
            return Err(StartError(format!("the tables take {bytes} bytes with {topic}, more than table_bytes = {}: raise it (docs/memory.md)", self.bytes_max)).into());
        }
        Ok(())
    }

    fn show(&self) {
        for table in &self.held {
            let labels = [self.thread.as_str(), table.topic];
            self.metrics.table_records.with_label_values(&labels).set(i64::try_from(table.rows.len()).unwrap_or(i64::MAX));
            self.metrics.table_bytes.with_label_values(&labels).set(i64::try_from(table.rows.bytes()).unwrap_or(i64::MAX));
        }
    }
}
