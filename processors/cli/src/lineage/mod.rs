//! `lineside lineage`: which raw field made each value of an event that was published, from its raw record and the version of the mapping that read it then.
//!
//! * [`arguments`]: what can be asked.
//! * [`published`]: the event on its topic. [`answer`]: printing where its values come from.

pub mod answer;
pub mod arguments;
pub mod published;

use std::io::Write as _;

use lineside_api::{RawRecord, Refusal};
use lineside_normalizer::{ExplainedEvent, MasterIndex, Plan, VersionError};
use lineside_registry::{RegistryClient, RegistryError};
use lineside_runtime::StartError;
use lineside_schemas::json::{JsonError, to_json};
use lineside_schemas::{Codec, CodecError};

use self::answer::Answer;
use self::arguments::LineageArguments;
use self::published::Published;
use crate::dead_letters::place::Place;
use crate::dead_letters::reader::{Held, Reader, ReaderError};

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub enum LineageError {
    /// Kafka.
    #[error(transparent)]
    Reader(#[from] ReaderError),
    /// The schema registry.
    #[error(transparent)]
    Registry(#[from] RegistryError),
    /// The record is not in wire format.
    #[error("{place}: {error}")]
    WireFormat {
        /// Where it stands.
        place: Place,
        /// What is wrong with it.
        error: CodecError,
    },
    /// The record is not what its schema says.
    #[error("{place}: {error}")]
    View {
        /// Where it stands.
        place: Place,
        /// What is wrong with it.
        error: JsonError,
    },
    /// The record has no envelope.
    #[error("{0} is no canonical event: it has no envelope that names a raw record. Postings and what follows them name the events that they cover")]
    NoEvent(Place),
    /// The raw record is no longer held.
    #[error(
        "the raw record {raw} has expired: the topic holds offsets {low} to below {high} of that partition. Mapping {mapping} read it; with the bytes from an archive, `lineside explain --lineage` answers"
    )]
    Expired {
        /// Where it stood.
        raw: Place,
        /// First offset held.
        low: i64,
        /// Offset after the last.
        high: i64,
        /// What read it.
        mapping: String,
    },
    /// The mappings cannot be used.
    #[error(transparent)]
    Mappings(#[from] StartError),
    /// No such version.
    #[error(transparent)]
    Version(#[from] VersionError),
    /// The mapping refuses the record.
    #[error("mapping {mapping} refuses the raw record {raw}: {code}: {message}")]
    Refused {
        /// The record.
        raw: Place,
        /// The mapping.
        mapping: String,
        /// Code of the refusal.
        code: &'static str,
        /// Its reason.
        message: String,
    },
    /// The mapping makes no such event of the record.
    #[error("mapping {mapping} makes no event {event_id} of the raw record {raw}; it makes {made}")]
    NotMade {
        /// The record.
        raw: Place,
        /// The mapping.
        mapping: String,
        /// What was asked for.
        event_id: String,
        /// Ids of what it makes.
        made: String,
    },
    /// Made again, the event is not what was published: not all of the answer is true of it.
    #[error(
        "made again, the event is not what was published: {0} differ. The mapping was changed without a new version, master data were corrected since, or the raw record is another one"
    )]
    Differs(String),
    /// Standard output cannot be written.
    #[error("standard output: {0}")]
    Output(std::io::Error),
}

/// Prints where the values of the event, or of every event of a raw record, come from.
///
/// # Errors
/// [`LineageError`], in words for an operator.
pub fn run(arguments: &LineageArguments) -> Result<(), LineageError> {
    let reader = Reader::new(&arguments.reach.connection)?;
    let versions = arguments.normalizer.mapping_versions()?;
    let (mapping, raw, published) = if let Some(mapping) = &arguments.mapping {
        (mapping.clone(), arguments.place.clone(), None)
    } else {
        let published = published(&reader, arguments)?;
        (published.mapping_version.clone(), published.raw.clone(), Some(published))
    };
    let plan = versions.plan(&mapping)?;
    let held = raw_record(&reader, &raw, &mapping)?;
    let record = RawRecord {
        topic: &raw.topic,
        partition: raw.partition,
        offset: raw.offset,
        index: None,
        time: held.written,
        key: None,
        value: held.value.as_deref(),
        headers: &[],
    };
    let master = master_data(&reader, &plan, arguments)?;
    let events = plan.explain_with(&record, &arguments.normalizer.limits(), &master).map_err(|refusal| refused(&raw, &mapping, *refusal))?;
    let wanted = published.as_ref().map(|published| published.event_id.as_str()).or(arguments.event_id.as_deref());
    let events = chosen(events, wanted, published.as_ref(), (&raw, &mapping))?;
    let mut differing = Vec::new();
    for event in &events {
        let made = to_json(event.contract.schema_text(), &event.datum).map_err(|error| LineageError::View { place: raw.clone(), error })?;
        differing.extend(published.iter().flat_map(|published| published.differing(&made)));
        let view = published.as_ref().map_or(&made, |published| &published.view);
        let answer = Answer { place: published.as_ref().map(|published| &published.place), raw: &raw, read: held.written, mapping: &mapping, event, view };
        print(&answer.told(arguments.format))?;
    }
    if differing.is_empty() { Ok(()) } else { Err(LineageError::Differs(differing.join(", "))) }
}

