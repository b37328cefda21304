//! An ERP that books every confirmation and answers after a fixed time: what is left is the connector's own.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::IntoResponse;
use axum::routing::{get, post};
use serde_json::{Value, json};

use crate::error::BenchError;

const CONFIRMATIONS: &str = "/sap/opu/odata4/sap/api_prodnordconf/srvd_a2x/sap/productionorderconfirmation/0001";
const MATERIAL: &str = "/sap/opu/odata4/sap/api_material_document/srvd_a2x/sap/materialdocument/0001/";

/// How it does.
#[derive(Debug, Default)]
pub struct Counters {
    /// Confirmations booked.
    pub booked: AtomicU64,
    under_way: AtomicUsize,
    /// Most calls that were under way at a time.
    pub most: AtomicUsize,
}

#[derive(Debug, Clone)]
struct Shared {
    counters: Arc<Counters>,
    answer: Duration,
}

/// The server; it ends with its runtime.
#[derive(Debug)]
pub struct IdealErp {
    /// Its address.
    pub address: SocketAddr,
    /// How it does.
    pub counters: Arc<Counters>,
    _runtime: tokio::runtime::Runtime,
}

impl IdealErp {
    /// Serves on a free port; each call takes `answer`.
    ///
    /// # Errors
    /// When no port is free.
    pub fn start(answer: Duration) -> Result<Self, BenchError> {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().map_err(BenchError::io("make a runtime"))?;
        let listener = runtime.block_on(tokio::net::TcpListener::bind("127.0.0.1:0")).map_err(BenchError::io("listen"))?;
        let address = listener.local_addr().map_err(BenchError::io("listen"))?;
        let counters = Arc::new(Counters::default());
        let routes = Router::new()
            .route("/oauth2/token", post(|| async { axum::Json(json!({"access_token": "bench", "expires_in": 3600})) }))
            .route(MATERIAL, get(session))
            .route(&format!("{CONFIRMATIONS}/ProductionOrderConfirmation"), post(book))
            .route(&format!("{CONFIRMATIONS}/$batch"), post(book_many))
            .with_state(Shared { counters: Arc::clone(&counters), answer });
        runtime.spawn(async move { axum::serve(listener, routes).await });
        Ok(Self { address, counters, _runtime: runtime })
    }
}

async fn session() -> impl IntoResponse {
    let mut headers = HeaderMap::new();
    headers.insert(HeaderName::from_static("x-csrf-token"), HeaderValue::from_static("bench"));
    headers.insert(HeaderName::from_static("set-cookie"), HeaderValue::from_static("SAP_SESSIONID=1; Path=/"));
    (headers, "{}")
}

async fn under_way(shared: &Shared) {
    let now = shared.counters.under_way.fetch_add(1, Ordering::Relaxed) + 1;
    shared.counters.most.fetch_max(now, Ordering::Relaxed);
    tokio::time::sleep(shared.answer).await;
    shared.counters.under_way.fetch_sub(1, Ordering::Relaxed);
}

fn booked(shared: &Shared, asked: &Value) -> Value {
    let number = shared.counters.booked.fetch_add(1, Ordering::Relaxed);
    json!({
        "ExternalSystemConfirmation": asked["ExternalSystemConfirmation"], "ConfirmationGroup": format!("{number:010}"), "ConfirmationCount": "00000001", "ConfirmationYear": "2026",
        "IsReversed": false, "IsReversal": false,
    })
}

async fn book(State(shared): State<Shared>, body: String) -> impl IntoResponse {
    under_way(&shared).await;
    let asked: Value = serde_json::from_str(&body).unwrap_or_default();
    (StatusCode::CREATED, axum::Json(booked(&shared, &asked)))
}

async fn book_many(State(shared): State<Shared>, body: String) -> impl IntoResponse {
    under_way(&shared).await;
    let asked: Value = serde_json::from_str(&body).unwrap_or_default();
    let responses: Vec<Value> = asked["requests"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|request| json!({"id": request["id"], "status": 201, "headers": {}, "body": booked(&shared, &request["body"])}))
        .collect();
    axum::Json(json!({ "responses": responses }))
}
