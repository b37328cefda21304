//! The five processors as separate processes against all of them in one, at a fixed rate of raw records.

mod watching;

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use lineside_local_stack::DataFolder;
use lineside_scenarios::books::audit;
use lineside_scenarios::pipeline::{Feeder, Hosting, Pipeline, PipelineOptions};
use lineside_simulators::{RawDocument, Simulation};
use lineside_topology::processors::PROCESSORS;
use serde::Serialize;

use crate::clients::at_rate;
use crate::cpu::{Clocks, Spent, per_item_us};
use crate::error::BenchError;
use crate::figures::{Latencies, median};
use crate::report;
use crate::stack;
use watching::{Http, Passage, erp_reader, now_us, passages, watch};

const SEED: u64 = 1;
/// Fewest records that the simulated plants send for an order, on average over a few.
const RECORDS_PER_ORDER: usize = 13;
/// This part of a turn's records goes before its measurement begins.
const LEAD_IN: usize = 5;
const READY_TIMEOUT: Duration = Duration::from_mins(1);
const QUIET_TIMEOUT: Duration = Duration::from_mins(2);
const TOGETHER: &str = "together";

/// What is measured.
#[derive(Debug, Clone, Serialize, clap::Args)]
pub struct CohostOptions {
    /// Raw records per second.
    #[arg(long, default_value_t = 2_000)]
    pub rate: u32,
    /// Seconds of each turn; its first fifth does not count.
    #[arg(long, default_value_t = 30)]
    pub seconds: u32,
    /// Turns of each side, one after the other; one more of the one process goes before them and does not count.
    #[arg(long, default_value_t = 2)]
    pub repetitions: u32,
    /// A setting of the processors as its variable and value, such as `LINESIDE_COMMIT_INTERVAL_MS=10`; may be given several times.
    #[arg(long = "setting", value_name = "VARIABLE=VALUE")]
    pub settings: Vec<String>,
    /// The folder of the binaries; by default this program's own.
    #[arg(long, value_name = "DIR")]
    pub bin_dir: Option<PathBuf>,
}

/// Which of the two.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Side {
    /// A process per processor.
    Separate,
    /// One process.
    Together,
}

/// One turn.
#[derive(Debug, Clone, Serialize)]
pub struct CohostRun {
    /// Which side.
    pub side: Side,
    /// Number of the repetition, from 1.
    pub repetition: u32,
    /// Raw records within the measurement.
    pub records: u64,
    /// Raw records per second, as they were really sent.
    pub records_per_s: f64,
    /// Transactions per second.
    pub transactions_per_s: f64,
    /// CPU of the processors per raw record, us.
    pub client_us: f64,
    /// CPU of Kafka per raw record, us.
    pub broker_us: f64,
    /// Cores kept busy by everything else, sender and reader of this program included.
    pub others_cores: f64,
    /// From the raw record that made a posting due to its records for the ERP, visible.
    pub raw_to_erp: Latencies,
}

/// Everything.
#[derive(Debug, Clone, Serialize)]
pub struct CohostReport {
    /// What was asked for.
    pub options: CohostOptions,
    /// What the check of the books found over all turns; nothing if they close.
    pub findings: Vec<String>,
    /// Turn by turn.
    pub runs: Vec<CohostRun>,
}

/// A turn without its latencies, and when it was.
struct Turn {
    side: Side,
    repetition: u32,
    records: u64,
    transactions: u64,
    spent: Spent,
    began_us: i64,
    ended_us: i64,
}

