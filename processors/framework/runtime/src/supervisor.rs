//! A process: command line, logs, HTTP and signals around its stream threads.

use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use lineside_api::Erased;
use lineside_topology::{Environment, ProcessorSpec};
use prometheus::core::Collector;
use rdkafka::consumer::{BaseConsumer, Consumer as _};

use crate::application::{Application, StartError};
use crate::assignment::Rebalances;
use crate::calls::{Caller, Calls};
use crate::clients;
use crate::command_line::{self, Line};
use crate::health::{Doing, Health, Patience, Pulse};
use crate::host::{GroupConsumer, Host};
use crate::http;
use crate::identity::Identity;
use crate::logging;
use crate::metrics::Metrics;
use crate::settings::Settings;
use crate::startup::{self, NotReady};
use crate::stream_thread::{Parts, StreamThread};
use crate::tables::Tables;
use crate::thread_error::ThreadError;
use crate::work::Work;

const BACKOFF_MIN: Duration = Duration::from_millis(100);
const BACKOFF_MAX: Duration = Duration::from_secs(5);
/// A run of this length counts as good: the next restart does not wait.
const GOOD_RUN: Duration = Duration::from_secs(30);
/// Transactional ids of a process that hosts several processors start with this; of one that hosts one, with its group.
const SHARED: &str = "lineside";

/// Whether a processor's settings go together with an environment.
type Fits = dyn Fn(&Environment) -> Result<(), StartError> + Send + Sync;
/// What makes a processor's calls, if it makes any.
type MakeCaller = dyn Fn() -> Result<Option<Arc<dyn Caller>>, StartError> + Send + Sync;

/// A processor to be hosted: its row in the topology, and how to make it.
#[derive(Clone)]
pub struct Hostable {
    spec: &'static ProcessorSpec,
    make: Arc<dyn Fn() -> Result<Box<dyn Erased>, StartError> + Send + Sync>,
    fits: Arc<Fits>,
    caller: Arc<MakeCaller>,
    collectors: Arc<dyn Fn() -> Vec<Box<dyn Collector>> + Send + Sync>,
    dead_letter_topic: &'static str,
}

impl std::fmt::Debug for Hostable {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Hostable").field(&self.spec.name).finish()
    }
}

impl Hostable {
    /// A processor with its settings.
    #[must_use]
    pub fn new<A: Application>(application: A) -> Self {
        let (asked, calling, measured) = (application.clone(), application.clone(), application.clone());
        Self {
            spec: A::SPEC,
            make: Arc::new(move || application.processor()),
            fits: Arc::new(move |environment| asked.fits(environment)),
            caller: Arc::new(move || calling.caller()),
            collectors: Arc::new(move || measured.collectors()),
            dead_letter_topic: Work::dead_letter_topic_of(A::SPEC),
        }
    }
}

/// What every stream thread and every restart of it needs.
struct Shared {
    hosted: Vec<Hostable>,
    /// What makes the calls of each.
    callers: Vec<Option<Arc<dyn Caller>>>,
    async_runtime: tokio::runtime::Handle,
    settings: Settings,
    environment: Environment,
    identity: Identity,
    metrics: Metrics,
    stop: Arc<AtomicBool>,
}

/// The `main` of a processor's binary: runs it until SIGTERM or SIGINT.
///
/// Ends with 0 after a stop, with 1 when it refuses to start; it waits, and says so, while Kafka or the registry is down.
#[must_use]
pub fn run<A: Application>() -> ExitCode {
    match command_line::parse::<A>() {
        Ok(Line { settings, application }) => host(settings, vec![Hostable::new(application)]),
        Err(code) => code,
    }
}

/// Runs processors in this process, all of them on each of its stream threads, until SIGTERM or SIGINT. A stream thread has one transaction for all it hosts.
///
/// Groups, offsets, stores and changelogs are those that each processor has by itself, so that moving between one process and several needs no migration.
#[must_use]
pub fn host(settings: Settings, hosted: Vec<Hostable>) -> ExitCode {
    logging::start();
    let names: Vec<&str> = hosted.iter().map(|hostable| hostable.spec.name).collect();
    match start(settings, hosted) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            tracing::error!(processors = ?names, %error, "cannot run");
            ExitCode::FAILURE
        }
    }
}

