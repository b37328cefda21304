//! What happens at the end of a batch: the orders that it touched, and those whose time has come, are judged, and their books published where they changed.

use std::collections::BTreeSet;

use lineside_api::{Context, Timestamp};
use lineside_schemas::records::Books;
use lineside_topology::processors::{ACCOUNTS, PUBLISHED_BOOKS};
use lineside_topology::topics::BOOKS;

use crate::account::Account;
use crate::books::{self, Parts};
use crate::fold::Folded;
use crate::judge::{Measure, judge};
use crate::levels;
use crate::processor::{GAPS_RAISED, PUBLISHED, Reconciler};
use crate::shelf::{self, List, Progress};
use crate::totals;

/// Orders that one call looks at beyond those that the batch touched; the others come with the next.
const LISTED_MAX: usize = 500;
const DAY_MICROS: i64 = 86_400_000_000;
/// Levels are shown so often at most.
const LEVELS_MICROS: i64 = 2_000_000;
/// Entries that one call forgets of an order that expires.
const FORGET_MAX: usize = 20_000;

pub(crate) fn look(reconciler: &mut Reconciler, now: Timestamp, cx: &mut Context<'_>) {
    let partition = cx.partition();
    let mut orders = reconciler.touched.remove(&partition).unwrap_or_default();
    let progress = shelf::progress(cx);
    for (list, until) in
        [(List::Due, progress.postings_of_events), (List::Erp, progress.confirmations_of_postings.min(progress.movements_of_postings) - 1), (List::Timer, now.micros())]
    {
        if until >= 0 {
            orders.extend(shelf::listed(cx, list, until, LISTED_MAX).into_iter().collect::<BTreeSet<_>>());
        }
    }
    for order in orders {
        let Some(mut account) = shelf::account(cx, &order) else { continue };
        look_at(reconciler, &mut account, partition, progress, now, cx);
    }
    let shown = reconciler.shown.entry(partition).or_insert(Timestamp::MIN);
    if now >= shown.saturating_add_micros(LEVELS_MICROS) {
        *shown = now;
        levels::show(cx);
    }
}

fn look_at(reconciler: &Reconciler, account: &mut Account, partition: i32, progress: Progress, now: Timestamp, cx: &mut Context<'_>) {
    let order = account.key();
    settle(cx, account, &order);
    let folded = Folded::of(account);
    let judgement = judge(cx, account, &folded, Measure { progress, rules: &reconciler.rules });
    let shown = books::noticed(account, judgement.differences.clone(), now, reconciler.overdue_micros);
    raise(account, &shown, cx);
    let unproven = shown.iter().filter(|shown| !shown.stands()).map(|shown| shown.noticed.saturating_add_micros(reconciler.overdue_micros));
    // At the end of a day, so that not every record moves the timer.
    let expires = account.as_of.micros().saturating_add(reconciler.expire_micros).div_euclid(DAY_MICROS).saturating_add(1).saturating_mul(DAY_MICROS);
    let expires = Timestamp::from_micros(expires);
    if shown.is_empty() && expires <= now {
        expire(cx, account, partition, &order);
        return;
    }
    let timer = unproven.min().or_else(|| shown.is_empty().then_some(expires)).map(|time| time.micros());
    for (list, before, after) in
        [(List::Due, account.due_offset, judgement.due_offset), (List::Erp, account.erp_offset, judgement.erp_offset), (List::Timer, account.timer, timer)]
    {
        shelf::list(cx, list, &order, before, after);
    }
    (account.due_offset, account.erp_offset, account.timer) = (judgement.due_offset, judgement.erp_offset, timer);
    shelf::put_account(cx, account);
    let order_of_lines = books::sorted(&folded);
    let rounding = reconciler.rules.rounding(account);
    let record = books::books(Parts { account, folded: &folded, rounding, judgement: &judgement, shown: &shown, order: &order_of_lines });
    publish(cx, partition, &order, &record);
}

/// Postings of which nothing more is to come are no longer looked at.
fn settle(cx: &mut Context<'_>, account: &mut Account, order: &str) {
    let open = std::mem::take(&mut account.open_postings);
    account.open_postings = open.into_iter().filter(|id| shelf::posting(cx, order, id).is_some_and(|posting| !posting.is_settled())).collect();
}

/// Says so in the log, once for each gap.
fn raise(account: &mut Account, shown: &[books::Shown], cx: &mut Context<'_>) {
    for shown in shown.iter().filter(|shown| shown.stands() && !shown.difference.class.only_waits()) {
        let difference = &shown.difference;
        let Some(notice) = account.noticed.iter_mut().find(|notice| notice.class == difference.class.name() && notice.subject == difference.subject) else { continue };
        if notice.is_logged {
            continue;
        }
        notice.is_logged = true;
        cx.count(GAPS_RAISED);
        tracing::warn!(
            class = difference.class.name(),
            plant = account.plant,
            order = account.order,
            correlation_id = account.correlation_id,
            subject = difference.subject,
            amount = difference.amount.map(|amount| amount.to_string()),
            overdue = shown.is_overdue,
            "a gap in the books: {}",
            difference.text
        );
    }
}

/// A record as it was published last.
fn published(cx: &mut Context<'_>, order: &str) -> Option<Vec<u8>> {
    let codec = cx.codec();
    let books = cx.get(PUBLISHED_BOOKS, order)?;
    let mut bytes = Vec::new();
    codec.encode::<lineside_schemas::contract::Books>(BOOKS.name(), &books, &mut bytes).ok().map(|()| bytes)
}

fn publish(cx: &mut Context<'_>, partition: i32, order: &str, books: &Books<'_>) {
    let codec = cx.codec();
    let before_bytes = published(cx, order);
    let before = before_bytes.as_ref().and_then(|bytes| codec.decode::<lineside_schemas::contract::Books>(bytes).ok());
    if before.as_ref() == Some(books) {
        return;
    }
    totals::change(cx, books.plant, partition, before.as_ref(), Some(books));
    levels::index(cx, before.as_ref(), Some(books));
    cx.put(PUBLISHED_BOOKS, order, books);
    cx.send(BOOKS, order, books);
    cx.count(PUBLISHED);
}

/// Nothing differs, and nothing has come for long: the order goes, its part of the sums with it.
fn expire(cx: &mut Context<'_>, account: &Account, partition: i32, order: &str) {
    if !shelf::forget(cx, order, FORGET_MAX) {
        // The rest goes with the next look: it stays listed.
        return;
    }
    for (list, before) in [(List::Due, account.due_offset), (List::Erp, account.erp_offset), (List::Timer, account.timer)] {
        shelf::list(cx, list, order, before, None);
    }
    let codec = cx.codec();
    let before_bytes = published(cx, order);
    let before = before_bytes.as_ref().and_then(|bytes| codec.decode::<lineside_schemas::contract::Books>(bytes).ok());
    totals::change(cx, &account.plant, partition, before.as_ref(), None);
    levels::index(cx, before.as_ref(), None);
    cx.delete(PUBLISHED_BOOKS, order);
    cx.delete(ACCOUNTS, order);
    cx.send_tombstone(BOOKS, order);
}
