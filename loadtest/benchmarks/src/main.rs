//! `lineside-bench`: measures on a Kafka of its own and prints what it found.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use lineside_benchmarks::cohost::CohostOptions;
use lineside_benchmarks::copy::CopyOptions;
use lineside_benchmarks::frames::FramesOptions;
use lineside_benchmarks::hop::HopOptions;
use lineside_benchmarks::hosting::{own_folder, temporary_folder};
use lineside_benchmarks::mapping::MappingOptions;
use lineside_benchmarks::stack::BenchStack;
use lineside_benchmarks::year::YearOptions;
use lineside_benchmarks::{BenchError, cohost, copy, frames, hop, mapping, report, year};
use tracing_subscriber::EnvFilter;

/// Measures the runtime on a Kafka of its own, which it starts and ends. Build with --release.
#[derive(Debug, Parser)]
#[command(name = "lineside-bench", version)]
struct Line {
    #[command(subcommand)]
    benchmark: Benchmark,
    /// Write the report as JSON, too.
    #[arg(long, global = true, value_name = "FILE")]
    json: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
enum Benchmark {
    /// CPU per record of a copying processor, against a plain librdkafka loop.
    Copy(CopyOptions),
    /// Latency of one record at a time through copying processors.
    Hop(HopOptions),
    /// CPU per event over one hop, one record per event against frames.
    Frames(FramesOptions),
    /// The five processors as separate processes, against all in one: transactions, CPU, latency.
    Cohost(CohostOptions),
    /// CPU of the pure mapping of a record, by step; without Kafka.
    Mapping(MappingOptions),
    /// A year of one plant through the whole flow in memory: do the books close, how large is the state; without Kafka.
    Year(YearOptions),
}

/// What the clients log by themselves is left out: the end of a partition is no error here, and what is one comes back from the call.
fn main() -> ExitCode {
    tracing_subscriber::fmt()
        .with_env_filter(EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("warn,librdkafka=off,rdkafka=off")))
        .with_writer(std::io::stderr)
        .init();
    match run(&Line::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(line: &Line) -> Result<(), BenchError> {
    let json = line.json.as_deref();
    match &line.benchmark {
        Benchmark::Copy(options) => {
            let stack = BenchStack::start(true)?;
            let measured = copy::measure(&stack, options);
            stack.stop()?;
            let measured = measured?;
            report::publish("copy", &measured, &measured.text(), json)
        }
        Benchmark::Hop(options) => {
            let stack = BenchStack::start(true)?;
            let measured = hop::measure(&stack, options);
            stack.stop()?;
            let measured = measured?;
            report::publish("hop", &measured, &measured.text(), json)
        }
        Benchmark::Frames(options) => {
            let measured = frames::measure(|| BenchStack::start(true), options)?;
            report::publish("frames", &measured, &measured.text(), json)
        }
        Benchmark::Mapping(options) => {
            let measured = mapping::measure(options)?;
            report::publish("mapping", &measured, &measured.text(), json)
        }
        Benchmark::Year(options) => {
            let measured = year::measure(options)?;
            report::publish("year", &measured, &measured.text(), json)
        }
        Benchmark::Cohost(options) => {
            let bin_dir = options.bin_dir.clone().map_or_else(own_folder, Ok)?;
            let work_dir = temporary_folder()?;
            let measured = cohost::measure(options, &bin_dir, work_dir.path(), true)?;
            report::publish("cohost", &measured, &measured.text(), json)
        }
    }
}
