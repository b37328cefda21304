//! What can be asked of an order's story.

use clap::{Args, ValueEnum};
use lineside_normalizer::NormalizerArgs;

use crate::dead_letters::arguments::ReachArguments;

/// `lineside trace`.
#[derive(Debug, Clone, Args)]
pub struct TraceArguments {
    /// Brokers and registry.
    #[command(flatten)]
    pub reach: ReachArguments,

    /// Production order
    #[arg(value_name = "ORDER")]
    pub order: String,

    /// Its plant; needed where several have an order of that number, or the reconciler does not run
    #[arg(long, value_name = "PLANT")]
    pub plant: Option<String>,

    /// How to print it: text where somebody reads, else an object a line
    #[arg(long, value_enum)]
    pub format: Option<TraceFormat>,

    /// Write it as a document for other systems instead
    #[arg(long, value_enum, value_name = "FORMAT")]
    pub export: Option<Export>,

    /// Base of the identifiers in an EPCIS document, for what has none of GS1's
    #[arg(long, value_name = "URI", default_value = epcis_base())]
    pub epcis_base: String,

    /// Mappings, to say which raw field is behind a quantity.
    #[command(flatten)]
    pub normalizer: NormalizerArgs,
}

const fn epcis_base() -> &'static str {
    "urn:lineside"
}

/// How to print a story.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum TraceFormat {
    /// Text for people
    Table,
    /// An object a line
    Json,
}

/// A document for other systems.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Export {
    /// EPCIS 2.0, JSON-LD
    Epcis,
}
