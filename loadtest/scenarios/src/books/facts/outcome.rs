//! What the connector said of a document.

use apache_avro::types::Value;

use crate::books::shape::{Fields, ShapeError};

/// An outcome of a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// Document.
    pub document_id: String,
    /// Posting that it was made from.
    pub posting_id: String,
    /// Plant and order.
    pub order: (String, String),
    /// How often it was sent.
    pub attempts: i64,
    /// Whether nothing more is to come.
    pub is_final: bool,
    /// What became of its lines.
    pub lines: Vec<OutcomeLine>,
}

/// What became of a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutcomeLine {
    /// 0 for a confirmation, else the item's number.
    pub line: i64,
    /// POSTED, PARKED, REJECTED, `IN_DOUBT` or CANCELLED.
    pub status: String,
    /// Number of the ERP's document.
    pub document: Option<String>,
    /// Its item, or count.
    pub item: Option<String>,
    /// Class of the error.
    pub error_class: Option<String>,
    /// The ERP's number of the error.
    pub error_number: Option<String>,
}

impl Outcome {
    pub(crate) fn read(value: &Value) -> Result<Self, ShapeError> {
        let fields = Fields::of(value)?;
        Ok(Self {
            document_id: fields.text("document_id")?,
            posting_id: fields.text("posting_id")?,
            order: (fields.text("plant")?, fields.text("order")?),
            attempts: fields.number("attempts")?,
            is_final: fields.flag("is_final")?,
            lines: fields.list("lines", |line| {
                Ok(OutcomeLine {
                    line: line.number("line")?,
                    status: line.text("status")?,
                    document: line.optional_text("document")?,
                    item: line.optional_text("item")?,
                    error_class: line.optional_text("error_class")?,
                    error_number: line.optional_text("error_number")?,
                })
            })?,
        })
    }
}
