//! Records of the family `internal`. Generated from `avro/`; do not edit.

use serde::{Deserialize, Serialize};

use crate::decimal::Decimal;
use crate::time::Date;
use crate::time::Timestamp;
use super::BooksLineKind;
use super::BooksSource;
use super::Header;
use super::OrderFlag;
use super::PostingMode;
use super::Quantity;
use super::RawPosition;
use super::WaitingReversal;

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

/// A unit ratio that a posting used.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct AccountConversion<'a> {
    /// Material.
    #[serde(borrow)]
    pub item: &'a str,
    /// Unit reported.
    #[serde(borrow)]
    pub unit: &'a str,
    /// So many of it
    pub quantity: Decimal,
    /// of the unit posted
    #[serde(borrow)]
    pub counted_unit: &'a str,
    /// were counted as so many.
    pub counted: Decimal,
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

/// An accepted event: its place and what it did, so that it can be reversed and found again; or a place for one that a reversal named before it was seen.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct AccountEvent<'a> {
    /// Number of the event within the order, from 1; 0 for one that was not seen.
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
    /// What it is to a reversal.
    #[serde(default)]
    pub kind: AccountEventKind,
    /// It counts: nothing undoes it.
    pub counts: bool,
    /// Event that it names, where it is a reversal.
    #[serde(default, borrow)]
    pub reverses: Option<&'a str>,
    /// Reversal that names it.
    #[serde(default, borrow)]
    pub reversed_by: Option<&'a str>,
    /// A reversal that may undo a reversal, by the rule in force at its time.
    pub reinstates: bool,
    /// It finally confirms its operation.
    pub is_final: bool,
    /// What it says, on which lines.
    pub effects: Vec<AccountEffect>,
    /// What it did to the lines when it came: nothing where it was undone before, the opposite of what it names where it is a reversal.
    pub done: Vec<AccountEffect>,
}

/// What an event is to a reversal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum AccountEventKind {
    /// A symbol that this version does not know.
    #[default]
    Unknown,
    /// `NOT_SEEN`
    NotSeen,
    /// `OTHER`
    Other,
    /// `CONSUMPTION`
    Consumption,
    /// `PRODUCT`
    Product,
    /// `CONFIRMATION`
    Confirmation,
    /// `REPORT`
    Report,
    /// `CONSUMPTION_REVERSAL`
    ConsumptionReversal,
    /// `PRODUCT_REVERSAL`
    ProductReversal,
    /// `CONFIRMATION_REVERSAL`
    ConfirmationReversal,
}

impl AccountEventKind {
    /// Every symbol, in the order of the schema.
    pub const SYMBOLS: &'static [&'static str] = &[
        "UNKNOWN",
        "NOT_SEEN",
        "OTHER",
        "CONSUMPTION",
        "PRODUCT",
        "CONFIRMATION",
        "REPORT",
        "CONSUMPTION_REVERSAL",
        "PRODUCT_REVERSAL",
        "CONFIRMATION_REVERSAL",
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
            "NOT_SEEN" => Self::NotSeen,
            "OTHER" => Self::Other,
            "CONSUMPTION" => Self::Consumption,
            "PRODUCT" => Self::Product,
            "CONFIRMATION" => Self::Confirmation,
            "REPORT" => Self::Report,
            "CONSUMPTION_REVERSAL" => Self::ConsumptionReversal,
            "PRODUCT_REVERSAL" => Self::ProductReversal,
            "CONFIRMATION_REVERSAL" => Self::ConfirmationReversal,
            _ => Self::Unknown,
        }
    }
}

crate::codec::avro_enum!(AccountEventKind);

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
    /// Booked by the ERP on its own, as the last posting says.
    pub booked: Decimal,
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
    /// Final confirmations of the operation, less those reversed.
    pub finals: i32,
    /// One was posted.
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
    /// Unit ratios that it used.
    #[serde(borrow)]
    pub conversions: Vec<AccountConversion<'a>>,
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

