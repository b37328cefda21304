//! Every example does what it says.

use std::collections::BTreeSet;

use apache_avro::Schema;
use apache_avro::reader::datum::GenericDatumReader;
use apache_avro::writer::datum::GenericDatumWriter;
use lineside_schemas::codec::{decode_datum, encode_datum, physical_schema};
use lineside_schemas::json::{JsonError, JsonView};
use lineside_schemas::production::ProductionFactRecord;
use lineside_schemas::records::{ProductionEvent, ProductionEventType};
use lineside_schemas::unit::unit_by_code;
use lineside_schemas::{ContractId, contract};
use serde_json::Value;

use crate::support::{examples, reencode};

#[test]
fn every_schema_parses() {
    for &id in ContractId::ALL {
        Schema::parse_str(id.schema_text()).unwrap_or_else(|error| panic!("{id:?}: {error}"));
        physical_schema(id.schema_text()).unwrap_or_else(|error| panic!("{id:?}: {error}"));
    }
}

#[test]
fn every_valid_example_is_the_same_bytes_for_every_reader() {
    for &id in ContractId::ALL {
        let view = JsonView::new(id.schema_text()).unwrap();
        let schema = Schema::parse_str(id.schema_text()).unwrap();
        for example in examples(id, "valid") {
            let name = format!("{id:?}/{}", example.name);
            let datum = view.encode(&example.json).unwrap_or_else(|error| panic!("{name}: {error}"));
            assert_eq!(reencode(id, &datum).as_ref(), Ok(&datum), "{name}: typed record");
            assert_eq!(through_apache_avro(&schema, &datum), datum, "{name}: apache-avro");
            // Text, not value: the order of fields counts.
            assert_eq!(serde_json::to_string_pretty(&view.show(&datum).unwrap()).unwrap() + "\n", example.text, "{name}: JSON view");
        }
    }
}

#[test]
fn the_units_of_examples_are_units_that_a_mapping_can_name() {
    for &id in ContractId::ALL {
        for example in examples(id, "valid") {
            let mut units = Vec::new();
            units_in(&example.json, &mut units);
            let unknown: Vec<_> = units.into_iter().filter(|unit| unit_by_code(unit).is_none()).collect();
            assert!(unknown.is_empty(), "{id:?}/{}: {unknown:?}", example.name);
        }
    }
}

/// The units of quantities; other members of that name are what a plant calls its units.
fn units_in<'v>(value: &'v Value, units: &mut Vec<&'v str>) {
    match value {
        Value::Object(members) => {
            if members.contains_key("value") {
                units.extend(members.get("unit").and_then(Value::as_str));
            }
            members.values().for_each(|member| units_in(member, units));
        }
        Value::Array(items) => items.iter().for_each(|item| units_in(item, units)),
        _ => {}
    }
}

fn through_apache_avro(schema: &Schema, datum: &[u8]) -> Vec<u8> {
    let mut rest = datum;
    let value = GenericDatumReader::builder(schema).build().unwrap().read_value(&mut rest).unwrap();
    assert!(rest.is_empty());
    GenericDatumWriter::builder(schema).build().unwrap().write_value_to_vec(value).unwrap()
}

#[test]
fn every_invalid_example_is_refused_for_its_reason_at_its_place() {
    for &id in ContractId::ALL {
        let view = JsonView::new(id.schema_text()).unwrap();
        for example in examples(id, "invalid") {
            let name = format!("{id:?}/{}", example.name);
            let member = |key: &str| example.json[key].as_str().unwrap_or_else(|| panic!("{name} has no {key}")).to_owned();
            let error = refusal(id, &view, &example.json["value"]).unwrap_or_else(|| panic!("{name} is accepted"));
            assert!(error.reason.contains(&member("reason")), "{name}: {error}");
            assert_eq!(error.path, member("path"), "{name}: {error}");
        }
    }
}

/// Why the view is no value of the contract; the contract of production events is more than its schema.
fn refusal(id: ContractId, view: &JsonView, value: &Value) -> Option<JsonError> {
    let datum = match view.encode(value) {
        Ok(datum) => datum,
        Err(error) => return Some(error),
    };
    if id != ContractId::ProductionEvent {
        return None;
    }
    let event = decode_datum::<contract::ProductionEvent>(&datum).unwrap();
    let error = ProductionFactRecord::try_from(event).err()?;
    Some(JsonError { path: "type".to_owned(), reason: error.to_string() })
}

