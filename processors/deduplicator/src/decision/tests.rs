//! The rule against a model that never forgets, over random histories.

use std::collections::{BTreeMap, HashMap};

use proptest::prelude::*;

use super::*;

/// The store as the rule wants it: ids in buckets, dropped as the clock advances.
#[derive(Debug, Clone)]
struct Store {
    clock: Timestamp,
    buckets: BTreeMap<i32, HashMap<u8, i64>>,
}

impl Store {
    fn new() -> Self {
        Self { clock: Timestamp::MIN, buckets: BTreeMap::new() }
    }

    fn advance(&mut self, to: Timestamp, oldest_bucket: i32) {
        self.clock = advanced(self.clock, to);
        self.buckets = self.buckets.split_off(&oldest_bucket);
    }

    fn seen(&self, id: u8) -> Option<i64> {
        self.buckets.values().find_map(|ids| ids.get(&id).copied())
    }

    /// One record, as the processor treats it: a refusal undoes the whole call.
    fn take(&mut self, window: &Window, id: u8, event: &Event) -> Decision {
        let before = self.clone();
        let clock = advanced(self.clock, event.ingest_time);
        self.advance(clock, window.oldest_bucket(clock));
        let decision = decide(window, clock, event, || self.seen(id));
        match decision {
            Decision::Accept { bucket } => {
                self.buckets.entry(bucket).or_default().insert(id, event.fingerprint);
            }
            Decision::Duplicate => {}
            Decision::Conflict { .. } | Decision::TooLate { .. } | Decision::InFuture { .. } => *self = before,
        }
        decision
    }
}

/// An acceptance that the model remembers for ever.
#[derive(Debug, Clone, Copy)]
struct Acceptance {
    source_time: Timestamp,
    fingerprint: i64,
}

/// How the next event of a history is made.
#[derive(Debug, Clone)]
enum Step {
    /// An id that may be new, with a source time this far before its ingest time.
    Fresh { id: u8, fingerprint: i64, clock_step: i64, age: i64 },
    /// An earlier event again, word for word but for its ingest time.
    Repeat { which: prop::sample::Index, clock_step: i64 },
    /// An earlier event's id under another source time, maybe with other content.
    Redated { which: prop::sample::Index, fingerprint: i64, clock_step: i64, age: i64 },
}

const DAYS: u32 = 3;

/// Moves of the ingest time: mostly small, now and then days, sometimes back (records of several raw partitions interleave).
fn clock_step() -> impl Strategy<Value = i64> {
    prop_oneof![
        4 => 0..2 * 3_600_000_000_i64,
        2 => -6 * 3_600_000_000..0_i64,
        1 => DAY_MICROS..6 * DAY_MICROS,
        1 => (1..6_i64, -1..2_i64).prop_map(|(days, off)| days * DAY_MICROS + off),
    ]
}

/// How long before its ingest time an event happened: fresh, late, on the edge of the window, in the future.
fn age() -> impl Strategy<Value = i64> {
    let window = i64::from(DAYS) * DAY_MICROS;
    prop_oneof![4 => 0..DAY_MICROS, 2 => 0..window + 2 * DAY_MICROS, 2 => window - 2..window + 3, 1 => -2 * 3_600_000_000..0_i64, 1 => (0..6_i64).prop_map(|days| days * DAY_MICROS)]
}

fn step() -> impl Strategy<Value = Step> {
    let fingerprint = 0..3_i64;
    prop_oneof![
        3 => (0..12_u8, fingerprint.clone(), clock_step(), age()).prop_map(|(id, fingerprint, clock_step, age)| Step::Fresh { id, fingerprint, clock_step, age }),
        3 => (any::<prop::sample::Index>(), clock_step()).prop_map(|(which, clock_step)| Step::Repeat { which, clock_step }),
        2 => (any::<prop::sample::Index>(), fingerprint, clock_step(), age())
            .prop_map(|(which, fingerprint, clock_step, age)| Step::Redated { which, fingerprint, clock_step, age }),
    ]
}

