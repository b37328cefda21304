//! The trait that every processor implements.

use std::marker::PhantomData;

use lineside_schemas::{Codec, CodecError, Contract, EventTimes, Timestamp};

use crate::context::Context;
use crate::record::{RawRecord, Record};
use crate::refusal::Refusal;

/// A stream processor: pure but for the effects it leaves in its context.
///
/// The same records in the same order, with the same state, leave the same effects. Clocks and randomness are not to be read.
pub trait Processor: Send {
    /// What its topics carry.
    type Input: Input;

    /// Processes one record. State and sends go through `cx`.
    ///
    /// # Errors
    /// A [`Refusal`] sends the record to the dead letters; whatever this call left in `cx` is undone.
    fn process(&mut self, record: Record<'_, '_, <Self::Input as Input>::Value<'_>>, cx: &mut Context<'_>) -> Result<(), Refusal>;

    /// Called for each of its partitions at the end of a batch, with the wall clock. By default nothing happens.
    fn tick(&mut self, now: Timestamp, cx: &mut Context<'_>) {
        let _ = (now, cx);
    }
}

/// What a processor's topics carry, and how it is decoded.
pub trait Input {
    /// The decoded value; borrows from the record.
    type Value<'a>;

    /// Decodes a record's value.
    ///
    /// # Errors
    /// [`CodecError`]: one that is worth another try fails the batch, every other one refuses the record.
    fn decode<'a>(codec: &Codec, raw: &RawRecord<'a>) -> Result<Self::Value<'a>, CodecError>;

    /// When the event behind the value happened and was ingested, as far as it tells: latencies are measured from there.
    fn times(raw: &RawRecord<'_>, value: &Self::Value<'_>) -> EventTimes;

    /// The business story that the value belongs to, where it tells: log lines about the record carry it.
    fn correlation_id<'v>(value: &'v Self::Value<'_>) -> Option<&'v str>;
}

/// Input as bytes; empty for a tombstone.
#[derive(Debug)]
pub struct Raw;

impl Input for Raw {
    type Value<'a> = &'a [u8];

    fn decode<'a>(_codec: &Codec, raw: &RawRecord<'a>) -> Result<&'a [u8], CodecError> {
        Ok(raw.value.unwrap_or_default())
    }

    fn times(raw: &RawRecord<'_>, _value: &&[u8]) -> EventTimes {
        EventTimes::ingested(raw.time)
    }

    fn correlation_id<'v>(_value: &'v &[u8]) -> Option<&'v str> {
        None
    }
}

/// Input of one contract.
#[derive(Debug)]
pub struct Avro<C>(PhantomData<fn() -> C>);

impl<C: Contract> Input for Avro<C> {
    type Value<'a> = C::Value<'a>;

    fn decode<'a>(codec: &Codec, raw: &RawRecord<'a>) -> Result<C::Value<'a>, CodecError> {
        codec.decode::<C>(raw.value.unwrap_or_default())
    }

    fn times(_raw: &RawRecord<'_>, value: &C::Value<'_>) -> EventTimes {
        C::times(value)
    }

    fn correlation_id<'v>(value: &'v C::Value<'_>) -> Option<&'v str> {
        C::correlation_id(value)
    }
}
