//! Every store of one task.

use lineside_api::{AcceptedId, KeyAndValue, StoreError, TaskStores};
use lineside_schemas::{Codec, CodecError, Timestamp};
use lineside_topology::topics::changelog_topic;
use lineside_topology::{ProcessorSpec, StoreKind};

use crate::backend::{Backend, Limits};
use crate::directory::TaskLock;
use crate::ids::IdStore;
use crate::keyed::KeyedStore;
use crate::stats::StoreStats;

/// The state of one task: the stores that a processor keeps for one partition.
///
/// What a record writes is kept or undone at its end; what a transaction wrote is read through at once and becomes part of the local stores only when
/// Kafka has committed it, in one atomic step with the changelog position that is reached. After an error of [`Self::committed`] that step may be
/// tried again; a store that was found damaged has no position any more and is restored from the beginning of its changelog.
#[derive(Debug)]
pub struct TaskState {
    partition: i32,
    stores: Vec<(&'static str, Store)>,
    /// On disk: keeps other tasks and processes out of the folder.
    _lock: Option<TaskLock>,
}

/// Takes a changelog record: store, key, value.
pub type Emit<'a> = dyn FnMut(&str, Option<&[u8]>, Option<&[u8]>) + 'a;

#[derive(Debug)]
enum Store {
    Keyed(Box<KeyedStore>),
    Ids(Box<IdStore>),
}

impl TaskState {
    /// Opens every store of a processor's row for one input partition, with the usual limits.
    ///
    /// # Errors
    /// [`StoreError::Io`] when the files cannot be read or written, or another task or process has them open. Damaged files are no error: the
    /// store is wiped and has no position.
    pub fn open(spec: &'static ProcessorSpec, partition: i32, backend: &Backend) -> Result<Self, StoreError> {
        Self::open_with(spec, partition, backend, Limits::default())
    }

    /// As [`Self::open`], with other limits.
    ///
    /// # Errors
    /// See [`Self::open`].
    pub fn open_with(spec: &'static ProcessorSpec, partition: i32, backend: &Backend, limits: Limits) -> Result<Self, StoreError> {
        let folder = match backend {
            Backend::Disk(root) if !spec.stores.is_empty() => Some(root.join(spec.name).join(partition.to_string())),
            _ => None,
        };
        let lock = folder.as_deref().map(TaskLock::acquire).transpose()?;
        let mut stores = Vec::with_capacity(spec.stores.len());
        for store in spec.stores {
            let path = folder.as_ref().map(|folder| folder.join(store.name));
            let opened = match (store.kind, path) {
                (StoreKind::Keyed(_), None) => Store::Keyed(Box::new(KeyedStore::in_memory(limits))),
                (StoreKind::Keyed(_), Some(path)) => Store::Keyed(Box::new(KeyedStore::on_disk(path, limits)?)),
                (StoreKind::Ids, None) => Store::Ids(Box::new(IdStore::in_memory(changelog_topic(spec, store.name), limits))),
                (StoreKind::Ids, Some(path)) => Store::Ids(Box::new(IdStore::on_disk(path, changelog_topic(spec, store.name), limits)?)),
            };
            stores.push((store.name, opened));
        }
        Ok(Self { partition, stores, _lock: lock })
    }

    /// Changelog offset up to which a local store reaches (next to read). `None` if it is empty, was never restored to its end, or is damaged:
    /// its changelog has to be read from the beginning.
    #[must_use]
    pub fn position(&self, store: &str) -> Option<i64> {
        match self.stores.iter().find(|(name, _)| *name == store) {
            Some((_, Store::Keyed(keyed))) => keyed.position(),
            Some((_, Store::Ids(ids))) => ids.position(),
            None => None,
        }
    }

