//! Which postings differ between two runs.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use lineside_schemas::Decimal;
use serde::Serialize;
use serde_json::{Map, Value};

use super::history::History;
use super::run::Postings;

/// What of a posting is its name or follows from the rest, and differs wherever anything does.
const DERIVED: &[&str] = &["posting_id", "correlation_id", "plant", "order", "sequence", "control_totals", "rule_version"];

/// What differs in an order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct OrderDifference {
    /// Plant and order.
    pub order: String,
    /// Its creation or release is in the history; otherwise both runs lack what was before.
    pub is_whole: bool,
    /// Count of postings by the rules as they are.
    pub postings_before: usize,
    /// Count of postings by the new rules.
    pub postings_after: usize,
    /// Versions of the rules that made the postings as they are.
    pub rules_before: Vec<String>,
    /// Versions of the rules that would make them.
    pub rules_after: Vec<String>,
    /// What differs, posting by posting.
    pub changes: Vec<Change>,
    /// Sums over all postings of the order that differ: what the ERP would hold in the end.
    pub totals: Vec<TotalChange>,
}

/// Something that differs in a posting.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Change {
    /// Sequence of the posting.
    pub posting: usize,
    /// Kind, for counting.
    pub kind: Kind,
    /// What it was; absent in a posting that is new.
    pub before: Option<String>,
    /// What it would be; absent in a posting that is gone.
    pub after: Option<String>,
}

/// Kinds of differences.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A posting more or less.
    Posting,
    /// Which event makes it due, or up to when it covers events.
    Timing,
    /// Posting date or document date.
    Date,
    /// A goods movement.
    Line,
    /// Confirmed quantities.
    Confirmation,
    /// Something else: mode, finality, what is held.
    Other,
}

impl Kind {
    /// Its word.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Posting => "posting",
            Self::Timing => "timing",
            Self::Date => "date",
            Self::Line => "line",
            Self::Confirmation => "confirmation",
            Self::Other => "other",
        }
    }
}

/// A sum that differs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TotalChange {
    /// Movement type, item, lot and unit.
    pub line: String,
    /// By the rules as they are.
    pub before: String,
    /// By the new rules.
    pub after: String,
}

/// What came of a simulation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comparison {
    /// Events that were run.
    pub events: usize,
    /// Orders that they are about.
    pub orders: usize,
    /// Of these, orders that began before the history.
    pub begun_before: usize,
    /// Postings by the rules as they are.
    pub postings_before: usize,
    /// Postings by the new rules.
    pub postings_after: usize,
    /// Orders whose postings differ, by plant and order.
    pub differing: Vec<OrderDifference>,
}

/// Compares the postings of two runs over one history.
#[must_use]
pub fn compare(history: &History, before: &Postings, after: &Postings) -> Comparison {
    let count = |postings: &Postings| postings.values().map(Vec::len).sum();
    let orders: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    let none = Vec::new();
    let differing = orders.into_iter().filter_map(|order| {
        let (was, is) = (before.get(order).unwrap_or(&none), after.get(order).unwrap_or(&none));
        let changes = changes(was, is);
        (!changes.is_empty()).then(|| OrderDifference {
            order: order.clone(),
            is_whole: history.begun.contains(order),
            postings_before: was.len(),
            postings_after: is.len(),
            rules_before: rules(was),
            rules_after: rules(is),
            changes,
            totals: totals(was, is),
        })
    });
    let seen: BTreeSet<&str> = history.events.iter().map(|event| event.key.as_str()).collect();
    Comparison {
        events: history.events.len(),
        orders: seen.len(),
        begun_before: seen.iter().filter(|order| !history.begun.contains(**order)).count(),
        postings_before: count(before),
        postings_after: count(after),
        differing: differing.collect(),
    }
}

fn rules(postings: &[Value]) -> Vec<String> {
    let versions: BTreeSet<&str> = postings.iter().filter_map(|posting| posting["rule_version"].as_str()).collect();
    versions.into_iter().map(str::to_owned).collect()
}

fn changes(before: &[Value], after: &[Value]) -> Vec<Change> {
    let mut changes = Vec::new();
    for index in 0..before.len().max(after.len()) {
        let posting = index + 1;
        match (before.get(index), after.get(index)) {
            (Some(was), Some(is)) => compare_postings(posting, was, is, &mut changes),
            (was, is) => changes.push(Change { posting, kind: Kind::Posting, before: was.map(summary), after: is.map(summary) }),
        }
    }
    changes
}

