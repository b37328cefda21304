//! Records of the family `work_center`. Generated from `avro/`; do not edit.

use serde::{Deserialize, Serialize};

use crate::time::Timestamp;
use super::Correction;
use super::Envelope;
use super::NameValue;
use super::Quantity;

/// What kind of downtime.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum DowntimeKind {
    /// A symbol that this version does not know.
    #[default]
    Unknown,
    /// `BREAKDOWN`
    Breakdown,
    /// `SETUP`
    Setup,
    /// `CLEANING`
    Cleaning,
    /// `MAINTENANCE`
    Maintenance,
    /// `MATERIAL_SHORTAGE`
    MaterialShortage,
    /// `PERSONNEL_SHORTAGE`
    PersonnelShortage,
    /// `QUALITY`
    Quality,
    /// `BREAK`
    Break,
    /// `NO_ORDER`
    NoOrder,
    /// `OTHER`
    Other,
}

impl DowntimeKind {
    /// Every symbol, in the order of the schema.
    pub const SYMBOLS: &'static [&'static str] = &[
        "UNKNOWN",
        "BREAKDOWN",
        "SETUP",
        "CLEANING",
        "MAINTENANCE",
        "MATERIAL_SHORTAGE",
        "PERSONNEL_SHORTAGE",
        "QUALITY",
        "BREAK",
        "NO_ORDER",
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
            "BREAKDOWN" => Self::Breakdown,
            "SETUP" => Self::Setup,
            "CLEANING" => Self::Cleaning,
            "MAINTENANCE" => Self::Maintenance,
            "MATERIAL_SHORTAGE" => Self::MaterialShortage,
            "PERSONNEL_SHORTAGE" => Self::PersonnelShortage,
            "QUALITY" => Self::Quality,
            "BREAK" => Self::Break,
            "NO_ORDER" => Self::NoOrder,
            "OTHER" => Self::Other,
            _ => Self::Unknown,
        }
    }
}

crate::codec::avro_enum!(DowntimeKind);

/// The work center could not work for a time, or still cannot (ISA-95 equipment downtime, B2MML EquipmentActual, SAP malfunction report).
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct DowntimeReported<'a> {
    /// Number of the downtime, where it has one; a later event of the same one replaces it.
    #[serde(default, borrow)]
    pub downtime: Option<&'a str>,
    /// When it began (SAP MalfunctionStartDate and Time).
    pub start: Timestamp,
    /// When it ended; absent while it lasts (SAP MalfunctionEndDate and Time).
    #[serde(default)]
    pub end: Option<Timestamp>,
    /// How long, as the source counts it (SAP MaintenanceDuration): it can leave out breaks.
    #[serde(default, borrow)]
    pub duration: Option<Quantity<'a>>,
    /// Kind, in the contract's words.
    #[serde(default)]
    pub kind: DowntimeKind,
    /// It was planned.
    #[serde(default)]
    pub is_planned: bool,
    /// Reason as the source codes it (SAP MaintNotificationCode).
    #[serde(default, borrow)]
    pub reason_code: Option<&'a str>,
    /// Reason as the source gives it.
    #[serde(default, borrow)]
    pub reason: Option<&'a str>,
    /// Part of the work center that failed (ISA-95 work unit, SAP Equipment).
    #[serde(default, borrow)]
    pub equipment: Option<&'a str>,
    /// Production order that was stopped.
    #[serde(default, borrow)]
    pub order: Option<&'a str>,
    /// Operation that was stopped.
    #[serde(default, borrow)]
    pub operation: Option<&'a str>,
    /// Quantity that was not made because of it, where the source says.
    #[serde(default, borrow)]
    pub lost_quantity: Option<Quantity<'a>>,
    /// Who reported it.
    #[serde(default, borrow)]
    pub reported_by: Option<&'a str>,
    /// Set when it corrects an earlier one.
    #[serde(default, borrow)]
    pub correction: Option<Correction<'a>>,
    /// What else the source says.
    #[serde(default, borrow)]
    pub properties: Vec<NameValue<'a>>,
}

/// A slot of the work center's schedule was set, moved or taken away (ISA-95 detailed production schedule, B2MML WorkSchedule, JobOrder).
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct ScheduleSlotSet<'a> {
    /// Slot; a later event of the same one replaces it (B2MML JobOrder/ID).
    #[serde(borrow)]
    pub slot: &'a str,
    /// What it is for, in the contract's words.
    #[serde(default)]
    pub kind: SlotKind,
    /// When it begins (B2MML StartTime).
    pub start: Timestamp,
    /// When it ends (B2MML EndTime).
    pub end: Timestamp,
    /// Production order (B2MML WorkRequest/ID).
    #[serde(default, borrow)]
    pub order: Option<&'a str>,
    /// Operation (B2MML WorkMasterID).
    #[serde(default, borrow)]
    pub operation: Option<&'a str>,
    /// Material to be produced.
    #[serde(default, borrow)]
    pub item: Option<&'a str>,
    /// Quantity to be produced in it.
    #[serde(default, borrow)]
    pub quantity: Option<Quantity<'a>>,
    /// Place in the order of slots, from 1 (B2MML Priority).
    #[serde(default)]
    pub sequence: Option<i32>,
    /// Shift that it lies in.
    #[serde(default, borrow)]
    pub shift: Option<&'a str>,
    /// People it takes.
    #[serde(default)]
    pub crew: Option<i32>,
    /// The slot is taken away.
    #[serde(default)]
    pub is_cancelled: bool,
    /// What else the source says.
    #[serde(default, borrow)]
    pub properties: Vec<NameValue<'a>>,
}

