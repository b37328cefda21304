//! Records of the family `posting`. Generated from `avro/`; do not edit.

use serde::{Deserialize, Serialize};

use crate::decimal::Decimal;
use crate::time::Date;
use crate::time::Timestamp;
use super::ActivityTime;
use super::Quantity;

/// Which books of an order a line belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum BookKind {
    /// A symbol that this version does not know.
    #[default]
    Unknown,
    /// `COMPONENT`
    Component,
    /// `RECEIPT`
    Receipt,
    /// `BY_PRODUCT`
    ByProduct,
    /// `SCRAP_OF_STOCK`
    ScrapOfStock,
    /// `YIELD`
    Yield,
    /// `SCRAP`
    Scrap,
    /// `REWORK`
    Rework,
    /// `WORK_TIME`
    WorkTime,
}

impl BookKind {
    /// Every symbol, in the order of the schema.
    pub const SYMBOLS: &'static [&'static str] = &[
        "UNKNOWN",
        "COMPONENT",
        "RECEIPT",
        "BY_PRODUCT",
        "SCRAP_OF_STOCK",
        "YIELD",
        "SCRAP",
        "REWORK",
        "WORK_TIME",
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
            "COMPONENT" => Self::Component,
            "RECEIPT" => Self::Receipt,
            "BY_PRODUCT" => Self::ByProduct,
            "SCRAP_OF_STOCK" => Self::ScrapOfStock,
            "YIELD" => Self::Yield,
            "SCRAP" => Self::Scrap,
            "REWORK" => Self::Rework,
            "WORK_TIME" => Self::WorkTime,
            _ => Self::Unknown,
        }
    }
}

crate::codec::avro_enum!(BookKind);

/// Quantities of one operation and unit.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct ConfirmationLine<'a> {
    /// Operation (SAP OrderOperation).
    #[serde(borrow)]
    pub operation: &'a str,
    /// Unit of all three quantities, UN/CEFACT Recommendation 20.
    #[serde(borrow)]
    pub unit: &'a str,
    /// Good quantity; negative takes back.
    pub r#yield: Decimal,
    /// Scrapped quantity; negative takes back.
    pub scrap: Decimal,
    /// Quantity to be reworked; negative takes back.
    pub rework: Decimal,
    /// Nothing more is expected for the operation (SAP IsFinalConfirmation).
    pub is_final: bool,
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
    /// Confirmation that this line takes back, where it is one and the whole of it.
    #[serde(default, borrow)]
    pub reverses: Option<ReversedConfirmation<'a>>,
}

/// Sum over the lines of a movement type and unit, for the receiver to check.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct ControlTotal<'a> {
    /// Movement type.
    #[serde(borrow)]
    pub movement_type: &'a str,
    /// Unit.
    #[serde(borrow)]
    pub unit: &'a str,
    /// Count of lines.
    pub lines: i32,
    /// Sum of their quantities.
    pub quantity: Decimal,
}

/// The events that the posting accounts for, and no posting before it.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Coverage<'a> {
    /// Count of events.
    pub event_count: i64,
    /// Order-independent fingerprint of their ids. 32 hexadecimal digits.
    #[serde(borrow)]
    pub fingerprint: &'a str,
    /// Earliest source time among them.
    pub first_source_time: Timestamp,
    /// Latest source time among them.
    pub last_source_time: Timestamp,
    /// Where the raw records stand, sorted.
    #[serde(borrow)]
    pub positions: Vec<RawRange<'a>>,
}

/// What was odd. BEFORE_RELEASE, AFTER_COMPLETION, AFTER_CLOSING, AFTER_CANCELLATION: an event that happened when the order's state did not allow it; NOT_COMPLETED: closed without completion; NOT_HELD: resumed without a hold; REOPENED: released or resumed after completion; OVER_CONSUMPTION, UNDER_CONSUMPTION, OVER_DELIVERY: beyond a tolerance and posted; DOUBLE_CONSUMPTION: posted though the ERP may issue it too; REVERSAL_OF_REVERSAL: a reversal that names a reversal; DATE_MOVED: its posting date was closed, so that another was taken; RULE_MODE_CHANGED: the rule's mode changed, the order keeps its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum FlagKind {
    /// A symbol that this version does not know.
    #[default]
    Unknown,
    /// `BEFORE_RELEASE`
    BeforeRelease,
    /// `AFTER_COMPLETION`
    AfterCompletion,
    /// `AFTER_CLOSING`
    AfterClosing,
    /// `AFTER_CANCELLATION`
    AfterCancellation,
    /// `NOT_COMPLETED`
    NotCompleted,
    /// `NOT_HELD`
    NotHeld,
    /// `REOPENED`
    Reopened,
    /// `OVER_CONSUMPTION`
    OverConsumption,
    /// `UNDER_CONSUMPTION`
    UnderConsumption,
    /// `OVER_DELIVERY`
    OverDelivery,
    /// `DOUBLE_CONSUMPTION`
    DoubleConsumption,
    /// `REVERSAL_OF_REVERSAL`
    ReversalOfReversal,
    /// `DATE_MOVED`
    DateMoved,
    /// `RULE_MODE_CHANGED`
    RuleModeChanged,
}

