//! Our books beside the ERP's.

use std::fmt::Write as _;

use bigdecimal::{BigDecimal, Zero as _};
use comfy_table::{CellAlignment, Table, presets};

use crate::books::facts::{Posting, plain};
use crate::books::{Amounts, Booked};

const COLUMNS: [&str; 9] = ["unit", "lines", "posted by us", "booked by the ERP", "parked", "cancelled", "rejected", "in doubt", ""];

/// What we posted and what the ERP says it booked: by plant and movement, and in full for the order of one posting.
#[must_use]
pub fn booked(booked: &Booked, example: Option<&Posting>) -> String {
    let mut table = grid(&["plant", "movement"]);
    for ((plant, movement, unit), amounts) in booked.by_movement() {
        table.add_row([vec![plant.to_owned(), named(movement)], cells(unit, &amounts)].concat());
    }
    let mut text = format!("{}\n", aligned(table, 2));
    let Some(posting) = example else { return text };
    let mut table = grid(&["movement", "material", "lot"]);
    for (key, amounts) in booked.rows.iter().filter(|(key, _)| key.plant == posting.plant && key.order == posting.order) {
        table.add_row([vec![named(&key.movement), key.item.clone(), key.lot.clone()], cells(&key.unit, amounts)].concat());
    }
    let _ = writeln!(text, "Order {} of {}\n{}", posting.order, posting.plant, aligned(table, 3));
    text
}

fn named(movement: &str) -> String {
    match movement {
        "yield" => "confirmed".to_owned(),
        "261" => "261 issue".to_owned(),
        "262" => "262 issue taken back".to_owned(),
        "101" => "101 receipt".to_owned(),
        "102" => "102 receipt taken back".to_owned(),
        "531" => "531 by-product".to_owned(),
        "532" => "532 by-product taken back".to_owned(),
        other => other.to_owned(),
    }
}

fn cells(unit: &str, amounts: &Amounts) -> Vec<String> {
    let some = |amount: &BigDecimal| if amount.is_zero() { String::new() } else { plain(amount) };
    let equal = amounts.posted == amounts.booked;
    vec![
        unit.to_owned(),
        amounts.lines.to_string(),
        plain(&amounts.posted),
        plain(&amounts.booked),
        some(&amounts.parked),
        some(&amounts.cancelled),
        some(&amounts.rejected),
        some(&amounts.in_doubt),
        if equal { "equal" } else { "DIFFERS" }.to_owned(),
    ]
}

fn grid(first: &[&str]) -> Table {
    let mut table = Table::new();
    table.load_preset(presets::UTF8_BORDERS_ONLY);
    table.set_header(first.iter().chain(&COLUMNS));
    table
}

fn aligned(mut table: Table, before: usize) -> Table {
    for column in before + 1..before + 8 {
        if let Some(column) = table.column_mut(column) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    table
}

#[cfg(test)]
mod tests {
    use crate::books::tests::completed_order;

    #[test]
    fn what_differs_is_marked_so() {
        let contents = completed_order();
        let text = super::booked(&crate::books::booked(&contents, &[]), contents.postings.first());
        assert!(text.contains("DIFFERS") && text.contains("261 issue") && text.contains("RM-1"), "{text}");
    }
}
