//! A hosted processor at work: records, answers and ticks in, a batch out.
//!
//! * [`partitions`]: which partitions it has, and what they wait for.
//! * [`remake`]: the processor itself, made anew with its tables.

mod partitions;
mod remake;

use std::collections::{BTreeMap, BTreeSet};
use std::time::Instant;

use lineside_api::{Context, Erased, Failure, Header, Letters, RawRecord, Refusal, dead_letter, frame};
use lineside_schemas::contract::DeadLetter;
use lineside_schemas::{Codec, Timestamp};
use lineside_state::TaskState;
use lineside_topology::ProcessorSpec;
use lineside_topology::topics::{changelog_topic, dead_letter_topic};
use rdkafka::message::{BorrowedMessage, Headers as _, Message as _};

use crate::application::StartError;
use crate::batch::Batch;
use crate::calls::Calls;
use crate::crash::{self, Place};
use crate::metrics::Metrics;
use crate::metrics::latency::PendingLatencies;
use crate::panics::{Panic, caught};
use crate::refusals::{RefusalLog, log_refusal};
use crate::tables::Tables;
use crate::thread_error::ThreadError;
use crate::transaction::TransactionalProducer;

/// Version that dead letters name.
const VERSION: &str = env!("CARGO_PKG_VERSION");

/// State of one input partition.
#[derive(Debug)]
pub struct Task {
    /// Its stores.
    pub state: TaskState,
    /// They are not at the end of their changelogs yet: no record may be processed.
    pub restoring: bool,
}

impl Task {
    /// A paused partition gives no records; should it ever, they must not be skipped.
    fn check_restored(&self, topic: &str, partition: i32) -> Result<(), ThreadError> {
        if self.restoring { Err(ThreadError::Restore(format!("a record of {topic}-{partition} came before its stores were restored"))) } else { Ok(()) }
    }
}

/// An input partition that this thread has.
#[derive(Debug)]
struct InputPartition {
    topic: String,
    partition: i32,
    /// Its records are frames.
    framed: bool,
    /// Offset to commit, if the open batch holds records of it.
    next_offset: Option<i64>,
    /// Offset that is committed; nothing before the first commit.
    position: Option<i64>,
    /// Its consumer waits with it until its task is restored.
    paused: bool,
}

/// Makes a processor: at start, and whenever what it has in memory may not be what is committed.
pub type Make = Box<dyn Fn() -> Result<Box<dyn Erased>, StartError> + Send>;

/// A processor with its tasks.
pub struct Work {
    /// Its row in the topology.
    pub spec: &'static ProcessorSpec,
    processor: Box<dyn Erased>,
    make: Make,
    /// The processor was called since it was made.
    used: bool,
    /// Records of tables, by topic and key, that the processor broke on.
    unfit: BTreeSet<(String, String)>,
    calls: Option<Calls>,
    /// A tick or an answer has left something in the open batch.
    left: bool,
    /// The open batch is to have the offsets that stand still too.
    refresh: bool,
    tasks: BTreeMap<i32, Task>,
    inputs: Vec<InputPartition>,
    dead_letter_topic: &'static str,
    refusals: RefusalLog,
    latencies: PendingLatencies,
    /// The group has answered at least once.
    joined: bool,
    /// Partitions that the metrics know of.
    noted: i64,
    /// When its consumer was last polled.
    last_poll: Instant,
}

impl std::fmt::Debug for Work {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Work").field("processor", &self.spec.name).field("inputs", &self.inputs).finish_non_exhaustive()
    }
}

impl Work {
    /// A processor without partitions yet. `dead_letter_topic` is of [`Self::dead_letter_topic_of`].
    ///
    /// # Errors
    /// When the processor cannot be made.
    pub fn new(spec: &'static ProcessorSpec, make: Make, dead_letter_topic: &'static str) -> Result<Self, StartError> {
        let processor = make()?;
        Ok(Self {
            spec,
            processor,
            make,
            used: false,
            unfit: BTreeSet::new(),
            calls: None,
            left: false,
            refresh: false,
            tasks: BTreeMap::new(),
            inputs: Vec::new(),
            dead_letter_topic,
            refusals: RefusalLog::default(),
            latencies: PendingLatencies::default(),
            joined: false,
            noted: 0,
            last_poll: Instant::now(),
        })
    }

