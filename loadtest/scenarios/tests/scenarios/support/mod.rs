//! A pipeline for a test, on binaries and folders of its own build.

pub mod probe;
pub mod turn;

use std::io::Write as _;
use std::path::PathBuf;
use std::sync::LazyLock;
use std::time::Duration;

use lineside_local_stack::{DataFolder, SharedRegistry, StackOptions};
use lineside_scenarios::books::{Contents, audit};
use lineside_scenarios::expectation::differences;
use lineside_scenarios::pipeline::{Pipeline, PipelineOptions};
use lineside_simulators::Simulation;
use turn::Turn;

const QUIET_TIMEOUT: Duration = Duration::from_mins(2);

/// One for all tests: the schemas are the same. It ends with the process.
static REGISTRY: LazyLock<SharedRegistry> = LazyLock::new(|| SharedRegistry::start().unwrap_or_else(|error| panic!("{error}")));

/// A pipeline whose processors run, with state and logs in a folder that goes when the test is green.
pub struct TestPipeline {
    pub pipeline: Pipeline,
    folder: PathBuf,
    /// Let go when everything else is.
    _turn: Turn,
}

impl TestPipeline {
    /// Starts everything. Binaries are those beside the test's own: `cargo build --workspace` makes them.
    pub fn start(name: &str) -> Self {
        let mut prepared = Self::prepare(name);
        prepared.pipeline.start_processors().unwrap();
        prepared
    }

    /// As [`Self::start`], but no processor runs yet.
    pub fn prepare(name: &str) -> Self {
        Self::prepare_with(name, false, &[])
    }

    /// As [`Self::prepare`], with no other stack beside it.
    pub fn prepare_alone(name: &str) -> Self {
        Self::prepare_in_turn(Turn::alone(), name, false, &[])
    }

    /// As [`Self::prepare`], on a Kafka that asks who its clients are if `secured`, with settings for all processes.
    pub fn prepare_with(name: &str, secured: bool, settings: &[(&str, &str)]) -> Self {
        Self::prepare_in_turn(Turn::shared(), name, secured, settings)
    }

    fn prepare_in_turn(turn: Turn, name: &str, secured: bool, settings: &[(&str, &str)]) -> Self {
        let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}-{}", std::process::id()));
        let settings = settings.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        let options = PipelineOptions { bin_dir: bin_dir(), work_dir: folder.clone(), stack_data: DataFolder::Temporary { keep: false }, settings, secured };
        let stack = StackOptions { registry: Some(REGISTRY.url().to_owned()), ..StackOptions::default() };
        let pipeline = Pipeline::start_on(options, stack).unwrap_or_else(|error| panic!("{error}"));
        Self { pipeline, folder, _turn: turn }
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

/// Waits until everything is read.
pub fn rest(pipeline: &mut Pipeline) {
    pipeline.await_quiet(QUIET_TIMEOUT, &mut |_| Ok(())).unwrap_or_else(|error| panic!("{error}"));
}

/// The books close, and hold what was simulated.
pub fn assert_right(contents: &Contents, simulation: &Simulation) {
    let findings: Vec<String> = audit(contents).iter().map(ToString::to_string).collect();
    assert!(findings.is_empty(), "the books do not close:\n{}", findings.join("\n"));
    let differences = differences(contents, &simulation.expected);
    assert!(differences.is_empty(), "not what was simulated:\n{}", differences.join("\n"));
}

/// Orders of a demo.
pub fn simulation(seed: u64, orders: usize) -> Simulation {
    Simulation::new(seed, orders, jiff::Timestamp::now())
}

/// A number from the environment: how often, or from which seed.
pub fn asked(variable: &str, otherwise: u64) -> u64 {
    std::env::var(variable).ok().and_then(|text| text.parse().ok()).unwrap_or(otherwise)
}

/// Says something that is seen even when the test is green.
pub fn say(text: &str) {
    // Not captured, unlike what the print macros write.
    let _ = writeln!(std::io::stderr(), "{text}");
}
