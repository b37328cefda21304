//! Lists whose items stand below several selections.

use crate::support;
use crate::support::rendering;
use lineside_normalizer::{Limits, Plan, Scratch};
use serde_json::{Value as Json, json};

const MAPPING: &str = "
source: plant-t.notices
version: 1
contract: InboundEvent
format: json
document_type: /type
units: {EA: C62}
envelope:
  event_id: /id
  plant: {const: plant-t}
  transaction_type: $document_type
  source_time: {const: '2026-03-02T08:00:00Z'}
aggregate:
  document: /id
events:
  - document: NOTICE
    type: ADVANCE_SHIP_NOTICE
    each: {notice: notice}
    fields:
      lines:
        each: {pallet: pallets/*, box: boxes/*, item: items/*}
        fields:
          line: {template: '{#pallet}.{#box}.{#item}'}
          item: .
          partner_item: $notice/prefix
          quantity: {value: $box/each, unit: {const: EA}}
          handling_unit: $pallet/label
";

fn lines(document: &str) -> Json {
    let plan = Plan::compile("test", MAPPING).expect("it compiles");
    let record = support::record("raw.plant-t.notices", document.as_bytes());
    let applied = plan.apply(&record, &Limits::default(), &mut Scratch::default()).map(|events| {
        let event = &events[0];
        let mut event = rendering::datum(event.contract, event.datum);
        event["advance_ship_notice"]["lines"].take()
    });
    applied.expect("the document is mapped")
}

#[test]
fn items_take_what_stands_in_each_selection_around_them() {
    let found = lines(
        r#"{"type": "NOTICE", "id": "1", "notice": {"prefix": "p", "pallets": [
            {"label": "L1", "boxes": [{"each": 2, "items": ["a", "b"]}, {"each": 3, "items": []}]},
            {"label": "L2", "boxes": [{"each": 4, "items": ["c"]}]},
            {"label": "L3"}]}}"#,
    );
    let facts: Vec<Json> = found
        .as_array()
        .expect("a list")
        .iter()
        .map(|line| json!([line["line"], line["item"], line["partner_item"], line["quantity"]["value"], line["handling_unit"]]))
        .collect();
    assert_eq!(json!(facts), json!([["1.1.1", "a", "p", "2", "L1"], ["1.1.2", "b", "p", "2", "L1"], ["2.1.1", "c", "p", "4", "L2"]]));
}

#[test]
fn selections_that_have_names_take_no_other() {
    let broken = MAPPING.replace("item: items/*}", "item: items/*}\n        as: thing");
    let errors = Plan::compile("test", &broken).expect_err("`as` is too much");
    assert_eq!(errors.0[0].message, "`as` names what `each` selects, and that has names already");
    let broken = MAPPING.replace("$pallet/label", "$palet/label");
    let errors = Plan::compile("test", &broken).expect_err("no such selection");
    assert_eq!(errors.0[0].message, "nothing selected is named `palet`; did you mean `pallet`?");
}
