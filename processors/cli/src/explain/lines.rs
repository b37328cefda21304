//! What became of a record, as JSON: a line for each event, each refusal and, where asked for, each record behind.

use lineside_api::{RawRecord, Timestamp};
use lineside_normalizer::{ExplainedEvent, Ignored, Limits, MasterIndex, Origin, Plan};
use serde::Serialize;
use serde_json::{Map, Value, json};

use super::made::{Event, Made, Outcome};
use super::view::{ViewError, Views};

/// What is to be shown of a record.
#[derive(Debug, Clone, Copy)]
pub struct Shown<'a> {
    /// Name of the record: file, and line.
    pub record: &'a str,
    /// Its bytes.
    pub bytes: &'a [u8],
    /// When it arrived.
    pub time: Timestamp,
    /// Mapping that read it.
    pub plan: &'a Plan,
    /// Bounds that it was read within.
    pub limits: &'a Limits,
    /// Master data that it is read with.
    pub master: &'a MasterIndex,
    /// What became of it.
    pub made: &'a Made,
    /// How records look.
    pub views: &'a Views,
    /// Whether records behind the events are shown.
    pub outputs: bool,
    /// Whether every field's origin is shown.
    pub lineage: bool,
}

impl<'a> Shown<'a> {
    fn raw(&self) -> RawRecord<'_> {
        let place = &self.made.place;
        RawRecord {
            topic: &place.topic,
            partition: place.partition,
            offset: place.offset,
            index: None,
            time: self.time,
            key: None,
            value: Some(self.bytes),
            headers: &[],
        }
    }

    /// Places of the record that the mapping deliberately makes no event of.
    #[must_use]
    pub fn ignored(&self) -> Vec<Ignored> {
        self.plan.ignored(&self.raw(), self.limits)
    }

    /// The record's events, each with the origins of its fields; none of a record that the mapping refuses.
    #[must_use]
    pub fn events(&self) -> Vec<(&'a Event, Option<ExplainedEvent>)> {
        // The same mapping of the same bytes, so as many events in the same order.
        let mut explained = self.plan.explain_with(&self.raw(), self.limits, self.master).unwrap_or_default().into_iter();
        self.made.events.iter().map(|event| (event, explained.next())).collect()
    }
}

/// Origin of the event's id, in words.
#[must_use]
pub fn id_origin(explained: Option<&ExplainedEvent>) -> String {
    let found = explained.and_then(|explained| explained.fields.iter().find(|field| field.field == "envelope.event_id"));
    found.map_or_else(|| "-".to_owned(), |field| field.origin.to_string())
}

#[derive(Serialize)]
struct EventLine<'a> {
    record: &'a str,
    source: &'a str,
    mapping: &'a str,
    raw: String,
    rule: Option<usize>,
    topic: &'a str,
    key: &'a str,
    #[serde(rename = "type")]
    kind: Option<&'a str>,
    event_id: &'a str,
    event_id_from: String,
    outcome: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<&'a str>,
    event: Value,
    #[serde(skip_serializing_if = "Option::is_none")]
    lineage: Option<Value>,
}

#[derive(Serialize)]
struct WaitingLine<'a> {
    record: &'a str,
    source: &'a str,
    mapping: &'a str,
    raw: String,
    /// Each with the time at which it has to hold; empty where it waits behind another record.
    waits_for: Vec<Value>,
    aggregates: &'a [String],
}

#[derive(Serialize)]
struct IgnoredLine<'a> {
    record: &'a str,
    source: &'a str,
    mapping: &'a str,
    raw: String,
    rule: usize,
    path: &'a str,
    ignored: &'a str,
}

#[derive(Serialize)]
struct RefusalLine<'a> {
    record: &'a str,
    source: &'a str,
    raw: String,
    refused_by: &'a str,
    class: &'static str,
    code: &'a str,
    message: &'a str,
    field: Option<&'a str>,
    path: Option<&'a str>,
    dead_letter: Value,
}

#[derive(Serialize)]
struct OutputLine<'a> {
    record: &'a str,
    topic: &'a str,
    key: &'a str,
    value: Value,
}

