//! `lineside postings`: documents on their way into the ERP, as the ERP connector's ledger has them; and a person's word on one in doubt.
//!
//! * [`arguments`]: what can be asked.
//! * [`ledger`]: the ledger, read from its changelog. [`listed`]: one of its documents, rendered.
//! * [`settle`]: a person's word, written.

pub mod arguments;
mod ledger;
mod listed;
mod settle;

use std::io::{IsTerminal as _, Write as _};

use lineside_registry::RegistryError;
use lineside_schemas::{CodecError, SchemaSourceError, Timestamp};

use self::arguments::{ListArguments, PostingsCommand, ShowArguments};
use self::ledger::Ledger;
use self::listed::Listed;
use crate::dead_letters::arguments::ListFormat;
use crate::dead_letters::reader::ReaderError;

/// Why a command failed.
#[derive(Debug, thiserror::Error)]
pub enum PostingsError {
    /// Kafka.
    #[error(transparent)]
    Reader(#[from] ReaderError),
    /// The schema registry.
    #[error(transparent)]
    Registry(#[from] RegistryError),
    /// The registry has no schema for the record.
    #[error(transparent)]
    Schema(#[from] SchemaSourceError),
    /// A record that this program cannot read or write.
    #[error(transparent)]
    Codec(#[from] CodecError),
    /// No such document, or more than one that begins so.
    #[error("{0}")]
    Document(String),
    /// The record could not be written.
    #[error("write to {topic}: {source}")]
    Write {
        /// Topic.
        topic: &'static str,
        /// What Kafka said.
        source: rdkafka::error::KafkaError,
    },
    /// Standard output cannot be written.
    #[error("standard output: {0}")]
    Output(std::io::Error),
}

/// Does what is asked; `now` is what ages are counted to.
///
/// # Errors
/// [`PostingsError`], in words for an operator.
pub fn run(command: &PostingsCommand, now: Timestamp) -> Result<(), PostingsError> {
    match command {
        PostingsCommand::List(arguments) => list(arguments, now),
        PostingsCommand::Show(arguments) => show(arguments, now),
        PostingsCommand::Settle(arguments) => settle::settle(arguments, now),
    }
}

fn list(arguments: &ListArguments, now: Timestamp) -> Result<(), PostingsError> {
    let ledger = Ledger::read(&arguments.reach)?;
    let wanted = |listed: &Listed| {
        let state = if arguments.state.is_empty() { !listed.is_settled() } else { arguments.state.iter().any(|state| listed.is(*state)) };
        state && arguments.plant.as_ref().is_none_or(|plant| *plant == listed.plant) && arguments.order.as_ref().is_none_or(|order| *order == listed.order)
    };
    let mut found: Vec<&Listed> = ledger.documents().filter(|listed| wanted(listed)).collect();
    found.sort_by_key(|listed| listed.rank());
    let limit = usize::from(arguments.limit);
    let shown = &found[..found.len().min(limit)];
    let format = arguments.format.unwrap_or_else(|| if std::io::stdout().is_terminal() { ListFormat::Table } else { ListFormat::Json });
    print(&match format {
        ListFormat::Table => listed::table(shown, now),
        ListFormat::Json => shown.iter().map(|listed| listed.json(now) + "\n").collect(),
    })?;
    if found.len() > limit {
        eprintln!("lineside: {limit} of {} that match; --limit shows more", found.len());
    }
    Ok(())
}

fn show(arguments: &ShowArguments, now: Timestamp) -> Result<(), PostingsError> {
    let ledger = Ledger::read(&arguments.reach)?;
    print(&listed::report(ledger.one(&arguments.document)?, now))
}

/// Prints all of it; a reader that has closed the pipe has seen enough.
fn print(text: &str) -> Result<(), PostingsError> {
    match std::io::stdout().lock().write_all(text.as_bytes()) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => Err(PostingsError::Output(error)),
        _ => Ok(()),
    }
}
