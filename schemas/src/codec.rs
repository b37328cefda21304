//! Between typed records and bytes in Confluent wire format: a zero byte, the schema id as 4 bytes big-endian, Avro binary.
//!
//! Reading goes by the schema that the record was written with: fields match by name, what the writer did not know takes its default,
//! a symbol that this version does not know becomes `Unknown`. Strings and bytes are borrowed from the input.

use std::cell::RefCell;
use std::collections::HashMap;
use std::io::BufRead as _;
use std::sync::Arc;

use serde_avro_fast::Schema;
use serde_avro_fast::de::read::SliceRead;
use serde_avro_fast::de::{DeserializerConfig, DeserializerState};
use serde_json::Value;

use crate::compatibility::check_readable;
use crate::contract::{Contract, ContractId};
use crate::subject::{record_subject, value_subject};

const MAGIC: u8 = 0;
/// Bytes before the Avro datum.
pub const HEADER_LEN: usize = 5;

/// Where schemas and their ids come from: a registry, or a table in tests.
pub trait SchemaSource {
    /// The id under which exactly this schema is registered for the subject.
    ///
    /// # Errors
    /// See [`SchemaSourceError`].
    fn id_of(&self, subject: &str, schema: &str) -> Result<u32, SchemaSourceError>;

    /// The schema of an id, as JSON.
    ///
    /// # Errors
    /// See [`SchemaSourceError`].
    fn schema_of(&self, id: u32) -> Result<String, SchemaSourceError>;
}

/// Why a schema or id could not be had.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SchemaSourceError {
    /// The registry does not know it.
    #[error("{0}")]
    NotFound(String),
    /// The registry knows another schema for the subject that this one is not compatible with.
    #[error("{0}")]
    Incompatible(String),
    /// The registry did not answer; it may later.
    #[error("{0}")]
    Unavailable(String),
}

/// Why bytes are no record, or a record no bytes.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CodecError {
    /// Shorter than the header, or the first byte is not zero.
    #[error("not in Confluent wire format (a zero byte, a 4-byte schema id, Avro)")]
    NotWireFormat,
    /// The writer's schema could not be had.
    #[error("schema {id}: {reason}")]
    Schema {
        /// Schema id in the record.
        id: u32,
        /// What the source said.
        reason: SchemaSourceError,
    },
    /// The writer's schema is not one that this reader can read.
    #[error("schema {id}: {reason}")]
    UnreadableSchema {
        /// Schema id in the record.
        id: u32,
        /// What is wrong with it.
        reason: String,
    },
    /// The Avro datum does not fit the schema.
    #[error("{contract}: {reason}")]
    Malformed {
        /// Name of the contract.
        contract: &'static str,
        /// What the decoder or encoder said.
        reason: String,
    },
    /// No id was resolved for the topic before writing to it.
    #[error("no schema id was resolved for topic {0}")]
    UnresolvedTopic(String),
}

/// Encodes and decodes records. One per thread: it caches without locks.
pub struct Codec {
    source: Box<dyn SchemaSource + Send>,
    /// Ids to write a topic's records with; two where records travel in frames.
    ids: HashMap<String, Vec<(ContractId, u32)>>,
    /// Schemas of writers, each checked to be readable as that contract.
    writers: RefCell<HashMap<(ContractId, u32), Arc<Schema>>>,
}

impl std::fmt::Debug for Codec {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Codec").field("ids", &self.ids).finish_non_exhaustive()
    }
}

impl Codec {
    /// A codec that knows no topic yet.
    #[must_use]
    pub fn new(source: Box<dyn SchemaSource + Send>) -> Self {
        Self { source, ids: HashMap::new(), writers: RefCell::default() }
    }

    /// Looks up the id to write `topic` with.
    ///
    /// # Errors
    /// When the registry does not have exactly this schema, or does not answer.
    pub fn resolve(&mut self, topic: &str, contract: ContractId) -> Result<u32, SchemaSourceError> {
        self.resolve_subject(topic, &value_subject(topic), contract)
    }

