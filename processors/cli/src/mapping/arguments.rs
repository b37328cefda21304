//! What can be asked about mapping files.

use std::path::PathBuf;

use clap::{Args, Subcommand};

/// `lineside mapping`.
#[derive(Debug, Clone, Subcommand)]
pub enum MappingCommand {
    /// Compile mapping files and say everything that is wrong with them, by file and line. Exits with 1 if anything is
    Check {
        /// Mapping files, packs (folders with a mapping.yaml), or folders of packs
        #[arg(required = true, value_name = "FILE|FOLDER")]
        paths: Vec<PathBuf>,
    },
    /// Read the examples of packs and compare what they become with the <name>.expected.json beside them; refused-* have to be refused, waits-* to wait. Exits with 1 if anything differs
    Test {
        /// Packs (folders with a mapping.yaml), or folders of packs
        #[arg(required = true, value_name = "PACK|FOLDER")]
        paths: Vec<PathBuf>,

        /// Write what comes out as what is expected, for a person to check
        #[arg(long)]
        bless: bool,
    },
    /// Print the JSON Schema of mapping files, for editors
    Schema,
    /// Begin a mapping from a sample document: what can be inferred from it, marked as guesses, and what only a person can choose, marked CHOOSE
    New(NewArguments),
}

/// For `new`.
#[derive(Debug, Clone, Args)]
pub struct NewArguments {
    /// Name of the source: PLANT.NAME, such as plant-c.mes
    #[arg(long, value_name = "PLANT.NAME")]
    pub source: String,

    /// Contract of its events; the one that fits best if none is named
    #[arg(long, value_name = "CONTRACT")]
    pub contract: Option<String>,

    /// Types of its events, a rule for each; the one that fits best if none is named. May be given several times
    #[arg(long = "type", value_name = "EVENT_TYPE")]
    pub event_types: Vec<String>,

    /// A document as the source sends it; `-` is standard input
    #[arg(value_name = "SAMPLE")]
    pub sample: PathBuf,
}
