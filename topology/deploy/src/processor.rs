//! A processor's pods, and what watches them.

use std::collections::BTreeMap;

use k8s_openapi::api::apps::v1::{StatefulSet, StatefulSetSpec};
use k8s_openapi::api::core::v1::{
    Container, ContainerPort, EmptyDirVolumeSource, HTTPGetAction, PersistentVolumeClaim, PersistentVolumeClaimSpec, PodTemplateSpec, Probe, ResourceRequirements,
    Service, ServicePort, ServiceSpec, Volume, VolumeResourceRequirements,
};
use k8s_openapi::api::policy::v1::{PodDisruptionBudget, PodDisruptionBudgetSpec};
use k8s_openapi::apimachinery::pkg::api::resource::Quantity;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::{LabelSelector, ObjectMeta};
use k8s_openapi::apimachinery::pkg::util::intstr::IntOrString;
use lineside_topology::{Environment, ProcessorSizes, ProcessorSpec};
use serde::Serialize;

use crate::installation::{Installation, selector};
use crate::pod;
use crate::{Document, document};

const STATE_FOLDER: &str = "/var/lib/lineside";
const PORT: i32 = 9400;
const PORT_NAME: &str = "http";
/// A stop takes some seconds; the rest is reserve.
const GRACE_SECONDS: i64 = 30;

/// Service, stateful set, disruption budget and monitor.
#[must_use]
pub(crate) fn documents(spec: &ProcessorSpec, environment: &Environment, installation: &Installation) -> Vec<Document> {
    let sizes = environment.processors.get(spec.name).cloned().unwrap_or_default();
    let labels = selector(spec.name);
    let matching = LabelSelector { match_labels: Some(labels.clone()), ..LabelSelector::default() };
    let service = Service {
        metadata: installation.metadata(spec.name, labels.clone()),
        spec: Some(ServiceSpec {
            cluster_ip: Some("None".to_owned()),
            // Metrics are of interest above all while a store is being restored.
            publish_not_ready_addresses: Some(true),
            selector: Some(labels.clone()),
            ports: Some(vec![ServicePort { name: Some(PORT_NAME.to_owned()), port: PORT, ..ServicePort::default() }]),
            ..ServiceSpec::default()
        }),
        ..Service::default()
    };
    let budget = PodDisruptionBudget {
        metadata: installation.metadata(spec.name, labels.clone()),
        spec: Some(PodDisruptionBudgetSpec { max_unavailable: Some(IntOrString::Int(1)), selector: Some(matching.clone()), ..PodDisruptionBudgetSpec::default() }),
        ..PodDisruptionBudget::default()
    };
    let monitor = ServiceMonitor {
        api_version: "monitoring.coreos.com/v1",
        kind: "ServiceMonitor",
        metadata: installation.metadata(spec.name, labels),
        spec: ServiceMonitorSpec {
            job_label: "app.kubernetes.io/part-of",
            selector: matching.clone(),
            endpoints: [Endpoint { port: PORT_NAME, path: "/metrics", interval: "15s" }],
        },
    };
    vec![document(&service), document(&stateful_set(spec, environment, installation, &sizes, matching)), document(&budget), document(&monitor)]
}

