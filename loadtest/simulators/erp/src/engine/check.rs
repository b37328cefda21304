//! What keeps a request from being booked.

use jiff::Timestamp;
use jiff::civil::Date;

use super::Setup;
use crate::command::{Confirmation, Header, Movement, OrderKey};
use crate::entry::{Place, Plan};
use crate::movement::{self, Direction};
use crate::quantity::Quantity;
use crate::refusal::Refusal;
use crate::state::State;

/// Whether a confirmation can be booked, its movements aside. Negative quantities are a correction of earlier ones.
pub(super) fn confirmation(state: &State, setup: Setup, confirmation: &Confirmation, now: Timestamp) -> Result<(), Refusal> {
    let plan = order(state, setup, &confirmation.order, now)?;
    period(state, &confirmation.order.plant, confirmation.posting_date, now)?;
    let Some(plan) = plan else { return Ok(()) };
    if !plan.operations.is_empty() && !plan.operations.contains(&confirmation.operation) {
        return Err(Refusal::OperationUnknown { order: confirmation.order.clone(), operation: confirmation.operation.clone() });
    }
    if plan.unit != confirmation.unit_code {
        return Ok(());
    }
    let confirmed = state.orders()[&confirmation.order].confirmations.iter().map(|index| &state.confirmations()[*index]);
    let stands = confirmed.filter(|record| record.reverses.is_none() && record.reversed_by.is_none() && record.confirmation.operation == confirmation.operation);
    let total = stands.fold(confirmation.r#yield.clone(), |total, record| total + &record.confirmation.r#yield);
    within(plan, &total)
}

/// Whether a material document can be booked.
pub(super) fn document(state: &State, setup: Setup, header: &Header, movements: &[Movement], now: Timestamp) -> Result<(), Refusal> {
    if movements.is_empty() {
        return Err(Refusal::malformed("items", "a document has at least one item"));
    }
    let mut wanted: Vec<(Place, Quantity)> = Vec::new();
    for line in movements {
        if !line.order.is_empty() {
            order(state, setup, &line.order_key(), now)?;
        }
        period(state, &line.plant, header.posting_date, now)?;
        movement(state, setup, line, &header.goods_movement_code, now)?;
        let taken = movement::by_code(&line.movement_type).is_some_and(|row| row.direction == Direction::Out);
        if taken && !setup.open_world {
            let place = place(line);
            match wanted.iter_mut().find(|(other, _)| *other == place) {
                Some((_, sum)) => *sum = sum.clone() + &line.quantity,
                None => wanted.push((place, line.quantity.clone())),
            }
        }
    }
    // Line by line each may be there, and together not.
    wanted.iter().try_for_each(|(place, quantity)| in_stock(state, place, quantity))?;
    receipts(state, movements)
}

/// Whether one movement can be booked by itself. An empty goods movement code allows every movement type.
pub(super) fn movement(state: &State, setup: Setup, line: &Movement, goods_movement_code: &str, now: Timestamp) -> Result<(), Refusal> {
    if !line.quantity.is_positive() {
        return Err(Refusal::malformed("quantity", format!("{} is not positive", line.quantity)));
    }
    let not_allowed = || Refusal::MovementNotAllowed { movement_type: line.movement_type.clone(), goods_movement_code: goods_movement_code.to_owned() };
    let row = movement::by_code(&line.movement_type).ok_or_else(not_allowed)?;
    if !goods_movement_code.is_empty() {
        if !row.documents.contains(&goods_movement_code) {
            return Err(not_allowed());
        }
        if row.refers_to_order && line.reference_type != "F" {
            return Err(Refusal::malformed("reference_type", format!("movement type {} needs reference type F", row.code)));
        }
    }
    if !state.has_material(&line.plant, &line.material, setup.open_world, now) {
        return Err(Refusal::MaterialUnknown { material: line.material.clone(), plant: line.plant.clone() });
    }
    if row.direction == Direction::Out && !setup.open_world { in_stock(state, &place(line), &line.quantity) } else { Ok(()) }
}

/// Whether the order can be posted to now; its plan, if that is known.
pub(super) fn order<'s>(state: &'s State, setup: Setup, order: &OrderKey, now: Timestamp) -> Result<Option<&'s Plan>, Refusal> {
    if let Some(lock) = state.lock(order, now) {
        return Err(Refusal::OrderLocked { order: order.clone(), user: lock.user.clone() });
    }
    let plan = state.orders().get(order).and_then(|record| record.plan.as_ref());
    if plan.is_none() && !setup.open_world { Err(Refusal::OrderUnknown { order: order.clone() }) } else { Ok(plan) }
}

/// Whether the posting date's period is open.
pub(super) fn period(state: &State, plant: &str, date: Date, now: Timestamp) -> Result<(), Refusal> {
    let period = period_of(date);
    match state.closed_period(plant, &period, now) {
        Some((from, to)) => Err(Refusal::PeriodClosed { plant: plant.to_owned(), period, from, to }),
        None => Ok(()),
    }
}

/// A date's period: year and month.
pub(crate) fn period_of(date: Date) -> String {
    format!("{:04}-{:02}", date.year(), date.month())
}

fn place(line: &Movement) -> Place {
    Place {
        plant: line.plant.clone(),
        material: line.material.clone(),
        storage_location: line.storage_location.clone(),
        batch: line.batch.clone(),
        unit: line.unit_code.clone(),
    }
}

fn in_stock(state: &State, place: &Place, quantity: &Quantity) -> Result<(), Refusal> {
    let stock = state.stock().get(place).cloned().unwrap_or_default();
    if stock >= *quantity {
        return Ok(());
    }
    let Place { plant, material, storage_location, unit, .. } = place.clone();
    Err(Refusal::StockDeficit { material, plant, storage_location, deficit: quantity.clone() - &stock, unit })
}

/// Receipts of what the order makes stay within its tolerance.
fn receipts(state: &State, movements: &[Movement]) -> Result<(), Refusal> {
    let net = |total: Quantity, line: &Movement| match line.movement_type.as_str() {
        "101" => total + &line.quantity,
        "102" => total - &line.quantity,
        _ => total,
    };
    for line in movements.iter().filter(|line| line.movement_type == "101") {
        let key = line.order_key();
        let Some((record, plan)) = state.orders().get(&key).and_then(|record| Some((record, record.plan.as_ref()?))) else { continue };
        let of_order = |other: &&Movement| other.order_key() == key && other.material == plan.material && other.unit_code == plan.unit;
        let before = record.documents.iter().flat_map(|index| &state.documents()[*index].lines).filter(|line| line.number().is_some()).map(|line| &line.movement);
        let total = before.chain(movements).filter(of_order).fold(Quantity::default(), net);
        within(plan, &total)?;
    }
    Ok(())
}

fn within(plan: &Plan, total: &Quantity) -> Result<(), Refusal> {
    let allowed = plan.quantity.plus_percent(plan.over_delivery_percent);
    if *total <= allowed {
        return Ok(());
    }
    Err(Refusal::OverDelivery { order: plan.key.clone(), quantity: total.clone(), allowed, unit: plan.unit.clone() })
}
