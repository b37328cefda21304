//! Accepted event ids, in buckets by UTC day of their source time.
//!
//! Ids are only ever added, nearly every look-up misses, and they expire by whole buckets. So an id costs one append to its bucket's file and some
//! bytes of a table in memory; a miss reads nothing, a hit is compared with the file, and expiry removes a file.
//!
//! * [`pending`]: ids of the open transaction, with undo per record.
//! * [`committed`]: all others: [`buckets`] (files), [`commit_log`] (what of them counts), [`fingerprints`] (the table), [`record`] (bytes of an id).
//! * [`recovery`]: opening what a process left behind, whole or not.

mod buckets;
mod commit_log;
mod committed;
mod fingerprints;
mod pending;
mod record;
mod recovery;

use std::path::PathBuf;
use std::time::SystemTime;

use lineside_api::AcceptedId;
use lineside_schemas::contract::AcceptedIds;
use lineside_schemas::ids::id_fingerprint;
use lineside_schemas::{Codec, CodecError, Timestamp, records};
use tracing::warn;

use crate::backend::Limits;
use crate::directory::StoreDirectory;
use crate::fault::Fault;
use committed::Committed;
use pending::{Clock, Pending, PendingId};
use record::IdRecord;

const FORMAT: &str = "lineside id store 1\n";

/// A store of ids of a task.
#[derive(Debug)]
pub(crate) struct IdStore {
    /// Absent in memory.
    directory: Option<StoreDirectory>,
    committed: Committed,
    pending: Pending,
    /// Changelog records read back and not yet written.
    restoring: Pending,
    /// Fingerprint of the id that was looked up last and not found, as long as nothing has changed: accepting it needs no second look-up.
    missed: Option<u64>,
    /// Found damaged; nothing but a wipe helps.
    damaged: bool,
    /// Changelog topic, whose schema id the frames carry.
    topic: String,
    limits: Limits,
}

impl IdStore {
    /// A store in memory.
    pub(crate) fn in_memory(topic: String, limits: Limits) -> Self {
        Self::over(None, Committed::in_memory(), topic, limits)
    }

    /// The store in the folder `path`. One that is damaged, of another version or was never restored to its end is wiped.
    pub(crate) fn on_disk(path: PathBuf, topic: String, limits: Limits) -> Result<Self, Fault> {
        let directory = StoreDirectory::new(path, FORMAT);
        if directory.is_sealed()? {
            match recovery::load(directory.path()) {
                Ok(committed) => return Ok(Self::over(Some(directory), committed, topic, limits)),
                Err(Fault::Damaged(what)) => warn!(path = %directory.path().display(), what, "store cannot be used, restoring it from its changelog"),
                Err(fault) => return Err(fault),
            }
        }
        let committed = create(&directory)?;
        Ok(Self::over(Some(directory), committed, topic, limits))
    }

    fn over(directory: Option<StoreDirectory>, committed: Committed, topic: String, limits: Limits) -> Self {
        let mut store = Self { directory, committed, pending: Pending::default(), restoring: Pending::default(), missed: None, damaged: false, topic, limits };
        store.aborted();
        store.restoring.reset(store.committed.clock);
        store
    }

    /// Content fingerprint of an id in a live bucket, if it was accepted.
    pub(crate) fn seen(&mut self, source: &str, event_id: &str) -> Result<Option<i64>, Fault> {
        let fingerprint = id_fingerprint(source, event_id);
        let found = self.find(fingerprint, source, event_id)?;
        self.missed = found.is_none().then_some(fingerprint);
        Ok(found)
    }

    fn find(&mut self, fingerprint: u64, source: &str, event_id: &str) -> Result<Option<i64>, Fault> {
        self.usable()?;
        if let Some(content) = self.pending.find(fingerprint, source, event_id) {
            return Ok(Some(content));
        }
        let found = self.committed.find(fingerprint, source, event_id, self.pending.clock().oldest_bucket);
        self.checked(found)
    }

    /// Adds an id to the open transaction. One that is known already stays as it is.
    pub(crate) fn accept(&mut self, id: &AcceptedId<'_>) -> Result<(), Fault> {
        let fingerprint = id_fingerprint(id.source, id.event_id);
        if self.missed.take() == Some(fingerprint) || self.find(fingerprint, id.source, id.event_id)?.is_none() {
            self.pending.push(fingerprint, id.bucket, &IdRecord { source: id.source, event_id: id.event_id, content: id.fingerprint });
        }
        Ok(())
    }

    pub(crate) fn stream_time(&self) -> Timestamp {
        self.pending.clock().stream_time
    }

    pub(crate) fn advance(&mut self, stream_time: Timestamp, oldest_bucket: i32) {
        self.pending.advance(Clock { stream_time, oldest_bucket });
    }

    pub(crate) fn keep_record(&mut self) {
        self.pending.keep_record();
    }

    pub(crate) fn undo_record(&mut self) {
        self.missed = None;
        self.pending.undo_record();
    }

    pub(crate) fn is_dirty(&self) -> bool {
        self.changelog_records() > 0
    }

    pub(crate) fn overlay_bytes(&self) -> usize {
        self.pending.bytes()
    }

    /// Records that [`Self::changelog`] gives.
    pub(crate) fn changelog_records(&self) -> usize {
        if self.pending.is_empty() { usize::from(self.stream_time() > self.committed.clock.stream_time) } else { self.pending.frames().len() }
    }

