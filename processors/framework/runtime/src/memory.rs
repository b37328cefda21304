//! The most memory that a process takes: what its settings bound, and what grows with its stores (`docs/memory.md`).

use std::fmt::Write as _;

use lineside_state::Limits;
use lineside_topology::topics::RAW_TEMPLATE;
use lineside_topology::{Environment, ProcessorSpec, StoreKind};

use crate::settings::Settings;

/// One response of a broker to a consumer, bytes; a single larger batch still comes whole.
pub const FETCH_BYTES: u64 = MIB;
/// Records read ahead after which no more are asked for, per consumer.
pub const READ_AHEAD_RECORDS: u64 = 10_000;
/// Records in a producer's queue at most.
pub const SEND_QUEUE_RECORDS: u64 = 50_000;

const MIB: u64 = 1 << 20;
/// Program, threads, connections, HTTP, and what the allocator keeps.
const PROCESS_BYTES: u64 = 32 * MIB;
/// What a client of librdkafka takes besides its queues: threads, connections, metadata.
const CLIENT_BYTES: u64 = 2 * MIB;
/// How much larger than in a response records may be once decompressed.
const EXPANSION: u64 = 5;
/// Responses that may arrive at once: one per broker.
const BROKERS: u64 = 3;
/// What librdkafka keeps for each record besides its bytes.
const RECORD_BYTES: u64 = 400;
/// A record of few bytes: with smaller ones the records' own share is larger than computed.
const SMALL_RECORD: u64 = 256;
/// Requests on their way to the brokers: a batch of 1 MB, as it is and compressed, to each of five partitions at once.
const REQUESTS_BYTES: u64 = 10 * MIB;
/// An id in the store of an id, bytes: a place in the table, and the table's free ones.
const ID_BYTES: u64 = 20;
/// Filters and indexes of a store by key, bytes per key.
const KEY_BYTES: u64 = 4;

/// Something that takes memory, and how much at most.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// What it is, in words.
    pub what: String,
    /// Bytes.
    pub bytes: u64,
}

/// The most memory that a process takes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bound {
    /// What does not grow, for the partitions that it was computed for.
    pub parts: Vec<Part>,
    /// What grows: bytes for each million ids or keys that a store holds.
    pub per_million: Vec<Part>,
}

impl Bound {
    /// For a process that hosts these processors and has so many partitions of each one's input.
    #[must_use]
    pub fn of(settings: &Settings, hosted: &[(&ProcessorSpec, u64)]) -> Self {
        let threads = u64::from(settings.threads);
        let read_ahead = read_ahead(settings);
        let mut parts = vec![
            part("the process itself", PROCESS_BYTES),
            part("open batches (batch_bytes)", threads * 2 * settings.batch_bytes as u64),
            part("records being sent (send_queue_bytes)", threads * (settings.send_queue_bytes + SEND_QUEUE_RECORDS * RECORD_BYTES / 2 + REQUESTS_BYTES + CLIENT_BYTES)),
        ];
        let mut per_million = Vec::new();
        if hosted.iter().any(|(spec, _)| !spec.tables.is_empty()) {
            parts.push(part("tables (table_bytes), the processors' indexes not counted", threads * (settings.table_bytes + read_ahead)));
        }
        for (spec, partitions) in hosted {
            parts.push(part(&format!("{}: records read ahead (prefetch_bytes)", spec.name), threads * read_ahead));
            let limits = store_limits(settings);
            for store in spec.stores {
                let (stores, growth) = match store.kind {
                    // Full memtables wait to be written; see the store.
                    StoreKind::Keyed(_) => (limits.live_keys_bytes + limits.block_cache_bytes + 5 * limits.memtable_bytes, ("keys", KEY_BYTES)),
                    StoreKind::Ids => (MIB / 4, ("ids", ID_BYTES)),
                };
                parts.push(part(&format!("{}: caches of {}, {partitions} partitions", spec.name, store.name), partitions * stores));
                let restoring = threads * read_ahead + partitions * 2 * limits.restore_batch_bytes as u64;
                parts.push(part(&format!("{}: restore of {}, while it lasts", spec.name, store.name), restoring));
                per_million.push(part(&format!("{}: a million {} of {}", spec.name, growth.0, store.name), growth.1 * 1_000_000));
            }
        }
        Self { parts, per_million }
    }

    /// For a process that hosts these processors and has all partitions of an environment.
    #[must_use]
    pub fn alone(settings: &Settings, environment: &Environment, specs: &[&'static ProcessorSpec]) -> Self {
        let hosted: Vec<(&ProcessorSpec, u64)> = specs.iter().map(|spec| (*spec, partitions(environment, spec))).collect();
        Self::of(settings, &hosted)
    }

    /// Sum of the parts, bytes.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.parts.iter().map(|part| part.bytes).sum()
    }

