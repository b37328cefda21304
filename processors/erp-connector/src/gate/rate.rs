//! Calls per second: governor's GCRA, with its clock set from the time that is given.

use std::num::NonZeroU32;
use std::time::Duration;

use governor::clock::FakeRelativeClock;
use governor::middleware::NoOpMiddleware;
use governor::state::{InMemoryState, NotKeyed};
use governor::{Quota, RateLimiter};
use lineside_schemas::Timestamp;

type Limiter = RateLimiter<NotKeyed, InMemoryState, FakeRelativeClock, NoOpMiddleware<<FakeRelativeClock as governor::clock::Clock>::Instant>>;

/// How many calls per second there may be; a burst of a tenth of a second's.
pub(super) struct Rate {
    limiter: Option<(Limiter, FakeRelativeClock)>,
    last: Option<Timestamp>,
    /// A call that was allowed and not made yet.
    spare: bool,
}

impl std::fmt::Debug for Rate {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Rate").field("last", &self.last).finish_non_exhaustive()
    }
}

impl Rate {
    pub(super) fn new(per_second: Option<u32>) -> Self {
        let limiter = per_second.and_then(NonZeroU32::new).map(|per_second| {
            let clock = FakeRelativeClock::default();
            let burst = NonZeroU32::new(per_second.get() / 10).unwrap_or(NonZeroU32::MIN);
            (RateLimiter::direct_with_clock(Quota::per_second(per_second).allow_burst(burst), clock.clone()), clock)
        });
        Self { limiter, last: None, spare: false }
    }

    /// Whether a call may be made now; that one is counted.
    pub(super) fn take(&mut self, now: Timestamp) -> bool {
        let has_room = self.has_room(now);
        self.spare = false;
        has_room
    }

    /// Whether one might be made now.
    pub(super) fn has_room(&mut self, now: Timestamp) -> bool {
        let Some((limiter, clock)) = &self.limiter else { return true };
        let last = self.last.replace(self.last.map_or(now, |last| last.max(now))).unwrap_or(now);
        clock.advance(Duration::from_micros(u64::try_from(now.micros().saturating_sub(last.micros())).unwrap_or(0)));
        self.spare = self.spare || limiter.check().is_ok();
        self.spare
    }
}
