//! What `lineside explain` says of documents, against what the packs' examples have to become.

use crate::support;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::{Value, json};

/// When the records of the tests arrive.
const INGEST: &str = "2030-01-01T08:00:00Z";

fn sources() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../normalizer/sources")
}

fn example(pack: &str, file: &str) -> String {
    sources().join(pack).join("examples").join(file).display().to_string()
}

fn explain(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_lineside")).arg("explain").args(["--ingest-time", INGEST]).args(arguments).env_remove("LINESIDE_MAPPINGS").output().unwrap()
}

/// Exit code and lines.
fn lines(arguments: &[&str]) -> (Option<i32>, Vec<Value>) {
    let output = explain(arguments);
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
    (output.status.code(), text.lines().map(|line| serde_json::from_str(line).unwrap()).collect())
}

fn text(arguments: &[&str]) -> String {
    String::from_utf8(explain(&[arguments, &["--format", "table"]].concat()).stdout).unwrap()
}

/// The view without what is absent, and without what differs from run to run.
fn bare(view: &Value) -> Value {
    match view {
        Value::Object(members) => {
            let kept = members.iter().filter(|(name, member)| !member.is_null() && !["ingest_time", "raw"].contains(&name.as_str()));
            Value::Object(kept.map(|(name, member)| (name.clone(), bare(member))).collect())
        }
        Value::Array(items) => items.iter().map(bare).collect(),
        scalar => scalar.clone(),
    }
}

/// Documents of the packs: source, file, and what it has to become.
fn examples() -> Vec<(String, PathBuf, Value)> {
    let mut found = Vec::new();
    for pack in std::fs::read_dir(sources()).unwrap() {
        let pack = pack.unwrap().path();
        for file in std::fs::read_dir(pack.join("examples")).unwrap() {
            let file = file.unwrap().path();
            if !file.display().to_string().ends_with(".expected.json") {
                let expected = std::fs::read(file.with_extension("expected.json")).unwrap();
                found.push((pack.file_name().unwrap().to_string_lossy().into_owned(), file, serde_json::from_slice(&expected).unwrap()));
            }
        }
    }
    assert!(found.len() >= 14);
    found
}

/// Events in the order of each key, which is all the order that topics keep.
fn by_key<'e>(events: impl Iterator<Item = &'e Value>) -> BTreeMap<String, Vec<Value>> {
    let mut all = BTreeMap::<String, Vec<Value>>::new();
    for event in events {
        all.entry(event["envelope"]["correlation_id"].to_string()).or_default().push(bare(event));
    }
    all
}

#[test]
fn examples_are_said_to_become_what_they_have_to() {
    // One of each source and kind: that all of them do is shown in one process, by the tests of the normalizer.
    let mut shown = BTreeSet::new();
    for (source, file, expected) in examples() {
        let kind = ["waits", "refused", "events"].into_iter().find(|kind| expected.get(*kind).is_some());
        if !shown.insert((source.clone(), kind)) {
            continue;
        }
        let file = file.display().to_string();
        let master = sources().join(&source).join("master.jsonl").display().to_string();
        let with_master = ["--master", &master];
        let (code, lines) = lines(&[&["--source", &source, &file][..], if Path::new(&master).is_file() { &with_master } else { &[] }].concat());
        if let Some(waits) = expected.get("waits") {
            assert_eq!((code, lines.len()), (Some(0), 1), "{file}: {lines:?}");
            let missing: Vec<_> = lines[0]["waits_for"]
                .as_array()
                .unwrap()
                .iter()
                .map(|missing| format!("{} at {}", missing["reference"].as_str().unwrap(), missing["at"].as_str().unwrap()))
                .collect();
            assert_eq!((json!(missing), &lines[0]["aggregates"]), (waits["missing"].clone(), &waits["aggregates"]), "{file}");
            continue;
        }
        if let Some(refused) = expected.get("refused") {
            assert_eq!((code, lines.len()), (Some(1), 1), "{file}: {lines:?}");
            for key in ["class", "code", "message"] {
                assert_eq!(lines[0][key], refused[key], "{file}");
            }
            assert_eq!((&lines[0]["refused_by"], &lines[0]["dead_letter"]["code"]), (&json!("normalizer"), &refused["code"]), "{file}");
            continue;
        }
        let events = expected["events"].as_array().unwrap();
        let found: Vec<_> = lines.iter().filter(|line| line.get("event").is_some()).collect();
        assert_eq!(by_key(found.iter().map(|line| &line["event"])), by_key(events.iter()), "{file}");
        for line in found {
            assert_eq!((&line["source"], &line["outcome"]), (&json!(source), &json!("new")), "{file}");
            assert_eq!(line["event_id"], line["event"]["envelope"]["event_id"]);
            assert!(line["rule"].as_u64().is_some() && line["event_id_from"] != "-", "{line}");
        }
    }
}