fn start(settings: Settings, hosted: Vec<Hostable>) -> Result<(), StartError> {
    let environment = Environment::named(&settings.environment).map_err(|error| StartError(error.to_string()))?;
    hosted.iter().try_for_each(|hostable| (hostable.fits)(&environment))?;
    let identity = Identity::take(&settings.state_dir, settings.instance_id.as_deref())?;
    let metrics = Metrics::new().map_err(|error| StartError(error.to_string()))?;
    for collector in hosted.iter().flat_map(|hostable| (hostable.collectors)()) {
        metrics.registry.register(collector).map_err(|error| StartError(error.to_string()))?;
    }
    let stop = Arc::new(AtomicBool::new(false));
    let pulses: Vec<Arc<Pulse>> = (0..settings.threads).map(|index| Arc::new(Pulse::of(index.into()))).collect();

    let async_runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().map_err(|error| StartError(error.to_string()))?;
    let (address, health) = (settings.http_address, Health { metrics: metrics.clone(), pulses: pulses.clone(), patience: Patience::default() });
    async_runtime.spawn(async move {
        if let Err(error) = http::serve(address, health).await {
            tracing::error!(%address, %error, "cannot serve HTTP");
        }
    });
    let stopped = Arc::clone(&stop);
    async_runtime.spawn(async move {
        let signal = stop_signal().await;
        tracing::info!(signal, "stopping");
        stopped.store(true, Ordering::Release);
    });

    let callers = {
        let _entered = async_runtime.enter();
        hosted.iter().map(|hostable| (hostable.caller)()).collect::<Result<Vec<_>, _>>()?
    };
    let shared = Shared { hosted, callers, async_runtime: async_runtime.handle().clone(), settings, environment, identity, metrics, stop };
    let outcome = std::thread::scope(|scope| {
        let mut threads = Vec::new();
        for (index, pulse) in pulses.into_iter().enumerate() {
            let shared = &shared;
            let thread = std::thread::Builder::new().name(pulse.name().to_owned());
            threads.push(thread.spawn_scoped(scope, move || supervise(shared, index, &pulse)).map_err(|error| {
                shared.stop.store(true, Ordering::Release);
                StartError(error.to_string())
            })?);
        }
        let outcomes = threads.into_iter().map(|thread| thread.join().unwrap_or_else(|_| Err(StartError("a stream thread panicked".to_owned()))));
        outcomes.fold(Ok(()), Result::and)
    });
    async_runtime.shutdown_timeout(Duration::from_millis(100));
    outcome
}

async fn stop_signal() -> &'static str {
    use tokio::signal::unix::{SignalKind, signal};
    let (Ok(mut terminate), Ok(mut interrupt)) = (signal(SignalKind::terminate()), signal(SignalKind::interrupt())) else {
        return std::future::pending().await;
    };
    tokio::select! {
        _ = terminate.recv() => "SIGTERM",
        _ = interrupt.recv() => "SIGINT",
    }
}

/// Runs a stream thread, again and again, until it is told to stop or refuses to start; then the others stop too.
fn supervise(shared: &Shared, index: usize, pulse: &Arc<Pulse>) -> Result<(), StartError> {
    let mut wait = BACKOFF_MIN;
    while !shared.stop.load(Ordering::Acquire) {
        let started = Instant::now();
        pulse.beat(started);
        pulse.say(Doing::Starting);
        match run_once(shared, index, pulse) {
            Ok(()) => return Ok(()),
            Err(NotReady::Refused(error)) => {
                shared.stop.store(true, Ordering::Release);
                return Err(error);
            }
            Err(NotReady::Waiting(reason)) => {
                tracing::warn!(reason, thread = index, wait_ms = wait.as_millis(), "trying again");
                pulse.say(Doing::Waiting(reason));
            }
        }
        if started.elapsed() > GOOD_RUN {
            wait = BACKOFF_MIN;
        }
        pause(shared, pulse, wait);
        wait = (wait * 2).min(BACKOFF_MAX);
    }
    Ok(())
}

