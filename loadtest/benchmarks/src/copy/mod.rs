//! CPU per record of the runtime alone: a trivial copying processor against a plain librdkafka loop, in turns.

mod plain;

use lineside_schemas::Contract as _;
use lineside_schemas::contract::DeadLetter;
use serde::Serialize;

pub use plain::{PlainCopy, Route};

use crate::clients::Filler;
use crate::cpu::per_item_us;
use crate::error::BenchError;
use crate::figures::median;
use crate::hosting::{COPIERS, CopierThread, TOPICS, settings, temporary_folder};
use crate::report;
use crate::stack::BenchStack;
use crate::window::{self, Progress, Window};

const PARTITIONS: u16 = 4;
/// Bytes of a record's value; with its key about 280.
const VALUE_BYTES: usize = 262;

/// What is measured.
#[derive(Debug, Clone, Serialize, clap::Args)]
pub struct CopyOptions {
    /// Records of a transaction; may be given several times.
    #[arg(long = "batch", default_values_t = [10_000, 1_000, 100])]
    pub batches: Vec<u32>,
    /// Records copied in each run of batches of 1,000 and more; of smaller ones a tenth.
    #[arg(long, default_value_t = 500_000)]
    pub records: u64,
    /// Runs of each side and batch size, in turns; one more goes before them and does not count.
    #[arg(long, default_value_t = 5)]
    pub repetitions: u32,
    /// How long a record of the plain loop waits for others, ms. It sends while it reads, so without a wait it sends small requests.
    #[arg(long, default_value_t = 5)]
    pub plain_linger_ms: u32,
}

/// Which of the two.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Side {
    /// The librdkafka loop.
    Plain,
    /// The runtime.
    Runtime,
}

/// One run.
#[derive(Debug, Clone, Serialize)]
pub struct CopyRun {
    /// Which side.
    pub side: Side,
    /// Records of a transaction.
    pub batch: u32,
    /// Number of the repetition, from 1.
    pub repetition: u32,
    /// Records within the measurement.
    pub records: u64,
    /// Records per transaction, as they really were.
    pub records_per_transaction: f64,
    /// Records per second.
    pub records_per_s: f64,
    /// CPU of the client per record, us.
    pub client_us: f64,
    /// CPU of Kafka per record, us.
    pub broker_us: f64,
    /// Cores kept busy by everything else.
    pub others_cores: f64,
}

/// Both sides at a batch size, medians.
#[derive(Debug, Clone, Serialize)]
pub struct CopySummary {
    /// Records of a transaction.
    pub batch: u32,
    /// The same as it really was, under the plain loop and under the runtime.
    pub records_per_transaction: (f64, f64),
    /// CPU per record of the plain loop, us.
    pub plain_us: f64,
    /// CPU per record of the runtime, us.
    pub runtime_us: f64,
    /// Median over the repetitions of the runtime's CPU over the plain loop's.
    pub ratio: f64,
    /// Smallest and largest of those.
    pub ratio_range: (f64, f64),
    /// CPU of Kafka per record under the plain loop, us.
    pub plain_broker_us: f64,
    /// The same under the runtime.
    pub runtime_broker_us: f64,
}

/// Everything.
#[derive(Debug, Clone, Serialize)]
pub struct CopyReport {
    /// What was asked for.
    pub options: CopyOptions,
    /// By batch size.
    pub summary: Vec<CopySummary>,
    /// Run by run.
    pub runs: Vec<CopyRun>,
}

