//! A year of one plant through the whole flow in memory, from raw documents to what the ERP is sent, day by day, so that only state is kept: is everything closed in the end, how large
//! has the state become, how long did it take?
//!
//! The processors are the real ones, with their real stores; topics are not kept. What comes out is checked against what the simulated plant did ([`books`]), with arithmetic of its own.

pub mod books;
mod step;

// Writing to a `String` cannot fail.
use std::fmt::Write as _;
use std::time::{Duration, Instant};

use jiff::ToSpan as _;
use lineside_api::{Erased, Timestamp};
use lineside_deduplicator::DeduplicatorArgs;
use lineside_erp_publisher::ErpPublisherArgs;
use lineside_normalizer::NormalizerArgs;
use lineside_order_aggregator::OrderAggregatorArgs;
use lineside_runtime::Application;
use lineside_simulators::{Plant, Running, Simulation};
use lineside_topology::topics::{CANONICAL_PRODUCTION, ERP_CONFIRMATIONS, ERP_GOODS_MOVEMENTS, NORMALIZED, ORDER_POSTINGS, ORDER_STATUS};
use serde::Serialize;

use crate::cpu;
use crate::error::BenchError;
use books::Books;
use step::Step;

/// Days of a year.
const DAYS: u64 = 365;
/// Events of an order of the simulated plant, about.
const EVENTS_PER_ORDER: u64 = 15;
/// Records that share a transaction.
const BATCH: usize = 500;

/// What is run.
#[derive(Debug, Clone, Serialize, clap::Args)]
pub struct YearOptions {
    /// Events of the year, about.
    #[arg(long, default_value_t = 5_000_000)]
    pub events: u64,
    /// Days that the year has.
    #[arg(long, default_value_t = DAYS)]
    pub days: u64,
    /// Seed.
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
}

/// What a store holds.
#[derive(Debug, Clone, Serialize)]
pub struct StoreSize {
    /// Processor and store.
    pub store: String,
    /// Keys or ids in the end.
    pub entries: u64,
    /// Most of them at the end of a day.
    pub most_entries: u64,
    /// Main memory in the end.
    pub memory_bytes: u64,
    /// Changelog records over the year, and their bytes.
    pub changelog_records: u64,
    /// See [`Self::changelog_records`].
    pub changelog_bytes: u64,
}

/// What came of the year.
#[derive(Debug, Clone, Serialize)]
pub struct YearReport {
    /// What was asked for.
    pub options: YearOptions,
    /// Raw records, events among them, events that were passed on, orders.
    pub raw_records: u64,
    /// Canonical events.
    pub events: u64,
    /// Orders.
    pub orders: u64,
    /// Postings.
    pub postings: u64,
    /// Lines of postings.
    pub lines: u64,
    /// Confirmations and material documents for the ERP.
    pub erp_records: u64,
    /// Statuses of orders.
    pub statuses: u64,
    /// Refused records.
    pub dead_letters: u64,
    /// What does not close: in words, the first of them.
    pub gaps: Vec<String>,
    /// How many do not.
    pub gap_count: u64,
    /// CPU time of it all but the simulator, s.
    pub cpu_s: f64,
    /// Of each processor, us per event.
    pub cpu_us_per_event: Vec<(String, f64)>,
    /// Elapsed, simulator included, s.
    pub elapsed_s: f64,
    /// Stores.
    pub stores: Vec<StoreSize>,
    /// Largest ledger of an order, bytes.
    pub largest_ledger_bytes: u64,
}

impl YearReport {
    /// As text.
    #[must_use]
    pub fn text(&self) -> String {
        let mut text = format!(
            "A year of one plant: {} raw records, {} events of {} orders in {} days.\n{} postings with {} lines, {} records for the ERP, {} statuses, {} dead letters.\n{}\n\
             CPU {:.1} s, {:.2} us per event; elapsed {:.0} s.\n",
            self.raw_records,
            self.events,
            self.orders,
            self.options.days,
            self.postings,
            self.lines,
            self.erp_records,
            self.statuses,
            self.dead_letters,
            if self.gap_count == 0 { "The books close, for every order, line and lot.".to_owned() } else { format!("{} do not close: {:?}", self.gap_count, self.gaps) },
            self.cpu_s,
            self.cpu_s * 1e6 / to_f64(self.events),
            self.elapsed_s,
        );
        for (processor, us) in &self.cpu_us_per_event {
            let _ = writeln!(text, "{processor:>18} {us:6.2} us per event");
        }
        text.push_str("                               store    entries       most   memory MB  changelog records  changelog MB\n");
        for store in &self.stores {
            let _ = writeln!(
                text,
                "{:>36} {:>10} {:>10} {:>11.1} {:>18} {:>13.1}",
                store.store,
                store.entries,
                store.most_entries,
                to_f64(store.memory_bytes) / 1e6,
                store.changelog_records,
                to_f64(store.changelog_bytes) / 1e6,
            );
        }
        let _ = writeln!(text, "largest ledger of an order: {} bytes", self.largest_ledger_bytes);
        text
    }
}

#[expect(clippy::cast_precision_loss, reason = "figures for people")]
fn to_f64(count: u64) -> f64 {
    count as f64
}

/// The flow: each processor with its state.
struct Flow {
    normalizer: Step,
    deduplicator: Step,
    aggregator: Step,
    publisher: Step,
}

