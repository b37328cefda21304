//! Records as they were read.

use lineside_schemas::Timestamp;

/// A Kafka header.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Header<'a> {
    /// Key.
    pub key: &'a str,
    /// Value; may be absent.
    pub value: Option<&'a [u8]>,
}

/// A record before its value is decoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RawRecord<'a> {
    /// Topic it was read from.
    pub topic: &'a str,
    /// Partition, from 0.
    pub partition: i32,
    /// Offset, from 0.
    pub offset: i64,
    /// Its place in the frame at that offset, from 0, where the topic carries frames.
    pub index: Option<i32>,
    /// Its Kafka timestamp: on raw topics the time at which the broker appended it.
    pub time: Timestamp,
    /// Key, if any.
    pub key: Option<&'a [u8]>,
    /// Value; absent in a tombstone.
    pub value: Option<&'a [u8]>,
    /// Headers, in order.
    pub headers: &'a [Header<'a>],
}

/// A record with its value decoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Record<'r, 'a, V> {
    /// The record as it was read.
    pub raw: &'r RawRecord<'a>,
    /// Its value.
    pub value: V,
}
