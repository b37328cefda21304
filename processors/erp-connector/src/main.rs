//! The erp-connector as a process of its own.

fn main() -> std::process::ExitCode {
    lineside_runtime::run::<lineside_erp_connector::ErpConnectorArgs>()
}
