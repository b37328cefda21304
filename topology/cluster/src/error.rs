//! What can go wrong on a cluster.

use lineside_registry::RegistryError;
use rdkafka::types::RDKafkaErrorCode;

use crate::difference::Plan;

/// Reading or changing the cluster failed.
#[derive(Debug, thiserror::Error)]
pub enum ClusterError {
    /// The client's settings are not good.
    #[error("Kafka client settings: {0}")]
    Settings(String),
    /// No broker answers.
    #[error("no Kafka broker answers at {bootstrap_servers}: {reason}")]
    Unreachable {
        /// Addresses tried.
        bootstrap_servers: String,
        /// What the connections said.
        reason: String,
    },
    /// A broker answered, and refused.
    #[error("Kafka: cannot {action}: {code}")]
    Refused {
        /// What was asked, on what.
        action: String,
        /// Kafka's answer.
        code: RDKafkaErrorCode,
    },
    /// The registry did not do as asked.
    #[error(transparent)]
    Registry(#[from] RegistryError),
    /// There are differences that a person must judge; nothing was changed.
    #[error("nothing was changed, because of what needs a person:\n{}", .0.refusals.iter().map(|refusal| format!("! {refusal}")).collect::<Vec<_>>().join("\n"))]
    NeedsPerson(Plan),
    /// All was done as planned, and yet the cluster is not as wanted.
    #[error("the cluster still differs after all changes were made:\n{0}")]
    StillDiffers(Plan),
}

impl ClusterError {
    /// Trying again later may help.
    #[must_use]
    pub fn is_retriable(&self) -> bool {
        match self {
            Self::Unreachable { .. } => true,
            Self::Registry(error) => error.is_retriable(),
            _ => false,
        }
    }
}
