//! What a caller may choose about a local stack.

use std::path::PathBuf;
use std::time::Duration;

use crate::security::StackSecurity;

/// Where Kafka keeps its records and the registry its schemas (which live in Kafka too).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DataFolder {
    /// A new folder below `target/local-stack/run/`.
    Temporary {
        /// Leave the folder (data and logs) in place when the stack ends, for a look after a failure.
        keep: bool,
    },
    /// This folder, created if absent, always kept: a later stack on it finds the same topics, records and schemas.
    /// One stack at a time.
    Named(PathBuf),
}

/// How a local stack is started.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StackOptions {
    /// Where the data lives.
    pub data: DataFolder,
    /// Kafka's Java heap, MiB.
    pub kafka_heap_mib: u32,
    /// The registry's Java heap, MiB.
    pub registry_heap_mib: u32,
    /// A registry that runs already: the base address of its Confluent API. The stack has one of its own if there is none.
    pub registry: Option<String>,
    /// For load runs: lets Java compile hot code fully. A start is then slower, a long run faster.
    pub load: bool,
    /// Whether Kafka asks its clients who they are; without it everybody may do everything.
    pub security: Option<StackSecurity>,
    /// How long both servers together may take until they answer.
    pub ready_timeout: Duration,
}

impl Default for StackOptions {
    /// A temporary, small stack for tests.
    fn default() -> Self {
        Self {
            data: DataFolder::Temporary { keep: false },
            kafka_heap_mib: 512,
            registry_heap_mib: 256,
            registry: None,
            load: false,
            security: None,
            ready_timeout: Duration::from_mins(2),
        }
    }
}

impl StackOptions {
    /// The default stack with its data in `folder`, kept.
    #[must_use]
    pub fn kept_in(folder: impl Into<PathBuf>) -> Self {
        Self { data: DataFolder::Named(folder.into()), ..Self::default() }
    }
}
