//! A schema as the pages show it: its records and enums, each once, in the order of first use.

use serde_json::Value;

/// The named types of the schema, the record itself first.
pub fn named_types(schema: &Value) -> Vec<&Value> {
    let mut found = Vec::new();
    collect(schema, &mut found);
    found
}

fn collect<'s>(schema: &'s Value, found: &mut Vec<&'s Value>) {
    match schema {
        Value::Array(branches) => branches.iter().for_each(|branch| collect(branch, found)),
        Value::Object(object) => match object["type"].as_str() {
            Some("record" | "enum") => {
                found.push(schema);
                for field in schema["fields"].as_array().into_iter().flatten() {
                    collect(&field["type"], found);
                }
            }
            Some("array") => collect(&schema["items"], found),
            _ => {}
        },
        _ => {}
    }
}

/// The type in words; named types as links within the page.
pub fn type_in_words(schema: &Value) -> String {
    match schema {
        Value::Array(branches) => branches.iter().find(|branch| **branch != "null").map_or_else(String::new, type_in_words),
        Value::String(name) => match name.as_str() {
            "string" => "text".to_owned(),
            "bytes" | "int" | "long" | "boolean" => name.clone(),
            name => link(name.rsplit('.').next().unwrap_or(name)),
        },
        _ => match (schema["type"].as_str().unwrap_or_default(), schema["logicalType"].as_str()) {
            ("array", _) => format!("array of {}", type_in_words(&schema["items"])),
            ("record" | "enum", _) => link(schema["name"].as_str().unwrap_or_default()),
            (_, Some("decimal")) => format!("decimal({}, {})", schema["precision"], schema["scale"]),
            (_, Some(logical)) => logical.to_owned(),
            (name, None) => name.to_owned(),
        },
    }
}

fn link(name: &str) -> String {
    format!("[{name}](#{})", name.to_lowercase())
}

/// Whether a field has to be given, or what it is otherwise.
pub fn otherwise(field: &Value) -> String {
    match field.get("default") {
        None => "required".to_owned(),
        Some(Value::Null) => "null".to_owned(),
        Some(Value::Array(_)) => "empty".to_owned(),
        Some(Value::String(text)) => format!("`{text}`"),
        Some(other) => other.to_string(),
    }
}
