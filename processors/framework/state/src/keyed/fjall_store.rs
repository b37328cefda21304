//! A local store on disk, kept by fjall.
//!
//! One database per store with one keyspace, in which a first byte tells our own cells from values by key. Every batch carries the position and
//! its own number (see [`super::ring`]). A store is given up by removing its folder, never by `clear()`, which can lose later writes (lsm-tree#286).

use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use fjall::config::PinningPolicy;
use fjall::{Database, Keyspace, KeyspaceCreateOptions, PersistMode};
use tracing::warn;

use super::Bytes;
use super::local::{LocalStore, Writes};
use super::{preflight, ring};
use crate::backend::Limits;
use crate::directory::StoreDirectory;
use crate::fault::Fault;

const FORMAT: &str = "lineside keyed store 1\n";
/// First bytes of keys in the keyspace.
const HEAD: u8 = 0;
const CELL: u8 = 1;
const VALUE: u8 = 2;
/// Position in the head of a store that is being restored for the first time.
const NO_POSITION: i64 = i64::MIN;
/// The least that the engine takes; a journal is dropped long before, when its memtable is written.
const JOURNALS_BYTES: u64 = 64 << 20;
/// Full memtables that wait to be written; the engine itself stops writers at four.
const SEALED_MAX: usize = 3;
/// How long a commit waits for the engine at most.
const FLUSH_WAIT_MAX: Duration = Duration::from_secs(30);

/// A local store on disk.
pub(crate) struct FjallStore {
    directory: StoreDirectory,
    limits: Limits,
    /// Absent once damage was found, until the wipe.
    open: Option<Open>,
    position: Option<i64>,
    /// Number of the last batch.
    batch: u64,
    /// Prefixed key, reused.
    key: Vec<u8>,
}

struct Open {
    database: Database,
    keyspace: Keyspace,
}

impl std::fmt::Debug for FjallStore {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("FjallStore").field("path", &self.directory.path()).field("position", &self.position).finish_non_exhaustive()
    }
}

impl FjallStore {
    /// Opens the store in the folder `path`. One that is damaged, of another version or was never restored to its end is wiped.
    pub(crate) fn open(path: PathBuf, limits: Limits) -> Result<Self, Fault> {
        let mut store = Self { directory: StoreDirectory::new(path, FORMAT), limits, open: None, position: None, batch: 0, key: Vec::new() };
        if store.directory.is_sealed()? {
            match store.load() {
                Ok(()) if store.position.is_some() => return Ok(store),
                Ok(()) => {}
                Err(Fault::Damaged(what)) => warn!(path = %store.directory.path().display(), what, "store is damaged, restoring it from its changelog"),
                Err(fault) => return Err(fault),
            }
        }
        store.wipe()?;
        Ok(store)
    }

    fn load(&mut self) -> Result<(), Fault> {
        let opening = self.directory.path().join("OPENING");
        preflight::begin(&opening)?;
        preflight::check_lists(&database_path(&self.directory))?;
        let loaded = self.load_checked();
        preflight::end(&opening)?;
        loaded
    }

    fn load_checked(&mut self) -> Result<(), Fault> {
        let open = Open::new(&self.directory, self.limits)?;
        let head = guarded(|| open.keyspace.get([HEAD]))?;
        let (position, batch) = match head.as_deref() {
            None => (NO_POSITION, 0),
            Some(head) => decode_head(head).ok_or_else(|| Fault::damaged(self.directory.path(), "head of a wrong length"))?,
        };
        let cells = guarded(|| open.cells())?.ok_or_else(|| Fault::damaged(self.directory.path(), "cell of a wrong length"))?;
        ring::check(batch, cells).map_err(|what| Fault::damaged(self.directory.path(), &what))?;
        self.position = (position != NO_POSITION).then_some(position);
        self.batch = batch;
        self.open = Some(open);
        Ok(())
    }

    /// Passes a result on; damage makes the store unusable now and after a restart.
    fn checked<T>(&mut self, result: Result<T, Fault>) -> Result<T, Fault> {
        if let Err(Fault::Damaged(what)) = &result {
            warn!(path = %self.directory.path().display(), what, "store is damaged");
            self.directory.condemn()?;
            self.open = None;
            self.position = None;
        }
        result
    }