/// Measures on a pipeline of its own, in `work_dir`. One simulation is fed, in shares: what one side leaves is what the other goes on from.
///
/// # Errors
/// [`BenchError`].
pub fn measure(options: &CohostOptions, bin_dir: &Path, work_dir: &Path, load: bool) -> Result<CohostReport, BenchError> {
    let share = options.rate as usize * options.seconds as usize;
    let turns = 1 + 2 * options.repetitions as usize;
    let mut records = Simulation::new(SEED, (share * turns).div_ceil(RECORDS_PER_ORDER), jiff::Timestamp::now()).records;
    records.truncate(share * turns);
    let settings = options.settings.iter().map(|setting| setting.split_once('=').map(|(key, value)| (key.to_owned(), value.to_owned())));
    let settings = settings.collect::<Option<Vec<_>>>().ok_or_else(|| BenchError::Failed("a setting is not VARIABLE=VALUE".to_owned()))?;
    let options_of_pipeline =
        PipelineOptions { bin_dir: bin_dir.to_owned(), work_dir: work_dir.to_owned(), stack_data: DataFolder::Temporary { keep: false }, settings, secured: false };
    let mut pipeline = Pipeline::start_on(options_of_pipeline, stack::options(load))?;
    let reader = erp_reader(pipeline.bootstrap())?;
    let feeder = pipeline.feeder()?;
    let http = Http::new()?;
    let done = AtomicBool::new(false);
    let (turns, arrivals) = std::thread::scope(|scope| {
        let watching = scope.spawn(|| watch(&reader, &done));
        let mut turns = Vec::new();
        let mut outcome = Ok(());
        for (number, share) in records.chunks(share.max(1)).enumerate() {
            // Together, to warm up; then separate, together; together, separate; and so on.
            let side = if number > 0 && matches!(number % 4, 0 | 1) { Side::Separate } else { Side::Together };
            let repetition = u32::try_from(number.div_ceil(2)).unwrap_or(u32::MAX);
            match turn(&mut pipeline, &http, &feeder, side, repetition, share, options.rate) {
                Ok(turn) => turns.push(turn),
                Err(error) => {
                    outcome = Err(error);
                    break;
                }
            }
        }
        done.store(true, Ordering::Release);
        let arrivals = watching.join().map_err(|_| BenchError::Failed("the reader panicked".to_owned()))?;
        outcome?;
        Ok::<_, BenchError>((turns, arrivals?))
    })?;
    drop((reader, feeder));
    let contents = pipeline.contents()?;
    let passages = passages(pipeline.bootstrap(), pipeline.registry_url(), &contents, &arrivals)?;
    let findings = audit(&contents).iter().map(ToString::to_string).collect();
    pipeline.stop()?;
    Ok(CohostReport { options: options.clone(), findings, runs: turns.iter().filter(|turn| turn.repetition > 0).map(|turn| turn.run(&passages)).collect() })
}

fn turn(pipeline: &mut Pipeline, http: &Http, feeder: &Feeder, side: Side, repetition: u32, share: &[RawDocument], rate: u32) -> Result<Turn, BenchError> {
    // The same member names on both sides, so that the one takes over from the other at once.
    let settings = [("LINESIDE_INSTANCE_ID", "bench")];
    let labels: Vec<&str> = match side {
        Side::Separate => PROCESSORS.iter().map(|spec| spec.name).collect(),
        Side::Together => vec![TOGETHER],
    };
    for label in &labels {
        let hosting = if *label == TOGETHER { Hosting::Together } else { Hosting::Alone(label) };
        pipeline.start_instance(label, hosting, &settings)?;
    }
    let addresses = ready_addresses(pipeline, http, &labels)?;
    let pids: Vec<u32> = labels.iter().filter_map(|label| pipeline.process_id(label)).collect();
    let broker = pipeline.kafka_pid().ok_or_else(|| BenchError::Failed("Kafka does not run".to_owned()))?;
    let transactions = || addresses.iter().map(|address| http.transactions(address)).sum::<Result<u64, BenchError>>();

    let lead_in = share.len() / LEAD_IN;
    let mut begin = None;
    at_rate(rate, share.len(), |number| {
        if number == lead_in {
            begin = Some((transactions()?, Clocks::read(&pids, broker)?, now_us()));
        }
        let record = &share[number];
        Ok(feeder.send(record.topic, &record.key, &record.value)?)
    })?;
    let (end, ended_us, after) = (Clocks::read(&pids, broker)?, now_us(), transactions()?);
    let (before, begin, began_us) = begin.ok_or_else(|| BenchError::Failed("nothing to send".to_owned()))?;
    feeder.flush()?;
    pipeline.await_quiet(QUIET_TIMEOUT, &mut |_| Ok(()))?;
    pipeline.stop_processors()?;
    Ok(Turn { side, repetition, records: (share.len() - lead_in) as u64, transactions: after - before, spent: begin.until(&end), began_us, ended_us })
}

