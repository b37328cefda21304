//! The supply-publisher as a process of its own.

fn main() -> std::process::ExitCode {
    lineside_runtime::run::<lineside_supply_publisher::SupplyPublisherArgs>()
}
