//! Records of the family `master`. Generated from `avro/`; do not edit.

use serde::{Deserialize, Serialize};

use crate::decimal::Decimal;
use crate::time::Date;
use crate::time::Timestamp;
use super::Envelope;
use super::NameValue;
use super::Quantity;

/// An identifier that a system or partner uses for the same thing.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Alias<'a> {
    /// Who uses it: a source as its mapping names it (plant-a.mes), or a scheme (GTIN, GLN, DUNS, SCAC, X12 qualifier, EDIFACT 3055 code).
    #[serde(borrow)]
    pub scheme: &'a str,
    /// Identifier there. A string: leading zeros count.
    #[serde(borrow)]
    pub id: &'a str,
    /// From when it holds, by the time of the events that use it; always when absent.
    #[serde(default)]
    pub valid_from: Option<Timestamp>,
    /// Until when it holds, that instant not included; without end when absent.
    #[serde(default)]
    pub valid_to: Option<Timestamp>,
}

/// What an item is made from, from one time on. Topic master.bill-of-material.v1, keyed by plant, item, usage, alternative and version: every effective-dated version is a record of its own.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct BillOfMaterial<'a> {
    /// What every canonical record carries.
    #[serde(borrow)]
    pub envelope: Envelope<'a>,
    /// Material that is made (SAP Material, MATNR; B2MML ProductDefinition).
    #[serde(borrow)]
    pub item: &'a str,
    /// Usage (SAP BillOfMaterialVariantUsage, STLAN: 1 production). 1 where the source has none.
    #[serde(borrow)]
    pub usage: &'a str,
    /// Alternative (SAP BillOfMaterialVariant, STLAL). 1 where the source has none.
    #[serde(borrow)]
    pub alternative: &'a str,
    /// Version: change number, revision or first day of validity, as the source tells versions apart (SAP EngineeringChangeDocument, AENNR, or DATUV). 1 where the source has none.
    #[serde(borrow)]
    pub version: &'a str,
    /// The system of record says that it is gone. The record stays, so that readers know.
    #[serde(default)]
    pub is_deleted: bool,
    /// Number of the bill (SAP BillOfMaterial, STLNR; B2MML BillOfMaterialsID).
    #[serde(default, borrow)]
    pub bill_of_material: Option<&'a str>,
    /// Description (SAP BOMHeaderText).
    #[serde(default, borrow)]
    pub description: Option<&'a str>,
    /// Quantity of the item that the lines are for (SAP BOMHeaderQuantityInBaseUnit, BMENG).
    #[serde(borrow)]
    pub base_quantity: Quantity<'a>,
    /// Status as the source codes it (SAP BillOfMaterialStatus, STLST).
    #[serde(default, borrow)]
    pub status: Option<&'a str>,
    /// From when it holds, by the time of the events that use it; always when absent.
    #[serde(default)]
    pub valid_from: Option<Timestamp>,
    /// Until when it holds, that instant not included; without end when absent.
    #[serde(default)]
    pub valid_to: Option<Timestamp>,
    /// Components.
    #[serde(default, borrow)]
    pub lines: Vec<BillOfMaterialLine<'a>>,
    /// What else the source says.
    #[serde(default, borrow)]
    pub properties: Vec<NameValue<'a>>,
}

/// A component of a bill of material.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct BillOfMaterialLine<'a> {
    /// Position (SAP BillOfMaterialItemNumber, POSNR).
    #[serde(borrow)]
    pub position: &'a str,
    /// Identifier that stays when the position changes (SAP BillOfMaterialItemNodeNumber, STLKN).
    #[serde(default, borrow)]
    pub node: Option<&'a str>,
    /// Material (SAP BillOfMaterialComponent, IDNRK; B2MML MaterialSpecification).
    #[serde(borrow)]
    pub item: &'a str,
    /// Description (SAP BOMItemDescription, POTX1).
    #[serde(default, borrow)]
    pub description: Option<&'a str>,
    /// Category of the line as the source codes it (SAP BillOfMaterialItemCategory, POSTP).
    #[serde(default, borrow)]
    pub category: Option<&'a str>,
    /// Quantity for the base quantity; negative for what comes out of it (SAP BillOfMaterialItemQuantity, MENGE).
    #[serde(borrow)]
    pub quantity: Quantity<'a>,
    /// The quantity is the same for any order quantity (SAP FixedQuantity, FMENG).
    #[serde(default)]
    pub is_fixed_quantity: bool,
    /// Scrap of the component that the plan allows for, percent (SAP ComponentScrapInPercent, AUSCH).
    #[serde(default)]
    pub scrap_percent: Option<Decimal>,
    /// Operation that needs it (SAP component allocation, B2MML ProductSegment).
    #[serde(default, borrow)]
    pub operation: Option<&'a str>,
    /// Storage location it is issued from (SAP ProdOrderIssueLocation, LGORT).
    #[serde(default, borrow)]
    pub storage_location: Option<&'a str>,
    /// Booked by the ERP at confirmation (SAP BOMItemIsBackflush, RGEKZ).
    #[serde(default)]
    pub is_backflushed: bool,
    /// Bulk material (SAP IsBulkMaterial, SCHGT).
    #[serde(default)]
    pub is_bulk: bool,
    /// Group of lines that replace each other (SAP AlternativeItemGroup, ALPGR).
    #[serde(default, borrow)]
    pub alternative_group: Option<&'a str>,
    /// Rank within the group (SAP AlternativeItemPriority, ALPRF).
    #[serde(default, borrow)]
    pub alternative_priority: Option<&'a str>,
    /// From when it holds, by the time of the events that use it; always when absent.
    #[serde(default)]
    pub valid_from: Option<Timestamp>,
    /// Until when it holds, that instant not included; without end when absent.
    #[serde(default)]
    pub valid_to: Option<Timestamp>,
    /// What else the source says of the line.
    #[serde(default, borrow)]
    pub properties: Vec<NameValue<'a>>,
}

