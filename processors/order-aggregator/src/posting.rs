//! What is due, as the contract has it.

use std::collections::BTreeMap;

use lineside_schemas::ids::deterministic_id;
use lineside_schemas::records::{ConfirmationLine, ControlTotal, Coverage, Envelope, OrderPosting, PostingLine, Quantity, RawRange};
use lineside_schemas::{Date, Decimal};

use crate::component::{Component, LineId};
use crate::error::LedgerError;
use crate::ledger::Ledger;
use crate::operation::Operation;
use crate::receipt::Receipt;
use crate::rule::Rule;

/// Receipt from the order, and what takes one back.
const RECEIPT: [&str; 2] = ["101", "102"];
/// Issue to the order, and what takes one back.
const ISSUE: [&str; 2] = ["261", "262"];

/// A posting that is due. Borrows from the ledger; once it is sent, [`Ledger::settle`] takes note.
#[derive(Debug, Clone, PartialEq)]
pub struct Posting<'l> {
    ledger: &'l Ledger,
    id: String,
    fingerprint: String,
    cause: &'l str,
    date: Date,
    rule: Rule,
    confirmations: Vec<ConfirmationLine<'l>>,
    lines: Vec<PostingLine<'l>>,
    control_totals: Vec<ControlTotal<'l>>,
}

impl<'l> Posting<'l> {
    /// Everything that is due in `ledger`, because of the event with the envelope `cause`.
    pub(crate) fn of(ledger: &'l Ledger, cause: &Envelope<'l>, rule: Rule) -> Result<Self, LedgerError> {
        let fingerprint = ledger.open.fingerprint.to_hex();
        let sequence = ledger.next_sequence().to_string();
        let id = deterministic_id(&[ledger.plant.as_bytes(), ledger.order.as_bytes(), sequence.as_bytes(), fingerprint.as_bytes()]);
        let lines = lines(ledger);
        let control_totals = control_totals(&lines)?;
        Ok(Self {
            ledger,
            id,
            fingerprint,
            cause: cause.event_id,
            date: cause.source_time.date_at_offset(cause.source_utc_offset_minutes.unwrap_or(0)),
            rule,
            confirmations: ledger.operations.iter().filter_map(Operation::due).collect(),
            lines,
            control_totals,
        })
    }

    /// True if it neither confirms nor moves anything.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.confirmations.is_empty() && self.lines.is_empty()
    }

    /// The record to be sent.
    #[must_use]
    pub fn record(&self) -> OrderPosting<'_> {
        OrderPosting {
            posting_id: &self.id,
            plant: &self.ledger.plant,
            order: &self.ledger.order,
            sequence: self.ledger.next_sequence(),
            correlation_id: &self.ledger.correlation_id,
            caused_by_event_id: self.cause,
            mode: self.rule.mode,
            rule_version: self.rule.version,
            posting_date: self.date,
            document_date: self.date,
            confirmations: self.confirmations.clone(),
            lines: self.lines.clone(),
            r#final: true,
            clear_reservations: self.ledger.sequence == 0,
            control_totals: self.control_totals.clone(),
            covers: self.covers(),
            ..OrderPosting::default()
        }
    }

    fn covers(&self) -> Coverage<'_> {
        let open = &self.ledger.open;
        let (first_source_time, last_source_time) = open.source_times.unwrap_or_default();
        let position = |range: &'l crate::coverage::Range| RawRange {
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
}

/// The lines due: issues by component line, then receipts, numbered.
fn lines(ledger: &Ledger) -> Vec<PostingLine<'_>> {
    let issues = ledger.components.iter().filter_map(|component| issue(&ledger.plant, component));
    let receipts = ledger.receipts.iter().filter_map(|line| receipt(&ledger.plant, line));
    let mut lines: Vec<_> = issues.chain(receipts).collect();
    for (number, line) in (1..).zip(&mut lines) {
        line.line = number;
    }
    lines
}

fn issue<'l>(plant: &'l str, component: &'l Component) -> Option<PostingLine<'l>> {
    let key = &component.key;
    let (movement_type, quantity) = movement(ISSUE, component.amount.due(&key.unit), &key.unit)?;
    let (reservation, reservation_item) = match &key.line {
        LineId::Reserved { reservation, item } => (reservation.as_deref(), Some(item.as_str())),
        LineId::Positioned { .. } => (None, None),
    };
    Some(PostingLine {
        line: 0,
        movement_type,
        item: &key.item,
        plant,
        operation: Some(component.operation.as_str()).filter(|operation| !operation.is_empty()),
        storage_location: key.storage_location.as_deref(),
        lot: key.lot.as_deref(),
        reservation,
        reservation_item,
        position: component.position.as_deref(),
        quantity,
        ..PostingLine::default()
    })
}

fn receipt<'l>(plant: &'l str, receipt: &'l Receipt) -> Option<PostingLine<'l>> {
    let key = &receipt.key;
    let (movement_type, quantity) = movement(RECEIPT, receipt.amount.due(&key.unit), &key.unit)?;
    Some(PostingLine {
        line: 0,
        movement_type,
        item: &key.item,
        plant,
        operation: receipt.operation.as_deref(),
        storage_location: key.storage_location.as_deref(),
        lot: key.lot.as_deref(),
        reservation: None,
        reservation_item: None,
        quantity,
        ..PostingLine::default()
    })
}

/// Movement type and amount of what is due, if anything is: amounts are positive, the type gives the direction.
fn movement<'u>(types: [&'static str; 2], due: Decimal, unit: &'u str) -> Option<(&'static str, Quantity<'u>)> {
    let [forward, back] = types;
    let movement_type = if due.is_negative() { back } else { forward };
    (!due.is_zero()).then_some((movement_type, Quantity { value: due.abs(), unit }))
}

fn control_totals<'l>(lines: &[PostingLine<'l>]) -> Result<Vec<ControlTotal<'l>>, LedgerError> {
    let mut totals = BTreeMap::<(&'l str, &'l str), (i32, Decimal)>::new();
    for line in lines {
        let (count, sum) = totals.entry((line.movement_type, line.quantity.unit)).or_default();
        *count += 1;
        *sum = sum.checked_add(line.quantity.value).ok_or(LedgerError::QuantityOverflow)?;
    }
    Ok(totals.into_iter().map(|((movement_type, unit), (lines, quantity))| ControlTotal { movement_type, unit, lines, quantity }).collect())
}
