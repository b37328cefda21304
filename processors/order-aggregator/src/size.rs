//! How large the books of an order may become.
//!
//! They are one record, in a store and in its changelog. One that no broker takes would stop the partition, so growth is refused before.

use crate::component::LineId;
use crate::error::LedgerError;
use crate::ledger::Ledger;

/// Bytes at which the books take nothing more in that would make them grow. Brokers take 2 MiB, and one event adds less than a MiB.
/// It is room for some ten thousand movements.
pub const MOST_BYTES: usize = 768 * 1024;

/// Room for what is not text in a row: decimals of at most 18 bytes, lengths of 5, numbers of 10.
const ROW: usize = 48;
const AMOUNTS: usize = 18;

impl Ledger {
    /// Refuses growth once the books are full.
    pub(crate) fn refuse_when_full(&self) -> Result<(), LedgerError> {
        let bytes = self.bytes_at_most();
        if bytes > MOST_BYTES { Err(LedgerError::OrderTooLarge { bytes, most: MOST_BYTES }) } else { Ok(()) }
    }

    /// A bound, a little generous, on the bytes that the ledger takes as a record.
    #[must_use]
    pub fn bytes_at_most(&self) -> usize {
        let text = |text: &Option<String>| text.as_deref().map_or(0, str::len);
        let components = self.components.iter().map(|component| {
            let key = &component.key;
            let reservation = match &key.line {
                LineId::Reserved { reservation, item } => text(reservation) + item.len(),
                LineId::Positioned { .. } => 0,
            };
            let line = component.operation.len() + text(&component.position) + reservation;
            ROW + 2 * AMOUNTS + line + key.item.len() + text(&key.lot) + text(&key.storage_location) + key.unit.len()
        });
        let receipts = self.receipts.iter().map(|receipt| {
            let key = &receipt.key;
            ROW + 2 * AMOUNTS + text(&receipt.operation) + key.item.len() + text(&key.lot) + text(&key.storage_location) + key.unit.len()
        });
        let operations = self.operations.iter().map(|operation| ROW + 6 * AMOUNTS + operation.operation.len() + operation.unit.len());
        let movements = self.corrections.movements.iter().map(|movement| 10 + 5 + AMOUNTS + movement.event.source.len() + movement.event.id.len());
        let reversals = self.corrections.pending.iter().chain(&self.corrections.done);
        let reversals = reversals.map(|reversal| 15 + reversal.event.source.len() + reversal.event.id.len() + reversal.by.len());
        let ranges = self.open.ranges.iter().map(|range| ROW + range.topic.len());
        let head = 200 + self.plant.len() + self.order.len() + self.correlation_id.len();
        head + components.chain(receipts).chain(operations).chain(movements).chain(reversals).chain(ranges).sum::<usize>()
    }
}