/// A day that is not as its weekday.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct CalendarException<'a> {
    /// The day, the plant's calendar.
    pub date: Date,
    /// It is worked on; otherwise not.
    #[serde(default)]
    pub is_working: bool,
    /// Shift that it is about; all of the day when absent.
    #[serde(default, borrow)]
    pub shift: Option<&'a str>,
    /// When work begins instead, the plant's local time.
    #[serde(default, borrow)]
    pub start_time: Option<&'a str>,
    /// When work ends instead, the plant's local time.
    #[serde(default, borrow)]
    pub end_time: Option<&'a str>,
    /// Reason: the holiday's name.
    #[serde(default, borrow)]
    pub reason: Option<&'a str>,
}

/// A partner that goods go to. Topic master.customer.v1, keyed by plant and customer.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Customer<'a> {
    /// What every canonical record carries.
    #[serde(borrow)]
    pub envelope: Envelope<'a>,
    /// Customer, the canonical number (SAP Customer, KUNNR).
    #[serde(borrow)]
    pub customer: &'a str,
    /// The system of record says that it is gone. The record stays, so that readers know.
    #[serde(default)]
    pub is_deleted: bool,
    /// Name (SAP BusinessPartnerFullName, NAME1; X12 N102; EDIFACT C080 3036).
    #[serde(default, borrow)]
    pub name: Option<&'a str>,
    /// Street and additions, line by line (SAP StreetName, HouseNumber).
    #[serde(default, borrow)]
    pub address_lines: Vec<&'a str>,
    /// City (SAP CityName, ORT01).
    #[serde(default, borrow)]
    pub city: Option<&'a str>,
    /// State or province (SAP Region, REGIO).
    #[serde(default, borrow)]
    pub region: Option<&'a str>,
    /// Postal code (SAP PostalCode, PSTLZ).
    #[serde(default, borrow)]
    pub postal_code: Option<&'a str>,
    /// Country, ISO 3166-1 alpha-2 (SAP Country, LAND1).
    #[serde(default, borrow)]
    pub country: Option<&'a str>,
    /// Status as the source codes it (SAP purchasing or order block).
    #[serde(default, borrow)]
    pub status: Option<&'a str>,
    /// Its identifiers elsewhere: every partner id that means it (GLN, DUNS, X12 N104, EDIFACT C082 3039, ISA06).
    #[serde(default, borrow)]
    pub aliases: Vec<Alias<'a>>,
    /// Places it takes goods at.
    #[serde(default, borrow)]
    pub ship_tos: Vec<ShipTo<'a>>,
    /// From when it holds, by the time of the events that use it; always when absent.
    #[serde(default)]
    pub valid_from: Option<Timestamp>,
    /// Until when it holds, that instant not included; without end when absent.
    #[serde(default)]
    pub valid_to: Option<Timestamp>,
    /// What else the source says.
    #[serde(default, borrow)]
    pub properties: Vec<NameValue<'a>>,
}

