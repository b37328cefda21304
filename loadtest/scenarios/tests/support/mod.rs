//! A pipeline for a test, on binaries and folders of its own build.

use std::io::Write as _;
use std::path::PathBuf;

use lineside_local_stack::DataFolder;
use lineside_scenarios::pipeline::{Pipeline, PipelineOptions};
use lineside_simulators::Simulation;

/// A pipeline whose processors run, with state and logs in a folder that goes when the test is green.
pub struct TestPipeline {
    pub pipeline: Pipeline,
    folder: PathBuf,
}

impl TestPipeline {
    /// Starts everything. Binaries are those beside the test's own: `cargo build --workspace` makes them.
    pub fn start(name: &str) -> Self {
        let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}-{}", std::process::id()));
        let options = PipelineOptions { bin_dir: bin_dir(), work_dir: folder.clone(), stack_data: DataFolder::Temporary { keep: false }, settings: Vec::new() };
        let mut pipeline = Pipeline::start(options).unwrap_or_else(|error| panic!("{error}"));
        pipeline.start_processors().unwrap();
        Self { pipeline, folder }
    }

    /// Ends everything and removes the folder.
    pub fn stop(self) {
        self.pipeline.stop().unwrap();
        std::fs::remove_dir_all(&self.folder).unwrap();
    }
}

/// `target/<profile>`: test executables stand in its `deps`.
fn bin_dir() -> PathBuf {
    let own = std::env::current_exe().unwrap();
    own.ancestors().nth(2).unwrap().to_owned()
}

/// Orders of a demo.
pub fn simulation(seed: u64, orders: usize) -> Simulation {
    Simulation::new(seed, orders, jiff::Timestamp::now())
}

/// Says something that is seen even when the test is green.
pub fn say(text: &str) {
    // Not captured, unlike what the print macros write.
    let _ = writeln!(std::io::stderr(), "{text}");
}