impl FlagKind {
    /// Every symbol, in the order of the schema.
    pub const SYMBOLS: &'static [&'static str] = &[
        "UNKNOWN",
        "BEFORE_RELEASE",
        "AFTER_COMPLETION",
        "AFTER_CLOSING",
        "AFTER_CANCELLATION",
        "NOT_COMPLETED",
        "NOT_HELD",
        "REOPENED",
        "OVER_CONSUMPTION",
        "UNDER_CONSUMPTION",
        "OVER_DELIVERY",
        "DOUBLE_CONSUMPTION",
        "REVERSAL_OF_REVERSAL",
        "DATE_MOVED",
        "RULE_MODE_CHANGED",
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
            "BEFORE_RELEASE" => Self::BeforeRelease,
            "AFTER_COMPLETION" => Self::AfterCompletion,
            "AFTER_CLOSING" => Self::AfterClosing,
            "AFTER_CANCELLATION" => Self::AfterCancellation,
            "NOT_COMPLETED" => Self::NotCompleted,
            "NOT_HELD" => Self::NotHeld,
            "REOPENED" => Self::Reopened,
            "OVER_CONSUMPTION" => Self::OverConsumption,
            "UNDER_CONSUMPTION" => Self::UnderConsumption,
            "OVER_DELIVERY" => Self::OverDelivery,
            "DOUBLE_CONSUMPTION" => Self::DoubleConsumption,
            "REVERSAL_OF_REVERSAL" => Self::ReversalOfReversal,
            "DATE_MOVED" => Self::DateMoved,
            "RULE_MODE_CHANGED" => Self::RuleModeChanged,
            _ => Self::Unknown,
        }
    }
}

crate::codec::avro_enum!(FlagKind);

/// An amount that a rule keeps from being posted.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct HeldLine<'a> {
    /// Which books it belongs to.
    #[serde(default)]
    pub kind: BookKind,
    /// Operation.
    #[serde(default, borrow)]
    pub operation: Option<&'a str>,
    /// Reservation.
    #[serde(default, borrow)]
    pub reservation: Option<&'a str>,
    /// Reservation item.
    #[serde(default, borrow)]
    pub reservation_item: Option<&'a str>,
    /// Position in the bill of material.
    #[serde(default, borrow)]
    pub position: Option<&'a str>,
    /// Material; none for quantities of an operation.
    #[serde(default, borrow)]
    pub item: Option<&'a str>,
    /// Lot.
    #[serde(default, borrow)]
    pub lot: Option<&'a str>,
    /// Storage location.
    #[serde(default, borrow)]
    pub storage_location: Option<&'a str>,
    /// Unit.
    #[serde(borrow)]
    pub unit: &'a str,
    /// What would be posted of the line and is not, in all, as of this posting; negative where it would take back, or where the net is below zero.
    pub quantity: Decimal,
    /// Why.
    #[serde(default)]
    pub reason: HoldReason,
}

