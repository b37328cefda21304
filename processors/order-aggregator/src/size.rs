//! How large the books of an order may become.
//!
//! They are one record, in a store and in its changelog. One that no broker takes would stop the partition, so growth is refused before. Events do not make it grow, only lines do:
//! further components, lots, storage locations, operations.

use crate::error::LedgerError;
use crate::goods::Goods;
use crate::ledger::Ledger;

/// Bytes at which the books take in nothing more that could make them grow. Brokers take 2 MiB, and one event adds less than a MiB. It is room for some two thousand lines.
pub const MOST_BYTES: usize = 768 * 1024;

/// Room for what is not text in a row: decimals of at most 18 bytes, lengths of 5, numbers of 10.
const ROW: usize = 160;
const PART: usize = 50;

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
        let operations = self.operations.iter().map(|row| {
            let said = &row.said;
            let texts = text(&said.work_center) + text(&said.personnel) + text(&said.shift) + text(&said.text) + text(&said.reason_code);
            2 * ROW + row.operation.len() + row.unit.len() + texts + row.postings.len() * 5
        });
        let times = self.times.iter().map(|row| ROW + row.operation.len() + row.activity.len() + (row.parts.len() + row.posted.len()) * PART);
        let waiting = self.waiting.iter().map(|waiting| 30 + waiting.source.len() + waiting.event_id.len() + waiting.by_event_id.len());
        let flags = self.flags.iter().map(|flag| 30 + flag.event_id.len() + flag.text.len());
        let sources = self.sources.iter().map(|source| 30 + source.name.len());
        let ranges = self.open.ranges.iter().map(|range| 48 + range.topic.len());
        let names = self.rework_orders.iter().chain(&self.wakes.gates).map(|name| 5 + name.len());
        let head = 600 + self.plant.len() + self.order.len() + self.correlation_id.len() + self.last_event.id.len();
        let head = head + text(&self.item) + text(&self.order_type) + text(&self.item_group) + text(&self.replaced_by) + text(&self.posted.rule_version);
        let rows = self.goods.iter().map(goods_bytes).chain(operations).chain(times);
        head + rows.chain(waiting).chain(flags).chain(sources).chain(ranges).chain(names).sum::<usize>()
    }
}

fn goods_bytes(row: &Goods) -> usize {
    let text = |text: &Option<String>| text.as_deref().map_or(0, str::len);
    let key = &row.key;
    let (reservation, reservation_item) = key.line.as_ref().map_or((None, None), crate::line::LineId::reservation);
    let line = reservation.map_or(0, str::len) + reservation_item.map_or(0, str::len) + row.operation.len() + text(&row.position);
    let key_texts = key.item.len() + text(&key.lot) + text(&key.storage_location) + text(&key.reason_code);
    let said = text(&row.said.order_item) + text(&row.said.stock_type);
    let serials = row.serials.iter().chain(&row.serials_back).map(|serial| serial.len() + 5).sum::<usize>();
    let amounts = row.parts.iter().map(|part| PART + part.unit.len()).sum::<usize>() + (row.posted.len() + row.confirmed.len()) * PART;
    ROW + 2 * line + key_texts + said + serials + amounts + row.postings.len() * 5
}
