//! The life of an order: where it stands by the source times of its events, whatever order they arrive in; and what is odd in it.
//!
//! An event that the state does not allow is booked all the same, and shown. Late is not odd: what counts is when something happened, not when it was told.

use lineside_schemas::Timestamp;
use lineside_schemas::production::ProductionFact;
use lineside_schemas::records::{FlagKind, OrderState};

use crate::line::{keep_largest, keep_smallest};

/// Flags that are kept, the latest.
pub const FLAGS_KEPT: usize = 16;

/// When the order changed its state: the latest source time of each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Life {
    /// Created.
    pub created_at: Option<Timestamp>,
    /// Released.
    pub released_at: Option<Timestamp>,
    /// Dispatched.
    pub dispatched_at: Option<Timestamp>,
    /// First work on it.
    pub started_at: Option<Timestamp>,
    /// Completed.
    pub completed_at: Option<Timestamp>,
    /// Closed.
    pub closed_at: Option<Timestamp>,
    /// Cancelled.
    pub cancelled_at: Option<Timestamp>,
    /// Held.
    pub held_at: Option<Timestamp>,
    /// Resumed.
    pub resumed_at: Option<Timestamp>,
}

/// Something odd that was kept and shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flag {
    /// What.
    pub kind: FlagKind,
    /// Event that showed it.
    pub event_id: String,
    /// Its source time.
    pub source_time: Timestamp,
    /// In words.
    pub text: String,
}

impl Life {
    /// Complete, and not released again since.
    #[must_use]
    pub fn is_completed(&self) -> bool {
        self.stands(self.completed_at)
    }

    /// Closed, and not released again since.
    #[must_use]
    pub fn is_closed(&self) -> bool {
        self.stands(self.closed_at)
    }

    /// Cancelled, and not released again since.
    #[must_use]
    pub fn is_cancelled(&self) -> bool {
        self.stands(self.cancelled_at)
    }

    /// Its source put it on hold, and has not resumed it.
    #[must_use]
    pub fn is_on_hold(&self) -> bool {
        self.held_at.is_some_and(|held| self.resumed_at.is_none_or(|resumed| resumed < held))
    }

    fn stands(&self, end: Option<Timestamp>) -> bool {
        end.is_some_and(|end| self.released_at.is_none_or(|released| released <= end))
    }

    /// Where the order is.
    #[must_use]
    pub fn state(&self) -> OrderState {
        if self.is_cancelled() {
            OrderState::Cancelled
        } else if self.is_closed() {
            OrderState::Closed
        } else if self.is_completed() {
            OrderState::Completed
        } else if self.started_at.is_some() {
            OrderState::Executing
        } else if self.dispatched_at.is_some() {
            OrderState::Dispatched
        } else if self.released_at.is_some() {
            OrderState::Released
        } else if self.created_at.is_some() {
            OrderState::Created
        } else {
            OrderState::Unknown
        }
    }

    /// The life with an event that happened `at`.
    #[must_use]
    pub fn after(mut self, fact: &ProductionFact<'_>, at: Timestamp) -> Self {
        let at = Some(at);
        match fact {
            ProductionFact::OrderCreated(_) => keep_largest(&mut self.created_at, at),
            ProductionFact::OrderReleased(_) => keep_largest(&mut self.released_at, at),
            ProductionFact::OrderDispatched(_) => keep_largest(&mut self.dispatched_at, at),
            ProductionFact::OrderCompleted(_) => keep_largest(&mut self.completed_at, at),
            ProductionFact::OrderClosed(_) => keep_largest(&mut self.closed_at, at),
            ProductionFact::OrderCancelled(_) => keep_largest(&mut self.cancelled_at, at),
            ProductionFact::OrderHeld(_) => keep_largest(&mut self.held_at, at),
            ProductionFact::OrderResumed(_) => keep_largest(&mut self.resumed_at, at),
            ProductionFact::OrderRescheduled(_) | ProductionFact::Unknown => {}
            _ => keep_smallest(&mut self.started_at, at),
        }
        self
    }

