//! The loop of a stream thread: poll, process, commit; and what to do when the group or a doubt gets in between.

mod partitions;

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use lineside_api::{Failure, frame};
use lineside_schemas::contract::RecordFrame;
use lineside_schemas::{Codec, Timestamp};
use lineside_topology::topics::is_framed;
use rdkafka::ClientConfig;
use rdkafka::consumer::Consumer as _;
use rdkafka::error::KafkaError;

use crate::batch::{Batch, Limits};
use crate::crash::{self, Place};
use crate::gauges::PartitionGauges;
use crate::health::{Doing, Pulse};
use crate::host::Host;
use crate::metrics::Metrics;
use crate::pace::{Pace, next_raw_read};
use crate::restore::Restorer;
use crate::settings::Settings;
use crate::thread_error::{ThreadError, backoff, judge, restart};
use crate::transaction::TransactionalProducer;

/// How long an idle thread waits; also how soon a stop is noticed.
const IDLE_WAIT: Duration = Duration::from_millis(50);
/// Records that a consumer may give before the next one's turn.
const TURN_RECORDS: u32 = 256;
const SEEK_TIMEOUT: Duration = Duration::from_secs(10);
/// How long a restore works before the consumers are polled again.
const RESTORE_SLICE: Duration = Duration::from_millis(20);

/// What a turn found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Read {
    /// No record.
    Nothing,
    /// Records, and then no more.
    All,
    /// As many records as a turn takes: more may wait.
    More,
}

