//! What a simulation found, for people and for tools.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde_json::json;

use super::compare::{Comparison, Kind, OrderDifference};

/// Text: the differing orders, then the summary.
#[must_use]
pub fn text(new: &str, comparison: &Comparison) -> String {
    let mut text = String::new();
    for order in &comparison.differing {
        of_order(order, &mut text);
    }
    let Comparison { events, orders, begun_before, postings_before, postings_after, differing } = comparison;
    let _ = writeln!(text, "{events} events of {orders} orders, run by the rules as they are and with {new}");
    if *begun_before > 0 {
        let _ = writeln!(text, "{begun_before} of these orders began earlier: both runs lack what was before, so their postings are not the real ones");
    }
    let _ = writeln!(text, "postings: {postings_after}, were {postings_before}");
    let _ = writeln!(
        text,
        "orders whose postings differ: {}, and of those whose totals differ: {}",
        differing.len(),
        differing.iter().filter(|order| !order.totals.is_empty()).count()
    );
    for (kind, count) in kinds(comparison) {
        let _ = writeln!(text, "  {:<13} {count}", kind.word());
    }
    text
}

fn of_order(order: &OrderDifference, text: &mut String) {
    let partial = if order.is_whole { "" } else { ", began earlier" };
    let rules = |versions: &[String]| if versions.is_empty() { "none".to_owned() } else { versions.join(", ") };
    let _ = writeln!(
        text,
        "{}: {} postings by {}, were {} by {}{partial}",
        order.order,
        order.postings_after,
        rules(&order.rules_after),
        order.postings_before,
        rules(&order.rules_before)
    );
    for change in &order.changes {
        let place = format!("  posting {} {:<12}", change.posting, change.kind.word());
        let _ = match (&change.before, &change.after) {
            (Some(before), Some(after)) => writeln!(text, "{place}  {after}, was {before}"),
            (None, Some(after)) => writeln!(text, "{place}+ {after}"),
            (Some(before), None) => writeln!(text, "{place}- {before}"),
            (None, None) => Ok(()),
        };
    }
    for total in &order.totals {
        let _ = writeln!(text, "  in total {}: {}, was {}", total.line, total.after, total.before);
    }
    text.push('\n');
}

/// An object a line: each differing order, then the summary.
#[must_use]
pub fn json_lines(comparison: &Comparison) -> String {
    let mut text = String::new();
    for order in &comparison.differing {
        let _ = writeln!(text, "{}", json!(order));
    }
    let counts: serde_json::Map<String, serde_json::Value> = kinds(comparison).into_iter().map(|(kind, count)| (kind.word().to_owned(), json!(count))).collect();
    let _ = writeln!(
        text,
        "{}",
        json!({"summary": {
            "events": comparison.events,
            "orders": comparison.orders,
            "orders_begun_before": comparison.begun_before,
            "postings_before": comparison.postings_before,
            "postings_after": comparison.postings_after,
            "orders_differing": comparison.differing.len(),
            "orders_with_other_totals": comparison.differing.iter().filter(|order| !order.totals.is_empty()).count(),
            "changes": counts,
        }})
    );
    text
}

fn kinds(comparison: &Comparison) -> BTreeMap<Kind, usize> {
    let mut counts = BTreeMap::new();
    for change in comparison.differing.iter().flat_map(|order| &order.changes) {
        *counts.entry(change.kind).or_default() += 1;
    }
    counts
}
