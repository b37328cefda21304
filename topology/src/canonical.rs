//! The canonical topics: where events and master data of each contract go, and what their keys are made of.

use lineside_schemas::ContractId;

use crate::topics::CANONICAL_PRODUCTION;

/// Where the records of a contract go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CanonicalTopic {
    /// Topic.
    pub topic: &'static str,
    /// What stands on it.
    pub contract: ContractId,
    /// Top-level fields whose values make the key, behind the plant: `<plant>/<field>/...`.
    pub key: &'static [&'static str],
}

/// All of them.
pub const CANONICAL: &[CanonicalTopic] = &[CanonicalTopic { topic: CANONICAL_PRODUCTION.name(), contract: ContractId::ProductionEvent, key: &["order"] }];

/// The topic of a contract that the normalizer writes.
#[must_use]
pub fn canonical(contract: ContractId) -> Option<&'static CanonicalTopic> {
    CANONICAL.iter().find(|topic| topic.contract == contract)
}
