//! The deduplicator as the runtime drives it.

#![allow(clippy::unwrap_used, reason = "a panic is how a test fails")]

use std::collections::BTreeSet;

use lineside_api::{Erased, ErrorClass, Hosted, Timestamp};
use lineside_deduplicator::processor::{ID_CONFLICT, SOURCE_TIME_IN_FUTURE, TOO_LATE, UNKNOWN_TARGET_TOPIC};
use lineside_deduplicator::{ACCEPTED_EVENTS, DUPLICATES, Deduplicator, Window};
use lineside_schemas::contract;
use lineside_schemas::records::{NormalizedEvent, RawPosition};
use lineside_testkit::TestDriver;
use lineside_testkit::driver::Piped;
use lineside_topology::CANONICAL;
use lineside_topology::processors::{ACCEPTED, DEDUPLICATOR};
use lineside_topology::topics::{CANONICAL_PRODUCTION, NORMALIZED};

const DAY: i64 = 86_400_000;
const MINUTE: i64 = 60_000;
const PARTITION: i32 = 2;

fn driver() -> TestDriver {
    TestDriver::new(|| Box::new(Hosted::new(&DEDUPLICATOR, Deduplicator::new(Window::new(30, 60).unwrap()))) as Box<dyn Erased>).unwrap()
}

/// Milliseconds after some afternoon.
fn at(millis: i64) -> Timestamp {
    Timestamp::from_millis(1_763_647_200_000 + millis)
}

fn event(event_id: &str, source_time: Timestamp, ingest_time: Timestamp) -> NormalizedEvent<'_> {
    NormalizedEvent {
        topic: CANONICAL_PRODUCTION.name(),
        source: "plant-a.mes",
        event_id,
        plant: "plant-a",
        correlation_id: "plant-a/1",
        source_time,
        ingest_time,
        fingerprint: 1,
        raw: RawPosition { topic: "raw.plant-a.mes", partition: 0, offset: 17 },
        // Not in wire format on purpose: it must not be looked into.
        payload: b"\xff as it is",
    }
}

fn pipe(driver: &mut TestDriver, event: &NormalizedEvent<'_>) {
    driver.pipe_value(NORMALIZED, PARTITION, "plant-a/1", event, event.ingest_time).unwrap();
}

fn stage(driver: &mut TestDriver, event: &NormalizedEvent<'_>) {
    driver.stage_value(NORMALIZED, PARTITION, "plant-a/1", event, event.ingest_time).unwrap();
}

fn passed(driver: &TestDriver) -> usize {
    driver.broker().committed(CANONICAL_PRODUCTION.name()).count()
}

fn codes(driver: &TestDriver) -> Vec<String> {
    driver.dead_letters().unwrap().iter().map(|letter| letter.code.to_owned()).collect()
}

#[test]
fn an_event_is_passed_on_once_as_bytes_under_its_key() {
    let mut driver = driver();
    pipe(&mut driver, &event("A-1", at(0), at(5)));
    pipe(&mut driver, &event("A-1", at(0), at(6)));
    pipe(&mut driver, &event("A-2", at(0), at(7)));
    let records: Vec<_> = driver.broker().committed(CANONICAL_PRODUCTION.name()).map(|(_, _, record)| record.clone()).collect();
    assert_eq!(records.len(), 2);
    for record in records {
        assert_eq!((record.key.as_deref(), record.value.as_deref()), (Some(&b"plant-a/1"[..]), Some(&b"\xff as it is"[..])));
    }
    assert_eq!((driver.counter(ACCEPTED_EVENTS), driver.counter(DUPLICATES)), (2, 1));
    assert_eq!(driver.stream_time(PARTITION, ACCEPTED).unwrap(), at(7));
    assert!(codes(&driver).is_empty());
}

#[test]
fn every_canonical_and_master_topic_gets_what_is_meant_for_it() {
    let mut driver = driver();
    for row in CANONICAL {
        let key = format!("plant-a/{}", row.topic);
        let event = NormalizedEvent { topic: row.topic, ..event(row.topic, at(0), at(5)) };
        driver.pipe_value(NORMALIZED, PARTITION, &key, &event, event.ingest_time).unwrap();
    }
    for row in CANONICAL {
        let records: Vec<_> = driver.broker().committed(row.topic).map(|(_, _, record)| (record.key.clone(), record.value.clone())).collect();
        assert_eq!(records, [(Some(format!("plant-a/{}", row.topic).into_bytes()), Some(b"\xff as it is".to_vec()))], "{}", row.topic);
    }
    assert_eq!(driver.counter(ACCEPTED_EVENTS), u64::try_from(CANONICAL.len()).unwrap());
    assert!(codes(&driver).is_empty());
}

