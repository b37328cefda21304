//! Every difference in the books of an order, by class: a pure reading of its account.

use lineside_api::Context;
use lineside_schemas::Decimal;
use lineside_schemas::records::{AccountPostingState, AccountSlotStatus};

use crate::account::{Account, Exclusion, Line};
use crate::coverage::{Doubt, doubt};
use crate::difference::{Class, Difference};
use crate::posting::Posting;
use crate::rounding::{bookable, booked, last_digit, minus};
use crate::shelf::{self, Progress};

/// What is found in an account.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Judgement {
    /// Every difference.
    pub differences: Vec<Difference>,
    /// Postings that wait for their events, with what they add to lines.
    pub pending: Vec<Posting>,
    /// Accepted events wait for a posting that is due.
    pub is_due: bool,
    /// The ERP has not answered everything that it was to hear of.
    pub is_unanswered: bool,
    /// Offset that the aggregator is to come past.
    pub due_offset: Option<i64>,
    /// Offset that the publisher is to come past.
    pub erp_offset: Option<i64>,
}

/// What of a line's base may be posted, as the rule has it.
#[must_use]
pub fn expected(line: &Line) -> Decimal {
    let base = line.base();
    // Where a posting does not say what it holds, a negative net is held by itself.
    if line.held.is_zero() { bookable(base, &line.key.unit) } else { minus(booked(base, &line.key.unit), line.held) }
}

/// Judges an account.
pub fn judge(cx: &mut Context<'_>, account: &Account, progress: Progress) -> Judgement {
    let mut judgement = Judgement::default();
    account.exclusions.iter().for_each(|exclusion| judgement.differences.extend(excluded(exclusion)));
    let order = account.key();
    for id in &account.open_postings {
        let Some(posting) = shelf::posting(cx, &order, id) else { continue };
        of_posting(cx, account, &posting, progress, &mut judgement);
        of_erp(&posting, progress, &mut judgement);
        if posting.state == AccountPostingState::Pending {
            judgement.pending.push(posting);
        }
    }
    for (index, line) in account.lines.iter().enumerate() {
        judgement.differences.extend(of_line(account, index, line));
    }
    if judgement.pending.is_empty() {
        due(cx, account, progress, &mut judgement);
    }
    for stray in &account.strays {
        let Some(class) = Class::named(&stray.class) else { continue };
        judgement.differences.push(Difference {
            class,
            subject: stray.subject.clone(),
            line: None,
            amount: None,
            since: stray.since,
            is_proven: true,
            text: stray.text.clone(),
        });
    }
    for early in &account.early {
        judgement.differences.push(Difference {
            class: if early.topic.starts_with("erp.posting-outcomes") { Class::OutcomeWithoutDocument } else { Class::ErpWithoutPosting },
            subject: format!("record {} of {} for posting {}", early.offset, early.topic, early.posting_id),
            line: None,
            amount: None,
            since: early.time,
            is_proven: false,
            text: "what it was made from has not been read".to_owned(),
        });
    }
    judgement
}

fn excluded(exclusion: &Exclusion) -> Vec<Difference> {
    let difference = |line, amount: Option<Decimal>| Difference {
        class: if exclusion.is_missed { Class::EventNotPosted } else { Class::EventDoubled },
        subject: format!("event {} of {}", exclusion.event_id, exclusion.source),
        line,
        amount: amount.map(|amount| if exclusion.is_missed { amount } else { amount.negated() }),
        since: exclusion.since,
        is_proven: true,
        text: exclusion.text.clone(),
    };
    let moving: Vec<_> = exclusion.effects.iter().filter(|effect| !effect.amount.is_zero()).collect();
    if moving.is_empty() {
        return vec![difference(None, None)];
    }
    moving.into_iter().map(|effect| difference(Some(effect.line), Some(effect.amount))).collect()
}

