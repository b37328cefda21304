//! What the ERP is told.

use apache_avro::types::Value;

use super::{ConfirmationLine, Quantity};
use crate::books::shape::{Fields, ShapeError};

/// A confirmation for the ERP.
#[derive(Debug, Clone)]
pub struct Confirmation {
    /// Its id.
    pub id: String,
    /// Posting that it was made from.
    pub posting_id: String,
    /// Plant and order.
    pub order: (String, String),
    /// What it says, in the posting's terms.
    pub line: ConfirmationLine,
}

/// A material document for the ERP.
#[derive(Debug, Clone)]
pub struct GoodsMovement {
    /// Its id.
    pub id: String,
    /// Posting that it was made from.
    pub posting_id: String,
    /// Plant and order.
    pub order: (String, String),
    /// Its lines.
    pub items: Vec<MovementItem>,
    /// The lines' numbers, in the same order.
    pub numbers: Vec<i64>,
}

/// A line of a material document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MovementItem {
    /// Line of the posting that it was made from.
    pub posting_line: i64,
    /// Movement type.
    pub movement_type: String,
    /// Material.
    pub item: String,
    /// Storage location.
    pub storage_location: Option<String>,
    /// Lot.
    pub lot: Option<String>,
    /// Reservation.
    pub reservation: Option<String>,
    /// Item of the reservation.
    pub reservation_item: Option<String>,
    /// Amount.
    pub quantity: Quantity,
}

impl Confirmation {
    pub(crate) fn read(value: &Value) -> Result<Self, ShapeError> {
        let fields = Fields::of(value)?;
        Ok(Self {
            id: fields.text("confirmation_id")?,
            posting_id: fields.text("posting_id")?,
            order: (fields.text("plant")?, fields.text("order")?),
            line: ConfirmationLine::read(fields, ["yield_quantity", "scrap_quantity", "rework_quantity", "is_final_confirmation"])?,
        })
    }
}

impl GoodsMovement {
    pub(crate) fn read(value: &Value) -> Result<Self, ShapeError> {
        let fields = Fields::of(value)?;
        Ok(Self {
            id: fields.text("document_id")?,
            posting_id: fields.text("posting_id")?,
            order: (fields.text("plant")?, fields.text("order")?),
            items: fields.list("items", MovementItem::read)?,
            numbers: fields.list("items", |item| item.number("item"))?,
        })
    }
}

impl MovementItem {
    fn read(fields: Fields<'_>) -> Result<Self, ShapeError> {
        Ok(Self {
            posting_line: fields.number("posting_line")?,
            movement_type: fields.text("movement_type")?,
            item: fields.text("material")?,
            storage_location: fields.optional_text("storage_location")?,
            lot: fields.optional_text("batch")?,
            reservation: fields.optional_text("reservation")?,
            reservation_item: fields.optional_text("reservation_item")?,
            quantity: Quantity { value: fields.decimal("quantity_in_entry_unit")?, unit: fields.text("entry_unit")? },
        })
    }
}
