//! A partition as Kafka keeps it: records, and the marks that end transactions. Both take an offset.

use std::collections::BTreeMap;

use lineside_api::Timestamp;

/// A header: key, and value if any.
pub type OwnedHeader = (String, Option<Vec<u8>>);

/// A record in a partition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredRecord {
    /// Time at which it was appended.
    pub time: Timestamp,
    /// Key, if any.
    pub key: Option<Vec<u8>>,
    /// Value; absent in a tombstone.
    pub value: Option<Vec<u8>>,
    /// Headers, in order.
    pub headers: Vec<OwnedHeader>,
}

/// Number of a transaction.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct TransactionId(pub(crate) usize);

#[derive(Debug)]
enum Entry {
    Record {
        transaction: Option<TransactionId>,
        record: StoredRecord,
    },
    /// End of a transaction.
    Marker,
    /// A record of a transaction that came to nothing.
    Void,
}

/// One partition.
#[derive(Debug, Default)]
pub struct Log {
    entries: Vec<Entry>,
    /// Offsets of each open transaction's records.
    open: BTreeMap<TransactionId, Vec<usize>>,
}

impl Log {
    /// Appends a record; of a transaction, if one is given. Gives its offset.
    pub fn append(&mut self, transaction: Option<TransactionId>, record: StoredRecord) -> i64 {
        let index = self.entries.len();
        if let Some(transaction) = transaction {
            self.open.entry(transaction).or_default().push(index);
        }
        self.entries.push(Entry::Record { transaction, record });
        offset(index)
    }

    /// Ends a transaction, if it has records here.
    pub fn end_transaction(&mut self, transaction: TransactionId, committed: bool) {
        let Some(indexes) = self.open.remove(&transaction) else { return };
        for index in indexes {
            let entry = &mut self.entries[index];
            if committed {
                if let Entry::Record { transaction, .. } = entry {
                    *transaction = None;
                }
            } else {
                *entry = Entry::Void;
            }
        }
        self.entries.push(Entry::Marker);
    }

    /// The first record at or after `from` that a `read_committed` reader sees, with its offset.
    #[must_use]
    pub fn read(&self, from: i64) -> Option<(i64, &StoredRecord)> {
        let from = usize::try_from(from).unwrap_or_default();
        let stable = usize::try_from(self.stable_end()).unwrap_or_default();
        self.entries.get(from..stable)?.iter().enumerate().find_map(|(index, entry)| match entry {
            Entry::Record { transaction: None, record } => Some((offset(from + index), record)),
            _ => None,
        })
    }

    /// All that a `read_committed` reader sees, with offsets.
    pub fn committed(&self) -> impl Iterator<Item = (i64, &StoredRecord)> {
        let mut next = 0;
        std::iter::from_fn(move || {
            let (offset, record) = self.read(next)?;
            next = offset + 1;
            Some((offset, record))
        })
    }

    /// Offset after the last entry.
    #[must_use]
    pub fn end(&self) -> i64 {
        offset(self.entries.len())
    }

    /// Last stable offset: where the first open transaction begins, or the end.
    #[must_use]
    pub fn stable_end(&self) -> i64 {
        self.open.values().filter_map(|indexes| indexes.first()).min().map_or_else(|| self.end(), |index| offset(*index))
    }
}

fn offset(index: usize) -> i64 {
    i64::try_from(index).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(value: &str) -> StoredRecord {
        StoredRecord { time: Timestamp::EPOCH, key: None, value: Some(value.as_bytes().to_vec()), headers: Vec::new() }
    }

    fn visible(log: &Log) -> Vec<(i64, &str)> {
        log.committed().map(|(offset, record)| (offset, std::str::from_utf8(record.value.as_deref().unwrap()).unwrap())).collect()
    }

    #[test]
    fn an_open_transaction_hides_itself_and_all_behind_it() {
        let mut log = Log::default();
        let (first, second) = (TransactionId(1), TransactionId(2));
        log.append(None, record("a"));
        log.append(Some(first), record("b"));
        log.append(Some(second), record("c"));
        log.append(None, record("d"));
        log.end_transaction(second, true);
        assert_eq!(visible(&log), [(0, "a")]);
        assert_eq!((log.stable_end(), log.end()), (1, 5));
        log.end_transaction(first, true);
        assert_eq!(visible(&log), [(0, "a"), (1, "b"), (2, "c"), (3, "d")]);
        assert_eq!((log.stable_end(), log.end()), (6, 6));
    }

    #[test]
    fn an_aborted_transaction_leaves_only_offsets() {
        let mut log = Log::default();
        let transaction = TransactionId(1);
        log.append(Some(transaction), record("a"));
        log.append(None, record("b"));
        log.end_transaction(transaction, false);
        assert_eq!(visible(&log), [(1, "b")]);
        assert_eq!(log.end(), 3);
        // Ending a transaction that has nothing here leaves no mark.
        log.end_transaction(TransactionId(9), true);
        assert_eq!(log.end(), 3);
        assert_eq!(log.read(2), None);
        assert_eq!(log.read(99), None);
    }
}
