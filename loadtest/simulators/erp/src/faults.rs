//! How the ERP misbehaves: by chance, that follows from a seed, or by script.

mod script;

use std::collections::BTreeMap;

use lineside_simulators::Random;
use serde::{Deserialize, Serialize};

pub use script::{Script, Step};

/// What is called.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Call {
    /// A request to book.
    Post,
    /// A look.
    Read,
}

/// One way to misbehave.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fault {
    /// Books, and answers late.
    Slow,
    /// Never answers, and does not book.
    TimeoutBefore,
    /// Books, and never answers.
    TimeoutAfter,
    /// Never answers, and books only after a while, when the caller may have given up.
    BooksLate,
    /// Closes the connection, and does not book.
    DropBefore,
    /// Books, and closes the connection.
    DropAfter,
    /// Books, and closes the connection in the middle of its answer.
    Torn,
    /// Books, and sends its answer twice.
    Twice,
    /// 429, not booked.
    RateLimited,
    /// 503, not booked.
    Unavailable,
    /// 500, not booked.
    ErrorBefore,
    /// 500, though it is booked.
    ErrorAfter,
    /// 502 of something in between, though it is booked.
    BadGateway,
    /// Parks some of the movements.
    Parks,
    /// The period closes for a while.
    PeriodCloses,
    /// The material's data is gone for a while.
    MasterDataLost,
    /// Somebody opens the order for a while.
    OrderLocked,
    /// Books some of the lines, and answers 500.
    HalfBooked,
    /// Books, and answers with another posting's document.
    WrongAnswer,
    /// Forgets the caller's session, and does not book.
    SessionLost,
    /// Shows what it has, late.
    ReadSlow,
    /// Never shows anything.
    ReadTimeout,
    /// Closes the connection.
    ReadDropped,
    /// Closes the connection in the middle of its answer.
    ReadTorn,
    /// 429.
    ReadRateLimited,
    /// 503.
    ReadUnavailable,
    /// 500.
    ReadError,
    /// Shows another posting's document.
    ReadWrongAnswer,
}

impl Fault {
    /// All of them.
    pub const ALL: [Self; 28] = [
        Self::Slow,
        Self::TimeoutBefore,
        Self::TimeoutAfter,
        Self::BooksLate,
        Self::DropBefore,
        Self::DropAfter,
        Self::Torn,
        Self::Twice,
        Self::RateLimited,
        Self::Unavailable,
        Self::ErrorBefore,
        Self::ErrorAfter,
        Self::BadGateway,
        Self::Parks,
        Self::PeriodCloses,
        Self::MasterDataLost,
        Self::OrderLocked,
        Self::HalfBooked,
        Self::WrongAnswer,
        Self::SessionLost,
        Self::ReadSlow,
        Self::ReadTimeout,
        Self::ReadDropped,
        Self::ReadTorn,
        Self::ReadRateLimited,
        Self::ReadUnavailable,
        Self::ReadError,
        Self::ReadWrongAnswer,
    ];

    /// The call that it happens to.
    #[must_use]
    pub fn call(self) -> Call {
        if self < Self::ReadSlow { Call::Post } else { Call::Read }
    }
}

/// What clerks do of their own accord.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Clerk {
    /// A parked movement is looked at so long after it was parked; never if none.
    pub books_parked_after_ms: Option<u64>,
    /// Of a thousand parked movements, so many are given up rather than booked.
    pub discards_per_mille: u16,
    /// Of a thousand documents, so many are cancelled.
    pub cancels_per_mille: u16,
    /// A document that is cancelled is so long after it was booked.
    pub cancels_after_ms: u64,
}

impl Default for Clerk {
    fn default() -> Self {
        Self { books_parked_after_ms: Some(1500), discards_per_mille: 0, cancels_per_mille: 0, cancels_after_ms: 1500 }
    }
}

/// How often, and how, the ERP misbehaves.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Faults {
    /// Seed of every choice.
    pub seed: u64,
    /// Of a thousand calls, so many meet each fault; together at most a thousand for requests to book, and for looks.
    pub per_mille: BTreeMap<Fault, u16>,
    /// From this attempt with a key on nothing goes wrong, so that every run ends.
    pub max_attempt: u32,
    /// A late answer is so late.
    pub slow_ms: u64,
    /// A connection on which nothing is answered is closed after so long.
    pub hold_ms: u64,
    /// What Retry-After says.
    pub retry_after_s: u64,
    /// A period that closes opens again after so long.
    pub closed_ms: u64,
    /// Master data that is gone comes back after so long.
    pub lost_ms: u64,
    /// An order that somebody opened is closed after so long.
    pub locked_ms: u64,
    /// What clerks do.
    pub clerk: Clerk,
}

