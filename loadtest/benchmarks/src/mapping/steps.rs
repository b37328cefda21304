//! One document, mapped as far as a step, many times.

use std::hint::black_box;
use std::time::Duration;

use lineside_api::{RawRecord, Timestamp};
use lineside_normalizer::normalizer::normalized;
use lineside_normalizer::{Limits, MappingSet, Plan, Scratch};
use lineside_schemas::codec::{HEADER_LEN, encode_datum};
use lineside_schemas::{contract, ids};
use serde::Serialize;

use super::documents::Sample;
use crate::cpu::{own, per_item_us};
use crate::error::BenchError;

/// How far a record goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum Step {
    /// Its bytes become a table of nodes.
    Parse,
    /// The rules select nodes and look at their conditions.
    Select,
    /// The fields are found, converted and written as Avro.
    Fields,
    /// The fingerprint of the content.
    Fingerprint,
    /// The record for deduplication around the event.
    Envelope,
}

/// All of them, one behind the other.
pub const STEPS: [Step; 5] = [Step::Parse, Step::Select, Step::Fields, Step::Fingerprint, Step::Envelope];

/// The built-in mappings, and memory that is reused from record to record as the normalizer does.
#[derive(Debug)]
pub(super) struct Bench {
    mappings: MappingSet,
    scratch: Scratch,
    payload: Vec<u8>,
    encoded: Vec<u8>,
}

/// The long documents make long events.
const LIMITS: Limits = Limits { event_bytes: 8 << 20, record_bytes: 8 << 20, ..Limits::DEFAULT };

impl Bench {
    pub(super) fn new() -> Result<Self, BenchError> {
        let mappings = MappingSet::built_in().map_err(|error| BenchError::Failed(error.to_string()))?;
        Ok(Self { mappings, scratch: Scratch::default(), payload: Vec::new(), encoded: Vec::new() })
    }

    /// How many events a document makes.
    pub(super) fn events(&mut self, sample: &Sample) -> Result<usize, BenchError> {
        self.once(sample, Step::Envelope)
    }

    /// How often a document goes all the way in this much CPU time, once at least.
    pub(super) fn times_within(&mut self, sample: &Sample, budget: Duration) -> Result<u32, BenchError> {
        let (start, mut times) = (own(), 0);
        while times == 0 || own().saturating_sub(start) < budget {
            self.once(sample, Step::Envelope)?;
            times += 1;
        }
        Ok(times)
    }

    /// CPU of one record, us, up to each of [`STEPS`].
    pub(super) fn round(&mut self, sample: &Sample, times: u32) -> Result<[f64; STEPS.len()], BenchError> {
        let mut until = [0.0; STEPS.len()];
        for (step, us) in STEPS.into_iter().zip(&mut until) {
            let start = own();
            for _ in 0..times {
                black_box(self.once(black_box(sample), step)?);
            }
            *us = per_item_us(own().saturating_sub(start), times.into());
        }
        Ok(until)
    }

    fn once(&mut self, sample: &Sample, step: Step) -> Result<usize, BenchError> {
        let Self { mappings, scratch, payload, encoded } = self;
        let plan: &Plan = mappings.by_topic(sample.topic).ok_or_else(|| BenchError::Failed(format!("no mapping reads {}", sample.topic)))?;
        let time = Timestamp::from_micros(1_795_161_600_000_000);
        let record = RawRecord { topic: sample.topic, partition: 3, offset: 1_234_567, index: None, time, key: None, value: Some(&sample.bytes), headers: &[] };
        let mut events = 0;
        let mut unwritten = None;
        let done = match step {
            Step::Parse => plan.count_values(&sample.bytes, &LIMITS, scratch).map(|values| events = values),
            Step::Select => plan.count_selections(&record, &LIMITS, scratch).map(|selections| events = selections),
            Step::Fields => plan.apply_each(&record, &LIMITS, scratch, &mut |event| events += usize::from(!black_box(event).datum.is_empty())),
            Step::Fingerprint => plan.apply_each(&record, &LIMITS, scratch, &mut |event| {
                black_box(ids::content_fingerprint(event.key.as_bytes(), event.content()));
                events += 1;
            }),
            Step::Envelope => plan.apply_each(&record, &LIMITS, scratch, &mut |event| {
                payload.clear();
                payload.extend_from_slice(&[0; HEADER_LEN]);
                payload.extend_from_slice(event.datum);
                encoded.clear();
                if let Err(error) = encode_datum::<contract::NormalizedEvent>(&normalized(&event, &record, plan, payload), encoded) {
                    unwritten = Some(error);
                }
                events += 1;
            }),
        };
        done.map_err(|refusal| BenchError::Failed(format!("{}: {} {}", sample.name, refusal.code, refusal.message)))?;
        unwritten.map_or(Ok(events), |error| Err(BenchError::Failed(error.to_string())))
    }
}
