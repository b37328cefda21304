//! The books of one order. Pure: events in, what they come to; what is due of them says [`crate::due`].

use lineside_posting_rules::Rule;
use lineside_schemas::production::{ProductionFact, ProductionFactRecord};
use lineside_schemas::records::{Envelope, FlagKind, PostingMode, RememberedKind, ReversalOfReversalAction};
use lineside_schemas::{Decimal, Timestamp};

use crate::coverage::Coverage;
use crate::entry::Entry;
use crate::error::LedgerError;
use crate::goods::Goods;
use crate::life::{FLAGS_KEPT, Flag, Life};
use crate::line::{keep_largest, keep_smallest, named};
use crate::master::Master;
use crate::operation::{Operation, WorkTime};
use crate::remembered::{self, Memory, Remembered, Reversed};

/// Waiting reversals that are named, the oldest; the others are counted.
pub const WAITING_KEPT: usize = 32;
/// Rework orders that are named.
const REWORK_ORDERS_KEPT: usize = 16;

/// What an event did to the books.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// An amount changed.
    Booked,
    /// A reversal took an amount back, or let one count again.
    Reversed,
    /// A reversal waits for its event.
    Awaiting,
    /// Its reversal came first, or it is undone itself: it changes nothing.
    Cancelled,
    /// The state of the order changed.
    State,
    /// Its plan changed.
    Plan,
    /// Only counted among the covered events.
    Noted,
    /// The same event was booked before: nothing is done, and no posting covers it again.
    Repeated,
    /// Of a type that this version does not know: not even counted.
    Skipped,
}

impl Change {
    /// True if the event is one that postings cover.
    #[must_use]
    pub const fn is_covered(self) -> bool {
        !matches!(self, Self::Repeated | Self::Skipped)
    }
}

/// A source that reported on the order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// Name.
    pub name: String,
    /// Latest source time of its events on the order.
    pub last_time: Timestamp,
    /// Largest running number of them.
    pub last_sequence: Option<i64>,
}

/// A reversal that has not undone anything.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiting {
    /// Source of both.
    pub source: String,
    /// The event it names.
    pub event_id: String,
    /// The reversal.
    pub by_event_id: String,
    /// Source time of the reversal.
    pub since: Timestamp,
}

/// The event accepted last.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LastEvent {
    /// Its id.
    pub id: String,
    /// Source time.
    pub time: Timestamp,
    /// Offset from UTC, in minutes.
    pub offset_minutes: Option<i32>,
}

/// By what an event is judged.
#[derive(Debug, Clone, Copy)]
pub struct Judge<'j> {
    /// The rule in force at its time.
    pub rule: &'j Rule,
    /// Master data.
    pub master: &'j Master,
}

/// What is posted, and what is known of it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PostedSoFar {
    /// Mode, once a posting decided it: the rule of a running order may change, who books its goods may not.
    pub mode: PostingMode,
    /// Rule of the last posting.
    pub rule_version: Option<String>,
    /// Sequence of the last posting; 0 before the first.
    pub sequence: i32,
    /// The completion that stands was posted.
    pub completion: bool,
    /// The cancellation that stands was posted.
    pub cancellation: bool,
    /// The last posting was final.
    pub finally: bool,
}

/// When something of it is due by time, and what waits for sources.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Wakes {
    /// Key in the timers.
    pub timer: Option<Timestamp>,
    /// Sources whose watermark it waits for.
    pub gates: Vec<String>,
    /// End that they have to pass.
    pub gate_time: Option<Timestamp>,
}

