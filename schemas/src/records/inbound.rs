//! Records of the family `inbound`. Generated from `avro/`; do not edit.

use serde::{Deserialize, Serialize};

use crate::time::Date;
use crate::time::Timestamp;
use super::Correction;
use super::DocumentReference;
use super::Envelope;
use super::HandlingUnit;
use super::NameValue;
use super::Party;
use super::Quantity;
use super::ReceiptLine;
use super::ShipmentLine;
use super::TransportMilestone;

/// Goods are announced or on their way (X12 856, EDIFACT DESADV, SAP inbound delivery).
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct AdvanceShipNotice<'a> {
    /// Shipment (X12 BSN02, EDIFACT BGM 1004, SAP DeliveryDocument).
    #[serde(default, borrow)]
    pub shipment: Option<&'a str>,
    /// Delivery note of the supplier (SAP DeliveryDocumentBySupplier, X12 REF PK, EDIFACT RFF DQ).
    #[serde(default, borrow)]
    pub delivery_note: Option<&'a str>,
    /// Supplier (SAP Supplier, X12 N1 SU, EDIFACT NAD SU).
    #[serde(default, borrow)]
    pub supplier: Option<&'a str>,
    /// Date of the document (X12 BSN03, EDIFACT DTM 137, SAP DocumentDate).
    #[serde(default)]
    pub document_date: Option<Date>,
    /// When it left (X12 DTM 011, EDIFACT DTM 11).
    #[serde(default)]
    pub shipped_at: Option<Timestamp>,
    /// When it is expected (X12 DTM 017, EDIFACT DTM 132 or 17, SAP DeliveryDate and DeliveryTime).
    #[serde(default)]
    pub expected_arrival: Option<Timestamp>,
    /// Carrier (X12 TD503, SCAC; EDIFACT TDT C040 3127).
    #[serde(default, borrow)]
    pub carrier: Option<&'a str>,
    /// Mode of transport (X12 TD504, EDIFACT TDT 8067).
    #[serde(default, borrow)]
    pub transport_mode: Option<&'a str>,
    /// Trailer, container or vehicle (X12 TD303, EDIFACT EQD C237 8260).
    #[serde(default, borrow)]
    pub equipment: Option<&'a str>,
    /// Number that the carrier tracks it by (X12 REF CN, EDIFACT RFF CN).
    #[serde(default, borrow)]
    pub tracking_number: Option<&'a str>,
    /// Seals (X12 TD309, EDIFACT SEL 9308).
    #[serde(default, borrow)]
    pub seals: Vec<&'a str>,
    /// Count of packages (X12 TD102, EDIFACT CNT 11, SAP TotalNumberOfPackage).
    #[serde(default)]
    pub package_count: Option<i32>,
    /// Weight with packaging (X12 TD107, EDIFACT MEA, SAP HeaderGrossWeight).
    #[serde(default, borrow)]
    pub gross_weight: Option<Quantity<'a>>,
    /// Weight of the goods (SAP HeaderNetWeight).
    #[serde(default, borrow)]
    pub net_weight: Option<Quantity<'a>>,
    /// Volume (X12 TD109, SAP HeaderVolume).
    #[serde(default, borrow)]
    pub volume: Option<Quantity<'a>>,
    /// Parties (X12 N1, EDIFACT NAD).
    #[serde(default, borrow)]
    pub parties: Vec<Party<'a>>,
    /// Documents of the whole shipment (X12 REF and PRF, EDIFACT RFF).
    #[serde(default, borrow)]
    pub references: Vec<DocumentReference<'a>>,
    /// Handling units (X12 HL with MAN, EDIFACT CPS with PAC and GIN).
    #[serde(default, borrow)]
    pub handling_units: Vec<HandlingUnit<'a>>,
    /// Lines (X12 HL I, EDIFACT LIN).
    #[serde(default, borrow)]
    pub lines: Vec<ShipmentLine<'a>>,
    /// Set when it corrects an earlier one.
    #[serde(default, borrow)]
    pub correction: Option<Correction<'a>>,
    /// What else the source says.
    #[serde(default, borrow)]
    pub properties: Vec<NameValue<'a>>,
}

