//! A posting in full.

use std::fmt::Write as _;

use comfy_table::{CellAlignment, Table, presets};
use jiff::civil::Date;

use crate::books::facts::{Posting, plain};

/// The posting that shows most: a first posting with the most lines; of several, that of the smallest order.
#[must_use]
pub fn example(postings: &[Posting]) -> Option<&Posting> {
    let key = |posting: &Posting| (posting.sequence != 1, std::cmp::Reverse(posting.lines.len()), posting.plant.clone(), posting.order.clone());
    postings.iter().min_by_key(|posting| key(posting))
}

/// Everything that a posting says.
#[must_use]
pub fn text(posting: &Posting) -> String {
    let mut text = String::new();
    let _ = writeln!(text, "Posting {} of order {}, plant {}, number {}", posting.id, posting.order, posting.plant, posting.sequence);
    let kind = if posting.is_final { "final" } else { "provisional" };
    let _ = writeln!(text, "booked on {}, {kind}, made due by event {}", date(posting.posting_date), posting.caused_by);

    let mut lines = grid(&["line", "movement", "material", "lot", "quantity", "unit", "operation", "position", "reservation", "storage"]);
    for line in &posting.lines {
        let reservation = match (&line.reservation, &line.reservation_item) {
            (Some(reservation), Some(item)) => format!("{reservation}/{item}"),
            (None, Some(item)) => item.clone(),
            _ => String::new(),
        };
        lines.add_row([
            line.line.to_string(),
            format!("{} {}", line.movement_type, movement_name(&line.movement_type)),
            line.item.clone(),
            or_empty(line.lot.as_ref()),
            plain(&line.quantity.value),
            line.quantity.unit.clone(),
            or_empty(line.operation.as_ref()),
            or_empty(line.position.as_ref()),
            reservation,
            or_empty(line.storage_location.as_ref()),
        ]);
    }
    right(&mut lines, &[4]);
    let _ = writeln!(text, "{lines}");

    let mut confirmations = grid(&["operation", "yield", "scrap", "rework", "unit", "final"]);
    for line in &posting.confirmations {
        let amounts = [&line.good, &line.scrap, &line.rework].map(plain);
        let [good, scrap, rework] = amounts;
        confirmations.add_row([line.operation.clone(), good, scrap, rework, line.unit.clone(), if line.is_final { "yes" } else { "no" }.to_owned()]);
    }
    right(&mut confirmations, &[1, 2, 3]);
    let _ = writeln!(text, "{confirmations}");

    for total in &posting.control_totals {
        let _ = writeln!(
            text,
            "control total {} {}: {} lines, {} {}",
            total.movement_type,
            movement_name(&total.movement_type),
            total.lines,
            plain(&total.quantity),
            total.unit
        );
    }
    let _ = write!(text, "covers {} events, from raw records", posting.covered_events);
    for range in &posting.covered {
        let _ = write!(text, " {} to {}", range.first, range.last_offset);
    }
    text.push('\n');
    text
}

fn movement_name(movement_type: &str) -> &'static str {
    match movement_type {
        "101" => "receipt",
        "102" => "receipt taken back",
        "261" => "issue",
        "262" => "issue taken back",
        _ => "",
    }
}

fn date(days: i64) -> String {
    let epoch = Date::constant(1970, 1, 1);
    jiff::Span::new().try_days(days).and_then(|span| epoch.checked_add(span)).map_or_else(|_| format!("day {days}"), |date| date.to_string())
}

fn grid(header: &[&str]) -> Table {
    let mut table = Table::new();
    table.load_preset(presets::UTF8_BORDERS_ONLY);
    table.set_header(header.to_vec());
    table
}

fn right(table: &mut Table, columns: &[usize]) {
    for column in columns {
        if let Some(column) = table.column_mut(*column) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
}

fn or_empty(text: Option<&String>) -> String {
    text.cloned().unwrap_or_default()
}
