//! From the view to Avro binary.

use apache_avro::Schema;
use apache_avro::schema::RecordSchema;
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use serde_json::{Map, Value};

use super::JsonError;
use super::schema::{Names, optional, resolve};
use crate::binary::{bytes, decimal, length, long};
use crate::{Date, Decimal, Timestamp};

pub(super) fn value(schema: &Schema, names: &Names<'_>, view: &Value, out: &mut Vec<u8>) -> Result<(), JsonError> {
    match resolve(schema, names)? {
        Schema::Null => view.as_null().ok_or_else(|| unexpected("null", view))?,
        Schema::Boolean => out.push(view.as_bool().ok_or_else(|| unexpected("true or false", view))?.into()),
        Schema::Int => long(whole_number(view, i32::MIN.into(), i32::MAX.into())?, out),
        Schema::Long => long(whole_number(view, i64::MIN, i64::MAX)?, out),
        Schema::String => bytes(text("a string", view)?.as_bytes(), out),
        Schema::Bytes => {
            let decoded = BASE64_STANDARD.decode(text("bytes as base64", view)?).map_err(|error| JsonError::new(format!("not base64: {error}")))?;
            bytes(&decoded, out);
        }
        Schema::Decimal(_) => {
            let number: Decimal =
                text("a decimal as a string", view)?.parse().map_err(|error| JsonError::new(format!("{view} is no decimal of the contract: {error}")))?;
            decimal(number, out);
        }
        Schema::Date => long(date(view)?.days().into(), out),
        Schema::TimestampMicros => long(timestamp(view)?.micros(), out),
        Schema::Enum(definition) => {
            let symbol = text("a symbol", view)?;
            let index =
                definition.symbols.iter().position(|known| known == symbol).ok_or_else(|| JsonError::new(format!("{symbol} is no symbol of {}", definition.name)))?;
            length(index, out);
        }
        Schema::Union(union) => {
            let (null, some) = optional(union)?;
            if view.is_null() {
                length(null, out);
            } else {
                length(1 - null, out);
                value(some, names, view, out)?;
            }
        }
        Schema::Array(array) => {
            let items = view.as_array().ok_or_else(|| unexpected("an array", view))?;
            if !items.is_empty() {
                length(items.len(), out);
            }
            for (index, item) in items.iter().enumerate() {
                value(&array.items, names, item, out).map_err(|error| error.in_item(index))?;
            }
            out.push(0);
        }
        Schema::Record(definition) => record(definition, names, view.as_object().ok_or_else(|| unexpected("an object", view))?, out)?,
        _ => return Err(JsonError::new("a type that no contract uses")),
    }
    Ok(())
}

fn record(definition: &RecordSchema, names: &Names<'_>, view: &Map<String, Value>, out: &mut Vec<u8>) -> Result<(), JsonError> {
    if let Some(unknown) = view.keys().find(|key| definition.fields.iter().all(|field| field.name != **key)) {
        return Err(JsonError::new(format!("{} has no such field", definition.name)).in_field(unknown));
    }
    for field in &definition.fields {
        let written = match (view.get(&field.name), &field.default) {
            (Some(present), _) => value(&field.schema, names, present, out),
            // Defaults are null, false, 0, symbols and empty arrays, which read the same in Avro's own JSON.
            (None, Some(default)) => value(&field.schema, names, default, out),
            (None, None) => Err(JsonError::new("the field is required")),
        };
        written.map_err(|error| error.in_field(&field.name))?;
    }
    Ok(())
}

fn date(view: &Value) -> Result<Date, JsonError> {
    if let Some(days) = view.as_i64() {
        let date = i32::try_from(days).ok().map(Date::from_days).filter(|date| date.to_iso().is_none());
        return date.ok_or_else(|| JsonError::new(format!("{days} is no date; dates are text, as 2012-11-29")));
    }
    Date::from_iso(text("a date, as 2012-11-29", view)?).ok_or_else(|| JsonError::new(format!("{view} is no date, as 2012-11-29")))
}

fn timestamp(view: &Value) -> Result<Timestamp, JsonError> {
    const FORM: &str = "an instant in UTC with at most 6 fractional digits, as 2012-11-29T10:58:25.314955Z";
    if let Some(micros) = view.as_i64() {
        let time = Some(Timestamp::from_micros(micros)).filter(|time| time.to_iso().is_none());
        return time.ok_or_else(|| JsonError::new(format!("{micros} is not {FORM}")));
    }
    Timestamp::from_iso(text(FORM, view)?).ok_or_else(|| JsonError::new(format!("{view} is not {FORM}")))
}

fn whole_number(view: &Value, min: i64, max: i64) -> Result<i64, JsonError> {
    let number = view.as_i64().ok_or_else(|| unexpected("a whole number of 64 bits", view))?;
    if (min..=max).contains(&number) { Ok(number) } else { Err(JsonError::new(format!("{number} is not between {min} and {max}"))) }
}

fn text<'v>(expected: &str, view: &'v Value) -> Result<&'v str, JsonError> {
    view.as_str().ok_or_else(|| unexpected(expected, view))
}

fn unexpected(expected: &str, view: &Value) -> JsonError {
    let found = match view {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "an array",
        Value::Object(_) => "an object",
    };
    JsonError::new(format!("expected {expected}, found {found}"))
}
