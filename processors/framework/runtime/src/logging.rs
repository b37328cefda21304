//! Logs: text on a terminal, JSON lines elsewhere.

use std::io::IsTerminal as _;

use tracing_subscriber::EnvFilter;

use crate::panics;

/// The stores' engine tells more than an operator wants to know.
const DEFAULT_FILTER: &str = "info,fjall=warn,lsm_tree=warn";

/// Starts logging to standard error, panics included; `RUST_LOG` sets the level, `info` by default, but for libraries that say too much at it.
pub fn start() {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new(DEFAULT_FILTER));
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    let started = if std::io::stderr().is_terminal() { builder.try_init() } else { builder.json().flatten_event(true).try_init() };
    if started.is_err() {
        tracing::debug!("logging was started before");
    }
    panics::log_panics();
}
