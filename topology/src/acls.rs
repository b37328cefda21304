//! Who may do what on the cluster: the least that each process needs, derived from the table.
//!
//! Kafka counts reading, writing, altering and deleting as describing too, so describing is asked for only where it is all that is needed.
//! A transactional producer needs no cluster-wide right: `IdempotentWrite` is for producers without a transactional id, and since Kafka 2.8 not even for them.

use serde::Serialize;

use crate::canonical::CANONICAL;
use crate::environment::Environment;
use crate::processors::{ERP_CONNECTOR, ERP_LEDGER, NORMALIZER, PROCESSORS, ProcessorSpec, RECONCILER};
use crate::topics::{
    CANONICAL_PRODUCTION, DEAD_LETTER_PREFIX, DUPLICATES, ERP_POSTING_SETTLEMENTS, MASTER_PREFIX, RAW_PREFIX, RULES_POSTING, changelog_topic, dead_letter_topic,
    raw_topic,
};

/// Principal that applies the topology and reads dead letters, raw records, events and books; also the group under which it reads.
pub const OPERATOR: &str = "lineside-operator";
/// Principal that publishes posting rules, and simulates what they would do.
pub const RULES_PUBLISHER: &str = "lineside-rules";
/// Principal that approves posting rules; of another person than [`RULES_PUBLISHER`].
pub const RULES_APPROVER: &str = "lineside-rule-approvals";
/// Principal of a process that hosts several processors; its transactional ids begin with this and a dash.
pub const COHOSTED: &str = "lineside";

/// What something is done to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ResourceKind {
    /// A topic.
    Topic,
    /// A consumer group.
    Group,
    /// A transactional id.
    TransactionalId,
}

/// How a resource is named.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Pattern {
    /// By its whole name.
    Literal,
    /// By the beginning of its name.
    Prefixed,
}

/// What is allowed, in Kafka's words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub enum Operation {
    /// Read records, or be a member of the group.
    Read,
    /// Write records, or use the transactional id.
    Write,
    /// Create the topic.
    Create,
    /// See that it is there, its partitions and its offsets.
    Describe,
    /// Change the partition count.
    Alter,
    /// See the settings.
    DescribeConfigs,
    /// Change the settings.
    AlterConfigs,
}

/// A permission. Whatever no permission allows is refused.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Acl {
    /// User, without Kafka's `User:`.
    pub principal: String,
    /// Kind of the resource.
    pub resource: ResourceKind,
    /// How the name is meant.
    pub pattern: Pattern,
    /// Name of the resource, or the beginning of it.
    pub name: String,
    /// What is allowed on it, in order, each once.
    pub operations: Vec<Operation>,
    /// What it is needed for.
    pub reason: &'static str,
}

impl Acl {
    /// Whether it allows the operation on the resource of that name.
    #[must_use]
    pub fn allows(&self, principal: &str, resource: ResourceKind, name: &str, operation: Operation) -> bool {
        let named = match self.pattern {
            Pattern::Literal => self.name == name,
            Pattern::Prefixed => name.starts_with(&self.name),
        };
        let implied = operation == Operation::Describe && self.operations.iter().any(|held| matches!(held, Operation::Read | Operation::Write | Operation::Alter));
        self.principal == principal && self.resource == resource && named && (implied || self.operations.contains(&operation))
    }
}

/// Every permission of an environment: each processor as a user of its own, each source, the operator.
#[must_use]
pub fn acls(environment: &Environment) -> Vec<Acl> {
    let mut acls: Vec<Acl> = PROCESSORS.iter().flat_map(|processor| processor_acls(environment, processor, processor.name, processor.group)).collect();
    acls.extend(environment.raw.iter().map(|raw| Acl {
        principal: source_principal(&raw.plant, &raw.source),
        resource: ResourceKind::Topic,
        pattern: Pattern::Literal,
        name: raw_topic(&raw.plant, &raw.source),
        operations: vec![Operation::Write],
        reason: "its raw records",
    }));
    acls.extend(operator_acls(environment));
    acls.extend(rules_acls(environment));
    acls
}

/// The permissions of one process that hosts these processors together, as the user [`COHOSTED`].
#[must_use]
pub fn cohosted_acls(environment: &Environment, processors: &[&ProcessorSpec]) -> Vec<Acl> {
    let mut merged: Vec<Acl> = Vec::new();
    for acl in processors.iter().flat_map(|processor| processor_acls(environment, processor, COHOSTED, COHOSTED)) {
        match merged.iter_mut().find(|known| (known.resource, known.pattern, &known.name) == (acl.resource, acl.pattern, &acl.name)) {
            Some(known) => {
                // What one processor writes another reads.
                known.operations.extend(acl.operations);
                known.operations.sort_unstable();
                known.operations.dedup();
            }
            None => merged.push(acl),
        }
    }
    merged
}

/// User as which a source writes its raw records: `<plant>.<source>`.
#[must_use]
pub fn source_principal(plant: &str, source: &str) -> String {
    format!("{plant}.{source}")
}

