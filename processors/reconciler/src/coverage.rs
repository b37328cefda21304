//! Which events a posting covers. A posting says their count and fingerprint; it covers what was accepted since the one before it, in the order of the topic.

use lineside_api::Context;
use lineside_schemas::Decimal;
use lineside_schemas::records::{AccountPostingState, HoldReason};

use crate::account::{Account, Conversion, Effect, Exclusion};
use crate::fingerprint::Fingerprint;
use crate::posting::Posting;
use crate::rounding::plus;
use crate::shelf;

/// What the events say about a posting.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Finding {
    /// Its events have not all been read.
    Later,
    /// It covers exactly the events up to this number.
    Exact(i64),
    /// It covers the events up to this number, but for one.
    Lacks(i64, Fingerprint),
    /// It covers the events up to this number but for the first ones, of which this is the last: a posting before it is missing.
    Behind(i64, i64),
    /// It covers the events up to this number, and one of them again.
    Again(i64, Fingerprint),
    /// It covers an event that an earlier posting should have covered, and those up to this number.
    Late(i64, Fingerprint),
    /// It covers other events than those up to this number.
    Other(i64),
    /// It covers nothing that was accepted.
    Nothing,
}

/// Looks for the events of every posting that waits for them.
pub fn find(cx: &mut Context<'_>, account: &mut Account) {
    let order = account.key();
    let mut doubtful: Vec<Posting> = Vec::new();
    for id in account.open_postings.clone() {
        let Some(mut posting) = shelf::posting(cx, &order, &id) else { continue };
        if posting.state != AccountPostingState::Pending {
            continue;
        }
        let found = finding(cx, account, &posting);
        let state = match found {
            Finding::Later | Finding::Other(_) | Finding::Nothing => {
                doubtful.push(posting);
                continue;
            }
            Finding::Exact(_) | Finding::Lacks(..) | Finding::Behind(..) | Finding::Again(..) | Finding::Late(..) => AccountPostingState::Matched,
        };
        // Those before it that could not be placed: where it begins after what was covered, they stand for what lies between; else for nothing.
        let stand_for_events = matches!(found, Finding::Behind(..)) && !doubtful.is_empty();
        settle_doubts(cx, account, &order, &mut doubtful, stand_for_events);
        cover(cx, account, &order, found, stand_for_events);
        posting.state = state;
        note_matched(cx, account, &posting);
        shelf::put_posting(cx, &order, &posting);
    }
    // What covers nothing at all is told apart at once. The others wait: a later posting shows whether they stand for events.
    for mut posting in doubtful {
        if finding(cx, account, &posting) == Finding::Nothing {
            posting.state = AccountPostingState::Forged;
            shelf::put_posting(cx, &order, &posting);
        }
    }
}

/// Why a posting still waits for its events.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Doubt {
    /// They have not all been read.
    Unread,
    /// They have, and are others than it says. The offset is that of the event that made it due: nothing else can come once the aggregator is past it.
    Others(i64),
}

/// Why that posting waits.
pub fn doubt(cx: &mut Context<'_>, account: &Account, posting: &Posting) -> Doubt {
    match finding(cx, account, posting) {
        Finding::Other(_) => cause(cx, account, posting).map_or(Doubt::Unread, |event| Doubt::Others(event.offset)),
        _ => Doubt::Unread,
    }
}

/// The event that made the posting due, if it is one of the order's.
fn cause(cx: &mut Context<'_>, account: &Account, posting: &Posting) -> Option<shelf::Event> {
    let order = account.key();
    account.sources.iter().find_map(|source| shelf::event(cx, &order, Fingerprint::of_event(source, &posting.caused_by)))
}

fn settle_doubts(cx: &mut Context<'_>, account: &mut Account, order: &str, doubtful: &mut Vec<Posting>, stand_for_events: bool) {
    for mut posting in doubtful.drain(..) {
        posting.state = if stand_for_events { AccountPostingState::Differs } else { AccountPostingState::Forged };
        if stand_for_events {
            for effect in posting.effects() {
                if let Some(line) = account.lines.get_mut(effect.line) {
                    line.is_unjudged = true;
                }
            }
        }
        shelf::put_posting(cx, order, &posting);
    }
}

