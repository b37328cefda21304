//! Records of the family `traceability`. Generated from `avro/`; do not edit.

use serde::{Deserialize, Serialize};

use crate::decimal::Decimal;
use crate::time::Date;
use crate::time::Timestamp;
use super::Correction;
use super::DocumentReference;
use super::Envelope;
use super::NameValue;
use super::Quantity;

/// Things were put into or onto something, seen there, or taken off (EPCIS AggregationEvent).
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct AggregationChanged<'a> {
    /// ADD: it came into being, or was put together; OBSERVE: it was seen as it is; DELETE: it ended, or was taken apart (EPCIS action).
    #[serde(default)]
    pub action: TraceAction,
    /// What holds them, mostly an SSCC (EPCIS parentID).
    #[serde(default, borrow)]
    pub parent: Option<&'a str>,
    /// Things, one by one (EPCIS childEPCs).
    #[serde(default, borrow)]
    pub child_epcs: Vec<&'a str>,
    /// Amounts of classes (EPCIS childQuantityList).
    #[serde(default, borrow)]
    pub child_quantities: Vec<QuantityElement<'a>>,
    /// Where and why it happened.
    #[serde(default, borrow)]
    pub context: Option<BusinessContext<'a>>,
    /// Set when the event is declared to be wrong.
    #[serde(default, borrow)]
    pub error_declaration: Option<ErrorDeclaration<'a>>,
    /// Extensions of the event: vendors' own elements.
    #[serde(default, borrow)]
    pub extensions: Vec<NameValue<'a>>,
}

/// Things were fixed to an asset or a place, seen there, or taken off (EPCIS AssociationEvent).
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct AssociationChanged<'a> {
    /// ADD: it came into being, or was put together; OBSERVE: it was seen as it is; DELETE: it ended, or was taken apart (EPCIS action).
    #[serde(default)]
    pub action: TraceAction,
    /// Asset or place (EPCIS parentID).
    #[serde(default, borrow)]
    pub parent: Option<&'a str>,
    /// Things, one by one (EPCIS childEPCs).
    #[serde(default, borrow)]
    pub child_epcs: Vec<&'a str>,
    /// Amounts of classes (EPCIS childQuantityList).
    #[serde(default, borrow)]
    pub child_quantities: Vec<QuantityElement<'a>>,
    /// Where and why it happened.
    #[serde(default, borrow)]
    pub context: Option<BusinessContext<'a>>,
    /// Set when the event is declared to be wrong.
    #[serde(default, borrow)]
    pub error_declaration: Option<ErrorDeclaration<'a>>,
    /// Extensions of the event: vendors' own elements.
    #[serde(default, borrow)]
    pub extensions: Vec<NameValue<'a>>,
}

/// Where and why it happened (EPCIS read point, business location, business step, disposition and what goes with them).
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct BusinessContext<'a> {
    /// Step of the business process, the bare CBV word (shipping, receiving) or a URI (EPCIS bizStep).
    #[serde(default, borrow)]
    pub business_step: Option<&'a str>,
    /// State that the things are in afterwards, the bare CBV word (in_transit) or a URI (EPCIS disposition).
    #[serde(default, borrow)]
    pub disposition: Option<&'a str>,
    /// States that hold from now on until unset (EPCIS persistentDisposition/set).
    #[serde(default, borrow)]
    pub dispositions_set: Vec<&'a str>,
    /// States that no longer hold (EPCIS persistentDisposition/unset).
    #[serde(default, borrow)]
    pub dispositions_unset: Vec<&'a str>,
    /// Where it was observed, as its URN or Digital Link (EPCIS readPoint).
    #[serde(default, borrow)]
    pub read_point: Option<&'a str>,
    /// Where the things are from now on (EPCIS bizLocation).
    #[serde(default, borrow)]
    pub business_location: Option<&'a str>,
    /// Business documents behind it (EPCIS bizTransactionList).
    #[serde(default, borrow)]
    pub business_transactions: Vec<DocumentReference<'a>>,
    /// Where the transfer comes from (EPCIS sourceList).
    #[serde(default, borrow)]
    pub sources: Vec<TransferEndpoint<'a>>,
    /// Where the transfer goes to (EPCIS destinationList).
    #[serde(default, borrow)]
    pub destinations: Vec<TransferEndpoint<'a>>,
    /// What sensors observed (EPCIS sensorElementList).
    #[serde(default, borrow)]
    pub sensor_elements: Vec<SensorElement<'a>>,
    /// Certificates, as URIs (EPCIS certificationInfo).
    #[serde(default, borrow)]
    pub certifications: Vec<&'a str>,
    /// When the source's own repository stored it (EPCIS recordTime).
    #[serde(default)]
    pub record_time: Option<Timestamp>,
}

