//! What stands behind a context's stores: the state of one task (a processor and one of its input partitions).

use lineside_schemas::Timestamp;

/// Why a store could not be read or written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// No such store.
    #[error("no such store")]
    Unknown,
    /// The local files could not be read or written.
    #[error("{0}")]
    Io(String),
}

/// An id to be remembered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AcceptedId<'a> {
    /// Source of the event.
    pub source: &'a str,
    /// Identity within the source.
    pub event_id: &'a str,
    /// UTC day of its source time, counted from 1970-01-01.
    pub bucket: i32,
    /// Hash of its business content.
    pub fingerprint: i64,
}

/// A key of a keyed store and its value.
pub type KeyAndValue<'a> = (&'a [u8], &'a [u8]);

/// The stores of one task. Reads see the writes of the current record, then of the open transaction, then what is committed.
pub trait TaskStores {
    /// Input partition of the task.
    fn partition(&self) -> i32;

    /// Value of a key in a keyed store, in Confluent wire format.
    ///
    /// # Errors
    /// See [`StoreError`].
    fn get(&mut self, store: &'static str, key: &[u8]) -> Result<Option<&[u8]>, StoreError>;

    /// The first key at or after `from`, in byte order, of a keyed store, and its value in Confluent wire format.
    ///
    /// # Errors
    /// See [`StoreError`].
    fn first_from(&mut self, store: &'static str, from: &[u8]) -> Result<Option<KeyAndValue<'_>>, StoreError>;

    /// Sets (or, with `None`, deletes) a key in a keyed store.
    ///
    /// # Errors
    /// See [`StoreError`].
    fn put(&mut self, store: &'static str, key: &[u8], value: Option<&[u8]>) -> Result<(), StoreError>;

    /// Fingerprint that an id was accepted with, if it was.
    ///
    /// # Errors
    /// See [`StoreError`].
    fn seen(&mut self, store: &'static str, source: &str, event_id: &str) -> Result<Option<i64>, StoreError>;

    /// Remembers an id.
    ///
    /// # Errors
    /// See [`StoreError`].
    fn accept(&mut self, store: &'static str, id: AcceptedId<'_>) -> Result<(), StoreError>;

    /// Largest time that [`Self::advance`] was told; [`Timestamp::MIN`] before the first.
    ///
    /// # Errors
    /// See [`StoreError`].
    fn stream_time(&mut self, store: &'static str) -> Result<Timestamp, StoreError>;

    /// Moves the id store's clock to `time`, unless it is past it, and lets every bucket before `oldest_bucket` expire.
    ///
    /// # Errors
    /// See [`StoreError`].
    fn advance(&mut self, store: &'static str, time: Timestamp, oldest_bucket: i32) -> Result<(), StoreError>;
}
