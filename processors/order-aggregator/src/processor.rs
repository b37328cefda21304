//! The processor: takes the order's ledger from its store, books the event, sends what is due, puts the ledger back.

use lineside_api::{Context, Processor, Record, Refusal, Timestamp};
use lineside_posting_rules::RuleBook;
use lineside_schemas::production::ProductionFactRecord;
use lineside_schemas::records::{PostingOutcome, ProductionEvent, TimerEntry, WatermarkKind};
use lineside_schemas::{Codec, contract};
use lineside_topology::processors::{ORDERS, POSTINGS, TIMERS};
use lineside_topology::topics::{MASTER_ITEM, MASTER_SHIFT_CALENDAR, MASTER_UNIT_CONVERSION, RULES_POSTING};

use crate::desk::{Desk, DeskError};
use crate::error::LedgerError;
use crate::input::{EventOrOutcome, Told};
use crate::keys;
use crate::ledger::{Change, Ledger};
use crate::master::Master;
use crate::shelf::{OrderShelf, published, published_record};
use crate::wake;

/// Counter: events of a type that this version does not know, which it skipped.
pub const UNKNOWN_EVENT_TYPES: &str = "unknown_event_types";
/// Counter: events that were booked before.
pub const REPEATED_EVENTS: &str = "repeated_events";
/// Counter: reversals that wait for their event.
pub const REVERSALS_AWAITING: &str = "reversals_awaiting";
/// Counter: outcomes of postings that are not remembered any more, or that said nothing new.
pub const OUTCOMES_IGNORED: &str = "outcomes_ignored";
/// Counter: rule versions that this version does not understand.
pub const RULES_NOT_UNDERSTOOD: &str = "rules_not_understood";

/// How far stream time has to move for the clock to be written: timers are so exact.
const CLOCK_STEP_MICROS: i64 = 1_000_000;

/// Nets the events of each order into postings.
#[derive(Debug)]
pub struct OrderAggregator {
    rules: RuleBook,
    master: Master,
    /// A rule waits for sources, so their watermarks are kept.
    waits_for_sources: bool,
    not_understood: u64,
}

impl Default for OrderAggregator {
    fn default() -> Self {
        Self::with(RuleBook::new(), Master::default())
    }
}

impl Processor for OrderAggregator {
    type Input = EventOrOutcome;

    fn process(&mut self, record: Record<'_, '_, Told<'_>>, cx: &mut Context<'_>) -> Result<(), Refusal> {
        match record.value {
            Told::Event(event) => {
                let envelope = event.envelope.clone();
                self.book(*event, cx).map_err(|error| refusal(error).of_event(envelope.event_id, envelope.plant, envelope.correlation_id, &envelope.raw))
            }
            Told::Outcome(outcome) => {
                learn(&outcome, cx);
                Ok(())
            }
        }
    }

    fn table(&mut self, record: lineside_api::TableRecord<'_>, codec: &Codec) {
        // What cannot be decoded says nothing; the runtime has noted it.
        if record.topic == RULES_POSTING.name() {
            match record.value {
                Some(bytes) => {
                    let understood = codec.decode::<contract::PostingRuleSet>(bytes).is_ok_and(|set| self.rules.put(&set).is_ok());
                    self.not_understood += u64::from(!understood);
                }
                None => self.rules.remove(record.key),
            }
            self.waits_for_sources = waits_for_sources(&self.rules);
        } else if record.topic == MASTER_ITEM.name() {
            let item = record.value.and_then(|bytes| codec.decode::<contract::Item>(bytes).ok());
            self.master.item_changed(record.key, item.as_ref());
        } else if record.topic == MASTER_UNIT_CONVERSION.name() {
            let conversion = record.value.and_then(|bytes| codec.decode::<contract::UnitConversion>(bytes).ok());
            self.master.conversion_changed(record.key, conversion.as_ref());
        } else if record.topic == MASTER_SHIFT_CALENDAR.name() {
            let calendar = record.value.and_then(|bytes| codec.decode::<contract::ShiftCalendar>(bytes).ok());
            self.master.calendar_changed(record.key, calendar.as_ref());
        }
    }

