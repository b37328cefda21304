//! What is processed but not committed: the outputs of all hosted processors, and what they counted.

use std::collections::HashMap;
use std::time::Instant;

use lineside_api::{Effects, Gauge};

/// How large a batch may be.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Records.
    pub records: u32,
    /// Bytes of staged outputs and state.
    pub bytes: usize,
}

/// A label set of a counter, or several.
pub type Counts<K> = HashMap<K, u64>;

/// The open batch.
#[derive(Debug, Default)]
pub struct Batch {
    /// Records to be sent.
    pub effects: Effects,
    /// Records and answers processed.
    pub records: u32,
    /// Records read, by processor.
    pub read: Counts<&'static str>,
    /// Dead letters, by processor, class and code.
    pub dead_letters: Counts<(&'static str, &'static str, &'static str)>,
    /// What the processors counted, by processor and name.
    pub events: Counts<(&'static str, &'static str)>,
    /// Levels that the processors measured, by processor and partition.
    pub gauges: Vec<(&'static str, i32, Gauge)>,
    started: Option<Instant>,
}

impl Batch {
    /// Takes note of a record that was processed at `now`.
    pub fn note_record(&mut self, processor: &'static str, now: Instant) {
        self.records += 1;
        *self.read.entry(processor).or_default() += 1;
        self.started.get_or_insert(now);
    }

    /// Takes note of an answer that was processed at `now`.
    pub fn note_answer(&mut self, now: Instant) {
        self.records += 1;
        self.started.get_or_insert(now);
    }

    /// Moves what the processor counted for one record into the batch.
    pub fn note_counts(&mut self, processor: &'static str) {
        for (name, count) in self.effects.counts() {
            *self.events.entry((processor, name)).or_default() += count;
        }
        self.effects.clear_counts();
    }

    /// Nothing was processed.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.records == 0
    }

    /// True once it must not grow, given the bytes of state that it changed.
    #[must_use]
    pub fn is_full(&self, limits: &Limits, state_bytes: usize) -> bool {
        !self.is_empty() && (self.records >= limits.records || self.effects.len_bytes() + state_bytes >= limits.bytes)
    }

    /// When its first record was processed.
    #[must_use]
    pub const fn started(&self) -> Option<Instant> {
        self.started
    }

    /// Forgets everything, keeping memory.
    pub fn clear(&mut self) {
        self.effects.clear();
        self.records = 0;
        self.read.clear();
        self.dead_letters.clear();
        self.events.clear();
        self.gauges.clear();
        self.started = None;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIMITS: Limits = Limits { records: 2, bytes: 100 };

    #[test]
    fn is_full_by_count_or_bytes_and_never_when_empty() {
        let start = Instant::now();
        let mut batch = Batch::default();
        assert!(!batch.is_full(&LIMITS, 1_000) && batch.started().is_none());
        batch.note_record("p", start);
        assert!(!batch.is_full(&LIMITS, 99) && batch.is_full(&LIMITS, 100));
        batch.note_record("p", start + std::time::Duration::from_millis(5));
        assert!(batch.is_full(&LIMITS, 0));
        assert_eq!(batch.started(), Some(start));
        batch.clear();
        assert!(batch.is_empty() && !batch.is_full(&LIMITS, 1_000) && batch.started().is_none());
    }
}
