//! Random histories through the real store, with commits, aborts and crashes in between, against a model that never forgets.

#![allow(clippy::unwrap_used, reason = "a panic is how a test fails")]

use std::collections::BTreeMap;

use lineside_api::{Erased, Hosted, Timestamp};
use lineside_deduplicator::{Deduplicator, Window};
use lineside_schemas::records::{NormalizedEvent, RawPosition};
use lineside_state::Backend;
use lineside_testkit::TestDriver;
use lineside_topology::processors::DEDUPLICATOR;
use lineside_topology::topics::{CANONICAL_PRODUCTION, NORMALIZED};
use proptest::prelude::*;

const DAY: i64 = 86_400_000;
const WINDOW_DAYS: u32 = 2;

/// What happens next. Times are in milliseconds.
#[derive(Debug, Clone)]
enum Step {
    /// The id comes, some time after the record before it, having happened some time before that.
    Event {
        id: u8,
        content: i64,
        clock_step: i64,
        age: i64,
    },
    /// An earlier record comes again with its source time, some time after the record before it.
    Repeat {
        which: prop::sample::Index,
        clock_step: i64,
    },
    Commit,
    Abort,
    Crash {
        state_lost: bool,
    },
}

fn step() -> impl Strategy<Value = Step> {
    let clock_step = || prop_oneof![5 => 0..DAY / 10, 1 => -DAY / 4..0, 2 => DAY / 2..4 * DAY];
    prop_oneof![
        5 => (0..5_u8, 0..2_i64, clock_step(), -DAY / 48..3 * DAY).prop_map(|(id, content, clock_step, age)| Step::Event { id, content, clock_step, age }),
        5 => (any::<prop::sample::Index>(), clock_step()).prop_map(|(which, clock_step)| Step::Repeat { which, clock_step }),
        3 => Just(Step::Commit),
        1 => Just(Step::Abort),
        2 => any::<bool>().prop_map(|state_lost| Step::Crash { state_lost }),
    ]
}

#[derive(Debug, Clone)]
struct Given {
    id: String,
    content: i64,
    source_time: i64,
    ingest_time: i64,
}

fn event<'a>(given: &'a Given, payload: &'a [u8]) -> NormalizedEvent<'a> {
    NormalizedEvent {
        topic: CANONICAL_PRODUCTION.name(),
        source: "s",
        event_id: &given.id,
        plant: "plant-a",
        correlation_id: "plant-a/1",
        source_time: Timestamp::from_millis(given.source_time),
        ingest_time: Timestamp::from_millis(given.ingest_time),
        fingerprint: given.content,
        raw: RawPosition { topic: "raw.plant-a.mes", partition: 0, offset: 0 },
        payload,
    }
}

fn run(steps: &[Step], backend: Backend) -> Result<(), TestCaseError> {
    let make = || Box::new(Hosted::new(&DEDUPLICATOR, Deduplicator::new(Window::new(WINDOW_DAYS, 60).unwrap()))) as Box<dyn Erased>;
    let mut driver = TestDriver::with(Box::new(make), 1, backend).unwrap();
    let mut history: Vec<Given> = Vec::new();
    let mut now = 1_763_647_200_000;
    for step in steps {
        let given = match step {
            Step::Commit => {
                driver.commit().unwrap();
                continue;
            }
            Step::Abort => {
                driver.abort().unwrap();
                continue;
            }
            Step::Crash { state_lost } => {
                driver.crash(*state_lost).unwrap();
                continue;
            }
            Step::Event { id, content, clock_step, age } => {
                now += clock_step;
                Given { id: format!("A-{id}"), content: *content, source_time: now - age, ingest_time: now }
            }
            Step::Repeat { which, clock_step } if !history.is_empty() => {
                now += clock_step;
                Given { ingest_time: now, ..which.get(&history).clone() }
            }
            Step::Repeat { .. } => continue,
        };
        // The payload says which record of the history was passed on.
        let payload = history.len().to_be_bytes();
        driver.stage_value(NORMALIZED, 0, "plant-a/1", &event(&given, &payload), Timestamp::from_millis(now)).unwrap();
        history.push(given);
    }
    driver.drain().unwrap();
    driver.commit().unwrap();

    let passed: Vec<&Given> = driver
        .broker()
        .committed(CANONICAL_PRODUCTION.name())
        .map(|(_, _, record)| &history[usize::from_be_bytes(record.value.as_deref().unwrap().try_into().unwrap())])
        .collect();
    let mut accepted: BTreeMap<&str, Vec<&Given>> = BTreeMap::new();
    for given in passed {
        let earlier = accepted.entry(&given.id).or_default();
        for one in &*earlier {
            // Its own ingest time is the least that the clock showed.
            let oldest = given.ingest_time - i64::from(WINDOW_DAYS) * DAY;
            prop_assert_ne!(one.source_time, given.source_time, "{} was accepted twice", given.id);
            prop_assert!(one.source_time < given.source_time && given.source_time >= oldest);
        }
        earlier.push(given);
    }
    // Nothing is lost: every record was passed on, dropped as a duplicate, or refused.
    let refused = driver.dead_letters().unwrap().len();
    let accounted = accepted.values().map(Vec::len).sum::<usize>() + refused + usize::try_from(driver.counter("duplicates")).unwrap();
    prop_assert_eq!(accounted, history.len());
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn no_event_is_accepted_twice_whatever_crashes(steps in prop::collection::vec(step(), 1..60)) {
        run(&steps, Backend::Memory)?;
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn no_event_is_accepted_twice_whatever_crashes_with_files(steps in prop::collection::vec(step(), 1..60)) {
        let folder = tempfile::tempdir().unwrap();
        run(&steps, Backend::Disk(folder.path().to_owned()))?;
    }
}

#[test]
fn an_id_that_came_back_after_its_window_is_remembered_through_a_restore() {
    let at = |days: i64| 1_763_647_200_000 + days * DAY;
    let commit = || Step::Commit;
    let event = |clock_step: i64| Step::Event { id: 1, content: 0, clock_step, age: 0 };
    // Accepted, forgotten, accepted as something new; then the store is restored from its whole changelog, and the second one is repeated.
    let steps = [event(0), commit(), event(at(5) - at(0)), commit(), Step::Crash { state_lost: true }, Step::Repeat { which: index(1, 2), clock_step: 1 }];
    run(&steps, Backend::Memory).unwrap();
}

/// An index that picks `wanted` of `count`.
fn index(wanted: usize, count: usize) -> prop::sample::Index {
    use proptest::strategy::ValueTree;
    use proptest::test_runner::TestRunner;
    let mut runner = TestRunner::deterministic();
    std::iter::repeat_with(|| any::<prop::sample::Index>().new_tree(&mut runner).unwrap().current()).find(|index| index.index(count) == wanted).unwrap()
}