/// Which goods a line is of. SCRAP is scrap reported apart from confirmations: by the rule it is confirmed or booked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum GoodsKind {
    /// A symbol that this version does not know.
    #[default]
    Unknown,
    /// `COMPONENT`
    Component,
    /// `RECEIPT`
    Receipt,
    /// `BY_PRODUCT`
    ByProduct,
    /// `SCRAP`
    Scrap,
}

impl GoodsKind {
    /// Every symbol, in the order of the schema.
    pub const SYMBOLS: &'static [&'static str] = &[
        "UNKNOWN",
        "COMPONENT",
        "RECEIPT",
        "BY_PRODUCT",
        "SCRAP",
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
            "COMPONENT" => Self::Component,
            "RECEIPT" => Self::Receipt,
            "BY_PRODUCT" => Self::ByProduct,
            "SCRAP" => Self::Scrap,
            _ => Self::Unknown,
        }
    }
}

crate::codec::avro_enum!(GoodsKind);

/// A line of goods: what its events add up to, and what of it is posted.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct GoodsTotal<'a> {
    /// Number of the line within the ledger: published postings name it.
    pub row: i32,
    /// Which goods.
    #[serde(default)]
    pub kind: GoodsKind,
    /// Operation; empty where none was named.
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
    /// Material; empty for the order's product.
    #[serde(borrow)]
    pub item: &'a str,
    /// Scrap that its source calls a movement of stock.
    #[serde(default)]
    pub is_stock: bool,
    /// Lot.
    #[serde(default, borrow)]
    pub lot: Option<&'a str>,
    /// Storage location.
    #[serde(default, borrow)]
    pub storage_location: Option<&'a str>,
    /// Reason of scrap.
    #[serde(default, borrow)]
    pub reason_code: Option<&'a str>,
    /// Sums by unit.
    #[serde(borrow)]
    pub parts: Vec<LedgerPart<'a>>,
    /// Sum of the posting lines, by unit posted.
    #[serde(borrow)]
    pub posted: Vec<UnitAmount<'a>>,
    /// Of scrap: what was confirmed, by unit.
    #[serde(default, borrow)]
    pub confirmed: Vec<UnitAmount<'a>>,
    /// Line of the order.
    #[serde(default, borrow)]
    pub order_item: Option<&'a str>,
    /// Date of manufacture.
    #[serde(default)]
    pub manufacture_date: Option<Date>,
    /// Last day of use.
    #[serde(default)]
    pub expiry_date: Option<Date>,
    /// Stock.
    #[serde(default, borrow)]
    pub stock_type: Option<&'a str>,
    /// Nothing more is expected for the line.
    #[serde(default)]
    pub is_final: bool,
    /// That was posted.
    #[serde(default)]
    pub posted_final: bool,
    /// Serial numbers not posted yet.
    #[serde(default, borrow)]
    pub serials: Vec<&'a str>,
    /// Posted serial numbers that are to be taken back.
    #[serde(default, borrow)]
    pub serials_back: Vec<&'a str>,
    /// Sequences of the latest postings that booked it, the latest last, at most 8.
    #[serde(default)]
    pub postings: Vec<i32>,
}

/// Sum of a line's events in one unit.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct LedgerPart<'a> {
    /// Number of the sum within the ledger: remembered events name it.
    pub slot: i32,
    /// Unit that they were reported in.
    #[serde(borrow)]
    pub unit: &'a str,
    /// Source time of the first of them: the unit ratio in force then holds for all of them.
    pub at: Timestamp,
    /// Their events name the ERP's document that booked them.
    pub is_booked: bool,
    /// Sum; what takes away is negative.
    pub net: Decimal,
}

