//! What happened, for people.

mod events;
mod posting;

use std::fmt::Write as _;

use comfy_table::{CellAlignment, Table, presets};

use crate::tally::Tally;

pub use events::{dead_letters, events};
pub use posting::{example, text as posting_text};

/// The run as a table that a plant engineer reads from top to bottom: what came in, what became of it, what is booked.
#[must_use]
pub fn summary(tally: &Tally) -> String {
    let all = tally.all_sources();
    let mut table = table();
    for (source, counts) in &tally.sources {
        row(&mut table, &format!("Records from {source}"), counts.records);
    }
    row(&mut table, "Records refused (dead letters)", all.refused_records);
    section(&mut table);
    row(&mut table, "Events in the other records", all.events);
    row(&mut table, "  duplicates dropped", all.duplicates());
    row(&mut table, "  conflicts shown (same id, other content)", all.conflicts);
    row(&mut table, "  refused for another reason", all.refused_events);
    row(&mut table, "  passed on, each once", all.accepted);
    section(&mut table);
    row(&mut table, "Orders seen", tally.orders);
    row(&mut table, "  completed", tally.completed_orders);
    row(&mut table, "  posted", tally.posted_orders);
    row(&mut table, "  still open", tally.orders.saturating_sub(tally.completed_orders));
    section(&mut table);
    row(&mut table, "Postings", tally.first_postings + tally.delta_postings);
    row(&mut table, "  later ones, for what came after the completion", tally.delta_postings);
    row(&mut table, "  posting lines", tally.posting_lines);
    row(&mut table, "ERP confirmations", tally.confirmations);
    row(&mut table, "ERP goods movements (material documents)", tally.movements);
    row(&mut table, "  their items", tally.movement_items);
    if !tally.books.is_empty() {
        section(&mut table);
        for (status, count) in &tally.books {
            row(&mut table, &format!("Books of orders that are {status}"), *count);
        }
    }
    let mut text = format!("{table}\n");
    if !tally.dead_letters.is_empty() {
        text.push_str("\nDead letters by reason\n");
        text.push_str(&reasons(tally));
    }
    text
}

fn reasons(tally: &Tally) -> String {
    let mut table = Table::new();
    table.load_preset(presets::UTF8_BORDERS_ONLY);
    for ((processor, code), count) in &tally.dead_letters {
        table.add_row([code.clone(), format!("refused by {processor}"), count.to_string()]);
    }
    if let Some(column) = table.column_mut(2) {
        column.set_cell_alignment(CellAlignment::Right);
    }
    let mut text = String::new();
    let _ = writeln!(text, "{table}");
    text
}

fn table() -> Table {
    let mut table = Table::new();
    table.load_preset(presets::UTF8_BORDERS_ONLY);
    table
}

fn row(table: &mut Table, what: &str, count: u64) {
    table.add_row([what.to_owned(), count.to_string()]);
    if let Some(column) = table.column_mut(1) {
        column.set_cell_alignment(CellAlignment::Right);
    }
}

fn section(table: &mut Table) {
    table.add_row(["", ""]);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::books::tests::completed_order;
    use crate::books::{Contents, facts::Position};

    fn shown(contents: &Contents) -> Vec<String> {
        let text = summary(&Tally::of(contents));
        text.lines().map(|line| line.split(['│', ' ']).filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")).collect()
    }

    #[test]
    fn the_table_says_what_came_in_and_what_became_of_it() {
        let mut contents = completed_order();
        let mut repeat = contents.normalized[0].clone();
        repeat.raw.offset = 50;
        contents.raw.insert(repeat.raw.clone());
        contents.normalized.push(repeat);
        let lines = shown(&contents);
        for line in ["Records from plant-a.mes 8", "duplicates dropped 1", "passed on, each once 7", "posted 1", "still open 0", "posting lines 2", "their items 2"] {
            assert!(lines.iter().any(|shown| shown == line), "no {line:?} in {lines:#?}");
        }
    }

    #[test]
    fn dead_letters_are_counted_by_reason() {
        let mut contents = completed_order();
        let refused = Position { topic: "raw.plant-b.b2mml".to_owned(), partition: 0, offset: 0, index: None };
        contents.raw.insert(refused.clone());
        contents.dead_letters.push(crate::books::tests::letter("normalizer", refused));
        let lines = shown(&contents);
        assert!(lines.iter().any(|line| line == "code refused by normalizer 1"), "{lines:#?}");
        assert!(lines.iter().any(|line| line == "Records refused (dead letters) 1"), "{lines:#?}");
    }

    #[test]
    fn a_posting_is_shown_with_amounts_lots_and_where_it_came_from() {
        let contents = completed_order();
        let text = posting_text(example(&contents.postings).unwrap());
        for words in
            ["261 issue", "B-1", "4711/0001", "101 receipt", "control total 101 receipt: 1 lines, 10 C62", "covers 7 events", "raw.plant-a.mes-0@0 to 6", "2024-10-04"]
        {
            assert!(text.contains(words), "no {words:?} in:\n{text}");
        }
    }
}
