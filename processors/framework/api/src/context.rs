//! The context of a call: the only way for a processor to have an effect.

use lineside_schemas::{Codec, Contract, EventTimes, Timestamp, contract};
use lineside_topology::{IdStoreHandle, ProcessorSpec, StoreHandle, Topic};

use crate::call::Request;
use crate::dead_letter;
use crate::effects::{Effects, Failure, Gauge};
use crate::record::RawRecord;
use crate::refusal::Refusal;
use crate::stores::{AcceptedId, StoreError, TaskStores};

/// Sends records, keeps state and counts, for one record or tick.
///
/// Nothing here can fail for the processor: what goes wrong (a disk, the registry) is noted, the whole batch is aborted and done again.
pub struct Context<'a> {
    spec: &'static ProcessorSpec,
    codec: &'a Codec,
    effects: &'a mut Effects,
    stores: &'a mut dyn TaskStores,
    letters: Option<Letters>,
}

/// What it takes to write dead letters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Letters {
    /// The processor's dead letter topic.
    pub topic: &'static str,
    /// Version of the processor.
    pub version: &'static str,
}

impl<'a> Context<'a> {
    /// A context for a call on behalf of `spec`.
    pub fn new(spec: &'static ProcessorSpec, codec: &'a Codec, effects: &'a mut Effects, stores: &'a mut dyn TaskStores) -> Self {
        Self { spec, codec, effects, stores, letters: None }
    }

    /// With which the processor can write dead letters.
    #[must_use]
    pub const fn with_letters(mut self, letters: Letters) -> Self {
        self.letters = Some(letters);
        self
    }

