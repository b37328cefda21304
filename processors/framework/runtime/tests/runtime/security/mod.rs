//! Clients that say who they are: every mechanism is built in, and a secured Kafka lets in whom its ACLs name.

mod token_endpoint;

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use clap::Parser;
use lineside_cluster::{ClusterError, Kafka, KafkaSettings};
use lineside_local_stack::{LocalStack, StackSecurity, User};
use lineside_runtime::{Settings, clients, transaction::TransactionalProducer};
use lineside_topology::Environment;
use rdkafka::config::FromClientConfig;
use rdkafka::consumer::{BaseConsumer, Consumer as _};
use rdkafka::error::{KafkaError, RDKafkaErrorCode};
use rdkafka::message::{DeliveryResult, Message as _};
use rdkafka::producer::{BaseProducer, BaseRecord, Producer as _, ProducerContext};
use rdkafka::{ClientContext, Offset, TopicPartitionList};
use token_endpoint::TokenEndpoint;

const TOPIC: &str = "owned";
const FOREIGN_TOPIC: &str = "foreign";
const GROUP: &str = "group";
const TRANSACTIONAL_ID: &str = "group-1-0";
const PASSWORD: &str = "geheim";
const TIMEOUT: Duration = Duration::from_secs(20);

#[derive(Parser)]
struct Line {
    #[command(flatten)]
    settings: Settings,
}

/// Settings from these flags, with the same secret wherever one is asked for.
fn settings(flags: &[&str]) -> Settings {
    let mut settings = Line::parse_from([&["processor"], flags].concat()).settings;
    settings.connection.complete(|name| (name != "LINESIDE_SCHEMA_REGISTRY_PASSWORD").then(|| PASSWORD.to_owned())).unwrap();
    settings
}

fn creates<T: FromClientConfig>(config: &rdkafka::ClientConfig) {
    if let Err(error) = config.create::<T>() {
        panic!("{config:?}: {error}");
    }
}

#[test]
fn clients_of_every_protocol_and_mechanism_can_be_made() {
    let user = ["--bootstrap-servers", "127.0.0.1:1", "--sasl-username", "me", "--security-protocol", "sasl_ssl", "--sasl-mechanism"];
    let oidc = ["OAUTHBEARER", "--oidc-token-endpoint", "http://127.0.0.1:1/token", "--oidc-client-id", "me"];
    let flags: [&[&str]; 6] = [
        &["--bootstrap-servers", "127.0.0.1:1"],
        &["--bootstrap-servers", "127.0.0.1:1", "--security-protocol", "ssl"],
        &[&user[..], &["PLAIN"]].concat(),
        &[&user[..], &["SCRAM-SHA-256"]].concat(),
        &[&user[..], &["SCRAM-SHA-512"]].concat(),
        &[&user[..], &oidc].concat(),
    ];
    for flags in flags {
        let settings = settings(flags);
        creates::<BaseProducer>(&clients::transactional_producer(&settings, TRANSACTIONAL_ID));
        creates::<BaseConsumer>(&clients::group_consumer(&settings, GROUP, TRANSACTIONAL_ID));
        creates::<BaseConsumer>(&clients::restore_consumer(&settings, GROUP));
        creates::<BaseConsumer>(&clients::watermark_client(&settings));
    }
}

#[test]
fn a_mechanism_that_is_not_built_in_cannot_be_made_so_the_test_above_says_something() {
    let flags = ["--bootstrap-servers", "127.0.0.1:1", "--security-protocol", "sasl_ssl", "--sasl-mechanism", "PLAIN", "--sasl-username", "me"];
    let mut config = clients::watermark_client(&settings(&flags));
    // Kerberos is left out of the build, although librdkafka's list of features names it.
    let error = config.set("sasl.mechanism", "GSSAPI").create::<BaseConsumer>().err().unwrap().to_string();
    assert!(error.contains("GSSAPI") || error.contains("SASL"), "{error}");
}

fn secured_stack() -> LocalStack {
    let users = ["owner", "stranger"].map(|name| User { name: name.to_owned(), password: PASSWORD.to_owned() }).into();
    let stack = crate::stack(Some(StackSecurity { users, super_users: Vec::new() }));
    let kafka = Kafka::new(&KafkaSettings::at(stack.internal_bootstrap())).unwrap();
    let row = Environment::builtin("local").unwrap().topic_plan().into_iter().find(|topic| topic.name == "normalized").unwrap();
    let rows = [TOPIC, FOREIGN_TOPIC].map(|name| lineside_topology::PlannedTopic { name: name.to_owned(), ..row.clone() });
    kafka.create_topics(&rows.iter().collect::<Vec<_>>()).unwrap();
    stack
}

