//! The processor: finds the mapping by the record's topic, applies it with the master data at hand, and sends each event on with what deduplication needs. A record
//! that refers to what is not there yet waits: see [`crate::parking`].

use std::collections::HashMap;
use std::sync::Arc;

use lineside_api::{Context, Processor, Raw, RawRecord, Record, Refusal, TableRecord};
use lineside_schemas::records::{NormalizedEvent, RawPosition};
use lineside_schemas::{Codec, CodecError, Timestamp, ids};
use lineside_topology::processors::PARKED;
use lineside_topology::topics::NORMALIZED;

use crate::apply::{Aggregate, Applied, MappedEvent, Scratch};
use crate::limits::Limits;
use crate::mapping::Plan;
use crate::master::MasterIndex;
use crate::packs::MappingSet;
use crate::parking::ParkingBounds;
use crate::parking::kept::{self, Kept};
use crate::parking::lot::{Lot, Place};
use crate::refusals::{Code, Fault, Known};

/// Waiting records that one call tries again, so that a transaction stays small however many become due at once.
const TRIES_MAX: usize = 500;
/// Their bytes.
const TRIED_BYTES_MAX: usize = 4 << 20;

/// Gauge: since when the record of a raw topic waits that has waited longest, in seconds since 1970; 0 if none does.
pub const PARKED_OLDEST: &str = "parked_oldest_timestamp_seconds";

/// Raw records to canonical events.
#[derive(Debug)]
pub struct Normalizer {
    mappings: Arc<MappingSet>,
    limits: Limits,
    bounds: ParkingBounds,
    scratch: Scratch,
    wire: Wire,
    master: MasterIndex,
    /// What waits, by partition, as far as it was looked for.
    lots: HashMap<i32, Lot>,
    /// Records of master data that could not be read and are not counted yet.
    unreadable: usize,
}

impl Normalizer {
    /// A normalizer for the sources of `mappings`.
    #[must_use]
    pub fn new(mappings: Arc<MappingSet>, limits: Limits) -> Self {
        let master = MasterIndex::new(mappings.entities());
        Self { mappings, limits, bounds: ParkingBounds::DEFAULT, scratch: Scratch::default(), wire: Wire::default(), master, lots: HashMap::new(), unreadable: 0 }
    }

    /// With these bounds on what may wait for master data.
    #[must_use]
    pub const fn with_parking(mut self, bounds: ParkingBounds) -> Self {
        self.bounds = bounds;
        self
    }

    /// Tries a waiting record again. With `expired` it has waited long enough: if something is still missing it is refused.
    fn retry(&mut self, partition: i32, place: &Place, expired: bool, cx: &mut Context<'_>) -> usize {
        let Self { mappings, limits, scratch, wire, master, lots, bounds, .. } = self;
        let Some(lot) = lots.get_mut(&partition) else { return 0 };
        let key = kept::key(&place.0, partition, place.1);
        let Some(kept) = cx.get(PARKED, &key).map(|record| Kept::of(&record)) else {
            lot.remove(place);
            return 0;
        };
        let headers = kept.headers();
        let raw = kept.raw(&headers);
        let applied = match mappings.by_topic(raw.topic) {
            Some(plan) => plan.apply_with(&raw, limits, scratch, master).map(|applied| (plan, applied)),
            None => Err(Box::new(unmapped(mappings, raw.topic))),
        };
        let done = |lot: &mut Lot, counter, cx: &mut Context<'_>| {
            cx.delete(PARKED, &key);
            lot.remove(place);
            cx.count(counter);
        };
        match applied {
            Err(refusal) => {
                cx.dead_letter(&raw, &refusal);
                done(lot, "parked_refused", cx);
            }
            Ok((_, Applied { refusal: Some(refusal), .. })) if expired => {
                cx.dead_letter(&raw, &expiry(*refusal, &kept, bounds));
                done(lot, "reference_expired", cx);
            }
            Ok((plan, applied)) => {
                let aggregates = aggregates_of(&applied);
                if applied.missing.is_empty() && lot.is_behind(raw.topic, raw.offset, &aggregates).is_none() {
                    wire.send_all(&applied.events, &raw, plan, cx);
                    done(lot, "resumed", cx);
                } else {
                    let record = kept::parked(&raw, &applied.missing, &aggregates, kept.attempts.saturating_add(1), kept.parked_at);
                    let entry = kept::entry(&record);
                    if lot.entry(place) != Some(&entry) {
                        cx.put(PARKED, &key, &record);
                        lot.put(raw.topic, raw.offset, entry);
                    }
                }
            }
        }
        kept::size(&raw)
    }
}

