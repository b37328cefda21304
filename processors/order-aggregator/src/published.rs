//! Postings that may still be reversed by reference, and what the ERP made of them.

use lineside_schemas::Decimal;
use lineside_schemas::records::{OutcomeStatus, PostingOutcome};

use crate::goods::Goods;

/// Postings of an order that are remembered: what is older is taken back by the opposite movement.
pub const POSTINGS_KEPT: i32 = 32;

/// The ERP's document that a line was booked with.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Document {
    /// Number.
    pub number: String,
    /// Year.
    pub year: Option<String>,
    /// Item, or count of a confirmation.
    pub item: Option<String>,
}

/// A posting that was published.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Published {
    /// Its id.
    pub posting_id: String,
    /// Its lines.
    pub lines: Vec<PublishedLine>,
    /// Its confirmations.
    pub confirmations: Vec<PublishedConfirmation>,
}

/// A line of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublishedLine {
    /// Number in the posting.
    pub line: i32,
    /// Row of the ledger.
    pub row: i32,
    /// Unit.
    pub unit: String,
    /// Amount; negative takes back.
    pub quantity: Decimal,
    /// What the ERP booked it with.
    pub document: Option<Document>,
    /// A later line takes it back whole.
    pub is_reversed: bool,
}

/// A confirmation of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublishedConfirmation {
    /// Its id in the ERP's shape.
    pub confirmation_id: String,
    /// Operation.
    pub operation: String,
    /// Unit.
    pub unit: String,
    /// Yield, scrap, rework.
    pub quantities: [Decimal; 3],
    /// What the ERP booked it with.
    pub document: Option<Document>,
    /// A later one takes it back whole.
    pub is_reversed: bool,
}

/// Where the postings of an order are kept.
pub trait Postings {
    /// A posting that is remembered.
    fn published(&mut self, sequence: i32) -> Option<Published>;
    /// Remembers a posting.
    fn publish(&mut self, sequence: i32, posting: &Published);
    /// Forgets a posting.
    fn forget(&mut self, sequence: i32);
}

impl Published {
    /// Takes in what the ERP made of one of its documents. Gives false if that is about another posting, or nothing new.
    pub fn learn(&mut self, outcome: &PostingOutcome<'_>) -> bool {
        if outcome.posting_id != self.posting_id {
            return false;
        }
        let before = self.clone();
        for told in &outcome.lines {
            let document = (told.status == OutcomeStatus::Posted).then_some(told.document).flatten().map(|number| Document {
                number: number.to_owned(),
                year: told.year.map(str::to_owned),
                item: told.item.map(str::to_owned),
            });
            if let Some(line) = told.posting_line.and_then(|number| self.lines.iter_mut().find(|line| line.line == number)) {
                line.document = document;
            } else if let Some(confirmation) = self.confirmations.iter_mut().find(|confirmation| confirmation.confirmation_id == outcome.document_id) {
                confirmation.document = document;
            }
        }
        *self != before
    }
}

/// The line that is taken back whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reversed {
    /// Posting.
    pub posting_id: String,
    /// Line in it; for a confirmation 0.
    pub line: i32,
    /// Of a confirmation: its id.
    pub confirmation_id: String,
    /// The ERP's document, once known.
    pub document: Option<Document>,
}

/// Splits what is to be taken back of a row into lines that were posted and are taken back whole, the latest first, and a rest without one.
///
/// A line of just that amount is taken whether or not its document is known: then the posting line is named. Several are combined only by their documents.
pub fn take_back(row: &Goods, unit: &str, amount: Decimal, postings: &mut dyn Postings) -> Vec<(Decimal, Option<Reversed>)> {
    let mut candidates = Vec::new();
    for sequence in row.postings.iter().rev() {
        let Some(posting) = postings.published(*sequence) else { continue };
        for line in posting.lines.iter().rev().filter(|line| line.row == row.row && line.unit == unit && line.quantity.is_positive() && !line.is_reversed) {
            candidates.push((
                *sequence,
                Reversed { posting_id: posting.posting_id.clone(), line: line.line, confirmation_id: String::new(), document: line.document.clone() },
                line.quantity,
            ));
        }
    }
    let chosen: Vec<_> = if let Some(index) = candidates.iter().position(|(.., quantity)| *quantity == amount) {
        // Of several the latest: candidates stand from the latest to the earliest.
        vec![candidates.swap_remove(index)]
    } else {
        let mut rest = amount;
        let mut fits = |(_, reversed, quantity): &(i32, Reversed, Decimal)| {
            let fits = reversed.document.is_some() && *quantity <= rest;
            if fits {
                rest = rest.checked_sub(*quantity).unwrap_or(Decimal::ZERO);
            }
            fits
        };
        candidates.into_iter().filter(|candidate| fits(candidate)).collect()
    };
    let mut rest = amount;
    let mut lines = Vec::new();
    for (sequence, reversed, quantity) in chosen {
        mark(postings, sequence, |posting| posting.lines.iter_mut().filter(|line| line.line == reversed.line).for_each(|line| line.is_reversed = true));
        rest = rest.checked_sub(quantity).unwrap_or(Decimal::ZERO);
        lines.push((quantity, Some(reversed)));
    }
    if rest.is_positive() {
        lines.push((rest, None));
    }
    lines
}

/// The confirmation that was posted with just these quantities, the latest.
pub fn take_back_confirmation(sequences: &[i32], (operation, unit): (&str, &str), quantities: [Decimal; 3], postings: &mut dyn Postings) -> Option<Reversed> {
    for sequence in sequences.iter().rev() {
        let Some(posting) = postings.published(*sequence) else { continue };
        let same = posting
            .confirmations
            .iter()
            .find(|line| line.operation == operation && line.unit == unit && !line.is_reversed && line.quantities == quantities.map(Decimal::negated));
        let Some(line) = same else { continue };
        let reversed = Reversed { posting_id: posting.posting_id.clone(), line: 0, confirmation_id: line.confirmation_id.clone(), document: line.document.clone() };
        mark(postings, *sequence, |posting| {
            posting.confirmations.iter_mut().filter(|line| line.confirmation_id == reversed.confirmation_id).for_each(|line| line.is_reversed = true);
        });
        return Some(reversed);
    }
    None
}

fn mark(postings: &mut dyn Postings, sequence: i32, mark: impl FnOnce(&mut Published)) {
    if let Some(mut posting) = postings.published(sequence) {
        mark(&mut posting);
        postings.publish(sequence, &posting);
    }
}
