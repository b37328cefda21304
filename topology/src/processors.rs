//! Every processor: what it reads, what it writes, which stores it keeps.

use lineside_schemas::ContractId;
use lineside_schemas::contract::{
    AccountEntry, Books, BooksTotal, OrderAccount, OrderLedger, OrderPlan, OrderProgress, ParkedRecord, PublishedPosting, RememberedEvent, TimerEntry,
};

use crate::canonical::{CANONICAL_TOPICS, DEDUPLICATED_TOPICS};
use crate::handle::{IdStoreHandle, StoreHandle};
use crate::topics::{
    BOOKS, BOOKS_TOTALS, CANONICAL_PRODUCTION, ERP_CONFIRMATIONS, ERP_GOODS_MOVEMENTS, ERP_POSTING_OUTCOMES, MASTER_CUSTOMER, MASTER_ITEM, MASTER_ORDER_CROSS_REFERENCE,
    MASTER_SHIFT_CALENDAR, MASTER_STATUS_CODE_TABLE, MASTER_STORAGE_LOCATION, MASTER_SUPPLIER, MASTER_UNIT_CONVERSION, MASTER_WORK_CENTER, NORMALIZED, ORDER_POSTINGS,
    ORDER_STATUS, RAW_TEMPLATE, RULES_POSTING, SUPPLY_ORDER_PROGRESS, changelog_topic,
};

/// How a store keeps its state.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StoreKind {
    /// Values of a contract by text key; changelog compacted.
    Keyed(ContractId),
    /// Event ids in buckets by day of their source time; changelog deleted after the window.
    Ids,
}

/// A store of a processor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StoreSpec {
    /// Name within the processor.
    pub name: &'static str,
    /// Kind.
    pub kind: StoreKind,
}

/// A row of the processor table. Besides `writes`, every processor writes its dead letter topic and its changelogs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ProcessorSpec {
    /// Name, also of its binary.
    pub name: &'static str,
    /// Consumer group id.
    pub group: &'static str,
    /// Topics it reads.
    pub reads: &'static [&'static str],
    /// Topics it writes.
    pub writes: &'static [&'static str],
    /// Contracts that it embeds as bytes in the records it writes, by the topic that they are meant for.
    pub embeds: &'static [&'static str],
    /// Stores it keeps, one per input partition each.
    pub stores: &'static [StoreSpec],
    /// Compacted topics that it reads as a whole, each stream thread for itself, and keeps up with: tables.
    pub tables: &'static [&'static str],
    /// Whether the clock calls it when nothing comes.
    pub ticks: bool,
    /// What it does, in a sentence.
    pub purpose: &'static str,
}

impl ProcessorSpec {
    /// True for the first step of the flow, which reads what sources send.
    #[must_use]
    pub fn reads_raw(&self) -> bool {
        self.reads.contains(&RAW_TEMPLATE)
    }

    /// True if it keeps state by partition that several topics feed: a partition number of all of them must be with one member of its group.
    #[must_use]
    pub fn shares_tasks(&self) -> bool {
        !self.stores.is_empty() && (self.reads.len() > 1 || self.reads_raw())
    }

    /// Name of the topic whose partitions stand for its tasks: the changelog of its first store. Given where its inputs share
    /// tasks.
    #[must_use]
    pub fn task_topic(&self) -> Option<String> {
        self.stores.first().filter(|_| self.shares_tasks()).map(|store| changelog_topic(self, store.name))
    }
}

/// Ids that the deduplicator accepted.
pub const ACCEPTED: IdStoreHandle = IdStoreHandle::new("accepted-ids");
/// Ledgers of orders, by plant and order.
pub const ORDERS: StoreHandle<OrderLedger> = StoreHandle::new("orders");
/// Plans of orders, by plant and order.
pub const PLANS: StoreHandle<OrderPlan> = StoreHandle::new("plans");
/// Single events of orders that a reversal may still name, by plant, order, source and event id.
pub const EVENTS: StoreHandle<RememberedEvent> = StoreHandle::new("events");
/// Latest postings of orders, by plant, order and sequence.
pub const POSTINGS: StoreHandle<PublishedPosting> = StoreHandle::new("postings");
/// When orders are looked at again, by time.
pub const TIMERS: StoreHandle<TimerEntry> = StoreHandle::new("timers");
/// Progress of orders, by plant and order.
pub const PROGRESS: StoreHandle<OrderProgress> = StoreHandle::new("order-progress");
/// Accounts of orders, by plant and order.
pub const ACCOUNTS: StoreHandle<OrderAccount> = StoreHandle::new("accounts");
/// What is kept beside them, each under a key of its own.
pub const ACCOUNT_ENTRIES: StoreHandle<AccountEntry> = StoreHandle::new("account-entries");
/// Books as they were last published, by plant and order.
pub const PUBLISHED_BOOKS: StoreHandle<Books> = StoreHandle::new("published-books");
/// Sums of the books, by item and lot, and by plant.
pub const TOTALS: StoreHandle<BooksTotal> = StoreHandle::new("totals");

/// Raw records that wait for master data, by raw topic, partition and offset.
pub const PARKED: StoreHandle<ParkedRecord> = StoreHandle::new("parked");

