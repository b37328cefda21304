//! Documents that others published, read in place.

use crate::support;
use std::fs;
use std::process::Command;

use lineside_normalizer::Format;
use lineside_schemas::production::{ProductionFact, ProductionFactRecord};
use lineside_schemas::time::display_with_nanos;
use serde_json::json;

#[test]
fn a_real_b2mml_performance_becomes_one_consumption() {
    let Some(folder) = support::samples("b2mml") else { return };
    let document = fs::read(folder.join("PES-20121229115825-53107.xml")).expect("the sample");
    support::apply(support::PLANT_B, &document, |applied| {
        let events = applied.expect("the sample is mapped");
        assert_eq!(events.len(), 1);
        assert_eq!(events[0].key, "plant-b/53107");
        let record = ProductionFactRecord::try_from(support::production_event(&events[0])).expect("type and group agree");
        let envelope = &record.envelope;
        assert_eq!(display_with_nanos(envelope.source_time, envelope.source_time_nanos), "2012-11-29T10:58:25.3149559Z");
        assert_eq!((envelope.source_time_nanos, envelope.source_utc_offset_minutes), (900, Some(60)));
        assert_eq!(envelope.event_id, "53107:Weighing:0010:430147330000056734:2012-11-29T11:58:25.3149559+01:00");
        assert_eq!((envelope.source, envelope.plant, envelope.transaction_type), ("plant-b.b2mml", "plant-b", "SyncProductionPerformance"));
        assert_eq!(record.order, "53107");
        let ProductionFact::MaterialConsumed(movement) = record.fact else { panic!("{:?}", record.fact) };
        assert_eq!((movement.operation, movement.position, movement.item), ("Weighing", Some("0010"), "CRBN0001"));
        assert_eq!((movement.lot, movement.sublot), (Some("CRBN0001_LOT01"), Some("430147330000056734")));
        assert_eq!(movement.quantity.to_string(), "0.41 KGM");
    });
}

/// What the five published documents of one plant say, in its own order: the item, its lot, a container of it, an order that needs it, and what was weighed.
const OF_ONE_PLANT: &[(&str, &[(&str, &str)])] = &[
    ("MAT-20121210170256-CRBN0001.xml", &[("Item", "plant-b/CRBN0001")]),
    ("LOT-20121210170718-0001L0001.xml", &[("Lot", "plant-b/CRBN0001/CRBN0001_LOT01")]),
    ("INV-20121210175555-0001L0001_01.xml", &[("BALANCE_SNAPSHOT", "plant-b/CRBN0001/plant-b")]),
    ("PRO-20121210181416-27942.xml", &[("ORDER_RELEASED", "plant-b/258456")]),
    ("PES-20121229115825-53107.xml", &[("MATERIAL_CONSUMED", "plant-b/53107")]),
];

