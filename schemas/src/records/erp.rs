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

/// What kind of document goes to the ERP.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum ErpDocumentKind {
    /// A symbol that this version does not know.
    #[default]
    Unknown,
    /// `CONFIRMATION`
    Confirmation,
    /// `GOODS_MOVEMENT`
    GoodsMovement,
}

impl ErpDocumentKind {
    /// Every symbol, in the order of the schema.
    pub const SYMBOLS: &'static [&'static str] = &[
        "UNKNOWN",
        "CONFIRMATION",
        "GOODS_MOVEMENT",
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
            "CONFIRMATION" => Self::Confirmation,
            "GOODS_MOVEMENT" => Self::GoodsMovement,
            _ => Self::Unknown,
        }
    }
}

crate::codec::avro_enum!(ErpDocumentKind);

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

/// What became of one line.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct OutcomeLine<'a> {
    /// Line of the document: 0 for a confirmation itself, else GoodsMovementItem.item.
    pub line: i32,
    /// Line of the posting, for a goods movement.
    #[serde(default)]
    pub posting_line: Option<i32>,
    /// What became of it.
    pub status: OutcomeStatus,
    /// Number of the ERP's document (SAP MaterialDocument, or ConfirmationGroup and ConfirmationCount).
    #[serde(default, borrow)]
    pub document: Option<&'a str>,
    /// Year of that document (SAP MaterialDocumentYear).
    #[serde(default, borrow)]
    pub year: Option<&'a str>,
    /// Item of that document (SAP MaterialDocumentItem).
    #[serde(default, borrow)]
    pub item: Option<&'a str>,
    /// Class of the error, of the mapping's table: LOCKED, PERIOD_CLOSED, MISSING_MASTER_DATA, TOLERANCE, MALFORMED and so on.
    #[serde(default, borrow)]
    pub error_class: Option<&'a str>,
    /// The ERP's code of the error (SAP message class and number).
    #[serde(default, borrow)]
    pub error_number: Option<&'a str>,
    /// The ERP's words.
    #[serde(default, borrow)]
    pub error_text: Option<&'a str>,
}

/// POSTED booked; PARKED taken by the ERP, not booked yet; REJECTED refused; IN_DOUBT not known; CANCELLED booked and cancelled in the ERP.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum OutcomeStatus {
    /// A symbol that this version does not know.
    #[default]
    Unknown,
    /// `POSTED`
    Posted,
    /// `PARKED`
    Parked,
    /// `REJECTED`
    Rejected,
    /// `IN_DOUBT`
    InDoubt,
    /// `CANCELLED`
    Cancelled,
}

impl OutcomeStatus {
    /// Every symbol, in the order of the schema.
    pub const SYMBOLS: &'static [&'static str] = &[
        "UNKNOWN",
        "POSTED",
        "PARKED",
        "REJECTED",
        "IN_DOUBT",
        "CANCELLED",
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
            "POSTED" => Self::Posted,
            "PARKED" => Self::Parked,
            "REJECTED" => Self::Rejected,
            "IN_DOUBT" => Self::InDoubt,
            "CANCELLED" => Self::Cancelled,
            _ => Self::Unknown,
        }
    }
}

crate::codec::avro_enum!(OutcomeStatus);

/// What the ERP made of one document: a confirmation or a material document. A later outcome of a document replaces earlier ones, line by line. Topic erp.posting-outcomes.v1, keyed by plant and order.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct PostingOutcome<'a> {
    /// Deterministic, of the document and the number of the news about it. 32 hexadecimal digits.
    #[serde(borrow)]
    pub outcome_id: &'a str,
    /// Document it is about: confirmation_id of the ErpConfirmation or document_id of the ErpGoodsMovement.
    #[serde(borrow)]
    pub document_id: &'a str,
    /// Kind of that document.
    pub document_kind: ErpDocumentKind,
    /// Posting the document was made from.
    #[serde(borrow)]
    pub posting_id: &'a str,
    /// Plant.
    #[serde(borrow)]
    pub plant: &'a str,
    /// Production order.
    #[serde(borrow)]
    pub order: &'a str,
    /// Sequence of that posting within the order.
    pub sequence: i32,
    /// Correlation of the order's story.
    #[serde(borrow)]
    pub correlation_id: &'a str,
    /// When it was learned.
    pub time: Timestamp,
    /// How many times the document was sent to the ERP so far; 0 where nothing was sent.
    pub attempts: i32,
    /// Key that went to the ERP with each attempt and that it is read back by: of document_id, as long as the ERP's field allows.
    #[serde(borrow)]
    pub idempotency_key: &'a str,
    /// The connector is done with the document: true on exactly one outcome of each. Before it comes what is known so far (IN_DOUBT, PARKED, REJECTED for now while the cause is with its owner); what comes after it is news from the ERP, as of a document cancelled there.
    pub is_final: bool,
    /// Set where a person said what became of the document.
    #[serde(default, borrow)]
    pub settled_by: Option<SettledBy<'a>>,
    /// What is known of the whole document, in words.
    #[serde(default, borrow)]
    pub text: Option<&'a str>,
    /// Every line of the document.
    #[serde(borrow)]
    pub lines: Vec<OutcomeLine<'a>>,
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

/// A person who settled a doubt.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct SettledBy<'a> {
    /// Name.
    #[serde(borrow)]
    pub who: &'a str,
    /// Reason given.
    #[serde(borrow)]
    pub why: &'a str,
}
