//! Who may do what, read off the tables of topics and processors; the list of permissions that is being tested is not asked.

use lineside_topology::acls::{OPERATOR, RULES_APPROVER, RULES_PUBLISHER};
use lineside_topology::processors::PROCESSORS;
use lineside_topology::topics::{RAW_TEMPLATE, changelog_topic, dead_letter_topic, raw_topic};
use lineside_topology::{Environment, ProcessorSpec};

/// A user, by what it is.
#[derive(Debug, Clone)]
pub enum User {
    Processor(&'static ProcessorSpec),
    /// Writes one raw topic.
    Source {
        name: String,
        topic: String,
    },
    /// May look after topics, read what the command line shows, and settle postings; or publish or approve rules; or do nothing.
    Other(&'static str),
}

/// What the operator's commands read, beside the topics whose names begin with [`READ_WHOLE`]: books, an order's story, what waits, what is on its way into the ERP.
const READ_BY_OPERATOR: [&str; 10] = [
    "order.postings.v1",
    "erp.confirmations.v1",
    "erp.goods-movements.v1",
    "erp.posting-outcomes.v1",
    "rules.posting.v1",
    "books.v1",
    "books.totals.v1",
    "duplicates.v1",
    "normalizer-parked-changelog",
    "erp-connector-ledger-changelog",
];
const READ_WHOLE: [&str; 4] = ["dead-letter.", "raw.", "canonical.", "master."];

impl User {
    pub fn name(&self) -> &str {
        match self {
            Self::Processor(spec) => spec.name,
            Self::Source { name, .. } => name,
            Self::Other(name) => name,
        }
    }

    pub fn may_read(&self, topic: &str, environment: &Environment) -> bool {
        let Self::Processor(spec) = self else {
            return match self.name() {
                OPERATOR => READ_BY_OPERATOR.contains(&topic) || READ_WHOLE.iter().any(|prefix| topic.starts_with(prefix)),
                RULES_PUBLISHER => topic == "rules.posting.v1" || topic == "canonical.production.v1" || topic.starts_with("master."),
                RULES_APPROVER => topic == "rules.posting.v1",
                _ => false,
            };
        };
        let raw = environment.raw.iter().any(|raw| raw_topic(&raw.plant, &raw.source) == topic);
        spec.reads.iter().any(|read| *read == topic || (*read == RAW_TEMPLATE && raw)) || spec.tables.contains(&topic) || owns_changelog(spec, topic)
    }

    pub fn may_write(&self, topic: &str) -> bool {
        match self {
            Self::Processor(spec) => spec.writes.contains(&topic) || dead_letter_topic(spec) == topic || owns_changelog(spec, topic),
            Self::Source { topic: own, .. } => own == topic,
            Self::Other(OPERATOR) => topic == "erp.posting-settlements.v1",
            Self::Other(name) => [RULES_PUBLISHER, RULES_APPROVER].contains(name) && topic == "rules.posting.v1",
        }
    }

    /// Whether it may be a member of the group.
    pub fn may_join(&self, group: &str) -> bool {
        match self {
            Self::Processor(spec) => spec.group == group,
            // No group of a processor; the name that people read under has no members.
            Self::Source { .. } | Self::Other(_) => false,
        }
    }

    /// Whether it may use transactional ids of that group's instances.
    pub fn may_transact_as(&self, group: &str) -> bool {
        matches!(self, Self::Processor(spec) if spec.group == group)
    }
}

fn owns_changelog(spec: &ProcessorSpec, topic: &str) -> bool {
    spec.stores.iter().any(|store| changelog_topic(spec, store.name) == topic)
}

/// Every processor and source, and the others.
pub fn users(environment: &Environment, others: [&'static str; 4]) -> Vec<User> {
    let processors = PROCESSORS.iter().map(User::Processor);
    let sources = environment.raw.iter().map(|raw| User::Source { name: format!("{}.{}", raw.plant, raw.source), topic: raw_topic(&raw.plant, &raw.source) });
    processors.chain(sources).chain(others.map(User::Other)).collect()
}
