//! The cases of `posting-cases/*.yaml`: what a plant reports, and what has to be posted. Written by hand; nothing here writes them.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use crate::case::{self, Case};
use crate::support::{Harness, KEY, Trouble};
use lineside_schemas::Decimal;
use lineside_schemas::records::OrderPosting;

/// What `docs/posting-rules.md` and the design name as having gone wrong elsewhere.
const NAMED_SOURCES: [&str; 4] = ["odoo#71146", "erpnext#58401", "B2MML", "SAP MEINT"];

fn cases() -> Vec<(String, Case)> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("posting-cases");
    let mut files: Vec<_> =
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.extension().is_some_and(|end| end == "yaml")).collect();
    files.sort();
    let read = |path: PathBuf| {
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        let text = std::fs::read_to_string(&path).unwrap();
        let case = serde_yaml_ng::from_str(&text).unwrap_or_else(|error| panic!("{name}: {error}"));
        (name, case)
    };
    files.into_iter().map(read).collect()
}

fn run(case: &Case, trouble: Trouble) -> Harness {
    let mut harness = Harness::with(trouble, case.world());
    for step in case.steps() {
        harness.step(&step);
    }
    harness.commit();
    harness
}

#[test]
fn every_case_is_posted_as_written_and_as_the_contract_says() {
    let cases = cases();
    assert!(cases.len() >= 120, "only {} cases were found", cases.len());
    let mut wrong = Vec::new();
    for (name, case) in &cases {
        let expected = case.expected();
        // One that cannot be run at all must not hide what is wrong with the others.
        let ran = std::panic::catch_unwind(|| {
            let mut harness = run(case, Trouble::None);
            keeps_the_contract(name, &harness);
            case::outcome(&mut harness).stated_by(&expected)
        });
        let Ok(outcome) = ran else {
            wrong.push(format!("{name}: cannot be run, or breaks the contract"));
            continue;
        };
        if outcome != expected {
            wrong.push(format!("{name}: {}\nexpected:\n{}got:\n{}", case.shows, shown(&expected), shown(&outcome)));
        }
    }
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), cases.len(), wrong.join("\n"));
}

fn shown(outcome: &case::Outcome) -> String {
    serde_yaml_ng::to_string(outcome).unwrap()
}

#[test]
fn every_case_says_by_which_rule_and_where_it_comes_from() {
    let cases = cases();
    for (name, case) in &cases {
        assert!([&case.shows, &case.rule, &case.source].iter().all(|text| text.len() > 8), "{name}");
    }
    for source in NAMED_SOURCES {
        assert!(cases.iter().any(|(_, case)| case.source.contains(source)), "no case is about {source}");
    }
    let shows: BTreeSet<&str> = cases.iter().map(|(_, case)| case.shows.as_str()).collect();
    assert_eq!(shows.len(), cases.len(), "no two cases show the same");
}

#[test]
fn every_case_comes_out_the_same_in_batches_and_through_aborts_and_crashes() {
    for (number, (name, case)) in cases().into_iter().enumerate() {
        let mut straight = run(&case, Trouble::None);
        let outcome = case::outcome(&mut straight);
        let batches = [Trouble::Batches(4), Trouble::Batches(100), Trouble::Aborts][number % 3];
        for trouble in [batches, Trouble::Crashes] {
            let mut other = run(&case, trouble);
            assert_eq!(other.postings(), straight.postings(), "{name}, {trouble:?}");
            assert_eq!(other.statuses(), straight.statuses(), "{name}, {trouble:?}");
            assert_eq!(case::outcome(&mut other), outcome, "{name}, {trouble:?}");
        }
    }
}

fn keeps_the_contract(name: &str, harness: &Harness) {
    let mut cleared = false;
    for (sequence, (key, posting)) in (1..).zip(harness.postings()) {
        assert_eq!(posting.sequence, sequence, "{name}: sequences have no gap");
        assert_eq!((key.as_str(), posting.plant, posting.order), (KEY, "plant-a", "000100012"), "{name}");
        assert_eq!(posting.posting_id.len(), 32, "{name}");
        assert!(!(posting.r#final && posting.provisional), "{name}: final or provisional");
        assert!(!posting.clear_reservations || posting.r#final, "{name}: reservations are cleared by final postings");
        cleared |= posting.clear_reservations;
        assert!(!posting.r#final || cleared, "{name}: and by the first of them");
        assert!((1..).zip(&posting.lines).all(|(number, line)| line.line == number), "{name}: lines are numbered");
        assert!(posting.lines.iter().all(|line| line.quantity.value.is_positive()), "{name}: the movement type gives the direction");
        assert!(posting.confirmations.is_sorted_by_key(|line| (line.operation, line.unit)), "{name}");
        assert!(posting.held.iter().all(|held| !held.quantity.is_zero()), "{name}: what is held is something");
        assert_eq!(totals_by_hand(&posting), totals_as_sent(&posting), "{name}");
        assert!(posting.control_totals.is_sorted_by_key(|total| (total.movement_type, total.unit)), "{name}");
    }
}

type Totals<'a> = BTreeMap<(&'a str, &'a str), (i32, Decimal)>;

fn totals_by_hand<'a>(posting: &OrderPosting<'a>) -> Totals<'a> {
    let mut totals = Totals::new();
    for line in &posting.lines {
        let total = totals.entry((line.movement_type, line.quantity.unit)).or_default();
        *total = (total.0 + 1, total.1.checked_add(line.quantity.value).unwrap());
    }
    totals
}

fn totals_as_sent<'a>(posting: &OrderPosting<'a>) -> Totals<'a> {
    posting.control_totals.iter().map(|total| ((total.movement_type, total.unit), (total.lines, total.quantity))).collect()
}
