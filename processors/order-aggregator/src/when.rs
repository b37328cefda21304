//! When a posting is due: on completion, at a milestone, after a count, a wait, or a shift; and when it is final.

use lineside_posting_rules::{Rule, ShiftEnd, ShiftPlan};
use lineside_schemas::Timestamp;
use lineside_schemas::production::ProductionFact;
use lineside_schemas::records::{LateEventAction, MeanwhileAction, OverdueAction, PostingTrigger, WatermarkKind};

use crate::ledger::Ledger;
use crate::master::Master;

/// How far a source is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Watermark {
    /// Largest source time seen of it.
    pub time: Timestamp,
    /// Largest running number seen of it.
    pub sequence: Option<i64>,
}

/// How complete an order is known to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Completeness {
    /// Sources that have not passed its end.
    pub outstanding: Vec<String>,
    /// Nothing is posted until they have.
    pub is_held: bool,
    /// A posting may say that it is final.
    pub is_final: bool,
}

impl Completeness {
    /// Of an order, at a stream time.
    pub fn of(ledger: &Ledger, rule: &Rule, now: Timestamp, watermark: &mut dyn FnMut(&str) -> Option<Watermark>) -> Self {
        let gate = &rule.completeness;
        let Some(end) = ledger.life.completed_at.filter(|_| ledger.life.is_completed()) else {
            return Self { outstanding: Vec::new(), is_held: false, is_final: ledger.life.is_cancelled() };
        };
        if matches!(gate.watermark, WatermarkKind::None | WatermarkKind::Unknown) {
            return Self { outstanding: Vec::new(), is_held: false, is_final: true };
        }
        let own: Vec<String>;
        let sources = if gate.sources.is_empty() {
            own = ledger.sources.iter().map(|source| source.name.clone()).collect();
            &own
        } else {
            &gate.sources
        };
        let outstanding: Vec<String> = sources.iter().filter(|source| !has_passed(ledger, gate.watermark, source, end, watermark(source))).cloned().collect();
        let is_overdue = rule.waits_until(end).is_some_and(|until| until <= now);
        Self {
            is_held: !outstanding.is_empty() && gate.meanwhile == MeanwhileAction::Hold && !is_overdue,
            is_final: outstanding.is_empty() || (is_overdue && gate.overdue == OverdueAction::PostFinally),
            outstanding,
        }
    }
}

/// A source has told everything up to the end when something later came from it: on the order itself, or elsewhere.
fn has_passed(ledger: &Ledger, kind: WatermarkKind, source: &str, end: Timestamp, mark: Option<Watermark>) -> bool {
    let own = ledger.sources.iter().find(|known| known.name == source);
    if own.is_some_and(|own| own.last_time >= end) {
        return true;
    }
    let Some(mark) = mark.filter(|mark| mark.time >= end) else { return false };
    // Running numbers count over all orders; here only those of the partition are seen, so that a gap cannot be told from another partition's number.
    kind != WatermarkKind::Sequence || mark.sequence > own.and_then(|own| own.last_sequence)
}

/// What makes the books be looked at.
#[derive(Debug, Clone, Copy)]
pub enum Cause<'c, 'a> {
    /// An event that was just booked.
    Event(&'c ProductionFact<'a>),
    /// Time that passed, or a source that did.
    Time,
}

