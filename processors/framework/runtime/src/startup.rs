//! What must hold before the first record: schemas registered, topics there, partition counts agreeing.

use std::time::Duration;

use lineside_registry::RegistryClient;
use lineside_schemas::{Codec, SchemaSourceError};
use lineside_topology::topics::{RAW_TEMPLATE, changelog_topic};
use lineside_topology::{Environment, ProcessorSpec, Value, topics};
use rdkafka::consumer::{BaseConsumer, Consumer as _};

use crate::application::StartError;
use crate::clients;
use crate::partition_counts;
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
    let registry =
        RegistryClient::new(&settings.connection.registry()).map_err(|error| StartError(format!("schema registry {}: {error}", settings.connection.schema_registry)))?;
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
                SchemaSourceError::Unavailable(reason) => NotReady::Waiting(format!("schema registry {}: {reason}", settings.connection.schema_registry)),
                SchemaSourceError::NotFound(reason) | SchemaSourceError::Incompatible(reason) => NotReady::Refused(StartError(reason)),
            })?;
        }
    }
    Ok(codec)
}

/// Checks that every topic of the processor is there, that keys find their way (co-partitioned topics have the count of the environment), and, where it keeps
/// state, that inputs and changelogs have the count that the stores in the state folder were made with.
///
/// # Errors
/// [`NotReady`].
pub fn check_topics(settings: &Settings, spec: &'static ProcessorSpec, inputs: &[String], environment: &Environment) -> Result<(), NotReady> {
    let client: BaseConsumer = clients::watermark_client(settings).create().map_err(|error| StartError(format!("Kafka client: {error}")))?;
    let metadata =
        client.fetch_metadata(None, CALL_TIMEOUT).map_err(|error| NotReady::Waiting(format!("Kafka at {}: {error}", settings.connection.bootstrap_servers)))?;
    // Kafka does not tell a topic that is not there from one that the user may not see.
    let absent = match settings.connection.security.security_protocol {
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
    count(&topics::dead_letter_topic(spec))?;
    spec.tables.iter().try_for_each(|table| count(table).map(|_| ()))?;
    let counted = |topics: Vec<String>| topics.into_iter().map(|topic| Ok((topic.clone(), count(&topic)?))).collect::<Result<Vec<_>, NotReady>>();
    let (inputs, outputs) = (counted(inputs.to_vec())?, counted(spec.writes.iter().map(|topic| (*topic).to_owned()).collect())?);
    let changelogs = counted(spec.stores.iter().map(|store| changelog_topic(spec, store.name)).collect())?;
    let Some(partitions) = partition_counts::agreed(spec, &inputs, &changelogs)? else {
        return Ok(partition_counts::as_planned(environment, inputs.iter().chain(&outputs))?);
    };
    partition_counts::as_planned(environment, inputs.iter().chain(&outputs).chain(&changelogs))?;
    partition_counts::keep(&settings.state_dir, spec, partitions)?;
    Ok(())
}
