//! `/metrics` and `/health`.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::get;
use prometheus::{Encoder as _, TextEncoder};

use crate::metrics::Metrics;

/// A stream thread that has not looped for so long is stuck.
const STUCK_AFTER: Duration = Duration::from_secs(30);

/// What a stream thread says about itself.
#[derive(Debug, Default)]
pub struct Pulse {
    last_loop_seconds: AtomicU64,
    ready: AtomicBool,
}

impl Pulse {
    /// The thread is alive at `now`.
    pub fn beat(&self, now: SystemTime) {
        self.last_loop_seconds.store(seconds(now), Ordering::Relaxed);
    }

    /// The group has given the thread its share of the partitions (none, if there are fewer than members), and their stores are restored; or not.
    pub fn set_ready(&self, ready: bool) {
        self.ready.store(ready, Ordering::Relaxed);
    }

    /// What it said last.
    #[must_use]
    pub fn is_ready(&self) -> bool {
        self.ready.load(Ordering::Relaxed)
    }

    fn is_live(&self, now: SystemTime) -> bool {
        let last = self.last_loop_seconds.load(Ordering::Relaxed);
        seconds(now).saturating_sub(last) <= STUCK_AFTER.as_secs()
    }
}

fn seconds(time: SystemTime) -> u64 {
    time.duration_since(UNIX_EPOCH).map_or(0, |elapsed| elapsed.as_secs())
}

#[derive(Clone)]
struct Shared {
    metrics: Metrics,
    pulses: Vec<Arc<Pulse>>,
}

/// Serves until the process ends. Logs the address, which matters with port 0.
///
/// # Errors
/// When the address is taken.
pub async fn serve(address: SocketAddr, metrics: Metrics, pulses: Vec<Arc<Pulse>>) -> std::io::Result<()> {
    let listener = tokio::net::TcpListener::bind(address).await?;
    tracing::info!(address = %listener.local_addr()?, "serving /metrics and /health");
    let router = Router::new().route("/metrics", get(render)).route("/health/live", get(live)).route("/health/ready", get(ready)).with_state(Shared { metrics, pulses });
    axum::serve(listener, router).await
}

async fn render(State(shared): State<Shared>) -> Result<Vec<u8>, StatusCode> {
    let mut text = Vec::new();
    TextEncoder::new().encode(&shared.metrics.registry.gather(), &mut text).map_err(|_| StatusCode::INTERNAL_SERVER_ERROR)?;
    Ok(text)
}

async fn live(State(shared): State<Shared>) -> StatusCode {
    let now = SystemTime::now();
    status(shared.pulses.iter().all(|pulse| pulse.is_live(now)))
}

async fn ready(State(shared): State<Shared>) -> StatusCode {
    status(shared.pulses.iter().all(|pulse| pulse.is_ready()))
}

fn status(good: bool) -> StatusCode {
    if good { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_thread_that_stopped_looping_is_not_live() {
        let pulse = Pulse::default();
        let now = UNIX_EPOCH + Duration::from_secs(1_000);
        pulse.beat(now);
        assert!(pulse.is_live(now + STUCK_AFTER));
        assert!(!pulse.is_live(now + STUCK_AFTER + Duration::from_secs(1)));
    }
}
