//! The stores and topics behind a desk, for one order.

use lineside_api::Context;
use lineside_schemas::Decimal;
use lineside_schemas::records::{
    OrderPlan, OrderPosting, OrderStatus, PlannedLine as PlannedLineRecord, PlannedProduct as PlannedProductRecord, PublishedConfirmation as ConfirmationRecord,
    PublishedLine as LineRecord, PublishedPosting, Quantity, RememberedEvent, RememberedKind, SlotAmount,
};
use lineside_topology::processors::{EVENTS, PLANS, POSTINGS, TIMERS};
use lineside_topology::topics::{ORDER_POSTINGS, ORDER_STATUS};

use crate::desk::Shelf;
use crate::keys;
use crate::plan::{Plan, Planned, PlannedLine, PlannedProduct};
use crate::published::{Document, Postings, Published, PublishedConfirmation, PublishedLine};
use crate::remembered::{Memory, Remembered};
use crate::when::Watermark;

/// Counter: postings sent.
pub const POSTINGS_SENT: &str = "postings";
/// Counter: of these, such as were made before every source had passed the order's end.
pub const PROVISIONAL_POSTINGS: &str = "provisional_postings";
/// Counter: amounts that a rule kept from being posted, counted with every posting that leaves them out.
pub const AMOUNTS_HELD: &str = "amounts_held";
/// Counter: statuses published.
pub const STATUSES: &str = "order_statuses";

/// An order's place in the stores.
pub struct OrderShelf<'s, 'c> {
    cx: &'s mut Context<'c>,
    plant: &'s str,
    order: &'s str,
    key: &'s str,
}

impl<'s, 'c> OrderShelf<'s, 'c> {
    /// Of an order; `key` is its key in topics.
    pub fn new(cx: &'s mut Context<'c>, plant: &'s str, order: &'s str, key: &'s str) -> Self {
        Self { cx, plant, order, key }
    }
}

impl Memory for OrderShelf<'_, '_> {
    fn recall(&mut self, source: &str, id: &str) -> Option<Remembered> {
        self.cx.get(EVENTS, &keys::event(self.plant, self.order, source, id)).map(|record| remembered(&record))
    }

    fn remember(&mut self, source: &str, id: &str, event: &Remembered) {
        self.cx.put(EVENTS, &keys::event(self.plant, self.order, source, id), &remembered_record(event));
    }
}

impl Postings for OrderShelf<'_, '_> {
    fn published(&mut self, sequence: i32) -> Option<Published> {
        self.cx.get(POSTINGS, &keys::posting(self.plant, self.order, sequence)).map(|record| published(&record))
    }

    fn publish(&mut self, sequence: i32, posting: &Published) {
        self.cx.put(POSTINGS, &keys::posting(self.plant, self.order, sequence), &published_record(posting));
    }

    fn forget(&mut self, sequence: i32) {
        self.cx.delete(POSTINGS, &keys::posting(self.plant, self.order, sequence));
    }
}

impl Shelf for OrderShelf<'_, '_> {
    fn plan(&mut self) -> Option<Plan> {
        self.cx.get(PLANS, self.key).map(|record| plan(&record))
    }

    fn put_plan(&mut self, plan: &Plan) {
        self.cx.put(PLANS, self.key, &plan_record(plan));
    }

    fn watermark(&mut self, source: &str) -> Option<Watermark> {
        self.cx.get(TIMERS, &keys::source(source)).map(|entry| Watermark { time: entry.time, sequence: entry.sequence })
    }

    fn post(&mut self, posting: &OrderPosting<'_>) {
        self.cx.send(ORDER_POSTINGS, self.key, posting);
        self.cx.count(POSTINGS_SENT);
        if posting.provisional {
            self.cx.count(PROVISIONAL_POSTINGS);
        }
        posting.held.iter().for_each(|_| self.cx.count(AMOUNTS_HELD));
    }

    fn show(&mut self, status: &OrderStatus<'_>) {
        self.cx.send(ORDER_STATUS, self.key, status);
        self.cx.count(STATUSES);
    }
}

fn remembered_record(event: &Remembered) -> RememberedEvent<'_> {
    RememberedEvent {
        kind: event.kind,
        is_in_effect: event.in_effect,
        effects: event.effects.iter().map(|(slot, quantity)| SlotAmount { slot: *slot, quantity: *quantity }).collect(),
        final_operation: event.final_of.as_ref().map(|(operation, _)| operation.as_str()),
        final_unit: event.final_of.as_ref().map(|(_, unit)| unit.as_str()),
        serials: event.serials.iter().map(String::as_str).collect(),
        reverses: event.reverses.as_deref(),
        reversed_by: event.reversed_by.as_ref().map(|(by, _)| by.as_str()),
        reversed_by_kind: event.reversed_by.as_ref().map_or(RememberedKind::Unknown, |(_, kind)| *kind),
        is_reinstated_by_rule: event.reinstates,
    }
}

fn remembered(record: &RememberedEvent<'_>) -> Remembered {
    let effects: Vec<(i32, Decimal)> = record.effects.iter().map(|effect| (effect.slot, effect.quantity)).collect();
    Remembered {
        kind: record.kind,
        in_effect: record.is_in_effect,
        effects,
        final_of: record.final_operation.zip(record.final_unit).map(|(operation, unit)| (operation.to_owned(), unit.to_owned())),
        serials: record.serials.iter().map(|serial| (*serial).to_owned()).collect(),
        reverses: record.reverses.map(str::to_owned),
        reversed_by: record.reversed_by.map(|by| (by.to_owned(), record.reversed_by_kind)),
        reinstates: record.is_reinstated_by_rule,
    }
}

