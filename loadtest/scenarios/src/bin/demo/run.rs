//! The demo, step by step.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::Context as _;
use lineside_local_stack::DataFolder;
use lineside_normalizer::MappingSet;
use lineside_scenarios::books::facts::Position;
use lineside_scenarios::books::{Contents, audit, booked};
use lineside_scenarios::erp::client::ErpClient;
use lineside_scenarios::erp::settings::{Setup, settings as erp_settings};
use lineside_scenarios::input::{FileRecord, read_folder};
use lineside_scenarios::interrupt::Interrupt;
use lineside_scenarios::pipeline::{Pipeline, PipelineError, PipelineOptions};
use lineside_scenarios::tally::Tally;
use lineside_scenarios::topics::ParkedFact;
use lineside_scenarios::{expectation, report};
use lineside_simulators::Simulation;
use lineside_simulators::plant_d::PlantD;
use lineside_topology::processors::{ACCEPTED, DEDUPLICATOR, PROCESSORS};
use lineside_topology::topics::changelog_topic;

use crate::args::{Args, own_folder};
use crate::progress::ProgressView;

/// Wide enough for every document since Kafka's epoch.
const WIDE_WINDOW_DAYS: &str = "36500";
/// The changelog must keep ids for longer than the window.
const WIDE_RETENTION_DAYS: u32 = 36600;
const QUIET_TIMEOUT: Duration = Duration::from_mins(5);
const WATCH_INTERVAL: Duration = Duration::from_millis(200);
/// Of a thousand calls to the ERP, so many meet each of its faults.
const ERP_FAULTS_PER_MILLE: u16 = 10;
/// Findings that are shown in full.
const SHOWN_FINDINGS: usize = 20;
/// Lists of movements that plant D drops in a simulated run.
const LISTS: u64 = 3;
/// All files of a run have one key, so that they are read in their order.
const FILE_KEY: &str = "files";

/// What is fed.
enum Input {
    Simulated(Box<Simulation>, Box<PlantD>),
    Files(Vec<FileRecord>),
    /// The folder given by `--data` holds records already.
    Found,
}

/// Runs the demo; true if everything is as it has to be.
pub fn run(args: &Args, interrupt: &Interrupt) -> anyhow::Result<bool> {
    let bin_dir = args.bin_dir()?;
    let folder = WorkFolder::of(args)?;
    let outcome = run_in(&folder.path, bin_dir, args, interrupt);
    let was_interrupted = outcome.as_ref().is_err_and(|error| matches!(error.downcast_ref(), Some(PipelineError::Interrupted)));
    folder.close(was_interrupted || matches!(outcome, Ok(true)))?;
    outcome
}

fn run_in(work_dir: &Path, bin_dir: PathBuf, args: &Args, interrupt: &Interrupt) -> anyhow::Result<bool> {
    let mut input = input(args)?;
    let mut settings = Vec::new();
    if args.input.is_some() {
        println!("Documents may be old: the deduplication window is widened from 30 to {WIDE_WINDOW_DAYS} days (LINESIDE_DEDUP_WINDOW_DAYS).");
        settings.push(("LINESIDE_DEDUP_WINDOW_DAYS".to_owned(), WIDE_WINDOW_DAYS.to_owned()));
        settings.push(("LINESIDE_ENVIRONMENT".to_owned(), wide_environment(work_dir)?));
    }
    println!("Starting Kafka and the schema registry (fetched the first time), then topics, schemas and processors ...");
    let stack_data = if args.data.is_some() { DataFolder::Named(work_dir.join("stack")) } else { DataFolder::Temporary { keep: false } };
    let mut pipeline = Pipeline::start(PipelineOptions { bin_dir, work_dir: work_dir.to_owned(), stack_data, settings, secured: false })?;
    stop_if_asked(interrupt)?;
    if args.data.is_some() && !pipeline.contents()?.raw.is_empty() {
        anyhow::ensure!(args.keep_running, "{} holds the records of an earlier run; give an empty folder, or --keep-running to go on with it", work_dir.display());
        println!("{} holds the records of an earlier run: nothing is fed.", work_dir.display());
        input = Input::Found;
    }
    let setup = Setup { seed: args.seed, per_mille: ERP_FAULTS_PER_MILLE, ..Setup::default() };
    pipeline.start_erp(|folder| erp_settings(&setup, folder))?;
    pipeline.start_processors()?;
    feed(&pipeline, &input)?;
    if let Input::Simulated(_, plant) = &input {
        wait_for_master_data(&mut pipeline, plant, interrupt)?;
    }
    let mut view = ProgressView::new();
    pipeline.await_quiet(QUIET_TIMEOUT, &mut |progress| {
        view.show(progress);
        if interrupt.requested() { Err(PipelineError::Interrupted) } else { Ok(()) }
    })?;
    println!("Everything was read {:.1} s after it was sent.\n", view.finish().as_secs_f32());

    let (mut contents, parked) = (pipeline.contents()?, pipeline.parked()?);
    let closed = show(&mut contents, &parked, &input);
    let booked = show_erp(&contents, &ErpClient::new(&pipeline.erp_url().unwrap_or_default())?)?;
    if args.keep_running {
        wait(&mut pipeline, interrupt)?;
    }
    pipeline.stop()?;
    Ok(closed && booked)
}

