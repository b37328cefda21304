//! How long one record at a time takes: produced at a fixed rate, copied through a chain, seen by readers of committed records.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use lineside_schemas::Contract as _;
use lineside_schemas::contract::DeadLetter;
use rdkafka::consumer::BaseConsumer;
use rdkafka::message::Message as _;
use serde::Serialize;

use crate::clients::{Filler, at_rate, tail};
use crate::cpu::{Clocks, per_item_us};
use crate::error::BenchError;
use crate::figures::Latencies;
use crate::hosting::{COPIERS, CopierThread, TOPICS};
use crate::report;
use crate::stack::BenchStack;

const PARTITIONS: u16 = 4;
const VALUE_BYTES: usize = 262;
const POLL_TIMEOUT: Duration = Duration::from_millis(100);
/// How long the last records may take.
const PATIENCE: Duration = Duration::from_secs(30);

/// What is measured.
#[derive(Debug, Clone, Serialize, clap::Args)]
pub struct HopOptions {
    /// Copying processors, one behind the other.
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u8).range(1..=4))]
    pub hops: u8,
    /// Records per second.
    #[arg(long, default_value_t = 100)]
    pub rate: u32,
    /// Records that count.
    #[arg(long, default_value_t = 3_000)]
    pub records: usize,
    /// Records sent before, ten times as fast: until Kafka has gone through some 40,000 transactions, Java still compiles, and its pauses are what is measured.
    #[arg(long, default_value_t = 200_000)]
    pub warm_up: usize,
    /// A setting of the stream threads as its flag and value, such as `--setting=--commit-interval-ms=5`; may be given several times.
    #[arg(long = "setting", value_name = "FLAG=VALUE", allow_hyphen_values = true)]
    pub settings: Vec<String>,
}

/// Everything.
#[derive(Debug, Clone, Serialize)]
pub struct HopReport {
    /// What was asked for.
    pub options: HopOptions,
    /// Of each hop: from being visible on its input (the first hop: from being produced) to being visible on its output.
    pub hops: Vec<Latencies>,
    /// Of all hops together, each record counted once per hop.
    pub any_hop: Latencies,
    /// From being produced to being visible behind the last hop.
    pub whole: Latencies,
    /// Transactions committed per record and hop.
    pub transactions_per_record: f64,
    /// CPU of this process, sender and readers included, per record and hop, us.
    pub client_us: f64,
    /// CPU of Kafka per record and hop, us.
    pub broker_us: f64,
    /// Cores kept busy by everything else.
    pub others_cores: f64,
}

/// When a record was seen where.
#[derive(Debug, Clone, Copy)]
struct Sighting {
    number: usize,
    hop: usize,
    at: Instant,
}

/// Measures on a stack that has no topics yet.
///
/// # Errors
/// [`BenchError`].
pub fn measure(stack: &BenchStack, options: &HopOptions) -> Result<HopReport, BenchError> {
    let hops = usize::from(options.hops);
    let topics = &TOPICS[..=hops];
    stack.create_topics(topics, PARTITIONS)?;
    let mut copiers = Vec::new();
    for spec in &COPIERS[..hops] {
        let dead_letters = format!("dead-letter.{}", spec.name);
        stack.create_topics(&[&dead_letters], 1)?;
        stack.register(&dead_letters, DeadLetter::SCHEMA)?;
        copiers.push(CopierThread::start(stack, spec, spec.name, &options.settings)?);
    }
    let reader = tail(stack.bootstrap(), &topics[1..])?;
    let filler = Filler::new(stack.bootstrap(), 0)?;
    let measured = run(stack, options, &copiers, &reader, &filler);
    for copier in copiers {
        copier.stop()?;
    }
    measured
}

fn run(stack: &BenchStack, options: &HopOptions, copiers: &[CopierThread], reader: &BaseConsumer, filler: &Filler) -> Result<HopReport, BenchError> {
    let (first, count) = (options.warm_up, options.warm_up + options.records);
    let mut produced: Vec<Instant> = Vec::with_capacity(count);
    let done = AtomicBool::new(false);
    let mut produce = |number: usize| {
        produced.push(Instant::now());
        let partition = i32::try_from(number % usize::from(PARTITIONS)).unwrap_or_default();
        filler.send(TOPICS[0], Some(partition), b"plant-a/000000001", &value(number))?;
        filler.serve();
        Ok(())
    };
    let (sightings, begin, end, transactions) = std::thread::scope(|scope| {
        let watching = scope.spawn(|| watch(reader, count, copiers.len(), &done));
        // The first record finds everybody joined, or waits until they are.
        let mut feed = || -> Result<_, BenchError> {
            at_rate(options.rate.saturating_mul(10), first, &mut produce)?;
            await_committed(copiers, first)?;
            let (begin, transactions) = (Clocks::read(&[], stack.broker())?, committed(copiers));
            at_rate(options.rate, options.records, |number| produce(first + number))?;
            await_committed(copiers, count)?;
            Ok((begin, Clocks::read(&[], stack.broker())?, committed(copiers) - transactions))
        };
        let outcome = feed();
        done.store(true, Ordering::Release);
        let sightings = watching.join().map_err(|_| BenchError::Failed("the reader panicked".to_owned()))??;
        let (begin, end, transactions) = outcome?;
        Ok::<_, BenchError>((sightings, begin, end, transactions))
    })?;
    let spent = begin.until(&end);
    let passes = (options.records * copiers.len()) as u64;
    let times = times(&produced, &sightings, first, copiers.len())?;
    Ok(HopReport {
        options: options.clone(),
        any_hop: Latencies::of(&times.hops.concat()),
        hops: times.hops.iter().map(|times| Latencies::of(times)).collect(),
        whole: Latencies::of(&times.whole),
        transactions_per_record: per_item_us(Duration::from_micros(transactions), passes),
        client_us: per_item_us(spent.clients, passes),
        broker_us: per_item_us(spent.broker, passes),
        others_cores: spent.others_cores(),
    })
}