/// Why an amount is not posted. NEGATIVE_NET: more was taken back than taken; OVER_CONSUMPTION, UNDER_CONSUMPTION, OVER_DELIVERY: beyond its tolerance; LOT_MISSING, SERIALS_MISSING: required; OPERATION_MISSING: nothing says which operation to confirm; ISSUED_BY_ERP: the ERP issues it at confirmation, so that it would be consumed twice; BOOKED_IN_ERP: its event names the ERP's document that booked it; BULK: supplied without booking; LEFT_TO_OTHERS: the mode leaves goods movements to others, or the rule the output unbooked; ORDER_CANCELLED, ORDER_CLOSED: the rule holds what such an order has; DATE_CLOSED: its posting date is closed; SOURCES_OUTSTANDING: not every source has passed the end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum HoldReason {
    /// A symbol that this version does not know.
    #[default]
    Unknown,
    /// `NEGATIVE_NET`
    NegativeNet,
    /// `OVER_CONSUMPTION`
    OverConsumption,
    /// `UNDER_CONSUMPTION`
    UnderConsumption,
    /// `OVER_DELIVERY`
    OverDelivery,
    /// `LOT_MISSING`
    LotMissing,
    /// `SERIALS_MISSING`
    SerialsMissing,
    /// `OPERATION_MISSING`
    OperationMissing,
    /// `ISSUED_BY_ERP`
    IssuedByErp,
    /// `BOOKED_IN_ERP`
    BookedInErp,
    /// `BULK`
    Bulk,
    /// `LEFT_TO_OTHERS`
    LeftToOthers,
    /// `ORDER_CANCELLED`
    OrderCancelled,
    /// `ORDER_CLOSED`
    OrderClosed,
    /// `DATE_CLOSED`
    DateClosed,
    /// `SOURCES_OUTSTANDING`
    SourcesOutstanding,
}

impl HoldReason {
    /// Every symbol, in the order of the schema.
    pub const SYMBOLS: &'static [&'static str] = &[
        "UNKNOWN",
        "NEGATIVE_NET",
        "OVER_CONSUMPTION",
        "UNDER_CONSUMPTION",
        "OVER_DELIVERY",
        "LOT_MISSING",
        "SERIALS_MISSING",
        "OPERATION_MISSING",
        "ISSUED_BY_ERP",
        "BOOKED_IN_ERP",
        "BULK",
        "LEFT_TO_OTHERS",
        "ORDER_CANCELLED",
        "ORDER_CLOSED",
        "DATE_CLOSED",
        "SOURCES_OUTSTANDING",
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
            "NEGATIVE_NET" => Self::NegativeNet,
            "OVER_CONSUMPTION" => Self::OverConsumption,
            "UNDER_CONSUMPTION" => Self::UnderConsumption,
            "OVER_DELIVERY" => Self::OverDelivery,
            "LOT_MISSING" => Self::LotMissing,
            "SERIALS_MISSING" => Self::SerialsMissing,
            "OPERATION_MISSING" => Self::OperationMissing,
            "ISSUED_BY_ERP" => Self::IssuedByErp,
            "BOOKED_IN_ERP" => Self::BookedInErp,
            "BULK" => Self::Bulk,
            "LEFT_TO_OTHERS" => Self::LeftToOthers,
            "ORDER_CANCELLED" => Self::OrderCancelled,
            "ORDER_CLOSED" => Self::OrderClosed,
            "DATE_CLOSED" => Self::DateClosed,
            "SOURCES_OUTSTANDING" => Self::SourcesOutstanding,
            _ => Self::Unknown,
        }
    }
}

crate::codec::avro_enum!(HoldReason);

/// Something odd that was kept and shown.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct OrderFlag<'a> {
    /// What.
    #[serde(default)]
    pub kind: FlagKind,
    /// Event that showed it.
    #[serde(borrow)]
    pub event_id: &'a str,
    /// Its source time.
    pub source_time: Timestamp,
    /// In words.
    #[serde(borrow)]
    pub text: &'a str,
}