    /// What is odd about an event that happened `at`, for an order that lived so far.
    #[must_use]
    pub fn oddity(&self, fact: &ProductionFact<'_>, at: Timestamp) -> Option<(FlagKind, &'static str)> {
        let past = |end: Option<Timestamp>, holds: bool| holds && end.is_some_and(|end| at > end);
        match fact {
            ProductionFact::OrderReleased(_) if past(self.cancelled_at.max(self.closed_at).max(self.completed_at), true) => {
                Some((FlagKind::Reopened, "released again after its completion, closing or cancellation"))
            }
            ProductionFact::OrderResumed(_) if !self.is_on_hold() => Some((FlagKind::NotHeld, "resumed without a hold")),
            ProductionFact::OrderClosed(_) if !self.is_completed() && !self.is_cancelled() => Some((FlagKind::NotCompleted, "closed without being completed")),
            ProductionFact::OrderCreated(_)
            | ProductionFact::OrderRescheduled(_)
            | ProductionFact::OrderReleased(_)
            | ProductionFact::OrderHeld(_)
            | ProductionFact::OrderResumed(_)
            | ProductionFact::OrderClosed(_)
            | ProductionFact::OrderCancelled(_)
            | ProductionFact::Unknown => None,
            _ if past(self.cancelled_at, self.is_cancelled()) => Some((FlagKind::AfterCancellation, "happened after the order was cancelled")),
            _ if past(self.closed_at, self.is_closed()) => Some((FlagKind::AfterClosing, "happened after the order was closed")),
            ProductionFact::OrderCompleted(_)
            | ProductionFact::OrderDispatched(_)
            | ProductionFact::ConsumptionReversed(_)
            | ProductionFact::ConfirmationReversed(_)
            | ProductionFact::FinishedGoodsReversed(_) => None,
            _ if past(self.completed_at, self.is_completed()) => Some((FlagKind::AfterCompletion, "happened after the order was completed")),
            _ if self.created_at.is_some() && self.released_at.is_none() => Some((FlagKind::BeforeRelease, "happened on an order that nobody has released")),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use lineside_schemas::records::{OperationStarted, OrderCancelled, OrderClosed, OrderCompleted, OrderCreated, OrderHeld, OrderReleased, OrderResumed};

    use super::*;

    fn at(minute: i64) -> Timestamp {
        Timestamp::from_millis(minute * 60_000)
    }

    fn created() -> ProductionFact<'static> {
        ProductionFact::OrderCreated(Box::new(OrderCreated::default()))
    }

    fn released() -> ProductionFact<'static> {
        ProductionFact::OrderReleased(Box::new(OrderReleased::default()))
    }

    fn started() -> ProductionFact<'static> {
        ProductionFact::OperationStarted(OperationStarted::default())
    }

    fn completed() -> ProductionFact<'static> {
        ProductionFact::OrderCompleted(OrderCompleted::default())
    }

    #[test]
    fn the_state_follows_source_times_and_not_the_order_of_arrival() {
        let story = [(created(), 0), (released(), 1), (started(), 2), (completed(), 3), (ProductionFact::OrderClosed(OrderClosed::default()), 4)];
        let forward = story.iter().fold(Life::default(), |life, (fact, minute)| life.after(fact, at(*minute)));
        let backward = story.iter().rev().fold(Life::default(), |life, (fact, minute)| life.after(fact, at(*minute)));
        assert_eq!(forward, backward);
        assert_eq!(forward.state(), OrderState::Closed);
        assert_eq!(forward.after(&released(), at(5)).state(), OrderState::Executing, "released again");
        assert_eq!(forward.after(&ProductionFact::OrderCancelled(OrderCancelled::default()), at(5)).state(), OrderState::Cancelled);
    }

    #[test]
    fn a_hold_ends_when_it_is_resumed() {
        let held = Life::default().after(&ProductionFact::OrderHeld(OrderHeld::default()), at(1));
        let resumed = ProductionFact::OrderResumed(OrderResumed::default());
        assert!(held.is_on_hold() && !held.after(&resumed, at(1)).is_on_hold());
        assert_eq!(Life::default().oddity(&resumed, at(1)).map(|(kind, _)| kind), Some(FlagKind::NotHeld));
        assert_eq!(held.oddity(&resumed, at(2)), None);
    }

    #[test]
    fn what_happened_after_the_end_is_odd_and_what_is_only_told_late_is_not() {
        let done = Life::default().after(&released(), at(0)).after(&completed(), at(10));
        assert_eq!(done.oddity(&started(), at(9)), None);
        assert_eq!(done.oddity(&started(), at(11)).map(|(kind, _)| kind), Some(FlagKind::AfterCompletion));
        assert_eq!(done.oddity(&released(), at(11)).map(|(kind, _)| kind), Some(FlagKind::Reopened));
        let not_released = Life::default().after(&created(), at(0));
        assert_eq!(not_released.oddity(&started(), at(1)).map(|(kind, _)| kind), Some(FlagKind::BeforeRelease));
        assert_eq!(Life::default().oddity(&started(), at(1)), None, "a source without order master data");
    }
}