    /// The new ids in frames; one frame without ids if only the clock moved.
    pub(crate) fn changelog(&self, codec: &Codec, emit: &mut dyn FnMut(&[u8])) -> Result<(), CodecError> {
        let mut frames = self.pending.frames();
        if frames.is_empty() && self.is_dirty() {
            frames.push(0..0);
        }
        let mut bytes = Vec::new();
        for frame in frames {
            let ids = self.pending.slice(frame).map(|(id, record)| changelog_id(id, record)).collect();
            bytes.clear();
            codec.encode::<AcceptedIds>(&self.topic, &records::AcceptedIds { stream_time: self.stream_time(), ids }, &mut bytes)?;
            emit(&bytes);
        }
        Ok(())
    }

    /// Moves the open transaction to the files, together with its position. On an error the transaction stays open.
    pub(crate) fn committed(&mut self, position: i64) -> Result<(), Fault> {
        self.usable()?;
        let written = self.committed.append(&self.pending, Some(position));
        self.checked(written)?;
        self.aborted();
        Ok(())
    }

    /// Whether there is something to move though the changelog has no record of it: only buckets that expire.
    pub(crate) fn only_expires(&self) -> bool {
        !self.is_dirty() && self.pending.clock().oldest_bucket > self.committed.clock.oldest_bucket
    }

    pub(crate) fn aborted(&mut self) {
        self.missed = None;
        self.pending.reset(self.committed.clock);
    }

    pub(crate) fn position(&self) -> Option<i64> {
        if self.damaged { None } else { self.committed.position }
    }

    /// Takes one committed changelog record. Ids that are known already are skipped, unless they were accepted again in a later bucket: the window
    /// is in no changelog, so an earlier bucket may still look live though it had expired then.
    pub(crate) fn restore(&mut self, codec: &Codec, value: Option<&[u8]>) -> Result<(), Fault> {
        self.missed = None;
        if self.damaged {
            self.wipe()?;
        }
        let at_fault = |what: String| Fault::Changelog(format!("{}: {what}", self.topic));
        let value = value.ok_or_else(|| at_fault("no value".to_owned()))?;
        let frame = codec.decode::<AcceptedIds>(value).map_err(|error| at_fault(error.to_string()))?;
        self.restoring.advance(Clock { stream_time: frame.stream_time, oldest_bucket: i32::MIN });
        let oldest_bucket = self.restoring.clock().oldest_bucket;
        for id in &frame.ids {
            let fingerprint = id_fingerprint(id.source, id.event_id);
            let since = oldest_bucket.max(id.bucket);
            if id.bucket < oldest_bucket || self.restoring.find_since(fingerprint, id.source, id.event_id, since).is_some() {
                continue;
            }
            let known = self.committed.find(fingerprint, id.source, id.event_id, since);
            if self.checked(known)?.is_none() {
                self.restoring.push(fingerprint, id.bucket, &IdRecord { source: id.source, event_id: id.event_id, content: id.fingerprint });
            }
        }
        if self.restoring.len() >= self.limits.restore_batch_records || self.restoring.bytes() >= self.limits.restore_batch_bytes {
            // Written without a commit: after a crash the files are cut back to the last one and these records are read again.
            let clock = self.restoring.clock();
            let written = self.committed.append(&self.restoring, None);
            self.checked(written)?;
            self.restoring.reset(clock);
        }
        Ok(())
    }

    pub(crate) fn restored(&mut self, position: i64) -> Result<(), Fault> {
        if self.damaged {
            self.wipe()?;
        }
        let written = self.committed.append(&self.restoring, Some(position));
        self.checked(written)?;
        self.restoring.reset(self.committed.clock);
        self.pending.advance(self.committed.clock);
        // The next record starts from what was restored; undoing it must not go back before that.
        self.pending.keep_record();
        Ok(())
    }

    pub(crate) fn wipe(&mut self) -> Result<(), Fault> {
        self.missed = None;
        self.damaged = true;
        self.committed = match &self.directory {
            Some(directory) => create(directory)?,
            None => Committed::in_memory(),
        };
        self.damaged = false;
        self.pending.reset(Clock::default());
        self.restoring.reset(Clock::default());
        Ok(())
    }

    fn usable(&self) -> Result<(), Fault> {
        if self.damaged { Err(Fault::Damaged(format!("store of {} was found damaged", self.topic))) } else { Ok(()) }
    }

    /// Passes a result on; damage makes the store unusable now and after a restart.
    fn checked<T>(&mut self, result: Result<T, Fault>) -> Result<T, Fault> {
        if let Err(Fault::Damaged(what)) = &result {
            warn!(topic = self.topic, what, "store is damaged");
            self.damaged = true;
            self.missed = None;
            if let Some(directory) = &self.directory {
                directory.condemn()?;
            }
        }
        result
    }

    pub(crate) fn entries(&self) -> u64 {
        self.committed.fingerprints.len() as u64
    }

    pub(crate) fn memory_bytes(&self) -> u64 {
        let open = self.pending.bytes() + self.restoring.bytes();
        (self.committed.fingerprints.memory_bytes() + open) as u64 + self.committed.buckets.memory_bytes()
    }

    pub(crate) fn disk_bytes(&self) -> u64 {
        self.directory.as_ref().map_or(0, StoreDirectory::allocated_bytes)
    }

    pub(crate) fn created(&self) -> Option<SystemTime> {
        self.directory.as_ref().and_then(StoreDirectory::created)
    }
}

/// An empty store in an emptied folder.
fn create(directory: &StoreDirectory) -> Result<Committed, Fault> {
    directory.recreate()?;
    let committed = Committed::create(directory.path())?;
    directory.seal()?;
    Ok(committed)
}

fn changelog_id<'a>(id: &PendingId, record: IdRecord<'a>) -> records::AcceptedId<'a> {
    records::AcceptedId { source: record.source, event_id: record.event_id, bucket: id.bucket, fingerprint: record.content }
}
