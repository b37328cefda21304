//! What a processor's `main.rs` hands to the runtime.

use lineside_api::Erased;
use lineside_topology::{Environment, ProcessorSpec};

/// A processor that can be started: its row in the topology, its own settings (flags and environment), and how to make it.
pub trait Application: clap::Args + Clone + Send + Sync + 'static {
    /// Its row in the topology.
    const SPEC: &'static ProcessorSpec;

    /// Makes the processor from its settings. Called once per stream thread.
    ///
    /// # Errors
    /// [`StartError`], in words an operator can act on.
    fn processor(&self) -> Result<Box<dyn Erased>, StartError>;

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
