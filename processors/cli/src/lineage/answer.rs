//! Where the values of one event come from, for people and for programs.

use std::fmt::Write as _;

use lineside_normalizer::ExplainedEvent;
use lineside_schemas::Timestamp;
use serde_json::{Value, json};

use super::arguments::LineageFormat;
use crate::dead_letters::content::printable;
use crate::dead_letters::place::Place;
use crate::explain::{lines, text};

/// An event and what made it.
#[derive(Debug, Clone, Copy)]
pub struct Answer<'a> {
    /// Where it was published, if that was asked.
    pub place: Option<&'a Place>,
    /// Where its raw record stands.
    pub raw: &'a Place,
    /// When that was read: its time on the raw topic.
    pub read: Timestamp,
    /// Name and version of the mapping that made it.
    pub mapping: &'a str,
    /// The event, made again.
    pub event: &'a ExplainedEvent,
    /// The event as it was published; made again, where it was not looked up.
    pub view: &'a Value,
}

impl Answer<'_> {
    /// In the format asked for.
    #[must_use]
    pub fn told(&self, format: LineageFormat) -> String {
        match format {
            LineageFormat::Table => self.text(),
            LineageFormat::Json => format!("{}\n", self.line()),
        }
    }

    fn text(&self) -> String {
        let mut told = String::new();
        let place = self.place.map_or_else(|| self.event.topic.to_owned(), Place::to_string);
        let _ = writeln!(told, "{place}: {} {}, key {}", self.event.type_name, printable(&self.event.event_id), printable(&self.event.key));
        let _ = writeln!(told, "  made by {}, rule of line {}, from {} of {}", self.mapping, self.event.rule_line, self.raw, self.read);
        let origins = self.event.fields.iter().map(|field| (field.field.as_str(), field.origin.to_string())).collect();
        text::table(&text::rows(self.view, &origins), &mut told);
        told.push('\n');
        told
    }

    fn line(&self) -> Value {
        json!({
            "place": self.place.map(Place::to_string),
            "topic": self.event.topic,
            "key": self.event.key,
            "type": self.event.type_name,
            "event_id": self.event.event_id,
            "mapping": self.mapping,
            "rule": self.event.rule_line,
            "raw": self.raw.to_string(),
            "raw_time": self.read.to_string(),
            "event": self.view,
            "lineage": lines::lineage(self.event),
        })
    }
}
