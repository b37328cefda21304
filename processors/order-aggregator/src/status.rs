//! How an order's books stand, for operators.

use lineside_schemas::Timestamp;
use lineside_schemas::codec::encode_datum;
use lineside_schemas::contract;
use lineside_schemas::ids::content_fingerprint;
use lineside_schemas::records::{OrderFlag, OrderStatus, WaitingReversal};

use crate::due::Held;
use crate::ledger::Ledger;
use crate::posting::held_lines;

/// The status of an order.
#[must_use]
pub fn record<'s>(ledger: &'s Ledger, held: &'s [Held], waiting_for: &'s [String]) -> OrderStatus<'s> {
    let waits = !ledger.posted.finally || !ledger.posted.completion;
    OrderStatus {
        plant: &ledger.plant,
        order: &ledger.order,
        correlation_id: &ledger.correlation_id,
        state: ledger.life.state(),
        is_on_hold: ledger.life.is_on_hold(),
        as_of: ledger.last_at.unwrap_or(Timestamp::EPOCH),
        rule_version: ledger.posted.rule_version.as_deref(),
        mode: ledger.posted.mode,
        sequence: ledger.posted.sequence,
        is_final: ledger.posted.finally,
        waiting_for: if waits { waiting_for.iter().map(String::as_str).collect() } else { Vec::new() },
        held: held_lines(ledger, held, ledger.item.as_deref().unwrap_or_default()),
        reversals_waiting: ledger
            .waiting
            .iter()
            .map(|waiting| WaitingReversal { source: &waiting.source, event_id: &waiting.event_id, by_event_id: &waiting.by_event_id, since: waiting.since })
            .collect(),
        reversals_waiting_count: ledger.waiting_count,
        flags: ledger.flags.iter().map(|flag| OrderFlag { kind: flag.kind, event_id: &flag.event_id, source_time: flag.source_time, text: &flag.text }).collect(),
        flag_count: ledger.flag_count,
        replaced_by: ledger.replaced_by.as_deref(),
        rework_orders: ledger.rework_orders.iter().map(String::as_str).collect(),
    }
}

/// Of all that it says but its time: a status is published when this changed. Never 0.
#[must_use]
pub fn fingerprint(status: &OrderStatus<'_>) -> i64 {
    let timeless = OrderStatus { as_of: Timestamp::EPOCH, ..status.clone() };
    let mut bytes = Vec::new();
    // A record of our own making is always written; if it were not, the status would be published once more.
    let written = encode_datum::<contract::OrderStatus>(&timeless, &mut bytes).is_ok();
    if written { content_fingerprint(b"", &bytes) | 1 } else { 1 }
}
