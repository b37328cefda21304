//! `lineside try`: the raw documents of a folder through the whole topology in memory: events, postings and books, without Kafka.
//!
//! * [`arguments`]: what can be asked. [`folder`]: which documents. [`postings`]: the postings as tables.
//!
//! The processors and the views are those of [`explain`](crate::explain).

pub mod arguments;
pub mod folder;
pub mod postings;

use std::io::Write as _;
use std::path::PathBuf;
use std::sync::Arc;

use lineside_api::RawRecord;
use lineside_normalizer::{Limits, MappingSet, Plan, Scratch};
use lineside_runtime::StartError;
use lineside_schemas::Timestamp;
use serde_json::json;

use self::arguments::{TryArguments, TryFormat};
use self::folder::FolderError;
use crate::explain::arguments::{AUTO, ExplainFormat};
use crate::explain::input::{self, InputError};
use crate::explain::lines;
use crate::explain::made::Output;
use crate::explain::source::{Sources, UnknownSource};
use crate::explain::text;
use crate::explain::view::{ViewError, Views};
use crate::explain::world::{World, WorldError};
use crate::rules::files::{self, RuleFileError};

/// Why nothing can be tried.
#[derive(Debug, thiserror::Error)]
pub enum TryError {
    /// The mappings cannot be used.
    #[error(transparent)]
    Mappings(#[from] StartError),
    /// A rule file.
    #[error(transparent)]
    Rules(#[from] RuleFileError),
    /// A folder cannot be read.
    #[error(transparent)]
    Folder(#[from] FolderError),
    /// A file cannot be read.
    #[error(transparent)]
    Input(#[from] InputError),
    /// No mapping is for the source.
    #[error(transparent)]
    Source(#[from] UnknownSource),
    /// The processors cannot be run.
    #[error(transparent)]
    World(#[from] WorldError),
    /// A record has no view.
    #[error(transparent)]
    View(#[from] ViewError),
    /// Standard output cannot be written.
    #[error("standard output: {0}")]
    Output(std::io::Error),
}

/// Runs the documents and prints what becomes of them. Gives how many were refused.
///
/// # Errors
/// [`TryError`], in words for people who write mappings and rules.
pub fn run(arguments: &TryArguments, now: Timestamp) -> Result<usize, TryError> {
    let mappings: Arc<MappingSet> = Arc::new(arguments.normalizer.mapping_set()?);
    let limits = arguments.normalizer.limits();
    let sources = Sources::new(&mappings, AUTO)?;
    let mut world = World::new(&mappings, &arguments.normalizer, None)?;
    for file in &arguments.rules {
        world.put_rules(&files::read(file)?.as_if_approved())?;
    }
    let views = Views::new(false)?;
    let mut refused = 0;
    // Documents arrive when the latest of their events happened, but never before the one before.
    let (mut clock, mut scratch) = (None::<Timestamp>, Scratch::default());
    let mut outputs: Vec<Output> = Vec::new();
    let documents = folder::documents(&arguments.master)?.into_iter().chain(folder::documents(std::slice::from_ref(&arguments.folder))?);
    input::each(&documents.collect::<Vec<PathBuf>>(), arguments.lines, &mut |record| {
        let printed = match sources.of(record.bytes) {
            Err(unclear) => {
                refused += 1;
                unclear.told(record.name, if arguments.format == TryFormat::Table { ExplainFormat::Table } else { ExplainFormat::Json })
            }
            Ok(plan) => {
                let happened = happened(plan, record.bytes, &limits, &mut scratch);
                clock = clock.max(happened);
                let time = arguments.ingest_time.map_or(clock.unwrap_or(now), |moment| moment.instant(now));
                let fed = world.feed(plan, record, time)?;
                let mut printed = String::new();
                for told in std::iter::once(fed.record).chain(fed.resumed) {
                    refused += usize::from(told.made.is_refused());
                    let shown = lines::Shown {
                        record: &told.name,
                        bytes: &told.bytes,
                        time: told.time,
                        plan: told.plan,
                        limits: &limits,
                        master: world.master(),
                        made: &told.made,
                        views: &views,
                        outputs: false,
                        lineage: false,
                    };
                    printed += &match arguments.format {
                        TryFormat::Table if arguments.events => text::text(&shown)?,
                        TryFormat::Table => postings::document(&shown)?,
                        TryFormat::Json => lines::lines(&shown)?,
                    };
                    outputs.extend(told.made.outputs);
                }
                printed
            }
        };
        print(&printed)
    })?;
    if let Some(until) = arguments.until {
        outputs.extend(world.pass_until(until.instant(now))?);
    }
    print(&match arguments.format {
        TryFormat::Table => postings::text(&outputs, &views)?,
        TryFormat::Json => {
            let line = |output: &Output| Ok(format!("{}\n", json!({"topic": output.topic, "key": output.key, "value": views.plain(&output.topic, &output.value)?})));
            outputs.iter().map(line).collect::<Result<String, ViewError>>()?
        }
    })?;
    Ok(refused)
}

/// When the latest event of a document happened; nothing of one that is refused or has none.
fn happened(plan: &Plan, bytes: &[u8], limits: &Limits, scratch: &mut Scratch) -> Option<Timestamp> {
    let raw = RawRecord { topic: plan.topic(), partition: 0, offset: 0, index: None, time: Timestamp::EPOCH, key: None, value: Some(bytes), headers: &[] };
    plan.apply(&raw, limits, scratch).ok()?.iter().map(|event| event.source_time).max()
}

/// Prints all of it; a reader that has closed the pipe has seen enough.
fn print(text: &str) -> Result<(), TryError> {
    match std::io::stdout().lock().write_all(text.as_bytes()) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => Err(TryError::Output(error)),
        _ => Ok(()),
    }
}
