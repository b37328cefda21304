//! Settings of a process. Where their values come from is the matter of [`command_line`](crate::command_line).

mod connection;
mod properties;
mod secret;
mod security;

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

pub use connection::ConnectionSettings;
pub use properties::check as check_property;
pub(crate) use properties::nearest;
pub use secret::{SECRETS, Secret, SecretSource, Secrets};
pub use security::{SaslMechanism, SecurityProtocol, SecuritySettings};

/// Settings that every processor has.
#[derive(Debug, Clone, clap::Args)]
pub struct Settings {
    /// Brokers and registry, and who the process is to them.
    #[command(flatten)]
    pub connection: ConnectionSettings,

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

    /// Bytes that the tables of a stream thread may take: master data, rules. A process whose tables are larger does not run.
    #[arg(long, env = "LINESIDE_TABLE_BYTES", default_value_t = 128 * 1024 * 1024, value_parser = clap::value_parser!(u64).range(65_536..=68_719_476_736))]
    pub table_bytes: u64,

    /// Milliseconds from one call of an idle processor by the clock to the next, for processors that want it.
    #[arg(long, env = "LINESIDE_TICK_INTERVAL_MS", default_value_t = 1_000, value_parser = clap::value_parser!(u64).range(10..=60_000))]
    pub tick_interval_ms: u64,

    /// Bytes of records on their way to the brokers, per stream thread.
    #[arg(long, env = "LINESIDE_SEND_QUEUE_BYTES", default_value_t = 16 * 1024 * 1024, value_parser = clap::value_parser!(u64).range(8_388_608..=1_073_741_824))]
    pub send_queue_bytes: u64,

    /// Bytes of recently used values that a store keeps in memory, per store and partition; a quarter more for blocks of its files.
    #[arg(long, env = "LINESIDE_STORE_CACHE_BYTES", default_value_t = 4 * 1024 * 1024, value_parser = clap::value_parser!(u64).range(65_536..=1_073_741_824))]
    pub store_cache_bytes: u64,

    /// Milliseconds without a heartbeat after which the group gives this member's partitions away.
    #[arg(long, env = "LINESIDE_SESSION_TIMEOUT_MS", default_value_t = 10_000)]
    pub session_timeout_ms: u32,
}

impl Settings {
    /// Time from a batch's first record to its commit.
    #[must_use]
    pub const fn commit_interval(&self) -> Duration {
        Duration::from_millis(self.commit_interval_ms)
    }

    /// Time from one tick of an idle processor to the next.
    #[must_use]
    pub const fn tick_interval(&self) -> Duration {
        Duration::from_millis(self.tick_interval_ms)
    }
}