/// The event is declared to be wrong (EPCIS errorDeclaration). It repeats the event that it declares wrong.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct ErrorDeclaration<'a> {
    /// When it was declared (EPCIS declarationTime).
    pub declared_at: Timestamp,
    /// Reason, the bare CBV word (incorrect_data, did_not_occur) or a URI (EPCIS reason).
    #[serde(default, borrow)]
    pub reason: Option<&'a str>,
    /// event_id of the event declared wrong, of the same source. The declaration repeats what that event says, and in EPCIS its id too, so its own event_id is another one.
    #[serde(default, borrow)]
    pub event_id: Option<&'a str>,
    /// Events that say it right (EPCIS correctiveEventIDs).
    #[serde(default, borrow)]
    pub corrective_event_ids: Vec<&'a str>,
    /// Extensions of the declaration.
    #[serde(default, borrow)]
    pub properties: Vec<NameValue<'a>>,
}

/// Some or all of the lot became part of another lot or order: one edge of the genealogy.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct LotConsumedInto<'a> {
    /// Material of the lot consumed (SAP Material, B2MML MaterialDefinitionID).
    #[serde(default, borrow)]
    pub item: Option<&'a str>,
    /// Sublot or container consumed (B2MML MaterialSubLotID).
    #[serde(default, borrow)]
    pub sublot: Option<&'a str>,
    /// Quantity consumed.
    #[serde(default, borrow)]
    pub quantity: Option<Quantity<'a>>,
    /// Lot that it became part of.
    #[serde(default, borrow)]
    pub into_lot: Option<&'a str>,
    /// Material of that lot.
    #[serde(default, borrow)]
    pub into_item: Option<&'a str>,
    /// Production order (B2MML ProductionResponse/ID, SAP ManufacturingOrder).
    #[serde(default, borrow)]
    pub order: Option<&'a str>,
    /// Operation (B2MML SegmentResponse/ID).
    #[serde(default, borrow)]
    pub operation: Option<&'a str>,
    /// Work center.
    #[serde(default, borrow)]
    pub work_center: Option<&'a str>,
    /// Set when the event is declared to be wrong.
    #[serde(default, borrow)]
    pub error_declaration: Option<ErrorDeclaration<'a>>,
    /// Set when it corrects an earlier one.
    #[serde(default, borrow)]
    pub correction: Option<Correction<'a>>,
    /// What else the source says.
    #[serde(default, borrow)]
    pub properties: Vec<NameValue<'a>>,
}

