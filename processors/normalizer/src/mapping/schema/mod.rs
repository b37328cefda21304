//! The JSON Schema of mapping files (draft 2020-12), for editors: every key with what it means, and the fields of every contract with theirs.
//!
//! Contracts are read from their Avro schemas; the keys stand in [`sections`], and a test compares them with those that the compiler asks for.

mod contracts;
mod sections;

use serde_json::{Value, json};

/// The schema.
#[must_use]
pub fn json_schema() -> Value {
    let mut definitions = sections::definitions();
    let contracts = contracts::Contracts::all();
    for (name, definition) in contracts.definitions() {
        definitions.insert(name, definition);
    }
    let file = sections::file(&contracts);
    definitions.insert("rule".to_owned(), sections::rule(&contracts));
    definitions.insert("envelope".to_owned(), contracts.envelope());
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A Lineside mapping: how the documents of one source become canonical events",
        "$comment": file["$comment"],
        "type": "object",
        "properties": file["properties"],
        "required": file["required"],
        "additionalProperties": false,
        "$defs": definitions,
    })
}

#[cfg(test)]
mod tests;