/// A material. Topic master.item.v1, keyed by plant and item.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Item<'a> {
    /// What every canonical record carries.
    #[serde(borrow)]
    pub envelope: Envelope<'a>,
    /// Material, the canonical number of the plant (SAP Material, MATNR; B2MML MaterialDefinition/ID).
    #[serde(borrow)]
    pub item: &'a str,
    /// The system of record says that it is gone. The record stays, so that readers know.
    #[serde(default)]
    pub is_deleted: bool,
    /// Descriptions (SAP MAKTM MAKTX, B2MML Description).
    #[serde(default, borrow)]
    pub descriptions: Vec<LocalText<'a>>,
    /// Type of material (SAP MaterialType, MTART; B2MML MaterialClassID).
    #[serde(default, borrow)]
    pub item_type: Option<&'a str>,
    /// Group of materials (SAP MaterialGroup, MATKL).
    #[serde(default, borrow)]
    pub item_group: Option<&'a str>,
    /// Status as the source codes it (SAP CrossPlantStatus, MSTAE; plant status MMSTA).
    #[serde(default, borrow)]
    pub status: Option<&'a str>,
    /// Unit that stock is kept in, UN/CEFACT Recommendation 20 (SAP MaterialBaseUnit, MEINS; B2MML property BaseUnitOfMeasure).
    #[serde(default, borrow)]
    pub base_unit: Option<&'a str>,
    /// Weight of a base unit with packaging (SAP GrossWeight, BRGEW).
    #[serde(default, borrow)]
    pub gross_weight: Option<Quantity<'a>>,
    /// Weight of a base unit (SAP NetWeight, NTGEW).
    #[serde(default, borrow)]
    pub net_weight: Option<Quantity<'a>>,
    /// Volume of a base unit (SAP MaterialVolume, VOLUM).
    #[serde(default, borrow)]
    pub volume: Option<Quantity<'a>>,
    /// Time that it keeps, mostly in days, DAY (SAP TotalShelfLife, MHDHB).
    #[serde(default, borrow)]
    pub shelf_life: Option<Quantity<'a>>,
    /// Time that must be left at receipt (SAP MinRemainingShelfLife, MHDRZ).
    #[serde(default, borrow)]
    pub minimum_remaining_shelf_life: Option<Quantity<'a>>,
    /// Made or bought, as the source codes it (SAP ProcurementType, BESKZ).
    #[serde(default, borrow)]
    pub procurement_type: Option<&'a str>,
    /// Planner or controller (SAP MRPController, DISPO).
    #[serde(default, borrow)]
    pub planner: Option<&'a str>,
    /// Storage location it is issued from unless said otherwise (SAP ProductionInvtryManagedLoc, LGPRO).
    #[serde(default, borrow)]
    pub storage_location: Option<&'a str>,
    /// Stock is kept by lot (SAP IsBatchManagementRequired, XCHPF).
    #[serde(default)]
    pub is_lot_managed: bool,
    /// Things have serial numbers (SAP SerialNumberProfile, SERNP).
    #[serde(default)]
    pub is_serial_managed: bool,
    /// Country of origin, ISO 3166-1 alpha-2 (SAP CountryOfOrigin, HERKL).
    #[serde(default, borrow)]
    pub country_of_origin: Option<&'a str>,
    /// Hazard classes and warnings as the source codes them (SAP HazardousMaterialNumber, STOFF; B2MML property HazardousMaterialWarning).
    #[serde(default, borrow)]
    pub hazards: Vec<&'a str>,
    /// What others call it (SAP EAN11, MFRPN, supplier's material; GTIN).
    #[serde(default, borrow)]
    pub aliases: Vec<Alias<'a>>,
    /// What else the source says (B2MML MaterialDefinitionProperty, SAP classification).
    #[serde(default, borrow)]
    pub properties: Vec<NameValue<'a>>,
}

/// A text in a language.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct LocalText<'a> {
    /// Language as the source codes it, ISO 639 where it can (B2MML languageID, SAP SPRAS).
    #[serde(default, borrow)]
    pub language: Option<&'a str>,
    /// The text.
    #[serde(borrow)]
    pub text: &'a str,
}

/// A lot of an item. Topic master.lot.v1, keyed by plant, item and lot.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Lot<'a> {
    /// What every canonical record carries.
    #[serde(borrow)]
    pub envelope: Envelope<'a>,
    /// Material (SAP Material; B2MML MaterialDefinition of the lot). Empty where lots are unique without it and the source does not name it.
    #[serde(borrow)]
    pub item: &'a str,
    /// Lot (SAP Batch, CHARG; B2MML MaterialLot/ID).
    #[serde(borrow)]
    pub lot: &'a str,
    /// The system of record says that it is gone. The record stays, so that readers know.
    #[serde(default)]
    pub is_deleted: bool,
    /// Status as the source codes it (B2MML MaterialLot/Status: Valid; SAP BatchIsMarkedForRestriction, ZUSTD).
    #[serde(default, borrow)]
    pub status: Option<&'a str>,
    /// Supplier it came from (SAP Supplier).
    #[serde(default, borrow)]
    pub supplier: Option<&'a str>,
    /// Lot as its supplier names it (SAP BatchBySupplier, LICHA).
    #[serde(default, borrow)]
    pub supplier_lot: Option<&'a str>,
    /// Date of manufacture (SAP ManufactureDate, HSDAT).
    #[serde(default)]
    pub production_date: Option<Date>,
    /// Last day of use (SAP ShelfLifeExpirationDate, VFDAT; B2MML property ExpiryDate).
    #[serde(default)]
    pub expiry_date: Option<Date>,
    /// When it is to be inspected next (SAP NextInspectionDate, QNDAT).
    #[serde(default)]
    pub next_inspection_date: Option<Date>,
    /// Country of origin, ISO 3166-1 alpha-2 (SAP CountryOfOrigin, HERKL; CBV countryOfOrigin).
    #[serde(default, borrow)]
    pub country_of_origin: Option<&'a str>,
    /// Quantity of the lot as a whole, where the source says (B2MML MaterialLot/Quantity).
    #[serde(default, borrow)]
    pub quantity: Option<Quantity<'a>>,
    /// Sublots (B2MML MaterialSubLot/ID).
    #[serde(default, borrow)]
    pub sublots: Vec<&'a str>,
    /// What others call it (LGTIN).
    #[serde(default, borrow)]
    pub aliases: Vec<Alias<'a>>,
    /// What else the source says (B2MML MaterialLotProperty, SAP classification).
    #[serde(default, borrow)]
    pub properties: Vec<NameValue<'a>>,
}

