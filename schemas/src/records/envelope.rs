//! Records of the family `envelope`. Generated from `avro/`; do not edit.

use serde::{Deserialize, Serialize};

use crate::decimal::Decimal;
use crate::time::Date;
use crate::time::Timestamp;

/// What the event corrects. The earlier event stays in the history; readers undo it by its name.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Correction<'a> {
    /// REPLACE: this instead of that; CANCEL: that is void; CHANGE: that, with what is given here (X12 BSN01 and BRA04 05, 01, 04; EDIFACT BGM 1225 5, 1, 4).
    #[serde(default)]
    pub action: CorrectionAction,
    /// event_id of the event corrected, of the same source, where the source names it.
    #[serde(default, borrow)]
    pub event_id: Option<&'a str>,
    /// Document corrected (SAP ReversedMaterialDocument, EDIFACT RFF ACW, X12 BSN02 of the original).
    #[serde(default, borrow)]
    pub document: Option<&'a str>,
    /// Line of the document corrected (SAP ReversedMaterialDocumentItem).
    #[serde(default, borrow)]
    pub document_item: Option<&'a str>,
    /// Reason as the source gives it.
    #[serde(default, borrow)]
    pub reason: Option<&'a str>,
}

/// What a correction does to what came before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum CorrectionAction {
    /// A symbol that this version does not know.
    #[default]
    Unknown,
    /// `REPLACE`
    Replace,
    /// `CANCEL`
    Cancel,
    /// `CHANGE`
    Change,
}

impl CorrectionAction {
    /// Every symbol, in the order of the schema.
    pub const SYMBOLS: &'static [&'static str] = &[
        "UNKNOWN",
        "REPLACE",
        "CANCEL",
        "CHANGE",
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
            "REPLACE" => Self::Replace,
            "CANCEL" => Self::Cancel,
            "CHANGE" => Self::Change,
            _ => Self::Unknown,
        }
    }
}

crate::codec::avro_enum!(CorrectionAction);

/// A part of a line that is in question.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Discrepancy<'a> {
    /// Reason, in the contract's words.
    #[serde(default)]
    pub reason: DiscrepancyReason,
    /// Reason as the source codes it (X12 RCD08 and RCD10, EDIFACT QVR 4221 and 4295).
    #[serde(default, borrow)]
    pub code: Option<&'a str>,
    /// Quantity in question for this reason (X12 RCD06 with RCD08, EDIFACT QVR 6064).
    #[serde(default, borrow)]
    pub quantity: Option<Quantity<'a>>,
    /// What is to be done with it (X12 RCD, EDIFACT QVR 4295).
    #[serde(default, borrow)]
    pub disposition: Option<&'a str>,
}

/// Why a quantity is in question.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum DiscrepancyReason {
    /// A symbol that this version does not know.
    #[default]
    Unknown,
    /// `SHORT`
    Short,
    /// `OVER`
    Over,
    /// `DAMAGED`
    Damaged,
    /// `WRONG_ITEM`
    WrongItem,
    /// `QUALITY`
    Quality,
    /// `EXPIRED`
    Expired,
    /// `DOCUMENTS`
    Documents,
    /// `NOT_ORDERED`
    NotOrdered,
    /// `OTHER`
    Other,
}

impl DiscrepancyReason {
    /// Every symbol, in the order of the schema.
    pub const SYMBOLS: &'static [&'static str] = &[
        "UNKNOWN",
        "SHORT",
        "OVER",
        "DAMAGED",
        "WRONG_ITEM",
        "QUALITY",
        "EXPIRED",
        "DOCUMENTS",
        "NOT_ORDERED",
        "OTHER",
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
            "SHORT" => Self::Short,
            "OVER" => Self::Over,
            "DAMAGED" => Self::Damaged,
            "WRONG_ITEM" => Self::WrongItem,
            "QUALITY" => Self::Quality,
            "EXPIRED" => Self::Expired,
            "DOCUMENTS" => Self::Documents,
            "NOT_ORDERED" => Self::NotOrdered,
            "OTHER" => Self::Other,
            _ => Self::Unknown,
        }
    }
}

crate::codec::avro_enum!(DiscrepancyReason);

