//! Rule sets for people and for tools.

use std::fmt::Write as _;

use comfy_table::presets::UTF8_FULL_CONDENSED;
use comfy_table::{ContentArrangement, Table};
use lineside_posting_rules::governance::state;
use lineside_posting_rules::{Difference, RuleBook, RuleSet, statements};
use lineside_schemas::Timestamp;
use lineside_schemas::codec::encode_datum;
use lineside_schemas::contract::{self, Contract as _};
use lineside_schemas::json::to_json;

/// Every version in a table; `now` tells which of them count.
#[must_use]
pub fn table(book: &RuleBook, now: Timestamp) -> String {
    let mut table = Table::new();
    table.load_preset(UTF8_FULL_CONDENSED).set_content_arrangement(ContentArrangement::Dynamic);
    table.set_header(["version", "plants", "order types", "item groups", "from", "to", "mode", "state", "published", "reason"]);
    for set in book.sets() {
        let of = |names: &[String]| names.join(", ");
        table.add_row([
            set.id(),
            of(&set.scope.plants),
            of(&set.scope.order_types),
            of(&set.scope.item_groups),
            if set.effective_from == Timestamp::MIN { "always".to_owned() } else { set.effective_from.to_string() },
            set.effective_to.map_or_else(String::new, |to| to.to_string()),
            set.rule.mode.symbol().to_owned(),
            standing(book, set, now).to_owned(),
            if set.governance.published_at == Timestamp::MIN {
                set.governance.published_by.clone()
            } else {
                format!("{} {}", set.governance.published_by, set.governance.published_at)
            },
            set.governance.reason.clone(),
        ]);
    }
    format!("{table}\n")
}

/// What a version is at a time, in words.
fn standing(book: &RuleBook, set: &RuleSet, at: Timestamp) -> &'static str {
    if !set.is_released() {
        return state(set);
    }
    let current = book.versions(&set.name).filter(|other| other.is_released() && other.effective_from <= at).max_by_key(|other| (other.effective_from, other.version));
    match current {
        _ if set.effective_from > at => "to come",
        Some(current) if current.id() == set.id() => {
            if set.is_effective(at) {
                "in force"
            } else {
                "ended"
            }
        }
        _ => "replaced",
    }
}

/// Everything about a version, in words.
#[must_use]
pub fn report(book: &RuleBook, set: &RuleSet, at: Timestamp) -> String {
    let mut text = String::new();
    let governance = &set.governance;
    let _ = writeln!(text, "{}: {}", set.id(), standing(book, set, at));
    let by = |name: &str, account: Option<&String>| account.map_or_else(|| name.to_owned(), |account| format!("{name} (as {account})"));
    let when = |at: Timestamp| if at == Timestamp::MIN { String::new() } else { format!(", {at}") };
    let _ = writeln!(text, "  published by {}{}: {}", by(&governance.published_by, governance.published_as.as_ref()), when(governance.published_at), governance.reason);
    if governance.is_retroactive {
        let _ = writeln!(text, "  after its begin: postings made before do not follow it");
    }
    if let Some(decision) = &governance.decision {
        let reason = decision.reason.as_ref().map_or_else(String::new, |reason| format!(": {reason}"));
        let _ = writeln!(text, "  {} by {}{}{reason}", state(set), by(&decision.by, decision.known_as.as_ref()), when(decision.at));
    }
    let _ = writeln!(text, "  fingerprint {}\n", set.fingerprint());
    let statements = statements(set);
    let width = statements.iter().map(|(field, _)| field.chars().count()).max().unwrap_or_default();
    for (field, value) in statements {
        let _ = writeln!(text, "  {field:width$}  {value}");
    }
    text
}

/// Differences, a line each.
#[must_use]
pub fn differences(old: &str, new: &str, found: &[Difference]) -> String {
    if found.is_empty() {
        return format!("{new} says what {old} says\n");
    }
    let mut text = format!("{new} against {old}:\n");
    for difference in found {
        let _ = writeln!(text, "  {difference}");
    }
    text
}

/// The records of all versions, a line each.
#[must_use]
pub fn json_lines(book: &RuleBook) -> String {
    let mut text = String::new();
    for set in book.sets() {
        let _ = writeln!(text, "{}", json(set));
    }
    text
}

/// The record in the plain JSON view.
///
/// # Panics
/// Never: every rule set encodes, and its own schema reads it.
#[must_use]
pub fn json(set: &RuleSet) -> serde_json::Value {
    let strings = set.strings();
    let mut datum = Vec::new();
    encode_datum::<contract::PostingRuleSet>(&set.to_record(&strings), &mut datum).expect("a rule set has only text, numbers and enums, which always encode");
    to_json(contract::PostingRuleSet::SCHEMA, &datum).expect("it was written by the same schema")
}
