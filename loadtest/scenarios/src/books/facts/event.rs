//! Events, before and after deduplication.

use apache_avro::types::Value;
use lineside_schemas::ContractId;
use lineside_topology::CanonicalTopic;

use super::{Position, Quantity, position, quantity};
use crate::books::shape::{Fields, ShapeError};

/// A record of topic `normalized`.
#[derive(Debug, Clone)]
pub struct Normalized {
    /// Its own position.
    pub position: Position,
    /// Source.
    pub source: String,
    /// Identity within the source.
    pub event_id: String,
    /// Raw record that it came from.
    pub raw: Position,
}

/// A canonical event, or a record of master data.
#[derive(Debug, Clone)]
pub struct Event {
    /// Its own position.
    pub position: Position,
    /// Source.
    pub source: String,
    /// Identity within the source.
    pub event_id: String,
    /// Plant.
    pub plant: String,
    /// Order; where the event is of another aggregate, what its key has behind the plant.
    pub order: String,
    /// Symbol of its type; for master data the name of the contract.
    pub kind: String,
    /// Microseconds since 1970-01-01T00:00:00Z, by the source's clock.
    pub source_time_us: i64,
    /// Nanoseconds beyond the microsecond.
    pub source_time_ns: i64,
    /// Raw record that it came from.
    pub raw: Position,
    /// What it says.
    pub fact: Fact,
}

/// What an event says, as far as the books go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fact {
    /// A component was issued to the order.
    Consumed(Movement),
    /// A component was taken back from the order.
    Returned(Movement),
    /// An earlier event is undone.
    Reversed {
        /// Event undone, of the same source.
        event_id: String,
        /// What it undoes; an event of another kind stands.
        of: Undone,
    },
    /// Product was received, or a co-product.
    Received(Receipt),
    /// A by-product was received.
    ByProduct {
        /// Line that it stands at, where it is named.
        movement: Movement,
    },
    /// Scrap that no confirmation reports, of the order's product.
    Scrapped {
        /// Operation.
        operation: String,
        /// Amount.
        quantity: Quantity,
    },
    /// Rework that no confirmation reports.
    Reworked {
        /// Operation.
        operation: String,
        /// Amount.
        quantity: Quantity,
    },
    /// Quantities of an operation.
    Confirmed(Confirmed),
    /// The order is complete.
    Completed,
    /// Of no weight for the books.
    Other,
}

/// What a reversal undoes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Undone {
    /// Consumptions and returns.
    Consumption,
    /// Confirmations.
    Confirmation,
    /// Receipts of product and by-products.
    Product,
}

/// A movement of a component.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Movement {
    /// Operation.
    pub operation: String,
    /// Reservation.
    pub reservation: Option<String>,
    /// Item of the reservation.
    pub reservation_item: Option<String>,
    /// Position in the bill of material.
    pub position: Option<String>,
    /// Material.
    pub item: String,
    /// Lot.
    pub lot: Option<String>,
    /// Sublot.
    pub sublot: Option<String>,
    /// Storage location.
    pub storage_location: Option<String>,
    /// Amount.
    pub quantity: Quantity,
}

/// Product received.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt {
    /// Material.
    pub item: String,
    /// Operation.
    pub operation: Option<String>,
    /// Lot.
    pub lot: Option<String>,
    /// Storage location.
    pub storage_location: Option<String>,
    /// Amount.
    pub quantity: Quantity,
}

/// Quantities confirmed at an operation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Confirmed {
    /// Operation.
    pub operation: String,
    /// Good quantity.
    pub good: Quantity,
    /// Scrap.
    pub scrap: Option<Quantity>,
    /// To be reworked.
    pub rework: Option<Quantity>,
}

impl Normalized {
    pub(crate) fn read(position_of: Position, value: &Value) -> Result<Self, ShapeError> {
        let fields = Fields::of(value)?;
        Ok(Self { position: position_of, source: fields.text("source")?, event_id: fields.text("event_id")?, raw: position(fields.record("raw")?)? })
    }
}

