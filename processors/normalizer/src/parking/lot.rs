//! Everything that waits in one partition, whatever its raw topic.

use std::collections::BTreeMap;

use lineside_api::{Context, RawRecord, Timestamp};
use lineside_topology::processors::PARKED;

use super::bounds::ParkingBounds;
use super::kept;
use super::queue::{Entry, Queue};
use crate::apply::Aggregate;
use crate::master::ReferenceKey;

/// What waits in a partition. In memory: the store has the same, with the records themselves.
#[derive(Debug, Default)]
pub(crate) struct Lot {
    /// By raw topic.
    queues: BTreeMap<Box<str>, Queue>,
    records: usize,
    bytes: usize,
    /// Parked in the open batch, whose end says when that was.
    unstamped: Vec<(Box<str>, i64)>,
}

/// A waiting record: raw topic and offset.
pub(crate) type Place = (Box<str>, i64);

impl Lot {
    /// Reads what the store keeps. All of it is worth a try: master data may have come while nobody looked.
    pub(crate) fn load(cx: &mut Context<'_>) -> Self {
        let mut lot = Self::default();
        let mut from = String::new();
        while let Some((key, record)) = cx.first_from(PARKED, &from) {
            let entry = kept::entry(&record);
            let (topic, offset): Place = (record.topic.into(), record.offset);
            // The key behind it.
            from = key + "\0";
            lot.put(&topic, offset, entry);
        }
        lot.queues.values_mut().for_each(Queue::wake_all);
        lot
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.records == 0
    }

    /// Whether something of a raw topic waits.
    pub(crate) fn has(&self, topic: &str) -> bool {
        self.queues.get(topic).is_some_and(|queue| !queue.is_empty())
    }

    pub(crate) fn entry(&self, (topic, offset): &Place) -> Option<&Entry> {
        self.queues.get(topic)?.get(*offset)
    }

    /// Offset of a record that one with events of these aggregates has to wait behind.
    pub(crate) fn is_behind(&self, topic: &str, offset: i64, aggregates: &[Aggregate]) -> Option<i64> {
        self.queues.get(topic)?.is_behind(offset, aggregates)
    }

    /// What a waiting record waits for, or the one that it waits behind, if it is known.
    pub(crate) fn awaited(&self, place: &Place) -> Option<&ReferenceKey> {
        self.entry(place)?.missing.first()
    }

    /// What of the bounds has no room for this record.
    pub(crate) fn exceeded(&self, raw: &RawRecord<'_>, bounds: &ParkingBounds) -> Option<String> {
        if self.records >= bounds.records {
            return Some(format!("{} records wait already, as many as may in a partition", self.records));
        }
        let bytes = self.bytes + kept::size(raw);
        (bytes > bounds.bytes).then(|| format!("what waits would have {bytes} bytes, where {} may in a partition", bounds.bytes))
    }

    pub(crate) fn put(&mut self, topic: &str, offset: i64, entry: Entry) {
        let queue = match self.queues.get_mut(topic) {
            Some(queue) => queue,
            None => self.queues.entry(topic.into()).or_default(),
        };
        match queue.get(offset) {
            Some(old) => self.bytes -= old.bytes,
            None => self.records += 1,
        }
        self.bytes += entry.bytes;
        if entry.parked_at.is_none() {
            self.unstamped.push((topic.into(), offset));
        }
        queue.put(offset, entry);
    }

    pub(crate) fn remove(&mut self, (topic, offset): &Place) {
        if let Some(entry) = self.queues.get_mut(topic).and_then(|queue| queue.remove(*offset)) {
            self.records -= 1;
            self.bytes -= entry.bytes;
        }
    }

    /// Raw topics of which something waits or did, each with the time since when; nothing for one of which nothing waits now.
    pub(crate) fn waiting_since(&self) -> impl Iterator<Item = (&str, Option<Timestamp>)> {
        self.queues.iter().map(|(topic, queue)| (&**topic, queue.oldest()))
    }

    pub(crate) fn wake(&mut self, reference: &ReferenceKey) {
        self.queues.values_mut().for_each(|queue| queue.wake(reference));
    }

    pub(crate) fn take_due(&mut self) -> Option<Place> {
        self.queues.iter_mut().find_map(|(topic, queue)| Some((topic.clone(), queue.take_due()?)))
    }

    /// Those that have waited since that time or longer, and still for something.
    pub(crate) fn parked_until(&self, time: Timestamp) -> Vec<Place> {
        self.queues.iter().flat_map(|(topic, queue)| queue.parked_until(time).into_iter().map(|offset| (topic.clone(), offset))).collect()
    }

    /// Says of those parked in this batch that they were parked now; gives them.
    pub(crate) fn stamp(&mut self, now: Timestamp) -> Vec<Place> {
        let unstamped = std::mem::take(&mut self.unstamped);
        for (topic, offset) in &unstamped {
            if let Some(queue) = self.queues.get_mut(topic) {
                queue.stamp(*offset, now);
            }
        }
        unstamped
    }
}
