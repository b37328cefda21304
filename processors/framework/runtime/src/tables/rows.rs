//! What stands in a table.

use std::collections::BTreeMap;

use lineside_api::Timestamp;

/// What a row takes besides its bytes: two pointers with their lengths, a time, and its share of the tree and of the allocator.
const ROW_BYTES: u64 = 96;

/// A value and when it was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Row {
    pub(super) value: Box<[u8]>,
    pub(super) time: Timestamp,
}

/// The last value of each key.
#[derive(Debug, Default)]
pub(super) struct Rows {
    rows: BTreeMap<Box<str>, Row>,
    bytes: u64,
}

impl Rows {
    /// Sets or deletes a key.
    pub(super) fn set(&mut self, key: &str, value: Option<&[u8]>, time: Timestamp) {
        let before = match value {
            Some(value) => {
                self.bytes += row_bytes(key, value);
                self.rows.insert(key.into(), Row { value: value.into(), time })
            }
            None => self.rows.remove(key),
        };
        self.bytes -= before.map_or(0, |before| row_bytes(key, &before.value));
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (&str, &Row)> {
        self.rows.iter().map(|(key, row)| (&**key, row))
    }

    pub(super) fn len(&self) -> usize {
        self.rows.len()
    }

    /// Memory that they take.
    pub(super) fn bytes(&self) -> u64 {
        self.bytes
    }
}

fn row_bytes(key: &str, value: &[u8]) -> u64 {
    (key.len() + value.len()) as u64 + ROW_BYTES
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_value_of_a_key_stands_and_bytes_follow() {
        let mut rows = Rows::default();
        let at = Timestamp::from_millis;
        rows.set("b", Some(b"1"), at(1));
        rows.set("a", Some(b"22"), at(2));
        rows.set("b", Some(b"333"), at(3));
        rows.set("none", None, at(4));
        assert_eq!(rows.iter().map(|(key, row)| (key, &*row.value, row.time)).collect::<Vec<_>>(), [("a", &b"22"[..], at(2)), ("b", &b"333"[..], at(3))]);
        assert_eq!((rows.len(), rows.bytes()), (2, 2 * ROW_BYTES + 7));
        rows.set("a", None, at(5));
        rows.set("b", None, at(5));
        assert_eq!((rows.len(), rows.bytes()), (0, 0));
    }
}
