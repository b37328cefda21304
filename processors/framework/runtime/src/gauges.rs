//! Gauges about the partitions that a stream thread has: how far it is behind, and how large their stores are.

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant, UNIX_EPOCH};

use lineside_api::Gauge;
use rdkafka::consumer::Consumer as _;
use rdkafka::statistics::{Partition, Statistics};

use crate::assignment::TopicPartition;
use crate::host::Host;
use crate::metrics::Metrics;
use crate::work::Task;

const INTERVAL: Duration = Duration::from_secs(1);

/// The partitions that a thread shows, and when it did last.
#[derive(Debug)]
pub struct PartitionGauges {
    metrics: Metrics,
    last: Instant,
    /// Counts refreshes: each looks at the next store of each processor.
    round: usize,
    /// By processor.
    inputs: BTreeSet<(&'static str, TopicPartition)>,
    /// Processor, store, partition.
    stores: BTreeSet<(&'static str, &'static str, i32)>,
    /// Levels of processors: name, plant and kind, by processor and partition.
    levels: BTreeMap<(&'static str, i32), BTreeSet<(&'static str, String, String)>>,
}

impl PartitionGauges {
    /// Shows nothing yet.
    #[must_use]
    pub fn new(metrics: Metrics) -> Self {
        Self { metrics, last: Instant::now(), round: 0, inputs: BTreeSet::new(), stores: BTreeSet::new(), levels: BTreeMap::new() }
    }

    /// Once a second, takes over what the consumers reported about their lag, and the size of one partition's stores per processor: that walks folders.
    pub fn refresh(&mut self, hosts: &[Host], now: Instant) {
        if now.saturating_duration_since(self.last) < INTERVAL {
            return;
        }
        self.last = now;
        self.round = self.round.wrapping_add(1);
        for host in hosts {
            let work = &host.work;
            for (input, lag) in host.consumer.0.context().take_lags() {
                let shown = (work.spec.name, input);
                // The client also reports partitions that it had before.
                if self.inputs.contains(&shown) {
                    self.metrics.consumer_lag.with_label_values(&[shown.0, &shown.1.topic, &shown.1.partition.to_string()]).set(lag);
                }
            }
            let next = self.round.checked_rem(work.tasks().count()).and_then(|index| work.tasks().nth(index));
            if let Some((partition, task)) = next {
                self.show_stores(work.spec.name, partition, task);
            }
        }
    }

    /// Shows the levels that processors measured, once their transaction has committed.
    pub fn show_levels(&mut self, levels: &[(&'static str, i32, Gauge)]) {
        for (processor, partition, Gauge { name, plant, kind, value }) in levels {
            self.metrics.processor_gauge.with_label_values(&[*processor, *name, plant.as_str(), kind.as_str(), &partition.to_string()]).set(*value);
            self.levels.entry((processor, *partition)).or_default().insert((name, plant.clone(), kind.clone()));
        }
    }

    fn hide_levels(&mut self, kept: &BTreeSet<(&'static str, i32)>) {
        let metrics = &self.metrics;
        self.levels.retain(|task, levels| {
            let keeps = kept.contains(task);
            if !keeps {
                for (name, plant, kind) in levels.iter() {
                    // An error says that there was nothing to hide.
                    let _ = metrics.processor_gauge.remove_label_values(&[task.0, name, plant.as_str(), kind.as_str(), &task.1.to_string()]);
                }
            }
            keeps
        });
    }

    /// The assignment changed: what is new is shown at once, what is gone no more.
    pub fn assignment(&mut self, hosts: &[Host]) {
        let (mut inputs, mut stores, mut tasks) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
        for Host { work, .. } in hosts {
            inputs.extend(work.assigned().into_iter().map(|input| (work.spec.name, input)));
            for (partition, task) in work.tasks() {
                tasks.insert((work.spec.name, partition));
                let labels = work.spec.stores.iter().map(|store| (work.spec.name, store.name, partition));
                if !labels.clone().all(|labels| self.stores.contains(&labels)) {
                    self.show_stores(work.spec.name, partition, task);
                }
                stores.extend(labels);
            }
        }
        self.inputs.difference(&inputs).for_each(|gone| self.hide_lag(gone));
        self.stores.difference(&stores).for_each(|gone| self.hide_store(*gone));
        (self.inputs, self.stores) = (inputs, stores);
        self.hide_levels(&tasks);
    }

    fn show_stores(&self, processor: &str, partition: i32, task: &Task) {
        let (metrics, partition) = (&self.metrics, partition.to_string());
        for stats in task.state.stats() {
            let labels = [processor, stats.store, &partition];
            metrics.store_entries.with_label_values(&labels).set(whole(stats.entries));
            metrics.store_memory.with_label_values(&labels).set(whole(stats.memory_bytes));
            metrics.store_disk.with_label_values(&labels).set(whole(stats.disk_bytes));
            if let Some(created) = stats.created {
                let since_epoch = created.duration_since(UNIX_EPOCH).unwrap_or_default();
                metrics.store_created.with_label_values(&labels).set(since_epoch.as_secs_f64());
            }
        }
    }

    fn hide_lag(&self, (processor, input): &(&str, TopicPartition)) {
        // An error says that there was nothing to hide.
        let _ = self.metrics.consumer_lag.remove_label_values(&[processor, input.topic.as_str(), &input.partition.to_string()]);
    }

    fn hide_store(&self, (processor, store, partition): (&str, &str, i32)) {
        let (metrics, partition) = (&self.metrics, partition.to_string());
        for gauge in [&metrics.store_entries, &metrics.store_memory, &metrics.store_disk] {
            let _ = gauge.remove_label_values(&[processor, store, &partition]);
        }
        let _ = metrics.store_created.remove_label_values(&[processor, store, &partition]);
    }
}

impl Drop for PartitionGauges {
    fn drop(&mut self) {
        self.assignment(&[]);
    }
}

fn whole(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

/// The lags in a consumer's statistics.
pub fn lags(statistics: &Statistics) -> impl Iterator<Item = (TopicPartition, i64)> + '_ {
    statistics.topics.iter().flat_map(|(topic, topic_statistics)| {
        let partitions = topic_statistics.partitions.values();
        partitions.filter_map(move |partition| Some((TopicPartition { topic: topic.clone(), partition: partition.partition }, lag(partition)?)))
    })
}

/// Offsets from the next one to read to the end of what is committed; none before the first answer of the broker.
fn lag(partition: &Partition) -> Option<i64> {
    // The last offsets of a partition are markers of transactions, which are fetched but never given to the application.
    let read = if partition.fetchq_cnt == 0 { partition.next_offset } else { partition.app_offset };
    (partition.ls_offset >= 0 && read >= 0).then(|| partition.ls_offset.saturating_sub(read).max(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Statistics with what the lag depends on.
    fn partition(fetchq_cnt: i64, next_offset: i64, app_offset: i64, ls_offset: i64) -> Partition {
        Partition { fetchq_cnt, next_offset, app_offset, ls_offset, ..Partition::default() }
    }

    #[test]
    fn the_lag_is_what_is_not_read_and_nothing_at_rest() {
        assert_eq!(lag(&partition(3, 100, 40, 120)), Some(80), "60 of them wait in the client's queue");
        assert_eq!(lag(&partition(0, 120, 119, 120)), Some(0), "the last offset is a marker");
        assert_eq!(lag(&partition(0, 121, 119, 120)), Some(0), "the end was asked for before");
        assert_eq!(lag(&partition(0, 7, -1001, -1001)), None, "the broker has not answered yet");
        assert_eq!(lag(&partition(5, 7, -1001, 12)), None, "nothing was read yet");
    }
}
