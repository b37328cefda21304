//! Records of the family `production`. Generated from `avro/`; do not edit.

use serde::{Deserialize, Serialize};

use crate::time::Timestamp;
use super::Envelope;
use super::Quantity;

/// A movement of one component line of an order. The line is identified by its reservation item, or by operation and position; never by the material alone, which can stand twice in an order.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ComponentMovement<'a> {
    /// Operation (B2MML SegmentResponse/ID, SAP OrderOperation).
    #[serde(borrow)]
    pub operation: &'a str,
    /// Reservation of the order (SAP Reservation).
    #[serde(default, borrow)]
    pub reservation: Option<&'a str>,
    /// Item of the reservation (SAP ReservationItem).
    #[serde(default, borrow)]
    pub reservation_item: Option<&'a str>,
    /// Position of the component in the bill of material (SAP BillOfMaterialItemNumber).
    #[serde(default, borrow)]
    pub position: Option<&'a str>,
    /// Material (B2MML MaterialDefinitionID, SAP Material).
    #[serde(borrow)]
    pub item: &'a str,
    /// Lot (B2MML MaterialLotID, SAP Batch).
    #[serde(default, borrow)]
    pub lot: Option<&'a str>,
    /// Sublot, handling unit or container (B2MML MaterialSubLotID).
    #[serde(default, borrow)]
    pub sublot: Option<&'a str>,
    /// Storage location that it was taken from or returned to.
    #[serde(default, borrow)]
    pub storage_location: Option<&'a str>,
    /// Amount moved; positive.
    #[serde(borrow)]
    pub quantity: Quantity<'a>,
}

/// An earlier consumption or return is undone. Names the event, not the quantity: the whole event is undone.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ConsumptionReversed<'a> {
    /// event_id of the event undone, of the same source.
    #[serde(borrow)]
    pub reversed_event_id: &'a str,
    /// Reason the source gives.
    #[serde(default, borrow)]
    pub reason: Option<&'a str>,
}

/// Product received from the order.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FinishedGoodsReported<'a> {
    /// Material received.
    #[serde(borrow)]
    pub item: &'a str,
    /// Operation that reported it.
    #[serde(default, borrow)]
    pub operation: Option<&'a str>,
    /// Lot of the product (SAP Batch).
    #[serde(default, borrow)]
    pub lot: Option<&'a str>,
    /// Storage location that received it.
    #[serde(default, borrow)]
    pub storage_location: Option<&'a str>,
    /// Amount received; positive.
    #[serde(borrow)]
    pub quantity: Quantity<'a>,
}

/// Quantities reported for an operation, each counting from the last report (a delta, not a total).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct OperationConfirmed<'a> {
    /// Operation confirmed.
    #[serde(borrow)]
    pub operation: &'a str,
    /// Work center.
    #[serde(default, borrow)]
    pub work_center: Option<&'a str>,
    /// Good quantity (SAP ConfirmationYieldQuantity).
    #[serde(borrow)]
    pub r#yield: Quantity<'a>,
    /// Scrapped quantity (SAP ConfirmationScrapQuantity).
    #[serde(default, borrow)]
    pub scrap: Option<Quantity<'a>>,
    /// Quantity to be reworked (SAP ConfirmationReworkQuantity).
    #[serde(default, borrow)]
    pub rework: Option<Quantity<'a>>,
    /// The source says that nothing more follows for this operation (SAP IsFinalConfirmation).
    #[serde(default)]
    pub is_final: bool,
}

/// Work on an operation began.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct OperationStarted<'a> {
    /// Operation (B2MML SegmentResponse/ID, SAP OrderOperation).
    #[serde(borrow)]
    pub operation: &'a str,
    /// Work center (ISA-95 work center or unit).
    #[serde(default, borrow)]
    pub work_center: Option<&'a str>,
}

/// The order is technically complete: no further work is planned on it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct OrderCompleted<'a> {
    /// Reason the source gives, where it is not the normal end.
    #[serde(default, borrow)]
    pub reason: Option<&'a str>,
}

