//! What a stream thread can meet with, and what follows from it.

use std::time::Duration;

use lineside_api::{Failure, StoreError};
use rdkafka::error::{KafkaError, RDKafkaErrorCode};

use crate::application::StartError;
use crate::panics::Panic;

/// Why a stream thread stopped short. All but [`Self::Start`] are worth a fresh start.
#[derive(Debug, thiserror::Error)]
pub enum ThreadError {
    /// It cannot run as configured.
    #[error(transparent)]
    Start(#[from] StartError),
    /// Kafka.
    #[error("Kafka: {0}")]
    Kafka(#[from] KafkaError),
    /// A store, the registry, or an undeclared topic.
    #[error(transparent)]
    Failure(#[from] Failure),
    /// A store.
    #[error("store: {0}")]
    Store(#[from] StoreError),
    /// Restoring did not come to an end.
    #[error("restore: {0}")]
    Restore(String),
    /// The assignment moved under an open batch.
    #[error("assignment: {0}")]
    Lost(String),
    /// A processor broke where no record is to blame.
    #[error("{processor} broke in its tick: {}{}", panic.message, panic.location.as_deref().map(|place| format!(" ({place})")).unwrap_or_default())]
    Panicked {
        /// The processor.
        processor: &'static str,
        /// What it said.
        panic: Panic,
    },
    /// A client that cannot go on.
    #[error("Kafka client: {0}")]
    Client(KafkaError),
}

impl ThreadError {
    /// True when a new producer is not enough: consumers and stores are to be made anew too.
    pub(crate) const fn needs_restart(&self) -> bool {
        matches!(self, Self::Start(_) | Self::Store(_) | Self::Restore(_) | Self::Client(_))
    }
}

/// Most consumer errors pass by themselves; these do not.
pub(crate) fn judge(error: KafkaError) -> Result<(), ThreadError> {
    let is_fatal = matches!(error, KafkaError::MessageConsumptionFatal(_));
    if is_fatal || matches!(error.rdkafka_error_code(), Some(RDKafkaErrorCode::AutoOffsetReset | RDKafkaErrorCode::Fatal)) {
        return Err(ThreadError::Client(error));
    }
    tracing::warn!(%error, "Kafka consumer");
    Ok(())
}

/// The same error as one that needs a restart.
pub(crate) fn restart(error: ThreadError) -> ThreadError {
    match error {
        ThreadError::Kafka(error) => ThreadError::Client(error),
        other => other,
    }
}

/// Wait before the next try, after `failures` in a row: none at first, then doubling from 50 ms to 5 s.
pub(crate) fn backoff(failures: u32) -> Duration {
    match failures {
        0 => Duration::ZERO,
        _ => Duration::from_millis((25_u64 << failures.min(8)).min(5_000)),
    }
}
