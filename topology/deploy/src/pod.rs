//! What the pods of processors and of the topology job have in common.

use k8s_openapi::api::core::v1::{
    Capabilities, Container, EnvVar, EnvVarSource, KeyToPath, ObjectFieldSelector, PodSecurityContext, PodSpec, SeccompProfile, SecretVolumeSource, SecurityContext,
    Volume, VolumeMount,
};

use crate::installation::Installation;

/// User and group of the image.
pub(crate) const USER: i64 = 10001;
const USER_FOLDER: &str = "/etc/lineside/user";
const AUTHORITY_FOLDER: &str = "/etc/lineside/authority";
/// Folder of the environment file.
pub(crate) const ENVIRONMENT_FOLDER: &str = "/etc/lineside/environment";
/// Name of the map that holds the environment file.
pub(crate) const ENVIRONMENT_MAP: &str = "lineside-environment";
/// Key of the environment file.
pub(crate) const ENVIRONMENT_KEY: &str = "environment.toml";
/// File with the user's password.
const PASSWORD_FILE: &str = "/etc/lineside/user/password";
/// File with the certificate of the authority that signs the brokers'.
const AUTHORITY_FILE: &str = "/etc/lineside/authority/ca.crt";

/// A pod of one container that runs as the image's user and can write nowhere but in what it mounts.
pub(crate) fn spec(container: Container, volumes: Vec<Volume>) -> PodSpec {
    PodSpec {
        automount_service_account_token: Some(false),
        // Otherwise every service of the namespace becomes variables.
        enable_service_links: Some(false),
        security_context: Some(PodSecurityContext {
            run_as_non_root: Some(true),
            run_as_user: Some(USER),
            run_as_group: Some(USER),
            fs_group: Some(USER),
            // Else every file of a large store is visited at each start.
            fs_group_change_policy: Some("OnRootMismatch".to_owned()),
            seccomp_profile: Some(SeccompProfile { type_: "RuntimeDefault".to_owned(), ..SeccompProfile::default() }),
            ..PodSecurityContext::default()
        }),
        containers: vec![Container {
            security_context: Some(SecurityContext {
                read_only_root_filesystem: Some(true),
                allow_privilege_escalation: Some(false),
                capabilities: Some(Capabilities { drop: Some(vec!["ALL".to_owned()]), ..Capabilities::default() }),
                ..SecurityContext::default()
            }),
            ..container
        }],
        volumes: Some(volumes),
        ..PodSpec::default()
    }
}

/// Where the brokers, the registry and the sizes are.
pub(crate) fn addresses(environment_name: &str, installation: &Installation) -> Vec<EnvVar> {
    let environment = if installation.environment_file.is_some() { format!("{ENVIRONMENT_FOLDER}/{ENVIRONMENT_KEY}") } else { environment_name.to_owned() };
    vec![
        variable("LINESIDE_BOOTSTRAP_SERVERS", &installation.bootstrap_servers()),
        variable("LINESIDE_SCHEMA_REGISTRY", &installation.schema_registry),
        variable("LINESIDE_ENVIRONMENT", &environment),
    ]
}

/// How the process shows who it is: by a password that it reads from a file.
pub(crate) fn credentials(user: &str) -> Vec<EnvVar> {
    vec![
        variable("LINESIDE_SECURITY_PROTOCOL", "sasl_ssl"),
        variable("LINESIDE_SASL_MECHANISM", "SCRAM-SHA-512"),
        variable("LINESIDE_SASL_USERNAME", user),
        variable("LINESIDE_SASL_PASSWORD_FILE", PASSWORD_FILE),
        variable("LINESIDE_SSL_CA_FILE", AUTHORITY_FILE),
    ]
}

/// The secrets that Strimzi's operators keep, and the environment file, as volumes and where they are mounted.
pub(crate) fn files(user: &str, installation: &Installation) -> (Vec<Volume>, Vec<VolumeMount>) {
    let mut volumes = vec![secret("user", user, "password"), secret("authority", &format!("{}-cluster-ca-cert", installation.kafka_cluster), "ca.crt")];
    let mut mounts = vec![mount("user", USER_FOLDER, true), mount("authority", AUTHORITY_FOLDER, true)];
    if installation.environment_file.is_some() {
        let map = k8s_openapi::api::core::v1::ConfigMapVolumeSource { name: ENVIRONMENT_MAP.to_owned(), ..Default::default() };
        volumes.push(Volume { name: "environment".to_owned(), config_map: Some(map), ..Volume::default() });
        mounts.push(mount("environment", ENVIRONMENT_FOLDER, true));
    }
    (volumes, mounts)
}

fn secret(volume: &str, name: &str, key: &str) -> Volume {
    let items = vec![KeyToPath { key: key.to_owned(), path: key.to_owned(), mode: None }];
    // Readable by the group that the pod runs with, and by nobody else.
    let source = SecretVolumeSource { secret_name: Some(name.to_owned()), items: Some(items), default_mode: Some(0o440), ..SecretVolumeSource::default() };
    Volume { name: volume.to_owned(), secret: Some(source), ..Volume::default() }
}

/// A mount of a volume.
pub(crate) fn mount(volume: &str, path: &str, read_only: bool) -> VolumeMount {
    VolumeMount { name: volume.to_owned(), mount_path: path.to_owned(), read_only: read_only.then_some(true), ..VolumeMount::default() }
}

/// A variable with a value.
pub(crate) fn variable(name: &str, value: &str) -> EnvVar {
    EnvVar { name: name.to_owned(), value: Some(value.to_owned()), value_from: None }
}

/// A variable with a field of the pod.
pub(crate) fn from_field(name: &str, field: &str) -> EnvVar {
    let field = ObjectFieldSelector { field_path: field.to_owned(), api_version: None };
    EnvVar { name: name.to_owned(), value: None, value_from: Some(EnvVarSource { field_ref: Some(field), ..EnvVarSource::default() }) }
}