fn compare_postings(posting: usize, was: &Value, is: &Value, changes: &mut Vec<Change>) {
    let empty = Map::new();
    let (was, is) = (was.as_object().unwrap_or(&empty), is.as_object().unwrap_or(&empty));
    for (field, is) in is {
        let was = was.get(field).unwrap_or(&Value::Null);
        if DERIVED.contains(&field.as_str()) || was == is {
            continue;
        }
        match field.as_str() {
            "lines" => compare_lists(posting, Kind::Line, was, is, line, changes),
            "confirmations" => compare_lists(posting, Kind::Confirmation, was, is, confirmation, changes),
            "covers" => {
                let told = |covers: &Value| format!("covers {} events up to {}", covers["event_count"], covers["last_source_time"].as_str().unwrap_or("?"));
                push(posting, Kind::Timing, told(was), told(is), changes);
            }
            "caused_by_event_id" | "trigger" => push(posting, Kind::Timing, scalar(field, was), scalar(field, is), changes),
            "posting_date" | "document_date" => push(posting, Kind::Date, scalar(field, was), scalar(field, is), changes),
            _ if is.is_array() => compare_lists(posting, Kind::Other, was, is, |item| format!("{field}: {}", members(item)), changes),
            _ => push(posting, Kind::Other, scalar(field, was), scalar(field, is), changes),
        }
    }
}

fn push(posting: usize, kind: Kind, before: String, after: String, changes: &mut Vec<Change>) {
    if before != after {
        changes.push(Change { posting, kind, before: Some(before), after: Some(after) });
    }
}

/// What one list has and the other has not, each as often as it stands there.
fn compare_lists(posting: usize, kind: Kind, was: &Value, is: &Value, told: impl Fn(&Value) -> String, changes: &mut Vec<Change>) {
    let mut counts: BTreeMap<String, i64> = BTreeMap::new();
    for item in was.as_array().into_iter().flatten() {
        *counts.entry(told(item)).or_default() -= 1;
    }
    for item in is.as_array().into_iter().flatten() {
        *counts.entry(told(item)).or_default() += 1;
    }
    for (text, count) in counts {
        for _ in 0..count.unsigned_abs() {
            let (before, after) = if count < 0 { (Some(text.clone()), None) } else { (None, Some(text.clone())) };
            changes.push(Change { posting, kind, before, after });
        }
    }
}

/// A posting in a few words.
fn summary(posting: &Value) -> String {
    let date = posting["posting_date"].as_str().unwrap_or("?");
    let lines: Vec<String> = posting["lines"].as_array().into_iter().flatten().map(line).collect();
    let confirmations: Vec<String> = posting["confirmations"].as_array().into_iter().flatten().map(confirmation).collect();
    let what: Vec<String> = lines.into_iter().chain(confirmations).collect();
    format!("on {date}: {}", if what.is_empty() { "moves nothing".to_owned() } else { what.join("; ") })
}

/// `261 RM-1 10 KGM lot B-77 operation 0010`
fn line(line: &Value) -> String {
    let word = |field: &str| line[field].as_str().unwrap_or_default().to_owned();
    let mut text =
        format!("{} {} {} {}", word("movement_type"), word("item"), line["quantity"]["value"].as_str().unwrap_or("?"), line["quantity"]["unit"].as_str().unwrap_or("?"));
    for (field, name) in [("lot", "lot"), ("operation", "operation"), ("reservation_item", "reservation item"), ("storage_location", "storage")] {
        if let Some(value) = line[field].as_str() {
            let _ = write!(text, " {name} {value}");
        }
    }
    text
}

/// `operation 0010: yield 10, scrap 1, rework 0 C62, final`
fn confirmation(line: &Value) -> String {
    let word = |field: &str| line[field].as_str().unwrap_or("?").to_owned();
    let is_final = if line["is_final"] == Value::Bool(true) { ", final" } else { "" };
    format!("operation {}: yield {}, scrap {}, rework {} {}{is_final}", word("operation"), word("yield"), word("scrap"), word("rework"), word("unit"))
}

fn scalar(field: &str, value: &Value) -> String {
    format!("{field} {}", plain(value))
}

fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

fn members(item: &Value) -> String {
    let Some(members) = item.as_object() else { return plain(item) };
    let present = members.iter().filter(|(_, value)| !value.is_null());
    present.map(|(name, value)| format!("{name} {}", plain(value))).collect::<Vec<_>>().join(", ")
}

