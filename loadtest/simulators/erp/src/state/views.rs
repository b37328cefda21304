//! What the ERP holds, as it is looked at.

use serde::{Deserialize, Serialize};

use super::{ConfirmationRecord, DocumentRecord, LineIndex, LineRecord, Receipt, State};
use crate::command::{ConfirmationNumber, DocumentNumber, OrderKey};
use crate::entry::Fate;
use crate::quantity::Quantity;

/// How a line stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LineState {
    /// Booked, and not taken back.
    Booked,
    /// It waits for a clerk.
    Parked,
    /// Booked, and taken back.
    Cancelled,
    /// Given up by a clerk.
    Discarded,
}

/// A line as it stands: a confirmation, or a line of a material document. A confirmation that was taken back by a caller with a key of its own stands, and
/// so does the one that took it back, with the negative quantity: the caller's books have both. What a clerk takes back is cancelled, and no line of its own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LineView {
    /// Key of the system that asked: the confirmation's, or the one in the document's head.
    pub key: String,
    /// Key of the line.
    pub text: String,
    /// `confirmation` or `movement`.
    pub kind: String,
    /// Plant and order.
    #[serde(flatten)]
    pub order: OrderKey,
    /// Material of a movement, operation of a confirmation.
    pub item: String,
    /// Movement type; empty for a confirmation.
    pub movement_type: String,
    /// Batch; empty for none.
    pub batch: String,
    /// Quantity; the yield of a confirmation.
    pub quantity: Quantity,
    /// Unit, by UN/CEFACT Recommendation 20.
    pub unit: String,
    /// How it stands.
    pub state: LineState,
    /// Its document, as the first profile shows it; empty while it has none.
    pub document: String,
    /// Year of the document; 0 while it has none.
    pub year: i16,
    /// Running number of the ledger's entry that booked or parked it.
    pub seq: u64,
}

impl State {
    /// Every line as it stands. A line that was booked twice comes twice.
    pub fn lines(&self) -> impl Iterator<Item = LineView> {
        let confirmations = self.confirmations.iter().filter(|record| record.is_asked_for()).map(|record| LineView {
            key: record.confirmation.key.clone(),
            text: record.confirmation.key.clone(),
            kind: "confirmation".to_owned(),
            order: record.confirmation.order.clone(),
            item: record.confirmation.operation.clone(),
            movement_type: String::new(),
            batch: String::new(),
            quantity: if record.reverses.is_some() { -record.confirmation.r#yield.clone() } else { record.confirmation.r#yield.clone() },
            unit: record.confirmation.unit_code.clone(),
            state: self.confirmation_state(record),
            document: confirmation_text(record.number),
            year: record.confirmation.posting_date.year(),
            seq: record.seq,
        });
        let movements = self.documents.iter().flat_map(|document| {
            document.lines.iter().filter(|line| line.reverses.is_none()).map(move |line| LineView {
                key: document.header.key.clone(),
                text: line.movement.text.clone(),
                kind: "movement".to_owned(),
                order: line.movement.order_key(),
                item: line.movement.material.clone(),
                movement_type: line.movement.movement_type.clone(),
                batch: line.movement.batch.clone(),
                quantity: line.movement.quantity.clone(),
                unit: line.movement.unit_code.clone(),
                state: line.state(),
                document: line.number().map(|number| number.document.number.to_string()).unwrap_or_default(),
                year: line.number().map_or(0, |number| number.document.year),
                seq: document.seq,
            })
        });
        confirmations.chain(movements)
    }

    /// How each of these lines stands.
    pub fn line_states(&self) -> impl Iterator<Item = LineState> {
        let confirmations = self.confirmations.iter().filter(|record| record.is_asked_for()).map(|record| self.confirmation_state(record));
        let lines = self.documents.iter().flat_map(|document| &document.lines);
        confirmations.chain(lines.filter(|line| line.reverses.is_none()).map(LineRecord::state))
    }

    fn confirmation_state(&self, record: &ConfirmationRecord) -> LineState {
        if record.reversed_by.is_some_and(|by| self.is_clerks(by)) { LineState::Cancelled } else { LineState::Booked }
    }

    /// Whether that reversal was no caller's.
    fn is_clerks(&self, reversal: ConfirmationNumber) -> bool {
        self.confirmation(reversal).is_none_or(|index| self.confirmations[index].confirmation.key.is_empty())
    }

    /// Indices of the confirmations with that key.
    #[must_use]
    pub fn confirmations_with(&self, key: &str) -> &[usize] {
        self.confirmations_by_key.get(key).map_or(&[], Vec::as_slice)
    }

    /// Index of the confirmation of that number.
    #[must_use]
    pub fn confirmation(&self, number: ConfirmationNumber) -> Option<usize> {
        self.confirmations_by_number.get(&number).copied()
    }

    /// Indices of the documents with that key in their head.
    #[must_use]
    pub fn documents_with(&self, key: &str) -> &[usize] {
        self.documents_by_key.get(key).map_or(&[], Vec::as_slice)
    }

    /// Lines with that key.
    #[must_use]
    pub fn lines_with(&self, text: &str) -> &[LineIndex] {
        self.lines_by_text.get(text).map_or(&[], Vec::as_slice)
    }

    /// Booked lines of that document.
    #[must_use]
    pub fn lines_of(&self, number: DocumentNumber) -> &[LineIndex] {
        self.lines_by_number.get(&number).map_or(&[], Vec::as_slice)
    }

    /// What was booked for that repeatable request.
    #[must_use]
    pub fn request(&self, id: &str) -> Option<Receipt> {
        self.requests.get(id).copied()
    }
}

impl ConfirmationRecord {
    /// Whether a caller asked for it; a clerk's reversal is no line of its own.
    fn is_asked_for(&self) -> bool {
        self.reverses.is_none() || !self.confirmation.key.is_empty()
    }
}

impl LineRecord {
    /// How it stands.
    #[must_use]
    pub const fn state(&self) -> LineState {
        match (&self.fate, self.reversed_by) {
            (Fate::Booked { .. }, None) => LineState::Booked,
            (Fate::Booked { .. }, Some(_)) => LineState::Cancelled,
            (Fate::Parked { .. }, _) => LineState::Parked,
            (Fate::Discarded { .. }, _) => LineState::Discarded,
        }
    }
}

impl DocumentRecord {
    /// Whether it takes another one back.
    #[must_use]
    pub fn is_reversal(&self) -> bool {
        self.lines.iter().any(|line| line.reverses.is_some())
    }
}

/// A confirmation's number as text: group and count.
#[must_use]
pub fn confirmation_text(number: ConfirmationNumber) -> String {
    format!("{:010}/{:08}", number.group, number.count)
}