#[test]
fn the_source_is_found_by_the_content() {
    let examples = examples();
    let files: Vec<String> = examples.iter().map(|(_, file, _)| file.display().to_string()).collect();
    // All at once: what they become side by side does not matter here.
    let (_, lines) = lines(&files.iter().map(String::as_str).collect::<Vec<_>>());
    for ((source, _, expected), file) in examples.iter().zip(&files) {
        // What no mapping reads has no source, nor what cannot be read or does not say what it is.
        let refused = &expected["refused"];
        let says = |words: &str| refused["message"].as_str().is_some_and(|message| message.contains(words));
        let is_named = refused["code"] != "unmapped-document" || says("finds no event");
        let is_known = is_named && refused["code"] != "invalid-csv" && !says("nothing in the document says of what type it is");
        let mut of_file = lines.iter().filter(|line| line["record"] == file.as_str()).peekable();
        assert!(of_file.peek().is_some() || expected["events"] == json!([]), "{file}");
        let found = of_file.find_map(|line| line.get("source")).and_then(Value::as_str);
        assert_eq!(found, Some(source.as_str()).filter(|_| is_known), "{file}: {lines:?}");
    }
    let output = explain(&["--source", "plant-z.mes", &example("plant-a.mes", "operation-started.json")]);
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.code() == Some(1) && said.contains("no mapping reads source plant-z.mes; there are plant-a.mes, plant-b.b2mml"), "{said}");
}

#[test]
fn what_a_mapping_ignores_is_said_with_its_reason() {
    let (code, lines) = lines(&["--source", "auto", &example("plant-c.x12", "acknowledgement-of-the-interchange.x12")]);
    assert_eq!((code, lines.len()), (Some(0), 1), "{lines:?}");
    assert!(
        lines[0]["ignored"].as_str().is_some_and(|reason| !reason.is_empty()) && lines[0]["path"].as_str().is_some_and(|path| path.contains("Interchange")),
        "{lines:?}"
    );
}

#[test]
fn a_repeat_is_a_duplicate_and_another_content_under_its_id_is_refused() {
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let file = example("plant-a.mes", "operation-started.json");
    let document: Value = serde_json::from_slice(&std::fs::read(&file).unwrap()).unwrap();
    let mut other = document.clone();
    other["operation"] = json!("9999");
    let changed = folder.path().join("changed.json");
    std::fs::write(&changed, other.to_string()).unwrap();

    let (code, found) = lines(&[&file, &file]);
    assert_eq!((code, found.iter().map(|line| line["outcome"].as_str().unwrap()).collect::<Vec<_>>()), (Some(0), vec!["new", "duplicate"]));

    let (code, found) = lines(&[&file, &changed.display().to_string()]);
    assert_eq!((code, found.len()), (Some(1), 3));
    assert_eq!((&found[1]["outcome"], &found[1]["code"]), (&json!("refused"), &json!("id-conflict")));
    assert_eq!((&found[2]["refused_by"], &found[2]["code"]), (&json!("deduplicator"), &json!("id-conflict")));

    // Each line of a file a record.
    let both = folder.path().join("both.jsonl");
    std::fs::write(&both, format!("{document}\n\n{other}\n")).unwrap();
    let (code, found) = lines(&["--lines", &both.display().to_string()]);
    let names: Vec<_> = found.iter().map(|line| line["record"].as_str().unwrap().rsplit(':').next().unwrap()).collect();
    assert_eq!((code, names), (Some(1), vec!["1", "3", "3"]));
}

#[test]
fn lateness_is_judged_only_if_asked_for() {
    let file = example("plant-a.mes", "operation-started.json");
    let late = ["--ingest-time", "2030-01-01"];
    let explain = |more: &[&str]| Command::new(env!("CARGO_BIN_EXE_lineside")).args(["explain", &file]).args(late).args(more).output().unwrap();
    assert_eq!(explain(&[]).status.code(), Some(0));
    let output = explain(&["--window-days", "30"]);
    assert!(output.status.code() == Some(1) && String::from_utf8_lossy(&output.stdout).contains("\"code\":\"too-late\""), "{output:?}");
}

