//! What can be asked about documents on their way into the ERP.

use clap::builder::NonEmptyStringValueParser;
use clap::{ArgGroup, Args, Subcommand, ValueEnum};

use crate::dead_letters::arguments::{ListFormat, ReachArguments};

/// Commands on documents on their way into the ERP.
#[derive(Debug, Clone, Subcommand)]
pub enum PostingsCommand {
    /// List the documents that the ERP connector keeps: what is in doubt first, by age
    List(Box<ListArguments>),
    /// Show everything about one document
    Show(Box<ShowArguments>),
    /// Say what became of a document that is in doubt, held or queued. Who and why stand in its outcome for good
    Settle(Box<SettleArguments>),
}

impl PostingsCommand {
    /// What the command was told of brokers and registry.
    pub(crate) fn reach(&mut self) -> &mut ReachArguments {
        match self {
            Self::List(arguments) => &mut arguments.reach,
            Self::Show(arguments) => &mut arguments.reach,
            Self::Settle(arguments) => &mut arguments.reach,
        }
    }
}

/// For `list`.
#[derive(Debug, Clone, Args)]
pub struct ListArguments {
    /// Which cluster.
    #[command(flatten)]
    pub reach: ReachArguments,

    /// In this state; may be given several times. Without it all but those that are settled
    #[arg(long, value_enum)]
    pub state: Vec<StateArgument>,

    /// Of this plant
    #[arg(long, value_name = "PLANT")]
    pub plant: Option<String>,

    /// Of this order
    #[arg(long, value_name = "ORDER")]
    pub order: Option<String>,

    /// At most so many
    #[arg(long, value_name = "COUNT", default_value_t = 100, value_parser = clap::value_parser!(u16).range(1..=10_000))]
    pub limit: u16,

    /// How to print them; a table on a terminal, JSON lines elsewhere
    #[arg(long, value_enum)]
    pub format: Option<ListFormat>,
}

/// A state, as the command line writes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum StateArgument {
    /// Behind others of its order
    Waiting,
    /// To be sent
    Queued,
    /// A call is under way
    Calling,
    /// Not known what became of a call
    InDoubt,
    /// Its owner has to act
    Held,
    /// Only news are waited for
    Settled,
}

/// For `show`.
#[derive(Debug, Clone, Args)]
pub struct ShowArguments {
    /// The document: `confirmation_id` or `document_id`, or its beginning
    pub document: String,

    /// Which cluster.
    #[command(flatten)]
    pub reach: ReachArguments,
}

/// For `settle`.
#[derive(Debug, Clone, Args)]
#[command(group(ArgGroup::new("verdict").required(true).args(["posted", "not_posted", "rejected"])))]
pub struct SettleArguments {
    /// The document: `confirmation_id` or `document_id`
    pub document: String,

    /// It is booked in the ERP: number of the ERP's document, and its year where it has one
    #[arg(long, value_name = "DOCUMENT[/YEAR]")]
    pub posted: Option<String>,

    /// It is not booked: it is sent
    #[arg(long)]
    pub not_posted: bool,

    /// It is not booked and is not to be sent
    #[arg(long)]
    pub rejected: bool,

    /// Who says so
    #[arg(long, value_name = "NAME", value_parser = NonEmptyStringValueParser::new())]
    pub by: String,

    /// Why, such as where it was seen
    #[arg(long, value_name = "TEXT", value_parser = NonEmptyStringValueParser::new())]
    pub reason: String,

    /// Which cluster.
    #[command(flatten)]
    pub reach: ReachArguments,
}
