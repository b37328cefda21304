//! Which event was undone by which, whatever order they arrive in.

use lineside_schemas::Decimal;

use crate::error::LedgerError;

/// Identity of an event.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct EventId {
    /// Source.
    pub source: String,
    /// Identity within the source.
    pub id: String,
}

impl EventId {
    fn is(&self, source: &str, id: &str) -> bool {
        self.source == source && self.id == id
    }
}

/// A consumption or return that a reversal may still name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Movement {
    /// The event.
    pub event: EventId,
    /// Index of its component line.
    pub component: usize,
    /// Its effect on the line's net: positive for a consumption, negative for a return.
    pub effect: Decimal,
}

/// An event and the one that undoes it, of the same source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reversal {
    /// The event undone.
    pub event: EventId,
    /// Id of the event that undoes it.
    pub by: String,
}

/// What a reversal has to do with the books.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// The event it names is booked.
    Booked(Movement),
    /// The event it names has not been seen, or moved no component.
    Unknown,
}

/// Movements, reversals that wait for theirs, and reversals done; each in order of arrival.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Corrections {
    /// Movements that can still be reversed.
    pub movements: Vec<Movement>,
    /// Reversals whose event has not been seen.
    pub pending: Vec<Reversal>,
    /// Reversals done.
    pub done: Vec<Reversal>,
}

impl Corrections {
    /// What a reversal of that event would undo.
    ///
    /// # Errors
    /// [`LedgerError::AlreadyReversed`].
    pub fn target(&self, source: &str, id: &str) -> Result<Target, LedgerError> {
        if let Some(earlier) = self.done.iter().chain(&self.pending).find(|reversal| reversal.event.is(source, id)) {
            return Err(LedgerError::AlreadyReversed { event_id: id.to_owned(), by_event_id: earlier.by.clone() });
        }
        let movement = self.movements.iter().find(|movement| movement.event.is(source, id));
        Ok(movement.cloned().map_or(Target::Unknown, Target::Booked))
    }

    /// Remembers a reversal: as done if its event was booked, else as waiting.
    pub fn reverse(&mut self, source: &str, id: &str, by: &str) {
        let reversal = Reversal { event: EventId { source: source.to_owned(), id: id.to_owned() }, by: by.to_owned() };
        match self.movements.iter().position(|movement| movement.event.is(source, id)) {
            Some(index) => {
                self.movements.remove(index);
                self.done.push(reversal);
            }
            None => self.pending.push(reversal),
        }
    }

    /// True if a reversal waits for this event.
    #[must_use]
    pub fn is_awaited(&self, source: &str, id: &str) -> bool {
        self.pending.iter().any(|reversal| reversal.event.is(source, id))
    }

    /// The event that a reversal waited for is here: neither counts.
    pub fn cancel(&mut self, source: &str, id: &str) {
        if let Some(index) = self.pending.iter().position(|reversal| reversal.event.is(source, id)) {
            self.done.push(self.pending.remove(index));
        }
    }

    /// Remembers a movement.
    pub fn remember(&mut self, source: &str, id: &str, component: usize, effect: Decimal) {
        self.movements.push(Movement { event: EventId { source: source.to_owned(), id: id.to_owned() }, component, effect });
    }

    /// A component line was put in at `index`: those behind it moved on by one.
    pub fn component_inserted(&mut self, index: usize) {
        for movement in &mut self.movements {
            if movement.component >= index {
                movement.component += 1;
            }
        }
    }
}
