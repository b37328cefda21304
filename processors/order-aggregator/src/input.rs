//! What the aggregator reads: events of orders, and what the ERP made of their postings.

use lineside_api::{Input, RawRecord};
use lineside_schemas::records::{PostingOutcome, ProductionEvent};
use lineside_schemas::{Codec, CodecError, Contract, EventTimes, contract};
use lineside_topology::topics::ERP_POSTING_OUTCOMES;

/// Either topic, told apart by its name.
#[derive(Debug)]
pub struct EventOrOutcome;

/// A record of either topic.
#[derive(Debug)]
pub enum Told<'a> {
    /// An event of an order.
    Event(Box<ProductionEvent<'a>>),
    /// What the ERP made of a document.
    Outcome(Box<PostingOutcome<'a>>),
}

impl Input for EventOrOutcome {
    type Value<'a> = Told<'a>;

    fn decode<'a>(codec: &Codec, raw: &RawRecord<'a>) -> Result<Told<'a>, CodecError> {
        let value = raw.value.unwrap_or_default();
        if raw.topic == ERP_POSTING_OUTCOMES.name() {
            return codec.decode::<contract::PostingOutcome>(value).map(|outcome| Told::Outcome(Box::new(outcome)));
        }
        codec.decode::<contract::ProductionEvent>(value).map(|event| Told::Event(Box::new(event)))
    }

    fn times(_raw: &RawRecord<'_>, value: &Told<'_>) -> EventTimes {
        match value {
            Told::Event(event) => contract::ProductionEvent::times(event),
            // Of events that were counted when they came in.
            Told::Outcome(_) => EventTimes::UNKNOWN,
        }
    }

    fn correlation_id<'v>(value: &'v Told<'_>) -> Option<&'v str> {
        match value {
            Told::Event(event) => Some(event.envelope.correlation_id),
            Told::Outcome(outcome) => Some(outcome.correlation_id),
        }
    }
}
