//! A plain JSON view of Avro data, by schema: for people, tools and tests. Never on the way of a record through the processors.
//!
//! * Decimals are strings in plain notation without trailing zeros: `"0.41"`.
//! * Instants are ISO 8601 in UTC: `"2012-11-29T10:58:25.314955Z"`. Dates are `"2012-11-29"`. Beyond the years -9999 to 9999 both are the bare number.
//! * Bytes are base64 (RFC 4648, with padding), whatever they hold.
//! * Enums are their symbols. A union shows its value without a tag, so it is null and one other type. Fields stand in the order of the schema.
//!
//! Each value has one text: [`from_json`] takes what [`to_json`] gives, and refuses the rest with the place and the reason. A field that has a default may be absent.
//!
//! Schemas and names are read by `apache-avro`. Data is not: its generic decoder takes the end of a truncated record for nulls, and allocates what a
//! length claims. The tests hold both against each other.

mod read;
mod schema;
mod write;

use std::fmt;

use apache_avro::Schema;
use apache_avro::schema::ResolvedSchema;
use serde_json::Value;

/// A schema, ready to show and to read data.
#[derive(Debug)]
pub struct JsonView {
    schema: Schema,
}

/// Why data has no view, or a view is no data.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct JsonError {
    /// Where: field names with dots between them and indexes in brackets, as in `lines[0].quantity.value`; empty for the record itself.
    pub path: String,
    /// What is wrong there.
    pub reason: String,
}

impl fmt::Display for JsonError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.path.is_empty() { f.write_str(&self.reason) } else { write!(f, "{}: {}", self.path, self.reason) }
    }
}

impl JsonError {
    fn new(reason: impl Into<String>) -> Self {
        Self { path: String::new(), reason: reason.into() }
    }

    /// The same, seen from one record further out.
    fn in_field(mut self, name: &str) -> Self {
        let separator = if self.path.is_empty() || self.path.starts_with('[') { "" } else { "." };
        self.path = format!("{name}{separator}{}", self.path);
        self
    }

    /// The same, seen from one array further out.
    fn in_item(self, index: usize) -> Self {
        self.in_field(&format!("[{index}]"))
    }
}

impl JsonView {
    /// Takes a schema as JSON.
    ///
    /// # Errors
    /// When it is no Avro schema, refers to itself, or uses a type that no contract uses.
    pub fn new(schema_text: &str) -> Result<Self, JsonError> {
        let schema = Schema::parse_str(schema_text).map_err(|error| JsonError::new(format!("not an Avro schema: {error}")))?;
        schema::check(&schema, &mut Vec::new())?;
        Ok(Self { schema })
    }

    fn names(&self) -> Result<ResolvedSchema<'_>, JsonError> {
        ResolvedSchema::new(&self.schema).map_err(|error| JsonError::new(format!("not an Avro schema: {error}")))
    }

    /// The view of Avro binary (without the header of the wire format).
    ///
    /// # Errors
    /// When the bytes are not exactly one value of the schema.
    pub fn show(&self, datum: &[u8]) -> Result<Value, JsonError> {
        let mut input = read::Input::new(datum);
        let value = read::value(&self.schema, self.names()?.get_names(), &mut input)?;
        match input.left() {
            0 => Ok(value),
            left => Err(JsonError::new(format!("{left} bytes after the end of the record"))),
        }
    }

    /// The Avro binary of a view.
    ///
    /// # Errors
    /// When it is not a value of the schema: a field is missing, unknown or of another type, a symbol is unknown, a number is out of range.
    pub fn encode(&self, view: &Value) -> Result<Vec<u8>, JsonError> {
        let mut datum = Vec::new();
        write::value(&self.schema, self.names()?.get_names(), view, &mut datum)?;
        Ok(datum)
    }
}

/// [`JsonView::show`] for a single record.
///
/// # Errors
/// As [`JsonView::new`] and [`JsonView::show`].
pub fn to_json(schema_text: &str, datum: &[u8]) -> Result<Value, JsonError> {
    JsonView::new(schema_text)?.show(datum)
}

/// [`JsonView::encode`] for a single record.
///
/// # Errors
/// As [`JsonView::new`] and [`JsonView::encode`].
pub fn from_json(schema_text: &str, view: &Value) -> Result<Vec<u8>, JsonError> {
    JsonView::new(schema_text)?.encode(view)
}
