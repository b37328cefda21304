//! Tables: compacted topics that a processor reads as a whole.

use lineside_schemas::{Codec, CodecError, Contract, Timestamp};

/// A record of a table: what now stands under a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TableRecord<'a> {
    /// Topic.
    pub topic: &'a str,
    /// Key.
    pub key: &'a str,
    /// Value in Confluent wire format; nothing where the key was deleted.
    pub value: Option<&'a [u8]>,
    /// Its Kafka timestamp.
    pub time: Timestamp,
}

impl<'a> TableRecord<'a> {
    /// The value, decoded; nothing where the key was deleted.
    ///
    /// # Errors
    /// [`CodecError`], none of which is worth another try: the runtime hands a record over only once its schema is at hand.
    pub fn decode<C: Contract>(&self, codec: &Codec) -> Result<Option<C::Value<'a>>, CodecError> {
        self.value.map(|value| codec.decode::<C>(value)).transpose()
    }
}
