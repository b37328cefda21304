//! Do the books close? Judged from the topics alone.
//!
//! For every plant, order, component line and lot, what was accepted (consumed less returned less reversed) must be what the
//! posting lines say, up to a remainder of at most half of their last digit, or still be open because the order is not
//! complete; and likewise for product received and quantities confirmed. Nothing may be lost, doubled or made up between
//! the hops.
//!
//! This is a second opinion: it shares neither the processors' code nor the contracts' codec and decimal. Records are
//! decoded generically by the schema id they carry ([`crate::topics`]), and sums are of arbitrary precision. What it knows
//! of the rules is written down here once more.
//!
//! * [`facts`]: what the checks need of each record.
//! * [`Contents`]: all of it; [`audit`]: the checks, a pure function.

mod accounting;
pub mod facts;
mod net;
mod postings;
mod quantities;
mod reconciled;
pub(crate) mod shape;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use facts::{Confirmation, DeadLetter, Event, GoodsMovement, Normalized, Position, Posting, Reconciled};

pub use net::{BookKey, ComponentRef, Line, Net, OrderKey, nets};
pub use shape::{DECIMAL_SCALE, ShapeError};

/// Everything that the topics hold when the pipeline has come to rest.
#[derive(Debug, Clone, Default)]
pub struct Contents {
    /// Positions of the raw records.
    pub raw: BTreeSet<Position>,
    /// Topic `normalized`.
    pub normalized: Vec<Normalized>,
    /// All canonical topics and those of master data.
    pub events: Vec<Event>,
    /// Topic `order.postings.v1`.
    pub postings: Vec<Posting>,
    /// Topic `erp.confirmations.v1`.
    pub confirmations: Vec<Confirmation>,
    /// Topic `erp.goods-movements.v1`.
    pub movements: Vec<GoodsMovement>,
    /// All topics `dead-letter.<processor>`.
    pub dead_letters: Vec<DeadLetter>,
    /// Topic `books.v1`: the last of each order. Nothing where no reconciler runs.
    pub reconciled: BTreeMap<net::OrderKey, Reconciled>,
}

/// The kind of a gap.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Check {
    /// A raw record or an event was lost, or passed on twice.
    Accounting,
    /// An event stands twice in the canonical topic.
    Uniqueness,
    /// What was posted is not what was accepted.
    Quantities,
    /// A posting is not in order: its sequence, its lines, its totals, what it covers.
    Postings,
    /// The ERP topics do not say what the postings say.
    Erp,
    /// The reconciler's books say something else, or have a gap.
    Reconciler,
}

/// One gap.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Its kind.
    pub check: Check,
    /// What is wrong, with the record or the line and the amounts.
    pub message: String,
}

impl Finding {
    fn new(check: Check, message: impl Into<String>) -> Self {
        Self { check, message: message.into() }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}: {}", self.check, self.message)
    }
}

/// Every gap in the books; none means that they close.
#[must_use]
pub fn audit(contents: &Contents) -> Vec<Finding> {
    let mut findings = accounting::check(contents);
    findings.extend(quantities::check(contents));
    findings.extend(postings::check(contents));
    if !contents.reconciled.is_empty() {
        findings.extend(reconciled::check(contents));
    }
    findings
}

impl Contents {
    /// Canonical events that the order aggregator did not refuse.
    pub fn accepted(&self) -> impl Iterator<Item = &Event> {
        let refused: BTreeSet<&Position> = self.letters_of("order-aggregator").map(|letter| &letter.refused).collect();
        self.events.iter().filter(move |event| !refused.contains(&event.position))
    }

    /// Dead letters of one processor.
    pub fn letters_of<'a>(&'a self, processor: &'a str) -> impl Iterator<Item = &'a DeadLetter> {
        self.dead_letters.iter().filter(move |letter| letter.processor == processor)
    }
}

#[cfg(test)]
pub(crate) mod tests;
