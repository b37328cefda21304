//! The story as an EPCIS 2.0 document in JSON-LD, for systems that trace goods: GS1 EPCIS 2.0 and CBV 2.0.
//!
//! What the order consumed and what it delivered are transformation events that share a `transformationID`; what went back to stock is an object event. An event that a
//! reversal takes back stands twice: as it was, and again under the same id with an error declaration, as EPCIS has it. Identifiers of GS1 are used where there are none:
//! items, lots, places and orders are URIs below a base of the user's.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use lineside_schemas::production::{ProductionFact, ProductionFactRecord};
use lineside_schemas::records::{Envelope, Quantity};
use lineside_schemas::unit::posting_digits;
use lineside_schemas::{Codec, Timestamp, contract};
use lineside_topology::topics::CANONICAL_PRODUCTION;
use serde_json::{Map, Value, json};

use super::TraceError;
use super::gather::{Gathered, unreadable};

/// GS1's JSON-LD context of EPCIS 2.0.
const CONTEXT: &str = "https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld";
/// Stands around amounts while the document is put together: they are numbers in the end, exact to the last digit.
const AMOUNT: char = '\u{1}';

/// The document.
///
/// # Errors
/// [`TraceError`] for an event that cannot be read, or where no event moved goods.
pub fn document(gathered: &Gathered, codec: &Codec, base: &str, now: Timestamp) -> Result<String, TraceError> {
    let uris = Uris { base, plant: &gathered.plant, order: &gathered.order };
    let mut events: Vec<(String, Value)> = Vec::new();
    let mut declared: BTreeMap<String, (Timestamp, String)> = BTreeMap::new();
    for kept in gathered.of_topic(CANONICAL_PRODUCTION.name()) {
        let event = codec.decode::<contract::ProductionEvent>(&kept.value).map_err(|error| unreadable(kept, error))?;
        let Ok(event) = ProductionFactRecord::try_from(event) else { continue };
        let id = uris.of("event", &[event.envelope.source, event.envelope.event_id]);
        if let Some(reversed) = reversed(&event.fact) {
            declared.insert(uris.of("event", &[event.envelope.source, reversed]), (event.envelope.source_time, id));
        } else if let Some(told) = told(&uris, &event, &id) {
            events.push((id, told));
        }
    }
    if events.is_empty() {
        return Err(TraceError::NothingToExport);
    }
    let mut list = Vec::new();
    for (id, event) in events {
        if let Some((time, _)) = declared.get(&id) {
            let mut wrong = event.clone();
            wrong["errorDeclaration"] = json!({ "declarationTime": time.to_string(), "reason": "did_not_occur" });
            list.push(event);
            list.push(wrong);
        } else {
            list.push(event);
        }
    }
    let document = json!({
        "@context": [CONTEXT],
        "id": uris.of("trace", &[&gathered.plant, &gathered.order]),
        "type": "EPCISDocument",
        "schemaVersion": "2.0",
        "creationDate": now.to_string(),
        "epcisBody": { "eventList": list },
    });
    let text = format!("{document:#}\n");
    let escaped = "\\u0001";
    Ok(text.replace(&format!("\"{escaped}"), "").replace(&format!("{escaped}\""), ""))
}

const fn reversed<'a>(fact: &ProductionFact<'a>) -> Option<&'a str> {
    match fact {
        ProductionFact::ConsumptionReversed(reversal) => Some(reversal.reversed_event_id),
        ProductionFact::FinishedGoodsReversed(reversal) => Some(reversal.reversed_event_id),
        _ => None,
    }
}