/// The events of a history, in order, starting anywhere around a day's border.
fn events(start: i64, steps: &[Step]) -> Vec<(u8, Event)> {
    let mut now = start;
    let mut events: Vec<(u8, Event)> = Vec::new();
    for step in steps {
        let at = |now: i64, age: i64| Timestamp::from_micros(now - age);
        let (id, source_time, fingerprint) = match step {
            Step::Fresh { id, fingerprint, clock_step, age } => {
                now += clock_step;
                (*id, at(now, *age), *fingerprint)
            }
            Step::Repeat { which, clock_step } | Step::Redated { which, clock_step, .. } => {
                now += clock_step;
                if events.is_empty() {
                    continue;
                }
                let (id, earlier) = *which.get(&events);
                match step {
                    Step::Redated { fingerprint, age, .. } => (id, at(now, *age), *fingerprint),
                    _ => (id, earlier.source_time, earlier.fingerprint),
                }
            }
        };
        events.push((id, Event { source_time, ingest_time: Timestamp::from_micros(now), fingerprint }));
    }
    events
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn accepts_nothing_twice_and_refuses_nothing_without_reason(
        start in 1_700_000_000_000_000..1_700_000_000_000_000 + DAY_MICROS,
        steps in prop::collection::vec(step(), 1..120),
    ) {
        let window = Window::new(DAYS, 60).unwrap();
        let mut store = Store::new();
        let mut accepted: HashMap<u8, Vec<Acceptance>> = HashMap::new();
        for (id, event) in events(start, &steps) {
            let clock_before = store.clock;
            let clock = advanced(clock_before, event.ingest_time);
            let oldest = window.oldest(clock);
            let earlier = accepted.entry(id).or_default();
            let decision = store.take(&window, id, &event);
            prop_assert!(store.clock >= clock_before, "the clock went back");
            match decision {
                Decision::Accept { bucket } => {
                    prop_assert_eq!(bucket, event.source_time.utc_day());
                    prop_assert!(event.source_time >= oldest && event.source_time <= window.latest(event.ingest_time));
                    for one in &*earlier {
                        // The claim, and the documented exception: an id comes back only after every earlier use of it left the window, and as something later.
                        prop_assert!(one.source_time < oldest, "{id} accepted again at {clock} though {} is in the window", one.source_time);
                        prop_assert_ne!(one.source_time, event.source_time);
                    }
                    earlier.push(Acceptance { source_time: event.source_time, fingerprint: event.fingerprint });
                }
                Decision::Duplicate => prop_assert!(earlier.iter().any(|one| one.fingerprint == event.fingerprint), "dropped something never accepted"),
                Decision::Conflict { accepted } => {
                    prop_assert_ne!(accepted, event.fingerprint);
                    prop_assert!(earlier.iter().any(|one| one.fingerprint == accepted));
                }
                Decision::TooLate { oldest: shown } => prop_assert!(shown == oldest && event.source_time < oldest),
                Decision::InFuture { latest } => prop_assert!(event.source_time > latest && latest == event.ingest_time.saturating_add_micros(60 * MINUTE_MICROS)),
            }
        }
    }

    #[test]
    fn a_bucket_is_dropped_only_when_its_last_moment_is_out_of_the_window(clock in -5_000_000_000_000_000_i64..5_000_000_000_000_000, days in 1_u32..40_000) {
        let window = Window::new(days, 0).unwrap();
        let clock = Timestamp::from_micros(clock);
        let last_of_newest_dropped = i64::from(window.oldest_bucket(clock)) * DAY_MICROS - 1;
        prop_assert!(last_of_newest_dropped < window.oldest(clock).micros());
        // And no later than that: the oldest bucket held has a moment in the window.
        prop_assert!(last_of_newest_dropped + DAY_MICROS >= window.oldest(clock).micros());
    }
}

#[test]
fn histories_reach_every_decision() {
    // A generator that never leads to some decision would prove nothing about it.
    use proptest::strategy::ValueTree;
    use proptest::test_runner::TestRunner;
    let mut runner = TestRunner::deterministic();
    let window = Window::new(DAYS, 60).unwrap();
    let mut counts = BTreeMap::new();
    let mut returned = 0;
    for _ in 0..200 {
        let steps = prop::collection::vec(step(), 100).new_tree(&mut runner).unwrap().current();
        let mut store = Store::new();
        let mut ever = std::collections::HashSet::new();
        for (id, event) in events(1_700_000_000_000_000, &steps) {
            let name = match store.take(&window, id, &event) {
                Decision::Accept { .. } => {
                    returned += usize::from(!ever.insert(id));
                    "accept"
                }
                Decision::Duplicate => "duplicate",
                Decision::Conflict { .. } => "conflict",
                Decision::TooLate { .. } => "too late",
                Decision::InFuture { .. } => "in future",
            };
            *counts.entry(name).or_insert(0) += 1;
        }
    }
    assert!(counts.len() == 5 && counts.values().all(|count| *count > 100), "{counts:?}");
    assert!(returned > 100, "ids hardly ever come back after expiry: {returned}");
}

#[test]
fn edges_of_the_window_belong_to_it() {
    let window = Window::new(30, 60).unwrap();
    let clock = Timestamp::from_micros(1_700_000_000_000_000);
    let at = |micros: i64| Event { source_time: clock.saturating_add_micros(micros), ingest_time: clock, fingerprint: 1 };
    let unseen = |event: Event| decide(&window, clock, &event, || None);
    assert!(matches!(unseen(at(-30 * DAY_MICROS)), Decision::Accept { .. }));
    assert!(matches!(unseen(at(-30 * DAY_MICROS - 1)), Decision::TooLate { .. }));
    assert!(matches!(unseen(at(60 * MINUTE_MICROS)), Decision::Accept { .. }));
    assert!(matches!(unseen(at(60 * MINUTE_MICROS + 1)), Decision::InFuture { .. }));
}

#[test]
fn a_wide_window_takes_events_of_years_ago() {
    let window = Window::new(36_500, 60).unwrap();
    let clock = Timestamp::from_micros(1_760_000_000_000_000);
    let event = Event { source_time: Timestamp::from_micros(1_354_186_705_314_955), ingest_time: clock, fingerprint: 1 };
    assert_eq!(decide(&window, clock, &event, || None), Decision::Accept { bucket: 15_673 });
}

#[test]
fn ends_of_the_range_do_not_overflow() {
    let window = Window::new(WINDOW_DAYS_MAX, SKEW_MINUTES_MAX).unwrap();
    for clock in [i64::MIN, 0, i64::MAX].map(Timestamp::from_micros) {
        for source_time in [i64::MIN, 0, i64::MAX].map(Timestamp::from_micros) {
            let _ = window.oldest_bucket(clock);
            let _ = decide(&window, clock, &Event { source_time, ingest_time: clock, fingerprint: 0 }, || None);
        }
    }
    assert_eq!(Window::new(0, 60), Err(WindowError::Days(0)));
    assert_eq!(Window::new(WINDOW_DAYS_MAX + 1, 60), Err(WindowError::Days(WINDOW_DAYS_MAX + 1)));
    assert_eq!(Window::new(30, SKEW_MINUTES_MAX + 1), Err(WindowError::Skew(SKEW_MINUTES_MAX + 1)));
}
