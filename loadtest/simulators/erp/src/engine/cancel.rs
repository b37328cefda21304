//! Takes confirmations and documents back, by reference to them.

use jiff::Timestamp;
use jiff::civil::Date;

use super::{Numbers, check};
use crate::command::{ConfirmationNumber, DocumentNumber, Header, ItemNumber};
use crate::entry::{Change, Confirmed, Document, Fate, Line};
use crate::movement;
use crate::refusal::Refusal;
use crate::state::{LineIndex, State};

/// A confirmation and the movements that came with it.
pub(super) fn confirmation(
    state: &State,
    numbers: &mut Numbers,
    number: ConfirmationNumber,
    posting_date: Option<Date>,
    key: &str,
    now: Timestamp,
) -> Result<Vec<Change>, Refusal> {
    let record = &state.confirmations()[state.confirmation(number).ok_or(Refusal::NotFound)?];
    if record.reversed_by.is_some() || record.reverses.is_some() {
        return Err(Refusal::ConfirmationCancelled(number));
    }
    let mut confirmation = record.confirmation.clone();
    confirmation.posting_date = posting_date.unwrap_or(confirmation.posting_date);
    key.clone_into(&mut confirmation.key);
    open(state, &confirmation.order, confirmation.posting_date, now)?;
    let own = super::next_confirmation(state, &confirmation);
    let header = Header { posting_date: confirmation.posting_date, ..super::header_of(&confirmation) };
    let mut changes = vec![Change::Confirmed(Box::new(Confirmed { number: own, confirmation, reverses: Some(number), request_id: None }))];
    if let Some(document) = record.document {
        // As an ERP does it: in reverse order of creation.
        let lines: Vec<LineIndex> = (0..state.documents()[document].lines.len()).rev().map(|line| (document, line)).collect();
        changes.extend(reversal(state, numbers, header, Some(own), &lines));
    }
    Ok(changes)
}

/// A material document, or one line of it.
pub(super) fn document(
    state: &State,
    numbers: &mut Numbers,
    number: DocumentNumber,
    item: Option<u32>,
    posting_date: Option<Date>,
    key: &str,
    now: Timestamp,
) -> Result<Vec<Change>, Refusal> {
    let wanted = |(document, line): &&LineIndex| {
        let own = state.documents()[*document].lines[*line].number();
        own.is_some_and(|own| own.document == number && item.is_none_or(|item| own.item == item))
    };
    let lines: Vec<LineIndex> = state.lines_of(number).iter().filter(wanted).copied().collect();
    let (first, line) = *lines.first().ok_or(Refusal::NotFound)?;
    let mut header = state.documents()[first].header.clone();
    header.posting_date = posting_date.unwrap_or(header.posting_date);
    key.clone_into(&mut header.key);
    open(state, &state.documents()[first].lines[line].movement.order_key(), header.posting_date, now)?;
    reversal(state, numbers, header, None, &lines).map(|change| vec![change]).ok_or(Refusal::DocumentCancelled(number))
}

fn open(state: &State, order: &crate::command::OrderKey, date: Date, now: Timestamp) -> Result<(), Refusal> {
    check::order(state, super::Setup { open_world: true }, order, now)?;
    check::period(state, &order.plant, date, now)
}

/// A document that takes back those of the lines that stand; none if none of them does.
fn reversal(state: &State, numbers: &mut Numbers, header: Header, confirmation: Option<ConfirmationNumber>, lines: &[LineIndex]) -> Option<Change> {
    let number = DocumentNumber { year: header.posting_date.year(), number: numbers.document };
    let mut reversing = Vec::new();
    for (document, line) in lines {
        let record = &state.documents()[*document].lines[*line];
        let (Some(original), None, None) = (record.number(), record.reversed_by, record.reverses) else { continue };
        let Some(row) = movement::by_code(&record.movement.movement_type) else { continue };
        let mut movement = record.movement.clone();
        row.reversal.clone_into(&mut movement.movement_type);
        let item = u32::try_from(reversing.len()).map_or(u32::MAX, |count| count + 1);
        reversing.push(Line { movement, fate: Fate::Booked { number: ItemNumber { document: number, item } }, reverses: Some(original) });
    }
    if reversing.is_empty() {
        return None;
    }
    numbers.document += 1;
    Some(Change::Document(Box::new(Document { number: Some(number), header, confirmation, request_id: None, lines: reversing })))
}