#[test]
fn every_production_event_example_keeps_the_rule_of_its_groups() {
    let view = JsonView::new(ContractId::ProductionEvent.schema_text()).unwrap();
    let mut types = BTreeSet::new();
    for example in examples(ContractId::ProductionEvent, "valid") {
        let datum = view.encode(&example.json).unwrap();
        let event = decode_datum::<contract::ProductionEvent>(&datum).unwrap();
        types.insert(event.r#type.symbol());
        let fact = ProductionFactRecord::try_from(event).unwrap_or_else(|error| panic!("{}: {error}", example.name));
        let mut again = Vec::new();
        encode_datum::<contract::ProductionEvent>(&ProductionEvent::from(fact), &mut again).unwrap();
        assert_eq!(again, datum, "{}", example.name);
    }
    assert_eq!(types, ProductionEventType::SYMBOLS.iter().copied().collect(), "every type has an example");
}

#[test]
fn every_event_type_has_an_example_and_each_sets_the_group_that_its_type_names() {
    let mut families = BTreeSet::new();
    for &id in ContractId::ALL {
        let schema: Value = serde_json::from_str(id.schema_text()).unwrap();
        let fields = schema["fields"].as_array().unwrap();
        let Some(kind) = fields.iter().find(|field| field["name"] == "type") else { continue };
        let Some(symbols) = kind["type"]["symbols"].as_array().filter(|_| id.name().ends_with("Event")) else { continue };
        families.insert(id.family());
        let groups: Vec<String> = symbols[1..].iter().map(|symbol| symbol.as_str().unwrap().to_lowercase()).collect();
        let mut missing: BTreeSet<&str> = groups.iter().map(String::as_str).collect();
        for group in &groups {
            let field = fields.iter().find(|field| field["name"] == *group).unwrap_or_else(|| panic!("{id:?} has no group {group}"));
            assert!(field["type"][0] == "null" && field["default"].is_null(), "{id:?}.{group}");
        }
        for example in examples(id, "valid") {
            let named = example.json["type"].as_str().unwrap().to_lowercase();
            let set: Vec<&str> = groups.iter().map(String::as_str).filter(|group| !example.json[group].is_null()).collect();
            assert_eq!(set, if named == "unknown" { Vec::new() } else { vec![named.as_str()] }, "{id:?}/{}", example.name);
            missing.remove(named.as_str());
        }
        assert!(missing.is_empty(), "{id:?} has no example of {missing:?}");
    }
    assert_eq!(families, ["inbound", "inventory", "outbound", "planning", "production", "quality", "traceability", "work_center"].into());
}

#[test]
fn contracts_use_only_the_types_that_mappings_and_readers_know() {
    for &id in ContractId::ALL.iter().filter(|id| id.schema_text().contains(r#""name": "envelope""#)) {
        check_type(&serde_json::from_str(id.schema_text()).unwrap(), id.name());
    }
}

/// Text, whole numbers, booleans, instants, dates, the one decimal, enums, records, arrays of records or text, and null beside one of these but arrays.
fn check_type(schema: &Value, place: &str) {
    match schema {
        Value::String(name) => assert!(["string", "int", "long", "boolean"].contains(&name.as_str()) || name.starts_with("io.lineside."), "{place}: {name}"),
        Value::Array(branches) => {
            assert!(branches.len() == 2 && branches[0] == "null" && branches[1]["type"] != "array", "{place}: {schema}");
            check_type(&branches[1], place);
        }
        _ => match (schema["type"].as_str().unwrap(), schema["logicalType"].as_str()) {
            ("long", Some("timestamp-micros")) | ("int", Some("date")) | ("bytes", Some("decimal")) => {}
            ("enum", None) => assert!(schema["symbols"][0] == "UNKNOWN" && schema["default"] == "UNKNOWN", "{place}"),
            ("array", None) => {
                assert!(schema["items"] == "string" || schema["items"]["type"] == "record" || schema["items"].as_str().is_some_and(|name| name.contains('.')), "{place}");
                check_type(&schema["items"], place);
            }
            ("record", None) => {
                assert!(schema["doc"].as_str().is_some_and(|doc| doc.ends_with('.')), "{place}: a doc is a sentence");
                for field in schema["fields"].as_array().unwrap() {
                    let place = format!("{place}.{}", field["name"].as_str().unwrap());
                    assert!(field["doc"].as_str().is_some_and(|doc| doc.ends_with('.')), "{place}: a doc is a sentence");
                    let default = match &field["type"] {
                        Value::Array(_) => Some(Value::Null),
                        kind if kind["type"] == "array" => Some(Value::Array(Vec::new())),
                        _ => field.get("default").cloned(),
                    };
                    assert_eq!(field.get("default"), default.as_ref(), "{place}");
                    check_type(&field["type"], &place);
                }
            }
            _ => panic!("{place}: {schema}"),
        },
    }
}

#[test]
fn a_field_with_a_default_may_be_absent_from_a_view() {
    let view = JsonView::new(ContractId::ProductionEvent.schema_text()).unwrap();
    for example in examples(ContractId::ProductionEvent, "valid") {
        let mut short = example.json.clone();
        without_nulls(&mut short);
        assert_ne!(short, example.json);
        assert_eq!(view.encode(&short), view.encode(&example.json), "{}", example.name);
    }
}

fn without_nulls(view: &mut Value) {
    if let Value::Object(fields) = view {
        fields.retain(|_, value| !value.is_null());
        fields.values_mut().for_each(without_nulls);
    }
}
