//! What can be asked on the command line.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use lineside_runtime::command_line::AboutConfiguration;
use lineside_runtime::settings::ConnectionSettings;

use crate::books::arguments::BooksArguments;
use crate::dead_letters::arguments::DeadLettersArguments;
use crate::explain::arguments::ExplainArguments;
use crate::hosting::RunArguments;
use crate::lineage::arguments::LineageArguments;
use crate::mapping::arguments::MappingCommand;
use crate::parked::arguments::ParkedArguments;
use crate::rules::arguments::RulesCommand;
use crate::trace::arguments::TraceArguments;
use crate::trial::arguments::TryArguments;

/// Lineside: plant events to ERP and supply-chain topics, each fact booked once.
#[derive(Debug, Clone, Parser)]
#[command(name = "lineside", version, about, arg_required_else_help = true)]
pub struct Arguments {
    /// What it is about.
    #[command(subcommand)]
    pub area: Area,
}

/// Areas of commands.
#[derive(Debug, Clone, Subcommand)]
pub enum Area {
    /// The topics, processors and stores, and the cluster they live on
    #[command(subcommand)]
    Topology(TopologyCommand),
    /// What processors refused: list it, show it, get the original bytes back
    DeadLetters(Box<DeadLettersArguments>),
    /// Which records wait for master data, for what, since when, and behind whom
    Parked(Box<ParkedArguments>),
    /// Whether the books of orders close: what is posted, open, in flight, answered by the ERP, and every gap by class. Exits with 2 if there is a gap
    Books(Box<BooksArguments>),
    /// An order's story in order of time: raw records, events, duplicates, dead letters, postings, ERP records and answers
    Trace(Box<TraceArguments>),
    /// What becomes of documents: their events, keys, ids and refusals, by the real mappings and processors, without Kafka. Exits with 1 if anything was refused
    Explain(Box<ExplainArguments>),
    /// Which raw field made each value of an event that was published: from its raw record, by the version of the mapping that read it then
    Lineage(Box<LineageArguments>),
    /// Mapping files: checked, begun from a sample, their schema for editors
    #[command(subcommand)]
    Mapping(MappingCommand),
    /// Posting rules: checked, compared, published, approved, shown
    #[command(subcommand)]
    Rules(RulesCommand),
    /// Run the raw documents of a folder through every processor in memory: events, postings and books, without Kafka. Exits with 1 if anything was refused
    Try(Box<TryArguments>),
    /// Run several processors in one process and one transaction. Alone, each has a binary of its own name; moving between the two needs no migration
    Run(Box<RunArguments>),
}

/// Commands on the topology.
#[derive(Debug, Clone, Subcommand)]
pub enum TopologyCommand {
    /// Print the topology: who reads, who writes, which stores, every topic with its sizes
    Describe {
        /// Sizes to fill in.
        #[command(flatten)]
        environment: EnvironmentArgument,
        /// How to print it
        #[arg(long, value_enum, default_value_t = Format::Text)]
        format: Format,
    },
    /// Check that the topology makes sense with this environment's sizes
    Validate {
        /// Sizes to judge.
        #[command(flatten)]
        environment: EnvironmentArgument,
    },
    /// Print who may do what on the cluster: the least that each processor, source and operator needs
    Acls {
        /// Sources to name.
        #[command(flatten)]
        environment: EnvironmentArgument,
        /// How to print it
        #[arg(long, value_enum, default_value_t = AclFormat::Text)]
        format: AclFormat,
        /// For one process that hosts these processors together, as the user `lineside`; separated by commas
        #[arg(long, value_name = "PROCESSOR", value_delimiter = ',')]
        cohosted: Vec<String>,
    },
    /// Render Kubernetes manifests: a stateful set per processor, Strimzi's topics and users, what watches them
    K8s(KubernetesArguments),
    /// Show what differs on the cluster, and change nothing. Exits with 0 when nothing differs, 2 when something does, 1 when that could not be found out
    Plan(Box<LiveArguments>),
    /// Create what is missing and set right what differs: topics, their settings, schemas. Never deletes; doing it again changes nothing
    Apply(Box<LiveArguments>),
}

impl TopologyCommand {
    /// What a command on a live cluster was told of it.
    pub(crate) fn live(&mut self) -> Option<&mut LiveArguments> {
        match self {
            Self::Plan(arguments) | Self::Apply(arguments) => Some(&mut **arguments),
            Self::Describe { .. } | Self::Validate { .. } | Self::Acls { .. } | Self::K8s(_) => None,
        }
    }
}

/// How to print the topology.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// Text for people
    Text,
    /// A Mermaid flowchart
    Mermaid,
}

/// How to print permissions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum AclFormat {
    /// Text for people
    Text,
    /// Lines of `kafka-acls.sh` for a shell; brokers are `$BOOTSTRAP`, further options `$KAFKA_ACLS_OPTIONS`
    Commands,
    /// JSON for other tools
    Json,
}

/// What the table does not know about a Kubernetes cluster.
#[derive(Debug, Clone, Args)]
pub struct KubernetesArguments {
    /// Sizes and sources.
    #[command(flatten)]
    pub environment: EnvironmentArgument,

    /// Namespace of everything; without it, where `kubectl` puts it
    #[arg(long, value_name = "NAME")]
    pub namespace: Option<String>,

    /// Image with every binary
    #[arg(long, value_name = "IMAGE", default_value = "lineside")]
    pub image: String,

    /// Name of Strimzi's `Kafka` resource in the same namespace
    #[arg(long, value_name = "NAME", default_value = "kafka")]
    pub kafka_cluster: String,

    /// Schema registry, with the path of Confluent's API where there is one
    #[arg(long, value_name = "URL", default_value = "http://registry:8080/apis/ccompat/v7")]
    pub registry: String,

    /// Folder for a file each, created if absent; `-` prints them all
    #[arg(long, value_name = "FOLDER", default_value = "-")]
    pub output: PathBuf,
}

/// Which sizes.
#[derive(Debug, Clone, Args)]
pub struct EnvironmentArgument {
    /// Environment: local, production, or a TOML file
    #[arg(long, env = "LINESIDE_ENVIRONMENT", value_name = "NAME|FILE", default_value = "local")]
    pub environment: String,
}

/// Which cluster, and how to reach it.
#[derive(Debug, Clone, Args)]
pub struct LiveArguments {
    /// Where settings come from.
    #[command(flatten)]
    pub about: AboutConfiguration,

    /// Sizes wanted.
    #[command(flatten)]
    pub environment: EnvironmentArgument,

    /// Brokers and registry, and who asks.
    #[command(flatten)]
    pub connection: ConnectionSettings,

    /// Wait up to so many seconds until brokers and registry answer
    #[arg(long, value_name = "SECONDS", default_value_t = 0)]
    pub wait: u64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        <Arguments as clap::CommandFactory>::command().debug_assert();
    }
}
