//! Where the books are kept: an event or a time comes in, postings and statuses go out. Pure but for its stores, which is a store.

use lineside_posting_rules::posting_date::Moments;
use lineside_posting_rules::{BookedOn, Rule, RuleBook};
use lineside_schemas::production::{ProductionFact, ProductionFactRecord};
use lineside_schemas::records::{CancelledOrderAction, ClosedOrderAction, DateBasis, FlagKind, HoldReason, OrderPosting, OrderStatus, PostingMode, PostingTrigger};
use lineside_schemas::{Date, Timestamp};

use crate::due::{Due, Standing, View};
use crate::error::LedgerError;
use crate::ledger::{Change, Judge, Ledger};
use crate::life::Flag;
use crate::master::Master;
use crate::plan::{Plan, PlanEvent};
use crate::posting::{Occasion, Posting};
use crate::published::Postings;
use crate::remembered::Memory;
use crate::status;
use crate::when::{Cause, Completeness, Watermark, shifts, trigger, wakes_at};

/// What a desk needs of the world, for one order.
pub trait Shelf: Memory + Postings {
    /// The plan of the order.
    fn plan(&mut self) -> Option<Plan>;
    /// Keeps the plan of the order.
    fn put_plan(&mut self, plan: &Plan);
    /// How far a source is, over all orders that are seen here.
    fn watermark(&mut self, source: &str) -> Option<Watermark>;
    /// Sends a posting.
    fn post(&mut self, posting: &OrderPosting<'_>);
    /// Publishes a status.
    fn show(&mut self, status: &OrderStatus<'_>);
}

/// By what books are kept.
#[derive(Debug, Clone, Copy)]
pub struct Desk<'d> {
    /// Rules.
    pub rules: &'d RuleBook,
    /// Master data.
    pub master: &'d Master,
}

/// Why a desk refuses an event.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DeskError {
    /// The books refuse it.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// No rule says how it is booked.
    #[error("no posting rule is in force for plant {plant} at {at}, or the one that is cannot be understood")]
    NoRule {
        /// Plant.
        plant: String,
        /// Time of the event.
        at: Timestamp,
    },
}

