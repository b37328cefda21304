//! The pipeline as separate processes on a local stack.

mod access;
mod erp;
mod error;
mod feed;
mod orphans;
mod process;
mod quiet;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use lineside_local_stack::{DataFolder, LocalStack, StackOptions};
use lineside_topology::Environment;
use lineside_topology::acls::{COHOSTED, OPERATOR as OPERATOR_USER};
use lineside_topology::processors::{PROCESSORS, processor};
use rdkafka::ClientConfig;

use access::Access;
pub use access::STRANGER;
pub use erp::{ERP, ErpSettings};
pub use error::PipelineError;
pub use feed::Feeder;
pub use quiet::{Progress, Watch};

use crate::books::Contents;
use crate::erp::settings::{Setup, settings as erp_settings};
use crate::topics::{self, ParkedFact, Reader, Schemas, config};
use orphans::OrphanGuard;
use process::{Process, Program};

/// The operator's command line.
const OPERATOR: &str = "lineside";
const ENVIRONMENT: &str = "local";
/// The processor that needs an ERP.
const CONNECTOR: &str = "erp-connector";
const WATCH_INTERVAL: Duration = Duration::from_millis(100);

/// How a pipeline is started.
#[derive(Debug, Clone)]
pub struct PipelineOptions {
    /// The folder of the binaries.
    pub bin_dir: PathBuf,
    /// The folder of state and logs.
    pub work_dir: PathBuf,
    /// Where Kafka keeps its records.
    pub stack_data: DataFolder,
    /// Settings for the processors, as environment variables.
    pub settings: Vec<(String, String)>,
    /// Whether Kafka asks who its clients are: each process then comes over TLS as a user of its own, who may do what `lineside topology acls` prints.
    pub secured: bool,
}

/// What a process runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hosting {
    /// One processor, by its own binary.
    Alone(&'static str),
    /// All of them, by `lineside run`.
    Together,
}

/// A running pipeline. Everything it started ends when it is dropped, or when its process dies.
#[derive(Debug)]
pub struct Pipeline {
    // Fields drop in this order: processors before the stack they talk to.
    processes: BTreeMap<String, Process>,
    erp: Option<erp::Erp>,
    orphans: OrphanGuard,
    stack: LocalStack,
    access: Option<Access>,
    options: PipelineOptions,
}

impl Pipeline {
    /// Starts Kafka and the registry and lays out topics and schemas. No processor runs yet.
    ///
    /// # Errors
    /// [`PipelineError`].
    pub fn start(options: PipelineOptions) -> Result<Self, PipelineError> {
        Self::start_on(options, StackOptions::default())
    }

    /// As [`Self::start`], on a stack of another size. Where its data lives is the pipeline's option all the same.
    ///
    /// # Errors
    /// [`PipelineError`].
    pub fn start_on(options: PipelineOptions, mut stack: StackOptions) -> Result<Self, PipelineError> {
        missing_binaries(&options.bin_dir)?;
        let orphans = OrphanGuard::start()?;
        let access = if options.secured {
            let environment = Environment::builtin(ENVIRONMENT).map_err(|error| PipelineError::Permissions(error.to_string()))?;
            Some(Access::new(options.work_dir.join("users"), &environment)?)
        } else {
            None
        };
        stack.security = access.as_ref().map(Access::security);
        stack.data.clone_from(&options.stack_data);
        let stack = LocalStack::start(&stack)?;
        let pipeline = Self { processes: BTreeMap::new(), orphans, stack, access, erp: None, options };
        for folder in [pipeline.log_dir(), pipeline.options.work_dir.join("state")] {
            std::fs::create_dir_all(&folder).map_err(PipelineError::io(format!("create {}", folder.display())))?;
        }
        if let Some(access) = &pipeline.access {
            access.grant(&pipeline.options.bin_dir.join(OPERATOR), ENVIRONMENT, &pipeline.stack)?;
        }
        pipeline.apply_topology()?;
        Ok(pipeline)
    }