#[test]
fn lineage_names_path_table_and_constant() {
    let (_, lines) = lines(&["--lineage", &example("plant-a.mes", "material-consumed.json")]);
    let lineage = &lines[0]["lineage"];
    for (field, origin) in [
        ("envelope.plant", json!({"table": "plants", "code": "PLANT-A", "value": "plant-a", "of": {"raw": "/site"}})),
        ("envelope.source_time", json!({"raw": "/occurredAt"})),
        ("order", json!({"raw": "/order/number"})),
        ("material_consumed.item", json!({"raw": "/components[1]/material"})),
    ] {
        assert_eq!(lineage[field], origin, "{lineage:#}");
    }
    assert_eq!(lineage["envelope.event_id"]["template"][0], json!({"raw": "/eventId"}), "{lineage:#}");
    let shown = text(&["--lineage", &example("plant-a.mes", "material-consumed.json")]);
    for words in ["MATERIAL_CONSUMED (new) to canonical.production.v1, key plant-a/", "material_consumed.item", "/components[1]/material", "rule of line "] {
        assert!(shown.contains(words), "{words} is not in\n{shown}");
    }
    // Every value that an event has comes from somewhere.
    for line in shown.lines().filter(|line| line.starts_with("    ")) {
        assert!(line.split("  ").filter(|part| !part.trim().is_empty()).count() >= 3, "{line}");
    }
}

