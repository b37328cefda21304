//! What can be asked of a document.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use lineside_deduplicator::decision::WINDOW_DAYS_MAX;
use lineside_normalizer::NormalizerArgs;

use crate::dead_letters::moment::Moment;

/// Name that stands for the source that the content tells.
pub const AUTO: &str = "auto";

/// `lineside explain`.
#[derive(Debug, Clone, Args)]
pub struct ExplainArguments {
    /// Source whose mapping reads the records, such as plant-a.mes; `auto` finds it by the content of each
    #[arg(long, value_name = "NAME|auto", default_value = AUTO)]
    pub source: String,

    /// Raw records, each file one; `-` is standard input. They are taken in this order, so that repeats are found
    #[arg(required = true, value_name = "FILE")]
    pub files: Vec<PathBuf>,

    /// Each line of a file is a record; empty lines are none
    #[arg(long)]
    pub lines: bool,

    /// How to print what becomes of them
    #[arg(long, value_enum, default_value_t = ExplainFormat::Json)]
    pub format: ExplainFormat,

    /// Also say for every field which raw path, table row or constant made it
    #[arg(long)]
    pub lineage: bool,

    /// Also print what the processors behind make of the events: postings, ERP records, progress
    #[arg(long)]
    pub outputs: bool,

    /// Time at which the records arrive, now unless said: 2026-11-23T10:00:00Z, 2026-11-23, or back from now as 12h
    #[arg(long, value_name = "TIME")]
    pub ingest_time: Option<Moment>,

    /// Refuse as too late what is older than so many days, as the deduplicator does; without it nothing is too late
    #[arg(long, value_name = "DAYS", value_parser = clap::value_parser!(u32).range(1..=i64::from(WINDOW_DAYS_MAX)))]
    pub window_days: Option<u32>,

    /// Master data that is there before the documents: records as the JSON view shows them, `{"topic": ..., "value": ...}` each, or the values alone in a file named for its topic; a folder gives all its .json and .jsonl files
    #[arg(long, value_name = "FOLDER|FILE")]
    pub master: Option<PathBuf>,

    /// Mappings and bounds.
    #[command(flatten)]
    pub normalizer: NormalizerArgs,
}

/// How to print.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ExplainFormat {
    /// Text for people
    Table,
    /// An object a line: instants and decimals as text
    Json,
    /// As json, but records in Avro's own JSON encoding, for tools of Avro
    AvroJson,
}
