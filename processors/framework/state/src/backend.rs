//! Where local stores live.

use std::path::PathBuf;

/// Where local stores live.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Backend {
    /// In memory; gone with the process.
    Memory,
    /// Below this folder, in `<processor>/<partition>/<store>`. Survives `kill -9`, as everything is handed to the operating system before a
    /// commit returns; after a power failure it may have to be restored from the changelog.
    Disk(PathBuf),
}

/// How much memory the stores of one task may take. Bytes are per keyed store, so per processor, store and partition.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Values of recently used keys, bytes.
    pub live_keys_bytes: u64,
    /// Blocks of the local files, bytes; for keys that are not live.
    pub block_cache_bytes: u64,
    /// What the storage engine collects before it writes a sorted file, bytes.
    pub memtable_bytes: u64,
    /// Records of a changelog that a restore collects before it writes them.
    pub restore_batch_records: usize,
    /// Bytes that a restore collects before it writes them.
    pub restore_batch_bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { live_keys_bytes: 16 << 20, block_cache_bytes: 2 << 20, memtable_bytes: 4 << 20, restore_batch_records: 4096, restore_batch_bytes: 4 << 20 }
    }
}