#[test]
fn the_documents_of_a_real_b2mml_plant_join_up() {
    let Some(folder) = support::samples("b2mml") else { return };
    let mut files = Vec::new();
    for (file, expected) in OF_ONE_PLANT {
        let document = fs::read(folder.join(file)).expect("the sample");
        let records = support::apply(support::PLANT_B, &document, |applied| {
            let events = applied.unwrap_or_else(|refusal| panic!("{file}: {refusal:?}"));
            let made: Vec<_> = events.iter().map(|event| (event.type_name, event.key)).collect();
            assert_eq!(made, *expected, "{file}");
            events.iter().map(|event| support::rendering::datum(event.contract, event.datum)).collect::<Vec<_>>()
        });
        files.extend(records);
    }
    let [item, lot, stock, order, weighed] = &files[..] else { panic!("{} records", files.len()) };
    let (needed, weighed) = (&order["order_released"], &weighed["material_consumed"]);

    // One item and one lot of it, in all of them.
    assert_eq!(item["item"], "CRBN0001");
    for (holder, name) in [(lot, "item"), (stock, "item"), (weighed, "item")] {
        assert_eq!(holder[name], item["item"]);
    }
    assert_eq!(lot["lot"], "CRBN0001_LOT01");
    assert_eq!((&stock["balance_snapshot"]["lot"], &weighed["lot"]), (&lot["lot"], &lot["lot"]));

    // What is known of them.
    assert_eq!((&item["base_unit"], &item["hazards"], &item["descriptions"][0]["text"]), (&json!("KGM"), &json!(["C", "XN"]), &json!("Product Courbon0001")));
    assert_eq!((&lot["status"], &lot["expiry_date"]), (&json!("Valid"), &json!("2013-12-08")));
    let stock = &stock["balance_snapshot"];
    assert_eq!((&stock["sublot"], &stock["quantity"]), (&json!("CRBN0001_LOT01_01"), &json!({"value": "24.91", "unit": "KGM"})));
    assert_eq!((&stock["status"], &stock["status_code"]), (&json!("BLOCKED"), &json!("NotValid")));

    // The order's product is no component. The same item stands at two positions, and once more as a container of the lot that was sent for it.
    assert_eq!((&needed["item"], &needed["planned_quantity"]), (&json!("SO1215"), &json!({"value": "1", "unit": "KGM"})));
    let operations: Vec<_> = needed["operations"].as_array().expect("a list").iter().map(|operation| (&operation["operation"], &operation["parent"])).collect();
    assert_eq!(operations, [(&json!("0010"), &json!(null)), (&json!("Weighing"), &json!("0010")), (&json!("Contenair"), &json!("Weighing"))]);
    assert_eq!(needed["operations"][1]["properties"], json!([{"name": "Center", "value": "3", "data_type": "Text"}]));
    let components = needed["components"].as_array().expect("a list");
    let lines: Vec<_> = components.iter().filter(|component| component["item"] == item["item"]).collect();
    let line = |position: &str, quantity: &str| json!({"position": position, "operation": "Weighing", "item": "CRBN0001", "storage_location": "BOX3", "required_quantity": {"value": quantity, "unit": "KGM"}});
    for (found, expected) in lines.iter().zip([line("0010", "5"), line("0030", "811")]) {
        for (name, value) in expected.as_object().expect("a map") {
            assert_eq!(found[name], *value, "{name}");
        }
    }
    assert_eq!((lines.len(), components.len()), (3, 6));
    assert_eq!((&lines[2]["lot"], &lines[2]["sublot"], &lines[2]["required_quantity"]), (&lot["lot"], &json!("412345670000003212"), &json!(null)));
    assert_eq!(lines[2]["properties"], json!([{"name": "ContainerQuantity", "value": "199.910", "data_type": "decimal", "unit": "KG"}]));

    // What was weighed is of the same operation and position, whatever the order.
    assert_eq!((&weighed["operation"], &weighed["position"]), (&lines[0]["operation"], &lines[0]["position"]));
}

/// Its 95 texts that every reader must take, and 188 that every reader must refuse.
#[test]
fn json_is_read_as_a_public_test_suite_says() {
    let Some(folder) = support::samples("bad-input") else { return };
    let unpacked = tempfile::tempdir().expect("a folder");
    let status = Command::new("tar").arg("-xzf").arg(folder.join("JSONTestSuite_test_parsing_transform.tar.gz")).arg("-C").arg(unpacked.path()).status();
    assert!(status.expect("tar runs").success());
    let (mut taken, mut refused) = (0, 0);
    let mut folders = vec![unpacked.path().to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let name = path.file_name().expect("a name").to_string_lossy().into_owned();
            let bytes = fs::read(&path).expect("a text");
            let is_json = !matches!(code_of(&bytes), Some("invalid-json" | "invalid-encoding" | "empty-record" | "nesting-too-deep" | "duplicate-member"));
            if name.starts_with("y_") {
                assert!(is_json, "{name} must be taken");
                taken += 1;
            } else if name.starts_with("n_") {
                assert!(!is_json, "{name} must be refused");
                refused += 1;
            }
        }
    }
    assert_eq!((taken, refused), (95, 188));
}

fn code_of(bytes: &[u8]) -> Option<&'static str> {
    support::apply(support::PLANT_A, bytes, |applied| applied.err().map(|refusal| refusal.code))
}

#[test]
fn formats_are_told_apart() {
    let set = lineside_normalizer::MappingSet::built_in().expect("the packs compile");
    let format = |topic| set.by_topic(topic).expect("a built-in pack").format();
    assert_eq!((format(support::PLANT_A), format(support::PLANT_B)), (Format::Json, Format::Xml));
}

