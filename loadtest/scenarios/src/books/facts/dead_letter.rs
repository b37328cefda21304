//! Dead letters.

use apache_avro::types::Value;

use super::{Position, position};
use crate::books::shape::{Fields, ShapeError};

/// A dead letter.
#[derive(Debug, Clone)]
pub struct DeadLetter {
    /// Processor that refused the record.
    pub processor: String,
    /// Class of the error.
    pub class: String,
    /// Its code.
    pub code: String,
    /// What is wrong.
    pub message: String,
    /// The record refused.
    pub refused: Position,
    /// Event, where one was recognized.
    pub event_id: Option<String>,
    /// The refused record's bytes.
    pub value: Option<Vec<u8>>,
}

impl DeadLetter {
    pub(crate) fn read(value: &Value) -> Result<Self, ShapeError> {
        let fields = Fields::of(value)?;
        Ok(Self {
            processor: fields.text("processor")?,
            class: fields.text("class")?,
            code: fields.text("code")?,
            message: fields.text("message")?,
            refused: Position { index: fields.optional_number("index")?.and_then(|index| i32::try_from(index).ok()), ..position(fields)? },
            event_id: fields.optional_text("event_id")?,
            value: fields.optional_bytes("value")?,
        })
    }
}
