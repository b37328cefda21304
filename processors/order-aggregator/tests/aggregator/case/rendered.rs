//! What a run comes to, as short text that a case can state.

use std::fmt::Write;

use lineside_order_aggregator::Ledger;
use lineside_order_aggregator::goods::Goods;
use lineside_order_aggregator::line::{Kind, LineId};
use lineside_order_aggregator::sum::UnitAmount;
use lineside_schemas::records::{BookKind, ConfirmationLine, HeldLine, OrderPosting, OrderStatus, PostingLine, PostingMode, PostingTrigger, Quantity};
use serde::{Deserialize, Serialize};

use crate::support::Harness;

/// What came of a case. What a case does not state is not compared: covers, date, status.
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
    left: Option<Vec<String>>,
    /// Events that reversals wait for.
    #[serde(default)]
    awaited: Vec<String>,
    /// Count of events that no posting covers.
    #[serde(default)]
    uncovered: Option<i64>,
    /// Count of events of unknown type.
    #[serde(default)]
    unknown: u64,
    /// What the status says last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    state: Option<String>,
    /// Amounts held, by the last status.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    held: Option<Vec<String>>,
    /// `KIND of event`, by the last status.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    flags: Option<Vec<String>>,
    /// Sources waited for, by the last status.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    waiting_for: Option<Vec<String>>,
    /// Other facts of the last status.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    also: Option<String>,
    /// The books were forgotten.
    #[serde(default)]
    forgotten: bool,
}

/// A posting. Id and control totals are checked elsewhere.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct PostingText {
    because: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    date: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    covers: Option<String>,
    /// What made it due, where that is neither the completion nor an event after it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    trigger: Option<String>,
    /// `provisional` or `partial`, where it is not final.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    state: Option<String>,
    /// Where it is not that of the case's only rule.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    rule: Option<String>,
    /// Where the movements are not explicit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    mode: Option<String>,
    #[serde(default)]
    confirmations: Vec<String>,
    #[serde(default)]
    lines: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    held: Option<Vec<String>>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    conversions: Vec<String>,
}

impl Outcome {
    /// Without what `expected` does not state.
    pub fn stated_by(mut self, expected: &Self) -> Self {
        fn unless<T>(got: &mut Option<T>, stated: bool) {
            if !stated {
                *got = None;
            }
        }
        unless(&mut self.left, expected.left.is_some());
        unless(&mut self.uncovered, expected.uncovered.is_some());
        unless(&mut self.state, expected.state.is_some());
        unless(&mut self.held, expected.held.is_some());
        unless(&mut self.flags, expected.flags.is_some());
        unless(&mut self.waiting_for, expected.waiting_for.is_some());
        unless(&mut self.also, expected.also.is_some());
        for (got, expected) in self.postings.iter_mut().zip(&expected.postings) {
            unless(&mut got.date, expected.date.is_some());
            unless(&mut got.covers, expected.covers.is_some());
            unless(&mut got.rule, expected.rule.is_some());
            unless(&mut got.held, expected.held.is_some());
        }
        self
    }
}

/// What a run came to.
pub fn outcome(harness: &mut Harness) -> Outcome {
    let ledger = harness.ledger();
    let postings = harness.postings();
    let ids: Vec<String> = postings.iter().map(|(_, posting)| posting.posting_id.to_owned()).collect();
    let statuses = harness.statuses();
    let status = statuses.last();
    Outcome {
        postings: postings.iter().map(|(_, record)| posting(record, &ids)).collect(),
        refusals: harness.dead_letters().iter().map(|letter| format!("{}: {}", letter.event_id.unwrap_or("?"), letter.code)).collect(),
        left: Some(ledger.as_ref().map(left).unwrap_or_default()),
        awaited: ledger.as_ref().map(|ledger| ledger.waiting.iter().map(|waiting| waiting.event_id.clone()).collect()).unwrap_or_default(),
        uncovered: Some(ledger.as_ref().map_or(0, |ledger| ledger.open.event_count)),
        unknown: harness.counter("unknown_event_types"),
        state: Some(status.map(|status| status.state.symbol().to_owned()).unwrap_or_default()),
        held: Some(status.map(|status| status.held.iter().map(held).collect()).unwrap_or_default()),
        flags: Some(status.map(|status| status.flags.iter().map(|flag| format!("{} of {}", flag.kind.symbol(), flag.event_id)).collect()).unwrap_or_default()),
        waiting_for: Some(status.map(|status| status.waiting_for.iter().map(|source| (*source).to_owned()).collect()).unwrap_or_default()),
        also: Some(status.map(also).unwrap_or_default()),
        forgotten: ledger.is_none() && !postings.is_empty(),
    }
}

