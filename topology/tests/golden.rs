//! The topology in docs/ is what the table says. `LINESIDE_UPDATE_GOLDEN=1 cargo test -p lineside-topology --test golden` writes it anew.
#![allow(clippy::expect_used, clippy::unwrap_used, reason = "a test may stop at what it did not expect")]

use std::path::{Path, PathBuf};

use lineside_topology::{Environment, acls, acls_text, describe, mermaid};

fn docs() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs")
}

fn assert_golden(file: &str, rendered: &str) {
    let path = docs().join(file);
    if std::env::var_os("LINESIDE_UPDATE_GOLDEN").is_some() {
        std::fs::write(&path, rendered).unwrap();
    }
    let committed = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        committed == rendered,
        "docs/{file} is not what the topology says now; if the change is meant, run LINESIDE_UPDATE_GOLDEN=1 cargo test -p lineside-topology --test golden\n\n{rendered}"
    );
}

#[test]
fn the_committed_text_is_what_describe_prints() {
    assert_golden("topology.txt", &describe(&Environment::builtin("local").unwrap()));
}

#[test]
fn the_committed_picture_is_what_mermaid_prints() {
    let picture = mermaid(&Environment::builtin("local").unwrap());
    let page = format!(
        "# Topology\n\nThe flow in the environment `local`, drawn from the table in [topology/](../topology/) by `lineside topology describe --format mermaid`. \
         Rounded: topics. Boxes: processors. Cylinders: stores, each with a changelog topic. Dotted: what a processor refuses.\n\
         Keys, sizes and changelogs stand in [topology.txt](topology.txt).\n\n```mermaid\n{picture}```\n"
    );
    assert_golden("topology.md", &page);
}

#[test]
fn the_committed_permissions_are_those_of_the_table() {
    assert_golden("acls.txt", &acls_text(&acls(&Environment::builtin("local").unwrap())));
}

#[test]
fn every_topic_and_processor_is_described() {
    let environment = Environment::builtin("production").unwrap();
    let text = describe(&environment);
    for topic in environment.topic_plan() {
        assert!(text.lines().any(|line| line.trim_start().starts_with(&format!("{} ", topic.name)) && line.contains(topic.purpose)), "{}", topic.name);
    }
    let picture = mermaid(&environment);
    for processor in lineside_topology::processors::PROCESSORS {
        assert!(text.contains(processor.purpose) && picture.contains(&format!("[\"{}\"]", processor.name)), "{}", processor.name);
    }
}
