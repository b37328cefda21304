//! Operations: yield, scrap and rework that were confirmed, per operation and unit; and the time that work took.

use lineside_schemas::records::{OperationConfirmed, TimeKind};
use lineside_schemas::{Decimal, Timestamp};

use crate::line::{keep_largest, keep_smallest, named};
use crate::sum::{Part, UnitAmount};

/// A confirmed quantity of an operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Amount {
    /// Number within the ledger.
    pub slot: i32,
    /// Sum of the events.
    pub net: Decimal,
    /// Sum of the postings.
    pub posted: Decimal,
}

/// Confirmed quantities of one operation in one unit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Operation {
    /// Operation; empty where a report named none.
    pub operation: String,
    /// Unit of all amounts, UN/CEFACT Recommendation 20.
    pub unit: String,
    /// Good quantity.
    pub r#yield: Amount,
    /// Scrapped quantity.
    pub scrap: Amount,
    /// Quantity to be reworked.
    pub rework: Amount,
    /// Final confirmations seen, less those reversed.
    pub finals: i32,
    /// Source time of the latest final confirmation.
    pub final_at: Option<Timestamp>,
    /// A final confirmation was posted.
    pub posted_final: bool,
    /// What else was said since the last posting.
    pub said: Said,
    /// Sequences of the latest postings that confirmed it, the latest last.
    pub postings: Vec<i32>,
}

/// What confirmations say besides amounts. Where they differ, the text is empty.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Said {
    /// Work center.
    pub work_center: Option<String>,
    /// Earliest start of the work.
    pub actual_start: Option<Timestamp>,
    /// Latest end of the work.
    pub actual_end: Option<Timestamp>,
    /// Who reported.
    pub personnel: Option<String>,
    /// Shift.
    pub shift: Option<String>,
    /// Remark.
    pub text: Option<String>,
    /// Reason of a variance.
    pub reason_code: Option<String>,
}

impl Said {
    /// Takes in what a confirmation says.
    pub fn add(&mut self, confirmation: &OperationConfirmed<'_>) {
        keep_if_alike(&mut self.work_center, confirmation.work_center);
        keep_smallest(&mut self.actual_start, confirmation.actual_start);
        keep_largest(&mut self.actual_end, confirmation.actual_end);
        keep_if_alike(&mut self.personnel, confirmation.personnel);
        keep_if_alike(&mut self.shift, confirmation.shift);
        keep_if_alike(&mut self.text, confirmation.text);
        keep_if_alike(&mut self.reason_code, confirmation.reason_code);
    }
}

/// Keeps a text that all agree on; what differs becomes empty, and stays so.
fn keep_if_alike(kept: &mut Option<String>, text: Option<&str>) {
    let Some(text) = named(text) else { return };
    match kept {
        Some(kept) if *kept == text => {}
        Some(kept) => kept.clear(),
        None => *kept = Some(text),
    }
}

impl Operation {
    /// An operation without amounts.
    #[must_use]
    pub fn new(operation: &str, unit: &str, mut slot: impl FnMut() -> i32) -> Self {
        let mut amount = || Amount { slot: slot(), ..Amount::default() };
        Self {
            operation: operation.to_owned(),
            unit: unit.to_owned(),
            r#yield: amount(),
            scrap: amount(),
            rework: amount(),
            finals: 0,
            final_at: None,
            posted_final: false,
            said: Said::default(),
            postings: Vec::new(),
        }
    }
}

/// Time, or another activity, of an operation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WorkTime {
    /// Operation.
    pub operation: String,
    /// What it was spent on.
    pub kind: TimeKind,
    /// Activity; empty for the others.
    pub activity: String,
    /// Sums by unit reported.
    pub parts: Vec<Part>,
    /// Posted, by unit.
    pub posted: Vec<UnitAmount>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_confirmations_agree_on_is_kept_and_what_they_differ_in_is_nobodys() {
        let of = |personnel, end| OperationConfirmed {
            personnel: Some(personnel),
            work_center: Some("W"),
            actual_end: Some(Timestamp::from_millis(end)),
            ..OperationConfirmed::default()
        };
        let mut said = Said::default();
        for confirmation in [of("a", 2), of("b", 1), of("a", 0)] {
            said.add(&confirmation);
        }
        assert_eq!((said.personnel.as_deref(), said.work_center.as_deref(), said.actual_end), (Some(""), Some("W"), Some(Timestamp::from_millis(2))));
    }
}