/// Addresses of the processes once each is assigned and restored.
fn ready_addresses(pipeline: &mut Pipeline, http: &Http, labels: &[&str]) -> Result<Vec<String>, BenchError> {
    let deadline = Instant::now() + READY_TIMEOUT;
    loop {
        pipeline.check()?;
        let addresses: Vec<String> = labels.iter().filter_map(|label| pipeline.http_address(label)).collect();
        if addresses.len() == labels.len() && addresses.iter().all(|address| http.is_ready(address)) {
            return Ok(addresses);
        }
        if Instant::now() > deadline {
            return Err(BenchError::Failed(format!("the processors were not ready after {READY_TIMEOUT:?}")));
        }
        std::thread::sleep(Duration::from_millis(50));
    }
}

impl Turn {
    fn run(&self, passages: &[Passage]) -> CohostRun {
        let within = passages.iter().filter(|passage| (self.began_us..self.ended_us).contains(&passage.from_us));
        let seconds = self.spent.wall.as_secs_f64();
        CohostRun {
            side: self.side,
            repetition: self.repetition,
            records: self.records,
            records_per_s: per_second(self.records, seconds),
            transactions_per_s: per_second(self.transactions, seconds),
            client_us: per_item_us(self.spent.clients, self.records),
            broker_us: per_item_us(self.spent.broker, self.records),
            others_cores: self.spent.others_cores(),
            raw_to_erp: Latencies::of(&within.map(|passage| passage.took).collect::<Vec<_>>()),
        }
    }
}

#[expect(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
fn per_second(count: u64, seconds: f64) -> f64 {
    count as f64 / seconds.max(f64::MIN_POSITIVE)
}

impl CohostReport {
    /// For people.
    #[must_use]
    pub fn text(&self) -> String {
        let heads = ["", "records/s", "transactions/s", "processors us", "Kafka us", "raw to ERP p50 ms", "p90", "p99", "max", "others, cores"];
        let mut rows = Vec::new();
        for (side, name) in [(Side::Separate, "separate"), (Side::Together, "in one process")] {
            let runs: Vec<&CohostRun> = self.runs.iter().filter(|run| run.side == side).collect();
            for run in &runs {
                rows.push(row(format!("{name}, turn {}", run.repetition), &[run]));
            }
            rows.push(row(format!("{name}, median"), &runs));
        }
        let books = if self.findings.is_empty() { "The books close over all turns.".to_owned() } else { format!("THE BOOKS DO NOT CLOSE: {}", self.findings.join("; ")) };
        format!("Five processors at {} raw records/s, per raw record\n{}\n{books}", self.options.rate, report::table(&heads, &rows))
    }
}

fn row(name: String, runs: &[&CohostRun]) -> Vec<String> {
    let of = |value: fn(&CohostRun) -> f64| median(&runs.iter().map(|run| value(run)).collect::<Vec<_>>());
    let figures = [
        format!("{:.0}", of(|run| run.records_per_s)),
        format!("{:.1}", of(|run| run.transactions_per_s)),
        format!("{:.1}", of(|run| run.client_us)),
        format!("{:.1}", of(|run| run.broker_us)),
        format!("{:.1}", of(|run| run.raw_to_erp.p50_ms)),
        format!("{:.1}", of(|run| run.raw_to_erp.p90_ms)),
        format!("{:.1}", of(|run| run.raw_to_erp.p99_ms)),
        format!("{:.1}", of(|run| run.raw_to_erp.max_ms)),
        format!("{:.2}", of(|run| run.others_cores)),
    ];
    std::iter::once(name).chain(figures).collect()
}
