//! Records of the family `quality`. Generated from `avro/`; do not edit.

use serde::{Deserialize, Serialize};

use crate::decimal::Decimal;
use crate::time::Timestamp;
use super::Correction;
use super::Envelope;
use super::NameValue;
use super::Quantity;

/// The result of one characteristic.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct CharacteristicResult<'a> {
    /// Characteristic (SAP InspectionCharacteristic, MERKNR; B2MML QAMaterialTestSpecification, TestResult).
    #[serde(borrow)]
    pub characteristic: &'a str,
    /// Description of the characteristic (SAP InspectionSpecificationText, KURZTEXT).
    #[serde(default, borrow)]
    pub description: Option<&'a str>,
    /// Measured value, or the mean of several (SAP InspectionResultMeanValue, MITTELWERT; B2MML Result/ValueString).
    #[serde(default, borrow)]
    pub value: Option<Quantity<'a>>,
    /// Result where it is no number: an attribute or its code (SAP InspectionResultText, CODE1).
    #[serde(default, borrow)]
    pub text: Option<&'a str>,
    /// Target value (SAP InspSpecTargetValue, SOLLWERT).
    #[serde(default, borrow)]
    pub target: Option<Quantity<'a>>,
    /// Lowest value allowed (SAP InspSpecLowerLimit, TOLERANZUN).
    #[serde(default, borrow)]
    pub lower_limit: Option<Quantity<'a>>,
    /// Highest value allowed (SAP InspSpecUpperLimit, TOLERANZOB).
    #[serde(default, borrow)]
    pub upper_limit: Option<Quantity<'a>>,
    /// Units inspected (SAP InspectionResultSampleSize, ISTSTPUMF).
    #[serde(default)]
    pub sample_size: Option<i32>,
    /// Defects or defective units found (SAP InspectionNumberOfDefects, ANZFEHLER).
    #[serde(default)]
    pub defect_count: Option<i32>,
    /// Sample (SAP InspectionSample, B2MML sublot or sample).
    #[serde(default, borrow)]
    pub sample: Option<&'a str>,
    /// Method of inspection (SAP InspectionMethod).
    #[serde(default, borrow)]
    pub method: Option<&'a str>,
    /// Device that measured (SAP equipment, B2MML EquipmentID).
    #[serde(default, borrow)]
    pub device: Option<&'a str>,
    /// When it was measured, where it is not the event's time.
    #[serde(default)]
    pub time: Option<Timestamp>,
    /// Valuation (SAP InspectionValuationResult, MBEWERTG).
    #[serde(default)]
    pub valuation: Valuation,
    /// What else the source says of the result.
    #[serde(default, borrow)]
    pub properties: Vec<NameValue<'a>>,
}

/// Results of an inspection were recorded.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct InspectionResultRecorded<'a> {
    /// Inspection (SAP InspectionLot, PRUEFLOS; B2MML TestResult/ID).
    #[serde(default, borrow)]
    pub inspection: Option<&'a str>,
    /// Material inspected (SAP Material, B2MML MaterialDefinitionID).
    #[serde(default, borrow)]
    pub item: Option<&'a str>,
    /// Sublot inspected (B2MML MaterialSubLotID).
    #[serde(default, borrow)]
    pub sublot: Option<&'a str>,
    /// Production order (SAP ManufacturingOrder).
    #[serde(default, borrow)]
    pub order: Option<&'a str>,
    /// Operation, or inspection operation (SAP InspPlanOperationInternalID, VORNR).
    #[serde(default, borrow)]
    pub operation: Option<&'a str>,
    /// Quantity that the inspection stands for (SAP InspectionLotQuantity).
    #[serde(default, borrow)]
    pub inspected_quantity: Option<Quantity<'a>>,
    /// Valuation of the whole.
    #[serde(default)]
    pub valuation: Valuation,
    /// Who inspected, as the source identifies people (SAP Inspector).
    #[serde(default, borrow)]
    pub inspector: Option<&'a str>,
    /// Where it was inspected.
    #[serde(default, borrow)]
    pub location: Option<&'a str>,
    /// Result of each characteristic.
    #[serde(default, borrow)]
    pub results: Vec<CharacteristicResult<'a>>,
    /// Set when it corrects an earlier one.
    #[serde(default, borrow)]
    pub correction: Option<Correction<'a>>,
    /// What else the source says.
    #[serde(default, borrow)]
    pub properties: Vec<NameValue<'a>>,
}

