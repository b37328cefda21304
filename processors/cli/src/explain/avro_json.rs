//! Avro's own JSON encoding (Avro 1.12, section "JSON Encoding"): a value of a union carries the name of its branch, instants and dates are numbers, bytes are texts
//! with a character for each byte.

use std::collections::HashMap;

use apache_avro::Schema;
use apache_avro::reader::datum::GenericDatumReader;
use apache_avro::schema::{Name, ResolvedSchema};
use apache_avro::types::Value as Avro;
use serde_json::{Map, Value};

/// Why data has no encoding.
#[derive(Debug, thiserror::Error)]
pub enum AvroJsonError {
    /// Not Avro.
    #[error("not Avro: {0}")]
    Avro(String),
    /// A type that no contract uses.
    #[error("no contract uses {0}")]
    Unused(String),
}

/// A schema, ready to show data.
#[derive(Debug)]
pub struct AvroJson {
    schema: Schema,
}

impl AvroJson {
    /// Takes a schema as JSON.
    ///
    /// # Errors
    /// [`AvroJsonError::Avro`].
    pub fn new(schema_text: &str) -> Result<Self, AvroJsonError> {
        Ok(Self { schema: Schema::parse_str(schema_text).map_err(avro)? })
    }

    /// The encoding of Avro binary (without the header of the wire format).
    ///
    /// # Errors
    /// [`AvroJsonError`].
    pub fn show(&self, mut datum: &[u8]) -> Result<Value, AvroJsonError> {
        let reader = GenericDatumReader::builder(&self.schema).build().map_err(avro)?;
        let value = reader.read_value(&mut datum).map_err(avro)?;
        let resolved = ResolvedSchema::new(&self.schema).map_err(avro)?;
        encode(&self.schema, resolved.get_names(), value)
    }
}

type Names<'s> = HashMap<Name, &'s Schema>;

fn encode(schema: &Schema, names: &Names<'_>, value: Avro) -> Result<Value, AvroJsonError> {
    let schema = match schema {
        Schema::Ref { name } => names.get(name).copied().ok_or_else(|| AvroJsonError::Avro(format!("{name} is not defined")))?,
        schema => schema,
    };
    Ok(match (value, schema) {
        (Avro::Null, _) => Value::Null,
        (Avro::Boolean(value), _) => value.into(),
        (Avro::Int(number) | Avro::Date(number), _) => number.into(),
        (Avro::Long(number) | Avro::TimestampMicros(number), _) => number.into(),
        (Avro::String(text) | Avro::Enum(_, text), _) => text.into(),
        (Avro::Bytes(bytes), _) => characters(&bytes),
        (Avro::Decimal(decimal), _) => characters(&Vec::<u8>::try_from(&decimal).map_err(avro)?),
        (Avro::Union(_, value), Schema::Union(_)) if matches!(*value, Avro::Null) => Value::Null,
        (Avro::Union(index, value), Schema::Union(union)) => {
            let branch = usize::try_from(index).ok().and_then(|index| union.variants().get(index));
            let branch = branch.ok_or_else(|| AvroJsonError::Avro(format!("a union has no branch {index}")))?;
            Value::Object(Map::from_iter([(tag(branch)?, encode(branch, names, *value)?)]))
        }
        (Avro::Array(items), Schema::Array(array)) => Value::Array(items.into_iter().map(|item| encode(&array.items, names, item)).collect::<Result<_, _>>()?),
        (Avro::Record(fields), Schema::Record(record)) => {
            let encoded = fields.into_iter().zip(&record.fields).map(|((name, value), field)| Ok((name, encode(&field.schema, names, value)?)));
            Value::Object(encoded.collect::<Result<_, AvroJsonError>>()?)
        }
        (other, _) => return Err(AvroJsonError::Unused(format!("{other:?}"))),
    })
}

/// Name of a branch: the full name of a named type, else the type's.
fn tag(branch: &Schema) -> Result<String, AvroJsonError> {
    Ok(match branch {
        Schema::Ref { name } => name.fullname(None),
        Schema::Record(record) => record.name.fullname(None),
        Schema::Enum(symbols) => symbols.name.fullname(None),
        Schema::Boolean => "boolean".to_owned(),
        Schema::Int | Schema::Date => "int".to_owned(),
        Schema::Long | Schema::TimestampMicros => "long".to_owned(),
        Schema::String => "string".to_owned(),
        Schema::Bytes | Schema::Decimal(_) => "bytes".to_owned(),
        Schema::Array(_) => "array".to_owned(),
        other => return Err(AvroJsonError::Unused(format!("{other:?}"))),
    })
}

/// A character for each byte, from U+0000 to U+00FF.
fn characters(bytes: &[u8]) -> Value {
    bytes.iter().copied().map(char::from).collect::<String>().into()
}

fn avro(error: impl std::fmt::Display) -> AvroJsonError {
    AvroJsonError::Avro(error.to_string())
}

#[cfg(test)]
mod tests {
    use lineside_schemas::{ContractId, json};
    use serde_json::json;

    use super::*;

    #[test]
    fn unions_carry_the_name_of_their_branch_and_bytes_are_characters() {
        let schema = r#"{"type":"record","name":"R","namespace":"n","fields":[
            {"name":"a","type":["null","string"]}, {"name":"b","type":["null","string"]},
            {"name":"q","type":["null",{"type":"record","name":"Q","fields":[{"name":"v","type":{"type":"bytes","logicalType":"decimal","precision":38,"scale":9}}]}]},
            {"name":"p","type":["null","Q"]}, {"name":"d","type":["null",{"type":"int","logicalType":"date"}]},
            {"name":"t","type":{"type":"long","logicalType":"timestamp-micros"}}, {"name":"l","type":{"type":"array","items":["null","int"]}},
            {"name":"e","type":["null",{"type":"enum","name":"E","symbols":["X","Y"]}]}, {"name":"raw","type":"bytes"}]}"#;
        let view = json!({"a": "x", "b": null, "q": {"v": "-0.000000001"}, "p": {"v": "0.000000255"}, "d": "1970-01-03", "t": "1970-01-01T00:00:00.000005Z",
            "l": [1, null], "e": "Y", "raw": "/wA="});
        let datum = json::from_json(schema, &view).unwrap();
        assert_eq!(
            AvroJson::new(schema).unwrap().show(&datum).unwrap(),
            json!({"a": {"string": "x"}, "b": null, "q": {"n.Q": {"v": "\u{ff}"}}, "p": {"n.Q": {"v": "\u{0}\u{ff}"}}, "d": {"int": 2}, "t": 5,
                "l": [{"int": 1}, null], "e": {"n.E": "Y"}, "raw": "\u{ff}\u{0}"})
        );
    }

    #[test]
    fn every_contract_has_it() {
        for contract in ContractId::ALL {
            assert!(AvroJson::new(contract.schema_text()).is_ok(), "{}", contract.name());
        }
    }
}
