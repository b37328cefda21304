//! `lineside books`: whether the books of orders close, and what is open or wrong.
//!
//! * [`arguments`]: what can be asked. [`find`]: the books as they were published. [`recompute`]: as they stood at a moment.
//! * [`table`]: printing them.

pub mod arguments;
pub mod find;
pub mod recompute;
pub mod table;

use std::io::{IsTerminal as _, Write as _};

use lineside_registry::{RegistryClient, RegistryError};
use lineside_schemas::json::JsonError;
use lineside_schemas::{Codec, CodecError, Timestamp};
use lineside_testkit::WorkerError;

use self::arguments::{BooksArguments, BooksFormat};
use self::find::{Published, Selection};
use crate::records::{Records, RecordsError};

/// Why books cannot be shown.
#[derive(Debug, thiserror::Error)]
pub enum BooksError {
    /// Kafka.
    #[error(transparent)]
    Records(#[from] RecordsError),
    /// The schema registry.
    #[error(transparent)]
    Registry(#[from] RegistryError),
    /// A record is not what its topic says.
    #[error("{topic}: {error}")]
    Unreadable {
        /// Its topic.
        topic: String,
        /// What is wrong with it.
        error: CodecError,
    },
    /// The view of a record in JSON.
    #[error(transparent)]
    View(#[from] JsonError),
    /// The reconciler in memory.
    #[error("the reconciler in memory: {0}")]
    Worker(#[from] WorkerError),
    /// No such books.
    #[error("there are no books {0}")]
    Nothing(String),
    /// Standard output cannot be written.
    #[error("standard output: {0}")]
    Output(std::io::Error),
}

/// Prints the books that the arguments choose. Gives whether any of them has a gap.
///
/// # Errors
/// [`BooksError`], in words for an operator.
pub fn run(arguments: &BooksArguments, now: Timestamp) -> Result<bool, BooksError> {
    let records = Records::new(&arguments.reach.connection)?;
    let codec = Codec::new(Box::new(RegistryClient::new(&arguments.reach.connection.registry())?));
    let selection = Selection::of(arguments);
    let published = match arguments.at {
        None => Published::read(&records, &codec, &selection)?,
        Some(moment) => recompute::at(&records, &codec, &selection, moment.instant(now))?,
    };
    if published.is_empty() {
        return Err(BooksError::Nothing(selection.words()));
    }
    let as_table = || std::io::stdout().is_terminal();
    let format = arguments.format.unwrap_or_else(|| if as_table() { BooksFormat::Table } else { BooksFormat::Json });
    let text = match format {
        BooksFormat::Table => table::text(&published, now)?,
        BooksFormat::Json => table::json_lines(&published)?,
    };
    print(&text)?;
    published.has_gap()
}

/// Prints all of it; a reader that has closed the pipe has seen enough.
pub(crate) fn print(text: &str) -> Result<(), BooksError> {
    match std::io::stdout().lock().write_all(text.as_bytes()) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => Err(BooksError::Output(error)),
        _ => Ok(()),
    }
}
