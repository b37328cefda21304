//! The stream thread on a real Kafka: what it copies arrives once and in order, whatever ends its transactions.

mod bench;

use bench::Bench;

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

/// Repeats are recognized by the restored store alone: both with the files kept and with the files gone.
#[test]
fn a_store_is_caught_up_or_rebuilt_from_its_changelog() {
    let bench = Bench::start();
    let state = bench.state_dir();
    let copier = bench.copier(state.path());
    let expected = bench.feed(0..RECORDS, |_| ());
    assert_eq!(bench.await_output(RECORDS), expected);
    copier.stop();

    let kept = bench.copier(state.path());
    bench.feed(0..RECORDS, |_| ());
    bench.await_events(&kept, "duplicates", RECORDS);
    assert_eq!(kept.restored(), 0, "the files were there");
    kept.stop();

    let emptied = bench.state_dir();
    let rebuilt = bench.copier(emptied.path());
    bench.feed(0..RECORDS, |_| ());
    bench.await_events(&rebuilt, "duplicates", RECORDS);
    assert!(rebuilt.restored() > 0, "the files were gone");
    rebuilt.stop();
    assert_eq!(bench.await_output(RECORDS), expected, "no repeat came through");
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
