//! What can be tried.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use lineside_normalizer::NormalizerArgs;

use crate::dead_letters::moment::Moment;

/// `lineside try`.
#[derive(Debug, Clone, Args)]
pub struct TryArguments {
    /// Folder of raw documents, each file one; they are taken in the order of their names, and their sources are found by their content
    #[arg(value_name = "FOLDER")]
    pub folder: PathBuf,

    /// Rule file to try, as if published and approved; may be given several times. Without it the built-in rules hold
    #[arg(long, value_name = "FILE")]
    pub rules: Vec<PathBuf>,

    /// Folder of documents of master data, taken before the others; may be given several times
    #[arg(long, value_name = "FOLDER")]
    pub master: Vec<PathBuf>,

    /// Each line of a file is a document; empty lines are none
    #[arg(long)]
    pub lines: bool,

    /// Show every field of every event, not a line for each
    #[arg(long)]
    pub events: bool,

    /// How to print what becomes of them
    #[arg(long, value_enum, default_value_t = TryFormat::Table)]
    pub format: TryFormat,

    /// Time at which the documents arrive: 2026-11-23T10:00:00Z, 2026-11-23, or back from now as 12h. Unless it is said, each arrives when the latest of its events happened
    #[arg(long, value_name = "TIME")]
    pub ingest_time: Option<Moment>,

    /// Let time pass until then behind the last document: what waits for a time or the end of a shift is posted
    #[arg(long, value_name = "TIME")]
    pub until: Option<Moment>,

    /// Mappings and bounds.
    #[command(flatten)]
    pub normalizer: NormalizerArgs,
}

/// How to print.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum TryFormat {
    /// Text for people
    Table,
    /// An object a line for each event, each refusal and each record that the processors behind make
    Json,
}
