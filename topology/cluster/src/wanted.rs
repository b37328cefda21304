//! What an environment asks of a cluster and its registry.

use lineside_schemas::ContractId;
use lineside_topology::{Environment, PlannedTopic};

/// Topics and subjects that there should be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    /// Topics, in the order of the table.
    pub topics: Vec<PlannedTopic>,
    /// Subjects, in the same order.
    pub subjects: Vec<WantedSubject>,
}

/// A schema that should be registered under a subject, held to `FULL_TRANSITIVE`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WantedSubject {
    /// Name of the subject.
    pub subject: String,
    /// Name of the record.
    pub record: String,
    /// The schema, as JSON.
    pub schema: String,
}

impl Wanted {
    /// What the table asks for in this environment.
    #[must_use]
    pub fn of(environment: &Environment) -> Self {
        let topics = environment.topic_plan();
        let subjects = topics.iter().flat_map(|topic| topic.value.subjects(&topic.name)).map(|(name, contract)| subject(name, contract)).collect();
        Self { topics, subjects }
    }
}

fn subject(subject: String, contract: ContractId) -> WantedSubject {
    WantedSubject { subject, record: contract.name().to_owned(), schema: contract.schema_text().to_owned() }
}