/// An event that moved goods.
fn told(uris: &Uris<'_>, event: &ProductionFactRecord<'_>, id: &str) -> Option<Value> {
    let element = |item: &str, lot: Option<&str>, quantity: &Quantity<'_>| Value::Array(vec![uris.element(item, lot, quantity)]);
    let (kind, list, elements, location, step) = match &event.fact {
        ProductionFact::MaterialConsumed(movement) => {
            ("TransformationEvent", "inputQuantityList", element(movement.item, movement.lot, &movement.quantity), movement.storage_location, "commissioning")
        }
        ProductionFact::MaterialReturned(movement) => {
            ("ObjectEvent", "quantityList", element(movement.item, movement.lot, &movement.quantity), movement.storage_location, "stocking")
        }
        ProductionFact::FinishedGoodsReported(report) => {
            ("TransformationEvent", "outputQuantityList", element(report.item, report.lot, &report.quantity), report.storage_location, "commissioning")
        }
        ProductionFact::ByProductReported(report) => {
            ("TransformationEvent", "outputQuantityList", element(report.item, report.lot, &report.quantity), report.storage_location, "commissioning")
        }
        _ => return None,
    };
    let Envelope { source_time, source_utc_offset_minutes, ingest_time, plant, .. } = &event.envelope;
    let mut told = Map::new();
    let mut put = |name: &str, value: Value| drop(told.insert(name.to_owned(), value));
    put("type", kind.into());
    put("eventID", id.into());
    put("eventTime", source_time.to_string().into());
    put("eventTimeZoneOffset", offset(source_utc_offset_minutes.unwrap_or(0)).into());
    put("recordTime", ingest_time.to_string().into());
    if kind == "TransformationEvent" {
        put("transformationID", uris.of("transformation", &[uris.plant, uris.order]).into());
    } else {
        put("action", "OBSERVE".into());
    }
    put(list, elements);
    put("bizStep", step.into());
    put("readPoint", json!({ "id": uris.of("location", &[plant]) }));
    put("bizLocation", json!({ "id": location.map_or_else(|| uris.of("location", &[plant]), |location| uris.of("location", &[plant, location])) }));
    put("bizTransactionList", json!([{ "type": "prodorder", "bizTransaction": uris.of("order", &[uris.plant, uris.order]) }]));
    Some(Value::Object(told))
}

/// `+01:00`; beyond what EPCIS takes, UTC.
fn offset(minutes: i32) -> String {
    if minutes.abs() > 14 * 60 {
        return "+00:00".to_owned();
    }
    format!("{}{:02}:{:02}", if minutes < 0 { '-' } else { '+' }, minutes.abs() / 60, minutes.abs() % 60)
}

struct Uris<'a> {
    base: &'a str,
    plant: &'a str,
    order: &'a str,
}

impl Uris<'_> {
    /// A URI below the base: its kind, then names.
    fn of(&self, kind: &str, names: &[&str]) -> String {
        let separator = if self.base.contains("://") { '/' } else { ':' };
        let mut uri = format!("{}{separator}{kind}", self.base.trim_end_matches(separator));
        for name in names {
            uri.push(separator);
            encode(name, &mut uri);
        }
        uri
    }

    /// An amount of a class. Counted things have no unit in EPCIS.
    fn element(&self, item: &str, lot: Option<&str>, quantity: &Quantity<'_>) -> Value {
        let class = match lot.filter(|lot| !lot.is_empty()) {
            Some(lot) => self.of("lot", &[item, lot]),
            None => self.of("item", &[item]),
        };
        let mut element = Map::new();
        element.insert("epcClass".to_owned(), class.into());
        element.insert("quantity".to_owned(), format!("{AMOUNT}{}{AMOUNT}", quantity.value).into());
        if posting_digits(quantity.unit) > 0 {
            element.insert("uom".to_owned(), quantity.unit.into());
        }
        Value::Object(element)
    }
}

/// What may stand in a URI as it is; everything else in percents (RFC 3986).
fn encode(text: &str, into: &mut String) {
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            into.push(char::from(byte));
        } else {
            let _ = write!(into, "%{byte:02X}");
        }
    }
}

#[cfg(test)]
#[path = "epcis_tests.rs"]
mod tests;
