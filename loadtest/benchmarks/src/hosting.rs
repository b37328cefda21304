//! A copying processor on the real stream thread, hosted in this process.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;

use clap::Parser as _;
use lineside_api::{Context, Erased, Hosted, Processor, Raw, Record, Refusal};
use lineside_registry::{RegistryClient, RegistrySettings};
use lineside_runtime::assignment::Rebalances;
use lineside_runtime::host::{GroupConsumer, Host};
use lineside_runtime::http::Pulse;
use lineside_runtime::metrics::Metrics;
use lineside_runtime::stream_thread::{Parts, StreamThread};
use lineside_runtime::tables::Tables;
use lineside_runtime::work::Work;
use lineside_runtime::{Settings, clients};
use lineside_schemas::contract::DeadLetter;
use lineside_schemas::{Codec, Contract as _, ContractId};
use lineside_topology::ProcessorSpec;
use lineside_topology::topics::{NORMALIZED, is_framed};
use rdkafka::consumer::{BaseConsumer, Consumer as _};
use tempfile::TempDir;

use crate::error::BenchError;
use crate::stack::BenchStack;
use crate::window::Progress;

/// Topics of a chain of copiers: each reads one and writes the next.
pub const TOPICS: [&str; 5] = ["bench-0", "bench-1", "bench-2", "bench-3", "bench-4"];

/// The copiers of a chain, in its order.
pub static COPIERS: [ProcessorSpec; 4] = [
    copier("copier-1", &["bench-0"], &["bench-1"]),
    copier("copier-2", &["bench-1"], &["bench-2"]),
    copier("copier-3", &["bench-2"], &["bench-3"]),
    copier("copier-4", &["bench-3"], &["bench-4"]),
];

/// Two copiers with a topic of frames between them.
pub static FRAMED_COPIERS: [ProcessorSpec; 2] =
    [copier("framing-copier", &["bench-0"], &[NORMALIZED.name()]), copier("unframing-copier", &[NORMALIZED.name()], &["bench-2"])];

const fn copier(name: &'static str, reads: &'static [&'static str], writes: &'static [&'static str]) -> ProcessorSpec {
    ProcessorSpec { name, group: name, reads, writes, embeds: &[], stores: &[], tables: &[], ticks: false, purpose: "Copies each record" }
}

/// Sends each record on as it is.
struct Copier {
    to: &'static str,
}

impl Processor for Copier {
    type Input = Raw;

    fn process(&mut self, record: Record<'_, '_, &[u8]>, cx: &mut Context<'_>) -> Result<(), Refusal> {
        cx.forward(self.to, record.raw.key, record.value);
        Ok(())
    }
}

#[derive(clap::Parser)]
struct Line {
    #[command(flatten)]
    settings: Settings,
}

/// Settings of a client of the stack: its addresses and these flags, every other one by default.
#[must_use]
pub fn settings(stack: &BenchStack, state: &Path, flags: &[String]) -> Settings {
    let (state, registry) = (state.display().to_string(), stack.registry_url());
    let fixed = ["bench", "--bootstrap-servers", stack.bootstrap(), "--schema-registry", registry, "--state-dir", &state];
    Line::parse_from(fixed.into_iter().map(str::to_owned).chain(flags.iter().cloned())).settings
}

/// A running stream thread with one copier.
pub struct CopierThread {
    spec: &'static ProcessorSpec,
    metrics: Metrics,
    stop: Arc<AtomicBool>,
    thread: JoinHandle<Result<(), BenchError>>,
    _state: TempDir,
}

impl std::fmt::Debug for CopierThread {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("CopierThread").field(&self.spec.name).finish()
    }
}

impl CopierThread {
    /// Starts it in a group of its own, from the beginning of its topic.
    ///
    /// # Errors
    /// [`BenchError`].
    pub fn start(stack: &BenchStack, spec: &'static ProcessorSpec, group: &str, flags: &[String]) -> Result<Self, BenchError> {
        let (&[reads], &[writes]) = (spec.reads, spec.writes) else { return Err(BenchError::Failed(format!("{} is no copier", spec.name))) };
        let state = temporary_folder()?;
        let settings = settings(stack, state.path(), flags);
        let (metrics, stop) = (Metrics::new().map_err(|error| BenchError::Failed(error.to_string()))?, Arc::new(AtomicBool::new(false)));
        let registry = RegistryClient::new(&RegistrySettings::at(&settings.connection.schema_registry)).map_err(|error| BenchError::Failed(error.to_string()))?;
        let mut codec = Codec::new(Box::new(registry));
        let dead_letters = Work::dead_letter_topic_of(spec);
        codec.resolve(dead_letters, DeadLetter::ID).map_err(|error| BenchError::Failed(error.to_string()))?;
        if is_framed(writes) {
            codec.resolve(writes, ContractId::RecordFrame).map_err(|error| BenchError::Failed(error.to_string()))?;
        }
        let consumer: BaseConsumer<Rebalances> = clients::group_consumer(&settings, group, group).create_with_context(Rebalances::default())?;
        consumer.subscribe(&[reads])?;
        let make = move || Ok(Box::new(Hosted::new(spec, Copier { to: writes })) as Box<dyn Erased>);
        let work = Work::new(spec, Box::new(make), dead_letters).map_err(|error| BenchError::Failed(error.to_string()))?;
        let parts = Parts {
            hosts: vec![Host { consumer: GroupConsumer(consumer), inputs: vec![reads.to_owned()], work }],
            tables: Tables::none(&metrics),
            producer_config: clients::transactional_producer(&settings, group),
            codec,
            state_dir: settings.state_dir.clone(),
            settings,
            metrics: metrics.clone(),
            pulse: Arc::new(Pulse::default()),
            stop: Arc::clone(&stop),
        };
        let thread = std::thread::Builder::new().name("stream".to_owned());
        let thread = thread.spawn(move || Ok(StreamThread::connect(parts).and_then(StreamThread::run)?)).map_err(BenchError::io("start a thread"))?;
        Ok(Self { spec, metrics, stop, thread, _state: state })
    }

    /// How far it is.
    #[must_use]
    pub fn progress(&self) -> Progress {
        Progress {
            records: self.metrics.records_read.with_label_values(&[self.spec.name]).get(),
            transactions: self.metrics.transactions.with_label_values(&["committed"]).get(),
            ended: self.thread.is_finished(),
        }
    }

    /// Stops it as a signal would.
    ///
    /// # Errors
    /// What it ended with.
    pub fn stop(self) -> Result<(), BenchError> {
        self.stop.store(true, Ordering::Release);
        self.thread.join().map_err(|_| BenchError::Failed("the stream thread panicked".to_owned()))?
    }
}

/// A folder that goes with its owner, beside this program: below target/ for a build.
///
/// # Errors
/// [`BenchError::Io`].
pub fn temporary_folder() -> Result<TempDir, BenchError> {
    let home = own_folder()?.join("bench");
    std::fs::create_dir_all(&home).map_err(BenchError::io(format!("create {}", home.display())))?;
    tempfile::tempdir_in(&home).map_err(BenchError::io(format!("create a folder in {}", home.display())))
}

/// The folder of this program.
///
/// # Errors
/// [`BenchError::Io`].
pub fn own_folder() -> Result<PathBuf, BenchError> {
    let own = std::env::current_exe().map_err(BenchError::io("find this program's own folder"))?;
    Ok(own.parent().map(PathBuf::from).unwrap_or_default())
}
