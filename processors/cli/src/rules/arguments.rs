//! What can be asked about posting rules.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

use crate::dead_letters::arguments::ReachArguments;
use crate::dead_letters::moment::Moment;

/// `lineside rules`.
#[derive(Debug, Clone, Subcommand)]
pub enum RulesCommand {
    /// Read rule files and say everything that is wrong with them, by file and line, and which of them claim the same orders. Exits with 1 if anything is
    Check {
        /// Rule files, or folders of them
        #[arg(required = true, value_name = "FILE|FOLDER")]
        paths: Vec<PathBuf>,
    },
    /// Print the JSON Schema of rule files, for editors
    Schema,
    /// Say field by field what a rule file changes: against what is published, or against another file. Exits with 2 if anything differs
    Diff(Box<DiffArguments>),
    /// Publish a rule file to rules.posting.v1. A protected one waits there for a second person
    Apply(Box<ApplyArguments>),
    /// Approve a version that waits. Never by who published it
    Approve(Box<DecideArguments>),
    /// Reject a version that waits
    Reject(Box<DecideArguments>),
    /// Run production events again in memory, by the rules as they are and with a new file, and say which postings would differ. Writes nothing. Exits with 2 if any would
    Simulate(Box<SimulateArguments>),
    /// List every version: for which orders, from when, its state and who answers for it
    List(Box<ListArguments>),
    /// Show what a version says and who answers for it
    Show(Box<ShowArguments>),
}

impl RulesCommand {
    /// What the command was told of brokers and registry, if it needs them.
    pub(crate) fn reach(&mut self) -> Option<&mut ReachArguments> {
        match self {
            Self::Check { .. } | Self::Schema => None,
            Self::Diff(arguments) => Some(&mut arguments.reach),
            Self::Apply(arguments) => Some(&mut arguments.reach),
            Self::Approve(arguments) | Self::Reject(arguments) => Some(&mut arguments.reach),
            Self::List(arguments) => Some(&mut arguments.reach),
            Self::Show(arguments) => Some(&mut arguments.reach),
            Self::Simulate(arguments) => Some(&mut arguments.reach),
        }
    }
}

/// For `diff`.
#[derive(Debug, Clone, Args)]
pub struct DiffArguments {
    /// Rule file
    #[arg(value_name = "FILE")]
    pub file: PathBuf,

    /// Older rule file; without it, the latest published version of the same name, or what is in force for the same orders when there is none
    #[arg(value_name = "OLDER")]
    pub older: Option<PathBuf>,

    /// Which cluster.
    #[command(flatten)]
    pub reach: ReachArguments,
}

/// For `apply`.
#[derive(Debug, Clone, Args)]
pub struct ApplyArguments {
    /// Rule file
    #[arg(value_name = "FILE")]
    pub file: PathBuf,

    /// Why, for whoever asks later
    #[arg(long, value_name = "TEXT")]
    pub reason: String,

    /// Who publishes it
    #[arg(long, value_name = "NAME")]
    pub by: String,

    /// Publish it although its begin has passed: postings made since stay as they are
    #[arg(long)]
    pub retroactive: bool,

    /// Which cluster.
    #[command(flatten)]
    pub reach: ReachArguments,
}

/// For `approve` and `reject`.
#[derive(Debug, Clone, Args)]
pub struct DecideArguments {
    /// Version: NAME/VERSION
    #[arg(value_name = "NAME/VERSION")]
    pub id: String,

    /// Who decides
    #[arg(long, value_name = "NAME")]
    pub by: String,

    /// Why
    #[arg(long, value_name = "TEXT")]
    pub reason: Option<String>,

    /// Approve it although its begin has passed
    #[arg(long)]
    pub retroactive: bool,

    /// Which cluster.
    #[command(flatten)]
    pub reach: ReachArguments,
}

/// For `simulate`.
#[derive(Debug, Clone, Args)]
pub struct SimulateArguments {
    /// Rule file
    #[arg(value_name = "FILE")]
    pub file: PathBuf,

    /// Events written at this time or later: 2026-11-23, 2026-11-23T10:00:00+01:00, or back from now as 90s, 15m, 12h, 7d
    #[arg(long, value_name = "TIME")]
    pub since: Moment,

    /// Events written before this time
    #[arg(long, value_name = "TIME")]
    pub until: Option<Moment>,

    /// Of this plant
    #[arg(long, value_name = "PLANT")]
    pub plant: Option<String>,

    /// Of this order
    #[arg(long, value_name = "ORDER")]
    pub order: Option<String>,

    /// Let the new rules count from the beginning of that time, whatever their own begin
    #[arg(long)]
    pub from_start: bool,

    /// At most so many events, which are held in memory
    #[arg(long, value_name = "COUNT", default_value_t = 1_000_000)]
    pub limit: usize,

    /// How to print what differs
    #[arg(long, value_enum, default_value_t = SimulateFormat::Table)]
    pub format: SimulateFormat,

    /// Which cluster.
    #[command(flatten)]
    pub reach: ReachArguments,
}

/// How to print what differs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum SimulateFormat {
    /// Text for people
    Table,
    /// An object a line for each order that differs, and one for the summary
    Json,
}

/// For `list`.
#[derive(Debug, Clone, Args)]
pub struct ListArguments {
    /// How to print them
    #[arg(long, value_enum, default_value_t = ListFormat::Table)]
    pub format: ListFormat,

    /// Which cluster.
    #[command(flatten)]
    pub reach: ReachArguments,
}

/// How to print a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ListFormat {
    /// A table for people
    Table,
    /// The records, an object a line
    Json,
}

/// For `show`.
#[derive(Debug, Clone, Args)]
pub struct ShowArguments {
    /// Rule set, NAME or NAME/VERSION: without a version, the one that counts at the time, or else the latest
    #[arg(value_name = "NAME[/VERSION]")]
    pub id: String,

    /// Time at which it counts, now unless said: 2026-11-23T10:00:00Z, 2026-11-23, or back from now as 12h
    #[arg(long, value_name = "TIME")]
    pub at: Option<Moment>,

    /// How to print it
    #[arg(long, value_enum, default_value_t = ShowFormat::Text)]
    pub format: ShowFormat,

    /// Which cluster.
    #[command(flatten)]
    pub reach: ReachArguments,
}

/// How to print one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ShowFormat {
    /// Text for people
    Text,
    /// The rule file, with every key
    Yaml,
    /// The record
    Json,
}
