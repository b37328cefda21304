//! What is due of an order's books: what may be posted, less what is posted; and what a rule keeps from being posted.

use std::collections::BTreeMap;

use lineside_posting_rules::Rule;
use lineside_schemas::Decimal;
use lineside_schemas::records::{BookKind, FlagKind, HoldReason, PostingMode};

use crate::error::LedgerError;
use crate::ledger::Ledger;
use crate::line::Kind;
use crate::master::{Conversion, Master};
use crate::operation::{Amount, Operation};
use crate::plan::Plan;
use crate::sum::{Part, UnitAmount, amount_in, by_posting_unit};
use crate::tolerance::Judgements;

/// What the whole order's standing means for all of its lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// Nothing special.
    Normal,
    /// Everything posted is taken back.
    TakenBack(HoldReason),
    /// Nothing is posted or taken back.
    Frozen(HoldReason),
}

/// What keeps a line from being posted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hold {
    /// It is not ours to post; what was posted is taken back.
    NotOurs(HoldReason),
    /// Nothing more is posted; taking back goes on.
    NoMore(HoldReason),
}

/// By what the books are looked at.
#[derive(Debug, Clone, Copy)]
pub struct View<'v> {
    /// Rule in force.
    pub rule: &'v Rule,
    /// Master data.
    pub master: &'v Master,
    /// Plan, where there is one.
    pub plan: Option<&'v Plan>,
    /// Who books the goods movements of this order.
    pub mode: PostingMode,
    /// The whole order's standing.
    pub standing: Standing,
    /// The order is complete: what is checked at its end is checked.
    pub is_complete: bool,
    /// Final marks may be posted: nothing is waited for.
    pub may_be_final: bool,
}

/// An amount that is not posted because of a rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held {
    /// Books.
    pub kind: BookKind,
    /// Of goods: index in the ledger.
    pub goods: Option<usize>,
    /// Of quantities: operation.
    pub operation: String,
    /// Unit.
    pub unit: String,
    /// How much.
    pub quantity: Decimal,
    /// Why.
    pub reason: HoldReason,
}

/// A movement of goods that is due.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DueLine {
    /// Index in the ledger.
    pub goods: usize,
    /// Unit.
    pub unit: String,
    /// How much; negative takes back.
    pub quantity: Decimal,
}

/// Quantities of an operation that are due.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct DueConfirmation {
    /// Good quantity.
    pub r#yield: Decimal,
    /// Scrap.
    pub scrap: Decimal,
    /// Rework.
    pub rework: Decimal,
    /// The operation is finally confirmed, now or before.
    pub is_final: bool,
    /// It was not before.
    pub newly_final: bool,
    /// Indices of work times, with unit and amount.
    pub times: Vec<(usize, UnitAmount)>,
}

/// Everything that is due.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Due {
    /// By operation and unit.
    pub confirmations: BTreeMap<(String, String), DueConfirmation>,
    /// In the order of the ledger.
    pub lines: Vec<DueLine>,
    /// What is held.
    pub held: Vec<Held>,
    /// Ratios used: material, unit, unit posted.
    pub conversions: BTreeMap<(String, String, String), Conversion>,
    /// What is posted and shown: kind and words.
    pub flags: Vec<(FlagKind, String)>,
    /// What is posted of which row: the operations' quantities.
    pub operations: Vec<(usize, [Decimal; 3], bool)>,
    /// Scrap confirmed, by index in the goods.
    pub confirmed_scrap: Vec<(usize, UnitAmount)>,
}

impl Due {
    /// What is due of a ledger.
    ///
    /// # Errors
    /// [`LedgerError::QuantityOverflow`].
    pub fn of(ledger: &Ledger, view: View<'_>) -> Result<Self, LedgerError> {
        let mut due = Self::default();
        let judgements = Judgements::of(ledger, view)?;
        for flag in judgements.flags() {
            due.flags.push(flag);
        }
        for (index, row) in ledger.goods.iter().enumerate() {
            if row.key.kind == Kind::Scrap {
                due.scrap(ledger, index, view)?;
            } else {
                due.goods(ledger, index, &judgements, view)?;
            }
        }
        for (index, row) in ledger.operations.iter().enumerate() {
            due.operation(index, row, view)?;
        }
        due.times(ledger, view)?;
        due.confirmations.retain(|_, line| !line.is_empty());
        Ok(due)
    }

