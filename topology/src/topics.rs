//! Every topic. Names are contract.

use lineside_schemas::ContractId;
use lineside_schemas::contract::{ErpConfirmation, ErpGoodsMovement, NormalizedEvent, OrderPosting, OrderProgress, ProductionEvent};
use lineside_schemas::subject::{record_subject, value_subject};

use crate::handle::Topic;
use crate::processors::{PROCESSORS, ProcessorSpec, StoreKind};

/// Prefix of the topics that sources write to: `raw.<plant>.<source>`.
pub const RAW_PREFIX: &str = "raw.";
/// Prefix of the topics that refused records go to: `dead-letter.<processor>`.
pub const DEAD_LETTER_PREFIX: &str = "dead-letter.";
/// Internal hop from normalizer to deduplicator.
pub const NORMALIZED: Topic<NormalizedEvent> = Topic::new("normalized");
/// Production events, the public contract.
pub const CANONICAL_PRODUCTION: Topic<ProductionEvent> = Topic::new("canonical.production.v1");
/// What orders have to book.
pub const ORDER_POSTINGS: Topic<OrderPosting> = Topic::new("order.postings.v1");
/// Confirmations in the ERP's shape.
pub const ERP_CONFIRMATIONS: Topic<ErpConfirmation> = Topic::new("erp.confirmations.v1");
/// Goods movements in the ERP's shape.
pub const ERP_GOODS_MOVEMENTS: Topic<ErpGoodsMovement> = Topic::new("erp.goods-movements.v1");
/// Progress of orders against their plan.
pub const SUPPLY_ORDER_PROGRESS: Topic<OrderProgress> = Topic::new("supply.order-progress.v1");

/// What stands on a topic as a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Value {
    /// Bytes as the source sent them.
    Raw,
    /// Confluent wire format of a contract.
    Avro(ContractId),
    /// Frames ([`ContractId::RecordFrame`]) of records of a contract: one Kafka record per partition and transaction. For topics that are nobody's contract.
    Frames(ContractId),
}

impl Value {
    /// The schemas of a topic with such values, each with the subject it is registered under.
    #[must_use]
    pub fn subjects(self, topic: &str) -> Vec<(String, ContractId)> {
        match self {
            Self::Raw => Vec::new(),
            Self::Avro(contract) => vec![(value_subject(topic), contract)],
            Self::Frames(contract) => vec![(value_subject(topic), ContractId::RecordFrame), (record_subject(topic, contract), contract)],
        }
    }
}

/// Kafka's `cleanup.policy`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cleanup {
    /// Records go after the retention time.
    Delete,
    /// The last record of each key stays.
    Compact,
}

/// How long a `Delete` topic keeps its records; environments give the figures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Retention {
    /// Raw input: long enough to fix a mapping and replay.
    Raw,
    /// Internal hops: long enough for an outage of the next processor.
    Hop,
    /// Public history and dead letters.
    Long,
    /// The deduplication window and a reserve.
    Window,
}

/// Topics whose keys are the same have the same partition count, so that a key stays in its partition from hop to hop.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Chain {
    /// Raw input, keyed by the source.
    Raw,
    /// Keyed by aggregate: plant and order.
    Aggregate,
    /// Dead letters, keyed as the refused record.
    DeadLetter,
}

impl Chain {
    /// Whether a key must stay in its partition number from topic to topic: state and order go by partition there.
    #[must_use]
    pub const fn is_co_partitioned(self) -> bool {
        matches!(self, Self::Aggregate)
    }
}

/// A row of the topic table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TopicSpec {
    /// Name; `raw.<plant>.<source>` stands for one topic per source of the environment.
    pub name: String,
    /// What the key is, in words. Keys are UTF-8 text, but for raw topics.
    pub key: &'static str,
    /// What the value is.
    pub value: Value,
    /// Cleanup policy.
    pub cleanup: Cleanup,
    /// Retention class, of meaning for `Delete`.
    pub retention: Retention,
    /// Co-partitioning.
    pub chain: Chain,
    /// Written by something outside this table.
    pub external: bool,
    /// What it is for, in a sentence.
    pub purpose: &'static str,
}