fn processor_acls(environment: &Environment, processor: &ProcessorSpec, principal: &str, transactional_ids: &str) -> Vec<Acl> {
    let mut acls = Vec::new();
    let mut allow = |resource, pattern, name: String, operations: &[Operation], reason| {
        acls.push(Acl { principal: principal.to_owned(), resource, pattern, name, operations: operations.to_vec(), reason });
    };
    for topic in processor.reads.iter().flat_map(|topic| environment.instances(topic)) {
        allow(ResourceKind::Topic, Pattern::Literal, topic, &[Operation::Read], "input");
    }
    for topic in processor.tables {
        allow(ResourceKind::Topic, Pattern::Literal, (*topic).to_owned(), &[Operation::Read], "table");
    }
    for topic in processor.writes {
        allow(ResourceKind::Topic, Pattern::Literal, (*topic).to_owned(), &[Operation::Write], "output");
    }
    allow(ResourceKind::Topic, Pattern::Literal, dead_letter_topic(processor), &[Operation::Write], "what it refuses");
    for store in processor.stores {
        allow(ResourceKind::Topic, Pattern::Literal, changelog_topic(processor, store.name), &[Operation::Read, Operation::Write], "changelog of a store");
    }
    allow(ResourceKind::Group, Pattern::Literal, processor.group.to_owned(), &[Operation::Read], "membership and offsets");
    // An id ends in the instance and the thread, which come and go.
    allow(ResourceKind::TransactionalId, Pattern::Prefixed, format!("{transactional_ids}-"), &[Operation::Write], "transactions");
    acls
}

fn operator_acls(environment: &Environment) -> impl Iterator<Item = Acl> {
    use Operation::{Alter, AlterConfigs, Create, Describe, DescribeConfigs, Read};
    let allow = |resource, name: String, operations: &[Operation], reason| Acl {
        principal: OPERATOR.to_owned(),
        resource,
        pattern: Pattern::Literal,
        name,
        operations: operations.to_vec(),
        reason,
    };
    let plan = environment.topic_plan();
    let dead_letters: Vec<String> = plan.iter().map(|topic| topic.name.clone()).filter(|name| name.starts_with(DEAD_LETTER_PREFIX)).collect();
    let topics =
        plan.into_iter().map(move |topic| allow(ResourceKind::Topic, topic.name, &[Create, Describe, Alter, DescribeConfigs, AlterConfigs], "topology plan and apply"));
    let dead_letters = dead_letters.into_iter().map(move |name| allow(ResourceKind::Topic, name, &[Read], "dead-letters"));
    let events: Vec<String> = environment.topic_plan().into_iter().map(|topic| topic.name).filter(|name| has_lineage(name)).collect();
    let events = events.into_iter().map(move |name| allow(ResourceKind::Topic, name, &[Read], "lineage"));
    // An order's story and its books as of a moment are made of what the reconciler reads; the books and what was dropped on the way besides.
    let chain = RECONCILER.reads.iter().chain(RECONCILER.tables).chain(RECONCILER.writes).copied().chain([DUPLICATES.name()]);
    let books = chain.filter(|name| !has_lineage(name)).map(move |name| allow(ResourceKind::Topic, name.to_owned(), &[Read], "books, trace"));
    let parked = NORMALIZER.stores.iter().map(move |store| allow(ResourceKind::Topic, changelog_topic(&NORMALIZER, store.name), &[Read], "parked"));
    let ledger = allow(ResourceKind::Topic, changelog_topic(&ERP_CONNECTOR, ERP_LEDGER.name()), &[Read], "postings");
    let settlements = allow(ResourceKind::Topic, ERP_POSTING_SETTLEMENTS.name().to_owned(), &[Operation::Write], "postings settle");
    // Nobody joins it and nothing is committed: librdkafka consumes under the name of a group, and the broker wants a right to it.
    topics.chain(dead_letters).chain(events).chain(books).chain(parked).chain([ledger, settlements]).chain([allow(
        ResourceKind::Group,
        OPERATOR.to_owned(),
        &[Read],
        "dead-letters, lineage, books",
    )])
}

/// Whether the operator reads a topic to tell where the values of events come from: raw records, and the events made of them.
fn has_lineage(topic: &str) -> bool {
    topic.starts_with(RAW_PREFIX) || CANONICAL.iter().any(|canonical| canonical.topic == topic)
}

/// Who publishes rules reads what a simulation needs; who approves reads and writes rules alone.
fn rules_acls(environment: &Environment) -> Vec<Acl> {
    let mut acls = Vec::new();
    for principal in [RULES_PUBLISHER, RULES_APPROVER] {
        let mut allow = |resource, name: String, operations: &[Operation], reason| {
            acls.push(Acl { principal: principal.to_owned(), resource, pattern: Pattern::Literal, name, operations: operations.to_vec(), reason });
        };
        allow(ResourceKind::Topic, RULES_POSTING.name().to_owned(), &[Operation::Read, Operation::Write], "posting rules");
        if principal == RULES_PUBLISHER {
            let simulated = |name: &String| name == CANONICAL_PRODUCTION.name() || name.starts_with(MASTER_PREFIX);
            for topic in environment.topic_plan().into_iter().map(|topic| topic.name).filter(simulated) {
                allow(ResourceKind::Topic, topic, &[Operation::Read], "rules simulate");
            }
        }
        // As for the operator: nobody joins it.
        allow(ResourceKind::Group, OPERATOR.to_owned(), &[Operation::Read], "rules");
    }
    acls
}

#[cfg(test)]
#[path = "acls_tests.rs"]
mod tests;
