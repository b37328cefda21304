//! What an event does to the account of its order: which events are accepted, and what they add to which line.

use lineside_api::Context;
use lineside_posting_rules::Rule;
use lineside_schemas::Decimal;
use lineside_schemas::production::{ProductionFact, ProductionFactRecord};
use lineside_schemas::records::{
    AccountEventKind, ByProductReported, ComponentMovement, OperationConfirmed, OutputKind, Quantity, ReversalOfReversalAction, ScrapBooking, ScrapReported, TrackingRule,
};

use crate::account::{Account, Effect, Kind, LineKey, Spoken, named};
use crate::fingerprint::Fingerprint;
use crate::posting::confirmation_keys;
use crate::shelf::{self, Event};

/// Reversals of reversals that are followed.
const LONGEST_CHAIN: usize = 64;

/// What is accepted of an event.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Deed {
    /// What it is to a reversal.
    pub kind: AccountEventKind,
    /// It counts: nothing undoes it.
    pub counts: bool,
    /// Event that it names, where it is a reversal.
    pub reverses: Option<String>,
    /// Reversal that named it before it was seen.
    pub reversed_by: Option<String>,
    /// It may undo a reversal.
    pub reinstates: bool,
    /// It finally confirms its operation.
    pub is_final: bool,
    /// What it says, on which lines.
    pub effects: Vec<Effect>,
    /// What it does to the lines.
    pub done: Vec<Effect>,
    /// Final confirmations that it adds to the line: one more, or one less.
    pub finals: Option<(usize, i32)>,
    /// Events that it changes, to be kept.
    pub changed: Vec<Event>,
}

/// What the event does, if the books take it: `None` for what the order aggregator refuses, or passes over.
pub fn deed(cx: &mut Context<'_>, account: &mut Account, event: &ProductionFactRecord<'_>, rule: &Rule) -> Option<Deed> {
    use AccountEventKind::{ConfirmationReversal, Consumption, ConsumptionReversal, Product, ProductReversal, Report};
    let lots = rule.lots;
    let entry = match &event.fact {
        ProductionFact::Unknown => return None,
        ProductionFact::ConsumptionReversed(reversal) => return reversed(cx, account, event, reversal.reversed_event_id, ConsumptionReversal, rule),
        ProductionFact::FinishedGoodsReversed(reversal) => return reversed(cx, account, event, reversal.reversed_event_id, ProductReversal, rule),
        ProductionFact::ConfirmationReversed(reversal) => return reversed(cx, account, event, reversal.reversed_event_id, ConfirmationReversal, rule),
        ProductionFact::MaterialConsumed(movement) => {
            Entry { kind: Consumption, amounts: vec![(component(movement, lots)?, not_negative(&movement.quantity)?)], is_final: false }
        }
        ProductionFact::MaterialReturned(movement) => {
            Entry { kind: Consumption, amounts: vec![(component(movement, lots)?, not_negative(&movement.quantity)?.negated())], is_final: false }
        }
        ProductionFact::FinishedGoodsReported(report) => {
            let key = LineKey::output(Kind::Receipt, report.item, lot(report.lot, lots), report.storage_location, report.quantity.unit);
            Entry { kind: Product, amounts: vec![(key, not_negative(&report.quantity)?)], is_final: false }
        }
        ProductionFact::ByProductReported(report) => Entry { kind: Product, amounts: vec![(by_product(report, lots), not_negative(&report.quantity)?)], is_final: false },
        ProductionFact::ScrapReported(report) => Entry { kind: Report, amounts: vec![(scrap(account, report, rule), not_negative(&report.quantity)?)], is_final: false },
        ProductionFact::ReworkReported(report) => {
            let key = LineKey::operation(Kind::Rework, report.operation.unwrap_or_default(), report.quantity.unit);
            Entry { kind: Report, amounts: vec![(key, not_negative(&report.quantity)?)], is_final: false }
        }
        ProductionFact::OperationConfirmed(confirmed) => confirmation(confirmed),
        _ => return Some(Deed { kind: AccountEventKind::Other, counts: true, ..Deed::default() }),
    };
    entered(cx, account, event, entry)
}

/// Amounts that an event reports.
struct Entry {
    kind: AccountEventKind,
    amounts: Vec<(LineKey, Decimal)>,
    is_final: bool,
}

fn not_negative(quantity: &Quantity<'_>) -> Option<Decimal> {
    (!quantity.value.is_negative()).then_some(quantity.value)
}

/// Where lots are ignored, lines that differ only in it are one.
fn lot(lot: Option<&str>, lots: TrackingRule) -> Option<&str> {
    lot.filter(|_| lots != TrackingRule::Ignore)
}

fn component(movement: &ComponentMovement<'_>, lots: TrackingRule) -> Option<LineKey> {
    LineKey::identified(
        Kind::Component,
        Spoken {
            operation: Some(movement.operation),
            reservation: movement.reservation,
            reservation_item: movement.reservation_item,
            position: movement.position,
            item: movement.item,
            lot: lot(movement.lot, lots),
            storage_location: movement.storage_location,
            unit: movement.quantity.unit,
        },
    )
}

/// A co-product is product received.
fn by_product(report: &ByProductReported<'_>, lots: TrackingRule) -> LineKey {
    let (item, lot, unit) = (report.item, lot(report.lot, lots), report.quantity.unit);
    if matches!(report.kind, OutputKind::CoProduct | OutputKind::MainProduct) {
        return LineKey::output(Kind::Receipt, item, lot, report.storage_location, unit);
    }
    let spoken = Spoken {
        operation: report.operation,
        reservation: report.reservation,
        reservation_item: report.reservation_item,
        position: report.position,
        item,
        lot,
        storage_location: report.storage_location,
        unit,
    };
    LineKey::identified(Kind::ByProduct, spoken).unwrap_or_else(|| LineKey::output(Kind::ByProduct, item, lot, report.storage_location, unit))
}

