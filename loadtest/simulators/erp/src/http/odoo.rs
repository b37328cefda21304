//! The Odoo-like dialect: plain JSON, an API key, names and errors of its own.

mod requests;
mod shapes;

use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{ConnectInfo, Path, RawQuery, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use axum::routing::{get, post};
use serde_json::json;

pub(crate) use shapes::{found, receipt, refusal, trouble};

use super::Shared;
use super::answer::Answer;
use super::calls::{self, Outcome};
use super::query::{Condition, Query, What};
use super::wire::Wire;
use crate::refusal::Refusal;

const REPORTS: &str = "work_order_reports";
const TRANSFERS: &str = "stock_transfers";

type Call = State<Arc<Shared>>;

pub(crate) fn router() -> Router<Arc<Shared>> {
    Router::new()
        .route("/api/v1/{collection}", get(list).post(create))
        .route("/api/v1/{collection}/{id}", get(one))
        .route("/api/v1/{collection}/{id}/cancel", post(cancel))
}

async fn list(State(shared): Call, ConnectInfo(wire): ConnectInfo<Wire>, Path(collection): Path<String>, RawQuery(query): RawQuery, headers: HeaderMap) -> Response {
    if let Some(outcome) = gate(&shared, &headers) {
        return outcome.deliver(&wire).await;
    }
    let query = conditions(query.as_deref().unwrap_or("")).and_then(|conditions| Ok(Query { what: kind(&collection)?, single: false, conditions, expanded: true }));
    look(&shared, query).await.deliver(&wire).await
}

async fn one(State(shared): Call, ConnectInfo(wire): ConnectInfo<Wire>, Path((collection, id)): Path<(String, String)>, headers: HeaderMap) -> Response {
    if let Some(outcome) = gate(&shared, &headers) {
        return outcome.deliver(&wire).await;
    }
    let query = kind(&collection).and_then(|what| Ok(Query { what, single: true, conditions: vec![Condition::Index(id.clone(), index(&id)?)], expanded: true }));
    look(&shared, query).await.deliver(&wire).await
}

async fn create(State(shared): Call, ConnectInfo(wire): ConnectInfo<Wire>, Path(collection): Path<String>, headers: HeaderMap, body: Bytes) -> Response {
    if let Some(outcome) = gate(&shared, &headers) {
        return outcome.deliver(&wire).await;
    }
    let outcome = match kind(&collection).and_then(|what| requests::command(what, &body)) {
        Ok(command) => calls::post(&shared, command, None).await,
        Err(refused) => Outcome::whole(refusal(&refused)),
    };
    outcome.deliver(&wire).await
}

async fn cancel(State(shared): Call, ConnectInfo(wire): ConnectInfo<Wire>, Path((collection, id)): Path<(String, String)>, headers: HeaderMap, body: Bytes) -> Response {
    if let Some(outcome) = gate(&shared, &headers) {
        return outcome.deliver(&wire).await;
    }
    let command = kind(&collection).and_then(|what| shared.erp.look(|state| requests::cancel(state, what, index(&id)?, &body)));
    let outcome = match command {
        Ok(command) => calls::post(&shared, command, None).await,
        Err(refused) => Outcome::whole(refusal(&refused)),
    };
    outcome.deliver(&wire).await
}

async fn look(shared: &Arc<Shared>, query: Result<Query, Refusal>) -> Outcome {
    match query {
        Ok(query) => calls::read(shared, &query).await,
        Err(refused) => Outcome::whole(refusal(&refused)),
    }
}

fn gate(shared: &Shared, headers: &HeaderMap) -> Option<Outcome> {
    let known = headers.get("x-api-key").is_some_and(|key| key.as_bytes() == shared.options.api_key.as_bytes());
    let unknown = || Outcome::whole(Answer::json(StatusCode::UNAUTHORIZED, &json!({"error": "invalid_api_key", "detail": "The API key is missing or not known."})));
    calls::outage(shared).or_else(|| (!known).then(unknown))
}

fn kind(collection: &str) -> Result<What, Refusal> {
    match collection {
        REPORTS => Ok(What::Confirmations),
        TRANSFERS => Ok(What::Documents),
        _ => Err(Refusal::NotFound),
    }
}

/// Ids count from 1.
fn index(id: &str) -> Result<usize, Refusal> {
    id.parse::<usize>().ok().and_then(|id| id.checked_sub(1)).ok_or(Refusal::NotFound)
}

fn conditions(query: &str) -> Result<Vec<Condition>, Refusal> {
    let condition = |(name, value): (std::borrow::Cow<'_, str>, std::borrow::Cow<'_, str>)| match name.as_ref() {
        "external_ref" => Ok(Condition::Key(value.into_owned())),
        "line_ref" => Ok(Condition::LineText(value.into_owned())),
        "production" => Ok(Condition::Order(value.into_owned())),
        "company" => Ok(Condition::Plant(value.into_owned())),
        other => Err(Refusal::malformed(other, format!("{other} is not searchable"))),
    };
    form_urlencoded::parse(query.as_bytes()).map(condition).collect()
}
