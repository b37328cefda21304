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
use rdkafka::error::{KafkaError, RDKafkaErrorCode};

use crate::application::StartError;
use crate::batch::{Batch, Limits};
use crate::crash::{self, Place};
use crate::gauges::PartitionGauges;
use crate::health::{Doing, Pulse};
use crate::host::Host;
use crate::metrics::Metrics;
use crate::pace::{Pace, next_raw_read};
use crate::restore::Restorer;
use crate::settings::Settings;
use crate::tables::Tables;
use crate::thread_error::{ThreadError, backoff, judge, restart};
use crate::transaction::TransactionalProducer;

/// How long an idle thread waits; also how soon a stop is noticed.
const IDLE_WAIT: Duration = Duration::from_millis(50);
/// Records that a consumer may give before the next one's turn.
const TURN_RECORDS: u32 = 256;
/// A broker forgets offsets of topics that their group does not subscribe to, after a week without a commit unless it is told otherwise.
const REFRESH: Duration = Duration::from_hours(1);
const FIRST_REFRESH: Duration = Duration::from_mins(1);
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
    tables: Tables,
    metrics: Metrics,
    gauges: PartitionGauges,
    pulse: Arc<Pulse>,
    stop: Arc<AtomicBool>,
    last_commit: Instant,
    /// When raw topics are read again, on a thread that hosts several processors.
    next_raw_read: Instant,
    /// When processors that want ticks are called though nothing comes; never if there are none.
    next_tick: Option<Instant>,
    /// When offsets that stand still are committed again; never if the groups look after them.
    next_refresh: Option<Instant>,
    /// It waits to be unparked rather than on a consumer.
    parks: bool,
    /// The commit of the open transaction was asked for.
    commit_asked: bool,
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
    /// The tables of the processors, read.
    pub tables: Tables,
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
        let Parts { mut hosts, producer_config, codec, tables, settings, state_dir, metrics, pulse, stop } = parts;
        let started = Instant::now();
        let producer = TransactionalProducer::connect(&producer_config)?;
        tracing::info!(elapsed_ms = started.elapsed().as_millis(), "transactions can begin");
        for host in &mut hosts {
            metrics.prepare(host.work.spec);
            host.work.feed(&tables, &codec)?;
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
        let refreshes = hosts.iter().any(|host| host.work.spec.task_topic().is_some());
        let ticks = hosts.iter().any(|host| host.work.spec.ticks);
        Ok(Self {
            // Of several consumers none can be waited on, and neither can answers.
            parks: hosts.len() > 1 || hosts.iter().any(|host| host.work.makes_calls()),
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
            tables,
            gauges: PartitionGauges::new(metrics.clone()),
            metrics,
            pulse,
            stop,
            last_commit: Instant::now(),
            next_raw_read: Instant::now(),
            next_tick: ticks.then(Instant::now),
            next_refresh: refreshes.then(|| Instant::now() + FIRST_REFRESH),
            commit_asked: false,
            holds_raw: false,
            doubts: 0,
        })
    }

    /// Runs until told to stop; commits what is open then.
    ///
    /// # Errors
    /// [`ThreadError`] when it needs a fresh start.
    pub fn run(mut self) -> Result<(), ThreadError> {
        if self.parks {
            self.tables.wake_this_thread();
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
                Err(error) if error.needs_restart() || self.replaced().is_some() => break Err(error),
                Err(error) => {
                    if let Err(error) = self.recover(&error) {
                        break Err(error);
                    }
                }
            }
        };
        let outcome = outcome.map_err(|error| self.replaced().map_or(error, ThreadError::Start));
        self.pulse.say(Doing::Stopped);
        for host in &mut self.hosts {
            host.work.remove_all();
            self.metrics.assigned_partitions.with_label_values(&[host.work.spec.name]).add(host.work.note_assigned());
            host.consumer.0.context().close();
        }
        outcome
    }

    /// What ended this member, if another process joined under its name. To join again would end that one in turn, and so on.
    fn replaced(&self) -> Option<StartError> {
        let fenced = |host: &Host| host.consumer.0.client().fatal_error().is_some_and(|(code, _)| code == RDKafkaErrorCode::FencedInstanceId);
        let host = self.hosts.iter().find(|host| fenced(host))?;
        Some(StartError(format!(
            "another process joined the group {} under the same instance id and took this one's place; each needs an id of its own",
            host.work.spec.group
        )))
    }

    /// Processes what the consumers have, in turns, and commits when the batch is due; waits when they have nothing.
    fn turn(&mut self) -> Result<(), ThreadError> {
        if self.batch.is_empty() {
            self.follow_tables()?;
        }
        let mut read = Read::Nothing;
        for index in 0..self.hosts.len() {
            read = read.max(self.drain(index)?);
        }
        for index in 0..self.hosts.len() {
            read = read.max(self.take_answers(index)?);
        }
        let state_bytes: usize = self.hosts.iter().map(|host| host.work.state_bytes()).sum();
        if self.batch.is_full(&self.limits, state_bytes) {
            return self.commit();
        }
        let now = Instant::now();
        let Some(started) = self.batch.started() else {
            if read == Read::Nothing && (self.next_tick.is_some_and(|next| now >= next) || self.next_refresh.is_some_and(|next| now >= next)) {
                return self.tick_alone();
            }
            return if read == Read::Nothing { self.wait(IDLE_WAIT) } else { Ok(()) };
        };
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
        // A turn alone never fills more than a batch.
        let turn = TURN_RECORDS.min(self.limits.records);
        for count in 0..turn {
            // A frame holds many records: a turn that counted it as one would grow the batch far beyond its bounds.
            if self.batch.records.saturating_sub(before) >= turn {
                break;
            }
            if !self.poll(index, Duration::ZERO)? {
                return Ok(if count > 0 { Read::All } else { Read::Nothing });
            }
            self.holds_raw |= waits;
        }
        Ok(Read::More)
    }

    /// Processes answers to calls of one processor until it has none or its turn is over.
    fn take_answers(&mut self, index: usize) -> Result<Read, ThreadError> {
        let work = &mut self.hosts[index].work;
        if !work.makes_calls() {
            return Ok(Read::Nothing);
        }
        for count in 0..TURN_RECORDS {
            let now = Instant::now();
            self.pulse.beat(now);
            self.pulse.enter(index);
            let answered = work.answer(&mut self.batch, &self.codec, &self.tables, now);
            self.pulse.leave();
            if !answered? {
                return Ok(if count > 0 { Read::All } else { Read::Nothing });
            }
        }
        Ok(Read::More)
    }

    /// Takes in what is new in the tables, while no batch is open.
    fn follow_tables(&mut self) -> Result<(), ThreadError> {
        let Self { tables, hosts, codec, .. } = self;
        tables.follow(codec, &mut |tables, record| hosts.iter_mut().try_for_each(|host| host.work.take_table_record(record, tables, codec)))
    }

    /// Waits until a consumer has something, or for so long.
    fn wait(&mut self, time: Duration) -> Result<(), ThreadError> {
        // A restore waits itself, and only a little.
        let time = if self.restorer.is_idle() { time } else { Duration::ZERO };
        if !self.parks {
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
        let Host { consumer, work, .. } = &mut self.hosts[index];
        let gap = now.duration_since(work.polled(now));
        let outcome = match consumer.0.poll(wait) {
            Some(Ok(message)) => {
                self.pulse.beat(now);
                self.pulse.enter(index);
                let outcome = work.process(&message, &mut self.batch, &self.codec, &self.tables, now);
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
        self.tick(|_| true)?;
        self.refresh();
        self.commit_batch()
    }

    /// Lets the clock call the processors that want it though nothing has come, and commits what they leave. If that is nothing, nothing is committed.
    fn tick_alone(&mut self) -> Result<(), ThreadError> {
        self.tick(|host| host.work.spec.ticks)?;
        self.refresh();
        if self.hosts.iter().any(|host| host.work.has_left_something()) { self.commit_batch() } else { Ok(()) }
    }

    fn tick(&mut self, wants: impl Fn(&Host) -> bool) -> Result<(), ThreadError> {
        let wall_clock = wall_clock();
        for (index, host) in self.hosts.iter_mut().enumerate().filter(|(_, host)| wants(host)) {
            self.pulse.enter(index);
            let ticked = host.work.tick(wall_clock, &mut self.batch, &self.codec);
            self.pulse.leave();
            ticked?;
        }
        self.next_tick = self.next_tick.map(|_| Instant::now() + self.settings.tick_interval());
        Ok(())
    }

    /// Now and then lets the next commit have all offsets of those groups whose offsets nobody looks after.
    fn refresh(&mut self) {
        let now = Instant::now();
        if self.next_refresh.is_some_and(|next| now >= next) {
            self.next_refresh = Some(now + REFRESH);
            self.hosts.iter_mut().for_each(|host| host.work.refresh_offsets());
        }
    }

    fn commit_batch(&mut self) -> Result<(), ThreadError> {
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
        self.commit_asked = true;
        self.producer.commit()?;
        self.commit_asked = false;
        crash::point(Place::AfterCommit);
        self.last_commit = Instant::now();
        if std::mem::take(&mut self.holds_raw) {
            self.next_raw_read = next_raw_read(self.last_commit, self.settings.commit_interval());
        }
        self.metrics.commit_seconds.observe(started.elapsed().as_secs_f64());
        let committed = self::wall_clock();
        for host in &mut self.hosts {
            host.work.observe(&self.metrics, committed);
            host.work.committed(committed)?;
        }
        self.metrics.count(&self.batch, |topic| self.hosts.iter().find(|host| host.work.writes(topic)).map(|host| host.work.spec.name));
        self.gauges.show_levels(&self.batch.gauges);
        self.batch.clear();
        self.doubts = 0;
        Ok(())
    }

    /// Sends what the batch staged: as frames where the topic carries frames.
    fn send_outputs(&mut self) -> Result<(), ThreadError> {
        let Self { producer, batch, codec, framed, frame_bytes, .. } = self;
        let plain = batch.effects.outgoing().filter(|outgoing| framed.iter().all(|(topic, _)| *topic != outgoing.topic));
        for outgoing in plain {
            producer.send(outgoing.topic, None, outgoing.key, outgoing.value)?;
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
        let asked = std::mem::take(&mut self.commit_asked);
        for host in &mut self.hosts {
            host.work.aborted(asked);
            host.work.remake_if_used(&self.tables, &self.codec)?;
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
            let offsets = host.committed_offsets(&doubtful).map_err(restart)?;
            host.work.set_positions(&offsets);
            starts.push((index, offsets));
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
