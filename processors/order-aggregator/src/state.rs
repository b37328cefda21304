//! The ledger as its store and changelog keep it: the contract [`OrderLedger`], exact to the last digit.

use lineside_schemas::Timestamp;
use lineside_schemas::ids::SetFingerprint;
use lineside_schemas::records::{ComponentTotal, OpenCoverage, OpenRange, OperationTotal, OrderLedger, PendingReversal, ReceiptTotal, RememberedMovement, ReversedEvent};

use crate::amount::Amount;
use crate::component::{Component, ComponentKey, LineId, line_id};
use crate::correction::{Corrections, EventId, Movement, Reversal};
use crate::coverage::{Coverage, Range};
use crate::error::LedgerError;
use crate::ledger::Ledger;
use crate::operation::Operation;
use crate::receipt::{Receipt, ReceiptKey};

impl Ledger {
    /// The ledger as a record. Borrows.
    #[must_use]
    pub fn record(&self) -> OrderLedger<'_> {
        OrderLedger {
            plant: &self.plant,
            order: &self.order,
            correlation_id: &self.correlation_id,
            completed: self.completed,
            sequence: self.sequence,
            components: self.components.iter().map(component_record).collect(),
            receipts: self.receipts.iter().map(receipt_record).collect(),
            operations: self.operations.iter().map(operation_record).collect(),
            movements: self.corrections.movements.iter().map(movement_record).collect(),
            reversals: self.corrections.pending.iter().map(pending_record).collect(),
            reversed: self.corrections.done.iter().map(reversed_record).collect(),
            open: open_record(&self.open),
        }
    }

    /// The ledger of a record.
    ///
    /// # Errors
    /// [`LedgerError::LedgerInconsistent`] for a record that no ledger wrote.
    pub fn from_record(record: &OrderLedger<'_>) -> Result<Self, LedgerError> {
        let components = record.components.iter().map(component).collect::<Result<Vec<_>, _>>()?;
        let receipts = record.receipts.iter().map(receipt).collect::<Result<Vec<_>, _>>()?;
        let operations = record.operations.iter().map(operation).collect::<Result<Vec<_>, _>>()?;
        let sorted = components.is_sorted_by(|a, b| a.key < b.key)
            && receipts.is_sorted_by(|a, b| a.key < b.key)
            && operations.is_sorted_by(|a, b| (&a.operation, &a.unit) < (&b.operation, &b.unit));
        if !sorted {
            return Err(LedgerError::LedgerInconsistent("its lines are not sorted"));
        }
        let movements = record.movements.iter().map(|movement| movement_of(movement, components.len())).collect::<Result<Vec<_>, _>>()?;
        let corrections = Corrections {
            movements,
            pending: record.reversals.iter().map(|pending| reversal(pending.source, pending.event_id, pending.by_event_id)).collect(),
            done: record.reversed.iter().map(|reversed| reversal(reversed.source, reversed.event_id, reversed.by_event_id)).collect(),
        };
        Ok(Self {
            plant: record.plant.to_owned(),
            order: record.order.to_owned(),
            correlation_id: record.correlation_id.to_owned(),
            completed: record.completed,
            sequence: record.sequence,
            components,
            receipts,
            operations,
            corrections,
            open: open(&record.open),
        })
    }
}

fn component_record(component: &Component) -> ComponentTotal<'_> {
    let key = &component.key;
    let (reservation, reservation_item) = match &key.line {
        LineId::Reserved { reservation, item } => (reservation.as_deref(), Some(item.as_str())),
        LineId::Positioned { .. } => (None, None),
    };
    ComponentTotal {
        operation: &component.operation,
        reservation,
        reservation_item,
        position: component.position.as_deref(),
        item: &key.item,
        lot: key.lot.as_deref(),
        storage_location: key.storage_location.as_deref(),
        unit: &key.unit,
        net: component.amount.net(),
        posted: component.amount.posted(),
    }
}

fn component(total: &ComponentTotal<'_>) -> Result<Component, LedgerError> {
    let line = line_id(total.operation, total.reservation, total.reservation_item, total.position)
        .ok_or(LedgerError::LedgerInconsistent("a component line has neither a reservation item nor a position"))?;
    Ok(Component {
        key: ComponentKey {
            line,
            item: total.item.to_owned(),
            lot: total.lot.map(str::to_owned),
            storage_location: total.storage_location.map(str::to_owned),
            unit: total.unit.to_owned(),
        },
        operation: total.operation.to_owned(),
        position: total.position.map(str::to_owned),
        amount: Amount::restored(total.net, total.posted)?,
    })
}

