//! The benchmarks run and count right, on few records. What they measure is not judged: a machine that runs tests is no machine to measure on.
#![allow(clippy::unwrap_used, reason = "a test may stop at what it did not expect")]

use std::path::PathBuf;

use lineside_benchmarks::clients::read_all;
use lineside_benchmarks::cohost::{CohostOptions, Side};
use lineside_benchmarks::copy::CopyOptions;
use lineside_benchmarks::frames::FramesOptions;
use lineside_benchmarks::hop::HopOptions;
use lineside_benchmarks::hosting::{TOPICS, temporary_folder};
use lineside_benchmarks::mapping::{MappingOptions, STEPS};
use lineside_benchmarks::stack::BenchStack;
use lineside_benchmarks::{cohost, copy, frames, hop, mapping};

#[test]
fn both_copying_sides_copy_every_record() {
    let stack = BenchStack::start(false).unwrap();
    let options = CopyOptions { batches: vec![1_000], records: 4_000, repetitions: 1, plain_linger_ms: 5 };
    let report = copy::measure(&stack, &options).unwrap();
    let mut copies = 0_u64;
    read_all(stack.bootstrap(), &[TOPICS[1]], |_| copies += 1).unwrap();
    stack.stop().unwrap();
    // Two sides, each with the run that does not count. How much of a run falls into its measurement is up to the machine.
    assert_eq!((copies, report.runs.len()), (4 * options.records, 2));
    assert!(report.runs.iter().all(|run| run.records <= options.records && run.client_us > 0.0), "{report:#?}");
    assert!(report.summary[0].ratio > 0.0 && report.text().contains("1000"));
}

#[test]
fn every_record_is_timed_at_every_hop() {
    let stack = BenchStack::start(false).unwrap();
    let report = hop::measure(&stack, &HopOptions { hops: 2, rate: 100, records: 60, warm_up: 40, settings: vec!["--commit-interval-ms=5".to_owned()] }).unwrap();
    stack.stop().unwrap();
    assert_eq!((report.hops.len(), report.hops[1].count, report.any_hop.count, report.whole.count), (2, 60, 120, 60));
    assert!(report.whole.p50_ms >= report.hops[0].p50_ms && report.transactions_per_record > 0.0, "{}", report.text());
}

#[test]
fn every_event_passes_the_hop_in_frames_and_without() {
    let report = frames::measure(|| BenchStack::start(false), &FramesOptions { batches: vec![1_000], records: 4_000, repetitions: 1 }).unwrap();
    let summary = &report.summary[0];
    assert!([summary.plain, summary.framed].iter().all(|cost| cost.write_client_us > 0.0 && cost.read_client_us > 0.0), "{}", report.text());
    // A batch may end one frame late, and a frame here holds what a partition has of a batch.
    assert!(summary.framed.read_batch < 2_100.0, "{}", report.text());
}

#[test]
fn separate_processes_and_one_process_take_turns_and_the_books_close() {
    let folder = temporary_folder().unwrap();
    let options = CohostOptions { rate: 500, seconds: 2, repetitions: 1, settings: vec!["LINESIDE_SESSION_TIMEOUT_MS=2000".to_owned()], bin_dir: None };
    let report = cohost::measure(&options, &bin_dir(), folder.path(), false).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(report.findings, Vec::<String>::new());
    let sides: Vec<Side> = report.runs.iter().map(|run| run.side).collect();
    assert_eq!(sides, [Side::Separate, Side::Together]);
    assert!(report.runs.iter().all(|run| run.records == 800 && run.transactions_per_s > 0.0 && run.raw_to_erp.count > 0), "{}", report.text());
}

#[test]
fn every_document_is_mapped_and_every_step_of_it_is_timed() {
    let report = mapping::measure(&MappingOptions { segments: vec![100], repetitions: 1, round_ms: 1 }).unwrap();
    let events: Vec<usize> = report.costs.iter().map(|cost| cost.events).collect();
    assert_eq!(events, [1, 3, 1, 6, 1]);
    assert!(report.costs.iter().all(|cost| cost.record_us > 0.0 && cost.steps_us.len() == STEPS.len() && cost.rounds_us.len() == 1), "{report:#?}");
    assert!(report.text().contains("X12 856, 100 segments"), "{}", report.text());
}

/// `target/<profile>`, where `cargo build --workspace` puts the processors: test executables stand in its `deps`.
fn bin_dir() -> PathBuf {
    let own = std::env::current_exe().unwrap();
    own.ancestors().nth(2).unwrap().to_owned()
}