/// A lot came into being: produced, received, or split off.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct LotCreated<'a> {
    /// Material (SAP Material, B2MML MaterialDefinitionID).
    #[serde(default, borrow)]
    pub item: Option<&'a str>,
    /// Quantity at the beginning (B2MML MaterialLot/Quantity).
    #[serde(default, borrow)]
    pub quantity: Option<Quantity<'a>>,
    /// Production order that made it (SAP ManufacturingOrder).
    #[serde(default, borrow)]
    pub order: Option<&'a str>,
    /// Operation that made it.
    #[serde(default, borrow)]
    pub operation: Option<&'a str>,
    /// Supplier it came from (SAP Supplier).
    #[serde(default, borrow)]
    pub supplier: Option<&'a str>,
    /// Lot as its supplier names it (SAP BatchBySupplier).
    #[serde(default, borrow)]
    pub supplier_lot: Option<&'a str>,
    /// Lots it was split or blended from, where the source lists them.
    #[serde(default, borrow)]
    pub parent_lots: Vec<&'a str>,
    /// Storage location (SAP StorageLocation, B2MML StorageLocation).
    #[serde(default, borrow)]
    pub storage_location: Option<&'a str>,
    /// Status as the source codes it (B2MML MaterialLot/Status).
    #[serde(default, borrow)]
    pub status_code: Option<&'a str>,
    /// Date of manufacture (SAP ManufactureDate, HSDAT).
    #[serde(default)]
    pub production_date: Option<Date>,
    /// Last day of use (SAP ShelfLifeExpirationDate, VFDAT; B2MML property ExpiryDate).
    #[serde(default)]
    pub expiry_date: Option<Date>,
    /// Country of origin, ISO 3166-1 alpha-2 (SAP CountryOfOrigin, CBV countryOfOrigin).
    #[serde(default, borrow)]
    pub country_of_origin: Option<&'a str>,
    /// Set when the event is declared to be wrong.
    #[serde(default, borrow)]
    pub error_declaration: Option<ErrorDeclaration<'a>>,
    /// Set when it corrects an earlier one.
    #[serde(default, borrow)]
    pub correction: Option<Correction<'a>>,
    /// What else the source says (B2MML MaterialLotProperty, SAP classification).
    #[serde(default, borrow)]
    pub properties: Vec<NameValue<'a>>,
}

/// Something happened to things named one by one or by class (EPCIS ObjectEvent).
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct ObjectObserved<'a> {
    /// ADD: it came into being, or was put together; OBSERVE: it was seen as it is; DELETE: it ended, or was taken apart (EPCIS action).
    #[serde(default)]
    pub action: TraceAction,
    /// Things, as their URNs or GS1 Digital Links (EPCIS epcList).
    #[serde(default, borrow)]
    pub epcs: Vec<&'a str>,
    /// Amounts of classes (EPCIS quantityList).
    #[serde(default, borrow)]
    pub quantities: Vec<QuantityElement<'a>>,
    /// Master data of the very instances or lot (EPCIS ilmd).
    #[serde(default, borrow)]
    pub instance_data: Vec<NameValue<'a>>,
    /// Where and why it happened.
    #[serde(default, borrow)]
    pub context: Option<BusinessContext<'a>>,
    /// Set when the event is declared to be wrong.
    #[serde(default, borrow)]
    pub error_declaration: Option<ErrorDeclaration<'a>>,
    /// Extensions of the event: vendors' own elements.
    #[serde(default, borrow)]
    pub extensions: Vec<NameValue<'a>>,
}

/// A part of what a handling unit holds.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct PackedContent<'a> {
    /// Material (SAP Material).
    #[serde(default, borrow)]
    pub item: Option<&'a str>,
    /// Lot (SAP Batch).
    #[serde(default, borrow)]
    pub lot: Option<&'a str>,
    /// Quantity (SAP HandlingUnitQuantity).
    #[serde(default, borrow)]
    pub quantity: Option<Quantity<'a>>,
    /// Serial numbers.
    #[serde(default, borrow)]
    pub serials: Vec<&'a str>,
    /// Production order that it came from.
    #[serde(default, borrow)]
    pub order: Option<&'a str>,
}