const EPCIS: &str = "raw.plant-f.epcis";

/// The published EPCIS 2.0 documents of a name, as the events that they become.
fn epcis(name: &str) -> Option<Vec<serde_json::Value>> {
    let document = fs::read(support::samples("epcis")?.join(name)).expect("the sample");
    Some(support::apply(EPCIS, &document, |applied| {
        let events = applied.unwrap_or_else(|refusal| panic!("{name}: {refusal:?}"));
        events.iter().map(|event| support::rendering::datum(event.contract, event.datum)).collect()
    }))
}

#[test]
fn every_event_of_the_published_epcis_documents_is_understood() {
    let Some(folder) = support::samples("epcis") else { return };
    let (mut documents, mut events) = (0, 0);
    for entry in fs::read_dir(folder).expect("the samples") {
        let path = entry.expect("an entry").path();
        let bytes = fs::read(&path).expect("a document");
        let source: serde_json::Value = serde_json::from_slice(&bytes).expect("JSON");
        let body = &source["epcisBody"];
        let list = body.get("eventList").or_else(|| body.pointer("/queryResults/resultsBody/eventList")).and_then(serde_json::Value::as_array).expect("a list of events");
        support::apply(EPCIS, &bytes, |applied| {
            let made = applied.unwrap_or_else(|refusal| panic!("{}: {refusal:?}", path.display()));
            assert_eq!(made.len(), list.len(), "{}", path.display());
            for (event, said) in made.iter().zip(list) {
                let seen = support::rendering::datum(event.contract, event.datum);
                faithful(&seen, said);
            }
            events += made.len();
        });
        documents += 1;
    }
    assert_eq!((documents, events), (47, 56));
}

/// What an event says that a plain reader of the document finds there too: every identifier, amount and extension, none more and none less.
fn faithful(seen: &serde_json::Value, said: &serde_json::Value) {
    let group = seen[seen["type"].as_str().expect("a type").to_lowercase()].clone();
    for (field, list) in [("epcs", "epcList"), ("child_epcs", "childEPCs"), ("input_epcs", "inputEPCList"), ("output_epcs", "outputEPCList")] {
        assert_eq!(count(&group[field]), count(&said[list]), "{field}: {said}");
        assert_eq!(group.get(field).filter(|list| count(list) > 0), said.get(list).filter(|list| count(list) > 0));
    }
    for (field, list) in [
        ("quantities", "quantityList"),
        ("child_quantities", "childQuantityList"),
        ("input_quantities", "inputQuantityList"),
        ("output_quantities", "outputQuantityList"),
    ] {
        for (one, other) in group[field].as_array().into_iter().flatten().zip(said[list].as_array().into_iter().flatten()) {
            assert_eq!(one["epc_class"], other["epcClass"]);
            let amount: f64 = one["quantity"]["value"].as_str().expect("an amount").parse().expect("a number");
            assert_eq!(Some(amount), other["quantity"].as_f64());
            assert_eq!(one["quantity"]["unit"], *other.get("uom").unwrap_or(&json!("C62")));
        }
        assert_eq!(count(&group[field]), count(&said[list]), "{field}: {said}");
    }
    let context = &group["context"];
    for (field, path) in [("business_step", "/bizStep"), ("disposition", "/disposition"), ("read_point", "/readPoint/id"), ("business_location", "/bizLocation/id")] {
        assert_eq!(context.get(field), said.pointer(path), "{path}");
    }
    for (field, list) in [("business_transactions", "bizTransactionList"), ("sources", "sourceList"), ("destinations", "destinationList")] {
        assert_eq!(count(&context[field]), count(&said[list]), "{list}");
    }
    let reports = |elements: &serde_json::Value, name: &str| elements.as_array().into_iter().flatten().map(|element| count(&element[name])).collect::<Vec<_>>();
    assert_eq!(reports(&context["sensor_elements"], "reports"), reports(&said["sensorElementList"], "sensorReport"));
    assert_eq!(group.get("error_declaration").is_some_and(|declaration| !declaration.is_null()), said.get("errorDeclaration").is_some());
    let extensions: usize = said.as_object().expect("an event").iter().filter(|(name, _)| name.contains(':')).map(|(_, value)| scalars(value)).sum();
    assert_eq!(count(&group["extensions"]), extensions, "{said}");
    let master: usize = said.get("ilmd").map_or(0, scalars);
    assert_eq!(count(&group["instance_data"]), master);
}