/// A posting as its store keeps it.
#[must_use]
pub fn published_record(posting: &Published) -> PublishedPosting<'_> {
    PublishedPosting {
        posting_id: &posting.posting_id,
        lines: posting.lines.iter().map(published_line).collect(),
        confirmations: posting
            .confirmations
            .iter()
            .map(|line| {
                let document = line.document.as_ref();
                ConfirmationRecord {
                    confirmation_id: &line.confirmation_id,
                    operation: &line.operation,
                    unit: &line.unit,
                    r#yield: line.quantities[0],
                    scrap: line.quantities[1],
                    rework: line.quantities[2],
                    document: document.map(|document| document.number.as_str()),
                    year: document.and_then(|document| document.year.as_deref()),
                    item: document.and_then(|document| document.item.as_deref()),
                    is_reversed: line.is_reversed,
                }
            })
            .collect(),
    }
}

fn published_line(line: &PublishedLine) -> LineRecord<'_> {
    let document = line.document.as_ref();
    LineRecord {
        line: line.line,
        row: line.row,
        unit: &line.unit,
        quantity: line.quantity,
        document: document.map(|document| document.number.as_str()),
        year: document.and_then(|document| document.year.as_deref()),
        item: document.and_then(|document| document.item.as_deref()),
        is_reversed: line.is_reversed,
    }
}

/// A posting of its record.
#[must_use]
pub fn published(record: &PublishedPosting<'_>) -> Published {
    let document = |number: Option<&str>, year: Option<&str>, item: Option<&str>| {
        number.map(|number| Document { number: number.to_owned(), year: year.map(str::to_owned), item: item.map(str::to_owned) })
    };
    let line = |line: &LineRecord<'_>| PublishedLine {
        line: line.line,
        row: line.row,
        unit: line.unit.to_owned(),
        quantity: line.quantity,
        document: document(line.document, line.year, line.item),
        is_reversed: line.is_reversed,
    };
    let confirmation = |line: &ConfirmationRecord<'_>| PublishedConfirmation {
        confirmation_id: line.confirmation_id.to_owned(),
        operation: line.operation.to_owned(),
        unit: line.unit.to_owned(),
        quantities: [line.r#yield, line.scrap, line.rework],
        document: document(line.document, line.year, line.item),
        is_reversed: line.is_reversed,
    };
    Published {
        posting_id: record.posting_id.to_owned(),
        lines: record.lines.iter().map(line).collect(),
        confirmations: record.confirmations.iter().map(confirmation).collect(),
    }
}

fn quantity(planned: Option<&Planned>) -> Option<Quantity<'_>> {
    planned.map(|(value, unit)| Quantity { value: *value, unit })
}

fn planned(quantity: Option<&Quantity<'_>>) -> Option<Planned> {
    quantity.map(|quantity| (quantity.value, quantity.unit.to_owned()))
}

fn plan_record(plan: &Plan) -> OrderPlan<'_> {
    OrderPlan {
        planned_at: plan.planned_at,
        item: plan.item.as_deref(),
        order_type: plan.order_type.as_deref(),
        planned_quantity: quantity(plan.quantity.as_ref()),
        operations: plan.operations.iter().map(String::as_str).collect(),
        components: plan.components.iter().map(line_record).collect(),
        outputs: plan
            .outputs
            .iter()
            .map(|product| PlannedProductRecord { item: &product.item, is_main: product.is_main, quantity: quantity(product.quantity.as_ref()) })
            .collect(),
    }
}

fn line_record(line: &PlannedLine) -> PlannedLineRecord<'_> {
    PlannedLineRecord {
        operation: &line.operation,
        reservation: line.reservation.as_deref(),
        reservation_item: line.reservation_item.as_deref(),
        position: line.position.as_deref(),
        item: &line.item,
        required_quantity: quantity(line.required.as_ref()),
        is_backflushed: line.is_backflushed,
        is_bulk: line.is_bulk,
        is_finally_issued: line.is_finally_issued,
    }
}

fn plan(record: &OrderPlan<'_>) -> Plan {
    let owned = |text: Option<&str>| text.map(str::to_owned);
    let line = |line: &PlannedLineRecord<'_>| PlannedLine {
        operation: line.operation.to_owned(),
        reservation: owned(line.reservation),
        reservation_item: owned(line.reservation_item),
        position: owned(line.position),
        item: line.item.to_owned(),
        required: planned(line.required_quantity.as_ref()),
        is_backflushed: line.is_backflushed,
        is_bulk: line.is_bulk,
        is_finally_issued: line.is_finally_issued,
    };
    let product =
        |product: &PlannedProductRecord<'_>| PlannedProduct { item: product.item.to_owned(), is_main: product.is_main, quantity: planned(product.quantity.as_ref()) };
    Plan {
        planned_at: record.planned_at,
        item: owned(record.item),
        order_type: owned(record.order_type),
        quantity: planned(record.planned_quantity.as_ref()),
        operations: record.operations.iter().map(|operation| (*operation).to_owned()).collect(),
        components: record.components.iter().map(line).collect(),
        outputs: record.outputs.iter().map(product).collect(),
    }
}
