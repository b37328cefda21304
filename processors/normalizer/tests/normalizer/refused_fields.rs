//! The field that a refusal names: once, from the contract's outermost name to what is wrong, with the index of each list's item.

use crate::support;
use lineside_normalizer::{Limits, Plan, Scratch};

const MAPPING: &str = "
source: plant-t.lab
version: 1
contract: QualityEvent
format: json
document_type: /type
units: {KG: KGM}
envelope:
  event_id: /id
  plant: {const: plant-t}
  transaction_type: $document_type
  source_time: {const: '2026-11-20T08:00:00Z'}
lot: /lot
events:
  - document: RESULT
    type: INSPECTION_RESULT_RECORDED
    fields:
      inspection: inspection
      results:
        each: results/*
        fields:
          characteristic: name
          value: {value: amount, unit: unit}
          lower_limit: {value: low, unit: unit}
          sample_size: size
";

fn refused(result: &str) -> (&'static str, Option<String>, String) {
    let plan = Plan::compile("test", MAPPING).unwrap_or_else(|errors| panic!("{errors}"));
    let sound = r#"{"name": "A", "amount": "1", "unit": "KG", "low": "0"}"#;
    let document = format!(r#"{{"type": "RESULT", "id": "1", "lot": "L", "results": [{sound}, {result}]}}"#);
    let record = support::record("raw.plant-t.lab", document.as_bytes());
    let refusal = plan.apply(&record, &Limits::default(), &mut Scratch::default()).expect_err("a refusal");
    (refusal.code, refusal.field, refusal.message)
}

#[test]
fn it_is_named_once_with_the_index_of_each_item() {
    for (result, code, field) in [
        (r#"{"name": "B", "amount": "1", "unit": "KG"}"#, "missing-field", "lower_limit.value"),
        (r#"{"name": "B", "amount": "1", "low": "1"}"#, "missing-field", "value.unit"),
        (r#"{"name": "B", "amount": "1", "unit": "", "low": "1"}"#, "empty-field", "value.unit"),
        (r#"{"amount": "1", "unit": "KG", "low": "1"}"#, "missing-field", "characteristic"),
        (r#"{"name": "B", "amount": "x", "unit": "KG", "low": "1"}"#, "bad-number", "value"),
        (r#"{"name": "B", "amount": "1", "unit": "LB", "low": "1"}"#, "unknown-unit", "value"),
        (r#"{"name": "B", "amount": "1", "unit": "KG", "low": "1", "size": "1.5"}"#, "bad-number", "sample_size"),
    ] {
        let (found, place, message) = refused(result);
        assert_eq!((found, place.as_deref()), (code, Some(&*format!("inspection_result_recorded.results[1].{field}"))), "{result}: {message}");
    }
}

#[test]
fn the_message_names_the_field_as_the_mapping_does() {
    let (_, _, message) = refused(r#"{"name": "B", "amount": "1", "unit": "KG"}"#);
    assert_eq!(message, "`low` is missing, but `lower_limit.value` needs it");
}
