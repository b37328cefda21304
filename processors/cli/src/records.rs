//! Committed records of a topic's partitions, from one offset to another: how `books` and `trace` find what they tell.
//!
//! The key of an order decides on its partition. Within it, records are read from an offset that is known (from the books, or from a time) and those of other keys are
//! passed over undecoded.

use std::time::{Duration, Instant};

use lineside_runtime::settings::ConnectionSettings;
use lineside_schemas::Timestamp;
use lineside_topology::acls::OPERATOR;
use rdkafka::consumer::{BaseConsumer, Consumer as _};
use rdkafka::error::KafkaError;
use rdkafka::message::{BorrowedMessage, Headers as _, Message as _};
use rdkafka::topic_partition_list::{Offset, TopicPartitionList};

/// How long one call may take.
const CALL_TIMEOUT: Duration = Duration::from_secs(10);
/// How long brokers may send nothing while there is something to read.
const SILENCE: Duration = Duration::from_secs(30);
/// What the client reads ahead, in KiB, and at once, in bytes: a whole partition may have to be gone through.
const READ_AHEAD_KIB: &str = "65536";
const FETCH_BYTES: &str = "8388608";

/// Why records cannot be had.
#[derive(Debug, thiserror::Error)]
pub enum RecordsError {
    /// Kafka refuses, or does not answer.
    #[error("{action}: {source}")]
    Kafka {
        /// What was tried.
        action: String,
        /// What Kafka said.
        source: KafkaError,
    },
    /// A topic is not there.
    #[error("there is no topic {0} on the cluster; `lineside topology plan` shows what is missing")]
    NoTopic(String),
    /// The brokers stopped sending.
    #[error("the brokers sent nothing of {0} for {SILENCE:?}, though its end was not reached")]
    Silent(String),
}

/// A record while it is read.
#[derive(Debug)]
pub struct Found<'a> {
    /// Partition.
    pub partition: i32,
    /// Offset.
    pub offset: i64,
    /// Its time.
    pub time: Timestamp,
    /// Key.
    pub key: Option<&'a [u8]>,
    /// Value.
    pub value: Option<&'a [u8]>,
    /// Headers.
    pub headers: Vec<(String, Option<Vec<u8>>)>,
}

/// Offsets of a partition, the second excluded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Range {
    /// Topic.
    pub topic: String,
    /// Partition.
    pub partition: i32,
    /// First offset wanted.
    pub from: i64,
    /// Offset behind the last one wanted.
    pub until: i64,
}

/// Reads committed records.
pub struct Records {
    consumer: BaseConsumer,
}

impl std::fmt::Debug for Records {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Records")
    }
}

impl Records {
    /// A reader of that cluster. Makes no call yet.
    ///
    /// # Errors
    /// [`RecordsError::Kafka`] for a property that librdkafka does not take.
    pub fn new(connection: &ConnectionSettings) -> Result<Self, RecordsError> {
        let mut config = connection.kafka();
        config
            .set("client.id", "lineside-records")
            // Nobody joins it: partitions are assigned here, and nothing is committed.
            .set("group.id", OPERATOR)
            .set("enable.auto.commit", "false")
            .set("enable.auto.offset.store", "false")
            .set("isolation.level", "read_committed")
            .set("enable.partition.eof", "true")
            // What goes by retention or compaction while it is being read is passed over.
            .set("auto.offset.reset", "earliest")
            .set("queued.max.messages.kbytes", READ_AHEAD_KIB)
            .set("fetch.max.bytes", FETCH_BYTES)
            .set("max.partition.fetch.bytes", FETCH_BYTES)
            .set("fetch.queue.backoff.ms", "1")
            .set("fetch.wait.max.ms", "20");
        connection.apply_properties(&mut config);
        // Else it would be the least that may be fetched at once.
        config.set("message.max.bytes", "1000");
        Ok(Self { consumer: config.create().map_err(kafka("make a consumer"))? })
    }

    /// Names of all topics that may be seen.
    ///
    /// # Errors
    /// [`RecordsError::Kafka`].
    pub fn topics(&self) -> Result<Vec<String>, RecordsError> {
        let metadata = self.consumer.fetch_metadata(None, CALL_TIMEOUT).map_err(kafka("ask the brokers for their topics"))?;
        Ok(metadata.topics().iter().map(|topic| topic.name().to_owned()).collect())
    }

