//! How far a document is on its way into the ERP.

use lineside_schemas::Timestamp;

use super::line::{Fate, Line, Refusal};

/// A document on its way into the ERP: what the ledger keeps of it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Posting {
    /// Of its id; spreads its waits.
    pub seed: u64,
    /// When it was read from its topic.
    pub arrived: Timestamp,
    /// Where it is.
    pub state: State,
    /// Its lines.
    pub lines: Vec<Line>,
    /// Calls that were recorded to be made.
    pub attempts: u32,
    /// When the first of them was recorded.
    pub first_sent: Option<Timestamp>,
    /// Attempts since somebody or something last changed the prospects.
    pub tries: u32,
    /// Readings that were recorded to be made.
    pub readings: u32,
    /// Readings, since the doubt or the watching began, that told nothing new.
    pub fruitless: u32,
    /// What the last attempt was answered, where it was refused.
    pub refusal: Option<Refused>,
    /// Since when it is not known what became of an attempt.
    pub doubtful_since: Option<Timestamp>,
    /// Since when its owner has to act.
    pub held_since: Option<Timestamp>,
    /// Since when only news are waited for.
    pub settled_since: Option<Timestamp>,
    /// That it is in doubt was told.
    pub doubt_told: bool,
    /// The final outcome was told.
    pub final_told: bool,
    /// Outcomes told so far.
    pub told: u32,
    /// Who settled it, and why.
    pub settled_by: Option<Settler>,
}

/// Where a document is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum State {
    /// Behind others of its order.
    Waiting,
    /// To be sent, from then on.
    Queued {
        /// Earliest time.
        due: Timestamp,
    },
    /// That it will be sent is recorded; the call leaves when the record is committed, and not after the deadline.
    Intent {
        /// After it no call may be under way from our side.
        deadline: Timestamp,
    },
    /// An attempt may have been booked. To be read back from then on: nothing sent before can still be booked by then.
    Doubt {
        /// Earliest time.
        due: Timestamp,
    },
    /// It is being read back.
    Reading {
        /// After it no answer is waited for.
        deadline: Timestamp,
    },
    /// Refused for a cause that its owner has to mend; tried again from then on.
    Held {
        /// Earliest time.
        due: Timestamp,
    },
    /// The ERP has all that it takes. What comes is news; looked for from then on.
    Settled {
        /// Earliest time.
        due: Timestamp,
    },
    /// News are being looked for.
    Watching {
        /// After it no answer is waited for.
        deadline: Timestamp,
    },
    /// Nothing more is looked for: the ledger may forget it.
    Over,
}

/// A refusal and what is to be done about it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Refused {
    /// What the ERP said.
    pub refusal: Refusal,
    /// Who has to do something about it.
    pub remedy: Remedy,
    /// Not to be sent again before.
    pub not_before: Option<Timestamp>,
}

/// What helps against a refusal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Remedy {
    /// Time: it is sent again.
    Retry,
    /// An owner, who mends the cause: it is held, and tried now and then.
    Owner,
    /// Nothing: it is rejected.
    Reject,
}

/// A person who settled a document.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Settler {
    /// Who.
    pub who: String,
    /// Why.
    pub why: String,
}

/// What spreads the waits of the document of that id.
#[must_use]
pub fn seed_of(id: &str) -> u64 {
    lineside_schemas::ids::id_fingerprint("erp-connector", id)
}

impl Posting {
    /// A document that was just read; `id` is its own.
    #[must_use]
    pub fn new(id: &str, lines: Vec<Line>, now: Timestamp) -> Self {
        Self {
            seed: seed_of(id),
            arrived: now,
            state: State::Waiting,
            lines,
            attempts: 0,
            first_sent: None,
            tries: 0,
            readings: 0,
            fruitless: 0,
            refusal: None,
            doubtful_since: None,
            held_since: None,
            settled_since: None,
            doubt_told: false,
            final_told: false,
            told: 0,
            settled_by: None,
        }
    }

    /// Every line is settled.
    #[must_use]
    pub fn is_settled(&self) -> bool {
        self.lines.iter().all(|line| line.fate.is_settled())
    }

    /// Lines that are to be sent.
    pub fn open_lines(&self) -> impl Iterator<Item = &Line> {
        self.lines.iter().filter(|line| !line.fate.is_settled())
    }

    /// Something is parked.
    #[must_use]
    pub fn is_parked(&self) -> bool {
        self.lines.iter().any(|line| matches!(line.fate, Fate::Parked(..)))
    }

    /// The next document of its order may go.
    #[must_use]
    pub const fn lets_pass(&self) -> bool {
        matches!(self.state, State::Settled { .. } | State::Watching { .. } | State::Over)
    }
}
