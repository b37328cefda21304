//! What became of a raw record.

use lineside_schemas::records::DeadLetter;
use lineside_schemas::{Codec, CodecError, Timestamp, contract};

use crate::dead_letters::place::Place;
use crate::parked::waiting::Waiting;

/// Everything that the processors made of one raw record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Made {
    /// Where the record stands on its raw topic.
    pub place: Place,
    /// Its events, in the order of the mapping.
    pub events: Vec<Event>,
    /// What it waits for, if it waits: for master data, or behind a record that does.
    pub waits: Option<Waiting>,
    /// Dead letters: of the record, or of what was made of it.
    pub letters: Vec<Output>,
    /// Records on the topics behind.
    pub outputs: Vec<Output>,
}

/// A canonical event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// Topic that it is meant for.
    pub topic: String,
    /// Key of its aggregate.
    pub key: String,
    /// Its id.
    pub event_id: String,
    /// Wire format.
    pub payload: Vec<u8>,
    /// What deduplication made of it.
    pub outcome: Outcome,
}

/// What deduplication made of an event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// Passed on.
    New,
    /// Known with the same content; dropped.
    Duplicate,
    /// Refused, with this code.
    Refused(String),
}

impl Outcome {
    /// In a word.
    #[must_use]
    pub const fn word(&self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Duplicate => "duplicate",
            Self::Refused(_) => "refused",
        }
    }
}

/// A record of a topic.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Output {
    /// Topic.
    pub topic: String,
    /// Offset; each topic has one partition.
    pub offset: i64,
    /// Its time.
    pub written: Timestamp,
    /// Key.
    pub key: String,
    /// Wire format.
    pub value: Vec<u8>,
}

impl Output {
    /// Where it stands.
    #[must_use]
    pub fn place(&self) -> Place {
        Place { topic: self.topic.clone(), partition: 0, offset: self.offset }
    }

    /// As a dead letter.
    ///
    /// # Errors
    /// When it is none.
    pub fn letter(&self, codec: &Codec) -> Result<DeadLetter<'_>, CodecError> {
        codec.decode::<contract::DeadLetter>(&self.value)
    }
}

impl Made {
    /// Nothing yet, of the record at that place.
    #[must_use]
    pub const fn of(place: Place) -> Self {
        Self { place, events: Vec::new(), waits: None, letters: Vec::new(), outputs: Vec::new() }
    }

    /// Whether something was refused.
    #[must_use]
    pub const fn is_refused(&self) -> bool {
        !self.letters.is_empty()
    }

    /// Tells events that the deduplicator refused from those that it dropped as known.
    ///
    /// # Errors
    /// When a dead letter cannot be read.
    pub(super) fn note_refused_events(&mut self, codec: &Codec) -> Result<(), CodecError> {
        for letter in &self.letters {
            let letter = letter.letter(codec)?;
            let refused = |event: &&mut Event| letter.topic == lineside_topology::topics::NORMALIZED.name() && letter.event_id == Some(event.event_id.as_str());
            if let Some(event) = self.events.iter_mut().find(refused) {
                event.outcome = Outcome::Refused(letter.code.to_owned());
            }
        }
        Ok(())
    }
}
