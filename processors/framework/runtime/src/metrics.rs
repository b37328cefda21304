//! What a process counts. Names are constants, listed in `docs/metrics.md`.

use prometheus::{Histogram, HistogramOpts, IntCounter, IntCounterVec, IntGauge, IntGaugeVec, Opts, Registry};

/// Records read and processed, refused ones included; counted when their transaction commits.
pub const RECORDS_READ: &str = "lineside_records_read_total";
/// Records written, by topic; counted when their transaction commits.
pub const RECORDS_WRITTEN: &str = "lineside_records_written_total";
/// Records sent to the dead letters, by class and code.
pub const DEAD_LETTERS: &str = "lineside_dead_letters_total";
/// What a processor counts itself, such as duplicates.
pub const PROCESSOR_EVENTS: &str = "lineside_processor_events_total";
/// Transactions by outcome: committed, or aborted by replacing the producer.
pub const TRANSACTIONS: &str = "lineside_transactions_total";
/// Time from the first send of a transaction to its commit.
pub const COMMIT_SECONDS: &str = "lineside_commit_seconds";
/// Producers made anew after a doubt.
pub const PRODUCER_REBUILDS: &str = "lineside_producer_rebuilds_total";
/// Rebalances by kind: assigned, revoked, lost.
pub const REBALANCES: &str = "lineside_rebalances_total";
/// Partitions that this process has now.
pub const ASSIGNED_PARTITIONS: &str = "lineside_assigned_partitions";
/// Changelog records replayed into stores.
pub const RESTORED_RECORDS: &str = "lineside_restored_records_total";

/// Changelog offsets still to be replayed into stores, over all partitions that this process restores now.
pub const RESTORE_REMAINING: &str = "lineside_restore_remaining_records";

/// Every name, for the documentation's test.
pub const NAMES: &[&str] = &[
    RECORDS_READ,
    RECORDS_WRITTEN,
    DEAD_LETTERS,
    PROCESSOR_EVENTS,
    TRANSACTIONS,
    COMMIT_SECONDS,
    PRODUCER_REBUILDS,
    REBALANCES,
    ASSIGNED_PARTITIONS,
    RESTORED_RECORDS,
    RESTORE_REMAINING,
];

/// The counters of a process.
#[derive(Debug, Clone)]
pub struct Metrics {
    /// The registry that `/metrics` shows.
    pub registry: Registry,
    /// [`RECORDS_READ`] by processor.
    pub records_read: IntCounterVec,
    /// [`RECORDS_WRITTEN`] by processor and topic.
    pub records_written: IntCounterVec,
    /// [`DEAD_LETTERS`] by processor, class and code.
    pub dead_letters: IntCounterVec,
    /// [`PROCESSOR_EVENTS`] by processor and event.
    pub processor_events: IntCounterVec,
    /// [`TRANSACTIONS`] by outcome.
    pub transactions: IntCounterVec,
    /// [`COMMIT_SECONDS`].
    pub commit_seconds: Histogram,
    /// [`PRODUCER_REBUILDS`].
    pub producer_rebuilds: IntCounter,
    /// [`REBALANCES`] by processor and kind.
    pub rebalances: IntCounterVec,
    /// [`ASSIGNED_PARTITIONS`] by processor.
    pub assigned_partitions: IntGaugeVec,
    /// [`RESTORED_RECORDS`] by processor and store.
    pub restored_records: IntCounterVec,
    /// [`RESTORE_REMAINING`] by processor and store.
    pub restore_remaining: IntGaugeVec,
}

/// How far the restore of one partition of a store is. As long as it lives, what is left counts in [`RESTORE_REMAINING`].
#[derive(Debug)]
pub struct RestoreProgress {
    restored: IntCounter,
    remaining: IntGauge,
    end: i64,
    left: i64,
}

impl RestoreProgress {
    /// A restore that reads the changelog's offsets from `from` to before `end`.
    #[must_use]
    pub fn new(metrics: &Metrics, processor: &str, store: &str, from: i64, end: i64) -> Self {
        let labels = [processor, store];
        let (restored, remaining) = (metrics.restored_records.with_label_values(&labels), metrics.restore_remaining.with_label_values(&labels));
        let left = end.saturating_sub(from).max(0);
        remaining.add(left);
        Self { restored, remaining, end, left }
    }