fn receipt_record(receipt: &Receipt) -> ReceiptTotal<'_> {
    let key = &receipt.key;
    ReceiptTotal {
        item: &key.item,
        operation: receipt.operation.as_deref(),
        lot: key.lot.as_deref(),
        storage_location: key.storage_location.as_deref(),
        unit: &key.unit,
        net: receipt.amount.net(),
        posted: receipt.amount.posted(),
    }
}

fn receipt(total: &ReceiptTotal<'_>) -> Result<Receipt, LedgerError> {
    Ok(Receipt {
        key: ReceiptKey {
            item: total.item.to_owned(),
            lot: total.lot.map(str::to_owned),
            storage_location: total.storage_location.map(str::to_owned),
            unit: total.unit.to_owned(),
        },
        operation: total.operation.map(str::to_owned),
        amount: Amount::restored(total.net, total.posted)?,
    })
}

fn operation_record(operation: &Operation) -> OperationTotal<'_> {
    OperationTotal {
        operation: &operation.operation,
        unit: &operation.unit,
        r#yield: operation.r#yield.net(),
        scrap: operation.scrap.net(),
        rework: operation.rework.net(),
        is_final: operation.is_final,
        posted_yield: operation.r#yield.posted(),
        posted_scrap: operation.scrap.posted(),
        posted_rework: operation.rework.posted(),
        posted_final: operation.posted_final,
    }
}

fn operation(total: &OperationTotal<'_>) -> Result<Operation, LedgerError> {
    Ok(Operation {
        operation: total.operation.to_owned(),
        unit: total.unit.to_owned(),
        r#yield: Amount::restored(total.r#yield, total.posted_yield)?,
        scrap: Amount::restored(total.scrap, total.posted_scrap)?,
        rework: Amount::restored(total.rework, total.posted_rework)?,
        is_final: total.is_final,
        posted_final: total.posted_final,
    })
}

fn movement_record(movement: &Movement) -> RememberedMovement<'_> {
    RememberedMovement {
        source: &movement.event.source,
        event_id: &movement.event.id,
        component: i32::try_from(movement.component).expect("two thousand million component lines do not fit a record"),
        quantity: movement.effect,
    }
}

fn movement_of(movement: &RememberedMovement<'_>, components: usize) -> Result<Movement, LedgerError> {
    let component = usize::try_from(movement.component)
        .ok()
        .filter(|index| *index < components)
        .ok_or(LedgerError::LedgerInconsistent("a movement names a component line that is not there"))?;
    Ok(Movement { event: EventId { source: movement.source.to_owned(), id: movement.event_id.to_owned() }, component, effect: movement.quantity })
}

fn pending_record(reversal: &Reversal) -> PendingReversal<'_> {
    PendingReversal { source: &reversal.event.source, event_id: &reversal.event.id, by_event_id: &reversal.by }
}

fn reversed_record(reversal: &Reversal) -> ReversedEvent<'_> {
    ReversedEvent { source: &reversal.event.source, event_id: &reversal.event.id, by_event_id: &reversal.by }
}

fn reversal(source: &str, id: &str, by: &str) -> Reversal {
    Reversal { event: EventId { source: source.to_owned(), id: id.to_owned() }, by: by.to_owned() }
}

fn open_record(open: &Coverage) -> OpenCoverage<'_> {
    let (fingerprint_high, fingerprint_low) = open.fingerprint.halves();
    let (first_source_time, last_source_time) = open.source_times.unwrap_or((Timestamp::EPOCH, Timestamp::EPOCH));
    OpenCoverage {
        event_count: open.event_count,
        fingerprint_high,
        fingerprint_low,
        first_source_time,
        last_source_time,
        positions: open.ranges.iter().map(range_record).collect(),
    }
}

fn range_record(range: &Range) -> OpenRange<'_> {
    OpenRange { topic: &range.topic, partition: range.partition, first_offset: range.first_offset, last_offset: range.last_offset }
}

fn open(record: &OpenCoverage<'_>) -> Coverage {
    let range =
        |range: &OpenRange<'_>| Range { topic: range.topic.to_owned(), partition: range.partition, first_offset: range.first_offset, last_offset: range.last_offset };
    Coverage {
        event_count: record.event_count,
        fingerprint: SetFingerprint::from_halves(record.fingerprint_high, record.fingerprint_low),
        source_times: (record.event_count > 0).then_some((record.first_source_time, record.last_source_time)),
        ranges: record.positions.iter().map(range).collect(),
    }
}
