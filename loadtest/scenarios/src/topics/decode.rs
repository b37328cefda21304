//! Confluent wire format, decoded by whatever schema the registry has for the id.

use std::collections::HashMap;
use std::time::Duration;

use apache_avro::Schema;
use apache_avro::reader::datum::GenericDatumReader;
use apache_avro::types::Value;
use serde_json::Value as Json;

use crate::books::DECIMAL_SCALE;

/// Why bytes have no value.
#[derive(Debug, thiserror::Error)]
pub enum DecodeError {
    /// They do not begin with a zero byte and a schema id.
    #[error("not in Confluent wire format")]
    NotWireFormat,
    /// The registry does not give the schema.
    #[error("schema {id}: {reason}")]
    Schema {
        /// Its id.
        id: u32,
        /// What is wrong.
        reason: String,
    },
    /// The schema does not fit them.
    #[error("schema {id} does not fit: {reason}")]
    Malformed {
        /// Its id.
        id: u32,
        /// What is wrong.
        reason: String,
    },
}

/// Schemas of a registry, each asked for once.
#[derive(Debug)]
pub struct Schemas {
    registry: String,
    client: reqwest::blocking::Client,
    known: HashMap<u32, Schema>,
}

impl Schemas {
    /// Schemas of the registry whose Confluent API stands at that address.
    ///
    /// # Errors
    /// In words, when no HTTP client can be had.
    pub fn new(registry: &str) -> Result<Self, String> {
        let client = reqwest::blocking::Client::builder().timeout(Duration::from_secs(10)).no_proxy().build().map_err(|error| error.to_string())?;
        Ok(Self { registry: registry.trim_end_matches('/').to_owned(), client, known: HashMap::new() })
    }

    /// The value of a record.
    ///
    /// # Errors
    /// [`DecodeError`].
    pub fn decode(&mut self, bytes: &[u8]) -> Result<Value, DecodeError> {
        let [0, a, b, c, d, datum @ ..] = bytes else { return Err(DecodeError::NotWireFormat) };
        let id = u32::from_be_bytes([*a, *b, *c, *d]);
        let schema = self.schema(id).map_err(|reason| DecodeError::Schema { id, reason })?;
        let malformed = |error: apache_avro::Error| DecodeError::Malformed { id, reason: error.to_string() };
        let mut rest = datum;
        let value = GenericDatumReader::builder(schema).build().and_then(|reader| reader.read_value(&mut rest)).map_err(malformed)?;
        if rest.is_empty() { Ok(value) } else { Err(DecodeError::Malformed { id, reason: format!("{} bytes are left over", rest.len()) }) }
    }

    fn schema(&mut self, id: u32) -> Result<&Schema, String> {
        if !self.known.contains_key(&id) {
            let schema = self.fetch(id)?;
            self.known.insert(id, schema);
        }
        self.known.get(&id).ok_or_else(|| "was not kept".to_owned())
    }

    fn fetch(&self, id: u32) -> Result<Schema, String> {
        let answer = self.client.get(format!("{}/schemas/ids/{id}", self.registry)).send().and_then(reqwest::blocking::Response::error_for_status);
        let body: Json = answer.and_then(reqwest::blocking::Response::json).map_err(|error| error.to_string())?;
        let text = body.get("schema").and_then(Json::as_str).ok_or("the answer holds no schema")?;
        parse(text)
    }
}

/// A schema whose decimals all have the scale that the books are kept in.
fn parse(text: &str) -> Result<Schema, String> {
    let json: Json = serde_json::from_str(text).map_err(|error| error.to_string())?;
    check_scales(&json)?;
    Schema::parse(&json).map_err(|error| error.to_string())
}

fn check_scales(schema: &Json) -> Result<(), String> {
    match schema {
        Json::Array(items) => items.iter().try_for_each(check_scales),
        Json::Object(object) => {
            if object.get("logicalType").and_then(Json::as_str) == Some("decimal") && object.get("scale").and_then(Json::as_i64) != Some(DECIMAL_SCALE) {
                return Err(format!("a decimal's scale is not {DECIMAL_SCALE}"));
            }
            object.values().try_for_each(check_scales)
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_schema_whose_decimals_have_another_scale_is_refused() {
        let schema = |scale: i64| {
            format!(
                r#"{{"type":"record","name":"R","fields":[{{"name":"q","type":["null",{{"type":"bytes","logicalType":"decimal","precision":38,"scale":{scale}}}]}}]}}"#
            )
        };
        assert!(parse(&schema(9)).is_ok());
        assert!(parse(&schema(3)).unwrap_err().contains("scale"));
    }

    #[test]
    fn bytes_without_a_schema_id_are_no_record() {
        let mut schemas = Schemas::new("http://127.0.0.1:1").unwrap();
        for bytes in [&[][..], &[0, 0, 0], &[1, 0, 0, 0, 1, 2]] {
            assert!(matches!(schemas.decode(bytes), Err(DecodeError::NotWireFormat)));
        }
        assert!(matches!(schemas.decode(&[0, 0, 0, 0, 7, 2]), Err(DecodeError::Schema { id: 7, .. })));
    }
}
