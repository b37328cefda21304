//! Whether what one schema wrote can be read by another: the rules of the Avro specification, as strict as the contracts need them.
//!
//! Stricter than the specification, and than what registries check, in three points:
//! * a logical type is part of the type, so that milliseconds never pass for microseconds, nor loose bytes for a decimal;
//! * a writer's union must be readable in every branch, not only in the one that happens to be written;
//! * a field matches by its name alone: the typed records know no aliases.

use std::collections::{HashMap, HashSet};

use apache_avro::Schema;
use apache_avro::schema::{DecimalSchema, EnumSchema, InnerDecimalSchema, Name, RecordSchema, ResolvedSchema};

/// Why a schema cannot read what another one wrote.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}{}{reason}", .path, if .path.is_empty() { "" } else { ": " })]
pub struct Incompatible {
    /// Where in the reader's schema: field names with dots between them, empty for the schema itself.
    pub path: String,
    /// What is wrong there.
    pub reason: String,
}

/// Checks that every record written with `writer` can be read with `reader`; both are schemas as JSON.
///
/// # Errors
/// The first place where it cannot, or that a text is no schema.
pub fn check_readable(writer: &str, reader: &str) -> Result<(), Incompatible> {
    let writer = parse(writer, "the writer's schema")?;
    let reader = parse(reader, "the reader's schema")?;
    let names = |schema| ResolvedSchema::new(schema).map_err(|error| incompatible("", error.to_string()));
    let (writer_names, reader_names) = (names(&writer)?, names(&reader)?);
    Check { writer: writer_names.get_names(), reader: reader_names.get_names(), seen: HashSet::new() }.readable(&writer, &reader, "")
}

/// Checks both directions: each schema can read what the other one wrote (compatibility level `FULL`).
///
/// # Errors
/// As [`check_readable`].
pub fn check_mutually_readable(one: &str, other: &str) -> Result<(), Incompatible> {
    check_readable(one, other)?;
    check_readable(other, one)
}

fn parse(text: &str, which: &str) -> Result<Schema, Incompatible> {
    Schema::parse_str(text).map_err(|error| incompatible("", format!("{which} is none: {error}")))
}

fn incompatible(path: &str, reason: impl Into<String>) -> Incompatible {
    Incompatible { path: path.to_owned(), reason: reason.into() }
}

struct Check<'a> {
    writer: &'a HashMap<Name, &'a Schema>,
    reader: &'a HashMap<Name, &'a Schema>,
    /// Pairs of records under check or done, so that a schema that refers to itself ends.
    seen: HashSet<(String, String)>,
}

impl Check<'_> {
    fn readable(&mut self, writer: &Schema, reader: &Schema, path: &str) -> Result<(), Incompatible> {
        let writer = resolve(writer, self.writer, path)?;
        let reader = resolve(reader, self.reader, path)?;
        match (writer, reader) {
            (Schema::Union(union), _) => union.variants().iter().try_for_each(|branch| self.readable(branch, reader, path)),
            (_, Schema::Union(union)) => self.readable_by_a_branch(writer, union.variants(), path),
            (Schema::Record(writer), Schema::Record(reader)) => self.record(writer, reader, path),
            (Schema::Array(writer), Schema::Array(reader)) => self.readable(&writer.items, &reader.items, path),
            (Schema::Enum(writer), Schema::Enum(reader)) => enumeration(writer, reader, path),
            (Schema::Decimal(writer), Schema::Decimal(reader)) => decimal(writer, reader, path),
            (Schema::Null, Schema::Null)
            | (Schema::Boolean, Schema::Boolean)
            | (Schema::Int, Schema::Int | Schema::Long)
            | (Schema::Long, Schema::Long)
            | (Schema::String | Schema::Bytes, Schema::String | Schema::Bytes)
            | (Schema::Date, Schema::Date)
            | (Schema::TimestampMicros, Schema::TimestampMicros) => Ok(()),
            _ => Err(incompatible(path, format!("{} cannot be read as {}", kind(writer), kind(reader)))),
        }
    }

    fn readable_by_a_branch(&mut self, writer: &Schema, branches: &[Schema], path: &str) -> Result<(), Incompatible> {
        let mut refused = incompatible(path, "the union has no branches");
        for branch in branches {
            match self.readable(writer, branch, path) {
                Ok(()) => return Ok(()),
                // What the branch says that is more than null says more.
                Err(error) if !matches!(branch, Schema::Null) || branches.len() == 1 => refused = error,
                Err(_) => {}
            }
        }
        Err(refused)
    }

    fn record(&mut self, writer: &RecordSchema, reader: &RecordSchema, path: &str) -> Result<(), Incompatible> {
        same_name(&writer.name, &reader.name, path)?;
        if !self.seen.insert((writer.name.fullname(None), reader.name.fullname(None))) {
            return Ok(());
        }
        for field in &reader.fields {
            let path = if path.is_empty() { field.name.clone() } else { format!("{path}.{}", field.name) };
            match writer.fields.iter().find(|written| written.name == field.name) {
                Some(written) => self.readable(&written.schema, &field.schema, &path)?,
                None if field.default.is_some() => {}
                None => return Err(incompatible(&path, "the writer does not know the field and it has no default")),
            }
        }
        Ok(())
    }
}

fn resolve<'s>(schema: &'s Schema, names: &HashMap<Name, &'s Schema>, path: &str) -> Result<&'s Schema, Incompatible> {
    match schema {
        Schema::Ref { name } => names.get(name).copied().ok_or_else(|| incompatible(path, format!("type {name} is not defined"))),
        other => Ok(other),
    }
}

fn same_name(writer: &Name, reader: &Name, path: &str) -> Result<(), Incompatible> {
    // The namespace may differ, says the specification.
    if writer.name() == reader.name() { Ok(()) } else { Err(incompatible(path, format!("{writer} cannot be read as {reader}"))) }
}

fn enumeration(writer: &EnumSchema, reader: &EnumSchema, path: &str) -> Result<(), Incompatible> {
    same_name(&writer.name, &reader.name, path)?;
    match writer.symbols.iter().find(|symbol| !reader.symbols.contains(symbol)) {
        Some(unknown) if reader.default.is_none() => Err(incompatible(path, format!("the reader does not know the symbol {unknown} and has no default"))),
        _ => Ok(()),
    }
}

fn decimal(writer: &DecimalSchema, reader: &DecimalSchema, path: &str) -> Result<(), Incompatible> {
    let shape = |decimal: &DecimalSchema| (decimal.precision, decimal.scale, matches!(decimal.inner, InnerDecimalSchema::Bytes));
    if shape(writer) == shape(reader) {
        return Ok(());
    }
    let shown = |decimal: &DecimalSchema| format!("decimal({}, {})", decimal.precision, decimal.scale);
    Err(incompatible(path, format!("{} cannot be read as {}", shown(writer), shown(reader))))
}

fn kind(schema: &Schema) -> String {
    format!("{:?}", apache_avro::schema::SchemaKind::from(schema)).to_lowercase()
}
