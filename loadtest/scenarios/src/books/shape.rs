//! Reading generic Avro values by field name.

use apache_avro::types::Value;
use bigdecimal::BigDecimal;
use bigdecimal::num_bigint::BigInt;

/// Fractional digits of every decimal of the contracts; the decoder refuses schemas that say otherwise.
pub const DECIMAL_SCALE: i64 = 9;

/// A record does not have the field, or the field another type.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("field {field}: {reason}")]
pub struct ShapeError {
    field: String,
    reason: String,
}

impl ShapeError {
    fn new(field: &str, wanted: &str, found: &Value) -> Self {
        let found: String = format!("{found:?}").chars().take(80).collect();
        Self { field: field.to_owned(), reason: format!("is not {wanted} but {found}") }
    }
}

/// A record's fields.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Fields<'a>(&'a [(String, Value)]);

impl<'a> Fields<'a> {
    /// The fields of a record value.
    pub fn of(value: &'a Value) -> Result<Self, ShapeError> {
        match plain(value) {
            Value::Record(fields) => Ok(Self(fields)),
            other => Err(ShapeError::new("(record)", "a record", other)),
        }
    }

    fn get(self, name: &str) -> Result<&'a Value, ShapeError> {
        let found = self.0.iter().find(|(field, _)| field == name);
        found.map(|(_, value)| plain(value)).ok_or_else(|| ShapeError { field: name.to_owned(), reason: "is missing".to_owned() })
    }

    pub fn text(self, name: &str) -> Result<String, ShapeError> {
        match self.get(name)? {
            Value::String(text) | Value::Enum(_, text) => Ok(text.clone()),
            other => Err(ShapeError::new(name, "text", other)),
        }
    }

    pub fn optional_text(self, name: &str) -> Result<Option<String>, ShapeError> {
        match self.get(name)? {
            Value::Null => Ok(None),
            _ => self.text(name).map(Some),
        }
    }

    pub fn number(self, name: &str) -> Result<i64, ShapeError> {
        match self.get(name)? {
            Value::Int(number) | Value::Date(number) => Ok(i64::from(*number)),
            Value::Long(number) | Value::TimestampMicros(number) => Ok(*number),
            other => Err(ShapeError::new(name, "a whole number", other)),
        }
    }

    pub fn optional_number(self, name: &str) -> Result<Option<i64>, ShapeError> {
        match self.get(name)? {
            Value::Null => Ok(None),
            _ => self.number(name).map(Some),
        }
    }

    pub fn bytes(self, name: &str) -> Result<Vec<u8>, ShapeError> {
        match self.get(name)? {
            Value::Bytes(bytes) => Ok(bytes.clone()),
            other => Err(ShapeError::new(name, "bytes", other)),
        }
    }

    pub fn flag(self, name: &str) -> Result<bool, ShapeError> {
        match self.get(name)? {
            Value::Boolean(flag) => Ok(*flag),
            other => Err(ShapeError::new(name, "true or false", other)),
        }
    }

    pub fn decimal(self, name: &str) -> Result<BigDecimal, ShapeError> {
        match self.get(name)? {
            Value::Decimal(decimal) => Ok(BigDecimal::new(BigInt::from(decimal.clone()), DECIMAL_SCALE).normalized()),
            other => Err(ShapeError::new(name, "a decimal", other)),
        }
    }

    pub fn optional_bytes(self, name: &str) -> Result<Option<Vec<u8>>, ShapeError> {
        match self.get(name)? {
            Value::Null => Ok(None),
            Value::Bytes(bytes) => Ok(Some(bytes.clone())),
            other => Err(ShapeError::new(name, "bytes", other)),
        }
    }

    pub fn record(self, name: &str) -> Result<Self, ShapeError> {
        Self::of(self.get(name)?)
    }

    pub fn optional_record(self, name: &str) -> Result<Option<Self>, ShapeError> {
        match self.get(name)? {
            Value::Null => Ok(None),
            value => Self::of(value).map(Some),
        }
    }

    pub fn list<T>(self, name: &str, read: impl Fn(Self) -> Result<T, ShapeError>) -> Result<Vec<T>, ShapeError> {
        match self.get(name)? {
            Value::Array(items) => items.iter().map(|item| read(Self::of(item)?)).collect(),
            other => Err(ShapeError::new(name, "a list", other)),
        }
    }
}

/// The value within a union.
fn plain(value: &Value) -> &Value {
    match value {
        Value::Union(_, inner) => plain(inner),
        other => other,
    }
}
