//! Records of the family `rules`. Generated from `avro/`; do not edit.

use serde::{Deserialize, Serialize};

use crate::decimal::Decimal;
use crate::time::Date;
use crate::time::Timestamp;
use super::PostingMode;
use super::Quantity;

/// What becomes of what an order has booked when it is cancelled. TAKE_BACK: it is taken back; HOLD: it stays, and is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum CancelledOrderAction {
    /// A symbol that this version does not know.
    #[default]
    Unknown,
    /// `TAKE_BACK`
    TakeBack,
    /// `HOLD`
    Hold,
}

impl CancelledOrderAction {
    /// Every symbol, in the order of the schema.
    pub const SYMBOLS: &'static [&'static str] = &[
        "UNKNOWN",
        "TAKE_BACK",
        "HOLD",
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
            "TAKE_BACK" => Self::TakeBack,
            "HOLD" => Self::Hold,
            _ => Self::Unknown,
        }
    }
}

crate::codec::avro_enum!(CancelledOrderAction);

/// What becomes of a posting whose date is closed. FIRST_OPEN_DAY: it is booked on the first open day after it; HOLD: it waits and is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum ClosedDateAction {
    /// A symbol that this version does not know.
    #[default]
    Unknown,
    /// `FIRST_OPEN_DAY`
    FirstOpenDay,
    /// `HOLD`
    Hold,
}

impl ClosedDateAction {
    /// Every symbol, in the order of the schema.
    pub const SYMBOLS: &'static [&'static str] = &[
        "UNKNOWN",
        "FIRST_OPEN_DAY",
        "HOLD",
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
            "FIRST_OPEN_DAY" => Self::FirstOpenDay,
            "HOLD" => Self::Hold,
            _ => Self::Unknown,
        }
    }
}

crate::codec::avro_enum!(ClosedDateAction);

/// What becomes of events after an order was closed. REOPEN: they are posted as deltas, and shown; HOLD: they wait, and are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum ClosedOrderAction {
    /// A symbol that this version does not know.
    #[default]
    Unknown,
    /// `REOPEN`
    Reopen,
    /// `HOLD`
    Hold,
}

impl ClosedOrderAction {
    /// Every symbol, in the order of the schema.
    pub const SYMBOLS: &'static [&'static str] = &[
        "UNKNOWN",
        "REOPEN",
        "HOLD",
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
            "REOPEN" => Self::Reopen,
            "HOLD" => Self::Hold,
            _ => Self::Unknown,
        }
    }
}

crate::codec::avro_enum!(ClosedOrderAction);

/// Days that are closed for posting.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct ClosedPeriod {
    /// First day.
    pub first_day: Date,
    /// Last day, closed too.
    pub last_day: Date,
}

/// When a posting of a completed order is final: when every source has told everything up to the end.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct CompletenessGate<'a> {
    /// By what a source is known to have passed.
    #[serde(default)]
    pub watermark: WatermarkKind,
    /// Sources waited for. None named: those that have reported on the order.
    #[serde(default, borrow)]
    pub sources: Vec<&'a str>,
    /// What to do while a source is waited for.
    #[serde(default)]
    pub meanwhile: MeanwhileAction,
    /// How long a source is waited for, in milliseconds of stream time after completion; for ever when absent.
    #[serde(default)]
    pub wait_ms: Option<i64>,
    /// What to do when the wait is over.
    #[serde(default)]
    pub overdue: OverdueAction,
}

/// EVENT_DATE: calendar date of the event that made it due, in the plant's time; SHIFT_DATE: date on which the shift of that event began; POSTING_TIME: calendar date of the stream time at posting.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum DateBasis {
    /// A symbol that this version does not know.
    #[default]
    Unknown,
    /// `EVENT_DATE`
    EventDate,
    /// `SHIFT_DATE`
    ShiftDate,
    /// `POSTING_TIME`
    PostingTime,
}

impl DateBasis {
    /// Every symbol, in the order of the schema.
    pub const SYMBOLS: &'static [&'static str] = &[
        "UNKNOWN",
        "EVENT_DATE",
        "SHIFT_DATE",
        "POSTING_TIME",
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
            "EVENT_DATE" => Self::EventDate,
            "SHIFT_DATE" => Self::ShiftDate,
            "POSTING_TIME" => Self::PostingTime,
            _ => Self::Unknown,
        }
    }
}

crate::codec::avro_enum!(DateBasis);

