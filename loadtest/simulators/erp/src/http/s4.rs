//! The S/4HANA-like dialect: `OData` v4 JSON.

mod access;
mod batch;
mod filter;
mod requests;
mod shapes;

use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{ConnectInfo, Path, RawQuery, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use serde_json::json;

pub(crate) use access::{Access, no_token};
pub(crate) use shapes::{found, receipt, refusal, trouble};

use super::Shared;
use super::answer::Answer;
use super::calls::{self, Outcome};
use super::query::{Query, What};
use super::wire::Wire;
use crate::refusal::Refusal;

/// Service root of confirmations.
pub const CONFIRMATIONS: &str = "/sap/opu/odata4/sap/api_prodnordconf/srvd_a2x/sap/productionorderconfirmation/0001";
/// Service root of material documents.
pub const DOCUMENTS: &str = "/sap/opu/odata4/sap/api_material_document/srvd_a2x/sap/materialdocument/0001";
/// Service root of orders.
pub const ORDERS: &str = "/sap/opu/odata4/sap/api_production_order/srvd_a2x/sap/productionorder/0001";

const CONFIRMATION: &str = "ProductionOrderConfirmation";
const DOCUMENT: &str = "MaterialDocumentHeader";
const ITEM: &str = "MaterialDocumentItem";

type Call = State<Arc<Shared>>;

pub(crate) fn router() -> Router<Arc<Shared>> {
    let mut router = Router::new().route("/oauth2/token", post(access::token));
    for root in [CONFIRMATIONS, DOCUMENTS, ORDERS] {
        let path = |rest: &str| format!("{root}{rest}");
        router = router
            .route(root, get(service))
            .route(&path("/"), get(service))
            .route(&path("/$batch"), post(batch::handle))
            .route(&path("/{entity}"), get(look).post(create))
            .route(&path("/{entity}/{action}"), post(act));
    }
    router
}

/// The service document, and a session with it if one is asked for.
async fn service(State(shared): Call, ConnectInfo(wire): ConnectInfo<Wire>, headers: HeaderMap) -> Response {
    if let Some(outcome) = gate(&shared, &headers, false) {
        return outcome.deliver(&wire).await;
    }
    let sets = [CONFIRMATION, DOCUMENT, ITEM].map(|name| json!({"name": name, "kind": "EntitySet", "url": name}));
    let answer = Answer::json(StatusCode::OK, &json!({"@odata.context": "$metadata", "value": sets}));
    shared.access.fetch(&headers, answer, shared.options.session_ttl).into_response()
}

async fn look(State(shared): Call, ConnectInfo(wire): ConnectInfo<Wire>, Path(entity): Path<String>, RawQuery(query): RawQuery, headers: HeaderMap) -> Response {
    if let Some(outcome) = gate(&shared, &headers, false) {
        return outcome.deliver(&wire).await;
    }
    let outcome = match filter::query(&entity, query.as_deref().unwrap_or("")) {
        Ok(query) => calls::read(&shared, &query).await,
        Err(refused) => Outcome::whole(refusal(&refused)),
    };
    outcome.deliver(&wire).await
}

async fn create(State(shared): Call, ConnectInfo(wire): ConnectInfo<Wire>, Path(entity): Path<String>, headers: HeaderMap, body: Bytes) -> Response {
    if let Some(outcome) = gate(&shared, &headers, true) {
        return outcome.deliver(&wire).await;
    }
    booked(&shared, &entity, None, request_id(&shared, &headers), &body).await.deliver(&wire).await
}

async fn act(State(shared): Call, ConnectInfo(wire): ConnectInfo<Wire>, Path((entity, action)): Path<(String, String)>, headers: HeaderMap, body: Bytes) -> Response {
    if let Some(outcome) = gate(&shared, &headers, true) {
        return outcome.deliver(&wire).await;
    }
    booked(&shared, &entity, Some(&action), request_id(&shared, &headers), &body).await.deliver(&wire).await
}

/// Books what a body asks for, at an entity set or as an action of an entity.
async fn booked(shared: &Arc<Shared>, entity: &str, action: Option<&str>, request_id: Option<String>, body: &[u8]) -> Outcome {
    let repeated = request_id.is_some();
    let mut outcome = match requests::command(entity, action, body) {
        Ok(command) => calls::post(shared, command, request_id).await,
        Err(refused) => Outcome::whole(refusal(&refused)),
    };
    if repeated {
        outcome.answer = outcome.answer.with(axum::http::HeaderName::from_static("repeatability-result"), "accepted");
    }
    outcome
}

/// What keeps a call out before the application sees it: an outage, no token, or no session where one is needed.
fn gate(shared: &Shared, headers: &HeaderMap, writes: bool) -> Option<Outcome> {
    calls::outage(shared).or_else(|| shared.access.refuses(headers, writes, shared.options.session_ttl).map(Outcome::whole))
}

/// The id under which a request may be repeated, where the ERP knows such.
fn request_id(shared: &Shared, headers: &HeaderMap) -> Option<String> {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    text("repeatability-first-sent")?;
    text("repeatability-request-id").filter(|_| shared.options.repeatable_requests).map(str::to_owned)
}

/// Whether a query is about something that stands at this entity set.
fn kind(set: &str) -> Result<What, Refusal> {
    match set {
        CONFIRMATION => Ok(What::Confirmations),
        DOCUMENT => Ok(What::Documents),
        ITEM => Ok(What::Lines),
        _ => Err(Refusal::NotFound),
    }
}

/// The fields that name an entity, as they stand in its address.
fn one(what: What, condition: super::query::Condition, expanded: bool) -> Query {
    Query { what, single: true, conditions: vec![condition], expanded }
}
