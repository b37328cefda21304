//! Records of the family `books`. Generated from `avro/`; do not edit.

use serde::{Deserialize, Serialize};

use crate::decimal::Decimal;
use crate::time::Timestamp;

/// The books of an order, computed from the topics alone: what its events say, what was posted, what the ERP answered, and every difference by class. Topic books.v1, keyed by plant and order.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Books<'a> {
    /// Plant.
    #[serde(borrow)]
    pub plant: &'a str,
    /// Production order.
    #[serde(borrow)]
    pub order: &'a str,
    /// Correlation of the order's story.
    #[serde(borrow)]
    pub correlation_id: &'a str,
    /// How the books stand.
    #[serde(default)]
    pub status: BooksStatus,
    /// The order is technically complete.
    pub is_completed: bool,
    /// Time of the latest record that the books take into account.
    pub as_of: Timestamp,
    /// Events accepted.
    pub events: i64,
    /// Of them, those that postings cover.
    pub covered_events: i64,
    /// Postings on the topic.
    pub postings: i32,
    /// Lines, sorted by kind and identity.
    #[serde(borrow)]
    pub lines: Vec<BooksLine<'a>>,
    /// Differences without a good reason, and what waits for somebody: see docs/books.md.
    #[serde(borrow)]
    pub gaps: Vec<BooksGap<'a>>,
    /// Differences that records on their way can still explain.
    #[serde(borrow)]
    pub in_flight: Vec<BooksGap<'a>>,
    /// Where the order's records stand, by topic.
    #[serde(borrow)]
    pub sources: Vec<BooksSource<'a>>,
}

/// How many differences of a class there are.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct BooksClassCount<'a> {
    /// Class.
    #[serde(borrow)]
    pub class: &'a str,
    /// How many.
    pub count: i64,
}

/// A difference with its class.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct BooksGap<'a> {
    /// Class of the difference; docs/books.md has a section for each.
    #[serde(borrow)]
    pub class: &'a str,
    /// What it is about: an event, a posting, a document, or a line.
    #[serde(borrow)]
    pub subject: &'a str,
    /// Line of the books that it stands on, from 1; none where it is about no amount.
    #[serde(default)]
    pub line: Option<i32>,
    /// How much, in the line's unit: positive is missing from the postings, negative too much.
    #[serde(default)]
    pub amount: Option<Decimal>,
    /// Time of the record that it began with.
    pub since: Timestamp,
    /// When the reconciler saw it first.
    pub noticed: Timestamp,
    /// Nothing proves it, but what could explain it has not come for longer than the reconciler waits.
    pub is_overdue: bool,
    /// What is known of it, in words an operator can act on.
    #[serde(borrow)]
    pub text: &'a str,
}

/// A line of the books.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct BooksLine<'a> {
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
    /// Sum of the accepted events. net = posted + remainder + open + held + in_flight + gap, to the last digit.
    pub net: Decimal,
    /// Sum of the posting lines on the topic, reversing movements negative. posted = confirmed + parked + rejected + in_doubt + cancelled + unanswered.
    pub posted: Decimal,
    /// What rounding left over of what postings cover; negative where it rounded up.
    pub remainder: Decimal,
    /// Of accepted events that no posting has to cover yet.
    pub open: Decimal,
    /// Covered, and not posted because a rule holds it: a negative net, a tolerance, a missing lot.
    pub held: Decimal,
    /// Differs for a reason that records still on their way can explain.
    pub in_flight: Decimal,
    /// Differs for no such reason: see gaps.
    pub gap: Decimal,
    /// Booked in the ERP.
    pub confirmed: Decimal,
    /// Taken by the ERP and not booked yet.
    pub parked: Decimal,
    /// Refused by the ERP.
    pub rejected: Decimal,
    /// Sent to the ERP, and not known what became of it.
    pub in_doubt: Decimal,
    /// Booked in the ERP and cancelled there.
    pub cancelled: Decimal,
    /// Posted, and no outcome is known.
    pub unanswered: Decimal,
}

/// What a line of an order's books counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum BooksLineKind {
    /// A symbol that this version does not know.
    #[default]
    Unknown,
    /// `COMPONENT`
    Component,
    /// `RECEIPT`
    Receipt,
    /// `BY_PRODUCT`
    ByProduct,
    /// `SCRAP_OF_STOCK`
    ScrapOfStock,
    /// `YIELD`
    Yield,
    /// `SCRAP`
    Scrap,
    /// `REWORK`
    Rework,
}