fn pause(shared: &Shared, pulse: &Pulse, wait: Duration) {
    let until = Instant::now() + wait;
    while Instant::now() < until && !shared.stop.load(Ordering::Acquire) {
        pulse.beat(Instant::now());
        std::thread::sleep(Duration::from_millis(20));
    }
}

fn run_once(shared: &Shared, index: usize, pulse: &Arc<Pulse>) -> Result<(), NotReady> {
    let Shared { hosted, settings, identity, .. } = shared;
    let specs: Vec<&'static ProcessorSpec> = hosted.iter().map(|hostable| hostable.spec).collect();
    let inputs: Vec<Vec<String>> = specs.iter().map(|spec| startup::input_topics(spec, &shared.environment)).collect();
    for (spec, topics) in specs.iter().zip(&inputs) {
        startup::check_topics(settings, spec, topics, &shared.environment)?;
    }
    let codec = startup::codec(settings, &specs)?;
    let tables = Tables::none(&shared.metrics).read(settings, &Tables::topics_of(&specs), specs.first().map_or(SHARED, |spec| spec.group), &codec, pulse, &shared.stop);
    let tables = tables.map_err(not_ready)?;
    pulse.say(Doing::Starting);
    let mut hosts = Vec::with_capacity(hosted.len());
    for ((hostable, caller), topics) in hosted.iter().zip(&shared.callers).zip(inputs) {
        let calls = caller.as_ref().map(|caller| Calls::new(hostable.spec.name, Arc::clone(caller), shared.async_runtime.clone(), &shared.metrics));
        hosts.push(subscribed(hostable, topics, settings, &identity.member(hostable.spec.group, index), calls)?);
    }
    let prefix = if let [only] = specs.as_slice() { only.group } else { SHARED };
    let parts = Parts {
        hosts,
        producer_config: clients::transactional_producer(settings, &identity.member(prefix, index)),
        codec,
        tables,
        settings: settings.clone(),
        state_dir: settings.state_dir.clone(),
        metrics: shared.metrics.clone(),
        pulse: Arc::clone(pulse),
        stop: Arc::clone(&shared.stop),
    };
    let names: Vec<&str> = specs.iter().map(|spec| spec.name).collect();
    tracing::info!(processors = ?names, instance = identity.instance(), thread = index, "starting");
    StreamThread::connect(parts).and_then(StreamThread::run).map_err(not_ready)
}

fn not_ready(error: ThreadError) -> NotReady {
    match error {
        ThreadError::Start(error) => NotReady::Refused(error),
        other => NotReady::Waiting(other.to_string()),
    }
}

fn subscribed(hostable: &Hostable, inputs: Vec<String>, settings: &Settings, member: &str, calls: Option<Calls>) -> Result<Host, StartError> {
    let make = Arc::clone(&hostable.make);
    let mut work = Work::new(hostable.spec, Box::new(move || make()), hostable.dead_letter_topic)?;
    if let Some(calls) = calls {
        work = work.with_calls(calls);
    }
    let consumer: BaseConsumer<Rebalances> = clients::group_consumer(settings, hostable.spec.group, member)
        .create_with_context(Rebalances::default())
        .map_err(|error| StartError(format!("Kafka client: {error}")))?;
    let task_topic = hostable.spec.task_topic();
    let names: Vec<&str> = task_topic.as_ref().map_or_else(|| inputs.iter().map(String::as_str).collect(), |tasks| vec![tasks.as_str()]);
    consumer.subscribe(&names).map_err(|error| StartError(format!("subscribing to {names:?}: {error}")))?;
    Ok(Host { consumer: GroupConsumer(consumer), inputs, work })
}
