//! The story: what happened to the order, in order of time, with the raw field behind every quantity.

use std::collections::BTreeMap;

use lineside_api::RawRecord;
use lineside_normalizer::{ExplainedEvent, Limits, MappingSet};
use lineside_schemas::codec::encode_datum;
use lineside_schemas::json::JsonView;
use lineside_schemas::{Codec, Contract, Timestamp, contract};
use lineside_topology::topics::{CANONICAL_PRODUCTION, DUPLICATES, ERP_CONFIRMATIONS, ERP_GOODS_MOVEMENTS, ERP_POSTING_OUTCOMES, ORDER_POSTINGS};
use serde_json::{Map, Value};

use super::TraceError;
use super::gather::{Gathered, Kept, unreadable};

/// What kind of step it is, in the order in which steps of one moment happen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    /// A record of a source arrived.
    Raw,
    /// An event was made of it.
    Event,
    /// An event was dropped as known.
    Duplicate,
    /// A record was refused.
    DeadLetter,
    /// A posting was made.
    Posting,
    /// A confirmation went to the ERP's topic.
    Confirmation,
    /// A goods movement did.
    Movement,
    /// The ERP answered.
    Outcome,
}

impl Step {
    /// In words.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Raw => "raw record",
            Self::Event => "event",
            Self::Duplicate => "duplicate dropped",
            Self::DeadLetter => "dead letter",
            Self::Posting => "posting",
            Self::Confirmation => "ERP confirmation",
            Self::Movement => "ERP goods movement",
            Self::Outcome => "ERP outcome",
        }
    }
}

/// A step of the story.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// When.
    pub time: Timestamp,
    /// What kind.
    pub step: Step,
    /// Where its record stands.
    pub place: String,
    /// In a line.
    pub text: String,
    /// Further lines.
    pub details: Vec<String>,
    /// The record; of a raw record only its size.
    pub record: Value,
}

/// The story.
///
/// # Errors
/// [`TraceError`] for a record that is not what its topic says.
pub fn story(gathered: &Gathered, codec: &Codec, mappings: &MappingSet, limits: &Limits) -> Result<Vec<Entry>, TraceError> {
    let origins = Origins::of(gathered, mappings, limits);
    let mut entries: Vec<Entry> = gathered.raw.iter().map(|kept| raw(kept, &origins)).collect();
    for kept in &gathered.records {
        let entry = match kept.topic.as_str() {
            topic if topic == CANONICAL_PRODUCTION.name() => event(kept, &view::<contract::ProductionEvent>(codec, kept)?, &origins),
            topic if topic == DUPLICATES.name() => duplicate(kept, view::<contract::DroppedDuplicate>(codec, kept)?),
            topic if topic == ORDER_POSTINGS.name() => posting(kept, view::<contract::OrderPosting>(codec, kept)?),
            topic if topic == ERP_CONFIRMATIONS.name() => confirmation(kept, view::<contract::ErpConfirmation>(codec, kept)?),
            topic if topic == ERP_GOODS_MOVEMENTS.name() => movement(kept, view::<contract::ErpGoodsMovement>(codec, kept)?),
            topic if topic == ERP_POSTING_OUTCOMES.name() => outcome(kept, view::<contract::PostingOutcome>(codec, kept)?),
            _ => continue,
        };
        entries.push(entry);
    }
    for kept in &gathered.letters {
        entries.push(letter(kept, view::<contract::DeadLetter>(codec, kept)?));
    }
    entries.sort_by(|one, other| (one.time, one.step, &one.place).cmp(&(other.time, other.step, &other.place)));
    Ok(entries)
}

/// The record as JSON, whichever version it was written with.
fn view<C: Contract>(codec: &Codec, kept: &Kept) -> Result<Value, TraceError> {
    let mut datum = Vec::new();
    let value = codec.decode::<C>(&kept.value).map_err(|error| unreadable(kept, error))?;
    encode_datum::<C>(&value, &mut datum).map_err(|error| unreadable(kept, error))?;
    Ok(JsonView::new(C::SCHEMA)?.show(&datum)?)
}

/// What the mappings say about every raw record.
struct Origins {
    /// By place of the raw record: version of the mapping at hand, and its events.
    by_raw: BTreeMap<String, (String, Vec<ExplainedEvent>)>,
}

impl Origins {
    fn of(gathered: &Gathered, mappings: &MappingSet, limits: &Limits) -> Self {
        let explained = gathered.raw.iter().filter_map(|kept| {
            let plan = mappings.by_topic(&kept.topic)?;
            let record = RawRecord {
                topic: &kept.topic,
                partition: kept.partition,
                offset: kept.offset,
                index: None,
                time: kept.time,
                key: kept.key.as_deref(),
                value: Some(&kept.value),
                headers: &[],
            };
            Some((kept.place(), (plan.mapping_version().to_owned(), plan.explain(&record, limits).unwrap_or_default())))
        });
        Self { by_raw: explained.collect() }
    }
}