/// Goods were received (X12 861, EDIFACT RECADV, SAP goods receipt). A quantity in question books nothing.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct GoodsReceipt<'a> {
    /// Number of the receipt (X12 BRA01, EDIFACT BGM 1004, SAP MaterialDocument).
    #[serde(default, borrow)]
    pub receipt: Option<&'a str>,
    /// When the goods came (X12 DTM 050, EDIFACT DTM 50).
    #[serde(default)]
    pub received_at: Option<Timestamp>,
    /// Date in the books, the plant's calendar (SAP PostingDate).
    #[serde(default)]
    pub posting_date: Option<Date>,
    /// Supplier (SAP Supplier, X12 N1 SU, EDIFACT NAD SU).
    #[serde(default, borrow)]
    pub supplier: Option<&'a str>,
    /// Carrier (X12 TD503).
    #[serde(default, borrow)]
    pub carrier: Option<&'a str>,
    /// Count of packages received (X12 TD102).
    #[serde(default)]
    pub package_count: Option<i32>,
    /// State of the delivery as the source codes it (X12 BRA05 and BRA03).
    #[serde(default, borrow)]
    pub condition_code: Option<&'a str>,
    /// Parties (X12 N1, EDIFACT NAD).
    #[serde(default, borrow)]
    pub parties: Vec<Party<'a>>,
    /// Documents of the whole receipt (X12 REF, EDIFACT RFF ALO, SAP ReferenceDocument).
    #[serde(default, borrow)]
    pub references: Vec<DocumentReference<'a>>,
    /// Lines.
    #[serde(default, borrow)]
    pub lines: Vec<ReceiptLine<'a>>,
    /// Set when it corrects an earlier one.
    #[serde(default, borrow)]
    pub correction: Option<Correction<'a>>,
    /// What else the source says.
    #[serde(default, borrow)]
    pub properties: Vec<NameValue<'a>>,
}

/// One event of what suppliers send. Topic canonical.inbound.v1, keyed by plant and document. Exactly one of the groups is set, the one that type names; a reader that does not know the type sees UNKNOWN and no group.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct InboundEvent<'a> {
    /// What every canonical event carries.
    #[serde(borrow)]
    pub envelope: Envelope<'a>,
    /// Purchase order or delivery that it is about (SAP PurchaseOrder or DeliveryDocument, X12 PRF01 or BSN02, EDIFACT RFF ON or BGM 1004). A string: leading zeros count.
    #[serde(borrow)]
    pub document: &'a str,
    /// Which group is set.
    #[serde(default)]
    pub r#type: InboundEventType,
    /// Set when type is PURCHASE_ORDER_STATUS.
    #[serde(default, borrow)]
    pub purchase_order_status: Option<PurchaseOrderStatus<'a>>,
    /// Set when type is ADVANCE_SHIP_NOTICE.
    #[serde(default, borrow)]
    pub advance_ship_notice: Option<Box<AdvanceShipNotice<'a>>>,
    /// Set when type is SUPPLIER_COMMIT.
    #[serde(default, borrow)]
    pub supplier_commit: Option<SupplierCommit<'a>>,
    /// Set when type is SUPPLIER_DELAY_REPORTED.
    #[serde(default, borrow)]
    pub supplier_delay_reported: Option<SupplierDelayReported<'a>>,
    /// Set when type is MILESTONE: departed, customs, arrived and others.
    #[serde(default, borrow)]
    pub milestone: Option<Box<TransportMilestone<'a>>>,
    /// Set when type is RECEIPT.
    #[serde(default, borrow)]
    pub receipt: Option<Box<GoodsReceipt<'a>>>,
}

/// Which group is set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum InboundEventType {
    /// A symbol that this version does not know.
    #[default]
    Unknown,
    /// `PURCHASE_ORDER_STATUS`
    PurchaseOrderStatus,
    /// `ADVANCE_SHIP_NOTICE`
    AdvanceShipNotice,
    /// `SUPPLIER_COMMIT`
    SupplierCommit,
    /// `SUPPLIER_DELAY_REPORTED`
    SupplierDelayReported,
    /// `MILESTONE`
    Milestone,
    /// `RECEIPT`
    Receipt,
}

impl InboundEventType {
    /// Every symbol, in the order of the schema.
    pub const SYMBOLS: &'static [&'static str] = &[
        "UNKNOWN",
        "PURCHASE_ORDER_STATUS",
        "ADVANCE_SHIP_NOTICE",
        "SUPPLIER_COMMIT",
        "SUPPLIER_DELAY_REPORTED",
        "MILESTONE",
        "RECEIPT",
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
            "PURCHASE_ORDER_STATUS" => Self::PurchaseOrderStatus,
            "ADVANCE_SHIP_NOTICE" => Self::AdvanceShipNotice,
            "SUPPLIER_COMMIT" => Self::SupplierCommit,
            "SUPPLIER_DELAY_REPORTED" => Self::SupplierDelayReported,
            "MILESTONE" => Self::Milestone,
            "RECEIPT" => Self::Receipt,
            _ => Self::Unknown,
        }
    }
}