/// The lines that the posting speaks of can be compared from now on.
fn note_matched(cx: &mut Context<'_>, account: &mut Account, posting: &Posting) {
    for effect in posting.effects() {
        if let Some(line) = account.lines.get_mut(effect.line) {
            line.matched = plus(line.matched, effect.amount);
        }
    }
    account.rule_version = Some(posting.rule_version.clone());
    for conversion in &posting.conversions {
        let alike = |known: &Conversion| (&known.item, &known.unit, &known.counted_unit) == (&conversion.item, &conversion.unit, &conversion.counted_unit);
        account.conversions.retain(|known| !alike(known));
        account.conversions.push(conversion.clone());
    }
    let all_covered = account.covered == account.events;
    for line in &mut account.lines {
        line.posted_final |= all_covered && line.finals > 0;
        (line.held, line.booked, line.held_reason) = (Decimal::ZERO, Decimal::ZERO, None);
    }
    for hold in &posting.held {
        if let Some(line) = account.lines.get_mut(hold.effect.line) {
            let sum = if hold.reason == HoldReason::BookedInErp.symbol() { &mut line.booked } else { &mut line.held };
            *sum = plus(*sum, hold.effect.amount);
            line.held_reason = Some(hold.reason.clone());
        }
    }
    // The aggregator made it because of an event that it had come to, so it is past that in this partition.
    if let Some(cause) = cause(cx, account, posting) {
        shelf::advance(cx, |progress| progress.postings_of_events = progress.postings_of_events.max(cause.offset));
    }
}

fn finding(cx: &mut Context<'_>, account: &Account, posting: &Posting) -> Finding {
    let order = account.key();
    let covered = account.covered;
    let upto = |cx: &mut Context<'_>, number: i64| {
        if number == covered { Some(account.covered_fingerprint) } else { shelf::step(cx, &order, number).map(|(fingerprint, _)| fingerprint) }
    };
    let (count, claimed) = (posting.event_count, posting.fingerprint);
    let target = covered.saturating_add(count.max(0));
    if count > 0 && target <= account.events && upto(cx, target).is_some_and(|all| all.without(account.covered_fingerprint) == claimed) {
        return Finding::Exact(target);
    }
    let Some(last) = cause(cx, account, posting).map(|event| event.number) else { return Finding::Later };
    let last = last.max(covered);
    let Some(all) = upto(cx, last) else { return Finding::Nothing };
    let (between, read) = (last - covered, all.without(account.covered_fingerprint));
    let missed = |fingerprint: Fingerprint| account.exclusions.iter().any(|exclusion| exclusion.is_missed && exclusion.fingerprint == fingerprint);
    if count == between + 1 {
        let extra = claimed.without(read);
        if missed(extra) {
            return Finding::Late(last, extra);
        }
        if shelf::event(cx, &order, extra).is_some_and(|event| event.number <= last) {
            return Finding::Again(last, extra);
        }
    }
    if between > 0 && count == between - 1 {
        let lacking = read.without(claimed);
        if shelf::event(cx, &order, lacking).is_some_and(|event| event.number > covered && event.number <= last) {
            return Finding::Lacks(last, lacking);
        }
    }
    if count > 0 && count < between {
        let before = last - count;
        if upto(cx, before).is_some_and(|before| all.without(before) == claimed) {
            return Finding::Behind(last, before);
        }
    }
    if between > 0 && count > 0 { Finding::Other(last) } else { Finding::Nothing }
}

/// Moves the coverage on, and keeps what is not as it should be.
fn cover(cx: &mut Context<'_>, account: &mut Account, order: &str, found: Finding, stand_for_events: bool) {
    let (last, lacking) = match found {
        Finding::Exact(last) => (last, None),
        Finding::Lacks(last, lacking) => (last, Some(lacking)),
        Finding::Behind(last, before) => {
            let first = account.covered + 1;
            if stand_for_events {
                run(cx, account, order, before, None);
            } else {
                for number in first..=before {
                    miss(cx, account, order, number, Missed::WithItsPosting);
                }
                skip(cx, account, order, before);
            }
            (last, None)
        }
        Finding::Again(last, again) => {
            if let Some(event) = shelf::event(cx, order, again) {
                double(account, &event, again, Twice::InPostings);
            }
            (last, None)
        }
        Finding::Late(last, late) => {
            if let Some(index) = account.exclusions.iter().position(|exclusion| exclusion.is_missed && exclusion.fingerprint == late) {
                let exclusion = account.exclusions.remove(index);
                apply_covered(account, &exclusion.effects);
            }
            (last, None)
        }
        Finding::Other(_) | Finding::Later | Finding::Nothing => return,
    };
    run(cx, account, order, last, lacking);
}

