//! Fills topics with records, lets one processor work through them, and compares its memory with the documented most, second by second.
//!
//! `cargo build --release --workspace --bins`, then `target/release/memory --records 10000000`. Kafka needs about 100 bytes of disk per record.

mod fill;
mod samples;

use std::path::PathBuf;
use std::process::{Command, ExitCode};
use std::time::{Duration, Instant};

use anyhow::Context as _;
use clap::Parser as _;
use lineside_local_stack::DataFolder;
use lineside_scenarios::interrupt::Interrupt;
use lineside_scenarios::pipeline::{Pipeline, PipelineOptions, Watch};
use samples::Samples;

const SECOND: Duration = Duration::from_secs(1);
/// Seconds of a line of the report.
const PROGRESS_SECONDS: u64 = 60;

/// Lets processors catch up with many records, one after the other, and shows how much memory they take.
#[derive(Debug, clap::Parser)]
#[command(name = "memory", version)]
struct Args {
    /// Raw records to be behind.
    #[arg(long, default_value_t = 200_000)]
    records: u64,

    /// Seconds to watch each processor, whether it has caught up or not.
    #[arg(long, default_value_t = 600)]
    seconds: u64,

    /// Seed of the records.
    #[arg(long, default_value_t = 1)]
    seed: u64,

    /// Processors to watch, in this order: each works on what the one before has written.
    #[arg(long, value_delimiter = ',', default_value = "normalizer,deduplicator")]
    processors: Vec<String>,

    /// The folder of the binaries; by default this program's own.
    #[arg(long, value_name = "DIR")]
    bin_dir: Option<PathBuf>,
}

fn main() -> anyhow::Result<ExitCode> {
    let args = Args::parse();
    let interrupt = Interrupt::listen().context("listen for signals")?;
    let own = std::env::current_exe().context("find this program's own folder")?;
    let bin_dir = args.bin_dir.clone().or_else(|| own.parent().map(PathBuf::from)).context("this program has no folder")?;
    let work_dir = bin_dir.join(format!("memory-{}", std::process::id()));
    let options =
        PipelineOptions { bin_dir: bin_dir.clone(), secured: false, work_dir: work_dir.clone(), stack_data: DataFolder::Temporary { keep: false }, settings: Vec::new() };
    let mut pipeline = Pipeline::start(options)?;
    println!("{} raw records, seed {}", args.records, args.seed);
    let started = Instant::now();
    fill::fill(&pipeline.feeder()?, args.records, args.seed, &interrupt)?;
    println!("written in {:.0} s", started.elapsed().as_secs_f64());
    let mut within = true;
    for processor in &args.processors {
        within &= watch(&mut pipeline, processor, &args, &bin_dir, &interrupt)?;
    }
    pipeline.stop()?;
    std::fs::remove_dir_all(&work_dir).with_context(|| format!("remove {}", work_dir.display()))?;
    Ok(if within { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Runs a processor for the time asked for; true if it stayed within its documented most.
fn watch(pipeline: &mut Pipeline, processor: &str, args: &Args, bin_dir: &std::path::Path, interrupt: &Interrupt) -> anyhow::Result<bool> {
    let printed = Command::new(bin_dir.join(processor)).arg("--print-config").output().context("print the configuration")?;
    let documented = samples::Documented::read(&String::from_utf8_lossy(&printed.stdout)).context("the configuration tells no total")?;
    println!("\n{processor}: documented {:.0} MiB at most, and {:.1} MiB for each million ids or keys", documented.total, documented.per_million);
    pipeline.start_processor(processor)?;
    let pid = pipeline.process_id(processor).context("the processor runs")?;
    let watch = Watch::new(pipeline.bootstrap())?;
    let mut samples = Samples::default();
    for second in 1..=args.seconds {
        std::thread::sleep(SECOND);
        anyhow::ensure!(!interrupt.requested(), "interrupted");
        pipeline.check()?;
        samples.take(pid)?;
        if second % PROGRESS_SECONDS == 0 || second == args.seconds {
            let progress = watch.progress()?;
            let own = progress.iter().find(|group| group.processor == processor).context("no progress of the processor")?;
            println!("  {second:4} s: {}, read {} of {}", samples.of_last(PROGRESS_SECONDS), own.read, own.end);
        }
    }
    let http = pipeline.http_address(processor).context("the processor serves HTTP")?;
    let entries = samples::store_entries(&http)?;
    let allowed = documented.total + documented.per_million * entries / 1e6;
    let most = samples::high_water(pid)?;
    println!("  most {most:.0} MiB of {allowed:.0} MiB allowed ({entries:.0} ids or keys in its stores)");
    pipeline.stop_instance(processor)?;
    Ok(most <= allowed)
}
