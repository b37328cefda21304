//! The account as its store and changelog keep it.

use lineside_schemas::records::{AccountConversion, AccountEarly, AccountEffect, AccountExclusion, AccountNotice, AccountStray, BooksSource, OrderAccount};

use super::{Account, Conversion, Early, Effect, Exclusion, Line, Notice, Position, Stray};
use crate::fingerprint::Fingerprint;
use crate::rounding::Ratio;

impl Account {
    /// The account as a record. Borrows.
    #[must_use]
    pub fn record(&self) -> OrderAccount<'_> {
        let (fingerprint_high, fingerprint_low) = self.fingerprint.halves();
        let (covered_high, covered_low) = self.covered_fingerprint.halves();
        OrderAccount {
            plant: &self.plant,
            order: &self.order,
            correlation_id: &self.correlation_id,
            is_completed: self.is_completed,
            planned_at: self.planned_at,
            last_operation: self.last_operation.as_deref(),
            released_at: self.released_at,
            completed_at: self.completed_at,
            cancelled_at: self.cancelled_at,
            rule_version: self.rule_version.as_deref(),
            conversions: self.conversions.iter().map(Conversion::record).collect(),
            order_type: self.order_type.as_deref(),
            item: self.item.as_deref(),
            as_of: self.as_of,
            sources: self.sources.iter().map(String::as_str).collect(),
            events: self.events,
            fingerprint_high,
            fingerprint_low,
            covered: self.covered,
            covered_high,
            covered_low,
            last_event_offset: self.last_event_offset,
            last_event_time: self.last_event_time,
            postings: self.postings,
            lines: self.lines.iter().map(Line::record).collect(),
            open_postings: self.open_postings.iter().map(String::as_str).collect(),
            exclusions: self.exclusions.iter().map(exclusion_record).collect(),
            early: self
                .early
                .iter()
                .map(|early| AccountEarly { topic: &early.topic, offset: early.offset, time: early.time, posting_id: &early.posting_id, value: &early.value })
                .collect(),
            strays: self.strays.iter().map(|stray| AccountStray { class: &stray.class, subject: &stray.subject, since: stray.since, text: &stray.text }).collect(),
            noticed: self
                .noticed
                .iter()
                .map(|notice| AccountNotice { class: &notice.class, subject: &notice.subject, since: notice.since, time: notice.time, is_logged: notice.is_logged })
                .collect(),
            due_offset: self.due_offset,
            erp_offset: self.erp_offset,
            timer: self.timer,
            positions: self.positions.iter().map(Position::record).collect(),
        }
    }

    /// The account of a record.
    #[must_use]
    pub fn of(record: &OrderAccount<'_>) -> Self {
        Self {
            plant: record.plant.to_owned(),
            order: record.order.to_owned(),
            correlation_id: record.correlation_id.to_owned(),
            is_completed: record.is_completed,
            planned_at: record.planned_at,
            last_operation: record.last_operation.map(str::to_owned),
            released_at: record.released_at,
            completed_at: record.completed_at,
            cancelled_at: record.cancelled_at,
            rule_version: record.rule_version.map(str::to_owned),
            conversions: record.conversions.iter().map(Conversion::of).collect(),
            order_type: record.order_type.map(str::to_owned),
            item: record.item.map(str::to_owned),
            as_of: record.as_of,
            sources: record.sources.iter().map(|source| (*source).to_owned()).collect(),
            events: record.events,
            fingerprint: Fingerprint::from_halves(record.fingerprint_high, record.fingerprint_low),
            covered: record.covered,
            covered_fingerprint: Fingerprint::from_halves(record.covered_high, record.covered_low),
            last_event_offset: record.last_event_offset,
            last_event_time: record.last_event_time,
            postings: record.postings,
            lines: record.lines.iter().map(Line::of).collect(),
            open_postings: record.open_postings.iter().map(|id| (*id).to_owned()).collect(),
            exclusions: record.exclusions.iter().map(exclusion).collect(),
            early: record
                .early
                .iter()
                .map(|early| Early {
                    topic: early.topic.to_owned(),
                    offset: early.offset,
                    time: early.time,
                    posting_id: early.posting_id.to_owned(),
                    value: early.value.to_vec(),
                })
                .collect(),
            strays: record
                .strays
                .iter()
                .map(|stray| Stray { class: stray.class.to_owned(), subject: stray.subject.to_owned(), since: stray.since, text: stray.text.to_owned() })
                .collect(),
            noticed: record
                .noticed
                .iter()
                .map(|notice| Notice {
                    class: notice.class.to_owned(),
                    subject: notice.subject.to_owned(),
                    since: notice.since,
                    time: notice.time,
                    is_logged: notice.is_logged,
                })
                .collect(),
            due_offset: record.due_offset,
            erp_offset: record.erp_offset,
            timer: record.timer,
            positions: record.positions.iter().map(Position::of).collect(),
        }
    }
}

impl Position {
    /// As the contract has it.
    #[must_use]
    pub fn record(&self) -> BooksSource<'_> {
        BooksSource { topic: &self.topic, partition: self.partition, records: self.records, first_offset: self.first_offset, last_offset: self.last_offset }
    }

    fn of(record: &BooksSource<'_>) -> Self {
        Self { topic: record.topic.to_owned(), partition: record.partition, records: record.records, first_offset: record.first_offset, last_offset: record.last_offset }
    }
}

pub(crate) fn effect_records(effects: &[Effect]) -> Vec<AccountEffect> {
    effects.iter().map(Effect::record).collect()
}

fn exclusion_record(exclusion: &Exclusion) -> AccountExclusion<'_> {
    let (fingerprint_high, fingerprint_low) = exclusion.fingerprint.halves();
    AccountExclusion {
        event_id: &exclusion.event_id,
        source: &exclusion.source,
        number: exclusion.number,
        fingerprint_high,
        fingerprint_low,
        since: exclusion.since,
        is_missed: exclusion.is_missed,
        text: &exclusion.text,
        effects: effect_records(&exclusion.effects),
    }
}

fn exclusion(record: &AccountExclusion<'_>) -> Exclusion {
    Exclusion {
        event_id: record.event_id.to_owned(),
        source: record.source.to_owned(),
        number: record.number,
        fingerprint: Fingerprint::from_halves(record.fingerprint_high, record.fingerprint_low),
        since: record.since,
        is_missed: record.is_missed,
        text: record.text.to_owned(),
        effects: record.effects.iter().map(Effect::of).collect(),
    }
}

impl Conversion {
    /// As the state keeps it. Borrows.
    #[must_use]
    pub fn record(&self) -> AccountConversion<'_> {
        let Self { item, unit, counted_unit, ratio } = self;
        AccountConversion { item, unit, quantity: ratio.quantity, counted_unit, counted: ratio.counted }
    }

    /// As it was kept.
    #[must_use]
    pub fn of(record: &AccountConversion<'_>) -> Self {
        Self {
            item: record.item.to_owned(),
            unit: record.unit.to_owned(),
            counted_unit: record.counted_unit.to_owned(),
            ratio: Ratio { quantity: record.quantity, counted: record.counted },
        }
    }
}