crate::codec::avro_enum!(InboundEventType);

/// A line of a purchase order and how far it is.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct PurchaseOrderLine<'a> {
    /// Line (SAP PurchaseOrderItem, EBELP; X12 PO101, EDIFACT LIN 1082).
    #[serde(borrow)]
    pub line: &'a str,
    /// Material, as the plant numbers it (SAP Material, X12 LIN BP, EDIFACT PIA IN).
    #[serde(default, borrow)]
    pub item: Option<&'a str>,
    /// Material, as the partner numbers it (X12 LIN VP, EDIFACT PIA SA, SAP MaterialByCustomer).
    #[serde(default, borrow)]
    pub partner_item: Option<&'a str>,
    /// Global Trade Item Number, 8 to 14 digits (X12 LIN UP, UK, EN; EDIFACT LIN 7140 with EN or SRV).
    #[serde(default, borrow)]
    pub gtin: Option<&'a str>,
    /// Description (X12 PID05, EDIFACT IMD 7008, SAP DeliveryDocumentItemText).
    #[serde(default, borrow)]
    pub description: Option<&'a str>,
    /// Quantity ordered (SAP OrderQuantity, X12 PO102, EDIFACT QTY 21).
    #[serde(default, borrow)]
    pub ordered_quantity: Option<Quantity<'a>>,
    /// Quantity that the supplier confirmed (X12 ACK02, EDIFACT QTY 113).
    #[serde(default, borrow)]
    pub confirmed_quantity: Option<Quantity<'a>>,
    /// Quantity received so far.
    #[serde(default, borrow)]
    pub received_quantity: Option<Quantity<'a>>,
    /// Quantity still expected.
    #[serde(default, borrow)]
    pub open_quantity: Option<Quantity<'a>>,
    /// Date wanted (SAP ScheduleLineDeliveryDate, X12 DTM 002, EDIFACT DTM 2).
    #[serde(default)]
    pub requested_date: Option<Date>,
    /// Date that the supplier confirmed (X12 ACK05, EDIFACT DTM 69).
    #[serde(default)]
    pub confirmed_date: Option<Date>,
    /// State of the line.
    #[serde(default)]
    pub state: PurchaseOrderState,
    /// State as the source codes it (X12 ACK01, SAP PurchasingDocumentItemCategory and statuses).
    #[serde(default, borrow)]
    pub state_code: Option<&'a str>,
    /// Storage location that is to receive it (SAP StorageLocation).
    #[serde(default, borrow)]
    pub storage_location: Option<&'a str>,
    /// What else the source says of the line.
    #[serde(default, borrow)]
    pub properties: Vec<NameValue<'a>>,
}

/// How far a purchase order or a line of it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum PurchaseOrderState {
    /// A symbol that this version does not know.
    #[default]
    Unknown,
    /// `OPEN`
    Open,
    /// `CONFIRMED`
    Confirmed,
    /// `PARTIALLY_DELIVERED`
    PartiallyDelivered,
    /// `DELIVERED`
    Delivered,
    /// `CLOSED`
    Closed,
    /// `CANCELLED`
    Cancelled,
}

impl PurchaseOrderState {
    /// Every symbol, in the order of the schema.
    pub const SYMBOLS: &'static [&'static str] = &[
        "UNKNOWN",
        "OPEN",
        "CONFIRMED",
        "PARTIALLY_DELIVERED",
        "DELIVERED",
        "CLOSED",
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
            "OPEN" => Self::Open,
            "CONFIRMED" => Self::Confirmed,
            "PARTIALLY_DELIVERED" => Self::PartiallyDelivered,
            "DELIVERED" => Self::Delivered,
            "CLOSED" => Self::Closed,
            "CANCELLED" => Self::Cancelled,
            _ => Self::Unknown,
        }
    }
}

crate::codec::avro_enum!(PurchaseOrderState);

/// How far a purchase order is.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct PurchaseOrderStatus<'a> {
    /// State of the whole order.
    #[serde(default)]
    pub state: PurchaseOrderState,
    /// State as the source codes it (SAP PurchasingProcessingStatus, X12 BAK02).
    #[serde(default, borrow)]
    pub state_code: Option<&'a str>,
    /// Supplier (SAP Supplier, LIFNR).
    #[serde(default, borrow)]
    pub supplier: Option<&'a str>,
    /// Date of the order (SAP PurchaseOrderDate, X12 BEG05).
    #[serde(default)]
    pub order_date: Option<Date>,
    /// Parties (X12 N1, EDIFACT NAD).
    #[serde(default, borrow)]
    pub parties: Vec<Party<'a>>,
    /// Documents (X12 REF, EDIFACT RFF).
    #[serde(default, borrow)]
    pub references: Vec<DocumentReference<'a>>,
    /// Lines.
    #[serde(default, borrow)]
    pub lines: Vec<PurchaseOrderLine<'a>>,
    /// Set when it corrects an earlier one.
    #[serde(default, borrow)]
    pub correction: Option<Correction<'a>>,
    /// What else the source says.
    #[serde(default, borrow)]
    pub properties: Vec<NameValue<'a>>,
}

