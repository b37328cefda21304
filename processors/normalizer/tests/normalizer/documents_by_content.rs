//! Documents told apart by what they hold, and texts that are empty on purpose.

use crate::support;
use std::fs;

use lineside_normalizer::{Limits, Plan, Scratch};
use serde_json::{Value as Json, json};

const MAPPING: &str = r#"
source: plant-t.orders
version: 1
contract: ProductionEvent
format: json
documents:
  each: {entry: entries/*}
  type:
    cel: "order != '' ? 'order' : kind"
    with: {order?: order, kind?: kind}
envelope:
  event_id: {template: "{order}/{time}"}
  plant: {const: plant-t}
  source_time: time
  transaction_type: $document_type
order: order
events:
  - document: order
    type: ORDER_RESCHEDULED
    fields:
      reason: reason
  - document: moved
    type: MATERIAL_CONSUMED
    order: number
    envelope:
      event_id: number
    fields:
      operation: {path: operation, default: ""}
      item: item
      quantity: {value: amount, unit: unit}
units: {KG: KGM}
"#;

fn applied(document: &str) -> Result<Vec<Json>, (&'static str, Option<String>)> {
    let plan = Plan::compile("test", MAPPING).expect("it compiles");
    let mut scratch = Scratch::default();
    let events = plan.apply(&support::record("raw.plant-t.orders", document.as_bytes()), &Limits::default(), &mut scratch);
    events
        .map(|events| events.iter().map(|event| support::rendering::datum(event.contract, event.datum)).collect())
        .map_err(|refusal| (refusal.code, refusal.path.clone()))
}

#[test]
fn documents_are_told_apart_by_what_an_expression_makes_of_them() {
    let moved = r#"{"kind": "moved", "number": "7", "time": "2026-01-01T00:00:00Z", "item": "i", "amount": 1, "unit": "KG"}"#;
    let events = applied(&format!(r#"{{"entries": [{moved}, {{"order": "1", "time": "2026-01-01T00:00:00Z"}}]}}"#)).expect("it is mapped");
    assert_eq!((&events[0]["type"], &events[1]["type"]), (&json!("MATERIAL_CONSUMED"), &json!("ORDER_RESCHEDULED")));
    assert_eq!(events[0]["envelope"]["transaction_type"], "moved");
    assert_eq!(events[0]["material_consumed"]["operation"], "", "the mapping says that it may be empty");
    assert_eq!(applied(r#"{"entries": [{"kind": "other"}]}"#).expect_err("a refusal").0, "unmapped-document");
    assert_eq!(applied(r#"{"entries": [{"more": 1}]}"#).expect_err("a refusal"), ("missing-field", Some("/entries[1]".to_owned())));
}

#[test]
fn what_is_wrong_with_the_type_of_documents_is_found_when_the_mapping_is_loaded() {
    for (from, to, message) in
        [("order != ''", "ordr != ''", "ordr"), ("kind?: kind}", "kind?: $entri/kind}", "nothing selected is named `entri`; did you mean `entry`?")]
    {
        let changed = MAPPING.replacen(from, to, 1);
        let errors = Plan::compile("test", &changed).expect_err(to).to_string();
        assert!(errors.contains(message), "{errors}");
    }
}

#[test]
fn every_example_is_known_by_its_content_as_one_of_its_pack() {
    let mut count = 0;
    for pack in fs::read_dir(support::sources()).expect("the packs") {
        let pack = pack.expect("a pack");
        for file in fs::read_dir(pack.path().join("examples")).expect("the examples") {
            let file = file.expect("an example").path();
            let name = file.file_name().expect("a name").to_string_lossy();
            if name.ends_with(".expected.json") || name.starts_with("refused-") {
                continue;
            }
            count += 1;
            let document = fs::read(&file).expect("a document");
            let found: Vec<_> = support::BUILT_IN.plans().iter().filter(|plan| plan.recognizes(&document)).map(Plan::source).collect();
            assert_eq!(found, [&*pack.file_name().to_string_lossy()], "{}", file.display());
        }
    }
    assert!(count >= 70, "only {count} examples were found");
}

#[test]
fn only_a_default_may_be_empty() {
    let changed = MAPPING.replacen(r#"{path: operation, default: ""}"#, r#"{const: ""}"#, 1);
    let errors = Plan::compile("test", &changed).expect_err("an error").to_string();
    assert!(errors.contains("`operation` is a text: `` is empty"), "{errors}");
}
