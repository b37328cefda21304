//! What becomes of values that are not there: absent, refused, or absent under a condition, as the mapping says.

use crate::support;
use crate::support::rendering;
use lineside_normalizer::{Limits, Plan, Scratch};
use serde_json::{Value as Json, json};

const MAPPING: &str = "
source: plant-t.lab
version: 1
contract: QualityEvent
format: json
document_type: /type
units: {KG: KGM}
tables: {valuations: {codes: {IO: ACCEPTED, NIO: REJECTED}}}
envelope:
  event_id: /id
  plant: {const: plant-t}
  transaction_type: $document_type
  source_time: {const: '2026-11-20T08:00:00Z'}
lot: /lot
events:
  - document: RESULT
    type: INSPECTION_RESULT_RECORDED
    fields: FIELDS
";

/// The event's group, or the refusal's class, code, field and message.
fn made(fields: &str, members: &str) -> Result<Json, String> {
    let text = MAPPING.replace("FIELDS", fields);
    let plan = Plan::compile("test", &text).unwrap_or_else(|errors| panic!("{errors}"));
    let document = format!(r#"{{"type": "RESULT", "id": "1", "lot": "L"{members}}}"#);
    let record = support::record("raw.plant-t.lab", document.as_bytes());
    let mut scratch = Scratch::default();
    let events = plan.apply(&record, &Limits::default(), &mut scratch);
    match events {
        Ok(events) => Ok(rendering::datum(events[0].contract, events[0].datum)["inspection_result_recorded"].take()),
        Err(refusal) => Err(format!("{} {} {}: {}", refusal.class.symbol(), refusal.code, refusal.field.unwrap_or_default(), refusal.message)),
    }
}

#[test]
fn a_symbol_that_is_absent_is_unknown_unless_the_mapping_requires_it() {
    let (plain, required) = ("{valuation: {path: verdict, table: valuations}}", "{valuation: {path: verdict, table: valuations, required: true}}");
    assert_eq!(made(plain, "").unwrap()["valuation"], "UNKNOWN");
    assert_eq!(made(plain, r#", "verdict": """#).unwrap()["valuation"], "UNKNOWN");
    assert_eq!(made(required, r#", "verdict": "IO""#).unwrap()["valuation"], "ACCEPTED");
    let refused = |members: &str| made(required, members).unwrap_err();
    assert_eq!(refused(""), "DATA_QUALITY missing-field inspection_result_recorded.valuation: `verdict` is missing, but `valuation` needs it");
    assert_eq!(refused(r#", "verdict": null"#), "DATA_QUALITY missing-field inspection_result_recorded.valuation: `verdict` is null, but `valuation` needs it");
    assert_eq!(refused(r#", "verdict": """#), "DATA_QUALITY empty-field inspection_result_recorded.valuation: `verdict` is empty, but `valuation` needs it");
    assert!(refused(r#", "verdict": "X""#).starts_with("DATA_QUALITY unknown-code "));
}

#[test]
fn any_value_can_be_required_wherever_it_stands() {
    for (fields, field) in [
        ("{inspector: {path: x, required: true}}", "inspector"),
        ("{inspected_quantity: {value: x, unit: {const: KG}, required: true}}", "inspected_quantity"),
        ("{inspector: {first_of: [{path: y, required: true}, {const: nobody}]}}", "inspector"),
        ("{results: [{fields: {characteristic: /id, sample_size: {path: x, required: true}}}]}", "results[0].sample_size"),
    ] {
        let said = made(fields, "").unwrap_err();
        assert!(said.starts_with(&format!("DATA_QUALITY missing-field inspection_result_recorded.{field}: ")), "{fields}: {said}");
        assert!(made(fields, r#", "x": "5", "y": "A""#).is_ok(), "{fields}");
    }
    // An item that is not there at all lacks nothing.
    assert_eq!(made("{results: [{fields: {characteristic: name, sample_size: {path: x, required: true}}}]}", "").unwrap()["results"], json!([]));
}

#[test]
fn a_quantity_is_absent_as_a_whole_where_its_conditions_do_not_hold() {
    let fields = "{inspected_quantity: {value: low, unit: unit, when: {low: {filled: true}}}}";
    assert_eq!(made(fields, r#", "unit": "KG""#).unwrap().get("inspected_quantity"), None);
    assert_eq!(made(fields, r#", "low": "", "unit": "KG""#).unwrap().get("inspected_quantity"), None);
    assert_eq!(made(fields, r#", "low": "2", "unit": "KG""#).unwrap()["inspected_quantity"], json!({"value": "2", "unit": "KGM"}));
    // One that is there without its unit is never left out, nor is a unit alone where nothing says that it may be.
    assert!(made(fields, r#", "low": "2""#).unwrap_err().contains("missing-field inspection_result_recorded.inspected_quantity.unit: "));
    let without = "{inspected_quantity: {value: low, unit: unit}}";
    assert!(made(without, r#", "unit": "KG""#).unwrap_err().contains("missing-field inspection_result_recorded.inspected_quantity.value: "));
    // Required under conditions: where these hold.
    let both = "{inspected_quantity: {value: low, unit: {const: KG}, when: {kind: weighed}, required: true}}";
    assert_eq!(made(both, "").unwrap().get("inspected_quantity"), None);
    assert!(made(both, r#", "kind": "weighed""#).unwrap_err().contains("missing-field inspection_result_recorded.inspected_quantity: "));
}

#[test]
fn what_has_a_default_cannot_be_required() {
    let text = MAPPING.replace("FIELDS", "{inspector: {path: x, default: nobody, required: true}}");
    let errors = Plan::compile("test", &text).unwrap_err().to_string();
    assert!(errors.contains("what has a `default` is never absent, so it cannot be `required`"), "{errors}");
}
