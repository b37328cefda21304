//! Kafka with the topics of a measurement, and a registry.

use lineside_cluster::{Kafka, KafkaSettings};
use lineside_local_stack::{LocalStack, StackOptions};
use lineside_registry::{RegistryClient, RegistrySettings};
use lineside_schemas::subject::value_subject;
use lineside_topology::{Environment, PlannedTopic};

use crate::error::BenchError;

/// A Kafka and a registry that end with it.
#[derive(Debug)]
pub struct BenchStack {
    stack: LocalStack,
    broker: u32,
}

impl BenchStack {
    /// Starts both. With `load`, Java compiles hot code fully.
    ///
    /// # Errors
    /// [`BenchError`].
    pub fn start(load: bool) -> Result<Self, BenchError> {
        let stack = LocalStack::start(&options(load))?;
        let broker = stack.kafka_pid().ok_or_else(|| BenchError::Failed("Kafka has no process id".to_owned()))?;
        Ok(Self { stack, broker })
    }

    /// Makes topics with that many partitions, set up as those between processors are.
    ///
    /// # Errors
    /// [`BenchError`].
    pub fn create_topics(&self, names: &[&str], partitions: u16) -> Result<(), BenchError> {
        let model = Environment::builtin("local").ok().and_then(|local| local.topic_plan().into_iter().find(|topic| topic.name == "canonical.production.v1"));
        let model = model.ok_or_else(|| BenchError::Failed("the local environment has no topic to take as a model".to_owned()))?;
        let topics: Vec<PlannedTopic> = names.iter().map(|name| PlannedTopic { name: (*name).to_owned(), partitions: partitions.into(), ..model.clone() }).collect();
        Ok(Kafka::new(&KafkaSettings::at(self.bootstrap()))?.create_topics(&topics.iter().collect::<Vec<_>>())?)
    }

    /// Registers the schema of a topic's values.
    ///
    /// # Errors
    /// [`BenchError`].
    pub fn register(&self, topic: &str, schema: &str) -> Result<(), BenchError> {
        let failed = |error: &dyn std::fmt::Display| BenchError::Failed(format!("schema registry: {error}"));
        let registry = RegistryClient::new(&RegistrySettings::at(self.registry_url())).map_err(|error| failed(&error))?;
        registry.register(&value_subject(topic), schema).map(|_| ()).map_err(|error| failed(&error))
    }

    /// Kafka's address.
    #[must_use]
    pub fn bootstrap(&self) -> &str {
        self.stack.bootstrap()
    }

    /// The registry's address.
    #[must_use]
    pub fn registry_url(&self) -> &str {
        self.stack.registry_url()
    }

    /// Kafka's process id.
    #[must_use]
    pub const fn broker(&self) -> u32 {
        self.broker
    }

    /// Ends both.
    ///
    /// # Errors
    /// [`BenchError`].
    pub fn stop(self) -> Result<(), BenchError> {
        Ok(self.stack.stop()?)
    }
}

/// A stack for a measurement.
#[must_use]
pub fn options(load: bool) -> StackOptions {
    StackOptions { kafka_heap_mib: if load { 1024 } else { 512 }, load, ..StackOptions::default() }
}
