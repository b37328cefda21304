//! Brings stores to the end of their changelogs.
//!
//! All tasks that a thread was given are restored at once: one reader per changelog is assigned to all partitions that are to be replayed, so there are
//! never more readers than hosted stores. It works in slices, between which the thread polls its consumers: a restore may take longer than
//! `max.poll.interval.ms`, may be overtaken by the next rebalance, and leaves partitions that are ready to be processed meanwhile.

mod changelog;

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use lineside_schemas::Codec;
use lineside_topology::topics::changelog_topic;
use rdkafka::error::KafkaError;
use rdkafka::message::Message as _;

use crate::crash::{self, Place};
use crate::host::Host;
use crate::metrics::{Metrics, RestoreProgress};
use crate::settings::Settings;
use crate::thread_error::{ThreadError, judge};
use crate::work::Work;
use changelog::{Changelog, Watermarks};

/// An earlier owner's open transaction can hold the stable end back until the broker ends it; and a broker can be away.
const PATIENCE: Duration = Duration::from_mins(1);
/// How often the stable end is asked for while it is held back.
const STABLE_INTERVAL: Duration = Duration::from_millis(20);
/// How often the log tells how far a restore is, and a store keeps what it has so far.
const REPORT_INTERVAL: Duration = Duration::from_secs(5);
/// How long a slice waits for records that do not come.
const IDLE_WAIT: Duration = Duration::from_millis(2);
/// Records that one changelog may give before the next one's turn.
const TURN_RECORDS: u64 = 256;

/// Restores the stores of a stream thread's tasks.
#[derive(Debug, Default)]
pub struct Restorer {
    watermarks: Option<Watermarks>,
    stores: Vec<StoreRestore>,
}

/// Restore of one store in all partitions that need it.
#[derive(Debug)]
struct StoreRestore {
    /// Place of its processor in the thread.
    host: usize,
    processor: &'static str,
    store: &'static str,
    changelog: Changelog,
    jobs: BTreeMap<i32, Job>,
    asked: Option<Instant>,
    reported: Instant,
}

/// Restore of one partition of a store.
#[derive(Debug)]
struct Job {
    /// What the store held when it began: offsets before this one.
    local: Option<i64>,
    /// Offset to be read next.
    next: i64,
    end: i64,
    records: u64,
    started: Instant,
    /// When something last came.
    moved: Instant,
    /// No open transaction stands before the end any more, and the reader is assigned to it.
    reading: bool,
    progress: RestoreProgress,
}

impl Restorer {
    /// Nothing is being restored.
    #[must_use]
    pub fn is_idle(&self) -> bool {
        self.stores.is_empty()
    }

    /// Takes note of what these tasks of a processor lack. Those that lack something are marked until [`Self::step`] has brought them to the end.
    ///
    /// To be called after the committed input offsets were fetched: what an earlier owner could still commit would have held that fetch back.
    ///
    /// # Errors
    /// Whatever Kafka or a store says.
    pub fn plan(&mut self, settings: &Settings, host: usize, work: &mut Work, partitions: &[i32], metrics: &Metrics) -> Result<(), ThreadError> {
        let spec = work.spec;
        if spec.stores.is_empty() || partitions.is_empty() {
            return Ok(());
        }
        let topics: Vec<String> = spec.stores.iter().map(|store| changelog_topic(spec, store.name)).collect();
        let watermarks = match &mut self.watermarks {
            Some(watermarks) => watermarks,
            none => none.insert(Watermarks::new(settings)?),
        };
        let ranges = watermarks.ranges(&topics, partitions)?;
        for (store, topic) in spec.stores.iter().zip(&topics) {
            for partition in partitions {
                let range = ranges.get(&(topic.clone(), *partition)).ok_or_else(|| ThreadError::Restore(format!("{topic}-{partition}: Kafka told no end")))?;
                let Some(task) = work.task_mut(*partition) else { continue };
                let mut local = task.state.position(store.name);
                if local.is_some_and(|position| position > range.end) {
                    tracing::warn!(topic, partition, position = local, end = range.end, "the store is ahead of its changelog, which was recreated: rebuilding the store");
                    task.state.wipe(store.name)?;
                    local = None;
                }
                let next = local.unwrap_or(range.start).max(range.start);
                if next >= range.end {
                    if local != Some(range.end) {
                        task.state.restored(store.name, range.end)?;
                    }
                    continue;
                }
                task.restoring = true;
                let now = Instant::now();
                let progress = RestoreProgress::new(metrics, spec.name, store.name, next, range.end);
                let job = Job { local, next, end: range.end, records: 0, started: now, moved: now, reading: false, progress };
                self.of_store(settings, host, work.spec.name, work.spec.group, store.name, topic)?.jobs.insert(*partition, job);
            }
        }
        Ok(())
    }