/// What an order has to book in the ERP, aggregated from its operations' events. Topic order.postings.v1, keyed by plant and order. The first posting of an order carries totals, later ones what changed since.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct OrderPosting<'a> {
    /// Deterministic: the same covered events give the same id. 32 hexadecimal digits.
    #[serde(borrow)]
    pub posting_id: &'a str,
    /// Plant.
    #[serde(borrow)]
    pub plant: &'a str,
    /// Production order.
    #[serde(borrow)]
    pub order: &'a str,
    /// Number of the posting within the order, from 1, without gaps.
    pub sequence: i32,
    /// Correlation of the order's story.
    #[serde(borrow)]
    pub correlation_id: &'a str,
    /// event_id of the event that made this posting due; where a time did (count, wait, shift end, a source that passed), of the last event that it covers or, covering none, of the last one before.
    #[serde(borrow)]
    pub caused_by_event_id: &'a str,
    /// What made it due.
    #[serde(default)]
    pub trigger: PostingTrigger,
    /// Who books the goods movements.
    #[serde(default)]
    pub mode: PostingMode,
    /// Posting rule in force at the time of the event that made it due, as name/version.
    #[serde(borrow)]
    pub rule_version: &'a str,
    /// Date it belongs to in the books, the plant's calendar, by the rule (SAP PostingDate).
    pub posting_date: Date,
    /// Date of the event behind it, the plant's calendar (SAP DocumentDate).
    pub document_date: Date,
    /// Quantities per operation, sorted by operation.
    #[serde(borrow)]
    pub confirmations: Vec<ConfirmationLine<'a>>,
    /// Goods movements: issues by component line, then receipts, by-products, scrap of stock.
    #[serde(borrow)]
    pub lines: Vec<PostingLine<'a>>,
    /// The order is complete, but a source has not passed its end yet: later postings bring what it still tells, and one of them is final.
    #[serde(default)]
    pub provisional: bool,
    /// Nothing more is expected of the order: it is complete and, where the rule asks, every source has passed its end. What comes all the same is posted as a delta.
    pub r#final: bool,
    /// Open reservations of the order are to be cleared (SAP OpenReservationsIsCleared).
    pub clear_reservations: bool,
    /// Every amount that is not posted because of a rule, as of this posting; what rounding leaves over is not among them.
    #[serde(default, borrow)]
    pub held: Vec<HeldLine<'a>>,
    /// Unit ratios by which lines of this posting were reckoned.
    #[serde(default, borrow)]
    pub conversions: Vec<UnitRatioUsed<'a>>,
    /// Control totals, sorted by movement type and unit.
    #[serde(borrow)]
    pub control_totals: Vec<ControlTotal<'a>>,
    /// What it covers.
    #[serde(borrow)]
    pub covers: Coverage<'a>,
}

/// Where the order is in its life, by the source times of its events.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum OrderState {
    /// A symbol that this version does not know.
    #[default]
    Unknown,
    /// `CREATED`
    Created,
    /// `RELEASED`
    Released,
    /// `DISPATCHED`
    Dispatched,
    /// `EXECUTING`
    Executing,
    /// `COMPLETED`
    Completed,
    /// `CLOSED`
    Closed,
    /// `CANCELLED`
    Cancelled,
}

impl OrderState {
    /// Every symbol, in the order of the schema.
    pub const SYMBOLS: &'static [&'static str] = &[
        "UNKNOWN",
        "CREATED",
        "RELEASED",
        "DISPATCHED",
        "EXECUTING",
        "COMPLETED",
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
            "CREATED" => Self::Created,
            "RELEASED" => Self::Released,
            "DISPATCHED" => Self::Dispatched,
            "EXECUTING" => Self::Executing,
            "COMPLETED" => Self::Completed,
            "CLOSED" => Self::Closed,
            "CANCELLED" => Self::Cancelled,
            _ => Self::Unknown,
        }
    }
}

crate::codec::avro_enum!(OrderState);

/// How an order's books stand, for operators: its state, what is held and why, what was odd. Topic order.status.v1, compacted, keyed by plant and order; written when something of it changed.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct OrderStatus<'a> {
    /// Plant.
    #[serde(borrow)]
    pub plant: &'a str,
    /// Production order.
    #[serde(borrow)]
    pub order: &'a str,
    /// Correlation of the order's story.
    #[serde(borrow)]
    pub correlation_id: &'a str,
    /// Where the order is in its life.
    #[serde(default)]
    pub state: OrderState,
    /// Its source has put it on hold (ORDER_HELD without ORDER_RESUMED).
    #[serde(default)]
    pub is_on_hold: bool,
    /// Latest source time among its events.
    pub as_of: Timestamp,
    /// Posting rule of its last posting, as name/version.
    #[serde(default, borrow)]
    pub rule_version: Option<&'a str>,
    /// Who books its goods movements; UNKNOWN before that is decided.
    #[serde(default)]
    pub mode: PostingMode,
    /// Sequence of its last posting; 0 before the first.
    #[serde(default)]
    pub sequence: i32,
    /// Its last posting was final, or none since the final one.
    #[serde(default)]
    pub is_final: bool,
    /// Sources that have not passed the order's end, where the rule waits for them.
    #[serde(default, borrow)]
    pub waiting_for: Vec<&'a str>,
    /// Every amount that is not posted because of a rule, when the books were last looked at for a posting.
    #[serde(default, borrow)]
    pub held: Vec<HeldLine<'a>>,
    /// Reversals that wait, the oldest 32.
    #[serde(default, borrow)]
    pub reversals_waiting: Vec<WaitingReversal<'a>>,
    /// How many reversals wait.
    #[serde(default)]
    pub reversals_waiting_count: i32,
    /// What was odd, the latest 16.
    #[serde(default, borrow)]
    pub flags: Vec<OrderFlag<'a>>,
    /// How often something was odd.
    #[serde(default)]
    pub flag_count: i32,
    /// Order that takes the place of this cancelled one.
    #[serde(default, borrow)]
    pub replaced_by: Option<&'a str>,
    /// Orders that rework product of this one, at most 16.
    #[serde(default, borrow)]
    pub rework_orders: Vec<&'a str>,
}

