//! Topics and users as Strimzi's operators take them (`kafka.strimzi.io/v1`, Strimzi 0.49 and later).

use std::collections::BTreeMap;

use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use lineside_topology::acls::{Acl, Operation, Pattern, ResourceKind};
use lineside_topology::{Environment, acls};
use serde::Serialize;

use crate::installation::{Installation, labels};
use crate::{DeployError, Document, document};

const API_VERSION: &str = "kafka.strimzi.io/v1";
/// Kubernetes' bound on the length of a resource's name.
const NAME_LEN_MAX: usize = 253;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Resource<S> {
    api_version: &'static str,
    kind: &'static str,
    metadata: ObjectMeta,
    spec: S,
}

#[derive(Serialize)]
struct TopicSpec {
    partitions: u32,
    replicas: u16,
    config: BTreeMap<String, String>,
}

#[derive(Serialize)]
struct UserSpec {
    authentication: Typed,
    authorization: Authorization,
}

#[derive(Serialize)]
struct Typed {
    #[serde(rename = "type")]
    kind: &'static str,
}

#[derive(Serialize)]
struct Authorization {
    #[serde(rename = "type")]
    kind: &'static str,
    acls: Vec<Rule>,
}

#[derive(Serialize)]
struct Rule {
    resource: RuleResource,
    operations: Vec<Operation>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct RuleResource {
    #[serde(rename = "type")]
    kind: &'static str,
    name: String,
    pattern_type: &'static str,
}

/// A `KafkaTopic` per planned topic.
///
/// # Errors
/// [`DeployError::Name`].
pub(crate) fn topics(environment: &Environment, installation: &Installation) -> Result<Vec<Document>, DeployError> {
    let resource = |topic: lineside_topology::PlannedTopic| {
        let spec = TopicSpec { partitions: topic.partitions, replicas: topic.replication, config: topic.configs };
        Ok(document(&Resource { api_version: API_VERSION, kind: "KafkaTopic", metadata: metadata(&topic.name, installation)?, spec }))
    };
    environment.topic_plan().into_iter().map(resource).collect()
}

/// A `KafkaUser` per principal, with the least that it needs.
///
/// # Errors
/// [`DeployError::Name`].
pub(crate) fn users(environment: &Environment, installation: &Installation) -> Result<Vec<Document>, DeployError> {
    let acls = acls(environment);
    let users = acls.chunk_by(|one, other| one.principal == other.principal);
    let resource = |acls: &[Acl]| {
        let spec = UserSpec { authentication: Typed { kind: "scram-sha-512" }, authorization: Authorization { kind: "simple", acls: acls.iter().map(rule).collect() } };
        Ok(document(&Resource { api_version: API_VERSION, kind: "KafkaUser", metadata: metadata(&acls[0].principal, installation)?, spec }))
    };
    users.map(resource).collect()
}

fn rule(acl: &Acl) -> Rule {
    let kind = match acl.resource {
        ResourceKind::Topic => "topic",
        ResourceKind::Group => "group",
        ResourceKind::TransactionalId => "transactionalId",
    };
    let pattern_type = match acl.pattern {
        Pattern::Literal => "literal",
        Pattern::Prefixed => "prefix",
    };
    Rule { resource: RuleResource { kind, name: acl.name.clone(), pattern_type }, operations: acl.operations.clone() }
}

fn metadata(name: &str, installation: &Installation) -> Result<ObjectMeta, DeployError> {
    let small = |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit();
    let part = |part: &str| part.starts_with(small) && part.ends_with(small) && part.chars().all(|letter| small(letter) || letter == '-');
    if name.len() > NAME_LEN_MAX || !name.split('.').all(part) {
        return Err(DeployError::Name { name: name.to_owned() });
    }
    Ok(installation.metadata(name, labels(&[("app.kubernetes.io/part-of", "lineside"), ("strimzi.io/cluster", &installation.kafka_cluster)])))
}
