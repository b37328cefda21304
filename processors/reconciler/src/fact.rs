//! What an event does to the account of its order: which events are accepted, and what they add to which line.

use lineside_api::Context;
use lineside_schemas::Decimal;
use lineside_schemas::production::{ProductionFact, ProductionFactRecord};
use lineside_schemas::records::{ComponentMovement, Quantity};

use crate::account::{Account, Effect, Kind, LineKey, Spoken};
use crate::fingerprint::Fingerprint;
use crate::posting::confirmation_keys;
use crate::shelf;

/// What is accepted of an event.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Deed {
    /// Amounts added to lines.
    pub effects: Vec<Effect>,
    /// A reversal may name it.
    pub is_movement: bool,
    /// A reversal came before it: neither counts.
    pub is_reversed: bool,
    /// The event that it undoes.
    pub undoes: Option<Undone>,
}

/// The event that a reversal names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Undone {
    /// It is booked.
    Booked(Fingerprint),
    /// It has not been seen, or moved nothing.
    Awaited,
}

/// What the event does, if the books take it: `None` for what the order aggregator refuses, or passes over.
pub fn deed(cx: &mut Context<'_>, account: &mut Account, event: &ProductionFactRecord<'_>) -> Option<Deed> {
    let envelope = &event.envelope;
    match &event.fact {
        ProductionFact::OrderCreated(_)
        | ProductionFact::OrderReleased(_)
        | ProductionFact::OrderRescheduled(_)
        | ProductionFact::OrderDispatched(_)
        | ProductionFact::OrderHeld(_)
        | ProductionFact::OrderResumed(_)
        | ProductionFact::OrderClosed(_)
        | ProductionFact::OrderCancelled(_)
        | ProductionFact::OperationStarted(_)
        | ProductionFact::OrderCompleted(_) => Some(Deed::default()),
        ProductionFact::OperationConfirmed(confirmed) => {
            let amounts = [Some(&confirmed.r#yield), confirmed.scrap.as_ref(), confirmed.rework.as_ref()];
            let mut effects = Vec::new();
            for (kind, quantity) in (0..).zip(amounts) {
                let Some(quantity) = quantity else { continue };
                let key = confirmation_keys(confirmed.operation, quantity.unit).into_iter().nth(kind)?;
                effects.push((key, quantity.value));
            }
            Some(Deed { effects: applied(account, effects)?, ..Deed::default() })
        }
        ProductionFact::MaterialConsumed(movement) => moved(account, envelope.source, envelope.event_id, movement, movement.quantity.value),
        ProductionFact::MaterialReturned(movement) => moved(account, envelope.source, envelope.event_id, movement, movement.quantity.value.negated()),
        ProductionFact::ConsumptionReversed(reversal) => reversed(cx, account, envelope.source, reversal.reversed_event_id),
        ProductionFact::FinishedGoodsReported(report) => {
            let key = LineKey::output(Kind::Receipt, report.item, report.lot, report.storage_location, report.quantity.unit);
            Some(Deed { effects: applied(account, vec![(key, not_negative(&report.quantity)?)])?, ..Deed::default() })
        }
        // No posting rule says how these are booked, so no posting covers them.
        ProductionFact::ConfirmationReversed(_)
        | ProductionFact::ByProductReported(_)
        | ProductionFact::ScrapReported(_)
        | ProductionFact::ReworkReported(_)
        | ProductionFact::FinishedGoodsReversed(_)
        | ProductionFact::Unknown => None,
    }
}

fn not_negative(quantity: &Quantity<'_>) -> Option<Decimal> {
    (!quantity.value.is_negative()).then_some(quantity.value)
}

/// The effects, if every sum fits.
fn applied(account: &mut Account, effects: Vec<(LineKey, Decimal)>) -> Option<Vec<Effect>> {
    for (key, amount) in &effects {
        account.net(key).checked_add(*amount)?;
    }
    Some(effects.into_iter().map(|(key, amount)| Effect { line: account.line(key), amount }).collect())
}

fn moved(account: &mut Account, source: &str, event_id: &str, movement: &ComponentMovement<'_>, amount: Decimal) -> Option<Deed> {
    not_negative(&movement.quantity)?;
    let key = LineKey::component(Spoken {
        operation: Some(movement.operation),
        reservation: movement.reservation,
        reservation_item: movement.reservation_item,
        position: movement.position,
        item: movement.item,
        lot: movement.lot,
        storage_location: movement.storage_location,
        unit: movement.quantity.unit,
    })?;
    let is_reversed = account.pending_reversals.iter().any(|(of, id)| of == source && id == event_id);
    let amount = if is_reversed { Decimal::ZERO } else { amount };
    Some(Deed { effects: applied(account, vec![(key, amount)])?, is_movement: true, is_reversed, undoes: None })
}

fn reversed(cx: &mut Context<'_>, account: &Account, source: &str, event_id: &str) -> Option<Deed> {
    if account.pending_reversals.iter().any(|(of, id)| of == source && id == event_id) {
        return None;
    }
    let target = Fingerprint::of_event(source, event_id);
    match shelf::event(cx, &account.key(), target) {
        Some(event) if event.is_movement && event.is_reversed => None,
        Some(event) if event.is_movement => {
            let effects: Vec<Effect> = event.effects.iter().map(|effect| effect.negated()).collect();
            for effect in &effects {
                account.lines.get(effect.line)?.net.checked_add(effect.amount)?;
            }
            Some(Deed { effects, undoes: Some(Undone::Booked(target)), ..Deed::default() })
        }
        _ => Some(Deed { undoes: Some(Undone::Awaited), ..Deed::default() }),
    }
}