fn count(list: &serde_json::Value) -> usize {
    list.as_array().map_or(0, Vec::len)
}

/// Texts, numbers and truth values in a value, however deep.
fn scalars(value: &serde_json::Value) -> usize {
    match value {
        serde_json::Value::Object(members) => members.values().map(scalars).sum(),
        serde_json::Value::Array(items) => items.iter().map(scalars).sum(),
        serde_json::Value::Null => 0,
        _ => 1,
    }
}

#[test]
fn what_an_epcis_event_declares_wrong_is_told() {
    let Some(events) = epcis("WithErrorDeclaration_ErrorDeclarationAndCorrectiveEvent.jsonld") else { return };
    let [wrong, right] = &events[..] else { panic!("{} events", events.len()) };
    let declaration = &wrong["transformed"]["error_declaration"];
    assert_eq!(wrong["envelope"]["event_id"], "urn:uuid:374d95fc-9457-4a51-bd6a-0bba133845a8/error/2020-01-15T00:00:00+01:00");
    assert_eq!(declaration["event_id"], "urn:uuid:374d95fc-9457-4a51-bd6a-0bba133845a8");
    assert_eq!(declaration["corrective_event_ids"], json!([right["envelope"]["event_id"]]));
    assert_eq!((&declaration["reason"], &declaration["declared_at"]), (&json!("incorrect_data"), &json!("2020-01-14T23:00:00Z")));
    assert_eq!(declaration["properties"], json!([{"name": "{http://ns.example.com/epcis/}vendorExtension", "value": "Test1"}]));
    assert_eq!(wrong["envelope"]["source_utc_offset_minutes"], 60);
}

/// An event without an id is known by what it says; a declaration about it says the same and more.
#[test]
fn an_event_without_an_id_is_declared_wrong_by_what_it_says() {
    let Some(events) = epcis("WithSensorData_SensorDataExample12.jsonld") else { return };
    let original = {
        let folder = support::samples("epcis").expect("the samples");
        let mut document: serde_json::Value =
            serde_json::from_slice(&fs::read(folder.join("WithSensorData_SensorDataExample12.jsonld")).expect("the sample")).expect("JSON");
        document["epcisBody"]["eventList"][0].as_object_mut().expect("an event").remove("errorDeclaration").expect("a declaration");
        support::apply(EPCIS, document.to_string().as_bytes(), |applied| applied.expect("the original")[0].event_id.to_owned())
    };
    assert!(original.starts_with("sha-256:"), "{original}");
    assert_eq!(events[0]["transformed"]["error_declaration"]["event_id"], original.as_str());
    assert_ne!(events[0]["envelope"]["event_id"], original.as_str());
}

#[test]
fn extensions_of_epcis_events_keep_their_names_and_places() {
    let Some(events) = epcis("Example-TransactionEvents-2020_07_03y.jsonld") else { return };
    let extensions: Vec<_> = events[1]["transaction_linked"]["extensions"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|one| format!("{}={}", one["name"].as_str().expect("a name"), one["value"].as_str().expect("a text")))
        .collect();
    assert_eq!(
        extensions[..3],
        [
            "{urn:gs1:epcisapp:rail:}trainVehicleCount=3",
            "{urn:gs1:epcisapp:rail:}vehicle[1]/{urn:gs1:epcisapp:rail:}vehicleUniquelyIdentified=true",
            "{urn:gs1:epcisapp:rail:}vehicle[1]/{urn:gs1:epcisapp:rail:}vehicleAxleCount=4"
        ]
    );
    assert_eq!(extensions.len(), 13);
    let Some(events) = epcis("Example_9.6.1-with-comment.jsonld") else { return };
    assert_eq!(events[0]["object_observed"]["extensions"][0]["name"], "{http://www.w3.org/2000/01/rdf-schema#}comment");
}