impl Event {
    pub(crate) fn read(row: &CanonicalTopic, position_of: Position, value: &Value) -> Result<Self, ShapeError> {
        let fields = Fields::of(value)?;
        let envelope = fields.record("envelope")?;
        let is_production = row.contract == ContractId::ProductionEvent;
        let kind = if row.topic.starts_with("master.") { row.contract.name().to_owned() } else { fields.text("type")? };
        let aggregate = row.key.iter().map(|name| fields.text(name)).collect::<Result<Vec<_>, _>>()?;
        Ok(Self {
            position: position_of,
            source: envelope.text("source")?,
            event_id: envelope.text("event_id")?,
            plant: envelope.text("plant")?,
            order: aggregate.join("/"),
            source_time_us: envelope.number("source_time")?,
            source_time_ns: envelope.number("source_time_nanos")?,
            raw: position(envelope.record("raw")?)?,
            // The books are those of production orders.
            fact: if is_production { Fact::read(&kind, fields)? } else { Fact::Other },
            kind,
        })
    }
}

impl Fact {
    fn read(kind: &str, event: Fields<'_>) -> Result<Self, ShapeError> {
        Ok(match kind {
            "MATERIAL_CONSUMED" => Self::Consumed(Movement::read(event.record("material_consumed")?)?),
            "MATERIAL_RETURNED" => Self::Returned(Movement::read(event.record("material_returned")?)?),
            "CONSUMPTION_REVERSED" => Self::reversed(event, "consumption_reversed", Undone::Consumption)?,
            "CONFIRMATION_REVERSED" => Self::reversed(event, "confirmation_reversed", Undone::Confirmation)?,
            "FINISHED_GOODS_REVERSED" => Self::reversed(event, "finished_goods_reversed", Undone::Product)?,
            "BY_PRODUCT_REPORTED" => {
                let group = event.record("by_product_reported")?;
                let (kind, received) = (group.text("kind")?, quantity(group.record("quantity")?)?);
                let (operation, lot, storage_location) = (group.optional_text("operation")?, group.optional_text("lot")?, group.optional_text("storage_location")?);
                if kind == "CO_PRODUCT" || kind == "MAIN_PRODUCT" {
                    return Ok(Self::Received(Receipt { item: group.text("item")?, operation, lot, storage_location, quantity: received }));
                }
                let movement = Movement {
                    operation: operation.unwrap_or_default(),
                    reservation: group.optional_text("reservation")?,
                    reservation_item: group.optional_text("reservation_item")?,
                    position: group.optional_text("position")?,
                    item: group.text("item")?,
                    lot,
                    sublot: group.optional_text("sublot")?,
                    storage_location,
                    quantity: received,
                };
                Self::ByProduct { movement }
            }
            "SCRAP_REPORTED" => {
                let group = event.record("scrap_reported")?;
                Self::Scrapped { operation: group.optional_text("operation")?.unwrap_or_default(), quantity: quantity(group.record("quantity")?)? }
            }
            "REWORK_REPORTED" => {
                let group = event.record("rework_reported")?;
                Self::Reworked { operation: group.optional_text("operation")?.unwrap_or_default(), quantity: quantity(group.record("quantity")?)? }
            }
            "FINISHED_GOODS_REPORTED" => {
                let group = event.record("finished_goods_reported")?;
                Self::Received(Receipt {
                    item: group.text("item")?,
                    operation: group.optional_text("operation")?,
                    lot: group.optional_text("lot")?,
                    storage_location: group.optional_text("storage_location")?,
                    quantity: quantity(group.record("quantity")?)?,
                })
            }
            "OPERATION_CONFIRMED" => {
                let group = event.record("operation_confirmed")?;
                Self::Confirmed(Confirmed {
                    operation: group.text("operation")?,
                    good: quantity(group.record("yield")?)?,
                    scrap: group.optional_record("scrap")?.map(quantity).transpose()?,
                    rework: group.optional_record("rework")?.map(quantity).transpose()?,
                })
            }
            "ORDER_COMPLETED" => Self::Completed,
            _ => Self::Other,
        })
    }
}

impl Fact {
    fn reversed(event: Fields<'_>, group: &str, of: Undone) -> Result<Self, ShapeError> {
        Ok(Self::Reversed { event_id: event.record(group)?.text("reversed_event_id")?, of })
    }
}

impl Movement {
    fn read(group: Fields<'_>) -> Result<Self, ShapeError> {
        Ok(Self {
            operation: group.text("operation")?,
            reservation: group.optional_text("reservation")?,
            reservation_item: group.optional_text("reservation_item")?,
            position: group.optional_text("position")?,
            item: group.text("item")?,
            lot: group.optional_text("lot")?,
            sublot: group.optional_text("sublot")?,
            storage_location: group.optional_text("storage_location")?,
            quantity: quantity(group.record("quantity")?)?,
        })
    }
}