/// A number that the order, or one of its operations, is known by elsewhere.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct OrderAlias<'a> {
    /// Plant and sequence, global order number, operation execution id and others.
    #[serde(default)]
    pub kind: OrderAliasKind,
    /// Who uses it: a source as its mapping names it (plant-a.mes), or a scheme.
    #[serde(borrow)]
    pub scheme: &'a str,
    /// Number there. A string: leading zeros count.
    #[serde(borrow)]
    pub id: &'a str,
    /// Operation that it stands for, where it is not the whole order.
    #[serde(default, borrow)]
    pub operation: Option<&'a str>,
    /// From when it holds, by the time of the events that use it; always when absent.
    #[serde(default)]
    pub valid_from: Option<Timestamp>,
    /// Until when it holds, that instant not included; without end when absent.
    #[serde(default)]
    pub valid_to: Option<Timestamp>,
}

/// What kind of number an order is known by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum OrderAliasKind {
    /// A symbol that this version does not know.
    #[default]
    Unknown,
    /// `PLANT_SEQUENCE`
    PlantSequence,
    /// `GLOBAL_ORDER`
    GlobalOrder,
    /// `OPERATION_EXECUTION`
    OperationExecution,
    /// `PLANNED_ORDER`
    PlannedOrder,
    /// `SCHEDULE`
    Schedule,
    /// `OTHER`
    Other,
}

impl OrderAliasKind {
    /// Every symbol, in the order of the schema.
    pub const SYMBOLS: &'static [&'static str] = &[
        "UNKNOWN",
        "PLANT_SEQUENCE",
        "GLOBAL_ORDER",
        "OPERATION_EXECUTION",
        "PLANNED_ORDER",
        "SCHEDULE",
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
            "PLANT_SEQUENCE" => Self::PlantSequence,
            "GLOBAL_ORDER" => Self::GlobalOrder,
            "OPERATION_EXECUTION" => Self::OperationExecution,
            "PLANNED_ORDER" => Self::PlannedOrder,
            "SCHEDULE" => Self::Schedule,
            "OTHER" => Self::Other,
            _ => Self::Unknown,
        }
    }
}

crate::codec::avro_enum!(OrderAliasKind);

/// All the numbers that are one order. Topic master.order-cross-reference.v1, keyed by plant and order.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct OrderCrossReference<'a> {
    /// What every canonical record carries.
    #[serde(borrow)]
    pub envelope: Envelope<'a>,
    /// Production order, the canonical number: the key of its events (SAP ManufacturingOrder).
    #[serde(borrow)]
    pub order: &'a str,
    /// The system of record says that it is gone. The record stays, so that readers know.
    #[serde(default)]
    pub is_deleted: bool,
    /// Material to be produced.
    #[serde(default, borrow)]
    pub item: Option<&'a str>,
    /// Its other numbers.
    #[serde(default, borrow)]
    pub aliases: Vec<OrderAlias<'a>>,
    /// From when it holds, by the time of the events that use it; always when absent.
    #[serde(default)]
    pub valid_from: Option<Timestamp>,
    /// Until when it holds, that instant not included; without end when absent.
    #[serde(default)]
    pub valid_to: Option<Timestamp>,
    /// What else the source says.
    #[serde(default, borrow)]
    pub properties: Vec<NameValue<'a>>,
}

/// How an item is made, from one time on. Topic master.routing.v1, keyed by plant, routing and version: every effective-dated version is a record of its own.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Routing<'a> {
    /// What every canonical record carries.
    #[serde(borrow)]
    pub envelope: Envelope<'a>,
    /// Routing (SAP ProductionRoutingGroup and ProductionRouting, PLNNR and PLNAL; B2MML ProductProductionRule/ID).
    #[serde(borrow)]
    pub routing: &'a str,
    /// Version: change number, revision or first day of validity, as the source tells versions apart. 1 where the source has none.
    #[serde(borrow)]
    pub version: &'a str,
    /// The system of record says that it is gone. The record stays, so that readers know.
    #[serde(default)]
    pub is_deleted: bool,
    /// Material that is made (SAP Material).
    #[serde(default, borrow)]
    pub item: Option<&'a str>,
    /// Description (SAP BillOfOperationsDesc, KTEXT).
    #[serde(default, borrow)]
    pub description: Option<&'a str>,
    /// Usage (SAP BillOfOperationsUsage, VERWE).
    #[serde(default, borrow)]
    pub usage: Option<&'a str>,
    /// Status as the source codes it (SAP BillOfOperationsStatus, STATU).
    #[serde(default, borrow)]
    pub status: Option<&'a str>,
    /// Smallest order that it is for (SAP MinimumLotSizeQuantity, LOSVN).
    #[serde(default, borrow)]
    pub minimum_lot_size: Option<Quantity<'a>>,
    /// Largest order that it is for (SAP MaximumLotSizeQuantity, LOSBS).
    #[serde(default, borrow)]
    pub maximum_lot_size: Option<Quantity<'a>>,
    /// From when it holds, by the time of the events that use it; always when absent.
    #[serde(default)]
    pub valid_from: Option<Timestamp>,
    /// Until when it holds, that instant not included; without end when absent.
    #[serde(default)]
    pub valid_to: Option<Timestamp>,
    /// Operations, in order.
    #[serde(default, borrow)]
    pub operations: Vec<RoutingOperation<'a>>,
    /// What else the source says.
    #[serde(default, borrow)]
    pub properties: Vec<NameValue<'a>>,
}

