//! Everything of one order, from every topic that may hold it.
//!
//! * The order's key decides on one partition of each topic that has such keys.
//! * Where the reconciler runs, the order's books say from which to which offset of it the order's records stand ([`lineside_schemas::records::BooksSource`]); only that
//!   range is read. Elsewhere the whole partition is.
//! * Dropped duplicates have the same key, and cannot be older than the first event: they are read from that time on. So are dead letters, in all their partitions, and
//!   chosen by correlation, key or raw record.
//! * Raw records are read at the very offsets that events, duplicates and dead letters name.

use std::collections::{BTreeMap, BTreeSet};

use lineside_schemas::records::RawPosition;
use lineside_schemas::{Codec, CodecError, Timestamp, contract};
use lineside_topology::partitioner::partition_of;
use lineside_topology::topics::{
    BOOKS, CANONICAL_PRODUCTION, DEAD_LETTER_PREFIX, DUPLICATES, ERP_CONFIRMATIONS, ERP_GOODS_MOVEMENTS, ERP_POSTING_OUTCOMES, ORDER_POSTINGS, RAW_PREFIX,
};

use super::TraceError;
use crate::books::BooksError;
use crate::books::find::{Published, Selection, decode};
use crate::records::{Found, Range, Records, RecordsError};

/// A record as it was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// Topic.
    pub topic: String,
    /// Partition.
    pub partition: i32,
    /// Offset.
    pub offset: i64,
    /// Its time.
    pub time: Timestamp,
    /// Value.
    pub value: Vec<u8>,
    /// Headers.
    pub headers: Vec<(String, Option<Vec<u8>>)>,
    /// Key.
    pub key: Option<Vec<u8>>,
}

impl Kept {
    fn of(topic: &str, found: &Found<'_>) -> Self {
        Self {
            topic: topic.to_owned(),
            partition: found.partition,
            offset: found.offset,
            time: found.time,
            value: found.value.unwrap_or_default().to_vec(),
            headers: found.headers.clone(),
            key: found.key.map(<[u8]>::to_vec),
        }
    }

    /// Where it stands.
    #[must_use]
    pub fn place(&self) -> String {
        format!("{}/{}/{}", self.topic, self.partition, self.offset)
    }
}

/// Everything of an order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Gathered {
    /// Plant.
    pub plant: String,
    /// Order.
    pub order: String,
    /// Its books, as Avro binary, where the reconciler has published any.
    pub books: Option<Vec<u8>>,
    /// Records of the topics with the order's key.
    pub records: Vec<Kept>,
    /// Dead letters.
    pub letters: Vec<Kept>,
    /// Raw records behind all of them.
    pub raw: Vec<Kept>,
    /// Records that were read to find these.
    pub records_read: u64,
}

/// Raw offsets that are no farther apart are read in one go.
const RAW_STRIDE: i64 = 2_000;

impl Gathered {
    /// Gathers.
    ///
    /// # Errors
    /// [`TraceError`].
    pub fn of(records: &Records, codec: &Codec, order: &str, plant: Option<&str>) -> Result<Self, TraceError> {
        let selection = Selection::Order { plant: plant.map(str::to_owned), order: order.to_owned() };
        let found = match Published::read(records, codec, &selection) {
            Err(BooksError::Records(RecordsError::NoTopic(_))) => Published::default(),
            other => other?,
        };
        let mut plants = BTreeMap::new();
        for value in found.orders.into_values() {
            let plant = decode::<contract::Books>(&value)?.plant.to_owned();
            plants.insert(plant, value);
        }
        let (plant, books) = match (plant, plants.len()) {
            (Some(plant), _) => (plant.to_owned(), plants.remove(plant)),
            (None, 0) => return Err(TraceError::Unknown(order.to_owned())),
            (None, 1) => plants.pop_first().map(|(plant, value)| (plant, Some(value))).unwrap_or_default(),
            (None, _) => return Err(TraceError::Ambiguous { order: order.to_owned(), plants: plants.into_keys().collect() }),
        };
        let mut gathered = Self { plant, order: order.to_owned(), books, ..Self::default() };
        gathered.read_keyed(records)?;
        if gathered.records.is_empty() {
            return Err(TraceError::Unknown(order.to_owned()));
        }
        gathered.read_from_first(records, codec)?;
        gathered.read_raw(records, codec)?;
        Ok(gathered)
    }

    /// `plant/order`
    #[must_use]
    pub fn key(&self) -> String {
        format!("{}/{}", self.plant, self.order)
    }

    /// The records of a topic.
    pub fn of_topic<'a>(&'a self, topic: &'a str) -> impl Iterator<Item = &'a Kept> {
        self.records.iter().filter(move |kept| kept.topic == topic)
    }

    fn read_keyed(&mut self, records: &Records) -> Result<(), TraceError> {
        let key = self.key();
        let partition = partition_of(key.as_bytes(), records.partitions(CANONICAL_PRODUCTION.name())?);
        let books = self.books.clone();
        let sources = books.as_deref().map(decode::<contract::Books>).transpose()?.map(|books| books.sources).unwrap_or_default();
        for topic in [CANONICAL_PRODUCTION.name(), ORDER_POSTINGS.name(), ERP_CONFIRMATIONS.name(), ERP_GOODS_MOVEMENTS.name(), ERP_POSTING_OUTCOMES.name()] {
            let range = match (sources.iter().find(|source| source.topic == topic), sources.is_empty()) {
                (Some(source), _) => Range { topic: topic.to_owned(), partition: source.partition, from: source.first_offset, until: source.last_offset + 1 },
                // The books know of none.
                (None, false) => continue,
                (None, true) => match records.partitions(topic) {
                    Ok(_) => records.whole(topic, partition)?,
                    Err(RecordsError::NoTopic(_)) => continue,
                    Err(error) => return Err(error.into()),
                },
            };
            self.keep(records, &range, &key)?;
        }
        Ok(())
    }

