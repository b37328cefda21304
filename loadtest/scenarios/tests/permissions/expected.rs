//! Who may do what, read off the tables of topics and processors; the list of permissions that is being tested is not asked.

use lineside_topology::acls::OPERATOR;
use lineside_topology::processors::PROCESSORS;
use lineside_topology::topics::{DEAD_LETTER_PREFIX, RAW_TEMPLATE, changelog_topic, dead_letter_topic, raw_topic};
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
    /// May look after topics and read dead letters, or may do nothing.
    Other(&'static str),
}

impl User {
    pub fn name(&self) -> &str {
        match self {
            Self::Processor(spec) => spec.name,
            Self::Source { name, .. } => name,
            Self::Other(name) => name,
        }
    }

    pub fn may_read(&self, topic: &str, environment: &Environment) -> bool {
        let Self::Processor(spec) = self else { return self.name() == OPERATOR && topic.starts_with(DEAD_LETTER_PREFIX) };
        let raw = environment.raw.iter().any(|raw| raw_topic(&raw.plant, &raw.source) == topic);
        spec.reads.iter().any(|read| *read == topic || (*read == RAW_TEMPLATE && raw)) || spec.tables.contains(&topic) || owns_changelog(spec, topic)
    }

    pub fn may_write(&self, topic: &str) -> bool {
        match self {
            Self::Processor(spec) => spec.writes.contains(&topic) || dead_letter_topic(spec) == topic || owns_changelog(spec, topic),
            Self::Source { topic: own, .. } => own == topic,
            Self::Other(_) => false,
        }
    }

    /// Whether it may be a member of the group.
    pub fn may_join(&self, group: &str) -> bool {
        match self {
            Self::Processor(spec) => spec.group == group,
            // A name to read under; there are no members.
            Self::Source { .. } | Self::Other(_) => self.name() == OPERATOR && group == OPERATOR,
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

/// Every processor and source, the operator, and one without rights.
pub fn users(environment: &Environment, others: [&'static str; 2]) -> Vec<User> {
    let processors = PROCESSORS.iter().map(User::Processor);
    let sources = environment.raw.iter().map(|raw| User::Source { name: format!("{}.{}", raw.plant, raw.source), topic: raw_topic(&raw.plant, &raw.source) });
    processors.chain(sources).chain(others.map(User::Other)).collect()
}