/// The books of one order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ledger {
    /// Plant.
    pub plant: String,
    /// Production order.
    pub order: String,
    /// Correlation of the order's story, from its first event.
    pub correlation_id: String,
    /// Product, by its plan.
    pub item: Option<String>,
    /// Order type, by its plan.
    pub order_type: Option<String>,
    /// Item group of the product, when the plan was read.
    pub item_group: Option<String>,
    /// When its state changed.
    pub life: Life,
    /// Earliest and latest source time of its events.
    pub first_at: Option<Timestamp>,
    /// See [`Self::first_at`].
    pub last_at: Option<Timestamp>,
    /// What is posted.
    pub posted: PostedSoFar,
    /// Event accepted last.
    pub last_event: LastEvent,
    /// Latest ingest time of its events: how far the order's stream is.
    pub last_ingest: Timestamp,
    /// Lines of goods, sorted by key.
    pub goods: Vec<Goods>,
    /// Confirmed quantities, sorted by operation and unit.
    pub operations: Vec<Operation>,
    /// Work times, sorted by operation, kind and activity.
    pub times: Vec<WorkTime>,
    /// Next row or slot.
    pub next_number: i32,
    /// Sources, sorted.
    pub sources: Vec<Source>,
    /// Reversals that wait, the oldest.
    pub waiting: Vec<Waiting>,
    /// How many wait.
    pub waiting_count: i32,
    /// What was odd, the latest.
    pub flags: Vec<Flag>,
    /// How often.
    pub flag_count: i32,
    /// Order that takes its place.
    pub replaced_by: Option<String>,
    /// Orders that rework product of it.
    pub rework_orders: Vec<String>,
    /// Events that no posting covers yet.
    pub open: Coverage,
    /// Ingest time of the first of them, and its source time.
    pub open_since: Option<(Timestamp, Timestamp)>,
    /// What it waits for.
    pub wakes: Wakes,
    /// Fingerprint of the status last published; 0 before the first.
    pub status_fingerprint: i64,
}

impl Ledger {
    /// Empty books, for the order that an event is about.
    #[must_use]
    pub fn new(event: &ProductionFactRecord<'_>) -> Self {
        Self {
            plant: event.envelope.plant.to_owned(),
            order: event.order.to_owned(),
            correlation_id: event.envelope.correlation_id.to_owned(),
            item: None,
            order_type: None,
            item_group: None,
            life: Life::default(),
            first_at: None,
            last_at: None,
            posted: PostedSoFar::default(),
            last_event: LastEvent { id: String::new(), time: Timestamp::EPOCH, offset_minutes: None },
            last_ingest: Timestamp::EPOCH,
            goods: Vec::new(),
            operations: Vec::new(),
            times: Vec::new(),
            next_number: 0,
            sources: Vec::new(),
            waiting: Vec::new(),
            waiting_count: 0,
            flags: Vec::new(),
            flag_count: 0,
            replaced_by: None,
            rework_orders: Vec::new(),
            open: Coverage::default(),
            open_since: None,
            wakes: Wakes::default(),
            status_fingerprint: 0,
        }
    }

    /// Books an event. After an error, the ledger and what was remembered are to be thrown away: the event is refused, and what is stored stands.
    ///
    /// # Errors
    /// See [`LedgerError`].
    pub fn apply(&mut self, event: &ProductionFactRecord<'_>, judge: Judge<'_>, memory: &mut dyn Memory) -> Result<Change, LedgerError> {
        let mut change = self.book(event, judge, memory)?;
        if matches!(change, Change::Plan | Change::State | Change::Noted) && !seen_first(&event.envelope, memory) {
            change = Change::Repeated;
        }
        if change.is_covered() {
            self.note(event);
        }
        Ok(change)
    }

    fn book(&mut self, event: &ProductionFactRecord<'_>, judge: Judge<'_>, memory: &mut dyn Memory) -> Result<Change, LedgerError> {
        let envelope = &event.envelope;
        Ok(match &event.fact {
            ProductionFact::OrderCreated(_) | ProductionFact::OrderReleased(_) | ProductionFact::OrderRescheduled(_) => Change::Plan,
            ProductionFact::OrderDispatched(_)
            | ProductionFact::OrderHeld(_)
            | ProductionFact::OrderResumed(_)
            | ProductionFact::OrderClosed(_)
            | ProductionFact::OrderCompleted(_) => Change::State,
            ProductionFact::OrderCancelled(cancelled) => {
                keep_smallest(&mut self.replaced_by, named(cancelled.replaced_by));
                Change::State
            }
            ProductionFact::OperationStarted(_) => Change::Noted,
            ProductionFact::ConsumptionReversed(reversal) => self.reverse(envelope, reversal.reversed_event_id, RememberedKind::ConsumptionReversal, judge, memory)?,
            ProductionFact::ConfirmationReversed(reversal) => self.reverse(envelope, reversal.reversed_event_id, RememberedKind::ConfirmationReversal, judge, memory)?,
            ProductionFact::FinishedGoodsReversed(reversal) => self.reverse(envelope, reversal.reversed_event_id, RememberedKind::ProductReversal, judge, memory)?,
            ProductionFact::Unknown => Change::Skipped,
            fact => {
                let Some(entry) = Entry::of(fact, judge.rule)? else { return Ok(Change::Noted) };
                if let ProductionFact::ReworkReported(rework) = fact
                    && let Some(order) = named(rework.rework_order)
                    && self.rework_orders.len() < REWORK_ORDERS_KEPT
                    && let Err(index) = self.rework_orders.binary_search(&order)
                {
                    self.rework_orders.insert(index, order);
                }
                self.enter(envelope, &entry, judge, memory)?
            }
        })
    }