fn entry(kept: &Kept, step: Step, text: String, details: Vec<String>, record: Value) -> Entry {
    Entry { time: kept.time, step, place: kept.place(), text, details, record }
}

fn text<'v>(value: &'v Value, path: &str) -> &'v str {
    value.pointer(path).and_then(Value::as_str).unwrap_or_default()
}

fn shown(value: &Value, path: &str) -> String {
    match value.pointer(path) {
        Some(Value::String(text)) => text.clone(),
        None | Some(Value::Null) => "-".to_owned(),
        Some(other) => other.to_string(),
    }
}

fn raw(kept: &Kept, origins: &Origins) -> Entry {
    let (mapping, events) = origins.by_raw.get(&kept.place()).map_or(("no mapping at hand", 0), |(version, events)| (version.as_str(), events.len()));
    let words = format!("{} bytes, {events} events by {mapping}", kept.value.len());
    entry(kept, Step::Raw, words, Vec::new(), serde_json::json!({ "bytes": kept.value.len() }))
}

fn event(kept: &Kept, view: &Value, origins: &Origins) -> Entry {
    let kind = text(view, "/type");
    let group = view.get(kind.to_lowercase()).cloned().unwrap_or_default();
    let event_id = text(view, "/envelope/event_id");
    let mut words = format!("{kind} {event_id} of {}, at {}", text(view, "/envelope/source"), text(view, "/envelope/source_time"));
    for (name, before) in [("operation", ", operation "), ("item", ", item "), ("lot", ", lot "), ("reversed_event_id", ", takes back ")] {
        if let Some(said) = group.get(name).and_then(Value::as_str).filter(|said| !said.is_empty()) {
            words.push_str(before);
            words.push_str(said);
        }
    }
    let raw = format!("{}/{}/{}", text(view, "/envelope/raw/topic"), shown(view, "/envelope/raw/partition"), shown(view, "/envelope/raw/offset"));
    let made_by = text(view, "/envelope/mapping_version");
    let mut details = vec![format!("from {raw} by {made_by}")];
    let mut quantities = Vec::new();
    collect(&group, &kind.to_lowercase(), &mut quantities);
    let explained = origins.by_raw.get(&raw);
    for (path, value, unit) in &quantities {
        let origin = match explained {
            None => "its raw record or mapping is not at hand".to_owned(),
            Some((version, _)) if version != made_by => format!("made by {made_by}; the mapping at hand is {version}"),
            Some((_, events)) => {
                let of = |field: &str| {
                    let event = events.iter().find(|event| event.event_id == event_id)?;
                    event.fields.iter().find(|origin| origin.field == field).map(|origin| origin.origin.to_string())
                };
                of(&format!("{path}.value")).unwrap_or_else(|| "the mapping makes another event of it now".to_owned())
            }
        };
        details.push(format!("{path} = {value} {unit}   from {origin}"));
    }
    let mut record = view.clone();
    if let Some(record) = record.as_object_mut() {
        record.retain(|_, value| !value.is_null());
    }
    entry(kept, Step::Event, words, details, record)
}

/// Every quantity in a group: its path, amount and unit.
fn collect(value: &Value, path: &str, into: &mut Vec<(String, String, String)>) {
    match value {
        Value::Object(members) => {
            if let (Some(Value::String(amount)), Some(Value::String(unit)), 2) = (members.get("value"), members.get("unit"), members.len()) {
                into.push((path.to_owned(), amount.clone(), unit.clone()));
                return;
            }
            members.iter().for_each(|(name, member)| collect(member, &format!("{path}.{name}"), into));
        }
        Value::Array(items) => items.iter().enumerate().for_each(|(index, item)| collect(item, &format!("{path}[{index}]"), into)),
        _ => {}
    }
}

fn duplicate(kept: &Kept, view: Value) -> Entry {
    let raw = format!("{}/{}/{}", text(&view, "/raw/topic"), shown(&view, "/raw/partition"), shown(&view, "/raw/offset"));
    let words = format!("{} of {} came again", text(&view, "/event_id"), text(&view, "/source"));
    entry(kept, Step::Duplicate, words, vec![format!("from {raw}")], view)
}

fn letter(kept: &Kept, mut view: Value) -> Entry {
    let words =
        format!("{} refused {}/{}/{}: {}", text(&view, "/processor"), text(&view, "/topic"), shown(&view, "/partition"), shown(&view, "/offset"), text(&view, "/code"));
    let details =
        vec![text(&view, "/message").to_owned(), format!("see docs/errors/{}.md; `lineside dead-letters show {}` has the bytes", text(&view, "/code"), kept.place())];
    if let Some(record) = view.as_object_mut() {
        record.remove("value");
        record.remove("headers");
    }
    entry(kept, Step::DeadLetter, words, details, view)
}

