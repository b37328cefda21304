//! Topics, transactions and the offsets of consumer groups, in memory.

use std::collections::{BTreeMap, BTreeSet};

use lineside_api::Timestamp;
use lineside_topology::partitioner::partition_of;

use crate::log::{Log, OwnedHeader, StoredRecord, TransactionId};

/// A partition of a topic.
pub type TopicPartition = (String, i32);

/// A record that a test writes to a topic.
#[derive(Debug, Clone, Default)]
pub struct InputRecord<'a> {
    /// Topic.
    pub topic: &'a str,
    /// Partition; by the key if none is given.
    pub partition: Option<i32>,
    /// Key, if any.
    pub key: Option<&'a [u8]>,
    /// Value; none is a tombstone.
    pub value: Option<&'a [u8]>,
    /// Headers.
    pub headers: &'a [OwnedHeader],
}

/// What Kafka does for the pipeline, one call at a time.
#[derive(Debug)]
pub struct Broker {
    now: Timestamp,
    aggregate_partitions: i32,
    raw_partitions: i32,
    topics: BTreeMap<String, Vec<Log>>,
    offsets: BTreeMap<(String, TopicPartition), i64>,
    /// Partitions that each open transaction wrote to.
    open: BTreeMap<TransactionId, BTreeSet<TopicPartition>>,
    next_transaction: usize,
}

impl Broker {
    /// A broker that makes topics as they are first used: `raw.*` with `raw_partitions`, dead letters with one, all others with `aggregate_partitions`.
    #[must_use]
    pub fn new(aggregate_partitions: i32, raw_partitions: i32) -> Self {
        Self {
            now: Timestamp::EPOCH,
            aggregate_partitions: aggregate_partitions.max(1),
            raw_partitions: raw_partitions.max(1),
            topics: BTreeMap::new(),
            offsets: BTreeMap::new(),
            open: BTreeMap::new(),
            next_transaction: 0,
        }
    }

    /// The clock: what records are stamped with when they are appended.
    #[must_use]
    pub const fn now(&self) -> Timestamp {
        self.now
    }

    /// Sets the clock.
    pub fn set_now(&mut self, now: Timestamp) {
        self.now = now;
    }

    /// Partitions that a topic has or would have.
    #[must_use]
    pub fn partitions(&self, topic: &str) -> i32 {
        if topic.starts_with(lineside_topology::topics::RAW_PREFIX) {
            self.raw_partitions
        } else if topic.starts_with("dead-letter.") {
            1
        } else {
            self.aggregate_partitions
        }
    }

    /// Names of the topics that were written to.
    pub fn topics(&self) -> impl Iterator<Item = &str> {
        self.topics.keys().map(String::as_str)
    }

    /// Appends a record outside of any transaction. Gives its partition and offset.
    pub fn produce(&mut self, record: &InputRecord<'_>) -> (i32, i64) {
        let partition = record.partition.unwrap_or_else(|| self.partition_for(record.topic, record.key));
        let stored = StoredRecord { time: self.now, key: record.key.map(<[u8]>::to_vec), value: record.value.map(<[u8]>::to_vec), headers: record.headers.to_vec() };
        (partition, self.log_mut(record.topic, partition).append(None, stored))
    }

    /// Begins a transaction.
    pub fn begin(&mut self) -> TransactionId {
        let transaction = TransactionId(self.next_transaction);
        self.next_transaction += 1;
        self.open.insert(transaction, BTreeSet::new());
        transaction
    }

    /// Appends a record of a transaction; to the partition of its key if none is given.
    pub fn send(&mut self, transaction: TransactionId, topic: &str, partition: Option<i32>, key: Option<&[u8]>, value: Option<&[u8]>) {
        let partition = partition.unwrap_or_else(|| self.partition_for(topic, key));
        let record = StoredRecord { time: self.now, key: key.map(<[u8]>::to_vec), value: value.map(<[u8]>::to_vec), headers: Vec::new() };
        self.log_mut(topic, partition).append(Some(transaction), record);
        self.open.entry(transaction).or_default().insert((topic.to_owned(), partition));
    }

