//! One completed order: consumption, a return, a reversal, a confirmation, a receipt, and all that follows from them.

use std::str::FromStr as _;

use apache_avro::types::Value;
use bigdecimal::BigDecimal;

use crate::books::Contents;
use crate::books::facts::{
    Confirmation, ConfirmationLine, Confirmed, ControlTotal, Event, Fact, GoodsMovement, Movement, MovementItem, Normalized, Position, Posting, PostingLine, Quantity,
    RawRange, Receipt, Undone,
};

pub fn decimal(text: &str) -> BigDecimal {
    BigDecimal::from_str(text).unwrap()
}

fn quantity(value: &str, unit: &str) -> Quantity {
    Quantity { value: decimal(value), unit: unit.to_owned() }
}

fn at(topic: &str, offset: usize) -> Position {
    Position { topic: topic.to_owned(), partition: 0, offset: i64::try_from(offset).unwrap(), index: None }
}

#[expect(clippy::unnecessary_wraps, reason = "the fields are optional")]
fn some(text: &str) -> Option<String> {
    Some(text.to_owned())
}

fn movement(value: &str) -> Movement {
    Movement {
        operation: "0010".to_owned(),
        reservation: some("4711"),
        reservation_item: some("0001"),
        position: some("0010"),
        item: "RM-1".to_owned(),
        lot: some("B-1"),
        sublot: None,
        storage_location: some("0001"),
        quantity: quantity(value, "KGM"),
    }
}

pub fn completed_order() -> Contents {
    let facts = [
        Fact::Consumed(movement("1.2504")),
        Fact::Consumed(movement("0.5")),
        Fact::Returned(movement("0.25")),
        Fact::Reversed { event_id: "e2".to_owned(), of: Undone::Consumption },
        Fact::Confirmed(Confirmed { operation: "0010".to_owned(), good: quantity("10", "C62"), scrap: Some(quantity("1", "C62")), rework: None }),
        Fact::Received(Receipt { item: "FG-1".to_owned(), operation: some("0010"), lot: some("L-1"), storage_location: None, quantity: quantity("10", "C62") }),
        Fact::Completed,
    ];
    let events: Vec<Event> = facts.into_iter().enumerate().map(|(index, fact)| event(index, fact)).collect();
    let normalized = events.iter().enumerate().map(|(index, event)| Normalized {
        position: at("normalized", index),
        source: event.source.clone(),
        event_id: event.event_id.clone(),
        raw: event.raw.clone(),
    });
    Contents {
        raw: events.iter().map(|event| event.raw.clone()).collect(),
        normalized: normalized.collect(),
        postings: vec![posting()],
        confirmations: vec![Confirmation { id: "c1".to_owned(), posting_id: "p1".to_owned(), order: order(), line: confirmation() }],
        movements: vec![goods_movement("m1", &posting().lines[..1]), goods_movement("m2", &posting().lines[1..])],
        dead_letters: Vec::new(),
        events,
    }
}

fn order() -> (String, String) {
    ("plant-a".to_owned(), "100012".to_owned())
}

fn event(index: usize, fact: Fact) -> Event {
    Event {
        position: at("canonical.production.v1", index),
        source: "plant-a.mes".to_owned(),
        event_id: format!("e{}", index + 1),
        plant: order().0,
        order: order().1,
        kind: "A_KIND".to_owned(),
        source_time_us: 0,
        source_time_ns: 0,
        raw: at("raw.plant-a.mes", index),
        fact,
    }
}

fn posting() -> Posting {
    let issue = PostingLine {
        line: 1,
        movement_type: "261".to_owned(),
        item: "RM-1".to_owned(),
        operation: some("0010"),
        storage_location: some("0001"),
        lot: some("B-1"),
        reservation: some("4711"),
        reservation_item: some("0001"),
        position: some("0010"),
        quantity: quantity("1", "KGM"),
    };
    let receipt = PostingLine {
        line: 2,
        movement_type: "101".to_owned(),
        item: "FG-1".to_owned(),
        lot: some("L-1"),
        storage_location: None,
        reservation: None,
        reservation_item: None,
        position: None,
        quantity: quantity("10", "C62"),
        ..issue.clone()
    };
    let total = |line: &PostingLine| ControlTotal {
        movement_type: line.movement_type.clone(),
        unit: line.quantity.unit.clone(),
        lines: 1,
        quantity: line.quantity.value.clone(),
    };
    Posting {
        position: at("order.postings.v1", 0),
        id: "p1".to_owned(),
        plant: order().0,
        order: order().1,
        sequence: 1,
        caused_by: "e7".to_owned(),
        posting_date: 20_000,
        confirmations: vec![confirmation()],
        control_totals: vec![total(&receipt), total(&issue)],
        lines: vec![issue, receipt],
        is_final: true,
        covered_events: 7,
        covered: vec![RawRange { first: at("raw.plant-a.mes", 0), last_offset: 6 }],
        content: Value::Null,
    }
}

fn confirmation() -> ConfirmationLine {
    ConfirmationLine { operation: "0010".to_owned(), unit: "C62".to_owned(), good: decimal("10"), scrap: decimal("1"), rework: decimal("0"), is_final: false }
}

fn goods_movement(id: &str, lines: &[PostingLine]) -> GoodsMovement {
    let item = |line: &PostingLine| MovementItem {
        posting_line: line.line,
        movement_type: line.movement_type.clone(),
        item: line.item.clone(),
        storage_location: line.storage_location.clone(),
        lot: line.lot.clone(),
        reservation: line.reservation.clone(),
        reservation_item: line.reservation_item.clone(),
        quantity: line.quantity.clone(),
    };
    GoodsMovement { id: id.to_owned(), posting_id: "p1".to_owned(), order: order(), items: lines.iter().map(item).collect() }
}

impl Contents {
    /// Quantity of the consumption at that place among the events.
    pub(super) fn consumption_mut(&mut self, index: usize) -> &mut Quantity {
        match &mut self.events[index].fact {
            Fact::Consumed(movement) => &mut movement.quantity,
            other => panic!("{other:?} is no consumption"),
        }
    }
}
