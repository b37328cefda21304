//! Every record of master data, by the identifiers that it claims.
//!
//! It holds what the compacted topics hold: the last record of each key counts, and nothing else is remembered, so that an index that is built anew answers the same.
//! Of a record only what references need is kept: key, identifiers, times and where it came from, as one text and a few numbers.

use std::hash::{BuildHasher as _, RandomState};

use hashbrown::HashTable;
use lineside_schemas::records::OrderAliasKind;
use lineside_schemas::{Codec, CodecError, Timestamp};

use super::claims::{self, Span};
use super::entity::MasterEntity;
use super::reference::{Answer, MasterData, MasterVersion, Match, Ratio, Reference, ReferenceKey};

/// A range of a record's text.
#[derive(Debug, Clone, Copy)]
struct Range {
    start: u32,
    length: u32,
}

#[derive(Debug, Clone, Copy)]
struct Claim {
    /// Scheme, identifier and what it gives stand in the text one behind the other from here.
    start: u32,
    scheme: u32,
    id: u32,
    gives: u32,
    ratio: u32,
    kind: OrderAliasKind,
    span: Span,
}

#[derive(Debug)]
struct Stored {
    entity: MasterEntity,
    /// The key, then everything else that is text.
    text: Box<str>,
    key: u32,
    plant: Range,
    value: Range,
    source_time: i64,
    raw_topic: u32,
    raw_partition: i32,
    raw_offset: i64,
    claims: Box<[Claim]>,
    ratios: Box<[Ratio]>,
}

/// Where a claim stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Place {
    record: u32,
    claim: u32,
}

/// The index.
#[derive(Debug, Default)]
pub struct MasterIndex {
    /// Bits of the entities that are wanted.
    wanted: u8,
    hasher: RandomState,
    records: Vec<Option<Stored>>,
    /// Places in `records` that are free.
    free: Vec<u32>,
    by_key: HashTable<u32>,
    by_claim: HashTable<Place>,
    /// Raw topics that records came from, each once.
    raw_topics: Vec<Box<str>>,
}

impl Stored {
    fn at(&self, range: Range) -> &str {
        self.part(range.start, range.length)
    }

    fn part(&self, start: u32, length: u32) -> &str {
        self.text.get(start as usize..start as usize + length as usize).unwrap_or_default()
    }

    fn key(&self) -> &str {
        self.part(0, self.key)
    }

    fn scheme(&self, claim: &Claim) -> &str {
        self.part(claim.start, claim.scheme)
    }

    fn id(&self, claim: &Claim) -> &str {
        self.part(claim.start + claim.scheme, claim.id)
    }

    fn gives(&self, claim: &Claim) -> &str {
        self.part(claim.start + claim.scheme + claim.id, claim.gives)
    }

    fn reference(&self, claim: &Claim) -> ReferenceKey {
        ReferenceKey { entity: self.entity, plant: self.at(self.plant).into(), scheme: self.scheme(claim).into(), id: self.id(claim).into() }
    }
}

impl MasterIndex {
    /// An empty index of these entities; records of others are passed over.
    #[must_use]
    pub fn new(entities: impl IntoIterator<Item = MasterEntity>) -> Self {
        Self { wanted: entities.into_iter().fold(0, |bits, entity| bits | bit(entity)), ..Self::default() }
    }

    /// Takes a record of a compacted topic; `None` is a tombstone. Tells `changed` every reference that may have another answer now.
    ///
    /// # Errors
    /// [`CodecError`] when the record cannot be read; the index is as before.
    pub fn apply(&mut self, topic: &str, key: &str, value: Option<&[u8]>, codec: &Codec, changed: &mut dyn FnMut(ReferenceKey)) -> Result<(), CodecError> {
        let Some(entity) = MasterEntity::of_topic(topic).filter(|entity| self.wanted & bit(*entity) != 0) else { return Ok(()) };
        let read = value.map(|bytes| claims::read(entity, codec, bytes)).transpose()?;
        self.remove(entity, key, changed);
        if let Some(read) = read {
            self.insert(entity, key, &read, changed);
        }
        Ok(())
    }

    /// Records held.
    #[must_use]
    pub fn records(&self) -> usize {
        self.by_key.len()
    }

    /// Identifiers held.
    #[must_use]
    pub fn claims(&self) -> usize {
        self.by_claim.len()
    }

    fn hash_key(&self, entity: MasterEntity, key: &str) -> u64 {
        self.hasher.hash_one((entity, key))
    }

    fn hash_claim(&self, entity: MasterEntity, plant: &str, scheme: &str, id: &str) -> u64 {
        self.hasher.hash_one((entity, plant, scheme, id))
    }

    fn stored(&self, record: u32) -> Option<&Stored> {
        self.records.get(record as usize)?.as_ref()
    }

    fn remove(&mut self, entity: MasterEntity, key: &str, changed: &mut dyn FnMut(ReferenceKey)) {
        let hash = self.hash_key(entity, key);
        let Self { by_key, records, .. } = self;
        let is_it = |record: &u32| records[*record as usize].as_ref().is_some_and(|stored| stored.entity == entity && stored.key() == key);
        let Ok(found) = by_key.find_entry(hash, is_it) else { return };
        let (record, _) = found.remove();
        let Some(stored) = self.records[record as usize].take() else { return };
        self.free.push(record);
        for (number, claim) in (0..).zip(&stored.claims) {
            let hash = self.hash_claim(entity, stored.at(stored.plant), stored.scheme(claim), stored.id(claim));
            if let Ok(place) = self.by_claim.find_entry(hash, |place| *place == Place { record, claim: number }) {
                place.remove();
            }
            changed(stored.reference(claim));
        }
    }

