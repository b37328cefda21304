//! Reading what stands on a topic.

use lineside_api::Timestamp;
use lineside_schemas::contract::RecordFrame;
use lineside_schemas::{Codec, CodecError, Contract};
use lineside_topology::topics::is_framed;

use crate::broker::Broker;

/// A committed record of a topic, decoded.
#[derive(Debug, Clone, PartialEq)]
pub struct Output<'a, V> {
    /// Partition.
    pub partition: i32,
    /// Offset.
    pub offset: i64,
    /// Place in the frame at that offset, where the topic carries frames.
    pub index: Option<i32>,
    /// Time at which it was appended.
    pub time: Timestamp,
    /// Key, if any.
    pub key: Option<&'a [u8]>,
    /// Value; none for a tombstone.
    pub value: Option<V>,
}

/// The committed records of a topic, decoded, by partition and offset; those in frames one by one.
///
/// # Errors
/// The first record that cannot be decoded.
pub fn read<'a, C: Contract>(broker: &'a Broker, codec: &Codec, topic: &str) -> Result<Vec<Output<'a, C::Value<'a>>>, CodecError> {
    let mut outputs = Vec::new();
    let decode = |value: Option<&'a [u8]>| value.map(|value| codec.decode::<C>(value)).transpose();
    for (partition, offset, record) in broker.committed(topic) {
        let (time, key, value) = (record.time, record.key.as_deref(), record.value.as_deref());
        if is_framed(topic) {
            for (index, record) in (0..).zip(codec.decode::<RecordFrame>(value.unwrap_or_default())?.records) {
                outputs.push(Output { partition, offset, index: Some(index), time, key: record.key, value: decode(Some(record.value))? });
            }
        } else {
            outputs.push(Output { partition, offset, index: None, time, key, value: decode(value)? });
        }
    }
    Ok(outputs)
}

/// The values of [`read`], without tombstones.
///
/// # Errors
/// The first record that cannot be decoded.
pub fn values<'a, C: Contract>(broker: &'a Broker, codec: &Codec, topic: &str) -> Result<Vec<C::Value<'a>>, CodecError> {
    Ok(read::<C>(broker, codec, topic)?.into_iter().filter_map(|output| output.value).collect())
}