/// The order may be worked on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct OrderReleased<'a> {
    /// Material to be produced.
    #[serde(borrow)]
    pub item: &'a str,
    /// Planned yield.
    #[serde(borrow)]
    pub planned_quantity: Quantity<'a>,
    /// Type of order (SAP ManufacturingOrderType).
    #[serde(default, borrow)]
    pub order_type: Option<&'a str>,
    /// Planned start.
    #[serde(default)]
    pub planned_start: Option<Timestamp>,
    /// Planned end.
    #[serde(default)]
    pub planned_end: Option<Timestamp>,
}

/// One event in the life of a production order. Topic canonical.production.v1, keyed by plant and order. Exactly one of the groups is set, the one that type names; a reader that does not know the type sees UNKNOWN and no group.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ProductionEvent<'a> {
    /// What every canonical event carries.
    #[serde(borrow)]
    pub envelope: Envelope<'a>,
    /// Production order, as its plant writes it (SAP ManufacturingOrder, B2MML ProductionResponse/ID). A string: leading zeros count.
    #[serde(borrow)]
    pub order: &'a str,
    /// Which group is set.
    #[serde(default)]
    pub r#type: ProductionEventType,
    /// Set when type is ORDER_RELEASED.
    #[serde(default, borrow)]
    pub order_released: Option<OrderReleased<'a>>,
    /// Set when type is OPERATION_STARTED.
    #[serde(default, borrow)]
    pub operation_started: Option<OperationStarted<'a>>,
    /// Set when type is OPERATION_CONFIRMED.
    #[serde(default, borrow)]
    pub operation_confirmed: Option<OperationConfirmed<'a>>,
    /// Set when type is MATERIAL_CONSUMED: issued to the order.
    #[serde(default, borrow)]
    pub material_consumed: Option<ComponentMovement<'a>>,
    /// Set when type is MATERIAL_RETURNED: taken back from the order.
    #[serde(default, borrow)]
    pub material_returned: Option<ComponentMovement<'a>>,
    /// Set when type is CONSUMPTION_REVERSED.
    #[serde(default, borrow)]
    pub consumption_reversed: Option<ConsumptionReversed<'a>>,
    /// Set when type is FINISHED_GOODS_REPORTED.
    #[serde(default, borrow)]
    pub finished_goods_reported: Option<FinishedGoodsReported<'a>>,
    /// Set when type is ORDER_COMPLETED.
    #[serde(default, borrow)]
    pub order_completed: Option<OrderCompleted<'a>>,
}

/// Which group is set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum ProductionEventType {
    /// A symbol that this version does not know.
    #[default]
    Unknown,
    /// `ORDER_RELEASED`
    OrderReleased,
    /// `OPERATION_STARTED`
    OperationStarted,
    /// `OPERATION_CONFIRMED`
    OperationConfirmed,
    /// `MATERIAL_CONSUMED`
    MaterialConsumed,
    /// `MATERIAL_RETURNED`
    MaterialReturned,
    /// `CONSUMPTION_REVERSED`
    ConsumptionReversed,
    /// `FINISHED_GOODS_REPORTED`
    FinishedGoodsReported,
    /// `ORDER_COMPLETED`
    OrderCompleted,
}

impl ProductionEventType {
    /// Every symbol, in the order of the schema.
    pub const SYMBOLS: &'static [&'static str] = &[
        "UNKNOWN",
        "ORDER_RELEASED",
        "OPERATION_STARTED",
        "OPERATION_CONFIRMED",
        "MATERIAL_CONSUMED",
        "MATERIAL_RETURNED",
        "CONSUMPTION_REVERSED",
        "FINISHED_GOODS_REPORTED",
        "ORDER_COMPLETED",
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
            "ORDER_RELEASED" => Self::OrderReleased,
            "OPERATION_STARTED" => Self::OperationStarted,
            "OPERATION_CONFIRMED" => Self::OperationConfirmed,
            "MATERIAL_CONSUMED" => Self::MaterialConsumed,
            "MATERIAL_RETURNED" => Self::MaterialReturned,
            "CONSUMPTION_REVERSED" => Self::ConsumptionReversed,
            "FINISHED_GOODS_REPORTED" => Self::FinishedGoodsReported,
            "ORDER_COMPLETED" => Self::OrderCompleted,
            _ => Self::Unknown,
        }
    }
}

crate::codec::avro_enum!(ProductionEventType);