/// A source that reported on the order.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct LedgerSource<'a> {
    /// Source.
    #[serde(borrow)]
    pub source: &'a str,
    /// Latest source time of its events on the order.
    pub last_time: Timestamp,
    /// Largest running number of them.
    #[serde(default)]
    pub last_sequence: Option<i64>,
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
    /// Operation; empty where none was named.
    #[serde(borrow)]
    pub operation: &'a str,
    /// Unit.
    #[serde(borrow)]
    pub unit: &'a str,
    /// Number of the sum of good quantity.
    pub yield_slot: i32,
    /// Confirmed good quantity.
    pub r#yield: Decimal,
    /// Posted good quantity.
    pub posted_yield: Decimal,
    /// Number of the sum of scrap.
    pub scrap_slot: i32,
    /// Confirmed scrap.
    pub scrap: Decimal,
    /// Posted scrap.
    pub posted_scrap: Decimal,
    /// Number of the sum of rework.
    pub rework_slot: i32,
    /// Confirmed rework.
    pub rework: Decimal,
    /// Posted rework.
    pub posted_rework: Decimal,
    /// Final confirmations seen, less those reversed.
    pub finals: i32,
    /// Source time of the latest final confirmation.
    #[serde(default)]
    pub final_at: Option<Timestamp>,
    /// A final confirmation was posted.
    pub posted_final: bool,
    /// Of the confirmations not posted yet, here and below; empty when they differ.
    #[serde(default, borrow)]
    pub work_center: Option<&'a str>,
    /// Earliest start.
    #[serde(default)]
    pub actual_start: Option<Timestamp>,
    /// Latest end.
    #[serde(default)]
    pub actual_end: Option<Timestamp>,
    /// Who reported.
    #[serde(default, borrow)]
    pub personnel: Option<&'a str>,
    /// Shift.
    #[serde(default, borrow)]
    pub shift: Option<&'a str>,
    /// Remark.
    #[serde(default, borrow)]
    pub text: Option<&'a str>,
    /// Reason.
    #[serde(default, borrow)]
    pub reason_code: Option<&'a str>,
    /// Sequences of the latest postings that confirmed it, the latest last, at most 8.
    #[serde(default)]
    pub postings: Vec<i32>,
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
    /// Source time of the latest plan.
    #[serde(default)]
    pub planned_at: Option<Timestamp>,
    /// Last operation of its plan.
    #[serde(default, borrow)]
    pub last_operation: Option<&'a str>,
    /// Latest source time of a release.
    #[serde(default)]
    pub released_at: Option<Timestamp>,
    /// Latest source time of a completion.
    #[serde(default)]
    pub completed_at: Option<Timestamp>,
    /// Latest source time of a cancellation.
    #[serde(default)]
    pub cancelled_at: Option<Timestamp>,
    /// Rule of the last posting whose events were found.
    #[serde(default, borrow)]
    pub rule_version: Option<&'a str>,
    /// Ratios that postings used.
    #[serde(borrow)]
    pub conversions: Vec<AccountConversion<'a>>,
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
    /// Product, by its plan.
    #[serde(default, borrow)]
    pub item: Option<&'a str>,
    /// Order type, by its plan.
    #[serde(default, borrow)]
    pub order_type: Option<&'a str>,
    /// Item group of the product when the plan was read.
    #[serde(default, borrow)]
    pub item_group: Option<&'a str>,
    /// Latest source time of ORDER_CREATED.
    #[serde(default)]
    pub created_at: Option<Timestamp>,
    /// Latest source time of ORDER_RELEASED.
    #[serde(default)]
    pub released_at: Option<Timestamp>,
    /// Latest source time of ORDER_DISPATCHED.
    #[serde(default)]
    pub dispatched_at: Option<Timestamp>,
    /// Earliest source time of a work event.
    #[serde(default)]
    pub started_at: Option<Timestamp>,
    /// Latest source time of ORDER_COMPLETED.
    #[serde(default)]
    pub completed_at: Option<Timestamp>,
    /// Latest source time of ORDER_CLOSED.
    #[serde(default)]
    pub closed_at: Option<Timestamp>,
    /// Latest source time of ORDER_CANCELLED.
    #[serde(default)]
    pub cancelled_at: Option<Timestamp>,
    /// Latest source time of ORDER_HELD.
    #[serde(default)]
    pub held_at: Option<Timestamp>,
    /// Latest source time of ORDER_RESUMED.
    #[serde(default)]
    pub resumed_at: Option<Timestamp>,
    /// Earliest source time of an event.
    #[serde(default)]
    pub first_at: Option<Timestamp>,
    /// Latest source time of an event.
    #[serde(default)]
    pub last_at: Option<Timestamp>,
    /// Mode, once a posting decided it.
    #[serde(default)]
    pub mode: PostingMode,
    /// Rule of the last posting.
    #[serde(default, borrow)]
    pub rule_version: Option<&'a str>,
    /// Sequence of the last posting; 0 before the first.
    pub sequence: i32,
    /// The completion that holds was posted.
    #[serde(default)]
    pub completion_posted: bool,
    /// So was the cancellation.
    #[serde(default)]
    pub cancellation_posted: bool,
    /// And finally.
    #[serde(default)]
    pub final_posted: bool,
    /// Last event accepted.
    #[serde(borrow)]
    pub last_event_id: &'a str,
    /// Its source time.
    pub last_event_time: Timestamp,
    /// Its offset from UTC in minutes.
    #[serde(default)]
    pub last_event_offset: Option<i32>,
    /// Latest ingest time of its events.
    pub last_ingest_time: Timestamp,
    /// Lines of goods, sorted.
    #[serde(borrow)]
    pub goods: Vec<GoodsTotal<'a>>,
    /// Operations, sorted.
    #[serde(borrow)]
    pub operations: Vec<OperationTotal<'a>>,
    /// Work times, sorted.
    #[serde(borrow)]
    pub times: Vec<TimeTotal<'a>>,
    /// Next row or slot.
    pub next_number: i32,
    /// Sources, sorted.
    #[serde(default, borrow)]
    pub sources: Vec<LedgerSource<'a>>,
    /// Reversals that wait, the oldest 32.
    #[serde(default, borrow)]
    pub reversals_waiting: Vec<WaitingReversal<'a>>,
    /// How many wait.
    #[serde(default)]
    pub reversals_waiting_count: i32,
    /// What was odd, the latest 16.
    #[serde(default, borrow)]
    pub flags: Vec<OrderFlag<'a>>,
    /// How often.
    #[serde(default)]
    pub flag_count: i32,
    /// Order that takes its place.
    #[serde(default, borrow)]
    pub replaced_by: Option<&'a str>,
    /// Orders that rework product of it.
    #[serde(default, borrow)]
    pub rework_orders: Vec<&'a str>,
    /// Not covered yet.
    #[serde(borrow)]
    pub open: OpenCoverage<'a>,
    /// Ingest time of the first event that no posting covers.
    #[serde(default)]
    pub open_since: Option<Timestamp>,
    /// Its source time.
    #[serde(default)]
    pub open_since_source: Option<Timestamp>,
    /// When a time makes something due: key in the timers.
    #[serde(default)]
    pub timer: Option<Timestamp>,
    /// Sources whose watermark it waits for: keys in the timers.
    #[serde(default, borrow)]
    pub gates: Vec<&'a str>,
    /// End that they have to pass.
    #[serde(default)]
    pub gate_time: Option<Timestamp>,
    /// Of the status last published; 0 before the first.
    #[serde(default)]
    pub status_fingerprint: i64,
}