    /// Takes one committed changelog record, in order of the changelog. Records are collected and written in batches; reading one again does no harm.
    /// Nothing may be read or written through [`TaskStores`] before [`Self::restored`].
    ///
    /// # Errors
    /// [`StoreError::Io`] when the record is none of this store's, its schema cannot be had, or files cannot be written.
    pub fn restore(&mut self, store: &str, codec: &Codec, key: Option<&[u8]>, value: Option<&[u8]>) -> Result<(), StoreError> {
        match self.find(store)? {
            Store::Keyed(keyed) => keyed.restore(key, value),
            Store::Ids(ids) => ids.restore(codec, value),
        }
        .map_err(StoreError::from)
    }

    /// Writes what was restored, together with the position reached. May also be called on the way, to keep what was read so far through a crash.
    ///
    /// # Errors
    /// [`StoreError::Io`] when files cannot be written.
    pub fn restored(&mut self, store: &str, position: i64) -> Result<(), StoreError> {
        match self.find(store)? {
            Store::Keyed(keyed) => keyed.restored(position),
            Store::Ids(ids) => ids.restored(position),
        }
        .map_err(StoreError::from)
    }

    /// Forgets everything of a store: its changelog was made anew, or is shorter than the store's position.
    ///
    /// # Errors
    /// [`StoreError::Io`] when files cannot be written; the store has no position then, now and after a restart.
    pub fn wipe(&mut self, store: &str) -> Result<(), StoreError> {
        match self.find(store)? {
            Store::Keyed(keyed) => keyed.wipe(),
            Store::Ids(ids) => ids.wipe(),
        }
        .map_err(StoreError::from)
    }

    /// Ends a record that was processed: what it wrote is part of the open transaction.
    pub fn keep_record(&mut self) {
        for (_, store) in &mut self.stores {
            match store {
                Store::Keyed(keyed) => keyed.keep_record(),
                Store::Ids(ids) => ids.keep_record(),
            }
        }
    }

    /// Ends a record that was refused: what it wrote is gone.
    pub fn undo_record(&mut self) {
        for (_, store) in &mut self.stores {
            match store {
                Store::Keyed(keyed) => keyed.undo_record(),
                Store::Ids(ids) => ids.undo_record(),
            }
        }
    }

    /// Whether the open transaction has something for a changelog.
    #[must_use]
    pub fn is_dirty(&self) -> bool {
        self.stores.iter().any(|(_, store)| store.changelog_records() > 0)
    }

    /// Memory that the open transaction takes, bytes.
    #[must_use]
    pub fn overlay_bytes(&self) -> usize {
        self.stores
            .iter()
            .map(|(_, store)| match store {
                Store::Keyed(keyed) => keyed.overlay_bytes(),
                Store::Ids(ids) => ids.overlay_bytes(),
            })
            .sum()
    }

    /// Gives `emit` the changelog records of the open transaction, as store, key, value. Keyed stores: one per key written, in order of keys, without a value
    /// if it was deleted. Id stores: frames of new ids without a key, of 256 KiB of text at most; one without ids if only the clock moved.
    ///
    /// # Errors
    /// [`CodecError`] when no schema id was resolved for the changelog topic of an id store.
    pub fn changelog(&self, codec: &Codec, emit: &mut Emit<'_>) -> Result<(), CodecError> {
        for (name, store) in &self.stores {
            match store {
                Store::Keyed(keyed) => keyed.changelog(&mut |key, value| emit(name, Some(key), value)),
                Store::Ids(ids) => ids.changelog(codec, &mut |value| emit(name, None, Some(value)))?,
            }
        }
        Ok(())
    }

