//! Tables as a worker reads them.

use std::collections::BTreeMap;

use lineside_api::{TableRecord, Timestamp};
use lineside_topology::ProcessorSpec;

use crate::broker::Broker;

/// What stands under a key.
type Row = (Option<Vec<u8>>, Timestamp);

/// The tables of a processor, as far as they were read.
#[derive(Debug, Default)]
pub(crate) struct Tables {
    rows: BTreeMap<(&'static str, String), Row>,
    positions: BTreeMap<(&'static str, i32), i64>,
}

impl Tables {
    /// Partitions that have a record which was not read, with the table's name.
    fn waiting(&self, spec: &'static ProcessorSpec, broker: &Broker) -> Vec<(&'static str, i32)> {
        let partitions = spec.tables.iter().flat_map(|topic| (0..broker.partitions(topic)).map(|partition| (*topic, partition)));
        partitions.filter(|(topic, partition)| broker.log(topic, *partition).is_some_and(|log| log.read(self.position(topic, *partition)).is_some())).collect()
    }

    fn position(&self, topic: &'static str, partition: i32) -> i64 {
        self.positions.get(&(topic, partition)).copied().unwrap_or_default()
    }

    pub(crate) fn unread(&self, spec: &'static ProcessorSpec, broker: &Broker) -> usize {
        if spec.tables.is_empty() { 0 } else { self.waiting(spec, broker).len() }
    }

    /// Reads the next record of the `choice`th of the partitions that have one.
    pub(crate) fn read(&mut self, spec: &'static ProcessorSpec, broker: &Broker, choice: usize) -> Option<TableRecord<'_>> {
        let waiting = self.waiting(spec, broker);
        let (topic, partition) = *waiting.get(choice % waiting.len().max(1))?;
        let (offset, record) = broker.log(topic, partition)?.read(self.position(topic, partition))?;
        self.positions.insert((topic, partition), offset + 1);
        // Keys of tables are text; the runtime leaves out what is none.
        let key = String::from_utf8(record.key.clone().unwrap_or_default()).unwrap_or_default();
        let row = (record.value.clone(), record.time);
        let place = (topic, key);
        self.rows.insert(place.clone(), row);
        let (stored, (value, time)) = self.rows.get_key_value(&place)?;
        Some(TableRecord { topic, key: &stored.1, value: value.as_deref(), time: *time })
    }

    /// What stands in the tables, by topic and key.
    pub(crate) fn records(&self) -> impl Iterator<Item = TableRecord<'_>> {
        let present = self.rows.iter().filter(|(_, (value, _))| value.is_some());
        present.map(|((topic, key), (value, time))| TableRecord { topic, key, value: value.as_deref(), time: *time })
    }
}
