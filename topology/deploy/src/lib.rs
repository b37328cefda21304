//! Kubernetes manifests, rendered from the table: what runs, who may do what, which topics.
//!
//! * [`installation`]: what the table cannot know about a cluster.
//! * [`processor`]: a processor's pods and what watches them.
//! * [`shared`]: what all processors share, and the job that registers schemas.
//! * [`alerts`]: what Prometheus watches for.
//! * [`strimzi`]: topics and users as Strimzi's operators take them.
//!
//! Beside the sources stand Prometheus' and Grafana's files for `docker-compose.yml`.

pub mod alerts;
pub mod installation;
mod pod;
pub mod processor;
pub mod shared;
pub mod strimzi;

use lineside_topology::Environment;
use lineside_topology::processors::PROCESSORS;
use serde::Serialize;

pub use installation::Installation;

/// A file of manifests.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ManifestFile {
    /// Name of the file.
    pub name: String,
    /// YAML documents, each after a line of three dashes.
    pub text: String,
}

/// Manifests cannot be rendered.
#[derive(Debug, thiserror::Error)]
pub enum DeployError {
    /// A user must be named in Kubernetes as in Kafka, and Kubernetes takes fewer names.
    #[error("Kubernetes takes no resource named {name:?}: plants and sources need names of small letters, digits and dashes")]
    Name {
        /// The name.
        name: String,
    },
    /// A manifest is not YAML, which the types rule out.
    #[error("manifest: {0}")]
    Yaml(#[from] serde_yaml_ng::Error),
}

/// Every manifest of an environment: what is shared, alerts, topics, users, then a file per processor.
///
/// # Errors
/// [`DeployError`].
pub fn manifests(environment: &Environment, installation: &Installation) -> Result<Vec<ManifestFile>, DeployError> {
    let mut files = vec![
        file("lineside", &shared::documents(environment, installation))?,
        file("alerts", &alerts::documents(installation)?)?,
        file("topics", &strimzi::topics(environment, installation)?)?,
        file("users", &strimzi::users(environment, installation)?)?,
    ];
    for spec in PROCESSORS {
        files.push(file(spec.name, &processor::documents(spec, environment, installation))?);
    }
    Ok(files)
}

/// A manifest of any kind.
pub(crate) type Document = serde_yaml_ng::Value;

/// The manifest as a document.
pub(crate) fn document(manifest: &impl Serialize) -> Document {
    serde_yaml_ng::to_value(manifest).expect("manifests are maps with text keys, lists and scalars")
}

fn file(name: &str, documents: &[Document]) -> Result<ManifestFile, DeployError> {
    let mut text = String::new();
    for document in documents {
        text.push_str("---\n");
        text.push_str(&serde_yaml_ng::to_string(document)?);
    }
    Ok(ManifestFile { name: format!("{name}.yaml"), text })
}