/// The lines of a record.
///
/// # Errors
/// [`ViewError`].
pub fn lines(shown: &Shown<'_>) -> Result<String, ViewError> {
    let Shown { record, plan, made, views, .. } = *shown;
    let mut text = String::new();
    let mut line = |line: String| text += &(line + "\n");
    for (event, explained) in shown.events() {
        let explained = explained.as_ref();
        line(json_text(&EventLine {
            record,
            source: plan.source(),
            mapping: plan.mapping_version(),
            raw: made.place.to_string(),
            rule: explained.map(|explained| explained.rule_line),
            topic: &event.topic,
            key: &event.key,
            kind: explained.map(|explained| explained.type_name.as_str()),
            event_id: &event.event_id,
            event_id_from: id_origin(explained),
            outcome: event.outcome.word(),
            code: if let Outcome::Refused(code) = &event.outcome { Some(code) } else { None },
            event: views.printed(&event.topic, &event.payload)?,
            lineage: explained.filter(|_| shown.lineage).map(lineage),
        }));
    }
    if let Some(waits) = &made.waits {
        line(json_text(&WaitingLine {
            record,
            source: plan.source(),
            mapping: plan.mapping_version(),
            raw: made.place.to_string(),
            waits_for: waits.missing.iter().map(|(reference, at)| json!({"reference": reference, "at": at.to_string()})).collect(),
            aggregates: &waits.aggregates,
        }));
    }
    for ignored in shown.ignored() {
        line(json_text(&IgnoredLine {
            record,
            source: plan.source(),
            mapping: plan.mapping_version(),
            raw: made.place.to_string(),
            rule: ignored.rule_line,
            path: &ignored.path,
            ignored: &ignored.reason,
        }));
    }
    for output in &made.letters {
        let letter = views.letter(&output.value)?;
        line(json_text(&RefusalLine {
            record,
            source: plan.source(),
            raw: made.place.to_string(),
            refused_by: letter.processor,
            class: letter.class.symbol(),
            code: letter.code,
            message: letter.message,
            field: letter.field,
            path: letter.path,
            dead_letter: views.printed(&output.topic, &output.value)?,
        }));
    }
    for output in made.outputs.iter().filter(|_| shown.outputs) {
        line(json_text(&OutputLine { record, topic: &output.topic, key: &output.key, value: views.printed(&output.topic, &output.value)? }));
    }
    Ok(text)
}

fn json_text(line: &impl Serialize) -> String {
    serde_json::to_string(line).expect("texts, numbers and JSON are always JSON")
}

/// Fields of the contract to where their values come from.
pub(crate) fn lineage(explained: &ExplainedEvent) -> Value {
    Value::Object(explained.fields.iter().map(|field| (field.field.clone(), origin(&field.origin))).collect::<Map<_, _>>())
}

/// An origin as JSON: an object whose first key names its kind.
fn origin(from: &Origin) -> Value {
    match from {
        Origin::Raw { path } => json!({ "raw": path }),
        Origin::Constant { text } => json!({ "constant": text }),
        Origin::Table { name, code, value, source } => json!({"table": name, "code": code, "value": value, "of": origin(source)}),
        Origin::Template { parts } => json!({"template": parts.iter().map(origin).collect::<Vec<_>>()}),
        Origin::Expression { text, parts } => json!({"expression": text, "of": parts.iter().map(origin).collect::<Vec<_>>()}),
        Origin::Digest { path } => json!({ "digest": path }),
        Origin::Master { entity, scheme, id, value, key, version, raw: (topic, partition, offset), source } => json!({
            "master": entity, "key": key, "alias": {"scheme": scheme, "id": id}, "value": value,
            "version": version.to_string(), "version_raw": format!("{topic}/{partition}/{offset}"), "of": origin(source),
        }),
        Origin::Default { value } => json!({ "default": value }),
        Origin::TimeZone { zone, source } => json!({"time_zone": zone, "of": origin(source)}),
        Origin::Normalizer { what } => json!({ "normalizer": what }),
    }
}
