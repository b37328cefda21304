//! The document against GS1's published JSON Schema, which is not ours to ship: the test reads it from the file that `LINESIDE_EPCIS_SCHEMA` names (`EPCIS-JSON-Schema.json` of
//! github.com/gs1/EPCIS), and else checks what the schema asks of these events by itself.

use lineside_schemas::Decimal;
use lineside_schemas::records::{ComponentMovement, ConsumptionReversed, FinishedGoodsReported, OrderCompleted, ProductionEvent, RawPosition};

use super::super::gather::Kept;
use super::*;

fn envelope(event_id: &'static str) -> Envelope<'static> {
    Envelope {
        event_id,
        source: "plant-a.mes",
        plant: "plant-a",
        region: None,
        transaction_type: "TEST",
        source_time: Timestamp::from_millis(1_795_158_000_250),
        source_time_nanos: 0,
        source_utc_offset_minutes: Some(60),
        ingest_time: Timestamp::from_millis(1_795_158_001_000),
        source_sequence: None,
        correlation_id: "plant-a/47/11",
        causation_id: None,
        raw: RawPosition { topic: "raw.plant-a.mes", partition: 0, offset: 7 },
        mapping_version: "plant-a.mes/1",
        source_time_adjusted: None,
    }
}

fn gathered() -> Gathered {
    let codec = lineside_testkit::codec();
    let quantity = |text: &str, unit: &'static str| Quantity { value: text.parse::<Decimal>().unwrap(), unit };
    let moved = |lot| ComponentMovement {
        operation: "0010",
        item: "RM 1/x",
        lot,
        storage_location: Some("0001"),
        quantity: quantity("1.250000001", "KGM"),
        ..ComponentMovement::default()
    };
    let facts: [(&'static str, ProductionFact<'_>); 5] = [
        ("A-1", ProductionFact::MaterialConsumed(moved(Some("B-77")))),
        ("A-2", ProductionFact::MaterialReturned(moved(None))),
        ("A-3", ProductionFact::ConsumptionReversed(ConsumptionReversed { reversed_event_id: "A-1", ..ConsumptionReversed::default() })),
        (
            "A-4",
            ProductionFact::FinishedGoodsReported(Box::new(FinishedGoodsReported {
                item: "FG-1",
                lot: Some("L-9"),
                quantity: quantity("10", "C62"),
                ..FinishedGoodsReported::default()
            })),
        ),
        ("A-5", ProductionFact::OrderCompleted(OrderCompleted::default())),
    ];
    let records = (0..).zip(facts).map(|(offset, (id, fact))| {
        let event: ProductionEvent<'_> = ProductionFactRecord { envelope: envelope(id), order: "47/11", fact }.into();
        let mut value = Vec::new();
        codec.encode::<contract::ProductionEvent>(CANONICAL_PRODUCTION.name(), &event, &mut value).unwrap();
        Kept { topic: CANONICAL_PRODUCTION.name().to_owned(), partition: 0, offset, time: Timestamp::EPOCH, value, headers: Vec::new(), key: None }
    });
    Gathered { plant: "plant-a".to_owned(), order: "47/11".to_owned(), records: records.collect(), ..Gathered::default() }
}

fn exported(base: &str) -> Value {
    serde_json::from_str(&document(&gathered(), &lineside_testkit::codec(), base, Timestamp::EPOCH).unwrap()).unwrap()
}

#[test]
fn amounts_are_numbers_exact_to_the_last_digit() {
    let text = document(&gathered(), &lineside_testkit::codec(), "urn:lineside", Timestamp::EPOCH).unwrap();
    assert!(text.contains(r#""quantity": 1.250000001"#) && text.contains(r#""quantity": 10"#), "{text}");
    assert!(!text.contains("u0001"));
}

#[test]
fn consumption_and_product_share_a_transformation_and_a_reversed_event_is_declared_wrong() {
    let document = exported("https://id.example.com/");
    let events = document["epcisBody"]["eventList"].as_array().unwrap();
    let kinds: Vec<_> = events.iter().map(|event| (event["type"].as_str().unwrap(), event.get("errorDeclaration").is_some())).collect();
    assert_eq!(kinds, [("TransformationEvent", false), ("TransformationEvent", true), ("ObjectEvent", false), ("TransformationEvent", false)]);
    assert_eq!(events[0]["eventID"], events[1]["eventID"]);
    assert_eq!(events[0]["transformationID"], "https://id.example.com/transformation/plant-a/47%2F11");
    assert_eq!(events[0]["transformationID"], events[3]["transformationID"]);
    assert_eq!(events[0]["inputQuantityList"], json!([{"epcClass": "https://id.example.com/lot/RM%201%2Fx/B-77", "quantity": 1.250_000_001, "uom": "KGM"}]));
    assert_eq!(events[3]["outputQuantityList"], json!([{"epcClass": "https://id.example.com/lot/FG-1/L-9", "quantity": 10}]));
    assert_eq!((&events[0]["eventTime"], &events[0]["eventTimeZoneOffset"]), (&json!("2026-11-20T07:00:00.25Z"), &json!("+01:00")));
}

#[test]
fn the_document_is_valid_against_the_published_schema() {
    let documents = [exported("urn:lineside"), exported("https://id.example.com")];
    match std::env::var_os("LINESIDE_EPCIS_SCHEMA") {
        Some(path) => {
            let schema: Value = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
            let validator = jsonschema::draft7::options().should_validate_formats(true).build(&schema).unwrap();
            for document in &documents {
                let errors: Vec<String> = validator.iter_errors(document).map(|error| format!("{}: {error}", error.instance_path())).collect();
                assert!(errors.is_empty(), "{errors:#?}");
                let mut wrong = document.clone();
                wrong["epcisBody"]["eventList"][0]["inputQuantityList"][0]["quantity"] = "much".into();
                assert!(!validator.is_valid(&wrong), "the schema would take anything");
            }
        }
        None => documents.iter().for_each(check_by_hand),
    }
}

/// What the schema asks of a document with such events.
fn check_by_hand(document: &Value) {
    assert!(document["@context"].is_array() && document["type"] == "EPCISDocument" && document["schemaVersion"] == "2.0");
    let allowed = [
        "type",
        "eventID",
        "eventTime",
        "eventTimeZoneOffset",
        "recordTime",
        "errorDeclaration",
        "transformationID",
        "inputQuantityList",
        "outputQuantityList",
        "quantityList",
        "action",
        "bizStep",
        "readPoint",
        "bizLocation",
        "bizTransactionList",
    ];
    for event in document["epcisBody"]["eventList"].as_array().unwrap() {
        let members = event.as_object().unwrap();
        assert!(members.keys().all(|name| allowed.contains(&name.as_str())), "{event}");
        assert!(["type", "eventTime", "eventTimeZoneOffset"].iter().all(|name| members[*name].is_string()));
        assert!(Timestamp::from_iso(event["eventTime"].as_str().unwrap()).is_some());
        let lists = ["inputQuantityList", "outputQuantityList", "quantityList"].iter().filter_map(|name| members.get(*name)).flat_map(|list| list.as_array().unwrap());
        for element in lists {
            assert!(element["epcClass"].as_str().unwrap().contains(':') && element["quantity"].is_number());
            assert!(element.as_object().unwrap().keys().all(|name| ["epcClass", "quantity", "uom"].contains(&name.as_str())));
        }
    }
}
