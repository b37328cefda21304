//! The brokers: their topics read, created, changed.

use std::collections::{BTreeMap, HashMap};
use std::time::{Duration, Instant};

use futures::executor::block_on;
use lineside_topology::PlannedTopic;
use rdkafka::ClientConfig;
use rdkafka::admin::{AdminClient, AdminOptions, AlterConfig, ConfigSource, NewPartitions, NewTopic, ResourceSpecifier, TopicReplication};
use rdkafka::client::DefaultClientContext;
use rdkafka::error::{KafkaError, KafkaResult};
use rdkafka::producer::{BaseProducer, Producer};
use rdkafka::types::RDKafkaErrorCode;

use crate::actual::{ActualTopic, Setting};
use crate::error::ClusterError;
use crate::reasons::Reasons;

/// Kafka's own bound is on bytes; one request stays well below it with this many topics.
const TOPICS_PER_REQUEST: usize = 200;

const PING_TIMEOUT: Duration = Duration::from_secs(5);

/// How to reach the brokers. Printed without the properties, which may hold a password.
#[derive(Clone, PartialEq, Eq)]
pub struct KafkaSettings {
    /// `host:port`, separated by commas.
    pub bootstrap_servers: String,
    /// Further librdkafka properties, for security above all.
    pub properties: BTreeMap<String, String>,
    /// Longest time that one request may take.
    pub timeout: Duration,
}

impl std::fmt::Debug for KafkaSettings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("KafkaSettings").field("bootstrap_servers", &self.bootstrap_servers).field("timeout", &self.timeout).finish_non_exhaustive()
    }
}

impl KafkaSettings {
    /// Brokers at these addresses, without security; requests take up to ten seconds.
    #[must_use]
    pub fn at(bootstrap_servers: &str) -> Self {
        Self { bootstrap_servers: bootstrap_servers.to_owned(), properties: BTreeMap::new(), timeout: Duration::from_secs(10) }
    }
}

/// Clients of the brokers. Makes its calls on the calling thread, and waits for them.
pub struct Kafka {
    settings: KafkaSettings,
    admin: AdminClient<DefaultClientContext>,
    /// Reads metadata: unlike the admin client, it tells why it cannot.
    metadata: BaseProducer<Reasons>,
}

impl std::fmt::Debug for Kafka {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // The properties may hold a password.
        f.debug_struct("Kafka").field("bootstrap_servers", &self.settings.bootstrap_servers).finish_non_exhaustive()
    }
}

impl Kafka {
    /// Clients with these settings. Makes no call yet.
    ///
    /// # Errors
    /// [`ClusterError::Settings`] for a property that librdkafka does not take.
    pub fn new(settings: &KafkaSettings) -> Result<Self, ClusterError> {
        let mut config = ClientConfig::new();
        config.set("client.id", "lineside-topology");
        for (key, value) in &settings.properties {
            config.set(key, value);
        }
        config.set("bootstrap.servers", &settings.bootstrap_servers);
        let wrong = |error: KafkaError| ClusterError::Settings(error.to_string());
        Ok(Self { admin: config.create().map_err(wrong)?, metadata: config.create_with_context(Reasons::default()).map_err(wrong)?, settings: settings.clone() })
    }

    /// Waits for an answer of any broker, up to five seconds.
    ///
    /// # Errors
    /// [`ClusterError::Unreachable`], with the reason that the last connection gave.
    pub fn ping(&self) -> Result<(), ClusterError> {
        // Of a topic that no cluster can have: one small answer, however many topics there are.
        let answer = self.metadata.client().fetch_metadata(Some("?"), self.settings.timeout.min(PING_TIMEOUT));
        answer.map(|_| ()).map_err(|error| self.unreachable(&error))
    }

    /// Those of the topics that exist.
    ///
    /// # Errors
    /// [`ClusterError`].
    pub fn topics(&self, names: &[&str]) -> Result<BTreeMap<String, ActualTopic>, ClusterError> {
        let counts = self.counts(names)?;
        let mut configs = self.configs(&counts.keys().map(String::as_str).collect::<Vec<_>>())?;
        Ok(counts
            .into_iter()
            .map(|(name, (partitions, replication))| {
                let configs = configs.remove(&name).unwrap_or_default();
                (name, ActualTopic { partitions, replication, configs })
            })
            .collect())
    }

    /// Partitions and copies of those of the topics that exist.
    fn counts(&self, names: &[&str]) -> Result<BTreeMap<String, (u32, u16)>, ClusterError> {
        let metadata = match self.metadata.client().fetch_metadata(None, self.settings.timeout) {
            Ok(metadata) => metadata,
            Err(error) => return Err(self.unreachable(&error)),
        };
        let mut counts = BTreeMap::new();
        for topic in metadata.topics().iter().filter(|topic| names.contains(&topic.name())) {
            if let Some(code) = topic.error() {
                return Err(ClusterError::Refused { action: format!("read topic {}", topic.name()), code: code.into() });
            }
            let partitions = u32::try_from(topic.partitions().len()).unwrap_or(u32::MAX);
            let replication = topic.partitions().iter().map(|partition| partition.replicas().len()).min().unwrap_or_default();
            counts.insert(topic.name().to_owned(), (partitions, u16::try_from(replication).unwrap_or(u16::MAX)));
        }
        Ok(counts)
    }

