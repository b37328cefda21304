//! `lineside dead-letters`: what processors refused, listed, shown, and given back byte for byte.
//!
//! * [`arguments`]: what can be asked.
//! * [`filter`], [`letter`], [`latest`], [`table`], [`report`], [`content`]: choosing and rendering; no Kafka.
//! * [`reader`]: the topics. [`export`]: files.

pub mod arguments;
pub mod content;
pub mod export;
pub mod filter;
pub mod latest;
pub mod letter;
pub mod moment;
pub mod place;
pub mod reader;
pub mod report;
pub mod table;

use std::io::{IsTerminal as _, Write as _};
use std::path::PathBuf;

use lineside_registry::{RegistryClient, RegistryError};
use lineside_schemas::{Codec, CodecError, SchemaSourceError, Timestamp, contract};

use self::arguments::{DeadLettersArguments, DeadLettersCommand, ExportArguments, ListArguments, ListFormat, ReachArguments, ShowArguments, ShowFormat};
use self::filter::Filter;
use self::latest::Latest;
use self::letter::Letter;
use self::place::Place;
use self::reader::{Reader, ReaderError, Stored};

/// Why a command failed.
#[derive(Debug, thiserror::Error)]
pub enum DeadLettersError {
    /// Kafka.
    #[error(transparent)]
    Reader(#[from] ReaderError),
    /// The schema registry.
    #[error(transparent)]
    Registry(#[from] RegistryError),
    /// A record is no dead letter that this program can read.
    #[error("{place}: {error}")]
    Unreadable {
        /// Where it stands.
        place: Place,
        /// What is wrong with it.
        error: CodecError,
    },
    /// The view of a record in JSON.
    #[error("{place}: {error}")]
    View {
        /// Where it stands.
        place: Place,
        /// What is wrong with it.
        error: lineside_schemas::json::JsonError,
    },
    /// A file cannot be written.
    #[error("{}: {error}", path.display())]
    File {
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        error: std::io::Error,
    },
    /// Standard output cannot be written.
    #[error("standard output: {0}")]
    Output(std::io::Error),
}

/// Does what is asked; `now` is what times such as `2h` are counted back from.
///
/// # Errors
/// [`DeadLettersError`], in words for an operator.
pub fn run(arguments: &DeadLettersArguments, now: Timestamp) -> Result<(), DeadLettersError> {
    match &arguments.command {
        None => list(&arguments.list, now),
        Some(DeadLettersCommand::List(arguments)) => list(arguments, now),
        Some(DeadLettersCommand::Show(arguments)) => show(arguments),
        Some(DeadLettersCommand::Export(arguments)) => export(arguments, now),
    }
}

fn codec(reach: &ReachArguments) -> Result<Codec, DeadLettersError> {
    Ok(Codec::new(Box::new(RegistryClient::new(&reach.connection.registry())?)))
}

/// The dead letter of a record; none, and a word about it, where the record is none. A silent registry ends it all.
fn decoded<'a>(codec: &Codec, stored: &Stored<'a>) -> Result<Option<lineside_schemas::records::DeadLetter<'a>>, DeadLettersError> {
    match codec.decode::<contract::DeadLetter>(stored.value.unwrap_or_default()) {
        Ok(letter) => Ok(Some(letter)),
        Err(error @ CodecError::Schema { reason: SchemaSourceError::Unavailable(_), .. }) => Err(DeadLettersError::Unreadable { place: stored.place.clone(), error }),
        Err(error) => {
            eprintln!("lineside: left out {}, which is no dead letter: {error}", stored.place);
            Ok(None)
        }
    }
}

fn list(arguments: &ListArguments, now: Timestamp) -> Result<(), DeadLettersError> {
    let reader = Reader::new(&arguments.reach.connection)?;
    let codec = codec(&arguments.reach)?;
    let filter = Filter::of(&arguments.filter, now);
    let mut latest = Latest::new(usize::from(arguments.limit));
    reader.each(&reader.topics(arguments.filter.processor.as_deref())?, filter.since, &mut |stored| {
        if let Some(letter) = decoded(&codec, &stored)?
            && filter.admits(&letter, stored.written)
        {
            latest.add(Letter::of(stored.place, stored.written, &letter));
        }
        Ok::<(), DeadLettersError>(())
    })?;
    let matched = latest.matched();
    let letters = latest.finish();
    let as_table = || std::io::stdout().is_terminal();
    let format = arguments.format.unwrap_or_else(|| if as_table() { ListFormat::Table } else { ListFormat::Json });
    print(&match format {
        ListFormat::Table => table::table(&letters),
        ListFormat::Json => table::json_lines(&letters),
    })?;
    if letters.len() < matched {
        eprintln!("lineside: the latest {} of {matched} that match; --limit shows more", letters.len());
    }
    Ok(())
}

fn show(arguments: &ShowArguments) -> Result<(), DeadLettersError> {
    let place = &arguments.place;
    let record = Reader::new(&arguments.reach.connection)?.one(place)?;
    let bytes = record.value.as_deref().unwrap_or_default();
    let unreadable = |error| DeadLettersError::Unreadable { place: place.clone(), error };
    match arguments.format {
        ShowFormat::Text => {
            let letter = codec(&arguments.reach)?.decode::<contract::DeadLetter>(bytes).map_err(unreadable)?;
            print(&report::report(place, record.written, &letter))
        }
        ShowFormat::Json => {
            // By the schema that it was written with, so that nothing is left out.
            let (id, datum) = lineside_schemas::codec::split(bytes).map_err(unreadable)?;
            let schema = RegistryClient::new(&arguments.reach.connection.registry())?.schema_by_id(id)?;
            let view = lineside_schemas::json::to_json(&schema, datum).map_err(|error| DeadLettersError::View { place: place.clone(), error })?;
            print(&format!("{view:#}\n"))
        }
    }
}

fn export(arguments: &ExportArguments, now: Timestamp) -> Result<(), DeadLettersError> {
    let reader = Reader::new(&arguments.reach.connection)?;
    let codec = codec(&arguments.reach)?;
    let Some(place) = &arguments.place else {
        let filter = Filter::of(&arguments.filter, now);
        let mut folder = export::Folder::create(&arguments.output)?;
        reader.each(&reader.topics(arguments.filter.processor.as_deref())?, filter.since, &mut |stored| match decoded(&codec, &stored)? {
            Some(letter) if filter.admits(&letter, stored.written) => folder.add(&Letter::of(stored.place, stored.written, &letter), letter.value),
            _ => Ok(()),
        })?;
        eprintln!("lineside: {} files in {}, listed in {}", folder.count(), arguments.output.display(), export::INDEX);
        return Ok(());
    };
    let record = reader.one(place)?;
    let bytes = record.value.as_deref().unwrap_or_default();
    let letter = codec.decode::<contract::DeadLetter>(bytes).map_err(|error| DeadLettersError::Unreadable { place: place.clone(), error })?;
    if letter.value.is_none() {
        eprintln!("lineside: the record that {place} is about has no value");
    }
    export::write_to(&arguments.output, letter.value.unwrap_or_default())
}

/// Prints all of it; a reader that has closed the pipe has seen enough.
fn print(text: &str) -> Result<(), DeadLettersError> {
    match std::io::stdout().lock().write_all(text.as_bytes()) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => Err(DeadLettersError::Output(error)),
        _ => Ok(()),
    }
}
