//! `lineside rules`: posting rules checked, compared, published, approved, shown.
//!
//! * [`arguments`]: what can be asked. [`files`]: rule files. [`topic`]: `rules.posting.v1`. [`render`]: printing. [`simulate`]: what a rule would change.
//!
//! What may be published and approved is decided in `lineside_posting_rules::governance`.

pub mod arguments;
pub mod files;
pub mod render;
pub mod simulate;
pub mod topic;

use std::io::Write as _;

use lineside_posting_rules::governance::{self, GovernanceError, Person, Verdict};
use lineside_posting_rules::{RuleBook, RuleSet, difference, json_schema};
use lineside_registry::RegistryError;
use lineside_schemas::records::RuleApproval;
use lineside_schemas::{CodecError, SchemaSourceError, Timestamp};
use rdkafka::error::KafkaError;

use self::arguments::{ApplyArguments, DecideArguments, DiffArguments, ListArguments, ListFormat, RulesCommand, ShowArguments, ShowFormat};
use self::files::RuleFileError;
use self::topic::{RulesTopic, account};
use crate::dead_letters::reader::ReaderError;

/// Why a command failed.
#[derive(Debug, thiserror::Error)]
pub enum RulesError {
    /// A rule file.
    #[error(transparent)]
    File(#[from] RuleFileError),
    /// It may not be.
    #[error(transparent)]
    Governance(#[from] GovernanceError),
    /// Kafka, while reading.
    #[error(transparent)]
    Reader(#[from] ReaderError),
    /// The schema registry.
    #[error(transparent)]
    Registry(#[from] RegistryError),
    /// The schema is not registered.
    #[error("the schema of rule sets: {0}; `lineside topology apply` registers it")]
    Schema(SchemaSourceError),
    /// A record of the topic.
    #[error("{key}: {error}")]
    Record {
        /// Its key.
        key: String,
        /// What is wrong.
        error: CodecError,
    },
    /// Kafka, while writing.
    #[error("write to rules.posting.v1: {0}")]
    Write(KafkaError),
    /// It may stand there or not.
    #[error("the brokers did not acknowledge the rule set: `lineside rules list` shows whether it stands there")]
    Unacknowledged,
    /// A simulation.
    #[error(transparent)]
    Simulate(#[from] simulate::SimulateError),
    /// There is no such version.
    #[error("there is no rule set {0}; `lineside rules list` shows what there is")]
    Unknown(String),
    /// Standard output cannot be written.
    #[error("standard output: {0}")]
    Output(std::io::Error),
}

/// How a command went that did not fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Done.
    Done,
    /// What was compared differs.
    Differs,
    /// Something is wrong with a file.
    Wrong,
}

/// Does what is asked at the clock's time.
///
/// # Errors
/// [`RulesError`], in words for whoever governs the rules.
pub fn run(command: &RulesCommand, now: Timestamp) -> Result<Outcome, RulesError> {
    match command {
        RulesCommand::Check { paths } => {
            let checked = files::check(paths)?;
            print(&checked.said)?;
            checked.wrong.iter().for_each(|wrong| eprintln!("{wrong}"));
            Ok(if checked.wrong.is_empty() { Outcome::Done } else { Outcome::Wrong })
        }
        RulesCommand::Schema => print(&format!("{:#}\n", json_schema())),
        RulesCommand::Diff(arguments) => diff(arguments),
        RulesCommand::Apply(arguments) => apply(arguments, now),
        RulesCommand::Approve(arguments) => decide(arguments, Verdict::Approve, now),
        RulesCommand::Reject(arguments) => decide(arguments, Verdict::Reject, now),
        RulesCommand::Simulate(arguments) => simulate::run(arguments, now),
        RulesCommand::List(arguments) => list(arguments, now),
        RulesCommand::Show(arguments) => show(arguments, now),
    }
}

fn diff(arguments: &DiffArguments) -> Result<Outcome, RulesError> {
    let new = files::read(&arguments.file)?;
    let (name, old) = if let Some(older) = &arguments.older {
        (older.display().to_string(), files::read(older)?)
    } else {
        let old = predecessor(&RulesTopic::new(&arguments.reach.connection)?.book()?, &new);
        (old.id(), old)
    };
    let found = difference(&old, &new);
    print(&render::differences(&name, &format!("{} ({})", arguments.file.display(), new.id()), &found))?;
    Ok(if found.is_empty() { Outcome::Done } else { Outcome::Differs })
}

/// What a new version is compared with: the latest of its name; else what is in force at its begin for the first orders that it names; else the built-in one.
fn predecessor(book: &RuleBook, new: &RuleSet) -> RuleSet {
    let named = |names: &[String]| names.first().filter(|name| *name != "*").cloned();
    let scope = &new.scope;
    let (plant, order_type, item_group) = (named(&scope.plants).unwrap_or_default(), named(&scope.order_types), named(&scope.item_groups));
    let in_force = || book.set_in_force(&plant, order_type.as_deref(), item_group.as_deref(), new.effective_from);
    book.latest(&new.name).or_else(in_force).cloned().unwrap_or_else(RuleSet::built_in)
}

fn apply(arguments: &ApplyArguments, now: Timestamp) -> Result<Outcome, RulesError> {
    let draft = files::read(&arguments.file)?;
    let connection = &arguments.reach.connection;
    let mut topic = RulesTopic::new(connection)?;
    let book = topic.book()?;
    let account = account(connection);
    let by = Person { name: &arguments.by, account: account.as_deref() };
    let old = predecessor(&book, &draft);
    let set = governance::publish(&book, draft, by, &arguments.reason, arguments.retroactive, now)?;
    topic.write(&set)?;
    let said = render::differences(&old.id(), &set.id(), &difference(&old, &set));
    let outcome = if set.governance.approval == RuleApproval::Pending {
        format!("{} waits for approval by somebody else than {}: lineside rules approve {} --by NAME", set.id(), set.governance.published_by, set.id())
    } else {
        format!("{} is published, in force from {}", set.id(), set.effective_from)
    };
    print(&format!("{said}{outcome}\n"))
}

fn decide(arguments: &DecideArguments, verdict: Verdict, now: Timestamp) -> Result<Outcome, RulesError> {
    let connection = &arguments.reach.connection;
    let mut topic = RulesTopic::new(connection)?;
    let book = topic.book()?;
    let account = account(connection);
    let by = Person { name: &arguments.by, account: account.as_deref() };
    let set = governance::decide(&book, &arguments.id, verdict, by, arguments.reason.as_deref(), arguments.retroactive, now)?;
    topic.write(&set)?;
    print(&match verdict {
        Verdict::Approve => format!("{} is approved, in force from {}\n", set.id(), set.effective_from),
        Verdict::Reject => format!("{} is rejected\n", set.id()),
    })
}

fn list(arguments: &ListArguments, now: Timestamp) -> Result<Outcome, RulesError> {
    let book = RulesTopic::new(&arguments.reach.connection)?.book()?;
    match arguments.format {
        ListFormat::Table => print(&render::table(&book, now)),
        ListFormat::Json => print(&render::json_lines(&book)),
    }
}

fn show(arguments: &ShowArguments, now: Timestamp) -> Result<Outcome, RulesError> {
    let book = RulesTopic::new(&arguments.reach.connection)?.book()?;
    let at = arguments.at.map_or(now, |moment| moment.instant(now));
    let of_name = || {
        let begun = book.versions(&arguments.id).filter(|set| set.is_released() && set.effective_from <= at);
        begun.max_by_key(|set| (set.effective_from, set.version)).or_else(|| book.latest(&arguments.id))
    };
    let set = book.set_by_version(&arguments.id).or_else(of_name).ok_or_else(|| RulesError::Unknown(arguments.id.clone()))?;
    print(&match arguments.format {
        ShowFormat::Text => render::report(&book, set, at),
        ShowFormat::Yaml => set.to_yaml(),
        ShowFormat::Json => format!("{:#}\n", render::json(set)),
    })
}

/// Prints all of it; a reader that has closed the pipe has seen enough.
fn print(text: &str) -> Result<Outcome, RulesError> {
    match std::io::stdout().lock().write_all(text.as_bytes()) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => Err(RulesError::Output(error)),
        _ => Ok(Outcome::Done),
    }
}
