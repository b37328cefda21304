//! Dockerfile, docker-compose.yml and dashboard against the table and the documentation.
#![allow(clippy::unwrap_used, reason = "a test may stop at what it did not expect")]

use std::collections::BTreeSet;
use std::path::Path;

use lineside_topology::processors::PROCESSORS;
use serde_yaml_ng::Value;

fn read(path: &str) -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(path)).unwrap()
}

fn yaml(path: &str) -> Value {
    let mut value: Value = serde_yaml_ng::from_str(&read(path)).unwrap();
    // What is merged may merge something itself.
    value.apply_merge().unwrap();
    value.apply_merge().unwrap();
    value
}

/// The words of a text that begin like a metric of ours.
fn metrics(text: &str) -> BTreeSet<String> {
    let words = text.split(|letter: char| !(letter.is_ascii_alphanumeric() || letter == '_'));
    words.filter(|word| word.starts_with("lineside_")).map(str::to_owned).collect()
}

#[test]
fn every_metric_of_the_dashboard_is_documented() {
    let documented = metrics(&read("docs/metrics.md"));
    let dashboard: serde_json::Value = serde_json::from_str(&read("topology/deploy/grafana/dashboards/lineside.json")).unwrap();
    let panels = dashboard["panels"].as_array().unwrap();
    let shown = panels.iter().flat_map(|panel| panel["targets"].as_array().unwrap()).map(|target| target["expr"].as_str().unwrap().to_owned());
    let filters = dashboard["templating"]["list"].as_array().unwrap().iter().map(|variable| variable["query"]["query"].as_str().unwrap().to_owned());
    let used = metrics(&shown.chain(filters).collect::<Vec<_>>().join(" "));
    for metric in &used {
        // A histogram is one metric with several series.
        let whole = ["_bucket", "_sum", "_count"].iter().find_map(|series| metric.strip_suffix(series)).unwrap_or(metric);
        assert!(documented.contains(metric) || documented.contains(whole), "{metric} is in the dashboard but not in docs/metrics.md");
    }
    assert!(used.len() >= documented.len() / 2, "the dashboard shows only {used:?}");
}

#[test]
fn the_dashboard_asks_the_provisioned_datasource() {
    let datasource = yaml("topology/deploy/grafana/provisioning/datasources/prometheus.yml");
    let uid = datasource["datasources"][0]["uid"].as_str().unwrap();
    let dashboard: serde_json::Value = serde_json::from_str(&read("topology/deploy/grafana/dashboards/lineside.json")).unwrap();
    for panel in dashboard["panels"].as_array().unwrap() {
        assert_eq!(panel["datasource"]["uid"], uid, "{}", panel["title"]);
    }
}

#[test]
fn compose_runs_every_processor_and_prometheus_watches_each() {
    let (compose, prometheus) = (yaml("docker-compose.yml"), yaml("topology/deploy/prometheus.yml"));
    let targets: BTreeSet<&str> =
        prometheus["scrape_configs"][0]["static_configs"][0]["targets"].as_sequence().unwrap().iter().map(|target| target.as_str().unwrap()).collect();
    assert_eq!(targets, PROCESSORS.iter().map(|processor| format!("{}:9400", processor.name)).collect::<Vec<_>>().iter().map(String::as_str).collect());
    for processor in PROCESSORS {
        let service = &compose["services"][processor.name];
        assert_eq!(service["command"][0].as_str(), Some(processor.name));
        assert_eq!(service["read_only"].as_bool(), Some(true), "{}", processor.name);
        // A store that went with the container would be restored at every start.
        let (kept, folder) = if processor.stores.is_empty() { ("tmpfs", "/var/lib/lineside:") } else { ("volumes", ":/var/lib/lineside") };
        assert!(service[kept][0].as_str().is_some_and(|mount| mount.contains(folder)), "{} keeps its state folder in {kept}", processor.name);
        assert_eq!(service["environment"]["LINESIDE_INSTANCE_ID"].as_str(), Some(format!("{}-0", processor.name).as_str()));
    }
}

#[test]
fn ports_of_the_composition_are_open_to_this_machine_alone() {
    let compose = yaml("docker-compose.yml");
    let ports: Vec<&str> =
        compose["services"].as_mapping().unwrap().values().filter_map(|service| service["ports"].as_sequence()).flatten().map(|port| port.as_str().unwrap()).collect();
    assert!(ports.len() >= 4 && ports.iter().all(|port| port.starts_with("127.0.0.1:")), "{ports:?}");
}

/// `docker inspect` and a list of processes show command lines and variables to others.
#[test]
fn no_composition_has_a_password_in_a_command_or_a_variable() {
    for file in ["docker-compose.yml", "topology/deploy/docker-compose.secured.yml"] {
        for (name, service) in yaml(file)["services"].as_mapping().unwrap() {
            let name = name.as_str().unwrap();
            for word in service["command"].as_sequence().into_iter().flatten().map(|word| word.as_str().unwrap()) {
                assert!(!word.to_lowercase().contains("password") && !word.starts_with("--property"), "{file}: {name}: {word}");
            }
            for (variable, value) in service["environment"].as_mapping().into_iter().flatten() {
                let variable = variable.as_str().unwrap();
                let secret = ["PASSWORD", "SECRET", "TOKEN", "JAAS"].iter().any(|word| variable.contains(word));
                let file_of_one = variable.ends_with("_FILE") && value.as_str().is_some_and(|path| path.starts_with("/run/secrets/"));
                assert!(!secret || file_of_one, "{file}: {name}: {variable}");
            }
        }
    }
}

#[test]
fn every_process_of_the_secured_composition_comes_as_its_own_user_with_its_own_secret() {
    let secured = yaml("topology/deploy/docker-compose.secured.yml");
    let operator = ("topology", lineside_topology::acls::OPERATOR);
    for (service, user) in PROCESSORS.iter().map(|processor| (processor.name, processor.name)).chain([operator]) {
        let process = &secured["services"][service];
        assert_eq!(process["environment"]["LINESIDE_SASL_USERNAME"].as_str(), Some(user));
        let secret = process["secrets"].as_sequence().unwrap().iter().find(|secret| secret["target"].as_str() == Some("password")).unwrap();
        assert_eq!(secret["source"].as_str(), Some(user));
        assert_eq!(secured["secrets"][user]["file"].as_str(), Some(format!("./secrets/{user}").as_str()));
        // Files are merged over docker-compose.yml, which must have the service.
        assert!(yaml("docker-compose.yml")["services"][service].is_mapping(), "{service}");
    }
}

#[test]
fn the_image_holds_every_binary_and_runs_as_a_numbered_user() {
    let dockerfile = read("Dockerfile");
    for binary in PROCESSORS.iter().map(|processor| processor.name).chain(["lineside"]) {
        assert!(dockerfile.contains(&format!("target/release/{binary} ")), "{binary} is not copied");
    }
    let user = dockerfile.lines().rev().find_map(|line| line.strip_prefix("USER ")).unwrap();
    assert!(user.split(':').all(|id| id.parse::<u32>().is_ok_and(|id| id > 0)), "{user}");
}
