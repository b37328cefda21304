//! Committed records of a topic, from its beginning to its end.

use std::time::{Duration, Instant};

use rdkafka::config::ClientConfig;
use rdkafka::consumer::{BaseConsumer, Consumer as _};
use rdkafka::error::KafkaError;
use rdkafka::message::{BorrowedMessage, Message as _};
use rdkafka::topic_partition_list::{Offset, TopicPartitionList};

use crate::books::facts::Position;

const CALL_TIMEOUT: Duration = Duration::from_secs(10);
/// A topic of a demo is read in well under a second.
const READ_TIMEOUT: Duration = Duration::from_mins(2);

/// Why records cannot be had.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// Kafka refuses, or does not answer.
    #[error("{action}: {source}")]
    Kafka {
        /// What was tried.
        action: String,
        /// What Kafka said.
        source: KafkaError,
    },
    /// A topic is not there.
    #[error("topic {0} does not exist")]
    NoTopic(String),
    /// The end was not reached in time.
    #[error("topic {0} was not read to its end within {READ_TIMEOUT:?}")]
    Unfinished(String),
}

/// A record as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredRecord {
    /// Where it stands.
    pub position: Position,
    /// Its time, milliseconds since 1970: when it was made, or stored, as the topic has it; -1 if it has none.
    pub time_ms: i64,
    /// Key.
    pub key: Option<Vec<u8>>,
    /// Value.
    pub value: Option<Vec<u8>>,
}

/// Reads committed records.
pub struct Reader {
    consumer: BaseConsumer,
}

impl std::fmt::Debug for Reader {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Reader")
    }
}

impl Reader {
    /// A reader of the cluster at these addresses.
    ///
    /// # Errors
    /// [`ReadError::Kafka`].
    pub fn new(bootstrap: &str) -> Result<Self, ReadError> {
        let consumer = config(bootstrap).set("group.id", "books").set("isolation.level", "read_committed").set("enable.partition.eof", "true").create();
        Ok(Self { consumer: consumer.map_err(kafka("create a consumer"))? })
    }

    /// Names of all topics but Kafka's own, sorted.
    ///
    /// # Errors
    /// [`ReadError::Kafka`].
    pub fn topics(&self) -> Result<Vec<String>, ReadError> {
        let metadata = self.consumer.fetch_metadata(None, CALL_TIMEOUT).map_err(kafka("list topics"))?;
        let mut names: Vec<String> = metadata.topics().iter().map(|topic| topic.name().to_owned()).filter(|name| !name.starts_with("__")).collect();
        names.sort_unstable();
        Ok(names)
    }

    /// Every committed record of the topic, partition by partition.
    ///
    /// # Errors
    /// [`ReadError`].
    pub fn read(&self, topic: &str) -> Result<Vec<StoredRecord>, ReadError> {
        let mut assignment = TopicPartitionList::new();
        for partition in partitions(&self.consumer, topic)? {
            assignment.add_partition_offset(topic, partition, Offset::Beginning).map_err(kafka("assign"))?;
        }
        let mut records = Vec::new();
        read_to_end(&self.consumer, &assignment, |message| {
            let position = Position { topic: topic.to_owned(), partition: message.partition(), offset: message.offset(), index: None };
            records.push(StoredRecord {
                position,
                time_ms: message.timestamp().to_millis().unwrap_or(-1),
                key: message.key().map(<[u8]>::to_vec),
                value: message.payload().map(<[u8]>::to_vec),
            });
            true
        })?;
        records.sort_by(|a, b| a.position.cmp(&b.position));
        Ok(records)
    }
}

/// Settings of every client here.
pub(crate) fn config(bootstrap: &str) -> ClientConfig {
    let mut config = ClientConfig::new();
    config.set("bootstrap.servers", bootstrap).set("enable.auto.commit", "false").set("fetch.wait.max.ms", "20").set("log.connection.close", "false");
    config
}

/// Numbers of a topic's partitions.
pub(crate) fn partitions(consumer: &BaseConsumer, topic: &str) -> Result<Vec<i32>, ReadError> {
    let metadata = consumer.fetch_metadata(Some(topic), CALL_TIMEOUT).map_err(kafka(&format!("ask for topic {topic}")))?;
    let found = metadata.topics().iter().find(|found| found.name() == topic && !found.partitions().is_empty());
    Ok(found.ok_or_else(|| ReadError::NoTopic(topic.to_owned()))?.partitions().iter().map(rdkafka::metadata::MetadataPartition::id).collect())
}

/// Reads the assigned partitions until each reached its end, or until `take` says that it has seen enough. Gives whether
/// the end was reached.
pub(crate) fn read_to_end(consumer: &BaseConsumer, assignment: &TopicPartitionList, mut take: impl FnMut(&BorrowedMessage<'_>) -> bool) -> Result<bool, ReadError> {
    let name = || assignment.elements().first().map(|element| element.topic().to_owned()).unwrap_or_default();
    consumer.assign(assignment).map_err(kafka("assign"))?;
    let (mut ended, mut enough) = (0, false);
    let deadline = Instant::now() + READ_TIMEOUT;
    while ended < assignment.count() && !enough {
        match consumer.poll(Duration::from_millis(100)) {
            Some(Ok(message)) => enough = !take(&message),
            Some(Err(KafkaError::PartitionEOF(_))) => ended += 1,
            Some(Err(source)) => return Err(ReadError::Kafka { action: format!("read {}", name()), source }),
            None if Instant::now() > deadline => return Err(ReadError::Unfinished(name())),
            None => {}
        }
    }
    consumer.unassign().map_err(kafka("unassign"))?;
    Ok(!enough)
}

pub(crate) fn kafka(action: &str) -> impl Fn(KafkaError) -> ReadError {
    let action = action.to_owned();
    move |source| ReadError::Kafka { action: action.clone(), source }
}
