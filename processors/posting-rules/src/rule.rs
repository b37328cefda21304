//! What a rule says.

use std::collections::BTreeMap;

use lineside_schemas::Timestamp;
use lineside_schemas::records::{
    CancelledOrderAction, ClosedOrderAction, DoubleConsumptionGuard, LateEventAction, MeanwhileAction, NegativeNetAction, OutputBooking, OverdueAction, PostingMode,
    PostingUnits, ReversalOfReversalAction, ReversalStyle, ScrapBooking, ToleranceCheck, TrackingRule, WatermarkKind,
};

use crate::posting_date::PostingDate;
use crate::rounding::Rounding;
use crate::tolerance::Tolerance;

/// Stands for every plant, order type, item group or operation.
pub const EVERY: &str = "*";

/// A posting rule. None of its enums is ever `Unknown`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    /// Name and version, as postings name it: `default/1`.
    pub version: String,
    /// Who books the goods movements.
    pub mode: PostingMode,
    /// Operations that are milestones; [`EVERY`] alone for each.
    pub milestones: Vec<String>,
    /// What makes a posting due.
    pub triggers: Triggers,
    /// When the posting of a completed order is final.
    pub completeness: Completeness,
    /// What becomes of events after the posting of the completion.
    pub late: LateEventAction,
    /// How far actual quantities may be from the plan. Ask [`Rule::tolerance`].
    pub tolerances: Vec<Tolerance>,
    /// How finely quantities are posted.
    pub rounding: Rounding,
    /// In which unit lines are posted.
    pub units: PostingUnits,
    /// Which date a posting is booked on.
    pub posting_date: PostingDate,
    /// Lots of components and receipts.
    pub lots: TrackingRule,
    /// Serial numbers.
    pub serials: TrackingRule,
    /// Scrap.
    pub scrap: Scrap,
    /// By-products: 531, or only confirmed.
    pub by_products: OutputBooking,
    /// Co-products: 101, or only confirmed.
    pub co_products: OutputBooking,
    /// A component that we and the ERP would both issue.
    pub double_consumption: DoubleConsumptionGuard,
    /// How what was posted is taken back.
    pub reversals: ReversalStyle,
    /// A reversal that names a reversal.
    pub reversal_of_reversal: ReversalOfReversalAction,
    /// A cancelled order that has something booked.
    pub cancelled_orders: CancelledOrderAction,
    /// Events after an order was closed.
    pub closed_orders: ClosedOrderAction,
    /// A line with a negative net.
    pub negative_net: NegativeNetAction,
    /// Days of stream time that the state of a closed order is kept after its last event; for ever when absent.
    pub closed_orders_kept_days: Option<u32>,
}

/// What makes a posting due. Each does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Triggers {
    /// The order is completed.
    pub on_completion: bool,
    /// A milestone is finally confirmed.
    pub at_milestones: bool,
    /// So many events are open; at least 1.
    pub after_events: Option<u32>,
    /// So many milliseconds of stream time have passed since the first open event; at least 1.
    pub after_wait_ms: Option<i64>,
    /// A shift ends.
    pub shift_end: Option<ShiftEnd>,
}

/// Whose shifts end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ShiftEnd {
    /// Those of a shift calendar of the order's plant (`master.shift-calendar.v1`).
    Calendar(String),
    /// Those that end at times of day.
    Times {
        /// Times, as ISO 8601 has them (`06:00`), sorted, each once.
        times: Vec<String>,
        /// IANA name of their time zone.
        time_zone: String,
    },
}

/// When every source has told everything about a completed order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Completeness {
    /// By what a source is known to have passed the end.
    pub watermark: WatermarkKind,
    /// Sources waited for; empty: those that have reported on the order.
    pub sources: Vec<String>,
    /// What becomes of postings that are due while a source is waited for.
    pub meanwhile: MeanwhileAction,
    /// How long a source is waited for, in milliseconds of stream time after completion; for ever when absent.
    pub wait_ms: Option<i64>,
    /// What to do when the wait is over.
    pub overdue: OverdueAction,
}

/// How scrap is booked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scrap {
    /// How, where no reason says otherwise.
    pub book: ScrapBooking,
    /// How scrap of some reasons is booked, by reason code.
    pub reasons: BTreeMap<String, ScrapBooking>,
}

impl Scrap {
    /// How scrap with this reason is booked.
    #[must_use]
    pub fn booking(&self, reason_code: Option<&str>) -> ScrapBooking {
        reason_code.and_then(|reason| self.reasons.get(reason)).copied().unwrap_or(self.book)
    }
}

impl Rule {
    /// The rule that holds where nobody published another: post on completion, a delta for every later event, the movements posted explicitly.
    #[must_use]
    pub fn built_in() -> Self {
        Self {
            version: "default/1".to_owned(),
            mode: PostingMode::ExplicitMovements,
            milestones: Vec::new(),
            triggers: Triggers { on_completion: true, at_milestones: false, after_events: None, after_wait_ms: None, shift_end: None },
            completeness: Completeness {
                watermark: WatermarkKind::None,
                sources: Vec::new(),
                meanwhile: MeanwhileAction::PostProvisionally,
                wait_ms: None,
                overdue: OverdueAction::PostProvisionally,
            },
            late: LateEventAction::Delta,
            tolerances: Vec::new(),
            rounding: Rounding::default(),
            units: PostingUnits::Planned,
            posting_date: PostingDate::default(),
            lots: TrackingRule::Keep,
            serials: TrackingRule::Keep,
            scrap: Scrap { book: ScrapBooking::ConfirmationOnly, reasons: BTreeMap::new() },
            by_products: OutputBooking::Book,
            co_products: OutputBooking::Book,
            double_consumption: DoubleConsumptionGuard::Block,
            reversals: ReversalStyle::DocumentReference,
            reversal_of_reversal: ReversalOfReversalAction::Hold,
            cancelled_orders: CancelledOrderAction::TakeBack,
            closed_orders: ClosedOrderAction::Reopen,
            negative_net: NegativeNetAction::Hold,
            closed_orders_kept_days: Some(90),
        }
    }

    /// Whether the operation is a milestone.
    #[must_use]
    pub fn is_milestone(&self, operation: &str) -> bool {
        self.milestones.iter().any(|milestone| milestone == operation || milestone == EVERY)
    }

    /// The tolerance of a check: that of the item before that of every item.
    #[must_use]
    pub fn tolerance(&self, check: ToleranceCheck, item: &str) -> Option<&Tolerance> {
        let of_check = || self.tolerances.iter().filter(|tolerance| tolerance.check == check);
        of_check().find(|tolerance| tolerance.item.as_deref() == Some(item)).or_else(|| of_check().find(|tolerance| tolerance.item.is_none()))
    }

    /// Until when a source is waited for, where there is an end.
    #[must_use]
    pub fn waits_until(&self, completed: Timestamp) -> Option<Timestamp> {
        self.completeness.wait_ms.map(|wait| completed.saturating_add_micros(wait.saturating_mul(1000)))
    }
}
