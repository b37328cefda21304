//! What the table cannot know about a cluster.

use std::collections::BTreeMap;

use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;

/// Where and from what the processes run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Installation {
    /// Namespace; nothing leaves it to `kubectl`.
    pub namespace: Option<String>,
    /// Image that holds every binary.
    pub image: String,
    /// Name of Strimzi's `Kafka` resource, in the same namespace; its listener of the port 9093 must have TLS and SCRAM.
    pub kafka_cluster: String,
    /// Base address of the schema registry's Confluent API.
    pub schema_registry: String,
    /// Text of the environment file, unless the environment is built in.
    pub environment_file: Option<String>,
}

impl Installation {
    /// Brokers, as Strimzi names their service.
    #[must_use]
    pub fn bootstrap_servers(&self) -> String {
        format!("{}-kafka-bootstrap:9093", self.kafka_cluster)
    }

    pub(crate) fn metadata(&self, name: &str, labels: BTreeMap<String, String>) -> ObjectMeta {
        ObjectMeta { name: Some(name.to_owned()), namespace: self.namespace.clone(), labels: Some(labels), ..ObjectMeta::default() }
    }
}

/// Labels that select the pods of one process.
pub(crate) fn selector(name: &str) -> BTreeMap<String, String> {
    labels(&[("app.kubernetes.io/part-of", "lineside"), ("app.kubernetes.io/name", name)])
}

/// Labels by name and value.
pub(crate) fn labels(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}
