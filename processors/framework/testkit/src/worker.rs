//! The loop of a stream thread that hosts one processor, a step at a time: process, send, commit, apply; and coming back after a crash or a doubt.
//!
//! The steps are those of `lineside-runtime`, with [`Broker`] in place of Kafka: one transaction carries outputs, dead letters, changelogs and input offsets;
//! state changes wait in the overlay until it is committed; a worker that starts first ends its predecessor's transaction, then reads the committed offsets,
//! then restores its stores from their changelogs. A panic of the processor is not caught: it is to fail the test.

mod answers;
mod restore;

use std::collections::{BTreeMap, VecDeque};

use lineside_api::{Answer, Context, Effects, Erased, Failure, Gauge, Header, Letters, RawRecord, Request, StoreError, Timestamp, dead_letter, frame};
use lineside_schemas::contract::{DeadLetter, RecordFrame};
use lineside_schemas::{Codec, CodecError};
use lineside_state::{Backend, TaskState};
use lineside_topology::ProcessorSpec;
use lineside_topology::topics::{RAW_PREFIX, RAW_TEMPLATE, changelog_topic, dead_letter_topic, is_framed};

use crate::broker::{Broker, TopicPartition};
use crate::log::TransactionId;
use crate::tables::Tables;
use restore::restore;

/// Version that dead letters name unless another is given.
pub const PROCESSOR_VERSION: &str = "test";

