//! The topics of an environment: the table with sources and sizes filled in.

use std::collections::BTreeMap;

use crate::environment::{Environment, TopicSizes};
use crate::topics::{Chain, Cleanup, RAW_TEMPLATE, Retention, TopicSpec, Value, topics};

const MIB: u32 = 1024 * 1024;
/// Largest raw record: a value of 1 MiB, and 64 KiB for its key, its headers and the batch around it. Bytes.
pub const MAX_RAW_BYTES: u32 = MIB + MIB / 16;
/// Largest record between processors: one raw record may become many events, or grow as it is spelled out. Bytes.
pub const MAX_RECORD_BYTES: u32 = 3 * MIB;
/// Largest dead letter: any record that a processor can read, and why it was refused. Producers must allow as much. Bytes.
pub const MAX_DEAD_LETTER_BYTES: u32 = 4 * MIB;

const HOUR_MS: u64 = 60 * 60 * 1000;
const DAY_MS: u64 = 24 * HOUR_MS;
/// Kafka's own default of `segment.ms`.
const SEGMENT_MS_DEFAULT: u64 = 7 * DAY_MS;
const CHANGELOG_SEGMENT_BYTES: u32 = 64 * MIB;

/// A topic as an environment wants it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlannedTopic {
    /// Name in Kafka.
    pub name: String,
    /// Partition count.
    pub partitions: u32,
    /// Copies of each partition.
    pub replication: u16,
    /// Settings by Kafka's names. What is not here is the cluster's business.
    pub configs: BTreeMap<String, String>,
    /// What the value is.
    pub value: Value,
    /// What the key is, in words.
    pub key: &'static str,
    /// How old records are removed.
    pub cleanup: Cleanup,
    /// Co-partitioning.
    pub chain: Chain,
    /// Written by something outside the table.
    pub external: bool,
    /// What it is for, in a sentence.
    pub purpose: &'static str,
}

impl PlannedTopic {
    /// Largest batch that the topic takes, bytes.
    #[must_use]
    pub fn max_message_bytes(&self) -> u64 {
        self.number("max.message.bytes").unwrap_or_default()
    }

    /// Days after which records are removed; nothing for compacted topics.
    #[must_use]
    pub fn retention_days(&self) -> Option<u64> {
        self.number("retention.ms").map(|ms| ms / DAY_MS)
    }

    fn number(&self, key: &str) -> Option<u64> {
        self.configs.get(key).and_then(|value| value.parse().ok())
    }
}

impl Environment {
    /// Every topic that this environment wants: raw topics first, then the rest of the table in its order.
    #[must_use]
    pub fn topic_plan(&self) -> Vec<PlannedTopic> {
        self.plan_of(&topics())
    }

    /// These topics, with sources and sizes filled in.
    pub(crate) fn plan_of(&self, specs: &[TopicSpec]) -> Vec<PlannedTopic> {
        let mut planned = Vec::new();
        for spec in specs {
            for name in self.instances(&spec.name) {
                planned.push(self.planned(name, spec));
            }
        }
        planned
    }

    /// The topics that a name in the table stands for in this environment: one, or one per source.
    #[must_use]
    pub fn instances(&self, name: &str) -> Vec<String> {
        if name == RAW_TEMPLATE { self.raw_topics() } else { vec![name.to_owned()] }
    }

    fn planned(&self, name: String, spec: &TopicSpec) -> PlannedTopic {
        let sizes = self.topics.get(&name).copied().unwrap_or_default();
        PlannedTopic {
            partitions: sizes.partitions.unwrap_or_else(|| self.chain_partitions(spec.chain)),
            replication: self.replication,
            configs: self.configs(spec, sizes),
            name,
            value: spec.value,
            key: spec.key,
            cleanup: spec.cleanup,
            chain: spec.chain,
            external: spec.external,
            purpose: spec.purpose,
        }
    }

    fn configs(&self, spec: &TopicSpec, sizes: TopicSizes) -> BTreeMap<String, String> {
        let mut configs = BTreeMap::new();
        let mut set = |key: &str, value: String| configs.insert(key.to_owned(), value);
        set("min.insync.replicas", self.insync_replicas().to_string());
        set("max.message.bytes", sizes.max_message_bytes.unwrap_or_else(|| max_message_bytes(spec.chain)).to_string());
        if spec.chain == Chain::Raw {
            // The broker's clock, not the source's, drives the deduplication window.
            set("message.timestamp.type", "LogAppendTime".to_owned());
        }
        match spec.cleanup {
            Cleanup::Delete => {
                let retention_ms = u64::from(sizes.retention_days.unwrap_or_else(|| self.class_retention_days(spec.retention))) * DAY_MS;
                set("cleanup.policy", "delete".to_owned());
                set("retention.ms", retention_ms.to_string());
                // Only whole segments are deleted, so a short retention needs segments that are shorter still.
                let segment_ms = (retention_ms / 4).max(HOUR_MS);
                if segment_ms < SEGMENT_MS_DEFAULT {
                    set("segment.ms", segment_ms.to_string());
                }
            }
            Cleanup::Compact => {
                set("cleanup.policy", "compact".to_owned());
                // A process that was down for less than this still sees every tombstone when it goes on restoring where it stood.
                let tombstones_ms = u64::from(sizes.retention_days.unwrap_or_else(|| self.class_retention_days(Retention::Window))) * DAY_MS;
                set("delete.retention.ms", tombstones_ms.to_string());
                // The segment being written is never compacted: small ones keep a restore short.
                set("segment.bytes", CHANGELOG_SEGMENT_BYTES.to_string());
            }
        }
        configs
    }
}

