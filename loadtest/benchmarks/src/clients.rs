//! Producers and readers around what is measured.

use std::time::{Duration, Instant};

use rdkafka::client::ClientContext;
use rdkafka::config::ClientConfig;
use rdkafka::consumer::{BaseConsumer, Consumer as _};
use rdkafka::error::{KafkaError, RDKafkaErrorCode};
use rdkafka::message::{BorrowedMessage, DeliveryResult};
use rdkafka::producer::{BaseProducer, BaseRecord, Producer as _, ProducerContext};
use rdkafka::topic_partition_list::{Offset, TopicPartitionList};

use crate::error::BenchError;

const CALL_TIMEOUT: Duration = Duration::from_secs(30);
const READ_TIMEOUT: Duration = Duration::from_mins(2);
const FLUSH_STEP: Duration = Duration::from_millis(100);

/// Does nothing with what a producer says: with reports for errors only, a failed flush tells enough.
#[derive(Debug)]
pub struct Silent;

impl ClientContext for Silent {}

impl ProducerContext for Silent {
    type DeliveryOpaque = ();

    fn delivery(&self, _result: &DeliveryResult<'_>, (): ()) {}
}

/// Fills topics. Not transactional: what it sends is visible as soon as it is stored.
pub struct Filler {
    producer: BaseProducer<Silent>,
}

impl std::fmt::Debug for Filler {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Filler")
    }
}

impl Filler {
    /// Connects. `linger_ms` is how long a record may wait for others.
    ///
    /// # Errors
    /// [`BenchError::Kafka`].
    pub fn new(bootstrap: &str, linger_ms: u32) -> Result<Self, BenchError> {
        let mut config = ClientConfig::new();
        config.set("bootstrap.servers", bootstrap).set("enable.idempotence", "true").set("partitioner", "murmur2_random").set("compression.type", "lz4");
        config.set("linger.ms", linger_ms.to_string()).set("message.max.bytes", "4194304");
        Ok(Self { producer: config.create_with_context(Silent)? })
    }

    /// Puts a record into the send queue.
    ///
    /// # Errors
    /// [`BenchError::Kafka`].
    pub fn send(&self, topic: &str, partition: Option<i32>, key: &[u8], value: &[u8]) -> Result<(), BenchError> {
        loop {
            let mut record: BaseRecord<'_, [u8], [u8]> = BaseRecord::to(topic).key(key).payload(value);
            record.partition = partition;
            match self.producer.send(record) {
                Ok(()) => return Ok(()),
                Err((KafkaError::MessageProduction(RDKafkaErrorCode::QueueFull), _)) => {
                    self.producer.poll(FLUSH_STEP);
                }
                Err((error, _)) => return Err(error.into()),
            }
        }
    }

    /// Serves what has been delivered.
    pub fn serve(&self) {
        self.producer.poll(Duration::ZERO);
    }

    /// Waits until everything is stored.
    ///
    /// # Errors
    /// [`BenchError::Kafka`].
    pub fn flush(&self) -> Result<(), BenchError> {
        Ok(self.producer.flush(CALL_TIMEOUT)?)
    }
}

/// A reader of committed records that polls without a pause and waits for nothing else.
///
/// # Errors
/// [`BenchError::Kafka`].
pub fn tail(bootstrap: &str, topics: &[&str]) -> Result<BaseConsumer, BenchError> {
    assigned(reader(bootstrap).create()?, topics)
}

/// From the beginning of every partition.
fn assigned(consumer: BaseConsumer, topics: &[&str]) -> Result<BaseConsumer, BenchError> {
    let mut assignment = TopicPartitionList::new();
    for topic in topics {
        let metadata = consumer.fetch_metadata(Some(topic), CALL_TIMEOUT)?;
        for partition in metadata.topics().iter().flat_map(rdkafka::metadata::MetadataTopic::partitions) {
            assignment.add_partition_offset(topic, partition.id(), Offset::Beginning)?;
        }
    }
    consumer.assign(&assignment)?;
    Ok(consumer)
}

/// Gives every committed record of the topics to `take`, to their ends.
///
/// # Errors
/// [`BenchError::Kafka`].
pub fn read_all(bootstrap: &str, topics: &[&str], mut take: impl FnMut(&BorrowedMessage<'_>)) -> Result<(), BenchError> {
    let consumer = assigned(reader(bootstrap).set("enable.partition.eof", "true").create()?, topics)?;
    let partitions = consumer.assignment()?.count();
    let (mut ended, deadline) = (0, Instant::now() + READ_TIMEOUT);
    while ended < partitions {
        match consumer.poll(FLUSH_STEP) {
            Some(Ok(message)) => take(&message),
            Some(Err(KafkaError::PartitionEOF(_))) => ended += 1,
            Some(Err(error)) => return Err(error.into()),
            None if Instant::now() > deadline => return Err(BenchError::Failed(format!("{topics:?} were not read to their ends"))),
            None => {}
        }
    }
    Ok(())
}

fn reader(bootstrap: &str) -> ClientConfig {
    let mut config = ClientConfig::new();
    config.set("bootstrap.servers", bootstrap).set("group.id", "bench-reader").set("enable.auto.commit", "false").set("isolation.level", "read_committed");
    config.set("fetch.queue.backoff.ms", "1").set("fetch.min.bytes", "1").set("message.max.bytes", "4194304");
    config
}

/// Sends at a fixed rate: `send` is called with the number of each item when its time has come. Lateness is made up for at once.
///
/// # Errors
/// What `send` says.
pub fn at_rate(rate_per_s: u32, count: usize, mut send: impl FnMut(usize) -> Result<(), BenchError>) -> Result<(), BenchError> {
    let start = Instant::now();
    for number in 0..count {
        let due = start + Duration::from_secs(1) * u32::try_from(number).unwrap_or(u32::MAX) / rate_per_s.max(1);
        let ahead = due.saturating_duration_since(Instant::now());
        if !ahead.is_zero() {
            std::thread::sleep(ahead);
        }
        send(number)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rate_is_kept_over_the_whole_and_every_number_is_sent_once() {
        let (mut sent, start) = (Vec::new(), Instant::now());
        at_rate(1000, 50, |number| {
            sent.push(number);
            Ok(())
        })
        .unwrap();
        assert_eq!(sent, (0..50).collect::<Vec<_>>());
        assert!(start.elapsed() >= Duration::from_millis(49));
    }
}
