//! Every topic. Names are contract.

use lineside_schemas::ContractId;
use lineside_schemas::contract::{
    BillOfMaterial, Books, BooksTotal, Customer, DroppedDuplicate, ErpConfirmation, ErpGoodsMovement, InboundEvent, InventoryEvent, Item, Lot, NormalizedEvent,
    OrderCrossReference, OrderPosting, OrderProgress, OutboundEvent, PlanningEvent, PostingRuleSet, ProductionEvent, QualityEvent, Routing, ShiftCalendar,
    StatusCodeTable, StorageLocation, Supplier, TraceabilityEvent, UnitConversion, WorkCenter, WorkCenterEvent,
};
use lineside_schemas::contract::{OrderStatus, PostingOutcome, PostingSettlement};
use lineside_schemas::subject::{record_subject, value_subject};

use crate::handle::Topic;
use crate::processors::{PROCESSORS, ProcessorSpec, StoreKind};

/// Prefix of the topics that sources write to: `raw.<plant>.<source>`.
pub const RAW_PREFIX: &str = "raw.";
/// Prefix of the topics that refused records go to: `dead-letter.<processor>`.
pub const DEAD_LETTER_PREFIX: &str = "dead-letter.";
/// Prefix of the topics of master data: `master.<record>.v1`.
pub const MASTER_PREFIX: &str = "master.";
/// Internal hop from normalizer to deduplicator.
pub const NORMALIZED: Topic<NormalizedEvent> = Topic::new("normalized");
/// Production events, the public contract.
pub const CANONICAL_PRODUCTION: Topic<ProductionEvent> = Topic::new("canonical.production.v1");
/// Quality of lots.
pub const CANONICAL_QUALITY: Topic<QualityEvent> = Topic::new("canonical.quality.v1");
/// History of lots, handling units and serials.
pub const CANONICAL_TRACEABILITY: Topic<TraceabilityEvent> = Topic::new("canonical.traceability.v1");
/// Stock movements and balances.
pub const CANONICAL_INVENTORY: Topic<InventoryEvent> = Topic::new("canonical.inventory.v1");
/// What suppliers send.
pub const CANONICAL_INBOUND: Topic<InboundEvent> = Topic::new("canonical.inbound.v1");
/// What goes to customers.
pub const CANONICAL_OUTBOUND: Topic<OutboundEvent> = Topic::new("canonical.outbound.v1");
/// Demands, forecasts and their fulfilment.
pub const CANONICAL_PLANNING: Topic<PlanningEvent> = Topic::new("canonical.planning.v1");
/// Work centers' states, downtimes and slots.
pub const CANONICAL_WORK_CENTER: Topic<WorkCenterEvent> = Topic::new("canonical.work-center.v1");
/// Materials.
pub const MASTER_ITEM: Topic<Item> = Topic::new("master.item.v1");
/// What items are made from.
pub const MASTER_BILL_OF_MATERIAL: Topic<BillOfMaterial> = Topic::new("master.bill-of-material.v1");
/// How items are made.
pub const MASTER_ROUTING: Topic<Routing> = Topic::new("master.routing.v1");
/// Work centers.
pub const MASTER_WORK_CENTER: Topic<WorkCenter> = Topic::new("master.work-center.v1");
/// What units mean for an item.
pub const MASTER_UNIT_CONVERSION: Topic<UnitConversion> = Topic::new("master.unit-conversion.v1");
/// Storage locations.
pub const MASTER_STORAGE_LOCATION: Topic<StorageLocation> = Topic::new("master.storage-location.v1");
/// Lots.
pub const MASTER_LOT: Topic<Lot> = Topic::new("master.lot.v1");
/// Suppliers and carriers.
pub const MASTER_SUPPLIER: Topic<Supplier> = Topic::new("master.supplier.v1");
/// Customers and where they take goods.
pub const MASTER_CUSTOMER: Topic<Customer> = Topic::new("master.customer.v1");
/// When plants and work centers work.
pub const MASTER_SHIFT_CALENDAR: Topic<ShiftCalendar> = Topic::new("master.shift-calendar.v1");
/// What the codes of sources mean.
pub const MASTER_STATUS_CODE_TABLE: Topic<StatusCodeTable> = Topic::new("master.status-code-table.v1");
/// The numbers that are one order.
pub const MASTER_ORDER_CROSS_REFERENCE: Topic<OrderCrossReference> = Topic::new("master.order-cross-reference.v1");
/// What orders have to book.
pub const ORDER_POSTINGS: Topic<OrderPosting> = Topic::new("order.postings.v1");
/// Confirmations in the ERP's shape.
pub const ERP_CONFIRMATIONS: Topic<ErpConfirmation> = Topic::new("erp.confirmations.v1");
/// Goods movements in the ERP's shape.
pub const ERP_GOODS_MOVEMENTS: Topic<ErpGoodsMovement> = Topic::new("erp.goods-movements.v1");
/// What the ERP made of confirmations and goods movements.
pub const ERP_POSTING_OUTCOMES: Topic<PostingOutcome> = Topic::new("erp.posting-outcomes.v1");
/// What people say of documents in doubt.
pub const ERP_POSTING_SETTLEMENTS: Topic<PostingSettlement> = Topic::new("erp.posting-settlements.v1");
/// How the books of orders stand.
pub const ORDER_STATUS: Topic<OrderStatus> = Topic::new("order.status.v1");
/// Progress of orders against their plan.
pub const SUPPLY_ORDER_PROGRESS: Topic<OrderProgress> = Topic::new("supply.order-progress.v1");
/// Versions of posting rule sets.
pub const RULES_POSTING: Topic<PostingRuleSet> = Topic::new("rules.posting.v1");
/// The books of orders, with every gap by class.
pub const BOOKS: Topic<Books> = Topic::new("books.v1");
/// Sums of the books by item and lot, and by plant.
pub const BOOKS_TOTALS: Topic<BooksTotal> = Topic::new("books.totals.v1");
/// Events that came again, and were dropped.
pub const DUPLICATES: Topic<DroppedDuplicate> = Topic::new("duplicates.v1");

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
    /// Master data, keyed by plant and id. Read as a whole, so that partitions mean nothing.
    Master,
    /// Dead letters, keyed as the refused record.
    DeadLetter,
    /// Changelogs of what is kept by raw partition. The raw topics may have counts of their own; a number stands for the partitions of that number of all of
    /// them, so there are as many as the largest has.
    RawState,
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

