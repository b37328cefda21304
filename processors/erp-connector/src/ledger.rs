//! The ledger: one entry per document, and indexes that lead to it by order and by time. All in one store, so in one changelog.
//!
//! Timers are keys: what is due first stands first. Names in keys are escaped, so that a `/` in an order's number does not make it another order's.

use lineside_schemas::Timestamp;
use lineside_schemas::records::{ErpDocumentKind, ErpLedgerEntry, LedgerDocument, LedgerRefusal, LedgerState, Remedy as StoredRemedy, SettledBy};
use serde_json::{Map, Value};

use crate::dialect::Kind;
use crate::outcome::{line_of, stored_line};
use crate::posting::{Posting, Refusal, Refused, Remedy, Settler, State};

/// A document and how far it is.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// Its id.
    pub id: String,
    /// Its kind.
    pub kind: Kind,
    /// The record that it came in, as JSON.
    pub content: Map<String, Value>,
    /// Idempotency key.
    pub key: String,
    /// Plant.
    pub plant: String,
    /// Production order.
    pub order: String,
    /// Sequence of its posting within the order.
    pub sequence: i32,
    /// Its posting.
    pub posting_id: String,
    /// Correlation of the order's story.
    pub correlation_id: String,
    /// How far it is.
    pub posting: Posting,
}

/// What a timer is for. Readings go before sendings, and looking for news comes last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Turn {
    /// To be read back.
    Read,
    /// To be sent.
    Send,
    /// To be looked at.
    Look,
}

impl Turn {
    /// All, in the order in which they are served.
    pub const ALL: [Self; 3] = [Self::Read, Self::Send, Self::Look];

    /// Beginning of its keys.
    #[must_use]
    pub const fn prefix(self) -> &'static str {
        match self {
            Self::Read => "r/",
            Self::Send => "s/",
            Self::Look => "p/",
        }
    }
}

/// Beginning of the queues of orders.
pub const QUEUES: &str = "q/";
/// Beginning of the keys of calls under way.
pub const UNDER_WAY: &str = "o/";

/// Key of a document.
#[must_use]
pub fn document_key(id: &str) -> String {
    format!("d/{id}")
}

/// Beginning of the queue of an order.
#[must_use]
pub fn queue_prefix(plant: &str, order: &str) -> String {
    format!("q/{}/{}/", escaped(plant), escaped(order))
}

/// Beginning of a plant's timers.
#[must_use]
pub fn plant_prefix(turn: Turn, plant: &str) -> String {
    format!("{}{plant}/", turn.prefix())
}

/// The key after all that begin with `prefix`, which ends with a slash.
#[must_use]
pub fn after_prefix(prefix: &str) -> String {
    // '0' is the character after '/'.
    format!("{}0", prefix.trim_end_matches('/'))
}

/// The plant (escaped, as it stands in the key) and the time of a timer.
#[must_use]
pub fn plant_and_time(key: &str) -> Option<(&str, Timestamp)> {
    let (plant, rest) = key.split_once('/')?.1.split_once('/')?;
    Some((plant, time_of(rest)?))
}

/// The deadline of a call under way.
#[must_use]
pub fn deadline_of(key: &str) -> Option<Timestamp> {
    time_of(key.strip_prefix(UNDER_WAY)?)
}

fn time_of(rest: &str) -> Option<Timestamp> {
    rest.split_once('/')?.0.parse().ok().map(Timestamp::from_micros)
}

/// A name as it stands in a key.
#[must_use]
pub fn escaped(name: &str) -> String {
    name.replace('%', "%25").replace('/', "%2F")
}

impl Entry {
    /// Its place in its order's queue, while it keeps others waiting.
    #[must_use]
    pub fn queue_key(&self) -> Option<String> {
        let kind = u8::from(self.kind == Kind::GoodsMovement);
        (!self.posting.lets_pass()).then(|| format!("{}{:010}/{kind}/{}", queue_prefix(&self.plant, &self.order), self.sequence.max(0), self.id))
    }

    /// Its timer.
    #[must_use]
    pub fn timer_key(&self, grace: i64) -> Option<String> {
        let plant = escaped(&self.plant);
        let timer = |turn: Turn, due: Timestamp| format!("{}{plant}/{:020}/{}", turn.prefix(), due.micros().max(0), self.id);
        match self.posting.state {
            State::Queued { due } | State::Held { due } => Some(timer(Turn::Send, due)),
            State::Doubt { due } => Some(timer(Turn::Read, due)),
            State::Settled { due } => Some(timer(Turn::Look, due)),
            State::Intent { deadline } | State::Reading { deadline } | State::Watching { deadline } => {
                // A little later than the deadline, so that an answer of the last moment is not overtaken.
                Some(format!("{UNDER_WAY}{:020}/{}", deadline.saturating_add_micros(grace).micros().max(0), self.id))
            }
            State::Waiting | State::Over => None,
        }
    }

