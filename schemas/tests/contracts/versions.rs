//! Published schemas: each version stays readable by each other (`FULL_TRANSITIVE`), and none is edited.

use std::collections::BTreeSet;

use lineside_schemas::ContractId;
use lineside_schemas::compatibility::check_mutually_readable;

use crate::support::{crate_root, files};

/// Texts of the published versions, the oldest first.
fn versions(id: ContractId) -> Vec<String> {
    let folder = crate_root().join("avro").join(id.family()).join("versions");
    let mut versions = Vec::new();
    while let Ok(text) = std::fs::read_to_string(folder.join(format!("{}.v{}.avsc", id.name(), versions.len() + 1))) {
        versions.push(text);
    }
    versions
}

#[test]
fn the_latest_version_is_the_current_schema() {
    for &id in ContractId::ALL {
        let latest = versions(id).pop().unwrap_or_else(|| panic!("{id:?} has no version"));
        assert_eq!(latest, id.schema_text(), "{id:?}: a changed schema is a new version; see schemas/README.md");
    }
}

#[test]
fn every_version_reads_every_other() {
    for &id in ContractId::ALL {
        let versions = versions(id);
        for (older_index, older) in versions.iter().enumerate() {
            for (newer_index, newer) in versions.iter().enumerate().skip(older_index) {
                check_mutually_readable(older, newer).unwrap_or_else(|error| panic!("{id:?} v{} and v{}: {error}", older_index + 1, newer_index + 1));
            }
        }
    }
}

#[test]
fn every_schema_file_belongs_to_a_contract() {
    let mut expected = BTreeSet::new();
    let mut found = BTreeSet::new();
    let avro = crate_root().join("avro");
    for &id in ContractId::ALL {
        let family = avro.join(id.family());
        expected.insert(family.join(format!("{}.avsc", id.name())));
        expected.extend((1..=versions(id).len()).map(|number| family.join(format!("versions/{}.v{number}.avsc", id.name()))));
        found.extend(files(&family));
        found.extend(files(&family.join("versions")));
    }
    assert_eq!(found, expected);
}
