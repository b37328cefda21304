//! Why a pipeline does not run.

use std::path::PathBuf;
use std::process::ExitStatus;

use lineside_local_stack::StackError;
use rdkafka::error::KafkaError;

use super::quiet::Progress;
use crate::topics::{ReadError, TopicsError};

/// Why a pipeline does not run, or could not be watched.
#[derive(Debug, thiserror::Error)]
pub enum PipelineError {
    /// Binaries were not built.
    #[error("not built: {}; run `cargo build --workspace` (with --release for target/release)", list(.0))]
    MissingBinaries(Vec<PathBuf>),
    /// Kafka or the registry.
    #[error(transparent)]
    Stack(#[from] StackError),
    /// Users could not be given their permissions.
    #[error("permissions: {0}")]
    Permissions(String),
    /// A program ended by itself.
    #[error("{name} ended by itself ({status}); the end of {}:\n{tail}", .log.display())]
    Ended {
        /// Its name.
        name: String,
        /// How it ended.
        status: ExitStatus,
        /// Its log.
        log: PathBuf,
        /// The end of the log.
        tail: String,
    },
    /// A program did not say where it serves.
    #[error("{name} did not say where it serves after {waited_s} s")]
    Silent {
        /// Its name.
        name: String,
        /// Seconds waited.
        waited_s: u64,
    },
    /// No processor of that name runs or exists.
    #[error("no processor {0}")]
    UnknownProcessor(String),
    /// The processors did not come to rest.
    #[error("not at rest after {waited_s} s: {}", still(.progress))]
    NotQuiet {
        /// Seconds waited.
        waited_s: u64,
        /// How far they were.
        progress: Vec<Progress>,
    },
    /// Records could not be sent.
    #[error("send raw records: {0}")]
    Feed(KafkaError),
    /// Topics or offsets could not be read.
    #[error(transparent)]
    Topics(#[from] TopicsError),
    /// No HTTP client.
    #[error("HTTP client: {0}")]
    Client(String),
    /// Somebody wants it to end.
    #[error("interrupted")]
    Interrupted,
    /// The operating system.
    #[error("{action}: {source}")]
    Io {
        /// What was tried.
        action: String,
        /// What it said.
        source: std::io::Error,
    },
}

impl PipelineError {
    pub(crate) fn io(action: impl Into<String>) -> impl FnOnce(std::io::Error) -> Self {
        let action = action.into();
        move |source| Self::Io { action, source }
    }
}

impl From<ReadError> for PipelineError {
    fn from(error: ReadError) -> Self {
        Self::Topics(error.into())
    }
}

fn list(paths: &[PathBuf]) -> String {
    paths.iter().map(|path| path.display().to_string()).collect::<Vec<_>>().join(", ")
}

fn still(progress: &[Progress]) -> String {
    progress.iter().map(|group| format!("{} {}/{}", group.processor, group.read, group.end)).collect::<Vec<_>>().join(", ")
}
