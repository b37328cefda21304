//! What is kept beside the accounts: each event, each step of the coverage, each posting and each reason to look at an order again has a key of its own, so that
//! an order's account stays small however many events it has.

use lineside_api::Context;
use lineside_schemas::Timestamp;
use lineside_schemas::records::{AccountEntry, AccountEvent, AccountEventKind, AccountProgress, AccountStep};
use lineside_topology::processors::{ACCOUNT_ENTRIES, ACCOUNTS};

use crate::account::{Account, Effect};
use crate::fingerprint::Fingerprint;
use crate::posting::Posting;

/// An accepted event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// Number within the order, from 1.
    pub number: i64,
    /// Offset in the canonical topic.
    pub offset: i64,
    /// Source.
    pub source: String,
    /// Identity within the source.
    pub event_id: String,
    /// When it was appended.
    pub time: Timestamp,
    /// What it is to a reversal.
    pub kind: AccountEventKind,
    /// It counts: nothing undoes it.
    pub counts: bool,
    /// Event that it names, where it is a reversal.
    pub reverses: Option<String>,
    /// Reversal that names it.
    pub reversed_by: Option<String>,
    /// It may undo a reversal.
    pub reinstates: bool,
    /// It finally confirms its operation.
    pub is_final: bool,
    /// What it says, on which lines.
    pub effects: Vec<Effect>,
    /// What it did to the lines when it came.
    pub done: Vec<Effect>,
}

impl Event {
    /// A place for an event that a reversal named before it was seen.
    #[must_use]
    pub fn not_seen(source: &str, event_id: &str) -> Self {
        Self {
            number: 0,
            offset: 0,
            source: source.to_owned(),
            event_id: event_id.to_owned(),
            time: Timestamp::EPOCH,
            kind: AccountEventKind::NotSeen,
            counts: false,
            reverses: None,
            reversed_by: None,
            reinstates: false,
            is_final: false,
            effects: Vec::new(),
            done: Vec::new(),
        }
    }

    /// True if it is a reversal of events of that kind.
    #[must_use]
    pub fn undoes(&self, kind: AccountEventKind) -> bool {
        Self::undoes_kind(self.kind, self.reinstates, kind)
    }

    /// True if a reversal undoes events of a kind: those of its own, and reversals of its own where its rule says so.
    #[must_use]
    pub fn undoes_kind(by: AccountEventKind, reinstates: bool, kind: AccountEventKind) -> bool {
        use AccountEventKind::{Confirmation, ConfirmationReversal, Consumption, ConsumptionReversal, Product, ProductReversal};
        match (by, kind) {
            (ConsumptionReversal, Consumption) | (ProductReversal, Product) | (ConfirmationReversal, Confirmation) => true,
            (ConsumptionReversal | ProductReversal | ConfirmationReversal, _) => by == kind && reinstates,
            _ => false,
        }
    }
}

/// How far the processors before are known to have come in a partition.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// Every posting due by events up to this offset is on the topic; -1 before the first.
    pub postings_of_events: i64,
    /// Every confirmation of postings below this offset is on the topic.
    pub confirmations_of_postings: i64,
    /// The same of goods movements.
    pub movements_of_postings: i64,
}

impl Progress {
    const NONE: Self = Self { postings_of_events: -1, confirmations_of_postings: 0, movements_of_postings: 0 };
}

/// The account of an order, if there is one.
pub fn account(cx: &mut Context<'_>, key: &str) -> Option<Account> {
    cx.get(ACCOUNTS, key).map(|record| Account::of(&record))
}

/// Keeps an account.
pub fn put_account(cx: &mut Context<'_>, account: &Account) {
    cx.put(ACCOUNTS, &account.key(), &account.record());
}

fn event_key(order: &str, fingerprint: Fingerprint) -> String {
    format!("e/{order}#{}", fingerprint.to_hex())
}

/// An event of the order, by the fingerprint of its id.
pub fn event(cx: &mut Context<'_>, order: &str, fingerprint: Fingerprint) -> Option<Event> {
    remembered(cx, order, fingerprint).filter(|event| event.kind != AccountEventKind::NotSeen)
}

/// An event of the order, or the place for one.
pub fn remembered(cx: &mut Context<'_>, order: &str, fingerprint: Fingerprint) -> Option<Event> {
    let entry = cx.get(ACCOUNT_ENTRIES, &event_key(order, fingerprint))?;
    entry.event.as_ref().map(|event| Event {
        number: event.number,
        offset: event.offset,
        source: event.source.to_owned(),
        event_id: event.event_id.to_owned(),
        time: event.time,
        kind: event.kind,
        counts: event.counts,
        reverses: event.reverses.map(str::to_owned),
        reversed_by: event.reversed_by.map(str::to_owned),
        reinstates: event.reinstates,
        is_final: event.is_final,
        effects: event.effects.iter().map(Effect::of).collect(),
        done: event.done.iter().map(Effect::of).collect(),
    })
}

/// Keeps an event.
pub fn put_event(cx: &mut Context<'_>, order: &str, event: &Event) {
    let record = AccountEvent {
        number: event.number,
        offset: event.offset,
        source: &event.source,
        event_id: &event.event_id,
        time: event.time,
        kind: event.kind,
        counts: event.counts,
        reverses: event.reverses.as_deref(),
        reversed_by: event.reversed_by.as_deref(),
        reinstates: event.reinstates,
        is_final: event.is_final,
        effects: event.effects.iter().map(Effect::record).collect(),
        done: event.done.iter().map(Effect::record).collect(),
    };
    let key = event_key(order, Fingerprint::of_event(&event.source, &event.event_id));
    cx.put(ACCOUNT_ENTRIES, &key, &AccountEntry { event: Some(record), ..AccountEntry::default() });
}

