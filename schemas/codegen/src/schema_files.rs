//! Reads every schema file and collects the named types it defines.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context as _, bail};
use serde_json::Value;

/// A record or enum: its namespace and its definition, in the order of first use.
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
            if let Some(known) = types.get(&full) {
                if known.definition != *schema {
                    bail!("{full} is defined differently elsewhere");
                }
            } else {
                types.insert(full, NamedType { namespace: namespace.to_owned(), name: name.to_owned(), definition: schema.clone() });
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
