//! The beginning of a mapping, from a sample document: what can be inferred from names and values, marked as guesses, and what only a person can choose, marked
//! `CHOOSE`.
//!
//! * [`sniff`]: the format; [`encoding`]: how its characters are written; [`rows`]: of CSV what stands around it. [`shape`]: what stands where, and what is repeated.
//! * [`guess`]: which value fits which field. [`choice`]: which event fits best, and where.
//! * [`write`]: the YAML.
//!
//! Nothing inferred is ever a constant that would stand in events: a path named `CHOOSE` finds nothing, so a mapping with choices left open refuses.

mod choice;
mod encoding;
mod guess;
mod rows;
mod shape;
mod sniff;
mod write;

use std::collections::BTreeSet;

use bumpalo::Bump;
use lineside_yaml::{Errors, Item, Value};

use crate::document::Document;
use crate::limits::Limits;
use crate::mapping::contract;

/// What stands where a person has to choose.
pub const CHOOSE: &str = "CHOOSE";

/// Lines of a mapping file, from 1, on which [`CHOOSE`] still stands where something has to be chosen. None of a file that is no YAML.
#[must_use]
pub fn left_open(text: &str) -> Vec<usize> {
    let mut lines = BTreeSet::new();
    if let Some(file) = lineside_yaml::read(text, &mut Errors::new("")) {
        collect_open(&file, &mut lines);
    }
    lines.into_iter().collect()
}

fn collect_open(item: &Item, lines: &mut BTreeSet<usize>) {
    match &item.value {
        Value::Scalar(text) if text == CHOOSE => {
            lines.insert(item.line);
        }
        Value::Scalar(_) => {}
        Value::List(items) => items.iter().for_each(|item| collect_open(item, lines)),
        Value::Map(entries) => {
            for entry in entries {
                if entry.key == CHOOSE {
                    lines.insert(entry.line);
                }
                collect_open(&entry.item, lines);
            }
        }
    }
}

/// What is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wish<'a> {
    /// Name of the source: `<plant>.<name>`.
    pub source: &'a str,
    /// Name of the sample, for the file's first line.
    pub sample: &'a str,
    /// Contract of the events; the one that fits best if none is named.
    pub contract: Option<&'a str>,
    /// Types of the events, a rule for each; the one that fits best if none is named.
    pub event_types: &'a [&'a str],
}

/// Why no mapping can be begun.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DraftError {
    /// The sample is in no format that mappings read.
    #[error("the sample is neither JSON, JSON lines, XML, CSV, X12 nor EDIFACT")]
    UnknownFormat,
    /// The sample cannot be read.
    #[error("the sample looks like {format}, but cannot be read: {reason}")]
    Unreadable {
        /// Name of the format.
        format: &'static str,
        /// What is wrong.
        reason: String,
    },
    /// The interchange holds nothing that a mapping could read.
    #[error("the sample holds no {0}; take one that holds the document to be mapped")]
    NoDocument(&'static str),
    /// There is no such contract.
    #[error("there is no contract `{0}`{1}")]
    UnknownContract(String, String),
    /// The contracts have no such type of event.
    #[error("no contract has an event type `{0}`{1}")]
    UnknownType(String, String),
}

/// A mapping file for documents like this one.
///
/// # Errors
/// [`DraftError`].
pub fn draft(wish: &Wish<'_>, sample: &[u8]) -> Result<String, DraftError> {
    let arena = Bump::new();
    let sniffed = sniff::sniff(sample)?;
    let (format, namespaces) = (&sniffed.format, &sniffed.namespaces);
    let document = Document::parse(format, sample, namespaces, &Limits::DEFAULT, &arena)
        .map_err(|fault| DraftError::Unreadable { format: sniffed.name, reason: fault.message.clone() })?;
    let contracts = match wish.contract {
        Some(name) => vec![contract(name).map_err(|known| DraftError::UnknownContract(name.to_owned(), known))?],
        None => lineside_topology::CANONICAL.iter().filter_map(|topic| contract(topic.contract.name()).ok()).collect(),
    };
    let shape = shape::Shape::new(document, &sniffed).map_err(DraftError::NoDocument)?;
    let wanted = wish.event_types.iter().map(|wanted| Some(*wanted)).chain(wish.event_types.is_empty().then_some(None));
    let choices = wanted.map(|wanted| choice::choose(&shape, &contracts, wish, wanted)).collect::<Result<Vec<_>, _>>()?;
    Ok(write::write(wish, &sniffed, &shape, &choices))
}
