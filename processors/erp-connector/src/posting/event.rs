//! What happens to a document, and what follows.

use lineside_schemas::Timestamp;

use super::line::{FoundLine, Place};
use super::state::{Refused, Settler};

/// What a document becomes, and what follows.
pub type Stepped = (super::Posting, Vec<Effect>);

/// Something that happened.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Event {
    /// It is the first of its order that is not settled.
    First,
    /// One that goes before it came after it, and it was not sent yet.
    Overtaken,
    /// There is room for a call, and its time has come: to send, to read back, to look for news, whatever its state asks for.
    Admitted,
    /// An attempt was answered, or not.
    Answered {
        /// Which, from 1.
        attempt: u32,
        /// How.
        answer: Answer,
    },
    /// A reading was answered, or not.
    Read {
        /// Which, from 1.
        reading: u32,
        /// What was found; none where the answer says nothing.
        found: Option<Vec<FoundLine>>,
    },
    /// The deadline of a call passed, and what may still have come of its answer did not come.
    Overdue,
    /// A person says what became of it.
    Settled {
        /// Who and why.
        by: Settler,
        /// What.
        verdict: Verdict,
    },
}

/// How an attempt ended.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Answer {
    /// The ERP says what it booked. Lines that it does not name are not known.
    Booked(Vec<FoundLine>),
    /// The ERP refused.
    Refused(Refused),
    /// Nothing that can be relied on: no answer, an error of the ERP itself, a torn answer, one about another document.
    Lost,
    /// Nothing left our side, and nothing will.
    Unsent {
        /// Not to be sent again before.
        not_before: Option<Timestamp>,
    },
}

/// What a person says.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Verdict {
    /// It is booked there.
    Posted(Place),
    /// It is not booked: it is to be sent.
    NotPosted,
    /// It is not booked and is not to be sent.
    Rejected,
}

/// What follows.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Effect {
    /// Send the open lines, once this is recorded.
    Send {
        /// Number of the attempt, from 1.
        attempt: u32,
        /// Not after it.
        deadline: Timestamp,
    },
    /// Read back by the key, once this is recorded.
    Read {
        /// Number of the reading, from 1.
        reading: u32,
        /// Not after it.
        deadline: Timestamp,
    },
    /// Tell the outcome as it stands.
    Tell {
        /// The connector is done with it.
        is_final: bool,
        /// Open lines are in doubt; else they are refused for now or for good.
        in_doubt: bool,
        /// Something to add.
        note: Option<String>,
    },
    /// A person's word came too late or too early, and was not followed.
    Declined,
}