    /// Calls `with` with its stored form.
    pub fn stored<T>(&self, with: impl FnOnce(&ErpLedgerEntry<'_>) -> T) -> T {
        let content = Value::Object(self.content.clone()).to_string();
        let posting = &self.posting;
        let (state, until) = stored_state(posting.state);
        let refusal = posting.refusal.as_ref().map(|refused| LedgerRefusal {
            error_class: &refused.refusal.class,
            error_number: refused.refusal.number.as_deref(),
            error_text: refused.refusal.text.as_deref(),
            remedy: match refused.remedy {
                Remedy::Retry => StoredRemedy::Retry,
                Remedy::Owner => StoredRemedy::Owner,
                Remedy::Reject => StoredRemedy::Reject,
            },
            not_before: refused.not_before,
        });
        let document = LedgerDocument {
            kind: stored_kind(self.kind),
            content: &content,
            key: &self.key,
            plant: &self.plant,
            order: &self.order,
            sequence: self.sequence,
            posting_id: &self.posting_id,
            correlation_id: &self.correlation_id,
            state,
            until,
            arrived: posting.arrived,
            attempts: int(posting.attempts),
            first_sent: posting.first_sent,
            tries: int(posting.tries),
            readings: int(posting.readings),
            fruitless: int(posting.fruitless),
            refusal,
            doubtful_since: posting.doubtful_since,
            held_since: posting.held_since,
            settled_since: posting.settled_since,
            doubt_told: posting.doubt_told,
            final_told: posting.final_told,
            told: int(posting.told),
            settled_by: posting.settled_by.as_ref().map(|by| SettledBy { who: &by.who, why: &by.why }),
            lines: posting.lines.iter().map(stored_line).collect(),
        };
        with(&ErpLedgerEntry { document_id: &self.id, document: Some(Box::new(document)) })
    }

    /// From its stored form; none if it is an index, or nothing that this version wrote.
    #[must_use]
    pub fn read(stored: &ErpLedgerEntry<'_>) -> Option<Self> {
        let document = stored.document.as_ref()?;
        let Ok(Value::Object(content)) = serde_json::from_str(document.content) else { return None };
        let refusal = document.refusal.as_ref().map(|refusal| Refused {
            refusal: Refusal { class: refusal.error_class.to_owned(), number: refusal.error_number.map(str::to_owned), text: refusal.error_text.map(str::to_owned) },
            remedy: match refusal.remedy {
                StoredRemedy::Reject => Remedy::Reject,
                StoredRemedy::Retry => Remedy::Retry,
                StoredRemedy::Owner | StoredRemedy::Unknown => Remedy::Owner,
            },
            not_before: refusal.not_before,
        });
        let posting = Posting {
            seed: crate::posting::state::seed_of(stored.document_id),
            arrived: document.arrived,
            state: state_of(document.state, document.until)?,
            lines: document.lines.iter().map(line_of).collect(),
            attempts: unsigned(document.attempts),
            first_sent: document.first_sent,
            tries: unsigned(document.tries),
            readings: unsigned(document.readings),
            fruitless: unsigned(document.fruitless),
            refusal,
            doubtful_since: document.doubtful_since,
            held_since: document.held_since,
            settled_since: document.settled_since,
            doubt_told: document.doubt_told,
            final_told: document.final_told,
            told: unsigned(document.told),
            settled_by: document.settled_by.as_ref().map(|by| Settler { who: by.who.to_owned(), why: by.why.to_owned() }),
        };
        Some(Self {
            id: stored.document_id.to_owned(),
            kind: match document.kind {
                ErpDocumentKind::Confirmation => Kind::Confirmation,
                ErpDocumentKind::GoodsMovement => Kind::GoodsMovement,
                ErpDocumentKind::Unknown => return None,
            },
            content,
            key: document.key.to_owned(),
            plant: document.plant.to_owned(),
            order: document.order.to_owned(),
            sequence: document.sequence,
            posting_id: document.posting_id.to_owned(),
            correlation_id: document.correlation_id.to_owned(),
            posting,
        })
    }
}

/// The contract's word for a kind.
#[must_use]
pub const fn stored_kind(kind: Kind) -> ErpDocumentKind {
    match kind {
        Kind::Confirmation => ErpDocumentKind::Confirmation,
        Kind::GoodsMovement => ErpDocumentKind::GoodsMovement,
    }
}

const fn stored_state(state: State) -> (LedgerState, Option<Timestamp>) {
    match state {
        State::Waiting => (LedgerState::Waiting, None),
        State::Queued { due } => (LedgerState::Queued, Some(due)),
        State::Intent { deadline } => (LedgerState::Intent, Some(deadline)),
        State::Doubt { due } => (LedgerState::Doubt, Some(due)),
        State::Reading { deadline } => (LedgerState::Reading, Some(deadline)),
        State::Held { due } => (LedgerState::Held, Some(due)),
        State::Settled { due } => (LedgerState::Settled, Some(due)),
        State::Watching { deadline } => (LedgerState::Watching, Some(deadline)),
        State::Over => (LedgerState::Over, None),
    }
}

fn state_of(state: LedgerState, until: Option<Timestamp>) -> Option<State> {
    Some(match (state, until) {
        (LedgerState::Waiting, _) => State::Waiting,
        (LedgerState::Over, _) => State::Over,
        (LedgerState::Queued, Some(due)) => State::Queued { due },
        (LedgerState::Intent, Some(deadline)) => State::Intent { deadline },
        (LedgerState::Doubt, Some(due)) => State::Doubt { due },
        (LedgerState::Reading, Some(deadline)) => State::Reading { deadline },
        (LedgerState::Held, Some(due)) => State::Held { due },
        (LedgerState::Settled, Some(due)) => State::Settled { due },
        (LedgerState::Watching, Some(deadline)) => State::Watching { deadline },
        _ => return None,
    })
}

fn int(number: u32) -> i32 {
    i32::try_from(number).unwrap_or(i32::MAX)
}

fn unsigned(number: i32) -> u32 {
    u32::try_from(number).unwrap_or(0)
}
