//! What a simulation runs: production events in the order in which they were written, and the tables that the order aggregator reads beside them.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use lineside_registry::RegistryClient;
use lineside_runtime::settings::ConnectionSettings;
use lineside_schemas::contract::ProductionEvent;
use lineside_schemas::records::ProductionEventType;
use lineside_schemas::{Codec, CodecError, ContractId, Timestamp, contract};
use lineside_topology::topics::{CANONICAL_PRODUCTION, MASTER_PREFIX, Value, topics};

use super::SimulateError;
use crate::dead_letters::reader::Reader;
use crate::rules::RulesError;
use crate::rules::arguments::SimulateArguments;

/// A record of a topic, in the wire format of the topology in memory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// Topic.
    pub topic: String,
    /// Key.
    pub key: String,
    /// Value; none is a tombstone.
    pub value: Option<Vec<u8>>,
    /// When it was written.
    pub written: Timestamp,
}

/// What is run.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct History {
    /// Events, in the order in which they were written; those of one order in the order of their partition.
    pub events: Vec<Written>,
    /// Rows of tables but for rules, as they are now.
    pub tables: Vec<Written>,
    /// Orders whose beginning is among the events.
    pub begun: BTreeSet<String>,
}

impl History {
    /// Count of orders that the events are about.
    #[must_use]
    pub fn orders(&self) -> usize {
        self.events.iter().map(|event| event.key.as_str()).collect::<BTreeSet<_>>().len()
    }

    /// Adds an event, behind those that are there.
    ///
    /// # Errors
    /// [`CodecError`]
    pub fn add(&mut self, codec: &Codec, key: &str, event: &lineside_schemas::records::ProductionEvent<'_>, written: Timestamp) -> Result<(), CodecError> {
        let mut value = Vec::new();
        codec.encode::<ProductionEvent>(CANONICAL_PRODUCTION.name(), event, &mut value)?;
        if matches!(event.r#type, ProductionEventType::OrderCreated | ProductionEventType::OrderReleased) {
            self.begun.insert(key.to_owned());
        }
        self.events.push(Written { topic: CANONICAL_PRODUCTION.name().to_owned(), key: key.to_owned(), value: Some(value), written });
        Ok(())
    }

    /// Reads it from a cluster.
    ///
    /// # Errors
    /// [`RulesError`]
    pub fn read(connection: &ConnectionSettings, arguments: &SimulateArguments, since: Timestamp, now: Timestamp) -> Result<Self, RulesError> {
        let theirs = Codec::new(Box::new(RegistryClient::new(&connection.registry())?));
        let ours = lineside_testkit::codec();
        let reader = Reader::new(connection)?;
        let until = arguments.until.map(|until| until.instant(now));
        let mut partitions: BTreeMap<i32, VecDeque<(Timestamp, String, Vec<u8>)>> = BTreeMap::new();
        let mut count = 0;
        reader.each(&[CANONICAL_PRODUCTION.name().to_owned()], Some(since), &mut |stored| {
            let key = text(stored.key);
            let meant = until.is_none_or(|until| stored.written < until)
                && arguments.plant.as_ref().is_none_or(|plant| key.split_once('/').is_some_and(|(of, _)| of == plant))
                && arguments.order.as_ref().is_none_or(|order| key.split_once('/').is_some_and(|(_, of)| of == order));
            if let Some(value) = stored.value.filter(|_| meant) {
                count += 1;
                if count > arguments.limit {
                    return Err(SimulateError::TooMany(arguments.limit).into());
                }
                partitions.entry(stored.place.partition).or_default().push_back((stored.written, key, value.to_vec()));
            }
            Ok::<(), RulesError>(())
        })?;
        let mut history = Self::default();
        // Partition by partition is how they were read; by time is how they were written. Within a partition the order of offsets counts, whatever the times say.
        while let Some(next) = partitions.iter().filter_map(|(partition, queue)| Some((queue.front()?.0, *partition))).min().map(|(_, partition)| partition) {
            let Some((written, key, value)) = partitions.get_mut(&next).and_then(VecDeque::pop_front) else { break };
            let event = theirs.decode::<ProductionEvent>(&value).map_err(of_topic(CANONICAL_PRODUCTION.name()))?;
            history.add(&ours, &key, &event, written).map_err(of_topic(CANONICAL_PRODUCTION.name()))?;
        }
        for (topic, contract) in tables() {
            reader.each(std::slice::from_ref(&topic), None, &mut |stored| {
                let value = stored.value.map(|value| rewritten(contract, &topic, &theirs, &ours, value)).transpose().map_err(of_topic(&topic))?;
                history.tables.push(Written { topic: topic.clone(), key: text(stored.key), value, written: stored.written });
                Ok::<(), RulesError>(())
            })?;
        }
        Ok(history)
    }
}

/// Topics of master data, with their contracts.
fn tables() -> impl Iterator<Item = (String, ContractId)> {
    topics().into_iter().filter(|topic| topic.name.starts_with(MASTER_PREFIX)).filter_map(|topic| match topic.value {
        Value::Avro(contract) => Some((topic.name, contract)),
        Value::Raw | Value::Frames(_) => None,
    })
}

/// A value of the cluster as the topology in memory writes it: by the current schema, under its own id.
fn rewritten(id: ContractId, topic: &str, theirs: &Codec, ours: &Codec, value: &[u8]) -> Result<Vec<u8>, CodecError> {
    macro_rules! master {
        ($($name:ident)*) => {
            match id {
                $(ContractId::$name => {
                    let mut out = Vec::new();
                    ours.encode::<contract::$name>(topic, &theirs.decode::<contract::$name>(value)?, &mut out)?;
                    Ok(out)
                })*
                // Topics of master data carry no other; a test holds it.
                _ => Ok(Vec::new()),
            }
        };
    }
    master!(Item BillOfMaterial Routing WorkCenter UnitConversion StorageLocation Lot Supplier Customer ShiftCalendar StatusCodeTable OrderCrossReference)
}

fn text(key: Option<&[u8]>) -> String {
    String::from_utf8_lossy(key.unwrap_or_default()).into_owned()
}

fn of_topic(topic: &str) -> impl Fn(CodecError) -> RulesError {
    let topic = topic.to_owned();
    move |error| SimulateError::Record { topic: topic.clone(), error }.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_topic_of_master_data_can_be_taken_over() {
        let codec = lineside_testkit::codec();
        for (topic, contract) in tables() {
            // A value that is none of it is refused by its contract, not passed over.
            assert!(rewritten(contract, &topic, &codec, &codec, b"x").is_err(), "{topic}");
        }
        assert_eq!(tables().count(), 12);
    }
}
