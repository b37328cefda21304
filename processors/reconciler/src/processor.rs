//! The processor: takes each record into the account of its order. What it means is looked at when the batch ends: [`crate::look`].

use std::collections::{BTreeMap, BTreeSet};

use lineside_api::{Context, Processor, RawRecord, Record, Refusal, TableRecord, Timestamp};
use lineside_schemas::Codec;
use lineside_schemas::production::{ProductionFact, ProductionFactRecord};
use lineside_schemas::records::{AccountPostingState, OrderPosting, ProductionEvent};

use crate::account::{Account, Early, named};
use crate::args::ReconcilerArgs;
use crate::coverage::{self, Twice};
use crate::erp;
use crate::fact;
use crate::fingerprint::Fingerprint;
use crate::input::{BooksInput, Told};
use crate::look;
use crate::posting::Posting;
use crate::rounding::plus;
use crate::rules::Rules;
use crate::shelf::{self, Event};

/// Counter: events that the books do not take, because the order aggregator refuses them or passes over them.
pub const NOT_ACCEPTED: &str = "not_accepted";
/// Counter: books published.
pub const PUBLISHED: &str = "published";
/// Counter: gaps raised.
pub const GAPS_RAISED: &str = "gaps_raised";

/// Keeps the books of orders. What it holds in memory is of the open batch alone.
#[derive(Debug, Clone)]
pub struct Reconciler {
    /// What is in flight for so long counts as a gap.
    pub(crate) overdue_micros: i64,
    /// An account is kept for so long after its last record.
    pub(crate) expire_micros: i64,
    /// Orders that the open batch touched, by partition.
    pub(crate) touched: BTreeMap<i32, BTreeSet<String>>,
    /// Rules and item groups.
    pub(crate) rules: Rules,
    /// When the levels of a partition were shown last.
    pub(crate) shown: BTreeMap<i32, Timestamp>,
}

impl Reconciler {
    /// With these settings.
    #[must_use]
    pub fn new(args: &ReconcilerArgs) -> Self {
        Self {
            overdue_micros: i64::from(args.books_overdue_seconds) * 1_000_000,
            expire_micros: i64::from(args.books_expire_days) * 86_400_000_000,
            touched: BTreeMap::new(),
            rules: Rules::default(),
            shown: BTreeMap::new(),
        }
    }
}

impl Processor for Reconciler {
    type Input = BooksInput;

    fn process(&mut self, record: Record<'_, '_, Told<'_>>, cx: &mut Context<'_>) -> Result<(), Refusal> {
        let Record { raw, value } = record;
        let order = match value {
            Told::Event(event) => take_event(cx, &self.rules, raw, *event),
            Told::Posting(posting) => Some(take_posting(cx, raw, &posting)),
            Told::Confirmation(record) => {
                let mut account = opened(cx, raw, record.plant, record.order, record.correlation_id);
                let taken = erp::confirmation(cx, &mut account, &record, raw.time);
                erp::take_early(cx, &mut account, record.posting_id);
                Some(closed(cx, account, raw, record.posting_id, taken))
            }
            Told::Movement(record) => {
                let mut account = opened(cx, raw, record.plant, record.order, record.correlation_id);
                let taken = erp::movement(cx, &mut account, &record, raw.time);
                erp::take_early(cx, &mut account, record.posting_id);
                Some(closed(cx, account, raw, record.posting_id, taken))
            }
            Told::Outcome(record) => {
                let mut account = opened(cx, raw, record.plant, record.order, record.correlation_id);
                let taken = erp::outcome(cx, &mut account, &record);
                Some(closed(cx, account, raw, record.posting_id, taken))
            }
        };
        if let Some(order) = order {
            self.touched.entry(raw.partition).or_default().insert(order);
        }
        Ok(())
    }

    fn table(&mut self, record: TableRecord<'_>, codec: &Codec) {
        self.rules.take(&record, codec);
    }

    fn tick(&mut self, now: Timestamp, cx: &mut Context<'_>) {
        look::look(self, now, cx);
    }
}

/// The account of an order, with note taken of the record.
fn opened(cx: &mut Context<'_>, raw: &RawRecord<'_>, plant: &str, order: &str, correlation_id: &str) -> Account {
    let mut account = shelf::account(cx, &format!("{plant}/{order}")).unwrap_or_else(|| Account::new(plant, order, correlation_id));
    account.note_position(raw.topic, raw.partition, raw.offset, raw.time);
    account
}

/// Keeps the account, and the record in it if it has to wait.
pub(crate) fn closed(cx: &mut Context<'_>, mut account: Account, raw: &RawRecord<'_>, posting_id: &str, taken: bool) -> String {
    if !taken {
        account.early.push(Early {
            topic: raw.topic.to_owned(),
            offset: raw.offset,
            time: raw.time,
            posting_id: posting_id.to_owned(),
            value: raw.value.unwrap_or_default().to_vec(),
        });
    }
    shelf::put_account(cx, &account);
    account.key()
}