fn also(status: &OrderStatus<'_>) -> String {
    let mut texts = Vec::new();
    if status.is_on_hold {
        texts.push("on hold".to_owned());
    }
    texts.extend(status.replaced_by.map(|order| format!("replaced by {order}")));
    texts.extend(status.rework_orders.iter().map(|order| format!("reworked by {order}")));
    texts.join(", ")
}

fn left(ledger: &Ledger) -> Vec<String> {
    let mut left = Vec::new();
    for row in &ledger.goods {
        let mut nets: Vec<_> = row.parts.iter().filter(|part| !part.net.is_zero()).map(|part| UnitAmount { unit: part.unit.clone(), quantity: part.net }).collect();
        nets.sort_by(|one, other| one.unit.cmp(&other.unit));
        let posted = if row.key.kind == Kind::Scrap && row.posted.is_empty() { &row.confirmed } else { &row.posted };
        if nets == *posted {
            continue;
        }
        let net = if nets.is_empty() { format!("0 {}", row.parts[0].unit) } else { amounts(&nets) };
        let posted = match (posted.as_slice(), row.parts.as_slice()) {
            ([], _) => "0".to_owned(),
            ([one], [part]) if one.unit == part.unit => one.quantity.to_string(),
            (several, _) => amounts(several),
        };
        left.push(format!("{}: net {net}, posted {posted}", name(row)));
    }
    for operation in &ledger.operations {
        for (name, amount) in [("yield", operation.r#yield), ("scrap", operation.scrap), ("rework", operation.rework)] {
            if amount.net != amount.posted {
                left.push(format!("{name} of {}: net {} {}, posted {}", operation.operation, amount.net, operation.unit, amount.posted));
            }
        }
    }
    left
}

fn amounts(amounts: &[UnitAmount]) -> String {
    amounts.iter().map(|amount| format!("{} {}", amount.quantity, amount.unit)).collect::<Vec<_>>().join(" + ")
}

fn name(row: &Goods) -> String {
    let line = match &row.key.line {
        Some(LineId::Reserved { item, .. }) => format!(" reservation item {item}"),
        Some(LineId::Positioned { operation, position }) => format!(" {operation}/{position}"),
        Some(LineId::Operation(_)) | None => String::new(),
    };
    format!("{}{line}{}", row.key.item, after(" lot ", row.key.lot.as_deref()))
}

fn posting(posting: &OrderPosting<'_>, ids: &[String]) -> PostingText {
    let covers = &posting.covers;
    let mut covered = format!("{} from {} to {}", covers.event_count, covers.first_source_time, covers.last_source_time);
    for range in &covers.positions {
        let _ = write!(covered, ", {}/{} {}-{}", range.topic, range.partition, range.first_offset, range.last_offset);
    }
    let ordinary = matches!(posting.trigger, PostingTrigger::Completion | PostingTrigger::LateEvent);
    PostingText {
        because: posting.caused_by_event_id.to_owned(),
        date: Some(posting.posting_date.to_string()),
        covers: Some(covered),
        trigger: (!ordinary).then(|| posting.trigger.symbol().to_owned()),
        state: (!posting.r#final).then(|| if posting.provisional { "provisional" } else { "partial" }.to_owned()),
        rule: Some(posting.rule_version.to_owned()),
        mode: (posting.mode != PostingMode::ExplicitMovements).then(|| posting.mode.symbol().to_owned()),
        confirmations: posting.confirmations.iter().map(|line| confirmation(line, ids)).collect(),
        lines: posting.lines.iter().map(|posting_line| line(posting_line, ids)).collect(),
        held: Some(posting.held.iter().map(held).collect()),
        conversions: posting.conversions.iter().map(|used| format!("{}: {} = {}", used.item, used.quantity, used.counted_as)).collect(),
    }
}

fn confirmation(line: &ConfirmationLine<'_>, ids: &[String]) -> String {
    let mut text = format!("{} {}: yield {}, scrap {}, rework {}", line.operation, line.unit, line.r#yield, line.scrap, line.rework);
    let times = [("setup", &line.setup_time), ("machine", &line.machine_time), ("labour", &line.labour_time)];
    for (name, time) in times {
        text.push_str(&time.as_ref().map(|time: &Quantity<'_>| format!(", {name} {time}")).unwrap_or_default());
    }
    for activity in &line.activities {
        let _ = write!(text, ", {} {}", activity.activity, activity.quantity);
    }
    text.push_str(&after(", by ", line.personnel));
    text.push_str(&after(", because ", line.reason_code));
    text.push_str(&line.text.map(|said| format!(", \"{said}\"")).unwrap_or_default());
    if let Some(reversed) = &line.reverses {
        let _ = write!(text, ", reverses {}{}", number(reversed.posting_id, ids), after(" by document ", reversed.document));
    }
    if line.is_final {
        text.push_str(", final");
    }
    text
}

fn number(posting_id: &str, ids: &[String]) -> usize {
    ids.iter().position(|id| id == posting_id).map_or(0, |index| index + 1)
}

fn line(line: &PostingLine<'_>, ids: &[String]) -> String {
    let mut text = format!(
        "{} {} {}{}{}{}{}{}",
        line.movement_type,
        line.item,
        line.quantity,
        after(" operation ", line.operation),
        after(" position ", line.position),
        after(" lot ", line.lot),
        after(" at ", line.storage_location),
        reservation(line.reservation, line.reservation_item),
    );
    if !line.serials.is_empty() {
        let _ = write!(text, " serials {}", line.serials.join(", "));
    }
    text.push_str(&after(" because ", line.reason_code));
    if let Some(reversed) = &line.reverses {
        let _ = write!(text, " reverses {}/{}", number(reversed.posting_id, ids), reversed.line);
        text.push_str(&reversed.document.map(|document| format!(" by document {document}/{}", reversed.item.unwrap_or("-"))).unwrap_or_default());
    }
    if line.is_final_issue || line.is_completely_delivered {
        text.push_str(" final");
    }
    text
}

fn held(line: &HeldLine<'_>) -> String {
    let what = match line.kind {
        BookKind::Yield => format!("yield of {}", line.operation.unwrap_or("-")),
        BookKind::Rework => format!("rework of {}", line.operation.unwrap_or("-")),
        BookKind::WorkTime => format!("time of {}", line.operation.unwrap_or("-")),
        BookKind::Scrap if line.item.is_none() => format!("scrap of {}", line.operation.unwrap_or("-")),
        _ => {
            let place = match (line.reservation_item, line.position) {
                (Some(item), _) => format!(" reservation item {item}"),
                (None, Some(position)) => format!(" {}/{position}", line.operation.unwrap_or("-")),
                (None, None) => String::new(),
            };
            format!("{}{place}{}", line.item.unwrap_or("-"), after(" lot ", line.lot))
        }
    };
    format!("{what}: {} {} {}", line.quantity, line.unit, line.reason.symbol())
}

fn reservation(reservation: Option<&str>, item: Option<&str>) -> String {
    match (reservation, item) {
        (None, None) => String::new(),
        (reservation, item) => format!(" reservation {}/{}", reservation.unwrap_or("-"), item.unwrap_or("-")),
    }
}

fn after(label: &str, text: Option<&str>) -> String {
    text.map(|text| format!("{label}{text}")).unwrap_or_default()
}