/// Writes the environment `local` with a changelog of ids that is kept as long as the wide window asks for, and gives the file's path.
fn wide_environment(work_dir: &Path) -> anyhow::Result<String> {
    let changelog = changelog_topic(&DEDUPLICATOR, ACCEPTED.name());
    let path = work_dir.join("environment.toml");
    let text = format!("{}\n[topics.{changelog:?}]\nretention_days = {WIDE_RETENTION_DAYS}\n", include_str!("../../../../../topology/environments/local.toml"));
    std::fs::write(&path, text).with_context(|| format!("write {}", path.display()))?;
    Ok(path.display().to_string())
}

fn input(args: &Args) -> anyhow::Result<Input> {
    let Some(folder) = &args.input else {
        let orders = usize::try_from(args.orders)?;
        println!("Two simulated plants, {orders} orders, seed {}.", args.seed);
        let now = jiff::Timestamp::now();
        return Ok(Input::Simulated(Box::new(Simulation::new(args.seed, orders, now)), Box::new(PlantD::new(LISTS, now))));
    };
    let files = read_folder(folder, &MappingSet::built_in()?).map_err(|(path, error)| anyhow::Error::from(error).context(format!("read {}", path.display())))?;
    anyhow::ensure!(!files.is_empty(), "{} holds no file", folder.display());
    println!("{} files of {}.", files.len(), folder.display());
    Ok(Input::Files(files))
}

fn feed(pipeline: &Pipeline, input: &Input) -> anyhow::Result<()> {
    let feeder = pipeline.feeder()?;
    match input {
        Input::Simulated(simulation, plant) => {
            plant.drops.iter().chain(&simulation.records).try_for_each(|record| feeder.send(record.topic, &record.key, &record.value))?;
        }
        Input::Files(files) => files.iter().try_for_each(|file| feeder.send(&file.topic, FILE_KEY, &file.value))?,
        Input::Found => {}
    }
    Ok(feeder.flush()?)
}

/// Lists of a third plant name materials that nobody knows yet: they wait, and go on when its master data comes.
fn wait_for_master_data(pipeline: &mut Pipeline, plant: &PlantD, interrupt: &Interrupt) -> anyhow::Result<()> {
    let mut watch = |_: &[_]| if interrupt.requested() { Err(PipelineError::Interrupted) } else { Ok(()) };
    pipeline.await_quiet(QUIET_TIMEOUT, &mut watch)?;
    let parked = pipeline.parked()?;
    anyhow::ensure!(parked.len() == plant.drops.len(), "{} lists of plant-d were sent, and {} wait for master data", plant.drops.len(), parked.len());
    println!("Plant D's {} lists name materials by numbers of its own, and wait for master data:\n{}", parked.len(), missing(&parked));
    let feeder = pipeline.feeder()?;
    plant.master.iter().try_for_each(|record| feeder.send(record.topic, &record.key, &record.value))?;
    feeder.flush()?;
    pipeline.await_nothing_parked(QUIET_TIMEOUT, &mut watch)?;
    println!("Its {} records of master data are there; the lists went on, with {} events.", plant.master.len(), plant.events);
    Ok(())
}

fn missing(parked: &[ParkedFact]) -> String {
    let all: BTreeSet<&str> = parked.iter().flat_map(|parked| &parked.missing).map(String::as_str).collect();
    all.into_iter().map(|missing| ["  - ", missing, "\n"].concat()).collect()
}

/// Prints what happened; true if the books close and nothing differs from what was expected.
fn show(contents: &mut Contents, parked: &[ParkedFact], input: &Input) -> bool {
    println!("{}", report::summary(&Tally::of(contents)));
    if let Input::Files(files) = input {
        let origins = origins(contents, files);
        println!("Events\n{}", report::events(&contents.events, &origins));
        println!("Dead letters\n{}", report::dead_letters(&contents.dead_letters, &origins));
        if let Some(text) = leave_out_ignored(contents, files, &origins) {
            println!("Understood, and deliberately no event\n{text}");
        }
    } else if let Some(posting) = report::example(&contents.postings) {
        println!("An example\n{}", report::posting_text(posting));
    }
    if !parked.is_empty() {
        // They are neither refused nor lost, but nothing of them is in the books.
        contents.raw.retain(|position| !parked.iter().any(|parked| parked.record == *position));
        println!("{} records wait for master data:\n{}", parked.len(), missing(parked));
    }
    let mut gaps: Vec<String> = audit(contents).iter().map(ToString::to_string).collect();
    if contents.reconciled.is_empty() && !contents.postings.is_empty() {
        gaps.push("the reconciler published no books".to_owned());
    }
    if gaps.is_empty() {
        println!("The books close: what was accepted is posted, carried as a remainder or open, for every order, line and lot; nothing was lost or doubled on the way.");
        println!("The reconciler's books say the same, of {} orders and every amount in them.", contents.reconciled.len());
    } else {
        println!("THE BOOKS DO NOT CLOSE: {} findings", gaps.len());
        list(&gaps);
    }
    let Input::Simulated(simulation, plant) = input else { return gaps.is_empty() };
    let mut differences = expectation::differences(contents, &simulation.expected);
    differences.extend(expectation::plant_d_differences(contents, plant));
    if differences.is_empty() {
        println!("Every count and every net amount is what the simulated plants did.");
    } else {
        println!("NOT WHAT THE SIMULATED PLANTS DID: {} differences", differences.len());
        list(&differences);
    }
    gaps.is_empty() && differences.is_empty()
}