    /// True if it neither confirms nor moves anything.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.confirmations.is_empty() && self.lines.is_empty()
    }

    fn goods(&mut self, ledger: &Ledger, index: usize, judgements: &Judgements, view: View<'_>) -> Result<(), LedgerError> {
        let row = &ledger.goods[index];
        let planned = view.plan.zip(row.key.line.as_ref()).filter(|_| row.key.kind == Kind::Component).and_then(|(plan, line)| plan.component(line));
        let planned_unit = planned.and_then(|planned| planned.required.as_ref()).map(|(_, unit)| unit.as_str());
        let target = target(ledger, &row.key.item, planned_unit, view);
        let sums = by_posting_unit(&row.parts, target, |part, unit| convert(ledger, &row.key.item, part, unit, view.master))?;
        let mut units: Vec<&str> = sums.keys().copied().chain(row.posted.iter().map(|amount| amount.unit.as_str())).collect();
        units.sort_unstable();
        units.dedup();
        for unit in units {
            let total = match sums.get(unit) {
                Some((exact, used)) => {
                    for (part, conversion) in used {
                        self.conversions.insert((row.key.item.clone(), part.unit.clone(), unit.to_owned()), *conversion);
                    }
                    // Whatever is below zero is held, however little it is.
                    (exact.rounded(&view.rule.rounding, unit)?, exact.is_negative())
                }
                None => (Decimal::ZERO, false),
            };
            let posted = amount_in(&row.posted, unit);
            let (quantity, held) = settle(total, posted, view.standing, judgements.hold(index), judgements.issued_by_erp(index, unit))?;
            self.hold(held, book_kind(row.key.kind), Some(index), &row.operation, unit);
            if !quantity.is_zero() {
                self.lines.push(DueLine { goods: index, unit: unit.to_owned(), quantity });
            }
        }
        for part in row.parts.iter().filter(|part| part.is_booked && !part.net.is_zero()) {
            self.hold(Some((HoldReason::BookedInErp, part.net)), book_kind(row.key.kind), Some(index), &row.operation, &part.unit);
        }
        Ok(())
    }

    /// Scrap reported apart: confirmed at its operation, or booked as scrap of stock, by the rule.
    fn scrap(&mut self, ledger: &Ledger, index: usize, view: View<'_>) -> Result<(), LedgerError> {
        let row = &ledger.goods[index];
        let booking = crate::scrap::booking(row, view);
        let operation = operation_of(&row.operation, view.plan);
        for part in &row.parts {
            let total = view.rule.rounding.round(part.net, &part.unit);
            let total = (total, part.net.is_negative());
            let (confirmed, posted) = (amount_in(&row.confirmed, &part.unit), amount_in(&row.posted, &part.unit));
            let nothing = (Decimal::ZERO, false);
            let (to_confirm, to_post, held) = match (booking, operation) {
                (Ok(true), _) => {
                    let (quantity, held) = settle(total, posted, view.standing, None, None)?;
                    (settle(nothing, confirmed, view.standing, None, None)?.0, quantity, held)
                }
                (Ok(false), Some(_)) => {
                    let (quantity, held) = settle(total, confirmed, view.standing, None, None)?;
                    (quantity, settle(nothing, posted, view.standing, None, None)?.0, held)
                }
                (Ok(false), None) => (confirmed.negated(), posted.negated(), Some((HoldReason::OperationMissing, total.0)).filter(|(_, held)| !held.is_zero())),
                (Err(reason), _) => (confirmed.negated(), posted.negated(), Some((reason, total.0)).filter(|(_, held)| !held.is_zero())),
            };
            let kind = if booking == Ok(true) { BookKind::ScrapOfStock } else { BookKind::Scrap };
            self.hold(held, kind, Some(index), &row.operation, &part.unit);
            if !to_post.is_zero() {
                self.lines.push(DueLine { goods: index, unit: part.unit.clone(), quantity: to_post });
            }
            if !to_confirm.is_zero() {
                let line = self.confirmation(operation.unwrap_or(&row.operation), &part.unit);
                line.scrap = line.scrap.checked_add(to_confirm).ok_or(LedgerError::QuantityOverflow)?;
                self.confirmed_scrap.push((index, UnitAmount { unit: part.unit.clone(), quantity: to_confirm }));
            }
        }
        Ok(())
    }

    fn operation(&mut self, index: usize, row: &Operation, view: View<'_>) -> Result<(), LedgerError> {
        let operation = operation_of(&row.operation, view.plan);
        let hold = if operation.is_none() { Some(Hold::NoMore(HoldReason::OperationMissing)) } else { None };
        let mut quantities = [Decimal::ZERO; 3];
        for (place, (kind, amount)) in [(BookKind::Yield, row.r#yield), (BookKind::Scrap, row.scrap), (BookKind::Rework, row.rework)].into_iter().enumerate() {
            let Amount { net, posted, .. } = amount;
            let total = (view.rule.rounding.round(net, &row.unit), net.is_negative());
            let (quantity, rest) = settle(total, posted, view.standing, hold, None)?;
            self.hold(rest, kind, None, &row.operation, &row.unit);
            quantities[place] = quantity;
        }
        let may_be_final = view.may_be_final && view.standing == Standing::Normal;
        let is_final = row.finals > 0 && (may_be_final || row.posted_final);
        let newly_final = is_final && !row.posted_final;
        if newly_final || quantities.iter().any(|quantity| !quantity.is_zero()) {
            let line = self.confirmation(operation.unwrap_or(&row.operation), &row.unit);
            for (sum, quantity) in [(&mut line.r#yield, quantities[0]), (&mut line.scrap, quantities[1]), (&mut line.rework, quantities[2])] {
                *sum = sum.checked_add(quantity).ok_or(LedgerError::QuantityOverflow)?;
            }
            line.is_final |= is_final;
            line.newly_final |= newly_final;
            self.operations.push((index, quantities, newly_final));
        }
        Ok(())
    }

    /// Work times go with the first line of their operation.
    fn times(&mut self, ledger: &Ledger, view: View<'_>) -> Result<(), LedgerError> {
        for (index, row) in ledger.times.iter().enumerate() {
            // All in the unit that comes first, so that the order of arrival does not show.
            let target = row.parts.iter().map(|part| part.unit.as_str()).min();
            let ratio = |part: &Part, unit: &str| {
                (part.unit == unit)
                    .then_some(crate::exact::Ratio::ONE)
                    .or_else(|| crate::master::standard_ratio(&part.unit, unit))
                    .map(|ratio| Conversion { ratio, valid_from: None })
            };
            let sums = by_posting_unit(&row.parts, target, ratio)?;
            let mut units: Vec<&str> = sums.keys().copied().chain(row.posted.iter().map(|amount| amount.unit.as_str())).collect();
            units.sort_unstable();
            units.dedup();
            for unit in units {
                let total = match sums.get(unit) {
                    Some((exact, _)) => (exact.rounded(&view.rule.rounding, unit)?, exact.is_negative()),
                    None => (Decimal::ZERO, false),
                };
                let (quantity, held) = settle(total, amount_in(&row.posted, unit), view.standing, None, None)?;
                self.hold(held, BookKind::WorkTime, None, &row.operation, unit);
                if quantity.is_zero() {
                    continue;
                }
                let Some(first) = ledger.operations.iter().find(|operation| operation.operation == row.operation) else { continue };
                let operation = operation_of(&row.operation, view.plan).unwrap_or(&row.operation).to_owned();
                let line = self.confirmation(&operation, &first.unit);
                line.times.push((index, UnitAmount { unit: unit.to_owned(), quantity }));
                line.is_final |= first.posted_final;
            }
        }
        Ok(())
    }

    fn confirmation(&mut self, operation: &str, unit: &str) -> &mut DueConfirmation {
        self.confirmations.entry((operation.to_owned(), unit.to_owned())).or_default()
    }

    fn hold(&mut self, held: Option<(HoldReason, Decimal)>, kind: BookKind, goods: Option<usize>, operation: &str, unit: &str) {
        if let Some((reason, quantity)) = held {
            self.held.push(Held { kind, goods, operation: operation.to_owned(), unit: unit.to_owned(), quantity, reason });
        }
    }
}

impl DueConfirmation {
    fn is_empty(&self) -> bool {
        !self.newly_final && self.times.is_empty() && [self.r#yield, self.scrap, self.rework].iter().all(|quantity| quantity.is_zero())
    }
}

/// What is due of a total, and what is held of it. `total` is rounded, with whether it was below zero before.
fn settle(
    (total, is_negative): (Decimal, bool),
    posted: Decimal,
    standing: Standing,
    hold: Option<Hold>,
    by_erp: Option<Decimal>,
) -> Result<(Decimal, Option<(HoldReason, Decimal)>), LedgerError> {
    let minus = |a: Decimal, b: Decimal| a.checked_sub(b).ok_or(LedgerError::QuantityOverflow);
    let left = |reason, quantity: Decimal| (!quantity.is_zero()).then_some((reason, quantity));
    if let (Standing::Normal, Some(Hold::NotOurs(reason)), Some(by_erp)) = (standing, hold, by_erp) {
        // The ERP issued its share; what is more or less is posted, and may take back what the ERP issued.
        return Ok((minus(minus(total, by_erp)?, posted)?, left(reason, by_erp)));
    }
    // In this order: what stands for the whole order comes before what holds a line.
    #[allow(clippy::match_same_arms, reason = "merged, the arms would come in the wrong order")]
    let settled = match (standing, hold) {
        (Standing::Frozen(reason), _) => (Decimal::ZERO, left(reason, minus(total, posted)?)),
        (Standing::TakenBack(reason), _) => (posted.negated(), left(reason, total)),
        (Standing::Normal, _) if is_negative => (posted.negated(), left(HoldReason::NegativeNet, total)),
        (Standing::Normal, None) => (minus(total, posted)?, None),
        (Standing::Normal, Some(Hold::NotOurs(reason))) => (posted.negated(), left(reason, total)),
        (Standing::Normal, Some(Hold::NoMore(reason))) => {
            let bookable = total.min(posted);
            (minus(bookable, posted)?, left(reason, minus(total, bookable)?))
        }
    };
    Ok(settled)
}

/// The unit that a material of the order is posted in: its plan's, else its base unit, if the rule wants that.
pub(crate) fn target<'v>(ledger: &Ledger, item: &str, planned: Option<&'v str>, view: View<'v>) -> Option<&'v str> {
    use lineside_schemas::records::PostingUnits;
    if view.rule.units == PostingUnits::AsReported {
        return None;
    }
    planned.or_else(|| view.master.item(&ledger.plant, item).and_then(|facts| facts.base_unit.as_deref()))
}

pub(crate) fn convert(ledger: &Ledger, item: &str, part: &Part, unit: &str, master: &Master) -> Option<Conversion> {
    master.conversion(&ledger.plant, item, &part.unit, unit, part.at)
}

/// The operation that something is confirmed at: its own, or the plan's last where it named none.
pub(crate) fn operation_of<'o>(operation: &'o str, plan: Option<&'o Plan>) -> Option<&'o str> {
    if operation.is_empty() { plan.and_then(Plan::last_operation) } else { Some(operation) }
}

/// The books that goods belong to.
#[must_use]
pub const fn book_kind(kind: Kind) -> BookKind {
    match kind {
        Kind::Component => BookKind::Component,
        Kind::Receipt => BookKind::Receipt,
        Kind::ByProduct => BookKind::ByProduct,
        Kind::Scrap => BookKind::Scrap,
    }
}
