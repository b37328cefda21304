//! `lineside explain`: what becomes of documents, by the real mappings and the real processors, without Kafka.
//!
//! * [`arguments`]: what can be asked. [`input`]: records from files. [`source`]: whose they are.
//! * [`master`]: master data given for it.
//! * [`world`], [`made`]: the processors in memory, and what they made of a record.
//! * [`view`], [`avro_json`], [`lines`], [`text`]: printing it.

pub mod arguments;
pub mod avro_json;
pub mod input;
pub mod lines;
pub mod made;
pub mod master;
pub mod source;
pub mod text;
pub mod view;
pub mod world;

use std::io::Write as _;
use std::sync::Arc;

use lineside_normalizer::MappingSet;
use lineside_runtime::StartError;
use lineside_schemas::Timestamp;

use self::arguments::{ExplainArguments, ExplainFormat};
use self::input::InputError;
use self::master::MasterError;
use self::source::{Sources, UnknownSource};
use self::view::{ViewError, Views};
use self::world::{World, WorldError};

/// Why nothing can be explained.
#[derive(Debug, thiserror::Error)]
pub enum ExplainError {
    /// The mappings cannot be used.
    #[error(transparent)]
    Mappings(#[from] StartError),
    /// No mapping is for the source.
    #[error(transparent)]
    Source(#[from] UnknownSource),
    /// A file cannot be read.
    #[error(transparent)]
    Input(#[from] InputError),
    /// The master data cannot be used.
    #[error(transparent)]
    Master(#[from] MasterError),
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

/// Prints what becomes of each record, at the clock's time unless the arguments say another. Gives how many were refused.
///
/// # Errors
/// [`ExplainError`], in words for an integration engineer.
pub fn run(arguments: &ExplainArguments, now: Timestamp) -> Result<usize, ExplainError> {
    let mappings: Arc<MappingSet> = Arc::new(arguments.normalizer.mapping_set()?);
    let limits = arguments.normalizer.limits();
    let sources = Sources::new(&mappings, &arguments.source)?;
    let time = arguments.ingest_time.map_or(now, |moment| moment.instant(now));
    let mut world = World::new(&mappings, &arguments.normalizer, arguments.window_days)?;
    if let Some(path) = &arguments.master {
        world.give(&master::read(path, &lineside_testkit::codec())?)?;
    }
    let views = Views::new(arguments.format == ExplainFormat::AvroJson)?;
    let mut refused = 0;
    input::each(&arguments.files, arguments.lines, &mut |record| {
        let printed = match sources.of(record.bytes) {
            Err(unclear) => {
                refused += 1;
                unclear.told(record.name, arguments.format)
            }
            Ok(plan) => {
                let fed = world.feed(plan, record, time)?;
                let mut printed = String::new();
                // What waited for master data that this record brought comes behind it, under its own name.
                for told in std::iter::once(&fed.record).chain(&fed.resumed) {
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
                        outputs: arguments.outputs,
                        lineage: arguments.lineage,
                    };
                    printed += &match arguments.format {
                        ExplainFormat::Table => text::text(&shown)?,
                        ExplainFormat::Json | ExplainFormat::AvroJson => lines::lines(&shown)?,
                    };
                }
                printed
            }
        };
        print(&printed)
    })?;
    Ok(refused)
}

/// Prints all of it; a reader that has closed the pipe has seen enough.
fn print(text: &str) -> Result<(), ExplainError> {
    match std::io::stdout().lock().write_all(text.as_bytes()) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => Err(ExplainError::Output(error)),
        _ => Ok(()),
    }
}
