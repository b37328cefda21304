//! What must hold before the first record: schemas registered, topics there, partition counts agreeing.

use std::time::Duration;

use lineside_registry::RegistryClient;
use lineside_schemas::{Codec, SchemaSourceError};
use lineside_topology::topics::{RAW_TEMPLATE, changelog_topic};
use lineside_topology::{Environment, ProcessorSpec, Value, topics};
use rdkafka::consumer::{BaseConsumer, Consumer as _};

use crate::application::StartError;
use crate::clients;
use crate::settings::{SecurityProtocol, Settings};

const CALL_TIMEOUT: Duration = Duration::from_secs(5);

/// Why a process does not run yet, or will not.
#[derive(Debug, thiserror::Error)]
pub enum NotReady {
    /// Something is down; to be tried again.
    #[error("{0}")]
    Waiting(String),
    /// Something is wrong; an operator has to act.
    #[error(transparent)]
    Refused(#[from] StartError),
}

/// Topics that a processor reads in this environment.
#[must_use]
pub fn input_topics(spec: &ProcessorSpec, environment: &Environment) -> Vec<String> {
    spec.reads.iter().flat_map(|topic| if *topic == RAW_TEMPLATE { environment.raw_topics() } else { vec![(*topic).to_owned()] }).collect()
}

/// A codec with every topic resolved that the processors write, state included.
///
/// # Errors
/// [`NotReady`], naming the subject.
pub fn codec(settings: &Settings, specs: &[&'static ProcessorSpec]) -> Result<Codec, NotReady> {
    let registry = RegistryClient::new(&settings.registry()).map_err(|error| StartError(format!("schema registry {}: {error}", settings.schema_registry)))?;
    let mut codec = Codec::new(Box::new(registry));
    let table = topics::topics();
    for spec in specs {
        let changelogs = spec.stores.iter().map(|store| changelog_topic(spec, store.name));
        let written = spec.writes.iter().chain(spec.embeds).map(|topic| (*topic).to_owned());
        for topic in written.chain(changelogs).chain([topics::dead_letter_topic(spec)]) {
            let resolved = match table.iter().find(|row| row.name == topic).map(|row| row.value) {
                Some(Value::Avro(contract)) => codec.resolve(&topic, contract).map(|_| ()),
                Some(Value::Frames(contract)) => codec.resolve_frames(&topic, contract),
                Some(Value::Raw) | None => return Err(StartError(format!("{} writes {topic}, which the topic table does not have with a schema", spec.name)).into()),
            };
            resolved.map_err(|error| match error {
                SchemaSourceError::Unavailable(reason) => NotReady::Waiting(format!("schema registry {}: {reason}", settings.schema_registry)),
                SchemaSourceError::NotFound(reason) | SchemaSourceError::Incompatible(reason) => NotReady::Refused(StartError(reason)),
            })?;
        }
    }
    Ok(codec)
}

/// Checks that every topic of the processor is there, and that its changelogs have as many partitions as its inputs: a store lives with its partition.
///
/// # Errors
/// [`NotReady`].
pub fn check_topics(settings: &Settings, spec: &'static ProcessorSpec, inputs: &[String]) -> Result<(), NotReady> {
    let client: BaseConsumer = clients::watermark_client(settings).create().map_err(|error| StartError(format!("Kafka client: {error}")))?;
    let metadata = client.fetch_metadata(None, CALL_TIMEOUT).map_err(|error| NotReady::Waiting(format!("Kafka at {}: {error}", settings.bootstrap_servers)))?;
    // Kafka does not tell a topic that is not there from one that the user may not see.
    let absent = match settings.security.security_protocol {
        SecurityProtocol::Plaintext => "does not exist; run `lineside topology apply`",
        _ => "does not exist, or the user has no right to describe it; run `lineside topology apply` and check its ACLs",
    };
    let count = |name: &str| -> Result<usize, NotReady> {
        metadata
            .topics()
            .iter()
            .find(|topic| topic.name() == name)
            .map(|topic| topic.partitions().len())
            .filter(|count| *count > 0)
            .ok_or_else(|| NotReady::Refused(StartError(format!("topic {name} {absent}"))))
    };
    let mut input_count = 0;
    for topic in inputs {
        let partitions = count(topic)?;
        if !spec.stores.is_empty() && input_count != 0 && partitions != input_count {
            return Err(StartError(format!(
                "{} keeps state, so its input topics must have the same partition count; {topic} has {partitions}, another {input_count}",
                spec.name
            ))
            .into());
        }
        input_count = partitions;
    }
    for topic in spec.writes {
        count(topic)?;
    }
    count(&topics::dead_letter_topic(spec))?;
    for store in spec.stores {
        let changelog = changelog_topic(spec, store.name);
        let partitions = count(&changelog)?;
        if partitions != input_count {
            return Err(StartError(format!(
                "changelog {changelog} has {partitions} partitions, the input has {input_count}: a key's state would be in another partition than its records. \
                 Write to new topics with the new count, or put the old count back"
            ))
            .into());
        }
    }
    Ok(())
}
