//! The processor: takes the order's ledger from its store, books the event, sends what is due, puts the ledger back.

use lineside_api::{Avro, Context, Processor, Record, Refusal};
use lineside_schemas::contract;
use lineside_schemas::production::ProductionFactRecord;
use lineside_schemas::records::ProductionEvent;
use lineside_topology::processors::ORDERS;
use lineside_topology::topics::ORDER_POSTINGS;

use crate::error::LedgerError;
use crate::ledger::{Change, Ledger};
use crate::rule;

/// Counter: events of a type that this version does not know, which it skipped.
pub const UNKNOWN_EVENT_TYPES: &str = "unknown_event_types";

/// Counter: events whose amounts no posting rule covers, such as by-products and reversed confirmations.
pub const NOT_BOOKED: &str = "not_booked";

/// Nets the events of each order into postings.
#[derive(Debug, Clone, Copy, Default)]
pub struct OrderAggregator;

impl Processor for OrderAggregator {
    type Input = Avro<contract::ProductionEvent>;

    fn process(&mut self, record: Record<'_, '_, ProductionEvent<'_>>, cx: &mut Context<'_>) -> Result<(), Refusal> {
        let envelope = record.value.envelope.clone();
        book(record.value, cx).map_err(|error| Refusal::from(error).of_event(envelope.event_id, envelope.plant, envelope.correlation_id, &envelope.raw))
    }
}

fn book(event: ProductionEvent<'_>, cx: &mut Context<'_>) -> Result<(), LedgerError> {
    let event = ProductionFactRecord::try_from(event)?;
    let key = format!("{}/{}", event.envelope.plant, event.order);
    let stored = cx.get(ORDERS, &key).map(|record| Ledger::from_record(&record)).transpose()?;
    let mut ledger = stored.unwrap_or_else(|| Ledger::new(&event));
    match ledger.apply(&event)? {
        Change::Skipped => {
            cx.count(UNKNOWN_EVENT_TYPES);
            return Ok(());
        }
        Change::NotBooked => {
            cx.count(NOT_BOOKED);
            return Ok(());
        }
        _ => {}
    }
    let due = ledger.due_posting(&event.envelope, rule::DEFAULT)?;
    if let Some(posting) = &due {
        cx.send(ORDER_POSTINGS, &key, &posting.record());
    }
    if due.is_some() {
        ledger.settle();
    }
    cx.put(ORDERS, &key, &ledger.record());
    Ok(())
}