/// A stateful set also without stores: the pod's name is the instance's, and must come back (docs/decisions/0012).
fn stateful_set(spec: &ProcessorSpec, environment: &Environment, installation: &Installation, sizes: &ProcessorSizes, matching: LabelSelector) -> StatefulSet {
    let labels = selector(spec.name);
    let (mut volumes, mut mounts) = pod::files(spec.name, installation);
    mounts.push(pod::mount("state", STATE_FOLDER, false));
    let claims = if spec.stores.is_empty() {
        volumes.push(Volume { name: "state".to_owned(), empty_dir: Some(EmptyDirVolumeSource::default()), ..Volume::default() });
        None
    } else {
        Some(vec![claim(sizes.disk.as_deref().unwrap_or("10Gi"))])
    };
    let mut variables = pod::addresses(&environment.name, installation);
    variables.extend([
        pod::from_field("LINESIDE_INSTANCE_ID", "metadata.name"),
        pod::variable("LINESIDE_STATE_DIR", STATE_FOLDER),
        pod::variable("LINESIDE_HTTP_ADDRESS", &format!("0.0.0.0:{PORT}")),
    ]);
    variables.extend(pod::credentials(spec.name));
    let memory = sizes.memory.as_deref().unwrap_or("512Mi");
    let container = Container {
        name: spec.name.to_owned(),
        image: Some(installation.image.clone()),
        command: Some(vec![spec.name.to_owned()]),
        env: Some(variables),
        ports: Some(vec![ContainerPort { name: Some(PORT_NAME.to_owned()), container_port: PORT, ..ContainerPort::default() }]),
        liveness_probe: Some(probe("/health/live", 10, 3)),
        readiness_probe: Some(probe("/health/ready", 5, 1)),
        resources: Some(ResourceRequirements {
            requests: Some(quantities(&[("cpu", sizes.cpu.as_deref().unwrap_or("250m")), ("memory", memory)])),
            // No limit on CPU: one that catches up may take what is free.
            limits: Some(quantities(&[("memory", memory)])),
            ..ResourceRequirements::default()
        }),
        volume_mounts: Some(mounts),
        ..Container::default()
    };
    let mut pod = pod::spec(container, volumes);
    pod.termination_grace_period_seconds = Some(GRACE_SECONDS);
    StatefulSet {
        metadata: installation.metadata(spec.name, labels.clone()),
        spec: Some(StatefulSetSpec {
            service_name: Some(spec.name.to_owned()),
            replicas: Some(i32::try_from(sizes.instances.unwrap_or(1)).unwrap_or(i32::MAX)),
            // Instances do not wait for each other: one without a partition is not ready, and rightly so.
            pod_management_policy: Some("Parallel".to_owned()),
            selector: matching,
            template: PodTemplateSpec { metadata: Some(ObjectMeta { labels: Some(labels), ..ObjectMeta::default() }), spec: Some(pod) },
            volume_claim_templates: claims,
            ..StatefulSetSpec::default()
        }),
        ..StatefulSet::default()
    }
}

fn claim(size: &str) -> PersistentVolumeClaim {
    PersistentVolumeClaim {
        metadata: ObjectMeta { name: Some("state".to_owned()), ..ObjectMeta::default() },
        spec: Some(PersistentVolumeClaimSpec {
            access_modes: Some(vec!["ReadWriteOnce".to_owned()]),
            resources: Some(VolumeResourceRequirements { requests: Some(quantities(&[("storage", size)])), ..VolumeResourceRequirements::default() }),
            ..PersistentVolumeClaimSpec::default()
        }),
        ..PersistentVolumeClaim::default()
    }
}

fn probe(path: &str, period_seconds: i32, failures: i32) -> Probe {
    Probe {
        http_get: Some(HTTPGetAction { path: Some(path.to_owned()), port: IntOrString::String(PORT_NAME.to_owned()), ..HTTPGetAction::default() }),
        period_seconds: Some(period_seconds),
        timeout_seconds: Some(3),
        failure_threshold: Some(failures),
        ..Probe::default()
    }
}

fn quantities(pairs: &[(&str, &str)]) -> BTreeMap<String, Quantity> {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), Quantity((*value).to_owned()))).collect()
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ServiceMonitor {
    api_version: &'static str,
    kind: &'static str,
    metadata: ObjectMeta,
    spec: ServiceMonitorSpec,
}

#[derive(Serialize)]
struct ServiceMonitorSpec {
    /// The label of the service that becomes Prometheus' `job`, by which alerts know us.
    #[serde(rename = "jobLabel")]
    job_label: &'static str,
    selector: LabelSelector,
    endpoints: [Endpoint; 1],
}

#[derive(Serialize)]
struct Endpoint {
    port: &'static str,
    path: &'static str,
    interval: &'static str,
}
