//! Values by key.
//!
//! * [`overlay`]: writes of the open transaction, with undo per record.
//! * [`live`]: recently used values, so that open orders are not read from files.
//! * [`local`]: what a local store is, and the one in memory.
//! * [`gap`]: where the local store is known to hold nothing, so that scans need not look there again.
//! * [`fjall_store`]: the one on disk; [`ring`] and [`preflight`] find what its engine would overlook.

mod fjall_store;
mod gap;
mod live;
mod local;
mod overlay;
mod preflight;
mod ring;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::SystemTime;

use hashbrown::HashMap;
use lineside_api::KeyAndValue;

use crate::backend::Limits;
use crate::fault::Fault;
use fjall_store::FjallStore;
use gap::Gap;
use live::LiveKeys;
use local::{LocalStore, MemoryStore};
use overlay::Overlay;

/// Bytes of a key or value, shared between overlay, cache and reader.
type Bytes = Arc<[u8]>;

/// Longest key, bytes: what the storage engine takes, less our prefix. Longest keys of a topology are some hundred bytes.
const KEY_BYTES_MAX: usize = u16::MAX as usize - 1;

/// Takes a changelog record: key, value.
type EmitKeyed<'a> = dyn FnMut(&[u8], Option<&[u8]>) + 'a;

/// A keyed store of a task.
#[derive(Debug)]
pub(crate) struct KeyedStore {
    local: Box<dyn LocalStore>,
    /// Absent in memory, where it would only be a second map.
    live: Option<LiveKeys>,
    overlay: Overlay,
    /// Changelog records read back and not yet written; the last one of a key counts.
    restoring: HashMap<Bytes, Option<Bytes>>,
    restoring_bytes: usize,
    /// The value last read, for the caller to borrow.
    current: Option<Bytes>,
    /// The entry last found by a scan, for the caller to borrow.
    found: Option<(Bytes, Bytes)>,
    gap: Gap,
    limits: Limits,
}

impl KeyedStore {
    /// A store in memory.
    pub(crate) fn in_memory(limits: Limits) -> Self {
        Self::over(Box::new(MemoryStore::default()), None, limits)
    }

    /// A store in the folder `path`.
    pub(crate) fn on_disk(path: PathBuf, limits: Limits) -> Result<Self, Fault> {
        Ok(Self::over(Box::new(FjallStore::open(path, limits)?), Some(LiveKeys::new(limits.live_keys_bytes)), limits))
    }

    fn over(local: Box<dyn LocalStore>, live: Option<LiveKeys>, limits: Limits) -> Self {
        Self { local, live, overlay: Overlay::default(), restoring: HashMap::new(), restoring_bytes: 0, current: None, found: None, gap: Gap::default(), limits }
    }

    /// Value of a key: of the open transaction, else live, else from the local store.
    pub(crate) fn get(&mut self, key: &[u8]) -> Result<Option<&[u8]>, Fault> {
        self.current = self.find(key)?;
        Ok(self.current.as_deref())
    }

    fn find(&mut self, key: &[u8]) -> Result<Option<Bytes>, Fault> {
        if let Some(written) = self.overlay.get(key) {
            return Ok(written.clone());
        }
        let Some(live) = &mut self.live else { return self.local.get(key) };
        if let Some(value) = live.get(key) {
            return Ok(Some(value));
        }
        let value = self.local.get(key)?;
        if let Some(value) = &value {
            live.insert(Arc::from(key), Arc::clone(value));
        }
        Ok(value)
    }

