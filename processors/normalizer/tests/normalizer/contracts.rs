//! What mappings fill beyond plain fields: lists, records in records, symbols and dates, several documents in a record, several contracts in a file.

use crate::support;
use std::collections::BTreeSet;

use crate::support::rendering;
use crate::support::typed::reencoded;
use lineside_api::{RawRecord, Refusal};
use lineside_normalizer::{ExplainedEvent, Limits, MappedEvent, MappingSet, Plan, Scratch};
use lineside_schemas::ContractId;
use proptest::prelude::*;
use serde_json::{Value as Json, json};

const MAPPING: &str = include_str!("support/structured.yaml");

const FULL: &str = r#"{"type": "ObjectEvent", "id": "o1", "time": "2026-01-01T00:00:00Z", "about": "urn:1", "action": "NEW", "epcs": ["urn:1", "", "urn:2"],
    "classes": [{"class": "c1", "quantity": 5}, {"class": "skipped", "skip": true}, {"class": "c2"}, {"class": "c3", "quantity": "0.5", "uom": "G"}],
    "ilmd": {"lot": "L1", "fat": 3.50}, "step": "packing", "links": [{"kind": "PURCHASE_ORDER", "id": "4711", "on": "2026-02-28"}], "other": "x9", "method": "m",
    "sensors": [{"device": "d1", "reports": [{"value": -0.000000001}, {}]}, {"device": "d2"}],
    "error": {"at": "2026-01-02T00:00:00", "by": ["7", "8"], "why": null}}"#;

fn plan() -> Plan {
    Plan::compile("test", MAPPING).expect("it compiles")
}

fn record(document: &str) -> RawRecord<'_> {
    support::record("raw.plant-t.epcis", document.as_bytes())
}

