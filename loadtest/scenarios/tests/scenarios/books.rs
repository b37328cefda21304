//! The books on a real Kafka: they close, a broken pipeline is named, and the command line finds both.

use std::path::PathBuf;
use std::process::{Command, Output};
use std::time::{Duration, Instant};

use crate::support::{TestPipeline, assert_right, rest, simulation};
use lineside_scenarios::pipeline::Pipeline;
use lineside_scenarios::topics::{Reader, StoredRecord};
use lineside_topology::topics::ORDER_POSTINGS;
use serde_json::Value;

const NAMED_WITHIN: Duration = Duration::from_mins(1);

/// What the operator's command line says.
fn lineside(pipeline: &Pipeline, arguments: &[&str]) -> Output {
    let binary: PathBuf = std::env::current_exe().unwrap().ancestors().nth(2).unwrap().join("lineside");
    let mut command = Command::new(binary);
    command.args(arguments).env("LINESIDE_BOOTSTRAP_SERVERS", pipeline.bootstrap()).env("LINESIDE_SCHEMA_REGISTRY", pipeline.registry_url());
    command.output().unwrap()
}

fn lines(output: &Output) -> Vec<Value> {
    let text = String::from_utf8(output.stdout.clone()).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"))).collect()
}

/// Books of an order once they have a gap.
fn gaps(pipeline: &Pipeline, key: &str) -> Vec<String> {
    let (plant, order) = key.split_once('/').unwrap();
    let began = Instant::now();
    loop {
        let output = lineside(pipeline, &["books", "--order", order, "--plant", plant, "--format", "json"]);
        let books = lines(&output);
        assert_eq!(books.len(), 1, "{}", String::from_utf8_lossy(&output.stderr));
        if books[0]["status"] == "GAP" {
            assert_eq!(output.status.code(), Some(2));
            return books[0]["gaps"].as_array().unwrap().iter().map(|gap| gap["class"].as_str().unwrap().to_owned()).collect();
        }
        assert!(began.elapsed() < NAMED_WITHIN, "not named: {}", books[0]);
    }
}

/// `lineside rules simulate` over the cluster's own history: as it is the postings are those that were made, without goods all of them differ, and nothing is written.
fn simulated_rules_say_what_would_be_posted(pipeline: &Pipeline, posted: usize) {
    let folder = tempfile::tempdir().unwrap();
    let simulate = |mode: &str| {
        let file = folder.path().join("rule.yaml");
        std::fs::write(&file, format!("rule_set: tried\nversion: 1\neffective_from: 2020-01-01T00:00:00Z\nmode: {mode}\n")).unwrap();
        let output = lineside(pipeline, &["rules", "simulate", file.to_str().unwrap(), "--since", "1d", "--format", "json"]);
        let mut lines = lines(&output);
        let summary = lines.pop().unwrap_or_else(|| panic!("{}", String::from_utf8_lossy(&output.stderr)))["summary"].clone();
        (output.status.code(), summary, lines)
    };
    let (code, summary, _) = simulate("explicit-movements");
    assert_eq!((code, &summary["orders_with_other_totals"]), (Some(0), &Value::from(0)), "{summary}");
    assert_eq!((&summary["postings_before"], &summary["postings_after"]), (&Value::from(posted), &Value::from(posted)), "{summary}");
    let (code, summary, orders) = simulate("confirm-only");
    assert_eq!(code, Some(2), "{summary}");
    assert!(!orders.is_empty() && summary["orders_with_other_totals"] == summary["orders_differing"], "{summary}");
    assert_eq!(pipeline.contents().unwrap().postings.len(), posted, "nothing is written");
}

