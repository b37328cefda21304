//! The first steps of applying a plan, for those who measure them or try one alone.

use lineside_api::{RawRecord, Refusal};

use super::select::Made;
use super::{Aids, Reading, Scratch};
use crate::document::Document;
use crate::limits::Limits;
use crate::mapping::Plan;
use crate::refusals::{Checked, Known};

impl Plan {
    /// Parses a document of the mapping's format, and gives how many values, elements or segments it has, its root among them. No rule looks at it.
    ///
    /// # Errors
    /// [`Refusal`], as [`Self::apply`] would give it for a document that cannot be read.
    pub fn count_values(&self, document: &[u8], limits: &Limits, scratch: &mut Scratch) -> Result<usize, Box<Refusal>> {
        scratch.arena.reset();
        let parsed = Document::parse(&self.document_format, document, &self.namespaces, limits, &scratch.arena);
        parsed.map(|document| document.len()).map_err(|fault| self.of_plant(fault))
    }

    /// Parses a record's document and lets the rules select in it, and gives at how many places they would make an event. None is made.
    ///
    /// # Errors
    /// [`Refusal`], as [`Self::apply`] would give it before its first event.
    pub fn count_selections(&self, record: &RawRecord<'_>, limits: &Limits, scratch: &mut Scratch) -> Result<usize, Box<Refusal>> {
        scratch.arena.reset();
        let reading: Checked<Reading<'_>> = self.reading(record, limits, &scratch.arena, Aids::default());
        let mut count = 0;
        reading.map_err(|fault| self.of_plant(fault))?.run(Made::Count(&mut count))?;
        Ok(count)
    }

    fn of_plant(&self, fault: crate::refusals::Fault) -> Box<Refusal> {
        Known { plant: Some(&*self.plant), ..Known::default() }.refusal(fault)
    }
}
