//! The connector at work: records and answers in, ledger entries, calls and outcomes out. Nothing that matters is only in memory.

use std::collections::{BTreeMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use lineside_api::{Answer as Ended, CallError, Context, Processor, Record, Refusal, Request};
use lineside_outbound::{Call, Reply, http_date};
use lineside_schemas::Timestamp;
use lineside_schemas::records::{ErpLedgerEntry as Index, PostingSettlement, SettlementVerdict};
use lineside_topology::processors::ERP_LEDGER;
use lineside_topology::topics::ERP_POSTING_OUTCOMES;

use crate::batch;
use crate::census::{Census, Count};
use crate::dialect::file::Batch;
use crate::dialect::{Dialect, Health, UNMAPPABLE};
use crate::gate::{Gate, Shut};
use crate::incoming::{Incoming, Read, Views};
use crate::ledger::{Entry, QUEUES, Turn, UNDER_WAY, after_prefix, deadline_of, document_key, plant_and_time, plant_prefix, queue_prefix};
use crate::outcome;
use crate::posting::{Answer, Effect, Event, Fate, Place, Policy, Refused, Remedy, Settler, State, Verdict, step};
use crate::request::{CallId, Purpose};

/// Counter: documents read again that the ledger has.
pub const DUPLICATES: &str = "duplicates";
/// Counter: words of people that did not fit the document's state.
pub const DECLINED: &str = "settlements_declined";
/// How often the ledger is counted for the metrics.
const COUNT_EVERY: i64 = 10_000_000;
/// Most documents that are counted.
const COUNT_MOST: usize = 20_000;
/// Most that one tick does of a kind, so that a batch stays small.
const TICK_MOST: usize = 500;

/// Books documents in an ERP.
#[derive(Debug)]
pub struct Connector {
    dialect: Arc<Dialect>,
    policy: Policy,
    gate: Arc<Mutex<Gate>>,
    views: Views,
    /// The latest time that was told. Never used to decide that something is over, only that it is not.
    now: Timestamp,
    /// The plant that is asked first next time.
    turn: usize,
    /// Calls that this processor holds a place for.
    held: HashSet<String>,
    /// Most documents in one call, where the ERP takes several.
    together: usize,
    /// Calls that are being gathered for one.
    gathering: Option<Vec<(CallId, Call)>>,
    /// What is shown of the ledger.
    census: Option<Census>,
    /// When a partition was last counted.
    counted: BTreeMap<i32, Timestamp>,
}

impl Connector {
    /// A connector. The gate is shared by all that call the same ERP.
    #[must_use]
    pub fn new(dialect: Arc<Dialect>, policy: Policy, gate: Arc<Mutex<Gate>>) -> Self {
        Self {
            dialect,
            policy,
            gate,
            views: Views::new(),
            now: Timestamp::MIN,
            turn: 0,
            held: HashSet::new(),
            together: 1,
            gathering: None,
            census: None,
            counted: BTreeMap::new(),
        }
    }

    /// With up to so many documents in one call, where the dialect has batches.
    #[must_use]
    pub const fn with_batches(mut self, together: usize) -> Self {
        self.together = together;
        self
    }

    /// Shows what the ledger holds.
    #[must_use]
    pub fn with_census(mut self, census: Census) -> Self {
        self.census = Some(census);
        self
    }

    fn gate(&self) -> MutexGuard<'_, Gate> {
        // A gate is whole after each of its calls.
        self.gate.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A document that was read.
    fn arrived(&mut self, mut entry: Entry, cx: &mut Context<'_>) {
        if cx.get(ERP_LEDGER, &document_key(&entry.id)).is_some() {
            cx.count(DUPLICATES);
            return;
        }
        // A document without a key cannot be sent, and says so when its turn comes.
        entry.key = self.dialect.key(entry.kind, &entry.content).unwrap_or_default();
        self.save(None, &entry, cx);
        let now = self.now.max(entry.posting.arrived);
        let prefix = queue_prefix(&entry.plant, &entry.order);
        let Some(own) = entry.queue_key() else { return };
        let Some((first, _)) = cx.first_from(ERP_LEDGER, &prefix).map(|(key, value)| (key, value.document_id.to_owned())) else { return };
        if first != own {
            return;
        }
        // One that was the first until now goes back, if it was not sent yet.
        let behind = format!("{own}\u{0}");
        let second = cx.first_from(ERP_LEDGER, &behind).filter(|(key, _)| key.starts_with(&prefix)).map(|(_, value)| value.document_id.to_owned());
        if let Some(second) = second.and_then(|id| Self::load(&id, cx)) {
            let second = self.happens(second, Event::Overtaken, now, cx);
            if second.posting.state != State::Waiting {
                return;
            }
        }
        self.happens(entry, Event::First, now, cx);
    }

    fn settled(&mut self, said: &PostingSettlement<'_>, cx: &mut Context<'_>) {
        let entry = Self::load(said.document_id, cx);
        let verdict = match said.verdict {
            SettlementVerdict::Posted => Some(Verdict::Posted(Place { document: said.document.map(str::to_owned), year: said.year.map(str::to_owned), item: None })),
            SettlementVerdict::NotPosted => Some(Verdict::NotPosted),
            SettlementVerdict::Rejected => Some(Verdict::Rejected),
            SettlementVerdict::Unknown => None,
        };
        let (Some(entry), Some(verdict)) = (entry, verdict) else {
            cx.count(DECLINED);
            return;
        };
        let by = Settler { who: said.settled_by.who.to_owned(), why: said.settled_by.why.to_owned() };
        let now = self.now.max(said.time);
        self.happens(entry, Event::Settled { by, verdict }, now, cx);
    }

    fn load(id: &str, cx: &mut Context<'_>) -> Option<Entry> {
        cx.get(ERP_LEDGER, &document_key(id)).and_then(|stored| Entry::read(&stored))
    }

    /// Writes an entry and the indexes that lead to it.
    fn save(&self, before: Option<&Entry>, entry: &Entry, cx: &mut Context<'_>) {
        let grace = self.policy.skew;
        let index = Index { document_id: &entry.id, document: None };
        let mut moved = |was: Option<String>, is: Option<String>| {
            if was != is {
                if let Some(key) = was {
                    cx.delete(ERP_LEDGER, &key);
                }
                if let Some(key) = is {
                    cx.put(ERP_LEDGER, &key, &index);
                }
            }
        };
        moved(before.and_then(Entry::queue_key), entry.queue_key());
        moved(before.and_then(|before| before.timer_key(grace)), entry.timer_key(grace));
        if entry.posting.state == State::Over {
            cx.delete(ERP_LEDGER, &document_key(&entry.id));
        } else {
            entry.stored(|stored| cx.put(ERP_LEDGER, &document_key(&entry.id), stored));
        }
    }

    /// Something happens to a document: its next state is kept, and what follows is done.
    fn happens(&mut self, entry: Entry, event: Event, now: Timestamp, cx: &mut Context<'_>) -> Entry {
        let before = entry.clone();
        let Entry { posting, .. } = entry;
        let (posting, effects) = step(posting, event, now, &self.policy);
        let mut entry = Entry { posting, ..before.clone() };
        if entry.posting != before.posting {
            self.save(Some(&before), &entry, cx);
        }
        for effect in effects {
            match effect {
                Effect::Send { attempt, deadline } => match self.dialect.post(entry.kind, &entry.content, &entry.posting.lines, attempt, &http_date(now)) {
                    Ok(call) => self.request(CallId { document: entry.id.clone(), purpose: Purpose::Attempt, number: attempt }, call, deadline, cx),
                    Err(wrong) => {
                        let refusal = crate::posting::Refusal { class: UNMAPPABLE.to_owned(), number: None, text: Some(wrong.to_string()) };
                        let refused = Refused { refusal, remedy: Remedy::Owner, not_before: None };
                        self.withdraw(&CallId { document: entry.id.clone(), purpose: Purpose::Attempt, number: attempt });
                        entry = self.happens(entry, Event::Answered { attempt, answer: Answer::Refused(refused) }, now, cx);
                    }
                },
                Effect::Read { reading, deadline } => {
                    let id = CallId { document: entry.id.clone(), purpose: Purpose::Reading, number: reading };
                    if let Ok(Some(call)) = self.dialect.read(entry.kind, &entry.content) {
                        self.request(id, call, deadline, cx);
                    } else {
                        // A document without a key never left, so there is nothing of it to be found.
                        self.withdraw(&id);
                        entry = self.happens(entry, Event::Read { reading, found: Some(Vec::new()) }, now, cx);
                    }
                }
                Effect::Tell { is_final, in_doubt, note } => {
                    cx.count(told_as(&entry, is_final, in_doubt));
                    let key = format!("{}/{}", entry.plant, entry.order);
                    outcome::tell(&entry, is_final, in_doubt, note.as_deref(), now, |outcome| cx.send(ERP_POSTING_OUTCOMES, &key, outcome));
                }
                Effect::Declined => cx.count(DECLINED),
            }
        }
        if entry.posting.lets_pass() && !before.posting.lets_pass() {
            self.next_of(&entry, now, cx);
        }
        entry
    }

    /// The next of its order may go.
    fn next_of(&mut self, passed: &Entry, now: Timestamp, cx: &mut Context<'_>) {
        let prefix = queue_prefix(&passed.plant, &passed.order);
        let next = cx.first_from(ERP_LEDGER, &prefix).filter(|(key, _)| key.starts_with(&prefix)).map(|(_, value)| value.document_id.to_owned());
        if let Some(entry) = next.and_then(|id| Self::load(&id, cx)) {
            self.happens(entry, Event::First, now, cx);
        }
    }

    fn request(&mut self, id: CallId, call: Call, deadline: Timestamp, cx: &mut Context<'_>) {
        match &mut self.gathering {
            Some(gathered) => gathered.push((id, call)),
            None => hand_over(id.to_string(), &call, deadline, cx),
        }
    }

    fn withdraw(&mut self, id: &CallId) {
        let id = id.to_string();
        self.held.remove(&id);
        self.gate().withdrawn(&id);
    }

    /// Calls whose deadline passed without a word.
    fn overdue(&mut self, now: Timestamp, cx: &mut Context<'_>) {
        for _ in 0..TICK_MOST {
            let next = cx.first_from(ERP_LEDGER, UNDER_WAY).filter(|(key, _)| deadline_of(key).is_some_and(|deadline| deadline <= now));
            let Some((key, id)) = next.map(|(key, value)| (key, value.document_id.to_owned())) else { return };
            match Self::load(&id, cx) {
                Some(entry) if entry.timer_key(self.policy.skew).as_ref() == Some(&key) => {
                    self.happens(entry, Event::Overdue, now, cx);
                }
                _ => cx.delete(ERP_LEDGER, &key),
            }
        }
    }

    /// Makes the calls whose time has come and for which there is room: readings first, each plant in turn.
    fn dispatch(&mut self, now: Timestamp, cx: &mut Context<'_>) {
        let mut made = 0;
        for turn in Turn::ALL {
            let mut plants = plants(turn, now, cx);
            if plants.is_empty() {
                continue;
            }
            self.turn = self.turn.wrapping_add(1);
            let offset = self.turn % plants.len();
            plants.rotate_left(offset);
            while !plants.is_empty() && made < TICK_MOST {
                if !self.gate().is_open(now) {
                    return;
                }
                plants.retain(|plant| {
                    if made >= TICK_MOST {
                        return false;
                    }
                    made += 1;
                    self.dispatch_one(turn, plant, now, cx)
                });
            }
        }
    }

    /// Makes one call for a plant; false if it has none that may be made now.
    fn dispatch_one(&mut self, turn: Turn, plant: &str, now: Timestamp, cx: &mut Context<'_>) -> bool {
        let Some(entry) = self.due(turn, plant, now, cx) else { return false };
        let call = match turn {
            Turn::Send => CallId { document: entry.id.clone(), purpose: Purpose::Attempt, number: entry.posting.attempts + 1 },
            Turn::Read | Turn::Look => CallId { document: entry.id.clone(), purpose: Purpose::Reading, number: entry.posting.readings + 1 },
        };
        let id = call.to_string();
        // Its place is kept a little longer than it may take, so that its own end frees it.
        let until = now.saturating_add_micros(self.policy.call.saturating_add(self.policy.skew));
        let admitted = self.gate().admit(&id, plant, until, now);
        match admitted {
            Ok(()) => {
                self.held.insert(id);
                match self.dialect.batch_for(entry.kind, &entry.content).filter(|_| turn == Turn::Send && self.together > 1).cloned() {
                    Some(batch) => self.send_together(&batch, entry, plant, now, cx),
                    None => {
                        self.happens(entry, Event::Admitted, now, cx);
                    }
                }
                true
            }
            Err(Shut::Plant | Shut::All) => false,
        }
    }

    /// The document of a plant whose time has come first.
    fn due(&self, turn: Turn, plant: &str, now: Timestamp, cx: &mut Context<'_>) -> Option<Entry> {
        let prefix = plant_prefix(turn, plant);
        loop {
            let next = cx.first_from(ERP_LEDGER, &prefix).filter(|(key, _)| key.starts_with(&prefix));
            let (key, id) = next.map(|(key, value)| (key, value.document_id.to_owned()))?;
            if plant_and_time(&key).is_none_or(|(_, due)| due > now) {
                return None;
            }
            match Self::load(&id, cx) {
                Some(entry) if entry.timer_key(self.policy.skew).as_ref() == Some(&key) => return Some(entry),
                _ => cx.delete(ERP_LEDGER, &key),
            }
        }
    }

    /// Sends a document, and with it those of its kind whose time has come: one call, one place.
    fn send_together(&mut self, batch: &Batch, first: Entry, plant: &str, now: Timestamp, cx: &mut Context<'_>) {
        let kind = first.kind;
        self.gathering = Some(Vec::new());
        let mut next = Some(first);
        for _ in 0..batch.most.min(self.together) {
            let Some(entry) =
                next.take().or_else(|| self.due(Turn::Send, plant, now, cx)).filter(|entry| entry.kind == kind && self.dialect.batch_for(kind, &entry.content).is_some())
            else {
                break;
            };
            self.happens(entry, Event::Admitted, now, cx);
        }
        let gathered = self.gathering.take().unwrap_or_default();
        let deadline = now.saturating_add_micros(self.policy.call);
        match &gathered[..] {
            [] => {}
            [(id, call)] => hand_over(id.to_string(), call, deadline, cx),
            many => hand_over(batch::id_of(many), &batch::call_of(batch, many), deadline, cx),
        }
    }

    /// Counts what is not settled, every few seconds.
    fn count(&mut self, now: Timestamp, cx: &mut Context<'_>) {
        let Some(census) = self.census.clone() else { return };
        census.show(self.gate().phase());
        let partition = cx.partition();
        if self.counted.get(&partition).is_some_and(|last| last.saturating_add_micros(COUNT_EVERY) > now) {
            return;
        }
        self.counted.insert(partition, now);
        let mut count = Count::default();
        let mut from = QUEUES.to_owned();
        for _ in 0..COUNT_MOST {
            let next = cx.first_from(ERP_LEDGER, &from).filter(|(key, _)| key.starts_with(QUEUES)).map(|(key, value)| (key, value.document_id.to_owned()));
            let Some((key, id)) = next else { break };
            if let Some(entry) = Self::load(&id, cx) {
                count.add(&entry.posting);
            }
            from = format!("{key}\0");
        }
        census.counted(partition, count, now);
    }

    fn ended(&mut self, id: &str, health: Health, now: Timestamp) {
        self.held.remove(id);
        self.gate().ended(id, health, now);
    }
}

impl Drop for Connector {
    /// After an aborted batch the runtime makes a new processor: the places of this one's calls are free again.
    fn drop(&mut self) {
        let mut gate = self.gate.lock().unwrap_or_else(PoisonError::into_inner);
        for id in &self.held {
            gate.withdrawn(id);
        }
    }
}

/// Counter of an outcome.
fn told_as(entry: &Entry, is_final: bool, in_doubt: bool) -> &'static str {
    let any = |fits: fn(&Fate) -> bool| entry.posting.lines.iter().any(|line| fits(&line.fate));
    if in_doubt {
        "in_doubt"
    } else if !entry.posting.is_settled() {
        "held"
    } else if !is_final && any(|fate| matches!(fate, Fate::Parked(..))) {
        "parked"
    } else if any(|fate| matches!(fate, Fate::Cancelled(_))) {
        "cancelled"
    } else if any(|fate| matches!(fate, Fate::Rejected(_))) {
        "rejected"
    } else {
        "posted"
    }
}

