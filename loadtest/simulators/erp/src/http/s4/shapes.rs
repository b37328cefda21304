//! Answers.

use axum::http::StatusCode;
use axum::http::header::LOCATION;
use serde_json::{Map, Value, json};

use super::super::answer::Answer;
use super::super::calls::Trouble;
use super::super::query::{Condition, Query, What};
use super::{CONFIRMATION, CONFIRMATIONS, DOCUMENT, DOCUMENTS};
use crate::command::ItemNumber;
use crate::entry::Fate;
use crate::refusal::Refusal;
use crate::state::{ConfirmationRecord, DocumentRecord, LineRecord, Receipt, State};

/// What was booked.
pub(crate) fn receipt(state: &State, receipt: Receipt) -> Answer {
    match receipt {
        Receipt::Confirmation(index) => {
            let record = &state.confirmations()[index];
            let number = record.number;
            let location = format!("{CONFIRMATIONS}/{CONFIRMATION}(ConfirmationGroup='{:010}',ConfirmationCount='{:08}')", number.group, number.count);
            Answer::json(StatusCode::CREATED, &confirmation(state, record, true)).with(LOCATION, location)
        }
        Receipt::Document(index) => {
            let record = &state.documents()[index];
            let answer = Answer::json(StatusCode::CREATED, &document(record, true));
            match record.number {
                Some(number) => {
                    answer.with(LOCATION, format!("{DOCUMENTS}/{DOCUMENT}(MaterialDocumentYear='{:04}',MaterialDocument='{:010}')", number.year, number.number))
                }
                None => answer,
            }
        }
    }
}

/// What was found.
pub(crate) fn found(state: &State, query: &Query, indices: &[usize]) -> Answer {
    let mut values: Vec<Value> = match query.what {
        What::Confirmations => indices.iter().map(|index| confirmation(state, &state.confirmations()[*index], query.expanded)).collect(),
        What::Documents => indices.iter().map(|index| document(&state.documents()[*index], query.expanded)).collect(),
        What::Lines => indices.iter().flat_map(|index| &state.documents()[*index].lines).filter(|line| shown(query, line)).map(item).collect(),
    };
    if !query.single {
        let set = match query.what {
            What::Confirmations => CONFIRMATION,
            What::Documents => DOCUMENT,
            What::Lines => super::ITEM,
        };
        return Answer::json(StatusCode::OK, &json!({"@odata.context": format!("$metadata#{set}"), "value": values}));
    }
    if values.is_empty() { refusal(&Refusal::NotFound) } else { Answer::json(StatusCode::OK, &values.swap_remove(0)) }
}

/// Whether a line of a document that was found is itself what was looked for.
fn shown(query: &Query, line: &LineRecord) -> bool {
    query.conditions.iter().all(|condition| match condition {
        Condition::LineText(text) => line.movement.text == *text,
        Condition::Order(order) => line.movement.order == *order,
        Condition::Plant(plant) => line.movement.plant == *plant,
        Condition::Document(_, number) => line.number().is_some_and(|own| own.document == *number),
        _ => true,
    })
}

/// Why nothing was booked.
pub(crate) fn refusal(refusal: &Refusal) -> Answer {
    let (status, code, target) = match refusal {
        Refusal::OrderLocked { .. } => (StatusCode::BAD_REQUEST, "CO/469", "OrderID"),
        Refusal::PeriodClosed { .. } => (StatusCode::BAD_REQUEST, "M7/053", "PostingDate"),
        Refusal::MaterialUnknown { .. } => (StatusCode::BAD_REQUEST, "M3/305", "Material"),
        Refusal::OrderUnknown { .. } => (StatusCode::BAD_REQUEST, "CO/017", "OrderID"),
        Refusal::OperationUnknown { .. } => (StatusCode::BAD_REQUEST, "RU/013", "OrderOperation"),
        Refusal::OverDelivery { .. } => (StatusCode::BAD_REQUEST, "RU/505", ""),
        Refusal::StockDeficit { .. } => (StatusCode::BAD_REQUEST, "M7/021", "QuantityInEntryUnit"),
        Refusal::MovementNotAllowed { .. } => (StatusCode::BAD_REQUEST, "M7/306", "GoodsMovementType"),
        Refusal::ConfirmationCancelled(_) => (StatusCode::BAD_REQUEST, "RU/122", ""),
        Refusal::DocumentCancelled(_) => (StatusCode::BAD_REQUEST, "M7/066", ""),
        Refusal::NotFound => (StatusCode::NOT_FOUND, "/IWBEP/CM_V4_RUN/020", ""),
        Refusal::Malformed { field, .. } => (StatusCode::BAD_REQUEST, "/IWBEP/CM_V4_COS/014", field.as_str()),
    };
    error(status, code, &refusal.to_string(), target)
}

/// Why nothing can be said.
pub(crate) fn trouble(trouble: Trouble) -> Answer {
    match trouble {
        Trouble::Internal => error(StatusCode::INTERNAL_SERVER_ERROR, "SY/530", "Internal error", ""),
        // Of what stands before the application, which has no words of its own.
        Trouble::RateLimited => Answer::empty(StatusCode::TOO_MANY_REQUESTS),
        Trouble::Unavailable => Answer::empty(StatusCode::SERVICE_UNAVAILABLE),
    }
}

fn error(status: StatusCode, code: &str, message: &str, target: &str) -> Answer {
    let detail = json!({"code": code, "message": message, "@SAP__common.numericSeverity": 4});
    Answer::json(status, &json!({"error": {"code": code, "message": message, "target": target, "details": [detail]}}))
}

