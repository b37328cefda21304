//! One processor at a time.

use std::time::Duration;

use lineside_api::{Answer, CallError, Erased, Request, StoreError, TaskStores, Timestamp};
use lineside_schemas::records::{DeadLetter, FramedRecord, RecordFrame};
use lineside_schemas::{Codec, CodecError, Contract, contract};
use lineside_state::Backend;
use lineside_topology::topics::{dead_letter_topic, is_framed};
use lineside_topology::{IdStoreHandle, StoreHandle, Topic};

use crate::broker::{Broker, InputRecord};
use crate::log::OwnedHeader;
use crate::output::{self, Output};
use crate::worker::{Factory, Outcome, Worker, WorkerError};

/// Drives one processor by hand.
///
/// [`Self::pipe`] processes a record and commits. [`Self::stage`] only processes: what it does is visible in [`Self::state`] at once, and to readers of topics and
/// counters after [`Self::commit`]. [`Self::crash`] forgets what is not committed and restores the stores from their changelogs.
#[derive(Debug)]
pub struct TestDriver {
    broker: Broker,
    worker: Worker,
    codec: Codec,
    /// Calls that were asked for and are not answered.
    requests: Vec<(i32, Request)>,
}

/// A record to be piped: see [`InputRecord`], with the partition and time that it is to have.
#[derive(Debug, Clone, Copy)]
pub struct Piped<'a> {
    /// Topic; one that the processor reads.
    pub topic: &'a str,
    /// Partition.
    pub partition: i32,
    /// Key, if any.
    pub key: Option<&'a [u8]>,
    /// Value; none is a tombstone.
    pub value: Option<&'a [u8]>,
    /// Time that the broker stamps it with.
    pub time: Timestamp,
    /// Headers.
    pub headers: &'a [OwnedHeader],
}

impl TestDriver {
    /// A driver of the processor that `make` makes, on four partitions, with its stores in memory.
    ///
    /// # Errors
    /// When a store cannot be opened.
    pub fn new(make: impl Fn() -> Box<dyn Erased> + 'static) -> Result<Self, WorkerError> {
        Self::with(Box::new(make), 4, Backend::Memory)
    }

    /// A driver on this many partitions, with its stores where `backend` says.
    ///
    /// # Errors
    /// When a store cannot be opened.
    pub fn with(make: Factory, partitions: i32, backend: Backend) -> Result<Self, WorkerError> {
        let mut broker = Broker::new(partitions, partitions);
        let mut worker = Worker::new(make, (0..partitions).collect(), backend);
        worker.start(&mut broker, None)?;
        Ok(Self { broker, worker, codec: crate::codec(), requests: Vec::new() })
    }

    /// Processes a record and commits.
    ///
    /// # Errors
    /// See [`WorkerError`].
    pub fn pipe(&mut self, record: Piped<'_>) -> Result<(), WorkerError> {
        self.stage(record)?;
        self.commit()
    }

    /// Processes a record into the open transaction.
    ///
    /// # Errors
    /// See [`WorkerError`].
    pub fn stage(&mut self, record: Piped<'_>) -> Result<(), WorkerError> {
        let Piped { topic, partition, key, value, time, headers } = record;
        if !self.worker.reads(topic) {
            return Err(WorkerError::NotRead { processor: self.worker.spec().name, topic: topic.to_owned() });
        }
        if self.worker.state(partition).is_none() {
            return Err(WorkerError::NotAssigned(partition));
        }
        let now = self.broker.now();
        self.broker.set_now(time);
        self.broker.produce(&InputRecord { topic, partition: Some(partition), key, value, headers });
        self.broker.set_now(now.max(time));
        self.drain()
    }

    /// Encodes a value for its topic, then does as [`Self::pipe`]; its key is text and it has no headers.
    ///
    /// # Errors
    /// See [`WorkerError`].
    pub fn pipe_value<C: Contract>(&mut self, topic: Topic<C>, partition: i32, key: &str, value: &C::Value<'_>, time: Timestamp) -> Result<(), WorkerError> {
        self.stage_value(topic, partition, key, value, time)?;
        self.commit()
    }

    /// Encodes a value for its topic, then does as [`Self::stage`]. Where the topic carries frames, it has one of its own.
    ///
    /// # Errors
    /// See [`WorkerError`].
    pub fn stage_value<C: Contract>(&mut self, topic: Topic<C>, partition: i32, key: &str, value: &C::Value<'_>, time: Timestamp) -> Result<(), WorkerError> {
        let mut bytes = Vec::new();
        self.codec.encode::<C>(topic.name(), value, &mut bytes)?;
        self.stage_records(topic.name(), partition, &[(key, &bytes)], time)
    }

