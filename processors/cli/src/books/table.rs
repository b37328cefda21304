//! Books printed.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use comfy_table::{CellAlignment, Table, presets};
use lineside_schemas::json::JsonView;
use lineside_schemas::records::{Books, BooksGap, BooksLine, BooksTotal};
use lineside_schemas::{Contract as _, Decimal, Timestamp, contract};

use super::BooksError;
use super::find::{Published, decode};
use crate::dead_letters::content::printable;

/// An object a line: the records as they stand on the topics.
///
/// # Errors
/// [`BooksError`].
pub fn json_lines(published: &Published) -> Result<String, BooksError> {
    let mut text = String::new();
    for (schema, values) in [(contract::BooksTotal::SCHEMA, &published.totals), (contract::Books::SCHEMA, &published.orders)] {
        let view = JsonView::new(schema)?;
        for value in values.values() {
            let _ = writeln!(text, "{}", view.show(value)?);
        }
    }
    Ok(text)
}

/// Tables for people.
///
/// # Errors
/// [`BooksError::Unreadable`].
pub fn text(published: &Published, now: Timestamp) -> Result<String, BooksError> {
    let mut text = String::new();
    let totals = published.totals.values().map(|value| decode::<contract::BooksTotal>(value)).collect::<Result<Vec<_>, _>>()?;
    let (plants, items): (Vec<_>, Vec<_>) = totals.into_iter().filter(|total| total.item.is_some() || total.unit.is_none()).partition(|total| total.item.is_none());
    if !plants.is_empty() {
        text += &of_plants(&plants);
    }
    if !items.is_empty() {
        text += &of_items(&items);
    }
    let orders = published.orders.values().map(|value| decode::<contract::Books>(value)).collect::<Result<Vec<_>, _>>()?;
    if published.in_full {
        orders.iter().for_each(|books| text += &in_full(books, now));
    } else if !orders.is_empty() {
        text += &list(&orders, now);
    }
    if published.left_out > 0 {
        let _ = writeln!(text, "{} more; --limit shows more of them", published.left_out);
    }
    Ok(text)
}

