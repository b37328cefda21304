//! Records of the family `erp`. Generated from `avro/`; do not edit.

use serde::{Deserialize, Serialize};

use crate::decimal::Decimal;
use crate::time::Date;
use crate::time::Timestamp;
use super::ActivityTime;
use super::Quantity;

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
    /// Time to set up (SAP OpConfirmedWorkQuantity1); negative takes back.
    #[serde(default, borrow)]
    pub setup_time: Option<Quantity<'a>>,
    /// Machine time (SAP OpConfirmedWorkQuantity2); negative takes back.
    #[serde(default, borrow)]
    pub machine_time: Option<Quantity<'a>>,
    /// Labour time (SAP OpConfirmedWorkQuantity3); negative takes back.
    #[serde(default, borrow)]
    pub labour_time: Option<Quantity<'a>>,
    /// Amounts of further activities, sorted by activity (SAP OpConfirmedWorkQuantity4 to 6).
    #[serde(default, borrow)]
    pub activities: Vec<ActivityTime<'a>>,
    /// Work center (SAP WorkCenter).
    #[serde(default, borrow)]
    pub work_center: Option<&'a str>,
    /// When the first work behind it began (SAP OpConfirmedExecutionStartDate and Time).
    #[serde(default)]
    pub actual_start: Option<Timestamp>,
    /// When the last work behind it ended (SAP OpConfirmedExecutionEndDate and Time).
    #[serde(default)]
    pub actual_end: Option<Timestamp>,
    /// Who reported it, where one person did (SAP Personnel).
    #[serde(default, borrow)]
    pub personnel: Option<&'a str>,
    /// Shift, where it was one (SAP ShiftDefinition).
    #[serde(default, borrow)]
    pub shift: Option<&'a str>,
    /// Remark, where there was one (SAP ConfirmationText).
    #[serde(default, borrow)]
    pub text: Option<&'a str>,
    /// Why it differs from the plan, where one reason was given (SAP VarianceReasonCode).
    #[serde(default, borrow)]
    pub reason_code: Option<&'a str>,
    /// Earlier confirmation that this one cancels; its quantities are then those of that one, negative. Without it, negative quantities are a correction of their own.
    #[serde(default, borrow)]
    pub reverses: Option<ReversedErpConfirmation<'a>>,
}

/// A material document to book, in the shape of an ERP's goods movement (S/4HANA A_MaterialDocumentHeader with its items). Topic erp.goods-movements.v1, keyed by plant and order.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct ErpGoodsMovement<'a> {
    /// Idempotency key: deterministic, of the posting, the goods movement code and the document that is reversed. 32 hexadecimal digits.
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
    /// 02 receipt from order, 03 issue and scrap of stock, 05 by-product (SAP GoodsMovementCode).
    #[serde(borrow)]
    pub goods_movement_code: &'a str,
    /// SAP PostingDate.
    pub posting_date: Date,
    /// SAP DocumentDate.
    pub document_date: Date,
    /// Lines of the document.
    #[serde(borrow)]
    pub items: Vec<GoodsMovementItem<'a>>,
    /// Words for people (SAP MaterialDocumentHeaderText where no key has to stand there).
    #[serde(default, borrow)]
    pub header_text: Option<&'a str>,
    /// Document that this one reverses, item by item; its items name theirs.
    #[serde(default, borrow)]
    pub reverses: Option<ReversedDocument<'a>>,
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
    /// F for an order (SAP GoodsMovementRefDocType) where the movement is a receipt or by-product.
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
    /// Production order (SAP ManufacturingOrder); none for scrap of stock.
    #[serde(default, borrow)]
    pub order: Option<&'a str>,
    /// SAP ManufacturingOrderItem.
    #[serde(default, borrow)]
    pub order_item: Option<&'a str>,
    /// Serial numbers (SAP SerialNumber).
    #[serde(default, borrow)]
    pub serials: Vec<&'a str>,
    /// SAP ReservationIsFinallyIssued.
    #[serde(default)]
    pub is_final_issue: bool,
    /// SAP IsCompletelyDelivered.
    #[serde(default)]
    pub is_completely_delivered: bool,
    /// SAP ManufactureDate.
    #[serde(default)]
    pub manufacture_date: Option<Date>,
    /// SAP ShelfLifeExpirationDate.
    #[serde(default)]
    pub expiry_date: Option<Date>,
    /// SAP InventoryStockType after its code table.
    #[serde(default, borrow)]
    pub stock_type: Option<&'a str>,
    /// SAP GoodsMovementReasonCode.
    #[serde(default, borrow)]
    pub reason_code: Option<&'a str>,
    /// Posting of the line that this one takes back whole.
    #[serde(default, borrow)]
    pub reversed_posting_id: Option<&'a str>,
    /// Its number in that posting; 0 where none is taken back whole.
    #[serde(default)]
    pub reversed_posting_line: i32,
    /// Item of the reversed document (SAP ReversedMaterialDocumentItem).
    #[serde(default, borrow)]
    pub reversed_document_item: Option<&'a str>,
}

/// The ERP's document that is reversed.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct ReversedDocument<'a> {
    /// SAP ReversedMaterialDocument.
    #[serde(borrow)]
    pub document: &'a str,
    /// SAP ReversedMaterialDocumentYear.
    #[serde(default, borrow)]
    pub year: Option<&'a str>,
}

/// A confirmation that is to be cancelled.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct ReversedErpConfirmation<'a> {
    /// Posting that it was made from.
    #[serde(borrow)]
    pub posting_id: &'a str,
    /// confirmation_id of it.
    #[serde(borrow)]
    pub confirmation_id: &'a str,
    /// SAP ConfirmationGroup, once an outcome told it.
    #[serde(default, borrow)]
    pub document: Option<&'a str>,
    /// Year of the document, where the ERP has one.
    #[serde(default, borrow)]
    pub year: Option<&'a str>,
    /// SAP ConfirmationCount.
    #[serde(default, borrow)]
    pub item: Option<&'a str>,
}