fn allow(stack: &LocalStack, user: &str) {
    let principal = format!("User:{user}");
    for rights in [
        &["--operation", "Read", "--operation", "Write", "--operation", "Describe", "--topic", TOPIC] as &[_],
        &["--operation", "Read", "--group", GROUP],
        &["--operation", "Write", "--operation", "Describe", "--transactional-id", TRANSACTIONAL_ID],
    ] {
        stack.kafka_tool("org.apache.kafka.tools.AclCommand", &[&["--add", "--allow-principal", &principal], rights].concat()).unwrap();
    }
}

/// Why a record was not delivered.
#[derive(Clone, Default)]
struct Undelivered(Arc<Mutex<Option<KafkaError>>>);

impl ClientContext for Undelivered {}

impl ProducerContext for Undelivered {
    type DeliveryOpaque = ();

    fn delivery(&self, result: &DeliveryResult<'_>, (): ()) {
        if let Err((error, _)) = result {
            *self.0.lock().unwrap() = Some(error.clone());
        }
    }
}

/// Writes one record in a transaction.
fn write(settings: &Settings, topic: &str) -> Result<(), KafkaError> {
    let mut config = clients::transactional_producer(settings, TRANSACTIONAL_ID);
    // A topic without a right is known only by its absence, which is waited out.
    config.set("topic.metadata.propagation.max.ms", "500");
    let undelivered = Undelivered::default();
    let producer: BaseProducer<Undelivered> = config.create_with_context(undelivered.clone())?;
    producer.init_transactions(TIMEOUT)?;
    producer.begin_transaction()?;
    producer.send(BaseRecord::to(topic).key("k").payload("v")).map_err(|(error, _)| error)?;
    let committed = producer.commit_transaction(TIMEOUT);
    // What a commit says of a record that was not delivered is only that it was not.
    undelivered.0.lock().unwrap().take().map_or(committed, Err)
}

/// Reads one record as a member of the group.
fn read(settings: &Settings, topic: &str) -> Result<Vec<u8>, KafkaError> {
    let mut config = clients::group_consumer(settings, GROUP, TRANSACTIONAL_ID);
    config.set("auto.offset.reset", "earliest");
    let consumer: BaseConsumer = config.create()?;
    consumer.subscribe(&[topic])?;
    let started = Instant::now();
    loop {
        match consumer.poll(Duration::from_millis(100)) {
            Some(Ok(message)) => return Ok(message.payload().unwrap().to_vec()),
            // Connections are tried again; a refusal stays.
            Some(Err(error)) if is_refusal(&error) => return Err(error),
            Some(Err(error)) => eprintln!("reader: {error}"),
            None => assert!(started.elapsed() < TIMEOUT, "neither a record nor a refusal arrived"),
        }
    }
}

/// Reads every record of the topic as a restore does, which is no member of any group; gives what it was told besides.
fn restored(settings: &Settings, topic: &str) -> (usize, Vec<KafkaError>) {
    let consumer: BaseConsumer = clients::restore_consumer(settings, GROUP).create().unwrap();
    let mut assignment = TopicPartitionList::new();
    let partitions = consumer.fetch_metadata(Some(topic), TIMEOUT).unwrap().topics()[0].partitions().len();
    for partition in 0..partitions {
        assignment.add_partition_offset(topic, i32::try_from(partition).unwrap(), Offset::Beginning).unwrap();
    }
    consumer.assign(&assignment).unwrap();
    let (mut count, mut at_end, mut errors) = (0, 0, Vec::new());
    let started = Instant::now();
    while at_end < partitions {
        assert!(started.elapsed() < TIMEOUT, "{count} records, {at_end} of {partitions} partitions at their end: {errors:?}");
        match consumer.poll(Duration::from_millis(100)) {
            Some(Ok(_)) => count += 1,
            Some(Err(KafkaError::PartitionEOF(_))) => at_end += 1,
            Some(Err(error)) => errors.push(error),
            None => {}
        }
    }
    (count, errors)
}