#[test]
fn books_close_and_name_what_somebody_else_wrote_to_the_postings() {
    let mut test = TestPipeline::start("books");
    let simulation = simulation(23, 12);
    let feeder = test.pipeline.feeder().unwrap();
    simulation.records.iter().for_each(|record| feeder.send(record.topic, &record.key, &record.value).unwrap());
    feeder.flush().unwrap();
    rest(&mut test.pipeline);
    let contents = test.pipeline.contents().unwrap();
    assert_right(&contents, &simulation);
    assert!(contents.reconciled.len() >= 12, "{}", contents.reconciled.len());

    let output = lineside(&test.pipeline, &["books", "--format", "json", "--all", "--limit", "1000"]);
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    let all = lines(&output);
    assert_eq!(all.iter().filter(|line| line.get("lines").is_some()).count(), contents.reconciled.len());
    let is_plant = |line: &&Value| ["item", "unit"].iter().all(|field| line.get(field).is_none_or(Value::is_null));
    let orders: i64 = all.iter().filter(is_plant).filter_map(|line| line.get("orders")?.as_i64()).sum();
    assert_eq!(usize::try_from(orders).unwrap(), contents.reconciled.len(), "the sums are those of the books");

    // As they were before anything happened, there are none; as they are now, they are the same.
    let posting = &contents.postings[0];
    let told = ["books", "--order", &posting.order, "--plant", &posting.plant, "--format", "json"];
    let before = lineside(&test.pipeline, &[&told[..], &["--at", "2020-01-01"]].concat());
    assert_eq!(before.status.code(), Some(1), "{}", String::from_utf8_lossy(&before.stdout));
    let (now, published) = (lineside(&test.pipeline, &[&told[..], &["--at", "0s"]].concat()), lineside(&test.pipeline, &told));
    assert_eq!(lines(&now)[0]["lines"], lines(&published)[0]["lines"], "{}", String::from_utf8_lossy(&now.stderr));

    let story = lines(&lineside(&test.pipeline, &["trace", &posting.order, "--plant", &posting.plant, "--format", "json"]));
    let steps: std::collections::BTreeSet<&str> = story.iter().map(|entry| entry["step"].as_str().unwrap()).collect();
    assert!(["raw record", "event", "posting", "ERP confirmation"].iter().all(|step| steps.contains(step)), "{steps:?}");
    let quantities = story.iter().flat_map(|entry| entry["details"].as_array().unwrap()).filter(|detail| detail.as_str().unwrap().contains("quantity"));
    assert!(quantities.clone().count() > 0 && quantities.clone().all(|detail| !detail.as_str().unwrap().contains("not at hand")), "{story:#?}");
    let document = lineside(&test.pipeline, &["trace", &posting.order, "--plant", &posting.plant, "--export", "epcis"]);
    let document: Value = serde_json::from_slice(&document.stdout).unwrap();
    assert_eq!(document["type"], "EPCISDocument");

    simulated_rules_say_what_would_be_posted(&test.pipeline, contents.postings.len());

    // Somebody else writes to the postings: one of them again, and one that nobody made.
    let reader = Reader::new(test.pipeline.bootstrap()).unwrap();
    let records: Vec<StoredRecord> = reader.read(ORDER_POSTINGS.name()).unwrap();
    let key = |record: &StoredRecord| String::from_utf8(record.key.clone().unwrap()).unwrap();
    let doubled = &records[0];
    let forged = records.iter().find(|record| key(record) != key(doubled)).unwrap();
    feeder.send(ORDER_POSTINGS.name(), &key(doubled), doubled.value.as_ref().unwrap()).unwrap();
    let id = contents.postings.iter().find(|posting| posting.position == forged.position).unwrap().id.clone();
    let mut value = forged.value.clone().unwrap();
    let at = value.windows(id.len()).position(|window| window == id.as_bytes()).unwrap();
    value[at..at + id.len()].copy_from_slice(&[b'0'; 32]);
    feeder.send(ORDER_POSTINGS.name(), &key(forged), &value).unwrap();
    feeder.flush().unwrap();
    assert_eq!(gaps(&test.pipeline, &key(doubled)), ["posted-twice"]);
    assert_eq!(gaps(&test.pipeline, &key(forged)), ["posted-without-event"]);
    test.stop();
}
