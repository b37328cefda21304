//! What was made of documents, for people: a line for each event, a table for each posting, a line for each ERP record, and the books.

use std::fmt::Write as _;

use comfy_table::Table;
use comfy_table::presets::UTF8_FULL_CONDENSED;
use lineside_topology::topics::{ERP_CONFIRMATIONS, ERP_GOODS_MOVEMENTS, ORDER_POSTINGS};
use serde_json::Value;

use crate::dead_letters::content::printable;
use crate::explain::lines::Shown;
use crate::explain::made::{Outcome, Output};
use crate::explain::view::{ViewError, Views};

/// A document: a line for it, one for each event and one for each refusal.
///
/// # Errors
/// [`ViewError`]
pub fn document(shown: &Shown<'_>) -> Result<String, ViewError> {
    let mut text = String::new();
    let _ = writeln!(text, "{}: {}", printable(shown.record), shown.plan.mapping_version());
    for (event, explained) in shown.events() {
        let kind = explained.map_or_else(|| "event".to_owned(), |explained| explained.type_name.clone());
        let outcome = match &event.outcome {
            Outcome::New => String::new(),
            Outcome::Refused(code) => format!(", refused: {code}"),
            Outcome::Duplicate => format!(", {}", Outcome::Duplicate.word()),
        };
        let _ = writeln!(text, "  {} {kind} of {}{outcome}", printable(&event.event_id), printable(&event.key));
    }
    for output in &shown.made.letters {
        let letter = shown.views.letter(&output.value)?;
        let _ = writeln!(text, "  REFUSED by {}: {} ({})", letter.processor, printable(letter.message), letter.code);
    }
    Ok(text)
}

/// Everything behind the events: postings in the order in which they were made, what the ERP gets, and every other record.
///
/// # Errors
/// [`ViewError`]
pub fn text(outputs: &[Output], views: &Views) -> Result<String, ViewError> {
    let mut text = String::new();
    let of = |topic: &'static str| outputs.iter().filter(move |output| output.topic == topic);
    for output in of(ORDER_POSTINGS.name()) {
        posting(&views.plain(&output.topic, &output.value)?, &mut text);
    }
    if of(ORDER_POSTINGS.name()).next().is_none() {
        text += "\nno postings\n";
    }
    let _ = writeln!(text, "\nto the ERP: {} confirmations, {} goods movements", of(ERP_CONFIRMATIONS.name()).count(), of(ERP_GOODS_MOVEMENTS.name()).count());
    Ok(text)
}

fn posting(posting: &Value, text: &mut String) {
    let word = |value: &Value| value.as_str().map_or_else(|| if value.is_null() { String::new() } else { value.to_string() }, str::to_owned);
    let is_final = if posting["final"] == Value::Bool(true) { ", final" } else { "" };
    let _ = writeln!(
        text,
        "\norder {}, plant {}: posting {} on {} by {} ({}){is_final}, made due by {}",
        printable(&word(&posting["order"])),
        printable(&word(&posting["plant"])),
        posting["sequence"],
        word(&posting["posting_date"]),
        printable(&word(&posting["rule_version"])),
        word(&posting["mode"]),
        printable(&word(&posting["caused_by_event_id"])),
    );
    let mut lines = table(["movement", "material", "lot", "quantity", "unit", "operation", "reservation item"]);
    for line in posting["lines"].as_array().into_iter().flatten() {
        let quantity = &line["quantity"];
        let cells = [&line["movement_type"], &line["item"], &line["lot"], &quantity["value"], &quantity["unit"], &line["operation"], &line["reservation_item"]];
        lines.add_row(cells.map(|cell| printable(&word(cell))));
    }
    let mut confirmations = table(["operation", "yield", "scrap", "rework", "unit", "final"]);
    for line in posting["confirmations"].as_array().into_iter().flatten() {
        let cells = [&line["operation"], &line["yield"], &line["scrap"], &line["rework"], &line["unit"], &line["is_final"]];
        confirmations.add_row(cells.map(|cell| printable(&word(cell))));
    }
    for table in [lines, confirmations].iter().filter(|table| table.row_count() > 0) {
        let _ = writeln!(text, "{table}");
    }
}

fn table<const N: usize>(header: [&str; N]) -> Table {
    let mut table = Table::new();
    table.load_preset(UTF8_FULL_CONDENSED).set_header(header);
    table
}
