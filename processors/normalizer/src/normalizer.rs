//! The processor: finds the mapping by the record's topic, applies it, and sends each event on with what deduplication needs.

use std::sync::Arc;

use lineside_api::{Context, Processor, Raw, RawRecord, Record, Refusal, Timestamp};
use lineside_schemas::codec::encode_datum;
use lineside_schemas::records::{Envelope, NormalizedEvent, ProductionEvent, RawPosition};
use lineside_schemas::{CodecError, contract, ids};
use lineside_topology::topics::{CANONICAL_PRODUCTION, NORMALIZED};

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
    buffers: Buffers,
}

impl Normalizer {
    /// A normalizer for the sources of `mappings`.
    #[must_use]
    pub fn new(mappings: Arc<MappingSet>, limits: Limits) -> Self {
        Self { mappings, limits, scratch: Scratch::default(), buffers: Buffers::default() }
    }
}

impl Processor for Normalizer {
    type Input = Raw;

    fn process(&mut self, record: Record<'_, '_, &[u8]>, cx: &mut Context<'_>) -> Result<(), Refusal> {
        let Self { mappings, limits, scratch, buffers } = self;
        let raw: &RawRecord<'_> = record.raw;
        let Some(plan) = mappings.by_topic(raw.topic) else {
            let known: Vec<_> = mappings.plans().iter().map(Plan::topic).collect();
            let fault = Fault::new(Code::UnmappedTopic, format!("no mapping reads {}; there are mappings for {}", raw.topic, known.join(", ")));
            return Err(*Known::default().refusal(fault));
        };
        let applied = plan.apply_each(raw, limits, scratch, &mut |mapped| {
            if let Err(error) = buffers.send(mapped, cx) {
                cx.fail(error);
            }
        });
        applied.map_err(|refusal| *refusal)
    }
}

/// Encoded forms of one event, in memory that is reused.
#[derive(Debug, Default)]
struct Buffers {
    payload: Vec<u8>,
    content: Vec<u8>,
}

impl Buffers {
    fn send(&mut self, mapped: MappedEvent<'_>, cx: &mut Context<'_>) -> Result<(), CodecError> {
        let MappedEvent { key, mut event } = mapped;
        self.payload.clear();
        cx.codec().encode::<contract::ProductionEvent>(CANONICAL_PRODUCTION.name(), &event, &mut self.payload)?;
        let envelope = std::mem::replace(&mut event.envelope, BLANK_ENVELOPE);
        let fingerprint = self.fingerprint(&event)?;
        let normalized = NormalizedEvent {
            topic: CANONICAL_PRODUCTION.name(),
            source: envelope.source,
            event_id: envelope.event_id,
            plant: envelope.plant,
            correlation_id: envelope.correlation_id,
            source_time: envelope.source_time,
            ingest_time: envelope.ingest_time,
            fingerprint,
            raw: envelope.raw,
            payload: &self.payload,
        };
        cx.send(NORMALIZED, key, &normalized);
        Ok(())
    }

    fn fingerprint(&mut self, blanked: &ProductionEvent<'_>) -> Result<i64, CodecError> {
        self.content.clear();
        encode_datum::<contract::ProductionEvent>(blanked, &mut self.content)?;
        Ok(ids::content_fingerprint(&self.content))
    }
}

/// An envelope that says nothing, so that only order, type and group count: a repeat has another position, and may have another time.
const BLANK_ENVELOPE: Envelope<'static> = Envelope {
    event_id: "",
    source: "",
    plant: "",
    region: None,
    transaction_type: "",
    source_time: Timestamp::EPOCH,
    source_time_nanos: 0,
    source_utc_offset_minutes: None,
    ingest_time: Timestamp::EPOCH,
    source_sequence: None,
    correlation_id: "",
    causation_id: None,
    raw: RawPosition { topic: "", partition: 0, offset: 0 },
    mapping_version: "",
    source_time_adjusted: None,
};
