//! What time makes due: timers in a store, sorted by time, and orders that wait for sources. In slices, so that no tick takes long however much is due.

use lineside_api::{Context, Timestamp};
use lineside_schemas::records::TimerEntry;
use lineside_topology::processors::{EVENTS, ORDERS, PLANS, POSTINGS, TIMERS};

use crate::desk::{Desk, DeskError};
use crate::keys;
use crate::ledger::{Ledger, Wakes};
use crate::shelf::OrderShelf;
use crate::when::forgotten_at;

/// Orders looked at in one tick.
pub const SLICE: usize = 256;
/// Single events forgotten in one: more than a full batch brings in, so that what is forgotten keeps up with what comes.
pub const EVENTS_FORGOTTEN: usize = 16 * SLICE;
/// How long stream time has to stand still before the wall clock counts: then nothing is on its way.
pub const STILL_MICROS: i64 = 2_000_000;

/// Counter: orders whose books were forgotten, so many days after they were over.
pub const ORDERS_FORGOTTEN: &str = "orders_forgotten";
/// Counter: orders that time could not be applied to: their ledger contradicts itself, or no rule is in force.
pub const WAKES_FAILED: &str = "wakes_failed";

/// Puts a ledger in its store, and its timers where ticks find them.
///
/// # Errors
/// See [`DeskError`].
pub fn keep(desk: Desk<'_>, ledger: &mut Ledger, now: Timestamp, key: &str, cx: &mut Context<'_>) -> Result<(), DeskError> {
    let (plant, order) = (ledger.plant.clone(), ledger.order.clone());
    let (timer, gates) = desk.wakes(ledger, now, &mut OrderShelf::new(cx, &plant, &order, key))?;
    let gate_time = ledger.life.completed_at.filter(|_| !gates.is_empty());
    let wakes = Wakes { timer, gates, gate_time };
    if wakes != ledger.wakes {
        remove(&ledger.wakes, &plant, &order, cx);
        let entry = |time| TimerEntry { plant: &plant, order: &order, time, sequence: None };
        if let Some(at) = wakes.timer {
            cx.put(TIMERS, &keys::due(at, &plant, &order), &entry(at));
        }
        if let Some(end) = wakes.gate_time {
            for source in &wakes.gates {
                cx.put(TIMERS, &keys::gate(source, end, &plant, &order), &entry(end));
            }
        }
        ledger.wakes = wakes;
    }
    cx.put(ORDERS, key, &ledger.record());
    Ok(())
}

fn remove(wakes: &Wakes, plant: &str, order: &str, cx: &mut Context<'_>) {
    if let Some(at) = wakes.timer {
        cx.delete(TIMERS, &keys::due(at, plant, order));
    }
    if let Some(end) = wakes.gate_time {
        for source in &wakes.gates {
            cx.delete(TIMERS, &keys::gate(source, end, plant, order));
        }
    }
}

/// What a tick may still do.
struct Left {
    looks: usize,
    events: usize,
}

/// Looks at what is due by stream time, and by the wall clock where stream time stands still because nothing comes.
pub fn tick(desk: Desk<'_>, now: Timestamp, cx: &mut Context<'_>) {
    let Some(clock) = cx.get(TIMERS, keys::CLOCK).map(|entry| entry.time) else { return };
    let mut left = Left { looks: SLICE, events: EVENTS_FORGOTTEN };
    timers(desk, clock, &mut left, cx);
    gates(desk, clock, &mut left, cx);
    if now > clock && left.looks > 0 && first_due(cx).is_some_and(|(at, ..)| at <= now) && stands_still(clock, now, cx) {
        timers(desk, now, &mut left, cx);
    }
}

/// True if stream time has not moved for a while. Only asked when a timer would be due by the wall clock, so that an idle topic is not written to every second.
fn stands_still(clock: Timestamp, now: Timestamp, cx: &mut Context<'_>) -> bool {
    let since = cx.get(TIMERS, keys::STILL).filter(|entry| entry.sequence == Some(clock.micros())).map(|entry| entry.time);
    if let Some(since) = since {
        return now.micros().saturating_sub(since.micros()) >= STILL_MICROS;
    }
    cx.put(TIMERS, keys::STILL, &TimerEntry { plant: "", order: "", time: now, sequence: Some(clock.micros()) });
    false
}

