//! Recently used values.

use std::sync::Arc;

use quick_cache::Weighter;
use quick_cache::unsync::Cache;

use super::Bytes;

/// What an entry costs besides its bytes: pointers, counts, and its place in the cache.
const ENTRY_BYTES: u64 = 128;
/// Bytes of an order of middling size; sizes the cache's index only.
const TYPICAL_ENTRY_BYTES: u64 = 1024;

/// Values of recently used keys, bounded by bytes. What it holds is committed and is what the local store holds.
pub(crate) struct LiveKeys {
    cache: Cache<Bytes, Bytes, EntryBytes>,
}

#[derive(Clone)]
struct EntryBytes;

impl Weighter<Bytes, Bytes> for EntryBytes {
    fn weight(&self, key: &Bytes, value: &Bytes) -> u64 {
        (key.len() + value.len()) as u64 + ENTRY_BYTES
    }
}

impl std::fmt::Debug for LiveKeys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("LiveKeys").field("bytes", &self.bytes()).finish_non_exhaustive()
    }
}

impl LiveKeys {
    /// A cache of at most `bytes_max` bytes.
    pub(crate) fn new(bytes_max: u64) -> Self {
        let items = usize::try_from(bytes_max / TYPICAL_ENTRY_BYTES).unwrap_or(usize::MAX).clamp(1, 1 << 20);
        Self { cache: Cache::with_weighter(items, bytes_max, EntryBytes) }
    }

    pub(crate) fn get(&self, key: &[u8]) -> Option<Bytes> {
        self.cache.get(key).map(Arc::clone)
    }

    pub(crate) fn insert(&mut self, key: Bytes, value: Bytes) {
        self.cache.insert(key, value);
    }

    /// Follows a committed write or deletion.
    pub(crate) fn set(&mut self, key: &Bytes, value: Option<&Bytes>) {
        match value {
            Some(value) => self.cache.insert(Arc::clone(key), Arc::clone(value)),
            None => self.forget(key),
        }
    }

    pub(crate) fn forget(&mut self, key: &[u8]) {
        self.cache.remove(key);
    }

    pub(crate) fn clear(&mut self) {
        self.cache.clear();
    }

    /// Bytes held.
    pub(crate) fn bytes(&self) -> u64 {
        self.cache.weight()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bytes(length: usize) -> Bytes {
        Arc::from(vec![1; length])
    }

    #[test]
    fn a_value_too_large_to_hold_still_replaces_the_one_held() {
        let mut live = LiveKeys::new(10_000);
        let key = bytes(3);
        live.set(&key, Some(&bytes(10)));
        assert_eq!(live.get(&key), Some(bytes(10)));
        live.set(&key, Some(&bytes(50_000)));
        assert_eq!(live.get(&key), None, "neither the old value nor the large one");
    }

    #[test]
    fn never_holds_more_than_its_bound() {
        let mut live = LiveKeys::new(10_000);
        for number in 0..1000_u32 {
            live.set(&Arc::from(number.to_be_bytes()), Some(&bytes(100)));
        }
        assert!(live.bytes() <= 10_000 && live.bytes() > 5_000, "{}", live.bytes());
    }
}
