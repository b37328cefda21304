use std::sync::LazyLock;

use lineside_api::{RawRecord, Timestamp};
use lineside_normalizer::{Code, Limits, MappingSet, Plan, Scratch};
use lineside_schemas::json;

/// Bounds that a document of a few thousand bytes can reach.
const LIMITS: Limits = Limits { record_bytes: 64 << 10, depth: 24, nodes: 4_000, events: 200, text_bytes: 1_000, event_bytes: 16 << 10, list_items: 2_000 };

/// A mapping that reads a few values of whatever format, named as `FORMAT` says.
const HEAD: &str = r#"
source: plant-f.fuzz
version: 1
contract: ProductionEvent
FORMAT
envelope:
  event_id: {first_of: [id, {template: "{#row}"}]}
  plant: {const: plant-f}
  transaction_type: $document_type
  source_time: {path: at, default: "2026-11-20T08:00:00Z"}
order: {path: order, default: "1"}
"#;

const RULE: &str = r"
events:
  - document: DOCUMENT
    type: ORDER_COMPLETED
    each: {row: '*'}
    fields: {reason: .//reason}
";

const UNITS: &str = "units: {KG: KGM}\n";

fn plan(format: &str, document: &str) -> Plan {
    let mapping = format!("{}{}", HEAD.replace("FORMAT", format), RULE.replace("DOCUMENT", document));
    Plan::compile("fuzz", &mapping).unwrap_or_else(|errors| panic!("{errors}"))
}

/// Parses and maps; whatever it is, the outcome is documented, and the same each time.
fn read(plan: &Plan, bytes: &[u8]) {
    let mut scratch = Scratch::default();
    let values = plan.count_values(bytes, &LIMITS, &mut scratch);
    let first = map(plan, bytes, &mut scratch);
    let again = map(plan, bytes, &mut scratch);
    assert_eq!(first, again, "the same bytes again");
    if let Err(refusal) = values {
        assert!(first.is_err(), "mapped, though it could not be read: {refusal:?}");
    }
}

/// The events as bytes, or the code of the refusal.
fn map(plan: &Plan, bytes: &[u8], scratch: &mut Scratch) -> Result<Vec<Vec<u8>>, &'static str> {
    let record = RawRecord { topic: plan.topic(), partition: 0, offset: 7, index: None, time: Timestamp::EPOCH, key: None, value: Some(bytes), headers: &[] };
    match plan.apply(&record, &LIMITS, scratch) {
        Ok(events) => {
            for event in &events {
                assert!(!event.event_id.is_empty() && !event.plant.is_empty() && event.key.starts_with(event.plant), "{event:?}");
                assert!(event.datum.len() <= LIMITS.event_bytes && event.content_start <= event.datum.len());
            }
            Ok(events.iter().map(|event| event.datum.to_vec()).collect())
        }
        Err(refusal) => {
            let is_documented = Code::ALL.iter().any(|code| code.as_str() == refusal.code && code.class() == refusal.class);
            assert!(is_documented && refusal.code != Code::ContractMismatch.as_str(), "{refusal:?}");
            Err(refusal.code)
        }
    }
}

/// One of several plans, by the first byte, and the bytes behind it.
fn chosen<'p, 'b>(plans: &'p [Plan], bytes: &'b [u8]) -> Option<(&'p Plan, &'b [u8])> {
    let (first, rest) = bytes.split_first()?;
    Some((&plans[usize::from(*first) % plans.len()], rest))
}

/// JSON: never panics, and takes what a well-known parser takes.
pub fn json(bytes: &[u8]) {
    static PLAN: LazyLock<Plan> = LazyLock::new(|| plan("format: json\ndocument_type: {const: any}", "any"));
    read(&PLAN, bytes);
    let Err(refusal) = PLAN.count_values(bytes, &LIMITS, &mut Scratch::default()) else { return };
    if refusal.code == Code::InvalidJson.as_str() {
        assert!(serde_json::from_slice::<serde_json::Value>(bytes).is_err(), "{refusal:?}");
    }
}

/// JSON lines.
pub fn json_lines(bytes: &[u8]) {
    static PLAN: LazyLock<Plan> = LazyLock::new(|| plan("format: json-lines", "json-lines"));
    read(&PLAN, bytes);
}