/// A supplier commits to quantities and dates (X12 855 and 865, EDIFACT ORDRSP).
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct SupplierCommit<'a> {
    /// Supplier (SAP Supplier).
    #[serde(default, borrow)]
    pub supplier: Option<&'a str>,
    /// Number of the commitment (X12 BAK08, EDIFACT BGM 1004).
    #[serde(default, borrow)]
    pub commit: Option<&'a str>,
    /// Documents (X12 REF, EDIFACT RFF).
    #[serde(default, borrow)]
    pub references: Vec<DocumentReference<'a>>,
    /// Lines.
    #[serde(default, borrow)]
    pub lines: Vec<SupplierCommitLine<'a>>,
    /// Set when it corrects an earlier one.
    #[serde(default, borrow)]
    pub correction: Option<Correction<'a>>,
    /// What else the source says.
    #[serde(default, borrow)]
    pub properties: Vec<NameValue<'a>>,
}

/// What a supplier commits to, or no longer can.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct SupplierCommitLine<'a> {
    /// Line of the purchase order (X12 PO101, EDIFACT LIN 1082).
    #[serde(default, borrow)]
    pub line: Option<&'a str>,
    /// Material, as the plant numbers it (SAP Material, X12 LIN BP, EDIFACT PIA IN).
    #[serde(default, borrow)]
    pub item: Option<&'a str>,
    /// Material, as the partner numbers it (X12 LIN VP, EDIFACT PIA SA, SAP MaterialByCustomer).
    #[serde(default, borrow)]
    pub partner_item: Option<&'a str>,
    /// Global Trade Item Number, 8 to 14 digits (X12 LIN UP, UK, EN; EDIFACT LIN 7140 with EN or SRV).
    #[serde(default, borrow)]
    pub gtin: Option<&'a str>,
    /// Description (X12 PID05, EDIFACT IMD 7008, SAP DeliveryDocumentItemText).
    #[serde(default, borrow)]
    pub description: Option<&'a str>,
    /// Quantity committed (X12 ACK02, EDIFACT QTY 113).
    #[serde(default, borrow)]
    pub quantity: Option<Quantity<'a>>,
    /// Date committed (X12 ACK05, EDIFACT DTM 69).
    #[serde(default)]
    pub delivery_date: Option<Date>,
    /// Instant committed, where the source is that exact.
    #[serde(default)]
    pub delivery_time: Option<Timestamp>,
    /// Date until now.
    #[serde(default)]
    pub previous_date: Option<Date>,
    /// What else the source says of the line.
    #[serde(default, borrow)]
    pub properties: Vec<NameValue<'a>>,
}

/// A supplier, or its carrier, says that goods will be late.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct SupplierDelayReported<'a> {
    /// Supplier (SAP Supplier).
    #[serde(default, borrow)]
    pub supplier: Option<&'a str>,
    /// Shipment that is late, where it is known.
    #[serde(default, borrow)]
    pub shipment: Option<&'a str>,
    /// Reason as the source codes it (X12 AT702, EDIFACT STS 9013).
    #[serde(default, borrow)]
    pub reason_code: Option<&'a str>,
    /// Reason as the source gives it.
    #[serde(default, borrow)]
    pub reason: Option<&'a str>,
    /// When it was expected until now.
    #[serde(default)]
    pub previous_arrival: Option<Timestamp>,
    /// When it is expected from now on.
    #[serde(default)]
    pub expected_arrival: Option<Timestamp>,
    /// Documents.
    #[serde(default, borrow)]
    pub references: Vec<DocumentReference<'a>>,
    /// Lines that are late; all of them when empty.
    #[serde(default, borrow)]
    pub lines: Vec<SupplierCommitLine<'a>>,
    /// Set when it corrects an earlier one.
    #[serde(default, borrow)]
    pub correction: Option<Correction<'a>>,
    /// What else the source says.
    #[serde(default, borrow)]
    pub properties: Vec<NameValue<'a>>,
}