impl Processor for Normalizer {
    type Input = Raw;

    fn process(&mut self, record: Record<'_, '_, &[u8]>, cx: &mut Context<'_>) -> Result<(), Refusal> {
        let Self { mappings, limits, scratch, wire, master, lots, bounds, .. } = self;
        let raw: &RawRecord<'_> = record.raw;
        let Some(plan) = mappings.by_topic(raw.topic) else { return Err(unmapped(mappings, raw.topic)) };
        let lot = lots.entry(raw.partition).or_insert_with(|| Lot::load(cx));
        if plan.entities().is_empty() && (lot.is_empty() || !lot.has(raw.topic)) {
            let applied = plan.apply_each(raw, limits, scratch, &mut |mapped| wire.send(&mapped, raw, plan, cx));
            return applied.map_err(|refusal| *refusal);
        }
        let applied = plan.apply_with(raw, limits, scratch, master).map_err(|refusal| *refusal)?;
        let aggregates = if applied.missing.is_empty() && !lot.has(raw.topic) { Vec::new() } else { aggregates_of(&applied) };
        let behind = lot.is_behind(raw.topic, raw.offset, &aggregates);
        if applied.missing.is_empty() && behind.is_none() {
            wire.send_all(&applied.events, raw, plan, cx);
            return Ok(());
        }
        if let Some(reason) = lot.exceeded(raw, bounds) {
            return Err(overflow(applied.refusal.map(|refusal| *refusal), behind, lot, raw, &reason));
        }
        let record = kept::parked(raw, &applied.missing, &aggregates, 1, None);
        cx.put(PARKED, &kept::key(raw.topic, raw.partition, raw.offset), &record);
        lot.put(raw.topic, raw.offset, kept::entry(&record));
        cx.count(if applied.missing.is_empty() { "parked_behind" } else { "parked" });
        Ok(())
    }

    fn table(&mut self, record: TableRecord<'_>, codec: &Codec) {
        let Self { master, lots, .. } = self;
        let applied = master.apply(record.topic, record.key, record.value, codec, &mut |reference| lots.values_mut().for_each(|lot| lot.wake(&reference)));
        self.unreadable += usize::from(applied.is_err());
    }

    fn tick(&mut self, now: Timestamp, cx: &mut Context<'_>) {
        for _ in 0..std::mem::take(&mut self.unreadable) {
            cx.count("unreadable_master_data");
        }
        let partition = cx.partition();
        let lot = self.lots.entry(partition).or_insert_with(|| Lot::load(cx));
        for (topic, offset) in lot.stamp(now) {
            let key = kept::key(&topic, partition, offset);
            if let Some(kept) = cx.get(PARKED, &key).map(|record| Kept::of(&record)) {
                let headers = kept.headers();
                let stamped = kept::parked(&kept.raw(&headers), &kept.missing, &kept.aggregates, kept.attempts, Some(now));
                cx.put(PARKED, &key, &stamped);
            }
        }
        let long_ago = now.saturating_add_micros(-self.bounds.wait_micros);
        let (mut tries, mut bytes) = (0, 0);
        let mut expired = lot.parked_until(long_ago).into_iter();
        while tries < TRIES_MAX && bytes < TRIED_BYTES_MAX {
            let next = expired.next().map(|place| (place, true));
            let due = || self.lots.get_mut(&partition)?.take_due().map(|place| (place, false));
            let Some((place, is_expired)) = next.or_else(due) else { break };
            bytes += self.retry(partition, &place, is_expired, cx);
            tries += 1;
        }
        for (topic, since) in self.lots.get(&partition).into_iter().flat_map(Lot::waiting_since) {
            cx.gauge(PARKED_OLDEST, "", topic, seconds(since));
        }
    }
}

