//! Ids of the open transaction.

use std::ops::Range;

use hashbrown::HashTable;
use lineside_schemas::Timestamp;

use super::record::IdRecord;

/// Text of a changelog record, bytes at most; one id alone may be longer.
const FRAME_BYTES_MAX: usize = 256 << 10;
/// What an id takes in a changelog record besides its texts: two lengths, a bucket and a fingerprint as variable-length integers.
const FRAME_BYTES_PER_ID: usize = 25;

/// Clock of an id store.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Clock {
    /// Largest time that the store was told.
    pub(crate) stream_time: Timestamp,
    /// Buckets before this one are expired.
    pub(crate) oldest_bucket: i32,
}

impl Default for Clock {
    fn default() -> Self {
        Self { stream_time: Timestamp::MIN, oldest_bucket: i32::MIN }
    }
}

impl Clock {
    /// The later of two clocks; neither part ever goes back.
    pub(crate) fn max(self, other: Self) -> Self {
        Self { stream_time: self.stream_time.max(other.stream_time), oldest_bucket: self.oldest_bucket.max(other.oldest_bucket) }
    }
}

/// An id with where its texts stand.
#[derive(Debug)]
pub(crate) struct PendingId {
    pub(crate) fingerprint: u64,
    pub(crate) bucket: i32,
    content: i64,
    source: Range<usize>,
    event_id: Range<usize>,
}

/// Ids that are not committed, and how to undo those of the current record.
#[derive(Debug, Default)]
pub(crate) struct Pending {
    texts: String,
    ids: Vec<PendingId>,
    /// Places in `ids`.
    table: HashTable<u32>,
    clock: Clock,
    kept_ids: usize,
    kept_clock: Clock,
}

impl Pending {
    /// An id of a live bucket, with its content fingerprint.
    pub(crate) fn find(&self, fingerprint: u64, source: &str, event_id: &str) -> Option<i64> {
        self.find_since(fingerprint, source, event_id, self.clock.oldest_bucket)
    }

    /// An id of a bucket that is not before `oldest`, with its content fingerprint. One that was accepted again after it had expired counts in its last bucket.
    pub(crate) fn find_since(&self, fingerprint: u64, source: &str, event_id: &str, oldest: i32) -> Option<i64> {
        self.table
            .iter_hash(fingerprint)
            .filter_map(|place| self.ids.get(*place as usize))
            .filter(|id| id.fingerprint == fingerprint && id.bucket >= oldest && &self.texts[id.source.clone()] == source && &self.texts[id.event_id.clone()] == event_id)
            .max_by_key(|id| id.bucket)
            .map(|id| id.content)
    }

    /// Adds an id.
    pub(crate) fn push(&mut self, fingerprint: u64, bucket: i32, record: &IdRecord<'_>) {
        let start = self.texts.len();
        self.texts.push_str(record.source);
        let middle = self.texts.len();
        self.texts.push_str(record.event_id);
        let id = PendingId { fingerprint, bucket, content: record.content, source: start..middle, event_id: middle..self.texts.len() };
        let place = u32::try_from(self.ids.len()).expect("memory ends before 2^32 ids in one transaction");
        let Self { table, ids, .. } = self;
        ids.push(id);
        table.insert_unique(fingerprint, place, |place| ids[*place as usize].fingerprint);
    }

    pub(crate) fn clock(&self) -> Clock {
        self.clock
    }

    /// Moves the clock, never back.
    pub(crate) fn advance(&mut self, to: Clock) {
        self.clock = self.clock.max(to);
    }

    /// The current record is done: its ids stay.
    pub(crate) fn keep_record(&mut self) {
        self.kept_ids = self.ids.len();
        self.kept_clock = self.clock;
    }

    /// The current record is refused: its ids go.
    pub(crate) fn undo_record(&mut self) {
        self.clock = self.kept_clock;
        while self.ids.len() > self.kept_ids {
            let Some(id) = self.ids.pop() else { break };
            let place = self.ids.len();
            if let Ok(entry) = self.table.find_entry(id.fingerprint, |candidate| *candidate as usize == place) {
                entry.remove();
            }
            self.texts.truncate(id.source.start);
        }
    }

    /// Forgets the ids; the clock goes to `clock`.
    pub(crate) fn reset(&mut self, clock: Clock) {
        self.texts.clear();
        self.ids.clear();
        self.table.clear();
        self.clock = clock;
        self.kept_ids = 0;
        self.kept_clock = clock;
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.ids.is_empty()
    }

