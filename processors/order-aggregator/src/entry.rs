//! What an event adds to the books of its order: which sums, and how much.

use lineside_posting_rules::Rule;
use lineside_schemas::production::ProductionFact;
use lineside_schemas::records::{OperationConfirmed, Quantity, RememberedKind, ReworkReported, TimeKind};
use lineside_schemas::{Decimal, Timestamp};

use crate::error::LedgerError;
use crate::goods::{Goods, GoodsReport};
use crate::ledger::{Judge, Ledger};
use crate::line::keep_largest;
use crate::operation::{Operation, WorkTime};
use crate::sum::{PartKey, next, part_of};

/// An event that moves amounts.
#[derive(Debug)]
pub enum Entry<'e, 'a> {
    /// Goods.
    Goods {
        /// What is said of the line.
        report: Box<GoodsReport>,
        /// How much.
        quantity: &'e Quantity<'a>,
        /// It takes away.
        is_back: bool,
        /// What it is to a reversal.
        kind: RememberedKind,
    },
    /// A confirmation.
    Confirmation(&'e OperationConfirmed<'a>),
    /// Rework found apart from a confirmation.
    Rework(&'e ReworkReported<'a>),
}

/// Effects on sums, operation and unit finally confirmed, and serial numbers.
pub type Placed = (Vec<(i32, Decimal)>, Option<(String, String)>, Vec<String>);

impl<'e, 'a> Entry<'e, 'a> {
    /// The entry of an event; none for one that moves no amounts.
    ///
    /// # Errors
    /// [`LedgerError::ComponentLineUnidentified`], [`LedgerError::QuantityNegative`].
    pub fn of(fact: &'e ProductionFact<'a>, rule: &Rule) -> Result<Option<Self>, LedgerError> {
        let goods = |report, quantity: &'e Quantity<'a>, is_back, kind| {
            if quantity.value.is_negative() {
                return Err(LedgerError::QuantityNegative(quantity.value));
            }
            Ok(Some(Self::Goods { report: Box::new(report), quantity, is_back, kind }))
        };
        match fact {
            ProductionFact::MaterialConsumed(movement) => goods(GoodsReport::of_component(movement, rule.lots)?, &movement.quantity, false, RememberedKind::Consumption),
            ProductionFact::MaterialReturned(movement) => goods(GoodsReport::of_component(movement, rule.lots)?, &movement.quantity, true, RememberedKind::Consumption),
            ProductionFact::FinishedGoodsReported(report) => goods(GoodsReport::of_receipt(report, rule.lots), &report.quantity, false, RememberedKind::Product),
            ProductionFact::ByProductReported(report) => goods(GoodsReport::of_by_product(report, rule.lots), &report.quantity, false, RememberedKind::Product),
            ProductionFact::ScrapReported(report) => goods(GoodsReport::of_scrap(report, rule.lots), &report.quantity, false, RememberedKind::Report),
            ProductionFact::OperationConfirmed(confirmation) => Ok(Some(Self::Confirmation(confirmation))),
            ProductionFact::ReworkReported(report) if report.quantity.value.is_negative() => Err(LedgerError::QuantityNegative(report.quantity.value)),
            ProductionFact::ReworkReported(report) => Ok(Some(Self::Rework(report))),
            _ => Ok(None),
        }
    }

    /// What it is to a reversal.
    #[must_use]
    pub const fn kind(&self) -> RememberedKind {
        match self {
            Self::Goods { kind, .. } => *kind,
            Self::Confirmation(_) => RememberedKind::Confirmation,
            Self::Rework(_) => RememberedKind::Report,
        }
    }

    /// The sums that it counts into, made where they are missing. Nothing is added yet.
    ///
    /// # Errors
    /// None as it is; for the caller's chain.
    pub fn place(&self, ledger: &mut Ledger, at: Timestamp, judge: Judge<'_>) -> Result<Placed, LedgerError> {
        Ok(match self {
            Self::Goods { report, quantity, is_back, .. } => {
                let slot = goods_slot(ledger, report, quantity.unit, at, judge);
                let value = if *is_back { quantity.value.negated() } else { quantity.value };
                (vec![(slot, value)], None, report.serials.clone())
            }
            Self::Confirmation(confirmation) => confirmed(ledger, confirmation, at),
            Self::Rework(report) => {
                let row = operation_row(ledger, report.operation.unwrap_or_default(), report.quantity.unit);
                (vec![(row.rework.slot, report.quantity.value)], None, Vec::new())
            }
        })
    }

