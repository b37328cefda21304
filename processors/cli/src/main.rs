//! `lineside`: the operator's command line.

fn main() -> std::process::ExitCode {
    lineside_cli::run(std::env::args_os())
}