    fn damaged(&self) -> Fault {
        Fault::damaged(self.directory.path(), "found earlier")
    }
}

fn database_path(directory: &StoreDirectory) -> PathBuf {
    directory.path().join("fjall")
}

impl Open {
    fn new(directory: &StoreDirectory, limits: Limits) -> Result<Self, Fault> {
        let path = database_path(directory);
        guarded(|| {
            let database = Database::builder(&path)
                .cache_size(limits.block_cache_bytes)
                .max_journaling_size(JOURNALS_BYTES)
                .worker_threads(1)
                // A batch says itself how far it has to get.
                .manual_journal_persist(true)
                .open()?;
            let keyspace = database.keyspace("store", || {
                KeyspaceCreateOptions::default()
                    .max_memtable_size(limits.memtable_bytes)
                    .manual_journal_persist(true)
                    // Whole and pinned: a look-up then reads one block. Partitioned or evicted ones cost it a hundredfold.
                    .filter_block_partitioning_policy(PinningPolicy::all(false))
                    .index_block_partitioning_policy(PinningPolicy::all(false))
                    .filter_block_pinning_policy(PinningPolicy::all(true))
                    .index_block_pinning_policy(PinningPolicy::all(true))
            })?;
            Ok(Self { database, keyspace })
        })
    }

    /// Waits until the engine has written most of what it collected. It would wait itself in steps of 100 ms, and without an end if its
    /// thread is gone.
    fn wait_for_flushes(&self) -> Result<(), Fault> {
        let started = Instant::now();
        while guarded(|| Ok(self.keyspace.sealed_memtable_count()))? >= SEALED_MAX {
            if started.elapsed() > FLUSH_WAIT_MAX {
                return Err(Fault::Engine(format!("has written nothing to its files for {FLUSH_WAIT_MAX:?}")));
            }
            std::thread::sleep(Duration::from_millis(1));
        }
        Ok(())
    }

    /// Cells of the ring with their numbers; `None` if one is malformed.
    fn cells(&self) -> fjall::Result<Option<Vec<(u64, u64)>>> {
        let mut cells = Vec::new();
        for entry in self.keyspace.prefix([CELL]) {
            let (key, value) = entry.into_inner()?;
            let (Some(cell), Ok(number)) = (key.get(1..).and_then(|cell| cell.try_into().ok()), (*value).try_into()) else { return Ok(None) };
            cells.push((u64::from(u32::from_be_bytes(cell)), u64::from_le_bytes(number)));
        }
        Ok(Some(cells))
    }
}

impl LocalStore for FjallStore {
    fn get(&mut self, key: &[u8]) -> Result<Option<Bytes>, Fault> {
        let Some(open) = &self.open else { return Err(self.damaged()) };
        prefixed(&mut self.key, key);
        let read = guarded(|| open.keyspace.get(&self.key));
        Ok(self.checked(read)?.map(|value| Arc::from(&*value)))
    }

    fn first_from(&mut self, from: &[u8], passes: &mut dyn FnMut(&[u8]) -> bool) -> Result<Option<(Bytes, Bytes)>, Fault> {
        let Some(open) = &self.open else { return Err(self.damaged()) };
        prefixed(&mut self.key, from);
        let found = guarded(|| {
            for entry in open.keyspace.range(self.key.as_slice()..&[VALUE + 1][..]) {
                let (key, value) = entry.into_inner()?;
                // Our prefix taken off.
                let key = key.get(1..).unwrap_or_default();
                if passes(key) {
                    return Ok(Some((Arc::from(key), Arc::from(&*value))));
                }
            }
            Ok(None)
        });
        self.checked(found)
    }