fn is_refusal(error: &KafkaError) -> bool {
    use RDKafkaErrorCode::{
        Authentication, ClusterAuthorizationFailed, GroupAuthorizationFailed, SaslAuthenticationFailed, TopicAuthorizationFailed, TransactionalIdAuthorizationFailed,
    };
    let refusals =
        [Authentication, ClusterAuthorizationFailed, GroupAuthorizationFailed, SaslAuthenticationFailed, TopicAuthorizationFailed, TransactionalIdAuthorizationFailed];
    error.rdkafka_error_code().is_some_and(|code| refusals.contains(&code))
}

fn refusal<T: std::fmt::Debug>(outcome: Result<T, KafkaError>) -> String {
    let error = outcome.unwrap_err();
    assert!(is_refusal(&error), "{error:?}");
    error.to_string()
}

#[test]
fn a_secured_kafka_lets_in_users_and_token_holders_to_what_its_acls_give_them() {
    let stack = secured_stack();
    let certificate = stack.certificate().unwrap().display().to_string();
    let tls = ["--bootstrap-servers", stack.bootstrap(), "--security-protocol", "sasl_ssl", "--ssl-ca-file", &certificate, "--sasl-mechanism"];
    let scram = |mechanism: &str, user: &str| settings(&[&tls[..], &[mechanism, "--sasl-username", user]].concat());

    // Without ACLs: known, and refused.
    let owner = scram("SCRAM-SHA-512", "owner");
    refusal(write(&owner, TOPIC));
    refusal(read(&owner, TOPIC));

    allow(&stack, "owner");
    write(&owner, TOPIC).unwrap();
    assert_eq!(read(&owner, TOPIC).unwrap(), b"v");
    write(&scram("SCRAM-SHA-256", "owner"), TOPIC).unwrap();
    drop(TransactionalProducer::connect(&clients::transactional_producer(&owner, TRANSACTIONAL_ID)).unwrap());
    assert_eq!(restored(&owner, TOPIC), (2, Vec::new()));
    // A topic that is not its own, and a user who has nothing.
    refusal(write(&owner, FOREIGN_TOPIC));
    refusal(read(&owner, FOREIGN_TOPIC));
    refusal(write(&scram("SCRAM-SHA-512", "stranger"), TOPIC));

    // A broker whose certificate nobody vouches for is not talked to.
    let untrusting =
        settings(&["--bootstrap-servers", stack.bootstrap(), "--security-protocol", "sasl_ssl", "--sasl-mechanism", "SCRAM-SHA-512", "--sasl-username", "owner"]);
    let client: BaseConsumer = clients::watermark_client(&untrusting).create().unwrap();
    client.fetch_metadata(None, Duration::from_secs(3)).unwrap_err();

    // With a token that an endpoint gives out for client credentials.
    let endpoint = TokenEndpoint::start("token-holder");
    let url = endpoint.url();
    let oidc = settings(&[&tls[..], &["OAUTHBEARER", "--oidc-token-endpoint", &url, "--oidc-client-id", "lineside-client", "--oidc-scope", "kafka"]].concat());
    refusal(write(&oidc, TOPIC));
    allow(&stack, "token-holder");
    write(&oidc, TOPIC).unwrap();
    assert_eq!(read(&oidc, TOPIC).unwrap(), b"v");
    // The operator's clients, which nobody polls, log in as well: what is refused is the settings of the topic alone.
    let properties = oidc.connection.security.properties().into_iter().map(|(key, value)| (key.to_owned(), value)).collect();
    let operator = Kafka::new(&KafkaSettings { properties, ..KafkaSettings::at(stack.bootstrap()) }).unwrap();
    operator.ping().unwrap();
    let refused = operator.topics(&[TOPIC]).unwrap_err();
    assert!(matches!(refused, ClusterError::Refused { code: RDKafkaErrorCode::TopicAuthorizationFailed, .. }), "{refused}");
    let request = endpoint.requests().remove(0);
    assert!(request.head.starts_with("POST /token "), "{request:?}");
    assert_eq!(request.credentials(), format!("lineside-client:{PASSWORD}"));
    let mut form: Vec<&str> = request.body.split('&').collect();
    form.sort_unstable();
    assert_eq!(form, ["grant_type=client_credentials", "scope=kafka"]);
    stack.stop().unwrap();
}