/// Stages a call, which leaves once the transaction is committed.
fn hand_over(id: String, call: &Call, deadline: Timestamp, cx: &mut Context<'_>) {
    let body = serde_json::to_vec(call).expect("texts in a struct are JSON");
    cx.request(Request { id, deadline, body });
}

/// Plants that have something due, in the order of their names.
fn plants(turn: Turn, now: Timestamp, cx: &mut Context<'_>) -> Vec<String> {
    let mut plants = Vec::new();
    let mut from = turn.prefix().to_owned();
    while let Some((key, _)) = cx.first_from(ERP_LEDGER, &from).filter(|(key, _)| key.starts_with(turn.prefix())) {
        let Some((plant, due)) = plant_and_time(&key) else { break };
        if due <= now {
            plants.push(plant.to_owned());
        }
        from = after_prefix(&plant_prefix(turn, plant));
    }
    plants
}

impl Processor for Connector {
    type Input = Incoming;

    fn process(&mut self, record: Record<'_, '_, Read<'_>>, cx: &mut Context<'_>) -> Result<(), Refusal> {
        let now = self.now.max(record.raw.time);
        let entry = match &record.value {
            Read::Confirmation(document) => self.views.confirmation(document, now),
            Read::GoodsMovement(document) => self.views.goods_movement(document, now),
            Read::Settlement(said) => {
                self.settled(said, cx);
                return Ok(());
            }
        };
        match entry {
            Ok(entry) => {
                self.arrived(entry, cx);
                Ok(())
            }
            Err(error) => Err(Refusal::application("undecodable-record", error.to_string())),
        }
    }