    /// With what makes its calls.
    #[must_use]
    pub fn with_calls(mut self, calls: Calls) -> Self {
        self.calls = Some(calls);
        self
    }

    /// Whether it makes calls: then answers come in at any time.
    #[must_use]
    pub const fn makes_calls(&self) -> bool {
        self.calls.is_some()
    }

    /// Name of its dead letter topic, kept for the life of the process.
    #[must_use]
    pub fn dead_letter_topic_of(spec: &'static ProcessorSpec) -> &'static str {
        // One short name per hosted processor: leaking it once gives every thread a name that effects can hold.
        Box::leak(dead_letter_topic(spec).into_boxed_str())
    }

    /// Processes one Kafka record into the batch: a record, or a frame of them.
    ///
    /// # Errors
    /// A failure that the record is not to blame for: the batch is to be dropped and done again.
    pub fn process(&mut self, message: &BorrowedMessage<'_>, batch: &mut Batch, codec: &Codec, tables: &Tables, now: Instant) -> Result<(), ThreadError> {
        let (topic, partition, offset) = (message.topic(), message.partition(), message.offset());
        let Some(input) = self.inputs.iter_mut().find(|input| input.partition == partition && input.topic == topic) else {
            // Fetched before the partition was let go; its next owner reads it.
            return Ok(());
        };
        // A batch that fails on the way is dropped, with this.
        input.next_offset = Some(offset + 1);
        self.used = true;
        let framed = input.framed;
        let task = self.tasks.get(&partition).ok_or_else(|| ThreadError::Lost(format!("{topic}-{partition} has no task")))?;
        task.check_restored(topic, partition)?;
        let headers: Vec<Header<'_>> =
            message.headers().map(|headers| headers.iter().map(|header| Header { key: header.key, value: header.value }).collect()).unwrap_or_default();
        let time = Timestamp::from_millis(message.timestamp().to_millis().unwrap_or_default());
        let raw = RawRecord { topic, partition, offset, index: None, time, key: message.key(), value: message.payload(), headers: &headers };
        frame::each(framed, codec, &raw, |raw, refusal| self.process_record(raw, refusal, batch, codec, tables, now))
    }

    /// Processes one record, unless it is refused already.
    fn process_record(
        &mut self,
        raw: &RawRecord<'_>,
        refusal: Option<Refusal>,
        batch: &mut Batch,
        codec: &Codec,
        tables: &Tables,
        now: Instant,
    ) -> Result<(), ThreadError> {
        let RawRecord { topic, partition, .. } = *raw;
        let letters = self.letters();
        let task = self.tasks.get_mut(&partition).ok_or_else(|| ThreadError::Lost(format!("{topic}-{partition} has no task")))?;
        let mark = batch.effects.mark();
        let outcome = if let Some(refusal) = refusal {
            Ok(Err(refusal))
        } else {
            let mut cx = Context::new(self.spec, codec, &mut batch.effects, &mut task.state).with_letters(letters);
            let processor = &mut self.processor;
            caught(|| processor.process(raw, &mut cx))
        };
        let (mut panic, mut broken) = (None, false);
        let outcome = match outcome {
            Ok(outcome) => outcome,
            Err(caught) => {
                panic = Some(caught);
                broken = true;
                Err(Refusal::application("processor-panicked", "the processor broke on this record; its log has the details"))
            }
        };
        if let Some(failure) = batch.effects.failure() {
            return Err(failure.clone().into());
        }
        match outcome {
            Ok(()) => {
                task.state.keep_record();
                batch.note_counts(self.spec.name);
                if batch.effects.has_asides() {
                    take_asides(self.spec, partition, batch, self.calls.as_mut())?;
                }
                self.latencies.take(&mut batch.effects);
            }
            Err(refusal) => {
                batch.effects.rewind(mark);
                task.state.undo_record();
                if let Some(unlogged) = self.refusals.note(refusal.code, now) {
                    let story = refusal.correlation_id.clone().or_else(|| caught(|| self.processor.correlation_id(codec, raw)).ok().flatten());
                    log_refusal(self.spec, raw, &refusal, story.as_deref(), panic.as_ref(), unlogged);
                }
                let letter = dead_letter::build(self.spec, VERSION, raw, &refusal);
                let dead_letter_topic = self.dead_letter_topic;
                batch.effects.stage(dead_letter_topic, raw.key, |out| codec.encode::<DeadLetter>(dead_letter_topic, &letter, out));
                if let Some(failure) = batch.effects.failure() {
                    return Err(failure.clone().into());
                }
                *batch.dead_letters.entry((self.spec.name, refusal.class.symbol(), refusal.code)).or_default() += 1;
            }
        }
        batch.note_record(self.spec.name, now);
        // Whatever a panic left half-done inside the processor goes with it.
        if broken { self.remake(tables, codec) } else { Ok(()) }
    }

    const fn letters(&self) -> Letters {
        Letters { topic: self.dead_letter_topic, version: VERSION }
    }

    /// Processes the next answer to a call into the batch; gives false if there is none.
    ///
    /// # Errors
    /// A failure that the answer is not to blame for: the batch is to be dropped and done again.
    pub fn answer(&mut self, batch: &mut Batch, codec: &Codec, tables: &Tables, now: Instant) -> Result<bool, ThreadError> {
        let letters = self.letters();
        let Some(calls) = &mut self.calls else { return Ok(false) };
        let tasks = &mut self.tasks;
        let Some((partition, answer)) = calls.take_answer(|partition| tasks.get(&partition).is_some_and(|task| !task.restoring)) else { return Ok(false) };
        let Some(task) = tasks.get_mut(&partition) else { return Ok(false) };
        (self.used, self.left) = (true, true);
        calls.processed(partition, answer.clone());
        let (id, mark) = (answer.id.clone(), batch.effects.mark());
        let mut cx = Context::new(self.spec, codec, &mut batch.effects, &mut task.state).with_letters(letters);
        let processor = &mut self.processor;
        let outcome = caught(|| processor.answer(answer, &mut cx));
        if let Some(failure) = batch.effects.failure() {
            return Err(failure.clone().into());
        }
        batch.note_answer(now);
        match outcome {
            Ok(()) => {
                task.state.keep_record();
                batch.note_counts(self.spec.name);
                take_asides(self.spec, partition, batch, Some(calls))?;
            }
            Err(Panic { message, location }) => {
                // As if the answer had been lost, which the processor has to get along with.
                tracing::error!(processor = self.spec.name, partition, call = id, panic = message, location, "the processor broke on an answer, which is dropped");
                batch.effects.rewind(mark);
                task.state.undo_record();
                self.remake(tables, codec)?;
            }
        }
        Ok(true)
    }

    /// Calls the processor's tick for every task.
    ///
    /// # Errors
    /// A failure of a store or the registry, or that the processor broke.
    pub fn tick(&mut self, wall_clock: Timestamp, batch: &mut Batch, codec: &Codec) -> Result<(), ThreadError> {
        let letters = self.letters();
        let before = batch.effects.mark();
        self.used = true;
        for (partition, task) in self.tasks.iter_mut().filter(|(_, task)| !task.restoring) {
            let mut cx = Context::new(self.spec, codec, &mut batch.effects, &mut task.state).with_letters(letters);
            let processor = &mut self.processor;
            // No record is to blame, so nothing can be left out.
            caught(|| processor.tick(wall_clock, &mut cx)).map_err(|panic| ThreadError::Panicked { processor: self.spec.name, panic })?;
            task.state.keep_record();
            if batch.effects.has_asides() {
                take_asides(self.spec, *partition, batch, self.calls.as_mut())?;
            }
        }
        batch.note_counts(self.spec.name);
        self.left |= batch.effects.mark() != before || self.calls.as_ref().is_some_and(Calls::is_open) || self.tasks.values().any(|task| task.state.is_dirty());
        batch.effects.failure().map_or(Ok(()), |failure| Err(failure.clone().into()))
    }

    /// Whether a tick or an answer has left something in the open batch.
    #[must_use]
    pub const fn has_left_something(&self) -> bool {
        self.left
    }

    /// Bytes of state that the open transaction changed.
    #[must_use]
    pub fn state_bytes(&self) -> usize {
        self.tasks.values().map(|task| task.state.overlay_bytes()).sum()
    }

    /// Sends the changelog records of the open transaction.
    ///
    /// # Errors
    /// Whatever Kafka says.
    pub fn send_changelogs(&mut self, producer: &TransactionalProducer, codec: &Codec) -> Result<u64, ThreadError> {
        let mut total = 0;
        for (partition, task) in &mut self.tasks {
            if !task.state.is_dirty() {
                continue;
            }
            let mut failed = None;
            task.state
                .changelog(codec, &mut |store, key, value| {
                    let topic = changelog_topic(self.spec, store);
                    if failed.is_none() {
                        failed = producer.send(&topic, Some(*partition), key, value).err();
                    }
                    total += 1;
                })
                .map_err(lineside_api::Failure::from)?;
            if let Some(error) = failed {
                return Err(error.into());
            }
        }
        Ok(total)
    }

    /// The transaction is committed, at `now`: the calls that it asked for are made, and the stores take what it changed, together with the changelog offset that they reach now.
    ///
    /// # Errors
    /// Whatever the store says; it is behind its changelog then and catches up at the next start.
    pub fn committed(&mut self, now: Timestamp) -> Result<(), ThreadError> {
        (self.left, self.refresh) = (false, false);
        for input in &mut self.inputs {
            input.position = input.next_offset.take().or(input.position);
        }
        for task in self.tasks.values_mut() {
            let before: Vec<(&str, i64)> = self.spec.stores.iter().map(|store| (store.name, task.state.position(store.name).unwrap_or_default())).collect();
            crash::point(Place::DuringStoreWrite);
            task.state.committed(&mut |store, records| {
                let before = before.iter().find(|(name, _)| *name == store).map_or(0, |(_, position)| *position);
                // Each of our records has an offset, and the end of the transaction one more. Aborted transactions of others only make the
                // true end larger, and replaying from before it is harmless.
                before + i64::try_from(records).unwrap_or(i64::MAX - before - 1) + 1
            })?;
        }
        if let Some(calls) = &mut self.calls {
            calls.committed(now);
        }
        Ok(())
    }

    /// The transaction was committed at `now`, so the latency of its events is known.
    pub fn observe(&mut self, metrics: &Metrics, now: Timestamp) {
        self.latencies.committed(metrics, self.spec.name, now);
    }

    /// The transaction came to nothing, as far as is known: its commit was `asked` for or not.
    pub fn aborted(&mut self, asked: bool) {
        self.latencies.aborted();
        (self.left, self.refresh) = (false, false);
        if let Some(calls) = &mut self.calls {
            calls.aborted(asked);
        }
        for input in &mut self.inputs {
            input.next_offset = None;
        }
        for task in self.tasks.values_mut() {
            task.state.aborted();
        }
    }
}

/// Moves what a call left beside records and counts to where it belongs.
fn take_asides(spec: &'static ProcessorSpec, partition: i32, batch: &mut Batch, calls: Option<&mut Calls>) -> Result<(), ThreadError> {
    let Batch { effects, dead_letters, gauges, .. } = batch;
    gauges.extend(effects.take_gauges().map(|gauge| (spec.name, partition, gauge)));
    for (class, code) in effects.take_letters() {
        *dead_letters.entry((spec.name, class.symbol(), code)).or_default() += 1;
    }
    let mut requests = effects.take_requests().peekable();
    match calls {
        Some(calls) => requests.for_each(|request| calls.stage(partition, request)),
        None if requests.peek().is_none() => {}
        None => return Err(Failure::Undeclared { processor: spec.name, name: "a call, but its application has no caller".to_owned() }.into()),
    }
    Ok(())
}