    /// Books what an event adds, unless its reversal was first.
    fn enter(&mut self, envelope: &Envelope<'_>, entry: &Entry<'_, '_>, judge: Judge<'_>, memory: &mut dyn Memory) -> Result<Change, LedgerError> {
        let (source, id, kind) = (envelope.source, envelope.event_id, entry.kind());
        let placed = memory.recall(source, id).unwrap_or(Remembered::NOT_SEEN);
        if placed.kind != RememberedKind::NotSeen {
            return Ok(Change::Repeated);
        }
        self.refuse_when_full()?;
        let in_effect = remembered::counts(kind, &placed, source, memory);
        let awaited = remembered::was_awaited(kind, &placed, source, memory);
        let (effects, final_of, serials) = entry.place(self, envelope.source_time, judge)?;
        let event = Remembered { kind, in_effect, effects, final_of, serials, ..placed };
        if in_effect {
            self.add(&event, true)?;
            entry.say(self);
        }
        memory.remember(source, id, &event);
        if awaited {
            self.stops_waiting(source, id);
        }
        Ok(if in_effect { Change::Booked } else { Change::Cancelled })
    }

    fn reverse(&mut self, envelope: &Envelope<'_>, names: &str, kind: RememberedKind, judge: Judge<'_>, memory: &mut dyn Memory) -> Result<Change, LedgerError> {
        let reinstates = judge.rule.reversal_of_reversal == ReversalOfReversalAction::Reinstate;
        let placed = memory.recall(envelope.source, envelope.event_id).unwrap_or(Remembered::NOT_SEEN);
        let awaited = placed.kind == RememberedKind::NotSeen && remembered::was_awaited(kind, &placed, envelope.source, memory);
        let reversed = remembered::reverse(envelope.source, envelope.event_id, names, kind, reinstates, memory)?;
        if awaited {
            self.stops_waiting(envelope.source, envelope.event_id);
        }
        Ok(match reversed {
            Reversed::Repeated => Change::Repeated,
            Reversed::Waits { names_reversal } => {
                if names_reversal {
                    self.flag(FlagKind::ReversalOfReversal, envelope, &format!("reverses {names}, which is a reversal itself"));
                }
                self.waiting_count = self.waiting_count.saturating_add(1);
                if self.waiting.len() < WAITING_KEPT {
                    let waiting = Waiting {
                        source: envelope.source.to_owned(),
                        event_id: names.to_owned(),
                        by_event_id: envelope.event_id.to_owned(),
                        since: envelope.source_time,
                    };
                    self.waiting.push(waiting);
                }
                Change::Awaiting
            }
            Reversed::Undone => Change::Cancelled,
            Reversed::Changed { event } => {
                self.add(&event, event.in_effect)?;
                Change::Reversed
            }
        })
    }

    /// A reversal waited for this event: it waits no more.
    fn stops_waiting(&mut self, source: &str, id: &str) {
        self.waiting_count = self.waiting_count.saturating_sub(1);
        if let Some(index) = self.waiting.iter().position(|waiting| waiting.source == source && waiting.event_id == id) {
            self.waiting.remove(index);
        }
    }

    /// Adds the effects of an event, or takes them away.
    fn add(&mut self, event: &Remembered, forward: bool) -> Result<(), LedgerError> {
        for (slot, quantity) in &event.effects {
            let quantity = if forward { *quantity } else { quantity.negated() };
            let sum = self.slot(*slot).ok_or(LedgerError::LedgerInconsistent("an event counts into a sum that is not there"))?;
            *sum = sum.checked_add(quantity).ok_or(LedgerError::QuantityOverflow)?;
        }
        if let Some((operation, unit)) = &event.final_of
            && let Some(row) = self.operations.iter_mut().find(|row| row.operation == *operation && row.unit == *unit)
        {
            row.finals = row.finals.saturating_add(if forward { 1 } else { -1 });
        }
        if !event.serials.is_empty()
            && let Some((slot, _)) = event.effects.first()
            && let Some(row) = self.goods.iter_mut().find(|row| row.parts.iter().any(|part| part.slot == *slot))
        {
            row.move_serials(&event.serials, forward);
        }
        Ok(())
    }

