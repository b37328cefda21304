//! Avro as JSON that people read: by the schema alone, with a general Avro library, so that typed mistakes show.

use apache_avro::Schema;
use apache_avro::reader::datum::GenericDatumReader;
use apache_avro::types::Value;
use lineside_schemas::{ContractId, Date, Decimal, Timestamp, codec};
use serde_json::Value as Json;

/// A record of a contract in wire format, without its absent fields.
pub fn record(contract: ContractId, payload: &[u8]) -> Json {
    let (_, datum) = codec::split(payload).expect("wire format");
    self::datum(contract, datum)
}

/// Avro binary of a contract, without its absent fields.
pub fn datum(contract: ContractId, mut datum: &[u8]) -> Json {
    let schema = Schema::parse_str(contract.schema_text()).expect("the contract parses");
    let reader = GenericDatumReader::builder(&schema).build().expect("the schema resolves");
    let value = reader.read_value(&mut datum).expect("the payload is Avro");
    assert!(datum.is_empty(), "bytes behind the event");
    json(value).expect("an event is never null")
}

fn json(value: Value) -> Option<Json> {
    Some(match value {
        Value::Null => return None,
        Value::Union(_, value) => return json(*value),
        Value::Record(fields) => Json::Object(fields.into_iter().filter_map(|(name, value)| Some((name, json(value)?))).collect()),
        Value::Boolean(value) => value.into(),
        Value::Int(value) => value.into(),
        Value::Long(value) => value.into(),
        Value::String(text) | Value::Enum(_, text) => text.into(),
        Value::Array(items) => items.into_iter().filter_map(json).collect(),
        Value::Date(days) => Date::from_days(days).to_string().into(),
        Value::TimestampMicros(micros) => Timestamp::from_micros(micros).to_string().into(),
        Value::Decimal(decimal) => {
            let bytes = Vec::<u8>::try_from(&decimal).expect("a decimal has bytes");
            let fill = if bytes[0] & 0x80 == 0 { 0 } else { 0xff };
            let mut wide = [fill; 16];
            wide[16 - bytes.len()..].copy_from_slice(&bytes);
            Decimal::from_unscaled(i128::from_be_bytes(wide)).expect("within the contract").to_string().into()
        }
        other => panic!("no event has {other:?}"),
    })
}
