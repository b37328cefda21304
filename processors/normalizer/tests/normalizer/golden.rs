//! Every example of every pack, read and compared with what stands beside it.
//!
//! `LINESIDE_BLESS=1 cargo test --workspace --test normalizer golden` writes what was read, for a person to check.

use crate::support;
use std::fs;
use std::path::Path;

use lineside_normalizer::examples::{self, Examples};
use lineside_normalizer::{MasterIndex, Plan};
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

/// The pack's plan and the master data of its examples, as tools without a driver have them.
fn with_master(pack: &Path, topic: &str) -> (&'static Plan, MasterIndex) {
    let plan = support::BUILT_IN.by_topic(topic).expect("a topic of a pack");
    let mut index = MasterIndex::new(plan.entities().iter().copied());
    let lines = fs::read_to_string(pack.join("master.jsonl")).unwrap_or_default();
    for record in support::master::records(&lines) {
        index.apply(record.topic, &record.key, Some(&record.wire), &lineside_testkit::codec(), &mut |_| {}).expect("master data");
    }
    (plan, index)
}

/// Events of different keys come from the processor in the order of their partitions, not of the mapping.
fn in_any_order(mut outcome: Json) -> Json {
    if let Some(events) = outcome.get_mut("events").and_then(Json::as_array_mut) {
        events.sort_by_key(|event| event["envelope"]["event_id"].to_string());
    }
    outcome
}

#[test]
fn every_example_becomes_what_stands_beside_it() {
    let bless = std::env::var_os("LINESIDE_BLESS").is_some();
    let (mut count, mut wrong) = (0, Vec::new());
    for pack in fs::read_dir(support::sources()).expect("the packs") {
        let pack = pack.expect("a pack").path();
        let topic = format!("raw.{}", pack.file_name().and_then(|name| name.to_str()).expect("a name"));
        let (plan, master) = with_master(&pack, &topic);
        let Examples { examples, astray } = Examples::of_pack(&pack).expect("the examples");
        assert!(astray.is_empty(), "of no document, or of several: {astray:?}");
        for example in examples {
            count += 1;
            let (document, name) = (fs::read(&example.document).expect("a document"), example.document.display());
            let found = outcome(&pack, &topic, &document);
            // What the command line says of it is what the processor does.
            let said = examples::outcome(plan, &document, &master).expect("Avro of the contracts");
            assert_eq!(in_any_order(said.clone()), in_any_order(found), "{name}");
            wrong.extend(examples::judge(&example, &said, bless).expect("the expectation").into_iter().map(|line| format!("{name}: {line}")));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(count >= 14, "only {count} examples were found");
}
