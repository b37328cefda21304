//! What a process counts.
//!
//! * [`names`]: every metric, with its labels; `docs/metrics.md` explains them.
//! * [`latency`], [`restore_progress`]: how two of them come about.

pub mod latency;
pub mod names;
pub mod restore_progress;

use std::collections::HashMap;

use lineside_topology::ProcessorSpec;
use lineside_topology::topics::dead_letter_topic;
use prometheus::core::Collector;
use prometheus::{GaugeVec, Histogram, HistogramOpts, HistogramVec, IntCounter, IntCounterVec, IntGaugeVec, Opts, Registry};

use crate::batch::Batch;
use names::Metric;
pub use restore_progress::{RestoreClock, RestoreProgress};

/// The metrics of a process.
#[derive(Debug, Clone)]
pub struct Metrics {
    /// The registry that `/metrics` shows.
    pub registry: Registry,
    /// [`names::RECORDS_READ`]
    pub records_read: IntCounterVec,
    /// [`names::RECORDS_WRITTEN`]
    pub records_written: IntCounterVec,
    /// [`names::DEAD_LETTERS`]
    pub dead_letters: IntCounterVec,
    /// [`names::PROCESSOR_EVENTS`]
    pub processor_events: IntCounterVec,
    /// [`names::PROCESSOR_GAUGE`]
    pub processor_gauge: GaugeVec,
    /// [`names::CONSUMER_LAG`]
    pub consumer_lag: IntGaugeVec,
    /// [`names::EVENT_LATENCY`]
    pub event_latency: HistogramVec,
    /// [`names::INGEST_LATENCY`]
    pub ingest_latency: HistogramVec,
    /// [`names::TRANSACTIONS`]
    pub transactions: IntCounterVec,
    /// [`names::COMMIT_SECONDS`]
    pub commit_seconds: Histogram,
    /// [`names::PRODUCER_REBUILDS`]
    pub producer_rebuilds: IntCounter,
    /// [`names::REBALANCES`]
    pub rebalances: IntCounterVec,
    /// [`names::ASSIGNED_PARTITIONS`]
    pub assigned_partitions: IntGaugeVec,
    /// [`names::RESTORED_RECORDS`]
    pub restored_records: IntCounterVec,
    /// [`names::RESTORE_REMAINING`]
    pub restore_remaining: IntGaugeVec,
    /// When a restore last moved on.
    pub restore_clock: RestoreClock,
    /// [`names::STORE_ENTRIES`]
    pub store_entries: IntGaugeVec,
    /// [`names::STORE_MEMORY`]
    pub store_memory: IntGaugeVec,
    /// [`names::STORE_DISK`]
    pub store_disk: IntGaugeVec,
    /// [`names::STORE_CREATED`]
    pub store_created: GaugeVec,
    /// [`names::TABLE_RECORDS`]
    pub table_records: IntGaugeVec,
    /// [`names::TABLE_BYTES`]
    pub table_bytes: IntGaugeVec,
    /// [`names::TABLE_REFUSALS`]
    pub table_refusals: IntCounterVec,
    /// [`names::CALLS`]
    pub calls: IntCounterVec,
    /// [`names::CALLS_OUTSTANDING`]
    pub calls_outstanding: IntGaugeVec,
    /// [`names::PULSE_AGE`]
    pub pulse_age: GaugeVec,
}

/// Registers metrics as their row in [`names`] says.
struct Register(Registry);

impl Register {
    fn add<C: Collector + Clone + 'static>(&self, metric: Result<C, prometheus::Error>) -> Result<C, prometheus::Error> {
        let metric = metric?;
        self.0.register(Box::new(metric.clone()))?;
        Ok(metric)
    }

    fn counters(&self, metric: Metric) -> Result<IntCounterVec, prometheus::Error> {
        self.add(IntCounterVec::new(Opts::new(metric.name, metric.help), metric.labels))
    }

    fn gauges(&self, metric: Metric) -> Result<IntGaugeVec, prometheus::Error> {
        self.add(IntGaugeVec::new(Opts::new(metric.name, metric.help), metric.labels))
    }

    fn float_gauges(&self, metric: Metric) -> Result<GaugeVec, prometheus::Error> {
        self.add(GaugeVec::new(Opts::new(metric.name, metric.help), metric.labels))
    }

    fn latencies(&self, metric: Metric) -> Result<HistogramVec, prometheus::Error> {
        self.add(HistogramVec::new(HistogramOpts::new(metric.name, metric.help).buckets(latency::BUCKETS.to_vec()), metric.labels))
    }
}

