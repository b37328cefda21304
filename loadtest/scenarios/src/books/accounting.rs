//! Nothing lost and nothing doubled between the hops, record by record.

use std::collections::{BTreeMap, BTreeSet};

use super::facts::Position;
use super::{Check, Contents, Finding};

pub(super) fn check(contents: &Contents) -> Vec<Finding> {
    let mut findings = raw_records(contents);
    findings.extend(normalized_events(contents));
    findings.extend(canonical_events(contents));
    findings.extend(dead_letters(contents));
    findings
}

/// Every raw record became events or a dead letter, and once.
fn raw_records(contents: &Contents) -> Vec<Finding> {
    let read: BTreeSet<&Position> = contents.normalized.iter().map(|event| &event.raw).collect();
    let refused: BTreeSet<&Position> = contents.letters_of("normalizer").map(|letter| &letter.refused).collect();
    let mut findings = Vec::new();
    for raw in &contents.raw {
        match (read.contains(raw), refused.contains(raw)) {
            (false, false) => findings.push(gap(format!("raw record {raw} is neither in an event nor in a dead letter"))),
            (true, true) => findings.push(gap(format!("raw record {raw} was read and refused"))),
            (true, false) | (false, true) => {}
        }
    }
    let unknown = read.union(&refused).filter(|position| !contents.raw.contains(**position));
    findings.extend(unknown.map(|position| gap(format!("raw record {position} is named, but is not there"))));
    let mut seen = BTreeSet::new();
    for event in &contents.normalized {
        if !seen.insert((&event.raw, &event.source, &event.event_id)) {
            findings.push(gap(format!("event {} of raw record {} was normalized twice ({})", event.event_id, event.raw, event.position)));
        }
    }
    findings
}

/// Every event read was passed on, or refused, or repeats one that was passed on.
fn normalized_events(contents: &Contents) -> Vec<Finding> {
    let passed: BTreeSet<(&str, &str)> = contents.events.iter().map(|event| (event.source.as_str(), event.event_id.as_str())).collect();
    let refused: BTreeSet<&Position> = contents.letters_of("deduplicator").map(|letter| &letter.refused).collect();
    let accounted = |event: &super::Normalized| passed.contains(&(event.source.as_str(), event.event_id.as_str())) || refused.contains(&event.position);
    let lost_events = contents.normalized.iter().filter(|event| !accounted(event));
    lost_events.map(|event| gap(format!("event {} of {} ({}) is neither canonical nor in a dead letter", event.event_id, event.source, event.position))).collect()
}

/// Every canonical event was read from a raw record, and stands once.
fn canonical_events(contents: &Contents) -> Vec<Finding> {
    let read: BTreeSet<(&str, &str, &Position)> = contents.normalized.iter().map(|event| (event.source.as_str(), event.event_id.as_str(), &event.raw)).collect();
    let mut first: BTreeMap<(&str, &str), &Position> = BTreeMap::new();
    let mut findings = Vec::new();
    for event in &contents.events {
        let id = (event.source.as_str(), event.event_id.as_str());
        if !read.contains(&(id.0, id.1, &event.raw)) {
            findings.push(gap(format!("canonical event {} of {} ({}) was never read from raw record {}", id.1, id.0, event.position, event.raw)));
        }
        if let Some(earlier) = first.insert(id, &event.position) {
            let message = format!("event {} of {} stands twice in the canonical topic: {earlier} and {}", id.1, id.0, event.position);
            findings.push(Finding::new(Check::Uniqueness, message));
        }
    }
    findings
}

/// No record was refused twice by one processor.
fn dead_letters(contents: &Contents) -> Vec<Finding> {
    let mut seen = BTreeSet::new();
    let twice = contents.dead_letters.iter().filter(|letter| !seen.insert((&letter.processor, &letter.refused)));
    twice.map(|letter| gap(format!("{} refused {} twice", letter.processor, letter.refused))).collect()
}

fn gap(message: String) -> Finding {
    Finding::new(Check::Accounting, message)
}
