//! A whole run: postings on the topics, a connector that is killed again and again, an ERP that misbehaves, and the reckoning.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use jiff::{SignedDuration, Timestamp};
use lineside_local_stack::DataFolder;
use lineside_registry::{RegistryClient, RegistrySettings};
use lineside_schemas::Codec;
use lineside_simulators::Random;
use lineside_topology::topics::ERP_POSTING_OUTCOMES;

use super::check::{Finding, check};
use super::client::{ClientError, ErpClient, Summary};
use super::documents::{Document, documents, prepare};
use super::settings::{Setup, settings};
use crate::books::facts::Outcome;
use crate::pipeline::{Hosting, Pipeline, PipelineError, PipelineOptions};
use crate::topics::{self, Reader, Schemas, TopicsError};

/// The connector.
const CONNECTOR: &str = "erp-connector";
const WATCH_INTERVAL: Duration = Duration::from_millis(5);
const LOOK_INTERVAL: Duration = Duration::from_secs(1);

/// What is run.
#[derive(Debug, Clone)]
pub struct FaultRun {
    /// The folder of the binaries.
    pub bin_dir: PathBuf,
    /// The folder of state, logs and ledger.
    pub work_dir: PathBuf,
    /// Seed of everything.
    pub seed: u64,
    /// Postings: documents for the ERP.
    pub documents: usize,
    /// How often the connector is killed.
    pub kills: usize,
    /// How often the ERP is killed.
    pub erp_kills: usize,
    /// Of a thousand calls, so many meet each fault.
    pub per_mille: u16,
    /// Whether the connector sends again without reading back, which only a test build of it can.
    pub blind: bool,
    /// `s4` or `odoo`.
    pub profile: String,
    /// For so long the ERP is down in the middle.
    pub outage: Option<Duration>,
    /// Calls per second that the connector may make.
    pub per_second: Option<u32>,
    /// All of it has to end within.
    pub timeout: Duration,
}

/// What came of it.
#[derive(Debug, Clone)]
pub struct FaultReport {
    /// Everything that is not as it has to be.
    pub findings: Vec<Finding>,
    /// The simulator's counts.
    pub summary: Summary,
    /// Outcomes, in all.
    pub outcomes: usize,
    /// Final ones.
    pub finals: usize,
    /// Lines, in all.
    pub lines: usize,
    /// Kills of the connector, and of the ERP.
    pub kills: (usize, usize),
    /// How long it took from the connector's start.
    pub took: Duration,
    /// How long from the end of the outage until everything was done.
    pub drained_in: Option<Duration>,
    /// Most calls to book within a second.
    pub busiest_second: usize,
}

