//! What the tests of the steward say.

use std::collections::BTreeSet;
use std::process::{Command, Stdio};
use std::sync::atomic::Ordering;
use std::time::Duration;

use super::{Farm, GATE, GATED, NARROW, Outside, TABLE, WIDE, await_that, steward};

const ARGUMENTS_VARIABLE: &str = "STEWARD_CHILD_ARGUMENTS";
const FOLDER_VARIABLE: &str = "STEWARD_CHILD_FOLDER";

fn state_dir() -> tempfile::TempDir {
    tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap()
}

/// What became of an id, which must be there once.
fn once<'a>(lines: &'a [(String, String, String)], id: &str) -> &'a str {
    let found: Vec<&str> = lines.iter().filter(|line| line.0 == id).map(|line| line.2.as_str()).collect();
    assert_eq!(found.len(), 1, "{id} in {lines:?}");
    found[0]
}

#[test]
fn tables_are_known_before_the_first_record_and_a_tick_on_idle_topics_commits_what_it_leaves_and_nothing_else() {
    let farm = Farm::start();
    farm.put(0, "a", Some("1"));
    farm.put(1, "b", Some("2"));
    farm.put(1, "b", None);
    farm.put(1, "c", Some("break"));
    farm.send(WIDE, 2, "echo first");
    farm.send(NARROW, 1, "keep timer");
    let (state, outside) = (state_dir(), Outside::new(None));
    let running = farm.steward(state.path(), "one", &outside);
    let lines = farm.await_output(&["first", "timer"]);
    assert_eq!((once(&lines, "first"), once(&lines, "timer")), ("a=1", "kept"));
    assert_eq!(running.metrics.table_refusals.with_label_values(&[TABLE]).get(), 1, "the one that it broke on");

    let ticks = |count: u64| {
        let before = running.ticks.load(Ordering::Relaxed);
        await_that("ticks", || running.ticks.load(Ordering::Relaxed) >= before + count);
    };
    ticks(10);
    let committed = running.committed();
    ticks(30);
    assert_eq!(running.committed(), committed, "an idle processor commits nothing");

    farm.put(0, "a", Some("9"));
    farm.put(0, "d", Some("4"));
    let rows = running.metrics.table_records.with_label_values(&["stream-0", TABLE]);
    await_that("the table", || rows.get() == 3);
    farm.send(WIDE, 0, "echo second");
    assert_eq!(once(&farm.await_output(&["second"]), "second"), "a=9,d=4");

    // A timer that is set, and a stop before it goes off: nobody reads a record in the next run, and the commit is taken all the same.
    farm.send(WIDE, 1, "keep over");
    await_that("the record", || running.committed() > committed + 1);
    running.stop();
    let running = farm.steward(state.path(), "one", &outside);
    let lines = farm.await_output(&["over"]);
    assert_eq!((once(&lines, "over"), once(&lines, "timer")), ("kept", "kept"));

    running.stop();

    // Somebody takes its place in the group while it is in a tick. What that leaves is not taken: the other has done it by then. It gives way.
    let gated = farm.steward(state.path(), GATED, &outside);
    await_that("its tasks", || gated.assigned() > 0);
    farm.send(WIDE, 0, "keep replaced");
    await_that("the record", || gated.committed() > 0);
    let gate = GATE.lock().unwrap();
    let other_state = state_dir();
    let other = farm.steward_as(GATED, other_state.path(), "two", &outside);
    farm.await_output(&["replaced"]);
    drop(gate);
    await_that("its end", || gated.has_ended());
    gated.stop();
    farm.send(NARROW, 0, "echo end");
    let lines = farm.await_output(&["end"]);
    assert_eq!(once(&lines, "replaced"), "kept");

    // So does one that has nothing to do.
    let third_state = state_dir();
    let third = farm.steward_as(GATED, third_state.path(), "three", &outside);
    await_that("the other's end", || other.has_ended());
    other.stop();
    third.stop();
}

#[test]
fn members_share_out_tasks_of_inputs_with_different_counts_and_a_killed_one_s_calls_are_read_back() {
    let farm = Farm::start();
    let (state, other_state, booked) = (state_dir(), state_dir(), state_dir());
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["steward::tests::steward_child", "--exact", "--ignored", "--nocapture"])
        .env(ARGUMENTS_VARIABLE, farm.arguments(state.path()).join("\n"))
        .env(FOLDER_VARIABLE, booked.path())
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    for (topic, partition, id) in [(WIDE, 0, "w0"), (WIDE, 1, "w1"), (WIDE, 2, "w2"), (NARROW, 0, "n0"), (NARROW, 1, "n1")] {
        farm.send(topic, partition, &format!("call {id}"));
    }
    let bookings = || std::fs::read_dir(booked.path()).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect::<Vec<_>>();
    // Its outside books and says nothing.
    await_that("the bookings", || bookings().len() >= 5);
    child.kill().unwrap();
    child.wait().unwrap();

    let outside = Outside::new(Some(booked.path()));
    let one = farm.steward(state.path(), "one", &outside);
    let ids = ["w0", "w1", "w2", "n0", "n1"];
    let lines = farm.await_output(&ids);
    assert!(ids.iter().all(|id| once(&lines, id) == "read-back"), "{lines:?}");
    assert_eq!(bookings().iter().map(|name| name.split('-').next().unwrap().to_owned()).collect::<BTreeSet<_>>().len(), 5);
    assert_eq!(bookings().len(), 5, "each is booked once: {:?}", bookings());
    assert_eq!((one.assigned(), one.counted("unexpected")), (5, 0));

    let two = farm.steward(other_state.path(), "two", &outside);
    await_that("the tasks are shared out", || one.assigned() + two.assigned() == 5 && one.assigned() > 0 && two.assigned() > 0);
    let mut sent = Vec::new();
    for number in 0..10 {
        for (topic, partitions) in [(WIDE, 3), (NARROW, 2)] {
            for partition in 0..partitions {
                let id = format!("{topic}:{partition}:{number}");
                farm.send(topic, partition, &format!("echo {id}"));
                sent.push(id);
            }
        }
    }
    let lines = farm.await_output(&sent.iter().map(String::as_str).collect::<Vec<_>>());
    for id in &sent {
        assert_eq!(once(&lines, id), "");
    }
    let owners = |partition: &str| -> BTreeSet<&str> { lines.iter().filter(|line| line.0.split(':').nth(1) == Some(partition)).map(|line| line.1.as_str()).collect() };
    for partition in ["0", "1", "2"] {
        assert_eq!(owners(partition).len(), 1, "partition {partition} of both topics is with one member: {lines:?}");
    }
    assert_eq!(["0", "1", "2"].into_iter().flat_map(owners).collect::<BTreeSet<_>>().len(), 2);
    one.stop();
    two.stop();
}

/// The process that is killed; run by the test above.
#[test]
#[ignore = "a part of the other test"]
fn steward_child() {
    let (Ok(arguments), Ok(folder)) = (std::env::var(ARGUMENTS_VARIABLE), std::env::var(FOLDER_VARIABLE)) else { return };
    let outside = Outside::new(Some(folder.as_ref()));
    outside.silent.store(true, Ordering::Release);
    let running = steward(crate::bench::settings(&arguments.lines().collect::<Vec<_>>()), "one", "one", &outside);
    std::thread::sleep(Duration::from_mins(2));
    running.stop();
}