/// Sums of lines by movement type, item, lot and unit, that differ.
fn totals(before: &[Value], after: &[Value]) -> Vec<TotalChange> {
    let sums = |postings: &[Value]| {
        let mut sums: BTreeMap<String, Option<Decimal>> = BTreeMap::new();
        for line in postings.iter().flat_map(|posting| posting["lines"].as_array().into_iter().flatten()) {
            let word = |value: &Value| value.as_str().unwrap_or_default().to_owned();
            let lot = line["lot"].as_str().map_or_else(String::new, |lot| format!(" lot {lot}"));
            let key = format!("{} {}{lot} {}", word(&line["movement_type"]), word(&line["item"]), word(&line["quantity"]["unit"]));
            let amount = line["quantity"]["value"].as_str().and_then(|value| value.parse::<Decimal>().ok());
            let sum = sums.entry(key).or_insert(Some(Decimal::ZERO));
            // A sum beyond 38 digits is none.
            *sum = sum.zip(amount).and_then(|(sum, amount)| sum.checked_add(amount));
        }
        sums
    };
    let (was, is) = (sums(before), sums(after));
    let keys: BTreeSet<&String> = was.keys().chain(is.keys()).collect();
    let shown = |sums: &BTreeMap<String, Option<Decimal>>, key: &String| {
        sums.get(key).map_or_else(|| "0".to_owned(), |sum| sum.map_or_else(|| "?".to_owned(), |sum| sum.to_string()))
    };
    keys.into_iter().map(|key| TotalChange { line: key.clone(), before: shown(&was, key), after: shown(&is, key) }).filter(|total| total.before != total.after).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn posting(sequence: i64, date: &str, quantity: &str, cause: &str) -> Value {
        json!({
            "posting_id": format!("id-{sequence}-{quantity}"), "sequence": sequence, "rule_version": "default/1", "caused_by_event_id": cause, "posting_date": date,
            "lines": [{"line": 1, "movement_type": "261", "item": "RM-1", "lot": "B-7", "operation": "0010", "quantity": {"value": quantity, "unit": "KGM"}}],
            "confirmations": [], "covers": {"event_count": 3, "last_source_time": "2026-01-01T00:00:00Z"}, "final": true,
        })
    }

    fn of(postings: &[Value]) -> Postings {
        Postings::from([("plant-a/1".to_owned(), postings.to_vec())])
    }

    fn told(before: &[Value], after: &[Value]) -> Vec<String> {
        let comparison = compare(&History::default(), &of(before), &of(after));
        let changes = comparison.differing.iter().flat_map(|order| &order.changes);
        changes.map(|change| format!("{} {}: {:?} -> {:?}", change.posting, change.kind.word(), change.before, change.after)).collect()
    }

    #[test]
    fn the_same_postings_under_other_names_do_not_differ() {
        let mut renamed = posting(1, "2026-01-01", "5", "A-1");
        renamed["posting_id"] = json!("other");
        renamed["rule_version"] = json!("new/1");
        assert_eq!(told(&[posting(1, "2026-01-01", "5", "A-1")], &[renamed]), Vec::<String>::new());
    }

    #[test]
    fn dates_timing_quantities_and_further_postings_are_told_apart() {
        let mut changes = told(&[posting(1, "2026-01-01", "5", "A-1")], &[posting(1, "2026-01-02", "4.5", "A-0"), posting(2, "2026-01-03", "0.5", "A-1")]);
        changes.sort();
        assert_eq!(
            changes,
            [
                r#"1 date: Some("posting_date 2026-01-01") -> Some("posting_date 2026-01-02")"#,
                r#"1 line: None -> Some("261 RM-1 4.5 KGM lot B-7 operation 0010")"#,
                r#"1 line: Some("261 RM-1 5 KGM lot B-7 operation 0010") -> None"#,
                r#"1 timing: Some("caused_by_event_id A-1") -> Some("caused_by_event_id A-0")"#,
                r#"2 posting: None -> Some("on 2026-01-03: 261 RM-1 0.5 KGM lot B-7 operation 0010")"#,
            ]
        );
        let comparison = compare(&History::default(), &of(&[posting(1, "2026-01-01", "5", "A-1")]), &of(&[posting(1, "2026-01-01", "4", "A-1")]));
        let total = &comparison.differing[0].totals[0];
        assert_eq!((total.line.as_str(), total.before.as_str(), total.after.as_str()), ("261 RM-1 lot B-7 KGM", "5", "4"));
    }
}