    fn apply(&mut self, writes: Writes<'_, '_>, position: Option<i64>) -> Result<(), Fault> {
        let Some(open) = &self.open else { return Err(self.damaged()) };
        let position = position.or(self.position);
        let number = self.batch + 1;
        open.wait_for_flushes()?;
        let written = guarded(|| {
            let mut batch = open.database.batch().durability(Some(PersistMode::Buffer));
            for (key, value) in writes {
                prefixed(&mut self.key, key);
                match value {
                    Some(value) => batch.insert(&open.keyspace, self.key.as_slice(), &**value),
                    None => batch.remove(&open.keyspace, self.key.as_slice()),
                }
            }
            let cell = u32::try_from(number % ring::CELLS).expect("there are fewer cells than a u32 counts");
            let mut cell_key = [CELL, 0, 0, 0, 0];
            cell_key[1..].copy_from_slice(&cell.to_be_bytes());
            batch.insert(&open.keyspace, cell_key, number.to_le_bytes());
            batch.insert(&open.keyspace, [HEAD], encode_head(position.unwrap_or(NO_POSITION), number));
            batch.commit()
        });
        self.checked(written)?;
        self.batch = number;
        self.position = position;
        Ok(())
    }

    fn position(&self) -> Option<i64> {
        self.position
    }

    fn is_damaged(&self) -> bool {
        self.open.is_none()
    }

    fn wipe(&mut self) -> Result<(), Fault> {
        // Condemned first: from here on nobody takes the old files for good. Dropped next: the engine's threads end with it.
        self.directory.condemn()?;
        self.open = None;
        self.position = None;
        self.batch = 0;
        self.directory.recreate()?;
        self.open = Some(Open::new(&self.directory, self.limits)?);
        self.directory.seal()
    }

    /// Our own cells taken off; what was overwritten counts until the engine merges its files.
    fn entries(&self) -> u64 {
        self.open.as_ref().map_or(0, |open| {
            let own = self.batch.min(ring::CELLS) + 1;
            (open.keyspace.approximate_len() as u64).saturating_sub(own)
        })
    }

    fn memory_bytes(&self) -> u64 {
        self.open.as_ref().map_or(0, |open| open.database.write_buffer_size() + open.database.cache_size())
    }

    fn disk_bytes(&self) -> u64 {
        self.directory.allocated_bytes()
    }

    fn created(&self) -> Option<SystemTime> {
        self.directory.created()
    }
}

fn prefixed(out: &mut Vec<u8>, key: &[u8]) {
    out.clear();
    out.push(VALUE);
    out.extend_from_slice(key);
}

/// Position (or [`NO_POSITION`]) and number of the last batch, little-endian.
fn encode_head(position: i64, batch: u64) -> [u8; 16] {
    let mut head = [0; 16];
    head[..8].copy_from_slice(&position.to_le_bytes());
    head[8..].copy_from_slice(&batch.to_le_bytes());
    head
}

fn decode_head(head: &[u8]) -> Option<(i64, u64)> {
    let (position, batch) = head.split_at_checked(8)?;
    Some((i64::from_le_bytes(position.try_into().ok()?), u64::from_le_bytes(batch.try_into().ok()?)))
}

/// Runs the engine. It checks its files with assertions here and there, so a panic of its own says that they are damaged.
fn guarded<T>(work: impl FnOnce() -> fjall::Result<T>) -> Result<T, Fault> {
    match catch_unwind(AssertUnwindSafe(work)) {
        Ok(Ok(done)) => Ok(done),
        Ok(Err(error)) => Err(classify(&error)),
        Err(_) => Err(Fault::Damaged("the storage engine gave up on its files".to_owned())),
    }
}

/// Tells damage, which a restore from the changelog solves, from trouble that it does not solve.
fn classify(error: &fjall::Error) -> Fault {
    let trouble = match error {
        fjall::Error::Io(io) | fjall::Error::Storage(fjall::LsmError::Io(io)) => is_trouble(io),
        fjall::Error::Locked => true,
        // `Poisoned` is among the rest: a background write failed, and nothing short of new files is known to get past that.
        _ => false,
    };
    if trouble { Fault::Engine(error.to_string()) } else { Fault::Damaged(error.to_string()) }
}

