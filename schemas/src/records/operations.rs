//! Records of the family `operations`. Generated from `avro/`; do not edit.

use serde::{Deserialize, Serialize};

use crate::time::Timestamp;
use super::RawPosition;

/// A record that could not be processed, with what is needed to understand, repair and replay it. Topics dead-letter.<processor>.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct DeadLetter<'a> {
    /// Processor that refused it.
    #[serde(borrow)]
    pub processor: &'a str,
    /// Its version.
    #[serde(borrow)]
    pub processor_version: &'a str,
    /// Who has to act.
    #[serde(default)]
    pub class: ErrorClass,
    /// Stable error code, with a page of its own under docs/errors.
    #[serde(borrow)]
    pub code: &'a str,
    /// What is wrong, in words an operator can act on.
    #[serde(borrow)]
    pub message: &'a str,
    /// Field of the contract at fault, as `material_consumed.quantity` or `envelope.source_time`.
    #[serde(default, borrow)]
    pub field: Option<&'a str>,
    /// Where in the refused record the value at fault stands, or should stand: `/components[2]/quantity`.
    #[serde(default, borrow)]
    pub path: Option<&'a str>,
    /// Plant, where known.
    #[serde(default, borrow)]
    pub plant: Option<&'a str>,
    /// Partner, where known.
    #[serde(default, borrow)]
    pub partner: Option<&'a str>,
    /// Event, where one was recognized.
    #[serde(default, borrow)]
    pub event_id: Option<&'a str>,
    /// Correlation, where known.
    #[serde(default, borrow)]
    pub correlation_id: Option<&'a str>,
    /// Topic of the refused record.
    #[serde(borrow)]
    pub topic: &'a str,
    /// Its partition.
    pub partition: i32,
    /// Its offset.
    pub offset: i64,
    /// Its place in the frame at that offset, from 0, where the topic carries frames.
    #[serde(default)]
    pub index: Option<i32>,
    /// Its timestamp.
    pub record_time: Timestamp,
    /// Raw record behind it, where the refused record is not the raw one itself.
    #[serde(default, borrow)]
    pub raw: Option<RawPosition<'a>>,
    /// Original key.
    #[serde(default, borrow, with = "serde_bytes")]
    pub key: Option<&'a [u8]>,
    /// Original value.
    #[serde(default, borrow, with = "serde_bytes")]
    pub value: Option<&'a [u8]>,
    /// Original headers.
    #[serde(borrow)]
    pub headers: Vec<Header<'a>>,
}

/// An event that came again with the same content and was dropped. Topic duplicates.v1, keyed as the event.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct DroppedDuplicate<'a> {
    /// Canonical topic that the first one went to.
    #[serde(borrow)]
    pub topic: &'a str,
    /// Source of the event.
    #[serde(borrow)]
    pub source: &'a str,
    /// Identity within the source.
    #[serde(borrow)]
    pub event_id: &'a str,
    /// Plant.
    #[serde(borrow)]
    pub plant: &'a str,
    /// Correlation of the story that it belongs to.
    #[serde(borrow)]
    pub correlation_id: &'a str,
    /// When it happened, by the source's clock, as the repeat says.
    pub source_time: Timestamp,
    /// When the broker appended the raw record of the repeat.
    pub ingest_time: Timestamp,
    /// Raw record of the repeat.
    #[serde(borrow)]
    pub raw: RawPosition<'a>,
}

/// Who has to act: RECOVERABLE nobody, it is retried; DATA_QUALITY the source; PARTNER the partner; APPLICATION us.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum ErrorClass {
    /// A symbol that this version does not know.
    #[default]
    Unknown,
    /// `RECOVERABLE`
    Recoverable,
    /// `DATA_QUALITY`
    DataQuality,
    /// `PARTNER`
    Partner,
    /// `APPLICATION`
    Application,
}

impl ErrorClass {
    /// Every symbol, in the order of the schema.
    pub const SYMBOLS: &'static [&'static str] = &[
        "UNKNOWN",
        "RECOVERABLE",
        "DATA_QUALITY",
        "PARTNER",
        "APPLICATION",
    ];

    /// The Avro symbol.
    #[must_use]
    pub const fn symbol(self) -> &'static str {
        Self::SYMBOLS[self as usize]
    }

    /// The variant of a symbol; `Unknown` for one that this version does not know.
    #[must_use]
    pub fn from_symbol(symbol: &str) -> Self {
        match symbol {
            "RECOVERABLE" => Self::Recoverable,
            "DATA_QUALITY" => Self::DataQuality,
            "PARTNER" => Self::Partner,
            "APPLICATION" => Self::Application,
            _ => Self::Unknown,
        }
    }
}

crate::codec::avro_enum!(ErrorClass);

/// A Kafka header.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Header<'a> {
    /// Header key.
    #[serde(borrow)]
    pub key: &'a str,
    /// Header value.
    #[serde(default, borrow, with = "serde_bytes")]
    pub value: Option<&'a [u8]>,
}