/// What kind of business document is referred to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum DocumentKind {
    /// A symbol that this version does not know.
    #[default]
    Unknown,
    /// `PURCHASE_ORDER`
    PurchaseOrder,
    /// `SALES_ORDER`
    SalesOrder,
    /// `PRODUCTION_ORDER`
    ProductionOrder,
    /// `DELIVERY`
    Delivery,
    /// `SHIPMENT`
    Shipment,
    /// `DESPATCH_ADVICE`
    DespatchAdvice,
    /// `RECEIVING_ADVICE`
    ReceivingAdvice,
    /// `BILL_OF_LADING`
    BillOfLading,
    /// `CARRIER_REFERENCE`
    CarrierReference,
    /// `INVOICE`
    Invoice,
    /// `RETURN`
    Return,
    /// `CONTRACT`
    Contract,
    /// `CERTIFICATE`
    Certificate,
    /// `MATERIAL_DOCUMENT`
    MaterialDocument,
    /// `CUSTOMS_DECLARATION`
    CustomsDeclaration,
    /// `RESERVATION`
    Reservation,
    /// `OTHER`
    Other,
}

impl DocumentKind {
    /// Every symbol, in the order of the schema.
    pub const SYMBOLS: &'static [&'static str] = &[
        "UNKNOWN",
        "PURCHASE_ORDER",
        "SALES_ORDER",
        "PRODUCTION_ORDER",
        "DELIVERY",
        "SHIPMENT",
        "DESPATCH_ADVICE",
        "RECEIVING_ADVICE",
        "BILL_OF_LADING",
        "CARRIER_REFERENCE",
        "INVOICE",
        "RETURN",
        "CONTRACT",
        "CERTIFICATE",
        "MATERIAL_DOCUMENT",
        "CUSTOMS_DECLARATION",
        "RESERVATION",
        "OTHER",
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
            "PURCHASE_ORDER" => Self::PurchaseOrder,
            "SALES_ORDER" => Self::SalesOrder,
            "PRODUCTION_ORDER" => Self::ProductionOrder,
            "DELIVERY" => Self::Delivery,
            "SHIPMENT" => Self::Shipment,
            "DESPATCH_ADVICE" => Self::DespatchAdvice,
            "RECEIVING_ADVICE" => Self::ReceivingAdvice,
            "BILL_OF_LADING" => Self::BillOfLading,
            "CARRIER_REFERENCE" => Self::CarrierReference,
            "INVOICE" => Self::Invoice,
            "RETURN" => Self::Return,
            "CONTRACT" => Self::Contract,
            "CERTIFICATE" => Self::Certificate,
            "MATERIAL_DOCUMENT" => Self::MaterialDocument,
            "CUSTOMS_DECLARATION" => Self::CustomsDeclaration,
            "RESERVATION" => Self::Reservation,
            "OTHER" => Self::Other,
            _ => Self::Unknown,
        }
    }
}

crate::codec::avro_enum!(DocumentKind);

/// A business document that the event refers to.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct DocumentReference<'a> {
    /// Kind, in the contract's words.
    #[serde(default)]
    pub kind: DocumentKind,
    /// Kind as the source codes it (X12 REF01 and L1102, EDIFACT RFF 1153, EPCIS type of a bizTransaction, SAP SDDocumentCategory).
    #[serde(default, borrow)]
    pub kind_code: Option<&'a str>,
    /// Number of the document, or its URI (X12 REF02, PRF01, EDIFACT RFF 1154, EPCIS bizTransaction).
    #[serde(borrow)]
    pub id: &'a str,
    /// Line of the document (EDIFACT RFF 1156, SAP ...Item).
    #[serde(default, borrow)]
    pub item: Option<&'a str>,
    /// Date of the document (X12 PRF04, EDIFACT DTM 171).
    #[serde(default)]
    pub date: Option<Date>,
}