    fn configs(&self, names: &[&str]) -> Result<BTreeMap<String, BTreeMap<String, Setting>>, ClusterError> {
        let mut all = BTreeMap::new();
        for names in names.chunks(TOPICS_PER_REQUEST) {
            let resources: Vec<_> = names.iter().map(|name| ResourceSpecifier::Topic(name)).collect();
            let answers = self.answer("read the settings of topics", block_on(self.admin.describe_configs(&resources, &self.options())))?;
            // Answers come in the order of the request; an error does not name its topic.
            for (name, answer) in names.iter().zip(answers) {
                let refused = |code| ClusterError::Refused { action: format!("read the settings of topic {name}"), code };
                let resource = answer.map_err(refused)?;
                if resource.entries.is_empty() {
                    // Every topic has settings, but the binding leaves out the refusal for want of the right to describe them.
                    return Err(refused(RDKafkaErrorCode::TopicAuthorizationFailed));
                }
                let settings = resource.entries.into_iter().map(|entry| (entry.name, Setting { value: entry.value, own: entry.source == ConfigSource::DynamicTopic }));
                all.insert((*name).to_owned(), settings.collect());
            }
        }
        Ok(all)
    }

    /// Creates topics; one that came to be in the meantime is left as it is.
    ///
    /// # Errors
    /// [`ClusterError`], of the first topic that could not be created; others may have been.
    pub fn create_topics(&self, topics: &[&PlannedTopic]) -> Result<(), ClusterError> {
        for topics in topics.chunks(TOPICS_PER_REQUEST) {
            let new = topics.iter().map(|topic| new_topic(topic)).collect::<Result<Vec<_>, _>>()?;
            let answers = self.answer("create topics", block_on(self.admin.create_topics(&new, &self.options())))?;
            for (topic, code) in answers.into_iter().filter_map(Result::err) {
                if code != RDKafkaErrorCode::TopicAlreadyExists {
                    return Err(ClusterError::Refused { action: format!("create topic {topic}"), code });
                }
            }
        }
        Ok(())
    }

    /// Grows a topic to that many partitions.
    ///
    /// # Errors
    /// [`ClusterError`].
    pub fn add_partitions(&self, topic: &str, count: u32) -> Result<(), ClusterError> {
        let action = format!("grow topic {topic} to {count} partitions");
        let count = usize::try_from(count).map_err(|_| ClusterError::Settings(format!("{count} partitions are too many")))?;
        let answers = self.answer(&action, block_on(self.admin.create_partitions(&[NewPartitions::new(topic, count)], &self.options())))?;
        match answers.into_iter().find_map(Result::err) {
            Some((_, code)) => Err(ClusterError::Refused { action, code }),
            None => Ok(()),
        }
    }

    /// Sets settings of a topic and keeps its others.
    ///
    /// The request that librdkafka's binding offers replaces all of a topic's own settings, so those that it has now are read and sent again;
    /// what somebody else changes between the two is undone.
    ///
    /// # Errors
    /// [`ClusterError`]; [`ClusterError::Settings`] when the topic has a secret setting of its own, which could not be sent again.
    pub fn set_configs(&self, topic: &str, settings: &BTreeMap<String, String>) -> Result<(), ClusterError> {
        let mut all: HashMap<String, String> = HashMap::new();
        for (key, setting) in self.configs(&[topic])?.remove(topic).unwrap_or_default().into_iter().filter(|(_, setting)| setting.own) {
            match setting.value {
                Some(value) => _ = all.insert(key, value),
                None if settings.contains_key(&key) => {}
                None => return Err(ClusterError::Settings(format!("topic {topic} has a secret setting {key}, which would be lost"))),
            }
        }
        all.extend(settings.iter().map(|(key, value)| (key.clone(), value.clone())));
        let mut alter = AlterConfig::new(ResourceSpecifier::Topic(topic));
        alter.entries = all.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect();
        let action = format!("change the settings of topic {topic}");
        let answers = self.answer(&action, block_on(self.admin.alter_configs(&[alter], &self.options())))?;
        match answers.into_iter().find_map(Result::err) {
            Some((_, code)) => Err(ClusterError::Refused { action, code }),
            None => Ok(()),
        }
    }

    fn options(&self) -> AdminOptions {
        AdminOptions::new().request_timeout(Some(self.settings.timeout)).operation_timeout(Some(self.settings.timeout / 2))
    }

    fn answer<T>(&self, action: &str, result: KafkaResult<T>) -> Result<T, ClusterError> {
        result.map_err(|error| match error.rdkafka_error_code() {
            None | Some(RDKafkaErrorCode::OperationTimedOut | RDKafkaErrorCode::BrokerTransportFailure | RDKafkaErrorCode::AllBrokersDown) => self.unreachable(&error),
            Some(code) => ClusterError::Refused { action: action.to_owned(), code },
        })
    }

    fn unreachable(&self, error: &KafkaError) -> ClusterError {
        // Log lines wait in a queue until polled.
        let deadline = Instant::now() + Duration::from_millis(200);
        let mut reason = None;
        while reason.is_none() && Instant::now() < deadline {
            self.metadata.poll(Duration::from_millis(20));
            reason = self.metadata.context().take();
        }
        ClusterError::Unreachable { bootstrap_servers: self.settings.bootstrap_servers.clone(), reason: reason.unwrap_or_else(|| error.to_string()) }
    }
}

fn new_topic(topic: &PlannedTopic) -> Result<NewTopic<'_>, ClusterError> {
    let partitions =
        i32::try_from(topic.partitions).map_err(|_| ClusterError::Settings(format!("topic {}: {} partitions are too many", topic.name, topic.partitions)))?;
    let new = NewTopic::new(&topic.name, partitions, TopicReplication::Fixed(i32::from(topic.replication)));
    Ok(topic.configs.iter().fold(new, |new, (key, value)| new.set(key, value)))
}