/// A handling unit was packed (SAP handling unit, GS1 logistic unit).
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct PalletPacked<'a> {
    /// Kind of handling unit (SAP PackagingMaterial, UN/ECE Recommendation 21).
    #[serde(default, borrow)]
    pub type_code: Option<&'a str>,
    /// Handling units inside, by their ids (SSCC).
    #[serde(default, borrow)]
    pub children: Vec<&'a str>,
    /// What it holds.
    #[serde(default, borrow)]
    pub contents: Vec<PackedContent<'a>>,
    /// Production order (SAP ManufacturingOrder).
    #[serde(default, borrow)]
    pub order: Option<&'a str>,
    /// Where it was packed.
    #[serde(default, borrow)]
    pub work_center: Option<&'a str>,
    /// Where it stands (SAP StorageLocation).
    #[serde(default, borrow)]
    pub storage_location: Option<&'a str>,
    /// Weight with packaging (SAP GrossWeight).
    #[serde(default, borrow)]
    pub gross_weight: Option<Quantity<'a>>,
    /// Weight of the goods (SAP NetWeight).
    #[serde(default, borrow)]
    pub net_weight: Option<Quantity<'a>>,
    /// Set when the event is declared to be wrong.
    #[serde(default, borrow)]
    pub error_declaration: Option<ErrorDeclaration<'a>>,
    /// Set when it corrects an earlier one.
    #[serde(default, borrow)]
    pub correction: Option<Correction<'a>>,
    /// What else the source says.
    #[serde(default, borrow)]
    pub properties: Vec<NameValue<'a>>,
}

/// An amount of a class of things (EPCIS quantityElement).
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct QuantityElement<'a> {
    /// Class, as its URN or GS1 Digital Link: LGTIN for a lot, GTIN pattern for an item (EPCIS epcClass).
    #[serde(borrow)]
    pub epc_class: &'a str,
    /// Material, where the mapping knows it.
    #[serde(default, borrow)]
    pub item: Option<&'a str>,
    /// Lot, where the mapping knows it.
    #[serde(default, borrow)]
    pub lot: Option<&'a str>,
    /// Amount (EPCIS quantity and uom; pieces, C62, when the source gives no uom). Absent when the source says only that some of the class was there.
    #[serde(default, borrow)]
    pub quantity: Option<Quantity<'a>>,
}

/// What sensors observed (EPCIS sensorElement).
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct SensorElement<'a> {
    /// When, for all reports that do not say (EPCIS sensorMetadata/time).
    #[serde(default)]
    pub time: Option<Timestamp>,
    /// Begin of the period (EPCIS startTime).
    #[serde(default)]
    pub start_time: Option<Timestamp>,
    /// End of the period (EPCIS endTime).
    #[serde(default)]
    pub end_time: Option<Timestamp>,
    /// Device (EPCIS deviceID).
    #[serde(default, borrow)]
    pub device: Option<&'a str>,
    /// Where the device is described, as a URI (EPCIS deviceMetadata).
    #[serde(default, borrow)]
    pub device_metadata: Option<&'a str>,
    /// Where the raw data are, as a URI (EPCIS rawData).
    #[serde(default, borrow)]
    pub raw_data: Option<&'a str>,
    /// How raw data became values, as a URI (EPCIS dataProcessingMethod).
    #[serde(default, borrow)]
    pub data_processing_method: Option<&'a str>,
    /// Rules that the sensor is used by, as a URI (EPCIS bizRules).
    #[serde(default, borrow)]
    pub business_rules: Option<&'a str>,
    /// Observations (EPCIS sensorReport).
    #[serde(default, borrow)]
    pub reports: Vec<SensorReport<'a>>,
    /// Extensions of the element and of its metadata.
    #[serde(default, borrow)]
    pub properties: Vec<NameValue<'a>>,
}