/// A stream thread, made and run on its own OS thread.
pub struct StreamThread {
    hosts: Vec<Host>,
    producer: TransactionalProducer,
    producer_config: ClientConfig,
    codec: Codec,
    /// Topics that it writes frames to, and their partition counts.
    framed: Vec<(&'static str, i32)>,
    /// A frame being encoded; kept for its memory.
    frame_bytes: Vec<u8>,
    batch: Batch,
    limits: Limits,
    pace: Pace,
    settings: Settings,
    state_dir: PathBuf,
    restorer: Restorer,
    metrics: Metrics,
    gauges: PartitionGauges,
    pulse: Arc<Pulse>,
    stop: Arc<AtomicBool>,
    last_commit: Instant,
    /// When raw topics are read again, on a thread that hosts several processors.
    next_raw_read: Instant,
    /// The open batch holds raw records.
    holds_raw: bool,
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
        for host in &hosts {
            metrics.prepare(host.work.spec);
        }
        pulse.host(hosts.iter().map(|host| host.work.spec));
        let topics = hosts.iter().flat_map(|host| host.work.spec.writes).filter(|topic| is_framed(topic));
        let framed = topics.map(|topic| Ok((*topic, producer.partition_count(topic)?))).collect::<Result<_, KafkaError>>()?;
        let limits = Limits { records: settings.batch_records, bytes: settings.batch_bytes };
        let pace = if let [host] = hosts.as_slice()
            && host.work.spec.reads_raw()
        {
            Pace::first_hop(settings.commit_interval())
        } else {
            Pace::later_hop()
        };
        Ok(Self {
            hosts,
            producer,
            producer_config,
            codec,
            framed,
            frame_bytes: Vec::new(),
            batch: Batch::default(),
            limits,
            pace,
            settings,
            state_dir,
            restorer: Restorer::default(),
            gauges: PartitionGauges::new(metrics.clone()),
            metrics,
            pulse,
            stop,
            last_commit: Instant::now(),
            next_raw_read: Instant::now(),
            holds_raw: false,
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
        self.pulse.say(Doing::Running);
        let outcome = loop {
            if self.stop.load(Ordering::Acquire) {
                break self.commit();
            }
            let now = Instant::now();
            self.pulse.beat(now);
            self.gauges.refresh(&self.hosts, now);
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
        self.pulse.say(Doing::Stopped);
        for host in &mut self.hosts {
            host.work.remove_all();
            self.metrics.assigned_partitions.with_label_values(&[host.work.spec.name]).add(host.work.note_assigned());
            host.consumer.0.context().close();
        }
        outcome
    }

    /// Processes what the consumers have, in turns, and commits when the batch is due; waits when they have nothing.
    fn turn(&mut self) -> Result<(), ThreadError> {
        let mut read = Read::Nothing;
        for index in 0..self.hosts.len() {
            read = read.max(self.drain(index)?);
        }
        let state_bytes: usize = self.hosts.iter().map(|host| host.work.state_bytes()).sum();
        if self.batch.is_full(&self.limits, state_bytes) {
            return self.commit();
        }
        let now = Instant::now();
        let Some(started) = self.batch.started() else { return if read == Read::Nothing { self.wait(IDLE_WAIT) } else { Ok(()) } };
        if self.pace.is_due(now, started, self.last_commit, read == Read::More) {
            return self.commit();
        }
        if read == Read::Nothing { self.wait(self.pace.due(started, self.last_commit).saturating_duration_since(now)) } else { Ok(()) }
    }

    /// Processes records of one consumer until it has none or its turn is over.
    fn drain(&mut self, index: usize) -> Result<Read, ThreadError> {
        let waits = self.hosts.len() > 1 && self.hosts[index].work.spec.reads_raw();
        if waits && Instant::now() < self.next_raw_read {
            return Ok(Read::Nothing);
        }
        let before = self.batch.records;
        for count in 0..TURN_RECORDS {
            // A frame holds many records: a turn that counted it as one would grow the batch far beyond its bounds.
            if self.batch.records.saturating_sub(before) >= TURN_RECORDS {
                break;
            }
            if !self.poll(index, Duration::ZERO)? {
                return Ok(if count > 0 { Read::All } else { Read::Nothing });
            }
            self.holds_raw |= waits;
        }
        Ok(Read::More)
    }

    /// Waits until a consumer has something, or for so long.
    fn wait(&mut self, time: Duration) -> Result<(), ThreadError> {
        // A restore waits itself, and only a little.
        let time = if self.restorer.is_idle() { time } else { Duration::ZERO };
        if self.hosts.len() == 1 {
            return self.poll(0, time).map(|_| ());
        }
        // Each consumer unparks the thread when its queue is no longer empty; one that was not read may have had records all the time.
        let unread = self.next_raw_read.saturating_duration_since(Instant::now());
        std::thread::park_timeout(if unread.is_zero() { time } else { time.min(unread) });
        Ok(())
    }

    /// True if there was a record.
    fn poll(&mut self, index: usize, wait: Duration) -> Result<bool, ThreadError> {
        let now = Instant::now();
        let Host { consumer, work } = &mut self.hosts[index];
        let gap = now.duration_since(work.polled(now));
        let outcome = match consumer.0.poll(wait) {
            Some(Ok(message)) => {
                self.pulse.beat(now);
                self.pulse.enter(index);
                let outcome = work.process(&message, &mut self.batch, &self.codec, now);
                self.pulse.leave();
                return outcome.map(|()| true);
            }
            Some(Err(error)) => judge(error),
            None => Ok(()),
        };
        // A rebalance ends a poll without a record. It is acted upon whatever else happened: the group waits for it.
        for rebalance in self.hosts[index].consumer.0.context().take() {
            self.rebalance(index, rebalance, gap)?;
        }
        outcome.map(|()| false)
    }

    /// Commits the open batch: outputs, changelogs and input offsets in one transaction, then the local stores.
    fn commit(&mut self) -> Result<(), ThreadError> {
        if self.batch.is_empty() {
            return Ok(());
        }
        let wall_clock = wall_clock();
        for (index, host) in self.hosts.iter_mut().enumerate() {
            self.pulse.enter(index);
            let ticked = host.work.tick(wall_clock, &mut self.batch, &self.codec);
            self.pulse.leave();
            ticked?;
        }
        let started = Instant::now();
        self.producer.serve();
        crash::point(Place::BeforeBegin);
        self.producer.begin()?;
        crash::point(Place::AfterBegin);
        self.send_outputs()?;
        for host in &mut self.hosts {
            host.work.send_changelogs(&self.producer, &self.codec)?;
        }
        crash::point(Place::AfterSends);
        for host in &self.hosts {
            // Each of these calls may take half a minute while the broker is away.
            self.pulse.beat(Instant::now());
            host.send_offsets(&self.producer)?;
        }
        crash::point(Place::AfterOffsets);
        self.pulse.beat(Instant::now());
        self.producer.commit()?;
        crash::point(Place::AfterCommit);
        self.last_commit = Instant::now();
        if std::mem::take(&mut self.holds_raw) {
            self.next_raw_read = next_raw_read(self.last_commit, self.settings.commit_interval());
        }
        self.metrics.commit_seconds.observe(started.elapsed().as_secs_f64());
        let committed = self::wall_clock();
        for host in &mut self.hosts {
            host.work.observe(&self.metrics, committed);
            host.work.committed()?;
        }
        self.metrics.count(&self.batch, |topic| self.hosts.iter().find(|host| host.work.writes(topic)).map(|host| host.work.spec.name));
        self.batch.clear();
        self.doubts = 0;
        Ok(())
    }

    /// Sends what the batch staged: as frames where the topic carries frames.
    fn send_outputs(&mut self) -> Result<(), ThreadError> {
        let Self { producer, batch, codec, framed, frame_bytes, .. } = self;
        let plain = batch.effects.outgoing().filter(|outgoing| framed.iter().all(|(topic, _)| *topic != outgoing.topic));
        for outgoing in plain {
            producer.send(outgoing.topic, None, outgoing.key, Some(outgoing.value))?;
        }
        for (topic, partitions) in framed {
            let records = batch.effects.outgoing().filter(|outgoing| outgoing.topic == *topic);
            frame::frames(records, *partitions, |partition, frame| {
                frame_bytes.clear();
                codec.encode::<RecordFrame>(topic, frame, frame_bytes).map_err(Failure::from)?;
                producer.send(topic, Some(partition), None, Some(frame_bytes)).map_err(ThreadError::from)
            })?;
        }
        Ok(())
    }

    /// After any doubt: a new producer ends the old transaction one way or the other; then the committed offsets and the changelogs say which.
    fn recover(&mut self, doubt: &ThreadError) -> Result<(), ThreadError> {
        let wait = backoff(self.doubts);
        self.doubts = self.doubts.saturating_add(1);
        tracing::warn!(error = %doubt, wait_ms = wait.as_millis(), "batch dropped, going on from the committed offsets");
        self.pulse.say(Doing::Recovering(doubt.to_string()));
        self.batch.clear();
        self.holds_raw = false;
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
                self.pulse.beat(Instant::now());
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

fn wall_clock() -> Timestamp {
    let elapsed = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Timestamp::from_micros(i64::try_from(elapsed.as_micros()).unwrap_or(i64::MAX))
}
