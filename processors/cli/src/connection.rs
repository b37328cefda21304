//! From settings to a cluster that answers.

use std::time::Duration;

use lineside_cluster::{Cluster, ClusterError, Kafka, KafkaSettings};
use lineside_registry::RegistryClient;

use crate::arguments::LiveArguments;

/// The cluster of these arguments; brokers and registry have answered once, after waiting as long as asked.
pub(crate) fn connect(arguments: &LiveArguments) -> Result<Cluster, ClusterError> {
    let connection = &arguments.connection;
    let registry = RegistryClient::new(&connection.registry())?;
    let who = connection.security.properties().into_iter().map(|(key, value)| (key.to_owned(), value));
    let properties = who.chain(connection.properties.iter().cloned()).collect();
    let kafka = Kafka::new(&KafkaSettings { properties, ..KafkaSettings::at(&connection.bootstrap_servers) })?;
    let cluster = Cluster::new(kafka, registry);
    cluster.await_answer(Duration::from_secs(arguments.wait), &mut |error, pause| {
        eprintln!("lineside: {error}; trying again in {:.1} s", pause.as_secs_f64());
    })?;
    Ok(cluster)
}
