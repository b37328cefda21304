//! `lineside run`: several processors in one process.

use std::process::ExitCode;

use clap::Args;
use clap::builder::PossibleValuesParser;
use lineside_deduplicator::DeduplicatorArgs;
use lineside_erp_publisher::ErpPublisherArgs;
use lineside_normalizer::NormalizerArgs;
use lineside_order_aggregator::OrderAggregatorArgs;
use lineside_reconciler::ReconcilerArgs;
use lineside_runtime::command_line::{AboutConfiguration, HostedTable, Scope};
use lineside_runtime::{Hostable, Settings, host};
use lineside_supply_publisher::SupplyPublisherArgs;
use lineside_topology::ProcessorSpec;
use lineside_topology::processors::{DEDUPLICATOR, ERP_PUBLISHER, NORMALIZER, ORDER_AGGREGATOR, PROCESSORS, RECONCILER, SUPPLY_PUBLISHER};

/// Which processors, with the settings of the process and of each of them.
#[derive(Debug, Clone, Args)]
pub struct RunArguments {
    /// Processors to host; all of them if none is named
    #[arg(value_name = "PROCESSOR", value_parser = PossibleValuesParser::new(PROCESSORS.iter().map(|row| row.name)))]
    processors: Vec<String>,
    #[command(flatten)]
    pub(crate) about: AboutConfiguration,
    #[command(flatten)]
    pub(crate) settings: Settings,
    #[command(flatten)]
    normalizer: NormalizerArgs,
    #[command(flatten)]
    deduplicator: DeduplicatorArgs,
    #[command(flatten)]
    order_aggregator: OrderAggregatorArgs,
    #[command(flatten)]
    erp_publisher: ErpPublisherArgs,
    #[command(flatten)]
    supply_publisher: SupplyPublisherArgs,
    #[command(flatten)]
    reconciler: ReconcilerArgs,
}

/// What a configuration's file may say to such a process.
#[must_use]
pub fn scope() -> Scope {
    Scope::of_host(vec![
        HostedTable::of::<NormalizerArgs>(),
        HostedTable::of::<DeduplicatorArgs>(),
        HostedTable::of::<OrderAggregatorArgs>(),
        HostedTable::of::<ErpPublisherArgs>(),
        HostedTable::of::<SupplyPublisherArgs>(),
        HostedTable::of::<ReconcilerArgs>(),
    ])
}

impl RunArguments {
    /// Rows of the processors to host.
    pub(crate) fn hosted(&self) -> Vec<&'static ProcessorSpec> {
        PROCESSORS.iter().filter(|row| self.processors.is_empty() || self.processors.iter().any(|name| name == row.name)).collect()
    }
}

/// Hosts them until SIGTERM or SIGINT, in the order of the flow. The settings are complete.
#[must_use]
pub fn run(arguments: RunArguments) -> ExitCode {
    let hosted = arguments.hosted();
    let RunArguments { processors: _, about: _, settings, normalizer, deduplicator, order_aggregator, erp_publisher, supply_publisher, reconciler } = arguments;
    let all = [
        (NORMALIZER.name, Hostable::new(normalizer)),
        (DEDUPLICATOR.name, Hostable::new(deduplicator)),
        (ORDER_AGGREGATOR.name, Hostable::new(order_aggregator)),
        (ERP_PUBLISHER.name, Hostable::new(erp_publisher)),
        (SUPPLY_PUBLISHER.name, Hostable::new(supply_publisher)),
        (RECONCILER.name, Hostable::new(reconciler)),
    ];
    let wanted = |name: &str| hosted.iter().any(|row| row.name == name);
    host(settings, all.into_iter().filter(|(name, _)| wanted(name)).map(|(_, hostable)| hostable).collect())
}
