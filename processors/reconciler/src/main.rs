//! The reconciler as a process of its own.

fn main() -> std::process::ExitCode {
    lineside_runtime::run::<lineside_reconciler::ReconcilerArgs>()
}
