//! A processor in a stream thread: its consumer, its partitions and their state.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::{Duration, Instant};

use lineside_api::{Context, Erased, Header, RawRecord, Refusal, dead_letter, frame};
use lineside_schemas::contract::DeadLetter;
use lineside_schemas::{Codec, Timestamp};
use lineside_state::{Backend, Limits, TaskState};
use lineside_topology::ProcessorSpec;
use lineside_topology::topics::{changelog_topic, dead_letter_topic, is_framed};
use rdkafka::consumer::{BaseConsumer, Consumer as _};
use rdkafka::message::{BorrowedMessage, Headers as _, Message as _};
use rdkafka::{Offset, TopicPartitionList};

use crate::application::StartError;
use crate::assignment::{Rebalances, TopicPartition};
use crate::batch::Batch;
use crate::crash::{self, Place};
use crate::metrics::Metrics;
use crate::metrics::latency::PendingLatencies;
use crate::panics::caught;
use crate::refusals::{RefusalLog, log_refusal};
use crate::thread_error::ThreadError;
use crate::transaction::TransactionalProducer;

const CALL_TIMEOUT: Duration = Duration::from_secs(10);

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
    /// Its consumer waits with it until its task is restored.
    paused: bool,
}

/// Makes a processor: once at start, and again after it panicked.
pub type Make = Box<dyn Fn() -> Result<Box<dyn Erased>, StartError> + Send>;

/// A hosted processor: its consumer, and what it does with the records. Two parts, since a record borrows the consumer while it is processed.
#[derive(Debug)]
pub struct Host {
    /// Its group consumer.
    pub consumer: GroupConsumer,
    /// The processor and its tasks.
    pub work: Work,
}

/// A group consumer that can be shown in a debug print.
pub struct GroupConsumer(pub BaseConsumer<Rebalances>);

impl std::fmt::Debug for GroupConsumer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("GroupConsumer")
    }
}

/// A processor with its tasks.
pub struct Work {
    /// Its row in the topology.
    pub spec: &'static ProcessorSpec,
    processor: Box<dyn Erased>,
    make: Make,
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
    pub fn process(&mut self, message: &BorrowedMessage<'_>, batch: &mut Batch, codec: &Codec, now: Instant) -> Result<(), ThreadError> {
        let (topic, partition, offset) = (message.topic(), message.partition(), message.offset());
        let Some(input) = self.inputs.iter_mut().find(|input| input.partition == partition && input.topic == topic) else {
            // Fetched before the partition was let go; its next owner reads it.
            return Ok(());
        };
        // A batch that fails on the way is dropped, with this.
        input.next_offset = Some(offset + 1);
        let framed = input.framed;
        let task = self.tasks.get(&partition).ok_or_else(|| ThreadError::Lost(format!("{topic}-{partition} has no task")))?;
        task.check_restored(topic, partition)?;
        let headers: Vec<Header<'_>> =
            message.headers().map(|headers| headers.iter().map(|header| Header { key: header.key, value: header.value }).collect()).unwrap_or_default();
        let time = Timestamp::from_millis(message.timestamp().to_millis().unwrap_or_default());
        let raw = RawRecord { topic, partition, offset, index: None, time, key: message.key(), value: message.payload(), headers: &headers };
        frame::each(framed, codec, &raw, |raw, refusal| self.process_record(raw, refusal, batch, codec, now))
    }

    /// Processes one record, unless it is refused already.
    fn process_record(&mut self, raw: &RawRecord<'_>, refusal: Option<Refusal>, batch: &mut Batch, codec: &Codec, now: Instant) -> Result<(), ThreadError> {
        let RawRecord { topic, partition, .. } = *raw;
        let task = self.tasks.get_mut(&partition).ok_or_else(|| ThreadError::Lost(format!("{topic}-{partition} has no task")))?;
        let mark = batch.effects.mark();
        let outcome = if let Some(refusal) = refusal {
            Ok(Err(refusal))
        } else {
            let mut cx = Context::new(self.spec, codec, &mut batch.effects, &mut task.state);
            let processor = &mut self.processor;
            caught(|| processor.process(raw, &mut cx))
        };
        let mut panic = None;
        let outcome = match outcome {
            Ok(outcome) => outcome,
            Err(caught) => {
                panic = Some(caught);
                // Whatever the panic left half-done inside the processor goes with it.
                self.processor = (self.make)()?;
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
                self.latencies.take(&mut batch.effects);
            }
            Err(refusal) => {
                batch.effects.rewind(mark);
                task.state.undo_record();
                if let Some(unlogged) = self.refusals.note(refusal.code, now) {
                    let story = refusal.correlation_id.clone().or_else(|| caught(|| self.processor.correlation_id(codec, raw)).ok().flatten());
                    log_refusal(self.spec, raw, &refusal, story.as_deref(), panic.as_ref(), unlogged);
                }
                let letter = dead_letter::build(self.spec, env!("CARGO_PKG_VERSION"), raw, &refusal);
                let dead_letter_topic = self.dead_letter_topic;
                batch.effects.stage(dead_letter_topic, raw.key, |out| codec.encode::<DeadLetter>(dead_letter_topic, &letter, out));
                if let Some(failure) = batch.effects.failure() {
                    return Err(failure.clone().into());
                }
                *batch.dead_letters.entry((self.spec.name, refusal.class.symbol(), refusal.code)).or_default() += 1;
            }
        }
        batch.note_record(self.spec.name, now);
        Ok(())
    }

