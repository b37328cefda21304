//! The formats, each with a mapping that puts one text into every text field, and records that hold it.

use std::fmt::Write as _;

use serde_json::json;

/// Events that a record becomes.
pub const EVENTS: usize = KINDS.len();

/// What the record tells of its order.
const KINDS: [&str; 4] = ["consumed", "confirmed", "received", "completed"];

const MAPPING: &str = r#"
source: SOURCE
version: 1
contract: ProductionEvent
format: FORMAT
documents:
  each: {entry: EACH}
  type: kind
units: {KG: KGM}
envelope:
  event_id: {template: "{text}/{#entry}"}
  plant: {const: PLANT}
  transaction_type: $document_type
  source_time: {const: "2026-11-20T08:00:00Z"}
  causation_id: text
order: text
events:
  - document: consumed
    type: MATERIAL_CONSUMED
    fields:
      operation: text
      reservation: text
      reservation_item: text
      position: text
      item: text
      lot: text
      sublot: text
      storage_location: text
      quantity: {value: {const: 1}, unit: {const: KG}}
      movement_type: text
      properties: {each: ., fields: {name: text, value: text}}
  - document: confirmed
    type: OPERATION_CONFIRMED
    fields:
      operation: text
      work_center: text
      yield: {value: {const: 1}, unit: {const: KG}}
      confirmation: text
      confirmation_count: text
      reason_code: text
      personnel: text
      shift: text
      text: text
      properties: {each: ., fields: {name: text, value: text}}
  - document: received
    type: FINISHED_GOODS_REPORTED
    fields:
      item: text
      operation: text
      lot: text
      sublot: text
      storage_location: text
      quantity: {value: {const: 1}, unit: {const: KG}}
      stock_status: text
      line: text
      serials: {each: ., value: text}
  - document: completed
    type: ORDER_COMPLETED
    fields: {reason: text}
"#;

/// How a record is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    Json,
    Csv,
    Xml,
}

impl Format {
    pub const ALL: &'static [Self] = &[Self::Json, Self::Csv, Self::Xml];

    const fn name(self) -> &'static str {
        match self {
            Self::Json => "json",
            Self::Csv => "csv",
            Self::Xml => "xml",
        }
    }

    pub const fn plant(self) -> &'static str {
        match self {
            Self::Json => "plant-json",
            Self::Csv => "plant-csv",
            Self::Xml => "plant-xml",
        }
    }

    pub fn source(self) -> String {
        format!("{}.texts", self.plant())
    }

    pub fn mapping(self) -> String {
        let each = match self {
            Self::Json => "entries/*",
            Self::Csv => "\"*\"",
            Self::Xml => "entry",
        };
        MAPPING.replace("SOURCE", &self.source()).replace("FORMAT", self.name()).replace("EACH", each).replace("PLANT", self.plant())
    }

    /// A record of the events of one order, all of whose texts are this one; `None` where the format has no way to write it.
    pub fn record(self, text: &str) -> Option<Vec<u8>> {
        let mut record = String::new();
        match self {
            Self::Json => {
                let entries: Vec<_> = KINDS.iter().map(|kind| json!({"kind": kind, "text": text})).collect();
                record = json!({ "entries": entries }).to_string();
            }
            Self::Csv => {
                record.push_str("kind,text\r\n");
                for kind in KINDS {
                    let _ = write!(record, "{kind},\"{}\"\r\n", text.replace('"', "\"\""));
                }
            }
            Self::Xml if text.chars().all(is_xml) => {
                record.push_str("<entries>");
                for kind in KINDS {
                    let _ = write!(record, "<entry><kind>{kind}</kind><text>{}</text></entry>", escaped(text));
                }
                record.push_str("</entries>");
            }
            Self::Xml => return None,
        }
        Some(record.into_bytes())
    }
}

/// Char of XML 1.0.
const fn is_xml(character: char) -> bool {
    matches!(character, '\t' | '\n' | '\r' | '\u{20}'..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..)
}

/// Line ends as references: a reader of XML makes one kind of all that stand there as they are.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('\r', "&#13;").replace('\n', "&#10;").replace('\t', "&#9;")
}
