//! The connector against an ERP that misbehaves in every way, while both are killed: a small run of what `erp-faults` does at length.

use std::path::PathBuf;
use std::time::Duration;

use lineside_scenarios::erp::check::Check;
use lineside_scenarios::erp::run::{FaultReport, FaultRun, run};

use crate::support::turn::Turn;

fn options(name: &str) -> FaultRun {
    let own = std::env::current_exe().unwrap();
    FaultRun {
        bin_dir: own.ancestors().nth(2).unwrap().to_owned(),
        work_dir: PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}-{}", std::process::id())),
        seed: 11,
        documents: 60,
        kills: 2,
        erp_kills: 1,
        per_mille: 50,
        blind: false,
        profile: "s4".to_owned(),
        outage: None,
        per_second: None,
        timeout: Duration::from_mins(3),
    }
}

fn report(options: &FaultRun) -> FaultReport {
    let _turn = Turn::shared();
    run(options, &mut |text| println!("{text}")).unwrap_or_else(|error| panic!("{error}\n{}", options.work_dir.display()))
}

fn assert_exactly_once(options: &FaultRun) {
    let report = report(options);
    let findings: Vec<String> = report.findings.iter().map(ToString::to_string).collect();
    assert!(findings.is_empty(), "{}\n{}", findings.join("\n"), options.work_dir.display());
    // Faults that nobody met would prove nothing.
    assert!(options.per_mille == 0 || report.summary.faults.len() > 15, "{:?}", report.summary.faults);
    std::fs::remove_dir_all(&options.work_dir).unwrap();
}

#[test]
fn each_posting_is_booked_once_whatever_the_erp_does_and_whoever_is_killed() {
    assert_exactly_once(&options("erp-faults"));
}

/// Else the run above would prove nothing.
#[test]
#[cfg_attr(not(debug_assertions), ignore = "what ships always reads back")]
fn without_read_back_the_same_faults_end_in_doubles() {
    let options = FaultRun { kills: 0, erp_kills: 0, blind: true, ..options("erp-blind") };
    let report = report(&options);
    assert!(report.findings.iter().any(|finding| finding.check == Check::Doubled), "{:?}", report.summary.faults);
    std::fs::remove_dir_all(&options.work_dir).unwrap();
}

#[test]
fn what_waited_for_an_erp_that_was_down_is_booked_in_order_when_it_is_back() {
    let outage = FaultRun {
        documents: 60,
        kills: 0,
        erp_kills: 0,
        per_mille: 0,
        profile: "odoo".to_owned(),
        outage: Some(Duration::from_secs(6)),
        per_second: Some(40),
        ..options("erp-down")
    };
    assert_exactly_once(&outage);
}
