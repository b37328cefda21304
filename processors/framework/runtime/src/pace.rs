//! When a batch is committed.
//!
//! A transaction costs the same for one record as for a thousand, so what comes close together should share one; and each wait adds to every record's way
//! through the plant's topology. So only a processor that reads raw topics waits, for the interval of the settings; every later one commits as soon as it has
//! what its predecessor committed at once.

use std::time::{Duration, Instant};

/// From a batch's first record to its commit, at the least: what the step before committed together arrives within this.
pub const LINGER: Duration = Duration::from_micros(1_500);
/// From one commit to the next, at the least. The coordinator takes a few milliseconds to write a transaction's markers; librdkafka waits 20 ms when the next
/// one's first record comes before.
pub const MARKER_GAP: Duration = Duration::from_millis(4);
/// From a batch's first record to its commit, at the most, while more records wait than can be processed at once. Behind, transactions are as large as the
/// input allows.
pub const CATCH_UP: Duration = Duration::from_millis(100);

/// Time from a commit to the next one, by where a processor stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pace {
    spacing: Duration,
}

impl Pace {
    /// Of a thread on which only a processor of raw topics runs: commits are at least `interval` apart.
    #[must_use]
    pub fn first_hop(interval: Duration) -> Self {
        Self { spacing: interval.max(MARKER_GAP) }
    }

    /// Of every other thread.
    #[must_use]
    pub const fn later_hop() -> Self {
        Self { spacing: MARKER_GAP }
    }

    /// When a batch that began at `started` is to be committed, after a commit at `last_commit`.
    #[must_use]
    pub fn due(&self, started: Instant, last_commit: Instant) -> Instant {
        (started + LINGER).max(last_commit + self.spacing)
    }

    /// True when it is to be committed now. `more` says that records wait which can be processed at once.
    #[must_use]
    pub fn is_due(&self, now: Instant, started: Instant, last_commit: Instant, more: bool) -> bool {
        now >= self.due(started, last_commit) && (!more || now >= started + CATCH_UP)
    }
}

/// When a thread that hosts several processors reads raw topics again, after a commit at `last_commit` that held raw records: so that these are committed once
/// per `interval`, however often the later steps commit in between.
#[must_use]
pub fn next_raw_read(last_commit: Instant, interval: Duration) -> Instant {
    last_commit + interval.max(MARKER_GAP).saturating_sub(LINGER)
}

#[cfg(test)]
mod tests {
    use super::*;

    const MS: Duration = Duration::from_millis(1);

    #[test]
    fn after_a_pause_every_step_commits_as_soon_as_the_first_records_are_together() {
        let start = Instant::now();
        let long_ago = start.checked_sub(Duration::from_secs(1)).unwrap();
        for pace in [Pace::first_hop(20 * MS), Pace::later_hop()] {
            assert_eq!(pace.due(start, long_ago), start + LINGER);
            assert!(!pace.is_due(start + MS, start, long_ago, false) && pace.is_due(start + LINGER, start, long_ago, false));
        }
    }

    #[test]
    fn under_load_only_the_first_step_waits_for_the_interval() {
        let last = Instant::now();
        let started = last + MS;
        assert_eq!(Pace::first_hop(20 * MS).due(started, last), last + 20 * MS);
        assert_eq!(Pace::later_hop().due(started, last), last + MARKER_GAP);
        assert_eq!(Pace::first_hop(MS).due(last, last), last + MARKER_GAP, "the markers of the last transaction must be written");
        assert_eq!(next_raw_read(last, 20 * MS) + LINGER, last + 20 * MS);
    }

    #[test]
    fn behind_a_batch_grows_but_not_for_ever() {
        let started = Instant::now();
        let pace = Pace::later_hop();
        assert!(!pace.is_due(started + 50 * MS, started, started, true) && pace.is_due(started + 50 * MS, started, started, false));
        assert!(pace.is_due(started + CATCH_UP, started, started, true));
    }
}
