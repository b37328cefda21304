//! Records of the family `internal`. Generated from `avro/`; do not edit.

use serde::{Deserialize, Serialize};

use crate::decimal::Decimal;
use crate::time::Timestamp;
use super::Header;
use super::RawPosition;

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

/// A reference that no record of master data answers at the event's time.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct MissingReference<'a> {
    /// What it refers to, as mappings name it: item, supplier, customer, work-center, storage-location, order, status-code, unit.
    #[serde(borrow)]
    pub entity: &'a str,
    /// Plant of the event that needs it.
    #[serde(borrow)]
    pub plant: &'a str,
    /// Scheme of the alias; for a unit the item, for a status code the table.
    #[serde(borrow)]
    pub scheme: &'a str,
    /// Identifier in that scheme, as the source writes it.
    #[serde(borrow)]
    pub id: &'a str,
    /// Source time of the event: the reference has to hold then.
    pub at: Timestamp,
}

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

/// An aggregate that an event of the record belongs to; later records of the same raw partition with events of it wait too.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct ParkedAggregate<'a> {
    /// Canonical topic of the event.
    #[serde(borrow)]
    pub topic: &'a str,
    /// Its plant.
    #[serde(borrow)]
    pub plant: &'a str,
    /// Its key; null where the key itself needs what is missing, so that it may be any of the plant's on that topic.
    #[serde(default, borrow)]
    pub key: Option<&'a str>,
}

/// A raw record that waits in the normalizer for master data, or behind one that does. Store parked of the normalizer, keyed by raw topic, partition and offset.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct ParkedRecord<'a> {
    /// Raw topic that it was read from.
    #[serde(borrow)]
    pub topic: &'a str,
    /// Its partition, from 0.
    pub partition: i32,
    /// Its offset in the partition, from 0.
    pub offset: i64,
    /// When the broker appended it: the ingest time of its events, however long it waits.
    pub record_time: Timestamp,
    /// Original key.
    #[serde(default, borrow, with = "serde_bytes")]
    pub key: Option<&'a [u8]>,
    /// Original value.
    #[serde(default, borrow, with = "serde_bytes")]
    pub value: Option<&'a [u8]>,
    /// Original headers.
    #[serde(default, borrow)]
    pub headers: Vec<Header<'a>>,
    /// Wall clock of the normalizer at the end of the batch that parked it; the time that it may wait counts from here.
    #[serde(default)]
    pub parked_at: Option<Timestamp>,
    /// How often its events were tried and something was missing.
    #[serde(default)]
    pub attempts: i32,
    /// What it waits for; empty where it only waits behind another record.
    #[serde(default, borrow)]
    pub missing: Vec<MissingReference<'a>>,
    /// Aggregates of its events, each once.
    #[serde(default, borrow)]
    pub aggregates: Vec<ParkedAggregate<'a>>,
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
