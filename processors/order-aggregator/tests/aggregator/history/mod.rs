//! Histories of an order, drawn at random, and what they must come to by the plainest reckoning.

use std::collections::{BTreeMap, BTreeSet};

use lineside_schemas::production::{ProductionFact, ProductionFactRecord};
use lineside_schemas::records::{
    ByProductReported, ComponentMovement, ConfirmationReversed, ConsumptionReversed, Envelope, FinishedGoodsReported, FinishedGoodsReversed, OperationConfirmed,
    OperationStarted, OrderCompleted, Quantity, RawPosition, ReworkReported, ScrapReported,
};
use lineside_schemas::{Decimal, Timestamp};
use proptest::prelude::*;

/// What happened. Lines, operations and products are indices into small tables.
#[derive(Debug, Clone)]
pub enum Step {
    Consume {
        line: usize,
        operation: usize,
        amount: Decimal,
    },
    Return {
        line: usize,
        operation: usize,
        amount: Decimal,
    },
    /// Of the event with that number, whatever it is, by a reversal of that kind.
    Reverse {
        number: usize,
        kind: usize,
    },
    Confirm {
        operation: usize,
        good: Decimal,
        scrap: Option<Decimal>,
        minutes: i64,
        is_final: bool,
    },
    Receive {
        product: usize,
        amount: Decimal,
    },
    ByProduct {
        amount: Decimal,
    },
    Scrap {
        operation: usize,
        amount: Decimal,
    },
    Rework {
        operation: usize,
        amount: Decimal,
    },
    Start,
    Complete,
}

/// An event: a step under an id.
#[derive(Debug, Clone)]
pub struct Event {
    pub id: String,
    pub number: usize,
    pub step: Step,
    reversed: String,
}

/// Reservation item, position, item, lot, unit.
type Line = (Option<&'static str>, Option<&'static str>, &'static str, &'static str, &'static str);

const LINES: [Line; 5] = [
    (Some("0001"), None, "RM-1", "A", "KGM"),
    (Some("0002"), Some("0010"), "RM-1", "A", "KGM"),
    (None, Some("0010"), "RM-1", "A", "KGM"),
    (None, Some("0010"), "RM-1", "B", "GRM"),
    (None, Some("0020"), "BOX", "A", "C62"),
];
const OPERATIONS: [(&str, &str); 2] = [("0010", "C62"), ("0020", "KGM")];
const PRODUCTS: [(&str, &str); 2] = [("FG-1", "C62"), ("FG-2", "LTR")];

/// A total that events and postings can both be reckoned into: what, and in which unit.
pub type Key = (String, String);
/// Totals.
pub type Totals = BTreeMap<Key, Decimal>;

impl Event {
    fn new(number: usize, step: Step) -> Self {
        let reversed = if let Step::Reverse { number, .. } = step { format!("e{number}") } else { String::new() };
        Self { id: format!("e{number}"), number, step, reversed }
    }

    /// The event as the ledger takes it.
    pub fn record(&self) -> ProductionFactRecord<'_> {
        let reversed_event_id = self.reversed.as_str();
        let fact = match &self.step {
            Step::Consume { line, operation, amount } => ProductionFact::MaterialConsumed(movement(*line, *operation, *amount)),
            Step::Return { line, operation, amount } => ProductionFact::MaterialReturned(movement(*line, *operation, *amount)),
            Step::Reverse { kind: 0, .. } => ProductionFact::ConsumptionReversed(ConsumptionReversed { reversed_event_id, ..ConsumptionReversed::default() }),
            Step::Reverse { kind: 1, .. } => ProductionFact::ConfirmationReversed(ConfirmationReversed { reversed_event_id, ..ConfirmationReversed::default() }),
            Step::Reverse { .. } => ProductionFact::FinishedGoodsReversed(FinishedGoodsReversed { reversed_event_id, ..FinishedGoodsReversed::default() }),
            Step::Confirm { operation, good, scrap, minutes, is_final } => {
                let (operation, unit) = OPERATIONS[*operation];
                ProductionFact::OperationConfirmed(Box::new(OperationConfirmed {
                    operation,
                    r#yield: Quantity { value: *good, unit },
                    scrap: scrap.map(|value| Quantity { value, unit: "KGM" }),
                    machine_time: Some(Quantity { value: Decimal::from_int(*minutes), unit: "MIN" }),
                    is_final: *is_final,
                    ..OperationConfirmed::default()
                }))
            }
            Step::Receive { product, amount } => {
                let (item, unit) = PRODUCTS[*product];
                let quantity = Quantity { value: *amount, unit };
                ProductionFact::FinishedGoodsReported(Box::new(FinishedGoodsReported { item, quantity, ..FinishedGoodsReported::default() }))
            }
            Step::ByProduct { amount } => {
                ProductionFact::ByProductReported(ByProductReported { item: "BY", quantity: Quantity { value: *amount, unit: "KGM" }, ..ByProductReported::default() })
            }
            Step::Scrap { operation, amount } => {
                let (operation, unit) = OPERATIONS[*operation];
                ProductionFact::ScrapReported(ScrapReported { operation: Some(operation), quantity: Quantity { value: *amount, unit }, ..ScrapReported::default() })
            }
            Step::Rework { operation, amount } => {
                let (operation, unit) = OPERATIONS[*operation];
                ProductionFact::ReworkReported(ReworkReported { operation: Some(operation), quantity: Quantity { value: *amount, unit }, ..ReworkReported::default() })
            }
            Step::Start => ProductionFact::OperationStarted(OperationStarted { operation: "0010", ..OperationStarted::default() }),
            Step::Complete => ProductionFact::OrderCompleted(OrderCompleted::default()),
        };
        ProductionFactRecord { envelope: self.envelope(), order: "000100012", fact }
    }

    fn envelope(&self) -> Envelope<'_> {
        let number = i64::try_from(self.number).unwrap();
        let time = Timestamp::from_millis(1_795_158_000_000 + number * 1000);
        Envelope {
            event_id: &self.id,
            source: "mes",
            plant: "plant-a",
            region: None,
            transaction_type: "T",
            source_time: time,
            source_time_nanos: 0,
            source_utc_offset_minutes: Some(60),
            ingest_time: time,
            source_sequence: None,
            correlation_id: "plant-a/000100012",
            causation_id: None,
            raw: RawPosition { topic: "raw.plant-a.mes", partition: 0, offset: number },
            mapping_version: "mes/1",
            source_time_adjusted: None,
        }
    }
}

