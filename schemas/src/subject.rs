//! Names in the schema registry.

/// Subject of a topic's value under Confluent's default `TopicNameStrategy`.
#[must_use]
pub fn value_subject(topic: &str) -> String {
    format!("{topic}-value")
}
