//! A waiting record as the store keeps it.

use lineside_api::{Header, RawRecord, Timestamp};
use lineside_schemas::records::{self, ParkedAggregate, ParkedRecord};
use lineside_topology::canonical::CANONICAL_TOPICS;

use super::queue::Entry;
use crate::apply::Aggregate;
use crate::master::{MasterEntity, MissingReference, ReferenceKey};

/// Key in the store: in the order of topics, partitions and offsets.
pub(crate) fn key(topic: &str, partition: i32, offset: i64) -> String {
    format!("{topic}/{partition}/{offset:020}")
}

/// Bytes that a record counts for.
pub(crate) fn size(raw: &RawRecord<'_>) -> usize {
    let headers = raw.headers.iter().map(|header| header.key.len() + header.value.map_or(0, <[u8]>::len));
    raw.key.map_or(0, <[u8]>::len) + raw.value.map_or(0, <[u8]>::len) + headers.sum::<usize>()
}

/// What to keep of a record.
pub(crate) fn parked<'a>(
    raw: &RawRecord<'a>,
    missing: &'a [MissingReference],
    aggregates: &'a [Aggregate],
    attempts: i32,
    parked_at: Option<Timestamp>,
) -> ParkedRecord<'a> {
    ParkedRecord {
        topic: raw.topic,
        partition: raw.partition,
        offset: raw.offset,
        record_time: raw.time,
        key: raw.key,
        value: raw.value,
        headers: raw.headers.iter().map(|header| records::Header { key: header.key, value: header.value }).collect(),
        parked_at,
        attempts,
        missing: missing
            .iter()
            .map(|MissingReference { key, at }| records::MissingReference { entity: key.entity.name(), plant: &key.plant, scheme: &key.scheme, id: &key.id, at: *at })
            .collect(),
        aggregates: aggregates.iter().map(|aggregate| ParkedAggregate { topic: aggregate.topic, plant: &aggregate.plant, key: aggregate.key.as_deref() }).collect(),
    }
}

/// What is to be remembered of a kept record while it waits.
pub(crate) fn entry(record: &ParkedRecord<'_>) -> Entry {
    let headers = record.headers.iter().map(|header| header.key.len() + header.value.map_or(0, <[u8]>::len));
    let bytes = record.key.map_or(0, <[u8]>::len) + record.value.map_or(0, <[u8]>::len) + headers.sum::<usize>();
    let missing = missing(record).into_iter().map(|missing| missing.key).collect();
    Entry { bytes, parked_at: record.parked_at, missing, aggregates: aggregates(record) }
}

fn missing(record: &ParkedRecord<'_>) -> Vec<MissingReference> {
    let missing = record.missing.iter().filter_map(|missing| {
        let entity = MasterEntity::of_name(missing.entity)?;
        let key = ReferenceKey { entity, plant: missing.plant.into(), scheme: missing.scheme.into(), id: missing.id.into() };
        Some(MissingReference { key, at: missing.at })
    });
    missing.collect()
}

fn aggregates(record: &ParkedRecord<'_>) -> Vec<Aggregate> {
    let aggregates = record.aggregates.iter().filter_map(|aggregate| {
        let topic = CANONICAL_TOPICS.iter().copied().find(|topic| *topic == aggregate.topic)?;
        Some(Aggregate { topic, plant: aggregate.plant.into(), key: aggregate.key.map(Into::into) })
    });
    aggregates.collect()
}

/// A kept record, in memory of its own: while it is worked on, the store changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Kept {
    topic: String,
    partition: i32,
    offset: i64,
    time: Timestamp,
    key: Option<Vec<u8>>,
    value: Option<Vec<u8>>,
    headers: Vec<(String, Option<Vec<u8>>)>,
    pub(crate) parked_at: Option<Timestamp>,
    pub(crate) attempts: i32,
    pub(crate) missing: Vec<MissingReference>,
    pub(crate) aggregates: Vec<Aggregate>,
}

impl Kept {
    pub(crate) fn of(record: &ParkedRecord<'_>) -> Self {
        let owned = |bytes: Option<&[u8]>| bytes.map(<[u8]>::to_vec);
        Self {
            topic: record.topic.to_owned(),
            partition: record.partition,
            offset: record.offset,
            time: record.record_time,
            key: owned(record.key),
            value: owned(record.value),
            headers: record.headers.iter().map(|header| (header.key.to_owned(), owned(header.value))).collect(),
            parked_at: record.parked_at,
            attempts: record.attempts,
            missing: missing(record),
            aggregates: aggregates(record),
        }
    }

    /// Its headers, for [`Self::raw`].
    pub(crate) fn headers(&self) -> Vec<Header<'_>> {
        self.headers.iter().map(|(key, value)| Header { key, value: value.as_deref() }).collect()
    }

    /// The record as it was read.
    pub(crate) fn raw<'a>(&'a self, headers: &'a [Header<'a>]) -> RawRecord<'a> {
        RawRecord {
            topic: &self.topic,
            partition: self.partition,
            offset: self.offset,
            index: None,
            time: self.time,
            key: self.key.as_deref(),
            value: self.value.as_deref(),
            headers,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_comes_out_as_it_went_in_and_keys_sort_as_offsets_do() {
        let headers = [Header { key: "file", value: Some(b"\xff") }, Header { key: "empty", value: None }];
        let raw =
            RawRecord { topic: "raw.p.s", partition: 3, offset: 7, index: None, time: Timestamp::from_micros(5), key: None, value: Some(b"\x00x"), headers: &headers };
        let missing =
            [MissingReference { key: ReferenceKey { entity: MasterEntity::Order, plant: "p".into(), scheme: "s".into(), id: "1".into() }, at: Timestamp::EPOCH }];
        let aggregates = [Aggregate { topic: "canonical.production.v1", plant: "p".into(), key: None }];
        let record = parked(&raw, &missing, &aggregates, 2, None);
        let kept = Kept::of(&record);
        assert_eq!(kept.raw(&kept.headers()), raw);
        assert_eq!((kept.missing.as_slice(), kept.aggregates.as_slice(), kept.attempts), (&missing[..], &aggregates[..], 2));
        assert_eq!(entry(&record).bytes, size(&raw));
        assert!(key("t", 0, 9) < key("t", 0, 10) && key("t", 0, i64::MAX) > key("t", 0, 10));
    }
}