    fn tick(&mut self, now: Timestamp, cx: &mut Context<'_>) {
        self.now = self.now.max(now);
        self.overdue(now, cx);
        self.dispatch(now, cx);
        self.count(now, cx);
    }

    fn answer(&mut self, ended: Ended, cx: &mut Context<'_>) {
        let ids = batch::ids(&ended.id);
        let Some(place) = ids.first().map(CallId::to_string) else { return };
        // What was not answered at all is found by its deadline.
        let read = match ended.body {
            Ok(body) => crate::request::read(&body),
            Err(CallError::NotBegun(reason)) => Some((self.now, Reply::Unsent { reason, retry_after: None })),
            Err(CallError::InDoubt(_)) => None,
        };
        let Some((at, reply)) = read else {
            self.ended(&place, Health::Failing(None), self.now);
            return;
        };
        let now = self.now.max(at);
        self.ended(&place, self.dialect.health(&reply, now), now);
        let replies = if ids.len() == 1 { ids.into_iter().map(|id| (id, reply.clone())).collect() } else { batch::replies(ids, &reply) };
        for (id, reply) in replies {
            self.said(&id, &reply, now, cx);
        }
    }
}

impl Connector {
    /// What the ERP said to a call.
    fn said(&mut self, id: &CallId, reply: &Reply, now: Timestamp, cx: &mut Context<'_>) {
        let Some(entry) = Self::load(&id.document, cx) else { return };
        let event = match id.purpose {
            Purpose::Attempt => Event::Answered { attempt: id.number, answer: self.dialect.answer(entry.kind, &entry.content, reply, now) },
            Purpose::Reading => Event::Read { reading: id.number, found: self.dialect.reading(entry.kind, &entry.content, reply) },
        };
        self.happens(entry, event, now, cx);
    }
}