/// Whether the operating system, not the files, is the cause: these errors come with good files too. A bad offset or a missing file does not.
fn is_trouble(error: &io::Error) -> bool {
    use io::ErrorKind::{FileTooLarge, Interrupted, OutOfMemory, PermissionDenied, QuotaExceeded, ReadOnlyFilesystem, ResourceBusy, StorageFull, TimedOut, WouldBlock};
    /// The disk failed; no more open files in the system; none in the process. They have no kind of their own.
    const EIO_ENFILE_EMFILE: [i32; 3] = [5, 23, 24];
    matches!(
        error.kind(),
        FileTooLarge | Interrupted | OutOfMemory | PermissionDenied | QuotaExceeded | ReadOnlyFilesystem | ResourceBusy | StorageFull | TimedOut | WouldBlock
    ) || error.raw_os_error().is_some_and(|code| EIO_ENFILE_EMFILE.contains(&code))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn open(root: &tempfile::TempDir) -> FjallStore {
        FjallStore::open(root.path().join("store"), Limits::default()).unwrap()
    }

    fn write(store: &mut FjallStore, key: &str, position: Option<i64>) {
        let (key, value): (Bytes, Option<Bytes>) = (Arc::from(key.as_bytes()), Some(Arc::from(*b"value")));
        store.apply(&mut [(&key, &value)].into_iter(), position).unwrap();
    }

    #[test]
    fn a_batch_without_a_position_leaves_it_and_survives() {
        let root = tempfile::tempdir().unwrap();
        let mut store = open(&root);
        write(&mut store, "a", Some(4));
        write(&mut store, "b", None);
        drop(store);
        let mut store = open(&root);
        assert_eq!((store.position(), store.get(b"b").unwrap().as_deref()), (Some(4), Some(&b"value"[..])));
        assert!(store.entries() >= 2);
    }

    #[test]
    fn a_store_that_never_had_a_position_is_empty_after_a_restart() {
        let root = tempfile::tempdir().unwrap();
        let mut store = open(&root);
        write(&mut store, "a", None);
        drop(store);
        let mut store = open(&root);
        assert_eq!((store.position(), store.get(b"a").unwrap()), (None, None));
    }

    #[test]
    fn a_batch_missing_in_the_middle_is_noticed() {
        let root = tempfile::tempdir().unwrap();
        let mut store = open(&root);
        for position in 0..10 {
            write(&mut store, "a", Some(position));
        }
        store.open.as_ref().unwrap().keyspace.remove([CELL, 0, 0, 0, 5]).unwrap();
        store.open.as_ref().unwrap().database.persist(PersistMode::Buffer).unwrap();
        drop(store);
        assert_eq!(open(&root).position(), None);
    }

    #[test]
    fn openings_that_do_not_end_lead_to_a_new_store() {
        let root = tempfile::tempdir().unwrap();
        write(&mut open(&root), "a", Some(1));
        let opening = root.path().join("store").join("OPENING");
        std::fs::write(&opening, [2]).unwrap();
        assert_eq!(open(&root).position(), Some(1));
        assert!(!opening.exists(), "one that ends starts the count anew");
        std::fs::write(&opening, [3]).unwrap();
        assert_eq!(open(&root).position(), None);
        assert!(!opening.exists());
    }

    #[test]
    fn a_database_held_by_another_process_is_trouble_and_not_damage() {
        let root = tempfile::tempdir().unwrap();
        let mut store = open(&root);
        write(&mut store, "a", Some(1));
        let second = FjallStore::open(root.path().join("store"), Limits::default());
        assert!(matches!(second, Err(Fault::Engine(_))), "{second:?}");
        assert_eq!(store.get(b"a").unwrap().as_deref(), Some(&b"value"[..]), "nothing was wiped");
    }

    #[test]
    fn a_changed_list_of_files_is_noticed_before_the_engine_reads_it() {
        let root = tempfile::tempdir().unwrap();
        write(&mut open(&root), "a", Some(1));
        let keyspace = root.path().join("store").join("fjall").join("keyspaces").join("1");
        let lists = std::fs::read_dir(keyspace).unwrap().map(|entry| entry.unwrap().path()).filter(|path| {
            let name = path.file_name().unwrap().to_str().unwrap();
            name.starts_with('v') && name[1..].parse::<u64>().is_ok()
        });
        let list = lists.max().unwrap();
        let good = std::fs::read(&list).unwrap();
        let directory = StoreDirectory::new(root.path().join("store"), FORMAT);
        for place in 0..good.len() {
            let mut bad = good.clone();
            bad[place] ^= 0x80;
            std::fs::write(&list, &bad).unwrap();
            let found = preflight::check_lists(&database_path(&directory));
            assert!(matches!(found, Err(Fault::Damaged(_))), "byte {place}");
        }
        assert_eq!(open(&root).position(), None);
    }
}
