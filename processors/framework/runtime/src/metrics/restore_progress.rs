//! How far restoring is.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use prometheus::{IntCounter, IntGauge};

use super::Metrics;

/// When a restore of this process last moved on: a thread that waits for one is not stuck as long as it does.
#[derive(Debug, Clone)]
pub struct RestoreClock {
    epoch: Instant,
    last_ms: Arc<AtomicU64>,
}

impl Default for RestoreClock {
    fn default() -> Self {
        Self { epoch: Instant::now(), last_ms: Arc::new(AtomicU64::new(0)) }
    }
}

impl RestoreClock {
    /// The instant; that of its making, if nothing was ever restored.
    #[must_use]
    pub fn last(&self) -> Instant {
        self.epoch + Duration::from_millis(self.last_ms.load(Ordering::Relaxed))
    }

    fn touch(&self, now: Instant) {
        let ms = u64::try_from(now.duration_since(self.epoch).as_millis()).unwrap_or(u64::MAX);
        self.last_ms.fetch_max(ms, Ordering::Relaxed);
    }
}

/// How far the restore of one partition of a store is. As long as it lives, what is left counts in [`super::names::RESTORE_REMAINING`].
#[derive(Debug)]
pub struct RestoreProgress {
    restored: IntCounter,
    remaining: IntGauge,
    clock: RestoreClock,
    end: i64,
    left: i64,
}

impl RestoreProgress {
    /// A restore that reads the changelog's offsets from `from` to before `end`.
    #[must_use]
    pub fn new(metrics: &Metrics, processor: &str, store: &str, from: i64, end: i64) -> Self {
        let labels = [processor, store];
        let (restored, remaining) = (metrics.restored_records.with_label_values(&labels), metrics.restore_remaining.with_label_values(&labels));
        let left = end.saturating_sub(from).max(0);
        remaining.add(left);
        Self { restored, remaining, clock: metrics.restore_clock.clone(), end, left }
    }

    /// `records` were applied, the last of them at `offset`. To be called as often as convenient: every some hundred records will do.
    pub fn replayed(&mut self, records: u64, offset: i64) {
        self.restored.inc_by(records);
        self.clock.touch(Instant::now());
        // Offsets without a record (the ends of transactions, what compaction took) need no replaying.
        let left = self.end.saturating_sub(offset.saturating_add(1)).clamp(0, self.left);
        self.remaining.sub(self.left - left);
        self.left = left;
    }
}

impl Drop for RestoreProgress {
    fn drop(&mut self) {
        self.remaining.sub(self.left);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_restore_shows_what_is_left_until_it_ends_or_is_given_up() {
        let metrics = Metrics::new().unwrap();
        let remaining = metrics.restore_remaining.with_label_values(&["p", "s"]);
        let mut first = RestoreProgress::new(&metrics, "p", "s", 10, 110);
        let second = RestoreProgress::new(&metrics, "p", "s", 0, 5);
        assert_eq!(remaining.get(), 105);
        first.replayed(30, 59);
        assert_eq!((remaining.get(), metrics.restored_records.with_label_values(&["p", "s"]).get()), (55, 30));
        drop(second);
        assert_eq!(remaining.get(), 50);
        first.replayed(20, 120);
        assert_eq!(remaining.get(), 0);
        drop(first);
        assert_eq!(remaining.get(), 0);
    }

    #[test]
    fn the_clock_moves_with_every_restore_and_never_back() {
        let clock = RestoreClock::default();
        let start = clock.last();
        clock.touch(start + Duration::from_secs(5));
        clock.touch(start + Duration::from_secs(3));
        assert_eq!(clock.last(), start + Duration::from_secs(5));
    }
}