/// Raw records to canonical events.
pub const NORMALIZER: ProcessorSpec = ProcessorSpec {
    name: "normalizer",
    group: "normalizer",
    reads: &[RAW_TEMPLATE],
    writes: &[NORMALIZED.name()],
    embeds: CANONICAL_TOPICS,
    stores: &[StoreSpec { name: PARKED.name(), kind: StoreKind::Keyed(ContractId::ParkedRecord) }],
    // What mappings can refer to; a test of the normalizer holds the two together.
    tables: &[
        MASTER_ITEM.name(),
        MASTER_SUPPLIER.name(),
        MASTER_CUSTOMER.name(),
        MASTER_WORK_CENTER.name(),
        MASTER_STORAGE_LOCATION.name(),
        MASTER_ORDER_CROSS_REFERENCE.name(),
        MASTER_STATUS_CODE_TABLE.name(),
        MASTER_UNIT_CONVERSION.name(),
    ],
    ticks: true,
    purpose: "Maps raw records to canonical events, by a mapping file per source",
};

/// Each event once.
pub const DEDUPLICATOR: ProcessorSpec = ProcessorSpec {
    name: "deduplicator",
    group: "deduplicator",
    reads: &[NORMALIZED.name()],
    writes: DEDUPLICATED_TOPICS,
    embeds: &[],
    stores: &[StoreSpec { name: ACCEPTED.name(), kind: StoreKind::Ids }],
    tables: &[],
    ticks: false,
    purpose: "Passes each event on once; shows conflicts and what is too late to judge",
};

/// Operations to postings.
pub const ORDER_AGGREGATOR: ProcessorSpec = ProcessorSpec {
    name: "order-aggregator",
    group: "order-aggregator",
    reads: &[CANONICAL_PRODUCTION.name(), ERP_POSTING_OUTCOMES.name()],
    writes: &[ORDER_POSTINGS.name(), ORDER_STATUS.name()],
    embeds: &[],
    stores: &[
        StoreSpec { name: ORDERS.name(), kind: StoreKind::Keyed(ContractId::OrderLedger) },
        StoreSpec { name: PLANS.name(), kind: StoreKind::Keyed(ContractId::OrderPlan) },
        StoreSpec { name: EVENTS.name(), kind: StoreKind::Keyed(ContractId::RememberedEvent) },
        StoreSpec { name: POSTINGS.name(), kind: StoreKind::Keyed(ContractId::PublishedPosting) },
        StoreSpec { name: TIMERS.name(), kind: StoreKind::Keyed(ContractId::TimerEntry) },
    ],
    tables: &[RULES_POSTING.name(), MASTER_ITEM.name(), MASTER_UNIT_CONVERSION.name(), MASTER_SHIFT_CALENDAR.name()],
    ticks: true,
    purpose: "Nets operation-level events into order-level postings",
};

/// Postings to ERP records.
pub const ERP_PUBLISHER: ProcessorSpec = ProcessorSpec {
    name: "erp-publisher",
    group: "erp-publisher",
    reads: &[ORDER_POSTINGS.name()],
    writes: &[ERP_CONFIRMATIONS.name(), ERP_GOODS_MOVEMENTS.name()],
    embeds: &[],
    stores: &[],
    tables: &[],
    ticks: false,
    purpose: "Shapes postings as confirmations and goods movements",
};

/// Events to supply-chain summaries.
pub const SUPPLY_PUBLISHER: ProcessorSpec = ProcessorSpec {
    name: "supply-publisher",
    group: "supply-publisher",
    reads: &[CANONICAL_PRODUCTION.name()],
    writes: &[SUPPLY_ORDER_PROGRESS.name()],
    embeds: &[],
    stores: &[StoreSpec { name: PROGRESS.name(), kind: StoreKind::Keyed(ContractId::OrderProgress) }],
    tables: &[],
    ticks: false,
    purpose: "Publishes the progress of orders against their plan",
};

/// Whether the books close.
pub const RECONCILER: ProcessorSpec = ProcessorSpec {
    name: "reconciler",
    group: "reconciler",
    reads: &[CANONICAL_PRODUCTION.name(), ORDER_POSTINGS.name(), ERP_CONFIRMATIONS.name(), ERP_GOODS_MOVEMENTS.name(), ERP_POSTING_OUTCOMES.name()],
    writes: &[BOOKS.name(), BOOKS_TOTALS.name()],
    embeds: &[],
    stores: &[
        StoreSpec { name: ACCOUNTS.name(), kind: StoreKind::Keyed(ContractId::OrderAccount) },
        StoreSpec { name: ACCOUNT_ENTRIES.name(), kind: StoreKind::Keyed(ContractId::AccountEntry) },
        StoreSpec { name: PUBLISHED_BOOKS.name(), kind: StoreKind::Keyed(ContractId::Books) },
        StoreSpec { name: TOTALS.name(), kind: StoreKind::Keyed(ContractId::BooksTotal) },
    ],
    tables: &[RULES_POSTING.name(), MASTER_ITEM.name()],
    ticks: true,
    purpose: "Keeps the books of every order from the topics alone, and names every gap",
};

/// The whole table, in the order of the flow.
pub const PROCESSORS: &[ProcessorSpec] = &[NORMALIZER, DEDUPLICATOR, ORDER_AGGREGATOR, ERP_PUBLISHER, SUPPLY_PUBLISHER, RECONCILER];

/// The row of that name.
#[must_use]
pub fn processor(name: &str) -> Option<&'static ProcessorSpec> {
    PROCESSORS.iter().find(|processor| processor.name == name)
}
