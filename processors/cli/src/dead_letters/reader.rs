//! Committed records of topics, from their beginning or a time on to where they end now. Nothing is kept of what was read.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use lineside_runtime::settings::ConnectionSettings;
use lineside_schemas::Timestamp;
use lineside_topology::acls::OPERATOR;
use lineside_topology::topics::DEAD_LETTER_PREFIX;
use rdkafka::consumer::{BaseConsumer, Consumer as _};
use rdkafka::error::KafkaError;
use rdkafka::message::{BorrowedMessage, Message as _};
use rdkafka::topic_partition_list::{Offset, TopicPartitionList};

use super::place::Place;

/// How long one call may take.
const CALL_TIMEOUT: Duration = Duration::from_secs(10);
/// How long brokers may send nothing while there is something to read.
const SILENCE: Duration = Duration::from_secs(30);
/// What the client reads ahead, in KiB. A dead letter holds a whole record, so there are few of them in this.
const READ_AHEAD_KIB: &str = "8192";
const FETCH_BYTES: &str = "8388608";

/// Why records cannot be had.
#[derive(Debug, thiserror::Error)]
pub enum ReaderError {
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
    /// A partition is not there.
    #[error("{topic} has no partition {partition}")]
    NoPartition {
        /// The topic.
        topic: String,
        /// What was asked for.
        partition: i32,
    },
    /// The cluster has no topic of dead letters.
    #[error("there is no topic {DEAD_LETTER_PREFIX}* on the cluster that may be read; `lineside topology plan` shows what is missing")]
    NoTopics,
    /// There is no record at that place.
    #[error("there is no record at {place}: {topic}/{partition} holds offsets {low} to below {high}, and some of them are marks of transactions", topic = place.topic, partition = place.partition)]
    NoRecord {
        /// What was asked for.
        place: Place,
        /// First offset held.
        low: i64,
        /// Offset after the last.
        high: i64,
    },
    /// The brokers stopped sending.
    #[error("the brokers sent nothing of {topic} for {SILENCE:?}, though its end was not reached")]
    Silent {
        /// Topic that was being read.
        topic: String,
    },
}

/// A record while it is read.
#[derive(Debug)]
pub struct Stored<'a> {
    /// Where it stands.
    pub place: Place,
    /// Its time.
    pub written: Timestamp,
    /// Its key.
    pub key: Option<&'a [u8]>,
    /// Its value.
    pub value: Option<&'a [u8]>,
}

