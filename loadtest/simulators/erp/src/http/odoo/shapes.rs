//! Answers.

use axum::http::StatusCode;
use serde::Serialize;
use serde_json::json;
use serde_json::value::RawValue;

use super::super::answer::Answer;
use super::super::calls::Trouble;
use super::super::query::{Query, What};
use crate::entry::Fate;
use crate::movement;
use crate::quantity::Quantity;
use crate::refusal::Refusal;
use crate::state::{ConfirmationRecord, DocumentRecord, LineRecord, LineState, Receipt, State};

#[derive(Serialize)]
struct Report<'s> {
    id: usize,
    name: String,
    state: &'static str,
    external_ref: &'s str,
    company: &'s str,
    production: &'s str,
    work_order: &'s str,
    qty_produced: Box<RawValue>,
    qty_scrapped: Box<RawValue>,
    qty_reworked: Box<RawValue>,
    uom: &'s str,
    close: bool,
    date: String,
    note: &'s str,
    is_reversal: bool,
}

#[derive(Serialize)]
struct Transfer<'s> {
    id: usize,
    name: String,
    state: &'static str,
    external_ref: &'s str,
    date: String,
    effective_date: String,
    is_reversal: bool,
    moves: Vec<MovedLine<'s>>,
}

#[derive(Serialize)]
struct MovedLine<'s> {
    line_ref: &'s str,
    state: &'static str,
    move_id: Option<String>,
    picking: Option<String>,
    reason: Option<&'s str>,
    company: &'s str,
    production: &'s str,
    move_type: &'static str,
    product: &'s str,
    location: Option<&'s str>,
    lot: Option<&'s str>,
    qty: Box<RawValue>,
    uom: &'s str,
}

/// What was booked.
pub(crate) fn receipt(state: &State, receipt: Receipt) -> Answer {
    match receipt {
        Receipt::Confirmation(index) => Answer::json(StatusCode::OK, &Single { result: report(index, &state.confirmations()[index]) }),
        Receipt::Document(index) => Answer::json(StatusCode::OK, &Single { result: transfer(index, &state.documents()[index]) }),
    }
}

#[derive(Serialize)]
struct Single<T> {
    result: T,
}

#[derive(Serialize)]
struct Several<T> {
    count: usize,
    results: Vec<T>,
}

/// What was found.
pub(crate) fn found(state: &State, query: &Query, indices: &[usize]) -> Answer {
    match query.what {
        What::Confirmations => shown(query, indices.iter().map(|index| report(*index, &state.confirmations()[*index])).collect()),
        What::Documents | What::Lines => shown(query, indices.iter().map(|index| transfer(*index, &state.documents()[*index])).collect()),
    }
}

fn shown<T: Serialize>(query: &Query, mut results: Vec<T>) -> Answer {
    if !query.single {
        return Answer::json(StatusCode::OK, &Several { count: results.len(), results });
    }
    if results.is_empty() { refusal(&Refusal::NotFound) } else { Answer::json(StatusCode::OK, &Single { result: results.swap_remove(0) }) }
}

/// Why nothing was booked.
pub(crate) fn refusal(refusal: &Refusal) -> Answer {
    let (status, error) = match refusal {
        Refusal::OrderLocked { .. } => (StatusCode::CONFLICT, "record_locked"),
        Refusal::PeriodClosed { .. } => (StatusCode::UNPROCESSABLE_ENTITY, "period_closed"),
        Refusal::MaterialUnknown { .. } => (StatusCode::UNPROCESSABLE_ENTITY, "product_not_found"),
        Refusal::OrderUnknown { .. } | Refusal::OperationUnknown { .. } => (StatusCode::UNPROCESSABLE_ENTITY, "production_not_found"),
        Refusal::OverDelivery { .. } => (StatusCode::UNPROCESSABLE_ENTITY, "quantity_exceeded"),
        Refusal::StockDeficit { .. } => (StatusCode::UNPROCESSABLE_ENTITY, "insufficient_stock"),
        Refusal::MovementNotAllowed { .. } => (StatusCode::UNPROCESSABLE_ENTITY, "move_type_not_allowed"),
        Refusal::ConfirmationCancelled(_) | Refusal::DocumentCancelled(_) => (StatusCode::CONFLICT, "already_cancelled"),
        Refusal::NotFound => (StatusCode::NOT_FOUND, "not_found"),
        Refusal::Malformed { .. } => (StatusCode::BAD_REQUEST, "bad_request"),
    };
    let field = if let Refusal::Malformed { field, .. } = refusal { Some(field) } else { None };
    Answer::json(status, &json!({"error": error, "detail": refusal.to_string(), "field": field}))
}