/// Scrap reported apart from confirmations: confirmed at its operation, or a movement of stock, by the rule or by what the source calls it.
fn scrap(account: &Account, report: &ScrapReported<'_>, rule: &Rule) -> LineKey {
    let is_stock = report.movement_type == Some("551") || rule.scrap.booking(named(report.reason_code).as_deref()) == ScrapBooking::StockMovement;
    if is_stock {
        let item = named(report.item).or_else(|| account.item.clone()).unwrap_or_default();
        return LineKey::output(Kind::ScrapOfStock, &item, lot(report.lot, rule.lots), report.storage_location, report.quantity.unit);
    }
    LineKey::operation(Kind::Scrap, report.operation.unwrap_or_default(), report.quantity.unit)
}

fn confirmation(confirmed: &OperationConfirmed<'_>) -> Entry {
    let amounts = [Some(&confirmed.r#yield), confirmed.scrap.as_ref(), confirmed.rework.as_ref()];
    let keyed = amounts.into_iter().enumerate().filter_map(|(kind, quantity)| {
        let quantity = quantity?;
        let [good, scrap, rework] = confirmation_keys(confirmed.operation, quantity.unit);
        Some(([good, scrap, rework].into_iter().nth(kind)?, quantity.value))
    });
    Entry { kind: AccountEventKind::Confirmation, amounts: keyed.collect(), is_final: confirmed.is_final }
}

/// A reversal that was there first decides whether the event counts.
fn counts(cx: &mut Context<'_>, order: &str, source: &str, by: Option<&str>, kind: AccountEventKind) -> bool {
    let Some(by) = by else { return true };
    shelf::remembered(cx, order, Fingerprint::of_event(source, by)).is_none_or(|by| !by.undoes(kind) || !by.counts)
}

fn entered(cx: &mut Context<'_>, account: &mut Account, event: &ProductionFactRecord<'_>, entry: Entry) -> Option<Deed> {
    let (source, id) = (event.envelope.source, event.envelope.event_id);
    let order = account.key();
    let reversed_by = shelf::remembered(cx, &order, Fingerprint::of_event(source, id)).and_then(|placed| placed.reversed_by);
    let counts = counts(cx, &order, source, reversed_by.as_deref(), entry.kind);
    if counts {
        for (key, amount) in &entry.amounts {
            account.net(key).checked_add(*amount)?;
        }
    }
    let effects: Vec<Effect> = entry.amounts.into_iter().map(|(key, amount)| Effect { line: account.line(key), amount }).collect();
    let finals = effects.first().filter(|_| entry.is_final && counts).map(|good| (good.line, 1));
    let done = if counts { effects.clone() } else { Vec::new() };
    Some(Deed { kind: entry.kind, counts, reversed_by, is_final: entry.is_final, effects, done, finals, ..Deed::default() })
}

fn reversed(cx: &mut Context<'_>, account: &Account, event: &ProductionFactRecord<'_>, names: &str, kind: AccountEventKind, rule: &Rule) -> Option<Deed> {
    let (source, id) = (event.envelope.source, event.envelope.event_id);
    let order = account.key();
    let reversed_by = shelf::remembered(cx, &order, Fingerprint::of_event(source, id)).and_then(|placed| placed.reversed_by);
    let mut target = shelf::remembered(cx, &order, Fingerprint::of_event(source, names)).unwrap_or_else(|| Event::not_seen(source, names));
    if target.reversed_by.is_some() {
        return None;
    }
    let reinstates = rule.reversal_of_reversal == ReversalOfReversalAction::Reinstate;
    let counts = counts(cx, &order, source, reversed_by.as_deref(), kind);
    let mut deed = Deed { kind, counts, reverses: Some(names.to_owned()), reversed_by, reinstates, ..Deed::default() };
    if names == id {
        return Some(deed);
    }
    target.reversed_by = Some(id.to_owned());
    let undoes = Event::undoes_kind(kind, reinstates, target.kind);
    deed.changed.push(target);
    if !undoes || !counts {
        return Some(deed);
    }
    turn(cx, &order, source, &mut deed)?;
    for effect in &deed.done {
        account.lines.get(effect.line)?.net.checked_add(effect.amount)?;
    }
    Some(deed)
}

/// Makes what the reversal names count no more; where that is a reversal itself, what it names turns the other way, down to an event that moves amounts.
fn turn(cx: &mut Context<'_>, order: &str, source: &str, deed: &mut Deed) -> Option<()> {
    let mut wanted = false;
    let mut event = deed.changed.pop()?;
    for _ in 0..LONGEST_CHAIN {
        if event.counts == wanted || event.kind == AccountEventKind::NotSeen {
            deed.changed.push(event);
            return Some(());
        }
        event.counts = wanted;
        let Some(next) = event.reverses.clone() else {
            let signed = |effect: &Effect| if wanted { *effect } else { effect.negated() };
            deed.done = event.effects.iter().map(signed).collect();
            deed.finals = event.effects.first().filter(|_| event.is_final).map(|good| (good.line, if wanted { 1 } else { -1 }));
            deed.changed.push(event);
            return Some(());
        };
        let named = shelf::remembered(cx, order, Fingerprint::of_event(source, &next));
        let goes_on = named.as_ref().is_some_and(|named| event.undoes(named.kind));
        deed.changed.push(event);
        match named.filter(|_| goes_on) {
            Some(named) => (event, wanted) = (named, !wanted),
            None => return Some(()),
        }
    }
    None
}
