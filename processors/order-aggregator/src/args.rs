//! Settings of the processor's own.

use lineside_api::{Erased, Hosted};
use lineside_runtime::{Application, StartError};
use lineside_topology::ProcessorSpec;
use lineside_topology::processors::ORDER_AGGREGATOR;

use crate::processor::OrderAggregator;

/// Settings of the order aggregator. It has none of its own: what it does say the rules of `rules.posting.v1`.
#[derive(Debug, Clone, Copy, Default, clap::Args)]
pub struct OrderAggregatorArgs {}

impl Application for OrderAggregatorArgs {
    const SPEC: &'static ProcessorSpec = &ORDER_AGGREGATOR;

    fn processor(&self) -> Result<Box<dyn Erased>, StartError> {
        Ok(Box::new(Hosted::new(Self::SPEC, OrderAggregator::default())))
    }
}