/// Measures on a stack that has no topics yet.
///
/// # Errors
/// [`BenchError`].
pub fn measure(stack: &BenchStack, options: &CopyOptions) -> Result<CopyReport, BenchError> {
    stack.create_topics(&[TOPICS[0], TOPICS[1], "dead-letter.copier-1"], PARTITIONS)?;
    stack.register("dead-letter.copier-1", DeadLetter::SCHEMA)?;
    fill(stack, options.records, PARTITIONS)?;
    let mut runs = Vec::new();
    for batch in &options.batches {
        let records = if *batch < 1_000 { options.records / 10 } else { options.records };
        for repetition in 0..=options.repetitions {
            let (first, second) = if repetition % 2 == 0 { (Side::Plain, Side::Runtime) } else { (Side::Runtime, Side::Plain) };
            for side in [first, second] {
                let run = copy(stack, options, side, *batch, repetition, records)?;
                if repetition > 0 {
                    runs.push(run);
                }
            }
        }
    }
    let summary = options.batches.iter().map(|batch| summary(*batch, &runs)).collect();
    Ok(CopyReport { options: options.clone(), summary, runs })
}

/// Fills the first topic, its partitions in turn.
pub(crate) fn fill(stack: &BenchStack, records: u64, partitions: u16) -> Result<(), BenchError> {
    let filler = Filler::new(stack.bootstrap(), 50)?;
    for number in 0..records {
        let partition = i32::try_from(number % u64::from(partitions)).unwrap_or_default();
        filler.send(TOPICS[0], Some(partition), format!("plant-a/{:09}", number / 20).as_bytes(), &value(number))?;
    }
    filler.flush()
}

/// A record that compresses about as well as those of the pipeline do.
pub(crate) fn value(number: u64) -> Vec<u8> {
    let scattered = number.wrapping_mul(0x9E37_79B9_7F4A_7C15);
    let mut text = format!(
        "{{\"event_id\":\"A-{number:09}\",\"correlation_id\":\"{scattered:016x}{:016x}\",\"type\":\"MaterialConsumed\",\"order\":\"{:09}\",\"operation\":\"0010\",\
         \"material\":\"RM-{}\",\"lot\":\"RM-{}-B{:02}\",\"quantity\":{}.{:03},\"unit\":\"KGM\",\"at\":\"2026-11-20T10:58:25.{:06}Z\",\"note\":\"",
        scattered.rotate_left(29).wrapping_mul(31),
        number / 20,
        scattered % 9_000,
        scattered % 9_000,
        scattered % 97,
        scattered % 900,
        scattered % 1_000,
        scattered % 1_000_000,
    )
    .into_bytes();
    text.resize(VALUE_BYTES - 2, b'-');
    text.extend_from_slice(b"\"}");
    text
}

enum Running {
    Plain(PlainCopy),
    Runtime(Box<CopierThread>),
}

impl Running {
    fn progress(&self) -> Progress {
        match self {
            Self::Plain(copy) => copy.progress(),
            Self::Runtime(copier) => copier.progress(),
        }
    }

    fn stop(self) -> Result<(), BenchError> {
        match self {
            Self::Plain(copy) => copy.stop(),
            Self::Runtime(copier) => copier.stop(),
        }
    }
}

fn copy(stack: &BenchStack, options: &CopyOptions, side: Side, batch: u32, repetition: u32, records: u64) -> Result<CopyRun, BenchError> {
    let group = format!("{side:?}-{batch}-{repetition}").to_lowercase();
    // Only a full batch ends a batch, on both sides.
    let flags =
        ["--batch-records".to_owned(), batch.to_string(), "--batch-bytes".to_owned(), (1 << 30).to_string(), "--commit-interval-ms".to_owned(), "1000".to_owned()];
    let folder = temporary_folder()?;
    let running = match side {
        Side::Plain => {
            let route = Route { from: TOPICS[0], to: TOPICS[1], partitions: PARTITIONS, batch, linger_ms: options.plain_linger_ms };
            Running::Plain(PlainCopy::start(&settings(stack, folder.path(), &flags), &group, route)?)
        }
        Side::Runtime => Running::Runtime(Box::new(CopierThread::start(stack, &COPIERS[0], &group, &flags)?)),
    };
    let measured = window::measure(stack, records, &|| running.progress());
    running.stop()?;
    let window = measured?;
    let Window { spent, records, .. } = window;
    Ok(CopyRun {
        side,
        batch,
        repetition,
        records,
        records_per_transaction: window.records_per_transaction(),
        records_per_s: 1e6 / per_item_us(spent.wall, records),
        client_us: per_item_us(spent.clients, records),
        broker_us: per_item_us(spent.broker, records),
        others_cores: spent.others_cores(),
    })
}

