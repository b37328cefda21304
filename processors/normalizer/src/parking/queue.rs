//! Who waits in one raw partition of one topic: for what, and behind whom.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use lineside_schemas::Timestamp;

use crate::apply::Aggregate;
use crate::master::ReferenceKey;

/// A record that waits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Entry {
    /// Size of its key, value and headers.
    pub(crate) bytes: usize,
    /// When it was parked; nothing before the end of its batch.
    pub(crate) parked_at: Option<Timestamp>,
    /// What it waits for; nothing where it only waits behind others.
    pub(crate) missing: Vec<ReferenceKey>,
    /// Aggregates of its events.
    pub(crate) aggregates: Vec<Aggregate>,
}

/// Canonical topic and plant: what an unknown key is known to be of.
type Scope = (&'static str, Box<str>);

/// Records in the order of their offsets.
#[derive(Debug, Default)]
pub(crate) struct Queue {
    entries: BTreeMap<i64, Entry>,
    by_reference: HashMap<ReferenceKey, BTreeSet<i64>>,
    /// Records with an event of an aggregate whose key is known.
    by_aggregate: HashMap<Aggregate, BTreeSet<i64>>,
    /// Records with any event of a scope.
    by_scope: HashMap<Scope, BTreeSet<i64>>,
    /// Records with an event of a scope whose key is not known.
    open: HashMap<Scope, BTreeSet<i64>>,
    /// Records that are worth another try.
    due: BTreeSet<i64>,
}

impl Queue {
    pub(crate) fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    pub(crate) fn get(&self, offset: i64) -> Option<&Entry> {
        self.entries.get(&offset)
    }

    /// Adds a record, or says of one what is known of it now: whoever waited behind what was known before is worth another try.
    pub(crate) fn put(&mut self, offset: i64, entry: Entry) {
        if let Some(old) = self.entries.remove(&offset) {
            self.unlink(offset, &old);
            self.wake_behind(offset, &old);
        }
        for missing in &entry.missing {
            self.by_reference.entry(missing.clone()).or_default().insert(offset);
        }
        for aggregate in &entry.aggregates {
            let scope = (aggregate.topic, aggregate.plant.clone());
            self.by_scope.entry(scope.clone()).or_default().insert(offset);
            if aggregate.key.is_some() {
                self.by_aggregate.entry(aggregate.clone()).or_default().insert(offset);
            } else {
                self.open.entry(scope).or_default().insert(offset);
            }
        }
        self.entries.insert(offset, entry);
    }

    /// Takes a record out; those that waited behind it are worth another try.
    pub(crate) fn remove(&mut self, offset: i64) -> Option<Entry> {
        let entry = self.entries.remove(&offset)?;
        self.unlink(offset, &entry);
        self.due.remove(&offset);
        self.wake_behind(offset, &entry);
        Some(entry)
    }

    /// Those that may have waited behind a record, which no longer stands in the way, are worth another try.
    fn wake_behind(&mut self, offset: i64, entry: &Entry) {
        for aggregate in &entry.aggregates {
            let scope = (aggregate.topic, aggregate.plant.clone());
            if aggregate.key.is_some() {
                self.due.extend(self.by_aggregate.get(aggregate).and_then(|offsets| offsets.range(offset..).next()));
                // Who has no key yet waited behind every key.
                self.due.extend(self.open.get(&scope).and_then(|offsets| offsets.range(offset..).next()));
                continue;
            }
            // All of the scope waited behind it, up to the next one without a key, behind which the rest waits.
            let next = self.open.get(&scope).and_then(|offsets| offsets.range(offset..).next().copied()).unwrap_or(i64::MAX);
            self.due.extend(self.by_scope.get(&scope).into_iter().flat_map(|offsets| offsets.range(offset..=next)));
        }
    }

    /// Whether a record with events of these aggregates has to wait behind one with a smaller offset.
    pub(crate) fn is_behind(&self, offset: i64, aggregates: &[Aggregate]) -> Option<i64> {
        let earlier = |offsets: Option<&BTreeSet<i64>>| offsets.and_then(|offsets| offsets.range(..offset).next().copied());
        aggregates.iter().find_map(|aggregate| {
            let scope = (aggregate.topic, aggregate.plant.clone());
            if aggregate.key.is_none() {
                return earlier(self.by_scope.get(&scope));
            }
            earlier(self.by_aggregate.get(aggregate)).or_else(|| earlier(self.open.get(&scope)))
        })
    }

    /// A reference may have another answer now.
    pub(crate) fn wake(&mut self, reference: &ReferenceKey) {
        self.due.extend(self.by_reference.get(reference).into_iter().flatten());
    }

    /// All are worth another try.
    pub(crate) fn wake_all(&mut self) {
        self.due.extend(self.entries.keys());
    }

    /// The first record that is worth another try; it is no longer, until something changes.
    pub(crate) fn take_due(&mut self) -> Option<i64> {
        self.due.pop_first()
    }

    /// When the record was parked that has waited longest; nothing if none has a time.
    pub(crate) fn oldest(&self) -> Option<Timestamp> {
        self.entries.values().next().and_then(|entry| entry.parked_at)
    }

    /// Records that were parked at that time or before, from the first on. Later offsets are parked later, so no others are looked at.
    pub(crate) fn parked_until(&self, time: Timestamp) -> Vec<i64> {
        let old = self.entries.iter().take_while(|(_, entry)| entry.parked_at.is_some_and(|parked| parked <= time));
        old.filter(|(_, entry)| !entry.missing.is_empty()).map(|(offset, _)| *offset).collect()
    }

    /// Records that have no time of parking yet take this one.
    pub(crate) fn stamp(&mut self, offset: i64, time: Timestamp) {
        if let Some(entry) = self.entries.get_mut(&offset) {
            entry.parked_at.get_or_insert(time);
        }
    }

    fn unlink(&mut self, offset: i64, entry: &Entry) {
        for missing in &entry.missing {
            take_from(&mut self.by_reference, missing, offset);
        }
        for aggregate in &entry.aggregates {
            let scope = (aggregate.topic, aggregate.plant.clone());
            take_from(&mut self.by_scope, &scope, offset);
            if aggregate.key.is_some() {
                take_from(&mut self.by_aggregate, aggregate, offset);
            } else {
                take_from(&mut self.open, &scope, offset);
            }
        }
    }
}

/// Takes an offset out of a set, and the set where nothing is left in it.
fn take_from<K: std::hash::Hash + Eq>(sets: &mut HashMap<K, BTreeSet<i64>>, key: &K, offset: i64) {
    if let Some(offsets) = sets.get_mut(key) {
        offsets.remove(&offset);
        if offsets.is_empty() {
            sets.remove(key);
        }
    }
}

#[cfg(test)]
mod tests;
