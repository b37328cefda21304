//! What the reconciler says of an order.

use apache_avro::types::Value;
use bigdecimal::BigDecimal;

use crate::books::net::{BookKey, ComponentRef, OrderKey};
use crate::books::shape::{Fields, ShapeError};

/// The books of an order, as published last.
#[derive(Debug, Clone)]
pub struct Reconciled {
    /// Plant and order.
    pub order: OrderKey,
    /// How they stand.
    pub status: String,
    /// Lines.
    pub lines: Vec<ReconciledLine>,
    /// Differences that stand: class, subject and text.
    pub gaps: Vec<(String, String, String)>,
    /// How many differences are in flight.
    pub in_flight: usize,
}

/// A line of them.
#[derive(Debug, Clone)]
pub struct ReconciledLine {
    /// Which; none for a kind that this check does not know.
    pub key: Option<BookKey>,
    /// Sum of the accepted events.
    pub net: BigDecimal,
    /// Sum of the posting lines.
    pub posted: BigDecimal,
    /// Remainder, open, held and in flight.
    pub explained: [BigDecimal; 4],
    /// What is left.
    pub gap: BigDecimal,
}

impl Reconciled {
    pub(crate) fn read(value: &Value) -> Result<Self, ShapeError> {
        let fields = Fields::of(value)?;
        Ok(Self {
            order: OrderKey { plant: fields.text("plant")?, order: fields.text("order")? },
            status: fields.text("status")?,
            lines: fields.list("lines", ReconciledLine::read)?,
            gaps: fields.list("gaps", |gap| Ok((gap.text("class")?, gap.text("subject")?, gap.text("text")?)))?,
            in_flight: fields.list("in_flight", |_| Ok(()))?.len(),
        })
    }
}

impl ReconciledLine {
    fn read(fields: Fields<'_>) -> Result<Self, ShapeError> {
        let (operation, unit) = (fields.optional_text("operation")?, fields.text("unit")?);
        let named = || operation.clone().unwrap_or_default();
        let (item, lot, storage_location) = (fields.optional_text("item")?, fields.optional_text("lot")?, fields.optional_text("storage_location")?);
        let key = match fields.text("kind")?.as_str() {
            "COMPONENT" => {
                let (reservation, reservation_item, position) =
                    (fields.optional_text("reservation")?, fields.optional_text("reservation_item")?, fields.optional_text("position")?);
                Some(BookKey::from(ComponentRef {
                    operation: operation.as_deref(),
                    reservation: reservation.as_deref(),
                    reservation_item: reservation_item.as_deref(),
                    position: position.as_deref(),
                    item: item.as_deref().unwrap_or_default(),
                    lot: lot.as_deref(),
                    storage_location: storage_location.as_deref(),
                    unit: &unit,
                }))
            }
            "RECEIPT" => Some(BookKey::Receipt { item: item.unwrap_or_default(), lot, storage_location, unit }),
            "YIELD" => Some(BookKey::Good(named(), unit)),
            "SCRAP" => Some(BookKey::Scrap(named(), unit)),
            "REWORK" => Some(BookKey::Rework(named(), unit)),
            _ => None,
        };
        let explained = ["remainder", "open", "held", "in_flight"].map(|name| fields.decimal(name));
        let [remainder, open, held, in_flight] = explained;
        Ok(Self { key, net: fields.decimal("net")?, posted: fields.decimal("posted")?, explained: [remainder?, open?, held?, in_flight?], gap: fields.decimal("gap")? })
    }
}