/// The plan of an order as the order aggregator needs it. Store and changelog order-aggregator-plans, by plant and order.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct OrderPlan<'a> {
    /// Source time of the latest plan.
    pub planned_at: Timestamp,
    /// Product.
    #[serde(default, borrow)]
    pub item: Option<&'a str>,
    /// Order type.
    #[serde(default, borrow)]
    pub order_type: Option<&'a str>,
    /// Planned yield.
    #[serde(default, borrow)]
    pub planned_quantity: Option<Quantity<'a>>,
    /// Operations, in the source's order.
    #[serde(borrow)]
    pub operations: Vec<&'a str>,
    /// Component lines.
    #[serde(borrow)]
    pub components: Vec<PlannedLine<'a>>,
    /// Products.
    #[serde(default, borrow)]
    pub outputs: Vec<PlannedProduct<'a>>,
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

/// A component line of the plan.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct PlannedLine<'a> {
    /// Operation; empty where none was named.
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
    /// Quantity required.
    #[serde(default, borrow)]
    pub required_quantity: Option<Quantity<'a>>,
    /// Issued by the ERP at confirmation.
    pub is_backflushed: bool,
    /// Supplied without booking.
    pub is_bulk: bool,
    /// Nothing more is to be issued.
    pub is_finally_issued: bool,
}

