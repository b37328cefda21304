//! Writes of the open transaction.

use std::collections::BTreeSet;
use std::ops::Bound;
use std::sync::Arc;

use hashbrown::HashMap;

use super::Bytes;

/// What an entry costs besides its bytes: two counted pointers with their counts, and its share of the map.
const ENTRY_BYTES: usize = 96;

/// Writes of the open transaction by key, and how to undo those of the current record.
#[derive(Debug, Default)]
pub(crate) struct Overlay {
    writes: HashMap<Bytes, Option<Bytes>>,
    /// Per write of the current record: the key, and what `writes` had for it before.
    undo: Vec<(Bytes, Before)>,
    /// The keys in order; kept from the first scan on, as most stores are never scanned.
    ordered: Option<BTreeSet<Bytes>>,
    bytes: usize,
}

/// What the transaction had for a key.
#[derive(Debug)]
enum Before {
    Nothing,
    Write(Option<Bytes>),
}

impl Overlay {
    /// What the transaction wrote for a key; the inner `None` is a deletion.
    pub(crate) fn get(&self, key: &[u8]) -> Option<&Option<Bytes>> {
        self.writes.get(key)
    }

    pub(crate) fn put(&mut self, key: &[u8], value: Option<Bytes>) {
        self.bytes += value_bytes(value.as_ref());
        if let Some((key, slot)) = self.writes.get_key_value_mut(key) {
            let before = std::mem::replace(slot, value);
            self.bytes -= value_bytes(before.as_ref());
            self.undo.push((Arc::clone(key), Before::Write(before)));
        } else {
            let key: Bytes = Arc::from(key);
            self.bytes += key.len() + ENTRY_BYTES;
            if let Some(ordered) = &mut self.ordered {
                ordered.insert(Arc::clone(&key));
            }
            self.writes.insert(Arc::clone(&key), value);
            self.undo.push((key, Before::Nothing));
        }
    }

    /// The first key at or after `from` that the transaction wrote a value for, and the value.
    pub(crate) fn first_from(&mut self, from: &[u8]) -> Option<(Bytes, Bytes)> {
        let Self { writes, ordered, .. } = self;
        let ordered = ordered.get_or_insert_with(|| writes.keys().cloned().collect());
        let from = (Bound::Included(from), Bound::Unbounded);
        ordered.range::<[u8], _>(from).find_map(|key| Some((Arc::clone(key), writes.get(key)?.clone()?)))
    }

    /// The current record is done: its writes stay.
    pub(crate) fn keep_record(&mut self) {
        self.undo.clear();
    }

    /// The current record is refused: its writes go, last first.
    pub(crate) fn undo_record(&mut self) {
        while let Some((key, before)) = self.undo.pop() {
            let undone = match before {
                Before::Write(before) => {
                    self.bytes += value_bytes(before.as_ref());
                    self.writes.insert(key, before)
                }
                Before::Nothing => {
                    self.bytes -= key.len() + ENTRY_BYTES;
                    if let Some(ordered) = &mut self.ordered {
                        ordered.remove(&key);
                    }
                    self.writes.remove(&key)
                }
            };
            self.bytes -= undone.map_or(0, |undone| value_bytes(undone.as_ref()));
        }
    }

    /// Forgets everything.
    pub(crate) fn clear(&mut self) {
        self.writes.clear();
        self.undo.clear();
        if let Some(ordered) = &mut self.ordered {
            ordered.clear();
        }
        self.bytes = 0;
    }

    /// Keys written.
    pub(crate) fn len(&self) -> usize {
        self.writes.len()
    }

    /// Memory in use, bytes.
    pub(crate) fn bytes(&self) -> usize {
        self.bytes
    }

    /// The writes, in no order.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&Bytes, &Option<Bytes>)> {
        self.writes.iter()
    }
}

fn value_bytes(value: Option<&Bytes>) -> usize {
    value.map_or(0, |value| value.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bytes(text: &str) -> Bytes {
        Arc::from(text.as_bytes())
    }

    #[test]
    fn undoing_a_record_gives_back_what_the_transaction_had() {
        let mut overlay = Overlay::default();
        overlay.put(b"a", Some(bytes("1")));
        overlay.put(b"b", None);
        overlay.keep_record();
        let before = overlay.bytes();

        overlay.put(b"a", Some(bytes("22")));
        overlay.put(b"a", None);
        overlay.put(b"b", Some(bytes("333")));
        overlay.put(b"c", Some(bytes("4444")));
        assert_eq!(overlay.get(b"a"), Some(&None));
        overlay.undo_record();

        assert_eq!(overlay.get(b"a"), Some(&Some(bytes("1"))));
        assert_eq!(overlay.get(b"b"), Some(&None));
        assert_eq!(overlay.get(b"c"), None);
        assert_eq!(overlay.bytes(), before);
    }

    #[test]
    fn keys_are_found_in_order_with_what_came_before_and_after_the_first_scan() {
        let mut overlay = Overlay::default();
        overlay.put(b"b", Some(bytes("2")));
        overlay.put(b"d", None);
        overlay.keep_record();
        assert_eq!(overlay.first_from(b""), Some((bytes("b"), bytes("2"))));
        overlay.put(b"a", Some(bytes("1")));
        overlay.put(b"e", Some(bytes("5")));
        assert_eq!(overlay.first_from(b""), Some((bytes("a"), bytes("1"))));
        assert_eq!(overlay.first_from(b"b\0"), Some((bytes("e"), bytes("5"))), "what is deleted is not there");
        overlay.undo_record();
        assert_eq!((overlay.first_from(b""), overlay.first_from(b"c")), (Some((bytes("b"), bytes("2"))), None));
        overlay.clear();
        assert_eq!(overlay.first_from(b""), None);
    }

    #[test]
    fn bytes_follow_what_is_held() {
        let mut overlay = Overlay::default();
        overlay.put(b"key", Some(bytes("12345")));
        assert_eq!(overlay.bytes(), 3 + 5 + ENTRY_BYTES);
        overlay.put(b"key", Some(bytes("1")));
        assert_eq!(overlay.bytes(), 3 + 1 + ENTRY_BYTES);
        overlay.undo_record();
        assert_eq!((overlay.bytes(), overlay.len()), (0, 0));
    }
}
