//! What can be asked about an event that was published.

use clap::{Args, ValueEnum};
use lineside_normalizer::NormalizerArgs;

use crate::dead_letters::arguments::ReachArguments;
use crate::dead_letters::place::Place;

/// `lineside lineage`.
#[derive(Debug, Clone, Args)]
pub struct LineageArguments {
    /// Where the event stands on its canonical topic; with --mapping, where its raw record stands
    #[arg(value_name = "TOPIC/PARTITION/OFFSET")]
    pub place: Place,

    /// The place is a raw record's, and this mapping read it, as envelopes name it, such as plant-a.mes/1
    #[arg(long, value_name = "SOURCE/VERSION")]
    pub mapping: Option<String>,

    /// Of the raw record's events only this one
    #[arg(long, value_name = "ID", requires = "mapping")]
    pub event_id: Option<String>,

    /// How to print it
    #[arg(long, value_enum, default_value_t = LineageFormat::Table)]
    pub format: LineageFormat,

    /// Mappings and bounds.
    #[command(flatten)]
    pub normalizer: NormalizerArgs,

    /// Which cluster.
    #[command(flatten)]
    pub reach: ReachArguments,
}

/// How to print.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum LineageFormat {
    /// Text for people
    Table,
    /// An object a line: instants and decimals as text
    Json,
}