fn summary(batch: u32, runs: &[CopyRun]) -> CopySummary {
    let of = |side: Side, value: fn(&CopyRun) -> f64| -> Vec<f64> { runs.iter().filter(|run| run.batch == batch && run.side == side).map(value).collect() };
    let [plain, runtime] = [Side::Plain, Side::Runtime].map(|side| of(side, |run| run.client_us));
    let ratios: Vec<f64> = plain.iter().zip(&runtime).map(|(plain, runtime)| runtime / plain).collect();
    CopySummary {
        batch,
        records_per_transaction: (median(&of(Side::Plain, |run| run.records_per_transaction)), median(&of(Side::Runtime, |run| run.records_per_transaction))),
        plain_us: median(&plain),
        runtime_us: median(&runtime),
        ratio: median(&ratios),
        ratio_range: (ratios.iter().copied().fold(f64::INFINITY, f64::min), ratios.iter().copied().fold(0.0, f64::max)),
        plain_broker_us: median(&of(Side::Plain, |run| run.broker_us)),
        runtime_broker_us: median(&of(Side::Runtime, |run| run.broker_us)),
    }
}

impl CopyReport {
    /// For people.
    #[must_use]
    pub fn text(&self) -> String {
        let heads = ["records per transaction", "really: plain", "runtime", "plain us", "runtime us", "ratio", "from", "to", "broker us: plain", "runtime"];
        let rows: Vec<Vec<String>> = self
            .summary
            .iter()
            .map(|row| {
                let figures = [row.plain_us, row.runtime_us, row.ratio, row.ratio_range.0, row.ratio_range.1, row.plain_broker_us, row.runtime_broker_us];
                let counts = [f64::from(row.batch), row.records_per_transaction.0, row.records_per_transaction.1];
                counts.map(|value| format!("{value:.0}")).into_iter().chain(figures.map(|value| format!("{value:.2}"))).collect()
            })
            .collect();
        let others = median(&self.runs.iter().map(|run| run.others_cores).collect::<Vec<_>>());
        format!(
            "CPU per record, one copying hop, medians of {} interleaved runs\n{}\nOther processes kept {others:.2} cores busy (median of the runs).",
            self.options.repetitions,
            report::table(&heads, &rows)
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(side: Side, repetition: u32, client_us: f64) -> CopyRun {
        CopyRun { side, batch: 10, repetition, records: 1, records_per_transaction: 1.0, records_per_s: 1.0, client_us, broker_us: client_us / 2.0, others_cores: 0.0 }
    }

    #[test]
    fn values_have_the_size_of_the_pipelines_and_differ() {
        assert_eq!(value(0).len(), VALUE_BYTES);
        assert_eq!(value(u64::from(u32::MAX)).len(), VALUE_BYTES);
        assert!(serde_json::from_slice::<serde_json::Value>(&value(7)).unwrap()["event_id"] == "A-000000007" && value(7) != value(8));
    }

    #[test]
    fn the_ratio_is_the_median_of_what_was_measured_side_by_side() {
        let runs = [
            run(Side::Plain, 1, 2.0),
            run(Side::Runtime, 1, 2.0),
            run(Side::Runtime, 2, 6.0),
            run(Side::Plain, 2, 4.0),
            run(Side::Plain, 3, 1.0),
            run(Side::Runtime, 3, 3.0),
        ];
        let summary = summary(10, &runs);
        assert_eq!((summary.plain_us, summary.runtime_us, summary.ratio, summary.ratio_range), (2.0, 3.0, 1.5, (1.0, 3.0)));
    }
}
