//! Tables as Kafka has them.

use std::collections::BTreeMap;
use std::thread::Thread;
use std::time::{Duration, Instant};

use rdkafka::consumer::{BaseConsumer, Consumer as _};
use rdkafka::error::KafkaError;
use rdkafka::message::{BorrowedMessage, Message as _};
use rdkafka::{Offset, TopicPartitionList};

use crate::clients;
use crate::ends::{Silent, offsets};
use crate::settings::Settings;
use crate::thread_error::{ThreadError, judge};

const CALL_TIMEOUT: Duration = Duration::from_secs(10);
const POLL_WAIT: Duration = Duration::from_millis(100);
/// How long nothing may come while the end is not reached.
const PATIENCE: Duration = Duration::from_mins(1);

/// Reads a topic from its beginning to its end.
pub(super) struct Reader(BaseConsumer<Silent>);

impl Reader {
    pub(super) fn new(settings: &Settings, group: &str) -> Result<Self, KafkaError> {
        Ok(Self(clients::restore_consumer(settings, group).create_with_context(Silent)?))
    }

    /// Reads a topic up to where it ends now, open transactions left out. Gives the offset to read on from, by partition.
    pub(super) fn read(
        &self,
        topic: &str,
        alive: &mut dyn FnMut() -> Result<(), ThreadError>,
        take: &mut dyn FnMut(&BorrowedMessage<'_>) -> Result<(), ThreadError>,
    ) -> Result<BTreeMap<i32, i64>, ThreadError> {
        let Self(consumer) = self;
        let metadata = consumer.fetch_metadata(Some(topic), CALL_TIMEOUT)?;
        let partitions: Vec<i32> =
            metadata.topics().iter().flat_map(rdkafka::metadata::MetadataTopic::partitions).map(rdkafka::metadata::MetadataPartition::id).collect();
        let all = || partitions.iter().map(|partition| (topic, *partition));
        let starts = offsets(consumer, all(), Offset::Beginning)?;
        // A read_committed client is told the last stable offset.
        let ends = offsets(consumer, all(), Offset::End)?;
        let mut next: BTreeMap<i32, i64> = ends.iter().map(|((_, partition), end)| (*partition, *end)).collect();
        let mut left = BTreeMap::new();
        let mut list = TopicPartitionList::new();
        for (place @ (_, partition), start) in &starts {
            if let Some(end) = ends.get(place).filter(|end| start < end) {
                left.insert(*partition, *end);
                list.add_partition_offset(topic, *partition, Offset::Offset(*start))?;
            }
        }
        consumer.assign(&list)?;
        let mut moved = Instant::now();
        while !left.is_empty() {
            alive()?;
            match consumer.poll(POLL_WAIT) {
                None if moved.elapsed() > PATIENCE => return Err(ThreadError::Restore(format!("{topic}: nothing came for {PATIENCE:?}, and {left:?} is not reached"))),
                None => continue,
                Some(Ok(message)) => {
                    take(&message)?;
                    let (partition, after) = (message.partition(), message.offset() + 1);
                    next.entry(partition).and_modify(|next| *next = after.max(*next));
                    if left.get(&partition).is_some_and(|end| after >= *end) {
                        left.remove(&partition);
                    }
                }
                // The last offsets of a partition may be marks of transactions, which nobody is given.
                Some(Err(KafkaError::PartitionEOF(partition))) => drop(left.remove(&partition)),
                Some(Err(error)) => judge(error)?,
            }
            moved = Instant::now();
        }
        consumer.unassign()?;
        Ok(next)
    }
}

/// Keeps up with the tables from there on.
pub(super) struct Follower(BaseConsumer<Silent>);

impl std::fmt::Debug for Follower {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Follower")
    }
}

impl Follower {
    pub(super) fn new(settings: &Settings, group: &str, starts: &[(&'static str, i32, i64)]) -> Result<Self, KafkaError> {
        let consumer: BaseConsumer<Silent> = clients::table_consumer(settings, group).create_with_context(Silent)?;
        let mut list = TopicPartitionList::new();
        for (topic, partition, offset) in starts {
            list.add_partition_offset(topic, *partition, Offset::Offset(*offset))?;
        }
        consumer.assign(&list)?;
        Ok(Self(consumer))
    }

    pub(super) fn poll(&self) -> Option<Result<BorrowedMessage<'_>, KafkaError>> {
        self.0.poll(Duration::ZERO)
    }

    pub(super) fn wake(&mut self, thread: Thread) {
        self.0.set_nonempty_callback(move || thread.unpark());
    }
}
