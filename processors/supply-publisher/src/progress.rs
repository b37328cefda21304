//! The progress of one order, and what each event does to it.
//!
//! * A release sets item, planned quantity and planned end. Another one sets them again: the release that arrives last is the plan.
//! * The first start, confirmation, consumption or receipt makes a released (or unknown) order an executing one. A return or a reversal says nothing about progress.
//! * Receipts add to the produced quantity, a confirmation's scrap to the scrapped one. Quantities of zero are none.
//! * Completion makes it completed, for good: what arrives later still adds quantities, but never leads back.
//! * Each of the two sums is in the unit of its first report. A report in another unit is refused, because a sum over two units would be wrong and leaving it out
//!   would hide it. The plan may be in another unit than the receipts; then there is no completion in percent.
//! * `as_of` is the latest source time of all events, those that change nothing else included; moving it alone is not worth publishing.

use lineside_schemas::production::ProductionFact;
use lineside_schemas::records::{OrderReleased, Quantity};
use lineside_schemas::{Decimal, Timestamp};

/// Fractional digits of a completion in percent.
const PERCENT_DIGITS: u32 = 2;

/// Where an order stands. In this order: it only moves forward.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum Status {
    /// Nothing is known but that it exists.
    #[default]
    Unknown,
    /// It may be worked on.
    Released,
    /// It is worked on.
    Executing,
    /// It is technically complete.
    Completed,
}

/// An amount and its unit (UN/CEFACT Recommendation 20).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Amount {
    /// Exact amount.
    pub value: Decimal,
    /// Unit.
    pub unit: String,
}

impl From<&Quantity<'_>> for Amount {
    fn from(quantity: &Quantity<'_>) -> Self {
        Self { value: quantity.value, unit: quantity.unit.to_owned() }
    }
}

/// The progress of one order.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Progress {
    /// Where it stands.
    pub status: Status,
    /// Material to be produced, once released.
    pub item: Option<String>,
    /// Planned yield, once released.
    pub planned: Option<Amount>,
    /// Product received so far.
    pub produced: Option<Amount>,
    /// Scrap confirmed so far.
    pub scrapped: Option<Amount>,
    /// Planned end, where the release named one.
    pub planned_end: Option<Timestamp>,
    /// Latest source time among the events seen; `None` before the first.
    pub as_of: Option<Timestamp>,
}

/// What an event did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// Nothing.
    None,
    /// Only the latest source time moved: to be kept, not to be published.
    AsOf,
    /// Something that is worth publishing.
    Progress,
}

/// Why an event cannot be added.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ProgressError {
    /// A report in another unit than those before.
    #[error("{what} is reported in {reported}, but so far in {known}: no sum of the two can be shown")]
    Unit {
        /// What is summed.
        what: Sum,
        /// Unit of the sum so far.
        known: String,
        /// Unit of the report.
        reported: String,
    },
    /// The sum has more than 38 digits.
    #[error("{what} does not fit 38 digits")]
    TooLarge {
        /// What is summed.
        what: Sum,
    },
}

/// What is summed over the life of an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sum {
    /// Product received.
    Produced,
    /// Scrap confirmed.
    Scrapped,
}

impl Sum {
    /// Path of the quantity in the production event.
    #[must_use]
    pub const fn field(self) -> &'static str {
        match self {
            Self::Produced => "finished_goods_reported.quantity",
            Self::Scrapped => "operation_confirmed.scrap",
        }
    }
}

impl std::fmt::Display for Sum {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Produced => "produced quantity",
            Self::Scrapped => "scrapped quantity",
        })
    }
}

impl Progress {
    /// Adds an event of the order.
    ///
    /// # Errors
    /// [`ProgressError`]; nothing is changed then.
    pub fn apply(&mut self, fact: &ProductionFact<'_>, source_time: Timestamp) -> Result<Change, ProgressError> {
        let mut next = self.clone();
        match fact {
            ProductionFact::OrderReleased(released) => next.plan(released),
            ProductionFact::OperationStarted(_) | ProductionFact::MaterialConsumed(_) => next.reach(Status::Executing),
            ProductionFact::OperationConfirmed(confirmed) => {
                next.reach(Status::Executing);
                if let Some(scrap) = &confirmed.scrap {
                    add(&mut next.scrapped, scrap, Sum::Scrapped)?;
                }
            }
            ProductionFact::FinishedGoodsReported(received) => {
                next.reach(Status::Executing);
                add(&mut next.produced, &received.quantity, Sum::Produced)?;
            }
            ProductionFact::OrderCompleted(_) => next.reach(Status::Completed),
            // What is left changes neither what was planned at release nor what came of it; it only shows that the order is alive.
            ProductionFact::MaterialReturned(_)
            | ProductionFact::ConsumptionReversed(_)
            | ProductionFact::OrderCreated(_)
            | ProductionFact::OrderRescheduled(_)
            | ProductionFact::OrderDispatched(_)
            | ProductionFact::OrderHeld(_)
            | ProductionFact::OrderResumed(_)
            | ProductionFact::OrderClosed(_)
            | ProductionFact::OrderCancelled(_)
            | ProductionFact::ConfirmationReversed(_)
            | ProductionFact::ByProductReported(_)
            | ProductionFact::ScrapReported(_)
            | ProductionFact::ReworkReported(_)
            | ProductionFact::FinishedGoodsReversed(_) => {}
            // A type that this version does not know may say anything; it is not taken as a sign of life.
            ProductionFact::Unknown => return Ok(Change::None),
        }
        let change = if next != *self {
            Change::Progress
        } else if self.as_of < Some(source_time) {
            Change::AsOf
        } else {
            Change::None
        };
        next.as_of = self.as_of.max(Some(source_time));
        *self = next;
        Ok(change)
    }

    /// Produced of planned in percent, two fractional digits; `None` unless both are known, in one unit, and the plan is not zero.
    #[must_use]
    pub fn completion_percent(&self) -> Option<Decimal> {
        let (produced, planned) = (self.produced.as_ref()?, self.planned.as_ref()?);
        if produced.unit != planned.unit {
            return None;
        }
        let hundredfold = produced.value.checked_mul_exact(Decimal::from_int(100))?;
        Some(hundredfold.checked_div_rounded(planned.value)?.round_to(PERCENT_DIGITS))
    }

    fn plan(&mut self, released: &OrderReleased<'_>) {
        self.reach(Status::Released);
        self.item = Some(released.item.to_owned());
        self.planned = Some((&released.planned_quantity).into());
        self.planned_end = released.planned_end;
    }

    fn reach(&mut self, status: Status) {
        self.status = self.status.max(status);
    }
}

fn add(sum: &mut Option<Amount>, report: &Quantity<'_>, what: Sum) -> Result<(), ProgressError> {
    if report.value.is_zero() {
        return Ok(());
    }
    match sum {
        None => *sum = Some(report.into()),
        Some(sum) if sum.unit == report.unit => sum.value = sum.value.checked_add(report.value).ok_or(ProgressError::TooLarge { what })?,
        Some(sum) => return Err(ProgressError::Unit { what, known: sum.unit.clone(), reported: report.unit.to_owned() }),
    }
    Ok(())
}

#[cfg(test)]
mod tests;
