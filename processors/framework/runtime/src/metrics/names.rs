//! Every metric that a process shows. `docs/metrics.md` has a row for each, and a test holds the page to this list.

/// What kind of numbers a metric has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Only grows, from zero at the start of the process.
    Counter,
    /// Goes up and down.
    Gauge,
    /// Counts by size.
    Histogram,
}

impl Kind {
    /// Its word in Prometheus' text format.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Counter => "counter",
            Self::Gauge => "gauge",
            Self::Histogram => "histogram",
        }
    }
}

/// A metric.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Metric {
    /// Its name; the unit stands in it.
    pub name: &'static str,
    /// Its kind.
    pub kind: Kind,
    /// Its labels.
    pub labels: &'static [&'static str],
    /// One line about it, for `/metrics`.
    pub help: &'static str,
}

macro_rules! metrics {
    ($($constant:ident $kind:ident $name:literal [$($label:literal),*] $help:literal;)*) => {
        $(
            #[doc = $help]
            pub const $constant: Metric = Metric { name: $name, kind: Kind::$kind, labels: &[$($label),*], help: $help };
        )*

        /// All of them, in the order of the documentation.
        pub const ALL: &[Metric] = &[$($constant),*];
    };
}

metrics! {
    RECORDS_READ Counter "lineside_records_read_total" ["processor"] "Records read and processed, refused ones included; counted when their transaction commits";
    RECORDS_WRITTEN Counter "lineside_records_written_total" ["processor", "topic"] "Records written, dead letters included; counted when their transaction commits";
    DEAD_LETTERS Counter "lineside_dead_letters_total" ["processor", "class", "code"] "Records sent to the dead letters";
    PROCESSOR_EVENTS Counter "lineside_processor_events_total" ["processor", "event"] "What a processor counts itself, such as duplicates";
    PROCESSOR_GAUGE Gauge "lineside_processor_gauge" ["processor", "gauge", "plant", "kind", "partition"] "What a processor measures itself, such as gaps in the books";
    CONSUMER_LAG Gauge "lineside_consumer_lag_records" ["processor", "topic", "partition"] "Offsets from the next record to read to the end of what is committed";
    EVENT_LATENCY Histogram "lineside_event_latency_seconds" ["processor"] "Time from the event, by its source's clock, to the commit of what was made of it";
    INGEST_LATENCY Histogram "lineside_ingest_latency_seconds" ["processor"] "Time from the raw record's arrival at the broker to the commit of what was made of it";
    TRANSACTIONS Counter "lineside_transactions_total" ["outcome"] "Transactions: committed, or aborted by replacing the producer";
    COMMIT_SECONDS Histogram "lineside_commit_seconds" [] "Time from the first send of a transaction to its commit";
    PRODUCER_REBUILDS Counter "lineside_producer_rebuilds_total" [] "Producers made anew after a doubt";
    REBALANCES Counter "lineside_rebalances_total" ["processor", "kind"] "Rebalances: assigned, revoked, lost";
    ASSIGNED_PARTITIONS Gauge "lineside_assigned_partitions" ["processor"] "Partitions that this process has";
    RESTORED_RECORDS Counter "lineside_restored_records_total" ["processor", "store"] "Changelog records replayed into stores";
    RESTORE_REMAINING Gauge "lineside_restore_remaining_records" ["processor", "store"] "Changelog offsets still to be replayed into stores";
    STORE_ENTRIES Gauge "lineside_store_entries" ["processor", "store", "partition"] "Keys or ids in a store";
    STORE_MEMORY Gauge "lineside_store_memory_bytes" ["processor", "store", "partition"] "Main memory of a store: caches, tables and the open transaction";
    STORE_DISK Gauge "lineside_store_disk_bytes" ["processor", "store", "partition"] "Files of a store, as allocated";
    STORE_CREATED Gauge "lineside_store_created_timestamp_seconds" ["processor", "store", "partition"] "When the files of a store were made, Unix time";
    TABLE_RECORDS Gauge "lineside_table_records" ["thread", "topic"] "Keys of a table that a stream thread holds";
    TABLE_BYTES Gauge "lineside_table_bytes" ["thread", "topic"] "Main memory of a table that a stream thread holds; the processors' own indexes come on top";
    TABLE_REFUSALS Counter "lineside_table_refusals_total" ["topic"] "Records of a table that were left out: a key that is no text, or one that a processor broke on";
    CALLS Counter "lineside_calls_total" ["processor", "outcome"] "Calls to the world outside, when they ended: answered, not-begun, in-doubt, dropped";
    CALLS_OUTSTANDING Gauge "lineside_calls_outstanding" ["processor"] "Calls to the world outside that are not answered";
    PULSE_AGE Gauge "lineside_thread_pulse_age_seconds" ["thread"] "Time since a stream thread was last seen to make progress";
    BUILD_INFO Gauge "lineside_build_info" ["version", "librdkafka"] "Always 1; the labels say what runs";
    PROCESS_CPU Counter "process_cpu_seconds_total" [] "Total user and system CPU time spent in seconds.";
    PROCESS_RESIDENT Gauge "process_resident_memory_bytes" [] "Resident memory size in bytes.";
    PROCESS_VIRTUAL Gauge "process_virtual_memory_bytes" [] "Virtual memory size in bytes.";
    PROCESS_OPEN_FILES Gauge "process_open_fds" [] "Number of open file descriptors.";
    PROCESS_MAX_FILES Gauge "process_max_fds" [] "Maximum number of open file descriptors.";
    PROCESS_THREADS Gauge "process_threads" [] "Number of OS threads in the process.";
    PROCESS_START Gauge "process_start_time_seconds" [] "Start time of the process since unix epoch in seconds.";
}