    fn apply_topology(&self) -> Result<(), PipelineError> {
        let mut program = self.program(OPERATOR, Hosting::Together);
        program.settings.extend(self.credentials(OPERATOR_USER));
        let log = program.open_log()?;
        let errors = log.try_clone().map_err(PipelineError::io("share a log"))?;
        let mut command = Command::new(&program.path);
        command.args(["topology", "apply"]).envs(program.settings.iter().cloned()).stdin(Stdio::null()).stdout(log).stderr(errors);
        let status = command.status().map_err(PipelineError::io(format!("run {}", program.path.display())))?;
        if status.success() { Ok(()) } else { Err(program.ended(status)) }
    }

    /// Starts a processor; nothing happens if it runs.
    ///
    /// # Errors
    /// [`PipelineError`].
    pub fn start_processor(&mut self, name: &str) -> Result<(), PipelineError> {
        let spec = processor(name).ok_or_else(|| PipelineError::UnknownProcessor(name.to_owned()))?;
        self.start_instance(spec.name, Hosting::Alone(spec.name), &[])
    }

    /// Starts every processor that does not run.
    ///
    /// # Errors
    /// [`PipelineError`].
    pub fn start_processors(&mut self) -> Result<(), PipelineError> {
        PROCESSORS.iter().try_for_each(|spec| self.start_processor(spec.name))
    }