    /// Does as [`Self::stage`] with these keys and values; where the topic carries frames, in one frame.
    ///
    /// # Errors
    /// See [`WorkerError`].
    pub fn stage_records(&mut self, topic: &str, partition: i32, records: &[(&str, &[u8])], time: Timestamp) -> Result<(), WorkerError> {
        if !is_framed(topic) {
            let staged = |(key, value): &(&str, &[u8])| self.stage(Piped { topic, partition, key: Some(key.as_bytes()), value: Some(value), time, headers: &[] });
            return records.iter().try_for_each(staged);
        }
        let mut frame = Vec::new();
        let records = records.iter().map(|(key, value)| FramedRecord { key: Some(key.as_bytes()), value }).collect();
        self.codec.encode::<contract::RecordFrame>(topic, &RecordFrame { records }, &mut frame)?;
        self.stage(Piped { topic, partition, key: None, value: Some(&frame), time, headers: &[] })
    }

    /// Puts a value into a table of the processor, at the clock's time. The processor is given it at once, or, while a batch is open, after that.
    ///
    /// # Errors
    /// [`WorkerError::NotRead`] if its row has no such table; see [`WorkerError`].
    pub fn put_table<C: Contract>(&mut self, topic: Topic<C>, key: &str, value: &C::Value<'_>) -> Result<(), WorkerError> {
        let mut bytes = Vec::new();
        self.codec.encode::<C>(topic.name(), value, &mut bytes)?;
        self.put_table_bytes(topic.name(), key, Some(&bytes))
    }

    /// Deletes a key of a table of the processor, as [`Self::put_table`] puts one.
    ///
    /// # Errors
    /// See [`Self::put_table`].
    pub fn delete_table<C: Contract>(&mut self, topic: Topic<C>, key: &str) -> Result<(), WorkerError> {
        self.put_table_bytes(topic.name(), key, None)
    }

    /// Puts bytes as they are into a table, or deletes the key.
    ///
    /// # Errors
    /// See [`Self::put_table`].
    pub fn put_table_bytes(&mut self, topic: &str, key: &str, value: Option<&[u8]>) -> Result<(), WorkerError> {
        if !self.worker.spec().tables.contains(&topic) {
            return Err(WorkerError::NotRead { processor: self.worker.spec().name, topic: topic.to_owned() });
        }
        self.broker.produce(&InputRecord { topic, key: Some(key.as_bytes()), value, ..InputRecord::default() });
        self.read_tables();
        Ok(())
    }

    /// The calls that committed transactions asked for and that are not answered, each with its partition.
    #[must_use]
    pub fn requests(&self) -> &[(i32, Request)] {
        &self.requests
    }

    /// Answers a call and commits what comes of it.
    ///
    /// # Errors
    /// [`WorkerError::NotAsked`] if no call of that id is open; see [`WorkerError`].
    pub fn answer(&mut self, id: &str, body: Result<Vec<u8>, CallError>) -> Result<(), WorkerError> {
        self.stage_answer(id, body)?;
        self.commit()
    }

    /// Answers a call in the open transaction.
    ///
    /// # Errors
    /// See [`Self::answer`].
    pub fn stage_answer(&mut self, id: &str, body: Result<Vec<u8>, CallError>) -> Result<(), WorkerError> {
        let index = self.requests.iter().position(|(_, request)| request.id == id).ok_or_else(|| WorkerError::NotAsked(id.to_owned()))?;
        let (partition, request) = self.requests.remove(index);
        self.worker.receive(partition, Answer { id: request.id, body });
        self.drain()
    }

    /// Lets time pass. A processor that wants ticks is given one, and what it leaves is committed, together with what is open.
    ///
    /// # Errors
    /// See [`WorkerError`].
    pub fn advance(&mut self, by: Duration) -> Result<(), WorkerError> {
        let micros = i64::try_from(by.as_micros()).unwrap_or(i64::MAX);
        self.broker.set_now(Timestamp::from_micros(self.broker.now().micros().saturating_add(micros)));
        if self.worker.spec().ticks {
            self.tick()?;
            if self.worker.has_batch() {
                self.commit()?;
            }
        }
        Ok(())
    }

    /// Sets the wall clock: what ticks are told and outputs are stamped with.
    pub fn set_now(&mut self, now: Timestamp) {
        self.broker.set_now(now);
    }

    /// Calls the processor's tick for every partition, in the open transaction.
    ///
    /// # Errors
    /// See [`WorkerError`].
    pub fn tick(&mut self) -> Result<(), WorkerError> {
        self.worker.tick(self.broker.now())
    }

    /// Commits the open transaction.
    ///
    /// # Errors
    /// See [`WorkerError`].
    pub fn commit(&mut self) -> Result<(), WorkerError> {
        self.worker.send(&mut self.broker, None)?;
        self.worker.commit(&mut self.broker);
        self.worker.apply()?;
        self.requests.append(&mut self.worker.take_requests());
        self.read_tables();
        Ok(())
    }

