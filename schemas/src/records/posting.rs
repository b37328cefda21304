//! Records of the family `posting`. Generated from `avro/`; do not edit.

use serde::{Deserialize, Serialize};

use crate::decimal::Decimal;
use crate::time::Date;
use crate::time::Timestamp;
use super::Quantity;

/// Quantities of one operation and unit.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct ConfirmationLine<'a> {
    /// Operation (SAP OrderOperation).
    #[serde(borrow)]
    pub operation: &'a str,
    /// Unit of all three quantities, UN/CEFACT Recommendation 20.
    #[serde(borrow)]
    pub unit: &'a str,
    /// Good quantity; negative takes back.
    pub r#yield: Decimal,
    /// Scrapped quantity; negative takes back.
    pub scrap: Decimal,
    /// Quantity to be reworked; negative takes back.
    pub rework: Decimal,
    /// Nothing more is expected for the operation (SAP IsFinalConfirmation).
    pub is_final: bool,
}

/// Sum over the lines of a movement type and unit, for the receiver to check.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct ControlTotal<'a> {
    /// Movement type.
    #[serde(borrow)]
    pub movement_type: &'a str,
    /// Unit.
    #[serde(borrow)]
    pub unit: &'a str,
    /// Count of lines.
    pub lines: i32,
    /// Sum of their quantities.
    pub quantity: Decimal,
}

/// The events that the posting accounts for, and no posting before it.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Coverage<'a> {
    /// Count of events.
    pub event_count: i64,
    /// Order-independent fingerprint of their ids. 32 hexadecimal digits.
    #[serde(borrow)]
    pub fingerprint: &'a str,
    /// Earliest source time among them.
    pub first_source_time: Timestamp,
    /// Latest source time among them.
    pub last_source_time: Timestamp,
    /// Where the raw records stand, sorted.
    #[serde(borrow)]
    pub positions: Vec<RawRange<'a>>,
}

/// What an order has to book in the ERP, aggregated from its operations' events. Topic order.postings.v1, keyed by plant and order. The first posting of an order carries totals, later ones deltas.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct OrderPosting<'a> {
    /// Deterministic: the same covered events give the same id. 32 hexadecimal digits.
    #[serde(borrow)]
    pub posting_id: &'a str,
    /// Plant.
    #[serde(borrow)]
    pub plant: &'a str,
    /// Production order.
    #[serde(borrow)]
    pub order: &'a str,
    /// Number of the posting within the order, from 1, without gaps.
    pub sequence: i32,
    /// Correlation of the order's story.
    #[serde(borrow)]
    pub correlation_id: &'a str,
    /// event_id of the event that made this posting due.
    #[serde(borrow)]
    pub caused_by_event_id: &'a str,
    /// Who books the goods movements.
    #[serde(default)]
    pub mode: PostingMode,
    /// Posting rule that made it, with its version.
    #[serde(borrow)]
    pub rule_version: &'a str,
    /// Date it belongs to in the books, the plant's calendar (SAP PostingDate).
    pub posting_date: Date,
    /// Date of the event behind it, the plant's calendar (SAP DocumentDate).
    pub document_date: Date,
    /// Quantities per operation, sorted by operation.
    #[serde(borrow)]
    pub confirmations: Vec<ConfirmationLine<'a>>,
    /// Goods movements, sorted by component line.
    #[serde(borrow)]
    pub lines: Vec<PostingLine<'a>>,
    /// Nothing more is expected of the order; what comes all the same is posted as a delta.
    pub r#final: bool,
    /// Open reservations of the order are to be cleared (SAP OpenReservationsIsCleared).
    pub clear_reservations: bool,
    /// Control totals, sorted by movement type and unit.
    #[serde(borrow)]
    pub control_totals: Vec<ControlTotal<'a>>,
    /// What it covers.
    #[serde(borrow)]
    pub covers: Coverage<'a>,
}

/// One goods movement to book.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct PostingLine<'a> {
    /// Number of the line within the posting, from 1.
    pub line: i32,
    /// Movement type: 101 receipt, 102 its reversal, 261 issue to order, 262 its reversal or return.
    #[serde(borrow)]
    pub movement_type: &'a str,
    /// Material.
    #[serde(borrow)]
    pub item: &'a str,
    /// Plant.
    #[serde(borrow)]
    pub plant: &'a str,
    /// Operation.
    #[serde(default, borrow)]
    pub operation: Option<&'a str>,
    /// Storage location.
    #[serde(default, borrow)]
    pub storage_location: Option<&'a str>,
    /// Lot (SAP Batch).
    #[serde(default, borrow)]
    pub lot: Option<&'a str>,
    /// Reservation.
    #[serde(default, borrow)]
    pub reservation: Option<&'a str>,
    /// Reservation item.
    #[serde(default, borrow)]
    pub reservation_item: Option<&'a str>,
    /// Position in the bill of material.
    #[serde(default, borrow)]
    pub position: Option<&'a str>,
    /// Amount; positive, the movement type gives the direction.
    #[serde(borrow)]
    pub quantity: Quantity<'a>,
    /// Posting line that this one takes back (posting id and line), where one is known.
    #[serde(default, borrow)]
    pub reverses: Option<&'a str>,
}

/// Who books the goods movements. See posting rules: EXPLICIT_MOVEMENTS we do; ERP_BACKFLUSH the ERP at confirmation; CONFIRM_ONLY nobody here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum PostingMode {
    /// A symbol that this version does not know.
    #[default]
    Unknown,
    /// `EXPLICIT_MOVEMENTS`
    ExplicitMovements,
    /// `ERP_BACKFLUSH`
    ErpBackflush,
    /// `CONFIRM_ONLY`
    ConfirmOnly,
}

impl PostingMode {
    /// Every symbol, in the order of the schema.
    pub const SYMBOLS: &'static [&'static str] = &[
        "UNKNOWN",
        "EXPLICIT_MOVEMENTS",
        "ERP_BACKFLUSH",
        "CONFIRM_ONLY",
    ];

    /// The Avro symbol.
    #[must_use]
    pub const fn symbol(self) -> &'static str {
        Self::SYMBOLS[self as usize]
    }

    /// The variant of a symbol; `Unknown` for one that this version does not know.
    #[must_use]
    pub fn from_symbol(symbol: &str) -> Self {
        match symbol {
            "EXPLICIT_MOVEMENTS" => Self::ExplicitMovements,
            "ERP_BACKFLUSH" => Self::ErpBackflush,
            "CONFIRM_ONLY" => Self::ConfirmOnly,
            _ => Self::Unknown,
        }
    }
}

crate::codec::avro_enum!(PostingMode);

/// Raw records of one partition.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct RawRange<'a> {
    /// Raw topic.
    #[serde(borrow)]
    pub topic: &'a str,
    /// Partition.
    pub partition: i32,
    /// First offset covered.
    pub first_offset: i64,
    /// Last offset covered; others in between may belong to other orders.
    pub last_offset: i64,
}
