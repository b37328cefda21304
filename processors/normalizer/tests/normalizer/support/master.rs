//! Master data for drivers, from JSON lines as packs and the command line have them.

use std::path::Path;

use lineside_schemas::codec::HEADER_LEN;
use lineside_schemas::json;
use lineside_testkit::TestDriver;
use lineside_topology::CANONICAL;
use serde_json::Value as Json;

/// Topic, key and wire format of a record.
pub struct MasterRecord {
    pub topic: &'static str,
    pub key: String,
    pub wire: Vec<u8>,
}

/// The records of lines `{"topic": ..., "value": ...}`.
pub fn records(lines: &str) -> Vec<MasterRecord> {
    lines.lines().filter(|line| !line.is_empty()).map(|line| record(&serde_json::from_str(line).expect("JSON"))).collect()
}

/// One record.
pub fn record(line: &Json) -> MasterRecord {
    let (topic, value) = (line["topic"].as_str().expect("a topic"), &line["value"]);
    let row = CANONICAL.iter().find(|row| row.topic == topic).expect("a topic of master data");
    let parts = row.key.iter().map(|name| value[name].as_str().expect("a field of the key"));
    let key = parts.fold(value["envelope"]["plant"].as_str().expect("a plant").to_owned(), |key, part| key + "/" + part);
    let header: [u8; HEADER_LEN] = lineside_testkit::codec().wire_header(row.topic, row.contract).expect("a schema id");
    let datum = json::from_json(row.contract.schema_text(), value).unwrap_or_else(|error| panic!("{key}: {error}"));
    MasterRecord { topic: row.topic, key, wire: [&header[..], &datum].concat() }
}

/// Gives the master data of a pack to a driver of the normalizer.
pub fn put_pack(driver: &mut TestDriver, pack: &Path) {
    let Ok(lines) = std::fs::read_to_string(pack.join("master.jsonl")) else { return };
    for record in records(&lines) {
        driver.put_table_bytes(record.topic, &record.key, Some(&record.wire)).expect("a table of the normalizer");
    }
}
