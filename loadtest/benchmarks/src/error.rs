//! Why a measurement came to nothing.

use lineside_cluster::ClusterError;
use lineside_local_stack::StackError;
use lineside_runtime::thread_error::ThreadError;
use lineside_scenarios::pipeline::PipelineError;
use lineside_scenarios::topics::TopicsError;
use rdkafka::error::KafkaError;

/// Why a measurement came to nothing.
#[derive(Debug, thiserror::Error)]
pub enum BenchError {
    /// The year in memory could not be run.
    #[error("{0}")]
    Year(String),
    /// Kafka or the registry did not run.
    #[error(transparent)]
    Stack(#[from] StackError),
    /// Topics could not be made.
    #[error(transparent)]
    Cluster(#[from] ClusterError),
    /// A client.
    #[error("Kafka: {0}")]
    Kafka(#[from] KafkaError),
    /// The stream thread that is measured.
    #[error("stream thread: {0}")]
    Thread(#[from] ThreadError),
    /// The processes that are measured.
    #[error(transparent)]
    Pipeline(#[from] PipelineError),
    /// Topics could not be read.
    #[error(transparent)]
    Topics(#[from] TopicsError),
    /// The operating system.
    #[error("{action}: {source}")]
    Io {
        /// What was tried.
        action: String,
        /// What it said.
        source: std::io::Error,
    },
    /// Something did not happen in time, or a figure cannot be had.
    #[error("{0}")]
    Failed(String),
}

impl BenchError {
    pub(crate) fn io(action: impl Into<String>) -> impl FnOnce(std::io::Error) -> Self {
        let action = action.into();
        move |source| Self::Io { action, source }
    }
}
