//! `demo`: two simulated plants, or the files of a folder, through the whole pipeline on a real Kafka; then what happened,
//! and whether the books close.

mod args;
mod progress;
mod run;

use std::process::ExitCode;

use clap::Parser as _;
use lineside_scenarios::interrupt::{self, Interrupt};
use lineside_scenarios::pipeline::PipelineError;

fn main() -> ExitCode {
    let args = args::Args::parse();
    let outcome = Interrupt::listen().map_err(anyhow::Error::from).and_then(|interrupt| run::run(&args, &interrupt));
    match outcome {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) if matches!(error.downcast_ref(), Some(PipelineError::Interrupted)) => {
            eprintln!("interrupted; everything started was ended");
            ExitCode::from(interrupt::EXIT_CODE)
        }
        Err(error) => {
            eprintln!("demo failed: {error:#}");
            ExitCode::FAILURE
        }
    }
}