    /// Calls the processor's tick for every task.
    ///
    /// # Errors
    /// A failure of a store or the registry.
    pub fn tick(&mut self, wall_clock: Timestamp, batch: &mut Batch, codec: &Codec) -> Result<(), ThreadError> {
        for task in self.tasks.values_mut().filter(|task| !task.restoring) {
            let mut cx = Context::new(self.spec, codec, &mut batch.effects, &mut task.state);
            self.processor.tick(wall_clock, &mut cx);
            task.state.keep_record();
        }
        batch.note_counts(self.spec.name);
        batch.effects.failure().map_or(Ok(()), |failure| Err(failure.clone().into()))
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

    /// The transaction is committed: the stores take what it changed, together with the changelog offset that they reach now.
    ///
    /// # Errors
    /// Whatever the store says; it is behind its changelog then and catches up at the next start.
    pub fn committed(&mut self) -> Result<(), ThreadError> {
        for input in &mut self.inputs {
            input.next_offset = None;
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
        Ok(())
    }

    /// The transaction was committed at `now`, so the latency of its events is known.
    pub fn observe(&mut self, metrics: &Metrics, now: Timestamp) {
        self.latencies.committed(metrics, self.spec.name, now);
    }

    /// The transaction came to nothing.
    pub fn aborted(&mut self) {
        self.latencies.aborted();
        for input in &mut self.inputs {
            input.next_offset = None;
        }
        for task in self.tasks.values_mut() {
            task.state.aborted();
        }
    }

    /// The partitions that it has.
    #[must_use]
    pub fn assigned(&self) -> Vec<TopicPartition> {
        self.inputs.iter().map(InputPartition::name).collect()
    }

    /// Takes partitions on; their tasks are opened, but not restored. Gives the partitions whose task is new.
    ///
    /// # Errors
    /// When a store cannot be opened.
    pub fn add(&mut self, partitions: &[TopicPartition], state_dir: &Path, limits: Limits) -> Result<Vec<i32>, ThreadError> {
        let backend = Backend::Disk(state_dir.join("stores"));
        let mut opened = Vec::new();
        for TopicPartition { topic, partition } in partitions {
            if !self.tasks.contains_key(partition) {
                let state = TaskState::open_with(self.spec, *partition, &backend, limits)?;
                self.tasks.insert(*partition, Task { state, restoring: false });
                opened.push(*partition);
            }
            if !self.inputs.iter().any(|input| input.partition == *partition && input.topic == *topic) {
                self.inputs.push(InputPartition { topic: topic.clone(), partition: *partition, framed: is_framed(topic), next_offset: None, paused: false });
            }
        }
        Ok(opened)
    }

    /// Lets partitions go, and closes the tasks that have none left.
    pub fn remove(&mut self, partitions: &[TopicPartition]) {
        self.inputs.retain(|input| !partitions.iter().any(|gone| gone.partition == input.partition && gone.topic == input.topic));
        let inputs = &self.inputs;
        self.tasks.retain(|partition, _| inputs.iter().any(|input| input.partition == *partition));
    }

    /// True for the topics of its row and for its dead letters.
    #[must_use]
    pub fn writes(&self, topic: &str) -> bool {
        self.spec.writes.contains(&topic) || self.dead_letter_topic == topic
    }

    /// Closes every task.
    pub fn remove_all(&mut self) {
        self.inputs.clear();
        self.tasks.clear();
    }

    /// The group has given it its share, be it none.
    pub const fn joined(&mut self) {
        self.joined = true;
    }

    /// True once the group has given it its share.
    #[must_use]
    pub const fn has_joined(&self) -> bool {
        self.joined
    }

    /// Its consumer is polled at `now`; gives when it was before.
    pub const fn polled(&mut self, now: Instant) -> Instant {
        std::mem::replace(&mut self.last_poll, now)
    }

    /// How many partitions it has more than at the last call.
    pub fn note_assigned(&mut self) -> i64 {
        let now = i64::try_from(self.inputs.len()).unwrap_or(i64::MAX);
        now - std::mem::replace(&mut self.noted, now)
    }

    /// The tasks by partition.
    pub fn tasks(&self) -> impl Iterator<Item = (i32, &Task)> {
        self.tasks.iter().map(|(partition, task)| (*partition, task))
    }

    /// The task of a partition.
    pub fn task_mut(&mut self, partition: i32) -> Option<&mut Task> {
        self.tasks.get_mut(&partition)
    }

    /// Takes note that tasks are restored, but for those that `is_restoring` still.
    pub fn unmark_restored(&mut self, is_restoring: impl Fn(i32) -> bool) {
        for (partition, task) in self.tasks.iter_mut().filter(|(_, task)| task.restoring) {
            task.restoring = is_restoring(*partition);
        }
    }

    fn is_restoring(tasks: &BTreeMap<i32, Task>, input: &InputPartition) -> bool {
        tasks.get(&input.partition).is_some_and(|task| task.restoring)
    }

    /// True while one of its tasks is being restored.
    #[must_use]
    pub fn restores(&self) -> bool {
        self.tasks.values().any(|task| task.restoring)
    }

    /// Partitions whose tasks are not being restored.
    #[must_use]
    pub fn restored(&self) -> Vec<TopicPartition> {
        let restored = self.inputs.iter().filter(|input| !Self::is_restoring(&self.tasks, input));
        restored.map(InputPartition::name).collect()
    }

    /// Marks those partitions as paused whose tasks are being restored, and gives the ones that were not.
    pub fn take_to_pause(&mut self) -> Vec<TopicPartition> {
        let tasks = &self.tasks;
        let waiting = self.inputs.iter_mut().filter(|input| !input.paused && Self::is_restoring(tasks, input));
        waiting.map(|input| input.pause(true)).collect()
    }

    /// Marks those paused partitions as running whose tasks are restored, and gives them.
    pub fn take_to_resume(&mut self) -> Vec<TopicPartition> {
        let tasks = &self.tasks;
        let ready = self.inputs.iter_mut().filter(|input| input.paused && !Self::is_restoring(tasks, input));
        ready.map(|input| input.pause(false)).collect()
    }

    /// Of these partitions the paused ones.
    #[must_use]
    pub fn paused(&self, partitions: &[TopicPartition]) -> Vec<TopicPartition> {
        self.inputs.iter().filter(|input| input.paused).map(InputPartition::name).filter(|paused| partitions.contains(paused)).collect()
    }
}

impl InputPartition {
    fn name(&self) -> TopicPartition {
        TopicPartition { topic: self.topic.clone(), partition: self.partition }
    }

    fn pause(&mut self, paused: bool) -> TopicPartition {
        self.paused = paused;
        self.name()
    }
}

impl Host {
    /// Adds the offsets of the open batch to the transaction, under the group's present generation.
    ///
    /// # Errors
    /// Whatever Kafka says.
    pub fn send_offsets(&self, producer: &TransactionalProducer) -> Result<(), ThreadError> {
        let mut offsets = TopicPartitionList::new();
        for input in &self.work.inputs {
            if let Some(next) = input.next_offset {
                offsets.add_partition_offset(&input.topic, input.partition, Offset::Offset(next))?;
            }
        }
        if offsets.count() == 0 {
            return Ok(());
        }
        // Without a member id the broker would take the offsets from anybody.
        let group = self.consumer.0.group_metadata().ok_or_else(|| ThreadError::Lost("no group metadata".to_owned()))?;
        producer.send_offsets(&offsets, &group).map_err(ThreadError::from)
    }

    /// Where to read on: the committed offset of each partition, or its beginning.
    ///
    /// # Errors
    /// Whatever Kafka says.
    pub fn committed_offsets(&self, partitions: &[TopicPartition]) -> Result<TopicPartitionList, ThreadError> {
        let mut wanted = TopicPartitionList::new();
        for TopicPartition { topic, partition } in partitions {
            wanted.add_partition(topic, *partition);
        }
        let committed = self.consumer.0.committed_offsets(wanted, CALL_TIMEOUT)?;
        let mut resolved = TopicPartitionList::new();
        for element in committed.elements() {
            element.error()?;
            let offset = match element.offset() {
                Offset::Offset(offset) => Offset::Offset(offset),
                _ => Offset::Beginning,
            };
            resolved.add_partition_offset(element.topic(), element.partition(), offset)?;
        }
        Ok(resolved)
    }
}
