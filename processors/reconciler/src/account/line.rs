//! A line of an account: what identifies it, and its sums.

use lineside_schemas::Decimal;
use lineside_schemas::records::{AccountEffect, AccountLine, BookKind, BooksLineKind, HeldLine, PostingLine};

use crate::rounding::plus;

/// What identifies a line. Never the material alone: it can stand twice in an order.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct LineKey {
    /// Rank and kind: components, receipts, by-products, then quantities of operations.
    pub kind: Kind,
    /// Operation, where it identifies the line.
    pub operation: Option<String>,
    /// Reservation.
    pub reservation: Option<String>,
    /// Item of the reservation.
    pub reservation_item: Option<String>,
    /// Position, where it identifies the line.
    pub position: Option<String>,
    /// Material.
    pub item: Option<String>,
    /// Lot.
    pub lot: Option<String>,
    /// Storage location.
    pub storage_location: Option<String>,
    /// Unit, UN/CEFACT Recommendation 20.
    pub unit: String,
}

/// What a line counts, in the order in which books list lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// A component issued.
    Component,
    /// Product received.
    Receipt,
    /// By-product or co-product received.
    ByProduct,
    /// Stock that was scrapped.
    ScrapOfStock,
    /// Good quantity of an operation.
    Yield,
    /// Scrap of an operation.
    Scrap,
    /// To be reworked.
    Rework,
    /// A movement that no rule knows.
    Unknown,
}

impl Kind {
    /// As the contract has it.
    #[must_use]
    pub const fn contract(self) -> BooksLineKind {
        match self {
            Self::Component => BooksLineKind::Component,
            Self::Receipt => BooksLineKind::Receipt,
            Self::ByProduct => BooksLineKind::ByProduct,
            Self::ScrapOfStock => BooksLineKind::ScrapOfStock,
            Self::Yield => BooksLineKind::Yield,
            Self::Scrap => BooksLineKind::Scrap,
            Self::Rework => BooksLineKind::Rework,
            Self::Unknown => BooksLineKind::Unknown,
        }
    }

    const fn of(kind: BooksLineKind) -> Self {
        match kind {
            BooksLineKind::Component => Self::Component,
            BooksLineKind::Receipt => Self::Receipt,
            BooksLineKind::ByProduct => Self::ByProduct,
            BooksLineKind::ScrapOfStock => Self::ScrapOfStock,
            BooksLineKind::Yield => Self::Yield,
            BooksLineKind::Scrap => Self::Scrap,
            BooksLineKind::Rework => Self::Rework,
            BooksLineKind::Unknown => Self::Unknown,
        }
    }
}

/// Text that says something: empty text identifies nothing.
pub(crate) fn named(text: Option<&str>) -> Option<String> {
    text.filter(|text| !text.is_empty()).map(str::to_owned)
}

/// Who speaks of a component, by-product or receipt, and how.
#[derive(Debug, Clone, Copy, Default)]
pub struct Spoken<'a> {
    /// Operation.
    pub operation: Option<&'a str>,
    /// Reservation.
    pub reservation: Option<&'a str>,
    /// Item of the reservation.
    pub reservation_item: Option<&'a str>,
    /// Position.
    pub position: Option<&'a str>,
    /// Material.
    pub item: &'a str,
    /// Lot.
    pub lot: Option<&'a str>,
    /// Storage location.
    pub storage_location: Option<&'a str>,
    /// Unit.
    pub unit: &'a str,
}

impl LineKey {
    /// A component's or by-product's line: by its reservation item if one is named, else by operation and position; none without either.
    #[must_use]
    pub fn identified(kind: Kind, spoken: Spoken<'_>) -> Option<Self> {
        let mut key = Self::output(kind, spoken.item, spoken.lot, spoken.storage_location, spoken.unit);
        key.reservation_item = named(spoken.reservation_item);
        if key.reservation_item.is_some() {
            key.reservation = named(spoken.reservation);
        } else {
            key.position = Some(named(spoken.position)?);
            key.operation = Some(spoken.operation.unwrap_or_default().to_owned());
        }
        Some(key)
    }

    /// A line of what the order delivered.
    #[must_use]
    pub fn output(kind: Kind, item: &str, lot: Option<&str>, storage_location: Option<&str>, unit: &str) -> Self {
        Self {
            kind,
            operation: None,
            reservation: None,
            reservation_item: None,
            position: None,
            item: Some(item.to_owned()),
            lot: named(lot),
            storage_location: named(storage_location),
            unit: unit.to_owned(),
        }
    }

