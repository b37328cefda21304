//! The manifests are what the table says. `LINESIDE_UPDATE_GOLDEN=1 cargo test -p lineside-deploy --test manifests` writes the golden ones anew.
#![allow(clippy::unwrap_used, reason = "a test may stop at what it did not expect")]

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use lineside_deploy::{DeployError, Installation, manifests};
use lineside_topology::Environment;
use lineside_topology::processors::PROCESSORS;
use serde::Deserialize as _;
use serde_yaml_ng::Value;

fn installation() -> Installation {
    Installation {
        namespace: Some("lineside".to_owned()),
        image: "lineside:0.1.0".to_owned(),
        kafka_cluster: "kafka".to_owned(),
        schema_registry: "http://registry:8080/apis/ccompat/v7".to_owned(),
        environment_file: None,
    }
}

/// All documents, by kind and name.
fn rendered(environment: &Environment, installation: &Installation) -> BTreeMap<(String, String), Value> {
    let text: String = manifests(environment, installation).unwrap().into_iter().map(|file| file.text).collect();
    let documents = serde_yaml_ng::Deserializer::from_str(&text).map(|document| Value::deserialize(document).unwrap());
    let named = |document: Value| ((document["kind"].as_str().unwrap().to_owned(), document["metadata"]["name"].as_str().unwrap().to_owned()), document);
    documents.filter(|document| !document.is_null()).map(named).collect()
}

fn of<'a>(all: &'a BTreeMap<(String, String), Value>, kind: &str, name: &str) -> &'a Value {
    all.get(&(kind.to_owned(), name.to_owned())).unwrap_or_else(|| panic!("no {kind} {name}"))
}

#[test]
fn the_golden_manifests_are_what_is_rendered() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden");
    let files = manifests(&Environment::builtin("production").unwrap(), &installation()).unwrap();
    for file in &files {
        let path = folder.join(&file.name);
        if std::env::var_os("LINESIDE_UPDATE_GOLDEN").is_some() {
            std::fs::create_dir_all(&folder).unwrap();
            std::fs::write(&path, &file.text).unwrap();
        }
        assert_eq!(std::fs::read_to_string(&path).unwrap_or_default(), file.text, "{} is not what the topology says now", file.name);
    }
    let committed: BTreeSet<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    assert_eq!(committed, files.into_iter().map(|file| file.name).collect());
}

#[test]
fn every_processor_has_pods_a_service_a_budget_a_monitor_and_a_user() {
    let all = rendered(&Environment::builtin("local").unwrap(), &installation());
    for processor in PROCESSORS {
        for kind in ["Service", "StatefulSet", "PodDisruptionBudget", "ServiceMonitor", "KafkaUser"] {
            assert_eq!(of(&all, kind, processor.name)["metadata"]["namespace"].as_str(), Some("lineside"));
        }
        let pods = &of(&all, "StatefulSet", processor.name)["spec"];
        assert_eq!(pods["volumeClaimTemplates"].is_sequence(), !processor.stores.is_empty(), "{} has a disk if it has stores", processor.name);
        assert_eq!(pods["template"]["metadata"]["labels"], pods["selector"]["matchLabels"]);
        assert_eq!(pods["selector"]["matchLabels"], of(&all, "ServiceMonitor", processor.name)["spec"]["selector"]["matchLabels"]);
        let container = &pods["template"]["spec"]["containers"][0];
        assert_eq!(container["readinessProbe"]["httpGet"]["path"].as_str(), Some("/health/ready"));
        assert_eq!(container["livenessProbe"]["httpGet"]["path"].as_str(), Some("/health/live"));
        let writable: Vec<&str> =
            container["volumeMounts"].as_sequence().unwrap().iter().filter(|mount| mount["readOnly"].is_null()).map(|mount| mount["name"].as_str().unwrap()).collect();
        assert_eq!(writable, ["state"]);
    }
}

#[test]
fn no_container_may_be_root_or_write_its_root() {
    let all = rendered(&Environment::builtin("production").unwrap(), &installation());
    let pods: Vec<&Value> = all.values().map(|document| &document["spec"]["template"]["spec"]).filter(|pod| !pod.is_null()).collect();
    assert_eq!(pods.len(), PROCESSORS.len() + 1);
    for pod in pods {
        assert_eq!(pod["securityContext"]["runAsNonRoot"].as_bool(), Some(true));
        let context = &pod["containers"][0]["securityContext"];
        assert_eq!((context["readOnlyRootFilesystem"].as_bool(), context["allowPrivilegeEscalation"].as_bool()), (Some(true), Some(false)));
        assert_eq!(context["capabilities"]["drop"][0].as_str(), Some("ALL"));
    }
}

/// Every text of a document, with the way to it.
fn texts(value: &Value, way: &str, found: &mut Vec<(String, String)>) {
    match value {
        Value::Mapping(map) => map.iter().for_each(|(key, value)| texts(value, &format!("{way}.{}", key.as_str().unwrap_or("?")), found)),
        Value::Sequence(list) => list.iter().for_each(|value| texts(value, way, found)),
        Value::String(text) => found.push((way.to_owned(), text.clone())),
        _ => {}
    }
}