#[expect(clippy::cast_precision_loss, reason = "a level for people and alerts")]
fn seconds(since: Option<Timestamp>) -> f64 {
    since.map_or(0.0, |time| time.micros() as f64 / 1e6)
}

/// Aggregates of a record's events, each once; of an incomplete record those that are known, and what is known of the others.
fn aggregates_of(applied: &Applied<'_>) -> Vec<Aggregate> {
    if !applied.missing.is_empty() {
        return applied.aggregates.clone();
    }
    let mut aggregates: Vec<Aggregate> = applied.events.iter().map(MappedEvent::aggregate).collect();
    aggregates.sort_unstable();
    aggregates.dedup();
    aggregates
}

fn unmapped(mappings: &MappingSet, topic: &str) -> Refusal {
    let known: Vec<_> = mappings.plans().iter().map(Plan::topic).collect();
    let fault = Fault::new(Code::UnmappedTopic, format!("no mapping reads {topic}; there are mappings for {}", known.join(", ")));
    *Known::default().refusal(fault)
}

/// That a record has waited as long as it may.
fn expiry(mut refusal: Refusal, kept: &Kept, bounds: &ParkingBounds) -> Refusal {
    const MINUTE_MICROS: i64 = 60_000_000;
    let since = kept.parked_at.map_or_else(|| "long ago".to_owned(), |time| time.to_string());
    refusal.message = format!("{}; the record waited for it since {since}, the {} minutes that it may", refusal.message, bounds.wait_micros / MINUTE_MICROS);
    refusal
}

/// That a record would have to wait and may not, because too much does.
fn overflow(refusal: Option<Refusal>, behind: Option<i64>, lot: &Lot, raw: &RawRecord<'_>, reason: &str) -> Refusal {
    let mut refusal = refusal.unwrap_or_else(|| {
        let offset = behind.unwrap_or_default();
        let first = lot.awaited(&(raw.topic.into(), offset)).map(|reference| format!(", for {reference}")).unwrap_or_default();
        let message = format!("it would have to wait behind {}-{}@{offset}, which waits{first}", raw.topic, raw.partition);
        *Known::default().refusal(Fault::new(Code::ReferenceMissing, message))
    });
    refusal.message = format!("{}; it cannot wait: {reason}", refusal.message);
    refusal
}

/// An event as it travels, in memory that is reused.
#[derive(Debug, Default)]
struct Wire {
    payload: Vec<u8>,
}

impl Wire {
    fn send_all(&mut self, events: &[MappedEvent<'_>], raw: &RawRecord<'_>, plan: &Plan, cx: &mut Context<'_>) {
        for event in events {
            self.send(event, raw, plan, cx);
        }
    }

    fn send(&mut self, mapped: &MappedEvent<'_>, raw: &RawRecord<'_>, plan: &Plan, cx: &mut Context<'_>) {
        if let Err(error) = self.try_send(mapped, raw, plan, cx) {
            cx.fail(error);
        }
    }

    fn try_send(&mut self, mapped: &MappedEvent<'_>, raw: &RawRecord<'_>, plan: &Plan, cx: &mut Context<'_>) -> Result<(), CodecError> {
        self.payload.clear();
        self.payload.extend_from_slice(&cx.codec().wire_header(mapped.topic, mapped.contract)?);
        self.payload.extend_from_slice(mapped.datum);
        cx.send(NORMALIZED, mapped.key, &normalized(mapped, raw, plan, &self.payload));
        Ok(())
    }
}

/// An event with what deduplication needs. `payload` is its datum in wire format.
#[must_use]
pub fn normalized<'a>(mapped: &MappedEvent<'a>, raw: &RawRecord<'a>, plan: &'a Plan, payload: &'a [u8]) -> NormalizedEvent<'a> {
    NormalizedEvent {
        topic: mapped.topic,
        source: plan.source(),
        event_id: mapped.event_id,
        plant: mapped.plant,
        correlation_id: mapped.correlation_id,
        source_time: mapped.source_time,
        ingest_time: raw.time,
        // Not of the envelope: a repeat has another position, and may have another time.
        fingerprint: ids::content_fingerprint(mapped.key.as_bytes(), mapped.content()),
        raw: RawPosition { topic: raw.topic, partition: raw.partition, offset: raw.offset },
        payload,
    }
}
