//! The envelope's part of a mapping: defaults for the whole file, and what single rules say otherwise.

use super::compile::Compiler;
use super::contract::ContractTarget;
use super::expression::Expression;
use super::path::Scope;
use super::plan::EnvelopePlan;
use super::target::Target;
use lineside_yaml::suggestion;
use lineside_yaml::{Entry, Item};

/// What stands in a field of the envelope.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum EnvelopePart {
    EventId,
    Plant,
    Region,
    TransactionType,
    SourceSequence,
    CorrelationId,
    CausationId,
    /// The mapping says where it stands; the normalizer splits it.
    SourceTime,
    /// Where the mapping says nothing, the normalizer takes that of the time.
    SourceUtcOffsetMinutes,
    Source,
    SourceTimeNanos,
    IngestTime,
    Raw,
    MappingVersion,
    /// What was wrong with a local time of the source.
    SourceTimeAdjusted,
}

/// Every field of the envelope, and whether it is for mappings to fill. The others the normalizer fills from the record and the mapping themselves.
const PARTS: &[(&str, EnvelopePart, bool)] = &[
    ("event_id", EnvelopePart::EventId, true),
    ("plant", EnvelopePart::Plant, true),
    ("region", EnvelopePart::Region, true),
    ("transaction_type", EnvelopePart::TransactionType, true),
    ("source_time", EnvelopePart::SourceTime, true),
    ("source_sequence", EnvelopePart::SourceSequence, true),
    ("correlation_id", EnvelopePart::CorrelationId, true),
    ("causation_id", EnvelopePart::CausationId, true),
    ("source", EnvelopePart::Source, false),
    ("source_time_nanos", EnvelopePart::SourceTimeNanos, false),
    ("source_utc_offset_minutes", EnvelopePart::SourceUtcOffsetMinutes, true),
    ("ingest_time", EnvelopePart::IngestTime, false),
    ("raw", EnvelopePart::Raw, false),
    ("mapping_version", EnvelopePart::MappingVersion, false),
    ("source_time_adjusted", EnvelopePart::SourceTimeAdjusted, false),
];

impl EnvelopePart {
    /// What stands in the field of that name.
    pub(super) fn of(name: &str) -> Option<Self> {
        PARTS.iter().find(|(known, ..)| *known == name).map(|(_, part, _)| *part)
    }
}

/// Whether mappings fill the field; `None` where there is no such field.
pub(super) fn is_mapped(name: &str) -> Option<bool> {
    PARTS.iter().find(|(known, ..)| *known == name).map(|(.., mapped)| *mapped)
}

/// The field for the offset of local time.
const UTC_OFFSET: &str = "source_utc_offset_minutes";

/// Fields that the contract requires but that have a default here.
const DEFAULTED: &[&str] = &["correlation_id"];

/// Fields that may refer to master data. What identifies an event, and when and where it happened, cannot: they say which master data holds for it.
const LOOKED_UP: &[&str] = &["correlation_id", "causation_id"];

impl Compiler {
    /// Reports fields that are not for mappings to fill.
    pub(super) fn check_envelope<'i>(&mut self, item: Option<&'i Item>) -> &'i [Entry] {
        let entries = item.map_or(&[][..], |item| item.entries("`envelope`", &mut self.errors));
        for entry in entries {
            match is_mapped(&entry.key) {
                Some(true) => {}
                Some(false) => self.errors.add(entry.line, format!("`{}` is not for the mapping to fill: the normalizer does", entry.key)),
                None => {
                    let known = PARTS.iter().filter(|(.., mapped)| *mapped).map(|(name, ..)| *name);
                    self.errors.add(entry.line, format!("the envelope has no field `{}`{}", entry.key, suggestion(&entry.key, known)));
                }
            }
        }
        entries
    }

    /// Compiles the envelope of one rule; `line` is the rule's.
    pub(super) fn envelope(&mut self, contract: &'static ContractTarget, defaults: &[Entry], own: &[Entry], line: usize, scope: Scope<'_>) -> Option<EnvelopePlan> {
        let mut field = |name: &str| -> Option<Option<Expression>> {
            let (target, _) = contract.envelope.iter().find(|(field, _)| field.name == name)?;
            match own.iter().chain(defaults).find(|entry| entry.key == name) {
                // Written `+01:00`, or as minutes.
                Some(entry) if name == UTC_OFFSET => self.expression(&entry.item, name, Target::Text, scope).map(Some),
                Some(entry) => {
                    self.references.barred = (!LOOKED_UP.contains(&name)).then(|| name.to_owned());
                    let expression = self.expression(&entry.item, name, target.target, scope);
                    self.references.barred = None;
                    expression.map(Some)
                }
                None if target.required() && !DEFAULTED.contains(&name) => {
                    self.errors.add(line, format!("nothing fills `{name}` of the envelope, which the contract requires"));
                    None
                }
                None => Some(None),
            }
        };
        let (event_id, plant, region, transaction_type) = (field("event_id"), field("plant"), field("region"), field("transaction_type"));
        let (source_time, source_utc_offset, source_sequence) = (field("source_time"), field(UTC_OFFSET), field("source_sequence"));
        let (correlation_id, causation_id) = (field("correlation_id"), field("causation_id"));
        Some(EnvelopePlan {
            event_id: event_id??,
            plant: plant??,
            region: region?,
            transaction_type: transaction_type??,
            source_time: source_time??,
            source_utc_offset: source_utc_offset?,
            source_sequence: source_sequence?,
            correlation_id: correlation_id?,
            causation_id: causation_id?,
        })
    }
}

#[cfg(test)]
mod tests {
    use lineside_topology::CANONICAL;

    use super::super::contract::contract;
    use super::*;

    #[test]
    fn every_field_of_the_envelope_is_filled_by_someone() {
        let mut known: Vec<_> = PARTS.iter().map(|(name, ..)| *name).collect();
        known.sort_unstable();
        for topic in CANONICAL {
            let mut fields: Vec<_> = contract(topic.contract.name()).unwrap().envelope.iter().map(|(field, _)| field.name.as_str()).collect();
            fields.sort_unstable();
            assert_eq!(known, fields, "{}", topic.contract.name());
        }
    }
}
