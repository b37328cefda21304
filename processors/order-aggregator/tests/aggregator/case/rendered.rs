//! What a run comes to, as short text that a case can state.

use std::fmt::Write;

use lineside_order_aggregator::amount::Amount;
use lineside_order_aggregator::component::LineId;
use lineside_schemas::records::{ConfirmationLine, OrderPosting, PostingLine};
use serde::{Deserialize, Serialize};

use crate::support::Harness;

/// What came of a case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Outcome {
    #[serde(default)]
    postings: Vec<PostingText>,
    /// `event: code`
    #[serde(default)]
    refusals: Vec<String>,
    /// Lines whose net is not posted in full, once all is said.
    #[serde(default)]
    left: Vec<String>,
    /// Events that reversals wait for.
    #[serde(default)]
    awaited: Vec<String>,
    /// Count of events that no posting covers.
    #[serde(default)]
    uncovered: i64,
    /// Count of events of unknown type.
    #[serde(default)]
    unknown: u64,
}

/// A posting. Id and control totals are checked elsewhere.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct PostingText {
    because: String,
    date: String,
    covers: String,
    #[serde(default)]
    confirmations: Vec<String>,
    #[serde(default)]
    lines: Vec<String>,
}

/// What a run came to.
pub fn outcome(harness: &mut Harness) -> Outcome {
    let ledger = harness.ledger();
    let mut left = Vec::new();
    for component in &ledger.components {
        let key = &component.key;
        let line = match &key.line {
            LineId::Reserved { item, .. } => format!("reservation item {item}"),
            LineId::Positioned { operation, position } => format!("{operation}/{position}"),
        };
        leave(&mut left, &format!("{} {line}{}", key.item, after(" lot ", key.lot.as_deref())), component.amount, &key.unit);
    }
    for receipt in &ledger.receipts {
        leave(&mut left, &receipt.key.item, receipt.amount, &receipt.key.unit);
    }
    for operation in &ledger.operations {
        for (name, amount) in [("yield", operation.r#yield), ("scrap", operation.scrap), ("rework", operation.rework)] {
            leave(&mut left, &format!("{name} of {}", operation.operation), amount, &operation.unit);
        }
    }
    Outcome {
        postings: harness.postings().iter().map(|(_, record)| posting(record)).collect(),
        refusals: harness.dead_letters().iter().map(|letter| format!("{}: {}", letter.event_id.unwrap_or("?"), letter.code)).collect(),
        left,
        awaited: ledger.corrections.pending.iter().map(|reversal| reversal.event.id.clone()).collect(),
        uncovered: ledger.open.event_count,
        unknown: harness.counter("unknown_event_types"),
    }
}

fn leave(left: &mut Vec<String>, line: &str, amount: Amount, unit: &str) {
    if amount.net() != amount.posted() {
        left.push(format!("{line}: net {} {unit}, posted {}", amount.net(), amount.posted()));
    }
}

fn posting(posting: &OrderPosting<'_>) -> PostingText {
    let covers = &posting.covers;
    let mut covered = format!("{} from {} to {}", covers.event_count, covers.first_source_time, covers.last_source_time);
    for range in &covers.positions {
        let _ = write!(covered, ", {}/{} {}-{}", range.topic, range.partition, range.first_offset, range.last_offset);
    }
    PostingText {
        because: posting.caused_by_event_id.to_owned(),
        date: posting.posting_date.to_string(),
        covers: covered,
        confirmations: posting.confirmations.iter().map(confirmation).collect(),
        lines: posting.lines.iter().map(line).collect(),
    }
}

fn confirmation(line: &ConfirmationLine<'_>) -> String {
    let last = if line.is_final { ", final" } else { "" };
    format!("{} {}: yield {}, scrap {}, rework {}{last}", line.operation, line.unit, line.r#yield, line.scrap, line.rework)
}

fn line(line: &PostingLine<'_>) -> String {
    let reservation = match (line.reservation, line.reservation_item) {
        (None, None) => String::new(),
        (reservation, item) => format!(" reservation {}/{}", reservation.unwrap_or("-"), item.unwrap_or("-")),
    };
    format!(
        "{} {} {}{}{}{}{}{reservation}",
        line.movement_type,
        line.item,
        line.quantity,
        after(" operation ", line.operation),
        after(" position ", line.position),
        after(" lot ", line.lot),
        after(" at ", line.storage_location)
    )
}

fn after(label: &str, text: Option<&str>) -> String {
    text.map(|text| format!("{label}{text}")).unwrap_or_default()
}
