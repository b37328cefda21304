//! Bounds on what a document may be. What exceeds them is refused, so that no input can exhaust the process.

/// Bounds, all inclusive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Size of a record's value, in bytes.
    pub record_bytes: usize,
    /// Nesting of JSON objects and arrays, of XML elements, or of envelopes, levels and segments.
    pub depth: usize,
    /// JSON values, XML elements and attributes, CSV rows and fields, or segments and their elements in one document.
    pub nodes: usize,
    /// Events from one document.
    pub events: usize,
    /// One text in an event, in bytes: an event has to fit a Kafka record, whatever the source sends.
    pub text_bytes: usize,
    /// One event, in bytes of Avro.
    pub event_bytes: usize,
    /// What the lists of one record's events select, all together.
    pub list_items: usize,
}

impl Limits {
    /// The bounds where nothing else is said.
    pub const DEFAULT: Self = Self { record_bytes: 1 << 20, depth: 64, nodes: 100_000, events: 10_000, text_bytes: 4096, event_bytes: 256 << 10, list_items: 200_000 };
}

impl Default for Limits {
    fn default() -> Self {
        Self::DEFAULT
    }
}
