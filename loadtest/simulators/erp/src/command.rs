//! What the ERP is asked to book, whatever the dialect it was asked in.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::quantity::Quantity;

/// A production order: its plant and its number.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct OrderKey {
    /// Plant.
    pub plant: String,
    /// Number.
    pub order: String,
}

/// Number of a confirmation: the group is the operation's, the count is the confirmation's within it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct ConfirmationNumber {
    /// Confirmation group.
    pub group: u64,
    /// Confirmation count.
    pub count: u32,
}

/// Number of a material document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct DocumentNumber {
    /// Year of its posting date.
    pub year: i16,
    /// Number.
    pub number: u64,
}

/// Number of a line of a material document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct ItemNumber {
    /// The document.
    pub document: DocumentNumber,
    /// Line within it, from 1.
    pub item: u32,
}

/// Confirmation of an operation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Confirmation {
    /// Its order.
    #[serde(flatten)]
    pub order: OrderKey,
    /// Operation.
    pub operation: String,
    /// Good quantity.
    pub r#yield: Quantity,
    /// Scrap of the order.
    pub scrap: Quantity,
    /// To be reworked.
    pub rework: Quantity,
    /// Unit, as it was sent.
    pub unit: String,
    /// Unit by UN/CEFACT Recommendation 20.
    pub unit_code: String,
    /// Whether the operation is done with it.
    pub is_final: bool,
    /// Whether open reservations are cleared.
    pub clears_reservations: bool,
    /// Whether it must not move goods.
    pub has_no_goods_movements: bool,
    /// Posting date.
    pub posting_date: Date,
    /// Text.
    pub text: String,
    /// Key of the system that asked, as it is stored.
    pub key: String,
}

/// Head of a material document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Header {
    /// Goods movement code.
    pub goods_movement_code: String,
    /// Posting date.
    pub posting_date: Date,
    /// Document date.
    pub document_date: Date,
    /// Reference document.
    pub reference: String,
    /// Key of the system that asked, as it is stored.
    pub key: String,
}

/// One line of a material document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Movement {
    /// Key of the line, as it is stored.
    pub text: String,
    /// Movement type.
    pub movement_type: String,
    /// Reference type; F names the order.
    pub reference_type: String,
    /// Order.
    pub order: String,
    /// Material.
    pub material: String,
    /// Plant.
    pub plant: String,
    /// Storage location; may be empty.
    pub storage_location: String,
    /// Batch; may be empty.
    pub batch: String,
    /// Reservation; may be empty.
    pub reservation: String,
    /// Item of the reservation; may be empty.
    pub reservation_item: String,
    /// Quantity.
    pub quantity: Quantity,
    /// Unit, as it was sent.
    pub unit: String,
    /// Unit by UN/CEFACT Recommendation 20.
    pub unit_code: String,
}

impl Movement {
    /// Its order, which stands in the line's plant.
    #[must_use]
    pub fn order_key(&self) -> OrderKey {
        OrderKey { plant: self.plant.clone(), order: self.order.clone() }
    }
}

/// A request to book.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    /// Confirm an operation, with its movements.
    Confirm(Box<Confirmation>, Vec<Movement>),
    /// Book a material document.
    Move(Box<Header>, Vec<Movement>),
    /// Take a confirmation back, and its movements with it.
    CancelConfirmation {
        /// Which.
        number: ConfirmationNumber,
        /// Posting date of the reversal; that of the original if none is given.
        posting_date: Option<Date>,
        /// Key of the system that asked.
        key: String,
    },
    /// Take a material document back, or one line of it.
    CancelDocument {
        /// Which.
        number: DocumentNumber,
        /// The line; all of them if none is given.
        item: Option<u32>,
        /// Posting date of the reversal; that of the original if none is given.
        posting_date: Option<Date>,
        /// Key of the system that asked.
        key: String,
    },
}

impl Command {
    /// Key of the system that asked.
    #[must_use]
    pub fn key(&self) -> &str {
        match self {
            Self::Confirm(confirmation, _) => &confirmation.key,
            Self::Move(header, _) => &header.key,
            Self::CancelConfirmation { key, .. } | Self::CancelDocument { key, .. } => key,
        }
    }

    /// The order it is about, if it says so.
    #[must_use]
    pub fn order(&self) -> Option<OrderKey> {
        match self {
            Self::Confirm(confirmation, _) => Some(confirmation.order.clone()),
            Self::Move(_, movements) => movements.first().map(Movement::order_key),
            Self::CancelConfirmation { .. } | Self::CancelDocument { .. } => None,
        }
    }
}