/// One observation of a sensor (EPCIS sensorReport).
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct SensorReport<'a> {
    /// What was measured (GS1 Web vocabulary measurement type: Temperature, AbsoluteHumidity).
    #[serde(default, borrow)]
    pub kind: Option<&'a str>,
    /// Condition instead of a value (EPCIS exception: ALARM_CONDITION, ERROR_CONDITION).
    #[serde(default, borrow)]
    pub exception: Option<&'a str>,
    /// Component of a vector or angle (CBV component: x, northing).
    #[serde(default, borrow)]
    pub component: Option<&'a str>,
    /// Unit of the values, UN/CEFACT Recommendation 20 (EPCIS uom). Values without unit are pure numbers.
    #[serde(default, borrow)]
    pub unit: Option<&'a str>,
    /// Value (EPCIS value).
    #[serde(default)]
    pub value: Option<Decimal>,
    /// Lowest value of the period (EPCIS minValue).
    #[serde(default)]
    pub min_value: Option<Decimal>,
    /// Highest value of the period (EPCIS maxValue).
    #[serde(default)]
    pub max_value: Option<Decimal>,
    /// Mean of the period (EPCIS meanValue).
    #[serde(default)]
    pub mean_value: Option<Decimal>,
    /// Standard deviation over the period (EPCIS sDev).
    #[serde(default)]
    pub standard_deviation: Option<Decimal>,
    /// Rank of the percentile, 0 to 100 (EPCIS percRank).
    #[serde(default)]
    pub percentile_rank: Option<Decimal>,
    /// Value at that percentile (EPCIS percValue).
    #[serde(default)]
    pub percentile_value: Option<Decimal>,
    /// Value that is text (EPCIS stringValue).
    #[serde(default, borrow)]
    pub string_value: Option<&'a str>,
    /// Value that is true or false (EPCIS booleanValue).
    #[serde(default)]
    pub boolean_value: Option<bool>,
    /// Value in hexadecimal digits (EPCIS hexBinaryValue).
    #[serde(default, borrow)]
    pub hex_value: Option<&'a str>,
    /// Value that is a URI (EPCIS uriValue).
    #[serde(default, borrow)]
    pub uri_value: Option<&'a str>,
    /// Substance measured, as a URI (EPCIS chemicalSubstance).
    #[serde(default, borrow)]
    pub chemical_substance: Option<&'a str>,
    /// Microorganism measured, as a URI (EPCIS microorganism).
    #[serde(default, borrow)]
    pub microorganism: Option<&'a str>,
    /// System that coordinates are in, as a URI (EPCIS coordinateReferenceSystem).
    #[serde(default, borrow)]
    pub coordinate_reference_system: Option<&'a str>,
    /// Device (EPCIS deviceID).
    #[serde(default, borrow)]
    pub device: Option<&'a str>,
    /// Where the device is described, as a URI (EPCIS deviceMetadata).
    #[serde(default, borrow)]
    pub device_metadata: Option<&'a str>,
    /// Where the raw data are, as a URI (EPCIS rawData).
    #[serde(default, borrow)]
    pub raw_data: Option<&'a str>,
    /// How raw data became values, as a URI (EPCIS dataProcessingMethod).
    #[serde(default, borrow)]
    pub data_processing_method: Option<&'a str>,
    /// Rules that the sensor is used by, as a URI (EPCIS bizRules).
    #[serde(default, borrow)]
    pub business_rules: Option<&'a str>,
    /// When (EPCIS time).
    #[serde(default)]
    pub time: Option<Timestamp>,
    /// Extensions of the report.
    #[serde(default, borrow)]
    pub properties: Vec<NameValue<'a>>,
}

/// A serial number was given to a thing.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct SerialAssigned<'a> {
    /// Material (SAP Material, GTIN of an SGTIN).
    #[serde(default, borrow)]
    pub item: Option<&'a str>,
    /// Global Trade Item Number, 14 digits.
    #[serde(default, borrow)]
    pub gtin: Option<&'a str>,
    /// Lot (SAP Batch).
    #[serde(default, borrow)]
    pub lot: Option<&'a str>,
    /// Production order (SAP ManufacturingOrder).
    #[serde(default, borrow)]
    pub order: Option<&'a str>,
    /// Operation that assigned it.
    #[serde(default, borrow)]
    pub operation: Option<&'a str>,
    /// Serial of the thing that it was built into.
    #[serde(default, borrow)]
    pub parent: Option<&'a str>,
    /// Equipment record of it (SAP Equipment).
    #[serde(default, borrow)]
    pub equipment: Option<&'a str>,
    /// Set when the event is declared to be wrong.
    #[serde(default, borrow)]
    pub error_declaration: Option<ErrorDeclaration<'a>>,
    /// Set when it corrects an earlier one.
    #[serde(default, borrow)]
    pub correction: Option<Correction<'a>>,
    /// What else the source says.
    #[serde(default, borrow)]
    pub properties: Vec<NameValue<'a>>,
}