/// What becomes of a line that the ERP issues itself at confirmation. BLOCK: not posted, and shown; FLAG: posted and shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum DoubleConsumptionGuard {
    /// A symbol that this version does not know.
    #[default]
    Unknown,
    /// `BLOCK`
    Block,
    /// `FLAG`
    Flag,
}

impl DoubleConsumptionGuard {
    /// Every symbol, in the order of the schema.
    pub const SYMBOLS: &'static [&'static str] = &[
        "UNKNOWN",
        "BLOCK",
        "FLAG",
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
            "BLOCK" => Self::Block,
            "FLAG" => Self::Flag,
            _ => Self::Unknown,
        }
    }
}

crate::codec::avro_enum!(DoubleConsumptionGuard);

/// What becomes of an event after the completion was posted. DELTA: each is a posting of its own at once; BATCHED: they wait for the next trigger of count, wait or shift end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum LateEventAction {
    /// A symbol that this version does not know.
    #[default]
    Unknown,
    /// `DELTA`
    Delta,
    /// `BATCHED`
    Batched,
}

impl LateEventAction {
    /// Every symbol, in the order of the schema.
    pub const SYMBOLS: &'static [&'static str] = &[
        "UNKNOWN",
        "DELTA",
        "BATCHED",
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
            "DELTA" => Self::Delta,
            "BATCHED" => Self::Batched,
            _ => Self::Unknown,
        }
    }
}

crate::codec::avro_enum!(LateEventAction);

/// What becomes of a posting that is due while a source is waited for. POST_PROVISIONALLY: it is posted, not final, and what comes is posted as deltas; HOLD: it waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum MeanwhileAction {
    /// A symbol that this version does not know.
    #[default]
    Unknown,
    /// `POST_PROVISIONALLY`
    PostProvisionally,
    /// `HOLD`
    Hold,
}

impl MeanwhileAction {
    /// Every symbol, in the order of the schema.
    pub const SYMBOLS: &'static [&'static str] = &[
        "UNKNOWN",
        "POST_PROVISIONALLY",
        "HOLD",
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
            "POST_PROVISIONALLY" => Self::PostProvisionally,
            "HOLD" => Self::Hold,
            _ => Self::Unknown,
        }
    }
}

crate::codec::avro_enum!(MeanwhileAction);

/// What becomes of a line with a negative net. HOLD: it is not posted and is shown until it is compensated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum NegativeNetAction {
    /// A symbol that this version does not know.
    #[default]
    Unknown,
    /// `HOLD`
    Hold,
}

impl NegativeNetAction {
    /// Every symbol, in the order of the schema.
    pub const SYMBOLS: &'static [&'static str] = &[
        "UNKNOWN",
        "HOLD",
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
            "HOLD" => Self::Hold,
            _ => Self::Unknown,
        }
    }
}

crate::codec::avro_enum!(NegativeNetAction);

/// What becomes of a reported output.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum OutputBooking {
    /// A symbol that this version does not know.
    #[default]
    Unknown,
    /// `BOOK`
    Book,
    /// `CONFIRM_ONLY`
    ConfirmOnly,
}

impl OutputBooking {
    /// Every symbol, in the order of the schema.
    pub const SYMBOLS: &'static [&'static str] = &[
        "UNKNOWN",
        "BOOK",
        "CONFIRM_ONLY",
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
            "BOOK" => Self::Book,
            "CONFIRM_ONLY" => Self::ConfirmOnly,
            _ => Self::Unknown,
        }
    }
}

crate::codec::avro_enum!(OutputBooking);

/// What to do when the wait is over and a source has not passed. POST_FINALLY: post as if it had; POST_PROVISIONALLY: post, not final until it has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum OverdueAction {
    /// A symbol that this version does not know.
    #[default]
    Unknown,
    /// `POST_FINALLY`
    PostFinally,
    /// `POST_PROVISIONALLY`
    PostProvisionally,
}

impl OverdueAction {
    /// Every symbol, in the order of the schema.
    pub const SYMBOLS: &'static [&'static str] = &[
        "UNKNOWN",
        "POST_FINALLY",
        "POST_PROVISIONALLY",
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
            "POST_FINALLY" => Self::PostFinally,
            "POST_PROVISIONALLY" => Self::PostProvisionally,
            _ => Self::Unknown,
        }
    }
}

crate::codec::avro_enum!(OverdueAction);

