//! What can be asked about mapping files.

use std::path::PathBuf;

use clap::Subcommand;

/// `lineside mapping`.
#[derive(Debug, Clone, Subcommand)]
pub enum MappingCommand {
    /// Compile mapping files and say everything that is wrong with them, by file and line. Exits with 1 if anything is
    Check {
        /// Mapping files, packs (folders with a mapping.yaml), or folders of packs
        #[arg(required = true, value_name = "FILE|FOLDER")]
        paths: Vec<PathBuf>,
    },
}
