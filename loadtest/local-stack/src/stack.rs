//! A running stack: its start, its addresses, its end.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::artifacts::{Artifacts, fetch};
use crate::class_archive::{ArchiveUse, ClassArchives};
use crate::data_folder::HeldFolder;
use crate::error::StackError;
use crate::jvm::Jvm;
use crate::options::StackOptions;
use crate::ports::Ports;
use crate::prerequisites::{Java, find_java};
use crate::readiness::{Awaited, await_answers, kafka_answers, registry_answers};
use crate::registry::Schemas;
use crate::security::TlsFiles;
use crate::watched_process::{ServerSpec, WatchedProcess};
use crate::{kafka, registry};

/// How often a start is tried when another process takes a chosen port first.
pub(crate) const START_ATTEMPTS: u32 = 3;
/// How long Kafka may take to end before it is killed.
const KAFKA_GRACE: Duration = Duration::from_secs(10);
/// The same for both servers while they write class archives, which Java does at its end.
const ARCHIVE_GRACE: Duration = Duration::from_mins(2);

/// A running Kafka and a running schema registry, both answering. They end when this is dropped or its process dies, but for a registry that was given.
#[derive(Debug)]
pub struct LocalStack {
    // Fields drop in this order: the registry needs Kafka, and both need the folder.
    registry: Option<WatchedProcess>,
    kafka: Option<WatchedProcess>,
    specs: Specs,
    ports: Ports,
    bootstrap: String,
    registry_url: String,
    internal_bootstrap: String,
    certificate: Option<PathBuf>,
    tools: Tools,
    ready_timeout: Duration,
    folder: HeldFolder,
}

#[derive(Debug)]
struct Specs {
    kafka: ServerSpec,
    /// None for a registry that was given.
    registry: Option<ServerSpec>,
}

/// How Kafka's own tools are run.
#[derive(Debug)]
struct Tools {
    jvm: Jvm,
    archives: PathBuf,
}

impl LocalStack {
    /// Starts both servers and waits until both answer: about 7 s on two cores, 4 s with class archives (see
    /// [`write_class_archives`](crate::write_class_archives)). The first start on a machine fetches the servers too.
    ///
    /// Blocks the calling thread; it needs no async runtime and may be called within one.
    ///
    /// # Errors
    /// [`StackError`]; when a server did not come up, with the end of its log.
    pub fn start(options: &StackOptions) -> Result<Self, StackError> {
        Self::start_with(options, ArchiveUse::Read)
    }

    pub(crate) fn start_with(options: &StackOptions, archive_use: ArchiveUse) -> Result<Self, StackError> {
        Self::start_on(options, archive_use, Ports::free)
    }

    /// Starts on the ports last used with the same data if those are free, else on what `free_ports` gives, again and
    /// again while another process takes one first.
    fn start_on(options: &StackOptions, archive_use: ArchiveUse, mut free_ports: impl FnMut() -> std::io::Result<Ports>) -> Result<Self, StackError> {
        let java = find_java().map_err(|missing| StackError::Prerequisites(vec![missing]))?;
        let artifacts = fetch()?;
        let folder = HeldFolder::open(&options.data, &artifacts.home)?;
        let launch = Launch { options, java: &java, artifacts: &artifacts, archive_use };

        let mut recalled = Ports::recall(&folder.ports());
        let mut attempt = 1;
        loop {
            let ports = match recalled.take() {
                Some(ports) => ports,
                None => free_ports().map_err(StackError::io("find free ports"))?,
            };
            match launch.on(ports, &folder) {
                Ok((kafka, registry, specs)) => {
                    return Ok(Self {
                        registry,
                        kafka: Some(kafka),
                        specs,
                        ports,
                        bootstrap: format!("127.0.0.1:{}", if options.security.is_some() { ports.secured } else { ports.broker }),
                        registry_url: options.registry.clone().unwrap_or_else(|| registry::url(ports.registry)),
                        internal_bootstrap: format!("127.0.0.1:{}", ports.broker),
                        certificate: options.security.is_some().then(|| TlsFiles::in_folder(&folder.tls()).certificate),
                        tools: Tools { jvm: launch.tool_jvm(&folder), archives: artifacts.kafka.clone() },
                        ready_timeout: options.ready_timeout,
                        folder,
                    });
                }
                Err(StackError::Taken { .. }) if attempt < START_ATTEMPTS => attempt += 1,
                Err(error) => return Err(error),
            }
        }
    }

    /// Kafka's address for clients, such as `127.0.0.1:34567`. The same for the life of the stack, restarts included.
    #[must_use]
    pub fn bootstrap(&self) -> &str {
        &self.bootstrap
    }