/// Whoever may see a pod or its processes sees its command line and its variables.
#[test]
fn passwords_come_from_mounted_files_and_stand_in_no_command_line_and_no_variable() {
    let all = rendered(&Environment::builtin("production").unwrap(), &installation());
    let pods: Vec<(&str, &Value)> =
        all.iter().map(|((_, name), document)| (name.as_str(), &document["spec"]["template"]["spec"])).filter(|(_, pod)| !pod.is_null()).collect();
    assert_eq!(pods.len(), PROCESSORS.len() + 1);
    for (name, pod) in pods {
        let container = &pod["containers"][0];
        let mut words = Vec::new();
        texts(&container["command"], "command", &mut words);
        texts(&container["args"], "args", &mut words);
        for (way, word) in &words {
            assert!(!word.to_lowercase().contains("password") && !word.contains("--property") && !word.contains("$("), "{name}: {way} holds {word}");
        }
        let variables = container["env"].as_sequence().unwrap();
        for variable in variables {
            assert!(variable["valueFrom"]["secretKeyRef"].is_null(), "{name}: a secret in a variable: {variable:?}");
        }
        assert!(container["envFrom"].is_null());
        let value = |name: &str| variables.iter().find(|variable| variable["name"].as_str() == Some(name)).and_then(|variable| variable["value"].as_str());
        let user = if name == "lineside-topology" { "lineside-operator" } else { name };
        assert_eq!(value("LINESIDE_SASL_USERNAME"), Some(user));
        assert!(value("LINESIDE_SASL_PASSWORD").is_none());
        // The file that is named is one that is mounted, read-only, from the user's own secret.
        let (folder, file) = value("LINESIDE_SASL_PASSWORD_FILE").unwrap().rsplit_once('/').unwrap();
        let mount = container["volumeMounts"].as_sequence().unwrap().iter().find(|mount| mount["mountPath"].as_str() == Some(folder)).unwrap();
        assert_eq!(mount["readOnly"].as_bool(), Some(true), "{name}");
        let secret = &pod["volumes"].as_sequence().unwrap().iter().find(|volume| volume["name"] == mount["name"]).unwrap()["secret"];
        assert_eq!((secret["secretName"].as_str(), secret["items"][0]["path"].as_str(), secret["defaultMode"].as_u64()), (Some(user), Some(file), Some(0o440)), "{name}");
        assert!(all.contains_key(&("KafkaUser".to_owned(), user.to_owned())), "nobody makes the secret of {user}");
    }
}

#[test]
fn topics_have_the_planned_settings() {
    let environment = Environment::builtin("production").unwrap();
    let all = rendered(&environment, &installation());
    for topic in environment.topic_plan() {
        let spec = &of(&all, "KafkaTopic", &topic.name)["spec"];
        assert_eq!((spec["partitions"].as_u64(), spec["replicas"].as_u64()), (Some(topic.partitions.into()), Some(topic.replication.into())));
        let config: BTreeMap<String, String> = serde_yaml_ng::from_value(spec["config"].clone()).unwrap();
        assert_eq!(config, topic.configs);
    }
}

#[test]
fn sizes_of_the_environment_reach_the_pods() {
    let text = include_str!("../../environments/local.toml").to_owned() + "\n[processors.deduplicator]\ninstances = 3\ncpu = \"2\"\nmemory = \"3Gi\"\ndisk = \"40Gi\"\n";
    let all = rendered(&Environment::parse("site.toml", &text).unwrap(), &Installation { environment_file: Some(text.clone()), ..installation() });
    let spec = &of(&all, "StatefulSet", "deduplicator")["spec"];
    let resources = &spec["template"]["spec"]["containers"][0]["resources"];
    assert_eq!(spec["replicas"].as_u64(), Some(3));
    assert_eq!((resources["requests"]["cpu"].as_str(), resources["limits"]["memory"].as_str()), (Some("2"), Some("3Gi")));
    assert_eq!(spec["volumeClaimTemplates"][0]["spec"]["resources"]["requests"]["storage"].as_str(), Some("40Gi"));
    // The pods get the very file, and read it where it is mounted.
    assert_eq!(of(&all, "ConfigMap", "lineside-environment")["data"]["environment.toml"].as_str(), Some(text.as_str()));
    let variables = spec["template"]["spec"]["containers"][0]["env"].as_sequence().unwrap();
    assert!(variables.iter().any(|variable| variable["value"].as_str() == Some("/etc/lineside/environment/environment.toml")));
}

#[test]
fn a_source_whose_name_kubernetes_does_not_take_is_refused() {
    let text = include_str!("../../environments/local.toml").replace("\"mes\"", "\"MES_1\"");
    let error = manifests(&Environment::parse("site.toml", &text).unwrap(), &installation()).unwrap_err();
    assert!(matches!(&error, DeployError::Name { name } if name == "raw.plant-a.MES_1"), "{error}");
}
