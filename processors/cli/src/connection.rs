//! From arguments to a cluster that answers.

use std::time::Duration;

use lineside_cluster::{Cluster, ClusterError, Kafka, KafkaSettings};
use lineside_registry::{Credentials, RegistryClient, RegistrySettings};

use crate::arguments::LiveArguments;

const PASSWORD: &str = "LINESIDE_SCHEMA_REGISTRY_PASSWORD";

/// The cluster of these arguments; brokers and registry have answered once, after waiting as long as asked.
pub(crate) fn connect(arguments: &LiveArguments) -> Result<Cluster, ClusterError> {
    // A password on the command line would be there for every user of the machine to read.
    let password = || std::env::var(PASSWORD).unwrap_or_default();
    let credentials = arguments.schema_registry_user.clone().map(|user| Credentials { user, password: password() });
    let registry = RegistryClient::new(&RegistrySettings { credentials, ..RegistrySettings::at(&arguments.schema_registry) })?;
    let properties = arguments.properties.iter().cloned().collect();
    let kafka = Kafka::new(&KafkaSettings { properties, ..KafkaSettings::at(&arguments.bootstrap_servers) })?;
    let cluster = Cluster::new(kafka, registry);
    cluster.await_answer(Duration::from_secs(arguments.wait), &mut |error, pause| {
        eprintln!("lineside: {error}; trying again in {:.1} s", pause.as_secs_f64());
    })?;
    Ok(cluster)
}
