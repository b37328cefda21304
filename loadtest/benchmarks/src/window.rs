//! The part of a run that is measured: from a twentieth of the records to all of them, when connecting and joining are over.

use std::time::{Duration, Instant};

use crate::cpu::{Clocks, Spent};
use crate::error::BenchError;
use crate::stack::BenchStack;

const LEAD_IN: u64 = 20;
const WATCH_INTERVAL: Duration = Duration::from_millis(5);
const PATIENCE: Duration = Duration::from_mins(3);

/// How far something that copies is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// Records whose transaction is committed.
    pub records: u64,
    /// Transactions committed.
    pub transactions: u64,
    /// It has ended.
    pub ended: bool,
}

/// What happened within the measurement.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Window {
    /// CPU and wall time.
    pub spent: Spent,
    /// Records.
    pub records: u64,
    /// Transactions.
    pub transactions: u64,
}

impl Window {
    /// Records per transaction, as they really were.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
    pub fn records_per_transaction(&self) -> f64 {
        self.records as f64 / self.transactions.max(1) as f64
    }
}

/// Waits until so many records are committed; gives what the window took. The clients are this process.
///
/// # Errors
/// When it ends before, or takes too long.
pub fn measure(stack: &BenchStack, records: u64, progress: &dyn Fn() -> Progress) -> Result<Window, BenchError> {
    let first = await_records(records / LEAD_IN, progress)?;
    let begin = Clocks::read(&[], stack.broker())?;
    let last = await_records(records, progress)?;
    let end = Clocks::read(&[], stack.broker())?;
    Ok(Window { spent: begin.until(&end), records: last.records - first.records, transactions: last.transactions - first.transactions })
}

fn await_records(count: u64, progress: &dyn Fn() -> Progress) -> Result<Progress, BenchError> {
    let deadline = Instant::now() + PATIENCE;
    loop {
        let now = progress();
        if now.records >= count.max(1) {
            return Ok(now);
        }
        if now.ended || Instant::now() > deadline {
            return Err(BenchError::Failed(format!("{} of {count} records were copied", now.records)));
        }
        std::thread::sleep(WATCH_INTERVAL);
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;

    #[test]
    fn what_ends_before_all_is_copied_is_no_measurement() {
        let calls = Cell::new(0);
        let progress = || {
            calls.set(calls.get() + 1);
            Progress { records: calls.get(), transactions: 1, ended: calls.get() == 3 }
        };
        assert_eq!(await_records(2, &progress).unwrap().records, 2);
        assert!(await_records(9, &progress).is_err());
    }
}
