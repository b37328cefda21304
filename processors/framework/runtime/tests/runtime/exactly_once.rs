//! The stream thread on a real Kafka: what it copies arrives once and in order, whatever ends its transactions.

use std::path::Path;
use std::time::Duration;

use crate::bench::{self, Bench};

const RECORDS: usize = 3_000;

/// A second producer under the same transactional id fences the first: its open transaction is aborted, every later call is refused.
#[test]
fn a_fenced_producer_is_replaced_and_nothing_is_lost_or_doubled() {
    let bench = Bench::start();
    let state = bench.state_dir();
    let copier = bench.copier(state.path());
    let expected = bench.feed(0..RECORDS, |sent| {
        if sent % 500 == 250 {
            bench.fence(state.path());
        }
    });
    let output = bench.await_output(RECORDS);
    let rebuilds = copier.metrics.producer_rebuilds.get();
    copier.stop();
    assert_eq!(output, expected);
    assert!(rebuilds >= 1, "no producer was ever fenced, so this test showed nothing");
}

/// Repeats are recognized by the restored store alone. What is replayed is what the store lacks: nothing after a stop, the tail after a crash between the
/// commit to Kafka and that to the store, everything when the files are gone or damaged.
#[test]
fn a_store_is_caught_up_by_what_it_lacks_and_rebuilt_when_lost_or_damaged() {
    let bench = Bench::start();
    let state = bench.state_dir();
    let copier = bench.copier(state.path());
    let mut expected = bench.feed(0..RECORDS, |_| ());
    assert_eq!(bench.await_output(RECORDS), expected);
    copier.stop();

    // Started again on `state`, it recognizes everything as a repeat, after replaying so many changelog records.
    let replayed = |state: &Path, count: usize| {
        let copier = bench.copier(state);
        bench.feed(0..count, |_| ());
        bench.await_events(&copier, "duplicates", count);
        let restored = copier.restored();
        copier.stop();
        restored
    };
    assert_eq!(replayed(state.path(), RECORDS), 0, "the files were there");

    let earlier = bench.state_dir();
    bench::copy_stores(state.path(), earlier.path());
    let before = bench.changelog_records();
    let copier = bench.copier(state.path());
    for (partition, values) in bench.feed(RECORDS..RECORDS * 2, |_| ()) {
        expected.entry(partition).or_default().extend(values);
    }
    assert_eq!(bench.await_output(RECORDS * 2), expected);
    copier.stop();
    let after = bench.changelog_records();
    assert!(after > before);
    bench::copy_stores(earlier.path(), state.path());
    assert_eq!(replayed(state.path(), RECORDS * 2), after - before, "the tail alone");

    let all = bench.changelog_records();
    bench::damage_stores(state.path());
    assert_eq!(replayed(state.path(), RECORDS * 2), all, "the files were damaged");

    let all = bench.changelog_records();
    std::fs::remove_dir_all(state.path().join("stores")).unwrap();
    assert_eq!(replayed(state.path(), RECORDS * 2), all, "the files were gone");
    assert_eq!(bench.await_output(RECORDS * 2), expected, "no repeat came through");
}

/// A restore that takes longer than `max.poll.interval.ms` costs no membership, and partitions that are ready do not wait for it.
#[test]
fn a_long_restore_keeps_its_partitions_and_holds_no_others_up() {
    let bench = Bench::start();
    let state = bench.state_dir();
    let copier = bench.copier(state.path());
    let mut expected = bench.feed(0..RECORDS, |_| ());
    assert_eq!(bench.await_output(RECORDS), expected);
    copier.stop();

    std::fs::remove_dir_all(state.path().join("stores")).unwrap();
    let transaction = bench.open_transaction_in_changelog(0);
    let copier = bench.copier_with(state.path(), &["--session-timeout-ms", "2000", "--property", "max.poll.interval.ms=2500"]);
    let mut send = |number: usize| {
        let (partition, value) = (i32::try_from(number % 3).unwrap(), format!("v{number:06}"));
        bench.send(&value, partition);
        expected.entry(partition).or_default().push(value);
    };
    let of_partition_0 = |number: &usize| number.is_multiple_of(3);
    let (held, free): (Vec<usize>, Vec<usize>) = (RECORDS..RECORDS + 30).partition(of_partition_0);
    held.into_iter().for_each(&mut send);
    free.iter().copied().for_each(&mut send);
    let output = bench.await_output(RECORDS + free.len());
    assert_eq!(output[&0].len(), RECORDS / 3, "partition 0 is still being restored");
    assert!(!copier.is_ready());
    std::thread::sleep(Duration::from_secs(4));
    assert!(!copier.is_ready());
    transaction.end();
    assert_eq!(bench.await_output(RECORDS + 30), expected);
    assert!(copier.is_ready());
    assert_eq!((copier.rebalances("assigned"), copier.rebalances("revoked"), copier.rebalances("lost")), (1, 0, 0));
    copier.stop();
}

/// What waits is taken in batches as small as they are asked to be, however much there is of it.
#[test]
fn a_batch_ends_at_its_limit_though_more_waits() {
    const BATCH: usize = 40;
    let bench = Bench::start();
    let state = bench.state_dir();
    let expected = bench.feed(0..RECORDS, |_| ());
    let copier = bench.copier_with(state.path(), &["--batch-records", &BATCH.to_string()]);
    assert_eq!(bench.await_output(RECORDS), expected);
    let commits = copier.metrics.commit_seconds.get_sample_count();
    copier.stop();
    // One that came to just below its limit may have taken as many again.
    assert!(commits >= (RECORDS / (2 * BATCH)) as u64, "{commits} commits of {RECORDS} records");
}

/// The broker goes away in the middle and comes back.
#[test]
fn a_broker_restart_loses_and_doubles_nothing() {
    let mut bench = Bench::start();
    let state = bench.state_dir();
    let copier = bench.copier(state.path());
    let mut expected = bench.feed(0..RECORDS, |_| ());
    bench.restart_kafka();
    for (partition, values) in bench.feed(RECORDS..RECORDS * 2, |_| ()) {
        expected.entry(partition).or_default().extend(values);
    }
    let output = bench.await_output(RECORDS * 2);
    copier.stop();
    assert_eq!(output, expected);
}

/// A record that makes the processor panic becomes a dead letter; those around it pass.
#[test]
fn a_panic_is_a_dead_letter_and_the_processor_goes_on() {
    let bench = Bench::start();
    let state = bench.state_dir();
    let copier = bench.copier(state.path());
    bench.send("panic", 0);
    let expected = bench.feed(0..100, |_| ());
    assert_eq!(bench.await_output(100), expected);
    assert_eq!(copier.dead_letters("processor-panicked"), 1);
    copier.stop();
}
