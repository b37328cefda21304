//! A process that is killed at each step of the protocol, and started again: nothing is lost or doubled, and the stores are what their changelog says.
#![cfg(debug_assertions)]

use std::collections::hash_map::RandomState;
use std::hash::BuildHasher as _;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::bench::{self, Bench};
use lineside_runtime::crash::{self, Place};

/// Records around each crash.
const RECORDS: usize = 300;
/// How often a place is passed at most before the crash.
const MOST_PASSES: u32 = 4;
/// Round the places so often, each time at another passing.
const ROUNDS: usize = 2;
const PATIENCE: Duration = Duration::from_mins(1);
const SEED_VARIABLE: &str = "LINESIDE_CRASH_SEED";
const CHILD: &str = "crash_points::child";
const ARGUMENTS_VARIABLE: &str = "CRASH_CHILD_ARGUMENTS";
const PLACE_VARIABLE: &str = "CRASH_CHILD_PLACE";
const PASSES_VARIABLE: &str = "CRASH_CHILD_PASSES";
/// Small batches, so that each place is passed several times.
const ARGUMENTS: [&str; 4] = ["--session-timeout-ms", "2000", "--batch-records", "40"];

#[test]
fn a_crash_at_any_step_loses_and_doubles_nothing() {
    let seed = std::env::var(SEED_VARIABLE).ok().and_then(|text| text.parse().ok()).unwrap_or_else(|| RandomState::new().hash_one(0));
    eprintln!("seed {seed}; {SEED_VARIABLE} sets another");
    let mut random = Random(seed);
    let bench = Bench::start();
    let (state, other_state) = (bench.state_dir(), bench.state_dir());
    let mut expected = bench::Values::new();
    let mut sent = 0;
    let mut feed = |bench: &Bench| {
        for (partition, values) in bench.feed(sent..sent + RECORDS, |_| std::thread::sleep(Duration::from_millis(2))) {
            expected.entry(partition).or_default().extend(values);
        }
        sent += RECORDS;
        sent
    };
    // So that there is enough to restore: a place that a child does not come to is never crashed at.
    let copier = bench.copier_with(state.path(), &ARGUMENTS);
    loop {
        bench.await_output(feed(&bench));
        if bench.changelog_records() > u64::from(MOST_PASSES) {
            break;
        }
    }
    copier.stop();
    for place in (0..ROUNDS).flat_map(|_| Place::ALL) {
        if *place == Place::DuringRestore {
            std::fs::remove_dir_all(state.path().join("stores")).unwrap();
        }
        let passes = match place {
            Place::OnAssign | Place::OnRevoke => 0,
            _ => random.below(MOST_PASSES + 1),
        };
        let mut child = spawn(&bench, state.path(), *place, passes);
        let sent = feed(&bench);
        let other = (*place == Place::OnRevoke).then(|| {
            // The child has all partitions by then, and has to let one go.
            bench.await_output(sent);
            bench.copier_with(other_state.path(), &ARGUMENTS)
        });
        let started = Instant::now();
        while is_running(&mut child, *place) {
            assert!(started.elapsed() < PATIENCE, "the child never came to {place:?}");
            feed(&bench);
        }
        if let Some(other) = other {
            bench.await_output(feed(&bench));
            other.stop();
        }
        eprintln!("crashed {place:?} after {passes} passes");
    }
    let copier = bench.copier_with(state.path(), &ARGUMENTS);
    let output = bench.await_output(feed(&bench));
    copier.stop();
    assert_eq!(output, expected, "seed {seed}");
    bench.assert_stores_equal_changelog(state.path());
}

fn spawn(bench: &Bench, state: &Path, place: Place, passes: u32) -> Crashing {
    let child = Command::new(std::env::current_exe().unwrap())
        .args([CHILD, "--exact", "--ignored", "--nocapture"])
        .env(ARGUMENTS_VARIABLE, bench.arguments(state).iter().map(String::as_str).chain(ARGUMENTS).collect::<Vec<_>>().join("\n"))
        .env(PLACE_VARIABLE, format!("{place:?}"))
        .env(PASSES_VARIABLE, passes.to_string())
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    Crashing(child)
}

/// A process that is to crash, and ends with the test at the latest.
struct Crashing(Child);

impl Drop for Crashing {
    fn drop(&mut self) {
        // Fails only if it has ended.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn is_running(child: &mut Crashing, place: Place) -> bool {
    child.0.try_wait().unwrap().is_none_or(|status| {
        assert!(!status.success(), "{place:?}: the child ended by itself");
        false
    })
}

/// The process that crashes; run by the test above.
#[test]
#[ignore = "a part of the other test"]
fn child() {
    let Ok(arguments) = std::env::var(ARGUMENTS_VARIABLE) else { return };
    let place = std::env::var(PLACE_VARIABLE).unwrap();
    let place = Place::ALL.iter().find(|candidate| format!("{candidate:?}") == place).unwrap();
    crash::arm(*place, std::env::var(PASSES_VARIABLE).unwrap().parse().unwrap());
    let running = bench::copier(bench::settings(&arguments.lines().collect::<Vec<_>>()));
    std::thread::sleep(PATIENCE * 2);
    running.stop();
}

/// Numbers from a seed.
struct Random(u64);

impl Random {
    fn below(&mut self, end: u32) -> u32 {
        // splitmix64
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        u32::try_from((mixed ^ (mixed >> 31)) % u64::from(end)).unwrap()
    }
}
