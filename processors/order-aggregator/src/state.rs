//! The ledger as its store and changelog keep it: the contract [`OrderLedger`], exact to the last digit.

use lineside_schemas::Timestamp;
use lineside_schemas::ids::SetFingerprint;
use lineside_schemas::records::{
    GoodsKind, GoodsTotal, LedgerPart, LedgerSource, OpenCoverage, OpenRange, OperationTotal, OrderFlag, OrderLedger, TimeTotal, UnitAmount as UnitAmountRecord,
    WaitingReversal,
};

use crate::coverage::{Coverage, Range};
use crate::error::LedgerError;
use crate::goods::{Goods, GoodsSaid};
use crate::ledger::{LastEvent, Ledger, PostedSoFar, Source, Waiting, Wakes};
use crate::life::{Flag, Life};
use crate::line::{GoodsKey, Kind, LineId, named};
use crate::operation::{Amount, Operation, Said, WorkTime};
use crate::sum::{Part, UnitAmount};

impl Ledger {
    /// The ledger as a record. Borrows.
    #[must_use]
    pub fn record(&self) -> OrderLedger<'_> {
        let (life, posted) = (&self.life, &self.posted);
        OrderLedger {
            plant: &self.plant,
            order: &self.order,
            correlation_id: &self.correlation_id,
            item: self.item.as_deref(),
            order_type: self.order_type.as_deref(),
            item_group: self.item_group.as_deref(),
            created_at: life.created_at,
            released_at: life.released_at,
            dispatched_at: life.dispatched_at,
            started_at: life.started_at,
            completed_at: life.completed_at,
            closed_at: life.closed_at,
            cancelled_at: life.cancelled_at,
            held_at: life.held_at,
            resumed_at: life.resumed_at,
            first_at: self.first_at,
            last_at: self.last_at,
            mode: posted.mode,
            rule_version: posted.rule_version.as_deref(),
            sequence: posted.sequence,
            completion_posted: posted.completion,
            cancellation_posted: posted.cancellation,
            final_posted: posted.finally,
            last_event_id: &self.last_event.id,
            last_event_time: self.last_event.time,
            last_event_offset: self.last_event.offset_minutes,
            last_ingest_time: self.last_ingest,
            goods: self.goods.iter().map(goods_record).collect(),
            operations: self.operations.iter().map(operation_record).collect(),
            times: self.times.iter().map(time_record).collect(),
            next_number: self.next_number,
            sources: self.sources.iter().map(|source| LedgerSource { source: &source.name, last_time: source.last_time, last_sequence: source.last_sequence }).collect(),
            reversals_waiting: self
                .waiting
                .iter()
                .map(|waiting| WaitingReversal { source: &waiting.source, event_id: &waiting.event_id, by_event_id: &waiting.by_event_id, since: waiting.since })
                .collect(),
            reversals_waiting_count: self.waiting_count,
            flags: self.flags.iter().map(|flag| OrderFlag { kind: flag.kind, event_id: &flag.event_id, source_time: flag.source_time, text: &flag.text }).collect(),
            flag_count: self.flag_count,
            replaced_by: self.replaced_by.as_deref(),
            rework_orders: self.rework_orders.iter().map(String::as_str).collect(),
            open: open_record(&self.open),
            open_since: self.open_since.map(|(ingested, _)| ingested),
            open_since_source: self.open_since.map(|(_, happened)| happened),
            timer: self.wakes.timer,
            gates: self.wakes.gates.iter().map(String::as_str).collect(),
            gate_time: self.wakes.gate_time,
            status_fingerprint: self.status_fingerprint,
        }
    }

    /// The ledger of a record.
    ///
    /// # Errors
    /// [`LedgerError::LedgerInconsistent`] for a record that no ledger wrote.
    pub fn from_record(record: &OrderLedger<'_>) -> Result<Self, LedgerError> {
        let goods = record.goods.iter().map(goods).collect::<Result<Vec<_>, _>>()?;
        let operations: Vec<_> = record.operations.iter().map(operation).collect();
        let times: Vec<_> = record.times.iter().map(time).collect();
        let sorted = goods.is_sorted_by(|a, b| a.key < b.key)
            && operations.is_sorted_by(|a, b| (&a.operation, &a.unit) < (&b.operation, &b.unit))
            && times.is_sorted_by(|a, b| (&a.operation, a.kind as u8, &a.activity) < (&b.operation, b.kind as u8, &b.activity));
        if !sorted {
            return Err(LedgerError::LedgerInconsistent("its lines are not sorted"));
        }
        let ledger = Self {
            plant: record.plant.to_owned(),
            order: record.order.to_owned(),
            correlation_id: record.correlation_id.to_owned(),
            item: owned(record.item),
            order_type: owned(record.order_type),
            item_group: owned(record.item_group),
            life: Life {
                created_at: record.created_at,
                released_at: record.released_at,
                dispatched_at: record.dispatched_at,
                started_at: record.started_at,
                completed_at: record.completed_at,
                closed_at: record.closed_at,
                cancelled_at: record.cancelled_at,
                held_at: record.held_at,
                resumed_at: record.resumed_at,
            },
            first_at: record.first_at,
            last_at: record.last_at,
            posted: PostedSoFar {
                mode: record.mode,
                rule_version: owned(record.rule_version),
                sequence: record.sequence,
                completion: record.completion_posted,
                cancellation: record.cancellation_posted,
                finally: record.final_posted,
            },
            last_event: LastEvent { id: record.last_event_id.to_owned(), time: record.last_event_time, offset_minutes: record.last_event_offset },
            last_ingest: record.last_ingest_time,
            goods,
            operations,
            times,
            next_number: record.next_number,
            sources: record
                .sources
                .iter()
                .map(|source| Source { name: source.source.to_owned(), last_time: source.last_time, last_sequence: source.last_sequence })
                .collect(),
            waiting: record.reversals_waiting.iter().map(waiting).collect(),
            waiting_count: record.reversals_waiting_count,
            flags: record
                .flags
                .iter()
                .map(|flag| Flag { kind: flag.kind, event_id: flag.event_id.to_owned(), source_time: flag.source_time, text: flag.text.to_owned() })
                .collect(),
            flag_count: record.flag_count,
            replaced_by: owned(record.replaced_by),
            rework_orders: record.rework_orders.iter().map(|order| (*order).to_owned()).collect(),
            open: open(&record.open),
            open_since: record.open_since.zip(record.open_since_source),
            wakes: Wakes { timer: record.timer, gates: record.gates.iter().map(|gate| (*gate).to_owned()).collect(), gate_time: record.gate_time },
            status_fingerprint: record.status_fingerprint,
        };
        if ledger.numbers().any(|number| number >= ledger.next_number || number < 0) {
            return Err(LedgerError::LedgerInconsistent("a sum has a number that was not given out"));
        }
        Ok(ledger)
    }

    fn numbers(&self) -> impl Iterator<Item = i32> + '_ {
        let goods = self.goods.iter().flat_map(|row| std::iter::once(row.row).chain(row.parts.iter().map(|part| part.slot)));
        let operations = self.operations.iter().flat_map(|row| [row.r#yield.slot, row.scrap.slot, row.rework.slot]);
        goods.chain(operations).chain(self.times.iter().flat_map(|row| row.parts.iter().map(|part| part.slot)))
    }
}

