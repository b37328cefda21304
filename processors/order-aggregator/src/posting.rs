//! What is due, as the contract has it.

use std::collections::BTreeMap;

use lineside_posting_rules::Rule;
use lineside_schemas::ids::deterministic_id;
use lineside_schemas::records::{
    ActivityTime, ConfirmationLine, ControlTotal, Coverage, HeldLine, OrderPosting, PostingLine, PostingMode, PostingTrigger, Quantity, RawRange, ReversalStyle,
    ReversedConfirmation, ReversedLine, TimeKind, UnitRatioUsed,
};
use lineside_schemas::{Date, Decimal};

use crate::due::{Due, Held};
use crate::error::LedgerError;
use crate::goods::{Goods, remember};
use crate::ledger::Ledger;
use crate::line::Kind;
use crate::published::{Postings, Published, PublishedConfirmation, PublishedLine, Reversed, take_back, take_back_confirmation};
use crate::sum::add_in;

/// Forward and back.
const fn movement_types(kind: Kind) -> [&'static str; 2] {
    match kind {
        Kind::Receipt => ["101", "102"],
        Kind::Component => ["261", "262"],
        Kind::ByProduct => ["531", "532"],
        Kind::Scrap => ["551", "552"],
    }
}

/// What a posting says of itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Occasion {
    /// What made it due.
    pub trigger: PostingTrigger,
    /// Who books the goods.
    pub mode: PostingMode,
    /// Nothing more is expected.
    pub is_final: bool,
    /// The order is complete, but a source has not passed.
    pub is_provisional: bool,
    /// Date in the books.
    pub posting_date: Date,
    /// Date of the event behind it.
    pub document_date: Date,
}

/// A line, before it is written.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Line {
    goods: usize,
    movement_type: &'static str,
    unit: String,
    /// Positive.
    quantity: Decimal,
    is_back: bool,
    serials: Vec<String>,
    reverses: Option<Reversed>,
}

/// A posting that is due. Once it is sent, [`Posting::settle`] takes note.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Posting {
    id: String,
    fingerprint: String,
    rule_version: String,
    occasion: Occasion,
    due: Due,
    lines: Vec<Line>,
    reversed_confirmations: BTreeMap<(String, String), Reversed>,
    control_totals: BTreeMap<(&'static str, String), (i32, Decimal)>,
    product: String,
}