/// Which date a posting is booked on.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct PostingDateRule<'a> {
    /// What the date is taken from.
    #[serde(default)]
    pub basis: DateBasis,
    /// Shift calendar of the plant for SHIFT_DATE; that of the trigger when absent.
    #[serde(default, borrow)]
    pub shift_calendar: Option<&'a str>,
    /// First day that is open; all before it is closed.
    #[serde(default)]
    pub open_from: Option<Date>,
    /// Further closed days, in order.
    #[serde(default)]
    pub closed_periods: Vec<ClosedPeriod>,
    /// Minutes after midnight of the first day of a month until which what happens is still booked on the last day of the month before; none when absent.
    #[serde(default)]
    pub month_end_cutoff_minutes: Option<i32>,
    /// Days that a month stays open after its end, by the date of the posting; for ever when absent.
    #[serde(default)]
    pub month_open_days: Option<i32>,
    /// What becomes of a posting whose date is closed.
    #[serde(default)]
    pub closed: ClosedDateAction,
}

/// A version of a posting rule set: for which orders, from when, who published and approved it, and the rule itself. Topic rules.posting.v1, keyed by name and version. What stands there once does not change, but for its approval.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct PostingRuleSet<'a> {
    /// Name of the rule set.
    #[serde(borrow)]
    pub name: &'a str,
    /// Version, from 1. A posting names its rule as name/version.
    pub version: i32,
    /// What it is for, in words.
    #[serde(default, borrow)]
    pub description: Option<&'a str>,
    /// Plants it holds for; * alone for every plant.
    #[serde(borrow)]
    pub plants: Vec<&'a str>,
    /// Order types it holds for; * alone for every order, also one without a type.
    #[serde(borrow)]
    pub order_types: Vec<&'a str>,
    /// Item groups of the order's product that it holds for; * alone for every order, also one without a group.
    #[serde(borrow)]
    pub item_groups: Vec<&'a str>,
    /// From when it holds, by the source time of the events. It replaces earlier versions of its name from then on.
    pub effective_from: Timestamp,
    /// Until when it holds, that instant not included; until the next version when absent.
    #[serde(default)]
    pub effective_to: Option<Timestamp>,
    /// A second person has to approve this version, and every later one of the name until a version without protection is approved.
    #[serde(default)]
    pub is_protected: bool,
    /// Whether it was approved.
    #[serde(default)]
    pub approval: RuleApproval,
    /// Who published it.
    #[serde(borrow)]
    pub published_by: &'a str,
    /// When it was published.
    pub published_at: Timestamp,
    /// Account by which the publisher's client was known to Kafka, where it has one.
    #[serde(default, borrow)]
    pub published_as: Option<&'a str>,
    /// Why, in the publisher's words.
    #[serde(borrow)]
    pub reason: &'a str,
    /// Published with an effective_from that had passed: postings made before do not follow it.
    #[serde(default)]
    pub is_retroactive: bool,
    /// Who approved or rejected it; never who published it.
    #[serde(default, borrow)]
    pub decided_by: Option<&'a str>,
    /// When it was approved or rejected.
    #[serde(default)]
    pub decided_at: Option<Timestamp>,
    /// Account by which that client was known to Kafka, where it has one.
    #[serde(default, borrow)]
    pub decided_as: Option<&'a str>,
    /// Why it was approved or rejected.
    #[serde(default, borrow)]
    pub decision_reason: Option<&'a str>,
    /// The first 128 bits of SHA-256 over the version without who, when and why of publication and decision: what an approval is about. 32 hexadecimal digits.
    #[serde(borrow)]
    pub fingerprint: &'a str,
    /// Who books the goods movements.
    #[serde(default)]
    pub mode: PostingMode,
    /// Operations that are milestones; * alone for every operation.
    #[serde(default, borrow)]
    pub milestones: Vec<&'a str>,
    /// When to post.
    #[serde(borrow)]
    pub triggers: PostingTriggers<'a>,
    /// Completeness gate.
    #[serde(borrow)]
    pub completeness: CompletenessGate<'a>,
    /// What becomes of events after the posting of the completion.
    #[serde(default)]
    pub late: LateEventAction,
    /// Tolerances.
    #[serde(default, borrow)]
    pub tolerances: Vec<PostingTolerance<'a>>,
    /// Rounding.
    #[serde(borrow)]
    pub rounding: RoundingRule<'a>,
    /// In which unit lines are posted.
    #[serde(default)]
    pub units: PostingUnits,
    /// Posting date.
    #[serde(borrow)]
    pub posting_date: PostingDateRule<'a>,
    /// Lots.
    #[serde(default)]
    pub lots: TrackingRule,
    /// Serial numbers.
    #[serde(default)]
    pub serials: TrackingRule,
    /// Scrap.
    #[serde(borrow)]
    pub scrap: ScrapRule<'a>,
    /// By-products: BOOK as 531, or only confirmed.
    #[serde(default)]
    pub by_products: OutputBooking,
    /// Co-products: BOOK as 101, or only confirmed.
    #[serde(default)]
    pub co_products: OutputBooking,
    /// A component that would be consumed twice.
    #[serde(default)]
    pub double_consumption: DoubleConsumptionGuard,
    /// How what was posted is taken back.
    #[serde(default)]
    pub reversals: ReversalStyle,
    /// A reversal that names a reversal.
    #[serde(default)]
    pub reversal_of_reversal: ReversalOfReversalAction,
    /// A cancelled order that has postings.
    #[serde(default)]
    pub cancelled_orders: CancelledOrderAction,
    /// Events after an order was closed.
    #[serde(default)]
    pub closed_orders: ClosedOrderAction,
    /// A line with a negative net.
    #[serde(default)]
    pub negative_net: NegativeNetAction,
    /// Days of stream time that the state of a closed order is kept after its last event; for ever when absent.
    #[serde(default)]
    pub closed_orders_kept_days: Option<i32>,
}

