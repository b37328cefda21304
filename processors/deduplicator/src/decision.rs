//! The rule of deduplication, and why it accepts nothing twice.
//!
//! # The rule
//! The clock is stream time: the largest append time of a raw record (`ingest_time`) that the partition has seen. Every accepted id is kept in the bucket of
//! the UTC day of its event's source time. With `oldest = clock - window`, an event is refused when its source time is before `oldest` (too late to judge), or
//! after its own ingest time and the tolerated skew (its source's clock is wrong). What is left is looked up in every bucket held. Buckets of days that ended
//! before `oldest` are dropped; the day that holds `oldest` is kept whole.
//!
//! # Why nothing is accepted twice
//! Say that an id was accepted with source time `s`, and that the same id comes again with source time `r` when the clock, advanced by the repeat's own ingest
//! time, shows `c`. Is the id still held? If so, the look-up finds it and the repeat is a duplicate or a conflict. If not, its bucket was dropped at some clock
//! `b`, so the day of `s` had ended before `b - window`, hence `s < b - window`. The clock never goes back, so `b <= c`, hence **`s < c - window`**.
//!
//! * A repeat under the same source time (`r = s`) is then older than `c - window` and refused as too late. No event is accepted twice, however late it is
//!   repeated. That is the claim, and it holds for every history.
//! * A repeat under another source time is accepted only if `r >= c - window > s`: its source repeated an old id, after the window had passed, as something
//!   that happened later. Nothing can tell that from a new event; it counts as one.
//!
//! # What the proof does not need
//! * **That every record moves the clock.** A refusal undoes all effects of its call, the clock's advance and the buckets dropped with it included. The clock is
//!   then the largest ingest time among the records that were not refused. The proof asks only that the clock never goes back from one kept call to the next and that
//!   buckets fall by it; both still hold. Refused records merely let ids live a little longer, never shorter. A record is judged with the clock advanced by its own
//!   ingest time, whether or not the advance is kept, so doing a batch again decides the same.
//! * **That the clock survives a restore exactly.** A store restored from a changelog may show an earlier clock than before, if the last records added no id. Then it
//!   also holds every id that the changelog holds, so what it accepts is still looked up among all ids not older than its own `oldest`. The changelog must keep
//!   its records for as long as a bucket can live: the window, a day, the skew, and the time by which processing may lag behind the raw topic.
//! * **The bound on future source times.** It bounds the state: without it, a wrong source clock would fill buckets that live for years.
//!
//! No wrong source clock makes good events late, because source times do not move the clock; and an outage of the processors makes nothing late, because the
//! clock stands still with the input.

use lineside_api::Timestamp;

const MINUTE_MICROS: i64 = 60_000_000;
const DAY_MICROS: i64 = 86_400_000_000;

/// Days that a window may have: up to a thousand years, so that no addition leaves the range of a timestamp in use.
pub const WINDOW_DAYS_MAX: u32 = 366_000;
/// Minutes that the tolerated skew may have: a year.
pub const SKEW_MINUTES_MAX: u32 = 527_040;

/// How long ids are remembered, and how far ahead a source's clock may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window {
    length_micros: i64,
    skew_micros: i64,
}

/// A window that cannot be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum WindowError {
    /// Zero days, or more than [`WINDOW_DAYS_MAX`].
    #[error("the window is {0} days, it has to be 1 to {WINDOW_DAYS_MAX}")]
    Days(u32),
    /// More than [`SKEW_MINUTES_MAX`].
    #[error("the clock skew is {0} minutes, it has to be at most {SKEW_MINUTES_MAX}")]
    Skew(u32),
}

impl Window {
    /// A window of `days`, with source clocks at most `skew_minutes` ahead of the broker's.
    ///
    /// # Errors
    /// [`WindowError`].
    pub fn new(days: u32, skew_minutes: u32) -> Result<Self, WindowError> {
        if days == 0 || days > WINDOW_DAYS_MAX {
            return Err(WindowError::Days(days));
        }
        if skew_minutes > SKEW_MINUTES_MAX {
            return Err(WindowError::Skew(skew_minutes));
        }
        Ok(Self { length_micros: i64::from(days) * DAY_MICROS, skew_micros: i64::from(skew_minutes) * MINUTE_MICROS })
    }

    /// Earliest source time that can be judged when the clock shows `clock`.
    #[must_use]
    pub const fn oldest(&self, clock: Timestamp) -> Timestamp {
        clock.saturating_add_micros(-self.length_micros)
    }

    /// Bucket that holds [`Self::oldest`]: every one before it has ended before that instant, and may go.
    #[must_use]
    pub const fn oldest_bucket(&self, clock: Timestamp) -> i32 {
        self.oldest(clock).utc_day()
    }

    /// Latest source time that a record appended at `ingest_time` may carry.
    #[must_use]
    pub const fn latest(&self, ingest_time: Timestamp) -> Timestamp {
        ingest_time.saturating_add_micros(self.skew_micros)
    }
}

/// What the rule needs to know of an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Event {
    /// When it happened, by the source's clock.
    pub source_time: Timestamp,
    /// When the broker appended its raw record.
    pub ingest_time: Timestamp,
    /// Hash of its business content.
    pub fingerprint: i64,
}

/// What becomes of an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// Unseen: to be remembered in `bucket` and passed on.
    Accept {
        /// UTC day of its source time, counted from 1970-01-01.
        bucket: i32,
    },
    /// Accepted before, with the same content.
    Duplicate,
    /// Accepted before, with other content.
    Conflict {
        /// Fingerprint that it was accepted with.
        accepted: i64,
    },
    /// Its id may have been forgotten.
    TooLate {
        /// Earliest source time that could have been judged.
        oldest: Timestamp,
    },
    /// Its source's clock is ahead.
    InFuture {
        /// Latest source time that would have been believed.
        latest: Timestamp,
    },
}

/// The clock after a record with this ingest time.
#[must_use]
pub fn advanced(clock: Timestamp, ingest_time: Timestamp) -> Timestamp {
    clock.max(ingest_time)
}

/// Decides on an event when the clock, advanced by it, shows `clock`.
///
/// `seen` looks the event's id up: the fingerprint that it was accepted with, if it is remembered. It is asked only when the times are right.
pub fn decide(window: &Window, clock: Timestamp, event: &Event, seen: impl FnOnce() -> Option<i64>) -> Decision {
    let oldest = window.oldest(clock);
    if event.source_time < oldest {
        return Decision::TooLate { oldest };
    }
    let latest = window.latest(event.ingest_time);
    if event.source_time > latest {
        return Decision::InFuture { latest };
    }
    match seen() {
        None => Decision::Accept { bucket: event.source_time.utc_day() },
        Some(accepted) if accepted == event.fingerprint => Decision::Duplicate,
        Some(accepted) => Decision::Conflict { accepted },
    }
}

#[cfg(test)]
mod tests;