/// One goods movement to book.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct PostingLine<'a> {
    /// Number of the line within the posting, from 1.
    pub line: i32,
    /// Movement type: 101 receipt, 261 issue to order, 531 by-product, 551 scrap of stock; 102, 262, 532, 552 take one back.
    #[serde(borrow)]
    pub movement_type: &'a str,
    /// Material.
    #[serde(borrow)]
    pub item: &'a str,
    /// Plant.
    #[serde(borrow)]
    pub plant: &'a str,
    /// Operation.
    #[serde(default, borrow)]
    pub operation: Option<&'a str>,
    /// Storage location.
    #[serde(default, borrow)]
    pub storage_location: Option<&'a str>,
    /// Lot (SAP Batch).
    #[serde(default, borrow)]
    pub lot: Option<&'a str>,
    /// Reservation.
    #[serde(default, borrow)]
    pub reservation: Option<&'a str>,
    /// Reservation item.
    #[serde(default, borrow)]
    pub reservation_item: Option<&'a str>,
    /// Position in the bill of material.
    #[serde(default, borrow)]
    pub position: Option<&'a str>,
    /// Amount; positive, the movement type gives the direction.
    #[serde(borrow)]
    pub quantity: Quantity<'a>,
    /// Posting line that this one takes back, where it is one and the whole of it.
    #[serde(default, borrow)]
    pub reverses: Option<ReversedLine<'a>>,
    /// Line of the order that a receipt fulfils (SAP ManufacturingOrderItem).
    #[serde(default, borrow)]
    pub order_item: Option<&'a str>,
    /// Serial numbers moved.
    #[serde(default, borrow)]
    pub serials: Vec<&'a str>,
    /// Nothing more is to be issued for the reservation item (SAP ReservationIsFinallyIssued).
    #[serde(default)]
    pub is_final_issue: bool,
    /// Nothing more is expected for the order's line (SAP IsCompletelyDelivered).
    #[serde(default)]
    pub is_completely_delivered: bool,
    /// Date of manufacture (SAP ManufactureDate).
    #[serde(default)]
    pub manufacture_date: Option<Date>,
    /// Last day of use (SAP ShelfLifeExpirationDate).
    #[serde(default)]
    pub expiry_date: Option<Date>,
    /// Stock that it goes to, as the source codes it (SAP InventoryStockType).
    #[serde(default, borrow)]
    pub stock_type: Option<&'a str>,
    /// Reason, where one was given (SAP GoodsMovementReasonCode).
    #[serde(default, borrow)]
    pub reason_code: Option<&'a str>,
}

/// Who books the goods movements. See posting rules: EXPLICIT_MOVEMENTS we do; ERP_BACKFLUSH the ERP at confirmation; CONFIRM_ONLY nobody here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum PostingMode {
    /// A symbol that this version does not know.
    #[default]
    Unknown,
    /// `EXPLICIT_MOVEMENTS`
    ExplicitMovements,
    /// `ERP_BACKFLUSH`
    ErpBackflush,
    /// `CONFIRM_ONLY`
    ConfirmOnly,
}

impl PostingMode {
    /// Every symbol, in the order of the schema.
    pub const SYMBOLS: &'static [&'static str] = &[
        "UNKNOWN",
        "EXPLICIT_MOVEMENTS",
        "ERP_BACKFLUSH",
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
            "EXPLICIT_MOVEMENTS" => Self::ExplicitMovements,
            "ERP_BACKFLUSH" => Self::ErpBackflush,
            "CONFIRM_ONLY" => Self::ConfirmOnly,
            _ => Self::Unknown,
        }
    }
}

