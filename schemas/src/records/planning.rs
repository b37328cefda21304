//! Records of the family `planning`. Generated from `avro/`; do not edit.

use serde::{Deserialize, Serialize};

use crate::time::Date;
use crate::time::Timestamp;
use super::Correction;
use super::DocumentReference;
use super::Envelope;
use super::NameValue;
use super::Quantity;

/// What wants the item.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum DemandKind {
    /// A symbol that this version does not know.
    #[default]
    Unknown,
    /// `SALES_ORDER`
    SalesOrder,
    /// `PRODUCTION_ORDER`
    ProductionOrder,
    /// `DEPENDENT`
    Dependent,
    /// `SAFETY_STOCK`
    SafetyStock,
    /// `TRANSFER`
    Transfer,
    /// `SERVICE`
    Service,
    /// `OTHER`
    Other,
}

impl DemandKind {
    /// Every symbol, in the order of the schema.
    pub const SYMBOLS: &'static [&'static str] = &[
        "UNKNOWN",
        "SALES_ORDER",
        "PRODUCTION_ORDER",
        "DEPENDENT",
        "SAFETY_STOCK",
        "TRANSFER",
        "SERVICE",
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
            "SALES_ORDER" => Self::SalesOrder,
            "PRODUCTION_ORDER" => Self::ProductionOrder,
            "DEPENDENT" => Self::Dependent,
            "SAFETY_STOCK" => Self::SafetyStock,
            "TRANSFER" => Self::Transfer,
            "SERVICE" => Self::Service,
            "OTHER" => Self::Other,
            _ => Self::Unknown,
        }
    }
}

crate::codec::avro_enum!(DemandKind);

/// A demand for the item at the location exists or changed (SAP MRP element, PIR; X12 830 and 862, EDIFACT DELFOR and DELJIT).
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct DemandUpdated<'a> {
    /// Identifier of the demand; a later event of the same one replaces it.
    #[serde(borrow)]
    pub demand: &'a str,
    /// What wants it, in the contract's words.
    #[serde(default)]
    pub kind: DemandKind,
    /// Kind as the source codes it (SAP MRPElementCategory, X12 FST02).
    #[serde(default, borrow)]
    pub kind_code: Option<&'a str>,
    /// Quantity wanted; zero ends the demand (X12 FST01, EDIFACT QTY 113).
    #[serde(borrow)]
    pub quantity: Quantity<'a>,
    /// Date it is wanted, the plant's calendar (SAP RequirementDate, X12 FST04, EDIFACT DTM 2).
    #[serde(default)]
    pub required_date: Option<Date>,
    /// Instant it is wanted, where the source is that exact.
    #[serde(default)]
    pub required_at: Option<Timestamp>,
    /// Customer (SAP Customer).
    #[serde(default, borrow)]
    pub customer: Option<&'a str>,
    /// Priority as the source writes it.
    #[serde(default, borrow)]
    pub priority: Option<&'a str>,
    /// Documents behind it.
    #[serde(default, borrow)]
    pub references: Vec<DocumentReference<'a>>,
    /// Set when it corrects an earlier one.
    #[serde(default, borrow)]
    pub correction: Option<Correction<'a>>,
    /// What else the source says.
    #[serde(default, borrow)]
    pub properties: Vec<NameValue<'a>>,
}

/// The forecast of one period.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct ForecastBucket<'a> {
    /// First day of the period (X12 FST04, EDIFACT DTM 64).
    pub start_date: Date,
    /// Last day of the period (X12 FST05, EDIFACT DTM 63).
    #[serde(default)]
    pub end_date: Option<Date>,
    /// Quantity expected (X12 FST01, EDIFACT QTY 1).
    #[serde(borrow)]
    pub quantity: Quantity<'a>,
    /// How firm it is, as the source codes it (X12 FST02: C firm, D planning; EDIFACT SCC 4017).
    #[serde(default, borrow)]
    pub confidence_code: Option<&'a str>,
}

/// A forecast of the demand for the item at the location; it replaces the one before (X12 830, EDIFACT DELFOR).
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct ForecastPublished<'a> {
    /// Identifier of the forecast (X12 BFR02, EDIFACT BGM 1004).
    #[serde(default, borrow)]
    pub forecast: Option<&'a str>,
    /// Version of the forecast (SAP planned independent requirement version).
    #[serde(default, borrow)]
    pub version: Option<&'a str>,
    /// Customer whose demand it is.
    #[serde(default, borrow)]
    pub customer: Option<&'a str>,
    /// First day covered (X12 BFR06, EDIFACT DTM 158).
    #[serde(default)]
    pub horizon_start: Option<Date>,
    /// Last day covered (X12 BFR07, EDIFACT DTM 159).
    #[serde(default)]
    pub horizon_end: Option<Date>,
    /// Quantities by period, in the source's order.
    #[serde(default, borrow)]
    pub buckets: Vec<ForecastBucket<'a>>,
    /// Documents.
    #[serde(default, borrow)]
    pub references: Vec<DocumentReference<'a>>,
    /// Set when it corrects an earlier one.
    #[serde(default, borrow)]
    pub correction: Option<Correction<'a>>,
    /// What else the source says.
    #[serde(default, borrow)]
    pub properties: Vec<NameValue<'a>>,
}

