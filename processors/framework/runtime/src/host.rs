//! A processor in a stream thread: its consumer, its partitions and their state.

use std::time::Duration;

use rdkafka::consumer::{BaseConsumer, Consumer as _};
use rdkafka::{Offset, TopicPartitionList};

use crate::assignment::{Rebalances, TopicPartition};
use crate::thread_error::ThreadError;
use crate::transaction::TransactionalProducer;
use crate::work::Work;

const CALL_TIMEOUT: Duration = Duration::from_secs(10);

/// A hosted processor: its consumer, and what it does with the records. Two parts, since a record borrows the consumer while it is processed.
#[derive(Debug)]
pub struct Host {
    /// Its group consumer.
    pub consumer: GroupConsumer,
    /// Topics that it reads.
    pub inputs: Vec<String>,
    /// The processor and its tasks.
    pub work: Work,
}

/// A group consumer that can be shown in a debug print.
pub struct GroupConsumer(pub BaseConsumer<Rebalances>);

impl std::fmt::Debug for GroupConsumer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("GroupConsumer")
    }
}

impl Host {
    /// Adds the offsets of the open batch to the transaction, under the group's present generation. The broker takes them from nobody who has lost his
    /// partitions; so a batch without any, which a tick or an answer left something in, adds the one that stands already.
    ///
    /// # Errors
    /// Whatever Kafka says.
    pub fn send_offsets(&self, producer: &TransactionalProducer) -> Result<(), ThreadError> {
        let mut offsets = TopicPartitionList::new();
        for (input, next) in self.work.next_offsets() {
            offsets.add_partition_offset(&input.topic, input.partition, Offset::Offset(next))?;
        }
        if offsets.count() == 0 {
            if !self.work.has_left_something() {
                return Ok(());
            }
            let (input, position) = self.standing_offset()?;
            offsets.add_partition_offset(&input.topic, input.partition, Offset::Offset(position))?;
        }
        // Without a member id the broker would take the offsets from anybody.
        let group = self.consumer.0.group_metadata().ok_or_else(|| ThreadError::Lost("no group metadata".to_owned()))?;
        producer.send_offsets(&offsets, &group).map_err(ThreadError::from)
    }

    /// An input and the offset that its group has committed, or that it begins at if nothing was ever committed.
    fn standing_offset(&self) -> Result<(TopicPartition, i64), ThreadError> {
        if let Some(standing) = self.work.positions().find_map(|(input, position)| Some((input, position?))) {
            return Ok(standing);
        }
        let (input, _) = self.work.positions().next().ok_or_else(|| ThreadError::Lost("something was left for partitions that are gone".to_owned()))?;
        let (start, _) = self.consumer.0.fetch_watermarks(&input.topic, input.partition, CALL_TIMEOUT)?;
        Ok((input, start))
    }

    /// Where to read on: the committed offset of each partition, or its beginning.
    ///
    /// # Errors
    /// Whatever Kafka says.
    pub fn committed_offsets(&self, partitions: &[TopicPartition]) -> Result<TopicPartitionList, ThreadError> {
        let mut wanted = TopicPartitionList::new();
        for TopicPartition { topic, partition } in partitions {
            wanted.add_partition(topic, *partition);
        }
        let committed = self.consumer.0.committed_offsets(wanted, CALL_TIMEOUT)?;
        let mut resolved = TopicPartitionList::new();
        for element in committed.elements() {
            element.error()?;
            let offset = match element.offset() {
                Offset::Offset(offset) => Offset::Offset(offset),
                _ => Offset::Beginning,
            };
            resolved.add_partition_offset(element.topic(), element.partition(), offset)?;
        }
        Ok(resolved)
    }
}