#[test]
fn the_same_id_of_another_source_is_another_event() {
    let mut driver = driver();
    pipe(&mut driver, &event("A-1", at(0), at(5)));
    pipe(&mut driver, &NormalizedEvent { source: "plant-b.b2mml", ..event("A-1", at(0), at(6)) });
    assert_eq!(passed(&driver), 2);
}

#[test]
fn a_repeat_under_another_source_time_is_still_a_repeat() {
    let mut driver = driver();
    pipe(&mut driver, &event("A-1", at(0), at(5)));
    pipe(&mut driver, &event("A-1", at(-9 * DAY), at(6)));
    pipe(&mut driver, &event("A-1", at(2 * DAY), at(2 * DAY)));
    assert_eq!((passed(&driver), driver.counter(DUPLICATES)), (1, 2));
}

#[test]
fn the_same_id_with_other_content_is_shown_with_both_contents() {
    let mut driver = driver();
    pipe(&mut driver, &event("A-1", at(0), at(5)));
    pipe(&mut driver, &NormalizedEvent { fingerprint: -2, ..event("A-1", at(0), at(6)) });
    let letters = driver.dead_letters().unwrap();
    let letter = &letters[0];
    assert_eq!((letters.len(), letter.code, letter.class, letter.field), (1, ID_CONFLICT, ErrorClass::DataQuality, Some("event_id")));
    assert!(letter.message.contains("0000000000000001") && letter.message.contains("fffffffffffffffe"), "{}", letter.message);
    assert_eq!((letter.event_id, letter.raw.as_ref().map(|raw| raw.offset)), (Some("A-1"), Some(17)));
    assert_eq!((passed(&driver), driver.counter(DUPLICATES)), (1, 0));
    assert_eq!(driver.seen(PARTITION, ACCEPTED, "plant-a.mes", "A-1").unwrap(), Some(1), "the content accepted first stays");
}

#[test]
fn source_times_out_of_the_window_are_refused_and_do_not_move_the_clock() {
    let mut driver = driver();
    pipe(&mut driver, &event("A-1", at(0), at(0)));
    pipe(&mut driver, &event("A-2", at(-30 * DAY), at(0)));
    pipe(&mut driver, &event("A-3", at(60 * MINUTE), at(0)));
    assert_eq!(passed(&driver), 3);

    pipe(&mut driver, &event("A-4", at(-30 * DAY), at(1)));
    pipe(&mut driver, &event("A-5", at(60 * MINUTE + 10 + 1), at(10)));
    assert_eq!(codes(&driver), [TOO_LATE, SOURCE_TIME_IN_FUTURE]);
    let letters = driver.dead_letters().unwrap();
    assert!(letters.iter().all(|letter| letter.class == ErrorClass::DataQuality && letter.field == Some("source_time")));
    assert_eq!(driver.stream_time(PARTITION, ACCEPTED).unwrap(), at(0));
}

#[test]
fn an_id_is_forgotten_with_its_day_and_then_too_late_to_come_back() {
    let mut driver = driver();
    let old = event("A-1", at(0), at(0));
    pipe(&mut driver, &old);
    // The last instant at which its source time is in the window, then the first at which it is not.
    pipe(&mut driver, &NormalizedEvent { ingest_time: at(30 * DAY), ..old.clone() });
    assert_eq!(driver.counter(DUPLICATES), 1);
    pipe(&mut driver, &event("A-2", at(31 * DAY), at(31 * DAY)));
    pipe(&mut driver, &old);
    assert_eq!((passed(&driver), codes(&driver)), (2, vec![TOO_LATE.to_owned()]));
    assert_eq!(driver.seen(PARTITION, ACCEPTED, "plant-a.mes", "A-1").unwrap(), None, "its day has ended before the window");
    // Under a later source time it is another event; nothing can tell.
    pipe(&mut driver, &event("A-1", at(31 * DAY), at(31 * DAY)));
    assert_eq!(passed(&driver), 3);
}

#[test]
fn a_refusal_gives_back_the_ids_that_its_advance_had_dropped() {
    let mut driver = driver();
    pipe(&mut driver, &event("A-1", at(0), at(0)));
    // Appended long after, and too late by its own time: refused, so its advance does not count.
    stage(&mut driver, &event("A-2", at(0), at(40 * DAY)));
    assert_eq!(driver.seen(PARTITION, ACCEPTED, "plant-a.mes", "A-1").unwrap(), Some(1));
    driver.commit().unwrap();
    assert_eq!(driver.seen(PARTITION, ACCEPTED, "plant-a.mes", "A-1").unwrap(), Some(1));
    pipe(&mut driver, &event("A-1", at(0), at(1)));
    assert_eq!((passed(&driver), driver.counter(DUPLICATES), codes(&driver)), (1, 1, vec![TOO_LATE.to_owned()]));
}

