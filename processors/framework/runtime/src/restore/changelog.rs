//! Changelogs as a restore reads them.

use std::collections::HashMap;
use std::ops::Range;
use std::time::Duration;

use rdkafka::consumer::{BaseConsumer, Consumer as _};
use rdkafka::error::KafkaError;
use rdkafka::message::BorrowedMessage;
use rdkafka::{Offset, TopicPartitionList};

use crate::clients;
use crate::ends::{Silent, offsets};
use crate::settings::Settings;

/// Asks where changelogs begin and end, open transactions included.
pub(super) struct Watermarks(BaseConsumer<Silent>);

impl std::fmt::Debug for Watermarks {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Watermarks")
    }
}

impl Watermarks {
    pub(super) fn new(settings: &Settings) -> Result<Self, KafkaError> {
        Ok(Self(clients::watermark_client(settings).create_with_context(Silent)?))
    }

    /// Offsets that there are in each of these partitions of each of these topics; two calls for all of them.
    pub(super) fn ranges(&self, topics: &[String], partitions: &[i32]) -> Result<HashMap<(String, i32), Range<i64>>, KafkaError> {
        let all = || topics.iter().flat_map(|topic| partitions.iter().map(move |partition| (topic.as_str(), *partition)));
        let starts = offsets(&self.0, all(), Offset::Beginning)?;
        let mut ends = offsets(&self.0, all(), Offset::End)?;
        Ok(starts.into_iter().filter_map(|(place, start)| ends.remove(&place).map(|end| (place, start..end))).collect())
    }
}

/// A changelog that is being read, committed records only.
pub(super) struct Changelog {
    topic: String,
    reader: BaseConsumer<Silent>,
}

impl std::fmt::Debug for Changelog {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Changelog").field(&self.topic).finish()
    }
}

impl Changelog {
    pub(super) fn new(settings: &Settings, group: &str, topic: &str) -> Result<Self, KafkaError> {
        Ok(Self { topic: topic.to_owned(), reader: clients::restore_consumer(settings, group).create_with_context(Silent)? })
    }

    pub(super) fn topic(&self) -> &str {
        &self.topic
    }

    /// Up to where these partitions can be read: no open transaction stands before that.
    pub(super) fn stable_ends(&self, partitions: &[i32]) -> Result<Vec<(i32, i64)>, KafkaError> {
        // A read_committed client is told the last stable offset.
        let ends = offsets(&self.reader, partitions.iter().map(|partition| (self.topic.as_str(), *partition)), Offset::End)?;
        Ok(ends.into_iter().map(|((_, partition), end)| (partition, end)).collect())
    }

    /// Reads these partitions, each from its offset.
    pub(super) fn start(&self, starts: &[(i32, i64)]) -> Result<(), KafkaError> {
        if starts.is_empty() {
            return Ok(());
        }
        let mut list = TopicPartitionList::new();
        for (partition, offset) in starts {
            list.add_partition_offset(&self.topic, *partition, Offset::Offset(*offset))?;
        }
        self.reader.incremental_assign(&list)
    }

    /// Reads a partition no more.
    pub(super) fn stop(&self, partition: i32) -> Result<(), KafkaError> {
        let mut list = TopicPartitionList::new();
        list.add_partition(&self.topic, partition);
        self.reader.incremental_unassign(&list)
    }

    pub(super) fn poll(&self, wait: Duration) -> Option<Result<BorrowedMessage<'_>, KafkaError>> {
        self.reader.poll(wait)
    }
}
