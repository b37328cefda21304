//! What a call of a processor leaves behind.

use std::ops::Range;

use lineside_schemas::{CodecError, EventTimes};

use crate::call::Request;
use crate::refusal::ErrorClass;
use crate::stores::StoreError;

/// Something the runtime has to solve: the batch is aborted and done again. Never the fault of a record.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Failure {
    /// A store could not be read.
    #[error("store {store}: {error}")]
    Store {
        /// Name of the store.
        store: String,
        /// What went wrong.
        error: StoreError,
    },
    /// A record could not be encoded, or the registry did not answer.
    #[error(transparent)]
    Codec(#[from] CodecError),
    /// A processor named something that its row in the topology does not have.
    #[error("{processor} uses {name}, which its row in the topology does not have")]
    Undeclared {
        /// The processor.
        processor: &'static str,
        /// Topic or store, or what else it is.
        name: String,
    },
}

/// A record to be sent. Key and value are ranges of the arena in [`Effects`].
#[derive(Debug, Clone)]
struct Staged {
    topic: &'static str,
    key: Option<Range<usize>>,
    /// None deletes the key.
    value: Option<Range<usize>>,
}

/// A level that a processor measures in its state, of one of its partitions.
#[derive(Debug, Clone, PartialEq)]
pub struct Gauge {
    /// Name.
    pub name: &'static str,
    /// Plant that it is about; empty for none.
    pub plant: String,
    /// What of it; empty for nothing.
    pub kind: String,
    /// The level.
    pub value: f64,
}

/// A record to be sent, as the runtime sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Outgoing<'a> {
    /// Topic.
    pub topic: &'a str,
    /// Key, if any.
    pub key: Option<&'a [u8]>,
    /// Value; none deletes the key, on a compacted topic.
    pub value: Option<&'a [u8]>,
}

/// A point in the sequence of staged records.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mark {
    arena: usize,
    staged: usize,
    times: usize,
    requests: usize,
    letters: usize,
}

/// Sends and counts of one call or of a batch of them, in memory that is reused from call to call.
#[derive(Debug, Default)]
pub struct Effects {
    arena: Vec<u8>,
    staged: Vec<Staged>,
    counts: Vec<(&'static str, u64)>,
    times: Vec<EventTimes>,
    requests: Vec<Request>,
    letters: Vec<(ErrorClass, &'static str)>,
    gauges: Vec<Gauge>,
    failure: Option<Failure>,
}

impl Effects {
    /// Forgets everything, keeping the memory.
    pub fn clear(&mut self) {
        self.arena.clear();
        self.staged.clear();
        self.counts.clear();
        self.times.clear();
        self.requests.clear();
        self.letters.clear();
        self.gauges.clear();
        self.failure = None;
    }

    /// Where the records stand now, to come back to with [`Self::rewind`].
    #[must_use]
    pub fn mark(&self) -> Mark {
        Mark { arena: self.arena.len(), staged: self.staged.len(), times: self.times.len(), requests: self.requests.len(), letters: self.letters.len() }
    }

    /// Forgets what was staged and noted since `mark`, and all counts. A failure stays.
    pub fn rewind(&mut self, mark: Mark) {
        self.arena.truncate(mark.arena);
        self.staged.truncate(mark.staged);
        self.times.truncate(mark.times);
        self.requests.truncate(mark.requests);
        self.letters.truncate(mark.letters);
        self.counts.clear();
    }

    /// Forgets the counts, keeping the records.
    pub fn clear_counts(&mut self) {
        self.counts.clear();
    }

    /// Bytes of the keys and values staged, and of the calls asked for.
    #[must_use]
    pub fn len_bytes(&self) -> usize {
        self.arena.len() + self.requests.iter().map(|request| request.id.len() + request.body.len()).sum::<usize>()
    }

    /// Nothing is staged. (Counts alone are no reason to commit.)
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.staged.is_empty() && self.requests.is_empty()
    }

    /// The records to be sent, in order.
    #[must_use]
    pub fn outgoing(&self) -> impl ExactSizeIterator<Item = Outgoing<'_>> {
        self.staged.iter().map(|staged| Outgoing {
            topic: staged.topic,
            key: staged.key.clone().map(|range| &self.arena[range]),
            value: staged.value.clone().map(|range| &self.arena[range]),
        })
    }

    /// Counts by name.
    #[must_use]
    pub fn counts(&self) -> &[(&'static str, u64)] {
        &self.counts
    }

    /// The first failure, if there was one. Effects with a failure are worth nothing.
    #[must_use]
    pub fn failure(&self) -> Option<&Failure> {
        self.failure.as_ref()
    }

    /// Takes note of a failure; the first one counts.
    pub fn fail(&mut self, failure: impl Into<Failure>) {
        self.failure.get_or_insert(failure.into());
    }

    /// Moves the times of the events that were processed to `into`.
    pub fn take_times(&mut self, into: &mut Vec<EventTimes>) {
        into.append(&mut self.times);
    }

    /// Whether there are calls or dead letters to be moved out.
    #[must_use]
    pub fn has_asides(&self) -> bool {
        !(self.requests.is_empty() && self.letters.is_empty() && self.gauges.is_empty())
    }

    /// Moves the calls that were asked for out.
    pub fn take_requests(&mut self) -> impl Iterator<Item = Request> + '_ {
        self.requests.drain(..)
    }

    /// Moves the classes and codes of the dead letters that the processor wrote itself out.
    pub fn take_letters(&mut self) -> impl Iterator<Item = (ErrorClass, &'static str)> + '_ {
        self.letters.drain(..)
    }

    pub(crate) fn request(&mut self, request: Request) {
        self.requests.push(request);
    }

    pub(crate) fn note_letter(&mut self, class: ErrorClass, code: &'static str) {
        self.letters.push((class, code));
    }

    pub(crate) fn note_times(&mut self, times: EventTimes) {
        self.times.push(times);
    }

    pub(crate) fn count(&mut self, name: &'static str, by: u64) {
        match self.counts.iter_mut().find(|(known, _)| *known == name) {
            Some((_, count)) => *count += by,
            None => self.counts.push((name, by)),
        }
    }

    /// Stages a record whose value `write` appends to the arena.
    pub fn stage(&mut self, topic: &'static str, key: Option<&[u8]>, write: impl FnOnce(&mut Vec<u8>) -> Result<(), CodecError>) {
        let start = self.arena.len();
        if let Some(key) = key {
            self.arena.extend_from_slice(key);
        }
        let middle = self.arena.len();
        match write(&mut self.arena) {
            Ok(()) => self.staged.push(Staged { topic, key: key.map(|_| start..middle), value: Some(middle..self.arena.len()) }),
            Err(error) => self.fail(error),
        }
    }

    /// Stages a record without a value.
    pub(crate) fn stage_tombstone(&mut self, topic: &'static str, key: &[u8]) {
        let start = self.arena.len();
        self.arena.extend_from_slice(key);
        self.staged.push(Staged { topic, key: Some(start..self.arena.len()), value: None });
    }

    /// Moves the levels that the processor measured out.
    pub fn take_gauges(&mut self) -> impl Iterator<Item = Gauge> + '_ {
        self.gauges.drain(..)
    }

    pub(crate) fn gauge(&mut self, gauge: Gauge) {
        self.gauges.push(gauge);
    }
}
