//! Records of the family `envelope`. Generated from `avro/`; do not edit.

use serde::{Deserialize, Serialize};

use crate::decimal::Decimal;
use crate::time::Timestamp;

/// What every canonical event carries, whatever its family.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Envelope<'a> {
    /// Identity of the event within its source. (source, event_id) is unique; a repeat of it is a duplicate or a conflict.
    #[serde(borrow)]
    pub event_id: &'a str,
    /// System that reported the event, as named by its mapping, e.g. plant-a.mes.
    #[serde(borrow)]
    pub source: &'a str,
    /// Plant (ISA-95 site) where it happened. SAP: Werk/ProductionPlant.
    #[serde(borrow)]
    pub plant: &'a str,
    /// Region of the plant, where the mapping knows it.
    #[serde(default, borrow)]
    pub region: Option<&'a str>,
    /// The source's own name of the transaction or document, e.g. SyncProductionPerformance.
    #[serde(borrow)]
    pub transaction_type: &'a str,
    /// When it happened, by the source's clock, in UTC. Microseconds; what is finer stands in source_time_nanos. B2MML: ActualEndTime or CreationDateTime.
    pub source_time: Timestamp,
    /// Nanoseconds (0 to 999) of source_time beyond the microsecond. Zero for most sources.
    #[serde(default)]
    pub source_time_nanos: i32,
    /// Offset from UTC of the plant's local time at source_time, in minutes; decides the local calendar date.
    #[serde(default)]
    pub source_utc_offset_minutes: Option<i32>,
    /// When the broker appended the raw record.
    pub ingest_time: Timestamp,
    /// The source's own running number, where it has one.
    #[serde(default)]
    pub source_sequence: Option<i64>,
    /// The business story it belongs to; by default plant and order.
    #[serde(borrow)]
    pub correlation_id: &'a str,
    /// Event or message that caused this one, where the source names it.
    #[serde(default, borrow)]
    pub causation_id: Option<&'a str>,
    /// Position of the raw record.
    #[serde(borrow)]
    pub raw: RawPosition<'a>,
    /// Name and version of the mapping that read the raw record, e.g. plant-a.mes/1.
    #[serde(borrow)]
    pub mapping_version: &'a str,
}

/// An exact amount and its unit. Never without each other.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Quantity<'a> {
    /// Exact decimal, 9 fractional digits. Never rounded on the way in: a finer value is refused.
    pub value: Decimal,
    /// Unit of measure, UN/CEFACT Recommendation 20 common code, e.g. KGM, LTR, C62.
    #[serde(borrow)]
    pub unit: &'a str,
}

/// Where the raw record stands that a fact came from. With the mapping version it answers which raw field made a value.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RawPosition<'a> {
    /// Kafka topic of the raw record.
    #[serde(borrow)]
    pub topic: &'a str,
    /// Partition, from 0.
    pub partition: i32,
    /// Offset in the partition, from 0.
    pub offset: i64,
}
