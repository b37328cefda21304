//! Committed ids: files by bucket, their commit log, and the fingerprints in memory.

use std::path::Path;

use super::buckets::Buckets;
use super::commit_log::{CommitLog, Entry};
use super::fingerprints::{Fingerprints, Location};
use super::pending::{Clock, Pending};
use super::record::{finish_frame, start_frame};
use crate::fault::Fault;

/// Committed ids of a store.
#[derive(Debug)]
pub(crate) struct Committed {
    pub(super) fingerprints: Fingerprints,
    pub(super) buckets: Buckets,
    /// Absent in memory.
    pub(super) log: Option<CommitLog>,
    pub(super) clock: Clock,
    pub(super) position: Option<i64>,
}

/// A frame on its way into a bucket's file.
struct Frame {
    bucket: i32,
    bytes: Vec<u8>,
    /// Fingerprint and place in the frame of each record.
    places: Vec<(u64, u64)>,
    slot: u16,
    start: u64,
}

impl Committed {
    /// An empty store in memory.
    pub(crate) fn in_memory() -> Self {
        Self { fingerprints: Fingerprints::default(), buckets: Buckets::new(None), log: None, clock: Clock::default(), position: None }
    }

    /// An empty store in the empty folder `home`.
    pub(crate) fn create(home: &Path) -> Result<Self, Fault> {
        Ok(Self { buckets: Buckets::new(Some(home.to_owned())), log: Some(CommitLog::create(home)?), ..Self::in_memory() })
    }

    /// An id of a bucket that is not before `oldest_bucket`, with its content fingerprint. One that was accepted again after it had expired stands twice
    /// until that bucket is dropped, after a restore even with both of them live: it counts in its last bucket.
    pub(crate) fn find(&mut self, fingerprint: u64, source: &str, event_id: &str, oldest_bucket: i32) -> Result<Option<i64>, Fault> {
        let mut found: Option<(i32, i64)> = None;
        for location in self.fingerprints.candidates(fingerprint) {
            let Some(bucket) = self.buckets.number(location.slot).filter(|bucket| *bucket >= oldest_bucket) else { continue };
            if found.is_some_and(|(later, _)| later >= bucket) {
                continue;
            }
            let record = self.buckets.read(location)?;
            if record.source == source && record.event_id == event_id {
                found = Some((bucket, record.content));
            }
        }
        Ok(found.map(|(_, content)| content))
    }

    /// Writes the ids, and with a position also the commit that makes them count after a restart. On an error nothing has changed.
    pub(crate) fn append(&mut self, pending: &Pending, position: Option<i64>) -> Result<(), Fault> {
        let clock = self.clock.max(pending.clock());
        let mut frames = frames(pending, clock.oldest_bucket);
        for frame in &mut frames {
            let count = u32::try_from(frame.places.len()).ok();
            count
                .and_then(|count| finish_frame(&mut frame.bytes, count, frame.bucket).ok())
                .ok_or_else(|| Fault::Full("ids of one transaction take 4 GiB".to_owned()))?;
            frame.slot = self.buckets.slot_for(frame.bucket)?;
            frame.start = self.buckets.write(frame.slot, &frame.bytes)?;
        }
        if position.is_some() {
            self.log_commit(&frames, clock, position)?;
            self.position = position;
            self.clock = clock;
        }
        for frame in &frames {
            self.buckets.grow(frame.slot, frame.start + frame.bytes.len() as u64);
            for (fingerprint, place) in &frame.places {
                self.fingerprints.insert(*fingerprint, Location { slot: frame.slot, offset: frame.start + place });
            }
        }
        if position.is_some() {
            self.buckets.logged();
            self.buckets.expire(clock.oldest_bucket);
            self.buckets.sweep(&mut self.fingerprints);
        }
        Ok(())
    }

    fn log_commit(&mut self, frames: &[Frame], clock: Clock, position: Option<i64>) -> Result<(), Fault> {
        let Self { log: Some(log), buckets, .. } = self else { return Ok(()) };
        let live = |(bucket, _): &(i32, u64)| *bucket >= clock.oldest_bucket;
        // A later pair of the same bucket counts, so what was written now goes last.
        let written = || frames.iter().map(|frame| (frame.bucket, frame.start + frame.bytes.len() as u64));
        let changed = Entry { full: false, position, clock, lengths: buckets.unlogged().filter(live).chain(written()).collect() };
        log.commit(&changed, || Entry { full: true, lengths: buckets.lengths().filter(live).chain(written()).collect(), ..changed.clone() })
    }
}

/// The ids of live buckets in one frame per bucket.
fn frames(pending: &Pending, oldest_bucket: i32) -> Vec<Frame> {
    let mut frames: Vec<Frame> = Vec::new();
    for (id, record) in pending.ids() {
        if id.bucket < oldest_bucket {
            continue;
        }
        let known = frames.iter().rposition(|frame| frame.bucket == id.bucket);
        let place = known.unwrap_or_else(|| {
            let mut bytes = Vec::new();
            start_frame(&mut bytes);
            frames.push(Frame { bucket: id.bucket, bytes, places: Vec::new(), slot: 0, start: 0 });
            frames.len() - 1
        });
        let frame = &mut frames[place];
        frame.places.push((id.fingerprint, frame.bytes.len() as u64));
        record.encode(&mut frame.bytes);
    }
    frames
}