    /// Looks up the ids to write frames of records to `topic` with: of the frame, and of the records of this contract in it.
    ///
    /// # Errors
    /// See [`Self::resolve`].
    pub fn resolve_frames(&mut self, topic: &str, contract: ContractId) -> Result<(), SchemaSourceError> {
        self.resolve(topic, ContractId::RecordFrame)?;
        self.resolve_subject(topic, &record_subject(topic, contract), contract).map(|_| ())
    }

    fn resolve_subject(&mut self, topic: &str, subject: &str, contract: ContractId) -> Result<u32, SchemaSourceError> {
        let id = self.source.id_of(subject, contract.schema_text())?;
        let ids = self.ids.entry(topic.to_owned()).or_default();
        ids.retain(|(known, _)| *known != contract);
        ids.push((contract, id));
        Ok(id)
    }

    /// What stands before the Avro datum of a record of this contract on `topic`.
    ///
    /// # Errors
    /// [`CodecError::UnresolvedTopic`].
    pub fn wire_header(&self, topic: &str, contract: ContractId) -> Result<[u8; HEADER_LEN], CodecError> {
        let ids = self.ids.get(topic).map_or(&[][..], Vec::as_slice);
        let (_, id) = ids.iter().find(|(known, _)| *known == contract).ok_or_else(|| CodecError::UnresolvedTopic(topic.to_owned()))?;
        let [a, b, c, d] = id.to_be_bytes();
        Ok([MAGIC, a, b, c, d])
    }

    /// Appends the record to `out`, with the header of `topic`. After an error `out` is as it was.
    ///
    /// # Errors
    /// [`CodecError::UnresolvedTopic`], or [`CodecError::Malformed`] when the value does not fit its schema, which no value of a generated type does.
    pub fn encode<C: Contract>(&self, topic: &str, value: &C::Value<'_>, out: &mut Vec<u8>) -> Result<(), CodecError> {
        let header = self.wire_header(topic, C::ID)?;
        let start = out.len();
        out.extend_from_slice(&header);
        encode_datum::<C>(value, out).inspect_err(|_| out.truncate(start))
    }

    /// Reads a record, borrowing its text and bytes.
    ///
    /// # Errors
    /// See [`CodecError`]; [`CodecError::Schema`] with [`SchemaSourceError::Unavailable`] is worth another try, the others are not.
    pub fn decode<'a, C: Contract>(&self, bytes: &'a [u8]) -> Result<C::Value<'a>, CodecError> {
        let (id, datum) = split(bytes)?;
        let schema = self.writer_schema::<C>(id)?;
        decode_datum_with::<C>(&schema, datum)
    }

    /// Sees to it that reading this record as a `contract` fails for no want of its schema.
    ///
    /// # Errors
    /// As [`Self::decode`], but that the datum itself is not looked at.
    pub fn fetch_schema(&self, contract: ContractId, bytes: &[u8]) -> Result<(), CodecError> {
        let (id, _) = split(bytes)?;
        self.schema_for(contract, contract.schema_text(), id).map(|_| ())
    }

    fn writer_schema<C: Contract>(&self, id: u32) -> Result<Arc<Schema>, CodecError> {
        self.schema_for(C::ID, C::SCHEMA, id)
    }

    fn schema_for(&self, contract: ContractId, expected: &str, id: u32) -> Result<Arc<Schema>, CodecError> {
        if let Some(schema) = self.writers.borrow().get(&(contract, id)) {
            return Ok(Arc::clone(schema));
        }
        let text = self.source.schema_of(id).map_err(|reason| CodecError::Schema { id, reason })?;
        let unreadable = |reason: String| CodecError::UnreadableSchema { id, reason };
        let schema = Arc::new(physical_schema(&text).map_err(unreadable)?);
        // Fields are matched by name, so another record or unit of time could pass unnoticed: the schemas are compared once.
        check_readable(&text, expected).map_err(|error| unreadable(error.to_string()))?;
        self.writers.borrow_mut().insert((contract, id), Arc::clone(&schema));
        Ok(schema)
    }
}