    fn keep(&mut self, records: &Records, range: &Range, key: &str) -> Result<(), TraceError> {
        records.each(range, &mut |found| {
            self.records_read += 1;
            if found.key == Some(key.as_bytes()) {
                self.records.push(Kept::of(&range.topic, &found));
            }
            Ok::<(), TraceError>(())
        })
    }

    fn read_from_first(&mut self, records: &Records, codec: &Codec) -> Result<(), TraceError> {
        let key = self.key();
        let mut first = Timestamp::from_micros(i64::MAX);
        let mut raw: BTreeSet<(String, i32, i64)> = BTreeSet::new();
        for kept in self.of_topic(CANONICAL_PRODUCTION.name()) {
            let event = codec.decode::<contract::ProductionEvent>(&kept.value).map_err(|error| unreadable(kept, error))?;
            first = first.min(event.envelope.ingest_time).min(kept.time);
            raw.insert(owned(&event.envelope.raw));
        }
        first = self.records.iter().map(|kept| kept.time).fold(first, Timestamp::min);
        let topics = records.topics()?;
        if topics.iter().any(|topic| topic == DUPLICATES.name()) {
            let whole = records.whole(DUPLICATES.name(), partition_of(key.as_bytes(), records.partitions(DUPLICATES.name())?))?;
            let from = records.at(&whole, first)?;
            self.keep(records, &Range { from, ..whole }, &key)?;
        }
        for topic in topics.iter().filter(|topic| topic.starts_with(DEAD_LETTER_PREFIX)) {
            for partition in 0..records.partitions(topic)? {
                let whole = records.whole(topic, partition)?;
                let from = records.at(&whole, first)?;
                records.each(&Range { from, ..whole }, &mut |found| {
                    self.records_read += 1;
                    let kept = Kept::of(topic, &found);
                    let Ok(letter) = codec.decode::<contract::DeadLetter>(&kept.value) else { return Ok(()) };
                    let behind = letter.raw.as_ref().map(owned);
                    let is_ours = letter.correlation_id == Some(key.as_str())
                        || letter.key == Some(key.as_bytes())
                        || behind.as_ref().is_some_and(|behind| raw.contains(behind))
                        || raw.contains(&(letter.topic.to_owned(), letter.partition, letter.offset));
                    if is_ours {
                        self.letters.push(kept);
                    }
                    Ok::<(), TraceError>(())
                })?;
            }
        }
        Ok(())
    }

    fn read_raw(&mut self, records: &Records, codec: &Codec) -> Result<(), TraceError> {
        let mut wanted: BTreeMap<(String, i32), BTreeSet<i64>> = BTreeMap::new();
        let mut want = |(topic, partition, offset): (String, i32, i64)| {
            wanted.entry((topic, partition)).or_default().insert(offset);
        };
        for kept in &self.records {
            if kept.topic == CANONICAL_PRODUCTION.name() {
                want(owned(&codec.decode::<contract::ProductionEvent>(&kept.value).map_err(|error| unreadable(kept, error))?.envelope.raw));
            } else if kept.topic == DUPLICATES.name() {
                want(owned(&codec.decode::<contract::DroppedDuplicate>(&kept.value).map_err(|error| unreadable(kept, error))?.raw));
            }
        }
        for kept in &self.letters {
            let letter = codec.decode::<contract::DeadLetter>(&kept.value).map_err(|error| unreadable(kept, error))?;
            match &letter.raw {
                Some(raw) => want(owned(raw)),
                None if letter.topic.starts_with(RAW_PREFIX) => want((letter.topic.to_owned(), letter.partition, letter.offset)),
                None => {}
            }
        }
        for ((topic, partition), offsets) in wanted {
            for run in runs(&offsets) {
                let range = Range { topic: topic.clone(), partition, from: run.0, until: run.1 + 1 };
                let read = records.each(&range, &mut |found| {
                    self.records_read += 1;
                    if offsets.contains(&found.offset) {
                        self.raw.push(Kept::of(&topic, &found));
                    }
                    Ok::<(), RecordsError>(())
                });
                match read {
                    // Gone with its topic: the story goes on without it.
                    Err(RecordsError::NoTopic(_)) => {}
                    other => other?,
                }
            }
        }
        Ok(())
    }
}

/// Offsets in runs without large holes, each with its first and last.
fn runs(offsets: &BTreeSet<i64>) -> Vec<(i64, i64)> {
    let mut runs: Vec<(i64, i64)> = Vec::new();
    for offset in offsets {
        match runs.last_mut() {
            Some((_, last)) if offset - *last <= RAW_STRIDE => *last = *offset,
            _ => runs.push((*offset, *offset)),
        }
    }
    runs
}

fn owned(raw: &RawPosition<'_>) -> (String, i32, i64) {
    (raw.topic.to_owned(), raw.partition, raw.offset)
}

pub(super) fn unreadable(kept: &Kept, error: CodecError) -> TraceError {
    BooksError::Unreadable { topic: kept.place(), error }.into()
}

/// The topic that holds the books, for those who want to know where they were looked for.
#[must_use]
pub const fn index_topic() -> &'static str {
    BOOKS.name()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn offsets_that_stand_together_are_read_in_one_go() {
        let offsets = BTreeSet::from([5, 7, 2_007, 4_008, 4_009]);
        assert_eq!(runs(&offsets), [(5, 2_007), (4_008, 4_009)]);
        assert!(runs(&BTreeSet::new()).is_empty());
    }
}