/// What a slot is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum SlotKind {
    /// A symbol that this version does not know.
    #[default]
    Unknown,
    /// `PRODUCTION`
    Production,
    /// `SETUP`
    Setup,
    /// `MAINTENANCE`
    Maintenance,
    /// `CLEANING`
    Cleaning,
    /// `TEST`
    Test,
    /// `UNAVAILABLE`
    Unavailable,
}

impl SlotKind {
    /// Every symbol, in the order of the schema.
    pub const SYMBOLS: &'static [&'static str] = &[
        "UNKNOWN",
        "PRODUCTION",
        "SETUP",
        "MAINTENANCE",
        "CLEANING",
        "TEST",
        "UNAVAILABLE",
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
            "PRODUCTION" => Self::Production,
            "SETUP" => Self::Setup,
            "MAINTENANCE" => Self::Maintenance,
            "CLEANING" => Self::Cleaning,
            "TEST" => Self::Test,
            "UNAVAILABLE" => Self::Unavailable,
            _ => Self::Unknown,
        }
    }
}

crate::codec::avro_enum!(SlotKind);

/// One event of a work center. Topic canonical.work-center.v1, keyed by plant and work center. Exactly one of the groups is set, the one that type names; a reader that does not know the type sees UNKNOWN and no group.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct WorkCenterEvent<'a> {
    /// What every canonical event carries.
    #[serde(borrow)]
    pub envelope: Envelope<'a>,
    /// Work center (SAP WorkCenter, ARBPL; B2MML EquipmentID). A string: leading zeros count.
    #[serde(borrow)]
    pub work_center: &'a str,
    /// Which group is set.
    #[serde(default)]
    pub r#type: WorkCenterEventType,
    /// Set when type is STATE_CHANGED.
    #[serde(default, borrow)]
    pub state_changed: Option<WorkCenterStateChanged<'a>>,
    /// Set when type is DOWNTIME.
    #[serde(default, borrow)]
    pub downtime: Option<Box<DowntimeReported<'a>>>,
    /// Set when type is SCHEDULE_SLOT.
    #[serde(default, borrow)]
    pub schedule_slot: Option<ScheduleSlotSet<'a>>,
}

/// Which group is set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum WorkCenterEventType {
    /// A symbol that this version does not know.
    #[default]
    Unknown,
    /// `STATE_CHANGED`
    StateChanged,
    /// `DOWNTIME`
    Downtime,
    /// `SCHEDULE_SLOT`
    ScheduleSlot,
}

impl WorkCenterEventType {
    /// Every symbol, in the order of the schema.
    pub const SYMBOLS: &'static [&'static str] = &[
        "UNKNOWN",
        "STATE_CHANGED",
        "DOWNTIME",
        "SCHEDULE_SLOT",
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
            "STATE_CHANGED" => Self::StateChanged,
            "DOWNTIME" => Self::Downtime,
            "SCHEDULE_SLOT" => Self::ScheduleSlot,
            _ => Self::Unknown,
        }
    }
}

crate::codec::avro_enum!(WorkCenterEventType);

/// What a work center does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum WorkCenterState {
    /// A symbol that this version does not know.
    #[default]
    Unknown,
    /// `RUNNING`
    Running,
    /// `SETUP`
    Setup,
    /// `IDLE`
    Idle,
    /// `STARVED`
    Starved,
    /// `BLOCKED`
    Blocked,
    /// `DOWN`
    Down,
    /// `MAINTENANCE`
    Maintenance,
    /// `OFF`
    Off,
}

impl WorkCenterState {
    /// Every symbol, in the order of the schema.
    pub const SYMBOLS: &'static [&'static str] = &[
        "UNKNOWN",
        "RUNNING",
        "SETUP",
        "IDLE",
        "STARVED",
        "BLOCKED",
        "DOWN",
        "MAINTENANCE",
        "OFF",
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
            "RUNNING" => Self::Running,
            "SETUP" => Self::Setup,
            "IDLE" => Self::Idle,
            "STARVED" => Self::Starved,
            "BLOCKED" => Self::Blocked,
            "DOWN" => Self::Down,
            "MAINTENANCE" => Self::Maintenance,
            "OFF" => Self::Off,
            _ => Self::Unknown,
        }
    }
}

crate::codec::avro_enum!(WorkCenterState);

/// The work center is in another state from the event's time on (ISA-95 equipment state, PackML).
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct WorkCenterStateChanged<'a> {
    /// State from now on, in the contract's words.
    #[serde(default)]
    pub state: WorkCenterState,
    /// State as the source codes it (PackML state, B2MML EquipmentState).
    #[serde(default, borrow)]
    pub state_code: Option<&'a str>,
    /// State until now, where the source says.
    #[serde(default)]
    pub previous_state: WorkCenterState,
    /// Reason as the source codes it.
    #[serde(default, borrow)]
    pub reason_code: Option<&'a str>,
    /// Reason as the source gives it.
    #[serde(default, borrow)]
    pub reason: Option<&'a str>,
    /// Production order that it works on.
    #[serde(default, borrow)]
    pub order: Option<&'a str>,
    /// Operation that it works on.
    #[serde(default, borrow)]
    pub operation: Option<&'a str>,
    /// Part of the work center that it is about (ISA-95 work unit).
    #[serde(default, borrow)]
    pub equipment: Option<&'a str>,
    /// Speed from now on, where the source says.
    #[serde(default, borrow)]
    pub speed: Option<Quantity<'a>>,
    /// What else the source says.
    #[serde(default, borrow)]
    pub properties: Vec<NameValue<'a>>,
}
