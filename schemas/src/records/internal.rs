//! Records of the family `internal`. Generated from `avro/`; do not edit.

use serde::{Deserialize, Serialize};

use crate::decimal::Decimal;
use crate::time::Timestamp;
use super::BooksLineKind;
use super::BooksSource;
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

/// An ERP record or outcome read before its posting.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct AccountEarly<'a> {
    /// Its topic.
    #[serde(borrow)]
    pub topic: &'a str,
    /// Its offset.
    pub offset: i64,
    /// Its time.
    pub time: Timestamp,
    /// Posting that it names.
    #[serde(borrow)]
    pub posting_id: &'a str,
    /// The record, in Confluent wire format.
    #[serde(borrow, with = "serde_bytes")]
    pub value: &'a [u8],
}

/// What an event or a posting does to a line.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct AccountEffect {
    /// Index of the line in the account, from 0.
    pub line: i32,
    /// Amount; negative takes back.
    pub amount: Decimal,
}

/// What the reconciler keeps beside the accounts, each under a key of its own: exactly one group is set. Changelog of its store entries.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct AccountEntry<'a> {
    /// An event, by the fingerprint of its id.
    #[serde(default, borrow)]
    pub event: Option<AccountEvent<'a>>,
    /// A step, by number; kept until a posting covers it.
    #[serde(default, borrow)]
    pub step: Option<AccountStep<'a>>,
    /// A posting, by id.
    #[serde(default, borrow)]
    pub posting: Option<AccountPosting<'a>>,
    /// An order to look at: under a time, or under an offset whose successors prove something.
    #[serde(default, borrow)]
    pub order: Option<&'a str>,
    /// The progress of the partition.
    #[serde(default)]
    pub progress: Option<AccountProgress>,
}

/// An accepted event: its place and what it did, so that it can be reversed and found again.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct AccountEvent<'a> {
    /// Number of the event within the order, from 1.
    pub number: i64,
    /// Offset in canonical.production.v1.
    pub offset: i64,
    /// Source.
    #[serde(borrow)]
    pub source: &'a str,
    /// Identity within the source.
    #[serde(borrow)]
    pub event_id: &'a str,
    /// When it was appended.
    pub time: Timestamp,
    /// A reversal undid it, or waits for its like.
    pub is_reversed: bool,
    /// A reversal may name it.
    pub is_movement: bool,
    /// What it did to the lines.
    pub effects: Vec<AccountEffect>,
}

/// An event that postings should cover otherwise than they do.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct AccountExclusion<'a> {
    /// The event.
    #[serde(borrow)]
    pub event_id: &'a str,
    /// Its source.
    #[serde(borrow)]
    pub source: &'a str,
    /// Number of the event within the order.
    pub number: i64,
    /// Upper half of the fingerprint.
    pub fingerprint_high: i64,
    /// Lower half of the fingerprint.
    pub fingerprint_low: i64,
    /// When it was appended.
    pub since: Timestamp,
    /// No posting covers it, although postings cover later ones. Else it is covered, or stands on the topic, twice.
    pub is_missed: bool,
    /// How that was found.
    #[serde(borrow)]
    pub text: &'a str,
    /// What it does to the lines.
    pub effects: Vec<AccountEffect>,
}

/// An amount that the posting says is held.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct AccountHold<'a> {
    /// Index of the line in the account, from 0.
    pub line: i32,
    /// Amount.
    pub amount: Decimal,
    /// Why.
    #[serde(borrow)]
    pub reason: &'a str,
}

/// A line of the account.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct AccountLine<'a> {
    /// What the line counts: a component issued, product or by-product received, stock scrapped, or a quantity of an operation.
    #[serde(default)]
    pub kind: BooksLineKind,
    /// Operation, where it identifies the line.
    #[serde(default, borrow)]
    pub operation: Option<&'a str>,
    /// Reservation.
    #[serde(default, borrow)]
    pub reservation: Option<&'a str>,
    /// Item of the reservation.
    #[serde(default, borrow)]
    pub reservation_item: Option<&'a str>,
    /// Position in the bill of material, where it identifies the line.
    #[serde(default, borrow)]
    pub position: Option<&'a str>,
    /// Material; none for a quantity of an operation.
    #[serde(default, borrow)]
    pub item: Option<&'a str>,
    /// Lot (SAP Batch).
    #[serde(default, borrow)]
    pub lot: Option<&'a str>,
    /// Storage location.
    #[serde(default, borrow)]
    pub storage_location: Option<&'a str>,
    /// Unit of all amounts of the line, UN/CEFACT Recommendation 20.
    #[serde(borrow)]
    pub unit: &'a str,
    /// Sum of the accepted events.
    pub net: Decimal,
    /// Sum of the events that postings cover.
    pub covered: Decimal,
    /// Of events that postings cover twice: what they posted too much.
    pub surplus: Decimal,
    /// Sum of the posting lines.
    pub posted: Decimal,
    /// Of them, those of postings whose coverage was found.
    pub matched: Decimal,
    /// Held by a rule, as the last posting says.
    pub held: Decimal,
    /// Why, as the last posting says.
    #[serde(default, borrow)]
    pub held_reason: Option<&'a str>,
    /// Booked in the ERP.
    pub confirmed: Decimal,
    /// Parked in the ERP.
    pub parked: Decimal,
    /// Refused by the ERP.
    pub rejected: Decimal,
    /// In doubt.
    pub in_doubt: Decimal,
    /// Cancelled in the ERP.
    pub cancelled: Decimal,
    /// A final confirmation of the operation was accepted.
    pub is_final: bool,
    /// It was posted.
    pub posted_final: bool,
    /// Its amounts cannot be compared: a gap of coverage explains every difference.
    pub is_unjudged: bool,
}