/// Schema id and datum of a record in wire format.
///
/// # Errors
/// [`CodecError::NotWireFormat`].
pub fn split(bytes: &[u8]) -> Result<(u32, &[u8]), CodecError> {
    match bytes {
        [MAGIC, a, b, c, d, datum @ ..] => Ok((u32::from_be_bytes([*a, *b, *c, *d]), datum)),
        _ => Err(CodecError::NotWireFormat),
    }
}

/// Appends the Avro binary of a record, without the header.
///
/// # Errors
/// [`CodecError::Malformed`].
pub fn encode_datum<C: Contract>(value: &C::Value<'_>, out: &mut Vec<u8>) -> Result<(), CodecError> {
    let mut config = serde_avro_fast::ser::SerializerConfig::new(C::schema());
    serde_avro_fast::to_datum(value, out, &mut config).map(|_| ()).map_err(|error| CodecError::Malformed { contract: C::NAME, reason: error.to_string() })
}

/// Reads Avro binary written with the contract's own schema.
///
/// # Errors
/// [`CodecError::Malformed`].
pub fn decode_datum<C: Contract>(datum: &[u8]) -> Result<C::Value<'_>, CodecError> {
    decode_datum_with::<C>(C::schema(), datum)
}

fn decode_datum_with<'a, C: Contract>(schema: &Schema, datum: &'a [u8]) -> Result<C::Value<'a>, CodecError> {
    let malformed = |reason: String| CodecError::Malformed { contract: C::NAME, reason };
    let mut config = DeserializerConfig::new(schema);
    // No item of a contract is shorter than a byte, so a longer array is a lie; this bounds the work by the input.
    config.max_seq_size = datum.len();
    let mut state = DeserializerState::with_config(SliceRead::new(datum), config);
    let value = serde::Deserialize::deserialize(state.deserializer()).map_err(|error| malformed(error.to_string()))?;
    match state.into_reader().fill_buf() {
        Ok([]) => Ok(value),
        Ok(rest) => Err(malformed(format!("{} bytes after the end of the record", rest.len()))),
        Err(error) => Err(malformed(error.to_string())),
    }
}

/// The schema as the decoder takes it: without logical types. Decimals are the plain bytes that they are on the wire, so that no digit passes through a
/// narrower type, and the decoder trips over no logical type of a field that this reader skips.
///
/// # Errors
/// In words, when the text is no Avro schema.
pub fn physical_schema(text: &str) -> Result<Schema, String> {
    let mut json: Value = serde_json::from_str(text).map_err(|error| error.to_string())?;
    strip_logical_types(&mut json);
    json.to_string().parse::<Schema>().map_err(|error| error.to_string())
}

fn strip_logical_types(schema: &mut Value) {
    match schema {
        Value::Array(items) => items.iter_mut().for_each(strip_logical_types),
        Value::Object(object) => {
            object.remove("logicalType");
            // Only where schemas stand: a default or a property may be called anything.
            for (_, nested) in object.iter_mut().filter(|(key, _)| ["type", "items", "values", "fields"].contains(&key.as_str())) {
                strip_logical_types(nested);
            }
        }
        _ => {}
    }
}

/// Serde for a generated enum: by symbol, unknown symbols as `Unknown`.
macro_rules! avro_enum {
    ($name:ident) => {
        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_unit_variant(stringify!($name), *self as u32, self.symbol())
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                struct SymbolVisitor;
                impl serde::de::Visitor<'_> for SymbolVisitor {
                    type Value = $name;
                    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        f.write_str(concat!("a symbol of ", stringify!($name)))
                    }
                    fn visit_str<E: serde::de::Error>(self, symbol: &str) -> Result<$name, E> {
                        Ok($name::from_symbol(symbol))
                    }
                }
                deserializer.deserialize_str(SymbolVisitor)
            }
        }
    };
}
pub(crate) use avro_enum;
