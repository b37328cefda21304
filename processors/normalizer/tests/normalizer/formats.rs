//! Whole documents of the formats that the packs do not use, through whole mappings.

use crate::support;
use lineside_normalizer::{Limits, MappedEvent, Plan, Scratch};

const HEAD: &str = "
source: plant-t.test
version: 1
contract: ProductionEvent
";

/// Ids and reasons of the events, or the code.
fn events(mapping: &str, document: &[u8]) -> Result<Vec<String>, String> {
    let plan = Plan::compile("test", &format!("{HEAD}{mapping}")).unwrap_or_else(|errors| panic!("{errors}"));
    let record = support::record(plan.topic(), document);
    let mut scratch = Scratch::default();
    let events = plan.apply(&record, &Limits::default(), &mut scratch).map_err(|refusal| format!("{} {}", refusal.code, refusal.message))?;
    let read = |event: &MappedEvent<'_>| {
        let shown = lineside_schemas::json::to_json(event.contract.schema_text(), event.datum).expect("Avro of the contract");
        format!("{} {}", event.event_id, shown["order_completed"]["reason"].as_str().unwrap_or("-"))
    };
    Ok(events.iter().map(read).collect())
}

const CSV: &str = r#"
format: {type: csv, delimiter: ';', encoding: windows-1252}
envelope:
  event_id: Beleg
  plant: {const: plant-t}
  transaction_type: $document_type
  source_time: Zeit
order: Auftrag
events:
  - document: csv
    type: ORDER_COMPLETED
    each: {row: '*'}
    fields: {reason: "'Stör grund'"}
"#;

#[test]
fn rows_of_a_csv_file_are_events() {
    let document = b"Beleg;Auftrag;Zeit;St\xf6r grund\r\nA1;7;2026-11-20T08:00:00Z;\"zu hei\xdf; aus\"\r\nA2;7;2026-11-20T08:00:00Z;\r\n";
    assert_eq!(events(CSV, document).unwrap(), ["A1 zu heiß; aus", "A2 -"]);
    let short = b"Beleg;Auftrag;Zeit;St\xf6r grund\r\nA1;7\r\n";
    assert_eq!(events(CSV, short).unwrap_err(), "invalid-csv row in line 2, column 3: the row has 2 fields where 4 belong");
}

const LINES: &str = "
format: json-lines
envelope:
  event_id: id
  plant: {const: plant-t}
  transaction_type: $document_type
  source_time: at
order: order
events:
  - document: json-lines
    type: ORDER_COMPLETED
    each: {line: '*'}
    fields: {reason: why}
";

#[test]
fn json_lines_are_events() {
    let line = |id: &str, why: &str| format!("{{\"id\":\"{id}\",\"order\":\"7\",\"at\":\"2026-11-20T08:00:00Z\",\"why\":{why}}}\n");
    assert_eq!(events(LINES, (line("A1", "\"done\"") + "\n" + &line("A2", "null")).as_bytes()).unwrap(), ["A1 done", "A2 -"]);
    // What no rule reads may stand twice.
    assert_eq!(events(LINES, line("A1", "\"done\",\"note\":1,\"note\":2").as_bytes()).unwrap(), ["A1 done"]);
    let bad = events(LINES, line("A1", "1,\"why\":2").as_bytes()).unwrap_err();
    assert_eq!(bad, "duplicate-member one object has the member `why` twice, and the mapping reads it");
}

const XML: &str = "
envelope:
  event_id: {digest: .}
  plant: {const: plant-t}
  transaction_type: $document_type
  source_time: {const: '2026-11-20T08:00:00Z'}
order: '@auftrag'
events:
  - document: Abschluß
    type: ORDER_COMPLETED
    fields: {reason: Grund}
";

/// A document as one of ISO 8859-1, which has the first characters of Unicode by their numbers.
fn latin_1(text: &str) -> Vec<u8> {
    text.chars().map(|character| u8::try_from(character).expect("a character of ISO 8859-1")).collect()
}

#[test]
fn xml_is_read_in_the_encoding_that_it_declares_or_that_the_mapping_names() {
    let document = |declaration: &str| format!("{declaration}<Abschluß auftrag='7'><Grund>Störung behoben</Grund></Abschluß>");
    let (declared, undeclared, wrong) = (document("<?xml version='1.0' encoding='ISO-8859-1'?>"), document(""), document("<?xml version='1.0' encoding='UTF-8'?>"));
    let plain = format!("format: xml{XML}");
    let named = format!("format: {{type: xml, encoding: iso-8859-1}}{XML}");
    let expected = events(&plain, undeclared.as_bytes()).expect("UTF-8");
    assert!(expected[0].ends_with(" Störung behoben"), "{expected:?}");
    // The same content is the same to a digest, however it is written.
    assert_eq!(events(&plain, &latin_1(&declared)).as_ref(), Ok(&expected));
    for text in [&declared, &undeclared, &wrong] {
        assert_eq!(events(&named, &latin_1(text)).as_ref(), Ok(&expected), "{text}");
    }
    assert_eq!(events(&plain, &latin_1(&wrong)), Err("invalid-encoding line 1, column 47: a byte that is no UTF-8".to_owned()));
}