/// What every canonical event carries, whatever its family.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Envelope<'a> {
    /// Identity of the event within its source. (source, event_id) is unique; a repeat of it is a duplicate or a conflict.
    #[serde(borrow)]
    pub event_id: &'a str,
    /// System that reported the event, as named by its mapping, e.g. plant-a.mes.
    #[serde(borrow)]
    pub source: &'a str,
    /// Plant (ISA-95 site) where it happened. SAP: Werk/ProductionPlant.
    #[serde(borrow)]
    pub plant: &'a str,
    /// Region of the plant, where the mapping knows it.
    #[serde(default, borrow)]
    pub region: Option<&'a str>,
    /// The source's own name of the transaction or document, e.g. SyncProductionPerformance.
    #[serde(borrow)]
    pub transaction_type: &'a str,
    /// When it happened, by the source's clock, in UTC. Microseconds; what is finer stands in source_time_nanos. B2MML: ActualEndTime or CreationDateTime.
    pub source_time: Timestamp,
    /// Nanoseconds (0 to 999) of source_time beyond the microsecond. Zero for most sources.
    #[serde(default)]
    pub source_time_nanos: i32,
    /// Offset from UTC of the plant's local time at source_time, in minutes; decides the local calendar date.
    #[serde(default)]
    pub source_utc_offset_minutes: Option<i32>,
    /// When the broker appended the raw record.
    pub ingest_time: Timestamp,
    /// The source's own running number, where it has one.
    #[serde(default)]
    pub source_sequence: Option<i64>,
    /// The business story it belongs to; by default the key of the record: plant and order, plant and lot, and so on.
    #[serde(borrow)]
    pub correlation_id: &'a str,
    /// Event or message that caused this one, where the source names it.
    #[serde(default, borrow)]
    pub causation_id: Option<&'a str>,
    /// Position of the raw record.
    #[serde(borrow)]
    pub raw: RawPosition<'a>,
    /// Name and version of the mapping that read the raw record, e.g. plant-a.mes/1.
    #[serde(borrow)]
    pub mapping_version: &'a str,
    /// Set when source_time was given as a local time that does not exist (GAP: the clock was set forward over it) or exists twice (OVERLAP: the clock was set back over it), so that the mapping's rule decided which instant it is.
    #[serde(default)]
    pub source_time_adjusted: Option<TimeAdjustment>,
}

/// A package, pallet or container.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct HandlingUnit<'a> {
    /// Identifier, SSCC where it has one (X12 MAN02 with GM, EDIFACT GIN BJ, SAP HandlingUnitExternalID).
    #[serde(borrow)]
    pub id: &'a str,
    /// Handling unit that holds it (X12 HL02, EDIFACT CPS 7166).
    #[serde(default, borrow)]
    pub parent: Option<&'a str>,
    /// Kind of package (X12 PKG and TD101, UN/ECE Recommendation 21, EDIFACT PAC 7065).
    #[serde(default, borrow)]
    pub type_code: Option<&'a str>,
    /// Packages like this one that the source counts under one identifier (X12 TD102, EDIFACT PAC 7224).
    #[serde(default)]
    pub count: Option<i32>,
    /// Weight with packaging (X12 TD107, EDIFACT MEA AAB).
    #[serde(default, borrow)]
    pub gross_weight: Option<Quantity<'a>>,
    /// Weight of the goods (EDIFACT MEA AAL).
    #[serde(default, borrow)]
    pub net_weight: Option<Quantity<'a>>,
    /// Volume (X12 TD109, EDIFACT MEA ABJ).
    #[serde(default, borrow)]
    pub volume: Option<Quantity<'a>>,
    /// Marks, labels and seals (X12 MAN, EDIFACT PCI 7102).
    #[serde(default, borrow)]
    pub marks: Vec<&'a str>,
}

/// What happened on the way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum MilestoneKind {
    /// A symbol that this version does not know.
    #[default]
    Unknown,
    /// `PICKED_UP`
    PickedUp,
    /// `LOADED`
    Loaded,
    /// `DEPARTED`
    Departed,
    /// `IN_TRANSIT`
    InTransit,
    /// `CUSTOMS_ENTERED`
    CustomsEntered,
    /// `CUSTOMS_HELD`
    CustomsHeld,
    /// `CUSTOMS_CLEARED`
    CustomsCleared,
    /// `ARRIVED`
    Arrived,
    /// `AVAILABLE`
    Available,
    /// `OUT_FOR_DELIVERY`
    OutForDelivery,
    /// `DELIVERED`
    Delivered,
    /// `UNLOADED`
    Unloaded,
    /// `APPOINTMENT_SET`
    AppointmentSet,
    /// `DELAYED`
    Delayed,
    /// `DAMAGED`
    Damaged,
    /// `REFUSED`
    Refused,
    /// `RETURNED`
    Returned,
    /// `OTHER`
    Other,
}

