//! Settings of the processor's own.

use lineside_api::{Erased, Hosted};
use lineside_runtime::{Application, StartError};
use lineside_topology::ProcessorSpec;
use lineside_topology::processors::ERP_PUBLISHER;

use crate::processor::ErpPublisher;

/// Settings of the ERP publisher. It has none of its own.
#[derive(Debug, Clone, Copy, Default, clap::Args)]
pub struct ErpPublisherArgs {}

impl Application for ErpPublisherArgs {
    const SPEC: &'static ProcessorSpec = &ERP_PUBLISHER;

    fn processor(&self) -> Result<Box<dyn Erased>, StartError> {
        Ok(Box::new(Hosted::new(Self::SPEC, ErpPublisher)))
    }
}
