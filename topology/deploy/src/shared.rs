//! What all processors share, and the job that registers schemas.

use k8s_openapi::api::batch::v1::{Job, JobSpec};
use k8s_openapi::api::core::v1::{ConfigMap, Container, PodTemplateSpec};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use lineside_topology::Environment;
use lineside_topology::acls::OPERATOR;

use crate::installation::{Installation, labels, selector};
use crate::pod::{self, ENVIRONMENT_KEY, ENVIRONMENT_MAP};
use crate::{Document, document};

/// The environment file, if it is one, and the job that applies the topology.
#[must_use]
pub(crate) fn documents(environment: &Environment, installation: &Installation) -> Vec<Document> {
    let file = installation.environment_file.as_ref().map(|text| ConfigMap {
        metadata: installation.metadata(ENVIRONMENT_MAP, labels(&[("app.kubernetes.io/part-of", "lineside")])),
        data: Some([(ENVIRONMENT_KEY.to_owned(), text.clone())].into()),
        ..ConfigMap::default()
    });
    file.iter().map(document).chain([document(&topology_job(environment, installation))]).collect()
}

/// Topics are Strimzi's; where they stand as planned, what is left to apply are the schemas.
fn topology_job(environment: &Environment, installation: &Installation) -> Job {
    let labels = selector("lineside-topology");
    let (volumes, mounts) = pod::files(OPERATOR, installation);
    let mut variables = pod::addresses(&environment.name, installation);
    variables.extend(pod::credentials(OPERATOR));
    let command: Vec<String> = ["lineside", "topology", "apply", "--wait", "300"].map(str::to_owned).into();
    let container = Container {
        name: "topology".to_owned(),
        image: Some(installation.image.clone()),
        command: Some(command),
        env: Some(variables),
        volume_mounts: Some(mounts),
        ..Container::default()
    };
    let mut pod = pod::spec(container, volumes);
    pod.restart_policy = Some("OnFailure".to_owned());
    Job {
        metadata: installation.metadata("lineside-topology", labels.clone()),
        spec: Some(JobSpec {
            // A job cannot be changed; one that is gone can be made anew by the next version.
            ttl_seconds_after_finished: Some(600),
            template: PodTemplateSpec { metadata: Some(ObjectMeta { labels: Some(labels), ..ObjectMeta::default() }), spec: Some(pod) },
            ..JobSpec::default()
        }),
        ..Job::default()
    }
}