impl Posting {
    /// The posting of everything that is due.
    ///
    /// # Errors
    /// [`LedgerError::QuantityOverflow`] if a control total does not fit.
    pub fn of(ledger: &Ledger, due: Due, rule: &Rule, occasion: Occasion, postings: &mut dyn Postings) -> Result<Self, LedgerError> {
        let fingerprint = ledger.open.fingerprint.to_hex();
        let sequence = ledger.next_sequence().to_string();
        let id = deterministic_id(&[ledger.plant.as_bytes(), ledger.order.as_bytes(), sequence.as_bytes(), fingerprint.as_bytes()]);
        let by_reference = rule.reversals == ReversalStyle::DocumentReference;
        let mut lines = Vec::new();
        for line in &due.lines {
            let row = &ledger.goods[line.goods];
            let [forward, back] = movement_types(row.key.kind);
            let is_back = line.quantity.is_negative();
            let amount = line.quantity.abs();
            let pieces = if is_back && by_reference { take_back(row, &line.unit, amount, postings) } else { vec![(amount, None)] };
            for (place, (quantity, reverses)) in pieces.into_iter().enumerate() {
                let serials = if place > 0 {
                    Vec::new()
                } else if is_back {
                    row.serials_back.clone()
                } else {
                    row.serials.clone()
                };
                let movement_type = if is_back { back } else { forward };
                lines.push(Line { goods: line.goods, movement_type, unit: line.unit.clone(), quantity, is_back, serials, reverses });
            }
        }
        let mut reversed_confirmations = BTreeMap::new();
        for ((operation, unit), line) in due.confirmations.iter().filter(|_| by_reference) {
            let quantities = [line.r#yield, line.scrap, line.rework];
            let takes_back = !line.newly_final && quantities.iter().any(|quantity| quantity.is_negative()) && !quantities.iter().any(|quantity| quantity.is_positive());
            let row = ledger.operations.iter().find(|row| row.operation == *operation && row.unit == *unit);
            if let Some(row) = row.filter(|_| takes_back)
                && let Some(reversed) = take_back_confirmation(&row.postings, (operation, unit), quantities, postings)
            {
                reversed_confirmations.insert((operation.clone(), unit.clone()), reversed);
            }
        }
        let mut control_totals = BTreeMap::<(&'static str, String), (i32, Decimal)>::new();
        for line in &lines {
            let (count, sum) = control_totals.entry((line.movement_type, line.unit.clone())).or_default();
            *count += 1;
            *sum = sum.checked_add(line.quantity).ok_or(LedgerError::QuantityOverflow)?;
        }
        let product = ledger.item.clone().unwrap_or_default();
        Ok(Self { id, fingerprint, rule_version: rule.version.clone(), occasion, due, lines, reversed_confirmations, control_totals, product })
    }

    /// The record to be sent.
    #[must_use]
    pub fn record<'p>(&'p self, ledger: &'p Ledger) -> OrderPosting<'p> {
        OrderPosting {
            posting_id: &self.id,
            plant: &ledger.plant,
            order: &ledger.order,
            sequence: ledger.next_sequence(),
            correlation_id: &ledger.correlation_id,
            caused_by_event_id: &ledger.last_event.id,
            trigger: self.occasion.trigger,
            mode: self.occasion.mode,
            rule_version: &self.rule_version,
            posting_date: self.occasion.posting_date,
            document_date: self.occasion.document_date,
            confirmations: self.confirmations(ledger),
            lines: (1..).zip(&self.lines).map(|(number, line)| self.line(number, line, ledger)).collect(),
            provisional: self.occasion.is_provisional,
            r#final: self.occasion.is_final,
            clear_reservations: self.occasion.is_final && !ledger.posted.finally,
            held: held_lines(ledger, &self.due.held, &self.product),
            conversions: self.conversions(),
            control_totals: self
                .control_totals
                .iter()
                .map(|((movement_type, unit), (lines, quantity))| ControlTotal { movement_type, unit, lines: *lines, quantity: *quantity })
                .collect(),
            covers: self.covers(ledger),
        }
    }

    fn line<'p>(&'p self, number: i32, line: &'p Line, ledger: &'p Ledger) -> PostingLine<'p> {
        let row = &ledger.goods[line.goods];
        let (reservation, reservation_item) = row.key.line.as_ref().map_or((None, None), crate::line::LineId::reservation);
        let is_final = row.said.is_final && !line.is_back;
        PostingLine {
            line: number,
            movement_type: line.movement_type,
            item: material(row, &self.product),
            plant: &ledger.plant,
            operation: Some(row.operation.as_str()).filter(|operation| !operation.is_empty()),
            storage_location: row.key.storage_location.as_deref(),
            lot: row.key.lot.as_deref(),
            reservation,
            reservation_item,
            position: row.position.as_deref(),
            quantity: Quantity { value: line.quantity, unit: &line.unit },
            reverses: line.reverses.as_ref().map(|reversed| {
                let document = reversed.document.as_ref();
                ReversedLine {
                    posting_id: &reversed.posting_id,
                    line: reversed.line,
                    document: document.map(|document| document.number.as_str()),
                    year: document.and_then(|document| document.year.as_deref()),
                    item: document.and_then(|document| document.item.as_deref()),
                }
            }),
            order_item: row.said.order_item.as_deref(),
            serials: line.serials.iter().map(String::as_str).collect(),
            is_final_issue: is_final && row.key.kind == Kind::Component,
            is_completely_delivered: is_final && row.key.kind == Kind::Receipt,
            manufacture_date: row.said.manufacture_date,
            expiry_date: row.said.expiry_date,
            stock_type: row.said.stock_type.as_deref(),
            reason_code: row.key.reason_code.as_deref(),
        }
    }

