//! From Avro binary to the view.

use apache_avro::Schema;
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use serde_json::{Map, Value};

use super::JsonError;
use super::schema::{Names, optional, resolve};
use crate::{Date, Decimal, Timestamp};

/// The bytes that are still to be read.
pub(super) struct Input<'a> {
    rest: &'a [u8],
}

impl<'a> Input<'a> {
    pub(super) const fn new(datum: &'a [u8]) -> Self {
        Self { rest: datum }
    }

    pub(super) const fn left(&self) -> usize {
        self.rest.len()
    }

    fn take(&mut self, count: usize) -> Result<&'a [u8], JsonError> {
        let (taken, rest) = self.rest.split_at_checked(count).ok_or_else(|| JsonError::new("the record ends too early"))?;
        self.rest = rest;
        Ok(taken)
    }

    /// A variable-length zig-zag number of 64 bits, the form of every number in Avro.
    fn long(&mut self) -> Result<i64, JsonError> {
        let mut raw = 0_u64;
        for shift in (0..64).step_by(7) {
            let byte = self.take(1)?[0];
            if shift == 63 && byte > 1 {
                break;
            }
            raw |= u64::from(byte & 0x7F) << shift;
            if byte & 0x80 == 0 {
                return Ok((raw >> 1).cast_signed() ^ -(raw & 1).cast_signed());
            }
        }
        Err(JsonError::new("a number of more than 64 bits"))
    }

    fn int(&mut self) -> Result<i32, JsonError> {
        let long = self.long()?;
        i32::try_from(long).map_err(|_| JsonError::new(format!("{long} is no int")))
    }

    fn index(&mut self) -> Result<usize, JsonError> {
        let long = self.long()?;
        usize::try_from(long).map_err(|_| JsonError::new(format!("{long} is no length or index")))
    }

    fn bytes(&mut self) -> Result<&'a [u8], JsonError> {
        let length = self.index()?;
        self.take(length)
    }
}

pub(super) fn value(schema: &Schema, names: &Names<'_>, input: &mut Input<'_>) -> Result<Value, JsonError> {
    Ok(match resolve(schema, names)? {
        Schema::Null => Value::Null,
        Schema::Boolean => match input.take(1)? {
            [0] => false.into(),
            [1] => true.into(),
            other => return Err(JsonError::new(format!("{} is no boolean", other[0]))),
        },
        Schema::Int => input.int()?.into(),
        Schema::Long => input.long()?.into(),
        Schema::String => std::str::from_utf8(input.bytes()?).map_err(|error| JsonError::new(error.to_string()))?.into(),
        Schema::Bytes => BASE64_STANDARD.encode(input.bytes()?).into(),
        Schema::Decimal(_) => Decimal::from_avro_bytes(input.bytes()?).ok_or_else(|| JsonError::new("not a decimal of at most 38 digits"))?.to_string().into(),
        Schema::Date => {
            let date = Date::from_days(input.int()?);
            date.to_iso().map_or_else(|| date.days().into(), Value::String)
        }
        Schema::TimestampMicros => {
            let time = Timestamp::from_micros(input.long()?);
            time.to_iso().map_or_else(|| time.micros().into(), Value::String)
        }
        Schema::Enum(definition) => {
            let index = input.index()?;
            definition.symbols.get(index).ok_or_else(|| JsonError::new(format!("{} has no symbol {index}", definition.name)))?.as_str().into()
        }
        Schema::Union(union) => {
            let (null, some) = optional(union)?;
            match input.index()? {
                index if index == null => Value::Null,
                0 | 1 => value(some, names, input)?,
                index => return Err(JsonError::new(format!("the union has no branch {index}"))),
            }
        }
        Schema::Array(array) => items(&array.items, names, input)?.into(),
        Schema::Record(record) => {
            let mut fields = Map::new();
            for field in &record.fields {
                fields.insert(field.name.clone(), value(&field.schema, names, input).map_err(|error| error.in_field(&field.name))?);
            }
            fields.into()
        }
        _ => return Err(JsonError::new("a type that no contract uses")),
    })
}

fn items(schema: &Schema, names: &Names<'_>, input: &mut Input<'_>) -> Result<Vec<Value>, JsonError> {
    let mut items = Vec::new();
    loop {
        let mut count = input.long()?;
        if count < 0 {
            // The size of the block in bytes, for those who skip it.
            input.long()?;
            count = count.checked_neg().ok_or_else(|| JsonError::new("a block of more than 2^63 items"))?;
        }
        if count == 0 {
            return Ok(items);
        }
        // No item of a contract is shorter than a byte, so this bounds the work by the input.
        if usize::try_from(count).map_or(true, |count| count > input.left()) {
            return Err(JsonError::new(format!("a block of {count} items in {} bytes", input.left())));
        }
        for _ in 0..count {
            let index = items.len();
            items.push(value(schema, names, input).map_err(|error| error.in_item(index))?);
        }
    }
}