    pub(crate) fn len(&self) -> usize {
        self.ids.len()
    }

    /// The ids, in order of acceptance.
    pub(crate) fn ids(&self) -> impl Iterator<Item = (&PendingId, IdRecord<'_>)> {
        self.ids.iter().map(|id| (id, self.record(id)))
    }

    /// The ids of some places.
    pub(crate) fn slice(&self, places: Range<usize>) -> impl Iterator<Item = (&PendingId, IdRecord<'_>)> {
        self.ids[places].iter().map(|id| (id, self.record(id)))
    }

    fn record(&self, id: &PendingId) -> IdRecord<'_> {
        IdRecord { source: &self.texts[id.source.clone()], event_id: &self.texts[id.event_id.clone()], content: id.content }
    }

    /// Places of the ids that go into one changelog record each.
    pub(crate) fn frames(&self) -> Vec<Range<usize>> {
        let mut frames = Vec::new();
        let (mut start, mut bytes) = (0, 0);
        for (place, id) in self.ids.iter().enumerate() {
            let own = id.source.len() + id.event_id.len() + FRAME_BYTES_PER_ID;
            if bytes + own > FRAME_BYTES_MAX && place > start {
                frames.push(start..place);
                (start, bytes) = (place, 0);
            }
            bytes += own;
        }
        if start < self.ids.len() {
            frames.push(start..self.ids.len());
        }
        frames
    }

    /// Memory in use, bytes.
    pub(crate) fn bytes(&self) -> usize {
        self.texts.len() + self.ids.len() * (size_of::<PendingId>() + 8)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn push(pending: &mut Pending, event_id: &str, bucket: i32) {
        pending.push(fingerprint(event_id), bucket, &IdRecord { source: "s", event_id, content: 7 });
    }

    fn fingerprint(event_id: &str) -> u64 {
        lineside_schemas::ids::id_fingerprint("s", event_id)
    }

    fn has(pending: &Pending, event_id: &str) -> bool {
        pending.find(fingerprint(event_id), "s", event_id) == Some(7)
    }

    #[test]
    fn undoing_a_record_takes_its_ids_and_its_clock_back() {
        let mut pending = Pending::default();
        push(&mut pending, "a", 1);
        pending.advance(Clock { stream_time: Timestamp::EPOCH, oldest_bucket: 1 });
        pending.keep_record();
        let bytes = pending.bytes();
        push(&mut pending, "b", 2);
        push(&mut pending, "c", 1);
        pending.advance(Clock { stream_time: Timestamp::from_micros(9), oldest_bucket: 2 });
        assert!(has(&pending, "b") && !has(&pending, "a"), "bucket 1 is expired in this record");
        pending.undo_record();
        assert!(has(&pending, "a") && !has(&pending, "b") && !has(&pending, "c"));
        assert_eq!((pending.bytes(), pending.clock().stream_time), (bytes, Timestamp::EPOCH));
        push(&mut pending, "b", 1);
        assert!(has(&pending, "b"), "and can be accepted again");
    }

    #[test]
    fn a_clock_never_goes_back() {
        let mut pending = Pending::default();
        pending.advance(Clock { stream_time: Timestamp::from_micros(9), oldest_bucket: 2 });
        pending.advance(Clock { stream_time: Timestamp::from_micros(3), oldest_bucket: 4 });
        assert_eq!(pending.clock(), Clock { stream_time: Timestamp::from_micros(9), oldest_bucket: 4 });
    }

    #[test]
    fn frames_hold_every_id_once_and_keep_to_their_size() {
        let mut pending = Pending::default();
        let long = "x".repeat(FRAME_BYTES_MAX + 1);
        for number in 0..20_000 {
            push(&mut pending, &format!("event-{number}"), 1);
            if number == 10_000 {
                push(&mut pending, &long, 1);
            }
        }
        let frames = pending.frames();
        assert_eq!(frames.iter().cloned().flatten().collect::<Vec<_>>(), (0..20_001).collect::<Vec<_>>());
        for frame in frames {
            let bytes: usize = pending.slice(frame.clone()).map(|(_, record)| 1 + record.event_id.len() + FRAME_BYTES_PER_ID).sum();
            assert!(bytes <= FRAME_BYTES_MAX || frame.len() == 1, "{bytes}");
        }
    }
}