    fn slot(&mut self, slot: i32) -> Option<&mut Decimal> {
        let parts = self.goods.iter_mut().flat_map(|row| &mut row.parts).chain(self.times.iter_mut().flat_map(|row| &mut row.parts));
        let parts = parts.map(|part| (part.slot, &mut part.net));
        let amounts = self.operations.iter_mut().flat_map(|row| [&mut row.r#yield, &mut row.scrap, &mut row.rework]);
        let mut slots = parts.chain(amounts.map(|amount| (amount.slot, &mut amount.net)));
        slots.find(|(number, _)| *number == slot).map(|(_, sum)| sum)
    }

    /// Takes note of an accepted event: its times, its source, what is odd, and that no posting covers it yet.
    fn note(&mut self, event: &ProductionFactRecord<'_>) {
        let envelope = &event.envelope;
        let at = envelope.source_time;
        if let Some((kind, text)) = self.life.oddity(&event.fact, at) {
            self.flag(kind, envelope, text);
        }
        let was = (self.life.is_completed(), self.life.is_cancelled());
        self.life = self.life.after(&event.fact, at);
        // What was posted of an end that stands no more has to be posted again when it does.
        self.posted.completion &= self.life.is_completed() && was.0;
        self.posted.cancellation &= self.life.is_cancelled() && was.1;
        if let ProductionFact::OrderReleased(_) = event.fact {
            let released = self.life.released_at;
            let before = self.flags.len();
            self.flags.retain(|flag| flag.kind != FlagKind::BeforeRelease || released.is_none_or(|released| flag.source_time < released));
            self.flag_count = self.flag_count.saturating_sub(i32::try_from(before - self.flags.len()).unwrap_or(0));
        }
        keep_smallest(&mut self.first_at, Some(at));
        keep_largest(&mut self.last_at, Some(at));
        self.last_event = LastEvent { id: envelope.event_id.to_owned(), time: at, offset_minutes: envelope.source_utc_offset_minutes };
        self.last_ingest = self.last_ingest.max(envelope.ingest_time);
        self.heard(envelope);
        self.open.cover(envelope);
        self.open_since.get_or_insert((envelope.ingest_time, at));
    }

    fn heard(&mut self, envelope: &Envelope<'_>) {
        let (time, sequence) = (envelope.source_time, envelope.source_sequence);
        match self.sources.binary_search_by(|source| source.name.as_str().cmp(envelope.source)) {
            Ok(index) => {
                let source = &mut self.sources[index];
                source.last_time = source.last_time.max(time);
                keep_largest(&mut source.last_sequence, sequence);
            }
            Err(index) => self.sources.insert(index, Source { name: envelope.source.to_owned(), last_time: time, last_sequence: sequence }),
        }
    }

    fn flag(&mut self, kind: FlagKind, envelope: &Envelope<'_>, text: &str) {
        self.raise(Flag { kind, event_id: envelope.event_id.to_owned(), source_time: envelope.source_time, text: text.to_owned() });
    }

    /// Shows something odd; the latest are kept.
    pub fn raise(&mut self, flag: Flag) {
        self.flag_count = self.flag_count.saturating_add(1);
        self.flags.push(flag);
        if self.flags.len() > FLAGS_KEPT {
            self.flags.remove(0);
        }
    }

    /// Sequence of the next posting, from 1.
    #[must_use]
    pub fn next_sequence(&self) -> i32 {
        // Two thousand million postings of one order do not happen; should they, the posting ids still differ by what they cover.
        self.posted.sequence.saturating_add(1)
    }
}

/// Remembers an event that moves no amounts. Gives false if it was there before.
fn seen_first(envelope: &Envelope<'_>, memory: &mut dyn Memory) -> bool {
    let placed = memory.recall(envelope.source, envelope.event_id).unwrap_or(Remembered::NOT_SEEN);
    if placed.kind != RememberedKind::NotSeen {
        return false;
    }
    memory.remember(envelope.source, envelope.event_id, &Remembered { kind: RememberedKind::Report, in_effect: true, ..placed });
    true
}