/// An operation of a routing.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct RoutingOperation<'a> {
    /// Operation (SAP Operation, VORNR; B2MML ProcessSegment, ProductSegment/ID).
    #[serde(borrow)]
    pub operation: &'a str,
    /// Sequence of operations that it belongs to (SAP ProductionRoutingSequence, PLNFL).
    #[serde(default, borrow)]
    pub sequence: Option<&'a str>,
    /// Description (SAP OperationText, LTXA1).
    #[serde(default, borrow)]
    pub description: Option<&'a str>,
    /// Work center (SAP WorkCenter, ARBPL; B2MML EquipmentSegmentSpecification).
    #[serde(default, borrow)]
    pub work_center: Option<&'a str>,
    /// Control key (SAP OperationControlProfile, STEUS).
    #[serde(default, borrow)]
    pub control_profile: Option<&'a str>,
    /// Quantity that the times are for (SAP StandardWorkQuantity base, BMSCH).
    #[serde(default, borrow)]
    pub base_quantity: Option<Quantity<'a>>,
    /// Time to set up (SAP standard value VGW01).
    #[serde(default, borrow)]
    pub setup_time: Option<Quantity<'a>>,
    /// Machine time (SAP standard value VGW02; B2MML Duration).
    #[serde(default, borrow)]
    pub machine_time: Option<Quantity<'a>>,
    /// Labour time (SAP standard value VGW03).
    #[serde(default, borrow)]
    pub labour_time: Option<Quantity<'a>>,
    /// Its confirmation confirms those before it (SAP control key, milestone).
    #[serde(default)]
    pub is_milestone: bool,
    /// Operations that must be done before (B2MML SegmentDependency); the one before in the list when empty.
    #[serde(default, borrow)]
    pub predecessors: Vec<&'a str>,
    /// From when it holds, by the time of the events that use it; always when absent.
    #[serde(default)]
    pub valid_from: Option<Timestamp>,
    /// Until when it holds, that instant not included; without end when absent.
    #[serde(default)]
    pub valid_to: Option<Timestamp>,
    /// What else the source says of the operation (B2MML Parameter).
    #[serde(default, borrow)]
    pub properties: Vec<NameValue<'a>>,
}

/// When a plant or work center works. Topic master.shift-calendar.v1, keyed by plant and calendar.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct ShiftCalendar<'a> {
    /// What every canonical record carries.
    #[serde(borrow)]
    pub envelope: Envelope<'a>,
    /// Calendar (SAP FactoryCalendar, FABKL; shift sequence, SCHGR).
    #[serde(borrow)]
    pub calendar: &'a str,
    /// The system of record says that it is gone. The record stays, so that readers know.
    #[serde(default)]
    pub is_deleted: bool,
    /// Description.
    #[serde(default, borrow)]
    pub description: Option<&'a str>,
    /// Time zone of its local times, IANA name: Europe/Paris.
    #[serde(borrow)]
    pub time_zone: &'a str,
    /// Work centers that work by it; the whole plant when empty.
    #[serde(default, borrow)]
    pub work_centers: Vec<&'a str>,
    /// Shifts of the week.
    #[serde(default, borrow)]
    pub shifts: Vec<ShiftPattern<'a>>,
    /// Holidays and extra days.
    #[serde(default, borrow)]
    pub exceptions: Vec<CalendarException<'a>>,
    /// From when it holds, by the time of the events that use it; always when absent.
    #[serde(default)]
    pub valid_from: Option<Timestamp>,
    /// Until when it holds, that instant not included; without end when absent.
    #[serde(default)]
    pub valid_to: Option<Timestamp>,
    /// What else the source says.
    #[serde(default, borrow)]
    pub properties: Vec<NameValue<'a>>,
}

