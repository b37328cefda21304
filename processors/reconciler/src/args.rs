//! Settings of the reconciler.

use lineside_api::{Erased, Hosted};
use lineside_runtime::{Application, StartError};
use lineside_topology::ProcessorSpec;
use lineside_topology::processors::RECONCILER;

use crate::processor::Reconciler;

/// Seconds after which what is in flight counts as a gap, unless set otherwise.
pub const OVERDUE_SECONDS_DEFAULT: u32 = 3600;
/// Days that the account of an order is kept after its last record, unless set otherwise.
pub const EXPIRE_DAYS_DEFAULT: u32 = 100;

/// Flags and environment of the reconciler.
#[derive(Debug, Clone, clap::Args)]
pub struct ReconcilerArgs {
    /// Seconds after which a difference that records on their way could explain counts as a gap all the same, though nothing proves it
    #[arg(long, env = "LINESIDE_BOOKS_OVERDUE_SECONDS", value_name = "SECONDS", default_value_t = OVERDUE_SECONDS_DEFAULT)]
    pub books_overdue_seconds: u32,

    /// Days after its last record that the account of an order is kept; its books go with it. Longer than the order aggregator keeps its own
    #[arg(long, env = "LINESIDE_BOOKS_EXPIRE_DAYS", value_name = "DAYS", default_value_t = EXPIRE_DAYS_DEFAULT, value_parser = clap::value_parser!(u32).range(1..=36_500))]
    pub books_expire_days: u32,
}

impl Default for ReconcilerArgs {
    fn default() -> Self {
        Self { books_overdue_seconds: OVERDUE_SECONDS_DEFAULT, books_expire_days: EXPIRE_DAYS_DEFAULT }
    }
}

impl Application for ReconcilerArgs {
    const SPEC: &'static ProcessorSpec = &RECONCILER;

    fn processor(&self) -> Result<Box<dyn Erased>, StartError> {
        Ok(Box::new(Hosted::new(Self::SPEC, Reconciler::new(self))))
    }
}
