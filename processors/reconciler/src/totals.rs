//! Sums of the books of one input partition, by item and lot, and of each plant as a whole. An order's items live in other partitions than the order; so each
//! partition keeps its part of a sum, and readers add the parts up.

use std::collections::BTreeMap;

use lineside_api::Context;
use lineside_schemas::records::{Books, BooksClassCount, BooksLine, BooksLineKind, BooksStatus, BooksTotal};
use lineside_schemas::{Decimal, records};
use lineside_topology::processors::TOTALS;
use lineside_topology::topics::BOOKS_TOTALS;

use crate::rounding::{minus, plus};

/// What a sum is about: kind, item, lot and unit; nothing of them for the plant as a whole.
type Key = (Option<BooksLineKind>, String, Option<String>, String);

const AMOUNTS: usize = 13;

/// A sum.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
struct Sum {
    orders: i64,
    /// Open, posted, closed, gap.
    by_status: [i64; 4],
    amounts: [Decimal; AMOUNTS],
    gaps: BTreeMap<String, i64>,
}

fn amounts(line: &BooksLine<'_>) -> [Decimal; AMOUNTS] {
    [
        line.net,
        line.posted,
        line.remainder,
        line.open,
        line.held,
        line.in_flight,
        line.gap,
        line.confirmed,
        line.parked,
        line.rejected,
        line.in_doubt,
        line.cancelled,
        line.unanswered,
    ]
}

const fn rank(status: BooksStatus) -> usize {
    match status {
        BooksStatus::Unknown | BooksStatus::Open => 0,
        BooksStatus::Posted => 1,
        BooksStatus::Closed => 2,
        BooksStatus::Gap => 3,
    }
}

/// What an order's books add to the sums.
fn parts(books: &Books<'_>) -> BTreeMap<OrdKey, Sum> {
    let mut parts: BTreeMap<OrdKey, Sum> = BTreeMap::new();
    let mut status = [0; 4];
    status[rank(books.status)] = 1;
    let plant = parts.entry(OrdKey::plant()).or_default();
    (plant.orders, plant.by_status) = (1, status);
    for gap in &books.gaps {
        *plant.gaps.entry(gap.class.to_owned()).or_default() += 1;
    }
    for line in &books.lines {
        let Some(item) = line.item else { continue };
        let sum = parts.entry(OrdKey::of(line, item)).or_default();
        (sum.orders, sum.by_status) = (1, status);
        for (sum, amount) in sum.amounts.iter_mut().zip(amounts(line)) {
            *sum = plus(*sum, amount);
        }
    }
    parts
}

/// A key with an order, for sets.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct OrdKey {
    kind: u8,
    item: String,
    lot: Option<String>,
    unit: String,
}

impl OrdKey {
    fn plant() -> Self {
        Self { kind: 0, item: String::new(), lot: None, unit: String::new() }
    }

    fn of(line: &BooksLine<'_>, item: &str) -> Self {
        Self { kind: line.kind as u8, item: item.to_owned(), lot: line.lot.map(str::to_owned), unit: line.unit.to_owned() }
    }

    fn parts(&self) -> Key {
        let kind = BooksLineKind::SYMBOLS.get(usize::from(self.kind)).map(|symbol| BooksLineKind::from_symbol(symbol)).filter(|_| self.kind > 0);
        (kind, self.item.clone(), self.lot.clone(), self.unit.clone())
    }
}

/// Takes what the books said before out of the sums, and what they say now in. `after` is nothing for an order that expires.
pub fn change(cx: &mut Context<'_>, plant: &str, partition: i32, before: Option<&Books<'_>>, after: Option<&Books<'_>>) {
    let (before, after) = (before.map(parts).unwrap_or_default(), after.map(parts).unwrap_or_default());
    let keys: std::collections::BTreeSet<&OrdKey> = before.keys().chain(after.keys()).collect();
    for key in keys {
        let (old, new) = (before.get(key), after.get(key));
        if old != new {
            apply(cx, plant, partition, key, old, new);
        }
    }
}

fn apply(cx: &mut Context<'_>, plant: &str, partition: i32, key: &OrdKey, old: Option<&Sum>, new: Option<&Sum>) {
    let (kind, item, lot, unit) = key.parts();
    let symbol = kind.map_or("PLANT", BooksLineKind::symbol);
    // A lot that is none differs from one without a name, and texts may hold the separator; the record says it all, the key only has to tell them apart.
    let lot_text = lot.as_deref().map_or_else(|| "-".to_owned(), |lot| format!("={lot}"));
    let store_key = format!("{plant}/{symbol}/{item}/{lot_text}/{unit}");
    let mut sum = cx.get(TOTALS, &store_key).map(|total| of(&total)).unwrap_or_default();
    for (part, sign) in [(old, -1), (new, 1)] {
        let Some(part) = part else { continue };
        sum.orders += sign * part.orders;
        for (count, by) in sum.by_status.iter_mut().zip(part.by_status) {
            *count += sign * by;
        }
        for (sum, amount) in sum.amounts.iter_mut().zip(part.amounts) {
            *sum = if sign < 0 { minus(*sum, amount) } else { plus(*sum, amount) };
        }
        for (class, count) in &part.gaps {
            *sum.gaps.entry(class.clone()).or_default() += sign * count;
        }
    }
    sum.gaps.retain(|_, count| *count != 0);
    let topic_key = format!("{store_key}/{partition}");
    if sum.orders <= 0 {
        cx.delete(TOTALS, &store_key);
        cx.send_tombstone(BOOKS_TOTALS, &topic_key);
        return;
    }
    let record = record(plant, partition, kind, kind.is_some().then_some((item.as_str(), lot.as_deref(), unit.as_str())), &sum);
    cx.put(TOTALS, &store_key, &record);
    cx.send(BOOKS_TOTALS, &topic_key, &record);
}

fn record<'a>(plant: &'a str, partition: i32, kind: Option<BooksLineKind>, named: Option<(&'a str, Option<&'a str>, &'a str)>, sum: &'a Sum) -> BooksTotal<'a> {
    let [net, posted, remainder, open, held, in_flight, gap, confirmed, parked, rejected, in_doubt, cancelled, unanswered] = sum.amounts;
    let [open_orders, posted_orders, closed_orders, gap_orders] = sum.by_status;
    BooksTotal {
        plant,
        partition,
        kind: kind.unwrap_or_default(),
        item: named.map(|(item, ..)| item),
        lot: named.and_then(|(_, lot, _)| lot),
        unit: named.map(|(.., unit)| unit),
        orders: sum.orders,
        open_orders,
        posted_orders,
        closed_orders,
        gap_orders,
        net,
        posted,
        remainder,
        open,
        held,
        in_flight,
        gap,
        confirmed,
        parked,
        rejected,
        in_doubt,
        cancelled,
        unanswered,
        gaps: sum.gaps.iter().map(|(class, count)| BooksClassCount { class, count: *count }).collect(),
    }
}

fn of(total: &records::BooksTotal<'_>) -> Sum {
    Sum {
        orders: total.orders,
        by_status: [total.open_orders, total.posted_orders, total.closed_orders, total.gap_orders],
        amounts: [
            total.net,
            total.posted,
            total.remainder,
            total.open,
            total.held,
            total.in_flight,
            total.gap,
            total.confirmed,
            total.parked,
            total.rejected,
            total.in_doubt,
            total.cancelled,
            total.unanswered,
        ],
        gaps: total.gaps.iter().map(|gap| (gap.class.to_owned(), gap.count)).collect(),
    }
}
