//! `lineside parked`: which records wait for master data, for what, since when, and behind whom. It reads the changelog of the normalizer's store.

pub mod arguments;
pub mod waiting;

use std::collections::BTreeMap;
use std::io::{IsTerminal as _, Write as _};

use lineside_registry::{RegistryClient, RegistryError};
use lineside_schemas::{Codec, CodecError, contract};
use lineside_topology::processors::{NORMALIZER, PARKED};
use lineside_topology::topics::{RAW_PREFIX, changelog_topic};

use self::arguments::ParkedArguments;
use self::waiting::Waiting;
use crate::dead_letters::arguments::ListFormat;
use crate::dead_letters::reader::{Reader, ReaderError};

/// Why nothing can be listed.
#[derive(Debug, thiserror::Error)]
pub enum ParkedError {
    /// Kafka.
    #[error(transparent)]
    Reader(#[from] ReaderError),
    /// The schema registry.
    #[error(transparent)]
    Registry(#[from] RegistryError),
    /// A record of the changelog cannot be read.
    #[error("{key}: {error}")]
    Unreadable {
        /// Its key.
        key: String,
        /// What is wrong with it.
        error: CodecError,
    },
    /// Standard output cannot be written.
    #[error("standard output: {0}")]
    Output(std::io::Error),
}

/// Does what is asked.
///
/// # Errors
/// [`ParkedError`], in words for an operator.
pub fn run(arguments: &ParkedArguments) -> Result<(), ParkedError> {
    let reader = Reader::new(&arguments.reach.connection)?;
    let codec = Codec::new(Box::new(RegistryClient::new(&arguments.reach.connection.registry())?));
    // The last record of each key counts; what went on has none.
    let mut kept: BTreeMap<(i32, String), Option<Waiting>> = BTreeMap::new();
    reader.each(&[changelog_topic(&NORMALIZER, PARKED.name())], None, &mut |stored| {
        let key = String::from_utf8_lossy(stored.key.unwrap_or_default()).into_owned();
        let waiting = match stored.value.map(|value| codec.decode::<contract::ParkedRecord>(value)).transpose() {
            Ok(record) => record.map(|record| Waiting::of(&record)),
            Err(error) => return Err(ParkedError::Unreadable { key, error }),
        };
        kept.insert((stored.place.partition, key), waiting);
        Ok(())
    })?;
    let topic = arguments.source.as_ref().map(|source| format!("{RAW_PREFIX}{source}"));
    let waiting: Vec<Waiting> = kept.into_values().flatten().filter(|waiting| topic.as_ref().is_none_or(|topic| *topic == waiting.place.topic)).collect();
    let format = arguments.format.unwrap_or_else(|| if std::io::stdout().is_terminal() { ListFormat::Table } else { ListFormat::Json });
    let text = match (arguments.missing, format) {
        (true, ListFormat::Table) => waiting::missing_table(&waiting),
        (true, ListFormat::Json) => waiting::missing_lines(&waiting),
        (false, ListFormat::Table) => waiting::table(&waiting),
        (false, ListFormat::Json) => waiting::lines(&waiting),
    };
    match std::io::stdout().lock().write_all(text.as_bytes()) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => Err(ParkedError::Output(error)),
        _ => Ok(()),
    }
}