    /// `records` were applied, the last of them at `offset`. To be called as often as convenient: every some hundred records will do.
    pub fn replayed(&mut self, records: u64, offset: i64) {
        self.restored.inc_by(records);
        // Offsets without a record (the ends of transactions, what compaction took) need no replaying.
        let left = self.end.saturating_sub(offset.saturating_add(1)).clamp(0, self.left);
        self.remaining.sub(self.left - left);
        self.left = left;
    }
}

impl Drop for RestoreProgress {
    fn drop(&mut self) {
        self.remaining.sub(self.left);
    }
}

impl Metrics {
    /// All counters at zero.
    ///
    /// # Errors
    /// When a name is taken twice, which a test rules out.
    pub fn new() -> Result<Self, prometheus::Error> {
        let registry = Registry::new();
        let counter = |name: &str, help: &str, labels: &[&str]| -> Result<IntCounterVec, prometheus::Error> {
            let counter = IntCounterVec::new(Opts::new(name, help), labels)?;
            registry.register(Box::new(counter.clone()))?;
            Ok(counter)
        };
        let records_read = counter(RECORDS_READ, "Records read and processed", &["processor"])?;
        let records_written = counter(RECORDS_WRITTEN, "Records written", &["processor", "topic"])?;
        let dead_letters = counter(DEAD_LETTERS, "Records sent to the dead letters", &["processor", "class", "code"])?;
        let processor_events = counter(PROCESSOR_EVENTS, "What a processor counts itself", &["processor", "event"])?;
        let transactions = counter(TRANSACTIONS, "Transactions by outcome", &["outcome"])?;
        let rebalances = counter(REBALANCES, "Rebalances by kind", &["processor", "kind"])?;
        let restored_records = counter(RESTORED_RECORDS, "Changelog records replayed into stores", &["processor", "store"])?;
        let commit_seconds = Histogram::with_opts(
            HistogramOpts::new(COMMIT_SECONDS, "Time from the first send of a transaction to its commit")
                .buckets(vec![0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.5, 1.0, 5.0]),
        )?;
        registry.register(Box::new(commit_seconds.clone()))?;
        let producer_rebuilds = IntCounter::new(PRODUCER_REBUILDS, "Producers made anew after a doubt")?;
        registry.register(Box::new(producer_rebuilds.clone()))?;
        let assigned_partitions = IntGaugeVec::new(Opts::new(ASSIGNED_PARTITIONS, "Partitions that this process has"), &["processor"])?;
        registry.register(Box::new(assigned_partitions.clone()))?;
        let restore_remaining = IntGaugeVec::new(Opts::new(RESTORE_REMAINING, "Changelog offsets still to be replayed into stores"), &["processor", "store"])?;
        registry.register(Box::new(restore_remaining.clone()))?;
        Ok(Self {
            registry,
            records_read,
            records_written,
            dead_letters,
            processor_events,
            transactions,
            commit_seconds,
            producer_rebuilds,
            rebalances,
            assigned_partitions,
            restored_records,
            restore_remaining,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_stands_in_the_documentation_and_none_else() {
        let page = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../docs/metrics.md")).unwrap();
        let listed: Vec<&str> = page.split('`').filter(|word| word.starts_with("lineside_")).map(|word| word.split('{').next().unwrap_or(word)).collect();
        assert_eq!(listed, NAMES);
        Metrics::new().unwrap();
    }

    #[test]
    fn a_restore_shows_what_is_left_until_it_ends_or_is_given_up() {
        let metrics = Metrics::new().unwrap();
        let remaining = metrics.restore_remaining.with_label_values(&["p", "s"]);
        let mut first = RestoreProgress::new(&metrics, "p", "s", 10, 110);
        let second = RestoreProgress::new(&metrics, "p", "s", 0, 5);
        assert_eq!(remaining.get(), 105);
        first.replayed(30, 59);
        assert_eq!((remaining.get(), metrics.restored_records.with_label_values(&["p", "s"]).get()), (55, 30));
        drop(second);
        assert_eq!(remaining.get(), 50);
        first.replayed(20, 120);
        assert_eq!(remaining.get(), 0);
        drop(first);
        assert_eq!(remaining.get(), 0);
    }
}
