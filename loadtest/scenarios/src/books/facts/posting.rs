//! Order postings.

use apache_avro::types::Value;
use bigdecimal::BigDecimal;

use super::{Position, Quantity, partition, quantity};
use crate::books::shape::{Fields, ShapeError};

/// An order posting.
#[derive(Debug, Clone)]
pub struct Posting {
    /// Its own position.
    pub position: Position,
    /// Its id.
    pub id: String,
    /// Plant.
    pub plant: String,
    /// Order.
    pub order: String,
    /// Number within the order.
    pub sequence: i64,
    /// Event that made it due.
    pub caused_by: String,
    /// Days since 1970-01-01.
    pub posting_date: i64,
    /// Quantities per operation.
    pub confirmations: Vec<ConfirmationLine>,
    /// Goods movements.
    pub lines: Vec<PostingLine>,
    /// Nothing more is expected.
    pub is_final: bool,
    /// Sums per movement type and unit.
    pub control_totals: Vec<ControlTotal>,
    /// Count of events that it accounts for.
    pub covered_events: i64,
    /// Where their raw records stand.
    pub covered: Vec<RawRange>,
    /// The whole record, for comparisons of all that it says.
    pub content: Value,
}

/// Quantities of one operation in a posting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfirmationLine {
    /// Operation.
    pub operation: String,
    /// Unit of the three.
    pub unit: String,
    /// Good quantity.
    pub good: BigDecimal,
    /// Scrap.
    pub scrap: BigDecimal,
    /// To be reworked.
    pub rework: BigDecimal,
    /// Nothing more is expected.
    pub is_final: bool,
}

/// A goods movement in a posting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PostingLine {
    /// Number within the posting, from 1.
    pub line: i64,
    /// Movement type.
    pub movement_type: String,
    /// Material.
    pub item: String,
    /// Operation.
    pub operation: Option<String>,
    /// Storage location.
    pub storage_location: Option<String>,
    /// Lot.
    pub lot: Option<String>,
    /// Reservation.
    pub reservation: Option<String>,
    /// Item of the reservation.
    pub reservation_item: Option<String>,
    /// Position in the bill of material.
    pub position: Option<String>,
    /// Amount.
    pub quantity: Quantity,
}

/// Sum over the lines of a movement type and unit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ControlTotal {
    /// Movement type.
    pub movement_type: String,
    /// Unit.
    pub unit: String,
    /// Count of lines.
    pub lines: i64,
    /// Sum.
    pub quantity: BigDecimal,
}

/// Raw records of one partition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RawRange {
    /// First of them.
    pub first: Position,
    /// Offset of the last.
    pub last_offset: i64,
}

impl Posting {
    pub(crate) fn read(position_of: Position, value: &Value) -> Result<Self, ShapeError> {
        let fields = Fields::of(value)?;
        let covers = fields.record("covers")?;
        Ok(Self {
            position: position_of,
            id: fields.text("posting_id")?,
            plant: fields.text("plant")?,
            order: fields.text("order")?,
            sequence: fields.number("sequence")?,
            caused_by: fields.text("caused_by_event_id")?,
            posting_date: fields.number("posting_date")?,
            confirmations: fields.list("confirmations", |line| ConfirmationLine::read(line, ["yield", "scrap", "rework", "is_final"]))?,
            lines: fields.list("lines", PostingLine::read)?,
            is_final: fields.flag("final")?,
            control_totals: fields.list("control_totals", ControlTotal::read)?,
            covered_events: covers.number("event_count")?,
            covered: covers.list("positions", RawRange::read)?,
            content: value.clone(),
        })
    }
}

impl ConfirmationLine {
    pub(super) fn read(fields: Fields<'_>, [good, scrap, rework, is_final]: [&str; 4]) -> Result<Self, ShapeError> {
        Ok(Self {
            operation: fields.text("operation")?,
            unit: fields.text("unit")?,
            good: fields.decimal(good)?,
            scrap: fields.decimal(scrap)?,
            rework: fields.decimal(rework)?,
            is_final: fields.flag(is_final)?,
        })
    }
}

impl PostingLine {
    fn read(fields: Fields<'_>) -> Result<Self, ShapeError> {
        Ok(Self {
            line: fields.number("line")?,
            movement_type: fields.text("movement_type")?,
            item: fields.text("item")?,
            operation: fields.optional_text("operation")?,
            storage_location: fields.optional_text("storage_location")?,
            lot: fields.optional_text("lot")?,
            reservation: fields.optional_text("reservation")?,
            reservation_item: fields.optional_text("reservation_item")?,
            position: fields.optional_text("position")?,
            quantity: quantity(fields.record("quantity")?)?,
        })
    }
}

impl ControlTotal {
    fn read(fields: Fields<'_>) -> Result<Self, ShapeError> {
        Ok(Self { movement_type: fields.text("movement_type")?, unit: fields.text("unit")?, lines: fields.number("lines")?, quantity: fields.decimal("quantity")? })
    }
}

impl RawRange {
    fn read(fields: Fields<'_>) -> Result<Self, ShapeError> {
        let first = Position { topic: fields.text("topic")?, partition: partition(fields)?, offset: fields.number("first_offset")?, index: None };
        Ok(Self { first, last_offset: fields.number("last_offset")? })
    }
}
