//! Parts of the mapping language that the packs do not use.

mod support;

use lineside_api::{RawRecord, Refusal};
use lineside_normalizer::{Limits, MappedEvent, Plan, Scratch};

const MAPPING: &str = "
source: plant-t.test
version: 3
contract: ProductionEvent
format: json
document_type: kind
tables:
  reasons:
    codes: {'1': stopped}
    unknown: {default: other}
envelope:
  event_id: {path: /id, as: text}
  plant: {const: plant-t}
  transaction_type: {const: T}
  source_time: /at
  correlation_id: /story
  causation_id: {template: 'c-{/cause/id}-{/cause/part?}', as: text}
order: {first_of: [/order/number, {template: 'O{/order/short}'}]}
events:
  - document: [done, finished]
    type: ORDER_COMPLETED
    when:
      site: [here, there]
      test: {present: false}
    fields:
      reason: {path: why | because, table: reasons, default: none given}
  - document: lines
    type: ORDER_COMPLETED
    each:
      group: groups/*
      line: 'lines/*'
    when:
      $group/state: {none_of: [off]}
      .: {none_of: [skip]}
    envelope:
      event_id: {template: '{$group/id}/{#group}/{#line}/{#/line}'}
    fields:
      reason: .
";

fn apply<T>(document: &str, read: impl FnOnce(Result<Vec<MappedEvent<'_>>, Box<Refusal>>) -> T) -> T {
    let plan = Plan::compile("test", MAPPING).expect("it compiles");
    let record = RawRecord { topic: "raw.plant-t.test", ..support::record("", document.as_bytes()) };
    read(plan.apply(&record, &Limits::default(), &mut Scratch::default()))
}

fn one(document: &str) -> (String, String, Option<String>, Option<String>, String) {
    apply(document, |applied| {
        let events = applied.expect(document);
        assert_eq!(events.len(), 1);
        let event = support::production_event(&events[0]);
        let owned = |text: Option<&str>| text.map(str::to_owned);
        let group = event.order_completed.as_ref().expect("the group");
        (event.envelope.event_id.to_owned(), event.order.to_owned(), owned(group.reason), owned(event.envelope.causation_id), event.envelope.correlation_id.to_owned())
    })
}

#[test]
fn numbers_are_texts_only_where_the_mapping_says_so() {
    let (id, order, reason, cause, story) =
        one(r#"{"kind":"done","site":"here","id":0.10,"at":"2026-01-01T00:00:00Z","order":{"number":"7"},"why":"1","cause":{"id":12},"story":"s"}"#);
    assert_eq!((id.as_str(), order.as_str(), reason.as_deref(), cause.as_deref(), story.as_str()), ("0.10", "7", Some("stopped"), Some("c-12-"), "s"));
}

#[test]
fn alternatives_tables_and_defaults_give_the_first_that_is_there() {
    let (_, order, reason, cause, story) =
        one(r#"{"kind":"finished","site":"there","id":"x","at":"2026-01-01T00:00:00Z","order":{"number":"","short":"9"},"why":null,"because":"99"}"#);
    assert_eq!((order.as_str(), reason.as_deref(), cause, story.as_str()), ("O9", Some("other"), None, "plant-t/O9"));
    let (_, _, reason, _, _) = one(r#"{"kind":"done","site":"here","id":"x","at":"2026-01-01T00:00:00Z","order":{"number":"7"}}"#);
    assert_eq!(reason.as_deref(), Some("none given"));
}

#[test]
fn conditions_keep_documents_out() {
    for (document, code) in [
        (r#"{"kind":"done","site":"elsewhere"}"#, "unmapped-document"),
        (r#"{"kind":"done","site":"here","test":{}}"#, "unmapped-document"),
        (r#"{"kind":"done"}"#, "unmapped-document"),
        (r#"{"kind":"done","site":"here","test":null}"#, "missing-field"),
    ] {
        assert_eq!(apply(document, |applied| applied.expect_err(document).code), code, "{document}");
    }
}

#[test]
fn nested_selections_number_what_they_select() {
    let document = r#"{"kind":"lines","at":"2026-01-01T00:00:00Z","order":{"number":"7"},"groups":[
        {"id":"a","lines":["x","skip","y"]}, {"id":"b","state":"off","lines":["z"]}, {"id":"c","lines":[]}, {"id":"d","lines":["w"]}]}"#;
    let found = apply(document, |applied| {
        let events = applied.expect("events");
        events
            .iter()
            .map(|mapped| (mapped.event_id.to_owned(), support::production_event(mapped).order_completed.and_then(|group| group.reason).map(str::to_owned)))
            .collect::<Vec<_>>()
    });
    let expected = [("a/1/1/1", "x"), ("a/1/3/3", "y"), ("d/4/1/5", "w")];
    assert_eq!(found, expected.map(|(id, reason)| (id.to_owned(), Some(reason.to_owned()))));
}

#[test]
fn a_document_without_anything_to_select_names_what_is_missing() {
    let refusal = apply(r#"{"kind":"lines","groups":[]}"#, |applied| *applied.expect_err("no events"));
    assert_eq!((refusal.code, refusal.path.as_deref()), ("unmapped-document", Some("/groups/*")));
    assert_eq!(refusal.message, "plant-t.test/3 finds no event in this document of type `lines`");
}

/// Segments stand in segments to any depth, and their elements have other names there.
const NESTED: &str = "
source: plant-t.nested
version: 1
contract: ProductionEvent
format: xml
units: {KG: KGM}
envelope:
  event_id: id
  plant: {const: plant-t}
  transaction_type: $document_type
  source_time: /at
order: id
events:
  - document: plan
    type: ORDER_RELEASED
    each: {request: request}
    fields:
      item: product
      planned_quantity: {value: amount, unit: {const: KG}}
      operations:
        each: {outer: .//segment, inner: segment}
        fields: {operation: id, parent: $outer/id}
      components:
        each: {segment: [segment, .//part], material: material}
        when: {note: {filled: false}}
        fields: {operation: $segment/id, item: ., position: {path: '#material', as: text}}
  - document: done
    type: MATERIAL_CONSUMED
    each:
      segment: [segment, .//part]
      material: {path: material, required: true}
    when:
      '@note': {filled: true, none_of: [skip]}
    envelope:
      event_id: {template: '{#/segment}.{#/material}'}
    order: //id
    fields:
      operation: $segment/name
      item: .
      quantity: {value: {const: \"1\"}, unit: {const: KG}}
";

fn nested(document: &str) -> Vec<serde_json::Value> {
    let plan = Plan::compile("test", NESTED).expect("it compiles");
    let record = RawRecord { topic: "raw.plant-t.nested", ..support::record("", document.as_bytes()) };
    let mut scratch = Scratch::default();
    let applied = plan.apply(&record, &Limits::default(), &mut scratch).expect(document);
    applied.iter().map(|event| support::rendering::datum(event.contract, event.datum)).collect()
}

#[test]
fn what_stands_deep_below_is_selected_with_what_it_stands_in() {
    let document = "<plan><at>2026-01-01T00:00:00Z</at><request><id>1</id><product>P</product><amount>2</amount>
        <segment><id>A</id><material>x</material><segment><id>B</id><part><id>C</id><material>y</material><material>z</material></part></segment><segment><id>D</id></segment></segment>
        </request></plan>";
    let order = &nested(document)[0]["order_released"];
    let operations: Vec<_> = order["operations"].as_array().expect("a list").iter().map(|found| (found["parent"].as_str(), found["operation"].as_str())).collect();
    assert_eq!(operations, [(Some("A"), Some("B")), (Some("A"), Some("D"))]);
    let components = order["components"].as_array().expect("a list").iter();
    let components: Vec<_> = components.map(|found| (found["operation"].as_str(), found["item"].as_str(), found["position"].as_str())).collect();
    assert_eq!(components, [(Some("A"), Some("x"), Some("1")), (Some("C"), Some("y"), Some("1")), (Some("C"), Some("z"), Some("2"))]);
}

#[test]
fn several_paths_of_a_selection_are_numbered_on_and_conditions_ask_for_texts() {
    let document = "<done><at>2026-01-01T00:00:00Z</at><order><id>7</id></order>
        <segment><name>A</name><material note='yes'>x</material><material note=''>never</material><part><name>B</name><material note='yes'>y</material><material>never</material></part></segment>
        <segment><name>C</name><material note='skip'>never</material><material note='no'>z</material></segment></done>";
    let events = nested(document);
    let found: Vec<_> =
        events.iter().map(|event| (event["envelope"]["event_id"].as_str(), event["material_consumed"]["operation"].as_str(), event["order"].as_str())).collect();
    assert_eq!(found, [(Some("1.1"), Some("A"), Some("7")), (Some("2.4"), Some("C"), Some("7")), (Some("3.5"), Some("B"), Some("7"))]);
}