impl MilestoneKind {
    /// Every symbol, in the order of the schema.
    pub const SYMBOLS: &'static [&'static str] = &[
        "UNKNOWN",
        "PICKED_UP",
        "LOADED",
        "DEPARTED",
        "IN_TRANSIT",
        "CUSTOMS_ENTERED",
        "CUSTOMS_HELD",
        "CUSTOMS_CLEARED",
        "ARRIVED",
        "AVAILABLE",
        "OUT_FOR_DELIVERY",
        "DELIVERED",
        "UNLOADED",
        "APPOINTMENT_SET",
        "DELAYED",
        "DAMAGED",
        "REFUSED",
        "RETURNED",
        "OTHER",
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
            "PICKED_UP" => Self::PickedUp,
            "LOADED" => Self::Loaded,
            "DEPARTED" => Self::Departed,
            "IN_TRANSIT" => Self::InTransit,
            "CUSTOMS_ENTERED" => Self::CustomsEntered,
            "CUSTOMS_HELD" => Self::CustomsHeld,
            "CUSTOMS_CLEARED" => Self::CustomsCleared,
            "ARRIVED" => Self::Arrived,
            "AVAILABLE" => Self::Available,
            "OUT_FOR_DELIVERY" => Self::OutForDelivery,
            "DELIVERED" => Self::Delivered,
            "UNLOADED" => Self::Unloaded,
            "APPOINTMENT_SET" => Self::AppointmentSet,
            "DELAYED" => Self::Delayed,
            "DAMAGED" => Self::Damaged,
            "REFUSED" => Self::Refused,
            "RETURNED" => Self::Returned,
            "OTHER" => Self::Other,
            _ => Self::Unknown,
        }
    }
}

crate::codec::avro_enum!(MilestoneKind);

/// A property that has no field of its own, as its source names it. What several systems need deserves a field.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct NameValue<'a> {
    /// Name as the source writes it (B2MML ...Property/ID, the qualified name of an EPCIS extension or of an ilmd element, an SAP field). For what is nested, the path with / between the names.
    #[serde(borrow)]
    pub name: &'a str,
    /// Value as the source writes it (B2MML ValueString).
    #[serde(borrow)]
    pub value: &'a str,
    /// Type that the source says it has (B2MML DataType).
    #[serde(default, borrow)]
    pub data_type: Option<&'a str>,
    /// Unit that the source says it is in, as the source writes it (B2MML UnitOfMeasure).
    #[serde(default, borrow)]
    pub unit: Option<&'a str>,
}

/// A partner or place in the role that it plays, as the document names it.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Party<'a> {
    /// Role, in the contract's words.
    #[serde(default)]
    pub role: PartyRole,
    /// Role as the source codes it (X12 N101, EDIFACT NAD 3035, EPCIS type of a source or destination).
    #[serde(default, borrow)]
    pub role_code: Option<&'a str>,
    /// Identifier of the party (X12 N104, EDIFACT NAD C082 3039, SAP Supplier, Customer, ShipToParty, EPCIS source or destination).
    #[serde(default, borrow)]
    pub id: Option<&'a str>,
    /// Who gave the identifier (X12 N103, EDIFACT C082 3055, GLN, DUNS).
    #[serde(default, borrow)]
    pub id_scheme: Option<&'a str>,
    /// Name (X12 N102 and N2, EDIFACT C080 3036).
    #[serde(default, borrow)]
    pub name: Option<&'a str>,
    /// Street and additions, line by line (X12 N301 and N302, EDIFACT C059 3042).
    #[serde(default, borrow)]
    pub address_lines: Vec<&'a str>,
    /// City (X12 N401, EDIFACT NAD 3164).
    #[serde(default, borrow)]
    pub city: Option<&'a str>,
    /// State or province (X12 N402, EDIFACT C819 3229).
    #[serde(default, borrow)]
    pub region: Option<&'a str>,
    /// Postal code (X12 N403, EDIFACT NAD 3251).
    #[serde(default, borrow)]
    pub postal_code: Option<&'a str>,
    /// Country, ISO 3166-1 alpha-2 where the source has it (X12 N404, EDIFACT NAD 3207).
    #[serde(default, borrow)]
    pub country: Option<&'a str>,
}

