//! Renders named types as Rust modules.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use anyhow::{Context as _, bail};
use serde_json::Value;

use crate::schema_files::NamedType;

const ROOT: &str = "io.lineside";
const KEYWORDS: &[&str] = &["type", "yield", "final", "match", "move", "ref", "use"];

type Types = BTreeMap<String, NamedType>;

/// File name and text of each module, `mod.rs` among them.
pub fn modules(types: &Types) -> anyhow::Result<Vec<(String, String)>> {
    let mut bodies: BTreeMap<&str, String> = BTreeMap::new();
    for named in types.values() {
        let module = module_of(&named.namespace);
        let body = bodies.entry(module).or_default();
        if named.definition["type"] == "enum" {
            render_enum(named, body)?;
        } else {
            render_record(types, named, body)?;
        }
    }
    let mut index = String::from("//! Typed records, one module per schema family. Generated from `avro/`; do not edit.\n\n");
    for module in bodies.keys() {
        let _ = writeln!(index, "mod {module};");
    }
    index.push('\n');
    for module in bodies.keys() {
        let _ = writeln!(index, "pub use {module}::*;");
    }
    let mut files = vec![("mod.rs".to_owned(), index)];
    for (module, body) in bodies {
        files.push((format!("{module}.rs"), finish(module, &body)));
    }
    Ok(files)
}

fn module_of(namespace: &str) -> &str {
    namespace.strip_prefix(ROOT).and_then(|rest| rest.strip_prefix('.')).unwrap_or("envelope")
}

fn finish(module: &str, body: &str) -> String {
    let mut text = format!("//! Records of the family `{module}`. Generated from `avro/`; do not edit.\n\n");
    if body.contains("derive(") && body.contains("Serialize") {
        text.push_str("use serde::{Deserialize, Serialize};\n\n");
    }
    let mut imports: Vec<&str> = Vec::new();
    for (needle, import) in [("Date,", "use crate::time::Date;"), ("Decimal", "use crate::decimal::Decimal;"), ("Timestamp", "use crate::time::Timestamp;")] {
        if body.contains(needle) {
            imports.push(import);
        }
    }
    if module != "envelope" {
        for (needle, import) in [("Envelope<", "use super::Envelope;"), ("Quantity<", "use super::Quantity;"), ("RawPosition<", "use super::RawPosition;")] {
            if body.contains(needle) {
                imports.push(import);
            }
        }
    }
    for import in &imports {
        let _ = writeln!(text, "{import}");
    }
    if !imports.is_empty() {
        text.push('\n');
    }
    text.push_str(body.trim_start_matches('\n'));
    text
}

fn render_enum(named: &NamedType, out: &mut String) -> anyhow::Result<()> {
    let name = &named.name;
    let doc = named.definition["doc"].as_str().unwrap_or_default();
    let symbols: Vec<&str> = named.definition["symbols"].as_array().context("enum without symbols")?.iter().filter_map(Value::as_str).collect();
    if symbols.first() != Some(&"UNKNOWN") || named.definition["default"] != "UNKNOWN" {
        bail!("{name}: an enum starts with UNKNOWN and has it as default, so that it can grow");
    }
    let _ = writeln!(out, "\n/// {doc}\n#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]\npub enum {name} {{");
    for (index, symbol) in symbols.iter().enumerate() {
        if index == 0 {
            let _ = writeln!(out, "    /// A symbol that this version does not know.\n    #[default]");
        } else {
            let _ = writeln!(out, "    /// `{symbol}`");
        }
        let _ = writeln!(out, "    {},", pascal(symbol));
    }
    let _ = writeln!(out, "}}\n\nimpl {name} {{\n    /// Every symbol, in the order of the schema.\n    pub const SYMBOLS: &'static [&'static str] = &[");
    for symbol in &symbols {
        let _ = writeln!(out, "        \"{symbol}\",");
    }
    let _ = writeln!(
        out,
        "    ];\n\n    /// The Avro symbol.\n    #[must_use]\n    pub const fn symbol(self) -> &'static str {{\n        Self::SYMBOLS[self as usize]\n    }}\n\n    /// The variant of a symbol; `Unknown` for one that this version does not know.\n    #[must_use]\n    pub fn from_symbol(symbol: &str) -> Self {{\n        match symbol {{"
    );
    for symbol in &symbols[1..] {
        let _ = writeln!(out, "            \"{symbol}\" => Self::{},", pascal(symbol));
    }
    let _ = writeln!(out, "            _ => Self::Unknown,\n        }}\n    }}\n}}\n\ncrate::codec::avro_enum!({name});");
    Ok(())
}

