//! A page for people: orders, what was booked for them, and the ledger's end.

mod html;

use std::fmt::Write as _;
use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::http::header::{CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use jiff::Timestamp;

use self::html::{Escaped, link, page, table};
use super::Shared;
use crate::command::OrderKey;
use crate::entry::Fate;
use crate::quantity::Quantity;
use crate::state::{DocumentRecord, LineRecord, LineState, OrderRecord, State as Books, confirmation_text};

/// Rows that a page shows at most.
const MAX_ROWS: usize = 500;
/// Entries of the ledger that are shown.
const LEDGER_ROWS: u64 = 200;

type Call = State<Arc<Shared>>;

pub(crate) fn router() -> Router<Arc<Shared>> {
    Router::new().route("/", get(orders)).route("/orders/{plant}/{order}", get(order)).route("/documents/{index}", get(document)).route("/ledger.html", get(ledger))
}

async fn orders(State(shared): Call) -> Response {
    let now = Timestamp::now();
    let outage = shared.erp.outage(now);
    let body = shared.erp.look(|state| {
        let rows: Vec<Vec<String>> = state.orders().iter().take(MAX_ROWS).map(|(key, record)| order_row(state, key, record, now)).collect();
        let mut body = totals(state);
        if outage.is_some() {
            body.push_str("<p class=bad>The ERP is down.</p>");
        }
        if state.orders().len() > MAX_ROWS {
            let _ = write!(body, "<p>The first {MAX_ROWS} of {} orders.</p>", state.orders().len());
        }
        body + &table(&["Plant", "Order", "Confirmations", "Yield", "Documents", "Lines booked", "Parked", "Cancelled", ""], &rows)
    });
    shown(page("Orders", &body))
}

async fn order(State(shared): Call, Path((plant, order)): Path<(String, String)>) -> Response {
    let key = OrderKey { plant, order };
    let body = shared.erp.look(|state| state.orders().get(&key).map(|record| order_body(state, record)));
    body.map_or_else(missing, |body| shown(page(&format!("Order {} in {}", key.order, key.plant), &body)))
}

async fn document(State(shared): Call, Path(index): Path<usize>) -> Response {
    let found = shared.erp.look(|state| state.documents().get(index).map(|record| (name(record), document_body(record))));
    found.map_or_else(missing, |(name, body)| shown(page(&name, &body)))
}

async fn ledger(State(shared): Call) -> Response {
    let from = shared.erp.look(Books::last_seq).saturating_sub(LEDGER_ROWS) + 1;
    match shared.erp.journal().lines(from) {
        Ok(lines) => {
            let text: String = lines.iter().rev().fold(String::new(), |mut text, line| {
                let _ = writeln!(text, "{}", Escaped(line));
                text
            });
            shown(page("Ledger", &format!("<p>The last entries, newest first. All of it: {}</p><pre>{text}</pre>", link("/ledger", "/ledger"))))
        }
        Err(error) => (StatusCode::INTERNAL_SERVER_ERROR, error.to_string()).into_response(),
    }
}

fn order_row(state: &Books, key: &OrderKey, record: &OrderRecord, now: Timestamp) -> Vec<String> {
    let count = |wanted: LineState| lines(state, record).filter(|line| line.state() == wanted && line.reverses.is_none()).count().to_string();
    let yields = record.confirmations.iter().map(|index| &state.confirmations()[*index]).filter(|own| own.reverses.is_none() && own.reversed_by.is_none());
    let total = yields.clone().next_back().map_or_else(String::new, |last| {
        // The yield of the operation that was confirmed last: operations one after another make the same pieces.
        let same = yields.filter(|own| own.confirmation.operation == last.confirmation.operation);
        let sum = same.fold(Quantity::default(), |sum, own| sum + &own.confirmation.r#yield);
        format!("{sum} {}", Escaped(&last.confirmation.unit))
    });
    let address = format!("/orders/{}/{}", html::segment(&key.plant), html::segment(&key.order));
    vec![
        Escaped(&key.plant).to_string(),
        link(&address, &key.order),
        record.confirmations.len().to_string(),
        total,
        record.documents.len().to_string(),
        count(LineState::Booked),
        count(LineState::Parked),
        count(LineState::Cancelled),
        state.lock(key, now).map_or_else(String::new, |lock| format!("<span class=bad>open by {}</span>", Escaped(&lock.user))),
    ]
}

fn lines<'s>(state: &'s Books, record: &'s OrderRecord) -> impl Iterator<Item = &'s LineRecord> {
    record.documents.iter().flat_map(|index| &state.documents()[*index].lines)
}

fn totals(state: &Books) -> String {
    let faults: u64 = state.faults.values().sum();
    format!(
        "<p>{} orders, {} confirmations, {} material documents, {} movements parked; {} requests to book met {faults} faults.</p>",
        state.orders().len(),
        state.confirmations().len(),
        state.documents().len(),
        state.parked().len(),
        state.attempts.values().map(|attempts| u64::from(*attempts)).sum::<u64>(),
    )
}

fn order_body(state: &Books, record: &OrderRecord) -> String {
    let confirmations: Vec<Vec<String>> = record
        .confirmations
        .iter()
        .map(|index| &state.confirmations()[*index])
        .map(|own| {
            let confirmation = &own.confirmation;
            let unit = Escaped(&confirmation.unit).to_string();
            vec![
                confirmation_text(own.number),
                Escaped(&confirmation.operation).to_string(),
                confirmation.r#yield.to_string(),
                confirmation.scrap.to_string(),
                confirmation.rework.to_string(),
                unit,
                if confirmation.is_final { "yes" } else { "" }.to_owned(),
                confirmation.posting_date.to_string(),
                Escaped(&confirmation.key).to_string(),
                match (own.reverses, own.reversed_by) {
                    (Some(number), _) => format!("takes back {}", confirmation_text(number)),
                    (None, Some(number)) => format!("<span class=bad>taken back by {}</span>", confirmation_text(number)),
                    (None, None) => "booked".to_owned(),
                },
            ]
        })
        .collect();
    let mut body = format!(
        "<h2>Confirmations</h2>{}<h2>Material documents</h2>",
        table(&["Confirmation", "Operation", "Yield", "Scrap", "Rework", "Unit", "Final", "Posting date", "Key", ""], &confirmations)
    );
    for index in &record.documents {
        let own = &state.documents()[*index];
        let _ = write!(body, "<h3>{}</h3>{}", link(&format!("/documents/{index}"), &name(own)), document_body(own));
    }
    body
}

fn name(record: &DocumentRecord) -> String {
    record.number.map_or_else(|| "Parked document".to_owned(), |number| format!("Document {}/{}", number.number, number.year))
}

fn document_body(record: &DocumentRecord) -> String {
    let header = &record.header;
    let rows: Vec<Vec<String>> = record.lines.iter().map(line_row).collect();
    let columns = ["Item", "Movement", "Material", "Batch", "Quantity", "Unit", "Storage", "Reservation", "Key of the line", ""];
    format!("<p>Posting date {}, key {}</p>{}", header.posting_date, Escaped(&header.key), table(&columns, &rows))
}

fn line_row(line: &LineRecord) -> Vec<String> {
    let movement = &line.movement;
    let text = |text: &str| Escaped(text).to_string();
    let state = match (&line.fate, line.reversed_by) {
        (Fate::Booked { .. }, None) => "booked".to_owned(),
        (Fate::Booked { .. }, Some(by)) => format!("<span class=bad>taken back by {}</span>", by.document.number),
        (Fate::Parked { reason, .. }, _) => format!("<span class=bad>parked: {}</span>", Escaped(reason)),
        (Fate::Discarded { .. }, _) => "<span class=bad>given up</span>".to_owned(),
    };
    vec![
        line.number().map(|number| format!("{}/{}", number.document.number, number.item)).unwrap_or_default(),
        text(&movement.movement_type),
        text(&movement.material),
        text(&movement.batch),
        movement.quantity.to_string(),
        text(&movement.unit),
        text(&movement.storage_location),
        if movement.reservation.is_empty() { String::new() } else { text(&format!("{}/{}", movement.reservation, movement.reservation_item)) },
        text(&movement.text),
        state,
    ]
}

fn shown(page: String) -> Response {
    // Nothing of what others sent can run, even if it were not escaped.
    ([(CONTENT_TYPE, "text/html; charset=utf-8"), (CONTENT_SECURITY_POLICY, "default-src 'none'; style-src 'unsafe-inline'")], page).into_response()
}

fn missing() -> Response {
    (StatusCode::NOT_FOUND, [(CONTENT_TYPE, "text/html; charset=utf-8")], page("Not found", "<p>There is no such thing.</p>")).into_response()
}