/// The record's number, then filler.
fn value(number: usize) -> Vec<u8> {
    let mut value = format!("{number:012}").into_bytes();
    value.resize(VALUE_BYTES, b'.');
    value
}

fn committed(copiers: &[CopierThread]) -> u64 {
    copiers.iter().map(|copier| copier.progress().transactions).sum()
}

fn await_committed(copiers: &[CopierThread], count: usize) -> Result<(), BenchError> {
    let deadline = Instant::now() + PATIENCE;
    while copiers.iter().any(|copier| copier.progress().records < count as u64) {
        if copiers.iter().any(|copier| copier.progress().ended) || Instant::now() > deadline {
            return Err(BenchError::Failed(format!("not every one of {count} records was copied")));
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    Ok(())
}

/// Reads until every record was seen behind every hop, or until `done` and nothing more comes.
fn watch(reader: &BaseConsumer, records: usize, hops: usize, done: &AtomicBool) -> Result<Vec<Sighting>, BenchError> {
    let mut sightings = Vec::with_capacity(records * hops);
    while sightings.len() < records * hops {
        match reader.poll(POLL_TIMEOUT) {
            Some(Ok(message)) => {
                let at = Instant::now();
                let number = message.payload().and_then(|value| std::str::from_utf8(value.get(..12)?).ok()?.parse().ok());
                let hop = TOPICS.iter().position(|topic| *topic == message.topic());
                let (Some(number), Some(hop)) = (number, hop) else { return Err(BenchError::Failed("a record that nobody sent".to_owned())) };
                sightings.push(Sighting { number, hop, at });
            }
            Some(Err(error)) => return Err(error.into()),
            None if done.load(Ordering::Acquire) => break,
            None => {}
        }
    }
    Ok(sightings)
}

struct Times {
    /// By hop, then by record.
    hops: Vec<Vec<Duration>>,
    whole: Vec<Duration>,
}

/// What each record from `first` on took, hop by hop. Every one must have been seen behind each hop, once.
fn times(sent: &[Instant], sightings: &[Sighting], first: usize, hops: usize) -> Result<Times, BenchError> {
    let mut seen: Vec<Vec<Option<Instant>>> = vec![vec![None; hops + 1]; sent.len()];
    for (record, at) in seen.iter_mut().zip(sent) {
        record[0] = Some(*at);
    }
    for Sighting { number, hop, at } in sightings {
        let place = seen.get_mut(*number).and_then(|record| record.get_mut(*hop));
        if place.is_none_or(|place| place.replace(*at).is_some()) {
            return Err(BenchError::Failed(format!("record {number} was seen twice behind hop {hop}")));
        }
    }
    let mut times = Times { hops: vec![Vec::new(); hops], whole: Vec::new() };
    for (number, record) in seen.iter().enumerate().skip(first) {
        let moments: Option<Vec<Instant>> = record.iter().copied().collect();
        let moments = moments.ok_or_else(|| BenchError::Failed(format!("record {number} did not arrive")))?;
        for (hop, pair) in moments.windows(2).enumerate() {
            times.hops[hop].push(pair[1].saturating_duration_since(pair[0]));
        }
        times.whole.push(moments[hops].saturating_duration_since(moments[0]));
    }
    Ok(times)
}

impl HopReport {
    /// For people.
    #[must_use]
    pub fn text(&self) -> String {
        let row = |name: String, latencies: &Latencies| std::iter::once(name).chain(report::latency_cells(latencies)).collect::<Vec<_>>();
        let hops = self.hops.iter().enumerate().map(|(index, latencies)| row(format!("hop {}", index + 1), latencies));
        let rows: Vec<_> = hops.chain([row("any hop".to_owned(), &self.any_hop), row(format!("all {}", self.hops.len()), &self.whole)]).collect();
        format!(
            "Latency of one record at a time, {} records at {}/s, ms\n{}\nAny hop, by range:\n{}\n\
             {:.2} transactions, {:.0} us CPU of the clients and {:.0} of Kafka per record and hop; other processes kept {:.2} cores busy.",
            self.options.records,
            self.options.rate,
            report::table(&["", "p50", "p90", "p99", "max"], &rows),
            report::histogram(&self.any_hop),
            self.transactions_per_record,
            self.client_us,
            self.broker_us,
            self.others_cores,
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sighting(number: usize, hop: usize, at: Instant) -> Sighting {
        Sighting { number, hop, at }
    }

    #[test]
    fn a_hop_is_timed_from_the_sighting_before_it() {
        let start = Instant::now();
        let ms = Duration::from_millis;
        let sightings = [sighting(1, 2, start + ms(9)), sighting(1, 1, start + ms(4)), sighting(0, 1, start), sighting(0, 2, start)];
        let found = times(&[start, start + ms(1)], &sightings, 1, 2).unwrap();
        assert_eq!((found.hops, found.whole), (vec![vec![ms(3)], vec![ms(5)]], vec![ms(8)]));
    }

    #[test]
    fn a_record_that_is_missing_or_doubled_is_no_measurement() {
        let start = Instant::now();
        assert!(times(&[start], &[], 0, 1).is_err());
        assert!(times(&[start], &[sighting(0, 1, start), sighting(0, 1, start)], 0, 1).is_err());
        assert!(times(&[start], &[sighting(0, 1, start), sighting(7, 1, start)], 0, 1).is_err());
    }
}