fn movement(line: usize, operation: usize, amount: Decimal) -> ComponentMovement<'static> {
    let (reservation_item, position, item, lot, unit) = LINES[line];
    ComponentMovement {
        // A line without a reservation item has one operation; another one would make it another line.
        operation: if reservation_item.is_some() { OPERATIONS[operation].0 } else { "0010" },
        reservation: reservation_item.map(|_| "4711"),
        reservation_item,
        position,
        item,
        lot: Some(lot),
        quantity: Quantity { value: amount, unit },
        ..ComponentMovement::default()
    }
}

/// The total that a component line counts into.
pub fn component_key(reservation_item: Option<&str>, position: Option<&str>, lot: Option<&str>, item: &str, unit: &str) -> Key {
    let line = reservation_item.map_or_else(|| format!("position {}", position.unwrap()), |item| format!("reserved {item}"));
    (format!("{item} {line} lot {}", lot.unwrap()), unit.to_owned())
}

/// Which reversals undo an event of this step: the number of their kind.
fn undone_by(step: &Step) -> Option<usize> {
    match step {
        Step::Consume { .. } | Step::Return { .. } => Some(0),
        Step::Confirm { .. } => Some(1),
        Step::Receive { .. } | Step::ByProduct { .. } => Some(2),
        Step::Reverse { .. } | Step::Scrap { .. } | Step::Rework { .. } | Step::Start | Step::Complete => None,
    }
}

