//! The loop of a stream thread: poll, process, commit; and what to do when the group or a doubt gets in between.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use lineside_api::{Failure, StoreError};
use lineside_schemas::{Codec, Timestamp};
use rdkafka::ClientConfig;
use rdkafka::consumer::Consumer as _;
use rdkafka::error::{KafkaError, RDKafkaErrorCode};

use crate::application::StartError;
use crate::assignment::{Rebalance, TopicPartition};
use crate::batch::{Batch, Limits};
use crate::crash::{self, Place};
use crate::host::Host;
use crate::http::Pulse;
use crate::memory;
use crate::metrics::Metrics;
use crate::restore::Restorer;
use crate::settings::Settings;
use crate::transaction::TransactionalProducer;

/// How long an idle thread waits; also how soon a stop is noticed.
const IDLE_WAIT: Duration = Duration::from_millis(50);
/// Records that a consumer may give before the next one's turn.
const TURN_RECORDS: usize = 256;
/// The coordinator takes a few milliseconds to write a transaction's markers; librdkafka waits 20 ms when the next one's first record comes before.
const MARKER_GAP: Duration = Duration::from_millis(4);
const SEEK_TIMEOUT: Duration = Duration::from_secs(10);
/// A restore that takes less than this is done with before the partitions are taken on; a longer one goes on beside the partitions that are ready.
const RESTORE_AT_ONCE: Duration = Duration::from_millis(300);
/// How long a restore works before the consumers are polled again.
const RESTORE_SLICE: Duration = Duration::from_millis(20);

