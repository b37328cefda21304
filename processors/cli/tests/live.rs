//! The command line against a real Kafka and a real registry.
#![allow(clippy::unwrap_used, reason = "a test may stop at what it did not expect")]

use std::process::Command;

use lineside_cluster::Wanted;
use lineside_local_stack::{LocalStack, StackOptions};
use lineside_topology::Environment;

/// Exit code and standard output.
fn lineside(stack: &LocalStack, command: &str, registry: &str) -> (Option<i32>, String, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_lineside"))
        .args(["topology", command, "--wait", "30"])
        .env("LINESIDE_BOOTSTRAP_SERVERS", stack.bootstrap())
        .env("LINESIDE_SCHEMA_REGISTRY", registry)
        .env("LINESIDE_ENVIRONMENT", "local")
        .output()
        .unwrap();
    (output.status.code(), String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap())
}

#[test]
fn plan_exits_with_2_until_apply_has_been_there() {
    let stack = LocalStack::start(&StackOptions::default()).unwrap();
    let registry = stack.registry_url();
    let wanted = Wanted::of(&Environment::builtin("local").unwrap());
    let sizes = format!("{} topics, {} subjects\n", wanted.topics.len(), wanted.subjects.len());

    let (code, text, errors) = lineside(&stack, "plan", &registry);
    assert_eq!(code, Some(2), "{text}{errors}");
    assert!(text.contains("+ topic raw.plant-a.mes: 2 partitions") && text.contains("+ subject order.postings.v1-value: OrderPosting"), "{text}");

    let (code, text, errors) = lineside(&stack, "apply", &registry);
    assert_eq!(code, Some(0), "{text}{errors}");
    assert!(text.contains("changes made: ") && text.ends_with(&format!("now as wanted: {sizes}")), "{text}");

    assert_eq!(lineside(&stack, "plan", &registry), (Some(0), format!("nothing differs: {sizes}"), String::new()));
    assert_eq!(lineside(&stack, "apply", &registry), (Some(0), format!("nothing to do: {sizes}"), String::new()));

    // The right server, but not the path of Confluent's API: no waiting, for it will not get better.
    let (code, _, errors) = lineside(&stack, "plan", registry.trim_end_matches("/apis/ccompat/v7"));
    assert_eq!(code, Some(1), "{errors}");
    assert!(errors.contains("does not answer like a schema registry") && errors.contains("/apis/ccompat/v7"), "{errors}");
}
