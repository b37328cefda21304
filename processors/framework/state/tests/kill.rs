//! `kill -9` in the middle of commits, again and again on the same files: whatever a process said it had committed is there afterwards.
//!
//! Without arguments of ours this is the test: it starts itself as a writer, reads the positions that the writer prints after each commit, kills it at
//! a random moment (the seed is fixed), opens the files and compares them with what the batches up to their position say.
#![allow(clippy::unwrap_used, reason = "helpers of tests fail like tests")]

mod support;

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::time::{Duration, Instant};

use lineside_api::{AcceptedId, TaskStores};
use lineside_schemas::contract::AcceptedIds;
use lineside_schemas::{Codec, Timestamp, records};
use lineside_state::{Backend, Limits, TaskState};
use lineside_topology::topics::changelog_topic;
use support::{ACCEPTED, ORDERS, SPEC, codec};

const KILLS: u32 = 20;
const SEED: u64 = 0x11A3_51DE;
const WRITER: &str = "--write-batches-to";
/// A store that hangs after a kill shows by printing nothing for so long.
const PATIENCE: Duration = Duration::from_mins(1);
/// Memtables fill every few batches, so kills also meet the engine writing and merging its files.
const LIMITS: Limits =
    Limits { live_keys_bytes: 16 << 10, block_cache_bytes: 1 << 20, memtable_bytes: 64 << 10, restore_batch_records: 100, restore_batch_bytes: 1 << 20 };
const KEYS: u64 = 400;
const BATCHES_PER_DAY: i64 = 40;
const LIVE_DAYS: i32 = 4;

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    match arguments.as_slice() {
        [_, flag, folder] if flag == WRITER => write_batches(Path::new(folder)),
        _ if arguments.iter().any(|argument| argument == "--list") => println!("nothing_committed_is_lost_by_kills: test"),
        _ => nothing_committed_is_lost_by_kills(),
    }
}

/// Pseudo-random numbers (splitmix64).
fn random(state: u64) -> u64 {
    let mut mixed = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    mixed ^ (mixed >> 31)
}

/// Keys and values of a batch; a value is absent where the key is deleted. Each batch is one record of either changelog.
fn writes(batch: i64) -> Vec<(String, Option<Vec<u8>>)> {
    (0..20)
        .map(|number| {
            let chance = random(batch.unsigned_abs() * 1000 + number);
            let length = usize::try_from(chance % 300).unwrap();
            (format!("berlin/{}", chance % KEYS), (!chance.is_multiple_of(7)).then(|| [&batch.to_le_bytes()[..], &vec![b'x'; length]].concat()))
        })
        .collect()
}

/// Ids of a batch: event id, bucket, content fingerprint. Some are of the days before.
fn ids(batch: i64) -> Vec<(String, i32, i64)> {
    (0..10).map(|number: i32| (format!("event-{batch}-{number}"), day(batch) - number % 3, batch)).collect()
}

fn day(batch: i64) -> i32 {
    i32::try_from(batch / BATCHES_PER_DAY).unwrap()
}

fn open(folder: &Path) -> TaskState {
    TaskState::open_with(&SPEC, 0, &Backend::Disk(folder.to_owned()), LIMITS).unwrap()
}

/// The writer: restores what its stores lack, as after a crash between Kafka's commit and ours, then writes batches until it is killed.
fn write_batches(folder: &Path) {
    let codec = codec();
    let mut state = open(folder);
    let positions = [ORDERS, ACCEPTED].map(|store| state.position(store).unwrap_or(0));
    let end = positions[0].max(positions[1]);
    for (store, position) in [ORDERS, ACCEPTED].into_iter().zip(positions) {
        for batch in position..end {
            restore(&mut state, &codec, store, batch);
        }
        state.restored(store, end).unwrap();
    }
    for batch in end.. {
        for (key, value) in writes(batch) {
            state.put(ORDERS, key.as_bytes(), value.as_deref()).unwrap();
        }
        for (event_id, bucket, fingerprint) in ids(batch) {
            assert_eq!(state.seen(ACCEPTED, "mes", &event_id).unwrap(), None, "batch {batch} was never written before");
            state.accept(ACCEPTED, AcceptedId { source: "mes", event_id: &event_id, bucket, fingerprint }).unwrap();
        }
        state.advance(ACCEPTED, Timestamp::from_micros(batch + 1), day(batch) - LIVE_DAYS).unwrap();
        state.keep_record();
        state.committed(&mut |_, _| batch + 1).unwrap();
        let mut out = std::io::stdout().lock();
        writeln!(out, "{}", batch + 1).and_then(|()| out.flush()).unwrap();
    }
}