fn max_message_bytes(chain: Chain) -> u32 {
    match chain {
        Chain::Raw => MAX_RAW_BYTES,
        Chain::Aggregate | Chain::Master | Chain::RawState => MAX_RECORD_BYTES,
        Chain::DeadLetter => MAX_DEAD_LETTER_BYTES,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn planned(environment: &Environment, name: &str) -> PlannedTopic {
        environment.topic_plan().into_iter().find(|topic| topic.name == name).unwrap_or_else(|| panic!("{name} is not planned"))
    }

    fn config<'a>(topic: &'a PlannedTopic, key: &str) -> Option<&'a str> {
        topic.configs.get(key).map(String::as_str)
    }

    #[test]
    fn the_template_becomes_a_topic_per_source() {
        let local = Environment::builtin("local").unwrap();
        let names: Vec<String> = local.topic_plan().into_iter().map(|topic| topic.name).collect();
        assert_eq!(names.len(), topics().len() - 1 + local.raw.len());
        assert!(names.contains(&"raw.plant-b.b2mml".to_owned()) && !names.contains(&RAW_TEMPLATE.to_owned()));
        assert!(names.contains(&"dead-letter.normalizer".to_owned()) && names.contains(&"order-aggregator-orders-changelog".to_owned()));
    }

    #[test]
    fn raw_topics_carry_the_brokers_time_and_take_a_mebibyte() {
        let raw = planned(&Environment::builtin("local").unwrap(), "raw.plant-a.mes");
        assert_eq!(config(&raw, "message.timestamp.type"), Some("LogAppendTime"));
        assert_eq!(config(&raw, "max.message.bytes"), Some("1114112"));
        assert_eq!(config(&raw, "retention.ms"), Some("1209600000"));
        assert_eq!(raw.partitions, 2);
    }

    #[test]
    fn a_dead_letter_can_hold_any_record_that_is_read() {
        let plan = Environment::builtin("local").unwrap().topic_plan();
        let bytes = |topic: &PlannedTopic| config(topic, "max.message.bytes").unwrap().parse::<u32>().unwrap();
        let read = plan.iter().filter(|topic| topic.chain != Chain::DeadLetter).map(bytes).max().unwrap();
        let written = plan.iter().filter(|topic| topic.chain == Chain::DeadLetter).map(bytes).min().unwrap();
        assert!(written > read, "{written} {read}");
    }

    #[test]
    fn keyed_changelogs_are_compacted_and_id_changelogs_deleted_after_the_window() {
        let local = Environment::builtin("local").unwrap();
        let keyed = planned(&local, "order-aggregator-orders-changelog");
        assert_eq!((config(&keyed, "cleanup.policy"), config(&keyed, "retention.ms")), (Some("compact"), None));
        let ids = planned(&local, "deduplicator-accepted-ids-changelog");
        assert_eq!((config(&ids, "cleanup.policy"), config(&ids, "retention.ms")), (Some("delete"), Some("4320000000")));
    }

    #[test]
    fn production_writes_to_two_of_three_copies() {
        for topic in Environment::builtin("production").unwrap().topic_plan() {
            assert_eq!((topic.replication, config(&topic, "min.insync.replicas")), (3, Some("2")), "{}", topic.name);
        }
    }

    #[test]
    fn sizes_of_one_topic_change_no_other() {
        let mut local = Environment::builtin("local").unwrap();
        let before = local.topic_plan();
        let sizes = TopicSizes { partitions: Some(9), retention_days: Some(3), max_message_bytes: Some(7_000_000) };
        local.topics.insert("raw.plant-a.mes".to_owned(), sizes);
        let raw = planned(&local, "raw.plant-a.mes");
        assert_eq!((raw.partitions, config(&raw, "retention.ms"), config(&raw, "max.message.bytes")), (9, Some("259200000"), Some("7000000")));
        let changed: Vec<_> = local.topic_plan().into_iter().filter(|topic| !before.contains(topic)).collect();
        // What is kept by the partitions of raw topics has as many as the largest of them.
        let names: Vec<_> = changed.iter().map(|topic| (topic.name.as_str(), topic.partitions)).collect();
        assert_eq!(names, [("raw.plant-a.mes", 9), ("normalizer-parked-changelog", 9)]);
        assert_eq!(changed[0], raw);
    }

    #[test]
    fn a_short_retention_has_short_segments() {
        let normalized = planned(&Environment::builtin("local").unwrap(), "normalized");
        assert_eq!((config(&normalized, "retention.ms"), config(&normalized, "segment.ms")), (Some("86400000"), Some("21600000")));
        assert_eq!(config(&planned(&Environment::builtin("local").unwrap(), "order.postings.v1"), "segment.ms"), None);
    }
}
