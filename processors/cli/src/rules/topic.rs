//! `rules.posting.v1`: read as a whole, and written to.

use std::time::Duration;

use lineside_posting_rules::{RuleBook, RuleSet};
use lineside_registry::RegistryClient;
use lineside_runtime::settings::ConnectionSettings;
use lineside_schemas::ids::deterministic_id;
use lineside_schemas::{Codec, Contract as _, contract};
use lineside_topology::topics::RULES_POSTING;
use rdkafka::error::KafkaError;
use rdkafka::message::DeliveryResult;
use rdkafka::producer::{BaseRecord, Producer as _, ProducerContext, ThreadedProducer};
use rdkafka::{ClientContext, Message as _};
use std::sync::mpsc::{Sender, channel};

use super::RulesError;
use crate::dead_letters::reader::Reader;

/// How long the brokers may take to acknowledge a rule set.
const PATIENCE: Duration = Duration::from_secs(30);

/// The topic on a cluster.
pub struct RulesTopic<'c> {
    connection: &'c ConnectionSettings,
    codec: Codec,
}

impl std::fmt::Debug for RulesTopic<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("RulesTopic")
    }
}

impl<'c> RulesTopic<'c> {
    /// The topic of that cluster. Makes no call yet.
    ///
    /// # Errors
    /// [`RulesError::Registry`] for settings that make no client.
    pub fn new(connection: &'c ConnectionSettings) -> Result<Self, RulesError> {
        Ok(Self { connection, codec: Codec::new(Box::new(RegistryClient::new(&connection.registry())?)) })
    }

    /// Every version that stands there. What is not understood is noted in the book, and said.
    ///
    /// # Errors
    /// [`RulesError`]
    pub fn book(&self) -> Result<RuleBook, RulesError> {
        let mut book = RuleBook::new();
        Reader::new(self.connection)?.each(&[RULES_POSTING.name().to_owned()], None, &mut |stored| {
            let key = String::from_utf8_lossy(stored.key.unwrap_or_default()).into_owned();
            let Some(value) = stored.value else {
                book.remove(&key);
                return Ok(());
            };
            let record = self.codec.decode::<contract::PostingRuleSet>(value).map_err(|error| RulesError::Record { key: key.clone(), error })?;
            // What the book cannot understand it remembers; who asks is told below.
            let _ = book.put(&record);
            Ok::<(), RulesError>(())
        })?;
        for (id, error) in book.not_understood() {
            eprintln!("lineside: {id} is not understood: {error}");
        }
        Ok(book)
    }

    /// Writes a version and waits until the brokers have it.
    ///
    /// # Errors
    /// [`RulesError`]
    pub fn write(&mut self, set: &RuleSet) -> Result<(), RulesError> {
        self.codec.resolve(RULES_POSTING.name(), contract::PostingRuleSet::ID).map_err(RulesError::Schema)?;
        let (key, strings) = (set.id(), set.strings());
        let mut value = Vec::new();
        self.codec
            .encode::<contract::PostingRuleSet>(RULES_POSTING.name(), &set.to_record(&strings), &mut value)
            .map_err(|error| RulesError::Record { key: key.clone(), error })?;
        let mut config = self.connection.kafka();
        config.set("client.id", "lineside-rules").set("acks", "all").set("enable.idempotence", "true").set("delivery.timeout.ms", PATIENCE.as_millis().to_string());
        self.connection.apply_properties(&mut config);
        let (delivered, outcome) = channel();
        let producer: ThreadedProducer<Delivered> = config.create_with_context(Delivered(delivered)).map_err(RulesError::Write)?;
        producer.send(BaseRecord::to(RULES_POSTING.name()).key(&key).payload(&value)).map_err(|(error, _)| RulesError::Write(error))?;
        producer.flush(PATIENCE).map_err(RulesError::Write)?;
        outcome.recv_timeout(PATIENCE).map_err(|_| RulesError::Unacknowledged)?.map_err(RulesError::Write)
    }
}

/// Hands on what became of the record.
struct Delivered(Sender<Result<(), KafkaError>>);

impl ClientContext for Delivered {}

impl ProducerContext for Delivered {
    type DeliveryOpaque = ();

    fn delivery(&self, result: &DeliveryResult<'_>, (): ()) {
        // Nobody listens any more once the command has given up.
        let _ = self.0.send(result.as_ref().map(|message| debug_assert!(message.payload().is_some())).map_err(|(error, _)| error.clone()));
    }
}

/// Account by which the client is known to Kafka: its user, its client id, or its certificate.
#[must_use]
pub fn account(connection: &ConnectionSettings) -> Option<String> {
    let security = &connection.security;
    let certificate = || {
        let file = security.ssl_certificate_file.as_ref()?;
        Some(format!("certificate {}", deterministic_id(&[&std::fs::read(file).ok()?])))
    };
    security.sasl_username.clone().or_else(|| security.oidc_client_id.clone()).or_else(certificate)
}
