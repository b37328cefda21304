//! What the tests of this folder share: a processor row with one store of each kind, a codec without a registry, and a changelog in memory.
#![allow(dead_code, reason = "each test of this folder is a crate of its own and uses a part")]

use std::collections::{BTreeMap, HashMap};

use lineside_schemas::codec::SchemaSource;
use lineside_schemas::contract::{AcceptedIds, Contract};
use lineside_schemas::{Codec, ContractId, SchemaSourceError};
use lineside_state::TaskState;
use lineside_topology::topics::changelog_topic;
use lineside_topology::{ProcessorSpec, StoreKind, StoreSpec};

/// Keyed store of [`SPEC`].
pub const ORDERS: &str = "orders";
/// Id store of [`SPEC`].
pub const ACCEPTED: &str = "accepted";

/// A processor with both kinds of store.
pub static SPEC: ProcessorSpec = ProcessorSpec {
    name: "both-kinds",
    group: "both-kinds",
    reads: &[],
    writes: &[],
    embeds: &[],
    stores: &[StoreSpec { name: ORDERS, kind: StoreKind::Keyed(ContractId::OrderLedger) }, StoreSpec { name: ACCEPTED, kind: StoreKind::Ids }],
    tables: &[],
    ticks: false,
    purpose: "Is tested with",
};

struct Schemas;

impl SchemaSource for Schemas {
    fn id_of(&self, subject: &str, schema: &str) -> Result<u32, SchemaSourceError> {
        let place = ContractId::ALL.iter().position(|contract| contract.schema_text() == schema);
        place.and_then(|place| u32::try_from(place + 1).ok()).ok_or_else(|| SchemaSourceError::NotFound(subject.to_owned()))
    }

    fn schema_of(&self, id: u32) -> Result<String, SchemaSourceError> {
        let contract = usize::try_from(id).ok().and_then(|id| ContractId::ALL.get(id.wrapping_sub(1)));
        contract.map(|contract| contract.schema_text().to_owned()).ok_or_else(|| SchemaSourceError::NotFound(id.to_string()))
    }
}

/// A codec that knows the changelogs of [`SPEC`].
pub fn codec() -> Codec {
    let mut codec = Codec::new(Box::new(Schemas));
    codec.resolve(&changelog_topic(&SPEC, ACCEPTED), AcceptedIds::ID).unwrap();
    codec
}

/// Key and value of a changelog record.
type Record = (Option<Vec<u8>>, Option<Vec<u8>>);

/// The changelogs of a task as Kafka has them: committed records by offset. Offsets have gaps, as every transaction also writes a marker.
#[derive(Debug, Default)]
pub struct Changelogs {
    partitions: HashMap<String, (BTreeMap<i64, Record>, i64)>,
}

impl Changelogs {
    /// Commits the open transaction of a task in Kafka, not in its local stores; gives the offset reached by each store that it wrote to, and how many records.
    pub fn commit(&mut self, state: &TaskState, codec: &Codec) -> HashMap<String, (i64, usize)> {
        let mut written: HashMap<String, (i64, usize)> = HashMap::new();
        state
            .changelog(codec, &mut |store, key, value| {
                let (records, end) = self.partitions.entry(store.to_owned()).or_default();
                records.insert(*end, (key.map(<[u8]>::to_vec), value.map(<[u8]>::to_vec)));
                *end += 1;
                let (reached, count) = written.entry(store.to_owned()).or_default();
                (*reached, *count) = (*end, *count + 1);
            })
            .unwrap();
        for store in written.keys() {
            self.partitions.entry(store.clone()).or_default().1 += 1;
        }
        written
    }

    /// Offset after the last record or marker.
    pub fn end(&self, store: &str) -> i64 {
        self.partitions.get(store).map_or(0, |(_, end)| *end)
    }

    /// The committed records from `position` on.
    pub fn from(&self, store: &str, position: i64) -> impl Iterator<Item = &Record> {
        self.partitions.get(store).into_iter().flat_map(move |(records, _)| records.range(position..).map(|(_, record)| record))
    }

    /// Restores a store from where it is, or from the beginning.
    pub fn restore(&self, state: &mut TaskState, codec: &Codec, store: &str) {
        let position = state.position(store).unwrap_or(0);
        for (key, value) in self.from(store, position) {
            state.restore(store, codec, key.as_deref(), value.as_deref()).unwrap();
        }
        state.restored(store, self.end(store)).unwrap();
    }
}
