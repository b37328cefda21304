//! What can be asked about dead letters.

use std::path::PathBuf;

use clap::builder::PossibleValuesParser;
use clap::{Args, Subcommand, ValueEnum};
use lineside_runtime::command_line::AboutConfiguration;
use lineside_runtime::settings::ConnectionSettings;
use lineside_schemas::records::ErrorClass;
use lineside_topology::processors::PROCESSORS;

use super::moment::Moment;
use super::place::Place;

/// `lineside dead-letters`: alone it lists.
#[derive(Debug, Clone, Args)]
#[command(args_conflicts_with_subcommands = true)]
pub struct DeadLettersArguments {
    /// What to do.
    #[command(subcommand)]
    pub command: Option<DeadLettersCommand>,

    /// For the list.
    #[command(flatten)]
    pub list: ListArguments,
}

/// Commands on dead letters.
#[derive(Debug, Clone, Subcommand)]
pub enum DeadLettersCommand {
    /// List what was refused, the latest last; what is done without a command
    List(Box<ListArguments>),
    /// Show everything about one dead letter, the refused record's headers and bytes included
    Show(Box<ShowArguments>),
    /// Give the original bytes back: of one dead letter, or with --all of all that the filters choose
    Export(Box<ExportArguments>),
}

impl DeadLettersArguments {
    /// What the command was told of brokers and registry.
    pub(crate) fn reach(&mut self) -> &mut ReachArguments {
        match &mut self.command {
            None => &mut self.list.reach,
            Some(DeadLettersCommand::List(arguments)) => &mut arguments.reach,
            Some(DeadLettersCommand::Show(arguments)) => &mut arguments.reach,
            Some(DeadLettersCommand::Export(arguments)) => &mut arguments.reach,
        }
    }
}

/// Which cluster, and how to reach it.
#[derive(Debug, Clone, Args)]
pub struct ReachArguments {
    /// Where settings come from.
    #[command(flatten)]
    pub about: AboutConfiguration,

    /// Brokers and registry, and who asks.
    #[command(flatten)]
    pub connection: ConnectionSettings,
}

/// Which dead letters.
#[derive(Debug, Clone, Default, Args)]
pub struct FilterArguments {
    /// Of this processor; of all if none is named
    #[arg(long, value_name = "PROCESSOR", value_parser = PossibleValuesParser::new(PROCESSORS.iter().map(|row| row.name)))]
    pub processor: Option<String>,

    /// Of this class: who has to act
    #[arg(long, value_enum)]
    pub class: Option<Class>,

    /// With this error code; may be given several times
    #[arg(long, value_name = "CODE")]
    pub code: Vec<String>,

    /// Of this plant
    #[arg(long, value_name = "PLANT")]
    pub plant: Option<String>,

    /// Whose raw record came from this source, such as plant-a.mes
    #[arg(long, value_name = "SOURCE")]
    pub source: Option<String>,

    /// Of this partner
    #[arg(long, value_name = "PARTNER")]
    pub partner: Option<String>,

    /// Of this business story
    #[arg(long, value_name = "ID")]
    pub correlation_id: Option<String>,

    /// Refused at this time or later: 2026-11-23, 2026-11-23T10:00:00+01:00, or back from now as 90s, 15m, 12h, 7d
    #[arg(long, value_name = "TIME")]
    pub since: Option<Moment>,

    /// Refused before this time
    #[arg(long, value_name = "TIME")]
    pub until: Option<Moment>,
}

/// An error class, as the command line writes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Class {
    /// Nobody has to act, it is retried
    Recoverable,
    /// The source has to
    DataQuality,
    /// The partner has to
    Partner,
    /// We have to
    Application,
}

impl From<Class> for ErrorClass {
    fn from(class: Class) -> Self {
        match class {
            Class::Recoverable => Self::Recoverable,
            Class::DataQuality => Self::DataQuality,
            Class::Partner => Self::Partner,
            Class::Application => Self::Application,
        }
    }
}

/// For `list`.
#[derive(Debug, Clone, Args)]
pub struct ListArguments {
    /// Which cluster.
    #[command(flatten)]
    pub reach: ReachArguments,

    /// Which dead letters.
    #[command(flatten)]
    pub filter: FilterArguments,

    /// At most so many, the latest
    #[arg(long, value_name = "COUNT", default_value_t = 100, value_parser = clap::value_parser!(u16).range(1..=10_000))]
    pub limit: u16,

    /// How to print them; a table on a terminal, JSON lines elsewhere
    #[arg(long, value_enum)]
    pub format: Option<ListFormat>,
}

/// How to print a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ListFormat {
    /// A table for people
    Table,
    /// An object a line, without the original bytes
    Json,
}

/// For `show`.
#[derive(Debug, Clone, Args)]
pub struct ShowArguments {
    /// Where the dead letter stands: TOPIC/PARTITION/OFFSET, as listed
    pub place: Place,

    /// Which cluster.
    #[command(flatten)]
    pub reach: ReachArguments,

    /// How to print it
    #[arg(long, value_enum, default_value_t = ShowFormat::Text)]
    pub format: ShowFormat,
}

/// How to print one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ShowFormat {
    /// Text for people; bytes as text where they can be printed, else in hexadecimal
    Text,
    /// The whole record in JSON, bytes as base64
    Json,
}

/// For `export`.
#[derive(Debug, Clone, Args)]
pub struct ExportArguments {
    /// Where the dead letter stands: TOPIC/PARTITION/OFFSET, as listed
    #[arg(required_unless_present = "all")]
    pub place: Option<Place>,

    /// All that the filters choose, a file each, named after their places
    #[arg(long, requires = "output", conflicts_with = "place")]
    pub all: bool,

    /// File for the bytes, `-` for standard output; with --all a folder, created if absent
    #[arg(long, value_name = "FILE|FOLDER", default_value = "-")]
    pub output: PathBuf,

    /// Which cluster.
    #[command(flatten)]
    pub reach: ReachArguments,

    /// Which dead letters, with --all.
    #[command(flatten)]
    pub filter: FilterArguments,
}