/// A shift of a day of the week.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct ShiftPattern<'a> {
    /// Shift (SAP ShiftDefinition, SCHNR; B2MML personnel shift).
    #[serde(borrow)]
    pub shift: &'a str,
    /// Description.
    #[serde(default, borrow)]
    pub description: Option<&'a str>,
    /// Day that it begins on.
    #[serde(default)]
    pub weekday: Weekday,
    /// When it begins, the plant's local time, ISO 8601: 06:00.
    #[serde(borrow)]
    pub start_time: &'a str,
    /// When it ends, the plant's local time: 14:00. Not after start_time: on the next day.
    #[serde(borrow)]
    pub end_time: &'a str,
    /// Breaks in it, together (SAP PAUSE).
    #[serde(default, borrow)]
    pub break_time: Option<Quantity<'a>>,
    /// People in it.
    #[serde(default)]
    pub crew: Option<i32>,
    /// From when it holds, by the time of the events that use it; always when absent.
    #[serde(default)]
    pub valid_from: Option<Timestamp>,
    /// Until when it holds, that instant not included; without end when absent.
    #[serde(default)]
    pub valid_to: Option<Timestamp>,
}

/// A place that a customer takes goods at.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct ShipTo<'a> {
    /// Identifier (SAP ShipToParty, X12 N104 with ST, GLN).
    #[serde(borrow)]
    pub id: &'a str,
    /// Name.
    #[serde(default, borrow)]
    pub name: Option<&'a str>,
    /// Street and additions, line by line (SAP StreetName, HouseNumber).
    #[serde(default, borrow)]
    pub address_lines: Vec<&'a str>,
    /// City (SAP CityName, ORT01).
    #[serde(default, borrow)]
    pub city: Option<&'a str>,
    /// State or province (SAP Region, REGIO).
    #[serde(default, borrow)]
    pub region: Option<&'a str>,
    /// Postal code (SAP PostalCode, PSTLZ).
    #[serde(default, borrow)]
    pub postal_code: Option<&'a str>,
    /// Country, ISO 3166-1 alpha-2 (SAP Country, LAND1).
    #[serde(default, borrow)]
    pub country: Option<&'a str>,
    /// Time zone, IANA name.
    #[serde(default, borrow)]
    pub time_zone: Option<&'a str>,
    /// What others call it.
    #[serde(default, borrow)]
    pub aliases: Vec<Alias<'a>>,
    /// From when it holds, by the time of the events that use it; always when absent.
    #[serde(default)]
    pub valid_from: Option<Timestamp>,
    /// Until when it holds, that instant not included; without end when absent.
    #[serde(default)]
    pub valid_to: Option<Timestamp>,
}

/// A code and what it means.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct StatusCode<'a> {
    /// Code as the source writes it.
    #[serde(borrow)]
    pub code: &'a str,
    /// What it means in the contracts: the symbol of an enum, or a canonical code.
    #[serde(borrow)]
    pub meaning: &'a str,
    /// Description (SAP StatusName).
    #[serde(default, borrow)]
    pub description: Option<&'a str>,
    /// How bad it is, as the source says.
    #[serde(default, borrow)]
    pub severity: Option<&'a str>,
    /// From when it holds, by the time of the events that use it; always when absent.
    #[serde(default)]
    pub valid_from: Option<Timestamp>,
    /// Until when it holds, that instant not included; without end when absent.
    #[serde(default)]
    pub valid_to: Option<Timestamp>,
}

/// The codes of a source and what they mean. Topic master.status-code-table.v1, keyed by plant and table.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct StatusCodeTable<'a> {
    /// What every canonical record carries.
    #[serde(borrow)]
    pub envelope: Envelope<'a>,
    /// Table: source and kind of code (plant-a.mes/downtime-reason).
    #[serde(borrow)]
    pub table: &'a str,
    /// The system of record says that it is gone. The record stays, so that readers know.
    #[serde(default)]
    pub is_deleted: bool,
    /// Description.
    #[serde(default, borrow)]
    pub description: Option<&'a str>,
    /// Field of the contracts that the meanings are for (DowntimeReported.kind).
    #[serde(default, borrow)]
    pub field: Option<&'a str>,
    /// Codes.
    #[serde(default, borrow)]
    pub codes: Vec<StatusCode<'a>>,
    /// What else the source says.
    #[serde(default, borrow)]
    pub properties: Vec<NameValue<'a>>,
}

/// A place that keeps stock. Topic master.storage-location.v1, keyed by plant and storage location.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct StorageLocation<'a> {
    /// What every canonical record carries.
    #[serde(borrow)]
    pub envelope: Envelope<'a>,
    /// Storage location (SAP StorageLocation, LGORT; B2MML StorageLocation, Equipment with level StorageZone).
    #[serde(borrow)]
    pub storage_location: &'a str,
    /// The system of record says that it is gone. The record stays, so that readers know.
    #[serde(default)]
    pub is_deleted: bool,
    /// Descriptions (SAP StorageLocationName, LGOBE).
    #[serde(default, borrow)]
    pub descriptions: Vec<LocalText<'a>>,
    /// Storage location or zone that it is a part of (B2MML StorageZone).
    #[serde(default, borrow)]
    pub parent: Option<&'a str>,
    /// Level in the hierarchy, as the source names it (ISA-95 StorageZone, StorageUnit).
    #[serde(default, borrow)]
    pub level: Option<&'a str>,
    /// Kind as the source codes it (SAP warehouse storage type, LGTYP).
    #[serde(default, borrow)]
    pub kind: Option<&'a str>,
    /// Warehouse (SAP Warehouse, LGNUM).
    #[serde(default, borrow)]
    pub warehouse: Option<&'a str>,
    /// Work center that it supplies.
    #[serde(default, borrow)]
    pub work_center: Option<&'a str>,
    /// Status as the source codes it.
    #[serde(default, borrow)]
    pub status: Option<&'a str>,
    /// What lies there is not for use.
    #[serde(default)]
    pub is_quality_stock: bool,
    /// What others call it (GLN, SGLN).
    #[serde(default, borrow)]
    pub aliases: Vec<Alias<'a>>,
    /// From when it holds, by the time of the events that use it; always when absent.
    #[serde(default)]
    pub valid_from: Option<Timestamp>,
    /// Until when it holds, that instant not included; without end when absent.
    #[serde(default)]
    pub valid_to: Option<Timestamp>,
    /// What else the source says.
    #[serde(default, borrow)]
    pub properties: Vec<NameValue<'a>>,
}

