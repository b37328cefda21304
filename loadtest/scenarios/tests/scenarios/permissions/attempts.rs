//! What a plain client comes to when it tries to write, to read, to join a group, to start a transaction, to delete.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use rdkafka::admin::{AdminClient, AdminOptions, NewTopic, TopicReplication};
use rdkafka::client::DefaultClientContext;
use rdkafka::consumer::{BaseConsumer, Consumer as _};
use rdkafka::error::{KafkaError, RDKafkaErrorCode};
use rdkafka::message::{DeliveryResult, Message as _};
use rdkafka::producer::{BaseProducer, BaseRecord, Producer as _, ProducerContext, ThreadedProducer};
use rdkafka::{ClientConfig, ClientContext, Offset, TopicPartitionList};

const PATIENCE: Duration = Duration::from_secs(15);
const POLL: Duration = Duration::from_millis(50);

/// What Kafka said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    Allowed,
    /// For want of a right, with Kafka's code for the kind of right.
    Refused(RDKafkaErrorCode),
    /// Something else, which is never right.
    Other(String),
}

impl Answer {
    fn of(error: &KafkaError) -> Self {
        use RDKafkaErrorCode::{GroupAuthorizationFailed, TopicAuthorizationFailed, TransactionalIdAuthorizationFailed};
        match error.rdkafka_error_code() {
            Some(code @ (GroupAuthorizationFailed | TopicAuthorizationFailed | TransactionalIdAuthorizationFailed)) => Self::Refused(code),
            _ => Self::Other(format!("{error:?}")),
        }
    }
}

#[derive(Debug, Clone, Default)]
struct Answers(Arc<Mutex<BTreeMap<String, Answer>>>);

impl ClientContext for Answers {}

impl ProducerContext for Answers {
    type DeliveryOpaque = ();

    fn delivery(&self, result: &DeliveryResult<'_>, (): ()) {
        let (topic, answer) = match result {
            Ok(message) => (message.topic(), Answer::Allowed),
            Err((error, message)) => (message.topic(), Answer::of(error)),
        };
        self.0.lock().unwrap().insert(topic.to_owned(), answer);
    }
}

/// Writes a record to the first partition of each topic, with one producer.
pub fn write(config: &ClientConfig, topics: &[String]) -> BTreeMap<String, Answer> {
    let answers = Answers::default();
    // A topic that may not be seen is waited for, for this long.
    let producer: ThreadedProducer<Answers> = config.clone().set("topic.metadata.propagation.max.ms", "500").create_with_context(answers.clone()).unwrap();
    let mut told = BTreeMap::new();
    for topic in topics {
        if let Err((error, _)) = producer.send(BaseRecord::to(topic).partition(0).key("permissions").payload("permissions")) {
            told.insert(topic.clone(), Answer::of(&error));
        }
    }
    producer.flush(PATIENCE).unwrap();
    told.extend(answers.0.lock().unwrap().clone());
    told
}

/// Reads a record from the first partition of the topic, which holds one. That takes no right on a group, though librdkafka wants one and asks after it.
pub fn read(config: &ClientConfig, topic: &str) -> Answer {
    let consumer: BaseConsumer =
        config.clone().set("group.id", "none").set("enable.auto.commit", "false").set("topic.metadata.propagation.max.ms", "500").create().unwrap();
    // Who may not even see the topic does not learn where to fetch; librdkafka would wait for that silently.
    let metadata = consumer.fetch_metadata(Some(topic), PATIENCE).unwrap();
    if let Some(error) = metadata.topics()[0].error() {
        return Answer::of(&KafkaError::MetadataFetch(error.into()));
    }
    let mut assignment = TopicPartitionList::new();
    assignment.add_partition_offset(topic, 0, Offset::Beginning).unwrap();
    consumer.assign(&assignment).unwrap();
    first(&consumer, RDKafkaErrorCode::TopicAuthorizationFailed, |message| message.is_some())
}

/// Joins the group, subscribed to a topic that its user may see.
pub fn join(config: &ClientConfig, group: &str, topic: &str) -> Answer {
    let consumer: BaseConsumer =
        config.clone().set("group.id", group).set("enable.auto.commit", "false").set("partition.assignment.strategy", "cooperative-sticky").create().unwrap();
    consumer.subscribe(&[topic]).unwrap();
    first(&consumer, RDKafkaErrorCode::GroupAuthorizationFailed, |_| consumer.assignment().is_ok_and(|assigned| assigned.count() > 0))
}

/// Polls until `done`, or until Kafka refuses with that code. Other refusals belong to other attempts.
fn first(consumer: &BaseConsumer, refusal: RDKafkaErrorCode, done: impl Fn(Option<&[u8]>) -> bool) -> Answer {
    let started = Instant::now();
    let mut last = None;
    while started.elapsed() < PATIENCE {
        match consumer.poll(POLL) {
            Some(Ok(message)) if done(Some(message.payload().unwrap_or_default())) => return Answer::Allowed,
            Some(Err(error)) if error.rdkafka_error_code() == Some(refusal) => return Answer::Refused(refusal),
            Some(Err(error)) => last = Some(error),
            _ if done(None) => return Answer::Allowed,
            _ => {}
        }
    }
    Answer::Other(format!("nothing came; {last:?}"))
}

/// Announces itself as the owner of a transactional id.
pub fn transact(config: &ClientConfig, transactional_id: &str) -> Answer {
    let producer: BaseProducer = config.clone().set("transactional.id", transactional_id).create().unwrap();
    match producer.init_transactions(PATIENCE) {
        Ok(()) => Answer::Allowed,
        Err(error) => Answer::of(&error),
    }
}

/// Tries to create a topic, and to delete every one of the topics, in a call each; gives what was not refused.
pub async fn managed(config: &ClientConfig, new: &str, topics: &[String]) -> BTreeSet<String> {
    let admin: AdminClient<DefaultClientContext> = config.create().unwrap();
    let names: Vec<&str> = topics.iter().map(String::as_str).collect();
    let options = AdminOptions::new();
    let created = admin.create_topics(&[NewTopic::new(new, 1, TopicReplication::Fixed(1))], &options).await.unwrap();
    let deleted = admin.delete_topics(&names, &options).await.unwrap();
    assert_eq!((created.len(), deleted.len()), (1, topics.len()));
    let refused = |answer: Result<String, (String, RDKafkaErrorCode)>| match answer {
        Err((_, RDKafkaErrorCode::TopicAuthorizationFailed)) => None,
        Ok(topic) => Some(topic),
        Err((topic, code)) => Some(format!("{topic}: {code}")),
    };
    created.into_iter().chain(deleted).filter_map(refused).collect()
}
