//! What a right pipeline must make of a simulation.

use std::collections::BTreeMap;

use crate::amount::{Amount, BaseUnit};
use crate::broken::Defect;
use crate::order::{Component, Order};
use crate::plant::Plant;
use crate::report::{Fact, Report};

/// A production order of a plant.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct OrderKey {
    /// Plant, as in canonical events.
    pub plant: String,
    /// Order number.
    pub order: String,
}

/// A component line and lot of an order.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LineKey {
    /// Operation.
    pub operation: String,
    /// Reservation, where the source names one.
    pub reservation: Option<String>,
    /// Item of the reservation.
    pub reservation_item: Option<String>,
    /// Position in the bill of material.
    pub position: Option<String>,
    /// Material.
    pub item: String,
    /// Lot.
    pub lot: Option<String>,
    /// Storage location.
    pub storage_location: Option<String>,
    /// Unit, UN/CEFACT Recommendation 20.
    pub unit: String,
}

/// Product of an order, of one lot.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ReceiptKey {
    /// Material.
    pub item: String,
    /// Lot.
    pub lot: Option<String>,
    /// Storage location.
    pub storage_location: Option<String>,
    /// Unit, UN/CEFACT Recommendation 20.
    pub unit: String,
}

/// Confirmed quantities of one operation, in one unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct OperationTotals {
    /// Good quantity.
    pub good: Amount,
    /// Scrap.
    pub scrap: Amount,
    /// To be reworked.
    pub rework: Amount,
}

/// What an order comes to.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ExpectedOrder {
    /// The plant reported its completion, so that postings are due.
    pub completed: bool,
    /// Facts reported, each once.
    pub facts: u64,
    /// Consumed less returned less reversed, of every line and lot that was ever touched.
    pub consumption: BTreeMap<LineKey, Amount>,
    /// Product received.
    pub receipts: BTreeMap<ReceiptKey, Amount>,
    /// Confirmed quantities by operation and unit.
    pub operations: BTreeMap<(String, String), OperationTotals>,
}

/// What a plant's records come to, in numbers.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Counts {
    /// Raw records sent.
    pub records: u64,
    /// Events in them, repeats included.
    pub events: u64,
    /// Events to be passed on: each fact once.
    pub accepted: u64,
    /// Events that only repeat one already accepted.
    pub duplicates: u64,
    /// Events that contradict one already accepted.
    pub conflicts: u64,
    /// Records that cannot be read, by what is wrong with them.
    pub broken: BTreeMap<Defect, u64>,
}

/// The books of a whole simulation.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Expected {
    /// By plant and order.
    pub orders: BTreeMap<OrderKey, ExpectedOrder>,
    /// By plant.
    pub counts: BTreeMap<Plant, Counts>,
}

impl ExpectedOrder {
    /// The order's books, straight from its story.
    pub(crate) fn of(order: &Order, story: &[Report]) -> Self {
        let mut books = Self::default();
        for fact in story.iter().flat_map(|report| &report.facts) {
            books.facts += 1;
            match fact {
                Fact::Consumed(movement) => books.consume(order, &movement.component, &movement.lot, movement.quantity.amount),
                Fact::Returned(movement) => books.consume(order, &movement.component, &movement.lot, -movement.quantity.amount),
                Fact::Reversed { target, .. } => {
                    if let Fact::Consumed(undone) = &story[target.report].facts[target.fact] {
                        books.consume(order, &undone.component, &undone.lot, -undone.quantity.amount);
                    }
                }
                Fact::Confirmed { operation, good, scrap, rework, .. } => {
                    let totals = books.operations.entry((order.operations[*operation].id.clone(), code(good.base))).or_default();
                    totals.good += good.amount;
                    totals.scrap += scrap.as_ref().map_or(Amount::default(), |quantity| quantity.amount);
                    totals.rework += rework.as_ref().map_or(Amount::default(), |quantity| quantity.amount);
                }
                Fact::Received { lot, quantity, .. } => {
                    let key = ReceiptKey {
                        item: order.product.clone(),
                        lot: Some(lot.clone()),
                        storage_location: Some(order.product_location.clone()),
                        unit: code(quantity.base),
                    };
                    *books.receipts.entry(key).or_default() += quantity.amount;
                }
                Fact::Completed => books.completed = true,
                Fact::Released | Fact::Started { .. } => {}
            }
        }
        books
    }

    fn consume(&mut self, order: &Order, component: &Component, lot: &str, amount: Amount) {
        let key = LineKey {
            operation: order.operations[component.operation].id.clone(),
            reservation: component.reservation.clone(),
            reservation_item: component.reservation_item.clone(),
            position: Some(component.position.clone()),
            item: component.material.clone(),
            lot: Some(lot.to_owned()),
            storage_location: Some(component.storage_location.clone()),
            unit: code(component.base),
        };
        *self.consumption.entry(key).or_default() += amount;
    }
}

fn code(unit: BaseUnit) -> String {
    unit.code().to_owned()
}
