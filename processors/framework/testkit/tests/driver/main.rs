//! The test driver itself, with a processor that does one of everything.

#![allow(clippy::unwrap_used, reason = "a panic is how a test fails")]

mod calls;
mod tables;
mod ticks;

use lineside_api::{Context, Erased, Failure, Hosted, Processor, Raw, Record, Refusal, Timestamp};
use lineside_testkit::driver::Piped;
use lineside_testkit::{TestDriver, WorkerError};
use lineside_topology::processors::SUPPLY_PUBLISHER;
use lineside_topology::topics::{CANONICAL_PRODUCTION, ORDER_POSTINGS, SUPPLY_ORDER_PROGRESS};

/// Forwards what it reads; refuses `refuse`, after doing everything else; misbehaves on `misbehave`; says the time on every tick.
struct Probe;

impl Processor for Probe {
    type Input = Raw;

    fn process(&mut self, record: Record<'_, '_, &[u8]>, cx: &mut Context<'_>) -> Result<(), Refusal> {
        cx.forward(SUPPLY_ORDER_PROGRESS.name(), record.raw.key, record.value);
        cx.count("probed");
        match record.value {
            b"refuse" => Err(Refusal::data_quality("refused", "as asked")),
            b"misbehave" => {
                cx.send(ORDER_POSTINGS, "k", &posting());
                Ok(())
            }
            _ => Ok(()),
        }
    }

    fn tick(&mut self, now: Timestamp, cx: &mut Context<'_>) {
        cx.forward(SUPPLY_ORDER_PROGRESS.name(), None, now.to_string().as_bytes());
        cx.count("ticks");
    }
}

fn posting() -> lineside_schemas::records::OrderPosting<'static> {
    use lineside_schemas::Date;
    use lineside_schemas::records::{Coverage, OrderPosting, PostingMode};
    OrderPosting {
        posting_id: "",
        plant: "",
        order: "",
        sequence: 1,
        correlation_id: "",
        caused_by_event_id: "",
        mode: PostingMode::Unknown,
        rule_version: "",
        posting_date: Date::from_days(0),
        document_date: Date::from_days(0),
        confirmations: Vec::new(),
        lines: Vec::new(),
        r#final: false,
        clear_reservations: false,
        control_totals: Vec::new(),
        covers: Coverage { event_count: 0, fingerprint: "", first_source_time: Timestamp::EPOCH, last_source_time: Timestamp::EPOCH, positions: Vec::new() },
        ..OrderPosting::default()
    }
}

fn driver() -> TestDriver {
    TestDriver::new(|| Box::new(Hosted::new(&SUPPLY_PUBLISHER, Probe)) as Box<dyn Erased>).unwrap()
}

fn piped(value: &'static [u8]) -> Piped<'static> {
    Piped { topic: CANONICAL_PRODUCTION.name(), partition: 1, key: Some(b"k"), value: Some(value), time: Timestamp::from_millis(7), headers: &[] }
}

fn passed(driver: &TestDriver) -> Vec<String> {
    driver.broker().committed(SUPPLY_ORDER_PROGRESS.name()).map(|(_, _, record)| String::from_utf8(record.value.clone().unwrap()).unwrap()).collect()
}

#[test]
fn nothing_is_visible_before_the_commit() {
    let mut driver = driver();
    driver.stage(piped(b"one")).unwrap();
    assert_eq!((passed(&driver).len(), driver.counter("probed")), (0, 0));
    driver.commit().unwrap();
    assert_eq!((passed(&driver), driver.counter("probed")), (vec!["one".to_owned()], 1));
    driver.commit().unwrap();
    assert_eq!((passed(&driver).len(), driver.counter("probed")), (1, 1), "an empty commit commits nothing");
}

#[test]
fn aborted_and_crashed_batches_are_done_again_once() {
    let mut driver = driver();
    driver.stage(piped(b"one")).unwrap();
    driver.abort().unwrap();
    driver.stage(piped(b"two")).unwrap();
    driver.crash(true).unwrap();
    driver.pipe(piped(b"three")).unwrap();
    assert_eq!(passed(&driver), ["one", "two", "three"]);
    assert_eq!(driver.counter("probed"), 3);
}

#[test]
fn a_refusal_leaves_only_its_dead_letter() {
    let mut driver = driver();
    let headers = [("trace".to_owned(), Some(b"1".to_vec())), ("none".to_owned(), None)];
    driver.pipe(Piped { headers: &headers, ..piped(b"refuse") }).unwrap();
    assert_eq!((passed(&driver).len(), driver.counter("probed")), (0, 0));
    let letters = driver.dead_letters().unwrap();
    let letter = &letters[0];
    assert_eq!((letter.code, letter.partition, letter.offset, letter.record_time), ("refused", 1, 0, Timestamp::from_millis(7)));
    assert_eq!((letter.key, letter.value), (Some(&b"k"[..]), Some(&b"refuse"[..])));
    let shown: Vec<_> = letter.headers.iter().map(|header| (header.key, header.value)).collect();
    assert_eq!(shown, [("trace", Some(&b"1"[..])), ("none", None)]);
}

#[test]
fn ticks_are_told_the_manual_clock_for_each_partition() {
    let mut driver = driver();
    driver.set_now(Timestamp::from_millis(60_000));
    driver.tick().unwrap();
    driver.commit().unwrap();
    assert_eq!(passed(&driver), ["1970-01-01T00:01:00Z"; 4]);
    assert_eq!(driver.counter("ticks"), 4);
}

#[test]
fn a_tombstone_reads_as_nothing() {
    let mut driver = driver();
    driver.pipe(Piped { value: None, ..piped(b"") }).unwrap();
    assert_eq!(passed(&driver), [""]);
}

#[test]
fn what_the_row_of_the_processor_does_not_have_is_an_error() {
    let undeclared = driver().pipe(piped(b"misbehave"));
    assert!(matches!(undeclared, Err(WorkerError::Failure(Failure::Undeclared { processor: "supply-publisher", .. }))), "{undeclared:?}");
    assert!(matches!(driver().pipe(Piped { topic: "order.postings.v1", ..piped(b"") }), Err(WorkerError::NotRead { .. })));
    assert_eq!(driver().pipe(Piped { partition: 4, ..piped(b"") }), Err(WorkerError::NotAssigned(4)));
}
