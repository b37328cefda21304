//! Raw documents in, ERP and supply topics out: the whole topology in memory.
//!
//! A failing case prints its seeds; the same seeds give the same run again.

#![allow(clippy::unwrap_used, reason = "a panic is how a test fails")]

mod books;
mod forgetful;
mod plant;
mod reconciled;
mod run;
mod waiting;

use std::collections::BTreeMap;

use lineside_deduplicator::DUPLICATES;
use lineside_state::Backend;
use lineside_testkit::dice::Dice;
use lineside_testkit::{BatchSize, CrashPoint, Faults, Settings};
use lineside_topology::topics::{CANONICAL_PRODUCTION, ORDER_POSTINGS};
use proptest::prelude::*;

use crate::books::{expected, posted};
use crate::forgetful::forgetful_deduplicator;
use crate::plant::{Document, documents};
use crate::run::{outputs, run, run_in, send, topology, topology_with};

/// As many documents again, each somewhere after or before its first, in one order drawn from the seed.
fn shuffled_with_repeats(mut given: Vec<Document>, repeats: usize, seed: u64) -> Vec<Document> {
    let mut dice = Dice::new(seed);
    let originals = given.clone();
    given.extend((0..repeats).filter_map(|_| dice.pick(&originals).cloned()));
    dice.shuffle(&mut given);
    given
}

#[test]
fn a_plant_books_what_happened_in_it() {
    let given = documents(1, 20);
    let driver = run(Settings::new(1), &given);
    assert_eq!(driver.dead_letters().unwrap(), []);
    assert_eq!(driver.values(CANONICAL_PRODUCTION).unwrap().len(), given.iter().map(Document::events).sum::<usize>());
    let books = posted(&driver);
    assert_eq!(books, expected(&given));
    assert_eq!(books.progress.len(), 20);
    assert!(books.issued.len() > 40 && books.issued.values().any(|sum| sum.to_string().contains('.')), "the plant hardly moves anything");
    assert!(driver.values(ORDER_POSTINGS).unwrap().iter().any(|posting| posting.sequence > 1), "nothing was posted late");
}

#[test]
fn broken_documents_become_dead_letters_and_the_rest_goes_on() {
    let given = documents(2, 5);
    let broken: [&[u8]; 4] = [b"{\"eventId\":\"A-", b"\xff\xfe\xfd", b"", b"{\"eventId\":\"X-1\",\"eventType\":\"MATERIAL_CONSUMED\",\"site\":\"PLANT-X\"}"];
    let mut driver = topology(Settings::new(2).with_faults(Faults::MANY));
    for (number, document) in given.iter().enumerate() {
        send(&mut driver, number, &document.order, document.json().as_bytes());
        if let Some(broken) = broken.get(number) {
            send(&mut driver, number, &document.order, broken);
        }
    }
    driver.run_until_quiet().unwrap();
    let letters = driver.dead_letters().unwrap();
    let mut values: Vec<&[u8]> = letters.iter().map(|letter| letter.value.unwrap_or_default()).collect();
    values.sort_unstable();
    let mut wanted = broken.to_vec();
    wanted.sort_unstable();
    assert_eq!(values, wanted);
    assert!(letters.iter().all(|letter| letter.processor == "normalizer" && letter.topic == run::RAW));
    assert_eq!(posted(&driver), expected(&given));
}

#[test]
fn an_event_of_years_ago_is_refused_unless_the_window_is_widened() {
    let json = documents(6, 1)[0].json().replace("2026-11-20T", "2012-11-29T");
    for (deduplicator, passed) in [(run::STANDARD, 0), (run::WIDE, 1)] {
        let mut driver = topology_with(Settings::new(6), deduplicator);
        send(&mut driver, 0, "000100000", json.as_bytes());
        driver.run_until_quiet().unwrap();
        assert_eq!(driver.values(CANONICAL_PRODUCTION).unwrap().len(), passed);
        let letters = driver.dead_letters().unwrap();
        let codes: Vec<_> = letters.iter().map(|letter| (letter.processor, letter.code, letter.raw.is_some())).collect();
        assert_eq!(codes, if passed == 0 { vec![("deduplicator", "too-late", true)] } else { Vec::new() });
    }
}

#[test]
fn the_same_seed_gives_the_same_run() {
    let given = documents(3, 4);
    let settings = Settings { workers: 2, ..Settings::new(3) }.with_faults(Faults::MANY);
    let (one, two) = (run(settings.clone(), &given), run(settings.clone(), &given));
    assert_eq!(one.report(), two.report());
    assert_eq!(outputs(&one), outputs(&two));
    let other = run(Settings { seed: 4, ..settings }, &given);
    assert_ne!(one.report(), other.report());
}