fn items<'v>(view: &'v Value, name: &str) -> impl Iterator<Item = &'v Value> {
    view.get(name).and_then(Value::as_array).into_iter().flatten()
}

fn posting(kept: &Kept, view: Value) -> Entry {
    let words = format!(
        "number {} of rule {}, {} events, made due by {}, id {}",
        shown(&view, "/sequence"),
        text(&view, "/rule_version"),
        shown(&view, "/covers/event_count"),
        text(&view, "/caused_by_event_id"),
        text(&view, "/posting_id")
    );
    let mut details: Vec<String> = items(&view, "lines")
        .map(|line| {
            format!(
                "line {}: {} {} {} of {}, lot {}, reservation {}/{}",
                shown(line, "/line"),
                text(line, "/movement_type"),
                shown(line, "/quantity/value"),
                text(line, "/quantity/unit"),
                text(line, "/item"),
                shown(line, "/lot"),
                shown(line, "/reservation"),
                shown(line, "/reservation_item")
            )
        })
        .collect();
    details.extend(items(&view, "confirmations").map(|line| {
        format!(
            "operation {}: yield {}, scrap {}, rework {} {}",
            text(line, "/operation"),
            shown(line, "/yield"),
            shown(line, "/scrap"),
            shown(line, "/rework"),
            text(line, "/unit")
        )
    }));
    details.extend(
        items(&view, "held").map(|line| format!("held: {} {} of {}: {}", shown(line, "/quantity"), text(line, "/unit"), shown(line, "/item"), text(line, "/reason"))),
    );
    entry(kept, Step::Posting, words, details, view)
}

fn confirmation(kept: &Kept, view: Value) -> Entry {
    let words = format!(
        "{} of posting number {}: operation {}, yield {}, scrap {}, rework {} {}",
        text(&view, "/confirmation_id"),
        shown(&view, "/sequence"),
        text(&view, "/operation"),
        shown(&view, "/yield_quantity"),
        shown(&view, "/scrap_quantity"),
        shown(&view, "/rework_quantity"),
        text(&view, "/unit")
    );
    entry(kept, Step::Confirmation, words, Vec::new(), view)
}

fn movement(kept: &Kept, view: Value) -> Entry {
    let words = format!("{} of posting number {}, code {}", text(&view, "/document_id"), shown(&view, "/sequence"), text(&view, "/goods_movement_code"));
    let details = items(&view, "items").map(|item| {
        format!(
            "item {}: {} {} {} of {}, lot {}",
            shown(item, "/item"),
            text(item, "/movement_type"),
            shown(item, "/quantity_in_entry_unit"),
            text(item, "/entry_unit"),
            text(item, "/material"),
            shown(item, "/batch")
        )
    });
    let details = details.collect();
    entry(kept, Step::Movement, words, details, view)
}

fn outcome(kept: &Kept, view: Value) -> Entry {
    let finality = if view.get("is_final") == Some(&Value::Bool(true)) { "final" } else { "not final" };
    let words = format!("document {} of posting number {}, {finality}, attempt {}", text(&view, "/document_id"), shown(&view, "/sequence"), shown(&view, "/attempts"));
    let details = items(&view, "lines").map(|line| {
        let said = [text(line, "/error_class"), text(line, "/error_number"), text(line, "/error_text")];
        let said: Vec<&str> = said.into_iter().filter(|said| !said.is_empty()).collect();
        format!(
            "line {}: {} {}/{}/{} {}",
            shown(line, "/line"),
            text(line, "/status"),
            shown(line, "/document"),
            shown(line, "/year"),
            shown(line, "/item"),
            said.join(" ")
        )
        .trim_end()
        .to_owned()
    });
    let details = details.collect();
    entry(kept, Step::Outcome, words, details, view)
}

impl Entry {
    /// As a line of JSON; `after_seconds` since the step before.
    #[must_use]
    pub fn json(&self, after_micros: i64) -> Value {
        let mut line = Map::new();
        line.insert("time".to_owned(), self.time.to_string().into());
        #[expect(clippy::cast_precision_loss, reason = "a duration for people")]
        line.insert("after_seconds".to_owned(), (after_micros as f64 / 1e6).into());
        line.insert("step".to_owned(), self.step.words().into());
        line.insert("place".to_owned(), self.place.clone().into());
        line.insert("text".to_owned(), self.text.clone().into());
        line.insert("details".to_owned(), self.details.clone().into());
        line.insert("record".to_owned(), self.record.clone());
        Value::Object(line)
    }
}
