//! Every example does what it says.

use std::collections::BTreeSet;

use apache_avro::Schema;
use apache_avro::reader::datum::GenericDatumReader;
use apache_avro::writer::datum::GenericDatumWriter;
use lineside_schemas::codec::{decode_datum, encode_datum, physical_schema};
use lineside_schemas::json::{JsonError, JsonView};
use lineside_schemas::production::ProductionFactRecord;
use lineside_schemas::records::{ProductionEvent, ProductionEventType};
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
