//! What a test tells the ERP and asks it, which no ERP would offer.

use std::collections::HashMap;
use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post, put};
use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::json;

use super::Shared;
use super::answer::Answer;
use crate::command::OrderKey;
use crate::engine::Treatment;
use crate::entry::{Change, Plan, StockCount};
use crate::erp::Outage;
use crate::faults::{Faults, Step};
use crate::state::{LineState, State as Books};

type Call = State<Arc<Shared>>;

pub(crate) fn router() -> Router<Arc<Shared>> {
    Router::new()
        .route("/ledger", get(ledger))
        .route("/admin/summary", get(summary))
        .route("/admin/lines", get(lines))
        .route("/admin/faults", put(faults).get(faults_now))
        .route("/admin/script", post(script).delete(script_ends))
        .route("/admin/orders", post(orders))
        .route("/admin/materials", post(materials))
        .route("/admin/stock", post(stock))
        .route("/admin/periods", post(periods))
        .route("/admin/locks", post(locks))
        .route("/admin/outage", post(outage))
        .route("/admin/clerk/book-parked", post(book_parked))
        .route("/admin/clerk/discard-parked", post(discard_parked))
        .route("/admin/clerk/cancel", post(cancel))
}

/// `GET /ledger?from=SEQ`: entries as JSON lines.
async fn ledger(State(shared): Call, RawQuery(query): RawQuery) -> Response {
    let from = form_urlencoded::parse(query.unwrap_or_default().as_bytes()).find(|(name, _)| name == "from").and_then(|(_, value)| value.parse().ok()).unwrap_or(0);
    if shared.erp.settled().await.is_err() {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    }
    match shared.erp.journal().lines(from) {
        Ok(lines) => json_lines(&lines),
        Err(error) => (StatusCode::INTERNAL_SERVER_ERROR, error.to_string()).into_response(),
    }
}

/// `GET /admin/lines`: every line as it stands, as JSON lines.
async fn lines(State(shared): Call) -> Response {
    let lines: Vec<String> = shared.erp.look(|state| state.lines().filter_map(|line| serde_json::to_string(&line).ok()).collect());
    if shared.erp.settled().await.is_err() {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    }
    json_lines(&lines)
}

fn json_lines(lines: &[String]) -> Response {
    let mut text = lines.join("\n");
    if !text.is_empty() {
        text.push('\n');
    }
    ([(CONTENT_TYPE, "application/jsonl")], text).into_response()
}

/// `GET /admin/summary`: counts.
async fn summary(State(shared): Call) -> Response {
    let body = shared.erp.look(|state| {
        let mut counts: HashMap<LineState, usize> = HashMap::new();
        state.line_states().for_each(|state| *counts.entry(state).or_default() += 1);
        let count = |wanted: LineState| counts.get(&wanted).copied().unwrap_or_default();
        json!({
            "entries": state.last_seq(),
            "keys_asked": state.attempts.len(),
            "attempts": state.attempts.values().map(|attempts| u64::from(*attempts)).sum::<u64>(),
            "faults": state.faults,
            "confirmations": state.confirmations().len(),
            "documents": state.documents().len(),
            "lines": {"booked": count(LineState::Booked), "parked": count(LineState::Parked), "cancelled": count(LineState::Cancelled), "discarded": count(LineState::Discarded)},
        })
    });
    Answer::json(StatusCode::OK, &body).into_response()
}

async fn faults_now(State(shared): Call) -> Response {
    Answer::json(StatusCode::OK, &shared.erp.faults()).into_response()
}

async fn faults(State(shared): Call, body: Bytes) -> Response {
    told(&body, |faults: Faults| {
        faults.check().map_err(|error| error.to_string())?;
        shared.erp.set_faults(faults);
        Ok(1)
    })
}

async fn script(State(shared): Call, body: Bytes) -> Response {
    told(&body, |step: Step| {
        shared.erp.script(|script| script.add(step));
        Ok(1)
    })
}

async fn script_ends(State(shared): Call) -> Response {
    shared.erp.script(crate::faults::Script::clear);
    StatusCode::NO_CONTENT.into_response()
}