/// How an event relates to the life of what it names (EPCIS action).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum TraceAction {
    /// A symbol that this version does not know.
    #[default]
    Unknown,
    /// `ADD`
    Add,
    /// `OBSERVE`
    Observe,
    /// `DELETE`
    Delete,
}

impl TraceAction {
    /// Every symbol, in the order of the schema.
    pub const SYMBOLS: &'static [&'static str] = &[
        "UNKNOWN",
        "ADD",
        "OBSERVE",
        "DELETE",
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
            "ADD" => Self::Add,
            "OBSERVE" => Self::Observe,
            "DELETE" => Self::Delete,
            _ => Self::Unknown,
        }
    }
}

crate::codec::avro_enum!(TraceAction);

/// One event in the history of a lot, a handling unit or a thing with a serial number. Topic canonical.traceability.v1, keyed by plant and subject. Exactly one of the groups is set, the one that type names; a reader that does not know the type sees UNKNOWN and no group.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct TraceabilityEvent<'a> {
    /// What every canonical event carries.
    #[serde(borrow)]
    pub envelope: Envelope<'a>,
    /// What it is about: the lot, handling unit (SSCC) or serial, as an identifier in text. For EPCIS events the parent, else the first thing named, else the first class; of a transformation the first output. Where none is named, the transformation, the business document or the place.
    #[serde(borrow)]
    pub subject: &'a str,
    /// Which group is set.
    #[serde(default)]
    pub r#type: TraceabilityEventType,
    /// Set when type is LOT_CREATED.
    #[serde(default, borrow)]
    pub lot_created: Option<Box<LotCreated<'a>>>,
    /// Set when type is LOT_CONSUMED_INTO.
    #[serde(default, borrow)]
    pub lot_consumed_into: Option<Box<LotConsumedInto<'a>>>,
    /// Set when type is PALLET_PACKED.
    #[serde(default, borrow)]
    pub pallet_packed: Option<Box<PalletPacked<'a>>>,
    /// Set when type is SERIAL_ASSIGNED.
    #[serde(default, borrow)]
    pub serial_assigned: Option<Box<SerialAssigned<'a>>>,
    /// Set when type is OBJECT_OBSERVED.
    #[serde(default, borrow)]
    pub object_observed: Option<Box<ObjectObserved<'a>>>,
    /// Set when type is AGGREGATION_CHANGED.
    #[serde(default, borrow)]
    pub aggregation_changed: Option<Box<AggregationChanged<'a>>>,
    /// Set when type is TRANSACTION_LINKED.
    #[serde(default, borrow)]
    pub transaction_linked: Option<Box<TransactionLinked<'a>>>,
    /// Set when type is TRANSFORMED.
    #[serde(default, borrow)]
    pub transformed: Option<Box<Transformed<'a>>>,
    /// Set when type is ASSOCIATION_CHANGED.
    #[serde(default, borrow)]
    pub association_changed: Option<Box<AssociationChanged<'a>>>,
}

/// Which group is set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum TraceabilityEventType {
    /// A symbol that this version does not know.
    #[default]
    Unknown,
    /// `LOT_CREATED`
    LotCreated,
    /// `LOT_CONSUMED_INTO`
    LotConsumedInto,
    /// `PALLET_PACKED`
    PalletPacked,
    /// `SERIAL_ASSIGNED`
    SerialAssigned,
    /// `OBJECT_OBSERVED`
    ObjectObserved,
    /// `AGGREGATION_CHANGED`
    AggregationChanged,
    /// `TRANSACTION_LINKED`
    TransactionLinked,
    /// `TRANSFORMED`
    Transformed,
    /// `ASSOCIATION_CHANGED`
    AssociationChanged,
}