    fn confirmations<'p>(&'p self, ledger: &'p Ledger) -> Vec<ConfirmationLine<'p>> {
        let line = |((operation, unit), due): (&'p (String, String), &'p crate::due::DueConfirmation)| {
            let mut line =
                ConfirmationLine { operation, unit, r#yield: due.r#yield, scrap: due.scrap, rework: due.rework, is_final: due.is_final, ..ConfirmationLine::default() };
            for (index, amount) in &due.times {
                let time = &ledger.times[*index];
                let quantity = Quantity { value: amount.quantity, unit: &amount.unit };
                match time.kind {
                    TimeKind::Setup => line.setup_time = Some(quantity),
                    TimeKind::Machine => line.machine_time = Some(quantity),
                    TimeKind::Labour => line.labour_time = Some(quantity),
                    TimeKind::Activity | TimeKind::Unknown => line.activities.push(ActivityTime { activity: &time.activity, quantity }),
                }
            }
            if let Some(row) = ledger.operations.iter().find(|row| row.operation == *operation && row.unit == *unit) {
                let (said, one) = (&row.said, |text: &'p Option<String>| text.as_deref().filter(|text| !text.is_empty()));
                line.work_center = one(&said.work_center);
                line.actual_start = said.actual_start;
                line.actual_end = said.actual_end;
                line.personnel = one(&said.personnel);
                line.shift = one(&said.shift);
                line.text = one(&said.text);
                line.reason_code = one(&said.reason_code);
            }
            line.reverses = self.reversed_confirmations.get(&(operation.clone(), unit.clone())).map(|reversed| {
                let document = reversed.document.as_ref();
                ReversedConfirmation {
                    posting_id: &reversed.posting_id,
                    confirmation_id: &reversed.confirmation_id,
                    document: document.map(|document| document.number.as_str()),
                    year: document.and_then(|document| document.year.as_deref()),
                    item: document.and_then(|document| document.item.as_deref()),
                }
            });
            line
        };
        self.due.confirmations.iter().map(line).collect()
    }

    fn conversions(&self) -> Vec<UnitRatioUsed<'_>> {
        let mut all = Vec::with_capacity(self.due.conversions.len());
        for ((item, from, to), conversion) in &self.due.conversions {
            if let Some((quantity, counted_as)) = conversion.ratio.quantities() {
                let (quantity, counted_as) = (Quantity { value: quantity, unit: from }, Quantity { value: counted_as, unit: to });
                all.push(UnitRatioUsed { item, quantity, counted_as, valid_from: conversion.valid_from });
            }
        }
        all
    }

    fn covers<'p>(&'p self, ledger: &'p Ledger) -> Coverage<'p> {
        let open = &ledger.open;
        // Covering nothing, it stands where the last event does.
        let (first_source_time, last_source_time) = open.source_times.unwrap_or((ledger.last_event.time, ledger.last_event.time));
        let position = |range: &'p crate::coverage::Range| RawRange {
            topic: &range.topic,
            partition: range.partition,
            first_offset: range.first_offset,
            last_offset: range.last_offset,
        };
        Coverage {
            event_count: open.event_count,
            fingerprint: &self.fingerprint,
            first_source_time,
            last_source_time,
            positions: open.ranges.iter().map(position).collect(),
        }
    }