    /// Takes note of what it says besides amounts.
    pub fn say(&self, ledger: &mut Ledger) {
        if let Self::Confirmation(confirmation) = self {
            operation_row(ledger, confirmation.operation, confirmation.r#yield.unit).said.add(confirmation);
        }
    }
}

fn goods_slot(ledger: &mut Ledger, report: &GoodsReport, unit: &str, at: Timestamp, judge: Judge<'_>) -> i32 {
    let index = ledger.goods.binary_search_by(|row| row.key.cmp(&report.key)).unwrap_or_else(|index| {
        let row = next(&mut ledger.next_number);
        ledger.goods.insert(index, Goods::new(row, report));
        index
    });
    let row = &mut ledger.goods[index];
    row.describe(report);
    let item = &report.key.item;
    let base_unit = judge.master.item(&ledger.plant, item).and_then(|facts| facts.base_unit.as_deref());
    let ratio = |at| base_unit.and_then(|base| judge.master.conversion(&ledger.plant, item, unit, base, at)).map(|conversion| conversion.ratio);
    let same_ratio = |one, other| ratio(one) == ratio(other);
    let part = part_of(&mut row.parts, PartKey { unit, at, is_booked: report.is_booked }, same_ratio, &mut ledger.next_number);
    row.parts[part].slot
}

/// The row of an operation and unit; rows are sorted by both.
fn operation_row<'l>(ledger: &'l mut Ledger, operation: &str, unit: &str) -> &'l mut Operation {
    let found = ledger.operations.binary_search_by(|row| (row.operation.as_str(), row.unit.as_str()).cmp(&(operation, unit)));
    let index = found.unwrap_or_else(|index| {
        let row = Operation::new(operation, unit, || next(&mut ledger.next_number));
        ledger.operations.insert(index, row);
        index
    });
    &mut ledger.operations[index]
}

/// Quantities in another unit than the yield's are kept apart; the final mark belongs to the yield's.
fn confirmed(ledger: &mut Ledger, event: &OperationConfirmed<'_>, at: Timestamp) -> Placed {
    let good = operation_row(ledger, event.operation, event.r#yield.unit);
    if event.is_final {
        keep_largest(&mut good.final_at, Some(event.actual_end.unwrap_or(at)));
    }
    let mut effects = vec![(good.r#yield.slot, event.r#yield.value)];
    if let Some(scrap) = &event.scrap {
        effects.push((operation_row(ledger, event.operation, scrap.unit).scrap.slot, scrap.value));
    }
    if let Some(rework) = &event.rework {
        effects.push((operation_row(ledger, event.operation, rework.unit).rework.slot, rework.value));
    }
    let named_times = [(TimeKind::Setup, &event.setup_time), (TimeKind::Machine, &event.machine_time), (TimeKind::Labour, &event.labour_time)];
    let times = named_times.into_iter().filter_map(|(kind, time)| Some((kind, "", time.as_ref()?)));
    let activities = event.activities.iter().map(|time| (TimeKind::Activity, time.activity, &time.quantity));
    for (kind, activity, quantity) in times.chain(activities) {
        effects.push((time_slot(ledger, event.operation, kind, activity, quantity.unit, at), quantity.value));
    }
    let final_of = event.is_final.then(|| (event.operation.to_owned(), event.r#yield.unit.to_owned()));
    (effects, final_of, Vec::new())
}

fn time_slot(ledger: &mut Ledger, operation: &str, kind: TimeKind, activity: &str, unit: &str, at: Timestamp) -> i32 {
    let found = ledger.times.binary_search_by(|row| (row.operation.as_str(), row.kind as u8, row.activity.as_str()).cmp(&(operation, kind as u8, activity)));
    let index = found.unwrap_or_else(|index| {
        let row = WorkTime { operation: operation.to_owned(), kind, activity: activity.to_owned(), parts: Vec::new(), posted: Vec::new() };
        ledger.times.insert(index, row);
        index
    });
    let parts = &mut ledger.times[index].parts;
    let part = part_of(parts, PartKey { unit, at, is_booked: false }, |_, _| true, &mut ledger.next_number);
    parts[part].slot
}