/// One event of a lot's quality. Topic canonical.quality.v1, keyed by plant and lot. Exactly one of the groups is set, the one that type names; a reader that does not know the type sees UNKNOWN and no group.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct QualityEvent<'a> {
    /// What every canonical event carries.
    #[serde(borrow)]
    pub envelope: Envelope<'a>,
    /// Lot, as its plant names it (SAP Batch, B2MML MaterialLotID). A string: leading zeros count.
    #[serde(borrow)]
    pub lot: &'a str,
    /// Which group is set.
    #[serde(default)]
    pub r#type: QualityEventType,
    /// Set when type is INSPECTION_RESULT_RECORDED.
    #[serde(default, borrow)]
    pub inspection_result_recorded: Option<Box<InspectionResultRecorded<'a>>>,
    /// Set when type is HOLD_APPLIED.
    #[serde(default, borrow)]
    pub hold_applied: Option<QualityHoldApplied<'a>>,
    /// Set when type is HOLD_RELEASED.
    #[serde(default, borrow)]
    pub hold_released: Option<QualityHoldReleased<'a>>,
    /// Set when type is USAGE_DECISION_MADE.
    #[serde(default, borrow)]
    pub usage_decision_made: Option<Box<UsageDecisionMade<'a>>>,
}

/// Which group is set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum QualityEventType {
    /// A symbol that this version does not know.
    #[default]
    Unknown,
    /// `INSPECTION_RESULT_RECORDED`
    InspectionResultRecorded,
    /// `HOLD_APPLIED`
    HoldApplied,
    /// `HOLD_RELEASED`
    HoldReleased,
    /// `USAGE_DECISION_MADE`
    UsageDecisionMade,
}

impl QualityEventType {
    /// Every symbol, in the order of the schema.
    pub const SYMBOLS: &'static [&'static str] = &[
        "UNKNOWN",
        "INSPECTION_RESULT_RECORDED",
        "HOLD_APPLIED",
        "HOLD_RELEASED",
        "USAGE_DECISION_MADE",
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
            "INSPECTION_RESULT_RECORDED" => Self::InspectionResultRecorded,
            "HOLD_APPLIED" => Self::HoldApplied,
            "HOLD_RELEASED" => Self::HoldReleased,
            "USAGE_DECISION_MADE" => Self::UsageDecisionMade,
            _ => Self::Unknown,
        }
    }
}

crate::codec::avro_enum!(QualityEventType);

/// The lot, or a part of it, may not be used.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct QualityHoldApplied<'a> {
    /// Number of the hold, that the release will name.
    #[serde(default, borrow)]
    pub hold: Option<&'a str>,
    /// Material (SAP Material).
    #[serde(default, borrow)]
    pub item: Option<&'a str>,
    /// Sublots or handling units held; the whole lot when empty (B2MML MaterialSubLotID).
    #[serde(default, borrow)]
    pub sublots: Vec<&'a str>,
    /// Storage location; every one when absent (SAP StorageLocation).
    #[serde(default, borrow)]
    pub location: Option<&'a str>,
    /// Quantity held; all of it when absent.
    #[serde(default, borrow)]
    pub quantity: Option<Quantity<'a>>,
    /// Inspection behind it (SAP InspectionLot).
    #[serde(default, borrow)]
    pub inspection: Option<&'a str>,
    /// Reason as the source codes it.
    #[serde(default, borrow)]
    pub reason_code: Option<&'a str>,
    /// Reason as the source gives it.
    #[serde(default, borrow)]
    pub reason: Option<&'a str>,
    /// Status of the lot, as the source codes it (SAP BatchIsMarkedForRestriction, ZUSTD; B2MML MaterialLot/Status NotValid).
    #[serde(default, borrow)]
    pub status_code: Option<&'a str>,
    /// When it is expected to be released.
    #[serde(default)]
    pub expected_end: Option<Timestamp>,
    /// What else the source says.
    #[serde(default, borrow)]
    pub properties: Vec<NameValue<'a>>,
}

/// A hold ended.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct QualityHoldReleased<'a> {
    /// Number of the hold.
    #[serde(default, borrow)]
    pub hold: Option<&'a str>,
    /// event_id of the hold that ended, of the same source, where it names it.
    #[serde(default, borrow)]
    pub hold_event_id: Option<&'a str>,
    /// Material (SAP Material).
    #[serde(default, borrow)]
    pub item: Option<&'a str>,
    /// Sublots or handling units released; the whole lot when empty.
    #[serde(default, borrow)]
    pub sublots: Vec<&'a str>,
    /// Storage location; every one when absent.
    #[serde(default, borrow)]
    pub location: Option<&'a str>,
    /// Quantity released; all of it when absent.
    #[serde(default, borrow)]
    pub quantity: Option<Quantity<'a>>,
    /// Reason as the source codes it.
    #[serde(default, borrow)]
    pub reason_code: Option<&'a str>,
    /// Reason as the source gives it.
    #[serde(default, borrow)]
    pub reason: Option<&'a str>,
    /// Status of the lot, as the source codes it (B2MML MaterialLot/Status Valid).
    #[serde(default, borrow)]
    pub status_code: Option<&'a str>,
    /// Who released it.
    #[serde(default, borrow)]
    pub released_by: Option<&'a str>,
    /// What else the source says.
    #[serde(default, borrow)]
    pub properties: Vec<NameValue<'a>>,
}