/// Why a run did not end.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// The pipeline.
    #[error(transparent)]
    Pipeline(#[from] PipelineError),
    /// The simulator.
    #[error(transparent)]
    Erp(#[from] ClientError),
    /// The topics.
    #[error(transparent)]
    Topics(#[from] TopicsError),
    /// Schemas.
    #[error("{0}")]
    Schemas(String),
    /// It took too long.
    #[error("after {waited_s} s {finals} of {documents} documents have their final outcome; {what}")]
    Unfinished {
        /// Seconds waited.
        waited_s: u64,
        /// Documents with a final outcome.
        finals: usize,
        /// Documents.
        documents: usize,
        /// What is known of the rest.
        what: String,
    },
}

/// Runs it. `say` is told how it goes.
///
/// # Errors
/// [`RunError`]: it could not be carried through. What is wrong in the books is in the report.
pub fn run(options: &FaultRun, say: &mut dyn FnMut(&str)) -> Result<FaultReport, RunError> {
    let stack_data = DataFolder::Temporary { keep: false };
    let pipeline = PipelineOptions { bin_dir: options.bin_dir.clone(), work_dir: options.work_dir.clone(), stack_data, settings: Vec::new(), secured: false };
    let mut pipeline = Pipeline::start(pipeline)?;
    let setup = Setup { seed: options.seed, per_mille: options.per_mille, profile: options.profile.clone(), blind: options.blind, per_second: options.per_second };
    pipeline.start_erp(|folder| settings(&setup, folder))?;
    let erp = ErpClient::new(&pipeline.erp_url().unwrap_or_default())?;
    let documents = documents(options.seed, options.documents);
    feed(&pipeline, &documents)?;
    say(&format!("{} documents stand on the topics; the ERP misbehaves in {} of 1000 calls by each fault", documents.len(), options.per_mille));

    let started = Instant::now();
    let deadline = started + options.timeout;
    pipeline.start_instance(CONNECTOR, Hosting::Alone(CONNECTOR), &[])?;
    let outage_over = disturb(&mut pipeline, &erp, options, deadline, say)?;
    let outcomes = finished(&mut pipeline, &erp, options, deadline, say)?;
    let took = started.elapsed();
    let lines = erp.lines()?;
    let report = FaultReport {
        findings: check(&documents, &lines, &outcomes, options.profile == "s4"),
        summary: erp.summary()?,
        finals: outcomes.iter().filter(|outcome| outcome.is_final).count(),
        outcomes: outcomes.len(),
        lines: lines.len(),
        kills: (options.kills, options.erp_kills),
        took,
        drained_in: outage_over.map(|over| over.elapsed()),
        busiest_second: busiest_second(&erp.asked()?),
    };
    pipeline.stop()?;
    Ok(report)
}

/// Puts documents on their topics, as the ERP publisher would.
///
/// # Errors
/// [`RunError`].
pub fn feed(pipeline: &Pipeline, documents: &[Document]) -> Result<(), RunError> {
    let schemas = |error: &dyn std::fmt::Display| RunError::Schemas(error.to_string());
    let registry = RegistryClient::new(&RegistrySettings::at(pipeline.registry_url())).map_err(|error| schemas(&error))?;
    let mut codec = Codec::new(Box::new(registry));
    prepare(&mut codec).map_err(|error| schemas(&error))?;
    let feeder = pipeline.feeder()?;
    for document in documents {
        feeder.send(document.topic(), &document.key(), &document.encoded(&codec).map_err(|error| schemas(&error))?)?;
    }
    Ok(feeder.flush()?)
}

/// What is done to the two, when so many documents were asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Disturbance {
    KillConnector,
    KillErp,
    Outage,
}

/// Kills and outages, each at a moment that the seed chooses by how far the work is.
fn disturb(pipeline: &mut Pipeline, erp: &ErpClient, options: &FaultRun, deadline: Instant, say: &mut dyn FnMut(&str)) -> Result<Option<Instant>, RunError> {
    let mut random = Random::of_part(options.seed, "kills", 0);
    let last = i64::try_from(options.documents).unwrap_or(i64::MAX);
    let mut moments: Vec<(i64, Disturbance)> = Vec::new();
    moments.extend((0..options.kills).map(|_| (random.between(0, last - 1), Disturbance::KillConnector)));
    moments.extend((0..options.erp_kills).map(|_| (random.between(0, last - 1), Disturbance::KillErp)));
    moments.extend(options.outage.map(|_| (last / 3, Disturbance::Outage)));
    moments.sort_unstable();
    let mut outage_over = None;
    for (number, (moment, disturbance)) in moments.iter().enumerate() {
        while i64::try_from(erp.summary()?.keys_asked).unwrap_or(0) < *moment {
            pipeline.check()?;
            if Instant::now() > deadline {
                return Err(unfinished(options, erp, 0)?);
            }
            std::thread::sleep(WATCH_INTERVAL);
        }
        // The work goes on while the killer waits, so that a kill meets every step of it.
        std::thread::sleep(Duration::from_millis(random.between(0, 60).unsigned_abs()));
        match disturbance {
            Disturbance::KillConnector => {
                pipeline.kill_processor(CONNECTOR)?;
                pipeline.start_instance(CONNECTOR, Hosting::Alone(CONNECTOR), &[])?;
            }
            Disturbance::KillErp => pipeline.restart_erp()?,
            Disturbance::Outage => {
                let length = options.outage.unwrap_or_default();
                say(&format!("the ERP goes down for {} s", length.as_secs()));
                erp.tell("/admin/outage", &serde_json::json!({"for_ms": u64::try_from(length.as_millis()).unwrap_or(u64::MAX), "kind": "unavailable"}))?;
                outage_over = Some(Instant::now() + length);
            }
        }
        if (number + 1) % 10 == 0 {
            say(&format!("{} of {} disturbances done, {} documents asked for", number + 1, moments.len(), erp.summary()?.keys_asked));
        }
    }
    Ok(outage_over)
}

/// Waits until each document has its final outcome; all outcomes.
fn finished(pipeline: &mut Pipeline, erp: &ErpClient, options: &FaultRun, deadline: Instant, say: &mut dyn FnMut(&str)) -> Result<Vec<Outcome>, RunError> {
    let mut seen = 0;
    loop {
        pipeline.check()?;
        let outcomes = outcomes(pipeline)?;
        let finals = outcomes.iter().filter(|outcome| outcome.is_final).count();
        if finals >= options.documents {
            return Ok(outcomes);
        }
        if Instant::now() > deadline {
            return Err(unfinished(options, erp, finals)?);
        }
        if finals != seen {
            say(&format!("{finals} of {} documents have their final outcome", options.documents));
            seen = finals;
        }
        std::thread::sleep(LOOK_INTERVAL);
    }
}

fn unfinished(options: &FaultRun, erp: &ErpClient, finals: usize) -> Result<RunError, RunError> {
    Ok(RunError::Unfinished { waited_s: options.timeout.as_secs(), finals, documents: options.documents, what: format!("the ERP says {:?}", erp.summary()?) })
}

/// Most of these times within a second of one of them.
fn busiest_second(times: &[Timestamp]) -> usize {
    let within = |(index, first): (usize, &Timestamp)| times[index..].iter().take_while(|time| time.duration_since(*first) < SignedDuration::from_secs(1)).count();
    times.iter().enumerate().map(within).max().unwrap_or(0)
}

/// Everything that the connector said, in the order in which it stands.
///
/// # Errors
/// [`RunError`].
pub fn outcomes(pipeline: &Pipeline) -> Result<Vec<Outcome>, RunError> {
    let reader = Reader::new(pipeline.bootstrap()).map_err(TopicsError::from)?;
    let mut schemas = Schemas::new(pipeline.registry_url()).map_err(RunError::Schemas)?;
    Ok(topics::facts(&reader, &mut schemas, ERP_POSTING_OUTCOMES.name(), |_, value| Outcome::read(value))?)
}