fn master(name: &str, key: &'static str, value: ContractId, purpose: &'static str) -> TopicSpec {
    TopicSpec { cleanup: Cleanup::Compact, chain: Chain::Master, ..avro(name, key, value, Retention::Long, purpose) }
}

/// The whole table: the fixed topics, then a dead letter topic per processor, then a changelog per store.
#[must_use]
pub fn topics() -> Vec<TopicSpec> {
    topics_of(PROCESSORS)
}

/// The fixed topics, and the dead letters and changelogs of these processors.
pub(crate) fn topics_of(processors: &[ProcessorSpec]) -> Vec<TopicSpec> {
    let mut topics = fixed_topics();
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
                chain: if processor.reads_raw() { Chain::RawState } else { Chain::Aggregate },
                external: false,
                purpose: "Changelog of a store",
            });
        }
    }
    topics
}

/// The topics that are there whatever the processors.
fn fixed_topics() -> Vec<TopicSpec> {
    vec![
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
        avro(CANONICAL_QUALITY.name(), "plant/lot", ContractId::QualityEvent, Retention::Long, "Quality of lots, each event once"),
        avro(
            CANONICAL_TRACEABILITY.name(),
            "plant/subject",
            ContractId::TraceabilityEvent,
            Retention::Long,
            "History of lots, handling units and serials, each event once",
        ),
        avro(CANONICAL_INVENTORY.name(), "plant/item/location", ContractId::InventoryEvent, Retention::Long, "Stock movements and balances, each once"),
        avro(CANONICAL_INBOUND.name(), "plant/document", ContractId::InboundEvent, Retention::Long, "What suppliers send, each event once"),
        avro(CANONICAL_OUTBOUND.name(), "plant/shipment", ContractId::OutboundEvent, Retention::Long, "What goes to customers, each event once"),
        avro(CANONICAL_PLANNING.name(), "plant/item/location", ContractId::PlanningEvent, Retention::Long, "Demands, forecasts and their fulfilment, each event once"),
        avro(
            CANONICAL_WORK_CENTER.name(),
            "plant/work_center",
            ContractId::WorkCenterEvent,
            Retention::Long,
            "Work centers' states, downtimes and slots, each event once",
        ),
        avro(ORDER_POSTINGS.name(), "plant/order", ContractId::OrderPosting, Retention::Long, "What orders have to book"),
        avro(ERP_CONFIRMATIONS.name(), "plant/order", ContractId::ErpConfirmation, Retention::Long, "Confirmations for the ERP"),
        avro(ERP_GOODS_MOVEMENTS.name(), "plant/order", ContractId::ErpGoodsMovement, Retention::Long, "Goods movements for the ERP"),
        avro(SUPPLY_ORDER_PROGRESS.name(), "plant/order", ContractId::OrderProgress, Retention::Long, "Progress of orders against their plan"),
        master(MASTER_ITEM.name(), "plant/item", ContractId::Item, "Materials"),
        master(MASTER_BILL_OF_MATERIAL.name(), "plant/item/usage/alternative/version", ContractId::BillOfMaterial, "What items are made from"),
        master(MASTER_ROUTING.name(), "plant/routing/version", ContractId::Routing, "How items are made"),
        master(MASTER_WORK_CENTER.name(), "plant/work_center", ContractId::WorkCenter, "Work centers"),
        master(MASTER_UNIT_CONVERSION.name(), "plant/item/unit", ContractId::UnitConversion, "What units mean for an item"),
        master(MASTER_STORAGE_LOCATION.name(), "plant/storage_location", ContractId::StorageLocation, "Storage locations"),
        master(MASTER_LOT.name(), "plant/item/lot", ContractId::Lot, "Lots"),
        master(MASTER_SUPPLIER.name(), "plant/supplier", ContractId::Supplier, "Suppliers and carriers"),
        master(MASTER_CUSTOMER.name(), "plant/customer", ContractId::Customer, "Customers and where they take goods"),
        master(MASTER_SHIFT_CALENDAR.name(), "plant/calendar", ContractId::ShiftCalendar, "When plants and work centers work"),
        master(MASTER_STATUS_CODE_TABLE.name(), "plant/table", ContractId::StatusCodeTable, "What the codes of sources mean"),
        master(MASTER_ORDER_CROSS_REFERENCE.name(), "plant/order", ContractId::OrderCrossReference, "The numbers that are one order"),
        // The ERP's word, though the connector writes it down: so it may come to processors before the connector, which no topic of the flow may.
        TopicSpec {
            external: true,
            ..avro(ERP_POSTING_OUTCOMES.name(), "plant/order", ContractId::PostingOutcome, Retention::Long, "What the ERP made of confirmations and goods movements")
        },
        TopicSpec {
            external: true,
            ..avro(ERP_POSTING_SETTLEMENTS.name(), "plant/order", ContractId::PostingSettlement, Retention::Long, "What people say of documents in doubt")
        },
        TopicSpec {
            cleanup: Cleanup::Compact,
            ..avro(ORDER_STATUS.name(), "plant/order", ContractId::OrderStatus, Retention::Long, "How the books of orders stand: what is held, and why")
        },
        TopicSpec { external: true, ..master(RULES_POSTING.name(), "name/version", ContractId::PostingRuleSet, "Posting rules, written by `lineside rules`") },
        TopicSpec { cleanup: Cleanup::Compact, ..avro(BOOKS.name(), "plant/order", ContractId::Books, Retention::Long, "The books of orders, with every gap by class") },
        TopicSpec {
            cleanup: Cleanup::Compact,
            ..avro(BOOKS_TOTALS.name(), "plant/kind/item/lot/unit/partition", ContractId::BooksTotal, Retention::Long, "Sums of the books by item and lot, and by plant")
        },
        avro(DUPLICATES.name(), "as the event", ContractId::DroppedDuplicate, Retention::Long, "Events that came again, and were dropped"),
    ]
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