fn take_event(cx: &mut Context<'_>, rules: &Rules, raw: &RawRecord<'_>, event: ProductionEvent<'_>) -> Option<String> {
    let Ok(event) = ProductionFactRecord::try_from(event) else {
        cx.count(NOT_ACCEPTED);
        return None;
    };
    let envelope = &event.envelope;
    let mut account = opened(cx, raw, envelope.plant, event.order, envelope.correlation_id);
    let order = account.key();
    let fingerprint = Fingerprint::of_event(envelope.source, envelope.event_id);
    plan(&mut account, &event.fact, envelope.source_time);
    if let Some(known) = shelf::event(cx, &order, fingerprint) {
        coverage::double(&mut account, &known, fingerprint, Twice::OnTheTopic);
        shelf::put_account(cx, &account);
        return Some(order);
    }
    let deed = rules.in_force(&account, envelope.source_time).and_then(|rule| fact::deed(cx, &mut account, &event, rule));
    let Some(deed) = deed else {
        cx.count(NOT_ACCEPTED);
        // It stands on the topic all the same: whoever tells the order's story wants to find it.
        shelf::put_account(cx, &account);
        return Some(order);
    };
    account.events += 1;
    account.fingerprint = account.fingerprint.and(fingerprint);
    (account.last_event_offset, account.last_event_time) = (raw.offset, raw.time);
    if !account.sources.iter().any(|source| source == envelope.source) {
        account.sources.push(envelope.source.to_owned());
    }
    for effect in &deed.done {
        account.lines[effect.line].net = plus(account.lines[effect.line].net, effect.amount);
    }
    if let Some((line, finals)) = deed.finals {
        account.lines[line].finals += finals;
    }
    life(&mut account, &event.fact, envelope.source_time);
    let placed = shelf::remembered(cx, &order, fingerprint).and_then(|placed| placed.reversed_by);
    for changed in &deed.changed {
        shelf::put_event(cx, &order, changed);
    }
    let kept = Event {
        number: account.events,
        offset: raw.offset,
        source: envelope.source.to_owned(),
        event_id: envelope.event_id.to_owned(),
        time: raw.time,
        kind: deed.kind,
        counts: deed.counts,
        reverses: deed.reverses,
        reversed_by: deed.reversed_by.or(placed),
        reinstates: deed.reinstates,
        is_final: deed.is_final,
        effects: deed.effects,
        done: deed.done,
    };
    shelf::put_event(cx, &order, &kept);
    shelf::put_step(cx, &order, account.events, account.fingerprint, fingerprint);
    coverage::find(cx, &mut account);
    shelf::put_account(cx, &account);
    Some(order)
}

/// What a plan says that matters here. The latest holds.
fn plan(account: &mut Account, fact: &ProductionFact<'_>, at: Timestamp) {
    let (item, order_type, operations) = match fact {
        ProductionFact::OrderReleased(plan) => (Some(plan.item), plan.order_type, &plan.operations),
        ProductionFact::OrderCreated(plan) => (Some(plan.item), plan.order_type, &plan.operations),
        ProductionFact::OrderRescheduled(plan) => (None, None, &plan.operations),
        _ => return,
    };
    if account.planned_at.is_some_and(|known| at < known) {
        return;
    }
    account.planned_at = Some(at);
    account.item = named(item).or(account.item.take());
    account.order_type = named(order_type).or(account.order_type.take());
    account.last_operation = operations.last().and_then(|operation| named(Some(operation.operation))).or(account.last_operation.take());
}

/// When the order's state changed.
fn life(account: &mut Account, fact: &ProductionFact<'_>, at: Timestamp) {
    let moment = match fact {
        ProductionFact::OrderReleased(_) => &mut account.released_at,
        ProductionFact::OrderCompleted(_) => &mut account.completed_at,
        ProductionFact::OrderCancelled(_) => &mut account.cancelled_at,
        _ => return,
    };
    *moment = Some(moment.map_or(at, |known| known.max(at)));
    account.is_completed = account.completed_at.is_some_and(|completed| account.released_at.is_none_or(|released| released <= completed));
}

fn take_posting(cx: &mut Context<'_>, raw: &RawRecord<'_>, record: &OrderPosting<'_>) -> String {
    let mut account = opened(cx, raw, record.plant, record.order, record.correlation_id);
    let order = account.key();
    account.postings += 1;
    let known = shelf::posting(cx, &order, record.posting_id);
    let read = Posting::read(&mut account, record, raw.offset, raw.time);
    for effect in read.effects() {
        account.lines[effect.line].posted = plus(account.lines[effect.line].posted, effect.amount);
    }
    for line in record.confirmations.iter().filter(|line| line.is_final) {
        let index = account.line(crate::posting::confirmation_keys(line.operation, line.unit)[0].clone());
        account.lines[index].posted_final = true;
    }
    let posting = match known {
        None => read,
        // Two that say different things under one id cannot both be ours.
        Some(known) => Posting { occurrences: known.occurrences + 1, ..known },
    };
    if !account.open_postings.iter().any(|id| id == record.posting_id) {
        account.open_postings.push(record.posting_id.to_owned());
    }
    let is_new = posting.occurrences == 1 && posting.state == AccountPostingState::Pending;
    shelf::put_posting(cx, &order, &posting);
    if is_new {
        erp::take_early(cx, &mut account, record.posting_id);
    }
    coverage::find(cx, &mut account);
    shelf::put_account(cx, &account);
    order
}
