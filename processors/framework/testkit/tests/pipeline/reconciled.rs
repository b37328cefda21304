//! The books against a broken pipeline: something is dropped, doubled, changed or made up between two steps, and the reconciler says what, and nothing else.

mod breakage;
mod chain;

use std::collections::{BTreeMap, BTreeSet};

use lineside_testkit::dice::Dice;
use lineside_testkit::{Faults, Settings};
use lineside_topology::topics::BOOKS;
use proptest::prelude::*;

use self::breakage::{Breakage, KINDS};
use self::chain::{Chain, Read};
use crate::plant::documents;
use crate::run::run;

/// How often each way of breaking is tried.
const ENOUGH: usize = 3;

/// Differences in the last books of each order, by class.
fn classes(read: &Read) -> BTreeMap<String, BTreeSet<String>> {
    read.last.iter().map(|(key, books)| (key.clone(), books.gaps.iter().map(|gap| gap.class.clone()).filter(|class| !only_waits(class)).collect())).collect()
}

fn only_waits(class: &str) -> bool {
    ["held", "erp-parked", "erp-in-doubt"].contains(&class)
}

#[test]
fn the_books_of_a_whole_run_close_whatever_breaks_on_the_way() {
    let given = documents(1, 12);
    for seed in 0..4 {
        let driver = run(Settings { workers: 2, ..Settings::new(seed) }.with_faults(Faults::MANY), &given);
        let books = driver.values(BOOKS).unwrap();
        assert!(books.len() >= 12);
        for books in books {
            assert!(books.gaps.iter().all(|gap| only_waits(gap.class)), "{books:?}");
            for line in &books.lines {
                assert!(line.gap.is_zero(), "{line:?}");
                let parts = [line.posted, line.remainder, line.open, line.held, line.in_flight];
                let sum = parts.into_iter().fold(lineside_schemas::Decimal::ZERO, |sum, part| sum.checked_add(part).unwrap());
                assert_eq!(sum, line.net, "{line:?}");
            }
        }
    }
}

#[test]
fn an_unbroken_chain_closes_every_completed_order() {
    let chain = Chain::of(&documents(7, 8));
    let read = chain.reconciled(7, true);
    let held: BTreeSet<&String> = read.last.iter().filter(|(_, books)| !books.gaps.is_empty()).map(|(key, _)| key).collect();
    for (key, books) in &read.last {
        let expected = if held.contains(key) { "OPEN" } else { "CLOSED" };
        assert_eq!(books.status, expected, "{key}: {books:?}");
    }
    assert!(held.len() < read.last.len(), "nothing closes");
}

#[test]
fn each_way_of_breaking_it_is_named_by_its_class() {
    for kind in KINDS {
        let mut named = 0;
        for seed in 0..12 {
            let mut chain = Chain::of(&documents(seed, 6));
            let Some(broken) = Breakage::new(*kind, &mut Dice::new(seed)).apply(&mut chain) else { continue };
            let read = chain.reconciled(seed, true);
            let classes = classes(&read);
            for (key, found) in &classes {
                let expected: BTreeSet<String> = if *key == broken.order { BTreeSet::from([broken.class.to_owned()]) } else { BTreeSet::new() };
                assert_eq!(found, &expected, "{kind:?}, seed {seed}, {key}; broken: {broken:?}\n{:#?}", read.last[key]);
            }
            assert_eq!(read.last[&broken.order].status, "GAP");
            named += 1;
            if named == ENOUGH {
                break;
            }
        }
        assert_eq!(named, ENOUGH, "{kind:?} could be tried too rarely");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, max_shrink_iters: 20, ..ProptestConfig::default() })]

    #[test]
    fn whatever_the_history_one_breakage_is_named_and_nothing_else(plant in any::<u64>(), orders in 2..6_usize, kind in 0..KINDS.len(), seed in any::<u64>()) {
        let mut chain = Chain::of(&documents(plant, orders));
        let broken = Breakage::new(KINDS[kind], &mut Dice::new(seed)).apply(&mut chain);
        let read = chain.reconciled(seed, true);
        for (key, found) in classes(&read) {
            let expected: BTreeSet<String> = broken.iter().filter(|broken| broken.order == key).map(|broken| broken.class.to_owned()).collect();
            prop_assert_eq!(&found, &expected, "{:?}, {}; {:#?}", broken, key, read.last[&key]);
        }
    }

    #[test]
    fn no_interleaving_of_an_unbroken_chain_ever_shows_a_gap(plant in any::<u64>(), orders in 1..5_usize, seed in any::<u64>()) {
        let read = Chain::of(&documents(plant, orders)).reconciled(seed, false);
        for books in &read.all {
            prop_assert!(books.gaps.iter().all(|gap| only_waits(&gap.class)), "{books:#?}");
        }
    }
}
