//! Records of the family `internal`. Generated from `avro/`; do not edit.

use serde::{Deserialize, Serialize};

use crate::decimal::Decimal;
use crate::time::Timestamp;
use super::ErpDocumentKind;
use super::OutcomeLine;
use super::RawPosition;
use super::SettledBy;

/// One accepted event.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct AcceptedId<'a> {
    /// Source.
    #[serde(borrow)]
    pub source: &'a str,
    /// Identity within the source.
    #[serde(borrow)]
    pub event_id: &'a str,
    /// Bucket of the id: the UTC day of its source time, as days since 1970-01-01.
    pub bucket: i32,
    /// Hash of the event's business content.
    pub fingerprint: i64,
}

/// Ids that one transaction of the deduplicator accepted. Its changelog.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct AcceptedIds<'a> {
    /// Largest ingest time seen in the partition.
    pub stream_time: Timestamp,
    /// In order of acceptance.
    #[serde(borrow)]
    pub ids: Vec<AcceptedId<'a>>,
}

/// Net consumption of one component line and lot.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct ComponentTotal<'a> {
    /// Operation.
    #[serde(borrow)]
    pub operation: &'a str,
    /// Reservation.
    #[serde(default, borrow)]
    pub reservation: Option<&'a str>,
    /// Reservation item.
    #[serde(default, borrow)]
    pub reservation_item: Option<&'a str>,
    /// Position.
    #[serde(default, borrow)]
    pub position: Option<&'a str>,
    /// Material.
    #[serde(borrow)]
    pub item: &'a str,
    /// Lot.
    #[serde(default, borrow)]
    pub lot: Option<&'a str>,
    /// Storage location.
    #[serde(default, borrow)]
    pub storage_location: Option<&'a str>,
    /// Unit.
    #[serde(borrow)]
    pub unit: &'a str,
    /// Consumed less returned less reversed.
    pub net: Decimal,
    /// Sum of the posting lines: issues less reversals.
    pub posted: Decimal,
}

/// Ledger of the ERP connector: how far each document is, written before each call and after each answer. Keys: `d/` and the document's id for the document; `q/`, `o/`, `r/`, `s/`, `p/` for the indexes (queue of an order, calls under way, to read, to send, to look at), whose entries only name the document.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct ErpLedgerEntry<'a> {
    /// The document.
    #[serde(borrow)]
    pub document_id: &'a str,
    /// What is known of it; none in an index.
    #[serde(default, borrow)]
    pub document: Option<Box<LedgerDocument<'a>>>,
}

/// A record in a frame.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct FramedRecord<'a> {
    /// Its key: UTF-8 text.
    #[serde(default, borrow, with = "serde_bytes")]
    pub key: Option<&'a [u8]>,
    /// Its value in Confluent wire format, under the topic's subject for the record (TopicRecordNameStrategy).
    #[serde(borrow, with = "serde_bytes")]
    pub value: &'a [u8],
}

/// A document and how far it is.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct LedgerDocument<'a> {
    /// Kind of the document.
    pub kind: ErpDocumentKind,
    /// The ErpConfirmation or ErpGoodsMovement as JSON, as it was read.
    #[serde(borrow)]
    pub content: &'a str,
    /// Idempotency key.
    #[serde(borrow)]
    pub key: &'a str,
    /// Plant.
    #[serde(borrow)]
    pub plant: &'a str,
    /// Production order.
    #[serde(borrow)]
    pub order: &'a str,
    /// Sequence of the posting within the order.
    pub sequence: i32,
    /// Posting it was made from.
    #[serde(borrow)]
    pub posting_id: &'a str,
    /// Correlation of the order's story.
    #[serde(borrow)]
    pub correlation_id: &'a str,
    /// Where it is.
    pub state: LedgerState,
    /// When it is due, or the deadline of the call under way.
    #[serde(default)]
    pub until: Option<Timestamp>,
    /// When it was read.
    pub arrived: Timestamp,
    /// Attempts recorded.
    pub attempts: i32,
    /// When the first was.
    #[serde(default)]
    pub first_sent: Option<Timestamp>,
    /// Attempts since the prospects last changed.
    pub tries: i32,
    /// Readings recorded.
    pub readings: i32,
    /// Readings since then that told nothing new.
    pub fruitless: i32,
    /// What the last attempt was refused with.
    #[serde(default, borrow)]
    pub refusal: Option<LedgerRefusal<'a>>,
    /// Since when it is in doubt.
    #[serde(default)]
    pub doubtful_since: Option<Timestamp>,
    /// Since when its owner has to act.
    #[serde(default)]
    pub held_since: Option<Timestamp>,
    /// Since when only news are waited for.
    #[serde(default)]
    pub settled_since: Option<Timestamp>,
    /// The doubt was told.
    pub doubt_told: bool,
    /// The final outcome was told.
    pub final_told: bool,
    /// Outcomes told.
    pub told: i32,
    /// Who settled it.
    #[serde(default, borrow)]
    pub settled_by: Option<SettledBy<'a>>,
    /// Its lines; UNKNOWN is one that is open.
    #[serde(borrow)]
    pub lines: Vec<OutcomeLine<'a>>,
}

