//! Which calls may be made now: how many at a time in all and per plant, how many per second, and none while the ERP does not answer.
//!
//! Decisions only: time is an argument. One gate is shared by the stream threads of a process. What it holds is only in memory; after a restart it begins anew, with calls
//! that may still be under way not counted.

mod breaker;
mod rate;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, HashMap};

use lineside_schemas::Timestamp;

pub use breaker::{Breaker, Phase};
use rate::Rate;

use crate::dialect::Health;
use crate::posting::Backoff;

/// How much the ERP takes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Calls at a time.
    pub calls: usize,
    /// Calls at a time for one plant.
    pub calls_per_plant: usize,
    /// Calls per second; none for as many as there are.
    pub per_second: Option<u32>,
    /// Failures in a row after which no more calls are made for a while.
    pub trip_after: u32,
    /// How long that is: longer each time the ERP still fails when it is tried again.
    pub pause: Backoff,
}

impl Default for Limits {
    fn default() -> Self {
        Self { calls: 32, calls_per_plant: 16, per_second: None, trip_after: 10, pause: Backoff { first: 1_000_000, most: 60_000_000 } }
    }
}

/// Why a call may not be made now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shut {
    /// Nothing may go, whatever plant it is of.
    All,
    /// This plant has its share.
    Plant,
}

/// The gate.
#[derive(Debug)]
pub struct Gate {
    limits: Limits,
    /// Calls under way: their plant, and when they are over whatever happens.
    calls: HashMap<String, (String, Timestamp)>,
    /// Plants that asked lately: how many calls each has under way, and when it asked last.
    plants: BTreeMap<String, (usize, Timestamp)>,
    breaker: Breaker,
    rate: Rate,
    /// The ERP asked not to be called before.
    silent_until: Timestamp,
}

/// How long a plant counts as one that has something to say, after it last asked.
const ASKS_FOR: i64 = 5_000_000;

impl Gate {
    /// An open gate.
    #[must_use]
    pub fn new(limits: Limits) -> Self {
        let breaker = Breaker::new(limits.trip_after, limits.pause, limits.calls);
        let rate = Rate::new(limits.per_second);
        Self { limits, calls: HashMap::new(), plants: BTreeMap::new(), breaker, rate, silent_until: Timestamp::MIN }
    }

    /// Lets a call through, which is over at `until` at the latest, or says why not.
    ///
    /// # Errors
    /// [`Shut`]: ask again later.
    pub fn admit(&mut self, call: &str, plant: &str, until: Timestamp, now: Timestamp) -> Result<(), Shut> {
        self.sweep(now);
        let under_way = self.plants.get(plant).map_or(0, |(calls, _)| *calls);
        self.plants.insert(plant.to_owned(), (under_way, now));
        if now < self.silent_until || self.calls.len() >= self.breaker.window(now) {
            return Err(Shut::All);
        }
        // Where all plants together want more than there is, each may have its share.
        let share = self.limits.calls.div_ceil(self.plants.len().max(1));
        if under_way >= self.limits.calls_per_plant.min(share) {
            return Err(Shut::Plant);
        }
        if !self.rate.take(now) {
            return Err(Shut::All);
        }
        self.breaker.admitted(now);
        self.calls.insert(call.to_owned(), (plant.to_owned(), until));
        self.plants.insert(plant.to_owned(), (under_way + 1, now));
        Ok(())
    }

    /// A call ended, and what that says about the ERP.
    pub fn ended(&mut self, call: &str, health: Health, now: Timestamp) {
        if !self.release(call) {
            return;
        }
        match health {
            Health::Well => self.breaker.succeeded(),
            Health::Failing(until) => {
                self.breaker.failed(now);
                self.silent_until = self.silent_until.max(until.unwrap_or(Timestamp::MIN));
            }
            Health::Busy(until) => {
                self.breaker.succeeded();
                self.silent_until = self.silent_until.max(until);
            }
        }
    }

    /// Forgets a call that was not made after all.
    pub fn withdrawn(&mut self, call: &str) {
        if self.release(call) {
            self.breaker.withdrawn();
        }
    }

    /// Whether anything at all may go now.
    #[must_use]
    pub fn is_open(&mut self, now: Timestamp) -> bool {
        self.sweep(now);
        now >= self.silent_until && self.calls.len() < self.breaker.window(now) && self.rate.has_room(now)
    }

    /// Calls under way.
    #[must_use]
    pub fn under_way(&self) -> usize {
        self.calls.len()
    }

    /// Where the breaker is.
    #[must_use]
    pub const fn phase(&self) -> Phase {
        self.breaker.phase()
    }

    fn release(&mut self, call: &str) -> bool {
        let Some((plant, _)) = self.calls.remove(call) else { return false };
        if let Some((calls, _)) = self.plants.get_mut(&plant) {
            *calls = calls.saturating_sub(1);
        }
        true
    }

    /// Calls of which nothing more will be heard, and plants that have nothing to say.
    fn sweep(&mut self, now: Timestamp) {
        let over: Vec<String> = self.calls.iter().filter(|(_, (_, until))| *until < now).map(|(call, _)| call.clone()).collect();
        for call in over {
            self.ended(&call, Health::Failing(None), now);
        }
        self.plants.retain(|_, (calls, asked)| *calls > 0 || asked.saturating_add_micros(ASKS_FOR) >= now);
    }
}