/// What a party is to a document or an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum PartyRole {
    /// A symbol that this version does not know.
    #[default]
    Unknown,
    /// `SUPPLIER`
    Supplier,
    /// `CUSTOMER`
    Customer,
    /// `SHIP_FROM`
    ShipFrom,
    /// `SHIP_TO`
    ShipTo,
    /// `SOLD_TO`
    SoldTo,
    /// `BILL_TO`
    BillTo,
    /// `CARRIER`
    Carrier,
    /// `MANUFACTURER`
    Manufacturer,
    /// `INTERMEDIATE_CONSIGNEE`
    IntermediateConsignee,
    /// `OWNER`
    Owner,
    /// `POSSESSOR`
    Possessor,
    /// `LOCATION`
    Location,
    /// `OTHER`
    Other,
}

impl PartyRole {
    /// Every symbol, in the order of the schema.
    pub const SYMBOLS: &'static [&'static str] = &[
        "UNKNOWN",
        "SUPPLIER",
        "CUSTOMER",
        "SHIP_FROM",
        "SHIP_TO",
        "SOLD_TO",
        "BILL_TO",
        "CARRIER",
        "MANUFACTURER",
        "INTERMEDIATE_CONSIGNEE",
        "OWNER",
        "POSSESSOR",
        "LOCATION",
        "OTHER",
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
            "SUPPLIER" => Self::Supplier,
            "CUSTOMER" => Self::Customer,
            "SHIP_FROM" => Self::ShipFrom,
            "SHIP_TO" => Self::ShipTo,
            "SOLD_TO" => Self::SoldTo,
            "BILL_TO" => Self::BillTo,
            "CARRIER" => Self::Carrier,
            "MANUFACTURER" => Self::Manufacturer,
            "INTERMEDIATE_CONSIGNEE" => Self::IntermediateConsignee,
            "OWNER" => Self::Owner,
            "POSSESSOR" => Self::Possessor,
            "LOCATION" => Self::Location,
            "OTHER" => Self::Other,
            _ => Self::Unknown,
        }
    }
}

crate::codec::avro_enum!(PartyRole);

/// Where something is or was, as far as the source says.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Place<'a> {
    /// Identifier of the place (UN/LOCODE, GLN, EDIFACT LOC 3225, X12 N104).
    #[serde(default, borrow)]
    pub id: Option<&'a str>,
    /// Who gave the identifier (EDIFACT LOC 3055, X12 N103).
    #[serde(default, borrow)]
    pub id_scheme: Option<&'a str>,
    /// Name (EDIFACT LOC 3224, X12 N102).
    #[serde(default, borrow)]
    pub name: Option<&'a str>,
    /// City (X12 MS101).
    #[serde(default, borrow)]
    pub city: Option<&'a str>,
    /// State or province (X12 MS102).
    #[serde(default, borrow)]
    pub region: Option<&'a str>,
    /// Country (X12 MS103).
    #[serde(default, borrow)]
    pub country: Option<&'a str>,
    /// Degrees north, WGS 84; south is negative (X12 MS105 and MS107).
    #[serde(default)]
    pub latitude: Option<Decimal>,
    /// Degrees east, WGS 84; west is negative (X12 MS104 and MS106).
    #[serde(default)]
    pub longitude: Option<Decimal>,
}

/// An exact amount and its unit. Never without each other.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Quantity<'a> {
    /// Exact decimal, 9 fractional digits. Never rounded on the way in: a finer value is refused.
    pub value: Decimal,
    /// Unit of measure, UN/CEFACT Recommendation 20 common code, e.g. KGM, LTR, C62.
    #[serde(borrow)]
    pub unit: &'a str,
}

/// Where the raw record stands that a fact came from. With the mapping version it answers which raw field made a value.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct RawPosition<'a> {
    /// Kafka topic of the raw record.
    #[serde(borrow)]
    pub topic: &'a str,
    /// Partition, from 0.
    pub partition: i32,
    /// Offset in the partition, from 0.
    pub offset: i64,
}

