//! What a processor's `main.rs` hands to the runtime.

use std::sync::Arc;

use lineside_api::Erased;
use lineside_topology::{Environment, ProcessorSpec};
use prometheus::core::Collector;

use crate::calls::Caller;

/// A processor that can be started: its row in the topology, its own settings (flags and environment), and how to make it.
pub trait Application: clap::Args + Clone + Send + Sync + 'static {
    /// Its row in the topology.
    const SPEC: &'static ProcessorSpec;

    /// Makes the processor from its settings. Called for each stream thread, and again after a batch that came to nothing, a panic or a change of partitions:
    /// what takes long to make is to be made once and shared.
    ///
    /// # Errors
    /// [`StartError`], in words an operator can act on.
    fn processor(&self) -> Result<Box<dyn Erased>, StartError>;

    /// What makes the calls that the processor asks for; called once, on the process's tokio runtime. By default it makes none.
    ///
    /// # Errors
    /// [`StartError`], in words an operator can act on.
    fn caller(&self) -> Result<Option<Arc<dyn Caller>>, StartError> {
        Ok(None)
    }

    /// Metrics of its own, which `/metrics` shows; asked once. By default there are none.
    fn collectors(&self) -> Vec<Box<dyn Collector>> {
        Vec::new()
    }

    /// Whether its settings go together with the sizes of the environment. Asked once, before anything is started.
    ///
    /// # Errors
    /// [`StartError`], in words an operator can act on.
    fn fits(&self, _environment: &Environment) -> Result<(), StartError> {
        Ok(())
    }
}

/// A processor cannot start.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct StartError(pub String);