/// The net of every total, from the events alone, in the order in which they arrive: the first reversal to name an event is the one that counts; where it is of the event's
/// kind, the event does not count; the rest is added up.
pub fn net(events: &[Event]) -> Totals {
    let mut first = BTreeMap::new();
    for event in events {
        if let Step::Reverse { number, kind } = event.step {
            first.entry(number).or_insert(kind);
        }
    }
    let mut totals = Totals::new();
    let mut add = |key: Key, amount: Decimal| {
        let total = totals.entry(key).or_default();
        *total = total.checked_add(amount).unwrap();
    };
    let moved = |line: usize| {
        let (reservation_item, position, item, lot, unit) = LINES[line];
        component_key(reservation_item, position, Some(lot), item, unit)
    };
    let of_operation = |name: &str, operation: usize| (format!("{name} {}", OPERATIONS[operation].0), OPERATIONS[operation].1.to_owned());
    for event in events {
        if undone_by(&event.step).is_some_and(|kind| first.get(&event.number) == Some(&kind)) {
            continue;
        }
        match &event.step {
            Step::Consume { line, amount, .. } => add(moved(*line), *amount),
            Step::Return { line, amount, .. } => add(moved(*line), amount.negated()),
            Step::Confirm { operation, good, scrap, minutes, .. } => {
                add(of_operation("yield", *operation), *good);
                if let Some(scrap) = scrap {
                    add((format!("scrap {}", OPERATIONS[*operation].0), "KGM".to_owned()), *scrap);
                }
                add((format!("time {}", OPERATIONS[*operation].0), "MIN".to_owned()), Decimal::from_int(*minutes));
            }
            Step::Receive { product, amount } => add((format!("receipt {}", PRODUCTS[*product].0), PRODUCTS[*product].1.to_owned()), *amount),
            Step::ByProduct { amount } => add(("by-product BY".to_owned(), "KGM".to_owned()), *amount),
            Step::Scrap { operation, amount } => add((format!("reported scrap {}", OPERATIONS[*operation].0), OPERATIONS[*operation].1.to_owned()), *amount),
            Step::Rework { operation, amount } => add(of_operation("rework", *operation), *amount),
            Step::Reverse { .. } | Step::Start | Step::Complete => {}
        }
    }
    totals
}

fn amount() -> impl Strategy<Value = Decimal> {
    // Coarse amounts, amounts about the rounding step, and the finest.
    prop_oneof![(0..50_i128).prop_map(|value| value * 500_000_000), (0..50_i128).prop_map(|value| value * 100_000), 0..3_000_000_000_i128]
        .prop_map(|unscaled| Decimal::from_unscaled(unscaled).unwrap())
}

fn step(count: usize) -> impl Strategy<Value = Step> {
    prop_oneof![
        6 => (0..LINES.len(), 0..2_usize, amount()).prop_map(|(line, operation, amount)| Step::Consume { line, operation, amount }),
        3 => (0..LINES.len(), 0..2_usize, amount()).prop_map(|(line, operation, amount)| Step::Return { line, operation, amount }),
        4 => (0..count + 2, 0..3_usize).prop_map(|(number, kind)| Step::Reverse { number, kind }),
        2 => (0..2_usize, amount(), proptest::option::of(amount()), 0..100_i64, any::<bool>())
            .prop_map(|(operation, good, scrap, minutes, is_final)| Step::Confirm { operation, good, scrap, minutes, is_final }),
        2 => (0..2_usize, amount()).prop_map(|(product, amount)| Step::Receive { product, amount }),
        1 => amount().prop_map(|amount| Step::ByProduct { amount }),
        1 => (0..2_usize, amount()).prop_map(|(operation, amount)| Step::Scrap { operation, amount }),
        1 => (0..2_usize, amount()).prop_map(|(operation, amount)| Step::Rework { operation, amount }),
        1 => Just(Step::Start),
        1 => Just(Step::Complete),
    ]
}

/// Histories of up to `most` events.
pub fn history(most: usize) -> impl Strategy<Value = Vec<Event>> {
    proptest::collection::vec(step(most), 0..=most).prop_map(|steps| steps.into_iter().enumerate().map(|(number, step)| Event::new(number, step)).collect())
}

/// One more event at the end.
pub fn with(mut events: Vec<Event>, step: Step) -> Vec<Event> {
    let number = events.iter().map(|event| event.number + 1).max().unwrap_or(0);
    events.push(Event::new(number, step));
    events
}

/// Without reversals of one event beyond the first: of several, the first to arrive counts, so that the order would show.
pub fn reversed_once(events: Vec<Event>) -> Vec<Event> {
    let mut named = BTreeSet::new();
    events.into_iter().filter(|event| if let Step::Reverse { number, .. } = event.step { named.insert(number) } else { true }).collect()
}

/// The reversal that undoes an event of this step, if one does.
pub fn reversal_of(event: &Event) -> Option<Step> {
    undone_by(&event.step).map(|kind| Step::Reverse { number: event.number, kind })
}