    fn tick(&mut self, now: Timestamp, cx: &mut Context<'_>) {
        for _ in 0..std::mem::take(&mut self.not_understood) {
            cx.count(RULES_NOT_UNDERSTOOD);
        }
        wake::tick(self.desk(), now, cx);
    }
}

impl OrderAggregator {
    /// By these rules and master data: for programs that run without topics.
    #[must_use]
    pub fn with(rules: RuleBook, master: Master) -> Self {
        let waits_for_sources = waits_for_sources(&rules);
        Self { rules, master, waits_for_sources, not_understood: 0 }
    }

    fn desk(&self) -> Desk<'_> {
        Desk { rules: &self.rules, master: &self.master }
    }

    fn book(&self, event: ProductionEvent<'_>, cx: &mut Context<'_>) -> Result<(), DeskError> {
        let event = ProductionFactRecord::try_from(event).map_err(LedgerError::from)?;
        let envelope = &event.envelope;
        let key = keys::order(envelope.plant, event.order);
        let mut ledger = cx.get(ORDERS, &key).map(|record| Ledger::from_record(&record)).transpose()?;
        self.hear(&event, cx);
        let change = self.desk().event(&mut ledger, &event, &mut OrderShelf::new(cx, envelope.plant, event.order, &key))?;
        match change {
            Change::Skipped => cx.count(UNKNOWN_EVENT_TYPES),
            Change::Repeated => cx.count(REPEATED_EVENTS),
            Change::Awaiting => cx.count(REVERSALS_AWAITING),
            _ => {}
        }
        if let Some(mut ledger) = ledger.filter(|ledger| ledger.open.event_count > 0 || ledger.posted.sequence > 0) {
            wake::keep(self.desk(), &mut ledger, envelope.ingest_time, &key, cx)?;
        }
        Ok(())
    }

    /// Notes how far stream time and the event's source are: not with every event, and sources only where a rule asks.
    fn hear(&self, event: &ProductionFactRecord<'_>, cx: &mut Context<'_>) {
        let envelope = &event.envelope;
        let clock = cx.get(TIMERS, keys::CLOCK).map_or(Timestamp::MIN, |entry| entry.time);
        if envelope.ingest_time.micros() >= clock.micros().saturating_add(CLOCK_STEP_MICROS) || clock == Timestamp::MIN {
            cx.put(TIMERS, keys::CLOCK, &TimerEntry { plant: "", order: "", time: envelope.ingest_time, sequence: None });
        }
        if !self.waits_for_sources {
            return;
        }
        let key = keys::source(envelope.source);
        let known = cx.get(TIMERS, &key).map(|entry| (entry.time, entry.sequence));
        let (time, sequence) =
            known.map_or((envelope.source_time, envelope.source_sequence), |(time, sequence)| (time.max(envelope.source_time), sequence.max(envelope.source_sequence)));
        if known != Some((time, sequence)) {
            cx.put(TIMERS, &key, &TimerEntry { plant: "", order: "", time, sequence });
        }
    }
}

fn waits_for_sources(rules: &RuleBook) -> bool {
    rules.sets().any(|set| !matches!(set.rule.completeness.watermark, WatermarkKind::None | WatermarkKind::Unknown))
}

/// Takes in what the ERP made of a document: it can be reversed by reference from then on.
fn learn(outcome: &PostingOutcome<'_>, cx: &mut Context<'_>) {
    let key = keys::posting(outcome.plant, outcome.order, outcome.sequence);
    let known = cx.get(POSTINGS, &key).map(|record| published(&record));
    if let Some(mut posting) = known
        && posting.learn(outcome)
    {
        cx.put(POSTINGS, &key, &published_record(&posting));
        return;
    }
    cx.count(OUTCOMES_IGNORED);
}

fn refusal(error: DeskError) -> Refusal {
    match error {
        DeskError::Ledger(error) => Refusal::from(error),
        DeskError::NoRule { .. } => Refusal::application("no-posting-rule", error.to_string()),
    }
}