/// Prints what we posted beside what the ERP says it booked; true if they are equal.
fn show_erp(contents: &Contents, erp: &ErpClient) -> anyhow::Result<bool> {
    let beside = booked(contents, &erp.lines()?);
    let misbehaved: u64 = erp.summary()?.faults.values().sum();
    println!("\nOur books and the ERP's own ledger (it misbehaved {misbehaved} times)\n{}", report::booked(&beside, report::example(&contents.postings)));
    let unequal: Vec<String> = beside.findings.iter().map(ToString::to_string).collect();
    if unequal.is_empty() {
        println!("The ERP booked what was posted, each line once, and every outcome says so.");
    } else {
        println!("THE ERP'S LEDGER DIFFERS: {} findings", unequal.len());
        list(&unequal);
    }
    Ok(unequal.is_empty())
}

fn list(lines: &[String]) {
    for line in lines.iter().take(SHOWN_FINDINGS) {
        println!("  - {line}");
    }
    if lines.len() > SHOWN_FINDINGS {
        println!("  ... and {} more", lines.len() - SHOWN_FINDINGS);
    }
}

/// The file behind each raw record: they were sent in order, under one key, so they stand in that order.
fn origins(contents: &Contents, files: &[FileRecord]) -> BTreeMap<Position, String> {
    let mut origins = BTreeMap::new();
    for topic in files.iter().map(|file| &file.topic) {
        let positions = contents.raw.iter().filter(|position| position.topic == *topic);
        let names = files.iter().filter(|file| file.topic == *topic).map(|file| file.file.clone());
        origins.extend(positions.cloned().zip(names));
    }
    origins
}

/// Takes the records that mappings ignore out of the books, which know nothing of mappings, and says why each is.
fn leave_out_ignored(contents: &mut Contents, files: &[FileRecord], origins: &BTreeMap<Position, String>) -> Option<String> {
    let mut text = String::new();
    for file in files.iter().filter(|file| !file.ignored.is_empty()) {
        contents.raw.retain(|position| origins.get(position) != Some(&file.file));
        for ignored in &file.ignored {
            let _ = writeln!(text, "{}, {}: {}", file.file, ignored.path, ignored.reason);
        }
    }
    (!text.is_empty()).then_some(text)
}

fn wait(pipeline: &mut Pipeline, interrupt: &Interrupt) -> anyhow::Result<()> {
    println!("\nEverything is left running until Ctrl-C.");
    println!("  Kafka            {}", pipeline.bootstrap());
    println!("  schema registry  {}", pipeline.registry_url());
    if let Some(page) = pipeline.erp_url() {
        println!("  simulated ERP    {page}/");
    }
    for spec in PROCESSORS {
        if let Some(address) = pipeline.http_address(spec.name) {
            println!("  {:<17}http://{address}/metrics", spec.name);
        }
    }
    println!("  logs             {}", pipeline.log_dir().display());
    println!("  for the operator's command line:");
    println!("    export LINESIDE_BOOTSTRAP_SERVERS={} LINESIDE_SCHEMA_REGISTRY={} LINESIDE_ENVIRONMENT=local", pipeline.bootstrap(), pipeline.registry_url());
    while !interrupt.requested() {
        pipeline.check()?;
        std::thread::sleep(WATCH_INTERVAL);
    }
    println!("ending");
    Ok(())
}

fn stop_if_asked(interrupt: &Interrupt) -> Result<(), PipelineError> {
    if interrupt.requested() { Err(PipelineError::Interrupted) } else { Ok(()) }
}

/// Where state and logs live.
struct WorkFolder {
    path: PathBuf,
    temporary: bool,
}

impl WorkFolder {
    /// The folder given, or one of this process beside this program's own, which for a build is below target/.
    fn of(args: &Args) -> anyhow::Result<Self> {
        let (path, temporary) = match &args.data {
            // Absolute, because servers run in folders of their own.
            Some(data) => (std::path::absolute(data)?, false),
            None => (own_folder()?.join("../demo").join(std::process::id().to_string()), true),
        };
        std::fs::create_dir_all(&path).with_context(|| format!("create {}", path.display()))?;
        Ok(Self { path, temporary })
    }

    /// A temporary folder goes after a good run; after another one its logs stay for a look.
    fn close(self, good: bool) -> anyhow::Result<()> {
        if !self.temporary || !good {
            println!("Logs: {}", self.path.join("logs").display());
            return Ok(());
        }
        std::fs::remove_dir_all(&self.path).with_context(|| format!("remove {}", self.path.display()))
    }
}