/// Name under which the table lists raw topics.
pub const RAW_TEMPLATE: &str = "raw.<plant>.<source>";

fn avro(name: &str, key: &'static str, value: ContractId, retention: Retention, purpose: &'static str) -> TopicSpec {
    TopicSpec { name: name.to_owned(), key, value: Value::Avro(value), cleanup: Cleanup::Delete, retention, chain: Chain::Aggregate, external: false, purpose }
}

/// The whole table: the fixed topics, then a dead letter topic per processor, then a changelog per store.
#[must_use]
pub fn topics() -> Vec<TopicSpec> {
    topics_of(PROCESSORS)
}

/// The fixed topics, and the dead letters and changelogs of these processors.
pub(crate) fn topics_of(processors: &[ProcessorSpec]) -> Vec<TopicSpec> {
    let mut topics = vec![
        TopicSpec {
            name: RAW_TEMPLATE.to_owned(),
            key: "the source's",
            value: Value::Raw,
            cleanup: Cleanup::Delete,
            retention: Retention::Raw,
            chain: Chain::Raw,
            external: true,
            purpose: "Records as the source sent them",
        },
        TopicSpec {
            value: Value::Frames(ContractId::NormalizedEvent),
            ..avro(NORMALIZED.name(), "in the frame: plant/order", ContractId::RecordFrame, Retention::Hop, "Internal hop: canonical events before deduplication")
        },
        avro(CANONICAL_PRODUCTION.name(), "plant/order", ContractId::ProductionEvent, Retention::Long, "Production events, each once"),
        avro(ORDER_POSTINGS.name(), "plant/order", ContractId::OrderPosting, Retention::Long, "What orders have to book"),
        avro(ERP_CONFIRMATIONS.name(), "plant/order", ContractId::ErpConfirmation, Retention::Long, "Confirmations for the ERP"),
        avro(ERP_GOODS_MOVEMENTS.name(), "plant/order", ContractId::ErpGoodsMovement, Retention::Long, "Goods movements for the ERP"),
        avro(SUPPLY_ORDER_PROGRESS.name(), "plant/order", ContractId::OrderProgress, Retention::Long, "Progress of orders against their plan"),
    ];
    for processor in processors {
        topics.push(TopicSpec {
            name: dead_letter_topic(processor),
            key: "as the refused record",
            value: Value::Avro(ContractId::DeadLetter),
            cleanup: Cleanup::Delete,
            retention: Retention::Long,
            chain: Chain::DeadLetter,
            external: false,
            purpose: "Records that the processor refused",
        });
    }
    for processor in processors {
        for store in processor.stores {
            let (value, cleanup, key) = match store.kind {
                StoreKind::Keyed(contract) => (contract, Cleanup::Compact, "store key"),
                StoreKind::Ids => (ContractId::AcceptedIds, Cleanup::Delete, "none"),
            };
            topics.push(TopicSpec {
                name: changelog_topic(processor, store.name),
                key,
                value: Value::Avro(value),
                cleanup,
                retention: Retention::Window,
                chain: Chain::Aggregate,
                external: false,
                purpose: "Changelog of a store",
            });
        }
    }
    topics
}

/// `dead-letter.<processor>`
#[must_use]
pub fn dead_letter_topic(processor: &ProcessorSpec) -> String {
    format!("{DEAD_LETTER_PREFIX}{}", processor.name)
}

/// `<group>-<store>-changelog`
#[must_use]
pub fn changelog_topic(processor: &ProcessorSpec, store: &str) -> String {
    format!("{}-{store}-changelog", processor.group)
}

/// `raw.<plant>.<source>`
#[must_use]
pub fn raw_topic(plant: &str, source: &str) -> String {
    format!("{RAW_PREFIX}{plant}.{source}")
}

/// True for a topic whose records travel in frames.
#[must_use]
pub fn is_framed(topic: &str) -> bool {
    topics().iter().any(|spec| spec.name == topic && matches!(spec.value, Value::Frames(_)))
}