impl TraceabilityEventType {
    /// Every symbol, in the order of the schema.
    pub const SYMBOLS: &'static [&'static str] = &[
        "UNKNOWN",
        "LOT_CREATED",
        "LOT_CONSUMED_INTO",
        "PALLET_PACKED",
        "SERIAL_ASSIGNED",
        "OBJECT_OBSERVED",
        "AGGREGATION_CHANGED",
        "TRANSACTION_LINKED",
        "TRANSFORMED",
        "ASSOCIATION_CHANGED",
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
            "LOT_CREATED" => Self::LotCreated,
            "LOT_CONSUMED_INTO" => Self::LotConsumedInto,
            "PALLET_PACKED" => Self::PalletPacked,
            "SERIAL_ASSIGNED" => Self::SerialAssigned,
            "OBJECT_OBSERVED" => Self::ObjectObserved,
            "AGGREGATION_CHANGED" => Self::AggregationChanged,
            "TRANSACTION_LINKED" => Self::TransactionLinked,
            "TRANSFORMED" => Self::Transformed,
            "ASSOCIATION_CHANGED" => Self::AssociationChanged,
            _ => Self::Unknown,
        }
    }
}

crate::codec::avro_enum!(TraceabilityEventType);

/// Things were linked to business documents, or the link was ended (EPCIS TransactionEvent). The documents stand in the context.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct TransactionLinked<'a> {
    /// ADD: it came into being, or was put together; OBSERVE: it was seen as it is; DELETE: it ended, or was taken apart (EPCIS action).
    #[serde(default)]
    pub action: TraceAction,
    /// What holds the things (EPCIS parentID).
    #[serde(default, borrow)]
    pub parent: Option<&'a str>,
    /// Things, one by one (EPCIS epcList).
    #[serde(default, borrow)]
    pub epcs: Vec<&'a str>,
    /// Amounts of classes (EPCIS quantityList).
    #[serde(default, borrow)]
    pub quantities: Vec<QuantityElement<'a>>,
    /// Where and why it happened.
    #[serde(default, borrow)]
    pub context: Option<BusinessContext<'a>>,
    /// Set when the event is declared to be wrong.
    #[serde(default, borrow)]
    pub error_declaration: Option<ErrorDeclaration<'a>>,
    /// Extensions of the event: vendors' own elements.
    #[serde(default, borrow)]
    pub extensions: Vec<NameValue<'a>>,
}

/// One end of a transfer (EPCIS source or destination).
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct TransferEndpoint<'a> {
    /// What it is an end of (CBV source or destination type: owning_party, possessing_party, location).
    #[serde(borrow)]
    pub kind: &'a str,
    /// Party or location, as its URN or GS1 Digital Link.
    #[serde(borrow)]
    pub id: &'a str,
}

/// Inputs were used up and outputs came into being (EPCIS TransformationEvent).
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Transformed<'a> {
    /// Identifier that joins several events of one transformation (EPCIS transformationID).
    #[serde(default, borrow)]
    pub transformation: Option<&'a str>,
    /// Inputs, one by one (EPCIS inputEPCList).
    #[serde(default, borrow)]
    pub input_epcs: Vec<&'a str>,
    /// Inputs by class (EPCIS inputQuantityList).
    #[serde(default, borrow)]
    pub input_quantities: Vec<QuantityElement<'a>>,
    /// Outputs, one by one (EPCIS outputEPCList).
    #[serde(default, borrow)]
    pub output_epcs: Vec<&'a str>,
    /// Outputs by class (EPCIS outputQuantityList).
    #[serde(default, borrow)]
    pub output_quantities: Vec<QuantityElement<'a>>,
    /// Master data of the very instances or lot (EPCIS ilmd).
    #[serde(default, borrow)]
    pub instance_data: Vec<NameValue<'a>>,
    /// Where and why it happened.
    #[serde(default, borrow)]
    pub context: Option<BusinessContext<'a>>,
    /// Set when the event is declared to be wrong.
    #[serde(default, borrow)]
    pub error_declaration: Option<ErrorDeclaration<'a>>,
    /// Extensions of the event: vendors' own elements.
    #[serde(default, borrow)]
    pub extensions: Vec<NameValue<'a>>,
}