fn owned(text: Option<&str>) -> Option<String> {
    text.map(str::to_owned)
}

fn part_record(part: &Part) -> LedgerPart<'_> {
    LedgerPart { slot: part.slot, unit: &part.unit, at: part.at, is_booked: part.is_booked, net: part.net }
}

fn part(record: &LedgerPart<'_>) -> Part {
    Part { slot: record.slot, unit: record.unit.to_owned(), at: record.at, is_booked: record.is_booked, net: record.net }
}

fn amounts_record(amounts: &[UnitAmount]) -> Vec<UnitAmountRecord<'_>> {
    amounts.iter().map(|amount| UnitAmountRecord { unit: &amount.unit, quantity: amount.quantity }).collect()
}

fn amounts(records: &[UnitAmountRecord<'_>]) -> Vec<UnitAmount> {
    records.iter().map(|record| UnitAmount { unit: record.unit.to_owned(), quantity: record.quantity }).collect()
}

fn goods_record(row: &Goods) -> GoodsTotal<'_> {
    let key = &row.key;
    let (reservation, reservation_item) = key.line.as_ref().map_or((None, None), LineId::reservation);
    GoodsTotal {
        row: row.row,
        kind: match key.kind {
            Kind::Component => GoodsKind::Component,
            Kind::Receipt => GoodsKind::Receipt,
            Kind::ByProduct => GoodsKind::ByProduct,
            Kind::Scrap => GoodsKind::Scrap,
        },
        operation: &row.operation,
        reservation,
        reservation_item,
        position: row.position.as_deref(),
        item: &key.item,
        is_stock: key.is_stock,
        lot: key.lot.as_deref(),
        storage_location: key.storage_location.as_deref(),
        reason_code: key.reason_code.as_deref(),
        parts: row.parts.iter().map(part_record).collect(),
        posted: amounts_record(&row.posted),
        confirmed: amounts_record(&row.confirmed),
        order_item: row.said.order_item.as_deref(),
        manufacture_date: row.said.manufacture_date,
        expiry_date: row.said.expiry_date,
        stock_type: row.said.stock_type.as_deref(),
        is_final: row.said.is_final,
        posted_final: row.posted_final,
        serials: row.serials.iter().map(String::as_str).collect(),
        serials_back: row.serials_back.iter().map(String::as_str).collect(),
        postings: row.postings.clone(),
    }
}

