//! The erp-publisher as a process of its own.

fn main() -> std::process::ExitCode {
    lineside_runtime::run::<lineside_erp_publisher::ErpPublisherArgs>()
}
