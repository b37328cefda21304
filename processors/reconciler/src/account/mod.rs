//! The account of an order: sums and fingerprints, not events.

mod line;
mod state;

use lineside_schemas::{Decimal, Timestamp};

use crate::fingerprint::Fingerprint;
use crate::rounding::Ratio;

pub(crate) use line::named;
pub use line::{Answered, Effect, Kind, Line, LineKey, Spoken};

/// A unit ratio that a posting used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conversion {
    /// Material.
    pub item: String,
    /// Unit reported.
    pub unit: String,
    /// Unit posted.
    pub counted_unit: String,
    /// How the one counts in the other.
    pub ratio: Ratio,
}

/// An event covered otherwise than it should be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exclusion {
    /// The event.
    pub event_id: String,
    /// Its source.
    pub source: String,
    /// Its number within the order.
    pub number: i64,
    /// Of its id.
    pub fingerprint: Fingerprint,
    /// When it was appended.
    pub since: Timestamp,
    /// No posting covers it; else it stands on the topic, or is covered, twice.
    pub is_missed: bool,
    /// How that was found.
    pub text: String,
    /// What it does to the lines.
    pub effects: Vec<Effect>,
}

/// An ERP record or outcome read before its posting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Early {
    /// Its topic.
    pub topic: String,
    /// Its offset.
    pub offset: i64,
    /// Its time.
    pub time: Timestamp,
    /// Posting that it names.
    pub posting_id: String,
    /// The record, in wire format.
    pub value: Vec<u8>,
}

/// A finding about a record that has no place in a posting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stray {
    /// Class.
    pub class: String,
    /// The record.
    pub subject: String,
    /// Its time.
    pub since: Timestamp,
    /// What is wrong.
    pub text: String,
}

/// When a difference was first seen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// Class.
    pub class: String,
    /// Subject.
    pub subject: String,
    /// Time of the record that it began with.
    pub since: Timestamp,
    /// When.
    pub time: Timestamp,
    /// It was raised.
    pub is_logged: bool,
}

/// Where the order's records of one topic stand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Position {
    /// Topic.
    pub topic: String,
    /// Partition.
    pub partition: i32,
    /// How many.
    pub records: i64,
    /// Offset of the first.
    pub first_offset: i64,
    /// Offset of the last.
    pub last_offset: i64,
}

/// State of one order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// Plant.
    pub plant: String,
    /// Order.
    pub order: String,
    /// Correlation of its story.
    pub correlation_id: String,
    /// It is technically complete.
    pub is_completed: bool,
    /// Source time of its latest plan.
    pub planned_at: Option<Timestamp>,
    /// Last operation of the plan.
    pub last_operation: Option<String>,
    /// Latest source time of a release.
    pub released_at: Option<Timestamp>,
    /// Latest source time of a completion.
    pub completed_at: Option<Timestamp>,
    /// Latest source time of a cancellation.
    pub cancelled_at: Option<Timestamp>,
    /// Rule of the last posting whose events were found.
    pub rule_version: Option<String>,
    /// Unit ratios that postings used.
    pub conversions: Vec<Conversion>,
    /// Its type, once an event said.
    pub order_type: Option<String>,
    /// Its product, once an event said.
    pub item: Option<String>,
    /// Time of the latest record.
    pub as_of: Timestamp,
    /// Sources of its events.
    pub sources: Vec<String>,
    /// Events accepted.
    pub events: i64,
    /// Of them.
    pub fingerprint: Fingerprint,
    /// How many of them, from the first on, postings cover.
    pub covered: i64,
    /// Of those.
    pub covered_fingerprint: Fingerprint,
    /// Offset of the last event accepted; -1 before the first.
    pub last_event_offset: i64,
    /// Its time.
    pub last_event_time: Timestamp,
    /// Postings on the topic.
    pub postings: i32,
    /// Lines, in the order in which they came up.
    pub lines: Vec<Line>,
    /// Ids of the postings that are not settled, in the order of the topic.
    pub open_postings: Vec<String>,
    /// Events covered otherwise than they should be.
    pub exclusions: Vec<Exclusion>,
    /// What came before its posting.
    pub early: Vec<Early>,
    /// What contradicts a posting or an outcome.
    pub strays: Vec<Stray>,
    /// Differences known.
    pub noticed: Vec<Notice>,
    /// Offset under which it is listed as waiting for a posting.
    pub due_offset: Option<i64>,
    /// Offset under which it is listed as waiting for ERP records.
    pub erp_offset: Option<i64>,
    /// Time under which it is listed for another look, in microseconds.
    pub timer: Option<i64>,
    /// Where its records stand.
    pub positions: Vec<Position>,
}

/// Strays beyond these are counted in the last one's place: an order with more has one cause.
const STRAYS_MAX: usize = 100;

impl Account {
    /// An empty account.
    #[must_use]
    pub fn new(plant: &str, order: &str, correlation_id: &str) -> Self {
        Self {
            plant: plant.to_owned(),
            order: order.to_owned(),
            correlation_id: correlation_id.to_owned(),
            is_completed: false,
            planned_at: None,
            last_operation: None,
            released_at: None,
            completed_at: None,
            cancelled_at: None,
            rule_version: None,
            conversions: Vec::new(),
            order_type: None,
            item: None,
            as_of: Timestamp::EPOCH,
            sources: Vec::new(),
            events: 0,
            fingerprint: Fingerprint::default(),
            covered: 0,
            covered_fingerprint: Fingerprint::default(),
            last_event_offset: -1,
            last_event_time: Timestamp::EPOCH,
            postings: 0,
            lines: Vec::new(),
            open_postings: Vec::new(),
            exclusions: Vec::new(),
            early: Vec::new(),
            strays: Vec::new(),
            noticed: Vec::new(),
            due_offset: None,
            erp_offset: None,
            timer: None,
            positions: Vec::new(),
        }
    }

    /// The key that everything of the order has.
    #[must_use]
    pub fn key(&self) -> String {
        format!("{}/{}", self.plant, self.order)
    }

    /// Index of the line with that key, a new one if there is none. Indexes stay.
    pub fn line(&mut self, key: LineKey) -> usize {
        self.lines.iter().position(|line| line.key == key).unwrap_or_else(|| {
            self.lines.push(Line::new(key));
            self.lines.len() - 1
        })
    }

    /// Net of a line that may not be there yet.
    #[must_use]
    pub fn net(&self, key: &LineKey) -> Decimal {
        self.lines.iter().find(|line| line.key == *key).map_or(Decimal::ZERO, |line| line.net)
    }

    /// Takes note of where a record of the order stands.
    pub fn note_position(&mut self, topic: &str, partition: i32, offset: i64, time: Timestamp) {
        self.as_of = self.as_of.max(time);
        match self.positions.iter_mut().find(|position| position.topic == topic && position.partition == partition) {
            Some(position) => {
                position.records += 1;
                position.first_offset = position.first_offset.min(offset);
                position.last_offset = position.last_offset.max(offset);
            }
            None => self.positions.push(Position { topic: topic.to_owned(), partition, records: 1, first_offset: offset, last_offset: offset }),
        }
    }

    /// Takes note of a finding, once.
    pub fn stray(&mut self, class: &str, subject: String, since: Timestamp, text: String) {
        let known = self.strays.iter().any(|stray| stray.class == class && stray.subject == subject);
        if !known && self.strays.len() < STRAYS_MAX {
            self.strays.push(Stray { class: class.to_owned(), subject, since, text });
        }
    }
}