/// What the last attempt was refused with.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct LedgerRefusal<'a> {
    /// Class.
    #[serde(borrow)]
    pub error_class: &'a str,
    /// The ERP's code.
    #[serde(default, borrow)]
    pub error_number: Option<&'a str>,
    /// The ERP's words.
    #[serde(default, borrow)]
    pub error_text: Option<&'a str>,
    /// What helps.
    pub remedy: Remedy,
    /// Not to be sent again before.
    #[serde(default)]
    pub not_before: Option<Timestamp>,
}

/// WAITING behind others of its order; QUEUED to be sent; INTENT recorded to be sent; DOUBT to be read back; READING being read back; HELD with its owner; SETTLED only news are waited for; WATCHING news are being looked for; OVER to be forgotten.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum LedgerState {
    /// A symbol that this version does not know.
    #[default]
    Unknown,
    /// `WAITING`
    Waiting,
    /// `QUEUED`
    Queued,
    /// `INTENT`
    Intent,
    /// `DOUBT`
    Doubt,
    /// `READING`
    Reading,
    /// `HELD`
    Held,
    /// `SETTLED`
    Settled,
    /// `WATCHING`
    Watching,
    /// `OVER`
    Over,
}

impl LedgerState {
    /// Every symbol, in the order of the schema.
    pub const SYMBOLS: &'static [&'static str] = &[
        "UNKNOWN",
        "WAITING",
        "QUEUED",
        "INTENT",
        "DOUBT",
        "READING",
        "HELD",
        "SETTLED",
        "WATCHING",
        "OVER",
    ];

    /// The Avro symbol.
    #[must_use]
    pub const fn symbol(self) -> &'static str {
        Self::SYMBOLS[self as usize]
    }

    /// The variant of a symbol; `Unknown` for one that this version does not know.
    #[must_use]
    pub fn from_symbol(symbol: &str) -> Self {
        match symbol {
            "WAITING" => Self::Waiting,
            "QUEUED" => Self::Queued,
            "INTENT" => Self::Intent,
            "DOUBT" => Self::Doubt,
            "READING" => Self::Reading,
            "HELD" => Self::Held,
            "SETTLED" => Self::Settled,
            "WATCHING" => Self::Watching,
            "OVER" => Self::Over,
            _ => Self::Unknown,
        }
    }
}

crate::codec::avro_enum!(LedgerState);

/// Internal hop from normalizer to deduplicator: what routing and deduplication need, and the canonical event as bytes that are passed on undecoded. Topic normalized, keyed by aggregate.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct NormalizedEvent<'a> {
    /// Canonical topic that the event belongs to.
    #[serde(borrow)]
    pub topic: &'a str,
    /// Source of the event.
    #[serde(borrow)]
    pub source: &'a str,
    /// Identity within the source.
    #[serde(borrow)]
    pub event_id: &'a str,
    /// Plant.
    #[serde(borrow)]
    pub plant: &'a str,
    /// Correlation.
    #[serde(borrow)]
    pub correlation_id: &'a str,
    /// When it happened, by the source's clock.
    pub source_time: Timestamp,
    /// When the broker appended the raw record: the clock of deduplication.
    pub ingest_time: Timestamp,
    /// Hash (XXH3, 64 bits) of the event's business content, the envelope left out.
    pub fingerprint: i64,
    /// Position of the raw record.
    #[serde(borrow)]
    pub raw: RawPosition<'a>,
    /// The canonical event in Confluent wire format.
    #[serde(borrow, with = "serde_bytes")]
    pub payload: &'a [u8],
}

/// Events that no posting covers yet.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct OpenCoverage<'a> {
    /// Count.
    pub event_count: i64,
    /// Fingerprint of their ids, upper half: sums of hashes, so order does not count.
    pub fingerprint_high: i64,
    /// The lower half.
    pub fingerprint_low: i64,
    /// Earliest source time among them; 0 when there are none.
    pub first_source_time: Timestamp,
    /// Latest source time among them; 0 when there are none.
    pub last_source_time: Timestamp,
    /// Where the raw records stand, sorted.
    #[serde(borrow)]
    pub positions: Vec<OpenRange<'a>>,
}

/// Raw records of one partition.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct OpenRange<'a> {
    /// Raw topic.
    #[serde(borrow)]
    pub topic: &'a str,
    /// Partition.
    pub partition: i32,
    /// First offset.
    pub first_offset: i64,
    /// Last offset.
    pub last_offset: i64,
}