impl Desk<'_> {
    /// Books an event, and posts what it makes due. `ledger` is none for an order that is new. After an error, nothing of it is to be kept.
    ///
    /// # Errors
    /// See [`DeskError`].
    pub fn event(&self, ledger: &mut Option<Ledger>, event: &ProductionFactRecord<'_>, stores: &mut dyn Shelf) -> Result<Change, DeskError> {
        let envelope = &event.envelope;
        if matches!(event.fact, ProductionFact::Unknown) {
            return Ok(Change::Skipped);
        }
        let now = envelope.ingest_time;
        if let Some(ledger) = ledger {
            // What time made due comes first: it is not about this event.
            self.look(ledger, Cause::Time, now, stores)?;
        }
        let mut plan_head = None;
        if let Some(told) = plan_event(&event.fact) {
            let plan = stores.plan().unwrap_or_else(Plan::empty).after(told, envelope.source_time);
            stores.put_plan(&plan);
            plan_head = Some((plan.item, plan.order_type));
        }
        let ledger = ledger.get_or_insert_with(|| Ledger::new(event));
        if let Some((item, order_type)) = plan_head {
            ledger.item_group = item.as_ref().and_then(|item| self.master.item(&ledger.plant, item)).and_then(|facts| facts.group.clone());
            (ledger.item, ledger.order_type) = (item, order_type);
        }
        let rule = self.rule(ledger, envelope.source_time)?;
        let flags = ledger.flag_count;
        let change = ledger.apply(event, Judge { rule, master: self.master }, stores)?;
        if !change.is_covered() {
            return Ok(change);
        }
        let posted = self.look(ledger, Cause::Event(&event.fact), now, stores)?;
        // Plain reports of an order that runs show nothing new.
        let is_plain = matches!(event.fact, ProductionFact::MaterialConsumed(_) | ProductionFact::OperationConfirmed(_) | ProductionFact::FinishedGoodsReported(_));
        if !posted && (!is_plain || ledger.status_fingerprint == 0 || ledger.flag_count != flags) {
            self.show(ledger, now, stores)?;
        }
        Ok(change)
    }

    /// Looks at the books because time has passed or a source has: posts what that makes due.
    ///
    /// # Errors
    /// See [`DeskError`].
    pub fn time(&self, ledger: &mut Ledger, now: Timestamp, stores: &mut dyn Shelf) -> Result<bool, DeskError> {
        self.look(ledger, Cause::Time, now, stores)
    }

    /// When the order has to be looked at again, and for which sources it waits to pass which time.
    ///
    /// # Errors
    /// See [`DeskError`].
    pub fn wakes(&self, ledger: &Ledger, now: Timestamp, stores: &mut dyn Shelf) -> Result<(Option<Timestamp>, Vec<String>), DeskError> {
        let rule = self.rule(ledger, ledger.last_event.time)?;
        let completeness = Completeness::of(ledger, rule, now, &mut |source| stores.watermark(source));
        let waits = !ledger.posted.finally || !ledger.posted.completion;
        let at = wakes_at(ledger, rule, self.master, &completeness);
        Ok((at, if waits { completeness.outstanding } else { Vec::new() }))
    }

    /// The rule in force for an order, at a time.
    ///
    /// # Errors
    /// [`DeskError::NoRule`].
    pub fn rule(&self, ledger: &Ledger, at: Timestamp) -> Result<&Rule, DeskError> {
        let rule = self.rules.in_force(&ledger.plant, ledger.order_type.as_deref(), ledger.item_group.as_deref(), at);
        rule.ok_or_else(|| DeskError::NoRule { plant: ledger.plant.clone(), at })
    }

    fn look(&self, ledger: &mut Ledger, cause: Cause<'_, '_>, now: Timestamp, stores: &mut dyn Shelf) -> Result<bool, DeskError> {
        let rule = self.rule(ledger, ledger.last_event.time)?;
        let completeness = Completeness::of(ledger, rule, now, &mut |source| stores.watermark(source));
        let Some(trigger) = trigger(ledger, rule, self.master, cause, now, &completeness) else { return Ok(false) };
        let plan = stores.plan();
        let sight = self.sight(ledger, rule, plan.as_ref(), &completeness, now)?;
        let due = Due::of(ledger, sight.view)?;
        let is_first = matches!(trigger, PostingTrigger::Completion | PostingTrigger::Completeness);
        let is_first = is_first || (trigger == PostingTrigger::Cancellation && ledger.posted.sequence > 0);
        let frozen = matches!(sight.view.standing, Standing::Frozen(_));
        if frozen || (due.is_empty() && !is_first) {
            if matches!(trigger, PostingTrigger::Wait | PostingTrigger::ShiftEnd)
                && let Some((since, happened)) = &mut ledger.open_since
            {
                // Nothing to post: the next wait, and the next shift, begin now.
                (*since, *happened) = (now, now.max(*happened));
            }
            return Ok(false);
        }
        let Some(date) = sight.booked_on.date() else { return Ok(false) };
        let flags = flags(ledger, rule, &due, sight.booked_on, sight.view.mode);
        let is_provisional = ledger.life.is_completed() && !completeness.is_final;
        let is_final = (ledger.life.is_completed() || ledger.life.is_cancelled()) && completeness.is_final;
        let document_date = ledger.last_event.time.date_at_offset(ledger.last_event.offset_minutes.unwrap_or(0));
        let occasion = Occasion { trigger, mode: sight.view.mode, is_final, is_provisional, posting_date: date, document_date };
        let posting = Posting::of(ledger, due, rule, occasion, stores)?;
        stores.post(&posting.record(ledger));
        posting.settle(ledger, stores)?;
        for flag in flags {
            ledger.raise(flag);
        }
        self.show(ledger, now, stores)?;
        Ok(true)
    }

    /// Publishes the status of the order, if it changed.
    fn show(&self, ledger: &mut Ledger, now: Timestamp, stores: &mut dyn Shelf) -> Result<(), DeskError> {
        let rule = self.rule(ledger, ledger.last_event.time)?;
        let completeness = Completeness::of(ledger, rule, now, &mut |source| stores.watermark(source));
        let plan = stores.plan();
        let sight = self.sight(ledger, rule, plan.as_ref(), &completeness, now)?;
        let due = Due::of(ledger, sight.view)?;
        let fingerprint = {
            let status = status::record(ledger, &due.held, &completeness.outstanding);
            let fingerprint = status::fingerprint(&status);
            if fingerprint != ledger.status_fingerprint {
                stores.show(&status);
            }
            fingerprint
        };
        ledger.status_fingerprint = fingerprint;
        Ok(())
    }

    /// How the books are looked at: mode, standing, dates.
    fn sight<'s>(&'s self, ledger: &Ledger, rule: &'s Rule, plan: Option<&'s Plan>, completeness: &Completeness, now: Timestamp) -> Result<Sight<'s>, DeskError> {
        // Who books the goods of an order is decided when it begins; a rule that changes that holds for orders that begin after it.
        let mode = match ledger.posted.mode {
            PostingMode::Unknown => self.rule(ledger, ledger.first_at.unwrap_or(ledger.last_event.time))?.mode,
            mode => mode,
        };
        let booked_on = self.booked_on(ledger, rule, now);
        let life = &ledger.life;
        let standing = if life.is_cancelled() {
            match rule.cancelled_orders {
                CancelledOrderAction::Hold => Standing::Frozen(HoldReason::OrderCancelled),
                CancelledOrderAction::TakeBack | CancelledOrderAction::Unknown => Standing::TakenBack(HoldReason::OrderCancelled),
            }
        } else if life.is_closed() && ledger.posted.completion && rule.closed_orders == ClosedOrderAction::Hold {
            Standing::Frozen(HoldReason::OrderClosed)
        } else if booked_on.date().is_none() {
            Standing::Frozen(HoldReason::DateClosed)
        } else if life.is_completed() && completeness.is_held {
            Standing::Frozen(HoldReason::SourcesOutstanding)
        } else {
            Standing::Normal
        };
        // While an order runs, what is not due yet is not held: it is open.
        let view =
            View { rule, master: self.master, plan, mode, standing, is_complete: life.is_completed(), may_be_final: !life.is_completed() || completeness.is_final };
        Ok(Sight { view, booked_on })
    }

    fn booked_on(&self, ledger: &Ledger, rule: &Rule, now: Timestamp) -> BookedOn {
        let shift_date: Option<Date> = (rule.posting_date.basis == DateBasis::ShiftDate)
            .then(|| shifts(rule, self.master, &ledger.plant, rule.posting_date.shift_calendar.as_deref()))
            .flatten()
            .and_then(|plan| plan.shift_at(ledger.last_event.time))
            .map(|shift| shift.date);
        rule.posting_date.decide(&Moments { event: ledger.last_event.time, offset_minutes: ledger.last_event.offset_minutes.unwrap_or(0), shift_date, posting: now })
    }
}