fn apply<T>(document: &str, read: impl FnOnce(Result<Vec<MappedEvent<'_>>, Box<Refusal>>) -> T) -> T {
    read(plan().apply(&record(document), &Limits::default(), &mut Scratch::default()))
}

fn refused(document: &str) -> (&'static str, Option<String>) {
    apply(document, |applied| applied.map(|_| ()).map_err(|refusal| (refusal.code, refusal.path.clone())).expect_err(document))
}

/// The events of a record as JSON; each is held against the typed codec on the way.
fn events(document: &str) -> Vec<Json> {
    apply(document, |applied| {
        applied
            .unwrap_or_else(|refusal| panic!("{document}: {refusal:?}"))
            .iter()
            .map(|event| {
                assert_eq!(reencoded(event.contract, event.datum).expect("the typed codec reads it"), event.datum);
                rendering::datum(event.contract, event.datum)
            })
            .collect()
    })
}

fn within(text: &str, from: &str, to: &str) -> String {
    assert!(text.contains(from), "there is no {from}");
    text.replacen(from, to, 1)
}

#[test]
fn lists_records_symbols_and_dates_are_filled() {
    let event = events(&format!(r#"{{"events": [{FULL}]}}"#)).remove(0);
    assert_eq!(event["type"], "OBJECT_OBSERVED");
    let expected = json!({
        "action": "ADD",
        "epcs": ["urn:1", "urn:2"],
        "quantities": [
            {"epc_class": "c1", "quantity": {"value": "5", "unit": "C62"}},
            {"epc_class": "c2"},
            {"epc_class": "c3", "quantity": {"value": "0.0005", "unit": "KGM"}},
        ],
        "instance_data": [{"name": "lot", "value": "L1"}, {"name": "fat", "value": "3.50"}],
        "context": {
            "business_step": "packing",
            "dispositions_set": [],
            "dispositions_unset": [],
            "business_transactions": [{"kind": "PURCHASE_ORDER", "id": "4711", "date": "2026-02-28"}, {"kind": "OTHER", "id": "x9"}],
            "sources": [],
            "destinations": [],
            "sensor_elements": [
                {"device": "d1", "reports": [
                    {"value": "-0.000000001", "device": "d1", "data_processing_method": "m", "properties": []},
                    {"device": "d1", "data_processing_method": "m", "properties": []},
                ], "properties": []},
                {"device": "d2", "reports": [], "properties": []},
            ],
            "certifications": [],
        },
        "error_declaration": {"declared_at": "2026-01-01T23:00:00Z", "corrective_event_ids": ["e-7", "e-8"], "properties": []},
        "extensions": [],
    });
    assert_eq!(event["object_observed"], expected);
}

#[test]
fn records_are_absent_where_nothing_of_the_document_is_in_them() {
    let sparse = r#"{"event": {"type": "ObjectEvent", "id": "o1", "time": "2026-01-01T00:00:00Z", "about": "urn:1", "action": "GONE", "sensors": [{}]}}"#;
    let event = events(sparse).remove(0);
    assert_eq!(event["object_observed"]["action"], "DELETE");
    assert_eq!(event["object_observed"]["error_declaration"], Json::Null, "all its parts are absent");
    assert_eq!(event["object_observed"]["context"]["business_transactions"], json!([]), "a constant alone makes no item");
}

#[test]
fn what_is_wrong_in_a_list_is_refused_with_its_place() {
    for (from, to, code, field) in [
        (r#""class": "c2""#, r#""class": """#, "empty-field", "/events[1]/classes[3]/class"),
        (r#""quantity": 5"#, r#""quantity": "five""#, "bad-number", "/events[1]/classes[1]/quantity"),
        (r#""uom": "G""#, r#""uom": "LB""#, "unknown-unit", "/events[1]/classes[4]/uom"),
        (r#""kind": "PURCHASE_ORDER""#, r#""kind": "ORDER""#, "unknown-code", "/events[1]/links[1]/kind"),
        (r#""kind": "PURCHASE_ORDER""#, r#""kind": "UNKNOWN""#, "unknown-code", "/events[1]/links[1]/kind"),
        ("2026-02-28", "2026-02-30", "bad-time", "/events[1]/links[1]/on"),
        (r#""at": "2026-01-02T00:00:00", "#, "", "missing-field", "/events[1]/error/at"),
        (r#""sensors""#, r#""senses""#, "missing-field", "/events[1]/sensors/*"),
        (r#""7", "8""#, "7, 8", "wrong-type", "/events[1]/error/by[1]"),
        ("urn:2", &"x".repeat(5000), "text-too-long", "/events[1]/epcs[3]"),
    ] {
        let document = format!(r#"{{"events": [{}]}}"#, within(FULL, from, to));
        assert_eq!(refused(&document), (code, Some(field.to_owned())), "{from} -> {to}");
    }
}

#[test]
fn lists_of_any_length_are_written_as_the_typed_codec_writes_them() {
    for count in [0, 1, 63, 64, 65, 8191, 8192] {
        let epcs = vec![r#""urn:1""#; count].join(",");
        let document = format!(
            r#"{{"event": {{"type": "ObjectEvent", "id": "o1", "time": "2026-01-01T00:00:00Z", "about": "a", "action": "NEW", "sensors": [{{}}], "epcs": [{epcs}]}}}}"#
        );
        assert_eq!(events(&document)[0]["object_observed"]["epcs"].as_array().map(Vec::len), Some(count));
    }
}

#[test]
fn events_and_their_lists_are_bounded() {
    let document = format!(r#"{{"events": [{FULL}]}}"#);
    let code = |limits: &Limits| plan().apply(&record(&document), limits, &mut Scratch::default()).err().map(|refusal| refusal.code);
    let (items, bytes) = (3 + 4 + 2 + 1 + 2 + 2 + 2, apply(&document, |applied| applied.expect("one event")[0].datum.len()));
    assert_eq!(code(&Limits { list_items: items, event_bytes: bytes, ..Limits::default() }), None);
    assert_eq!(code(&Limits { list_items: items - 1, ..Limits::default() }), Some("too-many-items"));
    assert_eq!(code(&Limits { event_bytes: bytes - 1, ..Limits::default() }), Some("event-too-large"));
}

#[test]
fn each_document_of_a_record_is_read_by_the_rules_of_its_type() {
    let document = r#"{"events": [
        {"type": "Mixed", "id": "m1", "time": "2026-01-01T00:00:00Z", "parts": [{"name": "a"}, {}, {"name": "b"}]},
        {"type": "Heartbeat"},
        {"type": "Mixed", "id": "m1", "time": "2026-01-02T00:00:00Z", "parts": [{"name": "c"}]},
        {"type": "Route", "time": "2026-01-02T00:00:00Z", "code": "R7", "steps": [{"no": "10", "base": 1, "after": []}, {"no": "20", "after": ["10"]}]}
    ]}"#;
    let made = apply(document, |applied| {
        let events = applied.expect("events");
        events.iter().map(|event| (event.topic, event.key.to_owned(), event.event_id.to_owned(), event.type_name.to_owned())).collect::<Vec<_>>()
    });
    let trace = "canonical.traceability.v1";
    let expected = [
        (trace, "plant-t/a", "m1#1@1", "SERIAL_ASSIGNED"),
        (trace, "plant-t/b", "m1#3@1", "SERIAL_ASSIGNED"),
        (trace, "plant-t/c", "m1#1@3", "SERIAL_ASSIGNED"),
        ("master.routing.v1", "plant-t/R7/1", "RR7", "Routing"),
    ];
    assert_eq!(made, expected.map(|(topic, key, id, kind)| (topic, key.to_owned(), id.to_owned(), kind.to_owned())));
    let routing = events(document).pop().expect("the routing");
    assert_eq!((&routing["version"], &routing["is_deleted"]), (&json!("1"), &json!(false)));
    assert_eq!(routing["operations"][1], json!({"operation": "20", "is_milestone": false, "predecessors": ["10"], "properties": []}));
}

#[test]
fn ids_are_unique_in_the_whole_record() {
    let part = r#"{"type": "ObjectEvent", "id": "o1", "time": "2026-01-01T00:00:00Z", "about": "a", "action": "NEW", "sensors": [{}]}"#;
    assert_eq!(refused(&format!(r#"{{"events": [{part}, {part}]}}"#)).0, "duplicate-event-id");
}

#[test]
fn a_record_may_deliberately_make_no_event() {
    assert_eq!(events(r#"{"event": {"type": "Heartbeat"}}"#), [] as [Json; 0]);
    assert_eq!(events(r#"{"event": {"type": "Mixed", "id": "m", "parts": [{}]}}"#), [] as [Json; 0]);
    for (document, code, field) in [
        (r#"{"events": [{"type": "Heartbeat"}, {"type": "Heartbeet"}]}"#, "unmapped-document", "/events[2]/type"),
        (r#"{"events": [{"type": "Heartbeat"}, {"type": "Mixed", "id": "m", "parts": []}]}"#, "unmapped-document", "/events[2]/parts/*"),
        (r#"{"events": [{"type": "Heartbeat"}, {}]}"#, "missing-field", "/events[2]/type"),
        (r#"{"events": []}"#, "unmapped-document", "/events/*"),
    ] {
        assert_eq!(refused(document), (code, Some(field.to_owned())), "{document}");
    }
}

#[test]
fn a_plan_recognizes_what_its_rules_name() {
    let plan = plan();
    for (bytes, expected) in [
        (r#"{"event": {"type": "Heartbeat"}}"#, true),
        (r#"{"events": [{"type": "Other"}, {"type": "Mixed"}]}"#, true),
        (r#"{"events": [{"type": "Other"}]}"#, false),
        ("<a/>", false),
        ("", false),
    ] {
        assert_eq!(plan.recognizes(bytes.as_bytes()), expected, "{bytes}");
    }
    let set = MappingSet::built_in().expect("the packs compile");
    let recognized = |document: &[u8]| set.plans().iter().filter(|plan| plan.recognizes(document)).map(Plan::source).collect::<Vec<_>>();
    assert_eq!(recognized(&support::example("plant-a.mes", "order-released.json")), ["plant-a.mes"]);
    assert_eq!(recognized(&support::example("plant-b.b2mml", "weighing-and-mixing.xml")), ["plant-b.b2mml"]);
}

#[test]
fn a_plan_tells_what_it_reads_and_makes() {
    let plan = plan();
    assert_eq!(plan.document_types(), ["ObjectEvent", "Heartbeat", "Mixed", "Route"]);
    let trace = ContractId::TraceabilityEvent;
    assert_eq!(plan.event_types(), [(trace, "OBJECT_OBSERVED"), (trace, "SERIAL_ASSIGNED"), (ContractId::Routing, "Routing")]);
}

fn explained(document: &str) -> Vec<ExplainedEvent> {
    plan().explain(&record(document), &Limits::default()).unwrap_or_else(|refusal| panic!("{refusal:?}"))
}

#[test]
fn every_value_of_an_event_has_an_origin() {
    let document = format!(r#"{{"events": [{FULL}]}}"#);
    let event = explained(&document).remove(0);
    assert_eq!(apply(&document, |applied| applied.expect("one")[0].datum.to_vec()), event.datum, "the same evaluation");
    let origin = |field: &str| event.fields.iter().find(|origin| origin.field == field).unwrap_or_else(|| panic!("no origin of {field}")).origin.to_string();
    for (field, expected) in [
        ("envelope.event_id", "/events[1]/id"),
        ("envelope.plant", "constant `plant-t`"),
        ("envelope.correlation_id", "normalizer: the key"),
        ("envelope.transaction_type", "normalizer: type of the document"),
        ("envelope.source_time", "/events[1]/time"),
        ("envelope.raw", "normalizer: position of the raw record"),
        ("subject", "/events[1]/about"),
        ("type", "normalizer: the rule"),
        ("object_observed.action", "/events[1]/action, in actions `NEW` is `ADD`"),
        ("object_observed.epcs[1]", "/events[1]/epcs[3]"),
        ("object_observed.quantities[0].quantity.unit", "default `EA`, in units `EA` is `C62`"),
        ("object_observed.quantities[2].quantity.value", "/events[1]/classes[4]/quantity"),
        ("object_observed.quantities[2].quantity.unit", "/events[1]/classes[4]/uom, in units `G` is `KGM`"),
        ("object_observed.context.business_transactions[1].kind", "constant `OTHER`"),
        ("object_observed.context.sensor_elements[0].reports[0].value", "/events[1]/sensors[1]/reports[1]/value"),
        ("object_observed.error_declaration.declared_at", "/events[1]/error/at, local time in Europe/Berlin"),
        ("object_observed.error_declaration.corrective_event_ids[0]", "template of constant `e-` + /events[1]/error/by[1]"),
    ] {
        assert_eq!(origin(field), expected, "{field}");
    }
}

/// Paths of all values of a rendered record that are neither empty lists nor records.
fn leaves(value: &Json, path: &str, into: &mut BTreeSet<String>) {
    match value {
        Json::Object(fields) => {
            for (name, value) in fields {
                leaves(value, &if path.is_empty() { name.clone() } else { format!("{path}.{name}") }, into);
            }
        }
        Json::Array(items) => items.iter().enumerate().for_each(|(index, item)| leaves(item, &format!("{path}[{index}]"), into)),
        _ => {
            into.insert(path.to_owned());
        }
    }
}

#[test]
fn lineage_has_each_value_that_the_event_has_and_no_other() {
    let examples = [
        ("plant-a.mes", "raw.plant-a.mes", "material-consumed.json"),
        ("plant-a.mes", "raw.plant-a.mes", "operation-confirmed.json"),
        ("plant-a.mes", "raw.plant-a.mes", "order-completed.json"),
        ("plant-b.b2mml", "raw.plant-b.b2mml", "weighing-and-mixing.xml"),
        ("plant-b.b2mml", "raw.plant-b.b2mml", "prefixed-without-bodid.xml"),
        ("plant-c.edifact", "raw.plant-c.edifact", "despatch-advice.edifact"),
        ("plant-c.edifact", "raw.plant-c.edifact", "receiving-advice.edifact"),
        ("plant-c.edifact", "raw.plant-c.edifact", "transport-status.edifact"),
        ("plant-c.x12", "raw.plant-c.x12", "ship-notice.x12"),
        ("plant-c.x12", "raw.plant-c.x12", "receiving-advice.x12"),
        ("plant-c.x12", "raw.plant-c.x12", "shipment-status.x12"),
    ];
    let set = MappingSet::built_in().expect("the packs compile");
    let mut all = explained(&format!(r#"{{"events": [{FULL}]}}"#));
    for (pack, topic, name) in examples {
        let document = support::example(pack, name);
        all.extend(set.by_topic(topic).expect("a pack").explain(&support::record(topic, &document), &Limits::default()).expect("events"));
    }
    assert!(all.len() > 8);
    for event in all {
        let mut expected = BTreeSet::new();
        leaves(&rendering::datum(event.contract, &event.datum), "", &mut expected);
        expected.retain(|field| !field.starts_with("envelope.raw."));
        expected.insert("envelope.raw".to_owned());
        let found: Vec<_> = event.fields.iter().map(|origin| origin.field.clone()).collect();
        assert_eq!(found.iter().cloned().collect::<BTreeSet<_>>(), expected, "{}", event.event_id);
        assert_eq!(found.len(), expected.len(), "each once: {found:?}");
        assert!(event.rule_line > 1);
    }
}

/// A document of plant A for each type of event that its mapping makes, with values of any kind.
fn plant_a(kind: usize, texts: &[String], (whole, fraction): (u64, u32), unit: &str, micros: i64) -> String {
    const KINDS: [&str; 8] = [
        "ORDER_RELEASED",
        "OPERATION_STARTED",
        "OPERATION_CONFIRMED",
        "MATERIAL_CONSUMED",
        "MATERIAL_RETURNED",
        "CONSUMPTION_REVERSED",
        "GOODS_RECEIVED",
        "ORDER_COMPLETED",
    ];
    let quantity = format!("{whole}.{fraction:06}");
    let text = |at: usize| Json::from(texts[at % texts.len()].clone());
    let amount = json!({"quantity": quantity, "uom": unit, "material": text(3), "batch": text(4), "storageLocation": text(5)});
    let mut order = amount.clone();
    for (name, value) in [("number", text(0)), ("type", text(1)), ("plannedStart", json!("2026-11-20T08:15:30.5+01:00"))] {
        order[name] = value;
    }
    json!({
        "eventId": text(2), "eventType": KINDS[kind], "site": "PLANT-A", "sequence": micros, "occurredAt": lineside_api::Timestamp::from_micros(micros).to_string(),
        "order": order, "operation": text(1), "workCenter": text(4), "final": whole % 2 == 0, "reverses": text(5), "reason": text(6),
        "yield": amount, "scrap": amount, "product": amount, "components": [amount, amount],
    })
    .to_string()
}

proptest! {
    #[test]
    fn events_are_the_bytes_that_the_typed_codec_writes(
        kind in 0_usize..8,
        texts in proptest::collection::vec("[^\\x00]{1,40}", 7),
        amount in (1_u64..u64::MAX, 0_u32..1_000_000),
        unit in prop_oneof!["KG", "G", "T", "ST"],
        micros in 0_i64..4_000_000_000_000_000,
    ) {
        let document = plant_a(kind, &texts, amount, &unit, micros);
        support::apply(support::PLANT_A, document.as_bytes(), |applied| {
            let events = applied.unwrap_or_else(|refusal| panic!("{document}: {refusal:?}"));
            for event in &events {
                assert_eq!(reencoded(event.contract, event.datum).expect("the typed codec reads it"), event.datum);
                let typed = support::production_event(event);
                assert_eq!((typed.envelope.event_id, typed.envelope.plant, typed.envelope.correlation_id), (event.event_id, event.plant, event.correlation_id));
                assert_eq!(format!("{}/{}", typed.envelope.plant, typed.order), event.key);
            }
        });
    }

    #[test]
    fn events_of_xml_are_the_bytes_that_the_typed_codec_writes(texts in proptest::collection::vec("[A-Za-z0-9 äß€-]{1,30}", 3), amount in 1_u32..u32::MAX) {
        let document = String::from_utf8(support::example("plant-b.b2mml", "weighing-and-mixing.xml")).expect("UTF-8");
        let document = document.replace("PB-204", &format!("x{}x", texts[0])).replace("LOT", &format!("L{}", texts[1])).replace("<QuantityString>3<", &format!("<QuantityString>{amount}<"));
        support::apply(support::PLANT_B, document.as_bytes(), |applied| {
            let events = applied.unwrap_or_else(|refusal| panic!("{document}: {refusal:?}"));
            let types: BTreeSet<_> = events.iter().map(|event| event.type_name).collect();
            assert!(types.len() >= 4, "{types:?}");
            for event in &events {
                assert_eq!(reencoded(event.contract, event.datum).expect("the typed codec reads it"), event.datum);
            }
        });
    }
}