/// Confirmed quantities of one operation and unit, and what of them is posted.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct OperationTotal<'a> {
    /// Operation.
    #[serde(borrow)]
    pub operation: &'a str,
    /// Unit.
    #[serde(borrow)]
    pub unit: &'a str,
    /// Confirmed good quantity.
    pub r#yield: Decimal,
    /// Confirmed scrap.
    pub scrap: Decimal,
    /// Confirmed rework.
    pub rework: Decimal,
    /// A final confirmation was seen.
    pub is_final: bool,
    /// Posted good quantity.
    pub posted_yield: Decimal,
    /// Posted scrap.
    pub posted_scrap: Decimal,
    /// Posted rework.
    pub posted_rework: Decimal,
    /// A final confirmation was posted.
    pub posted_final: bool,
}

/// State of the order aggregator for one order. Store and changelog order-aggregator-orders.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct OrderLedger<'a> {
    /// Plant.
    #[serde(borrow)]
    pub plant: &'a str,
    /// Production order.
    #[serde(borrow)]
    pub order: &'a str,
    /// Correlation of the order's story.
    #[serde(borrow)]
    pub correlation_id: &'a str,
    /// ORDER_COMPLETED was seen: postings are due.
    pub completed: bool,
    /// Sequence of the last posting; 0 before the first.
    pub sequence: i32,
    /// Sorted by their key.
    #[serde(borrow)]
    pub components: Vec<ComponentTotal<'a>>,
    /// Sorted by their key.
    #[serde(borrow)]
    pub receipts: Vec<ReceiptTotal<'a>>,
    /// Sorted by their key.
    #[serde(borrow)]
    pub operations: Vec<OperationTotal<'a>>,
    /// In order of arrival.
    #[serde(borrow)]
    pub movements: Vec<RememberedMovement<'a>>,
    /// In order of arrival.
    #[serde(borrow)]
    pub reversals: Vec<PendingReversal<'a>>,
    /// In order of arrival.
    #[serde(borrow)]
    pub reversed: Vec<ReversedEvent<'a>>,
    /// Not covered yet.
    #[serde(borrow)]
    pub open: OpenCoverage<'a>,
}

/// A reversal whose event has not been seen yet.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct PendingReversal<'a> {
    /// Source.
    #[serde(borrow)]
    pub source: &'a str,
    /// Event it undoes.
    #[serde(borrow)]
    pub event_id: &'a str,
    /// Event that undoes it.
    #[serde(borrow)]
    pub by_event_id: &'a str,
}

/// Product received, of one item and lot.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct ReceiptTotal<'a> {
    /// Material.
    #[serde(borrow)]
    pub item: &'a str,
    /// Operation that reported it.
    #[serde(default, borrow)]
    pub operation: Option<&'a str>,
    /// Lot.
    #[serde(default, borrow)]
    pub lot: Option<&'a str>,
    /// Storage location.
    #[serde(default, borrow)]
    pub storage_location: Option<&'a str>,
    /// Unit.
    #[serde(borrow)]
    pub unit: &'a str,
    /// Received.
    pub net: Decimal,
    /// Sum of the posting lines: receipts less reversals.
    pub posted: Decimal,
}

/// Several records of one partition as one: what a transaction writes to a partition of an internal topic. The Kafka record around it has no key; those inside have their own.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct RecordFrame<'a> {
    /// In the order in which they were written.
    #[serde(borrow)]
    pub records: Vec<FramedRecord<'a>>,
}

/// RETRY time helps; OWNER somebody has to mend it; REJECT nothing helps.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Remedy {
    /// A symbol that this version does not know.
    #[default]
    Unknown,
    /// `RETRY`
    Retry,
    /// `OWNER`
    Owner,
    /// `REJECT`
    Reject,
}

impl Remedy {
    /// Every symbol, in the order of the schema.
    pub const SYMBOLS: &'static [&'static str] = &[
        "UNKNOWN",
        "RETRY",
        "OWNER",
        "REJECT",
    ];

    /// The Avro symbol.
    #[must_use]
    pub const fn symbol(self) -> &'static str {
        Self::SYMBOLS[self as usize]
    }

    /// The variant of a symbol; `Unknown` for one that this version does not know.
    #[must_use]
    pub fn from_symbol(symbol: &str) -> Self {
        match symbol {
            "RETRY" => Self::Retry,
            "OWNER" => Self::Owner,
            "REJECT" => Self::Reject,
            _ => Self::Unknown,
        }
    }
}

crate::codec::avro_enum!(Remedy);

/// A consumption or return that a reversal may still name.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct RememberedMovement<'a> {
    /// Source.
    #[serde(borrow)]
    pub source: &'a str,
    /// Identity within the source.
    #[serde(borrow)]
    pub event_id: &'a str,
    /// Index in components.
    pub component: i32,
    /// Its effect on net: positive for a consumption, negative for a return.
    pub quantity: Decimal,
}

/// An event that was undone: a second reversal of it is refused.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct ReversedEvent<'a> {
    /// Source.
    #[serde(borrow)]
    pub source: &'a str,
    /// The event undone.
    #[serde(borrow)]
    pub event_id: &'a str,
    /// The event that undid it.
    #[serde(borrow)]
    pub by_event_id: &'a str,
}
