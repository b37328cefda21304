//! Renders named types as Rust modules.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use anyhow::{Context as _, bail};
use serde_json::Value;

use crate::schema_files::{NamedType, PRIMITIVES};

const ROOT: &str = "io.lineside";
const KEYWORDS: &[&str] = &["type", "yield", "final", "match", "move", "ref", "use"];
/// Bytes from which an optional record is kept behind a pointer: a value has room for each of its groups, and sets one.
const BOXED_FROM: usize = 256;

type Types = BTreeMap<String, NamedType>;

/// File name and text of each module, `mod.rs` among them.
pub fn modules(types: &Types) -> anyhow::Result<Vec<(String, String)>> {
    let mut bodies: BTreeMap<&str, Body> = BTreeMap::new();
    for named in types.values() {
        let module = module_of(&named.namespace);
        let body = bodies.entry(module).or_default();
        if named.definition["type"] == "enum" {
            render_enum(named, &mut body.text)?;
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

/// What a module has so far.
#[derive(Default)]
struct Body {
    text: String,
    /// Paths of the types that it names and does not define.
    imports: BTreeSet<String>,
}

fn finish(module: &str, body: &Body) -> String {
    let mut text = format!("//! Records of the family `{module}`. Generated from `avro/`; do not edit.\n\n");
    if body.text.contains("Serialize") {
        text.push_str("use serde::{Deserialize, Serialize};\n\n");
    }
    for import in &body.imports {
        let _ = writeln!(text, "use {import};");
    }
    if !body.imports.is_empty() {
        text.push('\n');
    }
    text.push_str(body.text.trim_start_matches('\n'));
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

fn render_record(types: &Types, named: &NamedType, body: &mut Body) -> anyhow::Result<()> {
    let name = &named.name;
    let doc = named.definition["doc"].as_str().with_context(|| format!("{name} has no doc"))?;
    let lifetime = if borrows(types, named)? { "<'a>" } else { "" };
    let _ = writeln!(body.text, "\n/// {doc}\n#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]\npub struct {name}{lifetime} {{");
    for field in fields(named) {
        let field_name = field["name"].as_str().context("field without a name")?;
        let doc = field["doc"].as_str().with_context(|| format!("{name}.{field_name} has no doc"))?;
        let rust = rust_type(types, &field["type"]).with_context(|| format!("{name}.{field_name}"))?;
        import(types, &field["type"], &named.namespace, &mut body.imports);
        let _ = writeln!(body.text, "    /// {doc}");
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
            let _ = writeln!(body.text, "    #[serde({})]", serde.join(", "));
        }
        let rust_name = if KEYWORDS.contains(&field_name) { format!("r#{field_name}") } else { field_name.to_owned() };
        let _ = writeln!(body.text, "    pub {rust_name}: {rust},");
    }
    body.text.push_str("}\n");
    Ok(())
}

fn fields(named: &NamedType) -> impl Iterator<Item = &Value> {
    named.definition["fields"].as_array().into_iter().flatten()
}

/// The branch beside null, if the type is a union.
fn optional(schema: &Value) -> anyhow::Result<Option<&Value>> {
    match schema.as_array().map(Vec::as_slice) {
        None => Ok(None),
        Some([null, some]) if null == "null" => Ok(Some(some)),
        Some(_) => bail!("a union is null and one type, null first: {schema}"),
    }
}

fn lookup<'t>(types: &'t Types, name: &str) -> anyhow::Result<&'t NamedType> {
    types.get(name).with_context(|| format!("type {name} is not defined"))
}

fn rust_type(types: &Types, schema: &Value) -> anyhow::Result<String> {
    if let Some(some) = optional(schema)? {
        let rust = rust_type(types, some)?;
        return Ok(if is_boxed(types, some)? { format!("Option<Box<{rust}>>") } else { format!("Option<{rust}>") });
    }
    if let Some(name) = schema.as_str() {
        return Ok(match name {
            "string" => "&'a str".to_owned(),
            "bytes" => "&'a [u8]".to_owned(),
            "int" => "i32".to_owned(),
            "long" => "i64".to_owned(),
            "boolean" => "bool".to_owned(),
            name => {
                let named = lookup(types, name)?;
                let lifetime = if borrows(types, named)? { "<'a>" } else { "" };
                format!("{}{lifetime}", named.name)
            }
        });
    }
    Ok(match (schema["type"].as_str().context("type")?, schema["logicalType"].as_str()) {
        ("long", Some("timestamp-micros")) => "Timestamp".to_owned(),
        ("int", Some("date")) => "Date".to_owned(),
        ("bytes", Some("decimal")) if schema["precision"] == 38 && schema["scale"] == 9 => "Decimal".to_owned(),
        ("array", _) => format!("Vec<{}>", rust_type(types, &schema["items"])?),
        _ => bail!("no Rust type for {schema}"),
    })
}

/// Paths of what the type names outside of its module.
fn import(types: &Types, schema: &Value, namespace: &str, imports: &mut BTreeSet<String>) {
    let path = match schema {
        Value::Array(branches) => return branches.iter().for_each(|branch| import(types, branch, namespace, imports)),
        Value::String(name) => match types.get(name) {
            Some(named) if named.namespace != namespace => format!("super::{}", named.name),
            _ => return,
        },
        _ => match (schema["type"].as_str(), schema["logicalType"].as_str()) {
            (_, Some("timestamp-micros")) => "crate::time::Timestamp".to_owned(),
            (_, Some("date")) => "crate::time::Date".to_owned(),
            (_, Some("decimal")) => "crate::decimal::Decimal".to_owned(),
            (Some("array"), _) => return import(types, &schema["items"], namespace, imports),
            _ => return,
        },
    };
    imports.insert(path);
}

/// True for a record that an optional field keeps behind a pointer.
fn is_boxed(types: &Types, schema: &Value) -> anyhow::Result<bool> {
    let Some(named) = schema.as_str().and_then(|name| types.get(name)) else { return Ok(false) };
    Ok(named.definition["type"] == "record" && size(types, schema)? >= BOXED_FROM)
}

/// Bytes that a value takes up in memory, about: it only has to tell small from large, and to be the same on every machine.
fn size(types: &Types, schema: &Value) -> anyhow::Result<usize> {
    if let Some(some) = optional(schema)? {
        let inner = size(types, some)?;
        // Text, bytes, arrays and what holds them have a value to spare for nothing; numbers have not.
        return Ok(if is_boxed(types, some)? {
            8
        } else if inner >= 16 && some["logicalType"] != "decimal" {
            inner
        } else {
            inner * 2
        });
    }
    if let Some(name) = schema.as_str() {
        return Ok(match name {
            "string" | "bytes" => 16,
            "long" => 8,
            "int" => 4,
            "boolean" => 1,
            name => {
                let named = lookup(types, name)?;
                if named.definition["type"] == "enum" { 1 } else { fields(named).map(|field| size(types, &field["type"])).sum::<anyhow::Result<usize>>()? }
            }
        });
    }
    Ok(match (schema["type"].as_str(), schema["logicalType"].as_str()) {
        (_, Some("decimal")) => 16,
        (Some("array"), _) => 24,
        (Some("int"), _) => 4,
        _ => 8,
    })
}

/// True if a value of the type holds text or bytes, and so borrows from the record it was read from.
fn borrows(types: &Types, named: &NamedType) -> anyhow::Result<bool> {
    for field in fields(named) {
        if type_borrows(types, &field["type"])? {
            return Ok(true);
        }
    }
    Ok(false)
}

fn type_borrows(types: &Types, schema: &Value) -> anyhow::Result<bool> {
    Ok(match schema {
        Value::Array(_) => optional(schema)?.map_or(Ok(false), |some| type_borrows(types, some))?,
        Value::String(name) => match name.as_str() {
            "string" | "bytes" => true,
            name if PRIMITIVES.contains(&name) => false,
            name => borrows(types, lookup(types, name)?)?,
        },
        _ if schema["type"] == "array" => type_borrows(types, &schema["items"])?,
        _ => false,
    })
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
