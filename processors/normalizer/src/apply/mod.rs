//! Applying a plan to a record: pure, and all or nothing. One event that cannot be made refuses the whole document.

mod conditions;
mod evaluate;
mod event;
mod find;
mod group;
mod select;

use bumpalo::Bump;
use lineside_api::{RawRecord, Refusal};
use lineside_schemas::records::ProductionEvent;

use crate::document::{Document, Format, Kind};
use crate::limits::Limits;
use crate::mapping::Plan;
use crate::refusals::{Checked, Code, Fault, Known, shown};

/// Memory that documents are read into, reused from record to record.
#[derive(Debug, Default)]
pub struct Scratch {
    arena: Bump,
}

/// A canonical event. Borrows from the record, the plan and the scratch memory.
#[derive(Debug, Clone, PartialEq)]
pub struct MappedEvent<'a> {
    /// Key of its aggregate: `<plant>/<order>`.
    pub key: &'a str,
    /// The event, envelope included.
    pub event: ProductionEvent<'a>,
}

impl Plan {
    /// The events of a raw record, in the order of the mapping's rules and, for each rule, of the document. At least one.
    ///
    /// # Errors
    /// [`Refusal`] of the whole record.
    pub fn apply<'a>(&'a self, record: &RawRecord<'a>, limits: &Limits, scratch: &'a mut Scratch) -> Result<Vec<MappedEvent<'a>>, Box<Refusal>> {
        let mut events = Vec::new();
        self.apply_each(record, limits, scratch, &mut |event| events.push(event))?;
        Ok(events)
    }

    /// As [`Self::apply`], but hands each event over as soon as it is made.
    ///
    /// # Errors
    /// [`Refusal`] of the whole record: events handed over before it are void.
    pub fn apply_each<'a>(
        &'a self,
        record: &RawRecord<'a>,
        limits: &Limits,
        scratch: &'a mut Scratch,
        visit: &mut dyn FnMut(MappedEvent<'a>),
    ) -> Result<(), Box<Refusal>> {
        scratch.arena.reset();
        let arena = &scratch.arena;
        let known = Known { plant: Some(&*self.plant), ..Known::default() };
        let bytes = record.value.unwrap_or_default();
        let document = Document::parse(&self.document_format, bytes, &self.namespaces, limits, arena).map_err(|fault| known.refusal(fault))?;
        let reading =
            Reading { plan: self, record: *record, document, document_type: "", arena, cache: arena.alloc_slice_fill_default(self.path_count), limits: *limits };
        let document_type = reading.type_of_document().map_err(|fault| known.refusal(fault))?;
        Reading { document_type, ..reading }.run(visit)
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
    cache: &'a find::Cache,
    limits: Limits,
}

impl<'a> Reading<'a> {
    fn type_of_document(&self) -> Checked<&'a str> {
        let root = self.document.node(0);
        match &self.plan.document_type {
            Some(path) => match self.single(path, select::Selected::none())? {
                Some(id) if self.document.node(id).kind == Kind::Text => Ok(self.document.node(id).text),
                Some(id) => Err(self.wrong_kind(id, "the type of the document")),
                None => Err(Fault::new(Code::MissingField, "the document does not name its type").at(self.place(path, select::Selected::none()))),
            },
            None if self.plan.format == Format::Xml && root.namespace != self.plan.namespaces.of_unprefixed() => {
                Err(Fault::new(Code::UnmappedDocument, format!("{} reads no documents of type {} in its namespace", self.plan.mapping_version, shown(root.name))).at("/"))
            }
            None => Ok(root.name),
        }
    }
}
