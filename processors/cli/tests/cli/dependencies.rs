//! Dependencies point one way. The manifests of the workspace are read, not this list kept by hand: a crate in a new folder must find its place here.

use std::process::Command;

use serde_json::Value;

/// A crate depends only on crates of lower layers, except in tests.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Layer {
    /// Contracts; and servers for tests, which know nothing of us.
    Foundation,
    /// The one table, and what else stands directly on the contracts.
    Table,
    /// What processors are written against; the table on a live cluster; and the ERP that tests speak to.
    Interface,
    /// Stores.
    State,
    /// What drives processors, live or in memory.
    Driver,
    /// Calls to systems outside Kafka.
    Edge,
    /// Each by itself: topics are the only link between them.
    Processor,
    /// What puts all together: command line, scenarios.
    Assembly,
    /// What measures the whole and its parts.
    Measurement,
}

/// A crate's folder below the root gives its layer.
fn layer(folder: &str) -> Option<Layer> {
    Some(match folder {
        "schemas" | "schemas/serializer-unsupported" | "loadtest/local-stack" | "processors/framework/yaml" => Layer::Foundation,
        "schemas/codegen" | "schemas/registry" | "topology" | "loadtest/simulators" | "processors/posting-rules" => Layer::Table,
        "topology/cluster" | "topology/deploy" | "processors/framework/api" | "loadtest/simulators/erp" => Layer::Interface,
        "processors/framework/state" => Layer::State,
        "processors/framework/runtime" | "processors/framework/testkit" => Layer::Driver,
        "processors/framework/outbound" => Layer::Edge,
        "processors/cli" | "loadtest/scenarios" => Layer::Assembly,
        "loadtest/benchmarks" => Layer::Measurement,
        other => match other.split_once('/') {
            Some(("processors", rest)) if !rest.starts_with("framework") && !rest.contains('/') => Layer::Processor,
            _ => return None,
        },
    })
}

/// Crates that touch the network. What a processor computes must not depend on any.
const NETWORK: &[&str] = &["rdkafka", "tokio", "reqwest", "axum", "hyper", "schema_registry_converter"];

/// Whether crates of this folder are free of Kafka, of async code and of HTTP.
fn is_pure(folder: &str) -> bool {
    matches!(folder, "schemas" | "topology" | "processors/posting-rules" | "processors/framework/api" | "processors/framework/state" | "processors/framework/testkit")
        || layer(folder) == Some(Layer::Processor)
}

#[derive(Debug, Clone)]
struct Crate {
    name: String,
    folder: String,
    /// Names of crates, and whether only tests need them.
    needs: Vec<(String, bool)>,
}

fn violations(crates: &[Crate]) -> Vec<String> {
    let mut violations = Vec::new();
    for one in crates {
        let Some(own) = layer(&one.folder) else {
            violations.push(format!("{} in {} has no layer: say in this test where it belongs", one.name, one.folder));
            continue;
        };
        for (needed, tests_only) in &one.needs {
            if is_pure(&one.folder) && !tests_only && NETWORK.contains(&needed.as_str()) {
                violations.push(format!("{} needs {needed}, but must know nothing of Kafka, the network or async code", one.name));
            }
            let Some(other) = crates.iter().find(|other| other.name == *needed).and_then(|other| layer(&other.folder)) else { continue };
            let allowed = match (tests_only, other) {
                (false, _) => other < own,
                // Only tests of the whole topology put processors together.
                (true, Layer::Processor | Layer::Assembly | Layer::Measurement) => own >= Layer::Processor || one.folder == "processors/framework/testkit",
                (true, _) => true,
            };
            if !allowed {
                violations.push(format!("{} ({own:?}) {} {needed} ({other:?})", one.name, if *tests_only { "tests itself with" } else { "depends on" }));
            }
        }
    }
    violations
}

/// The crates of this workspace, as cargo reads their manifests.
fn workspace() -> Vec<Crate> {
    let output =
        Command::new(env!("CARGO")).args(["metadata", "--no-deps", "--offline", "--format-version", "1"]).current_dir(env!("CARGO_MANIFEST_DIR")).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let metadata: Value = serde_json::from_slice(&output.stdout).unwrap();
    let root = metadata["workspace_root"].as_str().unwrap();
    let read = |package: &Value| {
        let manifest = package["manifest_path"].as_str().unwrap();
        let needs = package["dependencies"].as_array().unwrap().iter().map(|needed| (needed["name"].as_str().unwrap().to_owned(), needed["kind"] == "dev"));
        Crate {
            name: package["name"].as_str().unwrap().to_owned(),
            folder: manifest.strip_prefix(root).unwrap().trim_start_matches('/').trim_end_matches("/Cargo.toml").to_owned(),
            needs: needs.collect(),
        }
    };
    metadata["packages"].as_array().unwrap().iter().map(read).collect()
}

#[test]
fn dependencies_of_the_workspace_point_one_way() {
    let crates = workspace();
    assert!(crates.len() >= 18, "cargo told of {} crates only", crates.len());
    assert_eq!(violations(&crates), Vec::<String>::new());
}

fn made_up(name: &str, folder: &str, needs: &[(&str, bool)]) -> Crate {
    Crate { name: name.to_owned(), folder: folder.to_owned(), needs: needs.iter().map(|(name, tests_only)| ((*name).to_owned(), *tests_only)).collect() }
}

#[test]
fn a_way_back_is_found() {
    let crates = [made_up("schemas", "schemas", &[("topology", false)]), made_up("topology", "topology", &[("schemas", false)])];
    assert_eq!(violations(&crates), ["schemas (Foundation) depends on topology (Table)"]);
}

#[test]
fn a_processor_that_needs_another_is_found_but_a_test_of_both_may_be() {
    let crates = |tests_only| [made_up("a", "processors/a", &[("b", tests_only)]), made_up("b", "processors/b", &[])];
    assert_eq!(violations(&crates(false)), ["a (Processor) depends on b (Processor)"]);
    assert_eq!(violations(&crates(true)), Vec::<String>::new());
}

#[test]
fn the_framework_knows_no_processor() {
    let crates = |folder, tests_only| violations(&[made_up("f", folder, &[("b", tests_only)]), made_up("b", "processors/b", &[])]).len();
    assert_eq!([crates("processors/framework/runtime", false), crates("processors/framework/runtime", true)], [1, 1]);
    assert_eq!([crates("processors/framework/testkit", false), crates("processors/framework/testkit", true)], [1, 0]);
    assert_eq!([crates("processors/cli", false), crates("loadtest/scenarios", false)], [0, 0]);
}

#[test]
fn the_testkit_needs_no_runtime_and_the_interface_no_kafka() {
    let crates = [
        made_up("testkit", "processors/framework/testkit", &[("runtime", false)]),
        made_up("runtime", "processors/framework/runtime", &[("rdkafka", false), ("tokio", false)]),
        made_up("api", "processors/framework/api", &[("rdkafka", false), ("tokio", true)]),
        made_up("a", "processors/a", &[("runtime", false), ("reqwest", false)]),
    ];
    let found = violations(&crates);
    assert_eq!(found.len(), 3, "{found:?}");
    assert!(
        found[0].starts_with("testkit (Driver) depends on runtime") && found[1].starts_with("api needs rdkafka") && found[2].starts_with("a needs reqwest"),
        "{found:?}"
    );
}

#[test]
fn a_crate_in_an_unknown_place_is_found() {
    assert_eq!(violations(&[made_up("x", "tools/x", &[])]).len(), 1);
    assert_eq!(violations(&[made_up("x", "processors/framework/x", &[])]).len(), 1);
}