    /// A quantity of an operation.
    #[must_use]
    pub fn operation(kind: Kind, operation: &str, unit: &str) -> Self {
        Self {
            kind,
            operation: Some(operation.to_owned()),
            reservation: None,
            reservation_item: None,
            position: None,
            item: None,
            lot: None,
            storage_location: None,
            unit: unit.to_owned(),
        }
    }

    /// The line that a posting's line is about, and its amount: what takes back is negative.
    #[must_use]
    pub fn of_posting_line(line: &PostingLine<'_>) -> (Self, Decimal) {
        let (kind, back) = match line.movement_type {
            "261" => (Kind::Component, false),
            "262" => (Kind::Component, true),
            "101" => (Kind::Receipt, false),
            "102" => (Kind::Receipt, true),
            "531" => (Kind::ByProduct, false),
            "532" => (Kind::ByProduct, true),
            "551" => (Kind::ScrapOfStock, false),
            "552" => (Kind::ScrapOfStock, true),
            _ => (Kind::Unknown, false),
        };
        let unit = line.quantity.unit;
        let spoken = Spoken {
            operation: line.operation,
            reservation: line.reservation,
            reservation_item: line.reservation_item,
            position: line.position,
            item: line.item,
            lot: line.lot,
            storage_location: line.storage_location,
            unit,
        };
        let component = matches!(kind, Kind::Component | Kind::ByProduct).then(|| Self::identified(kind, spoken));
        let key = component.flatten().unwrap_or_else(|| Self::output(kind, line.item, line.lot, line.storage_location, unit));
        (key, if back { line.quantity.value.negated() } else { line.quantity.value })
    }

    /// The line that a posting says it holds an amount of; none for what books have no line of.
    #[must_use]
    pub fn of_held(held: &HeldLine<'_>) -> Option<Self> {
        let kind = match held.kind {
            BookKind::Component => Kind::Component,
            BookKind::Yield => return Some(Self::operation(Kind::Yield, held.operation.unwrap_or_default(), held.unit)),
            BookKind::Scrap => return Some(Self::operation(Kind::Scrap, held.operation.unwrap_or_default(), held.unit)),
            BookKind::Rework => return Some(Self::operation(Kind::Rework, held.operation.unwrap_or_default(), held.unit)),
            BookKind::Receipt => Kind::Receipt,
            BookKind::ByProduct => Kind::ByProduct,
            BookKind::ScrapOfStock => Kind::ScrapOfStock,
            BookKind::WorkTime | BookKind::Unknown => return None,
        };
        let item = held.item.unwrap_or_default();
        let spoken = Spoken {
            operation: held.operation,
            reservation: held.reservation,
            reservation_item: held.reservation_item,
            position: held.position,
            item,
            lot: held.lot,
            storage_location: held.storage_location,
            unit: held.unit,
        };
        let identified = matches!(kind, Kind::Component | Kind::ByProduct).then(|| Self::identified(kind, spoken)).flatten();
        Some(identified.unwrap_or_else(|| Self::output(kind, item, held.lot, held.storage_location, held.unit)))
    }

    /// For people: `component 0000012345/0001 RM-200, lot L2603-17`.
    #[must_use]
    pub fn words(&self) -> String {
        let kind = match self.kind {
            Kind::Component => "component",
            Kind::Receipt => "receipt",
            Kind::ByProduct => "by-product",
            Kind::ScrapOfStock => "scrap of stock",
            Kind::Yield => "yield",
            Kind::Scrap => "scrap",
            Kind::Rework => "rework",
            Kind::Unknown => "movement",
        };
        let mut words = kind.to_owned();
        let mut add = |before: &str, text: &Option<String>| {
            if let Some(text) = text {
                words.push_str(before);
                words.push_str(text);
            }
        };
        add(" of operation ", &self.operation);
        add(" at position ", &self.position);
        add(" ", &self.reservation);
        add(if self.reservation.is_some() { "/" } else { " " }, &self.reservation_item);
        add(" ", &self.item);
        add(", lot ", &self.lot);
        add(", storage location ", &self.storage_location);
        words
    }
}

