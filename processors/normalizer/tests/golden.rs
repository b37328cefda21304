//! Every example of every pack, read and compared with what stands beside it.
//!
//! `LINESIDE_BLESS=1 cargo test -p lineside-normalizer --test golden` writes what was read, for a person to check.

mod support;

use std::fs;
use std::path::Path;

use lineside_schemas::records::NormalizedEvent;
use lineside_topology::CANONICAL;
use lineside_topology::processors::PARKED;
use lineside_topology::topics::NORMALIZED;
use serde_json::{Value as Json, json};

fn outcome(pack: &Path, topic: &str, document: &[u8]) -> Json {
    let mut driver = support::driver();
    support::master::put_pack(&mut driver, pack);
    support::pipe(&mut driver, topic, Some(document));
    let refused: Vec<Json> = driver
        .dead_letters()
        .expect("dead letters decode")
        .iter()
        .map(|letter| {
            assert_eq!(letter.value, Some(document), "a dead letter keeps the original bytes");
            let mut refused = json!({"class": letter.class.symbol(), "code": letter.code, "message": letter.message});
            for (name, value) in [
                ("field", letter.field),
                ("path", letter.path),
                ("plant", letter.plant),
                ("partner", letter.partner),
                ("event_id", letter.event_id),
                ("correlation_id", letter.correlation_id),
            ] {
                if let Some(value) = value {
                    refused[name] = value.into();
                }
            }
            refused
        })
        .collect();
    let events: Vec<Json> = driver.outputs(NORMALIZED).expect("events decode").iter().map(|output| routed(output.key, output.value.as_ref().expect("a value"))).collect();
    if let Some(waiting) = driver.state(0, PARKED, &format!("{topic}/0/{:020}", 0)).expect("the store") {
        assert!(events.is_empty() && refused.is_empty(), "a document that waits leaves nothing");
        assert_eq!(waiting.value, Some(document), "what waits keeps the original bytes");
        let missing = waiting.missing.iter().map(|missing| format!("{} {}/{} in {} at {}", missing.entity, missing.scheme, missing.id, missing.plant, missing.at));
        let aggregates = waiting.aggregates.iter().map(|aggregate| format!("{} {}", aggregate.topic, aggregate.key.unwrap_or("?")));
        return json!({"waits": {"missing": missing.collect::<Vec<_>>(), "aggregates": aggregates.collect::<Vec<_>>()}});
    }
    match refused.as_slice() {
        [] => json!({ "events": events }),
        [refused] => {
            assert!(events.is_empty(), "a refused document leaves no event");
            json!({ "refused": refused })
        }
        several => panic!("one document, {} dead letters", several.len()),
    }
}

/// The event, after a check that what routing needs agrees with it.
fn routed(key: Option<&[u8]>, normalized: &NormalizedEvent<'_>) -> Json {
    let topic = CANONICAL.iter().find(|topic| topic.topic == normalized.topic).expect("a canonical topic");
    let event = support::rendering::record(topic.contract, normalized.payload);
    let envelope = &event["envelope"];
    let key = std::str::from_utf8(key.expect("a key")).expect("keys are text");
    let parts: Vec<&str> = topic.key.iter().map(|name| event[name].as_str().expect("a field of the key")).collect();
    assert_eq!(key, format!("{}/{}", normalized.plant, parts.join("/")));
    for (name, value) in [("source", normalized.source), ("event_id", normalized.event_id), ("plant", normalized.plant), ("correlation_id", normalized.correlation_id)] {
        assert_eq!(envelope[name], value, "{name}");
    }
    assert_eq!(envelope["source_time"], normalized.source_time.to_string());
    assert_eq!(envelope["ingest_time"], normalized.ingest_time.to_string());
    assert_eq!(envelope["raw"], json!({"topic": normalized.raw.topic, "partition": normalized.raw.partition, "offset": normalized.raw.offset}));
    event
}

#[test]
fn every_example_becomes_what_stands_beside_it() {
    let bless = std::env::var_os("LINESIDE_BLESS").is_some();
    let mut count = 0;
    for pack in fs::read_dir(support::sources()).expect("the packs") {
        let pack = pack.expect("a pack").path();
        let topic = format!("raw.{}", pack.file_name().and_then(|name| name.to_str()).expect("a name"));
        for file in fs::read_dir(pack.join("examples")).expect("the examples") {
            let file = file.expect("an example").path();
            if is_expectation(&file) {
                assert!(
                    ["json", "xml", "csv", "x12", "edifact"].iter().any(|kind| file.with_extension("").with_extension(kind).is_file()),
                    "{} has no document",
                    file.display()
                );
                continue;
            }
            count += 1;
            let found = outcome(&pack, &topic, &fs::read(&file).expect("a document"));
            let expectation = file.with_extension("expected.json");
            if bless {
                fs::write(&expectation, format!("{found:#}\n")).expect("the expectation is written");
            }
            let expected: Json = serde_json::from_slice(&fs::read(&expectation).unwrap_or_else(|error| panic!("{}: {error}", expectation.display()))).expect("JSON");
            assert_eq!(found, expected, "{}", file.display());
            let starts_with = |word: &str| file.file_name().is_some_and(|name| name.to_string_lossy().starts_with(word));
            assert_eq!(found.get("waits").is_some(), starts_with("waits-"), "{}: only examples named waits-* wait", file.display());
            let is_refusal = file.file_name().is_some_and(|name| name.to_string_lossy().starts_with("refused-"));
            assert_eq!(found.get("refused").is_some(), is_refusal, "{}: only examples named refused-* are refused", file.display());
        }
    }
    assert!(count >= 14, "only {count} examples were found");
}

fn is_expectation(file: &Path) -> bool {
    file.to_string_lossy().ends_with(".expected.json")
}