impl Metrics {
    /// All at zero.
    ///
    /// # Errors
    /// When a name is taken twice, which a test rules out.
    pub fn new() -> Result<Self, prometheus::Error> {
        let register = Register(Registry::new());
        let commit = HistogramOpts::new(names::COMMIT_SECONDS.name, names::COMMIT_SECONDS.help).buckets(vec![0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.5, 1.0, 5.0]);
        let build_info = register.gauges(names::BUILD_INFO)?;
        build_info.with_label_values(&[env!("CARGO_PKG_VERSION"), &rdkafka::util::get_rdkafka_version().1]).set(1);
        #[cfg(target_os = "linux")]
        register.0.register(Box::new(prometheus::process_collector::ProcessCollector::for_self()))?;
        Ok(Self {
            records_read: register.counters(names::RECORDS_READ)?,
            records_written: register.counters(names::RECORDS_WRITTEN)?,
            dead_letters: register.counters(names::DEAD_LETTERS)?,
            processor_events: register.counters(names::PROCESSOR_EVENTS)?,
            processor_gauge: register.float_gauges(names::PROCESSOR_GAUGE)?,
            consumer_lag: register.gauges(names::CONSUMER_LAG)?,
            event_latency: register.latencies(names::EVENT_LATENCY)?,
            ingest_latency: register.latencies(names::INGEST_LATENCY)?,
            transactions: register.counters(names::TRANSACTIONS)?,
            commit_seconds: register.add(Histogram::with_opts(commit))?,
            producer_rebuilds: register.add(IntCounter::new(names::PRODUCER_REBUILDS.name, names::PRODUCER_REBUILDS.help))?,
            rebalances: register.counters(names::REBALANCES)?,
            assigned_partitions: register.gauges(names::ASSIGNED_PARTITIONS)?,
            restored_records: register.counters(names::RESTORED_RECORDS)?,
            restore_remaining: register.gauges(names::RESTORE_REMAINING)?,
            restore_clock: RestoreClock::default(),
            store_entries: register.gauges(names::STORE_ENTRIES)?,
            store_memory: register.gauges(names::STORE_MEMORY)?,
            store_disk: register.gauges(names::STORE_DISK)?,
            store_created: register.float_gauges(names::STORE_CREATED)?,
            table_records: register.gauges(names::TABLE_RECORDS)?,
            table_bytes: register.gauges(names::TABLE_BYTES)?,
            table_refusals: register.counters(names::TABLE_REFUSALS)?,
            calls: register.counters(names::CALLS)?,
            calls_outstanding: register.gauges(names::CALLS_OUTSTANDING)?,
            pulse_age: register.float_gauges(names::PULSE_AGE)?,
            registry: register.0,
        })
    }

    /// Shows a hosted processor's counters at zero, so that a rate has something to start from.
    pub fn prepare(&self, spec: &'static ProcessorSpec) {
        self.records_read.with_label_values(&[spec.name]);
        for topic in spec.writes {
            self.records_written.with_label_values(&[spec.name, topic]);
        }
        self.records_written.with_label_values(&[spec.name, &dead_letter_topic(spec)]);
        for outcome in ["committed", "aborted"] {
            self.transactions.with_label_values(&[outcome]);
        }
        for kind in ["assigned", "revoked", "lost"] {
            self.rebalances.with_label_values(&[spec.name, kind]);
        }
        self.assigned_partitions.with_label_values(&[spec.name]);
        for topic in spec.tables {
            self.table_refusals.with_label_values(&[topic]);
        }
        for store in spec.stores {
            self.restored_records.with_label_values(&[spec.name, store.name]);
            self.restore_remaining.with_label_values(&[spec.name, store.name]);
        }
    }

    /// Counts a batch that was committed. A topic has one writer, so `writer` can tell which of the hosted processors it was.
    pub fn count(&self, batch: &Batch, writer: impl Fn(&str) -> Option<&'static str>) {
        self.transactions.with_label_values(&["committed"]).inc();
        for (processor, count) in &batch.read {
            self.records_read.with_label_values(&[processor]).inc_by(*count);
        }
        for ((processor, class, code), count) in &batch.dead_letters {
            self.dead_letters.with_label_values(&[processor, class, code]).inc_by(*count);
        }
        for ((processor, event), count) in &batch.events {
            self.processor_events.with_label_values(&[processor, event]).inc_by(*count);
        }
        let mut written: HashMap<&str, u64> = HashMap::new();
        for outgoing in batch.effects.outgoing() {
            *written.entry(outgoing.topic).or_default() += 1;
        }
        for (topic, count) in written {
            self.records_written.with_label_values(&[writer(topic).unwrap_or_default(), topic]).inc_by(count);
        }
    }
}