    /// A table, one line a part.
    #[must_use]
    pub fn table(&self) -> String {
        let width = self.parts.iter().chain(&self.per_million).map(|part| part.what.len()).max().unwrap_or_default();
        let mut text = String::new();
        let mut line = |what: &str, bytes: u64| {
            // Writing to a string does not fail.
            let _ = writeln!(text, "{what:width$}  {:>6.1} MiB", mebibytes(bytes));
        };
        for part in &self.parts {
            line(&part.what, part.bytes);
        }
        line("total", self.total());
        for part in &self.per_million {
            line(&part.what, part.bytes);
        }
        text
    }
}

fn part(what: &str, bytes: u64) -> Part {
    Part { what: what.to_owned(), bytes }
}

#[expect(clippy::cast_precision_loss, reason = "for people")]
fn mebibytes(bytes: u64) -> f64 {
    bytes as f64 / MIB as f64
}

/// What a consumer holds at most: librdkafka asks for more while it has less than `prefetch_bytes` of values, so one response of each broker comes on top;
/// what it keeps for each record does not count there.
const fn read_ahead(settings: &Settings) -> u64 {
    let responses = BROKERS * FETCH_BYTES * EXPANSION;
    let most_records = READ_AHEAD_RECORDS + responses / SMALL_RECORD;
    settings.prefetch_bytes + responses + most_records * RECORD_BYTES + CLIENT_BYTES
}

/// Limits of the stores of one task.
#[must_use]
pub const fn store_limits(settings: &Settings) -> Limits {
    Limits {
        live_keys_bytes: settings.store_cache_bytes,
        block_cache_bytes: settings.store_cache_bytes / 4,
        memtable_bytes: 2 * MIB,
        restore_batch_records: 4096,
        restore_batch_bytes: 1 << 20,
    }
}

/// Tasks of a processor in an environment: partitions of its inputs, which are co-partitioned where it keeps state.
fn partitions(environment: &Environment, spec: &ProcessorSpec) -> u64 {
    let plan = environment.topic_plan();
    let inputs = spec.reads.iter().flat_map(|topic| if *topic == RAW_TEMPLATE { environment.raw_topics() } else { vec![(*topic).to_owned()] });
    inputs.filter_map(|topic| plan.iter().find(|row| row.name == topic)).map(|row| u64::from(row.partitions)).max().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use clap::Parser;
    use lineside_topology::processors::{DEDUPLICATOR, NORMALIZER, SUPPLY_PUBLISHER};

    use super::*;

    #[derive(Parser)]
    struct Line {
        #[command(flatten)]
        settings: Settings,
    }

    fn bound(arguments: &[&str], specs: &[&'static ProcessorSpec]) -> Bound {
        let settings = Line::parse_from(["test"].iter().chain(arguments)).settings;
        Bound::alone(&settings, &Environment::builtin("local").unwrap(), specs)
    }

    #[test]
    fn every_setting_in_bytes_moves_the_total_by_what_it_bounds() {
        let usual = bound(&[], &[&SUPPLY_PUBLISHER]).total();
        let local = Environment::builtin("local").unwrap();
        let more = |arguments: &[&str]| bound(arguments, &[&SUPPLY_PUBLISHER]).total() - usual;
        // Read ahead for the input, and once more while a store is restored.
        assert_eq!(more(&["--prefetch-bytes", "9437184"]), 2 * MIB);
        assert_eq!(more(&["--batch-bytes", "9437184"]), 2 * MIB);
        assert_eq!(more(&["--send-queue-bytes", "17825792"]), MIB);
        assert_eq!(more(&["--store-cache-bytes", "8388608"]), u64::from(local.partitions.aggregate) * 5 * MIB);
    }

    #[test]
    fn threads_multiply_clients_but_not_stores() {
        let bytes = |threads: &str, word: &str| -> u64 {
            bound(&["--threads", threads], &[&DEDUPLICATOR]).parts.iter().filter(|part| part.what.contains(word)).map(|part| part.bytes).sum()
        };
        assert_eq!(bytes("3", "prefetch"), 3 * bytes("1", "prefetch"));
        assert_eq!(bytes("3", "caches"), bytes("1", "caches"));
    }

    #[test]
    fn the_table_names_what_grows() {
        let table = bound(&[], &[&NORMALIZER, &DEDUPLICATOR]).table();
        assert!(table.contains("normalizer: records read ahead") && table.contains("deduplicator: a million ids of accepted-ids"), "{table}");
    }
}
