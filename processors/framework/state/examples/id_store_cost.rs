//! What an id costs: `cargo run --release -p lineside-state --example id_store_cost [millions]`.
//!
//! As the deduplicator does it: look each id up, accept it, commit every 1,000, files on disk. CPU time of this thread, as the kernel counts it.

use std::fs;

use lineside_api::{AcceptedId, TaskStores};
use lineside_schemas::Timestamp;
use lineside_state::{Backend, TaskState};
use lineside_topology::processors::{ACCEPTED, DEDUPLICATOR};

const IDS_PER_COMMIT: u64 = 1_000;
const MILLION: u64 = 1_000_000;
const DAYS: u64 = 7;
/// Enough for a clock that the kernel moves every few milliseconds.
const LOOK_UPS: u64 = 500_000;

fn main() {
    let millions: u64 = std::env::args().nth(1).and_then(|argument| argument.parse().ok()).unwrap_or(5);
    let folder = tempfile::tempdir().expect("a temporary folder");
    let backend = Backend::Disk(folder.path().to_owned());
    let mut state = TaskState::open(&DEDUPLICATOR, 0, &backend).expect("a new store");
    println!("{:>10} {:>22} {:>16} {:>16} {:>16} {:>14}", "ids", "look-up+insert ns/id", "miss ns/look-up", "hit ns/look-up", "table bytes/id", "disk bytes/id");
    let mut batch = Vec::new();
    for million in 0..millions {
        let mut spent = 0;
        for commit in 0..MILLION / IDS_PER_COMMIT {
            let first = million * MILLION + commit * IDS_PER_COMMIT;
            batch.clear();
            batch.extend((first..first + IDS_PER_COMMIT).map(event_id));
            let before = cpu_nanos();
            for (number, event_id) in (first..).zip(&batch) {
                if state.seen(ACCEPTED.name(), "mes-berlin", event_id).expect("readable").is_none() {
                    state.accept(ACCEPTED.name(), accepted(event_id, number)).expect("readable");
                }
                state.advance(ACCEPTED.name(), Timestamp::from_micros(number.cast_signed()), 0).expect("a clock");
                state.keep_record();
            }
            state.committed(&mut |_, _| first.cast_signed() + 1).expect("writable");
            spent += cpu_nanos() - before;
        }
        let ids = (million + 1) * MILLION;
        let miss = look_ups(&mut state, ids, false);
        let hit = look_ups(&mut state, ids, true);
        let sizes = state.stats()[0];
        println!("{:>10} {:>22} {miss:>16} {hit:>16} {:>16.1} {:>14.1}", ids, spent / MILLION, per_id(sizes.memory_bytes, ids), per_id(sizes.disk_bytes, ids));
    }
    let ids = millions * MILLION;
    let resident = resident_bytes();
    drop(state);
    let before = cpu_nanos();
    let state = TaskState::open(&DEDUPLICATOR, 0, &backend).expect("the same store");
    let spent = cpu_nanos() - before;
    assert_eq!(state.stats()[0].entries, ids);
    println!("process with {ids} ids: {} MB resident; opened again in {} ms, {} ns/id", resident / MILLION, spent / MILLION, spent / ids);
}

/// As long as a UUID, and as random.
fn event_id(number: u64) -> String {
    format!("{}{:04}", lineside_schemas::ids::deterministic_id(&[&number.to_le_bytes()]), number % 10_000)
}

fn accepted(event_id: &str, number: u64) -> AcceptedId<'_> {
    let bucket = i32::try_from(number % DAYS).expect("some days");
    AcceptedId { source: "mes-berlin", event_id, bucket, fingerprint: number.cast_signed() }
}

fn look_ups(state: &mut TaskState, ids: u64, there: bool) -> u64 {
    let asked: Vec<_> = (0..LOOK_UPS).map(|number| event_id(if there { number * (ids / LOOK_UPS) } else { ids + number })).collect();
    let before = cpu_nanos();
    let found = asked.iter().filter(|event_id| state.seen(ACCEPTED.name(), "mes-berlin", event_id).expect("readable").is_some()).count();
    let spent = cpu_nanos() - before;
    assert_eq!(found, if there { asked.len() } else { 0 });
    spent / asked.len() as u64
}

#[expect(clippy::cast_precision_loss, reason = "printed with one digit")]
fn per_id(bytes: u64, ids: u64) -> f64 {
    bytes as f64 / ids as f64
}

/// CPU time of this process' only busy thread, nanoseconds.
fn cpu_nanos() -> u64 {
    let text = fs::read_to_string("/proc/thread-self/schedstat").expect("Linux");
    text.split_whitespace().next().and_then(|nanos| nanos.parse().ok()).expect("nanoseconds on a CPU come first")
}

/// Resident memory of this process, bytes.
fn resident_bytes() -> u64 {
    let text = fs::read_to_string("/proc/self/statm").expect("Linux");
    let pages: u64 = text.split_whitespace().nth(1).and_then(|pages| pages.parse().ok()).expect("resident pages come second");
    pages * 4096
}
