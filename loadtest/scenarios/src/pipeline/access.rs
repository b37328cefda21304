//! Users of a secured pipeline: each process comes as its own, with the permissions that `lineside topology acls` prints and no other.

use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use lineside_local_stack::{LocalStack, StackSecurity, User};
use lineside_topology::Environment;
use lineside_topology::acls::{COHOSTED, OPERATOR, RULES_APPROVER, RULES_PUBLISHER, source_principal};
use lineside_topology::processors::PROCESSORS;
use rdkafka::ClientConfig;

use super::error::PipelineError;

/// A user who is known, and may do nothing.
pub const STRANGER: &str = "stranger";
/// Shells that give permissions at the same time.
const SHELLS: usize = 4;
const ACL_TOOL: &str = "org.apache.kafka.tools.AclCommand";

/// The users, with a file for the password of each.
#[derive(Debug)]
pub(super) struct Access {
    folder: PathBuf,
    users: Vec<String>,
}

impl Access {
    /// A user for each processor, for a process that hosts several, for each source, for the operator, for who publishes and who approves rules, and one without any right.
    pub fn new(folder: PathBuf, environment: &Environment) -> Result<Self, PipelineError> {
        let sources = environment.raw.iter().map(|raw| source_principal(&raw.plant, &raw.source));
        let users = PROCESSORS
            .iter()
            .map(|spec| spec.name.to_owned())
            .chain(sources)
            .chain([COHOSTED, OPERATOR, RULES_PUBLISHER, RULES_APPROVER, STRANGER].map(str::to_owned))
            .collect();
        let access = Self { folder, users };
        std::fs::create_dir_all(&access.folder).map_err(PipelineError::io(format!("create {}", access.folder.display())))?;
        for user in &access.users {
            let path = access.password_file(user);
            let mut options = std::fs::OpenOptions::new();
            let written = options
                .create(true)
                .truncate(true)
                .write(true)
                .mode(0o600)
                .open(&path)
                .and_then(|mut file| std::io::Write::write_all(&mut file, password(user).as_bytes()));
            written.map_err(PipelineError::io(format!("write {}", path.display())))?;
        }
        Ok(access)
    }

    pub fn security(&self) -> StackSecurity {
        StackSecurity { users: self.users.iter().map(|name| User { name: name.clone(), password: password(name) }).collect(), super_users: Vec::new() }
    }

    fn password_file(&self, user: &str) -> PathBuf {
        self.folder.join(user)
    }

    /// Settings of a process that comes as this user.
    pub fn settings(&self, user: &str, stack: &LocalStack) -> Vec<(String, String)> {
        let certificate = stack.certificate().map(|path| path.display().to_string()).unwrap_or_default();
        [
            ("LINESIDE_SECURITY_PROTOCOL", "sasl_ssl".to_owned()),
            ("LINESIDE_SSL_CA_FILE", certificate),
            ("LINESIDE_SASL_MECHANISM", "SCRAM-SHA-512".to_owned()),
            ("LINESIDE_SASL_USERNAME", user.to_owned()),
            ("LINESIDE_SASL_PASSWORD_FILE", self.password_file(user).display().to_string()),
        ]
        .map(|(name, value)| (name.to_owned(), value))
        .into()
    }

    /// Runs what `lineside topology acls --format commands` prints, as an operator would, by a shell.
    pub fn grant(&self, operator: &Path, environment: &str, stack: &LocalStack) -> Result<(), PipelineError> {
        let printed = Command::new(operator).args(["topology", "acls", "--format", "commands", "--environment", environment]).stdin(Stdio::null()).output();
        let printed = printed.map_err(PipelineError::io(format!("run {}", operator.display())))?;
        if !printed.status.success() {
            return Err(PipelineError::Permissions(String::from_utf8_lossy(&printed.stderr).into_owned()));
        }
        let tools = self.tool_folder(stack)?;
        let path = std::env::join_paths(std::iter::once(tools).chain(std::env::split_paths(&std::env::var_os("PATH").unwrap_or_default())));
        let path = path.map_err(|error| PipelineError::Permissions(error.to_string()))?;
        let script = String::from_utf8_lossy(&printed.stdout);
        // The commands are independent of each other, and each waits for a Java of its own to start.
        let (head, commands) = script.split_once('\n').unwrap_or_default();
        let commands: Vec<&str> = commands.lines().collect();
        let shells = commands.chunks(commands.len().div_ceil(SHELLS).max(1)).map(|commands| {
            let script = format!("{head}\n{}\n", commands.join("\n"));
            let mut shell = Command::new("sh");
            shell.args(["-c", &script]).env("BOOTSTRAP", stack.internal_bootstrap()).env("PATH", &path);
            shell.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().map_err(PipelineError::io("run sh"))
        });
        for shell in shells.collect::<Result<Vec<_>, _>>()? {
            let run = shell.wait_with_output().map_err(PipelineError::io("run sh"))?;
            if !run.status.success() {
                return Err(PipelineError::Permissions(String::from_utf8_lossy(&[run.stdout, run.stderr].concat()).into_owned()));
            }
        }
        Ok(())
    }

    /// A folder with a `kafka-acls.sh` that runs Kafka's own tool, as the script of that name in Kafka's distribution does.
    fn tool_folder(&self, stack: &LocalStack) -> Result<PathBuf, PipelineError> {
        let folder = self.folder.join("bin");
        std::fs::create_dir_all(&folder).map_err(PipelineError::io(format!("create {}", folder.display())))?;
        let words = stack.tool_command(ACL_TOOL)?;
        let words: Vec<String> = words.iter().map(|word| format!("'{}'", word.to_string_lossy().replace('\'', r"'\''"))).collect();
        let tool = folder.join("kafka-acls.sh");
        let written = std::fs::write(&tool, format!("#!/bin/sh\nexec {} \"$@\"\n", words.join(" ")));
        let written = written.and_then(|()| std::fs::set_permissions(&tool, std::fs::Permissions::from_mode(0o755)));
        written.map_err(PipelineError::io(format!("write {}", tool.display())))?;
        Ok(folder)
    }

    /// What a plain client needs to come as this user.
    pub fn client(user: &str, stack: &LocalStack) -> ClientConfig {
        let mut config = ClientConfig::new();
        config.set("bootstrap.servers", stack.bootstrap()).set("security.protocol", "sasl_ssl").set("sasl.mechanism", "SCRAM-SHA-512");
        config.set("sasl.username", user).set("sasl.password", password(user));
        if let Some(certificate) = stack.certificate() {
            config.set("ssl.ca.location", certificate.display().to_string());
        }
        config
    }
}

/// Every user's is another, so that nobody comes as somebody else by mistake.
fn password(user: &str) -> String {
    format!("geheim-{user}")
}
