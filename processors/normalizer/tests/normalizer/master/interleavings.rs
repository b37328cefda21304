//! Whatever comes first, raw records or master data, and whatever breaks in between: in the end the canonical topics say what they would have said had all master data
//! been there before.

use std::collections::BTreeMap;
use std::time::Duration;

use lineside_normalizer::ParkingBounds;
use lineside_schemas::codec::split;
use lineside_schemas::records::OrderAliasKind;
use lineside_schemas::{codec, contract};
use lineside_testkit::dice::Dice;
use lineside_testkit::worker::Factory;
use lineside_testkit::{Faults, InputRecord, Settings, TopologyDriver};
use lineside_topology::topics::{CANONICAL_PRODUCTION, NORMALIZED};

use crate::master::plant::{Master, TOPIC, at, consumed, document, item, mappings, normalizer, order, supplier, unit};

/// What happens to the topology.
enum Step {
    Raw(String, String),
    Master(Master),
}

/// Documents and the master data that they need.
fn steps(dice: &mut Dice) -> (Vec<Step>, Vec<Step>) {
    let codec = lineside_testkit::codec();
    let mut raw = Vec::new();
    for number in 0..40 {
        let id = format!("D-{number}");
        let order = format!("O-{}", dice.below(4));
        let key = format!("k{}", dice.below(3));
        let numbers = ["i0", "i1", "i2"];
        let pick = |dice: &mut Dice| *dice.pick(&numbers).expect("some");
        let unit = if dice.one_in(3) { "SACK" } else { "KG" };
        let second = i64::from(number);
        raw.push(Step::Raw(
            key,
            match dice.below(6) {
                0 => document("COMPLETED", &id, second, &format!(r#""order": "{order}""#)),
                1 => document("BY_SEQUENCE", &id, second, &format!(r#""sequence": "S-{}""#, dice.below(4))),
                2 => document("NOTICE", &id, second, r#""supplier": "40", "qualifier": "9""#),
                3 => consumed(&id, second, &order, &[(pick(dice), "1", unit), (pick(dice), "2", "KG")]),
                4 => document("CONSUMED", &id, second, r#""lines": []"#),
                _ => consumed(&id, second, &order, &[(pick(dice), "1", unit)]),
            },
        ));
    }
    let mut master = vec![supplier(&codec, "V-1", "GLN", "40")];
    for number in 0..3 {
        let name = format!("CH-{number}");
        // The first two become known in two steps: an earlier version does not help.
        if number < 2 {
            master.push(item(&codec, &name, 1, &["other"], None));
        }
        master.push(unit(&codec, &name, "SACK", "1", "25"));
        master.push(item(&codec, &name, 2, &[&format!("i{number}")], None));
    }
    master.extend((0..4).map(|number| order(&codec, &format!("O-{number}"), &[(OrderAliasKind::PlantSequence, &format!("S-{number}"), None)])));
    (raw, master.into_iter().map(Step::Master).collect())
}

/// Raw records and master data in one order, each in its own.
fn interleaved(dice: &mut Dice, raw: Vec<Step>, master: Vec<Step>) -> Vec<Step> {
    let (mut raw, mut master) = (raw.into_iter().peekable(), master.into_iter().peekable());
    let mut all = Vec::new();
    while raw.peek().is_some() || master.peek().is_some() {
        let next = if master.peek().is_none() || (raw.peek().is_some() && dice.one_in(2)) { raw.next() } else { master.next() };
        all.extend(next);
    }
    all
}

/// Event ids of each aggregate by raw partition, in order; and the refusals.
type Books = (BTreeMap<(String, i32), Vec<String>>, Vec<(String, i32, i64)>);

fn run(seed: u64, faults: Faults, steps: &[Step]) -> Books {
    let mappings = mappings();
    let settings = Settings { workers: 2, ..Settings::new(seed).with_faults(faults) };
    let mut driver = TopologyDriver::with(settings, |_| {
        let mappings = std::sync::Arc::clone(&mappings);
        let first: Factory = Box::new(move || normalizer(&mappings, ParkingBounds::DEFAULT));
        vec![first]
    });
    driver.set_now(at(1000));
    let mut dice = Dice::new(seed ^ 0x5eed);
    for step in steps {
        let (topic, key, value): (&str, &[u8], &[u8]) = match step {
            Step::Raw(key, value) => (TOPIC, key.as_bytes(), value.as_bytes()),
            Step::Master((topic, key, wire)) => (topic, key.as_bytes(), wire),
        };
        driver.produce(&InputRecord { topic, key: Some(key), value: Some(value), ..InputRecord::default() });
        for _ in 0..dice.below(12) {
            driver.step().expect("a step");
        }
    }
    for _ in 0..8 {
        driver.run_until_quiet().expect("it comes to rest");
        driver.advance(Duration::from_secs(2));
    }
    driver.run_until_quiet().expect("it comes to rest");
    let mut books = BTreeMap::<(String, i32), Vec<String>>::new();
    for output in driver.outputs(NORMALIZED).expect("events") {
        let event = output.value.expect("a value");
        let datum = split(event.payload).expect("wire format").1;
        let said = if event.topic == CANONICAL_PRODUCTION.name() {
            let record = codec::decode_datum::<contract::ProductionEvent>(datum).expect("an event");
            record.material_consumed.as_ref().map(|consumed| format!("{} {}", consumed.item, consumed.quantity)).unwrap_or_default()
        } else {
            let record = codec::decode_datum::<contract::InboundEvent>(datum).expect("an event");
            record.advance_ship_notice.as_ref().and_then(|notice| notice.supplier).unwrap_or_default().to_owned()
        };
        let key = String::from_utf8_lossy(output.key.unwrap_or_default()).into_owned();
        books.entry((key, event.raw.partition)).or_default().push(format!("{} {said}", event.event_id));
    }
    let mut refused: Vec<_> = driver.dead_letters().expect("letters").iter().map(|letter| (letter.code.to_owned(), letter.partition, letter.offset)).collect();
    refused.sort();
    let waiting = driver.counter("normalizer", "parked") + driver.counter("normalizer", "parked_behind");
    let gone = driver.counter("normalizer", "resumed") + driver.counter("normalizer", "parked_refused");
    assert!(gone <= waiting, "{gone} of {waiting}");
    (books, refused)
}

fn check(seeds: std::ops::Range<u64>) {
    let mut waited = 0;
    for seed in seeds {
        let mut dice = Dice::new(seed);
        let (raw, master) = steps(&mut dice);
        let (raw_again, master_again) = steps(&mut Dice::new(seed));
        let first = run(seed, Faults::NONE, &master_again.into_iter().chain(raw_again).collect::<Vec<_>>());
        assert!(!first.0.is_empty() && first.1.iter().all(|(code, ..)| code == "unmapped-document"), "{:?}", first.1);
        let mixed = interleaved(&mut dice, raw, master);
        waited += usize::from(matches!(mixed.first(), Some(Step::Raw(..))));
        let other = run(seed, if seed % 2 == 0 { Faults::MANY } else { Faults::NONE }, &mixed);
        assert_eq!(other, first, "seed {seed}");
    }
    assert!(waited > 0);
}

#[test]
fn every_interleaving_with_every_crash_ends_as_if_all_master_data_had_been_there() {
    check(0..24);
}

#[test]
#[ignore = "the same for some minutes: cargo test --workspace --test normalizer master -- --ignored"]
fn a_thousand_interleavings_end_as_if_all_master_data_had_been_there() {
    check(0..1000);
}