fn made<A: Application>(args: &A) -> Result<Box<dyn Erased>, BenchError> {
    args.processor().map_err(|error| BenchError::Year(error.to_string()))
}

impl Flow {
    fn new() -> Result<Self, BenchError> {
        Ok(Self {
            normalizer: Step::new(made(&NormalizerArgs::default())?)?,
            deduplicator: Step::new(made(&DeduplicatorArgs::default())?)?,
            aggregator: Step::new(made(&OrderAggregatorArgs::default())?)?,
            publisher: Step::new(made(&ErpPublisherArgs::default())?)?,
        })
    }

    fn steps(&mut self) -> [&mut Step; 4] {
        [&mut self.normalizer, &mut self.deduplicator, &mut self.aggregator, &mut self.publisher]
    }

    /// Takes a batch of raw records through all processors, and commits it.
    fn batch(&mut self, records: &[(&'static str, Vec<u8>, Vec<u8>)], time: Timestamp, books: &mut Books) -> Result<(), BenchError> {
        let raw: Vec<_> = records.iter().map(|(topic, key, value)| ((*topic).to_owned(), key.clone(), value.clone())).collect();
        let normalized = self.normalizer.run(&raw, time)?;
        let events = self.deduplicator.run(&of(&normalized, NORMALIZED.name()), time)?;
        let canonical = of(&events, CANONICAL_PRODUCTION.name());
        books.events += canonical.len() as u64;
        let posted = self.aggregator.run(&canonical, time)?;
        books.statuses += of(&posted, ORDER_STATUS.name()).len() as u64;
        let postings = of(&posted, ORDER_POSTINGS.name());
        let published = self.publisher.run(&postings, time)?;
        books.take(&postings, &of(&published, ERP_CONFIRMATIONS.name()), &of(&published, ERP_GOODS_MOVEMENTS.name()))
    }
}

/// Records of a topic: topic, key, value.
type Sent = (String, Vec<u8>, Vec<u8>);

fn of(sent: &[Sent], topic: &str) -> Vec<Sent> {
    sent.iter().filter(|(to, ..)| to == topic).cloned().collect()
}

/// Runs the year.
///
/// # Errors
/// When a processor cannot be made, or a store or record fails.
pub fn measure(options: &YearOptions) -> Result<YearReport, BenchError> {
    let begin = Instant::now();
    let mut flow = Flow::new()?;
    let mut books = Books::default();
    let first_day: jiff::Timestamp = "2026-01-01T00:00:00Z".parse().map_err(|error: jiff::Error| BenchError::Year(error.to_string()))?;
    let days = options.days.max(1);
    let per_day = options.events.div_ceil(EVENTS_PER_ORDER * days).max(1);
    let mut running = Running::default();
    let (mut raw_records, mut cpu) = (0, Duration::ZERO);
    for day in 0..days {
        let start = first_day.saturating_add((24 * i64::try_from(day).unwrap_or(0)).hours()).map_err(|error| BenchError::Year(error.to_string()))?;
        let (part, next) = Simulation::part(options.seed, Plant::A, running, usize::try_from(per_day).unwrap_or(usize::MAX), start);
        running = next;
        raw_records += part.records.len() as u64;
        let time = Timestamp::from_micros(start.as_microsecond());
        let before = cpu::own();
        let records: Vec<_> = part.records.into_iter().map(|record| (record.topic, record.key.into_bytes(), record.value)).collect();
        for batch in records.chunks(BATCH) {
            flow.batch(batch, time, &mut books)?;
        }
        cpu += cpu::own().saturating_sub(before);
        books.close_day(&part.expected);
        flow.steps().into_iter().for_each(Step::note_sizes);
    }
    Ok(report(options, &mut flow, &books, running, raw_records, cpu, begin.elapsed()))
}

fn report(options: &YearOptions, flow: &mut Flow, books: &Books, running: Running, raw_records: u64, cpu: Duration, elapsed: Duration) -> YearReport {
    let steps = flow.steps();
    YearReport {
        options: options.clone(),
        raw_records,
        events: books.events,
        orders: running.orders,
        postings: books.postings,
        lines: books.lines,
        erp_records: books.erp_records,
        statuses: books.statuses,
        dead_letters: steps.iter().map(|step| step.dead_letters).sum(),
        gaps: books.gaps.clone(),
        gap_count: books.gap_count,
        cpu_s: cpu.as_secs_f64(),
        cpu_us_per_event: steps.iter().map(|step| (step.name().to_owned(), step.cpu.as_secs_f64() * 1e6 / to_f64(books.events.max(1)))).collect(),
        elapsed_s: elapsed.as_secs_f64(),
        largest_ledger_bytes: steps.iter().map(|step| step.largest_ledger).max().unwrap_or(0),
        stores: steps.iter().flat_map(|step| step.sizes()).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_small_year_closes_and_its_ledgers_stay_small() {
        let report = measure(&YearOptions { events: 3_000, days: 5, seed: 7 }).unwrap();
        assert_eq!((report.gap_count, report.gaps.as_slice()), (0, &[][..]), "{}", report.text());
        assert!(report.events > 2_000 && report.postings > 100, "{}", report.text());
        assert!(report.largest_ledger_bytes < 16 * 1024, "{}", report.text());
    }
}