    /// The address where the stack itself talks to Kafka, and everybody may do everything, also when it is secured.
    #[must_use]
    pub fn internal_bootstrap(&self) -> &str {
        &self.internal_bootstrap
    }

    /// The certificate that clients of a secured stack trust, PEM.
    #[must_use]
    pub fn certificate(&self) -> Option<&Path> {
        self.certificate.as_deref()
    }

    /// Runs one of Kafka's own tools, such as `org.apache.kafka.tools.AclCommand`, against this Kafka as one who may do
    /// everything, and gives what it printed. Takes a second or two.
    ///
    /// # Errors
    /// [`StackError::Tool`] with its output when it fails.
    pub fn kafka_tool(&self, class: &str, arguments: &[&str]) -> Result<String, StackError> {
        let arguments = [&["--bootstrap-server", self.internal_bootstrap()], arguments].concat();
        kafka::run_tool(&self.tools.jvm, &self.tools.archives, class, &arguments)
    }

    /// The command that runs one of Kafka's own tools, as a shell script would want it: the program, its options, the tool. The tool's own arguments follow.
    ///
    /// # Errors
    /// [`StackError::Io`] if Kafka's archives cannot be listed.
    pub fn tool_command(&self, class: &str) -> Result<Vec<OsString>, StackError> {
        kafka::tool_command(&self.tools.jvm, &self.tools.archives, class)
    }

    /// The base address of the registry's Confluent API, such as `http://127.0.0.1:34569/apis/ccompat/v7`.
    #[must_use]
    pub fn registry_url(&self) -> &str {
        &self.registry_url
    }

    /// Kafka's process id; none while it is stopped. A restarted Kafka has another one.
    #[must_use]
    pub fn kafka_pid(&self) -> Option<u32> {
        self.kafka.as_ref().map(WatchedProcess::pid)
    }

    /// The process id of the stack's own registry; none while it is stopped.
    #[must_use]
    pub fn registry_pid(&self) -> Option<u32> {
        self.registry.as_ref().map(WatchedProcess::pid)
    }

    /// The folder of `kafka.log` and `registry.log`.
    #[must_use]
    pub fn log_dir(&self) -> PathBuf {
        self.folder.logs()
    }

    /// Whether the servers that should run still do.
    ///
    /// # Errors
    /// [`StackError::Ended`] for one that ended by itself, with the end of its log.
    pub fn check(&mut self) -> Result<(), StackError> {
        [&mut self.kafka, &mut self.registry].into_iter().flatten().try_for_each(WatchedProcess::check)
    }

    /// Ends Kafka in order and leaves the registry running. Nothing happens if it is stopped already.
    ///
    /// # Errors
    /// [`StackError::Unstoppable`] if the process outlives a kill.
    pub fn stop_kafka(&mut self) -> Result<(), StackError> {
        self.kafka.take().map_or(Ok(()), WatchedProcess::stop)
    }

    /// Kills Kafka at once, as a power cut would. Nothing happens if it is stopped already.
    ///
    /// # Errors
    /// [`StackError::Unstoppable`] if the process outlives the kill.
    pub fn kill_kafka(&mut self) -> Result<(), StackError> {
        self.kafka.take().map_or(Ok(()), WatchedProcess::kill)
    }

    /// Starts a stopped or killed Kafka again on the same ports and data, and waits until it answers.
    ///
    /// # Errors
    /// As [`LocalStack::start`]; a port that another process took meanwhile is an error.
    pub fn start_kafka(&mut self) -> Result<(), StackError> {
        if self.kafka.is_none() {
            let kafka = self.kafka.insert(WatchedProcess::start(self.specs.kafka.clone())?);
            await_answers(&mut [(kafka, &|| kafka_answers(self.ports.broker))], self.ready_timeout)?;
        }
        Ok(())
    }

    /// Stops Kafka in order and starts it again on the same ports and data.
    ///
    /// # Errors
    /// As [`LocalStack::stop_kafka`] and [`LocalStack::start_kafka`].
    pub fn restart_kafka(&mut self) -> Result<(), StackError> {
        self.stop_kafka()?;
        self.start_kafka()
    }

    /// Ends the stack's own registry and leaves Kafka running. Nothing happens if it is stopped already.
    ///
    /// # Errors
    /// [`StackError::Unstoppable`] if the process outlives a kill.
    pub fn stop_registry(&mut self) -> Result<(), StackError> {
        self.registry.take().map_or(Ok(()), WatchedProcess::stop)
    }

