//! The order-aggregator as a process of its own.

fn main() -> std::process::ExitCode {
    lineside_runtime::run::<lineside_order_aggregator::OrderAggregatorArgs>()
}
