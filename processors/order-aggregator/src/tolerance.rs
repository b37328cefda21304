//! What keeps goods from being posted, or makes them shown: who issues them, tolerances against the plan, lots and serial numbers.

use std::collections::BTreeMap;

use lineside_posting_rules::{Rounding, Verdict};
use lineside_schemas::Decimal;
use lineside_schemas::records::{DoubleConsumptionGuard, FlagKind, HoldReason, OutputBooking, PostingMode, ToleranceCheck, TrackingRule};

use crate::due::{Hold, View, convert, operation_of};
use crate::error::LedgerError;
use crate::exact::{Exact, Ratio};
use crate::goods::Goods;
use crate::ledger::Ledger;
use crate::line::{Kind, LineId};
use crate::plan::{Planned, PlannedLine};
use crate::sum::UnitAmount;

/// What was judged of the goods of an order, by index in the ledger.
#[derive(Debug, Default)]
pub struct Judgements {
    holds: BTreeMap<usize, Hold>,
    issued: BTreeMap<usize, UnitAmount>,
    flags: Vec<(FlagKind, String)>,
}

impl Judgements {
    /// Judges the goods of a ledger.
    ///
    /// # Errors
    /// [`LedgerError::QuantityOverflow`].
    pub fn of(ledger: &Ledger, view: View<'_>) -> Result<Self, LedgerError> {
        let mut judged = Self::default();
        judged.components(ledger, view)?;
        judged.products(ledger, view)?;
        for (index, row) in ledger.goods.iter().enumerate() {
            judged.tracking(ledger, index, row, view);
        }
        Ok(judged)
    }

    /// What keeps a row from being posted.
    #[must_use]
    pub fn hold(&self, goods: usize) -> Option<Hold> {
        self.holds.get(&goods).copied()
    }

    /// What the ERP is taken to have issued of a row, in a unit; none where that is not known.
    #[must_use]
    pub fn issued_by_erp(&self, goods: usize, unit: &str) -> Option<Decimal> {
        self.issued.get(&goods).map(|issued| if issued.unit == unit { issued.quantity } else { Decimal::ZERO })
    }

