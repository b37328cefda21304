//! How long it takes to find one order on a topic of more than a million records.
//!
//! `cargo test --release --workspace --test scenarios finding -- --ignored`, after `cargo build --release --workspace --bins`.

use std::process::Command;
use std::time::Instant;

use crate::support::{TestPipeline, assert_right, rest, say, simulation};
use lineside_scenarios::pipeline::Pipeline;
use lineside_scenarios::topics::{Reader, StoredRecord};
use lineside_topology::topics::{BOOKS, CANONICAL_PRODUCTION};

const EVENTS: usize = 1_200_000;
const ORDERS: usize = 60_000;
/// Numbers of copied orders begin here, with as many digits as the simulated ones have.
const FIRST_COPY: usize = 500_000_000;
const RUNS: usize = 5;

fn text(bytes: Option<&[u8]>) -> &str {
    std::str::from_utf8(bytes.unwrap()).unwrap()
}

/// The same record of another order.
fn copied(record: &StoredRecord, number: usize) -> (String, Vec<u8>) {
    let (plant, order) = text(record.key.as_deref()).split_once('/').unwrap();
    let other = format!("{number:09}");
    assert_eq!(order.len(), other.len(), "{order}");
    let mut value = record.value.clone().unwrap();
    let places: Vec<usize> = value.windows(order.len()).enumerate().filter(|(_, window)| *window == order.as_bytes()).map(|(at, _)| at).collect();
    for at in places {
        value[at..at + order.len()].copy_from_slice(other.as_bytes());
    }
    (format!("{plant}/{other}"), value)
}

/// Median and longest time of a command, and how much it printed.
fn timed(pipeline: &Pipeline, what: &str, arguments: &[&str]) {
    let binary = std::env::current_exe().unwrap().ancestors().nth(2).unwrap().join("lineside");
    let mut times = Vec::new();
    let mut printed = 0;
    for _ in 0..RUNS {
        let began = Instant::now();
        let mut command = Command::new(&binary);
        command.args(arguments).env("LINESIDE_BOOTSTRAP_SERVERS", pipeline.bootstrap()).env("LINESIDE_SCHEMA_REGISTRY", pipeline.registry_url());
        let output = command.output().unwrap();
        times.push(began.elapsed().as_secs_f64());
        printed = String::from_utf8_lossy(&output.stdout).lines().count();
        assert!(printed > 0 && output.status.code() != Some(1), "{what}: {}", String::from_utf8_lossy(&output.stderr));
    }
    times.sort_by(f64::total_cmp);
    say(&format!("| {what} | {:.1} | {:.1} | {printed} |", times[RUNS / 2], times[RUNS - 1]));
}

#[test]
#[ignore = "writes 1.2 million records; run by hand"]
fn one_order_is_found_among_a_million_records() {
    let mut test = TestPipeline::prepare_alone("finding");
    test.pipeline.start_processors().unwrap();
    let simulation = simulation(29, 40);
    let feeder = test.pipeline.feeder().unwrap();
    simulation.records.iter().for_each(|record| feeder.send(record.topic, &record.key, &record.value).unwrap());
    feeder.flush().unwrap();
    rest(&mut test.pipeline);
    let contents = test.pipeline.contents().unwrap();
    assert_right(&contents, &simulation);
    test.pipeline.stop_processors().unwrap();

    // What the chain made, once more under other orders, as often as it takes.
    let reader = Reader::new(test.pipeline.bootstrap()).unwrap();
    let (events, books) = (reader.read(CANONICAL_PRODUCTION.name()).unwrap(), reader.read(BOOKS.name()).unwrap());
    let alike = |record: &StoredRecord| record.value.is_some() && text(record.key.as_deref()).split_once('/').is_some_and(|(_, order)| order.len() == 9);
    let events: Vec<_> = events.into_iter().filter(alike).collect();
    let books: Vec<_> = books.into_iter().filter(alike).collect();
    let began = Instant::now();
    for index in 0..EVENTS {
        let (key, value) = copied(&events[index % events.len()], FIRST_COPY + index % ORDERS);
        feeder.send(CANONICAL_PRODUCTION.name(), &key, &value).unwrap();
        if index % 100_000 == 0 {
            feeder.flush().unwrap();
        }
    }
    // Books of all but the last of the copied orders: an order without books is looked for in its whole partition.
    for index in 0..ORDERS - 1 {
        let (key, value) = copied(&books[index % books.len()], FIRST_COPY + index);
        feeder.send(BOOKS.name(), &key, &value).unwrap();
    }
    feeder.flush().unwrap();
    say(&format!("{EVENTS} events and the books of {ORDERS} orders written in {:.0} s", began.elapsed().as_secs_f64()));

    let posting = contents.postings.iter().find(|posting| posting.order.len() == 9).unwrap();
    let (order, plant) = (posting.order.as_str(), posting.plant.as_str());
    let unlisted = FIRST_COPY + ORDERS - 1;
    let index = (0..EVENTS).find(|index| index % ORDERS == ORDERS - 1).unwrap();
    let unlisted_plant = copied(&events[index % events.len()], unlisted).0.split_once('/').unwrap().0.to_owned();
    timed(&test.pipeline, "`books --order --plant`: a partition of the books", &["books", "--order", order, "--plant", plant]);
    timed(&test.pipeline, "`books --order`: all of them", &["books", "--order", order]);
    timed(&test.pipeline, "`books`: every plant and order", &["books"]);
    timed(&test.pipeline, "`trace --plant`: the range that the books name", &["trace", order, "--plant", plant]);
    timed(&test.pipeline, "`trace --plant` without books: a partition of events", &["trace", &unlisted.to_string(), "--plant", &unlisted_plant]);
    timed(&test.pipeline, "`books --order --plant --at`: from the topics", &["books", "--order", order, "--plant", plant, "--at", "0s"]);
    test.stop();
}
