//! The command line against a real Kafka and a real registry.

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

    let (code, text, errors) = lineside(&stack, "plan", registry);
    assert_eq!(code, Some(2), "{text}{errors}");
    assert!(text.contains("+ topic raw.plant-a.mes: 2 partitions") && text.contains("+ subject order.postings.v1-value: OrderPosting"), "{text}");

    let (code, text, errors) = lineside(&stack, "apply", registry);
    assert_eq!(code, Some(0), "{text}{errors}");
    assert!(text.contains("changes made: ") && text.ends_with(&format!("now as wanted: {sizes}")), "{text}");

    assert_eq!(lineside(&stack, "plan", registry), (Some(0), format!("nothing differs: {sizes}"), String::new()));
    assert_eq!(lineside(&stack, "apply", registry), (Some(0), format!("nothing to do: {sizes}"), String::new()));

    // The right server, but not the path of Confluent's API: no waiting, for it will not get better.
    let (code, _, errors) = lineside(&stack, "plan", registry.trim_end_matches("/apis/ccompat/v7"));
    assert_eq!(code, Some(1), "{errors}");
    assert!(errors.contains("does not answer like a schema registry") && errors.contains("/apis/ccompat/v7"), "{errors}");
}

/// Exit code, standard output and error of a command on rules.
fn rules(stack: &LocalStack, arguments: &[&str]) -> (Option<i32>, String, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_lineside"))
        .arg("rules")
        .args(arguments)
        .env("LINESIDE_BOOTSTRAP_SERVERS", stack.bootstrap())
        .env("LINESIDE_SCHEMA_REGISTRY", stack.registry_url())
        .output()
        .unwrap();
    (output.status.code(), String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap())
}

/// A rule file in a folder, of this version and with these further lines.
fn rule_file(folder: &tempfile::TempDir, version: u32, rest: &str) -> String {
    let path = folder.path().join(format!("{version}-{}.yaml", rest.len()));
    let text =
        format!("rule_set: plant-a\nversion: {version}\napplies_to: {{plants: plant-a}}\neffective_from: 2030-01-0{version}T00:00:00Z\nmode: explicit-movements\n{rest}");
    std::fs::write(&path, text).unwrap();
    path.display().to_string()
}

#[test]
fn rules_are_published_approved_by_another_and_shown() {
    let stack = LocalStack::start(&StackOptions::default()).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let (code, _, errors) = rules(&stack, &["list"]);
    assert!(code == Some(1) && errors.contains("there is no topic rules.posting.v1 on the cluster"), "{errors}");
    assert_eq!(lineside(&stack, "apply", stack.registry_url()).0, Some(0));

    let first = rule_file(&folder, 1, "protected: true\n");
    let publish = |file: &str| rules(&stack, &["apply", file, "--by", "M. Keller", "--reason", "to try it"]);
    let (code, said, errors) = publish(&first);
    assert_eq!(code, Some(0), "{errors}");
    assert!(
        said.contains("protected: yes, was no")
            && said.ends_with("plant-a/1 waits for approval by somebody else than M. Keller: lineside rules approve plant-a/1 --by NAME\n"),
        "{said}"
    );
    assert!(rules(&stack, &["show", "plant-a", "--at", "2030-06-01"]).1.starts_with("plant-a/1: waiting for approval\n  published by M. Keller, "));

    let (code, _, errors) = publish(&first);
    assert!(code == Some(1) && errors.contains("plant-a/1 was published already, as it is"), "{errors}");
    let (code, _, errors) = publish(&rule_file(&folder, 1, "protected: true\nlots: ignore\n"));
    assert!(code == Some(1) && errors.contains("raise `version` to 2"), "{errors}");
    let (code, _, errors) = rules(&stack, &["approve", "plant-a/1", "--by", "m. keller"]);
    assert!(code == Some(1) && errors.contains("somebody else has to decide"), "{errors}");
    let (code, said, errors) = rules(&stack, &["approve", "plant-a/1", "--by", "A. Okafor", "--reason", "as agreed"]);
    assert_eq!((code, said.as_str()), (Some(0), "plant-a/1 is approved, in force from 2030-01-01T00:00:00Z\n"), "{errors}");

    let second = rule_file(&folder, 2, "lots: required\n");
    let (code, said, errors) = rules(&stack, &["diff", &second]);
    assert_eq!(code, Some(2), "{errors}");
    assert!(said.contains("plant-a/2) against plant-a/1:\n") && said.contains("  protected: no, was yes\n  lots: required, was keep\n"), "{said}");
    assert!(publish(&second).1.contains("plant-a/2 waits for approval"), "the protection cannot be walked around");
    assert_eq!(rules(&stack, &["reject", "plant-a/2", "--by", "A. Okafor", "--reason", "not protected"]).0, Some(0));

    let (_, listed, _) = rules(&stack, &["list", "--format", "json"]);
    let states: Vec<(String, String)> = listed
        .lines()
        .map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap())
        .map(|record| (format!("{}/{}", record["name"].as_str().unwrap(), record["version"]), record["approval"].as_str().unwrap().to_owned()))
        .collect();
    let expected = [("default/1", "NOT_REQUIRED"), ("plant-a/1", "APPROVED"), ("plant-a/2", "REJECTED")];
    assert_eq!(states, expected.map(|(id, state)| (id.to_owned(), state.to_owned())));
    let (_, shown, _) = rules(&stack, &["show", "plant-a", "--at", "2030-06-01"]);
    assert!(shown.starts_with("plant-a/1: in force\n") && shown.contains("approved by A. Okafor, "), "{shown}");
    let (_, file, _) = rules(&stack, &["show", "plant-a/2", "--format", "yaml"]);
    std::fs::write(folder.path().join("again.yaml"), file).unwrap();
    assert_eq!(rules(&stack, &["diff", &folder.path().join("again.yaml").display().to_string()]).0, Some(0), "what is shown is the file");
    let (_, table, _) = rules(&stack, &["list"]);
    assert!(table.contains("to come") && table.contains("rejected"), "{table}");
    let (code, _, errors) = rules(&stack, &["show", "nobody"]);
    assert!(code == Some(1) && errors.contains("there is no rule set nobody"), "{errors}");
}
