//! `/metrics` and `/health`.

use std::net::SocketAddr;
use std::time::Instant;

use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use prometheus::{Encoder as _, TextEncoder};
use serde_json::Value;

use crate::health::Health;
pub use crate::health::Pulse;

/// Serves until the process ends. Logs the address, which matters with port 0.
///
/// # Errors
/// When the address is taken.
pub async fn serve(address: SocketAddr, health: Health) -> std::io::Result<()> {
    let listener = tokio::net::TcpListener::bind(address).await?;
    tracing::info!(address = %listener.local_addr()?, "serving /metrics and /health");
    axum::serve(listener, router(health)).await
}

/// What is served.
pub fn router(health: Health) -> Router {
    Router::new().route("/metrics", get(metrics)).route("/health/live", get(live)).route("/health/ready", get(ready)).with_state(health)
}

async fn metrics(State(health): State<Health>) -> Result<Response, StatusCode> {
    let now = Instant::now();
    for pulse in &health.pulses {
        health.metrics.pulse_age.with_label_values(&[pulse.name()]).set(pulse.age(now, &health.metrics).as_secs_f64());
    }
    let (encoder, mut text) = (TextEncoder::new(), Vec::new());
    encoder.encode(&health.metrics.registry.gather(), &mut text).map_err(|_| StatusCode::INTERNAL_SERVER_ERROR)?;
    Ok(([(CONTENT_TYPE, encoder.format_type().to_owned())], text).into_response())
}

async fn live(State(health): State<Health>) -> Response {
    answer(&health.live(Instant::now()))
}

async fn ready(State(health): State<Health>) -> Response {
    answer(&health.ready())
}

fn answer((good, body): &(bool, Value)) -> Response {
    let status = if *good { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    (status, [(CONTENT_TYPE, "application/json")], format!("{body:#}\n")).into_response()
}
