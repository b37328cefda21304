//! Plant A's documents: JSON as cloud manufacturing execution systems send it, one document per transaction.

use jiff::Timestamp;
use jiff::tz::{Offset, TimeZone};
use serde::Serialize;
use serde_json::value::RawValue;

use crate::amount::Reported;
use crate::order::{Operation, Order};
use crate::report::{Fact, Identity, Movement, Report};

/// The site's name in its own system.
pub(crate) const SITE: &str = "PLANT-A";

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Document<'a> {
    event_id: &'a str,
    event_type: &'static str,
    site: &'a str,
    occurred_at: String,
    sequence: u64,
    order: OrderHead<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    operation: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    work_center: Option<&'a str>,
    #[serde(rename = "yield", skip_serializing_if = "Option::is_none")]
    good: Option<Quantity>,
    #[serde(skip_serializing_if = "Option::is_none")]
    scrap: Option<Quantity>,
    #[serde(skip_serializing_if = "Option::is_none")]
    rework: Option<Quantity>,
    #[serde(rename = "final", skip_serializing_if = "Option::is_none")]
    is_final: Option<bool>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    components: Vec<ComponentLine<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reverses: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    product: Option<Product<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct OrderHead<'a> {
    number: &'a str,
    #[serde(rename = "type")]
    order_type: &'static str,
    #[serde(flatten)]
    release: Option<Release<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Release<'a> {
    material: &'a str,
    #[serde(flatten)]
    planned: Quantity,
    planned_start: String,
    planned_end: String,
}

#[derive(Serialize)]
struct Quantity {
    quantity: Box<RawValue>,
    uom: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ComponentLine<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    reservation: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reservation_item: Option<&'a str>,
    position: &'a str,
    material: &'a str,
    batch: &'a str,
    storage_location: &'a str,
    #[serde(flatten)]
    amount: Quantity,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Product<'a> {
    material: &'a str,
    batch: &'a str,
    storage_location: &'a str,
    #[serde(flatten)]
    amount: Quantity,
}

/// The event id under which the normalizer's mapping knows a fact of a document.
pub(crate) fn event_id(document: &str, report: &Report, fact: usize) -> String {
    match report.facts.get(fact) {
        Some(Fact::Consumed(_) | Fact::Returned(_)) => format!("{document}#{}", fact + 1),
        _ => document.to_owned(),
    }
}

/// The document of a report; `identities` and `story` are those of the whole order.
pub(crate) fn render(order: &Order, story: &[Report], identities: &[Identity], report: &Report, identity: &Identity) -> Vec<u8> {
    let mut document = Document {
        event_id: &identity.id,
        event_type: event_type(report),
        site: SITE,
        occurred_at: with_offset(report.at),
        sequence: identity.sequence,
        order: OrderHead { number: &order.number, order_type: "ZP01", release: None },
        operation: None,
        work_center: None,
        good: None,
        scrap: None,
        rework: None,
        is_final: None,
        components: Vec::new(),
        reverses: None,
        reason: None,
        product: None,
    };
    for fact in &report.facts {
        fill(&mut document, order, story, identities, fact);
    }
    serde_json::to_vec(&document).expect("a struct of text, numbers and booleans is always JSON")
}

fn fill<'a>(document: &mut Document<'a>, order: &'a Order, story: &[Report], identities: &[Identity], fact: &'a Fact) {
    let operation: Option<&Operation> = fact.operation().map(|index| &order.operations[index]);
    document.operation = operation.map(|operation| operation.id.as_str());
    document.work_center = operation.map(|operation| operation.work_center.as_str());
    match fact {
        Fact::Released => {
            document.order.release = Some(Release {
                material: &order.product,
                planned: number(&order.planned),
                planned_start: local(order.planned_start),
                planned_end: local(order.planned_end),
            });
        }
        Fact::Confirmed { good, scrap, rework, is_final, .. } => {
            document.good = Some(number(good));
            document.scrap = scrap.as_ref().map(number);
            document.rework = rework.as_ref().map(number);
            document.is_final = Some(*is_final);
        }
        Fact::Consumed(movement) | Fact::Returned(movement) => document.components.push(component(movement)),
        Fact::Reversed { target, reason, .. } => {
            document.reverses = Some(event_id(&identities[target.report].id, &story[target.report], target.fact));
            document.reason = Some(reason);
        }
        Fact::Received { lot, quantity, .. } => {
            document.product = Some(Product { material: &order.product, batch: lot, storage_location: &order.product_location, amount: number(quantity) });
        }
        Fact::Started { .. } | Fact::Completed => {}
    }
}

fn event_type(report: &Report) -> &'static str {
    match report.facts.first() {
        Some(Fact::Released) => "ORDER_RELEASED",
        Some(Fact::Started { .. }) => "OPERATION_STARTED",
        Some(Fact::Confirmed { .. }) => "OPERATION_CONFIRMED",
        Some(Fact::Consumed(_)) => "MATERIAL_CONSUMED",
        Some(Fact::Returned(_)) => "MATERIAL_RETURNED",
        Some(Fact::Reversed { .. }) => "CONSUMPTION_REVERSED",
        Some(Fact::Received { .. }) => "GOODS_RECEIVED",
        Some(Fact::Completed) | None => "ORDER_COMPLETED",
    }
}

fn component(movement: &Movement) -> ComponentLine<'_> {
    ComponentLine {
        reservation: movement.component.reservation.as_deref(),
        reservation_item: movement.component.reservation_item.as_deref(),
        position: &movement.component.position,
        material: &movement.component.material,
        batch: &movement.lot,
        storage_location: &movement.component.storage_location,
        amount: number(&movement.quantity),
    }
}

/// The quantity as a JSON number, digit by digit; grams as text, as systems do that fear for their decimals.
fn number(reported: &Reported) -> Quantity {
    let text = if reported.unit == "G" { format!("\"{}\"", reported.text) } else { reported.text.clone() };
    Quantity { quantity: RawValue::from_string(text).expect("digits and a point are a JSON number, in quotes a JSON string"), uom: reported.unit }
}

/// The site's system runs on Central European standard time the whole year.
fn with_offset(time: Timestamp) -> String {
    time.to_zoned(TimeZone::fixed(Offset::constant(1))).strftime("%Y-%m-%dT%H:%M:%S%.3f%:z").to_string()
}

fn local(time: Timestamp) -> String {
    time.to_zoned(TimeZone::fixed(Offset::constant(1))).strftime("%Y-%m-%dT%H:%M:%S").to_string()
}