/// How far an actual quantity may be from its plan. Of the tolerances of a check, one for the item goes before one for every item.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct PostingTolerance<'a> {
    /// What is compared.
    #[serde(default)]
    pub check: ToleranceCheck,
    /// Material it is for; every material when absent.
    #[serde(default, borrow)]
    pub item: Option<&'a str>,
    /// Deviation allowed, in percent of the plan.
    #[serde(default)]
    pub percent: Option<Decimal>,
    /// Deviation allowed, as an amount. It holds for lines in its unit. With percent: neither may be exceeded.
    #[serde(default, borrow)]
    pub absolute: Option<Quantity<'a>>,
    /// What becomes of what is beyond.
    #[serde(default)]
    pub beyond: ToleranceAction,
}

/// What makes a posting due. Each of them does; what comes after completion is always posted.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct PostingTriggers<'a> {
    /// When the order is completed.
    pub on_completion: bool,
    /// When a milestone operation is finally confirmed.
    pub at_milestones: bool,
    /// When this many events are open, not yet covered by a posting.
    #[serde(default)]
    pub after_events: Option<i32>,
    /// When this much stream time has passed since the first open event, in milliseconds.
    #[serde(default)]
    pub after_wait_ms: Option<i64>,
    /// When a shift ends.
    #[serde(default, borrow)]
    pub shift_end: Option<ShiftEndTrigger<'a>>,
}

/// In which unit a line is posted. AS_REPORTED: as the events have it; PLANNED: converted to the unit of the plan, by the item's unit conversions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum PostingUnits {
    /// A symbol that this version does not know.
    #[default]
    Unknown,
    /// `AS_REPORTED`
    AsReported,
    /// `PLANNED`
    Planned,
}

impl PostingUnits {
    /// Every symbol, in the order of the schema.
    pub const SYMBOLS: &'static [&'static str] = &[
        "UNKNOWN",
        "AS_REPORTED",
        "PLANNED",
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
            "AS_REPORTED" => Self::AsReported,
            "PLANNED" => Self::Planned,
            _ => Self::Unknown,
        }
    }
}

crate::codec::avro_enum!(PostingUnits);

/// What a reversal of a reversal does. HOLD: nothing, and it is shown; REINSTATE: what was reversed counts again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum ReversalOfReversalAction {
    /// A symbol that this version does not know.
    #[default]
    Unknown,
    /// `HOLD`
    Hold,
    /// `REINSTATE`
    Reinstate,
}

impl ReversalOfReversalAction {
    /// Every symbol, in the order of the schema.
    pub const SYMBOLS: &'static [&'static str] = &[
        "UNKNOWN",
        "HOLD",
        "REINSTATE",
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
            "HOLD" => Self::Hold,
            "REINSTATE" => Self::Reinstate,
            _ => Self::Unknown,
        }
    }
}

crate::codec::avro_enum!(ReversalOfReversalAction);

/// How what was posted is taken back. DOCUMENT_REFERENCE: by reference to the document where the ERP's outcome is known, else by the opposite movement; OPPOSITE_MOVEMENT: always by that.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum ReversalStyle {
    /// A symbol that this version does not know.
    #[default]
    Unknown,
    /// `DOCUMENT_REFERENCE`
    DocumentReference,
    /// `OPPOSITE_MOVEMENT`
    OppositeMovement,
}

