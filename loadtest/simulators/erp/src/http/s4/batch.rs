//! JSON batches: several requests in one, each on its own.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{ConnectInfo, State};
use axum::http::{HeaderMap, Method, StatusCode};
use axum::response::Response;
use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Value, json};

use super::super::Shared;
use super::super::answer::Answer;
use super::super::calls::{self, Delivery, Outcome};
use super::super::wire::Wire;
use super::{booked, filter, gate, refusal};
use crate::refusal::Refusal;

/// Requests in a batch at most.
const MAX_REQUESTS: usize = 50;

#[derive(Debug, Deserialize)]
struct Batch {
    requests: Vec<Part>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Part {
    id: String,
    method: String,
    url: String,
    #[serde(rename = "headers")]
    _headers: Option<Value>,
    body: Option<Box<RawValue>>,
    atomicity_group: Option<String>,
}

/// `POST $batch`.
pub(super) async fn handle(State(shared): State<Arc<Shared>>, ConnectInfo(wire): ConnectInfo<Wire>, headers: HeaderMap, body: Bytes) -> Response {
    if let Some(outcome) = gate(&shared, &headers, true) {
        return outcome.deliver(&wire).await;
    }
    let batch = serde_json::from_slice::<Batch>(&body).map_err(|error| Refusal::malformed("", error.to_string()));
    let outcome = match batch.and_then(check) {
        Ok(batch) => answered(&shared, batch).await,
        Err(refused) => Outcome::whole(refusal(&refused)),
    };
    outcome.deliver(&wire).await
}

fn check(batch: Batch) -> Result<Batch, Refusal> {
    if batch.requests.is_empty() || batch.requests.len() > MAX_REQUESTS {
        return Err(Refusal::malformed("requests", format!("a batch has 1 to {MAX_REQUESTS} requests")));
    }
    if batch.requests.iter().any(|part| part.atomicity_group.is_some()) {
        return Err(Refusal::malformed("atomicityGroup", "requests are each on their own here"));
    }
    Ok(batch)
}

/// Answers in order. Each request meets its own fault; one whose answer does not arrive takes the whole batch's with it.
async fn answered(shared: &Arc<Shared>, batch: Batch) -> Outcome {
    let (mut responses, mut delivery) = (Vec::new(), Delivery::Whole);
    for part in batch.requests {
        let outcome = one(shared, &part).await;
        if delivery == Delivery::Whole {
            delivery = outcome.delivery;
        }
        let headers: serde_json::Map<String, Value> = outcome.answer.headers.iter().map(|(name, value)| (name.to_string(), value.clone().into())).collect();
        let body: Value = serde_json::from_str(&outcome.answer.body).unwrap_or(Value::Null);
        responses.push(json!({"id": part.id, "status": outcome.answer.status.as_u16(), "headers": headers, "body": body}));
    }
    Outcome { answer: Answer::json(StatusCode::OK, &json!({"responses": responses})), delivery }
}

async fn one(shared: &Arc<Shared>, part: &Part) -> Outcome {
    let body = part.body.as_deref().map_or(&b""[..], |body| body.get().as_bytes());
    if part.method == Method::POST.as_str() {
        let (entity, action) = part.url.split_once('/').map_or((part.url.as_str(), None), |(entity, action)| (entity, Some(action)));
        return booked(shared, entity, action, None, body).await;
    }
    let (entity, query) = part.url.split_once('?').unwrap_or((&part.url, ""));
    match filter::query(entity, query) {
        Ok(query) if part.method == Method::GET.as_str() => calls::read(shared, &query).await,
        Ok(_) => Outcome::whole(refusal(&Refusal::malformed("method", format!("{} is not supported", part.method)))),
        Err(refused) => Outcome::whole(refusal(&refused)),
    }
}
