//! The processor itself, made anew whenever what it has in memory may not be what is committed, and given its tables.

use lineside_api::TableRecord;
use lineside_schemas::Codec;

use super::Work;
use crate::panics::{Panic, caught};
use crate::tables::Tables;
use crate::thread_error::ThreadError;

impl Work {
    /// Makes the processor anew, unless it was not called since it was made.
    ///
    /// # Errors
    /// When it cannot be made.
    pub fn remake_if_used(&mut self, tables: &Tables, codec: &Codec) -> Result<(), ThreadError> {
        if self.used { self.remake(tables, codec) } else { Ok(()) }
    }

    pub(super) fn remake(&mut self, tables: &Tables, codec: &Codec) -> Result<(), ThreadError> {
        self.processor = (self.make)()?;
        self.used = false;
        self.feed(tables, codec)
    }

    /// Gives the processor everything that stands in its tables.
    ///
    /// # Errors
    /// When it broke on one of the records and cannot be made anew.
    pub fn feed(&mut self, tables: &Tables, codec: &Codec) -> Result<(), ThreadError> {
        // Each round but the last finds a record that the processor breaks on, so there is a last one.
        while !self.feed_once(tables, codec)? {}
        Ok(())
    }

    fn feed_once(&mut self, tables: &Tables, codec: &Codec) -> Result<bool, ThreadError> {
        for record in tables.records(self.spec.tables) {
            let known = !self.unfit.is_empty() && self.unfit.contains(&(record.topic.to_owned(), record.key.to_owned()));
            if !known && !self.give(record, tables, codec)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Gives the processor a record that is new in one of its tables.
    ///
    /// # Errors
    /// When it broke on the record and cannot be made anew.
    pub fn take_table_record(&mut self, record: TableRecord<'_>, tables: &Tables, codec: &Codec) -> Result<(), ThreadError> {
        if !self.spec.tables.contains(&record.topic) {
            return Ok(());
        }
        self.unfit.remove(&(record.topic.to_owned(), record.key.to_owned()));
        if self.give(record, tables, codec)? { Ok(()) } else { self.feed(tables, codec) }
    }

    /// False if the processor broke on it; it is new then, and knows nothing.
    fn give(&mut self, record: TableRecord<'_>, tables: &Tables, codec: &Codec) -> Result<bool, ThreadError> {
        let processor = &mut self.processor;
        let Err(Panic { message, location }) = caught(|| processor.table(record, codec)) else { return Ok(true) };
        let TableRecord { topic, key, .. } = record;
        tracing::error!(processor = self.spec.name, topic, key, panic = message, location, "the processor broke on a record of a table, which is left out");
        tables.refused(topic);
        self.unfit.insert((topic.to_owned(), key.to_owned()));
        self.processor = (self.make)()?;
        self.used = false;
        Ok(false)
    }
}