/// A record that was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held {
    /// Its time.
    pub written: Timestamp,
    /// Its value.
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
    /// A reader of that cluster. Makes no call yet.
    ///
    /// # Errors
    /// [`ReaderError::Kafka`] for a property that librdkafka does not take.
    pub fn new(connection: &ConnectionSettings) -> Result<Self, ReaderError> {
        let mut config = connection.kafka();
        config
            .set("client.id", "lineside-dead-letters")
            // Nobody joins it: partitions are assigned here, and nothing is committed.
            .set("group.id", OPERATOR)
            .set("enable.auto.commit", "false")
            .set("enable.auto.offset.store", "false")
            .set("isolation.level", "read_committed")
            .set("enable.partition.eof", "true")
            // What goes by retention while it is being read is passed over.
            .set("auto.offset.reset", "earliest")
            .set("queued.max.messages.kbytes", READ_AHEAD_KIB)
            .set("fetch.max.bytes", FETCH_BYTES)
            .set("fetch.wait.max.ms", "50");
        connection.apply_properties(&mut config);
        // Else it would be the least that may be fetched at once.
        config.set("message.max.bytes", "1000");
        Ok(Self { consumer: config.create().map_err(kafka("make a consumer"))? })
    }

    /// Topics of dead letters: of one processor, or all that the cluster has.
    ///
    /// # Errors
    /// [`ReaderError`].
    pub fn topics(&self, processor: Option<&str>) -> Result<Vec<String>, ReaderError> {
        if let Some(processor) = processor {
            return Ok(vec![format!("{DEAD_LETTER_PREFIX}{processor}")]);
        }
        let metadata = self.consumer.fetch_metadata(None, CALL_TIMEOUT).map_err(kafka("ask the brokers for their topics"))?;
        let mut topics: Vec<String> = metadata.topics().iter().map(|topic| topic.name().to_owned()).filter(|name| name.starts_with(DEAD_LETTER_PREFIX)).collect();
        topics.sort_unstable();
        if topics.is_empty() { Err(ReaderError::NoTopics) } else { Ok(topics) }
    }

    /// Gives every committed record of these topics, written at `since` or later, up to where each partition ends now.
    ///
    /// # Errors
    /// [`ReaderError`], or the first error of `visit`.
    pub fn each<E: From<ReaderError>>(&self, topics: &[String], since: Option<Timestamp>, visit: &mut dyn FnMut(Stored<'_>) -> Result<(), E>) -> Result<(), E> {
        for topic in topics {
            let ends = self.ends(topic)?;
            let from = self.beginnings(topic, &ends, since)?;
            self.read(topic, &from, ends, visit)?;
        }
        Ok(())
    }

    /// The committed record at that place.
    ///
    /// # Errors
    /// [`ReaderError::NoRecord`] when there is none; else see [`ReaderError`].
    pub fn one(&self, place: &Place) -> Result<Held, ReaderError> {
        let Place { topic, partition, offset } = place;
        if !self.partitions(topic)?.contains(partition) {
            return Err(ReaderError::NoPartition { topic: topic.clone(), partition: *partition });
        }
        let (low, high) = self.watermarks(topic, *partition)?;
        let mut held = None;
        if (low..high).contains(offset) {
            let mut from = TopicPartitionList::new();
            from.add_partition_offset(topic, *partition, Offset::Offset(*offset)).map_err(kafka("assign"))?;
            self.read(topic, &from, BTreeMap::from([(*partition, offset + 1)]), &mut |stored| {
                held = Some(Held { written: stored.written, value: stored.value.map(<[u8]>::to_vec) });
                Ok::<(), ReaderError>(())
            })?;
        }
        held.ok_or_else(|| ReaderError::NoRecord { place: place.clone(), low, high })
    }

    fn partitions(&self, topic: &str) -> Result<Vec<i32>, ReaderError> {
        let metadata = self.consumer.fetch_metadata(Some(topic), CALL_TIMEOUT).map_err(kafka(&format!("ask the brokers for {topic}")))?;
        let found = metadata.topics().iter().find(|found| found.name() == topic && !found.partitions().is_empty());
        Ok(found.ok_or_else(|| ReaderError::NoTopic(topic.to_owned()))?.partitions().iter().map(rdkafka::metadata::MetadataPartition::id).collect())
    }

    fn watermarks(&self, topic: &str, partition: i32) -> Result<(i64, i64), ReaderError> {
        self.consumer.fetch_watermarks(topic, partition, CALL_TIMEOUT).map_err(kafka(&format!("ask where {topic}/{partition} ends")))
    }

    /// Where each partition that holds something ends.
    fn ends(&self, topic: &str) -> Result<BTreeMap<i32, i64>, ReaderError> {
        let mut ends = BTreeMap::new();
        for partition in self.partitions(topic)? {
            let (low, high) = self.watermarks(topic, partition)?;
            if low < high {
                ends.insert(partition, high);
            }
        }
        Ok(ends)
    }

    fn beginnings(&self, topic: &str, ends: &BTreeMap<i32, i64>, since: Option<Timestamp>) -> Result<TopicPartitionList, ReaderError> {
        let start = since.map_or(Offset::Beginning, |since| Offset::Offset(since.micros().div_euclid(1000).max(0)));
        let mut from = TopicPartitionList::new();
        for partition in ends.keys() {
            from.add_partition_offset(topic, *partition, start).map_err(kafka("assign"))?;
        }
        if since.is_none() || ends.is_empty() {
            return Ok(from);
        }
        // Asked for times, it gives the first offset of that time or later; the end where there is none.
        self.consumer.offsets_for_times(from, CALL_TIMEOUT).map_err(kafka(&format!("ask where {topic} stood at that time")))
    }

    fn read<E: From<ReaderError>>(
        &self,
        topic: &str,
        from: &TopicPartitionList,
        mut open: BTreeMap<i32, i64>,
        visit: &mut dyn FnMut(Stored<'_>) -> Result<(), E>,
    ) -> Result<(), E> {
        if open.is_empty() {
            return Ok(());
        }
        self.consumer.assign(from).map_err(kafka(&format!("read {topic}")))?;
        let mut heard = Instant::now();
        while !open.is_empty() {
            match self.consumer.poll(Duration::from_millis(100)) {
                Some(Ok(message)) => {
                    heard = Instant::now();
                    let Some(end) = open.get(&message.partition()).copied() else { continue };
                    if message.offset() < end {
                        visit(stored(topic, &message))?;
                    }
                    if message.offset() + 1 >= end {
                        open.remove(&message.partition());
                    }
                }
                Some(Err(KafkaError::PartitionEOF(partition))) => {
                    heard = Instant::now();
                    open.remove(&partition);
                }
                Some(Err(source)) if is_passing(&source) => {}
                Some(Err(source)) => return Err(ReaderError::Kafka { action: format!("read {topic}"), source }.into()),
                None => {}
            }
            if heard.elapsed() > SILENCE {
                return Err(ReaderError::Silent { topic: topic.to_owned() }.into());
            }
        }
        Ok(self.consumer.unassign().map_err(kafka("unassign"))?)
    }
}

fn stored<'m>(topic: &str, message: &'m BorrowedMessage<'_>) -> Stored<'m> {
    Stored {
        place: Place { topic: topic.to_owned(), partition: message.partition(), offset: message.offset() },
        written: Timestamp::from_millis(message.timestamp().to_millis().unwrap_or_default()),
        key: message.key(),
        value: message.payload(),
    }
}

/// The client tries again by itself; how long, is the matter of [`SILENCE`].
fn is_passing(error: &KafkaError) -> bool {
    use rdkafka::types::RDKafkaErrorCode::{AllBrokersDown, BrokerTransportFailure, OperationTimedOut};
    matches!(error.rdkafka_error_code(), Some(AllBrokersDown | BrokerTransportFailure | OperationTimedOut))
}

fn kafka(action: &str) -> impl Fn(KafkaError) -> ReaderError {
    let action = action.to_owned();
    move |source| ReaderError::Kafka { action: action.clone(), source }
}
