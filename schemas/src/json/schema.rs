//! What both directions ask of a schema.

use std::collections::HashMap;

use apache_avro::Schema;
use apache_avro::schema::{DecimalSchema, InnerDecimalSchema, Name, SchemaKind, UnionSchema};

use super::JsonError;
use crate::decimal::{PRECISION, SCALE};

pub(super) type Names<'s> = HashMap<Name, &'s Schema>;

/// Checks that the schema ends and uses only what contracts use, so that neither direction can run away.
pub(super) fn check<'s>(schema: &'s Schema, enclosing: &mut Vec<&'s Name>) -> Result<(), JsonError> {
    match schema {
        Schema::Ref { name } if enclosing.contains(&name) => Err(JsonError::new(format!("{name} refers to itself"))),
        Schema::Null | Schema::Boolean | Schema::Int | Schema::Long | Schema::String | Schema::Bytes | Schema::Date | Schema::TimestampMicros | Schema::Enum(_)
        // What a reference stands for is defined elsewhere and checked there.
        | Schema::Ref { .. } => Ok(()),
        Schema::Decimal(decimal) => check_decimal(decimal),
        Schema::Array(array) => check(&array.items, enclosing).map_err(|error| error.in_field("[]")),
        Schema::Union(union) => optional(union).and_then(|(_, some)| check(some, enclosing)),
        Schema::Record(record) => {
            enclosing.push(&record.name);
            for field in &record.fields {
                check(&field.schema, enclosing).map_err(|error| error.in_field(&field.name))?;
            }
            enclosing.pop();
            Ok(())
        }
        other => Err(JsonError::new(format!("no contract uses the type {:?}", SchemaKind::from(other)))),
    }
}

fn check_decimal(decimal: &DecimalSchema) -> Result<(), JsonError> {
    let DecimalSchema { precision, scale, inner } = decimal;
    if *precision == PRECISION as usize && *scale == SCALE as usize && matches!(inner, InnerDecimalSchema::Bytes) {
        return Ok(());
    }
    Err(JsonError::new(format!("decimal({precision}, {scale}) is not the contracts' decimal({PRECISION}, {SCALE}) in bytes")))
}

/// Index of null in the union, and its other branch.
pub(super) fn optional(union: &UnionSchema) -> Result<(usize, &Schema), JsonError> {
    match union.variants() {
        [Schema::Null, some] => Ok((0, some)),
        [some, Schema::Null] => Ok((1, some)),
        _ => Err(JsonError::new("a union of contracts is null and one other type")),
    }
}

/// The schema itself instead of a reference to it.
pub(super) fn resolve<'s>(schema: &'s Schema, names: &Names<'s>) -> Result<&'s Schema, JsonError> {
    match schema {
        Schema::Ref { name } => names.get(name).copied().ok_or_else(|| JsonError::new(format!("type {name} is not defined"))),
        other => Ok(other),
    }
}