/// A line of what was received. Only accepted_quantity is stock; what is in question stands apart and books nothing.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct ReceiptLine<'a> {
    /// Line within the document (X12 RCD01 or LIN01, EDIFACT LIN 1082, SAP MaterialDocumentItem).
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
    /// Quantity that the despatch advice announced (X12 SN102, EDIFACT QTY 12).
    #[serde(default, borrow)]
    pub announced_quantity: Option<Quantity<'a>>,
    /// Quantity that came, whatever its state (X12 RCD02, EDIFACT QTY 48, SAP QuantityInEntryUnit).
    #[serde(default, borrow)]
    pub received_quantity: Option<Quantity<'a>>,
    /// Quantity accepted without question (EDIFACT QTY 194). Absent when the source says nothing of acceptance.
    #[serde(default, borrow)]
    pub accepted_quantity: Option<Quantity<'a>>,
    /// Quantity not accepted, or not yet (X12 RCD06, EDIFACT QTY 195 and QVR). Not part of accepted_quantity.
    #[serde(default, borrow)]
    pub quantity_in_question: Option<Quantity<'a>>,
    /// Why, part by part.
    #[serde(default, borrow)]
    pub discrepancies: Vec<Discrepancy<'a>>,
    /// Lot as the plant names it (SAP Batch, EDIFACT RFF BT, X12 LIN LT).
    #[serde(default, borrow)]
    pub lot: Option<&'a str>,
    /// Lot as the partner names it (SAP BatchBySupplier, X12 REF LT).
    #[serde(default, borrow)]
    pub partner_lot: Option<&'a str>,
    /// Serial numbers (X12 SN101 or REF SE, EDIFACT GIN BN).
    #[serde(default, borrow)]
    pub serials: Vec<&'a str>,
    /// Date of manufacture (SAP ManufactureDate, EDIFACT DTM 94).
    #[serde(default)]
    pub production_date: Option<Date>,
    /// Last day of use (SAP ShelfLifeExpirationDate, EDIFACT DTM 36, X12 DTM 036).
    #[serde(default)]
    pub expiry_date: Option<Date>,
    /// Storage location that received it (SAP StorageLocation).
    #[serde(default, borrow)]
    pub storage_location: Option<&'a str>,
    /// Handling unit that held it (X12 MAN02, EDIFACT GIN).
    #[serde(default, borrow)]
    pub handling_unit: Option<&'a str>,
    /// Documents of the line (X12 PRF, EDIFACT RFF ON and VN, SAP PurchaseOrder, Delivery).
    #[serde(default, borrow)]
    pub references: Vec<DocumentReference<'a>>,
    /// What else the source says of the line.
    #[serde(default, borrow)]
    pub properties: Vec<NameValue<'a>>,
}

/// A line of what is shipped or announced.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct ShipmentLine<'a> {
    /// Line within the document (X12 LIN01 or HL01, EDIFACT LIN 1082, SAP DeliveryDocumentItem).
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
    /// Quantity shipped (X12 SN102, EDIFACT QTY 12, SAP ActualDeliveryQuantity).
    #[serde(borrow)]
    pub quantity: Quantity<'a>,
    /// Quantity ordered (X12 SN105, EDIFACT QTY 21, SAP OriginalDeliveryQuantity).
    #[serde(default, borrow)]
    pub ordered_quantity: Option<Quantity<'a>>,
    /// Lot as the plant names it (SAP Batch, EDIFACT RFF BT, X12 LIN LT).
    #[serde(default, borrow)]
    pub lot: Option<&'a str>,
    /// Lot as the partner names it (SAP BatchBySupplier, X12 REF LT).
    #[serde(default, borrow)]
    pub partner_lot: Option<&'a str>,
    /// Serial numbers (X12 SN101 or REF SE, EDIFACT GIN BN).
    #[serde(default, borrow)]
    pub serials: Vec<&'a str>,
    /// Date of manufacture (SAP ManufactureDate, EDIFACT DTM 94).
    #[serde(default)]
    pub production_date: Option<Date>,
    /// Last day of use (SAP ShelfLifeExpirationDate, EDIFACT DTM 36, X12 DTM 036).
    #[serde(default)]
    pub expiry_date: Option<Date>,
    /// Country of origin (EDIFACT ALI 3239).
    #[serde(default, borrow)]
    pub country_of_origin: Option<&'a str>,
    /// Storage location that it goes to or comes from (SAP StorageLocation).
    #[serde(default, borrow)]
    pub storage_location: Option<&'a str>,
    /// Handling unit that holds it, of the same document.
    #[serde(default, borrow)]
    pub handling_unit: Option<&'a str>,
    /// Documents of the line (X12 PRF, EDIFACT RFF ON, SAP ReferenceSDDocument).
    #[serde(default, borrow)]
    pub references: Vec<DocumentReference<'a>>,
    /// What else the source says of the line.
    #[serde(default, borrow)]
    pub properties: Vec<NameValue<'a>>,
}

