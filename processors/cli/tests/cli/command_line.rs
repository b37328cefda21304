//! The command line as a person uses it, without a cluster.

use std::path::Path;
use std::process::{Command, Output};
use std::time::{Duration, Instant};

use lineside_topology::{Environment, describe, mermaid};

fn lineside(arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_lineside"));
    for name in ["LINESIDE_ENVIRONMENT", "LINESIDE_BOOTSTRAP_SERVERS", "LINESIDE_SCHEMA_REGISTRY", "LINESIDE_SCHEMA_REGISTRY_USER"] {
        command.env_remove(name);
    }
    command.args(arguments).output().unwrap()
}

fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

#[test]
fn describe_prints_text_unless_asked_for_mermaid() {
    let local = Environment::builtin("local").unwrap();
    let output = lineside(&["topology", "describe"]);
    assert_eq!((output.status.code(), stdout(&output)), (Some(0), describe(&local)));
    let output = lineside(&["topology", "describe", "--format", "mermaid", "--environment", "production"]);
    assert_eq!((output.status.code(), stdout(&output)), (Some(0), mermaid(&Environment::builtin("production").unwrap())));
}

#[test]
fn the_environment_may_come_from_the_environment() {
    let output = Command::new(env!("CARGO_BIN_EXE_lineside")).args(["topology", "validate"]).env("LINESIDE_ENVIRONMENT", "production").output().unwrap();
    assert!(stdout(&output).starts_with("environment production: sound, "), "{output:?}");
}

#[test]
fn validate_names_every_problem_and_exits_with_1() {
    let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join("unsound.toml");
    let local = include_str!("../../../../topology/environments/local.toml");
    std::fs::write(&file, format!("{local}\n[topics.\"order.postings.v1\"]\npartitions = 3\n[topics.normalised]\n")).unwrap();
    let output = lineside(&["topology", "validate", "--environment", file.to_str().unwrap()]);
    let text = stderr(&output);
    assert_eq!(output.status.code(), Some(1), "{text}");
    assert!(text.contains("order.postings.v1 has 3") && text.contains("did you mean \"normalized\"?"), "{text}");
    // Nothing is planned or applied on such a basis either; no broker is asked.
    assert_eq!(lineside(&["topology", "apply", "--environment", file.to_str().unwrap()]).status.code(), Some(1));
}

#[test]
fn a_wrong_command_line_exits_with_1_for_2_means_differences() {
    for wrong in [&["topology", "plan", "--no-such-flag"][..], &["topology", "describe", "--format", "svg"], &["topology", "plan", "--property", "novalue"], &[]] {
        let output = lineside(wrong);
        assert_eq!(output.status.code(), Some(1), "{wrong:?}");
        assert!(stdout(&output).is_empty() && !stderr(&output).is_empty(), "{wrong:?}");
    }
    assert_eq!(lineside(&["--help"]).status.code(), Some(0));
}

#[test]
fn an_unknown_environment_names_those_there_are() {
    let output = lineside(&["topology", "describe", "--environment", "staging"]);
    assert_eq!(stderr(&output), "lineside: there is no environment \"staging\": it is neither a file nor one of local, production\n");
}

#[test]
fn a_property_that_librdkafka_does_not_know_is_named() {
    let output = lineside(&["topology", "plan", "--property", "securty.protocol=SSL"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(stderr(&output).contains("securty.protocol"), "{}", stderr(&output));
}

#[test]
fn brokers_that_do_not_answer_are_tried_again_for_as_long_as_asked() {
    // Nothing listens on port 1.
    let arguments = ["topology", "apply", "--bootstrap-servers", "127.0.0.1:1", "--schema-registry", "http://127.0.0.1:1"];
    let started = Instant::now();
    let output = lineside(&[&arguments[..], &["--wait", "6"]].concat());
    let text = stderr(&output);
    assert_eq!(output.status.code(), Some(1), "{text}");
    assert!(text.contains("trying again in 0."), "{text}");
    assert!(text.lines().last().unwrap().contains("no Kafka broker answers at 127.0.0.1:1") && text.contains("Connection refused"), "{text}");
    assert!(started.elapsed() < Duration::from_secs(40), "{:?}", started.elapsed());
}

#[test]
fn acls_are_printed_as_text_commands_or_json() {
    let text = stdout(&lineside(&["topology", "acls"]));
    assert_eq!(text, include_str!("../../../../docs/acls.txt"));
    let commands = stdout(&lineside(&["topology", "acls", "--format", "commands"]));
    assert!(commands.lines().skip(1).all(|line| line.starts_with("kafka-acls.sh ")), "{commands}");
    let json: serde_json::Value = serde_json::from_str(&stdout(&lineside(&["topology", "acls", "--format", "json"]))).unwrap();
    assert!(json.as_array().unwrap().iter().any(|acl| acl["principal"] == "normalizer" && acl["name"] == "normalized" && acl["operations"][0] == "Write"), "{json}");
}

#[test]
fn a_cohosted_process_has_one_user_and_an_unknown_processor_is_named() {
    let text = stdout(&lineside(&["topology", "acls", "--cohosted", "normalizer,deduplicator"]));
    assert!(text.starts_with("User:lineside\n") && text.matches("User:").count() == 1, "{text}");
    let output = lineside(&["topology", "acls", "--cohosted", "normaliser"]);
    assert!(output.status.code() == Some(1) && stderr(&output).contains("no processor \"normaliser\""), "{output:?}");
}

#[test]
fn k8s_manifests_go_to_standard_output_or_into_a_folder() {
    let printed = stdout(&lineside(&["topology", "k8s"]));
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("manifests");
    let output = lineside(&["topology", "k8s", "--output", folder.to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    let mut written = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let text = std::fs::read_to_string(entry.unwrap().path()).unwrap();
        assert!(printed.contains(&text));
        written += text.len();
    }
    assert_eq!(written, printed.len());
}

#[test]
fn an_environment_file_goes_into_the_manifests_word_for_word() {
    let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join("site.toml");
    std::fs::write(&file, include_str!("../../../../topology/environments/local.toml")).unwrap();
    let printed = stdout(&lineside(&["topology", "k8s", "--environment", file.to_str().unwrap()]));
    assert!(printed.contains("name: lineside-environment") && printed.contains("# Sizes for a plant in a box"), "{printed}");
}