    fn read_tables(&mut self) {
        while !self.worker.has_batch() && self.worker.unread_tables(&self.broker) > 0 {
            self.worker.read_table(&self.broker, 0);
        }
    }

    /// Aborts the open transaction. Its records and answers are processed again with the next one that is piped, staged or drained.
    ///
    /// # Errors
    /// See [`WorkerError`].
    pub fn abort(&mut self) -> Result<(), WorkerError> {
        self.worker.send(&mut self.broker, None)?;
        self.worker.recover(&mut self.broker, Outcome::Aborted)?;
        self.read_tables();
        Ok(())
    }

    /// Dies and comes back with its stores restored; `state_lost` takes local files away too. Uncommitted records are processed again as after [`Self::abort`];
    /// calls and answers are forgotten.
    ///
    /// # Errors
    /// See [`WorkerError`].
    pub fn crash(&mut self, state_lost: bool) -> Result<(), WorkerError> {
        self.worker.crash(state_lost);
        self.requests.clear();
        self.worker.start(&mut self.broker, None).map(|_| ())
    }

    /// Processes every answer and every record that waits, into the open transaction.
    ///
    /// # Errors
    /// See [`WorkerError`].
    pub fn drain(&mut self) -> Result<(), WorkerError> {
        while self.worker.has_answers() {
            self.worker.process_answer()?;
        }
        while let Some(input) = self.worker.readable(&self.broker).first() {
            self.worker.process(&self.broker, input)?;
        }
        Ok(())
    }

    /// The committed records of a topic, decoded.
    ///
    /// # Errors
    /// The first record that cannot be decoded.
    pub fn outputs<C: Contract>(&self, topic: Topic<C>) -> Result<Vec<Output<'_, C::Value<'_>>>, CodecError> {
        output::read::<C>(&self.broker, &self.codec, topic.name())
    }

    /// The values of [`Self::outputs`].
    ///
    /// # Errors
    /// The first record that cannot be decoded.
    pub fn values<C: Contract>(&self, topic: Topic<C>) -> Result<Vec<C::Value<'_>>, CodecError> {
        output::values::<C>(&self.broker, &self.codec, topic.name())
    }

    /// The committed dead letters of the processor.
    ///
    /// # Errors
    /// The first record that cannot be decoded.
    pub fn dead_letters(&self) -> Result<Vec<DeadLetter<'_>>, CodecError> {
        output::values::<contract::DeadLetter>(&self.broker, &self.codec, &dead_letter_topic(self.worker.spec()))
    }

    /// A counter of the processor, of committed transactions.
    #[must_use]
    pub fn counter(&self, name: &str) -> u64 {
        self.worker.counts().get(name).copied().unwrap_or_default()
    }

    /// A level that the processor showed last, in a committed transaction.
    #[must_use]
    pub fn level(&self, name: &'static str, plant: &str, kind: &str, partition: i32) -> Option<f64> {
        self.worker.level(name, plant, kind, partition)
    }

    /// A value of a keyed store, as the next record of the partition would find it.
    ///
    /// # Errors
    /// See [`WorkerError`].
    pub fn state<C: Contract>(&mut self, partition: i32, store: StoreHandle<C>, key: &str) -> Result<Option<C::Value<'_>>, WorkerError> {
        let Self { worker, codec, .. } = self;
        let state = worker.state(partition).ok_or(WorkerError::NotAssigned(partition))?;
        let bytes = state.get(store.name(), key.as_bytes())?;
        Ok(bytes.map(|bytes| codec.decode::<C>(bytes)).transpose()?)
    }

    /// Fingerprint that an id store holds for an event.
    ///
    /// # Errors
    /// See [`WorkerError`].
    pub fn seen(&mut self, partition: i32, store: IdStoreHandle, source: &str, event_id: &str) -> Result<Option<i64>, WorkerError> {
        self.id_store(partition, |state| state.seen(store.name(), source, event_id))
    }

    /// The clock of an id store.
    ///
    /// # Errors
    /// See [`WorkerError`].
    pub fn stream_time(&mut self, partition: i32, store: IdStoreHandle) -> Result<Timestamp, WorkerError> {
        self.id_store(partition, |state| state.stream_time(store.name()))
    }

    /// The broker, to read what no other call gives.
    #[must_use]
    pub const fn broker(&self) -> &Broker {
        &self.broker
    }

    fn id_store<T>(&mut self, partition: i32, ask: impl FnOnce(&mut dyn TaskStores) -> Result<T, StoreError>) -> Result<T, WorkerError> {
        let state = self.worker.state(partition).ok_or(WorkerError::NotAssigned(partition))?;
        Ok(ask(state)?)
    }
}
