//! Every difference in the books of an order, by class: a pure reading of its account.

use lineside_api::Context;
use lineside_posting_rules::{Rounding, Rule};
use lineside_schemas::Decimal;
use lineside_schemas::records::{AccountPostingState, AccountSlotStatus, LateEventAction, WatermarkKind};

use crate::account::{Account, Exclusion, Kind, Line};
use crate::coverage::{Doubt, doubt};
use crate::difference::{Class, Difference};
use crate::fold::Folded;
use crate::posting::Posting;
use crate::rounding::{Exact, last_digit, minus};
use crate::rules::Rules;
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

/// By what an account is judged.
#[derive(Debug, Clone, Copy)]
pub struct Measure<'m> {
    /// How far the processors before are known to have come.
    pub progress: Progress,
    /// Rules.
    pub rules: &'m Rules,
}

/// What of a line may be posted: rounded, less what a rule holds. Where a posting does not say what it holds, a negative net is held by itself.
#[must_use]
pub fn expected(line: &Line, base: Exact, rounding: &Rounding) -> Decimal {
    if line.held.is_zero() && base.is_negative() { Decimal::ZERO } else { minus(base.booked(rounding, &line.key.unit), line.held) }
}

/// Judges an account, whose lines are folded so.
pub fn judge(cx: &mut Context<'_>, account: &Account, folded: &Folded, measure: Measure<'_>) -> Judgement {
    let Measure { progress, rules } = measure;
    let mut judgement = Judgement::default();
    account.exclusions.iter().for_each(|exclusion| judgement.differences.extend(excluded(exclusion, folded)));
    let order = account.key();
    for id in &account.open_postings {
        let Some(posting) = shelf::posting(cx, &order, id) else { continue };
        of_posting(cx, account, &posting, folded, progress, &mut judgement);
        of_erp(&posting, folded, progress, &mut judgement);
        if posting.state == AccountPostingState::Pending {
            judgement.pending.push(posting);
        }
    }
    let rounding = rules.rounding(account);
    for (index, line) in folded.lines.iter().enumerate() {
        judgement.differences.extend(of_line(account, index, line, folded.bases[index], rounding));
    }
    if judgement.pending.is_empty() && is_due_at_once(account, rules) {
        due(cx, account, folded, measure, &mut judgement);
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

fn excluded(exclusion: &Exclusion, folded: &Folded) -> Vec<Difference> {
    let difference = |line, amount: Option<Decimal>| Difference {
        class: if exclusion.is_missed { Class::EventNotPosted } else { Class::EventDoubled },
        subject: format!("event {} of {}", exclusion.event_id, exclusion.source),
        line,
        amount: amount.map(|amount| if exclusion.is_missed { amount } else { amount.negated() }),
        since: exclusion.since,
        is_proven: true,
        text: exclusion.text.clone(),
    };
    let moving: Vec<_> = exclusion.effects.iter().filter_map(|effect| folded.effect(*effect)).filter(|effect| !effect.amount.is_zero()).collect();
    if moving.is_empty() {
        return vec![difference(None, None)];
    }
    moving.into_iter().map(|effect| difference(Some(effect.line), Some(effect.amount))).collect()
}

fn of_posting(cx: &mut Context<'_>, account: &Account, posting: &Posting, folded: &Folded, progress: Progress, judgement: &mut Judgement) {
    let mut add = |class, is_proven, text: String| {
        let mut effects = posting.effects().filter_map(|effect| folded.effect(effect));
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

fn of_erp(posting: &Posting, folded: &Folded, progress: Progress, judgement: &mut Judgement) {
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
        let effect = slot.effects.first().and_then(|effect| folded.effect(*effect));
        let what = if slot.is_confirmation() { "confirmation".to_owned() } else { format!("line {}", slot.number) };
        judgement.differences.push(Difference {
            class,
            subject: format!("{what} of posting {}, number {}", posting.posting_id, posting.sequence),
            line: effect.map(|effect| effect.line),
            amount: effect.filter(|_| !slot.is_confirmation()).map(|effect| effect.amount),
            since: slot.answered.unwrap_or(posting.time),
            is_proven: true,
            text: slot.text.clone().unwrap_or_else(|| slot.document.clone().unwrap_or_else(|| "the ERP said no more".to_owned())),
        });
    }
}

fn of_line(account: &Account, index: usize, line: &Line, base: Exact, rounding: &Rounding) -> Option<Difference> {
    let difference = |class, amount: Decimal, text: String| Difference {
        class,
        subject: line.key.words(),
        line: Some(index),
        amount: Some(amount),
        since: account.as_of,
        is_proven: true,
        text,
    };
    let (unit, amount) = (&line.key.unit, base.nine_digits());
    // Nothing can be compared before the first posting covers anything.
    if account.covered > 0 && !line.is_unjudged {
        let may = expected(line, base, rounding);
        let off = minus(may, line.matched);
        let near = minus(minus(amount, line.held), line.matched).abs() < last_digit(rounding, unit);
        // Scrap reported apart is rounded by its reasons, which books do not tell apart.
        let is_parts = matches!(line.key.kind, Kind::Scrap | Kind::ScrapOfStock) && near;
        if !off.is_zero() && !is_parts {
            let class = if near { Class::RemainderTooLarge } else { Class::QuantityDiffers };
            let text = format!("its events come to {amount} {unit}, of which {may} {unit} may be posted; postings say {} {unit}", line.matched);
            return Some(difference(class, off, text));
        }
    }
    if base.is_negative() && line.held.is_zero() {
        return Some(difference(Class::Held, amount, format!("the net is negative: {amount} {unit}")));
    }
    let reason = line.held_reason.as_deref().filter(|_| !line.held.is_zero())?;
    Some(difference(Class::Held, line.held, reason.to_owned()))
}

/// Whether the rule in force has a posting follow at once on the end of the order and on what comes late. Where it waits for sources, for a count or for a time, nothing
/// but a later posting proves that one is missing.
fn is_due_at_once(account: &Account, rules: &Rules) -> bool {
    let ends = [account.completed_at, account.cancelled_at].into_iter().flatten().max();
    let stands = ends.is_some_and(|end| account.released_at.is_none_or(|released| released <= end));
    let at_once = |rule: &Rule| rule.late == LateEventAction::Delta && matches!(rule.completeness.watermark, WatermarkKind::None | WatermarkKind::Unknown);
    stands && ends.and_then(|end| rules.in_force(account, end)).is_some_and(at_once)
}

/// Whether accepted events wait for a posting that is due.
fn due(cx: &mut Context<'_>, account: &Account, folded: &Folded, measure: Measure<'_>, judgement: &mut Judgement) {
    if account.covered >= account.events {
        return;
    }
    let rounding = measure.rules.rounding(account);
    let changes = |index: &usize| {
        let (line, unit) = (&folded.lines[*index], &folded.lines[*index].key.unit);
        let held = |exact: Exact| if exact.is_negative() { Decimal::ZERO } else { exact.booked(rounding, unit) };
        // What a rule holds of a line may be all that changed, so a line of which something is held proves nothing.
        let amount = line.held.is_zero() && line.booked.is_zero() && held(folded.alls[*index]) != held(folded.bases[*index]);
        amount || (line.finals > 0 && !line.posted_final && line.held_reason.is_none())
    };
    let lines: Vec<usize> = (0..folded.lines.len()).filter(changes).collect();
    // The end of an order is posted, whatever there is to book.
    if account.covered > 0 && lines.is_empty() {
        return;
    }
    judgement.is_due = true;
    let is_proven = measure.progress.postings_of_events >= account.last_event_offset;
    let order = account.key();
    let first = shelf::step(cx, &order, account.covered + 1).and_then(|(_, id)| shelf::event(cx, &order, id));
    let (subject, since) = first.map_or_else(
        || (format!("event number {}", account.covered + 1), account.last_event_time),
        |event| (format!("event {} of {}", event.event_id, event.source), event.time),
    );
    let text = format!("{} events are accepted, {} of them covered by postings; the order has ended, so a posting of the rest is due", account.events, account.covered);
    let only = if lines.len() == 1 { lines.first() } else { None };
    judgement.differences.push(Difference {
        class: Class::EventNotPosted,
        subject,
        line: only.copied(),
        amount: only.map(|index| minus(folded.lines[*index].net, folded.lines[*index].covered)),
        since,
        is_proven,
        text,
    });
    if !is_proven {
        judgement.due_offset = Some(judgement.due_offset.unwrap_or(0).max(account.last_event_offset));
    }
}