/// What is due now, if anything can be.
#[must_use]
pub fn trigger(ledger: &Ledger, rule: &Rule, master: &Master, cause: Cause<'_, '_>, now: Timestamp, completeness: &Completeness) -> Option<PostingTrigger> {
    let (life, posted) = (&ledger.life, &ledger.posted);
    if life.is_cancelled() {
        return Some(if posted.cancellation { PostingTrigger::LateEvent } else { PostingTrigger::Cancellation });
    }
    if life.is_completed() && completeness.is_held {
        return None;
    }
    if life.is_completed() && posted.completion {
        if completeness.is_final && !posted.finally {
            return Some(PostingTrigger::Completeness);
        }
        return match (rule.late, cause) {
            (LateEventAction::Batched, _) => timed(ledger, rule, master, now),
            (_, Cause::Event(_)) => Some(PostingTrigger::LateEvent),
            (_, Cause::Time) => None,
        };
    }
    if life.is_completed() && rule.triggers.on_completion {
        return Some(PostingTrigger::Completion);
    }
    let milestone = match cause {
        Cause::Event(ProductionFact::OperationConfirmed(confirmed)) => rule.triggers.at_milestones && confirmed.is_final && rule.is_milestone(confirmed.operation),
        _ => false,
    };
    if milestone { Some(PostingTrigger::Milestone) } else { timed(ledger, rule, master, now) }
}

fn timed(ledger: &Ledger, rule: &Rule, master: &Master, now: Timestamp) -> Option<PostingTrigger> {
    let count = rule.triggers.after_events.is_some_and(|count| ledger.open.event_count >= i64::from(count));
    if count {
        return Some(PostingTrigger::Count);
    }
    let passed = |at: Option<Timestamp>| at.is_some_and(|at| at <= now);
    if passed(wait_ends(ledger, rule)) {
        return Some(PostingTrigger::Wait);
    }
    passed(shift_ends(ledger, rule, master)).then_some(PostingTrigger::ShiftEnd)
}

fn wait_ends(ledger: &Ledger, rule: &Rule) -> Option<Timestamp> {
    let (since, _) = ledger.open_since?;
    rule.triggers.after_wait_ms.map(|wait| since.saturating_add_micros(wait.saturating_mul(1000)))
}

/// End of the shift that the first open event happened in.
fn shift_ends(ledger: &Ledger, rule: &Rule, master: &Master) -> Option<Timestamp> {
    let (_, happened) = ledger.open_since?;
    shifts(rule, master, &ledger.plant, None)?.next_end_after(happened)
}

/// The shifts of a calendar, or those of the rule's trigger.
#[must_use]
pub fn shifts(rule: &Rule, master: &Master, plant: &str, calendar: Option<&str>) -> Option<ShiftPlan> {
    match (calendar, &rule.triggers.shift_end) {
        (Some(calendar), _) => master.shifts(plant, calendar).cloned(),
        (None, Some(ShiftEnd::Calendar(calendar))) => master.shifts(plant, calendar).cloned(),
        // The rule was checked before it was published.
        (None, Some(ShiftEnd::Times { times, time_zone })) => ShiftPlan::of_times(times, time_zone).ok(),
        (None, None) => None,
    }
}

/// When the order has to be looked at again though nothing comes: its wait or shift ends, its sources are overdue, or its books may be forgotten.
#[must_use]
pub fn wakes_at(ledger: &Ledger, rule: &Rule, master: &Master, completeness: &Completeness) -> Option<Timestamp> {
    let life = &ledger.life;
    let waits_for_time = !life.is_cancelled() && (!(life.is_completed() && ledger.posted.completion) || rule.late == LateEventAction::Batched);
    let by_time = if waits_for_time { [wait_ends(ledger, rule), shift_ends(ledger, rule, master)].into_iter().flatten().min() } else { None };
    let waits_for_sources = life.is_completed() && !completeness.outstanding.is_empty() && !completeness.is_final;
    let overdue = if waits_for_sources { life.completed_at.and_then(|end| rule.waits_until(end)) } else { None };
    by_time.into_iter().chain(overdue).chain(forgotten_at(ledger, rule)).min()
}

/// When the books of an order that is over may be forgotten.
#[must_use]
pub fn forgotten_at(ledger: &Ledger, rule: &Rule) -> Option<Timestamp> {
    let life = &ledger.life;
    let is_over = life.is_closed() || life.is_cancelled() || (life.is_completed() && ledger.posted.finally);
    let days = rule.closed_orders_kept_days.filter(|_| is_over)?;
    Some(ledger.last_ingest.saturating_add_micros(i64::from(days) * 86_400_000_000))
}