fn confirmation(state: &State, record: &ConfirmationRecord, expanded: bool) -> Value {
    let own = &record.confirmation;
    let document = record.document.map(|index| &state.documents()[index]);
    let number = document.and_then(|document| document.number);
    let mut value = json!({
        "ConfirmationGroup": format!("{:010}", record.number.group),
        "ConfirmationCount": format!("{:08}", record.number.count),
        "ConfirmationYear": format!("{:04}", own.posting_date.year()),
        "OrderID": own.order.order,
        "OrderOperation": own.operation,
        "Plant": own.order.plant,
        "ConfirmationYieldQuantity": own.r#yield,
        "ConfirmationScrapQuantity": own.scrap,
        "ConfirmationReworkQuantity": own.rework,
        "ConfirmationUnit": own.unit,
        "IsFinalConfirmation": own.is_final,
        "OpenReservationsIsCleared": own.clears_reservations,
        "APIConfHasNoGoodsMovements": own.has_no_goods_movements,
        "PostingDate": own.posting_date,
        "ConfirmationText": own.text,
        "ExternalSystemConfirmation": dashed(&own.key),
        "IsReversed": record.reversed_by.is_some(),
        "IsReversal": record.reverses.is_some(),
        "CancldConfirmationCount": format!("{:08}", record.reverses.map_or(0, |number| number.count)),
        "MaterialDocument": number.map(|number| format!("{:010}", number.number)).unwrap_or_default(),
        "MaterialDocumentYear": format!("{:04}", number.map_or(0, |number| number.year)),
    });
    if expanded {
        let items: Vec<Value> = document.iter().flat_map(|document| &document.lines).map(item).collect();
        set(&mut value, "to_ProdnOrdConfMatlDocItm", items.into());
    }
    value
}

fn document(record: &DocumentRecord, expanded: bool) -> Value {
    let parked = record.lines.iter().find_map(|line| if let Fate::Parked { parked, .. } | Fate::Discarded { parked } = line.fate { Some(parked) } else { None });
    let mut value = json!({
        "MaterialDocument": record.number.map(|number| format!("{:010}", number.number)).unwrap_or_default(),
        "MaterialDocumentYear": format!("{:04}", record.number.map_or(0, |number| number.year)),
        "ParkedHeaderID": parked.filter(|_| record.number.is_none()).map(|parked| format!("P{parked:010}")).unwrap_or_default(),
        "GoodsMovementCode": record.header.goods_movement_code,
        "PostingDate": record.header.posting_date,
        "DocumentDate": record.header.document_date,
        "ReferenceDocument": record.header.reference,
        "MaterialDocumentHeaderText": record.header.key,
    });
    if expanded {
        let items: Vec<Value> = record.lines.iter().map(item).collect();
        set(&mut value, "to_MaterialDocumentItem", items.into());
    }
    value
}

fn item(line: &LineRecord) -> Value {
    let movement = &line.movement;
    let (parked, reason) = match &line.fate {
        Fate::Parked { parked, reason } => (Some(*parked), Some(json!({"code": "M7/021", "message": reason}))),
        Fate::Discarded { parked } => (Some(*parked), None),
        Fate::Booked { .. } => (None, None),
    };
    let mut value = json!({
        "Material": movement.material,
        "Plant": movement.plant,
        "StorageLocation": movement.storage_location,
        "Batch": movement.batch,
        "GoodsMovementType": movement.movement_type,
        "GoodsMovementRefDocType": movement.reference_type,
        "ManufacturingOrder": movement.order,
        "Reservation": movement.reservation,
        "ReservationItem": movement.reservation_item,
        "EntryUnit": movement.unit,
        "QuantityInEntryUnit": movement.quantity,
        "MaterialDocumentItemText": movement.text,
        "GoodsMovementIsCancelled": line.reversed_by.is_some(),
        "GoodsMovementIsParked": matches!(line.fate, Fate::Parked { .. }),
        "GoodsMovementIsDiscarded": matches!(line.fate, Fate::Discarded { .. }),
        "ParkedMovementID": parked.map(|parked| format!("P{parked:010}")).unwrap_or_default(),
        "ParkedReason": reason,
    });
    numbered(&mut value, "", line.number());
    numbered(&mut value, "Reversed", line.reverses);
    value
}

fn numbered(value: &mut Value, prefix: &str, number: Option<ItemNumber>) {
    let document = number.map(|number| format!("{:010}", number.document.number)).unwrap_or_default();
    set(value, &format!("{prefix}MaterialDocument"), document.into());
    set(value, &format!("{prefix}MaterialDocumentYear"), format!("{:04}", number.map_or(0, |number| number.document.year)).into());
    set(value, &format!("{prefix}MaterialDocumentItem"), format!("{:04}", number.map_or(0, |number| number.item)).into());
}

fn set(value: &mut Value, name: &str, to: Value) {
    if let Some(object) = value.as_object_mut() {
        Map::insert(object, name.to_owned(), to);
    }
}

/// A key as a GUID; the one of zeros for none.
fn dashed(key: &str) -> String {
    let key = format!("{key:0<32}");
    let groups: Option<Vec<&str>> = [0..8, 8..12, 12..16, 16..20, 20..32].into_iter().map(|group| key.get(group)).collect();
    groups.map_or_else(|| key.clone(), |groups| groups.join("-"))
}
