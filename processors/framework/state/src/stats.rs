//! Size and age of stores.

use std::time::SystemTime;

/// Size and age of one store.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StoreStats {
    /// Name of the store.
    pub store: &'static str,
    /// Keys or ids that are committed. Exact for ids and in memory; for keyed stores on disk an estimate that counts overwritten
    /// and deleted keys until the files are merged.
    pub entries: u64,
    /// Main memory, bytes: caches, tables, buffers and the open transaction.
    pub memory_bytes: u64,
    /// Files, bytes as allocated.
    pub disk_bytes: u64,
    /// When its files were made: at its first start here, or when it was last rebuilt from nothing. Absent in memory.
    pub created: Option<SystemTime>,
}