/// A partner that goods or carriage come from. Topic master.supplier.v1, keyed by plant and supplier.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Supplier<'a> {
    /// What every canonical record carries.
    #[serde(borrow)]
    pub envelope: Envelope<'a>,
    /// Supplier, the canonical number (SAP Supplier, LIFNR).
    #[serde(borrow)]
    pub supplier: &'a str,
    /// The system of record says that it is gone. The record stays, so that readers know.
    #[serde(default)]
    pub is_deleted: bool,
    /// Name (SAP BusinessPartnerFullName, NAME1; X12 N102; EDIFACT C080 3036).
    #[serde(default, borrow)]
    pub name: Option<&'a str>,
    /// Street and additions, line by line (SAP StreetName, HouseNumber).
    #[serde(default, borrow)]
    pub address_lines: Vec<&'a str>,
    /// City (SAP CityName, ORT01).
    #[serde(default, borrow)]
    pub city: Option<&'a str>,
    /// State or province (SAP Region, REGIO).
    #[serde(default, borrow)]
    pub region: Option<&'a str>,
    /// Postal code (SAP PostalCode, PSTLZ).
    #[serde(default, borrow)]
    pub postal_code: Option<&'a str>,
    /// Country, ISO 3166-1 alpha-2 (SAP Country, LAND1).
    #[serde(default, borrow)]
    pub country: Option<&'a str>,
    /// Status as the source codes it (SAP purchasing or order block).
    #[serde(default, borrow)]
    pub status: Option<&'a str>,
    /// Its identifiers elsewhere: every partner id that means it (GLN, DUNS, X12 N104, EDIFACT C082 3039, ISA06).
    #[serde(default, borrow)]
    pub aliases: Vec<Alias<'a>>,
    /// Codes it has as a carrier (SCAC, IATA, SAP forwarding agent).
    #[serde(default, borrow)]
    pub carrier_codes: Vec<Alias<'a>>,
    /// Time from order to delivery, mostly in days, DAY (SAP PlannedDeliveryDurationInDays, PLIFZ).
    #[serde(default, borrow)]
    pub lead_time: Option<Quantity<'a>>,
    /// Time zone of what it sends, IANA name.
    #[serde(default, borrow)]
    pub time_zone: Option<&'a str>,
    /// From when it holds, by the time of the events that use it; always when absent.
    #[serde(default)]
    pub valid_from: Option<Timestamp>,
    /// Until when it holds, that instant not included; without end when absent.
    #[serde(default)]
    pub valid_to: Option<Timestamp>,
    /// What else the source says.
    #[serde(default, borrow)]
    pub properties: Vec<NameValue<'a>>,
}

/// What a unit means for an item. Topic master.unit-conversion.v1, keyed by plant, item and unit.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct UnitConversion<'a> {
    /// What every canonical record carries.
    #[serde(borrow)]
    pub envelope: Envelope<'a>,
    /// Material (SAP Material, MATNR).
    #[serde(borrow)]
    pub item: &'a str,
    /// The other unit, as the plant writes it (SAP AlternativeUnit, MEINH: CS, PAL).
    #[serde(borrow)]
    pub unit: &'a str,
    /// The system of record says that it is gone. The record stays, so that readers know.
    #[serde(default)]
    pub is_deleted: bool,
    /// Ratios, each for the time it holds. At any time at most one.
    #[serde(default, borrow)]
    pub ratios: Vec<UnitRatio<'a>>,
    /// Global Trade Item Number of that unit (SAP EAN11).
    #[serde(default, borrow)]
    pub gtin: Option<&'a str>,
    /// Weight of one such unit with packaging (SAP MARM BRGEW).
    #[serde(default, borrow)]
    pub gross_weight: Option<Quantity<'a>>,
    /// Volume of one such unit (SAP MARM VOLUM).
    #[serde(default, borrow)]
    pub volume: Option<Quantity<'a>>,
    /// Length of one such unit (SAP MARM LAENG).
    #[serde(default, borrow)]
    pub length: Option<Quantity<'a>>,
    /// Width of one such unit (SAP MARM BREIT).
    #[serde(default, borrow)]
    pub width: Option<Quantity<'a>>,
    /// Height of one such unit (SAP MARM HOEHE).
    #[serde(default, borrow)]
    pub height: Option<Quantity<'a>>,
    /// What else the source says.
    #[serde(default, borrow)]
    pub properties: Vec<NameValue<'a>>,
}

