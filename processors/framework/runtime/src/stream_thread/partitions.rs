//! Partitions that come and go.

use std::time::{Duration, Instant};

use rdkafka::consumer::Consumer as _;

use super::{RESTORE_SLICE, StreamThread};
use crate::assignment::{Rebalance, TopicPartition};
use crate::crash::{self, Place};
use crate::health::Doing;
use crate::host::Host;
use crate::memory;
use crate::thread_error::{ThreadError, restart};

/// A restore that takes less than this is done with before the partitions are taken on; a longer one goes on beside the partitions that are ready.
const RESTORE_AT_ONCE: Duration = Duration::from_millis(300);

impl StreamThread {
    /// Errors are those that need a restart: a doubt about the open batch is dealt with here, so that no partition is left unanswered.
    pub(super) fn rebalance(&mut self, index: usize, rebalance: Rebalance, poll_gap: Duration) -> Result<(), ThreadError> {
        let name = self.hosts[index].work.spec.name;
        match self.by_task(index, rebalance).map_err(restart)? {
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
                let Host { consumer, work, .. } = &mut self.hosts[index];
                let paused = work.paused(&partitions);
                work.remove(&partitions);
                if !partitions.is_empty() {
                    work.remake_if_used(&self.tables, &self.codec)?;
                }
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
        self.pulse.say(Doing::Restoring(self.hosts[index].work.spec.name));
        let host = &mut self.hosts[index];
        host.work.joined();
        self.pulse.assigned(index, true, host.work.assigned().len());
        if partitions.is_empty() {
            host.consumer.0.incremental_assign(&topic_partition_list(partitions))?;
            self.note_assignment();
            return Ok(());
        }
        self.pulse.beat(Instant::now());
        let started = Instant::now();
        let offsets = host.committed_offsets(partitions)?;
        let offsets_ms = started.elapsed().as_millis();
        crash::point(Place::OnAssign);
        let opened = host.work.add(partitions, &self.state_dir, memory::store_limits(&self.settings))?;
        host.work.set_positions(&offsets);
        host.work.remake_if_used(&self.tables, &self.codec)?;
        self.restorer.plan(&self.settings, index, &mut host.work, &opened, &self.metrics)?;
        let began = Instant::now();
        while self.hosts[index].work.restores() && began.elapsed() < RESTORE_AT_ONCE {
            self.restorer.step(&mut self.hosts, &self.codec, RESTORE_SLICE)?;
        }
        let Host { consumer, work, .. } = &mut self.hosts[index];
        consumer.0.incremental_assign(&offsets)?;
        let waiting = work.take_to_pause();
        if !waiting.is_empty() {
            consumer.0.pause(&topic_partition_list(&waiting))?;
        }
        let (processor, partitions, elapsed_ms) = (work.spec.name, partitions.len(), started.elapsed().as_millis());
        tracing::info!(processor, partitions, offsets_ms, elapsed_ms, restoring = waiting.len(), "reading");
        self.resume()
    }

    /// Where several inputs share the state of a task, the group shares out the partitions of the topic that stands for the tasks, and knows no other; the inputs'
    /// partitions of a number follow that one.
    fn by_task(&self, index: usize, rebalance: Rebalance) -> Result<Rebalance, ThreadError> {
        let work = &self.hosts[index].work;
        let Some(task_topic) = work.spec.task_topic() else { return Ok(rebalance) };
        let tasks = |partitions: &[TopicPartition]| -> Vec<i32> { partitions.iter().filter(|given| given.topic == task_topic).map(|given| given.partition).collect() };
        match rebalance {
            Rebalance::Assign(partitions) => {
                let mut numbers = tasks(&partitions);
                numbers.extend(work.task_numbers());
                numbers.sort_unstable();
                numbers.dedup();
                let places = self.producer.partition_count(&task_topic)?;
                let assigned = work.assigned();
                let mut wanted = Vec::new();
                for topic in &self.hosts[index].inputs {
                    let count = self.producer.partition_count(topic)?;
                    if count > places {
                        tracing::error!(
                            topic,
                            count,
                            task_topic,
                            places,
                            "partitions without a place for their state are not read: run `lineside topology apply`, then restart"
                        );
                    }
                    let own = numbers.iter().filter(|number| **number < count).map(|number| TopicPartition { topic: topic.clone(), partition: *number });
                    // A topic that has grown has partitions that none of the group's changes names.
                    wanted.extend(own.filter(|wanted| !assigned.contains(wanted)));
                }
                Ok(Rebalance::Assign(wanted))
            }
            Rebalance::Revoke { partitions, lost } => {
                let gone = tasks(&partitions);
                let partitions = work.assigned().into_iter().filter(|assigned| gone.contains(&assigned.partition)).collect();
                Ok(Rebalance::Revoke { partitions, lost })
            }
        }
    }

    /// Goes on with what is being restored.
    pub(super) fn restore(&mut self) -> Result<(), ThreadError> {
        if self.restorer.is_idle() {
            return Ok(());
        }
        self.restorer.step(&mut self.hosts, &self.codec, RESTORE_SLICE).map_err(restart)?;
        self.resume().map_err(restart)
    }

    /// Starts the partitions that waited for a restore which is done.
    fn resume(&mut self) -> Result<(), ThreadError> {
        for Host { consumer, work, .. } in &mut self.hosts {
            let ready = work.take_to_resume();
            if !ready.is_empty() {
                consumer.0.resume(&topic_partition_list(&ready))?;
            }
        }
        self.note_assignment();
        Ok(())
    }

    pub(super) fn note_assignment(&mut self) {
        for (index, host) in self.hosts.iter_mut().enumerate() {
            let gained = host.work.note_assigned();
            self.metrics.assigned_partitions.with_label_values(&[host.work.spec.name]).add(gained);
            self.pulse.assigned(index, host.work.has_joined(), host.work.assigned().len());
        }
        self.gauges.assignment(&self.hosts);
        self.pulse.say(match self.hosts.iter().find(|host| host.work.restores()) {
            Some(host) => Doing::Restoring(host.work.spec.name),
            None => Doing::Running,
        });
    }
}

fn topic_partition_list(partitions: &[TopicPartition]) -> rdkafka::TopicPartitionList {
    let mut list = rdkafka::TopicPartitionList::new();
    for TopicPartition { topic, partition } in partitions {
        list.add_partition(topic, *partition);
    }
    list
}