#[test]
fn crashes_strike_at_every_step_of_the_protocol() {
    let given = documents(4, 4);
    let mut crashes: BTreeMap<CrashPoint, usize> = BTreeMap::new();
    let mut doubts = 0;
    for seed in 0..10 {
        let driver = run(Settings::new(seed).with_faults(Faults::MANY), &given);
        for (point, count) in &driver.report().crashes {
            *crashes.entry(*point).or_default() += count;
        }
        doubts += driver.report().doubts;
    }
    assert!(CrashPoint::ALL.iter().all(|point| crashes.get(point).is_some_and(|count| *count >= 10)), "{crashes:?}");
    assert!(doubts >= 10, "{doubts}");
}

#[test]
fn a_processor_that_keeps_its_state_to_itself_is_found_out() {
    // If it were not, the tests below would prove nothing.
    let given = shuffled_with_repeats(documents(5, 3), 20, 5);
    let straight = run_in(topology_with(Settings::new(0), forgetful_deduplicator), &given);
    assert_eq!(posted(&straight), expected(&documents(5, 3)), "as long as nothing breaks, it does its work");
    let wrong = (0..10).filter(|seed| {
        let settings = Settings::new(*seed).with_faults(Faults::MANY);
        outputs(&run_in(topology_with(settings, forgetful_deduplicator), &given)) != outputs(&straight)
    });
    assert_eq!(wrong.count(), 10);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, max_shrink_iters: 60, ..ProptestConfig::default() })]

    #[test]
    fn order_of_arrival_and_repeats_do_not_change_what_is_booked(plant in any::<u64>(), orders in 1..5_usize, repeats in 0..40_usize, order in any::<u64>(), schedule in any::<u64>()) {
        let given = documents(plant, orders);
        let sent = shuffled_with_repeats(given.clone(), repeats, order);
        let driver = run(Settings::new(schedule), &sent);
        let letters = driver.dead_letters().unwrap();
        prop_assert!(letters.is_empty(), "{letters:?}");
        let repeated: usize = sent.iter().map(Document::events).sum::<usize>() - given.iter().map(Document::events).sum::<usize>();
        prop_assert_eq!(driver.counter("deduplicator", DUPLICATES), repeated as u64);
        prop_assert_eq!(posted(&driver), expected(&given));
    }

    #[test]
    fn batches_workers_crashes_and_doubts_change_no_byte_of_the_outputs(
        plant in any::<u64>(), orders in 1..5_usize, repeats in 0..10_usize, schedule in any::<u64>(), batch in 1..40_usize, fixed in any::<bool>(), workers in 1..4_usize,
    ) {
        let sent = shuffled_with_repeats(documents(plant, orders), repeats, plant);
        let straight = run(Settings::new(0), &sent);
        let batch = if fixed { BatchSize::Fixed(batch) } else { BatchSize::UpTo(batch) };
        let crashed = run(Settings { workers, batch, ..Settings::new(schedule) }.with_faults(Faults::MANY), &sent);
        prop_assert_eq!(outputs(&straight), outputs(&crashed));
        prop_assert_eq!(straight.counter("deduplicator", DUPLICATES), crashed.counter("deduplicator", DUPLICATES));
        prop_assert_eq!(posted(&crashed), expected(&documents(plant, orders)));
    }

    #[test]
    fn partitions_do_not_change_what_is_booked(plant in any::<u64>(), orders in 1..5_usize, schedule in any::<u64>(), partitions in 1..9_i32, raw_partitions in 1..5_i32) {
        let given = documents(plant, orders);
        let settings = Settings { partitions, raw_partitions, ..Settings::new(schedule) }.with_faults(Faults::MANY);
        let driver = run(settings, &given);
        prop_assert_eq!(posted(&driver), expected(&given));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 6, max_shrink_iters: 10, ..ProptestConfig::default() })]

    #[test]
    fn crashes_with_stores_on_disk_change_no_byte_of_the_outputs(plant in any::<u64>(), schedule in any::<u64>()) {
        let sent = shuffled_with_repeats(documents(plant, 3), 10, plant);
        let folder = tempfile::tempdir().unwrap();
        let faults = Faults { crash_one_in: 20, doubt_one_in: 20, lose_state_one_in: 4, lose_answer_one_in: 0 };
        let settings = Settings { backend: Backend::Disk(folder.path().to_owned()), partitions: 2, ..Settings::new(schedule) };
        let straight = run(Settings { partitions: 2, ..Settings::new(0) }, &sent);
        let crashed = run(settings.with_faults(faults), &sent);
        prop_assert!(!crashed.report().crashes.is_empty());
        prop_assert_eq!(outputs(&straight), outputs(&crashed));
    }
}