    /// The codec, to encode a record that travels inside another.
    #[must_use]
    pub fn codec(&self) -> &'a Codec {
        self.codec
    }

    /// Sends a record.
    pub fn send<C: Contract>(&mut self, topic: Topic<C>, key: &str, value: &C::Value<'_>) {
        let codec = self.codec;
        if self.declared(topic.name()) {
            self.effects.stage(topic.name(), Some(key.as_bytes()), |out| codec.encode::<C>(topic.name(), value, out));
        }
    }

    /// Deletes a key of a compacted topic.
    pub fn send_tombstone<C: Contract>(&mut self, topic: Topic<C>, key: &str) {
        if self.declared(topic.name()) {
            self.effects.stage_tombstone(topic.name(), key.as_bytes());
        }
    }

    /// Input partition of the task that is called.
    #[must_use]
    pub fn partition(&self) -> i32 {
        self.stores.partition()
    }

    /// Shows a level in the metrics, of a plant and a kind where they are not empty; once the transaction has committed, and as long as the partition is this thread's.
    pub fn gauge(&mut self, name: &'static str, plant: &str, kind: &str, value: f64) {
        self.effects.gauge(Gauge { name, plant: plant.to_owned(), kind: kind.to_owned(), value });
    }

    /// Sends a record whose value is encoded already, to a topic of `writes` given by name.
    /// Gives false, and sends nothing, if the row of the processor does not have the topic.
    pub fn forward(&mut self, topic: &str, key: Option<&[u8]>, value: &[u8]) -> bool {
        let Some(topic) = self.spec.writes.iter().find(|name| **name == topic) else { return false };
        self.effects.stage(topic, key, |out| {
            out.extend_from_slice(value);
            Ok(())
        });
        true
    }

    /// Sends a record that the processor kept to the dead letters, as refusing it in [`Processor::process`](crate::Processor::process) would have.
    pub fn dead_letter(&mut self, raw: &RawRecord<'_>, refusal: &Refusal) {
        let Some(Letters { topic, version }) = self.letters else {
            self.effects.fail(Failure::Undeclared { processor: self.spec.name, name: "dead letters, where none can be written".to_owned() });
            return;
        };
        let codec = self.codec;
        let letter = dead_letter::build(self.spec, version, raw, refusal);
        self.effects.stage(topic, raw.key, |out| codec.encode::<contract::DeadLetter>(topic, &letter, out));
        self.effects.note_letter(refusal.class, refusal.code);
    }

    /// Asks for a call, to be made once the transaction has committed. Its answer comes back in a later batch as
    /// [`Processor::answer`](crate::Processor::answer), if the partition is still this thread's and the process lives; see [`Request`].
    pub fn request(&mut self, request: Request) {
        self.effects.request(request);
    }

    /// Adds one to a counter of this processor; counted when the transaction commits.
    pub fn count(&mut self, counter: &'static str) {
        self.effects.count(counter, 1);
    }

    /// Notes when the event at hand happened and was ingested; measured when the transaction commits.
    pub(crate) fn note_times(&mut self, times: EventTimes) {
        self.effects.note_times(times);
    }

    /// A value of a keyed store.
    pub fn get<C: Contract>(&mut self, store: StoreHandle<C>, key: &str) -> Option<C::Value<'_>> {
        let Self { effects, stores, codec, .. } = self;
        match stores.get(store.name(), key.as_bytes()) {
            Ok(None) => None,
            Ok(Some(bytes)) => match codec.decode::<C>(bytes) {
                Ok(value) => Some(value),
                Err(error) => {
                    effects.fail(error);
                    None
                }
            },
            Err(error) => {
                effects.fail(Failure::Store { store: store.name().to_owned(), error });
                None
            }
        }
    }

    /// The first key at or after `from`, in byte order, of a keyed store, and its value; it sees the open transaction as [`Self::get`] does.
    ///
    /// Timers are keys that begin with a time, written so that byte order is order of time. To go on behind a key, ask from the key followed by a zero
    /// character: that is the next one there can be, and skips what this call just deleted at no cost.
    pub fn first_from<C: Contract>(&mut self, store: StoreHandle<C>, from: &str) -> Option<(String, C::Value<'_>)> {
        let Self { effects, stores, codec, .. } = self;
        let failed = |error| Failure::Store { store: store.name().to_owned(), error };
        match stores.first_from(store.name(), from.as_bytes()) {
            Ok(None) => None,
            Ok(Some((key, bytes))) => match (std::str::from_utf8(key), codec.decode::<C>(bytes)) {
                (Ok(key), Ok(value)) => Some((key.to_owned(), value)),
                (Err(error), _) => {
                    effects.fail(failed(StoreError::Io(format!("a key that is no text: {error}"))));
                    None
                }
                (_, Err(error)) => {
                    effects.fail(error);
                    None
                }
            },
            Err(error) => {
                effects.fail(failed(error));
                None
            }
        }
    }

    /// Sets a value of a keyed store.
    pub fn put<C: Contract>(&mut self, store: StoreHandle<C>, key: &str, value: &C::Value<'_>) {
        // Stores keep what their changelog carries, so that restoring is copying.
        let changelog = lineside_topology::topics::changelog_topic(self.spec, store.name());
        let mut bytes = Vec::with_capacity(256);
        match self.codec.encode::<C>(&changelog, value, &mut bytes) {
            Ok(()) => {
                let written = self.stores.put(store.name(), key.as_bytes(), Some(&bytes));
                self.note(store.name(), written);
            }
            Err(error) => self.effects.fail(error),
        }
    }

    /// Deletes a key of a keyed store.
    pub fn delete<C: Contract>(&mut self, store: StoreHandle<C>, key: &str) {
        let deleted = self.stores.put(store.name(), key.as_bytes(), None);
        self.note(store.name(), deleted);
    }

    /// Fingerprint that an id was accepted with, if it was.
    pub fn seen(&mut self, store: IdStoreHandle, source: &str, event_id: &str) -> Option<i64> {
        let seen = self.stores.seen(store.name(), source, event_id);
        self.note(store.name(), seen).flatten()
    }

    /// Remembers an id.
    pub fn accept(&mut self, store: IdStoreHandle, id: AcceptedId<'_>) {
        let accepted = self.stores.accept(store.name(), id);
        self.note(store.name(), accepted);
    }

    /// The id store's clock; [`Timestamp::MIN`] before it was ever advanced.
    pub fn stream_time(&mut self, store: IdStoreHandle) -> Timestamp {
        let time = self.stores.stream_time(store.name());
        self.note(store.name(), time).unwrap_or(Timestamp::MIN)
    }

    /// Moves the id store's clock to `time`, unless it is past it, and lets every bucket before `oldest_bucket` expire.
    pub fn advance(&mut self, store: IdStoreHandle, time: Timestamp, oldest_bucket: i32) {
        let advanced = self.stores.advance(store.name(), time, oldest_bucket);
        self.note(store.name(), advanced);
    }

    /// Notes something that the runtime has to solve.
    pub fn fail(&mut self, failure: impl Into<Failure>) {
        self.effects.fail(failure);
    }

    fn note<T>(&mut self, store: &str, result: Result<T, StoreError>) -> Option<T> {
        result.map_err(|error| self.effects.fail(Failure::Store { store: store.to_owned(), error })).ok()
    }

    fn declared(&mut self, topic: &str) -> bool {
        let declared = self.spec.writes.contains(&topic);
        if !declared {
            self.effects.fail(Failure::Undeclared { processor: self.spec.name, name: topic.to_owned() });
        }
        declared
    }
}