impl ReversalStyle {
    /// Every symbol, in the order of the schema.
    pub const SYMBOLS: &'static [&'static str] = &[
        "UNKNOWN",
        "DOCUMENT_REFERENCE",
        "OPPOSITE_MOVEMENT",
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
            "DOCUMENT_REFERENCE" => Self::DocumentReference,
            "OPPOSITE_MOVEMENT" => Self::OppositeMovement,
            _ => Self::Unknown,
        }
    }
}

crate::codec::avro_enum!(ReversalStyle);

/// How a sum is rounded. HALF_EVEN: to the nearest, a half to the even digit; HALF_UP: a half away from zero; UP: away from zero; DOWN: towards zero.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum RoundingMode {
    /// A symbol that this version does not know.
    #[default]
    Unknown,
    /// `HALF_EVEN`
    HalfEven,
    /// `HALF_UP`
    HalfUp,
    /// `UP`
    Up,
    /// `DOWN`
    Down,
}

impl RoundingMode {
    /// Every symbol, in the order of the schema.
    pub const SYMBOLS: &'static [&'static str] = &[
        "UNKNOWN",
        "HALF_EVEN",
        "HALF_UP",
        "UP",
        "DOWN",
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
            "HALF_EVEN" => Self::HalfEven,
            "HALF_UP" => Self::HalfUp,
            "UP" => Self::Up,
            "DOWN" => Self::Down,
            _ => Self::Unknown,
        }
    }
}

crate::codec::avro_enum!(RoundingMode);

/// How finely quantities are posted. The sum of a line is rounded, never an event; the remainder is carried.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct RoundingRule<'a> {
    /// How a sum is rounded.
    #[serde(default)]
    pub mode: RoundingMode,
    /// Digits of units that differ from the table of units.
    #[serde(default, borrow)]
    pub digits: Vec<UnitDigits<'a>>,
}

/// Whether the version is in force. NOT_REQUIRED and APPROVED are; PENDING and REJECTED are not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum RuleApproval {
    /// A symbol that this version does not know.
    #[default]
    Unknown,
    /// `NOT_REQUIRED`
    NotRequired,
    /// `PENDING`
    Pending,
    /// `APPROVED`
    Approved,
    /// `REJECTED`
    Rejected,
}

impl RuleApproval {
    /// Every symbol, in the order of the schema.
    pub const SYMBOLS: &'static [&'static str] = &[
        "UNKNOWN",
        "NOT_REQUIRED",
        "PENDING",
        "APPROVED",
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
            "NOT_REQUIRED" => Self::NotRequired,
            "PENDING" => Self::Pending,
            "APPROVED" => Self::Approved,
            "REJECTED" => Self::Rejected,
            _ => Self::Unknown,
        }
    }
}

crate::codec::avro_enum!(RuleApproval);

/// How scrap is booked. CONFIRMATION_ONLY: as the confirmation's scrap quantity; STOCK_MOVEMENT: as 551, scrap of unrestricted stock.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum ScrapBooking {
    /// A symbol that this version does not know.
    #[default]
    Unknown,
    /// `CONFIRMATION_ONLY`
    ConfirmationOnly,
    /// `STOCK_MOVEMENT`
    StockMovement,
}

impl ScrapBooking {
    /// Every symbol, in the order of the schema.
    pub const SYMBOLS: &'static [&'static str] = &[
        "UNKNOWN",
        "CONFIRMATION_ONLY",
        "STOCK_MOVEMENT",
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
            "CONFIRMATION_ONLY" => Self::ConfirmationOnly,
            "STOCK_MOVEMENT" => Self::StockMovement,
            _ => Self::Unknown,
        }
    }
}

crate::codec::avro_enum!(ScrapBooking);

/// How scrap of one reason is booked.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct ScrapReason<'a> {
    /// Reason code, as the source gives it.
    #[serde(borrow)]
    pub reason_code: &'a str,
    /// How.
    #[serde(default)]
    pub book: ScrapBooking,
}

/// How scrap is booked.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct ScrapRule<'a> {
    /// How, where no reason says otherwise.
    #[serde(default)]
    pub book: ScrapBooking,
    /// By reason.
    #[serde(default, borrow)]
    pub reasons: Vec<ScrapReason<'a>>,
}