fn first_due(cx: &mut Context<'_>) -> Option<(Timestamp, String, String, String)> {
    let (key, entry) = cx.first_from(TIMERS, keys::DUE)?;
    key.starts_with(keys::DUE).then(|| (entry.time, key.clone(), entry.plant.to_owned(), entry.order.to_owned()))
}

fn timers(desk: Desk<'_>, until: Timestamp, left: &mut Left, cx: &mut Context<'_>) {
    while left.looks > 0 && left.events > 0 {
        let Some((_, key, plant, order)) = first_due(cx).filter(|(at, ..)| *at <= until) else { return };
        left.looks -= 1;
        cx.delete(TIMERS, &key);
        look(desk, &plant, &order, until, left, cx);
    }
}

/// Orders that wait for sources: for each source, those whose end it has passed.
fn gates(desk: Desk<'_>, clock: Timestamp, left: &mut Left, cx: &mut Context<'_>) {
    let mut from = keys::GATE.to_owned();
    while left.looks > 0 {
        let Some((key, entry)) = cx.first_from(TIMERS, &from) else { return };
        let Some(source) = keys::source_of_gate(&key) else { return };
        let (end, plant, order) = (entry.time, entry.plant.to_owned(), entry.order.to_owned());
        left.looks -= 1;
        let passed = cx.get(TIMERS, &keys::source(&source)).is_some_and(|mark| mark.time >= end);
        if !passed {
            from = keys::behind_gates_of(&source);
            continue;
        }
        look(desk, &plant, &order, clock, left, cx);
        // What waits on, by its running number, is not looked at twice in a tick.
        from = format!("{key}\0");
    }
}

/// Looks at an order because of the time.
fn look(desk: Desk<'_>, plant: &str, order: &str, now: Timestamp, left: &mut Left, cx: &mut Context<'_>) {
    let key = keys::order(plant, order);
    let Some(ledger) = cx.get(ORDERS, &key).map(|record| Ledger::from_record(&record)) else { return };
    let looked = ledger.map_err(DeskError::from).and_then(|mut ledger| {
        let rule = desk.rule(&ledger, ledger.last_event.time)?;
        if forgotten_at(&ledger, rule).is_some_and(|at| at <= now) {
            forget(&mut ledger, now, &key, left, cx);
            return Ok(());
        }
        // The timer that fired is gone; whatever is due next is put anew.
        ledger.wakes.timer = None;
        desk.time(&mut ledger, now, &mut OrderShelf::new(cx, plant, order, &key))?;
        keep(desk, &mut ledger, now, &key, cx)
    });
    if looked.is_err() {
        cx.count(WAKES_FAILED);
    }
}

/// Forgets an order, its single events first, as many as the slice allows. What is left goes on with the next tick.
fn forget(ledger: &mut Ledger, now: Timestamp, key: &str, left: &mut Left, cx: &mut Context<'_>) {
    let (plant, order) = (ledger.plant.clone(), ledger.order.clone());
    let prefix = keys::events_of(&plant, &order);
    let mut from = prefix.clone();
    while left.events > 0 {
        let Some(event) = cx.first_from(EVENTS, &from).map(|(key, _)| key).filter(|key| key.starts_with(&prefix)) else {
            for sequence in 1.max(ledger.posted.sequence - crate::published::POSTINGS_KEPT)..=ledger.posted.sequence {
                cx.delete(POSTINGS, &keys::posting(&plant, &order, sequence));
            }
            ledger.wakes.timer = None;
            remove(&ledger.wakes, &plant, &order, cx);
            cx.delete(PLANS, key);
            cx.delete(ORDERS, key);
            cx.count(ORDERS_FORGOTTEN);
            return;
        };
        left.events -= 1;
        cx.delete(EVENTS, &event);
        from = format!("{event}\0");
    }
    // The timer stands where it was, so that the next tick finds it again.
    let at = ledger.wakes.timer.unwrap_or(now);
    cx.put(TIMERS, &keys::due(at, &plant, &order), &TimerEntry { plant: &plant, order: &order, time: at, sequence: None });
}
