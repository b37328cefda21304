//! Documents that others published, read in place.

mod support;

use std::fs;
use std::process::Command;

use lineside_normalizer::Format;
use lineside_schemas::production::{ProductionFact, ProductionFactRecord};
use lineside_schemas::time::display_with_nanos;

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

#[test]
fn other_real_b2mml_documents_are_refused_by_their_type() {
    let Some(folder) = support::samples("b2mml") else { return };
    for (file, document_type) in [
        ("INV-20121210175555-0001L0001_01.xml", "SyncMaterialInformation"),
        ("LOT-20121210170718-0001L0001.xml", "SyncMaterialInformation"),
        ("MAT-20121210170256-CRBN0001.xml", "SyncMaterialDefinition"),
        ("PRO-20121210181416-27942.xml", "SyncProductionSchedule"),
    ] {
        let refusal = support::refusal(support::PLANT_B, &fs::read(folder.join(file)).expect("the sample"));
        assert_eq!(refusal.code, "unmapped-document", "{file}");
        assert!(refusal.message.contains(document_type), "{file}: {}", refusal.message);
        assert_eq!(refusal.plant.as_deref(), Some("plant-b"));
    }
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