/// What is to fulfil a demand (SAP pegging and confirmation; the answer to a demand).
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct FulfilmentPlanned<'a> {
    /// Identifier of the demand.
    #[serde(borrow)]
    pub demand: &'a str,
    /// What fulfils it; NONE when nothing does.
    #[serde(default)]
    pub supply_kind: SupplyKind,
    /// Number of the order or stock that fulfils it (SAP MRPElement).
    #[serde(default, borrow)]
    pub supply: Option<&'a str>,
    /// Line of it.
    #[serde(default, borrow)]
    pub supply_item: Option<&'a str>,
    /// Quantity fulfilled by it.
    #[serde(default, borrow)]
    pub quantity: Option<Quantity<'a>>,
    /// Quantity that nothing fulfils yet.
    #[serde(default, borrow)]
    pub open_quantity: Option<Quantity<'a>>,
    /// Date it will be there, the plant's calendar (SAP MRPElementAvailyOrRqmtDate).
    #[serde(default)]
    pub available_date: Option<Date>,
    /// Instant it will be there, where the source is that exact.
    #[serde(default)]
    pub available_at: Option<Timestamp>,
    /// Why it is late or short, as the source codes it (SAP MRP exception message).
    #[serde(default, borrow)]
    pub reason_code: Option<&'a str>,
    /// Why it is late or short, in words.
    #[serde(default, borrow)]
    pub reason: Option<&'a str>,
    /// Set when it corrects an earlier one.
    #[serde(default, borrow)]
    pub correction: Option<Correction<'a>>,
    /// What else the source says.
    #[serde(default, borrow)]
    pub properties: Vec<NameValue<'a>>,
}

/// One event of the plan for an item in a location. Topic canonical.planning.v1, keyed by plant, item and location. Exactly one of the groups is set, the one that type names; a reader that does not know the type sees UNKNOWN and no group.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct PlanningEvent<'a> {
    /// What every canonical event carries.
    #[serde(borrow)]
    pub envelope: Envelope<'a>,
    /// Material (SAP Material, X12 LIN, EDIFACT LIN 7140). A string: leading zeros count.
    #[serde(borrow)]
    pub item: &'a str,
    /// Storage or planning location (SAP MRPArea, StorageLocation). The plant itself where the source names none.
    #[serde(borrow)]
    pub location: &'a str,
    /// Which group is set.
    #[serde(default)]
    pub r#type: PlanningEventType,
    /// Set when type is DEMAND_UPDATED.
    #[serde(default, borrow)]
    pub demand_updated: Option<DemandUpdated<'a>>,
    /// Set when type is FORECAST_PUBLISHED.
    #[serde(default, borrow)]
    pub forecast_published: Option<ForecastPublished<'a>>,
    /// Set when type is FULFILMENT_PLANNED.
    #[serde(default, borrow)]
    pub fulfilment_planned: Option<Box<FulfilmentPlanned<'a>>>,
}

/// Which group is set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum PlanningEventType {
    /// A symbol that this version does not know.
    #[default]
    Unknown,
    /// `DEMAND_UPDATED`
    DemandUpdated,
    /// `FORECAST_PUBLISHED`
    ForecastPublished,
    /// `FULFILMENT_PLANNED`
    FulfilmentPlanned,
}

impl PlanningEventType {
    /// Every symbol, in the order of the schema.
    pub const SYMBOLS: &'static [&'static str] = &[
        "UNKNOWN",
        "DEMAND_UPDATED",
        "FORECAST_PUBLISHED",
        "FULFILMENT_PLANNED",
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
            "DEMAND_UPDATED" => Self::DemandUpdated,
            "FORECAST_PUBLISHED" => Self::ForecastPublished,
            "FULFILMENT_PLANNED" => Self::FulfilmentPlanned,
            _ => Self::Unknown,
        }
    }
}

crate::codec::avro_enum!(PlanningEventType);

/// What fulfils a demand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum SupplyKind {
    /// A symbol that this version does not know.
    #[default]
    Unknown,
    /// `STOCK`
    Stock,
    /// `PRODUCTION_ORDER`
    ProductionOrder,
    /// `PURCHASE_ORDER`
    PurchaseOrder,
    /// `TRANSFER`
    Transfer,
    /// `PLANNED_ORDER`
    PlannedOrder,
    /// `NONE`
    None,
}

impl SupplyKind {
    /// Every symbol, in the order of the schema.
    pub const SYMBOLS: &'static [&'static str] = &[
        "UNKNOWN",
        "STOCK",
        "PRODUCTION_ORDER",
        "PURCHASE_ORDER",
        "TRANSFER",
        "PLANNED_ORDER",
        "NONE",
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
            "STOCK" => Self::Stock,
            "PRODUCTION_ORDER" => Self::ProductionOrder,
            "PURCHASE_ORDER" => Self::PurchaseOrder,
            "TRANSFER" => Self::Transfer,
            "PLANNED_ORDER" => Self::PlannedOrder,
            "NONE" => Self::None,
            _ => Self::Unknown,
        }
    }
}

crate::codec::avro_enum!(SupplyKind);
