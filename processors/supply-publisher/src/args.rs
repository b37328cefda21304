//! Settings of the supply publisher.

use lineside_api::{Erased, Hosted};
use lineside_runtime::{Application, StartError};
use lineside_topology::ProcessorSpec;
use lineside_topology::processors::SUPPLY_PUBLISHER;

use crate::processor::SupplyPublisher;

/// The supply publisher has no settings of its own.
#[derive(Debug, Clone, Default, clap::Args)]
pub struct SupplyPublisherArgs {}

impl Application for SupplyPublisherArgs {
    const SPEC: &'static ProcessorSpec = &SUPPLY_PUBLISHER;

    fn processor(&self) -> Result<Box<dyn Erased>, StartError> {
        Ok(Box::new(Hosted::new(Self::SPEC, SupplyPublisher)))
    }
}