fn of_posting(cx: &mut Context<'_>, account: &Account, posting: &Posting, progress: Progress, judgement: &mut Judgement) {
    let mut add = |class, is_proven, text: String| {
        let mut effects = posting.effects();
        // One amount is worth showing; of several the lines tell.
        let only = effects.next().filter(|_| effects.next().is_none());
        judgement.differences.push(Difference {
            class,
            subject: format!("posting {}, number {}", posting.posting_id, posting.sequence),
            line: only.map(|effect| effect.line),
            amount: only.map(|effect| effect.amount.negated()),
            since: posting.time,
            is_proven,
            text,
        });
    };
    match posting.state {
        AccountPostingState::Forged => {
            add(Class::PostedWithoutEvent, true, "the events that it says it covers were never accepted, or are covered by other postings".to_owned());
        }
        AccountPostingState::Differs => add(Class::CoverageDiffers, true, "the events in its place are others than it says".to_owned()),
        AccountPostingState::Pending if !posting.has_own_id => {}
        AccountPostingState::Pending => match doubt(cx, account, posting) {
            Doubt::Unread => {
                let text = format!("it covers {} events, made due by {}; not all of them have been read", posting.event_count, posting.caused_by);
                add(Class::PostedWithoutEvent, false, text);
            }
            Doubt::Others(offset) => {
                let is_proven = progress.postings_of_events > offset;
                add(Class::CoverageDiffers, is_proven, "the events in its place are others than it says".to_owned());
                if !is_proven {
                    judgement.due_offset = Some(judgement.due_offset.unwrap_or(0).max(offset + 1));
                }
            }
        },
        AccountPostingState::Matched | AccountPostingState::Unknown => {}
    }
    let mut add = |class, text: String| {
        judgement.differences.push(Difference {
            class,
            subject: format!("posting {}, number {}", posting.posting_id, posting.sequence),
            line: None,
            amount: None,
            since: posting.time,
            is_proven: true,
            text,
        });
    };
    if !posting.has_own_id && posting.state != AccountPostingState::Forged {
        add(Class::PostedWithoutEvent, "its id does not follow from its order, number and coverage: the order aggregator did not make it".to_owned());
    }
    if posting.occurrences > 1 {
        add(Class::PostedTwice, format!("it stands on the topic {} times", posting.occurrences));
    }
}

fn of_erp(posting: &Posting, progress: Progress, judgement: &mut Judgement) {
    for (is_confirmation, passed, name) in [(true, progress.confirmations_of_postings, "confirmations"), (false, progress.movements_of_postings, "goods movements")] {
        let slots = || posting.expected().filter(|slot| slot.is_confirmation() == is_confirmation);
        let missing = slots().filter(|slot| slot.seen == 0).count();
        if missing > 0 {
            let is_proven = passed > posting.offset;
            judgement.differences.push(Difference {
                class: Class::ErpMissing,
                subject: format!("{name} of posting {}, number {}", posting.posting_id, posting.sequence),
                line: None,
                amount: None,
                since: posting.time,
                is_proven,
                text: format!("{missing} of {} are not on the topic", slots().count()),
            });
            if !is_proven {
                judgement.erp_offset = Some(judgement.erp_offset.map_or(posting.offset, |known| known.min(posting.offset)));
            }
        }
    }
    let doubled = posting.expected().filter(|slot| slot.seen > posting.occurrences).count();
    if doubled > 0 {
        judgement.differences.push(Difference {
            class: Class::ErpDoubled,
            subject: format!("ERP records of posting {}, number {}", posting.posting_id, posting.sequence),
            line: None,
            amount: None,
            since: posting.time,
            // The posting itself may stand there twice, and not have been read.
            is_proven: false,
            text: format!("{doubled} of its lines stand on the ERP topics more often than the posting on its own"),
        });
    }
    for slot in posting.expected() {
        judgement.is_unanswered |= slot.status == AccountSlotStatus::Unknown;
        let class = match slot.status {
            AccountSlotStatus::Rejected => Class::ErpRejected,
            AccountSlotStatus::Cancelled => Class::ErpCancelled,
            AccountSlotStatus::InDoubt => Class::ErpInDoubt,
            AccountSlotStatus::Parked => Class::ErpParked,
            AccountSlotStatus::Posted | AccountSlotStatus::Unknown => continue,
        };
        let effect = slot.effects.first().filter(|_| !slot.is_confirmation());
        let what = if slot.is_confirmation() { "confirmation".to_owned() } else { format!("line {}", slot.number) };
        judgement.differences.push(Difference {
            class,
            subject: format!("{what} of posting {}, number {}", posting.posting_id, posting.sequence),
            line: slot.effects.first().map(|effect| effect.line),
            amount: effect.map(|effect| effect.amount),
            since: slot.answered.unwrap_or(posting.time),
            is_proven: true,
            text: slot.text.clone().unwrap_or_else(|| slot.document.clone().unwrap_or_else(|| "the ERP said no more".to_owned())),
        });
    }
}

