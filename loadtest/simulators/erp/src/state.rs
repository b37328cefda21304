//! What the ERP holds: made from the ledger's entries alone.

mod apply;
mod views;

use std::collections::{BTreeMap, HashMap, HashSet};

use jiff::Timestamp;

use crate::command::{Confirmation, ConfirmationNumber, DocumentNumber, Header, ItemNumber, Movement, OrderKey};
use crate::entry::{Fate, Line, Place, Plan};
use crate::quantity::Quantity;

pub use views::{LineState, LineView, confirmation_text};

/// A confirmation, and what happened to it since.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfirmationRecord {
    /// Running number of its entry in the ledger.
    pub seq: u64,
    /// Its number.
    pub number: ConfirmationNumber,
    /// When it was booked.
    pub at: Timestamp,
    /// What was confirmed.
    pub confirmation: Confirmation,
    /// The confirmation that it takes back.
    pub reverses: Option<ConfirmationNumber>,
    /// The confirmation that took it back.
    pub reversed_by: Option<ConfirmationNumber>,
    /// Index of the material document that came with it.
    pub document: Option<usize>,
}

/// A material document, and what happened to it since.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DocumentRecord {
    /// Running number of its entry in the ledger.
    pub seq: u64,
    /// Its number; none where all of it was parked when it came.
    pub number: Option<DocumentNumber>,
    /// When it was booked, or parked.
    pub at: Timestamp,
    /// Its head.
    pub header: Header,
    /// The confirmation that it came with.
    pub confirmation: Option<ConfirmationNumber>,
    /// Its lines.
    pub lines: Vec<LineRecord>,
}

/// A line of a material document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LineRecord {
    /// What was to be moved.
    pub movement: Movement,
    /// What became of it.
    pub fate: Fate,
    /// The line that it takes back.
    pub reverses: Option<ItemNumber>,
    /// The line that took it back.
    pub reversed_by: Option<ItemNumber>,
}

impl From<Line> for LineRecord {
    fn from(line: Line) -> Self {
        Self { movement: line.movement, fate: line.fate, reverses: line.reverses, reversed_by: None }
    }
}

impl LineRecord {
    /// Where it stands, if it is booked.
    #[must_use]
    pub const fn number(&self) -> Option<ItemNumber> {
        if let Fate::Booked { number } = self.fate { Some(number) } else { None }
    }
}

/// An order: what is planned, if that is known, and what was booked for it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OrderRecord {
    /// What is planned.
    pub plan: Option<Plan>,
    /// Indices of its confirmations.
    pub confirmations: Vec<usize>,
    /// Indices of its material documents.
    pub documents: Vec<usize>,
}

/// A lock on an order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lock {
    /// Until when.
    pub until: Timestamp,
    /// Who holds it.
    pub user: String,
}

/// Where a line is: index of its document, and within it.
pub type LineIndex = (usize, usize);

/// Everything the ERP holds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct State {
    pub(crate) last_seq: u64,
    pub(crate) attempts: HashMap<String, u32>,
    pub(crate) faults: BTreeMap<crate::faults::Fault, u64>,
    pub(crate) confirmations: Vec<ConfirmationRecord>,
    pub(crate) confirmations_by_key: HashMap<String, Vec<usize>>,
    pub(crate) confirmations_by_number: HashMap<ConfirmationNumber, usize>,
    pub(crate) groups: HashMap<(OrderKey, String), (u64, u32)>,
    pub(crate) documents: Vec<DocumentRecord>,
    pub(crate) documents_by_key: HashMap<String, Vec<usize>>,
    pub(crate) lines_by_text: BTreeMap<String, Vec<LineIndex>>,
    pub(crate) lines_by_number: HashMap<DocumentNumber, Vec<LineIndex>>,
    pub(crate) parked: BTreeMap<u64, LineIndex>,
    pub(crate) last_document: u64,
    pub(crate) last_parked: u64,
    pub(crate) requests: HashMap<String, Receipt>,
    pub(crate) orders: BTreeMap<OrderKey, OrderRecord>,
    pub(crate) materials: HashSet<(String, String)>,
    pub(crate) stock: BTreeMap<Place, Quantity>,
    pub(crate) locks: HashMap<OrderKey, Lock>,
    pub(crate) closed: HashMap<(Option<String>, Option<String>), Timestamp>,
    pub(crate) open_periods: Option<(String, String)>,
    pub(crate) lost: HashMap<(String, String), Timestamp>,
}

/// What a booking made: index of the confirmation or of the document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Receipt {
    /// A confirmation.
    Confirmation(usize),
    /// A material document.
    Document(usize),
}

impl State {
    /// Running number of the last entry.
    #[must_use]
    pub const fn last_seq(&self) -> u64 {
        self.last_seq
    }

    /// How often it was asked to book with that key.
    #[must_use]
    pub fn attempts(&self, key: &str) -> u32 {
        self.attempts.get(key).copied().unwrap_or(0)
    }

    /// Confirmations, in the order in which they were booked.
    #[must_use]
    pub fn confirmations(&self) -> &[ConfirmationRecord] {
        &self.confirmations
    }

    /// Material documents, in the order in which they were booked or parked.
    #[must_use]
    pub fn documents(&self) -> &[DocumentRecord] {
        &self.documents
    }

    /// Orders that are known, or that something was booked for.
    #[must_use]
    pub const fn orders(&self) -> &BTreeMap<OrderKey, OrderRecord> {
        &self.orders
    }

    /// Unrestricted stock.
    #[must_use]
    pub const fn stock(&self) -> &BTreeMap<Place, Quantity> {
        &self.stock
    }

    /// Movements that wait for a clerk.
    #[must_use]
    pub const fn parked(&self) -> &BTreeMap<u64, LineIndex> {
        &self.parked
    }

    /// Who has the order open now.
    #[must_use]
    pub fn lock(&self, order: &OrderKey, now: Timestamp) -> Option<&Lock> {
        self.locks.get(order).filter(|lock| lock.until > now)
    }

    /// Whether the plant's period is closed now, and which ones are open otherwise.
    #[must_use]
    pub fn closed_period(&self, plant: &str, period: &str, now: Timestamp) -> Option<(String, String)> {
        if let Some((from, to)) = self.open_periods.as_ref().filter(|(from, to)| period < from.as_str() || period > to.as_str()) {
            return Some((from.clone(), to.clone()));
        }
        let (plant, month) = (Some(plant.to_owned()), Some(period.to_owned()));
        let rows = [(None, None), (plant.clone(), None), (None, month.clone()), (plant, month)];
        rows.iter().any(|row| self.closed.get(row).is_some_and(|until| *until > now)).then(|| ("none".to_owned(), "none".to_owned()))
    }

    /// Whether the material's data is there now.
    #[must_use]
    pub fn has_material(&self, plant: &str, material: &str, open_world: bool, now: Timestamp) -> bool {
        let key = (plant.to_owned(), material.to_owned());
        self.lost.get(&key).is_none_or(|until| *until <= now) && (open_world || self.materials.contains(&key))
    }
}