/// A product of the plan.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct PlannedProduct<'a> {
    /// Material.
    #[serde(borrow)]
    pub item: &'a str,
    /// The order's main product.
    pub is_main: bool,
    /// Planned quantity.
    #[serde(default, borrow)]
    pub quantity: Option<Quantity<'a>>,
}

/// A confirmation.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct PublishedConfirmation<'a> {
    /// Its id.
    #[serde(borrow)]
    pub confirmation_id: &'a str,
    /// Operation.
    #[serde(borrow)]
    pub operation: &'a str,
    /// Unit.
    #[serde(borrow)]
    pub unit: &'a str,
    /// Good quantity.
    pub r#yield: Decimal,
    /// Scrap.
    pub scrap: Decimal,
    /// Rework.
    pub rework: Decimal,
    /// Number of the ERP's document.
    #[serde(default, borrow)]
    pub document: Option<&'a str>,
    /// Year of it.
    #[serde(default, borrow)]
    pub year: Option<&'a str>,
    /// Item or count.
    #[serde(default, borrow)]
    pub item: Option<&'a str>,
    /// A later one takes it back whole.
    #[serde(default)]
    pub is_reversed: bool,
}

/// A line.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct PublishedLine<'a> {
    /// Number.
    pub line: i32,
    /// Line of the ledger.
    pub row: i32,
    /// Unit.
    #[serde(borrow)]
    pub unit: &'a str,
    /// Amount; negative takes back.
    pub quantity: Decimal,
    /// Number of the ERP's document.
    #[serde(default, borrow)]
    pub document: Option<&'a str>,
    /// Year of it.
    #[serde(default, borrow)]
    pub year: Option<&'a str>,
    /// Item or count.
    #[serde(default, borrow)]
    pub item: Option<&'a str>,
    /// A later line takes it back whole.
    #[serde(default)]
    pub is_reversed: bool,
}

/// A posting that may still be reversed by document reference, and what the ERP made of it. Store and changelog order-aggregator-postings, by plant, order and sequence; the latest 32 of an order.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct PublishedPosting<'a> {
    /// Posting.
    #[serde(borrow)]
    pub posting_id: &'a str,
    /// Lines.
    #[serde(borrow)]
    pub lines: Vec<PublishedLine<'a>>,
    /// Confirmations.
    #[serde(borrow)]
    pub confirmations: Vec<PublishedConfirmation<'a>>,
}

/// Several records of one partition as one: what a transaction writes to a partition of an internal topic. The Kafka record around it has no key; those inside have their own.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct RecordFrame<'a> {
    /// In the order in which they were written.
    #[serde(borrow)]
    pub records: Vec<FramedRecord<'a>>,
}

/// An event that a reversal may still name, or that a reversal named before it was seen. Store and changelog order-aggregator-events, by plant, order, source and event id.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct RememberedEvent<'a> {
    /// What it is.
    #[serde(default)]
    pub kind: RememberedKind,
    /// It counts.
    pub is_in_effect: bool,
    /// Its effects, while it counts.
    #[serde(default)]
    pub effects: Vec<SlotAmount>,
    /// Operation that it finally confirmed.
    #[serde(default, borrow)]
    pub final_operation: Option<&'a str>,
    /// Unit of the yield that it did so in.
    #[serde(default, borrow)]
    pub final_unit: Option<&'a str>,
    /// Serial numbers.
    #[serde(default, borrow)]
    pub serials: Vec<&'a str>,
    /// Of a reversal: the event that it names.
    #[serde(default, borrow)]
    pub reverses: Option<&'a str>,
    /// Reversal that names it.
    #[serde(default, borrow)]
    pub reversed_by: Option<&'a str>,
    /// What that is.
    #[serde(default)]
    pub reversed_by_kind: RememberedKind,
    /// Of a reversal that names a reversal: its rule lets it undo that.
    #[serde(default)]
    pub is_reinstated_by_rule: bool,
}

