//! Operations: yield, scrap and rework that were confirmed, per operation and unit.

use lineside_schemas::records::{ConfirmationLine, OperationConfirmed, Quantity};

use crate::amount::Amount;
use crate::error::LedgerError;

/// Confirmed quantities of one operation in one unit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Operation {
    /// Operation.
    pub operation: String,
    /// Unit of all amounts, UN/CEFACT Recommendation 20.
    pub unit: String,
    /// Good quantity.
    pub r#yield: Amount,
    /// Scrapped quantity.
    pub scrap: Amount,
    /// Quantity to be reworked.
    pub rework: Amount,
    /// A final confirmation was seen.
    pub is_final: bool,
    /// A final confirmation was posted.
    pub posted_final: bool,
}

impl Operation {
    /// An operation without amounts.
    #[must_use]
    pub fn new(operation: &str, unit: &str) -> Self {
        let zero = Amount::default();
        Self { operation: operation.to_owned(), unit: unit.to_owned(), r#yield: zero, scrap: zero, rework: zero, is_final: false, posted_final: false }
    }

    /// What has to be confirmed now, if anything.
    #[must_use]
    pub fn due(&self) -> Option<ConfirmationLine<'_>> {
        let (r#yield, scrap, rework) = (self.r#yield.due(&self.unit), self.scrap.due(&self.unit), self.rework.due(&self.unit));
        let newly_final = self.is_final && !self.posted_final;
        let due = newly_final || [r#yield, scrap, rework].iter().any(|amount| !amount.is_zero());
        due.then_some(ConfirmationLine { operation: &self.operation, unit: &self.unit, r#yield, scrap, rework, is_final: self.is_final, ..ConfirmationLine::default() })
    }

    /// Everything due was posted.
    pub fn settle(&mut self) {
        for amount in [&mut self.r#yield, &mut self.scrap, &mut self.rework] {
            *amount = amount.settled(&self.unit);
        }
        self.posted_final = self.is_final;
    }
}

/// The operations with a confirmation added. Quantities in another unit than the yield's are kept apart; the final mark belongs to the yield's.
///
/// # Errors
/// [`LedgerError::QuantityOverflow`].
pub(crate) fn confirmed(operations: &[Operation], event: &OperationConfirmed<'_>) -> Result<Vec<Operation>, LedgerError> {
    let mut operations = operations.to_vec();
    let good = row(&mut operations, event.operation, &event.r#yield);
    good.r#yield = good.r#yield.plus(event.r#yield.value)?;
    good.is_final |= event.is_final;
    if let Some(quantity) = &event.scrap {
        let scrapped = row(&mut operations, event.operation, quantity);
        scrapped.scrap = scrapped.scrap.plus(quantity.value)?;
    }
    if let Some(quantity) = &event.rework {
        let reworked = row(&mut operations, event.operation, quantity);
        reworked.rework = reworked.rework.plus(quantity.value)?;
    }
    Ok(operations)
}

/// The row of an operation in the unit of `quantity`; rows are sorted by operation and unit.
fn row<'o>(operations: &'o mut Vec<Operation>, operation: &str, quantity: &Quantity<'_>) -> &'o mut Operation {
    let found = operations.binary_search_by(|row| (row.operation.as_str(), row.unit.as_str()).cmp(&(operation, quantity.unit)));
    let index = found.unwrap_or_else(|index| {
        operations.insert(index, Operation::new(operation, quantity.unit));
        index
    });
    &mut operations[index]
}

#[cfg(test)]
mod tests {
    use lineside_schemas::Decimal;

    use super::*;

    fn pieces(value: i64) -> Quantity<'static> {
        Quantity { value: Decimal::from_int(value), unit: "C62" }
    }

    fn confirmation(good: i64, scrap: Option<Quantity<'static>>, is_final: bool) -> OperationConfirmed<'static> {
        OperationConfirmed { operation: "0010", r#yield: pieces(good), scrap, is_final, ..OperationConfirmed::default() }
    }

    #[test]
    fn quantities_in_another_unit_than_the_yield_stand_in_a_row_of_their_own() {
        let scrap = Quantity { value: "1.5".parse().unwrap(), unit: "KGM" };
        let rows = confirmed(&[], &confirmation(10, Some(scrap), true)).unwrap();
        let shown: Vec<_> = rows.iter().map(|row| (row.unit.as_str(), row.r#yield.net().to_string(), row.scrap.net().to_string(), row.is_final)).collect();
        assert_eq!(shown, [("C62", "10".to_owned(), "0".to_owned(), true), ("KGM", "0".to_owned(), "1.5".to_owned(), false)]);
    }

    #[test]
    fn a_final_mark_without_a_quantity_is_due_once() {
        let mut rows = confirmed(&[], &confirmation(0, None, true)).unwrap();
        assert!(rows[0].due().is_some_and(|line| line.is_final && line.r#yield.is_zero()));
        rows[0].settle();
        assert_eq!(rows[0].due(), None);
        let rows = confirmed(&rows, &confirmation(0, None, false)).unwrap();
        assert!(rows[0].is_final, "a final mark stays");
        assert_eq!(rows[0].due(), None);
    }

    #[test]
    fn taking_back_more_than_was_confirmed_is_held() {
        let mut rows = confirmed(&[], &confirmation(-3, None, false)).unwrap();
        assert_eq!(rows[0].due(), None);
        rows = confirmed(&rows, &confirmation(5, None, false)).unwrap();
        assert_eq!(rows[0].due().map(|line| line.r#yield), Some(Decimal::from_int(2)));
    }
}
