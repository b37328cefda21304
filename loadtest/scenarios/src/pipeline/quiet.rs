//! How far the processors are, and whether the pipeline has come to rest.

use std::collections::BTreeMap;
use std::time::Duration;

use lineside_topology::processors::PROCESSORS;
use lineside_topology::topics::{RAW_PREFIX, RAW_TEMPLATE};
use rdkafka::consumer::{BaseConsumer, Consumer as _};
use rdkafka::topic_partition_list::{Offset, TopicPartitionList};

use super::error::PipelineError;
use crate::topics::{Reader, config, kafka, partitions, read_to_end};

const CALL_TIMEOUT: Duration = Duration::from_secs(10);

/// How far a processor is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Progress {
    /// Its name.
    pub processor: &'static str,
    /// Offsets passed, over all partitions of its input.
    pub read: i64,
    /// Offsets there are. Transactions' own markers count, so a processor at rest may stay a little below.
    pub end: i64,
}

/// A topic's partition.
type Partition = (String, i32);

struct Group {
    processor: &'static str,
    inputs: Vec<Partition>,
    /// Not subscribed, so not a member: it only asks for the group's offsets.
    consumer: BaseConsumer,
}

/// Watches the processors' groups from outside.
pub struct Watch {
    groups: Vec<Group>,
    all: Vec<Partition>,
    committed: BaseConsumer,
    uncommitted: BaseConsumer,
}

impl std::fmt::Debug for Watch {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Watch")
    }
}

impl Watch {
    /// Watches the groups of every processor of the topology.
    ///
    /// # Errors
    /// [`PipelineError::Topics`].
    pub fn new(bootstrap: &str) -> Result<Self, PipelineError> {
        let consumer = |group: &str, isolation: &str| -> Result<BaseConsumer, PipelineError> {
            let created = config(bootstrap).set("group.id", group).set("isolation.level", isolation).set("enable.partition.eof", "true").create();
            Ok(created.map_err(kafka("create a consumer"))?)
        };
        let committed = consumer("quiet", "read_committed")?;
        let mut all = Vec::new();
        for topic in Reader::new(bootstrap)?.topics()? {
            all.extend(partitions(&committed, &topic)?.into_iter().map(|partition| (topic.clone(), partition)));
        }
        let mut groups = Vec::new();
        for spec in PROCESSORS {
            let reads = |topic: &str| spec.reads.iter().any(|read| *read == topic || (*read == RAW_TEMPLATE && topic.starts_with(RAW_PREFIX)));
            let inputs = all.iter().filter(|(topic, _)| reads(topic)).cloned().collect();
            // Asked for by read_committed, offsets would be held back as long as a transaction of the group is open: ten
            // seconds, where its owner was killed in the middle of it.
            groups.push(Group { processor: spec.name, inputs, consumer: consumer(spec.group, "read_uncommitted")? });
        }
        Ok(Self { groups, all, committed, uncommitted: consumer("quiet", "read_uncommitted")? })
    }

    /// How far each processor is, in the order of the flow.
    ///
    /// # Errors
    /// [`PipelineError::Topics`].
    pub fn progress(&self) -> Result<Vec<Progress>, PipelineError> {
        self.groups
            .iter()
            .map(|group| {
                let read = offsets(group)?.values().sum();
                let end = ends(&self.committed, &group.inputs)?.values().sum();
                Ok(Progress { processor: group.processor, read, end })
            })
            .collect()
    }

    /// Whether a processor has a record left to read.
    ///
    /// # Errors
    /// [`PipelineError`].
    pub fn is_behind(&self, processor: &str) -> Result<bool, PipelineError> {
        let group = self.groups.iter().find(|group| group.processor == processor);
        self.has_unread(group.ok_or_else(|| PipelineError::UnknownProcessor(processor.to_owned()))?)
    }

    /// True when no processor has a record left to read, no transaction is open, and nothing was written while looking.
    ///
    /// # Errors
    /// [`PipelineError::Topics`].
    pub fn is_quiet(&self) -> Result<bool, PipelineError> {
        let before = ends(&self.uncommitted, &self.all)?;
        for group in &self.groups {
            if self.has_unread(group)? {
                return Ok(false);
            }
        }
        Ok(ends(&self.committed, &self.all)? == before && ends(&self.uncommitted, &self.all)? == before)
    }

    /// Whether a record stands behind the group's offsets. Offsets alone do not tell: the last ones of a partition may be
    /// markers of transactions, which are never read.
    fn has_unread(&self, group: &Group) -> Result<bool, PipelineError> {
        let ends = ends(&self.committed, &group.inputs)?;
        let mut rest = TopicPartitionList::new();
        for (partition, offset) in offsets(group)? {
            if ends.get(&partition).is_some_and(|end| *end > offset) {
                rest.add_partition_offset(&partition.0, partition.1, Offset::Offset(offset)).map_err(kafka("assign"))?;
            }
        }
        Ok(rest.count() > 0 && !read_to_end(&self.committed, &rest, |_| false)?)
    }
}

/// The group's offset in each of its input partitions; 0 where it has none yet.
fn offsets(group: &Group) -> Result<BTreeMap<Partition, i64>, PipelineError> {
    let mut wanted = TopicPartitionList::new();
    for (topic, partition) in &group.inputs {
        wanted.add_partition(topic, *partition);
    }
    let found = group.consumer.committed_offsets(wanted, CALL_TIMEOUT).map_err(kafka("ask for a group's offsets"))?;
    let offset = |offset: Offset| if let Offset::Offset(offset) = offset { offset } else { 0 };
    Ok(found.elements().iter().map(|element| ((element.topic().to_owned(), element.partition()), offset(element.offset()))).collect())
}

/// The end of each partition, by the isolation level of the consumer that asks.
fn ends(consumer: &BaseConsumer, partitions: &[Partition]) -> Result<BTreeMap<Partition, i64>, PipelineError> {
    let mut ends = BTreeMap::new();
    for (topic, partition) in partitions {
        let (_, end) = consumer.fetch_watermarks(topic, *partition, CALL_TIMEOUT).map_err(kafka("ask for the end of a partition"))?;
        ends.insert((topic.clone(), *partition), end);
    }
    Ok(ends)
}