#[test]
fn a_document_waits_for_master_data_and_goes_on_behind_the_one_that_brings_it() {
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let unit = folder.path().join("unit.json");
    let ratio = r#""changedAt": "2026-10-01T00:00:00Z", "material": "CH-0815", "unit": "KAR", "baseUnit": "KG", "ratios": [{"baseQuantity": "200"}]"#;
    std::fs::write(&unit, format!(r#"{{"kind": "UNIT", "change": "U-9", {ratio}}}"#)).unwrap();
    let (cartons, material) = (example("plant-d.csv-consumption", "cartons.csv"), example("plant-d.master", "material.json"));
    let unit = unit.display().to_string();
    let (code, lines) = lines(&["--lineage", &cartons, &material, &unit]);
    let said: Vec<_> = lines.iter().map(|line| (line["record"].as_str().unwrap().rsplit('/').next().unwrap(), line.get("waits_for").is_some())).collect();
    assert_eq!(said, [("cartons.csv", true), ("material.json", false), ("unit.json", false), ("cartons.csv", false), ("cartons.csv", false)], "{lines:#?}");
    assert_eq!((code, &lines[0]["waits_for"][0]["reference"]), (Some(0), &json!("item plant-d.csv/RM-0815 in plant-d")));
    let lineage = &lines[3]["lineage"];
    let item = &lineage["material_consumed.item"];
    assert_eq!(
        (&item["master"], &item["key"], &item["value"], &item["version_raw"]),
        (&json!("item"), &json!("plant-d/CH-0815"), &json!("CH-0815"), &json!("raw.plant-d.master/0/0"))
    );
    assert_eq!(lineage["material_consumed.quantity.value"]["value"], "1 XCT = 200 KGM", "{lineage:#}");
    assert_eq!((&lines[3]["event"]["material_consumed"]["quantity"]["value"], &lines[3]["outcome"]), (&json!("500"), &json!("new")));
    let shown = self::text(&[&cartons]);
    assert!(shown.contains("WAITS for master data") && shown.contains("item plant-d.csv/RM-0815 in plant-d"), "{shown}");
    let output = explain(&["--master", "/no/such/folder", &cartons]);
    assert!(output.status.code() == Some(1) && String::from_utf8_lossy(&output.stderr).contains("/no/such/folder"), "{output:?}");
}

#[test]
fn what_the_processors_behind_make_of_it_is_shown_if_asked_for() {
    let files: Vec<String> =
        ["order-released.json", "operation-confirmed.json", "goods-received.json", "order-completed.json"].map(|file| example("plant-a.mes", file)).into();
    let arguments: Vec<&str> = ["--outputs"].into_iter().chain(files.iter().map(String::as_str)).collect();
    let (_, lines) = lines(&arguments);
    let topics: Vec<_> = lines.iter().filter(|line| line.get("value").is_some()).map(|line| line["topic"].as_str().unwrap()).collect();
    assert!(topics.contains(&"supply.order-progress.v1") && topics.contains(&"order.postings.v1"), "{topics:?}");
}

#[test]
fn avro_json_names_the_branches_of_unions() {
    let file = example("plant-a.mes", "order-released.json");
    let (_, lines) = lines(&["--format", "avro-json", &file]);
    let event = &lines[0]["event"];
    assert_eq!(event["envelope"]["region"], json!({"string": "eu-central"}));
    assert!(event["envelope"]["source_time"].is_i64() && event["order_released"].as_object().unwrap().keys().all(|name| name.starts_with("io.lineside.")), "{event}");
}

#[test]
fn a_refused_record_is_told_with_what_to_read_and_cannot_steer_the_terminal() {
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let file = folder.path().join("bad.json");
    std::fs::write(&file, r#"{"eventType": "\u001b[2J", "site": "PLANT-A"}"#).unwrap();
    let shown = text(&["--source", "plant-a.mes", &file.display().to_string()]);
    assert!(shown.contains("REFUSED by normalizer: unmapped-document (APPLICATION)") && shown.contains("docs/errors/unmapped-document.md"), "{shown}");
    assert!(!shown.contains('\u{1b}'), "{shown}");
    let output = explain(&["/no/such/file"]);
    assert!(output.status.code() == Some(1) && String::from_utf8_lossy(&output.stderr).contains("/no/such/file: "), "{output:?}");
}

/// Every console block of the page is a command and what it prints, or how that begins.
#[test]
fn the_page_shows_what_is_printed() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/explain.md");
    let (expected, blocks) = support::as_printed(&std::fs::read_to_string(&file).unwrap(), &sources());
    assert!(blocks >= 5, "{blocks}");
    support::compare(&file, &expected);
}

/// A folder of documents of plant-a, numbered in the order in which they are taken.
fn folder(documents: &[Value]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (index, document) in documents.iter().enumerate() {
        let mut document = document.clone();
        for (key, value) in
            [("eventId", json!(format!("A-{index}"))), ("site", json!("PLANT-A")), ("sequence", json!(index)), ("order", json!({"number": "4711", "type": "ZP01"}))]
        {
            if document.get(key).is_none() {
                document[key] = value;
            }
        }
        std::fs::write(folder.path().join(format!("{index:02}.json")), document.to_string()).unwrap();
    }
    folder
}

fn an_order() -> tempfile::TempDir {
    let order = json!({"number": "4711", "type": "ZP01", "material": "FG-1", "quantity": 10, "uom": "ST"});
    let component =
        json!({"reservation": "0000004711", "reservationItem": "0001", "position": "0010", "material": "RM-1", "batch": "B-77", "quantity": 1.25, "uom": "KG"});
    folder(&[
        json!({"eventType": "ORDER_RELEASED", "occurredAt": "2026-11-20T08:00:00+01:00", "order": order}),
        json!({"eventType": "MATERIAL_CONSUMED", "occurredAt": "2026-11-20T08:10:00+01:00", "operation": "0010", "components": [component]}),
        json!({"eventType": "GOODS_RECEIVED", "occurredAt": "2026-11-20T09:00:00+01:00", "product": {"material": "FG-1", "batch": "L-9", "quantity": 10, "uom": "ST"}}),
        json!({"eventType": "GOODS_RECEIVED", "occurredAt": "2026-11-20T09:10:00+01:00", "product": {"material": "FG-1", "quantity": 1, "uom": "FURLONG"}}),
        json!({"eventType": "ORDER_COMPLETED", "occurredAt": "2026-11-20T10:00:00+01:00"}),
    ])
}

fn tried(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_lineside")).arg("try").args(["--ingest-time", INGEST]).args(arguments).env_remove("LINESIDE_MAPPINGS").output().unwrap()
}

#[test]
fn a_folder_is_tried_from_documents_to_postings() {
    let folder = an_order();
    let path = folder.path().display().to_string();
    let output = tried(&[&path]);
    let text = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(1), "one document is refused: {}", String::from_utf8_lossy(&output.stderr));
    for words in [
        "01.json: plant-a.mes/",
        "  A-1#1 MATERIAL_CONSUMED of plant-a/4711\n",
        "  REFUSED by normalizer: ",
        "order 4711, plant plant-a: posting 1 on 2026-11-20 by default/1 (EXPLICIT_MOVEMENTS), final, made due by A-4",
        "│ 261      ┆ RM-1     ┆ B-77 ┆ 1.25     ┆ KGM  ┆ 0010      ┆ 0001             │",
        "│ 101      ┆ FG-1     ┆ L-9  ┆ 10       ┆ C62  ┆",
        "to the ERP: 0 confirmations, 2 goods movements",
        "Order 4711 of plant plant-a: ",
    ] {
        assert!(text.contains(words), "{words} is not in\n{text}");
    }
}

#[test]
fn what_is_tried_is_given_to_programs_too_and_rule_files_are_judged() {
    let folder = an_order();
    let path = folder.path().display().to_string();
    let output = tried(&[&path, "--format", "json"]);
    let lines: Vec<Value> = String::from_utf8(output.stdout).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let postings: Vec<&Value> = lines.iter().filter(|line| line["topic"] == "order.postings.v1").collect();
    assert_eq!((postings.len(), &postings[0]["value"]["rule_version"]), (1, &json!("default/1")));
    std::fs::write(folder.path().join(".rules.yaml"), "rule_set: a\n").unwrap();
    let output = tried(&[&path, "--rules", &folder.path().join(".rules.yaml").display().to_string()]);
    assert!(output.status.code() == Some(1) && String::from_utf8_lossy(&output.stderr).contains("the file has no `version`"), "{output:?}");
}