fn table(header: &[&str], right: std::ops::Range<usize>) -> Table {
    let mut table = Table::new();
    table.load_preset(presets::UTF8_BORDERS_ONLY);
    table.set_header(header);
    for index in right {
        if let Some(column) = table.column_mut(index) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    table
}

fn sum(one: Decimal, other: Decimal) -> Decimal {
    one.checked_add(other).unwrap_or(one)
}

fn of_plants(totals: &[BooksTotal<'_>]) -> String {
    let mut plants: BTreeMap<&str, ([i64; 5], BTreeMap<&str, i64>)> = BTreeMap::new();
    for total in totals {
        let (counts, gaps) = plants.entry(total.plant).or_default();
        let more = [total.orders, total.open_orders, total.posted_orders, total.closed_orders, total.gap_orders];
        counts.iter_mut().zip(more).for_each(|(count, more)| *count += more);
        for gap in &total.gaps {
            *gaps.entry(gap.class).or_default() += gap.count;
        }
    }
    let mut table = table(&["plant", "orders", "open", "posted", "closed", "with gaps", "differences by class"], 1..6);
    for (plant, (counts, gaps)) in plants {
        let gaps: Vec<String> = gaps.into_iter().map(|(class, count)| format!("{class} {count}")).collect();
        let counts = counts.map(|count| count.to_string());
        table.add_row([printable(plant)].into_iter().chain(counts).chain([if gaps.is_empty() { "-".to_owned() } else { gaps.join(", ") }]));
    }
    format!("{table}\n")
}

const COLUMNS: [&str; 13] = ["net", "posted", "remainder", "open", "held", "in flight", "gap", "confirmed", "parked", "rejected", "in doubt", "cancelled", "unanswered"];

fn amounts(total: &BooksTotal<'_>) -> [Decimal; 13] {
    [
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
    ]
}

fn of_line(line: &BooksLine<'_>) -> [Decimal; 13] {
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

/// The columns that say something in any row, besides net and posted.
fn telling(rows: &[[Decimal; 13]]) -> Vec<usize> {
    (0..COLUMNS.len()).filter(|column| *column < 2 || rows.iter().any(|row| !row[*column].is_zero())).collect()
}

fn of_items(totals: &[BooksTotal<'_>]) -> String {
    let mut sums: BTreeMap<(&str, &str, &str, Option<&str>, &str), ([i64; 2], [Decimal; 13])> = BTreeMap::new();
    for total in totals {
        let key = (total.plant, total.item.unwrap_or_default(), total.kind.symbol(), total.lot, total.unit.unwrap_or_default());
        let (counts, all) = sums.entry(key).or_default();
        counts[0] += total.orders;
        counts[1] += total.gap_orders;
        for (one, more) in all.iter_mut().zip(amounts(total)) {
            *one = sum(*one, more);
        }
    }
    let rows: Vec<[Decimal; 13]> = sums.values().map(|(_, amounts)| *amounts).collect();
    let columns = telling(&rows);
    let header: Vec<&str> = ["plant", "item", "what", "lot", "orders", "with gaps", "unit"].into_iter().chain(columns.iter().map(|column| COLUMNS[*column])).collect();
    let mut table = table(&header, 7..7 + columns.len());
    for ((plant, item, kind, lot, unit), (counts, amounts)) in &sums {
        let names = [printable(plant), printable(item), kind.to_lowercase().replace('_', "-"), lot.map_or_else(|| "-".to_owned(), printable)];
        let counts = counts.map(|count| count.to_string());
        table.add_row(names.into_iter().chain(counts).chain([printable(unit)]).chain(columns.iter().map(|column| amounts[*column].to_string())));
    }
    format!("{table}\n")
}

fn list(orders: &[Books<'_>], now: Timestamp) -> String {
    let mut table = table(&["plant", "order", "status", "events", "covered", "postings", "differences", "oldest", "as of"], 3..6);
    for books in orders {
        let mut classes: Vec<&str> = books.gaps.iter().chain(&books.in_flight).map(|gap| gap.class).collect();
        classes.sort_unstable();
        classes.dedup();
        let oldest = books.gaps.iter().chain(&books.in_flight).map(|gap| gap.since).min();
        table.add_row([
            printable(books.plant),
            printable(books.order),
            books.status.symbol().to_owned(),
            books.events.to_string(),
            books.covered_events.to_string(),
            books.postings.to_string(),
            if classes.is_empty() { "-".to_owned() } else { classes.join(", ") },
            oldest.map_or_else(|| "-".to_owned(), |since| age(since, now)),
            books.as_of.to_string(),
        ]);
    }
    format!("{table}\n")
}

fn in_full(books: &Books<'_>, now: Timestamp) -> String {
    let mut text = format!(
        "Order {} of plant {}: {}{}\n{} events accepted, {} of them covered by {} postings; as of {}\n",
        printable(books.order),
        printable(books.plant),
        books.status.symbol(),
        if books.is_completed { ", complete" } else { "" },
        books.events,
        books.covered_events,
        books.postings,
        books.as_of
    );
    let rows: Vec<[Decimal; 13]> = books.lines.iter().map(of_line).collect();
    let columns = telling(&rows);
    let header: Vec<&str> = ["line", "what", "unit"].into_iter().chain(columns.iter().map(|column| COLUMNS[*column])).collect();
    let mut lines = table(&header, 3..3 + columns.len());
    for ((number, line), amounts) in (1..).zip(&books.lines).zip(&rows) {
        let words = [i32::to_string(&number), what(line), printable(line.unit)];
        lines.add_row(words.into_iter().chain(columns.iter().map(|column| amounts[*column].to_string())));
    }
    let _ = writeln!(text, "{lines}");
    for (title, gaps) in [("Differences", &books.gaps), ("In flight", &books.in_flight)] {
        if !gaps.is_empty() {
            let _ = writeln!(text, "{title}\n{}", of_gaps(gaps, now));
        }
    }
    text
}

fn what(line: &BooksLine<'_>) -> String {
    let mut words = line.kind.symbol().to_lowercase().replace('_', "-");
    let reserved = [line.reservation, line.reservation_item].into_iter().flatten().collect::<Vec<_>>().join("/");
    let mut add = |before: &str, text: Option<&str>| {
        if let Some(text) = text.filter(|text| !text.is_empty()) {
            words.push_str(before);
            words.push_str(&printable(text));
        }
    };
    add(" of ", line.operation);
    add(" at ", line.position);
    add(" ", Some(&reserved));
    add(" ", line.item);
    add(", lot ", line.lot);
    add(", at ", line.storage_location);
    words
}

fn of_gaps(gaps: &[BooksGap<'_>], now: Timestamp) -> String {
    let mut table = table(&["class", "about", "line", "amount", "age", "what is known"], 2..4);
    for gap in gaps {
        let overdue = if gap.is_overdue { " (overdue, not proven)" } else { "" };
        table.add_row([
            gap.class.to_owned(),
            printable(gap.subject),
            gap.line.map_or_else(|| "-".to_owned(), |line| line.to_string()),
            gap.amount.map_or_else(|| "-".to_owned(), |amount| amount.to_string()),
            age(gap.since, now),
            printable(gap.text) + overdue,
        ]);
    }
    table.to_string()
}

/// How long ago, in the largest two units.
pub(crate) fn age(since: Timestamp, now: Timestamp) -> String {
    let seconds = now.micros().saturating_sub(since.micros()).max(0) / 1_000_000;
    match seconds {
        0..60 => format!("{seconds} s"),
        60..3600 => format!("{} min {} s", seconds / 60, seconds % 60),
        3600..86_400 => format!("{} h {} min", seconds / 3600, seconds % 3600 / 60),
        _ => format!("{} d {} h", seconds / 86_400, seconds % 86_400 / 3600),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ages_are_told_in_two_units() {
        let ages = [(0, "0 s"), (59, "59 s"), (61, "1 min 1 s"), (3_700, "1 h 1 min"), (200_000, "2 d 7 h")];
        for (seconds, told) in ages {
            assert_eq!(age(Timestamp::EPOCH, Timestamp::from_millis(seconds * 1000)), told);
        }
        assert_eq!(age(Timestamp::from_millis(5000), Timestamp::EPOCH), "0 s", "a clock that is behind");
    }
}