/// What becomes of the lot.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum UsageDecisionKind {
    /// A symbol that this version does not know.
    #[default]
    Unknown,
    /// `ACCEPTED`
    Accepted,
    /// `ACCEPTED_WITH_RESTRICTION`
    AcceptedWithRestriction,
    /// `REWORK`
    Rework,
    /// `RETURNED`
    Returned,
    /// `SCRAPPED`
    Scrapped,
    /// `REJECTED`
    Rejected,
}

impl UsageDecisionKind {
    /// Every symbol, in the order of the schema.
    pub const SYMBOLS: &'static [&'static str] = &[
        "UNKNOWN",
        "ACCEPTED",
        "ACCEPTED_WITH_RESTRICTION",
        "REWORK",
        "RETURNED",
        "SCRAPPED",
        "REJECTED",
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
            "ACCEPTED" => Self::Accepted,
            "ACCEPTED_WITH_RESTRICTION" => Self::AcceptedWithRestriction,
            "REWORK" => Self::Rework,
            "RETURNED" => Self::Returned,
            "SCRAPPED" => Self::Scrapped,
            "REJECTED" => Self::Rejected,
            _ => Self::Unknown,
        }
    }
}

crate::codec::avro_enum!(UsageDecisionKind);

/// It was decided what becomes of the lot (SAP usage decision, ISA-95 disposition).
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct UsageDecisionMade<'a> {
    /// Decision, in the contract's words.
    #[serde(default)]
    pub decision: UsageDecisionKind,
    /// Decision as the source codes it (SAP InspectionLotUsageDecisionCode, VCODE).
    #[serde(default, borrow)]
    pub decision_code: Option<&'a str>,
    /// Code group (SAP UsageDecisionCodeGroup, VCODEGRP).
    #[serde(default, borrow)]
    pub decision_code_group: Option<&'a str>,
    /// Inspection behind it (SAP InspectionLot, PRUEFLOS).
    #[serde(default, borrow)]
    pub inspection: Option<&'a str>,
    /// Material (SAP Material).
    #[serde(default, borrow)]
    pub item: Option<&'a str>,
    /// Quantity for unrestricted use (SAP InspLotQtyToFree, LMENGE01).
    #[serde(default, borrow)]
    pub accepted_quantity: Option<Quantity<'a>>,
    /// Quantity scrapped (SAP InspLotQtyToScrap, LMENGE02).
    #[serde(default, borrow)]
    pub scrapped_quantity: Option<Quantity<'a>>,
    /// Quantity blocked (SAP InspLotQtyToBlocked, LMENGE04).
    #[serde(default, borrow)]
    pub blocked_quantity: Option<Quantity<'a>>,
    /// Quantity returned to its supplier (SAP InspLotQtyReturnedToVendor, LMENGE07).
    #[serde(default, borrow)]
    pub returned_quantity: Option<Quantity<'a>>,
    /// Quality score, as the source counts (SAP InspectionLotQualityScore, QKENNZAHL).
    #[serde(default)]
    pub quality_score: Option<Decimal>,
    /// Follow-up action (SAP UsageDecisionFollowUpAction).
    #[serde(default, borrow)]
    pub follow_up: Option<&'a str>,
    /// Remark or reason (SAP UsageDecisionText).
    #[serde(default, borrow)]
    pub reason: Option<&'a str>,
    /// Who decided (SAP UsageDecisionMadeBy, VNAME).
    #[serde(default, borrow)]
    pub decided_by: Option<&'a str>,
    /// Set when it corrects an earlier one.
    #[serde(default, borrow)]
    pub correction: Option<Correction<'a>>,
    /// What else the source says.
    #[serde(default, borrow)]
    pub properties: Vec<NameValue<'a>>,
}

/// Whether what was inspected is as it should be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Valuation {
    /// A symbol that this version does not know.
    #[default]
    Unknown,
    /// `ACCEPTED`
    Accepted,
    /// `REJECTED`
    Rejected,
    /// `CONDITIONAL`
    Conditional,
    /// `NOT_VALUATED`
    NotValuated,
}

impl Valuation {
    /// Every symbol, in the order of the schema.
    pub const SYMBOLS: &'static [&'static str] = &[
        "UNKNOWN",
        "ACCEPTED",
        "REJECTED",
        "CONDITIONAL",
        "NOT_VALUATED",
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
            "ACCEPTED" => Self::Accepted,
            "REJECTED" => Self::Rejected,
            "CONDITIONAL" => Self::Conditional,
            "NOT_VALUATED" => Self::NotValuated,
            _ => Self::Unknown,
        }
    }
}

crate::codec::avro_enum!(Valuation);