    fn insert(&mut self, entity: MasterEntity, key: &str, read: &claims::Version<'_>, changed: &mut dyn FnMut(ReferenceKey)) {
        let mut text = String::with_capacity(key.len() + read.claims.iter().map(|claim| claim.scheme.len() + claim.id.len() + claim.gives.len()).sum::<usize>());
        text.push_str(key);
        // Plant and id mostly stand in the key already.
        let plant = part_of(&mut text, read.envelope.plant, key.starts_with(read.envelope.plant).then_some(0));
        let value = part_of(&mut text, read.value, key.ends_with(read.value).then(|| key.len() - read.value.len()));
        let claims = read.claims.iter().map(|claim| {
            let start = size(text.len());
            for part in [claim.scheme, claim.id, claim.gives] {
                text.push_str(part);
            }
            Claim {
                start,
                scheme: size(claim.scheme.len()),
                id: size(claim.id.len()),
                gives: size(claim.gives.len()),
                ratio: claim.ratio,
                kind: claim.kind,
                span: claim.span,
            }
        });
        let claims: Box<[Claim]> = claims.collect();
        let raw = &read.envelope.raw;
        let stored = Stored {
            entity,
            text: text.into(),
            key: size(key.len()),
            plant,
            value,
            source_time: read.envelope.source_time.micros(),
            raw_topic: self.raw_topic(raw.topic),
            raw_partition: raw.partition,
            raw_offset: raw.offset,
            claims,
            ratios: read.ratios.clone().into(),
        };
        let record = self.free.pop().unwrap_or(size(self.records.len()));
        for (number, claim) in (0..).zip(&stored.claims) {
            let hash = self.hash_claim(entity, stored.at(plant), stored.scheme(claim), stored.id(claim));
            let Self { by_claim, records, hasher, .. } = self;
            by_claim.insert_unique(hash, Place { record, claim: number }, |place| {
                // While it grows, the new record's own claims are asked for too.
                let stored = if place.record == record { Some(&stored) } else { records[place.record as usize].as_ref() };
                stored.map_or(0, |stored| {
                    let claim = &stored.claims[place.claim as usize];
                    hasher.hash_one((stored.entity, stored.at(stored.plant), stored.scheme(claim), stored.id(claim)))
                })
            });
            changed(stored.reference(claim));
        }
        if record as usize == self.records.len() {
            self.records.push(Some(stored));
        } else {
            self.records[record as usize] = Some(stored);
        }
        let hash = self.hash_key(entity, key);
        let Self { by_key, records, hasher, .. } = self;
        by_key.insert_unique(hash, record, |record| records[*record as usize].as_ref().map_or(0, |stored| hasher.hash_one((stored.entity, stored.key()))));
    }

    fn raw_topic(&mut self, topic: &str) -> u32 {
        let known = self.raw_topics.iter().position(|known| **known == *topic);
        size(known.unwrap_or_else(|| {
            self.raw_topics.push(topic.into());
            self.raw_topics.len() - 1
        }))
    }

    fn matched<'m>(&'m self, stored: &'m Stored, claim: &'m Claim) -> Match<'m> {
        let gives = stored.gives(claim);
        let is_order = stored.entity == MasterEntity::Order;
        Match {
            value: if stored.entity == MasterEntity::StatusCode { gives } else { stored.at(stored.value) },
            operation: Some(gives).filter(|operation| is_order && !operation.is_empty()),
            ratio: stored.ratios.get(claim.ratio as usize),
            version: MasterVersion {
                topic: stored.entity.topic(),
                key: stored.key(),
                source_time: Timestamp::from_micros(stored.source_time),
                raw: (self.raw_topics.get(stored.raw_topic as usize).map_or("", |topic| topic), stored.raw_partition, stored.raw_offset),
            },
        }
    }
}

impl MasterData for MasterIndex {
    fn find<'m>(&'m self, reference: &Reference<'_>) -> Answer<'m> {
        let Reference { entity, plant, scheme, id, kind, at } = *reference;
        let hash = self.hash_claim(entity, plant, scheme, id);
        let mut found: Option<Match<'m>> = None;
        let (mut several, mut is_known) = (Vec::new(), false);
        for place in self.by_claim.iter_hash(hash) {
            let Some(stored) = self.stored(place.record) else { continue };
            let claim = &stored.claims[place.claim as usize];
            let is_it = stored.entity == entity && stored.at(stored.plant) == plant && stored.scheme(claim) == scheme && stored.id(claim) == id;
            if !is_it || kind.is_some_and(|kind| kind != claim.kind) {
                continue;
            }
            is_known = true;
            if !claim.span.holds(at) {
                continue;
            }
            let this = self.matched(stored, claim);
            match found {
                None => found = Some(this),
                Some(other) if other == this => {}
                Some(other) => several.extend([other.version.key, this.version.key]),
            }
        }
        match found {
            Some(_) if !several.is_empty() => {
                several.sort_unstable();
                several.dedup();
                Answer::Ambiguous(several)
            }
            Some(found) => Answer::Found(found),
            None => Answer::Missing { is_known },
        }
    }
}

const fn bit(entity: MasterEntity) -> u8 {
    1 << entity as u8
}

/// Lengths of texts within a record are bounded by Kafka's largest message.
fn size(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}

/// A range of the text: where it stands already, or appended.
fn part_of(text: &mut String, part: &str, standing: Option<usize>) -> Range {
    let start = standing.unwrap_or_else(|| {
        text.push_str(part);
        text.len() - part.len()
    });
    Range { start: size(start), length: size(part.len()) }
}

#[cfg(test)]
mod tests;