    /// How many partitions the topic has.
    ///
    /// # Errors
    /// [`RecordsError::NoTopic`], or [`RecordsError::Kafka`].
    pub fn partitions(&self, topic: &str) -> Result<i32, RecordsError> {
        let metadata = self.consumer.fetch_metadata(Some(topic), CALL_TIMEOUT).map_err(kafka(&format!("ask the brokers for {topic}")))?;
        let found = metadata.topics().iter().find(|found| found.name() == topic && !found.partitions().is_empty());
        let partitions = found.ok_or_else(|| RecordsError::NoTopic(topic.to_owned()))?.partitions().len();
        Ok(i32::try_from(partitions).unwrap_or(i32::MAX))
    }

    /// Everything that the partition holds now.
    ///
    /// # Errors
    /// [`RecordsError::Kafka`].
    pub fn whole(&self, topic: &str, partition: i32) -> Result<Range, RecordsError> {
        let (from, until) = self.consumer.fetch_watermarks(topic, partition, CALL_TIMEOUT).map_err(kafka(&format!("ask where {topic}/{partition} ends")))?;
        Ok(Range { topic: topic.to_owned(), partition, from, until })
    }

    /// Offset of the first record of that time or later; where the partition ends, if there is none.
    ///
    /// # Errors
    /// [`RecordsError::Kafka`].
    pub fn at(&self, whole: &Range, time: Timestamp) -> Result<i64, RecordsError> {
        let mut asked = TopicPartitionList::new();
        let millis = Offset::Offset(time.micros().div_euclid(1000).max(0));
        asked.add_partition_offset(&whole.topic, whole.partition, millis).map_err(kafka("ask for a time"))?;
        let action = format!("ask where {} stood at that time", whole.topic);
        let told = self.consumer.offsets_for_times(asked, CALL_TIMEOUT).map_err(kafka(&action))?;
        let offset = told.elements().first().and_then(|element| match element.offset() {
            Offset::Offset(offset) => Some(offset),
            _ => None,
        });
        Ok(offset.unwrap_or(whole.until))
    }

    /// Gives every committed record of the range, in order.
    ///
    /// # Errors
    /// [`RecordsError`], or the first error of `visit`.
    pub fn each<E: From<RecordsError>>(&self, range: &Range, visit: &mut dyn FnMut(Found<'_>) -> Result<(), E>) -> Result<(), E> {
        let whole = self.whole(&range.topic, range.partition)?;
        let (from, until) = (range.from.max(whole.from), range.until.min(whole.until));
        if from >= until {
            return Ok(());
        }
        let mut wanted = TopicPartitionList::new();
        wanted.add_partition_offset(&range.topic, range.partition, Offset::Offset(from)).map_err(kafka("assign"))?;
        self.consumer.assign(&wanted).map_err(kafka(&format!("read {}", range.topic)))?;
        let mut heard = Instant::now();
        loop {
            match self.consumer.poll(Duration::from_millis(100)) {
                Some(Ok(message)) => {
                    heard = Instant::now();
                    if message.offset() < until {
                        visit(found(&message))?;
                    }
                    if message.offset() + 1 >= until {
                        break;
                    }
                }
                Some(Err(KafkaError::PartitionEOF(_))) => break,
                Some(Err(source)) if is_passing(&source) => {}
                Some(Err(source)) => return Err(RecordsError::Kafka { action: format!("read {}", range.topic), source }.into()),
                None => {}
            }
            if heard.elapsed() > SILENCE {
                return Err(RecordsError::Silent(range.topic.clone()).into());
            }
        }
        Ok(self.consumer.unassign().map_err(kafka("unassign"))?)
    }
}

fn found<'m>(message: &'m BorrowedMessage<'_>) -> Found<'m> {
    let headers = message.headers().map(|headers| headers.iter().map(|header| (header.key.to_owned(), header.value.map(<[u8]>::to_vec))).collect());
    Found {
        partition: message.partition(),
        offset: message.offset(),
        time: Timestamp::from_millis(message.timestamp().to_millis().unwrap_or_default()),
        key: message.key(),
        value: message.payload(),
        headers: headers.unwrap_or_default(),
    }
}

/// The client tries again by itself; how long, is the matter of [`SILENCE`].
fn is_passing(error: &KafkaError) -> bool {
    use rdkafka::types::RDKafkaErrorCode::{AllBrokersDown, BrokerTransportFailure, OperationTimedOut};
    matches!(error.rdkafka_error_code(), Some(AllBrokersDown | BrokerTransportFailure | OperationTimedOut))
}

fn kafka(action: &str) -> impl Fn(KafkaError) -> RecordsError {
    let action = action.to_owned();
    move |source| RecordsError::Kafka { action: action.clone(), source }
}
