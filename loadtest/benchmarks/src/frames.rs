//! What frames save: the same events over one hop as one record per event, and as one frame per partition and transaction.
//!
//! The hop's two sides run one after the other: a copier writes the hop's topic, then another reads it. Which topics carry frames is said by the topology's
//! table, so the framed hop is the real `normalized`.

use lineside_schemas::{Contract as _, contract};
use lineside_topology::topics::NORMALIZED;
use serde::Serialize;

use crate::copy::fill;
use crate::cpu::per_item_us;
use crate::error::BenchError;
use crate::figures::median;
use crate::hosting::{COPIERS, CopierThread, FRAMED_COPIERS, TOPICS};
use crate::report;
use crate::stack::BenchStack;
use crate::window::{self, Window};

const PARTITIONS: u16 = 4;

/// What is measured.
#[derive(Debug, Clone, Serialize, clap::Args)]
pub struct FramesOptions {
    /// Events of a transaction; each is measured on a stack of its own; may be given several times.
    #[arg(long = "batch", default_values_t = [10_000, 1_000, 100])]
    pub batches: Vec<u32>,
    /// Events in each run of batches of 1,000 and more; of smaller ones a tenth.
    #[arg(long, default_value_t = 300_000)]
    pub records: u64,
    /// Runs of each side, in turns; one more goes before them and does not count.
    #[arg(long, default_value_t = 4)]
    pub repetitions: u32,
}

/// CPU per event, us: to write the hop's topic (and read the one before it), and to read it (and write the one behind it).
#[derive(Debug, Clone, Copy, Default, Serialize)]
pub struct HopCost {
    /// Client, writing.
    pub write_client_us: f64,
    /// Client, reading.
    pub read_client_us: f64,
    /// Kafka, while it is written.
    pub write_broker_us: f64,
    /// Kafka, while it is read.
    pub read_broker_us: f64,
}

/// Both sides at a batch size: medians.
#[derive(Debug, Clone, Serialize)]
pub struct FramesSummary {
    /// Events of a transaction.
    pub batch: u32,
    /// One record per event.
    pub plain: HopCost,
    /// Frames.
    pub framed: HopCost,
    /// Run by run: plain, framed.
    pub runs: Vec<(HopCost, HopCost)>,
}

/// Everything.
#[derive(Debug, Clone, Serialize)]
pub struct FramesReport {
    /// What was asked for.
    pub options: FramesOptions,
    /// By batch size.
    pub summary: Vec<FramesSummary>,
}

/// Measures each batch size on a stack that `start` gives.
///
/// # Errors
/// [`BenchError`].
pub fn measure(start: impl Fn() -> Result<BenchStack, BenchError>, options: &FramesOptions) -> Result<FramesReport, BenchError> {
    let mut summary = Vec::new();
    for batch in &options.batches {
        // Frames of an earlier batch size would still stand at the beginning of the topic.
        let stack = start()?;
        let measured = measure_batch(&stack, *batch, options);
        stack.stop()?;
        summary.push(measured?);
    }
    Ok(FramesReport { options: options.clone(), summary })
}

fn measure_batch(stack: &BenchStack, batch: u32, options: &FramesOptions) -> Result<FramesSummary, BenchError> {
    let records = if batch < 1_000 { options.records / 10 } else { options.records };
    stack.create_topics(&[TOPICS[0], TOPICS[1], TOPICS[2], NORMALIZED.name()], PARTITIONS)?;
    stack.register(NORMALIZED.name(), contract::RecordFrame::SCHEMA)?;
    for copier in COPIERS[..2].iter().chain(&FRAMED_COPIERS) {
        let dead_letters = format!("dead-letter.{}", copier.name);
        stack.create_topics(&[&dead_letters], 1)?;
        stack.register(&dead_letters, contract::DeadLetter::SCHEMA)?;
    }
    fill(stack, records, PARTITIONS)?;
    let mut runs = Vec::new();
    for repetition in 0..=options.repetitions {
        let mut costs = [HopCost::default(); 2];
        let order = if repetition % 2 == 0 { [0, 1] } else { [1, 0] };
        for side in order {
            let copiers = if side == 0 { [&COPIERS[0], &COPIERS[1]] } else { [&FRAMED_COPIERS[0], &FRAMED_COPIERS[1]] };
            let [written, read] = copiers.map(|copier| {
                let group = format!("{}-{repetition}", copier.name);
                let flags = ["--batch-records".to_owned(), batch.to_string(), "--batch-bytes".to_owned(), (1 << 30).to_string()];
                let running = CopierThread::start(stack, copier, &group, &flags)?;
                let window = window::measure(stack, records, &|| running.progress());
                running.stop()?;
                window
            });
            costs[side] = cost(&written?, &read?);
        }
        if repetition > 0 {
            runs.push((costs[0], costs[1]));
        }
    }
    let [plain, framed] = [|run: &(HopCost, HopCost)| run.0, |run: &(HopCost, HopCost)| run.1].map(|side| medians(&runs.iter().map(side).collect::<Vec<_>>()));
    Ok(FramesSummary { batch, plain, framed, runs })
}

fn cost(written: &Window, read: &Window) -> HopCost {
    HopCost {
        write_client_us: per_item_us(written.spent.clients, written.records),
        read_client_us: per_item_us(read.spent.clients, read.records),
        write_broker_us: per_item_us(written.spent.broker, written.records),
        read_broker_us: per_item_us(read.spent.broker, read.records),
    }
}

fn medians(costs: &[HopCost]) -> HopCost {
    let of = |value: fn(&HopCost) -> f64| median(&costs.iter().map(value).collect::<Vec<_>>());
    HopCost {
        write_client_us: of(|cost| cost.write_client_us),
        read_client_us: of(|cost| cost.read_client_us),
        write_broker_us: of(|cost| cost.write_broker_us),
        read_broker_us: of(|cost| cost.read_broker_us),
    }
}

impl FramesReport {
    /// For people.
    #[must_use]
    pub fn text(&self) -> String {
        let heads = ["events per transaction", "", "client us: write", "read", "both", "Kafka us: write", "read", "both"];
        let mut rows = Vec::new();
        for summary in &self.summary {
            for (name, cost) in [("a record each", summary.plain), ("frames", summary.framed)] {
                let HopCost { write_client_us, read_client_us, write_broker_us, read_broker_us } = cost;
                let figures = [write_client_us, read_client_us, write_client_us + read_client_us, write_broker_us, read_broker_us, write_broker_us + read_broker_us];
                rows.push([summary.batch.to_string(), name.to_owned()].into_iter().chain(figures.map(|value| format!("{value:.2}"))).collect());
            }
        }
        format!(
            "CPU per event over one hop, medians of {} interleaved runs; `write` reads the topic before the hop, one record per event, and `read` writes the one behind it\n{}",
            self.options.repetitions,
            report::table(&heads, &rows)
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_figure_has_its_own_median() {
        let cost = |write_client_us, read_client_us| HopCost { write_client_us, read_client_us, ..HopCost::default() };
        let median = medians(&[cost(1.0, 9.0), cost(3.0, 7.0), cost(2.0, 8.0)]);
        assert_eq!((median.write_client_us, median.read_client_us), (2.0, 8.0));
    }
}