/// Why nothing can be said.
pub(crate) fn trouble(trouble: Trouble) -> Answer {
    let (status, error) = match trouble {
        Trouble::Internal => (StatusCode::INTERNAL_SERVER_ERROR, "server_error"),
        Trouble::RateLimited => (StatusCode::TOO_MANY_REQUESTS, "rate_limited"),
        Trouble::Unavailable => (StatusCode::SERVICE_UNAVAILABLE, "unavailable"),
    };
    Answer::json(status, &json!({"error": error, "detail": "", "field": null}))
}

fn report(index: usize, record: &ConfirmationRecord) -> Report<'_> {
    let own = &record.confirmation;
    let id = index + 1;
    Report {
        id,
        name: format!("WR/{:04}/{id:05}", own.posting_date.year()),
        state: if record.reversed_by.is_some() { "cancelled" } else { "done" },
        external_ref: &own.key,
        company: &own.order.plant,
        production: &own.order.order,
        work_order: &own.operation,
        qty_produced: number(&own.r#yield),
        qty_scrapped: number(&own.scrap),
        qty_reworked: number(&own.rework),
        uom: &own.unit,
        close: own.is_final,
        date: own.posting_date.to_string(),
        note: &own.text,
        is_reversal: record.reverses.is_some(),
    }
}

fn transfer(index: usize, record: &DocumentRecord) -> Transfer<'_> {
    let id = index + 1;
    let states: Vec<LineState> = record.lines.iter().map(LineRecord::state).collect();
    let all = |wanted: LineState| states.iter().all(|state| *state == wanted);
    Transfer {
        id,
        name: format!("ST/{:04}/{id:05}", record.header.posting_date.year()),
        state: if all(LineState::Booked) {
            "done"
        } else if all(LineState::Parked) {
            "waiting"
        } else if all(LineState::Cancelled) {
            "cancelled"
        } else {
            "partial"
        },
        external_ref: &record.header.key,
        date: record.header.posting_date.to_string(),
        effective_date: record.header.document_date.to_string(),
        is_reversal: record.is_reversal(),
        moves: record.lines.iter().map(line).collect(),
    }
}

fn line(record: &LineRecord) -> MovedLine<'_> {
    let movement = &record.movement;
    let optional = |text: &str| !text.is_empty();
    MovedLine {
        line_ref: &movement.text,
        state: match record.state() {
            LineState::Booked => "done",
            LineState::Parked => "waiting",
            LineState::Cancelled => "cancelled",
            LineState::Discarded => "discarded",
        },
        move_id: record.number().map(|number| format!("{}/{}", number.document.number, number.item)),
        picking: record.number().map(|number| format!("ST/{:04}/{}", number.document.year, number.document.number)),
        reason: if let Fate::Parked { reason, .. } = &record.fate { Some(reason) } else { None },
        company: &movement.plant,
        production: &movement.order,
        move_type: movement::by_code(&movement.movement_type).and_then(|row| row.plain).unwrap_or(""),
        product: &movement.material,
        location: Some(movement.storage_location.as_str()).filter(|text| optional(text)),
        lot: Some(movement.batch.as_str()).filter(|text| optional(text)),
        qty: number(&movement.quantity),
        uom: &movement.unit,
    }
}

/// A quantity as a JSON number, digit by digit.
fn number(quantity: &Quantity) -> Box<RawValue> {
    // Plain digits, without zeros in front, are always a JSON number.
    RawValue::from_string(quantity.to_string()).unwrap_or_else(|_| RawValue::NULL.to_owned())
}