    /// Commits a transaction and the offsets (next to read) that a group reaches with it.
    pub fn commit(&mut self, transaction: TransactionId, group: &str, offsets: &BTreeMap<TopicPartition, i64>) {
        self.end(transaction, true);
        for (input, offset) in offsets {
            self.offsets.insert((group.to_owned(), input.clone()), *offset);
        }
    }

    /// Aborts a transaction.
    pub fn abort(&mut self, transaction: TransactionId) {
        self.end(transaction, false);
    }

    /// Where a group goes on in a partition: 0 before its first commit.
    #[must_use]
    pub fn committed_offset(&self, group: &str, input: &TopicPartition) -> i64 {
        self.offsets.get(&(group.to_owned(), input.clone())).copied().unwrap_or_default()
    }

    /// A partition, if it was ever written to.
    #[must_use]
    pub fn log(&self, topic: &str, partition: i32) -> Option<&Log> {
        self.topics.get(topic)?.get(usize::try_from(partition).ok()?)
    }

    /// The committed records of a topic by partition, each with its partition and offset.
    pub fn committed(&self, topic: &str) -> impl Iterator<Item = (i32, i64, &StoredRecord)> {
        let logs = self.topics.get(topic).map(Vec::as_slice).unwrap_or_default();
        (0..).zip(logs).flat_map(|(partition, log)| log.committed().map(move |(offset, record)| (partition, offset, record)))
    }

    fn end(&mut self, transaction: TransactionId, committed: bool) {
        for (topic, partition) in self.open.remove(&transaction).unwrap_or_default() {
            self.log_mut(&topic, partition).end_transaction(transaction, committed);
        }
    }

    fn partition_for(&self, topic: &str, key: Option<&[u8]>) -> i32 {
        // Kafka spreads records without a key; the first partition is one of the places where they may end up.
        key.map_or(0, |key| partition_of(key, self.partitions(topic)))
    }

    fn log_mut(&mut self, topic: &str, partition: i32) -> &mut Log {
        let count = usize::try_from(self.partitions(topic).max(partition + 1)).unwrap_or(1);
        let logs = self.topics.entry(topic.to_owned()).or_default();
        while logs.len() < count {
            logs.push(Log::default());
        }
        let index = usize::try_from(partition).unwrap_or_default();
        &mut logs[index]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(broker: &Broker, topic: &str) -> Vec<Vec<u8>> {
        broker.committed(topic).map(|(_, _, record)| record.value.clone().unwrap()).collect()
    }

    #[test]
    fn a_transaction_becomes_visible_as_a_whole_with_its_offsets() {
        let mut broker = Broker::new(4, 2);
        let input = ("normalized".to_owned(), 3);
        let transaction = broker.begin();
        broker.send(transaction, "x", Some(0), None, Some(b"1"));
        broker.send(transaction, "y", Some(1), None, Some(b"2"));
        assert!(values(&broker, "x").is_empty());
        broker.commit(transaction, "g", &BTreeMap::from([(input.clone(), 5)]));
        assert_eq!((values(&broker, "x"), values(&broker, "y")), (vec![b"1".to_vec()], vec![b"2".to_vec()]));
        assert_eq!((broker.committed_offset("g", &input), broker.committed_offset("h", &input)), (5, 0));

        let transaction = broker.begin();
        broker.send(transaction, "x", Some(0), None, Some(b"3"));
        broker.abort(transaction);
        assert_eq!(values(&broker, "x"), [b"1".to_vec()]);
        assert_eq!(broker.committed_offset("g", &input), 5);
    }

    #[test]
    fn records_go_to_the_partition_of_their_key() {
        let mut broker = Broker::new(4, 2);
        broker.set_now(Timestamp::from_millis(9));
        let (partition, offset) = broker.produce(&InputRecord { topic: "normalized", key: Some(b"abc"), value: Some(b"v"), ..InputRecord::default() });
        assert_eq!((partition, offset), (479_470_107 % 4, 0));
        let (raw, _) = broker.produce(&InputRecord { topic: "raw.a.b", key: Some(b"abc"), value: Some(b"v"), ..InputRecord::default() });
        assert_eq!(raw, 479_470_107 % 2);
        assert_eq!(broker.committed("normalized").next().unwrap().2.time, Timestamp::from_millis(9));
        assert_eq!(broker.topics().collect::<Vec<_>>(), ["normalized", "raw.a.b"]);
    }
}
