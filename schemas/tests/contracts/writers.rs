//! Records of writers that use an older or newer version of the schema, or no version at all.

use apache_avro::types::Value as Avro;
use apache_avro::writer::datum::GenericDatumWriter;
use apache_avro::{Decimal as AvroDecimal, Schema};
use lineside_schemas::json::from_json;
use lineside_schemas::production::{ProductionFact, ProductionFactRecord};
use lineside_schemas::records::ProductionEventType;
use lineside_schemas::{Codec, CodecError, ContractId, SchemaSource, SchemaSourceError, contract};
use serde_json::{Value, json};

use crate::evolution::{add, field};
use crate::support::{codec_of_writer, example, wire};

const EVENT: ContractId = ContractId::ProductionEvent;

fn schema() -> Value {
    serde_json::from_str(EVENT.schema_text()).unwrap()
}

#[test]
fn an_event_of_a_newer_version_is_unknown_but_readable() {
    let mut newer = schema();
    field(&mut newer, "type")["type"]["symbols"].as_array_mut().unwrap().insert(3, json!("MATERIAL_SCRAPPED"));
    add(&mut newer, json!({"name": "material_scrapped", "type": ["null", "ComponentMovement"], "default": null}));
    add(&mut field(&mut newer, "envelope")["type"], json!({"name": "shift", "type": ["null", "string"], "default": null}));
    let newer = newer.to_string();

    let mut view = example(EVENT, "material-consumed");
    view["envelope"]["shift"] = json!("night");
    view["type"] = json!("MATERIAL_SCRAPPED");
    view["material_scrapped"] = view["material_consumed"].take();
    let bytes = wire(&from_json(&newer, &view).unwrap());
    let codec = codec_of_writer(&newer);
    let event = codec.decode::<contract::ProductionEvent>(&bytes).unwrap();
    assert_eq!((event.order, event.r#type), ("53107", ProductionEventType::Unknown));
    assert_eq!(event.envelope.mapping_version, "plant-b.b2mml/1", "the fields after the new one are in place");
    assert_eq!(ProductionFactRecord::try_from(event).unwrap().fact, ProductionFact::Unknown);

    // Its other events mean what they meant, although the symbols have moved.
    let bytes = wire(&from_json(&newer, &example(EVENT, "material-consumed")).unwrap());
    let event = codec.decode::<contract::ProductionEvent>(&bytes).unwrap();
    assert_eq!(event.r#type, ProductionEventType::MaterialConsumed);
    assert!(matches!(ProductionFactRecord::try_from(event).unwrap().fact, ProductionFact::MaterialConsumed(movement) if movement.quantity.to_string() == "0.41 KGM"));
}

#[test]
fn an_event_of_an_older_version_has_defaults_where_it_knew_nothing() {
    let view = example(EVENT, "order-released-minimal");
    let (mut older, mut short) = (schema(), view.clone());
    remove_unused(&mut older, &mut short);
    remove_unused(&mut field(&mut older, "envelope")["type"], &mut short["envelope"]);
    remove_unused(&mut field(&mut older, "order_released")["type"][1], &mut short["order_released"]);
    assert_eq!(older["fields"].as_array().unwrap().len(), 4, "envelope, order, type and the one group");

    let older = older.to_string();
    let short = wire(&from_json(&older, &short).unwrap());
    let full = from_json(EVENT.schema_text(), &view).unwrap();
    assert_eq!(codec_of_writer(&older).decode::<contract::ProductionEvent>(&short), lineside_schemas::codec::decode_datum::<contract::ProductionEvent>(&full));
}

/// Takes the fields that have their default in the view out of the record and the view.
fn remove_unused(record: &mut Value, view: &mut Value) {
    record["fields"].as_array_mut().unwrap().retain(|field| {
        let name = field["name"].as_str().unwrap();
        let unused = field.get("default").is_some_and(|default| *default == view[name]);
        if unused {
            view.as_object_mut().unwrap().remove(name);
        }
        !unused
    });
}

#[test]
fn a_field_of_a_type_that_no_contract_uses_is_skipped() {
    let mut newer = serde_json::from_str::<Value>(ContractId::AcceptedIds.schema_text()).unwrap();
    for (name, kind) in [
        ("cost", json!({"type": "bytes", "logicalType": "decimal", "precision": 60, "scale": 2})),
        ("at", json!({"type": "long", "logicalType": "timestamp-nanos"})),
        ("ratio", json!("double")),
        ("labels", json!({"type": "map", "values": {"type": "array", "items": "float"}})),
        ("key", json!({"type": "string", "logicalType": "uuid"})),
        ("hash", json!({"type": "fixed", "name": "Hash", "size": 3})),
        ("span", json!({"type": "fixed", "name": "Span", "size": 12, "logicalType": "duration"})),
        ("choice", json!(["null", "string", "long"])),
    ] {
        add(&mut newer, json!({"name": name, "type": kind}));
    }
    let newer = newer.to_string();
    let schema = Schema::parse_str(&newer).unwrap();
    let extra = Avro::Record(
        [
            ("stream_time", Avro::TimestampMicros(7)),
            ("ids", Avro::Array(Vec::new())),
            ("cost", Avro::Decimal(AvroDecimal::from([0x7F; 25]))),
            ("at", Avro::TimestampNanos(1)),
            ("ratio", Avro::Double(0.5)),
            ("labels", Avro::Map([("a".to_owned(), Avro::Array(vec![Avro::Float(1.0)]))].into())),
            ("key", Avro::Uuid(apache_avro::Uuid::nil())),
            ("hash", Avro::Fixed(3, vec![1, 2, 3])),
            ("span", Avro::Duration([1; 12].into())),
            ("choice", Avro::Union(2, Box::new(Avro::Long(1)))),
        ]
        .map(|(name, value)| (name.to_owned(), value))
        .to_vec(),
    );
    let datum = GenericDatumWriter::builder(&schema).build().unwrap().write_value_to_vec(extra).unwrap();
    let bytes = wire(&datum);
    assert_eq!(codec_of_writer(&newer).decode::<contract::AcceptedIds>(&bytes).unwrap().stream_time.micros(), 7);
}

fn unreadable(writer: &str) -> String {
    match codec_of_writer(writer).decode::<contract::ProductionEvent>(&wire(&[])) {
        Err(CodecError::UnreadableSchema { id: 0, reason }) => reason,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_writer_with_another_meaning_is_refused_by_its_schema() {
    let mut coarse = schema();
    field(&mut field(&mut coarse, "envelope")["type"], "source_time")["type"]["logicalType"] = json!("timestamp-millis");
    assert_eq!(unreadable(&coarse.to_string()), "envelope.source_time: timestampmillis cannot be read as timestampmicros");
    let rescaled = EVENT.schema_text().replace("\"scale\": 9", "\"scale\": 3");
    assert_eq!(unreadable(&rescaled), "order_released.planned_quantity.value: decimal(38, 3) cannot be read as decimal(38, 9)");
    assert!(unreadable(ContractId::OrderPosting.schema_text()).contains("OrderPosting cannot be read as io.lineside.production.ProductionEvent"));
}

#[test]
fn a_writer_whose_schema_is_none_is_refused() {
    let nested = "[".repeat(100_000);
    let endless = r#"{"type": "record", "name": "ProductionEvent", "fields": [{"name": "self", "type": "ProductionEvent"}]}"#;
    for text in ["", "{}", "\"Nothing\"", nested.as_str(), endless] {
        assert!(!unreadable(text).is_empty());
    }
}

#[test]
fn the_same_schema_is_judged_apart_for_each_contract() {
    let codec = codec_of_writer(ContractId::AcceptedIds.schema_text());
    let bytes = wire(&from_json(ContractId::AcceptedIds.schema_text(), &example(ContractId::AcceptedIds, "two-ids")).unwrap());
    assert_eq!(codec.decode::<contract::AcceptedIds>(&bytes).unwrap().ids.len(), 2);
    assert!(matches!(codec.decode::<contract::OrderLedger>(&bytes), Err(CodecError::UnreadableSchema { .. })));
    assert_eq!(codec.decode::<contract::AcceptedIds>(&bytes).unwrap().ids.len(), 2);
}

struct Silent;

impl SchemaSource for Silent {
    fn id_of(&self, _: &str, _: &str) -> Result<u32, SchemaSourceError> {
        Err(SchemaSourceError::Unavailable("no answer".to_owned()))
    }
    fn schema_of(&self, _: u32) -> Result<String, SchemaSourceError> {
        Err(SchemaSourceError::Unavailable("no answer".to_owned()))
    }
}

#[test]
fn a_registry_that_does_not_answer_is_told_from_one_that_does_not_know() {
    let reason = |codec: Codec| codec.decode::<contract::ProductionEvent>(&[0, 0, 0, 1, 0]).map(|_| ()).unwrap_err();
    assert!(matches!(reason(Codec::new(Box::new(Silent))), CodecError::Schema { id: 256, reason: SchemaSourceError::Unavailable(_) }));
    assert!(matches!(reason(codec_of_writer(EVENT.schema_text())), CodecError::Schema { id: 256, reason: SchemaSourceError::NotFound(_) }));
}

#[test]
fn writing_needs_a_resolved_topic() {
    let mut codec = codec_of_writer(EVENT.schema_text());
    let datum = from_json(EVENT.schema_text(), &example(EVENT, "order-completed")).unwrap();
    let event = lineside_schemas::codec::decode_datum::<contract::ProductionEvent>(&datum).unwrap();
    let mut out = vec![7];
    assert_eq!(codec.encode::<contract::ProductionEvent>("t", &event, &mut out), Err(CodecError::UnresolvedTopic("t".to_owned())));
    assert_eq!(out, [7]);
    assert!(codec.resolve("t", ContractId::OrderLedger).is_err());
    assert_eq!(codec.resolve("t", EVENT), Ok(0));
    codec.encode::<contract::ProductionEvent>("t", &event, &mut out).unwrap();
    assert_eq!(out, [&[7][..], &wire(&datum)].concat());
}