    fn of_store(
        &mut self,
        settings: &Settings,
        host: usize,
        processor: &'static str,
        group: &str,
        store: &'static str,
        topic: &str,
    ) -> Result<&mut StoreRestore, KafkaError> {
        if let Some(place) = self.stores.iter().position(|restore| restore.changelog.topic() == topic) {
            return Ok(&mut self.stores[place]);
        }
        let changelog = Changelog::new(settings, group, topic)?;
        self.stores.push(StoreRestore { host, processor, store, changelog, jobs: BTreeMap::new(), asked: None, reported: Instant::now() });
        let place = self.stores.len() - 1;
        Ok(&mut self.stores[place])
    }

    /// Replays for about `slice`, or less if nothing comes. Tasks that have everything are unmarked.
    ///
    /// # Errors
    /// Whatever Kafka or a store says; [`ThreadError::Restore`] when nothing came for a minute.
    pub fn step(&mut self, hosts: &mut [Host], codec: &Codec, slice: Duration) -> Result<(), ThreadError> {
        let until = Instant::now() + slice;
        for restore in &mut self.stores {
            restore.start_stable()?;
        }
        loop {
            let mut count = 0;
            for restore in &mut self.stores {
                count += restore.replay(hosts, codec, Duration::ZERO)?;
            }
            if count == 0
                && let Some(first) = self.stores.iter_mut().find(|restore| !restore.jobs.is_empty())
            {
                count += first.replay(hosts, codec, IDLE_WAIT)?;
            }
            if count == 0 || Instant::now() >= until {
                break;
            }
        }
        for restore in &mut self.stores {
            restore.report(hosts)?;
        }
        self.stores.retain(|restore| !restore.jobs.is_empty());
        for (host, work) in hosts.iter_mut().enumerate() {
            let stores = &self.stores;
            work.work.unmark_restored(|partition| stores.iter().any(|restore| restore.host == host && restore.jobs.contains_key(&partition)));
        }
        Ok(())
    }

    /// Gives up the tasks of a processor that it has no more.
    ///
    /// # Errors
    /// Whatever Kafka says.
    pub fn forget(&mut self, host: usize, work: &mut Work) -> Result<(), ThreadError> {
        for restore in self.stores.iter_mut().filter(|restore| restore.host == host) {
            let gone: Vec<i32> = restore.jobs.keys().copied().filter(|partition| work.task_mut(*partition).is_none()).collect();
            for partition in gone {
                restore.remove(partition)?;
            }
        }
        self.stores.retain(|restore| !restore.jobs.is_empty());
        Ok(())
    }
}