    /// What is posted and shown.
    pub fn flags(&self) -> impl Iterator<Item = (FlagKind, String)> + '_ {
        self.flags.iter().cloned()
    }

    /// The first hold of a row is the one that counts.
    fn put(&mut self, goods: usize, hold: Hold) {
        self.holds.entry(goods).or_insert(hold);
    }

    fn components(&mut self, ledger: &Ledger, view: View<'_>) -> Result<(), LedgerError> {
        // Rows of one line differ in lot and storage location: they are judged together.
        let mut lines = BTreeMap::<&LineId, Vec<usize>>::new();
        for (index, row) in ledger.goods.iter().enumerate().filter(|(_, row)| row.key.kind == Kind::Component) {
            if let Some(line) = &row.key.line {
                lines.entry(line).or_default().push(index);
            }
            if view.mode == PostingMode::ConfirmOnly {
                self.put(index, Hold::NotOurs(HoldReason::LeftToOthers));
            }
        }
        for (line, rows) in lines {
            let Some(planned) = view.plan.and_then(|plan| plan.component(line)) else { continue };
            if planned.is_bulk {
                for row in &rows {
                    self.put(*row, Hold::NotOurs(HoldReason::Bulk));
                }
            }
            if planned.is_backflushed && view.mode == PostingMode::ErpBackflush {
                self.backflushed(ledger, planned, &rows, view)?;
            }
            if let Some(required) = &planned.required {
                self.consumption(ledger, planned, required, &rows, view)?;
            }
        }
        Ok(())
    }

    /// A component that the ERP issues itself at confirmation. What it issues is the plan's share of what was confirmed; at the order's end, what was used beyond or below that is posted.
    fn backflushed(&mut self, ledger: &Ledger, planned: &PlannedLine, rows: &[usize], view: View<'_>) -> Result<(), LedgerError> {
        if view.rule.double_consumption == DoubleConsumptionGuard::Flag {
            self.flags.push((FlagKind::DoubleConsumption, format!("{} is posted, though the ERP issues it at confirmation", planned.item)));
            return Ok(());
        }
        for row in rows {
            self.put(*row, Hold::NotOurs(HoldReason::IssuedByErp));
        }
        let Some((share, unit)) = view.is_complete.then(|| share(ledger, planned, view)).transpose()?.flatten() else { return Ok(()) };
        let mut rest = share;
        for (place, index) in rows.iter().enumerate() {
            let is_last = place + 1 == rows.len();
            let used = total(ledger, &ledger.goods[*index], &unit, view)?.unwrap_or_default().rounded(&view.rule.rounding, &unit)?;
            // The last one takes what is left, so that nothing of the share is lost.
            let quantity = if is_last { rest } else { used.min(rest).max(Decimal::ZERO) };
            rest = rest.checked_sub(quantity).ok_or(LedgerError::QuantityOverflow)?;
            self.issued.insert(*index, UnitAmount { unit: unit.clone(), quantity });
        }
        Ok(())
    }

    fn consumption(&mut self, ledger: &Ledger, planned: &PlannedLine, (required, unit): &Planned, rows: &[usize], view: View<'_>) -> Result<(), LedgerError> {
        let checks = [(ToleranceCheck::OverConsumption, true), (ToleranceCheck::UnderConsumption, view.is_complete)];
        for (check, _) in checks.into_iter().filter(|(_, applies)| *applies) {
            let Some(tolerance) = view.rule.tolerance(check, &planned.item) else { continue };
            let mut sum = Exact::ZERO;
            for row in rows {
                sum = sum.plus(total(ledger, &ledger.goods[*row], unit, view)?.unwrap_or_default())?;
            }
            let used = sum.rounded(&finest(unit), unit)?;
            let (reason, kind) = match check {
                ToleranceCheck::UnderConsumption => (HoldReason::UnderConsumption, FlagKind::UnderConsumption),
                _ => (HoldReason::OverConsumption, FlagKind::OverConsumption),
            };
            match tolerance.judge(*required, used, unit) {
                Verdict::Held => rows.iter().for_each(|row| self.put(*row, Hold::NoMore(reason))),
                Verdict::Flagged => self.flags.push((kind, format!("{}: {used} {unit} used, {required} {unit} planned", planned.item))),
                Verdict::Within | Verdict::Accepted => {}
            }
        }
        Ok(())
    }

    fn products(&mut self, ledger: &Ledger, view: View<'_>) -> Result<(), LedgerError> {
        let mut items = BTreeMap::<&str, Vec<usize>>::new();
        for (index, row) in ledger.goods.iter().enumerate().filter(|(_, row)| matches!(row.key.kind, Kind::Receipt | Kind::ByProduct)) {
            let product = view.plan.and_then(|plan| plan.item.as_deref());
            let is_co_product = product.is_some_and(|product| product != row.key.item);
            let is_booked = match row.key.kind {
                Kind::ByProduct => view.rule.by_products == OutputBooking::Book,
                _ => !is_co_product || view.rule.co_products == OutputBooking::Book,
            };
            if view.mode == PostingMode::ConfirmOnly || !is_booked {
                self.put(index, Hold::NotOurs(HoldReason::LeftToOthers));
            }
            if row.key.kind == Kind::Receipt {
                items.entry(&row.key.item).or_default().push(index);
            }
        }
        for (item, rows) in items {
            let planned = view.plan.and_then(|plan| plan.product(item));
            let (Some((planned, unit)), Some(tolerance)) = (planned, view.rule.tolerance(ToleranceCheck::OverDelivery, item)) else { continue };
            let mut sum = Exact::ZERO;
            for row in &rows {
                sum = sum.plus(total(ledger, &ledger.goods[*row], unit, view)?.unwrap_or_default())?;
            }
            let received = sum.rounded(&finest(unit), unit)?;
            match tolerance.judge(*planned, received, unit) {
                Verdict::Held => rows.iter().for_each(|row| self.put(*row, Hold::NoMore(HoldReason::OverDelivery))),
                Verdict::Flagged => self.flags.push((FlagKind::OverDelivery, format!("{item}: {received} {unit} received, {planned} {unit} planned"))),
                Verdict::Within | Verdict::Accepted => {}
            }
        }
        Ok(())
    }

    fn tracking(&mut self, ledger: &Ledger, index: usize, row: &Goods, view: View<'_>) {
        let facts = view.master.item(&ledger.plant, &row.key.item);
        let lots_count = facts.is_none_or(|facts| facts.is_lot_managed);
        if view.rule.lots == TrackingRule::Required && row.key.kind != Kind::Scrap && row.key.lot.is_none() && lots_count {
            self.put(index, Hold::NoMore(HoldReason::LotMissing));
        }
        let serials_count = facts.is_none_or(|facts| facts.is_serial_managed);
        if view.rule.serials == TrackingRule::Required && row.key.kind == Kind::Receipt && serials_count && !serials_agree(row) {
            self.put(index, Hold::NoMore(HoldReason::SerialsMissing));
        }
    }
}

