//! Settings of a process. Where their values come from is the matter of [`command_line`](crate::command_line).

mod properties;
mod secret;
mod security;

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use lineside_registry::{Credentials, RegistrySettings};

pub use properties::check as check_property;
pub(crate) use properties::nearest;
pub use secret::{SECRETS, Secret, SecretSource, Secrets};
pub use security::{SaslMechanism, SecurityProtocol, SecuritySettings};

/// Settings that every processor has.
#[derive(Debug, Clone, clap::Args)]
pub struct Settings {
    /// Kafka brokers, host:port, comma-separated.
    #[arg(long, env = "LINESIDE_BOOTSTRAP_SERVERS", default_value = "127.0.0.1:9092")]
    pub bootstrap_servers: String,

    /// Base address of the schema registry's Confluent API.
    #[arg(long, env = "LINESIDE_SCHEMA_REGISTRY", default_value = "http://127.0.0.1:8081")]
    pub schema_registry: String,

    /// Environment of the topology: a built-in name or a TOML file.
    #[arg(long, env = "LINESIDE_ENVIRONMENT", default_value = "local")]
    pub environment: String,

    /// Folder for the instance's identity and its stores. Losing it costs a restore, not data.
    #[arg(long, env = "LINESIDE_STATE_DIR", default_value = "state")]
    pub state_dir: PathBuf,

    /// Address for /metrics and /health; port 0 picks a free one.
    #[arg(long, env = "LINESIDE_HTTP_ADDRESS", default_value = "127.0.0.1:9400")]
    pub http_address: SocketAddr,

    /// Name of this instance; by default one is drawn and kept in the state folder.
    #[arg(long, env = "LINESIDE_INSTANCE_ID")]
    pub instance_id: Option<String>,

    /// Stream threads. Each takes its share of the partitions.
    #[arg(long, env = "LINESIDE_THREADS", default_value_t = 1, value_parser = clap::value_parser!(u16).range(1..=256))]
    pub threads: u16,

    /// Milliseconds from one commit to the next, at the least, where raw topics are read. Every later step commits at once.
    #[arg(long, env = "LINESIDE_COMMIT_INTERVAL_MS", default_value_t = 20, value_parser = clap::value_parser!(u64).range(1..=10_000))]
    pub commit_interval_ms: u64,

    /// Records after which a batch is committed at once.
    #[arg(long, env = "LINESIDE_BATCH_RECORDS", default_value_t = 10_000, value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    pub batch_records: u32,

    /// Bytes of staged outputs and state after which a batch is committed at once.
    #[arg(long, env = "LINESIDE_BATCH_BYTES", default_value_t = 8 * 1024 * 1024)]
    pub batch_bytes: usize,

    /// Bytes of records that each consumer reads ahead. What librdkafka keeps besides is in docs/memory.md.
    #[arg(long, env = "LINESIDE_PREFETCH_BYTES", default_value_t = 8 * 1024 * 1024, value_parser = clap::value_parser!(u64).range(65_536..=1_073_741_824))]
    pub prefetch_bytes: u64,

    /// Bytes of records on their way to the brokers, per stream thread.
    #[arg(long, env = "LINESIDE_SEND_QUEUE_BYTES", default_value_t = 16 * 1024 * 1024, value_parser = clap::value_parser!(u64).range(8_388_608..=1_073_741_824))]
    pub send_queue_bytes: u64,

    /// Bytes of recently used values that a store keeps in memory, per store and partition; a quarter more for blocks of its files.
    #[arg(long, env = "LINESIDE_STORE_CACHE_BYTES", default_value_t = 4 * 1024 * 1024, value_parser = clap::value_parser!(u64).range(65_536..=1_073_741_824))]
    pub store_cache_bytes: u64,

    /// Milliseconds without a heartbeat after which the group gives this member's partitions away.
    #[arg(long, env = "LINESIDE_SESSION_TIMEOUT_MS", default_value_t = 10_000)]
    pub session_timeout_ms: u32,

    /// A librdkafka property for all clients, key=value; may be given several times.
    #[arg(long = "property", value_name = "KEY=VALUE", value_parser = properties::parse_property)]
    pub properties: Vec<(String, String)>,

    /// Who the process is.
    #[command(flatten)]
    pub security: SecuritySettings,
}

impl Settings {
    /// Time from a batch's first record to its commit.
    #[must_use]
    pub const fn commit_interval(&self) -> Duration {
        Duration::from_millis(self.commit_interval_ms)
    }

    /// Checks what no single value shows, and reads the secrets.
    ///
    /// # Errors
    /// What is wrong, in words an operator can act on.
    pub fn complete(&mut self, variable: impl Fn(&str) -> Option<String>) -> Result<(), String> {
        without_credentials("schema_registry", &self.schema_registry)?;
        without_credentials("oidc_token_endpoint", self.security.oidc_token_endpoint.as_deref().unwrap_or_default())?;
        self.properties.iter().try_for_each(|(key, value)| check_property(key, value))?;
        self.security.complete(variable)
    }

    /// How to reach the schema registry.
    #[must_use]
    pub fn registry(&self) -> RegistrySettings {
        let security = &self.security;
        let credentials = security.schema_registry_user.clone().zip(security.secrets.schema_registry_password.as_ref());
        RegistrySettings {
            credentials: credentials.map(|(user, password)| Credentials { user, password: password.reveal().to_owned() }),
            ..RegistrySettings::at(&self.schema_registry)
        }
    }
}

/// Refuses an address with a user or password in it, which would be printed with it. The message does not repeat them.
fn without_credentials(setting: &str, address: &str) -> Result<(), String> {
    let authority = address.split_once("://").map_or(address, |(_, rest)| rest).split('/').next().unwrap_or_default();
    if authority.contains('@') { Err(format!("{setting} holds a user or password; there are settings of their own for those")) } else { Ok(()) }
}
