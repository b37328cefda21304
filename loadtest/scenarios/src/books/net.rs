//! Sums: what was accepted for each line of an order's books, and what was posted.

use std::collections::BTreeMap;
use std::fmt;

use bigdecimal::BigDecimal;

use super::Contents;
use super::facts::{Confirmed, Event, Fact, Movement, Posting, PostingLine, Quantity, Receipt, Undone};

/// A production order of a plant.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct OrderKey {
    /// Plant.
    pub plant: String,
    /// Order.
    pub order: String,
}

impl fmt::Display for OrderKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.plant, self.order)
    }
}

/// What identifies a component line: the reservation's item, else operation and position; never the material alone, which
/// can stand twice in an order.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Line {
    /// Reservation and its item.
    Reserved(Option<String>, String),
    /// Operation and position in the bill of material.
    Positioned(Option<String>, Option<String>),
}

/// A line of an order's books.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum BookKey {
    /// Consumption of a component.
    Component {
        /// Its line.
        line: Line,
        /// Material.
        item: String,
        /// Lot.
        lot: Option<String>,
        /// Storage location.
        storage_location: Option<String>,
        /// Unit.
        unit: String,
    },
    /// Product received.
    Receipt {
        /// Material.
        item: String,
        /// Lot.
        lot: Option<String>,
        /// Storage location.
        storage_location: Option<String>,
        /// Unit.
        unit: String,
    },
    /// By-product received.
    ByProduct {
        /// Its line.
        line: Line,
        /// Material.
        item: String,
        /// Lot.
        lot: Option<String>,
        /// Storage location.
        storage_location: Option<String>,
        /// Unit.
        unit: String,
    },
    /// Good quantity of an operation.
    Good(String, String),
    /// Scrap of an operation.
    Scrap(String, String),
    /// Quantity of an operation to be reworked.
    Rework(String, String),
}

/// What is said of a component line, by whoever speaks of it.
#[derive(Debug, Clone, Copy)]
pub struct ComponentRef<'a> {
    /// Operation.
    pub operation: Option<&'a str>,
    /// Reservation.
    pub reservation: Option<&'a str>,
    /// Item of the reservation.
    pub reservation_item: Option<&'a str>,
    /// Position in the bill of material.
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

impl From<ComponentRef<'_>> for BookKey {
    fn from(component: ComponentRef<'_>) -> Self {
        let named = |text: Option<&str>| text.filter(|text| !text.is_empty()).map(str::to_owned);
        let owned = |text: Option<&str>| text.map(str::to_owned);
        let line = match named(component.reservation_item) {
            Some(reserved) => Line::Reserved(named(component.reservation), reserved),
            None => Line::Positioned(named(component.operation), named(component.position)),
        };
        Self::Component {
            line,
            item: component.item.to_owned(),
            lot: owned(component.lot),
            storage_location: owned(component.storage_location),
            unit: component.unit.to_owned(),
        }
    }
}

impl BookKey {
    fn of_movement(movement: &Movement) -> Self {
        Self::from(ComponentRef {
            operation: Some(&movement.operation),
            reservation: movement.reservation.as_deref(),
            reservation_item: movement.reservation_item.as_deref(),
            position: movement.position.as_deref(),
            item: &movement.item,
            lot: movement.lot.as_deref(),
            storage_location: movement.storage_location.as_deref(),
            unit: &movement.quantity.unit,
        })
    }

    /// The same line, of by-products.
    fn by_product(self) -> Self {
        match self {
            Self::Component { line, item, lot, storage_location, unit } => Self::ByProduct { line, item, lot, storage_location, unit },
            other => other,
        }
    }

    fn of_receipt(receipt: &Receipt) -> Self {
        Self::Receipt { item: receipt.item.clone(), lot: receipt.lot.clone(), storage_location: receipt.storage_location.clone(), unit: receipt.quantity.unit.clone() }
    }

    fn of_line(line: &PostingLine) -> Self {
        if line.movement_type.starts_with("10") {
            return Self::Receipt { item: line.item.clone(), lot: line.lot.clone(), storage_location: line.storage_location.clone(), unit: line.quantity.unit.clone() };
        }
        let component = Self::from(ComponentRef {
            operation: line.operation.as_deref(),
            reservation: line.reservation.as_deref(),
            reservation_item: line.reservation_item.as_deref(),
            position: line.position.as_deref(),
            item: &line.item,
            lot: line.lot.as_deref(),
            storage_location: line.storage_location.as_deref(),
            unit: &line.quantity.unit,
        });
        if line.movement_type.starts_with("53") { component.by_product() } else { component }
    }

    /// Its unit.
    #[must_use]
    pub fn unit(&self) -> &str {
        match self {
            Self::Component { unit, .. }
            | Self::Receipt { unit, .. }
            | Self::ByProduct { unit, .. }
            | Self::Good(_, unit)
            | Self::Scrap(_, unit)
            | Self::Rework(_, unit) => unit,
        }
    }
}