/// A line and its sums.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// What identifies it.
    pub key: LineKey,
    /// Sum of the accepted events.
    pub net: Decimal,
    /// Sum of the events that postings cover.
    pub covered: Decimal,
    /// Of events that postings cover twice.
    pub surplus: Decimal,
    /// Sum of the posting lines.
    pub posted: Decimal,
    /// Of them, those of postings whose events were found.
    pub matched: Decimal,
    /// Held by a rule, as the last posting says.
    pub held: Decimal,
    /// Why.
    pub held_reason: Option<String>,
    /// What became of the posted amount in the ERP.
    pub answered: Answered,
    /// Booked by the ERP on its own, as the last posting says.
    pub booked: Decimal,
    /// Final confirmations of the operation, less those reversed.
    pub finals: i32,
    /// One was posted.
    pub posted_final: bool,
    /// Its amounts cannot be compared: a gap of coverage explains every difference.
    pub is_unjudged: bool,
}

/// Sums by what the ERP said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Answered {
    /// Booked.
    pub confirmed: Decimal,
    /// Parked.
    pub parked: Decimal,
    /// Refused.
    pub rejected: Decimal,
    /// In doubt.
    pub in_doubt: Decimal,
    /// Cancelled.
    pub cancelled: Decimal,
}

/// What an event or posting does to a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Effect {
    /// Index of the line.
    pub line: usize,
    /// Amount.
    pub amount: Decimal,
}

impl Effect {
    /// As the state keeps it.
    #[must_use]
    pub fn record(&self) -> AccountEffect {
        AccountEffect { line: i32::try_from(self.line).unwrap_or(i32::MAX), amount: self.amount }
    }

    /// As it was kept.
    #[must_use]
    pub fn of(record: &AccountEffect) -> Self {
        Self { line: usize::try_from(record.line).unwrap_or(usize::MAX), amount: record.amount }
    }

    /// Undone.
    #[must_use]
    pub const fn negated(self) -> Self {
        Self { line: self.line, amount: self.amount.negated() }
    }
}

impl Line {
    /// A line without amounts.
    #[must_use]
    pub fn new(key: LineKey) -> Self {
        let zero = Decimal::ZERO;
        Self {
            key,
            net: zero,
            covered: zero,
            surplus: zero,
            posted: zero,
            matched: zero,
            held: zero,
            held_reason: None,
            answered: Answered::default(),
            booked: zero,
            finals: 0,
            posted_final: false,
            is_unjudged: false,
        }
    }

    /// What postings say they are made of.
    #[must_use]
    pub fn base(&self) -> Decimal {
        plus(self.covered, self.surplus)
    }

    /// As the state keeps it. Borrows.
    #[must_use]
    pub fn record(&self) -> AccountLine<'_> {
        let LineKey { kind, operation, reservation, reservation_item, position, item, lot, storage_location, unit } = &self.key;
        let Answered { confirmed, parked, rejected, in_doubt, cancelled } = self.answered;
        AccountLine {
            kind: kind.contract(),
            operation: operation.as_deref(),
            reservation: reservation.as_deref(),
            reservation_item: reservation_item.as_deref(),
            position: position.as_deref(),
            item: item.as_deref(),
            lot: lot.as_deref(),
            storage_location: storage_location.as_deref(),
            unit,
            net: self.net,
            covered: self.covered,
            surplus: self.surplus,
            posted: self.posted,
            matched: self.matched,
            held: self.held,
            held_reason: self.held_reason.as_deref(),
            confirmed,
            parked,
            rejected,
            in_doubt,
            cancelled,
            booked: self.booked,
            finals: self.finals,
            posted_final: self.posted_final,
            is_unjudged: self.is_unjudged,
        }
    }

    /// As it was kept.
    #[must_use]
    pub fn of(record: &AccountLine<'_>) -> Self {
        let own = |text: Option<&str>| text.map(str::to_owned);
        Self {
            key: LineKey {
                kind: Kind::of(record.kind),
                operation: own(record.operation),
                reservation: own(record.reservation),
                reservation_item: own(record.reservation_item),
                position: own(record.position),
                item: own(record.item),
                lot: own(record.lot),
                storage_location: own(record.storage_location),
                unit: record.unit.to_owned(),
            },
            net: record.net,
            covered: record.covered,
            surplus: record.surplus,
            posted: record.posted,
            matched: record.matched,
            held: record.held,
            held_reason: own(record.held_reason),
            answered: Answered { confirmed: record.confirmed, parked: record.parked, rejected: record.rejected, in_doubt: record.in_doubt, cancelled: record.cancelled },
            booked: record.booked,
            finals: record.finals,
            posted_final: record.posted_final,
            is_unjudged: record.is_unjudged,
        }
    }
}
