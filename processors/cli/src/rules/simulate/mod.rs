//! `lineside rules simulate`: history run again in memory, by the rules as they are and as they would be; nothing is written.
//!
//! * [`history`]: what is run: events and tables, from the cluster. [`run`]: the real order aggregator over it, in memory.
//! * [`compare`]: which postings differ. [`render`]: saying so.

pub mod compare;
pub mod history;
pub mod render;
pub mod run;
#[cfg(test)]
mod walk_through;

use lineside_posting_rules::{RuleBook, RuleSet};
use lineside_schemas::{CodecError, Timestamp};

use self::compare::Comparison;
use self::history::History;
use self::run::{RunError, postings};
use super::arguments::{SimulateArguments, SimulateFormat};
use super::topic::RulesTopic;
use super::{Outcome, RulesError, files, print};
use crate::explain::view::ViewError;

/// Why a simulation failed.
#[derive(Debug, thiserror::Error)]
pub enum SimulateError {
    /// The processor in memory.
    #[error(transparent)]
    Run(#[from] RunError),
    /// A record of the cluster.
    #[error("{topic}: {error}")]
    Record {
        /// Its topic.
        topic: String,
        /// What is wrong.
        error: CodecError,
    },
    /// More than fits in memory.
    #[error("more than {0} events since then: narrow the time with --since and --until, or --plant or --order, or raise --limit")]
    TooMany(usize),
    /// A posting has no view.
    #[error(transparent)]
    View(#[from] ViewError),
}

/// Runs the history of the cluster both ways and says what would differ.
///
/// # Errors
/// [`RulesError`]
pub fn run(arguments: &SimulateArguments, now: Timestamp) -> Result<Outcome, RulesError> {
    let new = files::read(&arguments.file)?;
    let since = arguments.since.instant(now);
    let new = if arguments.from_start { RuleSet { effective_from: since, ..new } } else { new };
    let connection = &arguments.reach.connection;
    let book = RulesTopic::new(connection)?.book()?;
    let history = History::read(connection, arguments, since, now)?;
    eprintln!("lineside: {} events of {} orders since {since}; running them twice in memory", history.events.len(), history.orders());
    let comparison = simulate(&history, &book, &new)?;
    print(&match arguments.format {
        SimulateFormat::Table => render::text(&new.id(), &comparison),
        SimulateFormat::Json => render::json_lines(&comparison),
    })?;
    Ok(if comparison.differing.is_empty() { Outcome::Done } else { Outcome::Differs })
}

/// What would differ if `new` were published and approved beside what `book` holds.
///
/// # Errors
/// [`SimulateError`]
pub fn simulate(history: &History, book: &RuleBook, new: &RuleSet) -> Result<Comparison, SimulateError> {
    let published: Vec<RuleSet> = book.sets().filter(|set| **set != RuleSet::built_in()).cloned().collect();
    let changed: Vec<RuleSet> = published.iter().filter(|set| set.id() != new.id()).cloned().chain([new.clone().as_if_approved()]).collect();
    let before = postings(history, &published)?;
    let after = postings(history, &changed)?;
    Ok(compare::compare(history, &before, &after))
}