/// What a worker cannot go on from. In a test each is a finding.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WorkerError {
    /// A processor used what its row does not have, or a record could not be encoded.
    #[error(transparent)]
    Failure(#[from] Failure),
    /// A store could not be read or written.
    #[error("store: {0}")]
    Store(#[from] StoreError),
    /// A changelog record could not be made.
    #[error("changelog: {0}")]
    Codec(#[from] CodecError),
    /// A record was given to a partition that the worker does not have.
    #[error("partition {0} is not assigned")]
    NotAssigned(i32),
    /// A record was given on a topic that the processor does not read.
    #[error("{processor} does not read {topic}")]
    NotRead {
        /// The processor.
        processor: &'static str,
        /// The topic.
        topic: String,
    },
    /// An answer was given to a call that nobody asked for, or that is answered.
    #[error("no call {0} is open")]
    NotAsked(String),
    /// The topology did not come to rest.
    #[error("not quiet after {0} steps")]
    NotQuiet(usize),
}

/// Makes the processor: once per start, as nothing of it may survive a crash.
pub type Factory = Box<dyn Fn() -> Box<dyn Erased>>;

#[derive(Debug)]
struct Task {
    state: TaskState,
    /// Changelog records of the open transaction, by store.
    written: BTreeMap<String, i64>,
}

/// How a transaction ended that was not seen to commit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Something failed before its commit was asked for.
    Aborted,
    /// Its commit was asked for and not answered; in fact it was committed, or not.
    Doubt {
        /// Which.
        committed: bool,
    },
}

/// Name, plant, kind and partition of a level.
type LevelKey = (&'static str, String, String, i32);

/// What is processed and not committed.
#[derive(Debug, Default)]
struct Batch {
    effects: Effects,
    /// Next offsets, of the inputs that the batch read.
    offsets: BTreeMap<TopicPartition, i64>,
    counts: BTreeMap<&'static str, u64>,
    levels: BTreeMap<LevelKey, f64>,
    /// Calls asked for, by partition.
    requests: Vec<(i32, Request)>,
    /// Answers that were processed, by partition.
    answers: Vec<(i32, Answer)>,
}

/// One stream thread.
pub struct Worker {
    spec: &'static ProcessorSpec,
    make: Factory,
    processor: Box<dyn Erased>,
    /// The processor was called since it was made.
    used: bool,
    codec: Codec,
    backend: Backend,
    partitions: Vec<i32>,
    dead_letter_topic: &'static str,
    tasks: BTreeMap<i32, Task>,
    /// Where to read on in each input.
    positions: BTreeMap<TopicPartition, i64>,
    tables: Tables,
    batch: Batch,
    /// Calls that a committed transaction asked for, until somebody takes them to be made.
    requests: Vec<(i32, Request)>,
    /// Answers that wait to be processed.
    answers: VecDeque<(i32, Answer)>,
    transaction: Option<TransactionId>,
    counts: BTreeMap<&'static str, u64>,
    /// Levels shown last.
    levels: BTreeMap<LevelKey, f64>,
    state_lost: bool,
    version: &'static str,
}

impl std::fmt::Debug for Worker {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Worker").field("processor", &self.spec.name).field("partitions", &self.partitions).finish_non_exhaustive()
    }
}

impl Worker {
    /// A worker that has not started: it has no state until [`Self::start`].
    #[must_use]
    pub fn new(make: Factory, partitions: Vec<i32>, backend: Backend) -> Self {
        let processor = make();
        let spec = processor.spec();
        Self {
            spec,
            make,
            processor,
            used: false,
            codec: crate::codec(),
            backend,
            partitions,
            // Effects hold names for ever; one short name per worker of a test is leaked.
            dead_letter_topic: Box::leak(dead_letter_topic(spec).into_boxed_str()),
            tasks: BTreeMap::new(),
            positions: BTreeMap::new(),
            tables: Tables::default(),
            batch: Batch::default(),
            requests: Vec::new(),
            answers: VecDeque::new(),
            transaction: None,
            counts: BTreeMap::new(),
            levels: BTreeMap::new(),
            state_lost: false,
            version: PROCESSOR_VERSION,
        }
    }

    /// Names this version in dead letters.
    #[must_use]
    pub const fn of_version(mut self, version: &'static str) -> Self {
        self.version = version;
        self
    }

    /// Its row in the topology.
    #[must_use]
    pub const fn spec(&self) -> &'static ProcessorSpec {
        self.spec
    }

    /// The processor's own counters, of committed batches.
    #[must_use]
    pub const fn counts(&self) -> &BTreeMap<&'static str, u64> {
        &self.counts
    }

    /// A level that the processor showed last in a committed transaction.
    #[must_use]
    pub fn level(&self, name: &'static str, plant: &str, kind: &str, partition: i32) -> Option<f64> {
        self.levels.get(&(name, plant.to_owned(), kind.to_owned(), partition)).copied()
    }

    /// The state of a partition, as the next record would find it.
    pub fn state(&mut self, partition: i32) -> Option<&mut TaskState> {
        self.tasks.get_mut(&partition).map(|task| &mut task.state)
    }

    /// Comes up, whatever there was before: ends its predecessor's transaction, reads its tables, the committed offsets, and restores the stores.
    ///
    /// With `die_after`, it dies once that many changelog records are replayed; gives false if it did.
    ///
    /// # Errors
    /// See [`WorkerError`].
    pub fn start(&mut self, broker: &mut Broker, die_after: Option<usize>) -> Result<bool, WorkerError> {
        self.end_predecessor(broker, false);
        self.tables = Tables::default();
        while self.tables.read(self.spec, broker, 0).is_some() {}
        self.make_anew();
        self.positions.clear();
        let mut left = die_after;
        for partition in self.partitions.clone() {
            let mut state = TaskState::open(self.spec, partition, &self.backend)?;
            if self.state_lost {
                self.spec.stores.iter().try_for_each(|store| state.wipe(store.name))?;
            }
            if !restore(self.spec, partition, &mut state, &self.codec, broker, &mut left)? {
                self.crash(false);
                return Ok(false);
            }
            self.tasks.insert(partition, Task { state, written: BTreeMap::new() });
        }
        self.state_lost = false;
        Ok(true)
    }

    /// Makes the processor anew and gives it its tables, so that nothing in its memory outlives what is committed.
    fn make_anew(&mut self) {
        // Compiling a processor's mappings takes longer than many a test.
        if std::mem::take(&mut self.used) {
            self.processor = (self.make)();
        }
        self.used |= !self.spec.tables.is_empty();
        for record in self.tables.records() {
            self.processor.table(record, &self.codec);
        }
    }

    /// How many partitions of its tables have a record that it did not read.
    #[must_use]
    pub fn unread_tables(&self, broker: &Broker) -> usize {
        self.tables.unread(self.spec, broker)
    }

    /// Reads the next record of a table, of the `choice`th of the partitions that have one. To be called between batches.
    pub fn read_table(&mut self, broker: &Broker, choice: usize) {
        if let Some(record) = self.tables.read(self.spec, broker, choice) {
            self.processor.table(record, &self.codec);
        }
    }

    /// The inputs that have a record to read.
    #[must_use]
    pub fn readable(&self, broker: &Broker) -> Vec<TopicPartition> {
        let topics = broker.topics().filter(|topic| self.reads(topic));
        let inputs = topics.flat_map(|topic| self.partitions.iter().map(|partition| (topic.to_owned(), *partition)));
        inputs.filter(|input| broker.log(&input.0, input.1).is_some_and(|log| log.read(self.position(broker, input)).is_some())).collect()
    }

    /// True if the processor reads the topic.
    #[must_use]
    pub fn reads(&self, topic: &str) -> bool {
        self.spec.reads.iter().any(|read| *read == topic || (*read == RAW_TEMPLATE && topic.starts_with(RAW_PREFIX)))
    }

    /// Processes the next Kafka record of an input into the batch, if there is one: a record, or a frame of them.
    ///
    /// # Errors
    /// See [`WorkerError`].
    pub fn process(&mut self, broker: &Broker, input: &TopicPartition) -> Result<(), WorkerError> {
        let (topic, partition) = input;
        let from = self.position(broker, input);
        let Some((offset, record)) = broker.log(topic, *partition).and_then(|log| log.read(from)) else { return Ok(()) };
        let headers: Vec<Header<'_>> = record.headers.iter().map(|(key, value)| Header { key, value: value.as_deref() }).collect();
        let (key, value) = (record.key.as_deref(), record.value.as_deref());
        let raw = RawRecord { topic, partition: *partition, offset, index: None, time: record.time, key, value, headers: &headers };
        self.used = true;
        let letters = self.letters();
        let Self { tasks, batch, codec, processor, spec, dead_letter_topic, version, .. } = self;
        let task = tasks.get_mut(partition).ok_or(WorkerError::NotAssigned(*partition))?;
        frame::each(is_framed(topic), codec, &raw, |raw, refusal| {
            let effects = &mut batch.effects;
            let mark = effects.mark();
            let outcome = match refusal {
                Some(refusal) => Err(refusal),
                None => processor.process(raw, &mut Context::new(spec, codec, effects, &mut task.state).with_letters(letters)),
            };
            check(effects)?;
            match outcome {
                Ok(()) => {
                    task.state.keep_record();
                    note(batch, *partition);
                }
                Err(refusal) => {
                    effects.rewind(mark);
                    task.state.undo_record();
                    let letter = dead_letter::build(spec, version, raw, &refusal);
                    effects.stage(dead_letter_topic, raw.key, |out| codec.encode::<DeadLetter>(dead_letter_topic, &letter, out));
                    check(effects)?;
                }
            }
            Ok::<(), WorkerError>(())
        })?;
        self.batch.offsets.insert(input.clone(), offset + 1);
        self.positions.insert(input.clone(), offset + 1);
        Ok(())
    }

    fn letters(&self) -> Letters {
        Letters { topic: self.dead_letter_topic, version: self.version }
    }

    /// True if something was processed, or left by a tick, that is not committed.
    #[must_use]
    pub fn has_batch(&self) -> bool {
        let Batch { effects, offsets, requests, answers, .. } = &self.batch;
        !(offsets.is_empty() && answers.is_empty() && requests.is_empty() && effects.is_empty()) || self.tasks.values().any(|task| task.state.is_dirty())
    }

    /// Ends the batch, or is all there is of one: calls the processor's tick for each partition.
    ///
    /// # Errors
    /// See [`WorkerError`].
    pub fn tick(&mut self, now: Timestamp) -> Result<(), WorkerError> {
        self.used = true;
        let letters = self.letters();
        for (partition, task) in &mut self.tasks {
            let mut cx = Context::new(self.spec, &self.codec, &mut self.batch.effects, &mut task.state).with_letters(letters);
            self.processor.tick(now, &mut cx);
            check(&self.batch.effects)?;
            task.state.keep_record();
            note(&mut self.batch, *partition);
        }
        Ok(())
    }

    /// Sends the batch's outputs and changelog records in a transaction of its own; at most `limit` records, if one is given.
    ///
    /// # Errors
    /// See [`WorkerError`].
    pub fn send(&mut self, broker: &mut Broker, limit: Option<usize>) -> Result<(), WorkerError> {
        let transaction = broker.begin();
        self.transaction = Some(transaction);
        let framed: Vec<(&str, i32)> = self.spec.writes.iter().filter(|topic| is_framed(topic)).map(|topic| (*topic, broker.partitions(topic))).collect();
        let codec = &self.codec;
        let mut left = limit.unwrap_or(usize::MAX);
        let mut send = |topic: &str, partition, key: Option<&[u8]>, value: Option<&[u8]>| {
            if left > 0 {
                left -= 1;
                broker.send(transaction, topic, partition, key, value);
            }
        };
        for outgoing in self.batch.effects.outgoing().filter(|outgoing| framed.iter().all(|(topic, _)| *topic != outgoing.topic)) {
            send(outgoing.topic, None, outgoing.key, outgoing.value);
        }
        for (topic, partitions) in framed {
            let records = self.batch.effects.outgoing().filter(|outgoing| outgoing.topic == topic);
            frame::frames(records, partitions, |partition, frame| {
                let mut bytes = Vec::new();
                codec.encode::<RecordFrame>(topic, frame, &mut bytes)?;
                send(topic, Some(partition), None, Some(&bytes));
                Ok::<(), CodecError>(())
            })?;
        }
        for (partition, task) in &mut self.tasks {
            task.written.clear();
            let written = &mut task.written;
            if task.state.is_dirty() {
                task.state.changelog(&self.codec, &mut |store, key, value| {
                    send(&changelog_topic(self.spec, store), Some(*partition), key, value);
                    *written.entry(store.to_owned()).or_default() += 1;
                })?;
            }
        }
        Ok(())
    }

    /// Commits the transaction, with the offsets of the batch.
    pub fn commit(&mut self, broker: &mut Broker) {
        if let Some(transaction) = self.transaction.take() {
            broker.commit(transaction, self.spec.group, &self.batch.offsets);
            self.requests.append(&mut self.batch.requests);
            self.levels.append(&mut self.batch.levels);
            for (name, count) in std::mem::take(&mut self.batch.counts) {
                *self.counts.entry(name).or_default() += count;
            }
        }
    }

    /// After the commit: the local stores take what it changed, with the changelog offset that they reach now.
    ///
    /// # Errors
    /// See [`WorkerError`].
    pub fn apply(&mut self) -> Result<(), WorkerError> {
        for task in self.tasks.values_mut().filter(|task| task.state.is_dirty()) {
            // Each record has an offset and the end of the transaction one more. Aborted transactions only make the true end larger; replaying from before it is harmless.
            let reached: BTreeMap<&str, i64> =
                task.written.iter().map(|(store, records)| (store.as_str(), task.state.position(store).unwrap_or_default() + records + 1)).collect();
            task.state.committed(&mut |store, _| reached.get(store).copied().unwrap_or_default())?;
        }
        self.batch = Batch::default();
        Ok(())
    }

    /// Drops what is open and goes on from what Kafka says. Calls asked for are not made; answers are processed again only after an abort that is certain.
    ///
    /// # Errors
    /// See [`WorkerError`].
    pub fn recover(&mut self, broker: &mut Broker, outcome: Outcome) -> Result<(), WorkerError> {
        // What the doubtful transaction asked for is not known to have been asked.
        self.batch.requests.clear();
        self.end_predecessor(broker, outcome == Outcome::Doubt { committed: true });
        let batch = std::mem::take(&mut self.batch);
        if outcome == Outcome::Aborted {
            batch.answers.into_iter().rev().for_each(|answer| self.answers.push_front(answer));
        }
        self.make_anew();
        self.positions.clear();
        for (partition, task) in &mut self.tasks {
            task.state.aborted();
            restore(self.spec, *partition, &mut task.state, &self.codec, broker, &mut None)?;
        }
        Ok(())
    }

    /// Dies: all that is in memory is gone, and the local stores too if `state_lost`. Its transaction stays open until the next start.
    pub fn crash(&mut self, state_lost: bool) {
        self.requests.clear();
        self.answers.clear();
        self.state_lost |= state_lost;
        self.tasks.clear();
        self.batch = Batch::default();
        self.positions.clear();
    }

    fn end_predecessor(&mut self, broker: &mut Broker, committed: bool) {
        if committed {
            self.commit(broker);
        } else if let Some(transaction) = self.transaction.take() {
            broker.abort(transaction);
        }
    }

    fn position(&self, broker: &Broker, input: &TopicPartition) -> i64 {
        self.positions.get(input).copied().unwrap_or_else(|| broker.committed_offset(self.spec.group, input))
    }
}

fn check(effects: &Effects) -> Result<(), WorkerError> {
    effects.failure().map_or(Ok(()), |failure| Err(failure.clone().into()))
}

/// Moves what a call left beside records into the batch.
fn note(batch: &mut Batch, partition: i32) {
    batch.effects.take_letters().for_each(drop);
    for Gauge { name, plant, kind, value } in batch.effects.take_gauges() {
        batch.levels.insert((name, plant, kind, partition), value);
    }
    batch.requests.extend(batch.effects.take_requests().map(|request| (partition, request)));
    for (name, count) in batch.effects.counts() {
        *batch.counts.entry(name).or_default() += count;
    }
    batch.effects.clear_counts();
}
