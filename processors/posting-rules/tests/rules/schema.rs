//! The published JSON Schema.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use lineside_posting_rules::{RuleSet, json_schema};
use lineside_yaml::asked;
use serde_json::Value;

use crate::files::examples;

/// A file with every section.
const EVERYTHING: &str = r"
rule_set: a
version: 1
effective_from: 2026-01-01T00:00:00Z
mode: explicit-movements
applies_to: {}
post: {at_shift_end: {}}
completeness: {watermark: none}
tolerances: [{}]
rounding: {}
scrap: {book: confirmation-only}
posting_date: {closed_periods: [{}]}
";

/// What sections are called in errors, and where the schema describes them.
const PLACES: &[(&str, &str)] = &[
    ("the file", ""),
    ("`applies_to`", "/properties/applies_to"),
    ("`post`", "/properties/post"),
    ("`at_shift_end`", "/properties/post/properties/at_shift_end"),
    ("`completeness`", "/properties/completeness"),
    ("a tolerance", "/properties/tolerances/anyOf/0"),
    ("`rounding`", "/properties/rounding"),
    ("`scrap`", "/properties/scrap/anyOf/1"),
    ("`posting_date`", "/properties/posting_date"),
    ("a closed period", "/properties/posting_date/properties/closed_periods/anyOf/0"),
];

#[test]
fn it_has_every_key_that_files_are_read_by_and_no_other() {
    asked::start();
    let _ = RuleSet::from_yaml("f", EVERYTHING);
    let mut taken: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (section, key) in asked::take() {
        taken.entry(section).or_default().insert(key.to_owned());
    }
    assert_eq!(taken.keys().map(String::as_str).collect::<BTreeSet<_>>(), PLACES.iter().map(|(section, _)| *section).collect());
    let schema = json_schema();
    for (section, place) in PLACES {
        let described: BTreeSet<String> = schema.pointer(&format!("{place}/properties")).unwrap().as_object().unwrap().keys().cloned().collect();
        assert_eq!(taken[*section], described, "{section}");
    }
}

#[test]
fn it_is_published_as_it_is_generated() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/posting-rules.schema.json");
    let text = format!("{:#}\n", json_schema());
    if std::env::var_os("LINESIDE_UPDATE_GOLDEN").is_some() {
        std::fs::write(&file, &text).unwrap();
    }
    assert_eq!(std::fs::read_to_string(file).unwrap(), text, "LINESIDE_UPDATE_GOLDEN=1 writes it anew");
}

#[test]
fn every_example_is_as_it_says_and_what_is_not_is_found() {
    let schema = jsonschema::validator_for(&json_schema()).unwrap();
    let read = |text: &str| serde_yaml_ng::from_str::<Value>(text).unwrap();
    for (file, text) in examples() {
        let wrong: Vec<_> = schema.iter_errors(&read(&text)).map(|error| format!("{}: {error}", error.instance_path())).collect();
        assert!(wrong.is_empty(), "{file}: {wrong:#?}");
    }
    let sound = examples().into_iter().find(|(file, _)| file == "process-backflush.yaml").unwrap().1;
    for (from, to) in [
        ("mode: erp-backflush", "mode: backflush"),
        ("version: 1", "version: none"),
        ("  plants: plant-a", "  plant: plant-a"),
        ("after_wait: 4h", "after_wait: four hours"),
        ("{LTR: 2}", "{LITRE: 2}"),
        ("watermark: sequence", "watermark: numbers"),
        ("percent: 5, beyond", "percent: 5, then"),
    ] {
        let broken = sound.replace(from, to);
        assert!(broken != sound && !schema.is_valid(&read(&broken)), "{to}");
        assert!(RuleSet::from_yaml("f", &broken).is_err(), "{to}");
    }
}
