//! A processor without its types, so that a runtime can host several.

use lineside_schemas::{Codec, Timestamp};
use lineside_topology::ProcessorSpec;

use crate::call::Answer;
use crate::context::Context;
use crate::frame::unreadable;
use crate::processor::{Input, Processor};
use crate::record::{RawRecord, Record};
use crate::refusal::Refusal;
use crate::table::TableRecord;

/// A processor behind one type, decoding included.
pub trait Erased: Send {
    /// Its row in the topology.
    fn spec(&self) -> &'static ProcessorSpec;

    /// Decodes and processes one record.
    ///
    /// # Errors
    /// A [`Refusal`] sends the record to the dead letters.
    fn process(&mut self, raw: &RawRecord<'_>, cx: &mut Context<'_>) -> Result<(), Refusal>;

    /// See [`Processor::table`].
    fn table(&mut self, record: TableRecord<'_>, codec: &Codec);

    /// See [`Processor::answer`].
    fn answer(&mut self, answer: Answer, cx: &mut Context<'_>);

    /// See [`Processor::tick`].
    fn tick(&mut self, now: Timestamp, cx: &mut Context<'_>);

    /// The business story that a record belongs to, where it can be read and tells. Decodes the record again: for log lines, not for every record.
    fn correlation_id(&self, codec: &Codec, raw: &RawRecord<'_>) -> Option<String>;
}

/// A processor and its row in the topology.
#[derive(Debug)]
pub struct Hosted<P> {
    spec: &'static ProcessorSpec,
    processor: P,
}

impl<P: Processor> Hosted<P> {
    /// Puts them together.
    pub const fn new(spec: &'static ProcessorSpec, processor: P) -> Self {
        Self { spec, processor }
    }
}

impl<P: Processor> Erased for Hosted<P> {
    fn spec(&self) -> &'static ProcessorSpec {
        self.spec
    }

    fn process(&mut self, raw: &RawRecord<'_>, cx: &mut Context<'_>) -> Result<(), Refusal> {
        match P::Input::decode(cx.codec(), raw) {
            Ok(value) => {
                cx.note_times(P::Input::times(raw, &value));
                self.processor.process(Record { raw, value }, cx)
            }
            Err(error) => match unreadable(error) {
                Ok(refusal) => Err(refusal),
                Err(failure) => {
                    cx.fail(failure);
                    Ok(())
                }
            },
        }
    }

    fn table(&mut self, record: TableRecord<'_>, codec: &Codec) {
        self.processor.table(record, codec);
    }

    fn answer(&mut self, answer: Answer, cx: &mut Context<'_>) {
        self.processor.answer(answer, cx);
    }

    fn tick(&mut self, now: Timestamp, cx: &mut Context<'_>) {
        self.processor.tick(now, cx);
    }

    fn correlation_id(&self, codec: &Codec, raw: &RawRecord<'_>) -> Option<String> {
        let value = P::Input::decode(codec, raw).ok()?;
        P::Input::correlation_id(&value).map(str::to_owned)
    }
}