/// When a difference was first seen.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct AccountNotice<'a> {
    /// Class.
    #[serde(borrow)]
    pub class: &'a str,
    /// Subject.
    #[serde(borrow)]
    pub subject: &'a str,
    /// Time of the record that it began with.
    pub since: Timestamp,
    /// When.
    pub time: Timestamp,
    /// It was raised.
    pub is_logged: bool,
}

/// A posting of the order.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct AccountPosting<'a> {
    /// Its id.
    #[serde(borrow)]
    pub posting_id: &'a str,
    /// Its number within the order.
    pub sequence: i32,
    /// Its offset.
    pub offset: i64,
    /// Its time.
    pub time: Timestamp,
    /// Count of the events that it says it covers.
    pub event_count: i64,
    /// Upper half of the fingerprint.
    pub fingerprint_high: i64,
    /// Lower half of the fingerprint.
    pub fingerprint_low: i64,
    /// Event that made it due.
    #[serde(borrow)]
    pub caused_by_event_id: &'a str,
    /// Rule that it was made by.
    #[serde(borrow)]
    pub rule_version: &'a str,
    /// How often it stands on the topic.
    pub occurrences: i32,
    /// Whether its events were found.
    #[serde(default)]
    pub state: AccountPostingState,
    /// Its id follows from what it says.
    pub has_own_id: bool,
    /// Its lines go to the ERP.
    pub moves_goods: bool,
    /// What it asks of the ERP.
    #[serde(borrow)]
    pub slots: Vec<AccountSlot<'a>>,
    /// What a rule holds as of it.
    #[serde(borrow)]
    pub held: Vec<AccountHold<'a>>,
}

/// PENDING its events have not all been seen; MATCHED they were found; DIFFERS they are others than it says; FORGED there are none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum AccountPostingState {
    /// A symbol that this version does not know.
    #[default]
    Unknown,
    /// `PENDING`
    Pending,
    /// `MATCHED`
    Matched,
    /// `DIFFERS`
    Differs,
    /// `FORGED`
    Forged,
}

impl AccountPostingState {
    /// Every symbol, in the order of the schema.
    pub const SYMBOLS: &'static [&'static str] = &[
        "UNKNOWN",
        "PENDING",
        "MATCHED",
        "DIFFERS",
        "FORGED",
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
            "PENDING" => Self::Pending,
            "MATCHED" => Self::Matched,
            "DIFFERS" => Self::Differs,
            "FORGED" => Self::Forged,
            _ => Self::Unknown,
        }
    }
}

crate::codec::avro_enum!(AccountPostingState);

/// How far the processors before are known to have come in this partition.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct AccountProgress {
    /// Offset in canonical.production.v1 up to which every posting due is on the topic; -1 before the first.
    pub postings_of_events: i64,
    /// Offset in order.postings.v1 below which every confirmation is on the topic.
    pub confirmations_of_postings: i64,
    /// The same of goods movements.
    pub movements_of_postings: i64,
    /// The partition.
    pub partition: i32,
}

/// A reversal whose event has not been seen.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct AccountReversal<'a> {
    /// Source of both.
    #[serde(borrow)]
    pub source: &'a str,
    /// Event reversed.
    #[serde(borrow)]
    pub event_id: &'a str,
}

/// What a posting asks of the ERP: a line, or a confirmation.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct AccountSlot<'a> {
    /// Line of the posting; confirmations count from -1 down.
    pub number: i32,
    /// Hash of everything that the ERP record has to say.
    pub digest: i64,
    /// Amounts.
    pub effects: Vec<AccountEffect>,
    /// ERP records seen for it.
    pub seen: i32,
    /// ERP record that carries it.
    #[serde(default, borrow)]
    pub document_id: Option<&'a str>,
    /// Its line there; 0 for a confirmation.
    pub document_line: i32,
    /// Outcome; UNKNOWN while there is none.
    #[serde(default)]
    pub status: AccountSlotStatus,
    /// The outcome is final.
    pub is_final: bool,
    /// Document of the ERP.
    #[serde(default, borrow)]
    pub document: Option<&'a str>,
    /// When the outcome was learned.
    #[serde(default)]
    pub answered: Option<Timestamp>,
    /// What the ERP said.
    #[serde(default, borrow)]
    pub text: Option<&'a str>,
}