async fn orders(State(shared): Call, body: Bytes) -> Response {
    told(&body, |plans: Vec<Plan>| Ok(changed(&shared, plans.into_iter().map(|plan| Change::Order(Box::new(plan))).collect())))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct MaterialRow {
    plant: String,
    material: String,
    /// Gone for so long, if given; there if not.
    missing_for_ms: Option<u64>,
}

async fn materials(State(shared): Call, body: Bytes) -> Response {
    told(&body, |materials: Vec<MaterialRow>| {
        let change = |row: MaterialRow| match row.missing_for_ms {
            None => Change::Material { plant: row.plant, material: row.material },
            Some(ms) => Change::MaterialLost { plant: row.plant, material: row.material, until: in_ms(ms) },
        };
        Ok(changed(&shared, materials.into_iter().map(change).collect()))
    })
}

async fn stock(State(shared): Call, body: Bytes) -> Response {
    told(&body, |counts: Vec<StockCount>| Ok(changed(&shared, counts.into_iter().map(Change::Stock).collect())))
}

#[derive(Deserialize)]
#[serde(untagged, deny_unknown_fields)]
enum Periods {
    Open { open_from: String, open_to: String },
    Closed { closed_for_ms: u64, plant: Option<String>, period: Option<String> },
}

async fn periods(State(shared): Call, body: Bytes) -> Response {
    told(&body, |periods: Periods| {
        let change = match periods {
            Periods::Open { open_from, open_to } => Change::PeriodsOpen { from: open_from, to: open_to },
            Periods::Closed { closed_for_ms, plant, period } => Change::PeriodClosed { plant, period, until: in_ms(closed_for_ms) },
        };
        Ok(changed(&shared, vec![change]))
    })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LockFor {
    plant: String,
    order: String,
    for_ms: u64,
}

async fn locks(State(shared): Call, body: Bytes) -> Response {
    told(&body, |lock: LockFor| {
        let order = OrderKey { plant: lock.plant, order: lock.order };
        Ok(changed(&shared, vec![Change::Locked { order, until: in_ms(lock.for_ms), user: "PLANNER".to_owned() }]))
    })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct OutageFor {
    for_ms: u64,
    kind: Outage,
}

async fn outage(State(shared): Call, body: Bytes) -> Response {
    told(&body, |outage: OutageFor| {
        shared.erp.set_outage((outage.for_ms > 0).then(|| (in_ms(outage.for_ms), outage.kind)));
        Ok(1)
    })
}

/// What a clerk is to look at: keys, or lines, that begin so.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Which {
    key: String,
    document: String,
    year: i16,
}

async fn book_parked(State(shared): Call, body: Bytes) -> Response {
    told(&body, |which: Which| Ok(shared.erp.clerk(&which.key, true, Timestamp::now())))
}

async fn discard_parked(State(shared): Call, body: Bytes) -> Response {
    told(&body, |which: Which| Ok(shared.erp.clerk(&which.key, false, Timestamp::now())))
}

async fn cancel(State(shared): Call, body: Bytes) -> Response {
    told(&body, |which: Which| {
        let commands = shared.erp.look(|state| standing(state, &which));
        let now = Timestamp::now();
        commands.iter().try_for_each(|command| shared.erp.book(command, Treatment::default(), None, now).map(drop)).map_err(|refusal| refusal.to_string())?;
        Ok(commands.len())
    })
}

/// What takes back everything with that key, or that document.
fn standing(state: &Books, which: &Which) -> Vec<crate::command::Command> {
    use crate::command::{Command, DocumentNumber};
    let key = String::new;
    if let Ok(number) = which.document.parse() {
        return vec![Command::CancelDocument { number: DocumentNumber { year: which.year, number }, item: None, posting_date: None, key: key() }];
    }
    if which.key.is_empty() {
        return Vec::new();
    }
    let confirmations =
        state.confirmations().iter().filter(|record| record.confirmation.key.starts_with(&which.key) && record.reverses.is_none() && record.reversed_by.is_none());
    let documents = state.documents().iter().filter(|record| record.header.key.starts_with(&which.key) && !record.is_reversal());
    let standing = documents.filter(|record| record.lines.iter().any(|line| line.state() == LineState::Booked));
    confirmations
        .map(|record| Command::CancelConfirmation { number: record.number, posting_date: None, key: key() })
        .chain(standing.filter_map(|record| Some(Command::CancelDocument { number: record.number?, item: None, posting_date: None, key: key() })))
        .collect()
}

fn changed(shared: &Shared, changes: Vec<Change>) -> usize {
    let count = changes.len();
    shared.erp.change(changes, Timestamp::now());
    count
}

fn in_ms(ms: u64) -> Timestamp {
    Timestamp::now().checked_add(SignedDuration::from_millis(i64::try_from(ms).unwrap_or(i64::MAX))).unwrap_or(Timestamp::MAX)
}

/// Does what a body says, and answers how often it did so.
fn told<T: DeserializeOwned>(body: &[u8], act: impl FnOnce(T) -> Result<usize, String>) -> Response {
    let body = if body.is_empty() { b"{}" } else { body };
    match serde_json::from_slice(body).map_err(|error| error.to_string()).and_then(act) {
        Ok(count) => Answer::json(StatusCode::OK, &json!({"done": count})).into_response(),
        Err(reason) => (StatusCode::BAD_REQUEST, format!("{reason}\n")).into_response(),
    }
}
