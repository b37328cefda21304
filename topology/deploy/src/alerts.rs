//! The rules that Prometheus watches by, as its operator takes them.

use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use serde::Serialize;
use serde_yaml_ng::Value;

use crate::installation::{Installation, labels};
use crate::{DeployError, Document, document};

/// The same file that `docker-compose.yml` mounts.
const RULES: &str = include_str!("../alerts.yml");

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct PrometheusRule {
    api_version: &'static str,
    kind: &'static str,
    metadata: ObjectMeta,
    /// A rules file is what stands here.
    spec: Value,
}

/// The rules as one resource.
///
/// # Errors
/// [`DeployError::Yaml`] if the file is none, which a test rules out.
pub(crate) fn documents(installation: &Installation) -> Result<Vec<Document>, DeployError> {
    let metadata = installation.metadata("lineside", labels(&[("app.kubernetes.io/part-of", "lineside")]));
    Ok(vec![document(&PrometheusRule { api_version: "monitoring.coreos.com/v1", kind: "PrometheusRule", metadata, spec: serde_yaml_ng::from_str(RULES)? })])
}