/// XML, with names in a known namespace and without.
pub fn xml(bytes: &[u8]) {
    static PLAN: LazyLock<Plan> = LazyLock::new(|| plan("format: xml\ntrim: true\nnamespaces: {default: 'urn:f', other: 'urn:o'}", "root"));
    read(&PLAN, bytes);
}

/// Names in namespaces, prefixes, digests and members that stand twice; the first byte chooses between JSON and XML.
pub fn traced(bytes: &[u8]) {
    const RULES: &str = r#"
source: plant-f.fuzz
version: 1
contract: TraceabilityEvent
FORMAT
envelope:
  event_id: {first_of: [id, {digest: ., without: [note, 'x[1]']}]}
  plant: {const: plant-f}
  transaction_type: $document_type
  source_time: {path: at, default: "2026-11-20T08:00:00Z"}
  source_utc_offset_minutes: zone
events:
  - document: seen
    type: OBJECT_OBSERVED
    subject: {first_of: ['things/*[1]', {const: nothing}]}
    fields:
      action: {const: OBSERVE}
      epcs: {each: .//text(), value: {path: ., as: text}}
      extensions: {each: {leaf: LEAVES}, when: {.: {filled: true}}, fields: {name: path($event), value: {path: ., as: text}}}
      error_declaration: {when: {wrong: {present: true}}, fields: {declared_at: wrong/at, event_id: {digest: .}}}
"#;
    static PLANS: LazyLock<Vec<Plan>> = LazyLock::new(|| {
        let json = "format: json\ndocuments: {each: {event: 'events[*] | .'}, type: {const: seen}}\nprefixes: {paths: [\"/'@context'[*]/*\", \"'@context'[*]/*\"], known: {k: 'urn:k'}}";
        let xml = "format: xml\ntrim: true\nnamespaces: {known: 'urn:known'}\ndocuments: {each: {event: 'seen | .'}, type: {const: seen}}";
        [(json, "'*:*//text()'"), (xml, "['*:*//text()', '*:*//@*', '@*']")]
            .map(|(format, leaves)| Plan::compile("fuzz", &RULES.replace("FORMAT", format).replace("LEAVES", leaves)).unwrap_or_else(|errors| panic!("{errors}")))
            .into()
    });
    if let Some((plan, rest)) = chosen(&PLANS, bytes) {
        read(plan, rest);
    }
}

/// CSV; the first byte chooses the options.
pub fn csv(bytes: &[u8]) {
    static PLANS: LazyLock<Vec<Plan>> = LazyLock::new(|| {
        let options = [
            "type: csv",
            "type: csv, delimiter: ';', encoding: windows-1252",
            "type: csv, quote: none, delimiter: \"\\t\", encoding: cp850",
            "type: csv, escape: \"\\\\\", comment: '#', skip_lines: 1",
            "type: csv, header: false, columns: [id, order, at, reason]",
            "type: csv, header: true, columns: [id, '', reason], encoding: shift_jis",
            "type: csv, delimiter: '|', encoding: utf-16le",
        ];
        options.iter().map(|options| plan(&format!("format: {{{options}}}"), "csv")).collect()
    });
    if let Some((plan, rest)) = chosen(&PLANS, bytes) {
        read(plan, rest);
    }
}

/// X12; the first byte chooses between segments side by side and the loops of a pack.
pub fn x12(bytes: &[u8]) {
    static PLANS: LazyLock<Vec<Plan>> = LazyLock::new(|| {
        let nested = "format: x12\nsegments:\n  hierarchy: {start: HL, id: '01', parent: '02', until: [CTT]}\n  loops: [{start: N1, members: [N2], loops: [{start: N3, members: [N4]}]}]";
        vec![plan("format: x12", "x12"), plan(nested, "x12"), plan("format: {type: x12, encoding: iso-8859-1}", "x12")]
    });
    if let Some((plan, rest)) = chosen(&PLANS, bytes) {
        read(plan, rest);
    }
}

/// EDIFACT; the first byte chooses between segments side by side and levels with loops.
pub fn edifact(bytes: &[u8]) {
    static PLANS: LazyLock<Vec<Plan>> = LazyLock::new(|| {
        let nested = "format: edifact\nsegments:\n  hierarchy: {start: CPS, id: '01', parent: '02', until: [CNT]}\n  loops: [{start: LIN, members: [PIA], loops: [{start: QTY, members: [DTM]}]}]";
        vec![plan("format: edifact", "edifact"), plan(nested, "edifact"), plan("format: {type: edifact, encoding: windows-1252}", "edifact")]
    });
    if let Some((plan, rest)) = chosen(&PLANS, bytes) {
        read(plan, rest);
    }
}

/// Mapping files: a plan, or errors with lines of the file.
pub fn mapping_yaml(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    match Plan::compile("fuzz", text) {
        Ok(plan) => read(&plan, br#"{"id": "1"}"#),
        Err(errors) => assert!(!errors.to_string().is_empty()),
    }
}

/// Expressions: the first line, over the texts `a` and `b` of the second and third.
pub fn formula(bytes: &[u8]) {
    let Some([cel, a, b]) = lines(bytes) else { return };
    let document = serde_json::json!([{"id": "1", "reason": "x", "a": a, "b": b}]).to_string();
    let cel = format!("{{cel: {}, with: {{a: a, b?: b}}}}", serde_json::Value::from(cel));
    for field in [format!("reason: {cel}"), format!("completed_quantity: {{value: {cel}, unit: {{const: KG}}}}")] {
        if let Ok(plan) = with_fields(&field, UNITS) {
            read(&plan, document.as_bytes());
        }
    }
}

/// Numbers and times as mappings describe them: pattern, text that is read by it, and how numbers are written.
pub fn values(bytes: &[u8]) {
    let Some([pattern, text, number]) = lines(bytes) else { return };
    let mut characters = number.chars();
    let [decimal, grouping] = [characters.next().unwrap_or('.'), characters.next().unwrap_or(',')].map(|character| serde_json::Value::from(character.to_string()));
    let document = serde_json::json!([{"id": "1", "at": text, "amount": characters.as_str(), "unit": "KG"}]).to_string();
    let numbers = format!("numbers: {{decimal: {decimal}, grouping: {grouping}, trailing_sign: true}}\n{UNITS}");
    let time = format!("actual_end: {{path: at, time: {{formats: [{}], at: '06:00', pivot: 1970}}}}", serde_json::Value::from(pattern));
    for (fields, more) in [(time.as_str(), UNITS), ("completed_quantity: {value: amount, unit: unit}", numbers.as_str())] {
        if let Ok(plan) = with_fields(fields, more) {
            read(&plan, document.as_bytes());
        }
    }
}

/// Any bytes through a built-in pack, which the first byte chooses; what it makes is Avro of the contract.
pub fn engine(bytes: &[u8]) {
    static SET: LazyLock<MappingSet> = LazyLock::new(|| MappingSet::built_in().unwrap_or_else(|error| panic!("{error}")));
    let Some((plan, rest)) = chosen(SET.plans(), bytes) else { return };
    read(plan, rest);
    let record = RawRecord { topic: plan.topic(), partition: 0, offset: 7, index: None, time: Timestamp::EPOCH, key: None, value: Some(rest), headers: &[] };
    let mut scratch = Scratch::default();
    for event in plan.apply(&record, &LIMITS, &mut scratch).into_iter().flatten() {
        let shown = json::to_json(event.contract.schema_text(), event.datum).unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(shown["envelope"]["event_id"], event.event_id);
    }
}

fn with_fields(fields: &str, more: &str) -> Result<Plan, String> {
    let head = HEAD.replace("FORMAT", "format: json\ndocument_type: {const: any}");
    let mapping = format!("{head}{more}events:\n  - document: any\n    type: ORDER_COMPLETED\n    each: {{row: '*'}}\n    fields:\n      {fields}\n");
    Plan::compile("fuzz", &mapping).map_err(|errors| errors.to_string())
}

/// Three lines of text.
fn lines(bytes: &[u8]) -> Option<[&str; 3]> {
    let mut lines = std::str::from_utf8(bytes).ok()?.splitn(3, '\n');
    Some([lines.next()?, lines.next().unwrap_or_default(), lines.next().unwrap_or_default()])
}
