//! The books of an order as they are published: columns that add up, and the differences.

use lineside_posting_rules::Rounding;
use lineside_schemas::records::{Books, BooksGap, BooksLine, BooksStatus};
use lineside_schemas::{Decimal, Timestamp};

use crate::account::{Account, Answered, Effect, Line, Notice};
use crate::difference::{Class, Difference};
use crate::fold::Folded;
use crate::judge::Judgement;
use crate::rounding::{minus, plus};

/// What the reader of books is told about a difference beside what it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    /// The difference.
    pub difference: Difference,
    /// When it was first seen.
    pub noticed: Timestamp,
    /// Nothing proves it, but it is in flight for too long.
    pub is_overdue: bool,
}

impl Shown {
    /// It is a gap, or waits for somebody; else records on their way can explain it.
    #[must_use]
    pub const fn stands(&self) -> bool {
        self.difference.is_proven || self.is_overdue
    }
}

/// The differences with when they were first seen; the account remembers that for the next time.
pub fn noticed(account: &mut Account, differences: Vec<Difference>, now: Timestamp, overdue_micros: i64) -> Vec<Shown> {
    let before = std::mem::take(&mut account.noticed);
    let mut shown = Vec::new();
    for difference in differences {
        let is_this = |notice: &&Notice| notice.class == difference.class.name() && notice.subject == difference.subject;
        let known = before.iter().find(is_this).or_else(|| account.noticed.iter().find(is_this)).cloned();
        let notice = known.unwrap_or_else(|| Notice {
            class: difference.class.name().to_owned(),
            subject: difference.subject.clone(),
            since: difference.since,
            time: now,
            is_logged: false,
        });
        if !account.noticed.iter().any(|kept| kept.class == notice.class && kept.subject == notice.subject) {
            account.noticed.push(notice.clone());
        }
        let is_overdue = !difference.is_proven && now >= notice.time.saturating_add_micros(overdue_micros);
        shown.push(Shown { difference: Difference { since: notice.since, ..difference }, noticed: notice.time, is_overdue });
    }
    shown
}

/// The order of lines in books: by kind and identity. A line that was reported in a unit in which nothing is posted, and holds nothing, is left out.
#[must_use]
pub fn sorted(folded: &Folded) -> Vec<usize> {
    let mut order: Vec<usize> = (0..folded.lines.len()).collect();
    order.sort_by(|one, other| folded.lines[*one].key.cmp(&folded.lines[*other].key));
    order
}

/// What books are made of.
#[derive(Debug, Clone, Copy)]
pub struct Parts<'a> {
    /// The account.
    pub account: &'a Account,
    /// Its lines, folded.
    pub folded: &'a Folded,
    /// How they are rounded.
    pub rounding: &'a Rounding,
    /// What was found.
    pub judgement: &'a Judgement,
    /// The differences, with when they were first seen.
    pub shown: &'a [Shown],
    /// The order of the lines.
    pub order: &'a [usize],
}

/// The record.
#[must_use]
pub fn books(parts: Parts<'_>) -> Books<'_> {
    let Parts { account, folded, judgement, shown, order, .. } = parts;
    let is_gap = |shown: &Shown| shown.stands() && !shown.difference.class.only_waits();
    let waits = shown.iter().any(|shown| !shown.stands() || shown.difference.class.only_waits());
    let status = if shown.iter().any(is_gap) {
        BooksStatus::Gap
    } else if !account.is_completed || judgement.is_due || waits {
        BooksStatus::Open
    } else if judgement.is_unanswered {
        BooksStatus::Posted
    } else {
        BooksStatus::Closed
    };
    let gap = |index: usize| {
        let shown = &shown[index];
        let difference = &shown.difference;
        let line = difference.line.and_then(|line| order.iter().position(|index| *index == line)).and_then(|place| i32::try_from(place + 1).ok());
        BooksGap {
            class: difference.class.name(),
            subject: &difference.subject,
            line,
            amount: difference.amount,
            since: difference.since,
            noticed: shown.noticed,
            is_overdue: shown.is_overdue,
            text: &difference.text,
        }
    };
    Books {
        plant: &account.plant,
        order: &account.order,
        correlation_id: &account.correlation_id,
        status,
        is_completed: account.is_completed,
        as_of: account.as_of,
        events: account.events,
        covered_events: account.covered,
        postings: account.postings,
        lines: order.iter().filter_map(|index| Some(line_record(parts, *index, folded.lines.get(*index)?))).collect(),
        gaps: (0..shown.len()).filter(|index| shown[*index].stands()).map(gap).collect(),
        in_flight: (0..shown.len()).filter(|index| !shown[*index].stands()).map(gap).collect(),
        sources: account.positions.iter().map(crate::account::Position::record).collect(),
    }
}

fn line_record<'a>(parts: Parts<'a>, index: usize, line: &'a Line) -> BooksLine<'a> {
    let Parts { account, folded, rounding, judgement, shown, .. } = parts;
    let missed = account.exclusions.iter().filter(|exclusion| exclusion.is_missed).flat_map(|exclusion| &exclusion.effects);
    let missed = folded.sum(index, missed);
    let standing = |class: Class| shown.iter().any(|shown| shown.stands() && shown.difference.class == class);
    // What is due and will not come is missing, and no longer open.
    let uncovered = minus(minus(line.net, line.covered), missed);
    let overdue =
        judgement.is_due && shown.iter().any(|shown| shown.stands() && shown.difference.class == Class::EventNotPosted && shown.difference.text.contains("is due"));
    let open = if overdue { Decimal::ZERO } else { uncovered };
    let waits = !standing(Class::PostedWithoutEvent) && !standing(Class::CoverageDiffers);
    let pending: Vec<Effect> = judgement.pending.iter().filter(|_| waits).flat_map(crate::posting::Posting::effects).collect();
    let in_flight = folded.sum(index, pending.iter()).negated();
    let base = folded.bases[index];
    let of_postings = minus(line.base(), line.booked);
    let (remainder, held) = if line.held.is_zero() && base.is_negative() {
        (Decimal::ZERO, plus(of_postings, line.booked))
    } else {
        (minus(of_postings, base.booked(rounding, &line.key.unit)), plus(line.held, line.booked))
    };
    let rest = [line.posted, remainder, open, held, in_flight].into_iter().fold(line.net, minus);
    let Answered { confirmed, parked, rejected, in_doubt, cancelled } = line.answered;
    let unanswered = [confirmed, parked, rejected, in_doubt, cancelled].into_iter().fold(line.posted, minus);
    let key = &line.key;
    BooksLine {
        kind: key.kind.contract(),
        operation: key.operation.as_deref(),
        reservation: key.reservation.as_deref(),
        reservation_item: key.reservation_item.as_deref(),
        position: key.position.as_deref(),
        item: key.item.as_deref(),
        lot: key.lot.as_deref(),
        storage_location: key.storage_location.as_deref(),
        unit: &key.unit,
        net: line.net,
        posted: line.posted,
        remainder,
        open,
        held,
        in_flight,
        gap: rest,
        confirmed,
        parked,
        rejected,
        in_doubt,
        cancelled,
        unanswered,
    }
}