#[test]
fn a_topic_that_is_not_declared_is_refused_and_its_event_not_remembered() {
    let mut driver = driver();
    pipe(&mut driver, &NormalizedEvent { topic: "canonical.unheard-of.v1", ..event("A-1", at(0), at(0)) });
    assert_eq!(codes(&driver), [UNKNOWN_TARGET_TOPIC]);
    assert_eq!(driver.dead_letters().unwrap()[0].class, ErrorClass::Application);
    assert_eq!(driver.seen(PARTITION, ACCEPTED, "plant-a.mes", "A-1").unwrap(), None);
    pipe(&mut driver, &event("A-1", at(0), at(0)));
    assert_eq!(passed(&driver), 1);
}

#[test]
fn an_aborted_batch_is_decided_the_same_again() {
    let mut driver = driver();
    pipe(&mut driver, &event("A-1", at(0), at(0)));
    let batch = [event("A-2", at(0), at(1)), event("A-2", at(0), at(2)), event("A-1", at(0), at(3)), event("A-3", at(-31 * DAY), at(4))];
    for one in &batch {
        stage(&mut driver, one);
    }
    for _ in 0..3 {
        driver.abort().unwrap();
        assert_eq!((passed(&driver), driver.counter(DUPLICATES), codes(&driver).len()), (1, 0, 0));
        assert_eq!(driver.seen(PARTITION, ACCEPTED, "plant-a.mes", "A-2").unwrap(), None);
        driver.drain().unwrap();
    }
    driver.commit().unwrap();
    assert_eq!((passed(&driver), driver.counter(DUPLICATES), codes(&driver)), (2, 2, vec![TOO_LATE.to_owned()]));
}

#[test]
fn partitions_have_clocks_of_their_own() {
    let mut driver = driver();
    pipe(&mut driver, &event("A-1", at(90 * DAY), at(90 * DAY)));
    driver.pipe_value(NORMALIZED, 0, "plant-a/2", &event("B-1", at(0), at(0)), at(0)).unwrap();
    assert_eq!((passed(&driver), codes(&driver).len()), (2, 0));
    assert_eq!(driver.stream_time(0, ACCEPTED).unwrap(), at(0));
}

#[test]
fn each_event_of_a_frame_is_judged_by_itself() {
    let (codec, mut driver) = (lineside_testkit::codec(), driver());
    let bytes = |event: &NormalizedEvent<'_>| {
        let mut bytes = Vec::new();
        codec.encode::<contract::NormalizedEvent>(NORMALIZED.name(), event, &mut bytes).unwrap();
        bytes
    };
    let (first, conflicting, second) =
        (bytes(&event("A-1", at(0), at(5))), bytes(&NormalizedEvent { fingerprint: 9, ..event("A-1", at(0), at(5)) }), bytes(&event("A-2", at(0), at(5))));
    let frame: Vec<(&str, &[u8])> = vec![("plant-a/1", &first), ("plant-a/1", &first), ("plant-a/1", &conflicting), ("plant-a/1", b"no event"), ("plant-a/2", &second)];
    driver.stage_records(NORMALIZED.name(), PARTITION, &frame, at(5)).unwrap();
    driver.commit().unwrap();

    let passed: BTreeSet<_> = driver.broker().committed(CANONICAL_PRODUCTION.name()).map(|(_, _, record)| record.key.clone().unwrap()).collect();
    assert_eq!(passed, BTreeSet::from([b"plant-a/1".to_vec(), b"plant-a/2".to_vec()]));
    assert_eq!((driver.counter(ACCEPTED_EVENTS), driver.counter(DUPLICATES)), (2, 1));
    let letters = driver.dead_letters().unwrap();
    let shown: Vec<_> = letters.iter().map(|letter| (letter.code, letter.offset, letter.index, letter.key, letter.value)).collect();
    let key = Some(&b"plant-a/1"[..]);
    assert_eq!(shown, [(ID_CONFLICT, 0, Some(2), key, Some(&conflicting[..])), ("undecodable-record", 0, Some(3), key, Some(&b"no event"[..]))]);
}

#[test]
fn bytes_that_are_no_frame_are_refused_as_they_stand() {
    let mut driver = driver();
    let garbage = Piped { topic: NORMALIZED.name(), partition: PARTITION, key: Some(b"k"), value: Some(b"no frame"), time: at(0), headers: &[] };
    driver.pipe(garbage).unwrap();
    let letters = driver.dead_letters().unwrap();
    assert_eq!(letters.iter().map(|letter| (letter.code, letter.index, letter.value)).collect::<Vec<_>>(), [("undecodable-record", None, Some(&b"no frame"[..]))]);
}