fn render_record(types: &Types, named: &NamedType, out: &mut String) -> anyhow::Result<()> {
    let name = &named.name;
    let doc = named.definition["doc"].as_str().with_context(|| format!("{name} has no doc"))?;
    let lifetime = if borrows(types, &named.definition, &named.namespace)? { "<'a>" } else { "" };
    let copy = if lifetime.is_empty() { ", Default" } else { "" };
    let _ = writeln!(out, "\n/// {doc}\n#[derive(Debug, Clone, PartialEq{copy}, Serialize, Deserialize)]\npub struct {name}{lifetime} {{");
    for field in named.definition["fields"].as_array().context("record without fields")? {
        let field_name = field["name"].as_str().context("field without a name")?;
        let doc = field["doc"].as_str().with_context(|| format!("{name}.{field_name} has no doc"))?;
        let rust = rust_type(types, &field["type"], &named.namespace)?;
        let _ = writeln!(out, "    /// {doc}");
        let mut serde = Vec::new();
        if let Some(default) = field.get("default") {
            let is_rust_default = default.is_null() || *default == 0 || *default == false || *default == "UNKNOWN" || *default == Value::Array(Vec::new());
            if !is_rust_default {
                bail!("{name}.{field_name}: default {default} is not the default of its Rust type");
            }
            serde.push("default");
        }
        if rust.contains("'a") {
            serde.push("borrow");
        }
        if rust.contains("[u8]") {
            serde.push("with = \"serde_bytes\"");
        }
        if !serde.is_empty() {
            let _ = writeln!(out, "    #[serde({})]", serde.join(", "));
        }
        let rust_name = if KEYWORDS.contains(&field_name) { format!("r#{field_name}") } else { field_name.to_owned() };
        let _ = writeln!(out, "    pub {rust_name}: {rust},");
    }
    out.push_str("}\n");
    Ok(())
}

fn rust_type(types: &Types, schema: &Value, namespace: &str) -> anyhow::Result<String> {
    if let Some(branches) = schema.as_array() {
        let [null, some] = branches.as_slice() else { bail!("a union is null and one type: {schema}") };
        if null != "null" {
            bail!("a union starts with null: {schema}");
        }
        return Ok(format!("Option<{}>", rust_type(types, some, namespace)?));
    }
    if let Some(name) = schema.as_str() {
        return Ok(match name {
            "string" => "&'a str".to_owned(),
            "bytes" => "&'a [u8]".to_owned(),
            "int" => "i32".to_owned(),
            "long" => "i64".to_owned(),
            "boolean" => "bool".to_owned(),
            named => named_type(types, named, namespace)?,
        });
    }
    let logical = schema["logicalType"].as_str();
    Ok(match (schema["type"].as_str().context("type")?, logical) {
        ("long", Some("timestamp-micros")) => "Timestamp".to_owned(),
        ("int", Some("date")) => "Date".to_owned(),
        ("bytes", Some("decimal")) if schema["precision"] == 38 && schema["scale"] == 9 => "Decimal".to_owned(),
        ("array", _) => format!("Vec<{}>", rust_type(types, &schema["items"], namespace)?),
        ("record" | "enum", _) => {
            let namespace = schema["namespace"].as_str().unwrap_or(namespace);
            named_type(types, &format!("{namespace}.{}", schema["name"].as_str().context("name")?), namespace)?
        }
        _ => bail!("no Rust type for {schema}"),
    })
}

fn lookup<'t>(types: &'t Types, name: &str, namespace: &str) -> anyhow::Result<&'t NamedType> {
    types.get(name).or_else(|| types.get(&format!("{namespace}.{name}"))).with_context(|| format!("type {name} is not defined"))
}

fn named_type(types: &Types, name: &str, namespace: &str) -> anyhow::Result<String> {
    let named = lookup(types, name, namespace)?;
    let lifetime = if borrows(types, &named.definition, &named.namespace)? { "<'a>" } else { "" };
    Ok(format!("{}{lifetime}", named.name))
}

/// True if a value of the type holds text or bytes, and so borrows from the record it was read from.
fn borrows(types: &Types, schema: &Value, namespace: &str) -> anyhow::Result<bool> {
    if let Some(branches) = schema.as_array() {
        for branch in branches {
            if borrows(types, branch, namespace)? {
                return Ok(true);
            }
        }
        return Ok(false);
    }
    if let Some(name) = schema.as_str() {
        return Ok(match name {
            "string" | "bytes" => true,
            "int" | "long" | "boolean" | "null" => false,
            named => {
                let named = lookup(types, named, namespace)?;
                borrows(types, &named.definition, &named.namespace)?
            }
        });
    }
    match schema["type"].as_str() {
        Some("record") => {
            let namespace = schema["namespace"].as_str().unwrap_or(namespace);
            for field in schema["fields"].as_array().into_iter().flatten() {
                if borrows(types, &field["type"], namespace)? {
                    return Ok(true);
                }
            }
            Ok(false)
        }
        Some("array") => borrows(types, &schema["items"], namespace),
        _ => Ok(false),
    }
}

fn pascal(symbol: &str) -> String {
    symbol
        .split('_')
        .map(|word| {
            let mut letters = word.chars();
            letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters.flat_map(char::to_lowercase)).collect())
        })
        .collect()
}