/// What was wrong with a local time that the clock change leaves out or repeats.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum TimeAdjustment {
    /// A symbol that this version does not know.
    #[default]
    Unknown,
    /// `GAP`
    Gap,
    /// `OVERLAP`
    Overlap,
}

impl TimeAdjustment {
    /// Every symbol, in the order of the schema.
    pub const SYMBOLS: &'static [&'static str] = &[
        "UNKNOWN",
        "GAP",
        "OVERLAP",
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
            "GAP" => Self::Gap,
            "OVERLAP" => Self::Overlap,
            _ => Self::Unknown,
        }
    }
}

crate::codec::avro_enum!(TimeAdjustment);

/// A step of a transport, reached or expected (X12 214, EDIFACT IFTSTA).
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct TransportMilestone<'a> {
    /// Step, in the contract's words.
    #[serde(default)]
    pub milestone: MilestoneKind,
    /// Step as the source codes it (X12 AT701 or AT703, EDIFACT STS C555 4405).
    #[serde(default, borrow)]
    pub status_code: Option<&'a str>,
    /// Reason as the source codes it (X12 AT702 or AT704, EDIFACT STS C556 9013).
    #[serde(default, borrow)]
    pub reason_code: Option<&'a str>,
    /// Reason in words (EDIFACT STS C556 9012, FTX).
    #[serde(default, borrow)]
    pub reason: Option<&'a str>,
    /// The time is an estimate or an appointment, not yet a fact (X12 AT703, EDIFACT DTM 132).
    #[serde(default)]
    pub estimated: bool,
    /// When the step was or will be reached (X12 AT705 to AT707, EDIFACT DTM 334, 178, 186).
    #[serde(default)]
    pub time: Option<Timestamp>,
    /// Where (X12 MS1, EDIFACT LOC).
    #[serde(default, borrow)]
    pub place: Option<Place<'a>>,
    /// Carrier (X12 B1003, SCAC; EDIFACT TDT C040 3127).
    #[serde(default, borrow)]
    pub carrier: Option<&'a str>,
    /// Mode of transport (X12 MS2 and TD504, EDIFACT TDT 8067).
    #[serde(default, borrow)]
    pub transport_mode: Option<&'a str>,
    /// Voyage, flight, train or trip (EDIFACT TDT 8028).
    #[serde(default, borrow)]
    pub transport: Option<&'a str>,
    /// Trailer, container or vehicle (X12 MS202, EDIFACT EQD C237 8260, TDT C222).
    #[serde(default, borrow)]
    pub equipment: Option<&'a str>,
    /// Kind of equipment (X12 MS203, EDIFACT EQD 8053).
    #[serde(default, borrow)]
    pub equipment_type: Option<&'a str>,
    /// Weight (X12 AT803, EDIFACT MEA, CNT 7).
    #[serde(default, borrow)]
    pub gross_weight: Option<Quantity<'a>>,
    /// Volume (X12 AT807).
    #[serde(default, borrow)]
    pub volume: Option<Quantity<'a>>,
    /// Count of packages (X12 AT805, EDIFACT CNT 11).
    #[serde(default)]
    pub package_count: Option<i32>,
    /// Handling units that it is about (X12 MAN02, EDIFACT GID, GIN).
    #[serde(default, borrow)]
    pub handling_units: Vec<&'a str>,
    /// Parties (X12 N1, EDIFACT NAD).
    #[serde(default, borrow)]
    pub parties: Vec<Party<'a>>,
    /// Documents (X12 B1001, B1002, L11; EDIFACT CNI 1490, RFF).
    #[serde(default, borrow)]
    pub references: Vec<DocumentReference<'a>>,
    /// Set when it corrects an earlier one (EDIFACT BGM 1225).
    #[serde(default, borrow)]
    pub correction: Option<Correction<'a>>,
    /// What else the source says.
    #[serde(default, borrow)]
    pub properties: Vec<NameValue<'a>>,
}
