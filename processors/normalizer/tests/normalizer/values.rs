//! Values that sources write in their own way, and values computed from others: from the document to the event, or to the refusal.

use crate::support;
use lineside_api::Refusal;
use lineside_normalizer::{Code, Limits, MappedEvent, Plan, Scratch};
use lineside_schemas::json;
use proptest::prelude::*;
use serde_json::Value as Json;

/// A German plant's MES, with one SAP value and one American one.
const MAPPING: &str = r#"
source: plant-t.test
version: 1
contract: ProductionEvent
format: json
document_type: kind
numbers: {decimal: ",", grouping: "."}
time: {formats: ["%d.%m.%Y %H:%M", "%d.%m.%Y %H:%M:%S"]}
time_zone: {name: Europe/Berlin, on_gap: refuse, on_overlap: earlier}
units: {KG: KGM}
tables:
  moments:
    codes: {start: "2026-01-01T06:00:00+01:00"}
envelope:
  event_id: {path: /id, as: text}
  plant: {const: plant-t}
  transaction_type: {const: T}
  source_time: /at
  source_sequence: /sequence
order: /order
events:
  - document: released
    type: ORDER_RELEASED
    fields:
      item: {cel: "item.split('-')[0] + suffix", with: {item: item, "suffix?": suffix}}
      planned_quantity: {value: quantity, unit: unit}
      planned_start: {template: "{day}{clock}", time: {formats: ["%Y%m%d%H%M%S", "{odata} {duration}"]}}
      planned_end: {path: end, time: {formats: ["%m/%d/%y", "{epoch-ms}"], pivot: 1970, at: "22:00"}}
  - document: table
    type: ORDER_RELEASED
    fields:
      item: item
      planned_quantity: {value: {path: quantity, number: {trailing_sign: true}}, unit: unit}
      planned_start: {path: start, table: moments}
  - document: consumed
    type: MATERIAL_CONSUMED
    when:
      cel: sign in ['S', 'H'] && decimal(amount) > decimal(limit)
      with: {sign: sign, amount: quantity, limit: limit}
    fields:
      operation: {const: "0010"}
      item: item
      quantity: {value: {cel: "sign == 'H' ? -decimal(amount) : decimal(amount)", with: {sign: sign, amount: quantity}}, unit: unit}
  - document: confirmed
    type: OPERATION_CONFIRMED
    fields:
      operation: operation
      yield: {value: {cel: "decimal(total) - decimal(scrap)", with: {total: total, scrap: scrap}}, unit: unit}
      is_final: {cel: status == 'F', with: {status: status}}
      posting_date: {path: posted, time: {formats: ["%Y%m%d", "{odata}"]}}
"#;

fn apply(document: &Json) -> Result<Json, Refusal> {
    let plan = Plan::compile("test", MAPPING).unwrap_or_else(|errors| panic!("{errors}"));
    let bytes = document.to_string();
    let record = lineside_api::RawRecord { topic: "raw.plant-t.test", ..support::record("", bytes.as_bytes()) };
    let mut scratch = Scratch::default();
    let events = plan.apply(&record, &Limits::default(), &mut scratch).map_err(|refusal| *refusal)?;
    assert_eq!(events.len(), 1);
    Ok(shown(&events[0]))
}

fn shown(event: &MappedEvent<'_>) -> Json {
    json::to_json(event.contract.schema_text(), event.datum).expect("Avro of the contract")
}

/// A document with some members replaced.
fn with(document: &Json, members: &Json) -> Json {
    let mut document = document.clone();
    for (name, value) in members.as_object().expect("members") {
        document[name] = value.clone();
    }
    document
}

fn refused(document: &Json) -> (&'static str, Option<String>) {
    let refusal = apply(document).expect_err("a refusal");
    (refusal.code, refusal.path)
}

fn released() -> Json {
    serde_json::json!({
        "kind": "released", "id": "1", "at": "24.10.2026 08:15", "sequence": "1.234", "order": "0010", "item": "007-A", "quantity": "1.234,50", "unit": "KG",
        "day": "20261024", "clock": "063000", "end": "10/25/26",
    })
}

#[test]
fn numbers_and_times_of_the_source_become_those_of_the_contract() {
    let event = apply(&released()).expect("an event");
    assert_eq!(event["envelope"]["source_time"], "2026-10-24T06:15:00Z");
    assert_eq!(event["envelope"]["source_sequence"], 1234);
    assert_eq!(event["order"], "0010");
    let group = &event["order_released"];
    assert_eq!(group["item"], "007");
    assert_eq!(group["planned_quantity"], serde_json::json!({"value": "1234.5", "unit": "KGM"}));
    assert_eq!(group["planned_start"], "2026-10-24T04:30:00Z");
    // A date stands for 22:00 of that day, which is after the clocks went back.
    assert_eq!(group["planned_end"], "2026-10-25T21:00:00Z");
}

