//! A process: command line, logs, HTTP and signals around its stream thread.

use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant, SystemTime};

use lineside_topology::{Environment, ProcessorSpec};
use rdkafka::consumer::{BaseConsumer, Consumer as _};

use crate::application::{Application, StartError};
use crate::assignment::Rebalances;
use crate::clients;
use crate::command_line::{self, Line};
use crate::host::{GroupConsumer, Host, Work};
use crate::http::{self, Pulse};
use crate::identity::Identity;
use crate::logging;
use crate::metrics::Metrics;
use crate::settings::Settings;
use crate::startup::{self, NotReady};
use crate::stream_thread::{Parts, StreamThread, ThreadError};

const BACKOFF_MAX: Duration = Duration::from_secs(5);
/// A run of this length counts as good: the next restart does not wait.
const GOOD_RUN: Duration = Duration::from_secs(30);

/// What every restart of the stream thread needs.
struct Shared<A> {
    application: A,
    spec: &'static ProcessorSpec,
    settings: Settings,
    environment: Environment,
    identity: Identity,
    dead_letter_topic: &'static str,
    metrics: Metrics,
    pulse: Arc<Pulse>,
    stop: Arc<AtomicBool>,
}

/// The `main` of a processor's binary: runs it until SIGTERM or SIGINT.
///
/// Ends with 0 after a stop, with 1 when it refuses to start; it waits, and says so, while Kafka or the registry is down.
#[must_use]
pub fn run<A: Application>() -> ExitCode {
    let line = match command_line::parse::<A>() {
        Ok(line) => line,
        Err(code) => return code,
    };
    logging::start();
    match start(line) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            tracing::error!(processor = A::SPEC.name, %error, "cannot run");
            ExitCode::FAILURE
        }
    }
}

fn start<A: Application>(line: Line<A>) -> Result<(), StartError> {
    let Line { settings, application } = line;
    let environment = Environment::named(&settings.environment).map_err(|error| StartError(error.to_string()))?;
    let identity = Identity::take(&settings.state_dir, settings.instance_id.as_deref())?;
    let metrics = Metrics::new().map_err(|error| StartError(error.to_string()))?;
    let shared = Shared {
        application,
        spec: A::SPEC,
        environment,
        identity,
        dead_letter_topic: Work::dead_letter_topic_of(A::SPEC),
        metrics: metrics.clone(),
        pulse: Arc::new(Pulse::default()),
        stop: Arc::new(AtomicBool::new(false)),
        settings,
    };
    let (address, pulse, stop) = (shared.settings.http_address, Arc::clone(&shared.pulse), Arc::clone(&shared.stop));
    pulse.beat(SystemTime::now());
    let async_runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().map_err(|error| StartError(error.to_string()))?;
    async_runtime.spawn(async move {
        if let Err(error) = http::serve(address, metrics, pulse).await {
            tracing::error!(%address, %error, "cannot serve HTTP");
        }
    });
    async_runtime.spawn(async move {
        let signal = stop_signal().await;
        tracing::info!(signal, "stopping");
        stop.store(true, Ordering::Release);
    });
    let thread = std::thread::Builder::new().name(format!("{}-0", A::SPEC.name)).spawn(move || supervise(&shared)).map_err(|error| StartError(error.to_string()))?;
    let outcome = thread.join().map_err(|_| StartError("the stream thread panicked".to_owned()))?;
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

/// Runs the stream thread, again and again, until it is told to stop or refuses to start.
fn supervise<A: Application>(shared: &Shared<A>) -> Result<(), StartError> {
    let mut wait = Duration::from_millis(100);
    while !shared.stop.load(Ordering::Acquire) {
        let started = Instant::now();
        match run_once(shared) {
            Ok(()) => return Ok(()),
            Err(NotReady::Refused(error)) => return Err(error),
            Err(NotReady::Waiting(reason)) => tracing::warn!(reason, wait_ms = wait.as_millis(), "trying again"),
        }
        if started.elapsed() > GOOD_RUN {
            wait = Duration::from_millis(100);
        }
        pause(shared, wait);
        wait = (wait * 2).min(BACKOFF_MAX);
    }
    Ok(())
}

fn pause<A>(shared: &Shared<A>, wait: Duration) {
    let until = Instant::now() + wait;
    while Instant::now() < until && !shared.stop.load(Ordering::Acquire) {
        shared.pulse.beat(SystemTime::now());
        std::thread::sleep(Duration::from_millis(20));
    }
}

fn run_once<A: Application>(shared: &Shared<A>) -> Result<(), NotReady> {
    let Shared { spec, settings, identity, .. } = shared;
    let inputs = startup::input_topics(spec, &shared.environment);
    startup::check_topics(settings, spec, &inputs)?;
    let codec = startup::codec(settings, &[spec])?;
    let id = identity.transactional_id(spec.group, 0);
    let application = shared.application.clone();
    let work = Work::new(spec, Box::new(move || application.processor()), shared.dead_letter_topic)?;
    let consumer: BaseConsumer<Rebalances> =
        clients::group_consumer(settings, spec.group, &id).create_with_context(Rebalances::default()).map_err(|error| StartError(format!("Kafka client: {error}")))?;
    let names: Vec<&str> = inputs.iter().map(String::as_str).collect();
    consumer.subscribe(&names).map_err(|error| StartError(format!("subscribing to {names:?}: {error}")))?;
    let parts = Parts {
        hosts: vec![Host { consumer: GroupConsumer(consumer), work }],
        producer_config: clients::transactional_producer(settings, &id),
        codec,
        settings: settings.clone(),
        state_dir: settings.state_dir.clone(),
        metrics: shared.metrics.clone(),
        pulse: Arc::clone(&shared.pulse),
        stop: Arc::clone(&shared.stop),
    };
    tracing::info!(processor = spec.name, instance = identity.instance(), inputs = ?names, "starting");
    StreamThread::connect(parts).and_then(StreamThread::run).map_err(|error| match error {
        ThreadError::Start(error) => NotReady::Refused(error),
        other => NotReady::Waiting(other.to_string()),
    })
}