/// What the ERP made of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum AccountSlotStatus {
    /// A symbol that this version does not know.
    #[default]
    Unknown,
    /// `POSTED`
    Posted,
    /// `PARKED`
    Parked,
    /// `REJECTED`
    Rejected,
    /// `IN_DOUBT`
    InDoubt,
    /// `CANCELLED`
    Cancelled,
}

impl AccountSlotStatus {
    /// Every symbol, in the order of the schema.
    pub const SYMBOLS: &'static [&'static str] = &[
        "UNKNOWN",
        "POSTED",
        "PARKED",
        "REJECTED",
        "IN_DOUBT",
        "CANCELLED",
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
            "POSTED" => Self::Posted,
            "PARKED" => Self::Parked,
            "REJECTED" => Self::Rejected,
            "IN_DOUBT" => Self::InDoubt,
            "CANCELLED" => Self::Cancelled,
            _ => Self::Unknown,
        }
    }
}

crate::codec::avro_enum!(AccountSlotStatus);

/// The account after so many events.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct AccountStep<'a> {
    /// Upper half of the fingerprint.
    pub fingerprint_high: i64,
    /// Lower half of the fingerprint.
    pub fingerprint_low: i64,
    /// Key of the event.
    #[serde(borrow)]
    pub id: &'a str,
}

/// A finding about a record that has no place in a posting.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct AccountStray<'a> {
    /// Class of the difference.
    #[serde(borrow)]
    pub class: &'a str,
    /// The record.
    #[serde(borrow)]
    pub subject: &'a str,
    /// Its time.
    pub since: Timestamp,
    /// What is wrong.
    #[serde(borrow)]
    pub text: &'a str,
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

/// State of the reconciler for one order: sums and fingerprints, not events. Changelog of its store accounts.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct OrderAccount<'a> {
    /// Plant.
    #[serde(borrow)]
    pub plant: &'a str,
    /// Production order.
    #[serde(borrow)]
    pub order: &'a str,
    /// Correlation of the order's story.
    #[serde(borrow)]
    pub correlation_id: &'a str,
    /// The order is technically complete.
    pub is_completed: bool,
    /// Type of the order, once an event said.
    #[serde(default, borrow)]
    pub order_type: Option<&'a str>,
    /// Product of the order, once an event said.
    #[serde(default, borrow)]
    pub item: Option<&'a str>,
    /// Time of the latest record.
    pub as_of: Timestamp,
    /// Sources of the events.
    #[serde(borrow)]
    pub sources: Vec<&'a str>,
    /// Events accepted.
    pub events: i64,
    /// Upper half of the fingerprint.
    pub fingerprint_high: i64,
    /// Lower half of the fingerprint.
    pub fingerprint_low: i64,
    /// Of them, how many from the first on postings cover.
    pub covered: i64,
    /// Upper half of the fingerprint of those.
    pub covered_high: i64,
    /// Lower half of it.
    pub covered_low: i64,
    /// Offset of the last event accepted.
    pub last_event_offset: i64,
    /// Its time.
    pub last_event_time: Timestamp,
    /// Postings on the topic.
    pub postings: i32,
    /// Lines, in the order in which they came up.
    #[serde(borrow)]
    pub lines: Vec<AccountLine<'a>>,
    /// Reversals that wait.
    #[serde(borrow)]
    pub pending_reversals: Vec<AccountReversal<'a>>,
    /// Ids of the postings that are not settled, in the order of the topic.
    #[serde(borrow)]
    pub open_postings: Vec<&'a str>,
    /// Events covered otherwise than they should be.
    #[serde(borrow)]
    pub exclusions: Vec<AccountExclusion<'a>>,
    /// What came before its posting.
    #[serde(borrow)]
    pub early: Vec<AccountEarly<'a>>,
    /// What contradicts a posting or an outcome.
    #[serde(borrow)]
    pub strays: Vec<AccountStray<'a>>,
    /// Differences known.
    #[serde(borrow)]
    pub noticed: Vec<AccountNotice<'a>>,
    /// Offset under which the order is listed as waiting for a posting.
    #[serde(default)]
    pub due_offset: Option<i64>,
    /// Offset under which it is listed as waiting for ERP records.
    #[serde(default)]
    pub erp_offset: Option<i64>,
    /// Time under which it is listed for another look, in microseconds.
    #[serde(default)]
    pub timer: Option<i64>,
    /// Where its records stand, by topic.
    #[serde(borrow)]
    pub positions: Vec<BooksSource<'a>>,
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