/// The ends of shifts: of a calendar, or times of day.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct ShiftEndTrigger<'a> {
    /// Shift calendar of the plant (master.shift-calendar.v1).
    #[serde(default, borrow)]
    pub calendar: Option<&'a str>,
    /// Times of day, local, ISO 8601: 06:00. Without a calendar.
    #[serde(default, borrow)]
    pub times: Vec<&'a str>,
    /// IANA time zone of the times, e.g. Europe/Paris.
    #[serde(default, borrow)]
    pub time_zone: Option<&'a str>,
}

/// What becomes of a quantity beyond the tolerance. ACCEPT: posted; ACCEPT_AND_FLAG: posted and shown; HOLD: the line is not posted and shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum ToleranceAction {
    /// A symbol that this version does not know.
    #[default]
    Unknown,
    /// `ACCEPT`
    Accept,
    /// `ACCEPT_AND_FLAG`
    AcceptAndFlag,
    /// `HOLD`
    Hold,
}

impl ToleranceAction {
    /// Every symbol, in the order of the schema.
    pub const SYMBOLS: &'static [&'static str] = &[
        "UNKNOWN",
        "ACCEPT",
        "ACCEPT_AND_FLAG",
        "HOLD",
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
            "ACCEPT" => Self::Accept,
            "ACCEPT_AND_FLAG" => Self::AcceptAndFlag,
            "HOLD" => Self::Hold,
            _ => Self::Unknown,
        }
    }
}

crate::codec::avro_enum!(ToleranceAction);

/// What is compared. OVER_ and UNDER_CONSUMPTION: net consumption of a component with its required quantity; OVER_DELIVERY: quantity received with the planned quantity of the order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum ToleranceCheck {
    /// A symbol that this version does not know.
    #[default]
    Unknown,
    /// `OVER_CONSUMPTION`
    OverConsumption,
    /// `UNDER_CONSUMPTION`
    UnderConsumption,
    /// `OVER_DELIVERY`
    OverDelivery,
}

impl ToleranceCheck {
    /// Every symbol, in the order of the schema.
    pub const SYMBOLS: &'static [&'static str] = &[
        "UNKNOWN",
        "OVER_CONSUMPTION",
        "UNDER_CONSUMPTION",
        "OVER_DELIVERY",
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
            "OVER_CONSUMPTION" => Self::OverConsumption,
            "UNDER_CONSUMPTION" => Self::UnderConsumption,
            "OVER_DELIVERY" => Self::OverDelivery,
            _ => Self::Unknown,
        }
    }
}

crate::codec::avro_enum!(ToleranceCheck);

/// What becomes of lots or serials. REQUIRED: a line without one is held; KEEP: booked where the source names it; IGNORE: not booked, lines that differ only in it are one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum TrackingRule {
    /// A symbol that this version does not know.
    #[default]
    Unknown,
    /// `REQUIRED`
    Required,
    /// `KEEP`
    Keep,
    /// `IGNORE`
    Ignore,
}

impl TrackingRule {
    /// Every symbol, in the order of the schema.
    pub const SYMBOLS: &'static [&'static str] = &[
        "UNKNOWN",
        "REQUIRED",
        "KEEP",
        "IGNORE",
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
            "REQUIRED" => Self::Required,
            "KEEP" => Self::Keep,
            "IGNORE" => Self::Ignore,
            _ => Self::Unknown,
        }
    }
}

crate::codec::avro_enum!(TrackingRule);

/// Fractional digits of a unit.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct UnitDigits<'a> {
    /// Unit, UN/CEFACT Recommendation 20.
    #[serde(borrow)]
    pub unit: &'a str,
    /// Fractional digits, 0 to 9.
    pub digits: i32,
}

/// By what a source is known to have passed. NONE: nothing is waited for; SEQUENCE: its running numbers have no gap up to the event after the end; TIME: the source time of an event of it is after the end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum WatermarkKind {
    /// A symbol that this version does not know.
    #[default]
    Unknown,
    /// `NONE`
    None,
    /// `SEQUENCE`
    Sequence,
    /// `TIME`
    Time,
}

impl WatermarkKind {
    /// Every symbol, in the order of the schema.
    pub const SYMBOLS: &'static [&'static str] = &[
        "UNKNOWN",
        "NONE",
        "SEQUENCE",
        "TIME",
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
            "NONE" => Self::None,
            "SEQUENCE" => Self::Sequence,
            "TIME" => Self::Time,
            _ => Self::Unknown,
        }
    }
}

crate::codec::avro_enum!(WatermarkKind);
