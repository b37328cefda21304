//! Who sent a refused record, as its dead letter names them.

use crate::support;
use lineside_normalizer::{Limits, Plan, Scratch};

const MAPPING: &str = r#"
source: plant-t.notices
version: 1
contract: ProductionEvent
format: json
documents:
  each: {entry: notices/*}
  type: kind
partner: {first_of: [{template: "GLN:{from/gln}"}, $entry/from/name, /sender]}
envelope:
  event_id: id
  plant: {const: plant-t}
  source_time: time
  transaction_type: $document_type
order: order
events:
  - document: done
    type: ORDER_COMPLETED
    fields: {reason: reason}
"#;

/// Code and partner of the refusal of a document.
fn refused(document: &str) -> (&'static str, Option<String>) {
    let plan = Plan::compile("test", MAPPING).expect("it compiles");
    let mut scratch = Scratch::default();
    let applied = plan.apply(&support::record("raw.plant-t.notices", document.as_bytes()), &Limits::default(), &mut scratch);
    let refusal = applied.expect_err("a refusal");
    (refusal.code, refusal.partner)
}

const GOOD: &str = r#"{"kind": "done", "id": "1", "time": "2026-01-01T00:00:00Z", "order": "7", "from": {"name": "First"}}"#;

#[test]
fn the_sender_of_the_refused_document_is_named_not_of_those_beside_it() {
    let second = |more: &str| format!(r#"{{"sender": "Hub", "notices": [{GOOD}, {{"kind": "done", "id": "2", "order": "8"{more}}}]}}"#);
    assert_eq!(refused(&second(r#", "from": {"gln": "4012345000009"}"#)), ("missing-field", Some("GLN:4012345000009".to_owned())));
    assert_eq!(refused(&second(r#", "from": {"name": "Second"}"#)), ("missing-field", Some("Second".to_owned())));
    assert_eq!(refused(&second("")), ("missing-field", Some("Hub".to_owned())));
    let unknown = r#"{"notices": [{"kind": "other", "from": {"name": "Second"}}]}"#;
    assert_eq!(refused(unknown), ("unmapped-document", Some("Second".to_owned())));
}

#[test]
fn a_record_refused_as_a_whole_is_of_the_first_sender() {
    assert_eq!(refused(&format!(r#"{{"notices": [{GOOD}, {GOOD}]}}"#)), ("duplicate-event-id", Some("First".to_owned())));
    assert_eq!(refused(r#"{"sender": "Hub", "notices": []}"#), ("unmapped-document", Some("Hub".to_owned())));
}

#[test]
fn a_sender_that_cannot_be_told_changes_nothing_of_the_refusal() {
    for from in ["", r#", "from": {"name": ["a", "b"]}"#, r#", "from": {"name": ""}"#] {
        assert_eq!(refused(&format!(r#"{{"notices": [{{"kind": "other"{from}}}]}}"#)), ("unmapped-document", None), "{from}");
    }
    let long = "x".repeat(Limits::default().text_bytes + 1);
    assert_eq!(refused(&format!(r#"{{"sender": "{long}", "notices": []}}"#)), ("unmapped-document", None));
    assert_eq!(refused(r#"{"sender": "Hub", "notices": ["#), ("invalid-json", None));
}

#[test]
fn what_is_wrong_with_it_is_found_when_the_mapping_is_loaded() {
    let changed = MAPPING.replacen("$entry/from", "$entri/from", 1);
    let errors = Plan::compile("test", &changed).expect_err("an error").to_string();
    assert!(errors.contains("nothing selected is named `entri`; did you mean `entry`?"), "{errors}");
}

/// An example of which a text, that stands in it, is another one.
fn changed(pack: &str, name: &str, from: &str, to: &str) -> Vec<u8> {
    let mut bytes = support::example(pack, name);
    let at = bytes.windows(from.len()).position(|window| window == from.as_bytes()).expect("the text stands in it");
    bytes.splice(at..at + from.len(), to.bytes());
    bytes
}

/// The second of two interchanges, of another sender, says of itself what is not so.
#[test]
fn of_an_interchange_that_cannot_be_read_the_head_still_tells_whose_it_is() {
    let partner = |topic, record: &[u8]| {
        let refusal = support::refusal(topic, record);
        (refusal.code, refusal.partner)
    };
    let good = support::example("plant-c.x12", "ship-notice.x12");
    let broken = changed("plant-c.x12", "refused-ship-notice-of-a-wrong-count.x12", "PARTSINC", "OTHERINC");
    assert_eq!(partner("raw.plant-c.x12", &[good, broken].concat()), ("control-count-mismatch", Some("OTHERINC".to_owned())));

    let good = support::example("plant-c.edifact", "despatch-advice.edifact");
    let broken = changed("plant-c.edifact", "refused-despatch-advice-of-a-wrong-reference.edifact", "4012345000009", "4099999000009");
    assert_eq!(partner("raw.plant-c.edifact", &good[..good.len() - 30]), ("unterminated-interchange", Some("4012345000009".to_owned())));
    assert_eq!(partner("raw.plant-c.edifact", &[good, broken].concat()), ("control-number-mismatch", Some("4099999000009".to_owned())));
    assert_eq!(partner("raw.plant-c.edifact", b"UNB+UNO"), ("invalid-edifact", None));
}