impl StoreRestore {
    /// Starts reading the partitions in which no open transaction stands before the end: only then does reading to the stable end read all that is committed.
    fn start_stable(&mut self) -> Result<(), ThreadError> {
        let waiting: Vec<i32> = self.jobs.iter().filter(|(_, job)| !job.reading).map(|(partition, _)| *partition).collect();
        if waiting.is_empty() || self.asked.is_some_and(|asked| asked.elapsed() < STABLE_INTERVAL) {
            return Ok(());
        }
        self.asked = Some(Instant::now());
        let stable_ends = self.changelog.stable_ends(&waiting)?;
        let mut starts = Vec::new();
        for (partition, stable) in stable_ends {
            let Some(job) = self.jobs.get_mut(&partition) else { continue };
            if stable >= job.end {
                job.reading = true;
                job.moved = Instant::now();
                starts.push((partition, job.next));
            } else if job.started.elapsed() > PATIENCE {
                return Err(ThreadError::Restore(format!(
                    "{}-{partition}: an open transaction holds the stable end at {stable}, before {}",
                    self.changelog.topic(),
                    job.end
                )));
            }
        }
        Ok(self.changelog.start(&starts)?)
    }

    /// Applies what the reader has, up to a turn's records; gives how many there were, ends of partitions among them.
    fn replay(&mut self, hosts: &mut [Host], codec: &Codec, wait: Duration) -> Result<u64, ThreadError> {
        let work = &mut hosts[self.host].work;
        let mut count = 0;
        let mut wait = wait;
        let mut ended = Vec::new();
        while count < TURN_RECORDS {
            let polled = self.changelog.poll(wait);
            wait = Duration::ZERO;
            match polled {
                None => break,
                Some(Ok(message)) => {
                    let (partition, offset) = (message.partition(), message.offset());
                    let (Some(job), Some(task)) = (self.jobs.get_mut(&partition), work.task_mut(partition)) else { continue };
                    if offset < job.end {
                        task.state.restore(self.store, codec, message.key(), message.payload())?;
                        crash::point(Place::DuringRestore);
                        job.next = offset + 1;
                        job.records += 1;
                        job.progress.replayed(1, offset);
                    } else {
                        ended.push(partition);
                    }
                }
                Some(Err(KafkaError::PartitionEOF(partition))) => ended.push(partition),
                Some(Err(error)) => judge(error)?,
            }
            count += 1;
        }
        let now = Instant::now();
        for job in self.jobs.values_mut().filter(|_| count > 0) {
            job.moved = now;
        }
        for partition in ended {
            let (Some(job), Some(task)) = (self.jobs.get(&partition), work.task_mut(partition)) else { continue };
            task.state.restored(self.store, job.end)?;
            let elapsed_ms = job.started.elapsed().as_millis();
            let from = job.local.map_or_else(|| "the beginning".to_owned(), |position| format!("local position {position}"));
            tracing::info!(processor = self.processor, store = self.store, partition, records = job.records, from, to = job.end, elapsed_ms, "restored");
            self.remove(partition)?;
        }
        Ok(count)
    }

    /// Tells now and then how far it is, and lets the stores keep it: a crash then does not cost all of it.
    fn report(&mut self, hosts: &mut [Host]) -> Result<(), ThreadError> {
        if let Some((partition, job)) = self.jobs.iter().find(|(_, job)| job.moved.elapsed() > PATIENCE) {
            return Err(ThreadError::Restore(format!("{}-{partition}: no record for {PATIENCE:?} at offset {}", self.changelog.topic(), job.next)));
        }
        if self.jobs.is_empty() || self.reported.elapsed() < REPORT_INTERVAL {
            return Ok(());
        }
        self.reported = Instant::now();
        for (partition, job) in &self.jobs {
            if let (true, Some(task)) = (job.records > 0, hosts[self.host].work.task_mut(*partition)) {
                task.state.restored(self.store, job.next)?;
            }
        }
        let records: u64 = self.jobs.values().map(|job| job.records).sum();
        let left: i64 = self.jobs.values().map(|job| job.end - job.next).sum();
        tracing::info!(processor = self.processor, store = self.store, partitions = self.jobs.len(), records, left, "restoring");
        Ok(())
    }

    fn remove(&mut self, partition: i32) -> Result<(), KafkaError> {
        match self.jobs.remove(&partition) {
            Some(job) if job.reading => self.changelog.stop(partition),
            _ => Ok(()),
        }
    }
}
