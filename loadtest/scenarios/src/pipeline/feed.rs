//! Raw records, sent as a plant's gateway would send them.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use rdkafka::error::{KafkaError, RDKafkaErrorCode};
use rdkafka::message::DeliveryResult;
use rdkafka::producer::{BaseRecord, Producer as _, ProducerContext, ThreadedProducer};
use rdkafka::{ClientConfig, ClientContext};

use super::error::PipelineError;

const FLUSH_TIMEOUT: Duration = Duration::from_secs(30);

/// Keeps the first failed delivery.
#[derive(Debug, Clone, Default)]
struct Deliveries(Arc<Mutex<Option<KafkaError>>>);

impl ClientContext for Deliveries {}

impl ProducerContext for Deliveries {
    type DeliveryOpaque = ();

    fn delivery(&self, result: &DeliveryResult<'_>, _opaque: ()) {
        if let (Err((error, _)), Ok(mut first)) = (result, self.0.lock()) {
            first.get_or_insert_with(|| error.clone());
        }
    }
}

/// Sends raw records, in order within a key.
pub struct Feeder {
    producer: ThreadedProducer<Deliveries>,
    deliveries: Deliveries,
}

impl std::fmt::Debug for Feeder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Feeder")
    }
}

impl Feeder {
    pub(super) fn new(mut config: ClientConfig) -> Result<Self, PipelineError> {
        let deliveries = Deliveries::default();
        // The default partitioner of other languages, so that a key's partition is the same whoever writes.
        config.set("enable.idempotence", "true").set("partitioner", "murmur2_random").set("linger.ms", "5");
        let producer = config.create_with_context(deliveries.clone()).map_err(PipelineError::Feed)?;
        Ok(Self { producer, deliveries })
    }

    /// Sends one record; an empty key is none.
    ///
    /// # Errors
    /// [`PipelineError::Feed`].
    pub fn send(&self, topic: &str, key: &str, value: &[u8]) -> Result<(), PipelineError> {
        let mut record = BaseRecord::<str, [u8]>::to(topic).payload(value);
        record.key = (!key.is_empty()).then_some(key);
        loop {
            match self.producer.send(record) {
                Ok(()) => return Ok(()),
                Err((KafkaError::MessageProduction(RDKafkaErrorCode::QueueFull), again)) => {
                    record = again;
                    std::thread::sleep(Duration::from_millis(5));
                }
                Err((error, _)) => return Err(PipelineError::Feed(error)),
            }
        }
    }

    /// Waits until everything sent is stored.
    ///
    /// # Errors
    /// [`PipelineError::Feed`] for what is not.
    pub fn flush(&self) -> Result<(), PipelineError> {
        self.producer.flush(FLUSH_TIMEOUT).map_err(PipelineError::Feed)?;
        let failed = self.deliveries.0.lock().ok().and_then(|mut first| first.take());
        failed.map_or(Ok(()), |error| Err(PipelineError::Feed(error)))
    }
}