/// How many base units so many of the other unit are, exactly.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct UnitRatio<'a> {
    /// So many of the other unit (SAP UMREN and MEINH; the denominator).
    #[serde(borrow)]
    pub quantity: Quantity<'a>,
    /// are so many base units (SAP UMREZ and MEINS; the numerator).
    #[serde(borrow)]
    pub base_quantity: Quantity<'a>,
    /// From when it holds, by the time of the events that use it; always when absent.
    #[serde(default)]
    pub valid_from: Option<Timestamp>,
    /// Until when it holds, that instant not included; without end when absent.
    #[serde(default)]
    pub valid_to: Option<Timestamp>,
}

/// Day of the week.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Weekday {
    /// A symbol that this version does not know.
    #[default]
    Unknown,
    /// `MONDAY`
    Monday,
    /// `TUESDAY`
    Tuesday,
    /// `WEDNESDAY`
    Wednesday,
    /// `THURSDAY`
    Thursday,
    /// `FRIDAY`
    Friday,
    /// `SATURDAY`
    Saturday,
    /// `SUNDAY`
    Sunday,
}

impl Weekday {
    /// Every symbol, in the order of the schema.
    pub const SYMBOLS: &'static [&'static str] = &[
        "UNKNOWN",
        "MONDAY",
        "TUESDAY",
        "WEDNESDAY",
        "THURSDAY",
        "FRIDAY",
        "SATURDAY",
        "SUNDAY",
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
            "MONDAY" => Self::Monday,
            "TUESDAY" => Self::Tuesday,
            "WEDNESDAY" => Self::Wednesday,
            "THURSDAY" => Self::Thursday,
            "FRIDAY" => Self::Friday,
            "SATURDAY" => Self::Saturday,
            "SUNDAY" => Self::Sunday,
            _ => Self::Unknown,
        }
    }
}

crate::codec::avro_enum!(Weekday);

/// A place that does work: line, cell, machine or team. Topic master.work-center.v1, keyed by plant and work center.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct WorkCenter<'a> {
    /// What every canonical record carries.
    #[serde(borrow)]
    pub envelope: Envelope<'a>,
    /// Work center (SAP WorkCenter, ARBPL; B2MML Equipment/ID).
    #[serde(borrow)]
    pub work_center: &'a str,
    /// The system of record says that it is gone. The record stays, so that readers know.
    #[serde(default)]
    pub is_deleted: bool,
    /// Descriptions (SAP WorkCenterText, KTEXT; B2MML Description).
    #[serde(default, borrow)]
    pub descriptions: Vec<LocalText<'a>>,
    /// Level in the hierarchy, as the source names it (B2MML EquipmentElementLevel: Area, WorkCenter, WorkUnit, ProductionLine, WorkCell).
    #[serde(default, borrow)]
    pub level: Option<&'a str>,
    /// Work center or area that it is a part of (B2MML enclosing Equipment, SAP hierarchy).
    #[serde(default, borrow)]
    pub parent: Option<&'a str>,
    /// Category (SAP WorkCenterCategoryCode, VERWE).
    #[serde(default, borrow)]
    pub category: Option<&'a str>,
    /// Cost centre (SAP CostCenter, KOSTL).
    #[serde(default, borrow)]
    pub cost_center: Option<&'a str>,
    /// Shift calendar it works by (SAP FactoryCalendar, ShiftGroup).
    #[serde(default, borrow)]
    pub calendar: Option<&'a str>,
    /// Supply area of its materials (SAP SupplyArea, PRVBE).
    #[serde(default, borrow)]
    pub supply_area: Option<&'a str>,
    /// Capacity as the source counts it (SAP capacity KAPAH; B2MML EquipmentCapability).
    #[serde(default, borrow)]
    pub capacity: Option<Quantity<'a>>,
    /// Machines or people in it (SAP NumberOfCapacities, AZNOR).
    #[serde(default)]
    pub individual_capacities: Option<i32>,
    /// Status as the source codes it.
    #[serde(default, borrow)]
    pub status: Option<&'a str>,
    /// What others call it (SAP WorkCenterInternalID, GIAI, GLN).
    #[serde(default, borrow)]
    pub aliases: Vec<Alias<'a>>,
    /// From when it holds, by the time of the events that use it; always when absent.
    #[serde(default)]
    pub valid_from: Option<Timestamp>,
    /// Until when it holds, that instant not included; without end when absent.
    #[serde(default)]
    pub valid_to: Option<Timestamp>,
    /// What else the source says (B2MML EquipmentProperty).
    #[serde(default, borrow)]
    pub properties: Vec<NameValue<'a>>,
}