fn published(reader: &Reader, arguments: &LineageArguments) -> Result<Published, LineageError> {
    let place = &arguments.place;
    let held = reader.one(place)?;
    let Some(bytes) = held.value else { return Err(LineageError::NoEvent(place.clone())) };
    let (id, datum) = lineside_schemas::codec::split(&bytes).map_err(|error| LineageError::WireFormat { place: place.clone(), error })?;
    // By the schema that it was written with: the contract may have changed since.
    let schema = RegistryClient::new(&arguments.reach.connection.registry())?.schema_by_id(id)?;
    let view = to_json(&schema, datum).map_err(|error| LineageError::View { place: place.clone(), error })?;
    Published::of(place.clone(), view).ok_or_else(|| LineageError::NoEvent(place.clone()))
}

fn raw_record(reader: &Reader, raw: &Place, mapping: &str) -> Result<Held, LineageError> {
    reader.one(raw).map_err(|error| match error {
        ReaderError::NoRecord { place, low, high } if place.offset < low => LineageError::Expired { raw: place, low, high, mapping: mapping.to_owned() },
        error => error.into(),
    })
}

/// The master data that the mapping refers to, as it is known now: what held at the event's time is told by the times in it.
fn master_data(reader: &Reader, plan: &Plan, arguments: &LineageArguments) -> Result<MasterIndex, LineageError> {
    let entities = plan.entities();
    let topics: Vec<String> = entities.iter().map(|entity| entity.topic().to_owned()).collect();
    let mut index = MasterIndex::new(entities.iter().copied());
    if topics.is_empty() {
        return Ok(index);
    }
    let codec = Codec::new(Box::new(RegistryClient::new(&arguments.reach.connection.registry())?));
    reader.each(&topics, None, &mut |stored| {
        let key = String::from_utf8_lossy(stored.key.unwrap_or_default());
        if let Err(error) = index.apply(&stored.place.topic, &key, stored.value, &codec, &mut |_| {}) {
            eprintln!("lineside: left out {}, which is no master data: {error}", stored.place);
        }
        Ok::<(), LineageError>(())
    })?;
    Ok(index)
}

fn refused(raw: &Place, mapping: &str, refusal: Refusal) -> LineageError {
    LineageError::Refused { raw: raw.clone(), mapping: mapping.to_owned(), code: refusal.code, message: refusal.message }
}

/// The event of that id, on the topic where it was published; all of them where no id is asked for.
fn chosen(events: Vec<ExplainedEvent>, wanted: Option<&str>, published: Option<&Published>, (raw, mapping): (&Place, &str)) -> Result<Vec<ExplainedEvent>, LineageError> {
    let Some(wanted) = wanted else { return Ok(events) };
    let made = events.iter().map(|event| event.event_id.as_str()).collect::<Vec<_>>().join(", ");
    let is_wanted = |event: &ExplainedEvent| event.event_id == wanted && published.is_none_or(|published| published.place.topic == event.topic);
    let found: Vec<_> = events.into_iter().filter(is_wanted).collect();
    if found.is_empty() {
        return Err(LineageError::NotMade { raw: raw.clone(), mapping: mapping.to_owned(), event_id: wanted.to_owned(), made });
    }
    Ok(found)
}

/// Prints all of it; a reader that has closed the pipe has seen enough.
fn print(text: &str) -> Result<(), LineageError> {
    match std::io::stdout().lock().write_all(text.as_bytes()) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => Err(LineageError::Output(error)),
        _ => Ok(()),
    }
}
