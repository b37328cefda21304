//! Applying a plan to a record: pure, and all or nothing. One event that cannot be made refuses the whole record.

mod compute;
mod conditions;
mod digest;
mod envelope;
mod evaluate;
mod event;
mod explain;
mod fields;
mod find;
mod list;
mod master;
mod memo;
mod partner;
mod recorder;
mod scalar;
mod select;
mod stages;
mod way;

use bumpalo::Bump;
use lineside_api::{RawRecord, Refusal};
use lineside_schemas::{ContractId, Timestamp};

use crate::document::Document;
use crate::limits::Limits;
use crate::mapping::Plan;
use crate::master::{MasterData, MissingReference};
use crate::refusals::{Checked, Code, Known};

use memo::Memo;
use select::Made;

pub use explain::ExplainedEvent;
pub use master::Aggregate;
pub use recorder::{FieldOrigin, Ignored, Origin};

/// Memory that documents are read into and events are written to, reused from record to record.
#[derive(Debug, Default)]
pub struct Scratch {
    arena: Bump,
    datum: Vec<u8>,
}

/// A canonical event, or a record of master data. Borrows from the record, the plan and the scratch memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MappedEvent<'a> {
    /// Contract of the datum.
    pub contract: ContractId,
    /// Canonical topic that it goes to.
    pub topic: &'static str,
    /// Key of its aggregate: the plant and the fields that the topic's key is made of, with slashes between them.
    pub key: &'a str,
    /// Its id within the source.
    pub event_id: &'a str,
    /// Plant where it happened.
    pub plant: &'a str,
    /// Business story that it belongs to.
    pub correlation_id: &'a str,
    /// When it happened.
    pub source_time: Timestamp,
    /// Symbol of its type; for master data the name of the contract.
    pub type_name: &'a str,
    /// Avro binary of the whole record, written with the contract's own schema.
    pub datum: &'a [u8],
    /// Where the envelope ends in the datum and the content starts.
    pub content_start: usize,
}

impl<'a> MappedEvent<'a> {
    /// The datum without the envelope: the business content.
    #[must_use]
    pub fn content(&self) -> &'a [u8] {
        self.datum.get(self.content_start..).unwrap_or_default()
    }

    /// The aggregate that it belongs to.
    #[must_use]
    pub fn aggregate(&self) -> Aggregate {
        Aggregate { topic: self.topic, plant: self.plant.into(), key: Some(self.key.into()) }
    }

    fn copied_into<'b>(&self, arena: &'b Bump) -> MappedEvent<'b> {
        MappedEvent {
            key: arena.alloc_str(self.key),
            event_id: arena.alloc_str(self.event_id),
            plant: arena.alloc_str(self.plant),
            correlation_id: arena.alloc_str(self.correlation_id),
            type_name: arena.alloc_str(self.type_name),
            datum: arena.alloc_slice_copy(self.datum),
            ..*self
        }
    }
}

/// What a record becomes where it may refer to master data.
#[derive(Debug)]
pub struct Applied<'a> {
    /// Its events; of an incomplete record those that could be made, which are worth nothing without the others.
    pub events: Vec<MappedEvent<'a>>,
    /// References that nothing answers; the record is complete where there are none.
    pub missing: Vec<MissingReference>,
    /// Of an incomplete record: the aggregates of all its events, each once.
    pub aggregates: Vec<Aggregate>,
    /// Why an incomplete record is refused if it may not wait.
    pub refusal: Option<Box<Refusal>>,
}