fn restore(state: &mut TaskState, codec: &Codec, store: &str, batch: i64) {
    if store == ORDERS {
        for (key, value) in writes(batch) {
            state.restore(store, codec, Some(key.as_bytes()), value.as_deref()).unwrap();
        }
        return;
    }
    let ids = ids(batch);
    let ids = ids.iter().map(|(event_id, bucket, fingerprint)| records::AcceptedId { source: "mes", event_id, bucket: *bucket, fingerprint: *fingerprint }).collect();
    let mut frame = Vec::new();
    let value = records::AcceptedIds { stream_time: Timestamp::from_micros(batch + 1), ids };
    codec.encode::<AcceptedIds>(&changelog_topic(&SPEC, ACCEPTED), &value, &mut frame).unwrap();
    state.restore(store, codec, None, Some(&frame)).unwrap();
}

fn nothing_committed_is_lost_by_kills() {
    let folder = tempfile::tempdir().unwrap();
    let mut committed = 0;
    for kill in 0..KILLS {
        let delay = Duration::from_micros(random(SEED + u64::from(kill)) % 250_000);
        let before = committed;
        committed = run_and_kill(folder.path(), delay).max(committed);
        assert!(committed > before, "writer {kill} committed nothing");
        let (orders, accepted) = check(folder.path(), committed);
        println!("kill {kill} after {delay:?}: {committed} batches were reported, files hold {orders} and {accepted}");
    }
    println!("{KILLS} kills, {committed} batches, nothing lost: ok");
}

/// Starts a writer, kills it some time after its first commit, and gives the last position that it printed.
fn run_and_kill(folder: &Path, delay: Duration) -> i64 {
    let mut writer = Command::new(std::env::current_exe().unwrap()).arg(WRITER).arg(folder).stdout(Stdio::piped()).spawn().unwrap();
    let (sender, printed) = mpsc::channel();
    let lines = BufReader::new(writer.stdout.take().unwrap()).lines();
    let reader = std::thread::spawn(move || {
        // A line cut off by the kill is no number; the commit it stood for is not counted on.
        lines.map_while(Result::ok).filter_map(|line| line.parse::<i64>().ok()).for_each(|position| sender.send(position).unwrap_or_default());
    });
    let last = watch(&printed, delay);
    // By its handle, so by the pid of the process that was started here.
    end(&mut writer);
    reader.join().unwrap();
    printed.try_iter().last().or(last).expect("a writer commits within a minute of its start, also after a kill")
}

fn end(writer: &mut Child) {
    writer.kill().unwrap();
    writer.wait().unwrap();
}

/// The last position printed until `delay` after the first one; `None` if none came.
fn watch(printed: &mpsc::Receiver<i64>, delay: Duration) -> Option<i64> {
    let mut last = printed.recv_timeout(PATIENCE).ok()?;
    let until = Instant::now() + delay;
    loop {
        match printed.recv_timeout(until.saturating_duration_since(Instant::now())) {
            Ok(position) => last = position,
            Err(RecvTimeoutError::Timeout) => return Some(last),
            Err(RecvTimeoutError::Disconnected) => panic!("the writer ended by itself after {last}"),
        }
    }
}

/// Opens the files and compares them with the batches up to their positions; gives these.
fn check(folder: &Path, reported: i64) -> (i64, i64) {
    let mut state = open(folder);
    let [orders, accepted] = [ORDERS, ACCEPTED].map(|store| state.position(store).unwrap_or_else(|| panic!("{store} lost everything")));
    assert!(orders >= reported && accepted >= reported, "{reported} were reported, files hold {orders} and {accepted}");
    assert!(orders <= accepted + 1 && accepted <= orders, "stores commit one after the other: {orders}, {accepted}");

    let mut expected: HashMap<String, Option<Vec<u8>>> = HashMap::new();
    (0..orders).for_each(|batch| expected.extend(writes(batch)));
    for number in 0..KEYS {
        let key = format!("berlin/{number}");
        assert_eq!(state.get(ORDERS, key.as_bytes()).unwrap(), expected.get(&key).and_then(|value| value.as_deref()), "{key} at {orders}");
    }
    let oldest = day(accepted - 1) - LIVE_DAYS;
    for batch in 0..accepted + 2 {
        for (event_id, bucket, fingerprint) in ids(batch) {
            let there = batch < accepted && bucket >= oldest;
            assert_eq!(state.seen(ACCEPTED, "mes", &event_id).unwrap(), there.then_some(fingerprint), "{event_id} of day {bucket} at {accepted}");
        }
    }
    assert_eq!(state.stream_time(ACCEPTED).unwrap(), Timestamp::from_micros(accepted));
    (orders, accepted)
}