/// The events up to `last` are covered, but for one.
fn run(cx: &mut Context<'_>, account: &mut Account, order: &str, last: i64, lacking: Option<Fingerprint>) {
    for number in account.covered + 1..=last {
        let Some((fingerprint, id)) = shelf::step(cx, order, number) else { continue };
        if lacking == Some(id) {
            miss(cx, account, order, number, Missed::Alone);
        } else if let Some(event) = shelf::event(cx, order, id) {
            apply_covered(account, &event.done);
        }
        account.covered_fingerprint = fingerprint;
        shelf::forget_step(cx, order, number);
    }
    account.covered = account.covered.max(last);
}

/// The events up to `last` are passed over.
fn skip(cx: &mut Context<'_>, account: &mut Account, order: &str, last: i64) {
    for number in account.covered + 1..=last {
        if let Some((fingerprint, _)) = shelf::step(cx, order, number) {
            account.covered_fingerprint = fingerprint;
        }
        shelf::forget_step(cx, order, number);
    }
    account.covered = account.covered.max(last);
}

fn apply_covered(account: &mut Account, effects: &[Effect]) {
    for effect in effects {
        if let Some(line) = account.lines.get_mut(effect.line) {
            line.covered = plus(line.covered, effect.amount);
        }
    }
}

/// How an event came not to be covered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Missed {
    /// It alone.
    Alone,
    /// Its posting is missing altogether.
    WithItsPosting,
}

fn miss(cx: &mut Context<'_>, account: &mut Account, order: &str, number: i64, missed: Missed) {
    let Some((_, id)) = shelf::step(cx, order, number) else { return };
    let Some(event) = shelf::event(cx, order, id) else { return };
    // Where a whole posting is missing, later ones were rounded with it in mind.
    if missed == Missed::WithItsPosting {
        for effect in &event.done {
            if let Some(line) = account.lines.get_mut(effect.line) {
                line.is_unjudged = true;
            }
        }
    }
    account.exclusions.push(Exclusion {
        event_id: event.event_id,
        source: event.source,
        number,
        fingerprint: id,
        since: event.time,
        is_missed: true,
        text: match missed {
            Missed::Alone => "a posting covers the events around it, and not this one",
            Missed::WithItsPosting => "the posting that should cover it is missing: a later one begins behind it",
        }
        .to_owned(),
        effects: event.done,
    });
}

/// Where an event counts twice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Twice {
    /// On the canonical topic.
    OnTheTopic,
    /// In the coverage of postings.
    InPostings,
}

/// An event counts twice somewhere. What it does a second time is no part of the net.
pub fn double(account: &mut Account, event: &shelf::Event, fingerprint: Fingerprint, twice: Twice) {
    let (text, effects) = match twice {
        Twice::OnTheTopic => ("it stands on the canonical topic a second time", Vec::new()),
        Twice::InPostings => ("a posting covers it a second time", event.done.clone()),
    };
    for effect in &effects {
        if let Some(line) = account.lines.get_mut(effect.line) {
            line.surplus = plus(line.surplus, effect.amount);
        }
    }
    match account.exclusions.iter_mut().find(|known| !known.is_missed && known.fingerprint == fingerprint) {
        Some(known) if twice == Twice::InPostings => {
            text.clone_into(&mut known.text);
            known.effects = effects;
        }
        Some(_) => {}
        None => account.exclusions.push(Exclusion {
            event_id: event.event_id.clone(),
            source: event.source.clone(),
            number: event.number,
            fingerprint,
            since: event.time,
            is_missed: false,
            text: text.to_owned(),
            effects,
        }),
    }
}
