//! Records that wait, for people and for programs.

use std::collections::BTreeMap;

use comfy_table::{Table, presets};
use lineside_schemas::Timestamp;
use lineside_schemas::records::ParkedRecord;
use serde_json::{Value, json};

use crate::dead_letters::content::printable;
use crate::dead_letters::place::Place;

/// A record that waits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiting {
    /// Where it stands.
    pub place: Place,
    /// When it was parked.
    pub since: Option<Timestamp>,
    /// How often it was tried.
    pub attempts: i32,
    /// Its size.
    pub bytes: usize,
    /// What it waits for, each with the time at which it has to hold; nothing where it waits behind another.
    pub missing: Vec<(String, Timestamp)>,
    /// Topic and key of its events; `?` for a key that is not known.
    pub aggregates: Vec<String>,
}

impl Waiting {
    /// What is to be said of a kept record.
    #[must_use]
    pub fn of(record: &ParkedRecord<'_>) -> Self {
        let missing = |missing: &lineside_schemas::records::MissingReference<'_>| {
            (format!("{} {}/{} in {}", missing.entity, missing.scheme, missing.id, missing.plant), missing.at)
        };
        Self {
            place: Place { topic: record.topic.to_owned(), partition: record.partition, offset: record.offset },
            since: record.parked_at,
            attempts: record.attempts,
            bytes: record.value.map_or(0, <[u8]>::len),
            missing: record.missing.iter().map(missing).collect(),
            aggregates: record.aggregates.iter().map(|aggregate| format!("{} {}", aggregate.topic, aggregate.key.unwrap_or("?"))).collect(),
        }
    }

    fn json(&self) -> Value {
        json!({
            "record": self.place.to_string(),
            "since": self.since.map(|time| time.to_string()),
            "attempts": self.attempts,
            "bytes": self.bytes,
            "missing": self.missing.iter().map(|(reference, at)| json!({"reference": reference, "at": at.to_string()})).collect::<Vec<_>>(),
            "aggregates": self.aggregates,
        })
    }

    fn why(&self) -> String {
        if self.missing.is_empty() {
            return format!("waits behind an earlier record of {}", self.aggregates.join(", "));
        }
        self.missing.iter().map(|(reference, at)| format!("{reference} at {at}")).collect::<Vec<_>>().join("; ")
    }
}

/// A table, and how many there are.
#[must_use]
pub fn table(waiting: &[Waiting]) -> String {
    if waiting.is_empty() {
        return "nothing waits for master data\n".to_owned();
    }
    let mut table = Table::new();
    table.load_preset(presets::UTF8_BORDERS_ONLY);
    table.set_header(["record", "since", "tries", "bytes", "waits for"]);
    for record in waiting {
        table.add_row([record.place.to_string(), since(record.since), record.attempts.to_string(), record.bytes.to_string(), printable(&record.why())]);
    }
    format!("{table}\n{} records wait, the first since {}\n", waiting.len(), since(oldest(waiting.iter())))
}

/// An object a line.
#[must_use]
pub fn lines(waiting: &[Waiting]) -> String {
    waiting.iter().map(|record| record.json().to_string() + "\n").collect()
}

/// The missing references, each once.
#[must_use]
pub fn missing_table(waiting: &[Waiting]) -> String {
    let missing = by_reference(waiting);
    if missing.is_empty() {
        return "nothing is missing\n".to_owned();
    }
    let mut table = Table::new();
    table.load_preset(presets::UTF8_BORDERS_ONLY);
    table.set_header(["missing", "records", "since"]);
    for (reference, records) in &missing {
        table.add_row([printable(reference), records.len().to_string(), since(oldest(records.iter().copied()))]);
    }
    format!("{table}\n{} references are missing\n", missing.len())
}

/// The missing references as objects, one a line.
#[must_use]
pub fn missing_lines(waiting: &[Waiting]) -> String {
    let line = |(reference, records): (&str, Vec<&Waiting>)| {
        json!({"missing": reference, "records": records.len(), "since": oldest(records.into_iter()).map(|time| time.to_string())}).to_string() + "\n"
    };
    by_reference(waiting).into_iter().map(line).collect()
}

fn by_reference(waiting: &[Waiting]) -> BTreeMap<&str, Vec<&Waiting>> {
    let mut missing: BTreeMap<&str, Vec<&Waiting>> = BTreeMap::new();
    for record in waiting {
        for (reference, _) in &record.missing {
            let records = missing.entry(reference).or_default();
            if records.last() != Some(&record) {
                records.push(record);
            }
        }
    }
    missing
}

fn oldest<'w>(waiting: impl Iterator<Item = &'w Waiting>) -> Option<Timestamp> {
    waiting.filter_map(|record| record.since).min()
}

fn since(time: Option<Timestamp>) -> String {
    time.map_or_else(|| "-".to_owned(), |time| time.to_string())
}

#[cfg(test)]
mod tests {
    use lineside_schemas::records::{MissingReference, ParkedAggregate};

    use super::*;

    fn record(offset: i64, missing: &'static [&'static str]) -> Waiting {
        let at = Timestamp::from_millis(0);
        Waiting::of(&ParkedRecord {
            topic: "raw.plant-d.csv",
            partition: 1,
            offset,
            parked_at: Some(Timestamp::from_millis(offset * 1000)),
            value: Some(b"abc"),
            attempts: 1,
            missing: missing.iter().map(|id| MissingReference { entity: "item", plant: "plant-d", scheme: "plant-d.csv", id, at }).collect(),
            aggregates: vec![ParkedAggregate { topic: "canonical.production.v1", plant: "plant-d", key: Some("plant-d/1") }],
            ..ParkedRecord::default()
        })
    }

    #[test]
    fn records_say_what_they_wait_for_or_that_they_wait_behind_another() {
        let text = table(&[record(1, &["4711"]), record(2, &[])]);
        assert!(text.contains("raw.plant-d.csv/1/1") && text.contains("item plant-d.csv/4711 in plant-d at 1970-01-01T00:00:00Z"), "{text}");
        assert!(text.contains("waits behind an earlier record of canonical.production.v1 plant-d/1"), "{text}");
        assert!(text.ends_with("2 records wait, the first since 1970-01-01T00:00:01Z\n"), "{text}");
        assert_eq!(table(&[]), "nothing waits for master data\n");
    }

    #[test]
    fn references_say_how_many_wait_for_them() {
        let text = missing_lines(&[record(3, &["4711", "4712"]), record(1, &["4711"]), record(2, &[])]);
        let lines: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert_eq!(lines[0], json!({"missing": "item plant-d.csv/4711 in plant-d", "records": 2, "since": "1970-01-01T00:00:01Z"}));
        assert_eq!((lines.len(), &lines[1]["records"]), (2, &json!(1)));
    }
}
