//! Canonical events and dead letters, one by one: for runs over a few documents.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use lineside_topology::topics::CANONICAL_PRODUCTION;

use crate::books::facts::{Confirmed, DeadLetter, Event, Fact, Movement, Position, Receipt};

/// Every event in a few lines. `files` names the file behind a raw record.
#[must_use]
pub fn events(events: &[Event], files: &BTreeMap<Position, String>) -> String {
    let mut text = String::new();
    for event in events {
        let _ = writeln!(text, "{} {}, from {}", event.kind, event.event_id, origin(&event.raw, files));
        field(&mut text, if event.position.topic == CANONICAL_PRODUCTION.name() { "order" } else { "key" }, Some(&event.order));
        describe(&mut text, &event.fact);
        field(&mut text, "source time", Some(&source_time(event)));
    }
    text
}

/// Every dead letter in a few lines.
#[must_use]
pub fn dead_letters(letters: &[DeadLetter], files: &BTreeMap<Position, String>) -> String {
    let mut text = String::new();
    for letter in letters {
        let _ = writeln!(text, "{} ({}), refused by {}: {}", letter.code, letter.class, letter.processor, origin(&letter.refused, files));
        let _ = writeln!(text, "    {}", letter.message);
    }
    text
}

fn origin(raw: &Position, files: &BTreeMap<Position, String>) -> String {
    files.get(raw).map_or_else(|| raw.to_string(), |file| format!("{file} ({raw})"))
}

/// ISO 8601 in UTC with every digit that the source gave.
fn source_time(event: &Event) -> String {
    let nanos = i128::from(event.source_time_us) * 1000 + i128::from(event.source_time_ns);
    jiff::Timestamp::from_nanosecond(nanos).map_or_else(|_| format!("{nanos} ns"), |time| time.to_string())
}

fn describe(text: &mut String, fact: &Fact) {
    match fact {
        Fact::Consumed(movement) | Fact::Returned(movement) | Fact::ByProduct { movement } => describe_movement(text, movement),
        Fact::Received(Receipt { item, operation, lot, storage_location, quantity }) => {
            field(text, "operation", operation.as_deref());
            field(text, "item", Some(item));
            field(text, "lot", lot.as_deref());
            field(text, "storage location", storage_location.as_deref());
            field(text, "quantity", Some(&quantity.to_string()));
        }
        Fact::Confirmed(Confirmed { operation, good, scrap, rework }) => {
            field(text, "operation", Some(operation));
            field(text, "yield", Some(&good.to_string()));
            field(text, "scrap", scrap.as_ref().map(ToString::to_string).as_deref());
            field(text, "rework", rework.as_ref().map(ToString::to_string).as_deref());
        }
        Fact::Scrapped { operation, quantity } | Fact::Reworked { operation, quantity } => {
            field(text, "operation", Some(operation));
            field(text, "quantity", Some(&quantity.to_string()));
        }
        Fact::Reversed { event_id, .. } => field(text, "reverses", Some(event_id)),
        Fact::Completed | Fact::Other => {}
    }
}

fn describe_movement(text: &mut String, movement: &Movement) {
    field(text, "operation", Some(&movement.operation));
    field(text, "position", movement.position.as_deref());
    field(text, "reservation", movement.reservation.as_deref());
    field(text, "reservation item", movement.reservation_item.as_deref());
    field(text, "item", Some(&movement.item));
    field(text, "lot", movement.lot.as_deref());
    field(text, "sublot", movement.sublot.as_deref());
    field(text, "storage location", movement.storage_location.as_deref());
    field(text, "quantity", Some(&movement.quantity.to_string()));
}

fn field(text: &mut String, name: &str, value: Option<&str>) {
    if let Some(value) = value {
        let _ = writeln!(text, "    {name:<17}{value}");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_keeps_the_seven_digits_that_its_source_gave() {
        let position = Position { topic: "raw.plant-b.b2mml".to_owned(), partition: 1, offset: 4, index: None };
        let event = Event {
            position: position.clone(),
            source: "plant-b.b2mml".to_owned(),
            event_id: "e".to_owned(),
            plant: "plant-b".to_owned(),
            order: "53107".to_owned(),
            kind: "ORDER_COMPLETED".to_owned(),
            source_time_us: 1_354_186_705_314_955,
            source_time_ns: 900,
            raw: position.clone(),
            fact: Fact::Completed,
        };
        let text = events(&[event], &BTreeMap::from([(position, "a.xml".to_owned())]));
        assert!(text.contains("2012-11-29T10:58:25.3149559Z"), "{text}");
        assert!(text.contains("a.xml (raw.plant-b.b2mml-1@4)"), "{text}");
    }
}
