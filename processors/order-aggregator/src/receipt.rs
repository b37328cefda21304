//! Receipts: product that an order delivered, per item, lot, storage location and unit.

use lineside_schemas::records::FinishedGoodsReported;

use crate::amount::Amount;
use crate::component::keep_smallest;

/// Identity of a receipt line in the books.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
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

impl ReceiptKey {
    /// The line that a report belongs to.
    #[must_use]
    pub fn of(report: &FinishedGoodsReported<'_>) -> Self {
        Self {
            item: report.item.to_owned(),
            lot: report.lot.map(str::to_owned),
            storage_location: report.storage_location.map(str::to_owned),
            unit: report.quantity.unit.to_owned(),
        }
    }
}

/// A receipt line of an order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt {
    /// Identity.
    pub key: ReceiptKey,
    /// Operation that reported it, if one did; the smallest, where several did.
    pub operation: Option<String>,
    /// Received.
    pub amount: Amount,
}

impl Receipt {
    /// A line without an amount.
    #[must_use]
    pub fn new(key: ReceiptKey) -> Self {
        Self { key, operation: None, amount: Amount::default() }
    }

    /// Takes in what a report says about the line.
    pub fn describe(&mut self, report: &FinishedGoodsReported<'_>) {
        keep_smallest(&mut self.operation, report.operation);
    }
}
