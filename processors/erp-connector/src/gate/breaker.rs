//! A circuit breaker that opens again carefully: one call to try, then twice as many with each answer.
//!
//! Of our own, since its time has to be an argument: a closed ERP of eight hours is tested in milliseconds.

use lineside_schemas::Timestamp;

use crate::posting::Backoff;

/// Where the breaker is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    /// Calls are made.
    Closed,
    /// None are made.
    Open,
    /// One is made, to see.
    HalfOpen,
}

/// The breaker.
#[derive(Debug, Clone)]
pub struct Breaker {
    trip_after: u32,
    pause: Backoff,
    most: usize,
    failures: u32,
    /// Answers since it closed.
    answers: u32,
    /// How often in a row it opened.
    opened: u32,
    state: State,
}

#[derive(Debug, Clone, Copy)]
enum State {
    /// So many calls at a time.
    Closed {
        window: usize,
    },
    Open {
        until: Timestamp,
    },
    HalfOpen,
}

impl Breaker {
    /// Closed, with room for `most` calls at a time.
    #[must_use]
    pub const fn new(trip_after: u32, pause: Backoff, most: usize) -> Self {
        Self { trip_after, pause, most, failures: 0, answers: 0, opened: 0, state: State::Closed { window: most } }
    }

    /// How many calls may be under way at a time.
    #[must_use]
    pub fn window(&self, now: Timestamp) -> usize {
        match self.state {
            State::Closed { window } => window,
            State::Open { until } => usize::from(now >= until),
            State::HalfOpen => 1,
        }
    }

    /// Where it is.
    #[must_use]
    pub const fn phase(&self) -> Phase {
        match self.state {
            State::Closed { .. } => Phase::Closed,
            State::Open { .. } => Phase::Open,
            State::HalfOpen => Phase::HalfOpen,
        }
    }

    /// A call is made.
    pub fn admitted(&mut self, now: Timestamp) {
        if let State::Open { until } = self.state
            && now >= until
        {
            self.state = State::HalfOpen;
        }
    }

    /// A call was admitted and not made.
    pub fn withdrawn(&mut self) {
        if matches!(self.state, State::HalfOpen) {
            self.state = State::Open { until: Timestamp::MIN };
        }
    }

    /// The ERP answered.
    pub fn succeeded(&mut self) {
        self.failures = 0;
        match self.state {
            State::Closed { window } => {
                self.state = State::Closed { window: (window + 1).min(self.most) };
                self.answers += 1;
                // As many answers as it takes failures: it is well again.
                self.opened = if self.answers >= self.trip_after { 0 } else { self.opened };
            }
            State::HalfOpen => self.state = State::Closed { window: 1.max(self.most.min(2)) },
            // An answer to a call from before.
            State::Open { .. } => {}
        }
    }

    /// It did not.
    pub fn failed(&mut self, now: Timestamp) {
        self.failures += 1;
        let trips = match self.state {
            State::Closed { .. } => self.failures >= self.trip_after,
            State::HalfOpen => true,
            State::Open { .. } => false,
        };
        if trips {
            self.opened += 1;
            (self.failures, self.answers) = (0, 0);
            self.state = State::Open { until: now.saturating_add_micros(self.pause.after(self.opened, u64::from(self.opened))) };
        }
    }
}
