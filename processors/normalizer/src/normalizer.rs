//! The processor: finds the mapping by the record's topic, applies it, and sends each event on with what deduplication needs.

use std::sync::Arc;

use lineside_api::{Context, Processor, Raw, RawRecord, Record, Refusal};
use lineside_schemas::records::{NormalizedEvent, RawPosition};
use lineside_schemas::{CodecError, ids};
use lineside_topology::topics::NORMALIZED;

use crate::apply::{MappedEvent, Scratch};
use crate::limits::Limits;
use crate::mapping::Plan;
use crate::packs::MappingSet;
use crate::refusals::{Code, Fault, Known};

/// Raw records to canonical events.
#[derive(Debug)]
pub struct Normalizer {
    mappings: Arc<MappingSet>,
    limits: Limits,
    scratch: Scratch,
    wire: Wire,
}

impl Normalizer {
    /// A normalizer for the sources of `mappings`.
    #[must_use]
    pub fn new(mappings: Arc<MappingSet>, limits: Limits) -> Self {
        Self { mappings, limits, scratch: Scratch::default(), wire: Wire::default() }
    }
}

impl Processor for Normalizer {
    type Input = Raw;

    fn process(&mut self, record: Record<'_, '_, &[u8]>, cx: &mut Context<'_>) -> Result<(), Refusal> {
        let Self { mappings, limits, scratch, wire } = self;
        let raw: &RawRecord<'_> = record.raw;
        let Some(plan) = mappings.by_topic(raw.topic) else {
            let known: Vec<_> = mappings.plans().iter().map(Plan::topic).collect();
            let fault = Fault::new(Code::UnmappedTopic, format!("no mapping reads {}; there are mappings for {}", raw.topic, known.join(", ")));
            return Err(*Known::default().refusal(fault));
        };
        let applied = plan.apply_each(raw, limits, scratch, &mut |mapped| {
            if let Err(error) = wire.send(&mapped, raw, plan, cx) {
                cx.fail(error);
            }
        });
        applied.map_err(|refusal| *refusal)
    }
}

/// An event as it travels, in memory that is reused.
#[derive(Debug, Default)]
struct Wire {
    payload: Vec<u8>,
}

impl Wire {
    fn send(&mut self, mapped: &MappedEvent<'_>, raw: &RawRecord<'_>, plan: &Plan, cx: &mut Context<'_>) -> Result<(), CodecError> {
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
