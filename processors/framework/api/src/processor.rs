//! The trait that every processor implements.

use std::marker::PhantomData;

use lineside_schemas::{Codec, CodecError, Contract, EventTimes, Timestamp};

use crate::call::Answer;
use crate::context::Context;
use crate::record::{RawRecord, Record};
use crate::refusal::Refusal;
use crate::table::TableRecord;

/// A stream processor: pure but for the effects it leaves in its context.
///
/// The same records in the same order, with the same state and tables, leave the same effects. Clocks and randomness are not to be read.
/// What it keeps in its own memory it must be able to make again: after a batch that came to nothing, a panic or a change of its partitions, it is made anew
/// and given its tables.
pub trait Processor: Send {
    /// What its topics carry.
    type Input: Input;

    /// Processes one record. State and sends go through `cx`.
    ///
    /// # Errors
    /// A [`Refusal`] sends the record to the dead letters; whatever this call left in `cx` is undone.
    fn process(&mut self, record: Record<'_, '_, <Self::Input as Input>::Value<'_>>, cx: &mut Context<'_>) -> Result<(), Refusal>;

    /// Takes a record of one of its tables: all that stand there before the first input record, then each new one between two batches, in order of each key.
    ///
    /// What it makes of them is an index in its own memory. A record that it cannot use is to be left out of it.
    fn table(&mut self, record: TableRecord<'_>, codec: &Codec) {
        let _ = (record, codec);
    }

    /// Takes the answer to a call that this partition asked for with [`Context::request`]. By default nothing happens.
    fn answer(&mut self, answer: Answer, cx: &mut Context<'_>) {
        let _ = (answer, cx);
    }

    /// Called for each of its partitions at the end of a batch, with the wall clock; and, if its row says `ticks`, now and then while nothing comes: what it
    /// leaves then is committed as a batch of its own. By default nothing happens.
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
