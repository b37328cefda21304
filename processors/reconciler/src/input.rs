//! What the reconciler reads: several contracts, told apart by their topics.

use lineside_api::{Input, RawRecord};
use lineside_schemas::records::{ErpConfirmation, ErpGoodsMovement, OrderPosting, PostingOutcome, ProductionEvent};
use lineside_schemas::{Codec, CodecError, Contract as _, EventTimes, contract};
use lineside_topology::topics::{CANONICAL_PRODUCTION, ERP_CONFIRMATIONS, ERP_GOODS_MOVEMENTS, ERP_POSTING_OUTCOMES, ORDER_POSTINGS};

/// A record of one of its topics.
#[derive(Debug, Clone, PartialEq)]
pub enum Told<'a> {
    /// An accepted event.
    Event(Box<ProductionEvent<'a>>),
    /// A posting.
    Posting(Box<OrderPosting<'a>>),
    /// A confirmation for the ERP.
    Confirmation(ErpConfirmation<'a>),
    /// A goods movement for the ERP.
    Movement(ErpGoodsMovement<'a>),
    /// What the ERP made of one of them.
    Outcome(PostingOutcome<'a>),
}

/// The topics of the reconciler.
#[derive(Debug)]
pub struct BooksInput;

impl Input for BooksInput {
    type Value<'a> = Told<'a>;

    fn decode<'a>(codec: &Codec, raw: &RawRecord<'a>) -> Result<Told<'a>, CodecError> {
        let bytes = raw.value.unwrap_or_default();
        Ok(if raw.topic == CANONICAL_PRODUCTION.name() {
            Told::Event(Box::new(codec.decode::<contract::ProductionEvent>(bytes)?))
        } else if raw.topic == ORDER_POSTINGS.name() {
            Told::Posting(Box::new(codec.decode::<contract::OrderPosting>(bytes)?))
        } else if raw.topic == ERP_CONFIRMATIONS.name() {
            Told::Confirmation(codec.decode::<contract::ErpConfirmation>(bytes)?)
        } else if raw.topic == ERP_GOODS_MOVEMENTS.name() {
            Told::Movement(codec.decode::<contract::ErpGoodsMovement>(bytes)?)
        } else {
            debug_assert_eq!(raw.topic, ERP_POSTING_OUTCOMES.name(), "the row names no other topic");
            Told::Outcome(codec.decode::<contract::PostingOutcome>(bytes)?)
        })
    }

    fn times(_raw: &RawRecord<'_>, value: &Told<'_>) -> EventTimes {
        match value {
            Told::Event(event) => contract::ProductionEvent::times(event),
            Told::Posting(posting) => contract::OrderPosting::times(posting),
            Told::Confirmation(_) | Told::Movement(_) | Told::Outcome(_) => EventTimes::UNKNOWN,
        }
    }

    fn correlation_id<'v>(value: &'v Told<'_>) -> Option<&'v str> {
        Some(match value {
            Told::Event(event) => event.envelope.correlation_id,
            Told::Posting(posting) => posting.correlation_id,
            Told::Confirmation(record) => record.correlation_id,
            Told::Movement(record) => record.correlation_id,
            Told::Outcome(record) => record.correlation_id,
        })
    }
}