    /// Starts a stopped registry again on the same port, with its schemas, and waits until it answers.
    ///
    /// # Errors
    /// As [`LocalStack::start`]; a port that another process took meanwhile is an error.
    pub fn start_registry(&mut self) -> Result<(), StackError> {
        if let (None, Some(spec)) = (&self.registry, &self.specs.registry) {
            let registry = self.registry.insert(WatchedProcess::start(spec.clone())?);
            await_answers(&mut [(registry, &|| registry_answers(self.ports.registry))], self.ready_timeout)?;
        }
        Ok(())
    }

    /// Ends both servers (asked first, killed after some seconds) and removes temporary data. Dropping does the same, silently.
    ///
    /// # Errors
    /// [`StackError::Unstoppable`] if a process outlives a kill, [`StackError::Io`] if data cannot be removed.
    pub fn stop(mut self) -> Result<(), StackError> {
        let registry = self.stop_registry();
        let kafka = self.stop_kafka();
        registry.and(kafka)?;
        self.folder.close()
    }
}

/// One start on given ports.
struct Launch<'a> {
    options: &'a StackOptions,
    java: &'a Java,
    artifacts: &'a Artifacts,
    archive_use: ArchiveUse,
}

impl Launch<'_> {
    fn on(&self, ports: Ports, folder: &HeldFolder) -> Result<(WatchedProcess, Option<WatchedProcess>, Specs), StackError> {
        let (properties, tls, security) = (folder.kafka_properties(), TlsFiles::in_folder(&folder.tls()), self.options.security.as_ref());
        if security.is_some() {
            tls.make(&self.java.program)?;
        }
        std::fs::write(&properties, kafka::server_properties(ports, &folder.kafka_data(), security.map(|security| (security, &tls))))
            .map_err(StackError::io(format!("write {}", properties.display())))?;
        ports.remember(&folder.ports()).map_err(StackError::io("remember the ports"))?;
        let specs = self.specs(ports, folder)?;

        // The registry spends its first seconds loading classes and then asks for Kafka until it answers, so it can
        // start first and lose nothing.
        let mut registry = specs.registry.clone().map(WatchedProcess::start).transpose()?;
        if !folder.kafka_is_formatted() {
            kafka::format_storage(&self.tool_jvm(folder), self.artifacts, folder, security)?;
        }
        let mut kafka = WatchedProcess::start(specs.kafka.clone())?;
        let (kafka_answers, registry_answers) = (|| kafka_answers(ports.broker), || registry_answers(ports.registry));
        let mut awaited: Vec<Awaited<'_>> = vec![(&mut kafka, &kafka_answers)];
        awaited.extend(registry.as_mut().map(|registry| -> Awaited<'_> { (registry, &registry_answers) }));
        await_answers(&mut awaited, self.options.ready_timeout)?;
        Ok((kafka, registry, specs))
    }

    fn specs(&self, ports: Ports, folder: &HeldFolder) -> Result<Specs, StackError> {
        let spec = |name, command, directory, grace| ServerSpec {
            name,
            command,
            folder: directory,
            log: folder.logs().join(format!("{name}.log")),
            remove_if_orphaned: folder.remove_if_orphaned().map(ToOwned::to_owned),
            grace: if self.archive_use == ArchiveUse::Write { ARCHIVE_GRACE } else { grace },
        };
        let kafka = kafka::server_command(&self.kafka_jvm(folder), &self.artifacts.kafka, folder).map_err(StackError::io("list Kafka's archives"))?;
        let own_registry = || registry::server_command(&self.registry_jvm(folder), &self.artifacts.registry_jar, ports.registry, Schemas::InKafka(ports.broker));
        let registry = self.options.registry.is_none().then(own_registry);
        Ok(Specs {
            kafka: spec("kafka", kafka, folder.logs(), KAFKA_GRACE),
            registry: registry.map(|command| spec("registry", command, folder.registry(), registry::GRACE)),
        })
    }

    fn kafka_jvm(&self, folder: &HeldFolder) -> Jvm {
        Jvm {
            program: self.java.program.clone(),
            heap_mib: self.options.kafka_heap_mib,
            compile_fully: self.options.load,
            temporary: folder.java_temporary(),
            class_archive: ClassArchives::of(self.artifacts, self.java).kafka(self.archive_use),
        }
    }

    fn tool_jvm(&self, folder: &HeldFolder) -> Jvm {
        Jvm { class_archive: ClassArchives::of(self.artifacts, self.java).kafka(ArchiveUse::Read), ..self.kafka_jvm(folder) }
    }

    fn registry_jvm(&self, folder: &HeldFolder) -> Jvm {
        Jvm {
            heap_mib: self.options.registry_heap_mib,
            // Clients ask for a schema once and keep it: the registry is never under load.
            compile_fully: false,
            class_archive: ClassArchives::of(self.artifacts, self.java).registry(self.archive_use),
            ..self.kafka_jvm(folder)
        }
    }
}

#[cfg(test)]
mod tests;
