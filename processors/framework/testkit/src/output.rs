//! Reading what stands on a topic.

use lineside_api::Timestamp;
use lineside_schemas::{Codec, CodecError, Contract};

use crate::broker::Broker;

/// A committed record of a topic, decoded.
#[derive(Debug, Clone, PartialEq)]
pub struct Output<'a, V> {
    /// Partition.
    pub partition: i32,
    /// Offset.
    pub offset: i64,
    /// Time at which it was appended.
    pub time: Timestamp,
    /// Key, if any.
    pub key: Option<&'a [u8]>,
    /// Value; none for a tombstone.
    pub value: Option<V>,
}

/// The committed records of a topic, decoded, by partition and offset.
///
/// # Errors
/// The first record that cannot be decoded.
pub fn read<'a, C: Contract>(broker: &'a Broker, codec: &Codec, topic: &str) -> Result<Vec<Output<'a, C::Value<'a>>>, CodecError> {
    broker
        .committed(topic)
        .map(|(partition, offset, record)| {
            let value = record.value.as_deref().map(|value| codec.decode::<C>(value)).transpose()?;
            Ok(Output { partition, offset, time: record.time, key: record.key.as_deref(), value })
        })
        .collect()
}

/// The values of [`read`], without tombstones.
///
/// # Errors
/// The first record that cannot be decoded.
pub fn values<'a, C: Contract>(broker: &'a Broker, codec: &Codec, topic: &str) -> Result<Vec<C::Value<'a>>, CodecError> {
    Ok(read::<C>(broker, codec, topic)?.into_iter().filter_map(|output| output.value).collect())
}