impl Plan {
    /// The events of a raw record, in the order of its documents, of the mapping's rules and, for each rule, of the document. None where the mapping says that
    /// the record deliberately makes none.
    ///
    /// # Errors
    /// [`Refusal`] of the whole record.
    pub fn apply<'a>(&'a self, record: &RawRecord<'a>, limits: &Limits, scratch: &'a mut Scratch) -> Result<Vec<MappedEvent<'a>>, Box<Refusal>> {
        let mut events = Vec::new();
        let Scratch { arena, datum } = scratch;
        arena.reset();
        let arena = &*arena;
        self.read(record, limits, arena, Aids::default(), datum, &mut |event| events.push(event.copied_into(arena)))?;
        Ok(events)
    }

    /// As [`Self::apply`], but hands each event over as soon as it is made.
    ///
    /// # Errors
    /// [`Refusal`] of the whole record: events handed over before it are void.
    pub fn apply_each(&self, record: &RawRecord<'_>, limits: &Limits, scratch: &mut Scratch, visit: &mut dyn FnMut(MappedEvent<'_>)) -> Result<(), Box<Refusal>> {
        let Scratch { arena, datum } = scratch;
        arena.reset();
        self.read(record, limits, arena, Aids::default(), datum, visit)
    }

    /// As [`Self::apply`], with master data. An event that refers to what is not there yet is no reason for a refusal, but leaves the record incomplete.
    ///
    /// # Errors
    /// [`Refusal`] of the whole record.
    pub fn apply_with<'a>(&'a self, record: &RawRecord<'a>, limits: &Limits, scratch: &'a mut Scratch, master: &dyn MasterData) -> Result<Applied<'a>, Box<Refusal>> {
        let mut events = Vec::new();
        let Scratch { arena, datum } = scratch;
        arena.reset();
        let arena = &*arena;
        let consulted = master::Consulted::new(master);
        let aids = Aids { recorder: None, master: Some(&consulted) };
        self.read(record, limits, arena, aids, datum, &mut |event| events.push(event.copied_into(arena)))?;
        let lacking = consulted.take_lacking();
        let mut aggregates = lacking.aggregates;
        if !lacking.missing.is_empty() {
            for event in &events {
                let aggregate = event.aggregate();
                if !aggregates.contains(&aggregate) {
                    aggregates.push(aggregate);
                }
            }
        }
        Ok(Applied { events, missing: lacking.missing, aggregates, refusal: lacking.refusal })
    }

    /// Whether the bytes are a document of the format, and of types that the rules name. For choosing among mappings; what it says yes to may still be refused.
    #[must_use]
    pub fn recognizes(&self, bytes: &[u8]) -> bool {
        let (arena, limits) = (Bump::new(), Limits::DEFAULT);
        let record = RawRecord { topic: &self.topic, partition: 0, offset: 0, index: None, time: Timestamp::EPOCH, key: None, value: Some(bytes), headers: &[] };
        match self.reading(&record, &limits, &arena, Aids::default()) {
            Ok(reading) => reading.is_recognized(),
            // An interchange is known by its first bytes, so that what is wrong with it can be said.
            Err(_) => self.format().is_begun_by(bytes),
        }
    }

    /// Why the bytes cannot be read as a document of the format, by the code and words of the refusal that they would get; `None` if they can.
    #[must_use]
    pub fn unreadable(&self, bytes: &[u8]) -> Option<(Code, String)> {
        let parsed = Document::parse(&self.document_format, bytes, &self.namespaces, &Limits::DEFAULT, &Bump::new()).map(|_| ());
        parsed.err().map(|fault| (fault.code, fault.message.clone()))
    }

    fn read<'a>(
        &'a self,
        record: &RawRecord<'a>,
        limits: &Limits,
        arena: &'a Bump,
        aids: Aids<'a>,
        datum: &mut Vec<u8>,
        visit: &mut dyn FnMut(MappedEvent<'_>),
    ) -> Result<(), Box<Refusal>> {
        let known = Known { plant: Some(&*self.plant), ..Known::default() };
        let reading = self.reading(record, limits, arena, aids).map_err(|fault| {
            let mut refusal = known.refusal(fault);
            refusal.partner = self.sender_of_unreadable(record, limits);
            refusal
        })?;
        reading.run(Made::Events { datum, visit })
    }

    fn reading<'a>(&'a self, record: &RawRecord<'a>, limits: &Limits, arena: &'a Bump, aids: Aids<'a>) -> Checked<Reading<'a>> {
        let document = Document::parse(&self.document_format, record.value.unwrap_or_default(), &self.namespaces, limits, arena)?;
        Ok(self.reading_of(document, record, limits, arena, aids))
    }

    fn reading_of<'a>(&'a self, document: Document<'a>, record: &RawRecord<'a>, limits: &Limits, arena: &'a Bump, aids: Aids<'a>) -> Reading<'a> {
        let Aids { recorder, master } = aids;
        let cache = arena.alloc_slice_fill_default(self.path_count);
        let memo = arena.alloc(Memo::new(self.digest_count, arena));
        Reading { plan: self, record: *record, document, document_type: "", arena, cache, memo, limits: *limits, recorder, master }
    }
}

/// One document while it is read.
#[derive(Clone, Copy)]
struct Reading<'a> {
    plan: &'a Plan,
    record: RawRecord<'a>,
    document: Document<'a>,
    document_type: &'a str,
    arena: &'a Bump,
    cache: &'a find::Cache<'a>,
    /// What was found or counted so far, in the whole record.
    memo: &'a Memo<'a>,
    limits: Limits,
    /// Takes note of where values come from, where somebody wants to know.
    recorder: Option<&'a recorder::Recorder>,
    /// Answers references, where there is master data.
    master: Option<&'a master::Consulted<'a>>,
}

/// What helps to read a record.
#[derive(Clone, Copy, Default)]
struct Aids<'a> {
    recorder: Option<&'a recorder::Recorder>,
    master: Option<&'a master::Consulted<'a>>,
}
