//! No input stops the normalizer, and the same input always gives the same output.

use crate::support;
use crate::support::{PLANT_A, PLANT_B, example};
use lineside_normalizer::Code;
use lineside_topology::topics::NORMALIZED;
use proptest::prelude::*;

const EXAMPLES: &[(&str, &str, &str)] = &[
    (PLANT_A, "plant-a.mes", "order-released.json"),
    (PLANT_A, "plant-a.mes", "operation-confirmed.json"),
    (PLANT_A, "plant-a.mes", "material-consumed.json"),
    (PLANT_B, "plant-b.b2mml", "weighing-and-mixing.xml"),
    (PLANT_B, "plant-b.b2mml", "prefixed-without-bodid.xml"),
    ("raw.plant-c.edifact", "plant-c.edifact", "despatch-advice.edifact"),
    ("raw.plant-c.edifact", "plant-c.edifact", "receiving-advice.edifact"),
    ("raw.plant-c.edifact", "plant-c.edifact", "transport-status.edifact"),
    ("raw.plant-c.x12", "plant-c.x12", "ship-notice.x12"),
    ("raw.plant-c.x12", "plant-c.x12", "receiving-advice.x12"),
    ("raw.plant-c.x12", "plant-c.x12", "shipment-status.x12"),
];

/// Applies a document; whatever it is, there are events or a refusal with a known code.
fn survives(topic: &str, document: &[u8]) {
    let is_documented = |refusal: &lineside_api::Refusal| Code::ALL.iter().any(|code| code.as_str() == refusal.code && code.class() == refusal.class);
    support::apply(topic, document, |applied| match applied {
        Ok(events) => assert!(!events.is_empty()),
        Err(refusal) => assert!(is_documented(&refusal) && refusal.code != Code::ContractMismatch.as_str(), "{refusal:?}"),
    });
}

/// Changes at places given as parts of the length.
fn mutate(mut document: Vec<u8>, changes: &[(u16, u8, u8)]) -> Vec<u8> {
    for (place, kind, byte) in changes {
        let at = usize::from(*place) * document.len() / (usize::from(u16::MAX) + 1);
        match kind % 5 {
            _ if document.is_empty() => {}
            0 => document[at] = *byte,
            1 => document.insert(at, *byte),
            2 => {
                document.remove(at);
            }
            3 => document.truncate(at),
            _ => {
                let end = (at + usize::from(*byte)).min(document.len());
                let part = document[at..end].to_vec();
                document.splice(at..at, part);
            }
        }
    }
    document
}

proptest! {
    #[test]
    fn arbitrary_bytes_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        survives(PLANT_A, &bytes);
        survives(PLANT_B, &bytes);
    }

    #[test]
    fn arbitrary_markup_never_panics(text in "[<>/a-c&;#x0-9='\"! \\[\\]?:-]{0,80}") {
        survives(PLANT_B, text.as_bytes());
        survives(PLANT_B, format!("<SyncProductionPerformance xmlns='http://www.wbf.org/xml/B2MML-V0401'>{text}</SyncProductionPerformance>").as_bytes());
    }

    #[test]
    fn changed_documents_never_panic(which in 0..EXAMPLES.len(), changes in proptest::collection::vec(any::<(u16, u8, u8)>(), 1..6)) {
        let (topic, pack, name) = EXAMPLES[which];
        survives(topic, &mutate(example(pack, name), &changes));
    }

    #[test]
    fn cut_documents_are_refused(which in 0..EXAMPLES.len(), place in any::<u16>()) {
        let (topic, pack, name) = EXAMPLES[which];
        let document = example(pack, name);
        let whole = document.trim_ascii_end().len();
        let cut = usize::from(place) * whole / (usize::from(u16::MAX) + 1);
        support::apply(topic, &document[..cut], |applied| assert!(applied.is_err(), "cut at {cut}"));
    }
}

#[test]
fn the_same_document_twice_gives_the_same_ids_and_fingerprints() {
    let mut driver = support::driver();
    for _ in 0..2 {
        for (topic, pack, name) in EXAMPLES {
            support::pipe(&mut driver, topic, Some(&example(pack, name)));
        }
    }
    assert!(driver.dead_letters().expect("dead letters").is_empty());
    let mut seen: Vec<_> =
        driver.values(NORMALIZED).expect("events").iter().map(|event| (event.source.to_owned(), event.event_id.to_owned(), event.fingerprint)).collect();
    let count = seen.len();
    seen.sort();
    seen.dedup();
    assert_eq!(seen.len() * 2, count, "each event stands twice, with one id and one fingerprint");
}

#[test]
fn the_fingerprint_is_of_the_content_and_not_of_the_envelope() {
    let document = String::from_utf8(example("plant-a.mes", "operation-confirmed.json")).expect("UTF-8");
    let fingerprint = |document: &str| {
        let mut driver = support::driver();
        support::pipe(&mut driver, PLANT_A, Some(document.as_bytes()));
        driver.values(NORMALIZED).expect("events")[0].fingerprint
    };
    let plain = fingerprint(&document);
    for (from, to) in [
        ("A-000110", "A-000111"),
        ("08:15:30.123", "09:15:30.123"),
        ("\"sequence\": 110", "\"sequence\": 111"),
        ("12.50", "12.5"),
        ("\"410\"", "410"),
        ("\"uom\": \"G\"", "\"uom\":\"G\""),
    ] {
        assert_eq!(fingerprint(&document.replace(from, to)), plain, "{from} -> {to}");
    }
    for (from, to) in [("12.50", "12.51"), ("000100012", "000100013"), ("\"0010\"", "\"0020\""), ("true", "false"), ("\"G\"", "\"KG\""), ("MIX-01", "MIX-02")] {
        assert_ne!(fingerprint(&document.replace(from, to)), plain, "{from} -> {to}");
    }
}

#[test]
fn a_refused_document_leaves_nothing_and_the_next_one_is_read() {
    let mut driver = support::driver();
    let bad = example("plant-a.mes", "refused-one-bad-component.json");
    let good = example("plant-a.mes", "order-completed.json");
    for document in [&bad, &good, &bad] {
        support::pipe(&mut driver, PLANT_A, Some(document));
    }
    let events = driver.values(NORMALIZED).expect("events");
    assert_eq!(events.iter().map(|event| event.event_id).collect::<Vec<_>>(), ["A-000140"]);
    assert_eq!(events[0].raw.offset, 1);
    assert_eq!(driver.dead_letters().expect("dead letters").len(), 2);
}

/// Each component asks for fields of the head. If that took a walk over the head each time, this test would take minutes.
#[test]
fn a_wide_document_with_many_events_is_read_in_one_go() {
    let members: Vec<_> = (0..20_000).map(|n| format!("\"m{n}\":0")).collect();
    let components = vec![r#"{"material":"M","quantity":1,"uom":"KG"}"#; 9_000];
    let document = format!(
        r#"{{{},"eventId":"W","eventType":"MATERIAL_CONSUMED","site":"PLANT-A","occurredAt":"2026-11-20T08:00:00Z","order":{{"number":"1"}},"operation":"10","components":[{}]}}"#,
        members.join(","),
        components.join(",")
    );
    support::apply(PLANT_A, document.as_bytes(), |applied| assert_eq!(applied.expect("it is mapped").len(), 9_000));
}