    /// Takes note that the posting was sent: in the ledger, and among the postings that can be reversed.
    ///
    /// # Errors
    /// [`LedgerError::QuantityOverflow`].
    pub fn settle(self, ledger: &mut Ledger, postings: &mut dyn Postings) -> Result<(), LedgerError> {
        let sequence = ledger.next_sequence();
        let mut published = Published { posting_id: self.id.clone(), ..Published::default() };
        for (number, line) in (1..).zip(&self.lines) {
            let row = &mut ledger.goods[line.goods];
            let quantity = if line.is_back { line.quantity.negated() } else { line.quantity };
            add_in(&mut row.posted, &line.unit, quantity)?;
            row.posted_in(sequence);
            row.posted_final |= row.said.is_final;
            if line.is_back {
                row.serials_back.clear();
            } else {
                row.serials.clear();
            }
            published.lines.push(PublishedLine { line: number, row: row.row, unit: line.unit.clone(), quantity, document: None, is_reversed: false });
        }
        for (index, amount) in &self.due.confirmed_scrap {
            add_in(&mut ledger.goods[*index].confirmed, &amount.unit, amount.quantity)?;
        }
        for (index, quantities, newly_final) in &self.due.operations {
            let row = &mut ledger.operations[*index];
            for (amount, quantity) in [&mut row.r#yield, &mut row.scrap, &mut row.rework].into_iter().zip(quantities) {
                amount.posted = amount.posted.checked_add(*quantity).ok_or(LedgerError::QuantityOverflow)?;
            }
            row.posted_final |= newly_final;
        }
        for ((operation, unit), line) in &self.due.confirmations {
            for (index, amount) in &line.times {
                add_in(&mut ledger.times[*index].posted, &amount.unit, amount.quantity)?;
            }
            if let Some(row) = ledger.operations.iter_mut().find(|row| row.operation == *operation && row.unit == *unit) {
                row.said = crate::operation::Said::default();
                remember(&mut row.postings, sequence);
            }
            published.confirmations.push(PublishedConfirmation {
                confirmation_id: confirmation_id(&self.id, operation, unit),
                operation: operation.clone(),
                unit: unit.clone(),
                quantities: [line.r#yield, line.scrap, line.rework],
                document: None,
                is_reversed: false,
            });
        }
        if !published.lines.is_empty() || !published.confirmations.is_empty() {
            postings.publish(sequence, &published);
        }
        if sequence > crate::published::POSTINGS_KEPT {
            postings.forget(sequence - crate::published::POSTINGS_KEPT);
        }
        let posted = &mut ledger.posted;
        posted.sequence = sequence;
        posted.mode = self.occasion.mode;
        posted.rule_version = Some(self.rule_version);
        posted.completion |= ledger.life.is_completed();
        posted.cancellation |= ledger.life.is_cancelled();
        posted.finally |= self.occasion.is_final;
        ledger.open = crate::coverage::Coverage::default();
        ledger.open_since = None;
        Ok(())
    }
}

/// Id of a confirmation in the ERP's shape: of its posting, operation and unit.
#[must_use]
pub fn confirmation_id(posting_id: &str, operation: &str, unit: &str) -> String {
    deterministic_id(&[posting_id.as_bytes(), operation.as_bytes(), unit.as_bytes()])
}

/// What is held, as the contract has it.
#[must_use]
pub fn held_lines<'h>(ledger: &'h Ledger, held: &'h [Held], product: &'h str) -> Vec<HeldLine<'h>> {
    let line = |held: &'h Held| {
        let mut line = HeldLine { kind: held.kind, unit: &held.unit, quantity: held.quantity, reason: held.reason, ..HeldLine::default() };
        line.operation = Some(held.operation.as_str()).filter(|operation| !operation.is_empty());
        if let Some(row) = held.goods.map(|index| &ledger.goods[index]) {
            (line.reservation, line.reservation_item) = row.key.line.as_ref().map_or((None, None), crate::line::LineId::reservation);
            line.position = row.position.as_deref();
            line.item = Some(material(row, product)).filter(|item| !item.is_empty());
            line.lot = row.key.lot.as_deref();
            line.storage_location = row.key.storage_location.as_deref();
        }
        line
    };
    held.iter().map(line).collect()
}

fn material<'r>(row: &'r Goods, product: &'r str) -> &'r str {
    crate::scrap::item(row, Some(product))
}
