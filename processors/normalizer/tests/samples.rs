//! Documents that others published, read in place.

mod support;

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

/// Of its 95 texts that every reader must take, two repeat a member of an object, which this one refuses on purpose.
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
            let is_json = !matches!(code_of(&bytes), Some("invalid-json" | "invalid-encoding" | "empty-record" | "nesting-too-deep"));
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