fn step_key(order: &str, number: i64) -> String {
    format!("s/{order}#{number}")
}

/// The fingerprint of the first so many events, and that of the last of them.
pub fn step(cx: &mut Context<'_>, order: &str, number: i64) -> Option<(Fingerprint, Fingerprint)> {
    let entry = cx.get(ACCOUNT_ENTRIES, &step_key(order, number))?;
    let step = entry.step.as_ref()?;
    Some((Fingerprint::from_halves(step.fingerprint_high, step.fingerprint_low), Fingerprint::from_hex(step.id)?))
}

/// Keeps a step.
pub fn put_step(cx: &mut Context<'_>, order: &str, number: i64, fingerprint: Fingerprint, event: Fingerprint) {
    let (fingerprint_high, fingerprint_low) = fingerprint.halves();
    let id = event.to_hex();
    let record = AccountStep { fingerprint_high, fingerprint_low, id: &id };
    cx.put(ACCOUNT_ENTRIES, &step_key(order, number), &AccountEntry { step: Some(record), ..AccountEntry::default() });
}

/// Forgets a step: a posting covers it.
pub fn forget_step(cx: &mut Context<'_>, order: &str, number: i64) {
    cx.delete(ACCOUNT_ENTRIES, &step_key(order, number));
}

fn posting_key(order: &str, posting_id: &str) -> String {
    format!("p/{order}#{posting_id}")
}

/// A posting of the order.
pub fn posting(cx: &mut Context<'_>, order: &str, posting_id: &str) -> Option<Posting> {
    let entry = cx.get(ACCOUNT_ENTRIES, &posting_key(order, posting_id))?;
    entry.posting.as_ref().map(Posting::of)
}

/// Keeps a posting.
pub fn put_posting(cx: &mut Context<'_>, order: &str, posting: &Posting) {
    let entry = AccountEntry { posting: Some(posting.record()), ..AccountEntry::default() };
    cx.put(ACCOUNT_ENTRIES, &posting_key(order, &posting.posting_id), &entry);
}

const PROGRESS_KEY: &str = "progress";

/// The progress of the partition.
pub fn progress(cx: &mut Context<'_>) -> Progress {
    let entry = cx.get(ACCOUNT_ENTRIES, PROGRESS_KEY);
    entry.as_ref().and_then(|entry| entry.progress.as_ref()).map_or(Progress::NONE, |progress| Progress {
        postings_of_events: progress.postings_of_events,
        confirmations_of_postings: progress.confirmations_of_postings,
        movements_of_postings: progress.movements_of_postings,
    })
}

/// Moves the progress on.
pub fn advance(cx: &mut Context<'_>, change: impl FnOnce(&mut Progress)) {
    let before = progress(cx);
    let mut after = before;
    change(&mut after);
    if after != before {
        let record = AccountProgress {
            postings_of_events: after.postings_of_events,
            confirmations_of_postings: after.confirmations_of_postings,
            movements_of_postings: after.movements_of_postings,
            partition: 0,
        };
        cx.put(ACCOUNT_ENTRIES, PROGRESS_KEY, &AccountEntry { progress: Some(record), ..AccountEntry::default() });
    }
}

/// A list of orders to look at again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum List {
    /// By the offset of their last event: the aggregator is to come past it.
    Due,
    /// By the offset of their posting: the publisher is to come past it.
    Erp,
    /// By time.
    Timer,
}

impl List {
    const fn prefix(self) -> &'static str {
        match self {
            Self::Due => "c/",
            Self::Erp => "f/",
            Self::Timer => "t/",
        }
    }

    fn key(self, at: i64, order: &str) -> String {
        format!("{}{:020}/{order}", self.prefix(), at.max(0))
    }
}

/// Moves an order in a list, or takes it out.
pub fn list(cx: &mut Context<'_>, list: List, order: &str, before: Option<i64>, after: Option<i64>) {
    if before == after {
        return;
    }
    if let Some(before) = before {
        cx.delete(ACCOUNT_ENTRIES, &list.key(before, order));
    }
    if let Some(after) = after {
        cx.put(ACCOUNT_ENTRIES, &list.key(after, order), &AccountEntry { order: Some(order), ..AccountEntry::default() });
    }
}

/// Orders listed at or before `until`, at most `limit`.
pub fn listed(cx: &mut Context<'_>, list: List, until: i64, limit: usize) -> Vec<String> {
    let (mut from, end) = (list.prefix().to_owned(), format!("{}{:020}0", list.prefix(), until.max(0)));
    let mut orders = Vec::new();
    while orders.len() < limit {
        let Some((key, order)) = cx.first_from(ACCOUNT_ENTRIES, &from).map(|(key, entry)| (key, entry.order.map(str::to_owned))) else { break };
        // `/` sorts before `0`, so the end is behind every key of that offset.
        if !key.starts_with(list.prefix()) || key >= end {
            break;
        }
        from = key + "\0";
        orders.extend(order);
    }
    orders
}

/// Forgets everything of an order but its account; at most `limit` entries. Gives false if more is left.
pub fn forget(cx: &mut Context<'_>, order: &str, limit: usize) -> bool {
    let mut left = limit;
    for kind in ["e", "p", "s"] {
        let prefix = format!("{kind}/{order}#");
        while let Some(key) = cx.first_from(ACCOUNT_ENTRIES, &prefix).map(|(key, _)| key).filter(|key| key.starts_with(&prefix)) {
            if left == 0 {
                return false;
            }
            left -= 1;
            cx.delete(ACCOUNT_ENTRIES, &key);
        }
    }
    true
}
