//! Records of the family `erp`. Generated from `avro/`; do not edit.

use serde::{Deserialize, Serialize};

use crate::decimal::Decimal;
use crate::time::Date;

/// Confirmation of one operation, in the shape of an ERP's production order confirmation (S/4HANA ProdnOrdConf2). Topic erp.confirmations.v1, keyed by plant and order.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct ErpConfirmation<'a> {
    /// Idempotency key: deterministic, of the posting and the operation. 32 hexadecimal digits; goes into a field that the ERP stores (SAP ExternalSystemConfirmation).
    #[serde(borrow)]
    pub confirmation_id: &'a str,
    /// Posting it was made from.
    #[serde(borrow)]
    pub posting_id: &'a str,
    /// Sequence of that posting within the order.
    pub sequence: i32,
    /// Correlation of the order's story.
    #[serde(borrow)]
    pub correlation_id: &'a str,
    /// Plant (SAP ProductionPlant).
    #[serde(borrow)]
    pub plant: &'a str,
    /// Production order (SAP OrderID).
    #[serde(borrow)]
    pub order: &'a str,
    /// Operation (SAP OrderOperation).
    #[serde(borrow)]
    pub operation: &'a str,
    /// Unit of the quantities, UN/CEFACT Recommendation 20 (SAP ConfirmationUnit after its code table).
    #[serde(borrow)]
    pub unit: &'a str,
    /// SAP ConfirmationYieldQuantity.
    pub yield_quantity: Decimal,
    /// SAP ConfirmationScrapQuantity.
    pub scrap_quantity: Decimal,
    /// SAP ConfirmationReworkQuantity.
    pub rework_quantity: Decimal,
    /// SAP IsFinalConfirmation.
    pub is_final_confirmation: bool,
    /// SAP OpenReservationsIsCleared.
    pub open_reservations_is_cleared: bool,
    /// The confirmation must not move goods: they are posted apart (SAP APIConfHasNoGoodsMovements).
    pub has_no_goods_movements: bool,
    /// SAP PostingDate.
    pub posting_date: Date,
    /// Date of the event behind it.
    pub document_date: Date,
}

/// A material document to book, in the shape of an ERP's goods movement (S/4HANA A_MaterialDocumentHeader with its items). Topic erp.goods-movements.v1, keyed by plant and order.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct ErpGoodsMovement<'a> {
    /// Idempotency key: deterministic, of the posting and the goods movement code. 32 hexadecimal digits.
    #[serde(borrow)]
    pub document_id: &'a str,
    /// Posting it was made from.
    #[serde(borrow)]
    pub posting_id: &'a str,
    /// Sequence of that posting within the order.
    pub sequence: i32,
    /// Correlation of the order's story.
    #[serde(borrow)]
    pub correlation_id: &'a str,
    /// Plant.
    #[serde(borrow)]
    pub plant: &'a str,
    /// Production order.
    #[serde(borrow)]
    pub order: &'a str,
    /// 02 receipt from order, 03 issue (SAP GoodsMovementCode).
    #[serde(borrow)]
    pub goods_movement_code: &'a str,
    /// SAP PostingDate.
    pub posting_date: Date,
    /// SAP DocumentDate.
    pub document_date: Date,
    /// Lines of the document.
    #[serde(borrow)]
    pub items: Vec<GoodsMovementItem<'a>>,
}

/// One line of the material document.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct GoodsMovementItem<'a> {
    /// Number of the line within the document, from 1.
    pub item: i32,
    /// Line of the posting it was made from.
    pub posting_line: i32,
    /// SAP GoodsMovementType.
    #[serde(borrow)]
    pub movement_type: &'a str,
    /// F for an order (SAP GoodsMovementRefDocType) where the movement is a receipt.
    #[serde(default, borrow)]
    pub reference_type: Option<&'a str>,
    /// SAP Material.
    #[serde(borrow)]
    pub material: &'a str,
    /// SAP Plant.
    #[serde(borrow)]
    pub plant: &'a str,
    /// SAP StorageLocation.
    #[serde(default, borrow)]
    pub storage_location: Option<&'a str>,
    /// SAP Batch.
    #[serde(default, borrow)]
    pub batch: Option<&'a str>,
    /// SAP Reservation.
    #[serde(default, borrow)]
    pub reservation: Option<&'a str>,
    /// SAP ReservationItem.
    #[serde(default, borrow)]
    pub reservation_item: Option<&'a str>,
    /// SAP QuantityInEntryUnit; positive.
    pub quantity_in_entry_unit: Decimal,
    /// Unit, UN/CEFACT Recommendation 20 (SAP EntryUnit after its code table).
    #[serde(borrow)]
    pub entry_unit: &'a str,
}