/// What the ERP issues of a planned component for what its operation has confirmed.
fn share(ledger: &Ledger, planned: &PlannedLine, view: View<'_>) -> Result<Option<(Decimal, String)>, LedgerError> {
    let Some((plan, (required, unit))) = view.plan.zip(planned.required.as_ref()) else { return Ok(None) };
    let Some((quantity, quantity_unit)) = &plan.quantity else { return Ok(None) };
    let Some(operation) = operation_of(&planned.operation, Some(plan)) else { return Ok(None) };
    let Some(ratio) = Ratio::of(*required, *quantity) else { return Ok(None) };
    let mut confirmed = Exact::ZERO;
    for row in ledger.operations.iter().filter(|row| row.operation == operation && row.unit == *quantity_unit) {
        for amount in [row.r#yield.net, row.scrap.net, row.rework.net] {
            confirmed = confirmed.plus(Exact::of(amount, ratio)?)?;
        }
    }
    Ok(Some((confirmed.rounded(&view.rule.rounding, unit)?.max(Decimal::ZERO), unit.clone())))
}

/// As many serial numbers wait as pieces do.
fn serials_agree(row: &Goods) -> bool {
    let net = row.parts.iter().filter(|part| !part.is_booked).map(|part| part.net).try_fold(Decimal::ZERO, Decimal::checked_add);
    let posted = row.posted.iter().map(|amount| amount.quantity).try_fold(Decimal::ZERO, Decimal::checked_add);
    let open = net.zip(posted).and_then(|(net, posted)| net.checked_sub(posted));
    let count = i64::try_from(row.serials.len()).unwrap_or(i64::MAX).saturating_sub(i64::try_from(row.serials_back.len()).unwrap_or(i64::MAX));
    open == Some(Decimal::from_int(count))
}

/// Everything of a row in a unit, of what can be converted to it.
fn total(ledger: &Ledger, row: &Goods, unit: &str, view: View<'_>) -> Result<Option<Exact>, LedgerError> {
    let mut sum = None;
    for part in &row.parts {
        if let Some(conversion) = convert(ledger, &row.key.item, part, unit, view.master) {
            sum = Some(sum.unwrap_or(Exact::ZERO).plus(Exact::of(part.net, conversion.ratio)?)?);
        }
    }
    Ok(sum)
}

/// To the last digit of a decimal.
fn finest(unit: &str) -> Rounding {
    Rounding { digits: BTreeMap::from([(unit.to_owned(), lineside_schemas::decimal::SCALE)]), ..Rounding::default() }
}