fn flags(ledger: &Ledger, rule: &Rule, due: &Due, booked_on: BookedOn, mode: PostingMode) -> Vec<Flag> {
    let last = &ledger.last_event;
    let flag = |kind, text: String| Flag { kind, event_id: last.id.clone(), source_time: last.time, text };
    let mut flags: Vec<_> = due.flags.iter().map(|(kind, text)| flag(*kind, text.clone())).collect();
    if let BookedOn::Moved { from, to } = booked_on {
        flags.push(flag(FlagKind::DateMoved, format!("{from} is closed; booked on {to}")));
    }
    if rule.mode != mode {
        flags.push(flag(FlagKind::RuleModeChanged, format!("{} says {}; the order keeps {}", rule.version, rule.mode.symbol(), mode.symbol())));
    }
    // What is shown already is not shown again with every posting.
    flags.retain(|new| !ledger.flags.iter().any(|old| old.kind == new.kind && old.text == new.text));
    flags
}

struct Sight<'s> {
    view: View<'s>,
    booked_on: BookedOn,
}

fn plan_event<'e, 'a>(fact: &'e ProductionFact<'a>) -> Option<PlanEvent<'e, 'a>> {
    match fact {
        ProductionFact::OrderCreated(plan) => Some(PlanEvent::Created(plan)),
        ProductionFact::OrderReleased(plan) => Some(PlanEvent::Released(plan)),
        ProductionFact::OrderRescheduled(plan) => Some(PlanEvent::Rescheduled(plan)),
        _ => None,
    }
}
