//! The examples.

use std::path::{Path, PathBuf};

use lineside_posting_rules::{Rule, RuleSet, ShiftEnd, overlaps};
use lineside_schemas::records::{OutputBooking, PostingMode, ScrapBooking, ToleranceCheck};

/// Folder of the example files.
pub fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("examples")
}

/// The examples by name, with their text.
pub fn examples() -> Vec<(String, String)> {
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder()).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files.iter().map(|file| (file.file_name().unwrap().to_string_lossy().into_owned(), std::fs::read_to_string(file).unwrap())).collect()
}

fn example(name: &str) -> RuleSet {
    let text = std::fs::read_to_string(folder().join(name)).unwrap();
    RuleSet::from_yaml(name, &text).unwrap_or_else(|errors| panic!("{errors}"))
}

#[test]
fn every_example_is_right_and_they_fit_together() {
    let sets: Vec<RuleSet> = examples().iter().map(|(name, text)| RuleSet::from_yaml(name, text).unwrap_or_else(|errors| panic!("{errors}"))).collect();
    assert_eq!(sets.iter().map(RuleSet::id).collect::<Vec<_>>(), ["confirm-only/1", "default/2", "milestones-and-shifts/1", "process-backflush/1"]);
    assert_eq!(overlaps(&sets), []);
}

#[test]
fn the_default_example_says_what_is_built_in() {
    let example = example("default.yaml");
    assert_eq!(Rule { version: "default/1".to_owned(), ..example.rule }, Rule::built_in());
    assert_eq!(example.scope, RuleSet::built_in().scope);
}

#[test]
fn examples_say_what_they_are_read_as() {
    let backflush = example("process-backflush.yaml");
    assert_eq!(backflush.effective_from.to_string(), "2025-12-31T23:00:00Z");
    assert_eq!((backflush.rule.mode, backflush.rule.triggers.after_wait_ms), (PostingMode::ErpBackflush, Some(14_400_000)));
    assert_eq!(backflush.rule.tolerance(ToleranceCheck::OverConsumption, "RM-1022").unwrap().percent, "10".parse().ok());
    assert_eq!(backflush.rule.tolerance(ToleranceCheck::OverConsumption, "RM-9").unwrap().percent, "5".parse().ok());
    assert_eq!(backflush.rule.tolerance(ToleranceCheck::UnderConsumption, "RM-9"), None);
    assert_eq!(backflush.rule.rounding.digits("LTR"), 2);
    let milestones = example("milestones-and-shifts.yaml").rule;
    assert!(milestones.is_milestone("0020") && !milestones.is_milestone("0030") && !milestones.is_milestone("20"));
    assert!(matches!(&milestones.triggers.shift_end, Some(ShiftEnd::Times { times, .. }) if times.len() == 3));
    assert_eq!([None, Some("0042"), Some("42")].map(|reason| milestones.scrap.booking(reason)).map(|book| book == ScrapBooking::StockMovement), [false, true, false]);
    assert_eq!(example("confirm-only.yaml").rule.by_products, OutputBooking::ConfirmOnly);
}
