//! Refusals: records that cannot be processed.

pub use lineside_schemas::records::ErrorClass;

/// Why a record is refused. It becomes a dead letter; see `docs/errors` for a page per code.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{code}: {message}")]
pub struct Refusal {
    /// Who has to act.
    pub class: ErrorClass,
    /// Stable code: lower-case words joined by hyphens.
    pub code: &'static str,
    /// What is wrong, in words an operator can act on.
    pub message: String,
    /// Field of the contract at fault.
    pub field: Option<String>,
    /// Where in the record the value at fault stands, or should stand.
    pub path: Option<String>,
    /// Plant, where known.
    pub plant: Option<String>,
    /// Partner, where known.
    pub partner: Option<String>,
    /// Event, where one was recognized.
    pub event_id: Option<String>,
    /// Correlation, where known.
    pub correlation_id: Option<String>,
    /// Raw record behind it, where the refused record is not the raw one: topic, partition, offset.
    pub raw: Option<(String, i32, i64)>,
}

impl Refusal {
    /// A refusal without the optional parts.
    #[must_use]
    pub fn new(class: ErrorClass, code: &'static str, message: impl Into<String>) -> Self {
        Self { class, code, message: message.into(), field: None, path: None, plant: None, partner: None, event_id: None, correlation_id: None, raw: None }
    }

    /// The source sent something wrong.
    #[must_use]
    pub fn data_quality(code: &'static str, message: impl Into<String>) -> Self {
        Self::new(ErrorClass::DataQuality, code, message)
    }

    /// Our own rule or code refused.
    #[must_use]
    pub fn application(code: &'static str, message: impl Into<String>) -> Self {
        Self::new(ErrorClass::Application, code, message)
    }

    /// With the field at fault.
    #[must_use]
    pub fn at(mut self, field: impl Into<String>) -> Self {
        self.field = Some(field.into());
        self
    }

    /// With the place in the record.
    #[must_use]
    pub fn at_path(mut self, path: impl Into<String>) -> Self {
        self.path = Some(path.into());
        self
    }

    /// With the event's identity, plant, correlation and raw position.
    #[must_use]
    pub fn of_event(mut self, event_id: &str, plant: &str, correlation_id: &str, raw: &lineside_schemas::records::RawPosition<'_>) -> Self {
        self.event_id = Some(event_id.to_owned());
        self.plant = Some(plant.to_owned());
        self.correlation_id = Some(correlation_id.to_owned());
        self.raw = Some((raw.topic.to_owned(), raw.partition, raw.offset));
        self
    }
}