/// What an event is to a reversal. NOT_SEEN: only its reversal was.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum RememberedKind {
    /// A symbol that this version does not know.
    #[default]
    Unknown,
    /// `NOT_SEEN`
    NotSeen,
    /// `CONSUMPTION`
    Consumption,
    /// `PRODUCT`
    Product,
    /// `CONFIRMATION`
    Confirmation,
    /// `REPORT`
    Report,
    /// `CONSUMPTION_REVERSAL`
    ConsumptionReversal,
    /// `PRODUCT_REVERSAL`
    ProductReversal,
    /// `CONFIRMATION_REVERSAL`
    ConfirmationReversal,
}

impl RememberedKind {
    /// Every symbol, in the order of the schema.
    pub const SYMBOLS: &'static [&'static str] = &[
        "UNKNOWN",
        "NOT_SEEN",
        "CONSUMPTION",
        "PRODUCT",
        "CONFIRMATION",
        "REPORT",
        "CONSUMPTION_REVERSAL",
        "PRODUCT_REVERSAL",
        "CONFIRMATION_REVERSAL",
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
            "NOT_SEEN" => Self::NotSeen,
            "CONSUMPTION" => Self::Consumption,
            "PRODUCT" => Self::Product,
            "CONFIRMATION" => Self::Confirmation,
            "REPORT" => Self::Report,
            "CONSUMPTION_REVERSAL" => Self::ConsumptionReversal,
            "PRODUCT_REVERSAL" => Self::ProductReversal,
            "CONFIRMATION_REVERSAL" => Self::ConfirmationReversal,
            _ => Self::Unknown,
        }
    }
}

crate::codec::avro_enum!(RememberedKind);

/// What an event adds to a sum of the ledger.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct SlotAmount {
    /// Number of the sum.
    pub slot: i32,
    /// What it adds.
    pub quantity: Decimal,
}

/// What the time was spent on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum TimeKind {
    /// A symbol that this version does not know.
    #[default]
    Unknown,
    /// `SETUP`
    Setup,
    /// `MACHINE`
    Machine,
    /// `LABOUR`
    Labour,
    /// `ACTIVITY`
    Activity,
}

impl TimeKind {
    /// Every symbol, in the order of the schema.
    pub const SYMBOLS: &'static [&'static str] = &[
        "UNKNOWN",
        "SETUP",
        "MACHINE",
        "LABOUR",
        "ACTIVITY",
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
            "SETUP" => Self::Setup,
            "MACHINE" => Self::Machine,
            "LABOUR" => Self::Labour,
            "ACTIVITY" => Self::Activity,
            _ => Self::Unknown,
        }
    }
}

crate::codec::avro_enum!(TimeKind);

/// Work time or another activity of an operation.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct TimeTotal<'a> {
    /// Operation.
    #[serde(borrow)]
    pub operation: &'a str,
    /// What on.
    #[serde(default)]
    pub kind: TimeKind,
    /// Activity; empty for the others.
    #[serde(borrow)]
    pub activity: &'a str,
    /// Sums by unit.
    #[serde(borrow)]
    pub parts: Vec<LedgerPart<'a>>,
    /// Posted, by unit.
    #[serde(borrow)]
    pub posted: Vec<UnitAmount<'a>>,
}

/// When an order has to be looked at again; how far stream time and the sources are. Store and changelog order-aggregator-timers, sorted by key: due/<time>/<plant>/<order>, gate/<source>/<time>/<plant>/<order>, clock, source/<source>.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct TimerEntry<'a> {
    /// Plant; empty for clocks.
    #[serde(borrow)]
    pub plant: &'a str,
    /// Order; empty for clocks.
    #[serde(borrow)]
    pub order: &'a str,
    /// When; for clocks, how far they are.
    pub time: Timestamp,
    /// Of a source: its largest running number seen.
    #[serde(default)]
    pub sequence: Option<i64>,
}

/// An amount in a unit.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct UnitAmount<'a> {
    /// Unit.
    #[serde(borrow)]
    pub unit: &'a str,
    /// Amount.
    pub quantity: Decimal,
}