crate::codec::avro_enum!(PostingMode);

/// What made a posting due. COMPLETION: the order was completed; MILESTONE, COUNT, WAIT, SHIFT_END: see posting rules; LATE_EVENT: an event after the completion was posted; COMPLETENESS: every source has passed the end, or its wait is over; CANCELLATION: the order was cancelled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum PostingTrigger {
    /// A symbol that this version does not know.
    #[default]
    Unknown,
    /// `COMPLETION`
    Completion,
    /// `MILESTONE`
    Milestone,
    /// `COUNT`
    Count,
    /// `WAIT`
    Wait,
    /// `SHIFT_END`
    ShiftEnd,
    /// `LATE_EVENT`
    LateEvent,
    /// `COMPLETENESS`
    Completeness,
    /// `CANCELLATION`
    Cancellation,
}

impl PostingTrigger {
    /// Every symbol, in the order of the schema.
    pub const SYMBOLS: &'static [&'static str] = &[
        "UNKNOWN",
        "COMPLETION",
        "MILESTONE",
        "COUNT",
        "WAIT",
        "SHIFT_END",
        "LATE_EVENT",
        "COMPLETENESS",
        "CANCELLATION",
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
            "COMPLETION" => Self::Completion,
            "MILESTONE" => Self::Milestone,
            "COUNT" => Self::Count,
            "WAIT" => Self::Wait,
            "SHIFT_END" => Self::ShiftEnd,
            "LATE_EVENT" => Self::LateEvent,
            "COMPLETENESS" => Self::Completeness,
            "CANCELLATION" => Self::Cancellation,
            _ => Self::Unknown,
        }
    }
}

crate::codec::avro_enum!(PostingTrigger);

/// Raw records of one partition.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct RawRange<'a> {
    /// Raw topic.
    #[serde(borrow)]
    pub topic: &'a str,
    /// Partition.
    pub partition: i32,
    /// First offset covered.
    pub first_offset: i64,
    /// Last offset covered; others in between may belong to other orders.
    pub last_offset: i64,
}

/// A confirmation that is taken back whole.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct ReversedConfirmation<'a> {
    /// Posting that it stands in.
    #[serde(borrow)]
    pub posting_id: &'a str,
    /// confirmation_id of the confirmation.
    #[serde(borrow)]
    pub confirmation_id: &'a str,
    /// Number of the ERP's document (SAP ConfirmationGroup), once an outcome told it.
    #[serde(default, borrow)]
    pub document: Option<&'a str>,
    /// Year of the document, where the ERP has one.
    #[serde(default, borrow)]
    pub year: Option<&'a str>,
    /// Count within it (SAP ConfirmationCount).
    #[serde(default, borrow)]
    pub item: Option<&'a str>,
}

/// A posting line that is taken back whole.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct ReversedLine<'a> {
    /// Posting that it stands in.
    #[serde(borrow)]
    pub posting_id: &'a str,
    /// Its number in that posting.
    pub line: i32,
    /// Number of the ERP's document (SAP MaterialDocument), once an outcome told it.
    #[serde(default, borrow)]
    pub document: Option<&'a str>,
    /// Year of the document (SAP MaterialDocumentYear).
    #[serde(default, borrow)]
    pub year: Option<&'a str>,
    /// Item of the document (SAP MaterialDocumentItem).
    #[serde(default, borrow)]
    pub item: Option<&'a str>,
}

/// So many of one unit were counted as so many of another.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct UnitRatioUsed<'a> {
    /// Material.
    #[serde(borrow)]
    pub item: &'a str,
    /// So many of the reported unit
    #[serde(borrow)]
    pub quantity: Quantity<'a>,
    /// were counted as so many of the unit posted.
    #[serde(borrow)]
    pub counted_as: Quantity<'a>,
    /// From when the ratio holds, by the time of the events, where master data says so.
    #[serde(default)]
    pub valid_from: Option<Timestamp>,
}

/// A reversal that has not undone anything: its event has not been seen, or is not of a kind that it undoes.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct WaitingReversal<'a> {
    /// Source.
    #[serde(borrow)]
    pub source: &'a str,
    /// The event it names.
    #[serde(borrow)]
    pub event_id: &'a str,
    /// The reversal.
    #[serde(borrow)]
    pub by_event_id: &'a str,
    /// Source time of the reversal.
    pub since: Timestamp,
}