    /// The first key at or after `from`, in byte order, and its value: the nearer of what the open transaction wrote and of what the local store has and the
    /// transaction did not write.
    pub(crate) fn first_from(&mut self, from: &[u8]) -> Result<Option<KeyAndValue<'_>>, Fault> {
        let written = self.overlay.first_from(from);
        let local = self.first_local(from, written.as_ref().map(|(key, _)| key))?;
        self.found = match (written, local) {
            (Some(written), Some(local)) => Some(if written.0 < local.0 { written } else { local }),
            (written, local) => written.or(local),
        };
        Ok(self.found.as_ref().map(|(key, value)| (&**key, &**value)))
    }

    /// The first entry of the local store that the transaction did not write, unless `nearer` comes first.
    fn first_local(&mut self, from: &[u8], nearer: Option<&Bytes>) -> Result<Option<(Bytes, Bytes)>, Fault> {
        let Self { local, overlay, gap, .. } = self;
        let Some(start) = gap.skip(from) else { return Ok(None) };
        if nearer.is_some_and(|nearer| **nearer < *start) {
            return Ok(None);
        }
        let mut first: Option<Bytes> = None;
        let mut passed = false;
        let found = local.first_from(&start, &mut |key| {
            if first.is_none() {
                first = Some(Arc::from(key));
            }
            // Behind the transaction's own entry nothing is of interest.
            passed = nearer.is_some_and(|nearer| **nearer < *key);
            passed || overlay.get(key).is_none()
        })?;
        gap.found(from, first);
        Ok(found.filter(|_| !passed))
    }

    /// Sets or deletes a key in the open transaction.
    pub(crate) fn put(&mut self, key: &[u8], value: Option<&[u8]>) -> Result<(), Fault> {
        if key.len() > KEY_BYTES_MAX {
            return Err(Fault::Full(format!("a key of {} bytes is longer than {KEY_BYTES_MAX}", key.len())));
        }
        self.overlay.put(key, value.map(Arc::from));
        Ok(())
    }

    pub(crate) fn keep_record(&mut self) {
        self.overlay.keep_record();
    }

    pub(crate) fn undo_record(&mut self) {
        self.overlay.undo_record();
    }

    pub(crate) fn overlay_bytes(&self) -> usize {
        self.overlay.bytes()
    }

    /// Records that [`Self::changelog`] gives.
    pub(crate) fn changelog_records(&self) -> usize {
        self.overlay.len()
    }

    /// The dirty keys in byte order, so that the same transaction gives the same records.
    pub(crate) fn changelog(&self, emit: &mut EmitKeyed<'_>) {
        let mut dirty: Vec<_> = self.overlay.iter().collect();
        dirty.sort_unstable_by_key(|(key, _)| *key);
        for (key, value) in dirty {
            emit(key, value.as_deref());
        }
    }

    /// Moves the open transaction to the local store, together with its position. On an error the transaction stays open.
    pub(crate) fn committed(&mut self, position: i64) -> Result<(), Fault> {
        self.local.apply(&mut self.overlay.iter(), Some(position))?;
        for (key, _) in self.overlay.iter().filter(|(_, value)| value.is_some()) {
            self.gap.filled(key);
        }
        if let Some(live) = &mut self.live {
            for (key, value) in self.overlay.iter() {
                live.set(key, value.as_ref());
            }
        }
        self.overlay.clear();
        Ok(())
    }

    pub(crate) fn aborted(&mut self) {
        self.overlay.clear();
    }

    pub(crate) fn position(&self) -> Option<i64> {
        self.local.position()
    }

    /// Takes one committed changelog record; the last one of a key counts.
    pub(crate) fn restore(&mut self, key: Option<&[u8]>, value: Option<&[u8]>) -> Result<(), Fault> {
        let Some(key) = key.filter(|key| key.len() <= KEY_BYTES_MAX) else {
            return Err(Fault::Changelog("no key, or one longer than any that is written".to_owned()));
        };
        if self.local.is_damaged() {
            self.wipe()?;
        }
        self.restoring_bytes += key.len() + value.map_or(0, <[u8]>::len);
        self.restoring.insert(Arc::from(key), value.map(Arc::from));
        if self.restoring.len() >= self.limits.restore_batch_records || self.restoring_bytes >= self.limits.restore_batch_bytes {
            // Replaying these records again from the old position gives the same values in the end, so they may be written before it moves.
            self.write_restored(None)?;
        }
        Ok(())
    }

    pub(crate) fn restored(&mut self, position: i64) -> Result<(), Fault> {
        if self.local.is_damaged() {
            self.wipe()?;
        }
        self.write_restored(Some(position))
    }

    fn write_restored(&mut self, position: Option<i64>) -> Result<(), Fault> {
        self.local.apply(&mut self.restoring.iter(), position)?;
        self.gap = Gap::default();
        if let Some(live) = &mut self.live {
            for key in self.restoring.keys() {
                live.forget(key);
            }
        }
        self.restoring.clear();
        self.restoring_bytes = 0;
        Ok(())
    }

    pub(crate) fn wipe(&mut self) -> Result<(), Fault> {
        self.overlay.clear();
        self.restoring.clear();
        self.restoring_bytes = 0;
        self.current = None;
        self.found = None;
        self.gap = Gap::default();
        if let Some(live) = &mut self.live {
            live.clear();
        }
        self.local.wipe()
    }

    pub(crate) fn entries(&self) -> u64 {
        self.local.entries()
    }

    pub(crate) fn memory_bytes(&self) -> u64 {
        self.local.memory_bytes() + self.live.as_ref().map_or(0, LiveKeys::bytes) + self.overlay.bytes() as u64 + self.restoring_bytes as u64
    }

    pub(crate) fn disk_bytes(&self) -> u64 {
        self.local.disk_bytes()
    }

    pub(crate) fn created(&self) -> Option<SystemTime> {
        self.local.created()
    }
}
