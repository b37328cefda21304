//! Master data given for an explanation: records as the JSON view shows them.

use std::path::{Path, PathBuf};

use lineside_normalizer::MasterEntity;
use lineside_schemas::{Codec, CodecError, json};
use lineside_topology::{CANONICAL, CanonicalTopic};
use serde_json::Value;

/// A record for a topic of master data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MasterRecord {
    /// Topic.
    pub topic: &'static str,
    /// Key: the plant and the record's own.
    pub key: String,
    /// Wire format.
    pub wire: Vec<u8>,
}

/// Why master data cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum MasterError {
    /// A file or folder cannot be read.
    #[error("{}: {error}", path.display())]
    Unreadable {
        /// File or folder.
        path: PathBuf,
        /// What the system said.
        error: std::io::Error,
    },
    /// A record is none.
    #[error("{}: record {number}: {wrong}", path.display())]
    Record {
        /// File.
        path: PathBuf,
        /// Its number in the file, from 1.
        number: usize,
        /// What is wrong.
        wrong: String,
    },
    /// A schema has no id.
    #[error(transparent)]
    Codec(#[from] CodecError),
}

/// The records of a file, or of every file of a folder that ends in `.json` or `.jsonl`, in the order of names.
///
/// A record is `{"topic": ..., "value": ...}`, or just the value in a file that is named for its topic, such as `master.item.v1.jsonl`. Records follow each other, or
/// stand in an array.
///
/// # Errors
/// [`MasterError`].
pub fn read(path: &Path, codec: &Codec) -> Result<Vec<MasterRecord>, MasterError> {
    let unreadable = |path: &Path| {
        let path = path.to_owned();
        move |error| MasterError::Unreadable { path, error }
    };
    let mut files = Vec::new();
    if path.is_dir() {
        for entry in std::fs::read_dir(path).map_err(unreadable(path))? {
            let file = entry.map_err(unreadable(path))?.path();
            if file.extension().is_some_and(|extension| extension == "json" || extension == "jsonl") {
                files.push(file);
            }
        }
        files.sort();
    } else {
        files.push(path.to_owned());
    }
    let mut records = Vec::new();
    for file in &files {
        let text = std::fs::read_to_string(file).map_err(unreadable(file))?;
        let named = file.file_stem().and_then(|stem| topic(&stem.to_string_lossy()));
        let mut number = 0;
        for value in serde_json::Deserializer::from_str(&text).into_iter::<Value>() {
            let wrong = |number: usize, wrong: String| MasterError::Record { path: file.clone(), number, wrong };
            let values = match value.map_err(|error| wrong(number + 1, error.to_string()))? {
                Value::Array(values) => values,
                value => vec![value],
            };
            for value in values {
                number += 1;
                records.push(record(value, named, codec)?.map_err(|message| wrong(number, message))?);
            }
        }
    }
    Ok(records)
}

fn topic(name: &str) -> Option<&'static CanonicalTopic> {
    CANONICAL.iter().find(|row| row.topic == name && MasterEntity::of_topic(name).is_some())
}

fn record(value: Value, named: Option<&'static CanonicalTopic>, codec: &Codec) -> Result<Result<MasterRecord, String>, CodecError> {
    let known = || MasterEntity::ALL.map(MasterEntity::topic).join(", ");
    let (row, value) = match (named, value) {
        (_, Value::Object(mut members)) if members.contains_key("topic") && members.contains_key("value") => {
            let name = members["topic"].as_str().unwrap_or_default().to_owned();
            let Some(row) = topic(&name) else { return Ok(Err(format!("`{name}` is none of {}", known()))) };
            (row, members.remove("value").unwrap_or_default())
        }
        (Some(row), value) => (row, value),
        (None, _) => return Ok(Err(format!("neither the record has `topic` and `value`, nor is the file named for one of {}", known()))),
    };
    let datum = match json::from_json(row.contract.schema_text(), &value) {
        Ok(datum) => datum,
        Err(error) => return Ok(Err(format!("no {}: {error}", row.contract.name()))),
    };
    // The schema has them all as texts.
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let key = row.key.iter().fold(text(&value["envelope"]["plant"]), |key, name| format!("{key}/{}", text(&value[*name])));
    let wire = [&codec.wire_header(row.topic, row.contract)?[..], &datum].concat();
    Ok(Ok(MasterRecord { topic: row.topic, key, wire }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_are_named_by_their_topic_or_by_their_file_and_what_is_none_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let pack = Path::new(env!("CARGO_MANIFEST_DIR")).join("../normalizer/sources/plant-d.csv-consumption/master.jsonl");
        let lines = std::fs::read_to_string(&pack).unwrap();
        let first: Value = serde_json::from_str(lines.lines().next().unwrap()).unwrap();
        std::fs::write(folder.path().join("master.item.v1.json"), format!("[{}]", first["value"])).unwrap();
        std::fs::write(folder.path().join("notes.txt"), "no master data").unwrap();
        let codec = lineside_testkit::codec();
        let from_folder = read(folder.path(), &codec).unwrap();
        let from_pack = read(&pack, &codec).unwrap();
        assert_eq!(from_folder[0], from_pack[0]);
        assert_eq!((from_folder.len(), from_pack.len(), from_pack[0].key.as_str()), (1, lines.lines().count(), "plant-d/CH-0815"));

        for (text, wrong) in
            [(r#"{"topic": "master.itm.v1", "value": {}}"#, "`master.itm.v1` is none of master.item.v1"), (r#"{"item": 1}"#, "neither"), ("{", "record 1: EOF")]
        {
            let file = folder.path().join("x.jsonl");
            std::fs::write(&file, text).unwrap();
            let error = read(&file, &codec).unwrap_err().to_string();
            assert!(error.contains(wrong), "{error}");
        }
        let file = folder.path().join("master.item.v1.jsonl");
        std::fs::write(&file, "{\"item\": 1}").unwrap();
        assert!(read(&file, &codec).unwrap_err().to_string().contains("record 1: no Item: "));
    }
}