    /// Starts a process under a label, which also names its state folder and log; nothing happens if it runs. The ERP that a connector needs
    /// starts before it, one that does not misbehave if none was started.
    ///
    /// # Errors
    /// [`PipelineError`].
    pub fn start_instance(&mut self, label: &str, hosting: Hosting, settings: &[(&str, &str)]) -> Result<(), PipelineError> {
        if !self.processes.contains_key(label) {
            if matches!(hosting, Hosting::Together | Hosting::Alone(CONNECTOR)) {
                self.start_erp(|folder| erp_settings(&Setup::default(), folder))?;
            }
            let mut program = self.program(label, hosting);
            program.settings.extend(self.credentials(match hosting {
                Hosting::Alone(name) => name,
                Hosting::Together => COHOSTED,
            }));
            program.settings.extend(settings.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())));
            self.processes.insert(label.to_owned(), Process::start(program, &mut self.orphans)?);
        }
        Ok(())
    }

    /// Kills a process at once, as `kill -9` does. Its state folder stays for the next start.
    ///
    /// # Errors
    /// [`PipelineError`], also when it had ended by itself before.
    pub fn kill_processor(&mut self, label: &str) -> Result<(), PipelineError> {
        let mut process = self.take(label)?;
        process.check()?;
        process.kill(&mut self.orphans)
    }

    /// Ends a process in order.
    ///
    /// # Errors
    /// [`PipelineError`].
    pub fn stop_instance(&mut self, label: &str) -> Result<(), PipelineError> {
        let process = self.take(label)?;
        process.ask_to_end();
        process.stop(&mut self.orphans)
    }

    /// Stops a process from running, without its knowing, as a long pause of its machine would.
    ///
    /// # Errors
    /// [`PipelineError::UnknownProcessor`].
    pub fn freeze_instance(&self, label: &str) -> Result<(), PipelineError> {
        self.processes.get(label).map(Process::freeze).ok_or_else(|| PipelineError::UnknownProcessor(label.to_owned()))
    }

    /// Lets a frozen process run on.
    ///
    /// # Errors
    /// [`PipelineError::UnknownProcessor`].
    pub fn wake_instance(&self, label: &str) -> Result<(), PipelineError> {
        self.processes.get(label).map(Process::wake).ok_or_else(|| PipelineError::UnknownProcessor(label.to_owned()))
    }

    fn take(&mut self, label: &str) -> Result<Process, PipelineError> {
        self.processes.remove(label).ok_or_else(|| PipelineError::UnknownProcessor(label.to_owned()))
    }

    /// Ends every processor in order.
    ///
    /// # Errors
    /// [`PipelineError`].
    pub fn stop_processors(&mut self) -> Result<(), PipelineError> {
        let processes = std::mem::take(&mut self.processes);
        processes.values().for_each(Process::ask_to_end);
        processes.into_values().try_for_each(|process| process.stop(&mut self.orphans))
    }

    /// Whether everything that should run does.
    ///
    /// # Errors
    /// [`PipelineError`] for what ended by itself, with the end of its log.
    pub fn check(&mut self) -> Result<(), PipelineError> {
        self.stack.check()?;
        self.check_erp()?;
        self.processes.values_mut().try_for_each(Process::check)
    }

    /// Waits until every processor has read everything and nothing is in flight. `watch` is told how far they are, and may
    /// end the wait with an error.
    ///
    /// # Errors
    /// [`PipelineError`]; [`PipelineError::NotQuiet`] after `timeout`.
    pub fn await_quiet(&mut self, timeout: Duration, watch: &mut dyn FnMut(&[Progress]) -> Result<(), PipelineError>) -> Result<(), PipelineError> {
        let lags = Watch::new(self.bootstrap())?;
        let deadline = Instant::now() + timeout;
        loop {
            self.check()?;
            let progress = lags.progress()?;
            watch(&progress)?;
            // What the connector waits for stands on no topic.
            if lags.is_quiet()? && self.undecided()? == 0 && lags.is_quiet()? {
                return Ok(());
            }
            if Instant::now() > deadline {
                return Err(PipelineError::NotQuiet { waited_s: timeout.as_secs(), progress });
            }
            std::thread::sleep(WATCH_INTERVAL);
        }
    }

    /// Sends raw records.
    ///
    /// # Errors
    /// [`PipelineError`].
    pub fn feeder(&self) -> Result<Feeder, PipelineError> {
        Feeder::new(config(self.bootstrap()))
    }

    /// As [`Self::feeder`], as a user of a secured pipeline.
    ///
    /// # Errors
    /// [`PipelineError`].
    pub fn feeder_as(&self, user: &str) -> Result<Feeder, PipelineError> {
        Feeder::new(self.client(user).unwrap_or_else(|| config(self.bootstrap())))
    }

    /// Documents for the ERP that its connector still has to do with.
    fn undecided(&self) -> Result<usize, PipelineError> {
        if self.erp.is_none() {
            return Ok(0);
        }
        let reader = Reader::new(self.bootstrap()).map_err(topics::TopicsError::from)?;
        let mut schemas = Schemas::new(self.registry_url()).map_err(PipelineError::Client)?;
        Ok(topics::erp_contents(&reader, &mut schemas)?.undecided())
    }

    /// What stands on the topics.
    ///
    /// # Errors
    /// [`PipelineError`].
    pub fn contents(&self) -> Result<Contents, PipelineError> {
        let reader = Reader::new(self.bootstrap()).map_err(topics::TopicsError::from)?;
        let mut schemas = Schemas::new(self.registry_url()).map_err(PipelineError::Client)?;
        Ok(topics::contents(&reader, &mut schemas)?)
    }

    /// Raw records that wait for master data now.
    ///
    /// # Errors
    /// [`PipelineError`].
    pub fn parked(&self) -> Result<Vec<ParkedFact>, PipelineError> {
        let reader = Reader::new(self.bootstrap()).map_err(topics::TopicsError::from)?;
        let mut schemas = Schemas::new(self.registry_url()).map_err(PipelineError::Client)?;
        Ok(topics::parked(&reader, &mut schemas)?)
    }

    /// Waits until no record waits for master data, and then until everything is read.
    ///
    /// # Errors
    /// [`PipelineError`]; [`PipelineError::NotQuiet`] if something still waits after `timeout`.
    pub fn await_nothing_parked(&mut self, timeout: Duration, watch: &mut dyn FnMut(&[Progress]) -> Result<(), PipelineError>) -> Result<(), PipelineError> {
        let deadline = Instant::now() + timeout;
        while !self.parked()?.is_empty() {
            self.check()?;
            watch(&[])?;
            if Instant::now() > deadline {
                return Err(PipelineError::NotQuiet { waited_s: timeout.as_secs(), progress: Vec::new() });
            }
            std::thread::sleep(WATCH_INTERVAL);
        }
        self.await_quiet(timeout, watch)
    }

    /// Kafka's address for those who look on from outside. Everybody may do everything there, also where the processes have users.
    #[must_use]
    pub fn bootstrap(&self) -> &str {
        self.stack.internal_bootstrap()
    }

    /// A plain client's settings to come as a user of a secured pipeline; none of one that is not.
    #[must_use]
    pub fn client(&self, user: &str) -> Option<ClientConfig> {
        self.access.as_ref().map(|_| Access::client(user, &self.stack))
    }

    /// The registry's address.
    #[must_use]
    pub fn registry_url(&self) -> &str {
        self.stack.registry_url()
    }

    /// Address of a running processor's /metrics and /health, as it said in its log; none before it said so.
    #[must_use]
    pub fn http_address(&self, name: &str) -> Option<String> {
        self.processes.get(name).and_then(Process::http_address)
    }

    /// Process id of a running processor.
    #[must_use]
    pub fn process_id(&self, label: &str) -> Option<u32> {
        self.processes.get(label).map(Process::id)
    }

    /// Process id of Kafka.
    #[must_use]
    pub fn kafka_pid(&self) -> Option<u32> {
        self.stack.kafka_pid()
    }

    /// The folder of the processors' logs.
    #[must_use]
    pub fn log_dir(&self) -> PathBuf {
        self.options.work_dir.join("logs")
    }

    /// The state folder of a process.
    #[must_use]
    pub fn state_dir(&self, label: &str) -> PathBuf {
        self.options.work_dir.join("state").join(label)
    }

    /// Ends processors and stack.
    ///
    /// # Errors
    /// [`PipelineError`].
    pub fn stop(mut self) -> Result<(), PipelineError> {
        let ended = self.stop_processors().and_then(|()| self.stop_erp());
        self.stack.stop()?;
        ended
    }

    fn credentials(&self, user: &str) -> Vec<(String, String)> {
        self.access.as_ref().map(|access| access.settings(user, &self.stack)).unwrap_or_default()
    }

    fn program(&self, label: &str, hosting: Hosting) -> Program {
        let state_dir = self.state_dir(label);
        let mut settings = vec![
            ("LINESIDE_BOOTSTRAP_SERVERS".to_owned(), self.stack.bootstrap().to_owned()),
            ("LINESIDE_SCHEMA_REGISTRY".to_owned(), self.registry_url().to_owned()),
            ("LINESIDE_ENVIRONMENT".to_owned(), ENVIRONMENT.to_owned()),
            ("LINESIDE_HTTP_ADDRESS".to_owned(), "127.0.0.1:0".to_owned()),
            ("LINESIDE_STATE_DIR".to_owned(), state_dir.display().to_string()),
            // An ERP that takes files, unless the pipeline's settings name another.
            ("LINESIDE_ERP_DIALECT".to_owned(), "file".to_owned()),
            ("LINESIDE_ERP_FOLDER".to_owned(), self.options.work_dir.join("erp").display().to_string()),
        ];
        settings.extend(self.connector_settings());
        settings.extend(self.options.settings.iter().cloned());
        let (binary, arguments): (_, &'static [&'static str]) = match hosting {
            Hosting::Alone(name) => (name, &[]),
            Hosting::Together => (OPERATOR, &["run"]),
        };
        Program { name: label.to_owned(), path: self.options.bin_dir.join(binary), arguments, settings, log: self.log_dir().join(format!("{label}.log")) }
    }
}

fn missing_binaries(bin_dir: &Path) -> Result<(), PipelineError> {
    let names = PROCESSORS.iter().map(|spec| spec.name).chain([OPERATOR, ERP]);
    let missing: Vec<PathBuf> = names.map(|name| bin_dir.join(name)).filter(|path| !path.is_file()).collect();
    if missing.is_empty() { Ok(()) } else { Err(PipelineError::MissingBinaries(missing)) }
}
