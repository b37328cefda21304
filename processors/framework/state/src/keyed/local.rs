//! What a local store of values by key is.

use std::collections::BTreeMap;
use std::fmt::Debug;
use std::ops::Bound;
use std::sync::Arc;
use std::time::SystemTime;

use super::Bytes;
use crate::fault::Fault;

/// What an entry in memory costs besides its bytes: two counted pointers with their counts, and its share of the map.
const ENTRY_BYTES: usize = 96;

/// Keys and what to write for them; `None` deletes.
pub(crate) type Writes<'w, 'a> = &'w mut dyn Iterator<Item = (&'a Bytes, &'a Option<Bytes>)>;

/// Committed values by key: a copy of the changelog up to a position.
pub(crate) trait LocalStore: Debug + Send {
    /// Value of a key.
    fn get(&mut self, key: &[u8]) -> Result<Option<Bytes>, Fault>;

    /// The first key at or after `from`, in byte order, that `passes` lets through, and its value. `passes` is asked for each key on the way.
    fn first_from(&mut self, from: &[u8], passes: &mut dyn FnMut(&[u8]) -> bool) -> Result<Option<(Bytes, Bytes)>, Fault>;

    /// Writes all or nothing, together with the position; `None` leaves that as it is. Nothing written is lost by `kill -9`.
    fn apply(&mut self, writes: Writes<'_, '_>, position: Option<i64>) -> Result<(), Fault>;

    /// Changelog offset up to which the store reaches (next to read); `None` if it is empty, damaged, or not restored to its end yet.
    fn position(&self) -> Option<i64>;

    /// Whether it was found damaged; nothing but [`Self::wipe`] helps then.
    fn is_damaged(&self) -> bool;

    /// Forgets everything.
    fn wipe(&mut self) -> Result<(), Fault>;

    /// Keys, or an estimate.
    fn entries(&self) -> u64;

    /// Main memory, bytes.
    fn memory_bytes(&self) -> u64;

    /// Files, bytes as allocated.
    fn disk_bytes(&self) -> u64;

    /// When its files were made; absent in memory.
    fn created(&self) -> Option<SystemTime>;
}

/// A local store in memory.
#[derive(Debug, Default)]
pub(crate) struct MemoryStore {
    values: BTreeMap<Bytes, Bytes>,
    bytes: u64,
    position: Option<i64>,
}

impl LocalStore for MemoryStore {
    fn get(&mut self, key: &[u8]) -> Result<Option<Bytes>, Fault> {
        Ok(self.values.get(key).map(Arc::clone))
    }

    fn first_from(&mut self, from: &[u8], passes: &mut dyn FnMut(&[u8]) -> bool) -> Result<Option<(Bytes, Bytes)>, Fault> {
        let mut range = self.values.range::<[u8], _>((Bound::Included(from), Bound::Unbounded));
        Ok(range.find(|(key, _)| passes(key)).map(|(key, value)| (Arc::clone(key), Arc::clone(value))))
    }

    fn apply(&mut self, writes: Writes<'_, '_>, position: Option<i64>) -> Result<(), Fault> {
        for (key, value) in writes {
            if let Some(value) = value {
                self.bytes += (key.len() + value.len()) as u64;
            }
            let before = match value {
                Some(value) => self.values.insert(Arc::clone(key), Arc::clone(value)),
                None => self.values.remove(key),
            };
            self.bytes -= before.map_or(0, |before| (key.len() + before.len()) as u64);
        }
        self.position = position.or(self.position);
        Ok(())
    }

    fn position(&self) -> Option<i64> {
        self.position
    }

    fn is_damaged(&self) -> bool {
        false
    }

    fn wipe(&mut self) -> Result<(), Fault> {
        *self = Self::default();
        Ok(())
    }

    fn entries(&self) -> u64 {
        self.values.len() as u64
    }

    fn memory_bytes(&self) -> u64 {
        self.bytes + (self.values.len() * ENTRY_BYTES) as u64
    }

    fn disk_bytes(&self) -> u64 {
        0
    }

    fn created(&self) -> Option<SystemTime> {
        None
    }
}