impl fmt::Display for BookKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let or_none = |text: &Option<String>| text.clone().unwrap_or_else(|| "-".to_owned());
        match self {
            Self::Component { line: Line::Reserved(reservation, reserved), item, lot, .. } => {
                write!(f, "component {item}, lot {}, reservation {} item {reserved}", or_none(lot), or_none(reservation))
            }
            Self::Component { line: Line::Positioned(operation, position), item, lot, .. } => {
                write!(f, "component {item}, lot {}, operation {} position {}", or_none(lot), or_none(operation), or_none(position))
            }
            Self::Receipt { item, lot, .. } => write!(f, "product {item}, lot {}", or_none(lot)),
            Self::ByProduct { item, lot, .. } => write!(f, "by-product {item}, lot {}", or_none(lot)),
            Self::Good(operation, _) => write!(f, "yield of operation {operation}"),
            Self::Scrap(operation, _) => write!(f, "scrap of operation {operation}"),
            Self::Rework(operation, _) => write!(f, "rework of operation {operation}"),
        }
    }
}

/// What was accepted for an order.
#[derive(Debug, Clone, Default)]
pub struct Net {
    /// Its completion was reported.
    pub completed: bool,
    /// By line of its books: consumed less returned less reversed, received, confirmed.
    pub amounts: BTreeMap<BookKey, BigDecimal>,
}

impl Net {
    fn add(&mut self, key: BookKey, amount: &BigDecimal) {
        *self.amounts.entry(key).or_default() += amount;
    }

    fn confirm(&mut self, confirmed: &Confirmed) {
        let Confirmed { operation, good, scrap, rework } = confirmed;
        let key = |make: fn(String, String) -> BookKey, quantity: &Quantity| make(operation.clone(), quantity.unit.clone());
        self.add(key(BookKey::Good, good), &good.value);
        for (make, quantity) in [(BookKey::Scrap as fn(String, String) -> BookKey, scrap), (BookKey::Rework, rework)] {
            if let Some(quantity) = quantity {
                self.add(key(make, quantity), &quantity.value);
            }
        }
    }
}

/// What was accepted, by order.
#[must_use]
pub fn nets(contents: &Contents) -> BTreeMap<OrderKey, Net> {
    let mut by_order: BTreeMap<OrderKey, Vec<&Event>> = BTreeMap::new();
    for event in contents.accepted() {
        by_order.entry(OrderKey { plant: event.plant.clone(), order: event.order.clone() }).or_default().push(event);
    }
    by_order.into_iter().map(|(order, events)| (order, net(&events))).collect()
}

fn net(events: &[&Event]) -> Net {
    // An event is undone once, whoever comes first: the reversal or what it reverses.
    let mut undone: BTreeMap<(&str, &str), Undone> = BTreeMap::new();
    for event in events {
        if let Fact::Reversed { event_id, of } = &event.fact {
            // The first to name it counts; a second one was refused.
            undone.entry((event.source.as_str(), event_id.as_str())).or_insert(*of);
        }
    }
    let mut net = Net::default();
    for event in events {
        let by = undone.get(&(event.source.as_str(), event.event_id.as_str()));
        let stands = match &event.fact {
            Fact::Consumed(_) | Fact::Returned(_) => by != Some(&Undone::Consumption),
            Fact::Confirmed(_) => by != Some(&Undone::Confirmation),
            Fact::Received(_) | Fact::ByProduct { .. } => by != Some(&Undone::Product),
            _ => true,
        };
        match &event.fact {
            Fact::Consumed(movement) if stands => net.add(BookKey::of_movement(movement), &movement.quantity.value),
            Fact::Returned(movement) if stands => net.add(BookKey::of_movement(movement), &-movement.quantity.value.clone()),
            Fact::Received(receipt) if stands => net.add(BookKey::of_receipt(receipt), &receipt.quantity.value),
            Fact::ByProduct { movement } if stands => net.add(BookKey::of_movement(movement).by_product(), &movement.quantity.value),
            Fact::Confirmed(confirmed) if stands => net.confirm(confirmed),
            Fact::Scrapped { operation, quantity } => net.add(BookKey::Scrap(operation.clone(), quantity.unit.clone()), &quantity.value),
            Fact::Reworked { operation, quantity } => net.add(BookKey::Rework(operation.clone(), quantity.unit.clone()), &quantity.value),
            Fact::Completed => net.completed = true,
            // Undone: the line belongs to the books all the same, with nothing on it.
            Fact::Consumed(movement) | Fact::Returned(movement) => net.add(BookKey::of_movement(movement), &BigDecimal::default()),
            Fact::Received(_) | Fact::ByProduct { .. } | Fact::Confirmed(_) | Fact::Reversed { .. } | Fact::Other => {}
        }
    }
    net
}

/// What was posted, by order: issues less their reversals, receipts less theirs, confirmations.
pub(super) fn posted(postings: &[Posting]) -> BTreeMap<OrderKey, BTreeMap<BookKey, BigDecimal>> {
    let mut orders: BTreeMap<OrderKey, BTreeMap<BookKey, BigDecimal>> = BTreeMap::new();
    for posting in postings {
        let books = orders.entry(OrderKey { plant: posting.plant.clone(), order: posting.order.clone() }).or_default();
        for line in &posting.lines {
            let forward = matches!(line.movement_type.as_str(), "101" | "261" | "531");
            let amount = if forward { line.quantity.value.clone() } else { -line.quantity.value.clone() };
            *books.entry(BookKey::of_line(line)).or_default() += amount;
        }
        for line in &posting.confirmations {
            let keys = [BookKey::Good as fn(String, String) -> BookKey, BookKey::Scrap, BookKey::Rework];
            for (make, amount) in keys.into_iter().zip([&line.good, &line.scrap, &line.rework]) {
                *books.entry(make(line.operation.clone(), line.unit.clone())).or_default() += amount;
            }
        }
    }
    orders
}