fn of_line(account: &Account, index: usize, line: &Line) -> Option<Difference> {
    let difference = |class, amount: Decimal, text: String| Difference {
        class,
        subject: line.key.words(),
        line: Some(index),
        amount: Some(amount),
        since: account.as_of,
        is_proven: true,
        text,
    };
    let (base, unit) = (line.base(), &line.key.unit);
    // Nothing can be compared before the first posting covers anything.
    if account.covered > 0 && !line.is_unjudged {
        let off = minus(expected(line), line.matched);
        if !off.is_zero() {
            let near = minus(base, line.matched).abs() < last_digit(unit) && !base.is_negative();
            let class = if near { Class::RemainderTooLarge } else { Class::QuantityDiffers };
            let text = format!("its events come to {base} {unit}, of which {} {unit} may be posted; postings say {} {unit}", expected(line), line.matched);
            return Some(difference(class, off, text));
        }
    }
    if base.is_negative() && line.held.is_zero() {
        return Some(difference(Class::Held, base, format!("the net is negative: {base} {unit}")));
    }
    let reason = line.held_reason.as_deref().filter(|_| !line.held.is_zero())?;
    Some(difference(Class::Held, line.held, reason.to_owned()))
}

/// Whether accepted events wait for a posting that is due.
fn due(cx: &mut Context<'_>, account: &Account, progress: Progress, judgement: &mut Judgement) {
    if !account.is_completed || account.covered >= account.events {
        return;
    }
    let changes = |line: &Line| {
        let missed = |line_index: usize| {
            account
                .exclusions
                .iter()
                .filter(|exclusion| exclusion.is_missed)
                .flat_map(|exclusion| &exclusion.effects)
                .filter(|effect| effect.line == line_index)
                .fold(Decimal::ZERO, |sum, effect| crate::rounding::plus(sum, effect.amount))
        };
        let index = account.lines.iter().position(|known| std::ptr::eq(known, line)).unwrap_or_default();
        let all = minus(crate::rounding::plus(line.net, line.surplus), missed(index));
        bookable(all, &line.key.unit) != bookable(line.base(), &line.key.unit) || (line.is_final && !line.posted_final)
    };
    let never_posted = account.covered == 0;
    let lines: Vec<usize> = account.lines.iter().enumerate().filter(|(_, line)| changes(line)).map(|(index, _)| index).collect();
    if !never_posted && lines.is_empty() {
        return;
    }
    judgement.is_due = true;
    let is_proven = progress.postings_of_events >= account.last_event_offset;
    let order = account.key();
    let first = shelf::step(cx, &order, account.covered + 1).and_then(|(_, id)| shelf::event(cx, &order, id));
    let (subject, since) = first.map_or_else(
        || (format!("event number {}", account.covered + 1), account.last_event_time),
        |event| (format!("event {} of {}", event.event_id, event.source), event.time),
    );
    let text = format!("{} events are accepted, {} of them covered by postings; the order is complete, so a posting of the rest is due", account.events, account.covered);
    let only = if lines.len() == 1 { lines.first() } else { None };
    judgement.differences.push(Difference {
        class: Class::EventNotPosted,
        subject,
        line: only.copied(),
        amount: only.map(|index| minus(account.lines[*index].net, account.lines[*index].covered)),
        since,
        is_proven,
        text,
    });
    if !is_proven {
        judgement.due_offset = Some(judgement.due_offset.unwrap_or(0).max(account.last_event_offset));
    }
}
