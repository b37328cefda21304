//! Names in the schema registry.

use crate::contract::ContractId;

/// Subject of a topic's value under Confluent's default `TopicNameStrategy`.
#[must_use]
pub fn value_subject(topic: &str) -> String {
    format!("{topic}-value")
}

/// Subject of a record that travels in frames on a topic, under Confluent's `TopicRecordNameStrategy`.
#[must_use]
pub fn record_subject(topic: &str, contract: ContractId) -> String {
    format!("{topic}-io.lineside.{}.{}", contract.family(), contract.name())
}
