//! What the metrics show of the books: gaps by class and plant and since when, orders by status, lines and amounts that are open.

use lineside_api::Context;
use lineside_schemas::Decimal;
use lineside_schemas::records::{AccountEntry, Books, BooksTotal};
use lineside_topology::processors::{ACCOUNT_ENTRIES, TOTALS};

use crate::difference::Class;
use crate::totals::PLANT;

/// Gauge: differences that stand, by class.
pub const GAPS: &str = "books_gaps";
/// Gauge: since when the oldest of a class stands, in Unix seconds; 0 if there is none.
pub const OLDEST: &str = "books_oldest_timestamp_seconds";
/// Gauge: orders by status.
pub const ORDERS: &str = "books_orders";
/// Gauge: lines that are open, in flight, or have a gap.
pub const LINES: &str = "books_lines";
/// Gauges: amounts by unit.
pub const AMOUNTS: [&str; 3] = ["books_amount_open", "books_amount_in_flight", "books_amount_gap"];

/// Keys by which the oldest difference of a class is found: an order's, once for each.
fn keys(books: &Books<'_>) -> Vec<String> {
    let since = |gap: &lineside_schemas::records::BooksGap<'_>| format!("g/{}/{}/{:020}/{}", books.plant, gap.class, gap.since.micros().max(0), books.order);
    let mut keys: Vec<String> = books.gaps.iter().map(since).collect();
    keys.sort_unstable();
    keys.dedup();
    keys
}

/// Keeps the keys of an order's differences as its books say.
pub fn index(cx: &mut Context<'_>, before: Option<&Books<'_>>, after: Option<&Books<'_>>) {
    let (before, after) = (before.map(keys).unwrap_or_default(), after.map(keys).unwrap_or_default());
    for gone in before.iter().filter(|key| !after.contains(key)) {
        cx.delete(ACCOUNT_ENTRIES, gone);
    }
    for new in after.iter().filter(|key| !before.contains(key)) {
        cx.put(ACCOUNT_ENTRIES, new, &AccountEntry { order: Some(new), ..AccountEntry::default() });
    }
}

/// A sum of a plant, as far as the gauges go.
struct Sum {
    plant: String,
    unit: Option<String>,
    orders: [(&'static str, i64); 4],
    lines: [(&'static str, i64); 3],
    amounts: [Decimal; 3],
    gaps: Vec<(String, i64)>,
}

impl Sum {
    fn of(total: &BooksTotal<'_>) -> Self {
        Self {
            plant: total.plant.to_owned(),
            unit: total.unit.map(str::to_owned),
            orders: [("OPEN", total.open_orders), ("POSTED", total.posted_orders), ("CLOSED", total.closed_orders), ("GAP", total.gap_orders)],
            lines: [("open", total.open_lines), ("in-flight", total.in_flight_lines), ("gap", total.gap_lines)],
            amounts: [total.open, total.in_flight, total.gap],
            gaps: total.gaps.iter().map(|gap| (gap.class.to_owned(), gap.count)).collect(),
        }
    }
}

/// Shows the levels of every plant of the partition.
pub fn show(cx: &mut Context<'_>) {
    let prefix = format!("{PLANT}/");
    let mut from = prefix.clone();
    while let Some((key, sum)) = cx.first_from(TOTALS, &from).map(|(key, total)| (key, Sum::of(&total))).filter(|(key, _)| key.starts_with(&prefix)) {
        from = key + "\0";
        show_sum(cx, &sum);
    }
}

#[expect(clippy::cast_precision_loss, reason = "levels for people and alerts; the books have the exact numbers")]
fn show_sum(cx: &mut Context<'_>, sum: &Sum) {
    let plant = sum.plant.as_str();
    if let Some(unit) = &sum.unit {
        for (name, amount) in AMOUNTS.iter().zip(sum.amounts) {
            cx.gauge(name, plant, unit, amount.unscaled() as f64 / 1e9);
        }
        return;
    }
    for (status, count) in sum.orders {
        cx.gauge(ORDERS, plant, status, count as f64);
    }
    for (kind, count) in sum.lines {
        cx.gauge(LINES, plant, kind, count as f64);
    }
    for class in Class::ALL {
        let name = class.name();
        let count = sum.gaps.iter().find(|(class, _)| class == name).map_or(0, |(_, count)| *count);
        cx.gauge(GAPS, plant, name, count as f64);
        let oldest = if count > 0 { oldest(cx, plant, name) } else { 0 };
        cx.gauge(OLDEST, plant, name, oldest as f64 / 1e6);
    }
}

fn oldest(cx: &mut Context<'_>, plant: &str, class: &str) -> i64 {
    let prefix = format!("g/{plant}/{class}/");
    let first = cx.first_from(ACCOUNT_ENTRIES, &prefix).map(|(key, _)| key);
    let digits = first.as_deref().and_then(|key| key.strip_prefix(&prefix)).and_then(|rest| rest.get(..20));
    digits.and_then(|digits| digits.parse().ok()).unwrap_or(0)
}