/// Why a stream thread stopped short. All but [`Self::Start`] are worth a fresh start.
#[derive(Debug, thiserror::Error)]
pub enum ThreadError {
    /// It cannot run as configured.
    #[error(transparent)]
    Start(#[from] StartError),
    /// Kafka.
    #[error("Kafka: {0}")]
    Kafka(#[from] KafkaError),
    /// A store, the registry, or an undeclared topic.
    #[error(transparent)]
    Failure(#[from] Failure),
    /// A store.
    #[error("store: {0}")]
    Store(#[from] StoreError),
    /// Restoring did not come to an end.
    #[error("restore: {0}")]
    Restore(String),
    /// The assignment moved under an open batch.
    #[error("assignment: {0}")]
    Lost(String),
    /// A client that cannot go on.
    #[error("Kafka client: {0}")]
    Client(KafkaError),
}

impl ThreadError {
    /// True when a new producer is not enough: consumers and stores are to be made anew too.
    const fn needs_restart(&self) -> bool {
        matches!(self, Self::Start(_) | Self::Store(_) | Self::Restore(_) | Self::Client(_))
    }
}

/// A stream thread, made and run on its own OS thread.
pub struct StreamThread {
    hosts: Vec<Host>,
    producer: TransactionalProducer,
    producer_config: ClientConfig,
    codec: Codec,
    batch: Batch,
    limits: Limits,
    settings: Settings,
    state_dir: PathBuf,
    restorer: Restorer,
    metrics: Metrics,
    pulse: Arc<Pulse>,
    stop: Arc<AtomicBool>,
    last_commit: Instant,
    /// Doubts since the last commit that succeeded.
    doubts: u32,
}

impl std::fmt::Debug for StreamThread {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("StreamThread").field("hosts", &self.hosts).finish_non_exhaustive()
    }
}

/// What a stream thread is made of.
pub struct Parts {
    /// The processors that it hosts.
    pub hosts: Vec<Host>,
    /// Configuration of its transactional producer.
    pub producer_config: ClientConfig,
    /// Its codec, with every topic that it writes resolved.
    pub codec: Codec,
    /// Settings of the process.
    pub settings: Settings,
    /// Folder for its stores.
    pub state_dir: PathBuf,
    /// Counters of the process.
    pub metrics: Metrics,
    /// Where it says that it is alive.
    pub pulse: Arc<Pulse>,
    /// Set when it is to stop.
    pub stop: Arc<AtomicBool>,
}

impl StreamThread {
    /// Connects the producer, which ends whatever transaction an earlier one of its id left open.
    ///
    /// # Errors
    /// Whatever Kafka says.
    pub fn connect(parts: Parts) -> Result<Self, ThreadError> {
        let Parts { hosts, producer_config, codec, settings, state_dir, metrics, pulse, stop } = parts;
        let started = Instant::now();
        let producer = TransactionalProducer::connect(&producer_config)?;
        tracing::info!(elapsed_ms = started.elapsed().as_millis(), "transactions can begin");
        let limits = Limits { interval: settings.commit_interval(), records: settings.batch_records, bytes: settings.batch_bytes };
        Ok(Self {
            hosts,
            producer,
            producer_config,
            codec,
            batch: Batch::default(),
            limits,
            settings,
            state_dir,
            restorer: Restorer::default(),
            metrics,
            pulse,
            stop,
            last_commit: Instant::now(),
            doubts: 0,
        })
    }

    /// Runs until told to stop; commits what is open then.
    ///
    /// # Errors
    /// [`ThreadError`] when it needs a fresh start.
    pub fn run(mut self) -> Result<(), ThreadError> {
        if self.hosts.len() > 1 {
            for host in &mut self.hosts {
                let thread = std::thread::current();
                host.consumer.0.set_nonempty_callback(move || thread.unpark());
            }
        }
        let outcome = loop {
            if self.stop.load(Ordering::Acquire) {
                break self.commit();
            }
            self.pulse.beat(SystemTime::now());
            match self.restore().and_then(|()| self.turn()) {
                Ok(()) => {}
                Err(error) if error.needs_restart() => break Err(error),
                Err(error) => {
                    if let Err(error) = self.recover(&error) {
                        break Err(error);
                    }
                }
            }
        };
        self.pulse.set_ready(false);
        for host in &mut self.hosts {
            host.work.remove_all();
            self.metrics.assigned_partitions.with_label_values(&[host.work.spec.name]).add(host.work.note_assigned());
            host.consumer.0.context().close();
        }
        outcome
    }

    /// Processes what the consumers have, in turns, and commits when the batch is due; waits when they have nothing.
    fn turn(&mut self) -> Result<(), ThreadError> {
        let mut busy = false;
        for index in 0..self.hosts.len() {
            busy |= self.drain(index)?;
        }
        let state_bytes: usize = self.hosts.iter().map(|host| host.work.state_bytes()).sum();
        let now = Instant::now();
        let gap = MARKER_GAP.saturating_sub(now.duration_since(self.last_commit));
        if self.batch.is_full(&self.limits, state_bytes) || (self.batch.is_over(&self.limits, now) && gap.is_zero()) {
            return self.commit();
        }
        if !busy {
            let idle = if self.batch.is_empty() { IDLE_WAIT } else { self.batch.time_left(&self.limits, now).max(gap) };
            self.wait(idle)?;
        }
        Ok(())
    }

    /// Processes records of one consumer until it has none or its turn is over. True if there was one.
    fn drain(&mut self, index: usize) -> Result<bool, ThreadError> {
        for count in 0..TURN_RECORDS {
            if !self.poll(index, Duration::ZERO)? {
                return Ok(count > 0);
            }
        }
        Ok(true)
    }

    /// Waits until a consumer has something, or for so long.
    fn wait(&mut self, time: Duration) -> Result<(), ThreadError> {
        // A restore waits itself, and only a little.
        let time = if self.restorer.is_idle() { time } else { Duration::ZERO };
        if self.hosts.len() == 1 {
            return self.poll(0, time).map(|_| ());
        }
        // Each consumer unparks the thread when its queue is no longer empty.
        std::thread::park_timeout(time);
        Ok(())
    }

    /// True if there was a record.
    fn poll(&mut self, index: usize, wait: Duration) -> Result<bool, ThreadError> {
        let now = Instant::now();
        let Host { consumer, work } = &mut self.hosts[index];
        let gap = now.duration_since(work.polled(now));
        let outcome = match consumer.0.poll(wait) {
            Some(Ok(message)) => return work.process(&message, &mut self.batch, &self.codec, now).map(|()| true),
            Some(Err(error)) => judge(error),
            None => Ok(()),
        };
        // A rebalance ends a poll without a record. It is acted upon whatever else happened: the group waits for it.
        for rebalance in self.hosts[index].consumer.0.context().take() {
            self.rebalance(index, rebalance, gap)?;
        }
        outcome.map(|()| false)
    }

    /// Errors are those that need a restart: a doubt about the open batch is dealt with here, so that no partition is left unanswered.
    fn rebalance(&mut self, index: usize, rebalance: Rebalance, poll_gap: Duration) -> Result<(), ThreadError> {
        let name = self.hosts[index].work.spec.name;
        match rebalance {
            Rebalance::Assign(partitions) => {
                tracing::info!(processor = name, partitions = partitions.len(), "assigned");
                self.metrics.rebalances.with_label_values(&[name, "assigned"]).inc();
                // What is open belongs to partitions that stay.
                if let Err(doubt) = self.commit() {
                    self.recover(&doubt)?;
                }
                self.start(index, &partitions).map_err(restart)
            }
            Rebalance::Revoke { partitions, lost } => {
                // A member that slept past its session may have been replaced, whatever the client's flag says.
                let lost = lost || poll_gap > Duration::from_millis(self.settings.session_timeout_ms.into());
                tracing::info!(processor = name, partitions = partitions.len(), lost, "revoked");
                self.metrics.rebalances.with_label_values(&[name, if lost { "lost" } else { "revoked" }]).inc();
                let doubt =
                    if lost && !self.batch.is_empty() { Some(ThreadError::Lost("partitions were lost under an open batch".to_owned())) } else { self.commit().err() };
                crash::point(Place::OnRevoke);
                let Host { consumer, work } = &mut self.hosts[index];
                let paused = work.paused(&partitions);
                work.remove(&partitions);
                self.restorer.forget(index, work).map_err(restart)?;
                if !paused.is_empty() {
                    // Or they would still be paused when they come back.
                    consumer.0.resume(&topic_partition_list(&paused)).map_err(ThreadError::Client)?;
                }
                consumer.0.incremental_unassign(&topic_partition_list(&partitions)).map_err(ThreadError::Client)?;
                self.note_assignment();
                doubt.map_or(Ok(()), |doubt| self.recover(&doubt))
            }
        }
    }

    /// Takes partitions on. The order matters: committed offsets, then the changelogs' ends, then restore, then read.
    fn start(&mut self, index: usize, partitions: &[TopicPartition]) -> Result<(), ThreadError> {
        self.pulse.set_ready(false);
        let host = &mut self.hosts[index];
        host.work.joined();
        if partitions.is_empty() {
            host.consumer.0.incremental_assign(&topic_partition_list(partitions))?;
            self.note_assignment();
            return Ok(());
        }
        let started = Instant::now();
        let offsets = host.committed_offsets(partitions)?;
        let offsets_ms = started.elapsed().as_millis();
        crash::point(Place::OnAssign);
        let opened = host.work.add(partitions, &self.state_dir, memory::store_limits(&self.settings))?;
        self.restorer.plan(&self.settings, index, &mut host.work, &opened, &self.metrics)?;
        let began = Instant::now();
        while self.hosts[index].work.restores() && began.elapsed() < RESTORE_AT_ONCE {
            self.restorer.step(&mut self.hosts, &self.codec, RESTORE_SLICE)?;
        }
        let Host { consumer, work } = &mut self.hosts[index];
        consumer.0.incremental_assign(&offsets)?;
        let waiting = work.take_to_pause();
        if !waiting.is_empty() {
            consumer.0.pause(&topic_partition_list(&waiting))?;
        }
        let (processor, partitions, elapsed_ms) = (work.spec.name, partitions.len(), started.elapsed().as_millis());
        tracing::info!(processor, partitions, offsets_ms, elapsed_ms, restoring = waiting.len(), "reading");
        self.resume()
    }

    /// Goes on with what is being restored.
    fn restore(&mut self) -> Result<(), ThreadError> {
        if self.restorer.is_idle() {
            return Ok(());
        }
        self.restorer.step(&mut self.hosts, &self.codec, RESTORE_SLICE).map_err(restart)?;
        self.resume().map_err(restart)
    }

    /// Starts the partitions that waited for a restore which is done.
    fn resume(&mut self) -> Result<(), ThreadError> {
        for Host { consumer, work } in &mut self.hosts {
            let ready = work.take_to_resume();
            if !ready.is_empty() {
                consumer.0.resume(&topic_partition_list(&ready))?;
            }
        }
        self.note_assignment();
        Ok(())
    }

    fn note_assignment(&mut self) {
        for host in &mut self.hosts {
            let gained = host.work.note_assigned();
            self.metrics.assigned_partitions.with_label_values(&[host.work.spec.name]).add(gained);
        }
        let ready = self.hosts.iter().all(|host| host.work.has_joined() && !host.work.restores());
        self.pulse.set_ready(ready);
    }

    /// Commits the open batch: outputs, changelogs and input offsets in one transaction, then the local stores.
    fn commit(&mut self) -> Result<(), ThreadError> {
        if self.batch.is_empty() {
            return Ok(());
        }
        let wall_clock = wall_clock();
        for host in &mut self.hosts {
            host.work.tick(wall_clock, &mut self.batch, &self.codec)?;
        }
        let started = Instant::now();
        self.producer.serve();
        crash::point(Place::BeforeBegin);
        self.producer.begin()?;
        crash::point(Place::AfterBegin);
        for outgoing in self.batch.effects.outgoing() {
            self.producer.send(outgoing.topic, None, outgoing.key, Some(outgoing.value))?;
        }
        for host in &mut self.hosts {
            host.work.send_changelogs(&self.producer, &self.codec)?;
        }
        crash::point(Place::AfterSends);
        for host in &self.hosts {
            host.send_offsets(&self.producer)?;
        }
        crash::point(Place::AfterOffsets);
        self.producer.commit()?;
        crash::point(Place::AfterCommit);
        self.last_commit = Instant::now();
        self.metrics.commit_seconds.observe(started.elapsed().as_secs_f64());
        for host in &mut self.hosts {
            host.work.committed()?;
        }
        self.count();
        self.batch.clear();
        self.doubts = 0;
        Ok(())
    }

    fn count(&self) {
        let metrics = &self.metrics;
        metrics.transactions.with_label_values(&["committed"]).inc();
        for (processor, count) in &self.batch.read {
            metrics.records_read.with_label_values(&[processor]).inc_by(*count);
        }
        for ((processor, class, code), count) in &self.batch.dead_letters {
            metrics.dead_letters.with_label_values(&[processor, class, code]).inc_by(*count);
        }
        for ((processor, event), count) in &self.batch.events {
            metrics.processor_events.with_label_values(&[processor, event]).inc_by(*count);
        }
        let mut written: std::collections::HashMap<&str, u64> = std::collections::HashMap::new();
        for outgoing in self.batch.effects.outgoing() {
            *written.entry(outgoing.topic).or_default() += 1;
        }
        for (topic, count) in written {
            // A topic has one writer, so in a process that hosts several the topic tells which it was.
            let processor = self.hosts.iter().find(|host| host.work.writes(topic)).map_or("", |host| host.work.spec.name);
            metrics.records_written.with_label_values(&[processor, topic]).inc_by(count);
        }
    }

    /// After any doubt: a new producer ends the old transaction one way or the other; then the committed offsets and the changelogs say which.
    fn recover(&mut self, doubt: &ThreadError) -> Result<(), ThreadError> {
        let wait = backoff(self.doubts);
        self.doubts = self.doubts.saturating_add(1);
        tracing::warn!(error = %doubt, wait_ms = wait.as_millis(), "batch dropped, going on from the committed offsets");
        self.pulse.set_ready(false);
        self.batch.clear();
        for host in &mut self.hosts {
            host.work.aborted();
        }
        self.metrics.transactions.with_label_values(&["aborted"]).inc();
        self.metrics.producer_rebuilds.inc();
        std::thread::sleep(wait);
        self.producer = TransactionalProducer::connect(&self.producer_config).map_err(ThreadError::Client)?;
        // What was being restored already was not part of the transaction.
        let mut starts = Vec::new();
        for (index, host) in self.hosts.iter_mut().enumerate() {
            let doubtful = host.work.restored();
            if doubtful.is_empty() {
                continue;
            }
            starts.push((index, host.committed_offsets(&doubtful).map_err(restart)?));
            // The doubtful transaction may have been committed: its changelog tells.
            let mut tasks: Vec<i32> = doubtful.iter().map(|input| input.partition).collect();
            tasks.sort_unstable();
            tasks.dedup();
            self.restorer.plan(&self.settings, index, &mut host.work, &tasks, &self.metrics).map_err(restart)?;
        }
        for (index, offsets) in starts {
            let partitions: Vec<i32> = offsets.elements().iter().map(rdkafka::topic_partition_list::TopicPartitionListElem::partition).collect();
            while partitions.iter().any(|partition| self.hosts[index].work.task_mut(*partition).is_some_and(|task| task.restoring)) {
                self.pulse.beat(SystemTime::now());
                if self.stop.load(Ordering::Acquire) {
                    return Err(ThreadError::Restore("told to stop".to_owned()));
                }
                self.restorer.step(&mut self.hosts, &self.codec, RESTORE_SLICE).map_err(restart)?;
            }
            let sought = self.hosts[index].consumer.0.seek_partitions(offsets, SEEK_TIMEOUT).map_err(ThreadError::Client)?;
            for element in sought.elements() {
                element.error().map_err(ThreadError::Client)?;
            }
        }
        self.note_assignment();
        Ok(())
    }
}

/// Most consumer errors pass by themselves; these do not.
pub(crate) fn judge(error: KafkaError) -> Result<(), ThreadError> {
    if let Some(RDKafkaErrorCode::AutoOffsetReset | RDKafkaErrorCode::Fatal) = error.rdkafka_error_code() {
        return Err(ThreadError::Client(error));
    }
    tracing::warn!(%error, "Kafka consumer");
    Ok(())
}

/// The same error as one that needs a restart.
fn restart(error: ThreadError) -> ThreadError {
    match error {
        ThreadError::Kafka(error) => ThreadError::Client(error),
        other => other,
    }
}

/// Wait before the next try, after `failures` in a row: none at first, then doubling from 50 ms to 5 s.
fn backoff(failures: u32) -> Duration {
    match failures {
        0 => Duration::ZERO,
        _ => Duration::from_millis((25_u64 << failures.min(8)).min(5_000)),
    }
}

fn topic_partition_list(partitions: &[TopicPartition]) -> rdkafka::TopicPartitionList {
    let mut list = rdkafka::TopicPartitionList::new();
    for TopicPartition { topic, partition } in partitions {
        list.add_partition(topic, *partition);
    }
    list
}

fn wall_clock() -> Timestamp {
    let elapsed = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Timestamp::from_micros(i64::try_from(elapsed.as_micros()).unwrap_or(i64::MAX))
}
