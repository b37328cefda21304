//! Sums of the books of one input partition, by item and lot, by unit, and of each plant as a whole. An order's items live in other partitions than the order; so each
//! partition keeps its part of a sum, and readers add the parts up.

use std::collections::{BTreeMap, BTreeSet};

use lineside_api::Context;
use lineside_schemas::Decimal;
use lineside_schemas::records::{Books, BooksClassCount, BooksLine, BooksLineKind, BooksStatus, BooksTotal};
use lineside_topology::processors::TOTALS;
use lineside_topology::topics::BOOKS_TOTALS;

use crate::rounding::{minus, plus};

/// Columns of amounts.
const AMOUNTS: usize = 13;
/// Columns of counts: orders in all, open, posted, closed, with gaps; lines open, in flight, with gaps.
const COUNTS: usize = 8;
/// What the keys of sums of a plant begin with in the store, so that they are found together.
pub(crate) const PLANT: &str = "PLANT";

/// A sum.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
struct Sum {
    counts: [i64; COUNTS],
    amounts: [Decimal; AMOUNTS],
    gaps: BTreeMap<String, i64>,
}

/// What is summed up. The plant as a whole is of no kind, and without a unit.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Key {
    /// Place of the kind among the symbols; 0 for sums of the plant.
    kind: usize,
    item: String,
    lot: Option<String>,
    unit: String,
}

impl Key {
    fn of_plant(unit: &str) -> Self {
        Self { kind: 0, item: String::new(), lot: None, unit: unit.to_owned() }
    }

    fn of_line(line: &BooksLine<'_>, item: &str) -> Self {
        Self { kind: line.kind as usize, item: item.to_owned(), lot: line.lot.map(str::to_owned), unit: line.unit.to_owned() }
    }

    fn symbol(&self) -> &'static str {
        if self.kind == 0 { PLANT } else { BooksLineKind::SYMBOLS.get(self.kind).copied().unwrap_or(PLANT) }
    }

    fn contract(&self) -> BooksLineKind {
        BooksLineKind::from_symbol(self.symbol())
    }

    /// A lot that is none differs from one without a name. Texts may hold the separator: the record says it all, the key only has to tell them apart.
    fn rest(&self) -> String {
        let lot = self.lot.as_deref().map_or_else(|| "-".to_owned(), |lot| format!("={lot}"));
        format!("{}/{lot}/{}", self.item, self.unit)
    }
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

const fn column(status: BooksStatus) -> usize {
    match status {
        BooksStatus::Unknown | BooksStatus::Open => 1,
        BooksStatus::Posted => 2,
        BooksStatus::Closed => 3,
        BooksStatus::Gap => 4,
    }
}

/// What an order's books add to the sums.
fn parts(books: &Books<'_>) -> BTreeMap<Key, Sum> {
    let mut parts: BTreeMap<Key, Sum> = BTreeMap::new();
    let mut of_order = [0; COUNTS];
    (of_order[0], of_order[column(books.status)]) = (1, 1);
    let plant = parts.entry(Key::of_plant("")).or_default();
    plant.counts = of_order;
    for gap in &books.gaps {
        *plant.gaps.entry(gap.class.to_owned()).or_default() += 1;
    }
    for line in &books.lines {
        let mut keys = vec![Key::of_plant("")];
        if let Some(item) = line.item {
            keys.extend([Key::of_plant(line.unit), Key::of_line(line, item)]);
        }
        for key in keys {
            let with_amounts = !key.unit.is_empty();
            let sum = parts.entry(key).or_default();
            sum.counts[..5].copy_from_slice(&of_order[..5]);
            for (count, amount) in sum.counts[5..].iter_mut().zip([line.open, line.in_flight, line.gap]) {
                *count += i64::from(!amount.is_zero());
            }
            if with_amounts {
                for (sum, amount) in sum.amounts.iter_mut().zip(amounts(line)) {
                    *sum = plus(*sum, amount);
                }
            }
        }
    }
    parts
}

/// Takes what the books said before out of the sums, and what they say now in. `after` is nothing for an order that expires.
pub fn change(cx: &mut Context<'_>, plant: &str, partition: i32, before: Option<&Books<'_>>, after: Option<&Books<'_>>) {
    let (before, after) = (before.map(parts).unwrap_or_default(), after.map(parts).unwrap_or_default());
    let keys: BTreeSet<&Key> = before.keys().chain(after.keys()).collect();
    for key in keys {
        let (old, new) = (before.get(key), after.get(key));
        if old != new {
            apply(cx, plant, partition, key, old, new);
        }
    }
}

fn apply(cx: &mut Context<'_>, plant: &str, partition: i32, key: &Key, old: Option<&Sum>, new: Option<&Sum>) {
    let (symbol, rest) = (key.symbol(), key.rest());
    let store_key = format!("{symbol}/{plant}/{rest}");
    let topic_key = format!("{plant}/{symbol}/{rest}/{partition}");
    let mut sum = cx.get(TOTALS, &store_key).map(|total| of(&total)).unwrap_or_default();
    for (part, sign) in [(old, -1), (new, 1)] {
        let Some(part) = part else { continue };
        for (count, by) in sum.counts.iter_mut().zip(part.counts) {
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
    if sum.counts[0] <= 0 {
        cx.delete(TOTALS, &store_key);
        cx.send_tombstone(BOOKS_TOTALS, &topic_key);
        return;
    }
    let record = record(plant, partition, key, &sum);
    cx.put(TOTALS, &store_key, &record);
    cx.send(BOOKS_TOTALS, &topic_key, &record);
}

fn record<'a>(plant: &'a str, partition: i32, key: &'a Key, sum: &'a Sum) -> BooksTotal<'a> {
    let [net, posted, remainder, open, held, in_flight, gap, confirmed, parked, rejected, in_doubt, cancelled, unanswered] = sum.amounts;
    let [orders, open_orders, posted_orders, closed_orders, gap_orders, open_lines, in_flight_lines, gap_lines] = sum.counts;
    BooksTotal {
        plant,
        partition,
        kind: key.contract(),
        item: (key.kind > 0).then_some(key.item.as_str()),
        lot: key.lot.as_deref(),
        unit: Some(key.unit.as_str()).filter(|unit| !unit.is_empty()),
        orders,
        open_orders,
        posted_orders,
        closed_orders,
        gap_orders,
        open_lines,
        in_flight_lines,
        gap_lines,
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

fn of(total: &BooksTotal<'_>) -> Sum {
    Sum {
        counts: [total.orders, total.open_orders, total.posted_orders, total.closed_orders, total.gap_orders, total.open_lines, total.in_flight_lines, total.gap_lines],
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