impl Default for Faults {
    fn default() -> Self {
        Self {
            seed: 1,
            per_mille: BTreeMap::new(),
            max_attempt: 6,
            slow_ms: 400,
            hold_ms: 30_000,
            retry_after_s: 1,
            closed_ms: 2000,
            lost_ms: 2000,
            locked_ms: 1500,
            clerk: Clerk::default(),
        }
    }
}

/// Probabilities that do not add up.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("faults of {call:?} add up to {total} of a thousand calls")]
pub struct TooMany {
    /// The call.
    pub call: Call,
    /// Their sum.
    pub total: u32,
}

impl Faults {
    /// Every fault equally often.
    #[must_use]
    pub fn every(seed: u64, per_mille: u16) -> Self {
        Self { seed, per_mille: Fault::ALL.into_iter().map(|fault| (fault, per_mille)).collect(), ..Self::default() }
    }

    /// Whether the probabilities can be.
    ///
    /// # Errors
    /// [`TooMany`].
    pub fn check(&self) -> Result<(), TooMany> {
        for call in [Call::Post, Call::Read] {
            let total = self.per_mille.iter().filter(|(fault, _)| fault.call() == call).map(|(_, per_mille)| u32::from(*per_mille)).sum();
            if total > 1000 {
                return Err(TooMany { call, total });
            }
        }
        Ok(())
    }

    /// What goes wrong with this attempt, by the seed alone: the same seed, key and attempt meet the same fault whatever else happens.
    #[must_use]
    pub fn draw(&self, call: Call, key: &str, attempt: u32) -> Option<Fault> {
        if attempt >= self.max_attempt {
            return None;
        }
        let mut left = self.random(if call == Call::Post { "post" } else { "read" }, key, attempt).bits() % 1000;
        for (fault, per_mille) in self.per_mille.iter().filter(|(fault, _)| fault.call() == call) {
            let share = u64::from(*per_mille);
            if left < share {
                return Some(*fault);
            }
            left -= share;
        }
        None
    }

    /// A generator for one purpose and one attempt with a key.
    #[must_use]
    pub fn random(&self, purpose: &str, key: &str, attempt: u32) -> Random {
        Random::of_part(self.seed, &format!("{purpose}/{key}"), u64::from(attempt))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_follows_from_seed_key_and_attempt_alone() {
        let faults = Faults::every(7, 50);
        let again = Faults::every(7, 50);
        let other = Faults::every(8, 50);
        let drawn = |faults: &Faults| (0..200).map(|number| faults.draw(Call::Post, &format!("key-{number}"), number % 5)).collect::<Vec<_>>();
        assert_eq!(drawn(&faults), drawn(&again));
        assert_ne!(drawn(&faults), drawn(&other));
    }

    #[test]
    fn each_fault_comes_about_as_often_as_asked_and_only_to_its_call() {
        let faults = Faults::every(1, 40);
        for call in [Call::Post, Call::Read] {
            let mut counts: BTreeMap<Option<Fault>, u32> = BTreeMap::new();
            for number in 0..10_000 {
                *counts.entry(faults.draw(call, &number.to_string(), 1)).or_default() += 1;
            }
            for fault in Fault::ALL {
                let count = counts.get(&Some(fault)).copied().unwrap_or(0);
                assert!(if fault.call() == call { (320..480).contains(&count) } else { count == 0 }, "{fault:?} {count}");
            }
        }
    }

    #[test]
    fn nothing_goes_wrong_from_the_last_attempt_on() {
        let faults = Faults { max_attempt: 3, per_mille: BTreeMap::from([(Fault::ErrorBefore, 1000)]), ..Faults::default() };
        assert_eq!([1, 2, 3, 4].map(|attempt| faults.draw(Call::Post, "key", attempt)), [Some(Fault::ErrorBefore), Some(Fault::ErrorBefore), None, None]);
    }

    #[test]
    fn more_than_all_calls_cannot_fail() {
        assert_eq!(Faults::every(1, 50).check(), Ok(()));
        assert_eq!(Faults::every(1, 60).check(), Err(TooMany { call: Call::Post, total: 1200 }));
    }

    #[test]
    fn settings_are_read_from_json_and_misspelt_ones_are_not() {
        let faults: Faults = serde_json::from_str(r#"{"seed":3,"per_mille":{"drop_after":50},"clerk":{"discards_per_mille":10}}"#).unwrap();
        assert_eq!((faults.seed, faults.per_mille[&Fault::DropAfter], faults.clerk.discards_per_mille, faults.slow_ms), (3, 50, 10, 400));
        for wrong in [r#"{"per_mile":{}}"#, r#"{"per_mille":{"explodes":1}}"#] {
            assert!(serde_json::from_str::<Faults>(wrong).is_err());
        }
    }
}