impl BooksLineKind {
    /// Every symbol, in the order of the schema.
    pub const SYMBOLS: &'static [&'static str] = &[
        "UNKNOWN",
        "COMPONENT",
        "RECEIPT",
        "BY_PRODUCT",
        "SCRAP_OF_STOCK",
        "YIELD",
        "SCRAP",
        "REWORK",
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
            "SCRAP_OF_STOCK" => Self::ScrapOfStock,
            "YIELD" => Self::Yield,
            "SCRAP" => Self::Scrap,
            "REWORK" => Self::Rework,
            _ => Self::Unknown,
        }
    }
}

crate::codec::avro_enum!(BooksLineKind);

/// Where the order's records of one topic stand, so that they are found without reading the topic as a whole.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct BooksSource<'a> {
    /// Topic.
    #[serde(borrow)]
    pub topic: &'a str,
    /// Partition.
    pub partition: i32,
    /// How many records of the order.
    pub records: i64,
    /// Offset of the first.
    pub first_offset: i64,
    /// Offset of the last; others in between belong to other orders.
    pub last_offset: i64,
}

/// OPEN something is to come; POSTED complete and posted, and the ERP has not answered all of it; CLOSED the ERP has booked all of it; GAP a difference has no good reason.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum BooksStatus {
    /// A symbol that this version does not know.
    #[default]
    Unknown,
    /// `OPEN`
    Open,
    /// `POSTED`
    Posted,
    /// `CLOSED`
    Closed,
    /// `GAP`
    Gap,
}

impl BooksStatus {
    /// Every symbol, in the order of the schema.
    pub const SYMBOLS: &'static [&'static str] = &[
        "UNKNOWN",
        "OPEN",
        "POSTED",
        "CLOSED",
        "GAP",
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
            "OPEN" => Self::Open,
            "POSTED" => Self::Posted,
            "CLOSED" => Self::Closed,
            "GAP" => Self::Gap,
            _ => Self::Unknown,
        }
    }
}

crate::codec::avro_enum!(BooksStatus);

/// Sum of the books of all orders of one input partition, for an item and lot of a plant, for a unit of a plant, or for a plant as a whole. Add up the partitions. Topic books.totals.v1, keyed by plant, kind, item, lot, unit and partition.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct BooksTotal<'a> {
    /// Plant.
    #[serde(borrow)]
    pub plant: &'a str,
    /// Input partition whose orders are summed up.
    pub partition: i32,
    /// What is summed up; UNKNOWN for all goods of the plant in one unit, and, without a unit, for the plant as a whole, which has counts and no amounts.
    #[serde(default)]
    pub kind: BooksLineKind,
    /// Material; none for sums of the plant.
    #[serde(default, borrow)]
    pub item: Option<&'a str>,
    /// Lot.
    #[serde(default, borrow)]
    pub lot: Option<&'a str>,
    /// Unit of the amounts; none for the plant as a whole.
    #[serde(default, borrow)]
    pub unit: Option<&'a str>,
    /// Orders.
    pub orders: i64,
    /// Of them, those with status OPEN.
    pub open_orders: i64,
    /// Those with status POSTED.
    pub posted_orders: i64,
    /// Those with status CLOSED.
    pub closed_orders: i64,
    /// Those with status GAP.
    pub gap_orders: i64,
    /// Lines with an open amount.
    pub open_lines: i64,
    /// Lines with an amount in flight.
    pub in_flight_lines: i64,
    /// Lines with a gap.
    pub gap_lines: i64,
    /// Sum of the accepted events.
    pub net: Decimal,
    /// Sum of the posting lines on the topic, reversing movements negative.
    pub posted: Decimal,
    /// What rounding left over of what postings cover; negative where it rounded up.
    pub remainder: Decimal,
    /// Of accepted events that no posting has to cover yet.
    pub open: Decimal,
    /// Covered, and not posted because a rule holds it: a negative net, a tolerance, a missing lot.
    pub held: Decimal,
    /// Differs for a reason that records still on their way can explain.
    pub in_flight: Decimal,
    /// Differs for no such reason: see gaps.
    pub gap: Decimal,
    /// Booked in the ERP.
    pub confirmed: Decimal,
    /// Taken by the ERP and not booked yet.
    pub parked: Decimal,
    /// Refused by the ERP.
    pub rejected: Decimal,
    /// Sent to the ERP, and not known what became of it.
    pub in_doubt: Decimal,
    /// Booked in the ERP and cancelled there.
    pub cancelled: Decimal,
    /// Posted, and no outcome is known.
    pub unanswered: Decimal,
    /// Differences by class; of the plant as a whole only.
    #[serde(borrow)]
    pub gaps: Vec<BooksClassCount<'a>>,
}
