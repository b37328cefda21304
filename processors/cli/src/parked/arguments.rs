//! What can be asked about records that wait.

use clap::Args;

use crate::dead_letters::arguments::{ListFormat, ReachArguments};

/// `lineside parked`.
#[derive(Debug, Clone, Args)]
pub struct ParkedArguments {
    /// Only records of this source, such as plant-d.csv-yield
    #[arg(long, value_name = "SOURCE")]
    pub source: Option<String>,

    /// The references that are missing, instead of the records that wait for them
    #[arg(long)]
    pub missing: bool,

    /// How to print; a table on a terminal, else an object a line
    #[arg(long, value_enum)]
    pub format: Option<ListFormat>,

    /// Which cluster.
    #[command(flatten)]
    pub reach: ReachArguments,
}
