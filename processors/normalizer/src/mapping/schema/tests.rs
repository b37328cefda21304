use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use super::*;
use crate::mapping::{Plan, asked};

type Keys = BTreeMap<String, BTreeSet<String>>;

/// Mappings that have every section, though not all of it right: a key is asked for all the same.
const EVERYTHING: &[&str] = &[
    r#"
source: plant-a.mes
version: 1
contract: ProductionEvent
format: {type: csv, delimiter: ";"}
documents:
  each: {row: {path: "*", required: true}}
  type: {const: row}
time_zone: {name: Europe/Berlin, on_gap: refuse, on_overlap: earlier}
numbers: {decimal: ","}
time: {formats: ["%d.%m.%Y"]}
fractions: cut
prefixes: {known: {a: b}}
units: {KG: {unit: KGM, factor: 1}}
tables: {plants: {codes: {A: plant-a}, unknown: {default: plant-b}}}
envelope: {event_id: id, plant: {const: plant-a}, transaction_type: row, source_time: time}
order: order
events:
  - document: row
    type: ORDER_CREATED
    when: {kind: {none_of: [x]}}
    fields:
      item: item
      planned_quantity: {value: quantity, unit: unit}
      components: {each: components, fields: {item: item}}
"#,
    r#"
source: plant-a.edi
version: 1
contract: TraceabilityEvent
format: {type: x12}
segments:
  hierarchy: {start: HL, id: "01", parent: "02"}
  loops: [{start: N1, members: [N2]}]
document_type: {const: x}
events:
  - document: x
    type: OBJECT_OBSERVED
    subject: x
    fields: {epcs: {each: epcs, value: "."}, context: {when: {x: y}, fields: {disposition: x}}}
  - document: x
    contract: Item
    fields: {item: {path: a, number: {decimal: ","}, time: {formats: ["%Y"]}}}
"#,
];

/// The section that a message would name, without the name of what it is about.
fn section_of(what: &str, key: &str) -> String {
    const FIXED: &[&str] = &["`format`", "`prefixes`", "`segments`", "`hierarchy`", "`documents`", "`document_type`", "`time_zone`", "`unknown`", "`number`", "`time`"];
    for kind in ["table", "quantity", "list", "record"] {
        if what.starts_with(&format!("{kind} `")) {
            return kind.to_owned();
        }
    }
    match what {
        // Fields of contracts may be called so, too.
        "`time`" if !["formats", "pivot", "at"].contains(&key) => "a value".to_owned(),
        "`type`" => "`document_type`".to_owned(),
        "`numbers`" => "`number`".to_owned(),
        what if what.starts_with('`') && !FIXED.contains(&what) => "a value".to_owned(),
        what => what.to_owned(),
    }
}

fn keys_of_schema(value: &Value, keys: &mut Keys) {
    match value {
        Value::Object(members) => {
            let section = members.get("$comment").and_then(Value::as_str).and_then(|comment| comment.strip_prefix("section: "));
            if let (Some(section), Some(Value::Object(properties))) = (section, members.get("properties")) {
                keys.entry(section.to_owned()).or_default().extend(properties.keys().cloned());
            }
            members.values().for_each(|member| keys_of_schema(member, keys));
        }
        Value::Array(items) => items.iter().for_each(|item| keys_of_schema(item, keys)),
        _ => {}
    }
}

fn packs() -> Vec<(String, String)> {
    let sources = Path::new(env!("CARGO_MANIFEST_DIR")).join("sources");
    let files = std::fs::read_dir(sources).unwrap().map(|pack| pack.unwrap().path().join("mapping.yaml"));
    files.map(|file| (file.display().to_string(), std::fs::read_to_string(&file).unwrap())).collect()
}

#[test]
fn the_schema_has_every_key_that_the_compiler_takes_and_no_other() {
    let mut taken = Keys::new();
    for text in EVERYTHING.iter().map(|text| (*text).to_owned()).chain(packs().into_iter().map(|(_, text)| text)) {
        asked::start();
        let _ = Plan::compile("f", &text);
        for (what, key) in asked::take() {
            taken.entry(section_of(&what, key)).or_default().insert(key.to_owned());
        }
    }
    let mut described = Keys::new();
    keys_of_schema(&json_schema(), &mut described);
    let names = |keys: &Keys| keys.keys().cloned().collect::<Vec<_>>();
    assert_eq!(names(&taken), names(&described));
    for (section, keys) in &taken {
        // Fields of aggregates are asked for by the contracts that a mapping names; the schema has those of all.
        let contracts = contracts::Contracts::all().aggregate_fields();
        let own = |keys: &BTreeSet<String>| keys.iter().filter(|key| !contracts.contains_key(*key)).cloned().collect::<Vec<_>>();
        assert_eq!(own(keys), own(&described[section]), "{section}");
    }
}

#[test]
fn it_is_published_as_it_is_printed() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/mapping.schema.json");
    let text = format!("{:#}\n", json_schema());
    if std::env::var_os("LINESIDE_UPDATE_GOLDEN").is_some() {
        std::fs::write(&file, &text).unwrap();
    }
    assert_eq!(std::fs::read_to_string(file).unwrap(), text, "LINESIDE_UPDATE_GOLDEN=1 writes it anew");
}

#[test]
fn every_pack_is_as_the_schema_says_and_what_is_not_is_found() {
    let schema = jsonschema::validator_for(&json_schema()).unwrap();
    let read = |text: &str| serde_yaml_ng::from_str::<Value>(text).unwrap();
    for (file, text) in packs() {
        let wrong: Vec<_> = schema.iter_errors(&read(&text)).map(|error| format!("{}: {error}", error.instance_path())).collect();
        assert!(wrong.is_empty(), "{file}: {wrong:#?}");
    }
    let sound = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("sources/plant-a.mes/mapping.yaml")).unwrap();
    for (from, to) in [
        ("format: json", "format: jsn"),
        ("version: 1", "version: none"),
        ("document_type:", "document_typ:"),
        ("type: OPERATION_STARTED", "type: OPERATION_STRATED"),
        ("      work_center: workCenter", "      work_centre: workCenter"),
        ("on_gap: refuse", "on_gap: later on"),
        ("  event_id: /eventId", "  evnt_id: /eventId"),
        ("planned_quantity: {value: order/quantity, unit: order/uom}", "planned_quantity: {value: order/quantity}"),
    ] {
        let text = sound.replacen(from, to, 1);
        assert!(text != sound && !schema.is_valid(&read(&text)), "{to}");
    }
}
