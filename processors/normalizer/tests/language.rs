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
