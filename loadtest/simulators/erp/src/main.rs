//! `erp-simulator`: serves the simulated ERP until it is told to end.

use std::process::ExitCode;

use clap::Parser as _;
use lineside_erp_simulator::args::Args;
use lineside_erp_simulator::erp::Erp;
use lineside_erp_simulator::http::Server;
use tokio::signal::unix::{SignalKind, signal};

fn main() -> ExitCode {
    tracing_subscriber::fmt().json().flatten_event(true).with_current_span(false).with_span_list(false).init();
    let args = Args::parse();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    let outcome = runtime.map_err(|error| error.to_string()).and_then(|runtime| runtime.block_on(serve(args)));
    if let Err(reason) = outcome {
        tracing::error!("{reason}");
        return ExitCode::FAILURE;
    }
    ExitCode::SUCCESS
}

async fn serve(args: Args) -> Result<(), String> {
    let (address, erp, http) = args.options().map_err(|error| error.to_string())?;
    let profile = http.profile;
    let mut terminate = signal(SignalKind::terminate()).map_err(|error| error.to_string())?;
    let erp = Erp::open(erp).map_err(|error| error.to_string())?;
    let server = Server::start(address, erp, http).await.map_err(|error| format!("serve {address}: {error}"))?;
    tracing::info!(address = %server.address(), ?profile, "serving the simulated ERP");
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        _ = terminate.recv() => {}
    }
    // What was promised is on disk already; this is for what a clerk did last.
    server.erp().settled().await.map_err(|error| error.to_string())
}