fn goods(record: &GoodsTotal<'_>) -> Result<Goods, LedgerError> {
    let identified = || LineId::of(record.operation, record.reservation, record.reservation_item, record.position);
    let (kind, line) = match record.kind {
        GoodsKind::Component => {
            let line = identified().ok_or(LedgerError::LedgerInconsistent("a component line has neither a reservation item nor a position"))?;
            (Kind::Component, Some(line))
        }
        GoodsKind::Receipt => (Kind::Receipt, None),
        GoodsKind::ByProduct => (Kind::ByProduct, identified()),
        GoodsKind::Scrap => (Kind::Scrap, Some(LineId::Operation(record.operation.to_owned()))),
        GoodsKind::Unknown => return Err(LedgerError::LedgerInconsistent("a line is of goods that this version does not know")),
    };
    let texts = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect();
    Ok(Goods {
        row: record.row,
        key: GoodsKey {
            kind,
            line,
            item: record.item.to_owned(),
            lot: owned(record.lot),
            storage_location: named(record.storage_location),
            reason_code: owned(record.reason_code),
            is_stock: record.is_stock,
        },
        operation: record.operation.to_owned(),
        position: owned(record.position),
        parts: record.parts.iter().map(part).collect(),
        posted: amounts(&record.posted),
        confirmed: amounts(&record.confirmed),
        said: GoodsSaid {
            order_item: owned(record.order_item),
            manufacture_date: record.manufacture_date,
            expiry_date: record.expiry_date,
            stock_type: owned(record.stock_type),
            is_final: record.is_final,
        },
        posted_final: record.posted_final,
        serials: texts(&record.serials),
        serials_back: texts(&record.serials_back),
        postings: record.postings.clone(),
    })
}

fn operation_record(row: &Operation) -> OperationTotal<'_> {
    let said = &row.said;
    OperationTotal {
        operation: &row.operation,
        unit: &row.unit,
        yield_slot: row.r#yield.slot,
        r#yield: row.r#yield.net,
        posted_yield: row.r#yield.posted,
        scrap_slot: row.scrap.slot,
        scrap: row.scrap.net,
        posted_scrap: row.scrap.posted,
        rework_slot: row.rework.slot,
        rework: row.rework.net,
        posted_rework: row.rework.posted,
        finals: row.finals,
        final_at: row.final_at,
        posted_final: row.posted_final,
        work_center: said.work_center.as_deref(),
        actual_start: said.actual_start,
        actual_end: said.actual_end,
        personnel: said.personnel.as_deref(),
        shift: said.shift.as_deref(),
        text: said.text.as_deref(),
        reason_code: said.reason_code.as_deref(),
        postings: row.postings.clone(),
    }
}

fn operation(record: &OperationTotal<'_>) -> Operation {
    Operation {
        operation: record.operation.to_owned(),
        unit: record.unit.to_owned(),
        r#yield: Amount { slot: record.yield_slot, net: record.r#yield, posted: record.posted_yield },
        scrap: Amount { slot: record.scrap_slot, net: record.scrap, posted: record.posted_scrap },
        rework: Amount { slot: record.rework_slot, net: record.rework, posted: record.posted_rework },
        finals: record.finals,
        final_at: record.final_at,
        posted_final: record.posted_final,
        said: Said {
            work_center: owned(record.work_center),
            actual_start: record.actual_start,
            actual_end: record.actual_end,
            personnel: owned(record.personnel),
            shift: owned(record.shift),
            text: owned(record.text),
            reason_code: owned(record.reason_code),
        },
        postings: record.postings.clone(),
    }
}

fn time_record(row: &WorkTime) -> TimeTotal<'_> {
    TimeTotal {
        operation: &row.operation,
        kind: row.kind,
        activity: &row.activity,
        parts: row.parts.iter().map(part_record).collect(),
        posted: amounts_record(&row.posted),
    }
}

fn time(record: &TimeTotal<'_>) -> WorkTime {
    WorkTime {
        operation: record.operation.to_owned(),
        kind: record.kind,
        activity: record.activity.to_owned(),
        parts: record.parts.iter().map(part).collect(),
        posted: amounts(&record.posted),
    }
}

fn waiting(record: &WaitingReversal<'_>) -> Waiting {
    Waiting { source: record.source.to_owned(), event_id: record.event_id.to_owned(), by_event_id: record.by_event_id.to_owned(), since: record.since }
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