#[test]
fn json_is_utf_8_unless_the_mapping_says_otherwise() {
    let document = "{\"id\":\"A1\",\"order\":\"7\",\"at\":\"2026-11-20T08:00:00Z\",\"why\":\"Störung\"}";
    let named = LINES.replace("format: json-lines", "format: {type: json-lines, encoding: windows-1252}");
    assert_eq!(events(&named, &latin_1(document)).as_deref(), Ok(&["A1 Störung".to_owned()][..]));
    assert_eq!(events(LINES, &latin_1(document)), Err("invalid-encoding line 1, column 61: a byte that is no UTF-8".to_owned()));
    let utf_16: Vec<u8> = format!("\u{feff}{document}").encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert_eq!(events(&named, &utf_16).as_deref(), Ok(&["A1 Störung".to_owned()][..]));
    assert!(events(LINES, &utf_16).is_err_and(|refused| refused.starts_with("invalid-encoding ")));
}

const X12: &str = "
format: x12
segments:
  hierarchy: {start: HL, id: '01', parent: '02', until: [CTT]}
  loops:
    - {start: N1, members: [N3, N4]}
envelope:
  event_id: {template: '{$interchange/ISA/13}/{$transaction/ST/02}/{01}'}
  plant: {const: plant-t}
  transaction_type: $transaction/ST/01
  source_time: {const: '2026-11-20T08:00:00Z'}
order: $transaction/BSN/02
events:
  - document: x12
    type: ORDER_COMPLETED
    each: {interchange: Interchange, transaction: Group/Transaction, shipment: 'HL[03=''S'']', item: HL/HL}
    fields: {reason: {template: '{LIN/03}:{SN1/02} to {$shipment/N1[01=''ST'']/N4/01}'}}
";

#[test]
fn items_of_an_advance_ship_notice_know_their_shipment() {
    let isa = "ISA*00*          *00*          *ZZ*SENDER         *01*RECEIVER       *261120*0815*^*00501*000000017*0*P*:~";
    let content = "BSN*00*S-1*20261120*0815~HL*1**S~N1*SF*A~N4*HAM~N1*ST*B~N4*KIEL~HL*2*1*O~HL*3*2*I~LIN**BP*007~SN1**5*EA~HL*4*2*I~LIN**BP*0008~SN1**6*EA~CTT*4~";
    let text = format!("{isa}GS*SH*S*R*20261120*0815*5*X*005010~ST*856*0001~{content}SE*16*0001~GE*1*5~IEA*1*000000017~");
    assert_eq!(events(X12, text.as_bytes()).unwrap(), ["000000017/0001/3 007:5 to KIEL", "000000017/0001/4 0008:6 to KIEL"]);
    let lost = text.replace("SN1**5*EA~", "");
    assert!(events(X12, lost.as_bytes()).unwrap_err().starts_with("control-count-mismatch SE01 is `16`, where there are 15 segments"));
}

/// Each item asks for what stands at its shipment. If that took a walk over the items each time, this test would take minutes.
#[test]
fn a_notice_of_ten_thousand_segments_is_read_in_one_go() {
    let isa = "ISA*00*          *00*          *ZZ*SENDER         *01*RECEIVER       *261120*0815*^*00501*000000017*0*P*:~";
    let items: Vec<String> = (3..3_400).map(|id| format!("HL*{id}*2*I~LIN**BP*{id}~SN1**1*EA~")).collect();
    let content = format!("BSN*00*S-1*20261120*0815~HL*1**S~N1*ST*B~N4*KIEL~HL*2*1*O~{}CTT*1~", items.concat());
    let count = content.matches('~').count() + 2;
    let text = format!("{isa}GS*SH*S*R*20261120*0815*5*X*005010~ST*856*0001~{content}SE*{count}*0001~GE*1*5~IEA*1*000000017~");
    let found = events(X12, text.as_bytes()).unwrap();
    assert_eq!((found.len(), &*found[3_396]), (3_397, "000000017/0001/3399 3399:1 to KIEL"));
}

const EDIFACT: &str = "
format: edifact
envelope:
  event_id: {template: '{$interchange/UNB/05}/{#message}'}
  plant: {const: plant-t}
  transaction_type: $message/UNH/02/01
  source_time: {const: '2026-11-20T08:00:00Z'}
order: NAD/02/01
events:
  - document: edifact
    type: ORDER_COMPLETED
    each: {interchange: Interchange, message: Message}
    fields: {reason: NAD/04}
";

#[test]
fn a_lone_first_part_is_read_as_the_part_that_it_is() {
    let message = |number: u8, party: &str| format!("UNH+{number}+RECADV:D:01B:UN'NAD+BY+{party}++M?'ller'UNT+3+{number}'");
    let text = format!("UNB+UNOA:3+S+R+261120:0815+I-1'{}{}UNZ+2+I-1'", message(1, "541"), message(2, "542::9"));
    assert_eq!(events(EDIFACT, text.as_bytes()).unwrap(), ["I-1/1 M'ller", "I-1/2 M'ller"]);
}
