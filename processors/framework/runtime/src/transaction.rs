//! The transactional producer of a stream thread.
//!
//! There is no abort call: after any doubt the producer is dropped and a new one made under the same transactional id, whose initialization ends
//! the old transaction one way or the other before it returns (`docs/EXACTLY_ONCE.md`).

use std::time::{Duration, Instant};

use rdkafka::ClientConfig;
use rdkafka::TopicPartitionList;
use rdkafka::client::ClientContext;
use rdkafka::consumer::ConsumerGroupMetadata;
use rdkafka::error::{KafkaError, RDKafkaErrorCode};
use rdkafka::message::DeliveryResult;
use rdkafka::producer::{BaseProducer, BaseRecord, Producer as _, ProducerContext};

const CALL_TIMEOUT: Duration = Duration::from_secs(30);
/// How long an initialization is waited for before it is asked what keeps it.
const INIT_STEP: Duration = Duration::from_millis(60);
/// How long a full send queue may stay full.
const QUEUE_FULL_LIMIT: Duration = Duration::from_secs(30);

/// Logs what the producer says.
#[derive(Debug)]
pub struct ProducerLog;

impl ClientContext for ProducerLog {
    fn error(&self, error: KafkaError, reason: &str) {
        tracing::warn!(%error, reason, "Kafka producer");
    }
}

impl ProducerContext for ProducerLog {
    type DeliveryOpaque = ();

    fn delivery(&self, result: &DeliveryResult<'_>, (): ()) {
        // Only failures are reported. The transaction is abortable then and its commit says so.
        if let Err((error, _)) = result {
            tracing::warn!(%error, "record not delivered");
        }
    }
}

/// A producer with its transactional id initialized, and whether a transaction is open.
pub struct TransactionalProducer {
    producer: BaseProducer<ProducerLog>,
    open: bool,
}

impl std::fmt::Debug for TransactionalProducer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("TransactionalProducer").field("open", &self.open).finish_non_exhaustive()
    }
}

impl TransactionalProducer {
    /// Makes a producer and initializes its transactional id: an earlier producer of that id is fenced, its open transaction ended.
    ///
    /// # Errors
    /// Whatever Kafka says; to be tried again.
    pub fn connect(config: &ClientConfig) -> Result<Self, KafkaError> {
        let started = Instant::now();
        loop {
            let producer: BaseProducer<ProducerLog> = config.create_with_context(ProducerLog)?;
            if initialize(&producer, started)? {
                return Ok(Self { producer, open: false });
            }
        }
    }

    /// Partitions that the topic has.
    ///
    /// # Errors
    /// Whatever Kafka says; to be tried again.
    pub fn partition_count(&self, topic: &str) -> Result<i32, KafkaError> {
        let metadata = self.producer.client().fetch_metadata(Some(topic), CALL_TIMEOUT)?;
        let count = metadata.topics().iter().find(|found| found.name() == topic).map_or(0, |found| found.partitions().len());
        match i32::try_from(count) {
            Ok(count) if count > 0 => Ok(count),
            _ => Err(KafkaError::MetadataFetch(RDKafkaErrorCode::UnknownTopicOrPartition)),
        }
    }

    /// True between the first send and the commit.
    #[must_use]
    pub const fn is_open(&self) -> bool {
        self.open
    }

    /// Begins a transaction unless one is open.
    ///
    /// # Errors
    /// Whatever Kafka says; the producer is to be replaced.
    pub fn begin(&mut self) -> Result<(), KafkaError> {
        if !self.open {
            self.producer.begin_transaction()?;
            self.open = true;
        }
        Ok(())
    }

    /// Puts a record into the send queue; to the partition of its key if none is given.
    ///
    /// # Errors
    /// Whatever Kafka says; the producer is to be replaced.
    pub fn send(&self, topic: &str, partition: Option<i32>, key: Option<&[u8]>, value: Option<&[u8]>) -> Result<(), KafkaError> {
        // Asking the clock costs as much as a tenth of sending, so it is asked only when the queue is full.
        let mut full_since = None;
        loop {
            let mut record: BaseRecord<'_, [u8], [u8]> = BaseRecord::to(topic);
            record.partition = partition;
            record.key = key;
            record.payload = value;
            match self.producer.send(record) {
                Ok(()) => return Ok(()),
                Err((KafkaError::MessageProduction(RDKafkaErrorCode::QueueFull), _)) if full_since.get_or_insert_with(Instant::now).elapsed() < QUEUE_FULL_LIMIT => {
                    self.producer.poll(Duration::from_millis(1));
                }
                Err((error, _)) => return Err(error),
            }
        }
    }

    /// Adds the input offsets of a group to the transaction.
    ///
    /// # Errors
    /// Whatever Kafka says, fencing of the group's member among it; the producer is to be replaced.
    pub fn send_offsets(&self, offsets: &TopicPartitionList, group: &ConsumerGroupMetadata) -> Result<(), KafkaError> {
        self.producer.send_offsets_to_transaction(offsets, group, CALL_TIMEOUT)
    }

    /// Waits until every record is delivered, then commits.
    ///
    /// # Errors
    /// Whatever Kafka says. The outcome is in doubt then; the producer is to be replaced, after which the committed offsets tell.
    pub fn commit(&mut self) -> Result<(), KafkaError> {
        self.flush()?;
        self.producer.commit_transaction(CALL_TIMEOUT)?;
        self.open = false;
        Ok(())
    }

    /// `Producer::flush` of the binding polls in steps of 100 ms that never end early; librdkafka's own returns as soon as all is delivered.
    #[expect(unsafe_code, reason = "the binding offers no other way to flush without waiting 100 ms; the client outlives the call")]
    fn flush(&self) -> Result<(), KafkaError> {
        let timeout_ms = i32::try_from(CALL_TIMEOUT.as_millis()).unwrap_or(i32::MAX);
        // SAFETY: the pointer is that of a live client, which `self` keeps alive; rd_kafka_flush may be called from any thread.
        let code = unsafe { rdkafka::bindings::rd_kafka_flush(self.producer.client().native_ptr(), timeout_ms) };
        if code == rdkafka::types::RDKafkaRespErr::RD_KAFKA_RESP_ERR_NO_ERROR { Ok(()) } else { Err(KafkaError::Flush(code.into())) }
    }

    /// Serves one waiting event (an error, a log line).
    pub fn serve(&self) {
        self.producer.poll(Duration::ZERO);
    }
}

/// Initializes the transactional id. False while the coordinator still ends the transaction that was left open: librdkafka asks again only after half a
/// second, a new producer at once, and the end of a transaction takes some milliseconds.
fn initialize(producer: &BaseProducer<ProducerLog>, started: Instant) -> Result<bool, KafkaError> {
    loop {
        match producer.init_transactions(INIT_STEP) {
            Ok(()) => return Ok(true),
            Err(KafkaError::Transaction(error)) if error.is_retriable() && started.elapsed() < CALL_TIMEOUT => {
                // The answer was given, so no request is on its way that could fence the next producer.
                if error.code() == RDKafkaErrorCode::ConcurrentTransactions {
                    return Ok(false);
                }
            }
            Err(error) => return Err(error),
        }
    }
}