#[test]
fn a_local_time_that_a_rule_decided_is_flagged() {
    let adjusted = |at: &str| apply(&with(&released(), &serde_json::json!({"at": at}))).expect("an event")["envelope"]["source_time_adjusted"].clone();
    assert_eq!(adjusted("25.10.2026 02:30"), "OVERLAP");
    assert_eq!(adjusted("25.10.2026 03:30"), Json::Null);
}

#[test]
fn forms_of_other_systems_are_joined_and_read() {
    let joined = with(&released(), &serde_json::json!({"day": "/Date(1471564800000)/ ", "clock": "PT10H00M00S", "end": 1_471_564_800_123_i64, "suffix": "/B"}));
    let group = &apply(&joined).expect("an event")["order_released"];
    assert_eq!(group["planned_start"], "2016-08-19T08:00:00Z");
    assert_eq!(group["planned_end"], "2016-08-19T00:00:00.123Z");
    assert_eq!(group["item"], "007/B");
}

#[test]
fn numbers_of_json_and_fixed_values_are_written_as_the_mapping_language_does() {
    let plain = with(&released(), &serde_json::json!({"quantity": 1.5, "sequence": 7}));
    let event = apply(&plain).expect("an event");
    assert_eq!((&event["order_released"]["planned_quantity"]["value"], &event["envelope"]["source_sequence"]), (&Json::from("1.5"), &Json::from(7)));
    let table =
        serde_json::json!({"kind": "table", "id": "1", "at": "24.10.2026 08:15:59", "order": "1", "item": "7", "quantity": "1.250-", "unit": "KG", "start": "start"});
    let group = &apply(&table).expect("an event")["order_released"];
    assert_eq!((&group["planned_start"], &group["planned_quantity"]["value"]), (&Json::from("2026-01-01T05:00:00Z"), &Json::from("-1.25")));
}

#[test]
fn what_does_not_fit_is_refused_with_code_and_field() {
    for (members, code, field) in [
        (serde_json::json!({"quantity": "1.23,4"}), "bad-number", "/quantity"),
        (serde_json::json!({"quantity": "0.001"}), "bad-number", "/quantity"),
        (serde_json::json!({"quantity": "5-"}), "bad-number", "/quantity"),
        (serde_json::json!({"quantity": "0,0000000001"}), "number-too-fine", "/quantity"),
        (serde_json::json!({"quantity": "123456789012345678901234567890"}), "number-too-large", "/quantity"),
        (serde_json::json!({"quantity": true}), "wrong-type", "/quantity"),
        (serde_json::json!({"sequence": "1,5"}), "bad-number", "/sequence"),
        (serde_json::json!({"at": "24.10.26 08:15"}), "bad-time", "/at"),
        (serde_json::json!({"at": "2026-10-24T08:15:00Z"}), "bad-time", "/at"),
        (serde_json::json!({"at": 20_261_024}), "wrong-type", "/at"),
        (serde_json::json!({"at": "29.03.2026 02:30"}), "time-in-gap", "/at"),
        (serde_json::json!({"end": "25/10/26"}), "bad-time", "/end"),
        (serde_json::json!({"end": 1.5}), "bad-time", "/end"),
        (serde_json::json!({"item": ""}), "empty-field", "/item"),
        (serde_json::json!({"item": [1, 2]}), "wrong-type", "/item"),
    ] {
        assert_eq!(refused(&with(&released(), &members)), (code, Some(field.to_owned())), "{members}");
    }
    // What a template joins stands in several places.
    assert_eq!(refused(&with(&released(), &serde_json::json!({"clock": "6300"}))).0, "bad-time");
}

fn consumed(sign: &str, quantity: &Json) -> Json {
    serde_json::json!({"kind": "consumed", "id": "1", "at": "24.10.2026 08:15", "order": "1", "item": "7", "quantity": quantity, "limit": "0,5", "unit": "KG", "sign": sign})
}