    /// Moves the open transaction to the local stores, each in one atomic step with its position. `positions` is asked, for each store with changelog
    /// records and with their count, for the changelog offset after the last of them.
    ///
    /// # Errors
    /// [`StoreError::Io`] when files cannot be written. Stores that were moved stay so; the others keep the transaction open, so the call may be
    /// repeated, or the task dropped and opened again: its changelog has what its files lack.
    pub fn committed(&mut self, positions: &mut dyn FnMut(&str, usize) -> i64) -> Result<(), StoreError> {
        for (name, store) in &mut self.stores {
            let records = store.changelog_records();
            match store {
                Store::Keyed(keyed) if records > 0 => keyed.committed(positions(name, records))?,
                Store::Ids(ids) if records > 0 => ids.committed(positions(name, records))?,
                Store::Ids(ids) if ids.only_expires() => {
                    // No record, so no new position. A store without one has nothing that could expire.
                    if let Some(position) = ids.position() {
                        ids.committed(position)?;
                    }
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// Drops the open transaction.
    pub fn aborted(&mut self) {
        for (_, store) in &mut self.stores {
            match store {
                Store::Keyed(keyed) => keyed.aborted(),
                Store::Ids(ids) => ids.aborted(),
            }
        }
    }

    /// Sizes and ages of all stores. Walks the folders, so every few seconds rather than every record.
    #[must_use]
    pub fn stats(&self) -> Vec<StoreStats> {
        self.stores
            .iter()
            .map(|(store, kind)| match kind {
                Store::Keyed(keyed) => {
                    StoreStats { store, entries: keyed.entries(), memory_bytes: keyed.memory_bytes(), disk_bytes: keyed.disk_bytes(), created: keyed.created() }
                }
                Store::Ids(ids) => StoreStats { store, entries: ids.entries(), memory_bytes: ids.memory_bytes(), disk_bytes: ids.disk_bytes(), created: ids.created() },
            })
            .collect()
    }

    fn find(&mut self, store: &str) -> Result<&mut Store, StoreError> {
        self.stores.iter_mut().find(|(name, _)| *name == store).map(|(_, store)| store).ok_or(StoreError::Unknown)
    }

    fn keyed(&mut self, store: &str) -> Result<&mut KeyedStore, StoreError> {
        match self.find(store)? {
            Store::Keyed(keyed) => Ok(keyed),
            Store::Ids(_) => Err(StoreError::Unknown),
        }
    }

    fn ids(&mut self, store: &str) -> Result<&mut IdStore, StoreError> {
        match self.find(store)? {
            Store::Ids(ids) => Ok(ids),
            Store::Keyed(_) => Err(StoreError::Unknown),
        }
    }
}

impl Store {
    fn changelog_records(&self) -> usize {
        match self {
            Self::Keyed(keyed) => keyed.changelog_records(),
            Self::Ids(ids) => ids.changelog_records(),
        }
    }
}

impl TaskStores for TaskState {
    fn partition(&self) -> i32 {
        self.partition
    }

    fn get(&mut self, store: &'static str, key: &[u8]) -> Result<Option<&[u8]>, StoreError> {
        Ok(self.keyed(store)?.get(key)?)
    }

    fn first_from(&mut self, store: &'static str, from: &[u8]) -> Result<Option<KeyAndValue<'_>>, StoreError> {
        Ok(self.keyed(store)?.first_from(from)?)
    }

    fn put(&mut self, store: &'static str, key: &[u8], value: Option<&[u8]>) -> Result<(), StoreError> {
        Ok(self.keyed(store)?.put(key, value)?)
    }

    fn seen(&mut self, store: &'static str, source: &str, event_id: &str) -> Result<Option<i64>, StoreError> {
        Ok(self.ids(store)?.seen(source, event_id)?)
    }

    fn accept(&mut self, store: &'static str, id: AcceptedId<'_>) -> Result<(), StoreError> {
        Ok(self.ids(store)?.accept(&id)?)
    }

    fn stream_time(&mut self, store: &'static str) -> Result<Timestamp, StoreError> {
        Ok(self.ids(store)?.stream_time())
    }

    fn advance(&mut self, store: &'static str, time: Timestamp, oldest_bucket: i32) -> Result<(), StoreError> {
        self.ids(store)?.advance(time, oldest_bucket);
        Ok(())
    }
}

const _: () = {
    // The runtime moves tasks between threads.
    const fn is_send<T: Send>() {}
    is_send::<TaskState>();
};
