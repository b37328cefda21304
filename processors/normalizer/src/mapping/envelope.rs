//! The envelope's part of a mapping: defaults for the whole file, and what single rules say otherwise.

use super::compile::Compiler;
use super::errors::suggestion;
use super::expression::Expression;
use super::path::Scope;
use super::plan::EnvelopePlan;
use super::target::production;
use super::yaml::{Entry, Item};

/// Fields of the envelope that mappings fill.
pub(super) const MAPPED: &[&str] = &["event_id", "plant", "region", "transaction_type", "source_time", "source_sequence", "correlation_id", "causation_id"];
/// Fields that the normalizer fills from the record and the mapping themselves.
pub(super) const OWN: &[&str] = &["source", "source_time_nanos", "source_utc_offset_minutes", "ingest_time", "raw", "mapping_version"];
/// Fields that the contract requires but that have a default here.
const DEFAULTED: &[&str] = &["correlation_id"];

impl Compiler {
    /// Reports fields that are not for mappings to fill.
    pub(super) fn check_envelope<'i>(&mut self, item: Option<&'i Item>) -> &'i [Entry] {
        let entries = item.map_or(&[][..], |item| item.entries("`envelope`", &mut self.errors));
        for entry in entries {
            if OWN.contains(&entry.key.as_str()) {
                self.errors.add(entry.line, format!("`{}` is not for the mapping to fill: the normalizer does", entry.key));
            } else if !MAPPED.contains(&entry.key.as_str()) {
                self.errors.add(entry.line, format!("the envelope has no field `{}`{}", entry.key, suggestion(&entry.key, MAPPED.iter().copied())));
            }
        }
        entries
    }

    /// Compiles the envelope of one rule; `line` is the rule's.
    pub(super) fn envelope(&mut self, defaults: &[Entry], own: &[Entry], line: usize, scope: Scope<'_>) -> Option<EnvelopePlan> {
        let mut field = |name: &str| -> Option<Option<Expression>> {
            let target = production().envelope.iter().find(|field| field.name == name).expect("a test compares the names with the schema");
            match own.iter().chain(defaults).find(|entry| entry.key == name) {
                Some(entry) => self.expression(&entry.item, name, target.target, scope).map(Some),
                None if target.required && !DEFAULTED.contains(&name) => {
                    self.errors.add(line, format!("nothing fills `{name}` of the envelope, which the contract requires"));
                    None
                }
                None => Some(None),
            }
        };
        let (event_id, plant, region, transaction_type) = (field("event_id"), field("plant"), field("region"), field("transaction_type"));
        let (source_time, source_sequence) = (field("source_time"), field("source_sequence"));
        let (correlation_id, causation_id) = (field("correlation_id"), field("causation_id"));
        Some(EnvelopePlan {
            event_id: event_id??,
            plant: plant??,
            region: region?,
            transaction_type: transaction_type??,
            source_time: source_time??,
            source_sequence: source_sequence?,
            correlation_id: correlation_id?,
            causation_id: causation_id?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_field_of_the_envelope_is_filled_by_someone() {
        let mut known: Vec<_> = MAPPED.iter().chain(OWN).copied().collect();
        let mut fields: Vec<_> = production().envelope.iter().map(|field| field.name.as_str()).collect();
        known.sort_unstable();
        fields.sort_unstable();
        assert_eq!(known, fields);
    }
}
