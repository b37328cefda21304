//! Parts of the mapping language that the packs do not use.

use crate::support;
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
fn a_type_that_a_rule_names_twice_makes_no_second_event() {
    let mapping = MAPPING.replace("[done, finished]", "[done, finished, done]");
    assert_ne!(mapping, MAPPING);
    let plan = Plan::compile("test", &mapping).expect("it compiles");
    let document = r#"{"kind": "done", "id": 1, "at": "2026-11-20T08:00:00Z", "order": {"number": "1"}, "site": "here"}"#;
    let record = RawRecord { topic: "raw.plant-t.test", ..support::record("", document.as_bytes()) };
    let events = plan.apply(&record, &Limits::default(), &mut Scratch::default()).map(|events| events.len());
    assert_eq!(events, Ok(1));
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

/// Names in namespaces, and what has no field or no id of its own.
const TRACED: &str = "
source: plant-t.traced
version: 1
contract: TraceabilityEvent
FORMAT
envelope:
  event_id: {first_of: [id, {digest: ., without: [note, wrong]}]}
  plant: {const: plant-t}
  transaction_type: $document_type
  source_time: at
  source_utc_offset_minutes: zone
events:
  - document: seen
    type: OBJECT_OBSERVED
    subject: {first_of: ['things/*[1]', {const: nothing}]}
    fields:
      action: {const: OBSERVE}
      epcs: {each: 'things[*]', value: .}
      extensions:
        each: {leaf: ['*:*//text()' ATTRIBUTES]}
        when: {.: {filled: true}}
        fields: {name: path($event), value: {path: ., as: text}}
      error_declaration:
        when: {wrong: {present: true}}
        fields: {declared_at: wrong/at, event_id: {digest: ., without: [note, wrong]}}
";

const TRACED_JSON: &str = "format: json
documents: {each: {event: 'events[*]'}, type: {const: seen}}
prefixes: {paths: [\"/'@context'[*]/*\", \"'@context'[*]/*\"], known: {k: 'urn:k', a: 'urn:not-this'}}";

const TRACED_XML: &str = "format: xml
trim: true
namespaces: {known: 'urn:known'}
documents: {each: {event: seen}, type: name()}";

fn traced(format: &str, document: &str) -> Result<Vec<serde_json::Value>, Box<Refusal>> {
    let attributes = if format == TRACED_XML { ", '*:*//@*'" } else { "" };
    let plan = Plan::compile("test", &TRACED.replace("FORMAT", format).replace(" ATTRIBUTES", attributes)).unwrap_or_else(|errors| panic!("{errors}"));
    let record = RawRecord { topic: "raw.plant-t.traced", ..support::record("", document.as_bytes()) };
    let mut scratch = Scratch::default();
    let applied = plan.apply(&record, &Limits::default(), &mut scratch)?;
    Ok(applied.iter().map(|event| support::rendering::datum(event.contract, event.datum)).collect())
}

fn extensions(event: &serde_json::Value) -> Vec<String> {
    let list = event["object_observed"]["extensions"].as_array().expect("a list");
    list.iter().map(|one| format!("{}={}", one["name"].as_str().expect("a name"), one["value"].as_str().expect("a value"))).collect()
}

#[test]
fn names_of_json_take_their_namespaces_from_where_the_mapping_says() {
    let document = r#"{"@context": ["https://example.com/context", {"a": "urn:a:", "b": {"@type": "@id"}, "a2": "urn:twice", "a2:x": "urn:x"}],
        "events": [{"at": "2026-01-01T00:00:00Z", "id": "1", "a:one": 1.50, "a:two": {"a:x": [true, {"k:y": "z"}, []], "plain": "p"}, "a:none": "", "b:three": null, "c:four": "4",
        "https://example.com/five": "5", "plain": "no"}, {"@context": {"a": "urn:own:"}, "at": "2026-01-01T00:00:00Z", "id": "2", "a:one": "x"}]}"#;
    let events = traced(TRACED_JSON, document).expect("events");
    assert_eq!(
        extensions(&events[0]),
        ["{urn:a:}one=1.50", "{urn:a:}two/{urn:a:}x[1]=true", "{urn:a:}two/{urn:a:}x[2]/{urn:k}y=z", "{urn:a:}two/plain=p", "c:four=4", "https://example.com/five=5"]
    );
    assert_eq!(extensions(&events[1]), ["{urn:own:}one=x"]);
}

#[test]
fn names_of_xml_are_in_the_documents_own_namespaces() {
    let document = "<list xmlns:x='urn:x' xmlns:k='urn:known'><seen><at>2026-01-01T00:00:00Z</at><id>1</id><plain><x:inner>no</x:inner></plain>
        <x:a unit='kg'>1</x:a><k:b x:c=' d '><e> 2 </e><e/><e>3</e></k:b><f xmlns='urn:y'>4</f></seen></list>";
    let events = traced(TRACED_XML, document).expect("events");
    assert_eq!(extensions(&events[0]), ["{urn:x}a=1", "{urn:known}b/e[1]=2", "{urn:known}b/e[3]=3", "{urn:y}f=4", "{urn:x}a/@unit=kg", "{urn:known}b/@{urn:x}c=d"]);
}

#[test]
fn a_list_may_be_one_value_and_the_first_of_several_may_be_meant() {
    for (things, subject, epcs) in [(r#"["a", "b"]"#, "a", &["a", "b"][..]), (r#""a""#, "nothing", &["a"]), ("[]", "nothing", &[]), ("null", "nothing", &[])] {
        let events = traced(TRACED_JSON, &format!(r#"{{"events": {{"at": "2026-01-01T00:00:00Z", "id": "1", "things": {things}}}}}"#)).expect(things);
        assert_eq!((events[0]["subject"].as_str(), &events[0]["object_observed"]["epcs"]), (Some(subject), &serde_json::json!(epcs)), "{things}");
    }
}

#[test]
fn what_has_no_id_is_known_by_its_content() {
    let id = |event: &str| traced(TRACED_JSON, &format!(r#"{{"events": [{event}]}}"#)).expect(event)[0]["envelope"]["event_id"].as_str().expect("an id").to_owned();
    let first = id(r#"{"at": "2026-01-01T00:00:00Z", "things": ["a", "b"], "x": {"p": 1, "q": 2}}"#);
    assert!(first.starts_with("sha-256:") && first.len() == 72, "{first}");
    // Neither the order of members nor what is left out counts.
    assert_eq!(id(r#"{"x": {"q": 2, "p": 1}, "things": ["a", "b"], "note": "n", "at": "2026-01-01T00:00:00Z"}"#), first);
    for other in [
        r#"{"at": "2026-01-01T00:00:00Z", "things": ["b", "a"], "x": {"p": 1, "q": 2}}"#,
        r#"{"at": "2026-01-01T00:00:00Z", "things": ["a", "b"], "x": {"p": "1", "q": 2}}"#,
        r#"{"at": "2026-01-01T00:00:00Z", "things": ["ab"], "x": {"p": 1, "q": 2}}"#,
        r#"{"at": "2026-01-01T00:00:00Z", "things": ["a", "b"], "x": {"p": 1, "q": 2, "r": null}}"#,
        r#"{"at": "2026-01-01T00:00:00Z", "things": ["a", "b"], "y": {"p": 1, "q": 2}}"#,
    ] {
        assert_ne!(id(other), first, "{other}");
    }
}

#[test]
fn a_record_may_be_there_only_where_conditions_hold() {
    let one = |more: &str| traced(TRACED_JSON, &format!(r#"{{"events": [{{"at": "2026-01-01T00:00:00Z", "x": 1{more}}}]}}"#));
    let (right, wrong) = (one("").expect("an event"), one(r#", "wrong": {"at": "2026-01-02T00:00:00Z"}"#).expect("an event"));
    assert_eq!(right[0]["object_observed"].get("error_declaration"), None);
    assert_eq!(wrong[0]["object_observed"]["error_declaration"]["event_id"], right[0]["envelope"]["event_id"]);
    let refusal = one(r#", "wrong": {}"#).expect_err("no time");
    assert_eq!((refusal.code, refusal.path.as_deref()), ("missing-field", Some("/events[1]/wrong/at")));
}

#[test]
fn the_offset_of_local_time_may_stand_in_a_field_of_its_own() {
    let event = |zone: &str| traced(TRACED_JSON, &format!(r#"{{"events": [{{"at": "2026-01-01T00:00:00+05:00", "id": "1", "zone": {zone}}}]}}"#));
    let offset = |zone: &str| event(zone).expect(zone)[0]["envelope"]["source_utc_offset_minutes"].as_i64();
    assert_eq!([offset("\"-03:30\""), offset("\"Z\""), offset("90"), offset("null")], [Some(-210), Some(0), Some(90), Some(300)]);
    let refusal = event("\"CET\"").expect_err("no offset");
    assert_eq!((refusal.code, refusal.field.as_deref(), refusal.path.as_deref()), ("bad-time", Some("envelope.source_utc_offset_minutes"), Some("/events[1]/zone")));
}

#[test]
fn a_member_that_stands_twice_is_refused_only_where_it_is_read() {
    let of = |members: &str| traced(TRACED_JSON, &format!(r#"{{"events": [{{"at": "2026-01-01T00:00:00Z", "id": "1", {members}}}]}}"#));
    assert!(of(r#""unread": 1, "unread": 2"#).is_ok());
    assert!(of(r#""unread": {"things": 1, "things": 2}"#).is_ok());
    for (members, path) in [
        (r#""things": [], "things": ["a"]"#, "/events[1]/things"),
        (r#""k:x": 1, "k:x": 1"#, "/events[1]/k:x"),
        (r#""k:x": {"y": 1, "y": 2}"#, "/events[1]/k:x/y"),
        (r#""zone": "Z", "zone": "bad""#, "/events[1]/zone"),
    ] {
        let refusal = of(members).expect_err(members);
        assert_eq!((refusal.code, refusal.path.as_deref(), refusal.plant.as_deref()), ("duplicate-member", Some(path), Some("plant-t")), "{members}");
    }
    // Where the mapping says so, the last counts.
    let last = traced(
        &TRACED_JSON.replace("format: json", "format: {type: json, duplicate_members: last}"),
        r#"{"events": [{"at": "2026-01-01T00:00:00Z", "id": "1", "id": "2", "k:x": {"y": 1}, "k:x": 2}]}"#,
    );
    let last = last.expect("an event");
    assert_eq!((&last[0]["envelope"]["event_id"], extensions(&last[0])), (&serde_json::json!("2"), vec!["{urn:k}x=2".to_owned()]));
    // A digest is of everything.
    assert_eq!(traced(TRACED_JSON, r#"{"events": [{"at": "2026-01-01T00:00:00Z", "unread": 1, "unread": 2}]}"#).expect_err("twice").code, "duplicate-member");
}

#[test]
fn many_extensions_cost_no_more_than_their_number() {
    let items: Vec<String> = (0..9_000).map(|number| format!("{number}")).collect();
    let document = format!(r#"{{"@context": {{"a": "urn:a"}}, "events": [{{"at": "2026-01-01T00:00:00Z", "id": "1", "a:x": [{}]}}]}}"#, items.join(","));
    let events = traced(TRACED_JSON, &document).expect("events");
    assert_eq!(extensions(&events[0]).last().map(String::as_str), Some("{urn:a}x[9000]=8999"));
    let long = format!(r#"{{"@context": {{"a": "urn:{}"}}, "events": [{{"at": "2026-01-01T00:00:00Z", "id": "1", "a:x": 1}}]}}"#, "a".repeat(5_000));
    assert_eq!(traced(TRACED_JSON, &long).expect_err("too long").code, "text-too-long");
}
