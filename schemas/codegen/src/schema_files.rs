//! Reads every schema file and collects the named types it defines.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context as _, bail};
use serde_json::Value;

/// Names of the types that Avro itself has, as far as contracts use them.
pub const PRIMITIVES: &[&str] = &["null", "string", "bytes", "int", "long", "boolean"];

/// A record or enum: its namespace and its definition. Types that are defined within it stand in it by their full names.
pub struct NamedType {
    pub namespace: String,
    pub name: String,
    pub definition: Value,
}

/// All named types of the current schemas (the folders of earlier versions are left out). A type that several files define must read the same in each.
pub fn named_types(root: &Path) -> anyhow::Result<BTreeMap<String, NamedType>> {
    let mut types = BTreeMap::new();
    let mut files = Vec::new();
    for family in std::fs::read_dir(root)? {
        for file in std::fs::read_dir(family?.path())? {
            let path = file?.path();
            if path.extension().is_some_and(|extension| extension == "avsc") {
                files.push(path);
            }
        }
    }
    files.sort();
    for path in files {
        let text = std::fs::read_to_string(&path)?;
        let schema: Value = serde_json::from_str(&text).with_context(|| format!("{} is no JSON", path.display()))?;
        collect(&schema, "", &mut types).with_context(|| path.display().to_string())?;
    }
    Ok(types)
}

fn collect(schema: &Value, namespace: &str, types: &mut BTreeMap<String, NamedType>) -> anyhow::Result<()> {
    if let Some(branches) = schema.as_array() {
        return branches.iter().try_for_each(|branch| collect(branch, namespace, types));
    }
    let Some(kind) = schema.get("type") else { return Ok(()) };
    match kind.as_str() {
        Some("record" | "enum") => {
            let name = schema["name"].as_str().context("a named type without a name")?;
            let namespace = schema["namespace"].as_str().unwrap_or(namespace);
            let full = format!("{namespace}.{name}");
            let mut definition = schema.clone();
            for field in definition["fields"].as_array_mut().into_iter().flatten() {
                field["type"] = by_name(&field["type"], namespace);
            }
            if let Some(known) = types.get(&full) {
                if known.definition != definition {
                    bail!("{full} is defined differently elsewhere");
                }
            } else {
                types.insert(full, NamedType { namespace: namespace.to_owned(), name: name.to_owned(), definition });
            }
            for field in schema["fields"].as_array().into_iter().flatten() {
                collect(&field["type"], namespace, types)?;
            }
            Ok(())
        }
        Some("array") => collect(&schema["items"], namespace, types),
        _ => Ok(()),
    }
}

/// The type with full names instead of definitions: where a schema defines a type first is no part of what the type is.
fn by_name(schema: &Value, namespace: &str) -> Value {
    match schema {
        Value::Array(branches) => branches.iter().map(|branch| by_name(branch, namespace)).collect(),
        Value::String(name) if !PRIMITIVES.contains(&name.as_str()) && !name.contains('.') => format!("{namespace}.{name}").into(),
        Value::Object(object) => match object["type"].as_str() {
            Some("record" | "enum") => {
                let namespace = schema["namespace"].as_str().unwrap_or(namespace);
                format!("{namespace}.{}", schema["name"].as_str().unwrap_or_default()).into()
            }
            Some("array") => {
                let mut array = object.clone();
                array.insert("items".to_owned(), by_name(&schema["items"], namespace));
                Value::Object(array)
            }
            _ => schema.clone(),
        },
        other => other.clone(),
    }
}
