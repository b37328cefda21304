//! The envelope of an event, in the order of the schema.

use lineside_schemas::Timestamp;
use lineside_schemas::binary::{bytes, length, long};
use lineside_schemas::records::TimeAdjustment;

use super::Reading;
use super::recorder::Origin;
use super::select::Selected;
use crate::convert::time::{Adjusted, Instant, utc_offset};
use crate::document::Kind;
use crate::mapping::{EnvelopePart, EventPlan, Expression, TargetField};
use crate::refusals::Checked;

/// What identifies an event; read before anything is written.
#[derive(Debug, Clone, Copy)]
pub(super) struct Identity<'a> {
    pub(super) plant: &'a str,
    pub(super) event_id: &'a str,
    pub(super) correlation_id: &'a str,
}

impl<'a> Reading<'a> {
    /// Writes the envelope, and gives the source's time.
    pub(super) fn envelope(&self, plan: &'a EventPlan, identity: &Identity<'a>, selected: Selected, out: &mut Vec<u8>) -> Checked<Timestamp> {
        let mapped = &plan.envelope;
        let found_time = self.needed(&mapped.source_time, "source_time", selected)?;
        let mut time = self.instant(&found_time).map_err(|fault| fault.within("source_time"))?;
        let outer = self.recorder.map(|recorder| recorder.enter("envelope"));
        self.noting("source_time", || self.note_zone(&found_time));
        let mapped_offset = match &mapped.source_utc_offset {
            Some(expression) => self.utc_offset(expression, selected).map_err(|fault| fault.within("source_utc_offset_minutes"))?,
            None => None,
        };
        time.offset_minutes = mapped_offset.or(time.offset_minutes);
        for (field, part) in &plan.contract.envelope {
            let start = out.len();
            out.extend_from_slice(&field.present);
            let is_there = match part {
                EnvelopePart::EventId => written(identity.event_id, out),
                EnvelopePart::Plant => written(identity.plant, out),
                EnvelopePart::CorrelationId => written(identity.correlation_id, out),
                EnvelopePart::Region => self.write_optional(field, mapped.region.as_ref(), selected, out)?,
                EnvelopePart::CausationId => self.write_optional(field, mapped.causation_id.as_ref(), selected, out)?,
                EnvelopePart::TransactionType => written(self.noting("transaction_type", || self.text_of(&mapped.transaction_type, "transaction_type", selected))?, out),
                EnvelopePart::SourceSequence => match &mapped.source_sequence {
                    Some(expression) => self
                        .noting("source_sequence", || -> Checked<bool> {
                            let Some(found) = self.evaluate(expression, selected)? else { return Ok(false) };
                            long(self.whole(&found, i64::MIN, i64::MAX)?, out);
                            Ok(true)
                        })
                        .map_err(|fault| fault.within("source_sequence"))?,
                    None => false,
                },
                EnvelopePart::SourceUtcOffsetMinutes if mapped_offset.is_some() => {
                    long(mapped_offset.unwrap_or_default().into(), out);
                    true
                }
                own => self.write_own(*own, &time, out),
            };
            if !is_there {
                out.truncate(start);
                out.extend_from_slice(field.absent.as_ref().map_or(&[][..], |absent| &absent.bytes));
            }
        }
        if let (Some(recorder), Some(outer)) = (self.recorder, outer) {
            recorder.leave(outer);
        }
        Ok(Timestamp::from_micros(time.micros))
    }

    /// The offset that the mapping names, in minutes.
    fn utc_offset(&self, expression: &'a Expression, selected: Selected) -> Checked<Option<i32>> {
        self.noting("source_utc_offset_minutes", || {
            let Some(found) = self.evaluate(expression, selected)? else { return Ok(None) };
            let text = self.checked_text(&found, found.kind == Kind::Number)?;
            utc_offset(text).map(Some).map_err(|fault| self.at(fault, &found))
        })
    }

    fn write_optional(&self, field: &TargetField, expression: Option<&'a Expression>, selected: Selected, out: &mut Vec<u8>) -> Checked<bool> {
        let text = self.noting(&field.name, || self.optional_text(expression, selected)).map_err(|fault| fault.within(&field.name))?;
        Ok(text.is_some_and(|text| written(text, out)))
    }

    /// What the normalizer knows itself.
    fn write_own(&self, part: EnvelopePart, time: &Instant, out: &mut Vec<u8>) -> bool {
        let (name, what) = match part {
            EnvelopePart::Source => {
                bytes(self.plan.source.as_bytes(), out);
                ("source", "name of the source")
            }
            EnvelopePart::SourceTime => {
                long(time.micros, out);
                return true;
            }
            EnvelopePart::SourceTimeNanos => {
                long(time.nanos.into(), out);
                ("source_time_nanos", "what of source_time is finer than a microsecond")
            }
            EnvelopePart::SourceUtcOffsetMinutes => match time.offset_minutes {
                Some(minutes) => {
                    long(minutes.into(), out);
                    ("source_utc_offset_minutes", "offset of source_time, or of the mapping's time zone then")
                }
                None => return false,
            },
            EnvelopePart::IngestTime => {
                long(self.record.time.micros(), out);
                ("ingest_time", "time of the raw record")
            }
            EnvelopePart::Raw => {
                bytes(self.record.topic.as_bytes(), out);
                long(self.record.partition.into(), out);
                long(self.record.offset, out);
                ("raw", "position of the raw record")
            }
            EnvelopePart::MappingVersion => {
                bytes(self.plan.mapping_version.as_bytes(), out);
                ("mapping_version", "name and version of the mapping")
            }
            EnvelopePart::SourceTimeAdjusted => match time.adjusted {
                Some(adjusted) => {
                    length(ADJUSTMENTS.iter().position(|symbol| *symbol == symbol_of(adjusted).symbol()).unwrap_or_default(), out);
                    ("source_time_adjusted", "the mapping's rule for local times that are no single instant")
                }
                None => return false,
            },
            EnvelopePart::EventId
            | EnvelopePart::Plant
            | EnvelopePart::CorrelationId
            | EnvelopePart::Region
            | EnvelopePart::CausationId
            | EnvelopePart::TransactionType
            | EnvelopePart::SourceSequence => return false,
        };
        self.note(name, || Origin::Normalizer { what: what.to_owned() });
        true
    }
}

/// Symbols of the envelope's `TimeAdjustment`, in the order of the schema.
const ADJUSTMENTS: &[&str] = TimeAdjustment::SYMBOLS;

const fn symbol_of(adjusted: Adjusted) -> TimeAdjustment {
    match adjusted {
        Adjusted::Gap => TimeAdjustment::Gap,
        Adjusted::Overlap => TimeAdjustment::Overlap,
    }
}

fn written(text: &str, out: &mut Vec<u8>) -> bool {
    bytes(text.as_bytes(), out);
    true
}