#[test]
fn expressions_decide_and_compute_with_exact_numbers() {
    let event = apply(&consumed("S", &"1.234,5".into())).expect("an event");
    assert_eq!(event["material_consumed"]["quantity"]["value"], "1234.5");
    // A number of JSON is the same number beside texts in the source's form.
    assert_eq!(apply(&consumed("S", &serde_json::json!(1.5))).expect("an event")["material_consumed"]["quantity"]["value"], "1.5");
    let confirmed = serde_json::json!({
        "kind": "confirmed", "id": "1", "at": "24.10.2026 08:15", "order": "1", "operation": "0010", "total": "0,3", "scrap": "0,1", "unit": "KG", "status": "F",
        "posted": "20261231",
    });
    let group = &apply(&confirmed).expect("an event")["operation_confirmed"];
    assert_eq!((&group["yield"]["value"], &group["is_final"], &group["operation"]), (&Json::from("0.2"), &Json::from(true), &Json::from("0010")));
    assert_eq!(group["posting_date"], "2026-12-31");
    let refusal = apply(&with(&confirmed, &serde_json::json!({"posted": "20261301"}))).expect_err("no thirteenth month");
    assert_eq!((refusal.code, refusal.path.as_deref()), ("bad-time", Some("/posted")));
}

#[test]
fn a_condition_that_is_not_true_makes_no_event_and_one_that_fails_refuses() {
    assert_eq!(refused(&consumed("X", &"1".into())).0, "unmapped-document");
    assert_eq!(refused(&consumed("S", &"0,25".into())).0, "unmapped-document");
    assert_eq!(refused(&consumed("S", &Json::Null)).0, "unmapped-document");
    assert_eq!(refused(&consumed("S", &"much".into())), ("bad-number", Some("/sign".to_owned())));
    // A negative quantity is what the expression says, and the contract wants a positive one.
    assert_eq!(refused(&consumed("H", &"2".into())), ("quantity-not-positive", Some("/sign".to_owned())));
}

#[test]
fn an_expression_without_a_result_names_itself_and_where_it_began() {
    let mapping = MAPPING.replace("split('-')[0]", "split('-')[1]");
    let plan = Plan::compile("test", &mapping).unwrap_or_else(|errors| panic!("{errors}"));
    let document = with(&released(), &serde_json::json!({"item": "007"})).to_string();
    let record = lineside_api::RawRecord { topic: "raw.plant-t.test", ..support::record("", document.as_bytes()) };
    let refusal = plan.apply(&record, &Limits::default(), &mut Scratch::default()).expect_err("a refusal");
    assert_eq!((refusal.code, refusal.class, refusal.path.as_deref()), ("expression-failed", lineside_api::ErrorClass::Application, Some("/item")));
    assert_eq!(refusal.message, "`item.split('-')[1] + suffix`: the list has no item of that number");
}

/// Texts near those that sources write, and texts far from them.
fn odd_texts() -> impl Strategy<Value = String> {
    prop_oneof![
        "[-+0-9.,eE ]{0,14}",
        "[0-9]{2}[.][0-9]{2}[.][0-9]{4} [0-9]{2}:[0-9]{2}(:[0-9]{2})?",
        "[0-9]{8}",
        "[0-9]{6}",
        "/Date\\([0-9+-]{0,16}\\)/ ?",
        "PT([0-9]{1,2}[HMS]){0,3}",
        any::<String>()
    ]
}

proptest! {
    #[test]
    fn whatever_stands_in_a_value_there_is_an_event_or_a_documented_refusal(
        names in proptest::sample::subsequence(vec!["at", "sequence", "quantity", "unit", "day", "clock", "end", "item", "suffix"], 1..4),
        texts in proptest::collection::vec(odd_texts(), 4),
    ) {
        let mut document = released();
        for (name, text) in names.iter().zip(texts) {
            document[*name] = text.into();
        }
        match apply(&document) {
            Ok(event) => prop_assert_eq!(&event["order"], "0010"),
            Err(refusal) => {
                let is_documented = Code::ALL.iter().any(|code| code.as_str() == refusal.code && code.class() == refusal.class);
                prop_assert!(is_documented && refusal.code != Code::ContractMismatch.as_str(), "{refusal:?}");
            }
        }
    }

    #[test]
    fn quantities_written_in_the_countrys_way_arrive_unchanged(whole in 0_u64..1_000_000_000_000, fraction in 0_u32..1_000_000_000) {
        let digits = whole.to_string();
        let grouped: Vec<String> = digits.as_bytes().rchunks(3).rev().map(|group| String::from_utf8_lossy(group).into_owned()).collect();
        let document = with(&released(), &serde_json::json!({"quantity": format!("{},{fraction:09}", grouped.join("."))}));
        let event = apply(&document).expect("an event");
        let plain = format!("{whole}.{fraction:09}");
        let expected = plain.trim_end_matches('0').trim_end_matches('.');
        prop_assert_eq!(&event["order_released"]["planned_quantity"]["value"], expected);
    }
}
