//! `erp-faults`: postings through the connector into a simulated ERP that misbehaves, while both are killed again and again; then whether each was booked exactly once.

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use anyhow::Context as _;
use clap::Parser as _;
use lineside_scenarios::erp::check::Check;
use lineside_scenarios::erp::run::{FaultReport, FaultRun, run};

/// Findings that are shown in full.
const SHOWN: usize = 20;

/// Runs postings through the ERP connector into a simulated ERP that misbehaves in every way it knows, kills both at seeded moments, and checks that
/// the ERP's ledger holds each posting exactly once and every line has exactly one final outcome.
///
/// Exits with 0 only if that is so; with --blind only if it is not.
#[derive(Debug, clap::Parser)]
#[command(name = "erp-faults", version)]
struct Args {
    /// Documents that are posted.
    #[arg(long, default_value_t = 10_000)]
    postings: usize,

    /// How often the connector is killed.
    #[arg(long, default_value_t = 100)]
    kills: usize,

    /// How often the ERP is killed.
    #[arg(long, default_value_t = 10)]
    erp_kills: usize,

    /// Of a thousand calls, so many meet each of the faults.
    #[arg(long, default_value_t = 50, value_parser = clap::value_parser!(u16).range(..=50))]
    per_mille: u16,

    /// Seed of the postings, the faults and the kills.
    #[arg(long, default_value_t = 1)]
    seed: u64,

    /// Dialect: s4 or odoo.
    #[arg(long, default_value = "s4", value_parser = ["s4", "odoo"])]
    profile: String,

    /// The connector sends again after a doubt without reading back. Only a debug build of the connector can.
    #[arg(long)]
    blind: bool,

    /// Seconds that the ERP is down when a third of the postings was asked for.
    #[arg(long)]
    outage_s: Option<u64>,

    /// Calls per second that the connector may make.
    #[arg(long)]
    calls_per_second: Option<u32>,

    /// Minutes after which it is given up.
    #[arg(long, default_value_t = 60)]
    timeout_min: u64,

    /// The folder of the binaries; by default this program's own.
    #[arg(long, value_name = "DIR")]
    bin_dir: Option<PathBuf>,
}

fn main() -> ExitCode {
    let args = Args::parse();
    match carry_out(&args) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("erp-faults failed: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn carry_out(args: &Args) -> anyhow::Result<bool> {
    let own = std::env::current_exe().context("find this program's own folder")?;
    let own = own.parent().context("this program has no folder")?.to_owned();
    let work_dir = own.join("../erp-faults").join(std::process::id().to_string());
    let options = FaultRun {
        bin_dir: args.bin_dir.clone().unwrap_or(own),
        work_dir: work_dir.clone(),
        seed: args.seed,
        documents: args.postings,
        kills: args.kills,
        erp_kills: args.erp_kills,
        per_mille: args.per_mille,
        blind: args.blind,
        profile: args.profile.clone(),
        outage: args.outage_s.map(Duration::from_secs),
        per_second: args.calls_per_second,
        timeout: Duration::from_secs(args.timeout_min * 60),
    };
    println!("{} postings, seed {}, dialect {}, {} kills of the connector, {} of the ERP", args.postings, args.seed, args.profile, args.kills, args.erp_kills);
    let started = Instant::now();
    let outcome = run(&options, &mut |text| println!("{:>7.1} s  {text}", started.elapsed().as_secs_f32()));
    let report = outcome.inspect_err(|_| println!("Logs and ledger: {}", work_dir.display()))?;
    let good = show(&report, args.blind);
    if good {
        std::fs::remove_dir_all(&work_dir).with_context(|| format!("remove {}", work_dir.display()))?;
    } else {
        println!("Logs and ledger: {}", work_dir.display());
    }
    Ok(good)
}

fn show(report: &FaultReport, blind: bool) -> bool {
    let summary = &report.summary;
    println!(
        "\n{} lines booked in the ERP, {} calls to book for {} documents, in {:.0} s",
        report.lines,
        summary.attempts,
        summary.keys_asked,
        report.took.as_secs_f32()
    );
    println!("{} outcomes, {} of them final; the connector was killed {} times, the ERP {} times", report.outcomes, report.finals, report.kills.0, report.kills.1);
    if let Some(drained) = report.drained_in {
        println!("everything was done {:.0} s after the outage ended, with at most {} calls to book within a second", drained.as_secs_f32(), report.busiest_second);
    }
    let met: Vec<String> = summary.faults.iter().map(|(fault, count)| format!("{fault} {count}")).collect();
    println!("faults met: {}", met.join(", "));
    for finding in report.findings.iter().take(SHOWN) {
        println!("  - {finding}");
    }
    let doubled = report.findings.iter().filter(|finding| finding.check == Check::Doubled).count();
    if blind {
        println!("{doubled} lines are doubled without read-back: {}", if doubled > 0 { "as it has to be" } else { "THE FAULTS PROVE NOTHING" });
        return doubled > 0;
    }
    if report.findings.is_empty() {
        println!("Each line stands in the ERP exactly once, with exactly one final outcome that says so; every order in its sequence.");
    } else {
        println!("NOT EXACTLY ONCE: {} findings", report.findings.len());
    }
    report.findings.is_empty()
}
