//! Records as JSON, by the contract of their topic.

use std::collections::HashMap;

use lineside_schemas::json::{JsonError, JsonView};
use lineside_schemas::records::DeadLetter;
use lineside_schemas::{Codec, CodecError, codec, contract};
use lineside_topology::topics::{Value as TopicValue, topics};
use serde_json::Value;

use super::avro_json::{AvroJson, AvroJsonError};

/// Why a record has no view.
#[derive(Debug, thiserror::Error)]
pub enum ViewError {
    /// No contract is for the topic.
    #[error("topic {0} is not in the table of topics")]
    UnknownTopic(String),
    /// The bytes are not in wire format.
    #[error(transparent)]
    WireFormat(#[from] CodecError),
    /// The bytes are not what the schema says.
    #[error(transparent)]
    Json(#[from] JsonError),
    /// The same, in Avro's JSON.
    #[error(transparent)]
    AvroJson(#[from] AvroJsonError),
}

/// Views of every topic's records.
#[derive(Debug)]
pub struct Views {
    codec: Codec,
    plain: HashMap<String, JsonView>,
    avro: Option<HashMap<String, AvroJson>>,
}

impl Views {
    /// Of every topic of the table; where Avro's own JSON is asked for, [`Self::printed`] gives that.
    ///
    /// # Errors
    /// [`ViewError`] for a contract that has none; a test shows that there is none.
    pub fn new(in_avro_json: bool) -> Result<Self, ViewError> {
        let contracts = || {
            topics().into_iter().filter_map(|topic| match topic.value {
                TopicValue::Avro(contract) => Some((topic.name, contract)),
                TopicValue::Raw | TopicValue::Frames(_) => None,
            })
        };
        let plain = contracts().map(|(topic, contract)| Ok((topic, JsonView::new(contract.schema_text())?)));
        let avro = || contracts().map(|(topic, contract)| Ok((topic, AvroJson::new(contract.schema_text())?))).collect::<Result<_, ViewError>>();
        Ok(Self { codec: lineside_testkit::codec(), plain: plain.collect::<Result<_, ViewError>>()?, avro: in_avro_json.then(avro).transpose()? })
    }

    /// The view for people and programs: instants and decimals as text.
    ///
    /// # Errors
    /// [`ViewError`].
    pub fn plain(&self, topic: &str, wire: &[u8]) -> Result<Value, ViewError> {
        let (_, datum) = codec::split(wire)?;
        let view = self.plain.get(topic).ok_or_else(|| ViewError::UnknownTopic(topic.to_owned()))?;
        Ok(view.show(datum)?)
    }

    /// A dead letter, typed.
    ///
    /// # Errors
    /// [`ViewError::WireFormat`] when it is none.
    pub fn letter<'a>(&self, wire: &'a [u8]) -> Result<DeadLetter<'a>, ViewError> {
        Ok(self.codec.decode::<contract::DeadLetter>(wire)?)
    }

    /// The view that was asked for.
    ///
    /// # Errors
    /// [`ViewError`].
    pub fn printed(&self, topic: &str, wire: &[u8]) -> Result<Value, ViewError> {
        let Some(avro) = &self.avro else { return self.plain(topic, wire) };
        let (_, datum) = codec::split(wire)?;
        let view = avro.get(topic).ok_or_else(|| ViewError::UnknownTopic(topic.to_owned()))?;
        Ok(view.show(datum)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_topic_of_records_has_both_views() {
        let views = Views::new(true).unwrap();
        let count = topics().iter().filter(|topic| matches!(topic.value, TopicValue::Avro(_))).count();
        assert_eq!((views.plain.len(), views.avro.unwrap().len()), (count, count));
    }
}
