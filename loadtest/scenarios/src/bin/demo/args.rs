//! The command line.

use std::path::PathBuf;

use anyhow::Context as _;

/// Runs raw records of two plants through the whole pipeline on a real Kafka, shows what happened, and checks the books.
///
/// Exits with 0 only if the books close and, for simulated plants, everything is as the simulator expects it.
#[derive(Debug, clap::Parser)]
#[command(name = "demo", version)]
pub struct Args {
    /// Orders that the simulated plants work on, half of them each.
    #[arg(long, default_value_t = 200, value_parser = clap::value_parser!(u32).range(..=20_000))]
    pub orders: u32,

    /// Seed of the simulation: the same seed gives the same story.
    #[arg(long, default_value_t = 1)]
    pub seed: u64,

    /// Feed the files of this folder instead, each as one raw record: XML to plant B, everything else to plant A.
    #[arg(long, value_name = "DIR")]
    pub input: Option<PathBuf>,

    /// Leave everything running and print the addresses, until Ctrl-C.
    #[arg(long)]
    pub keep_running: bool,

    /// The folder of the binaries; by default this program's own.
    #[arg(long, value_name = "DIR")]
    pub bin_dir: Option<PathBuf>,

    /// Keep Kafka's data, the processors' state and the logs in this folder. Without it they are temporary.
    #[arg(long, value_name = "DIR")]
    pub data: Option<PathBuf>,
}

impl Args {
    /// The folder of the binaries.
    pub fn bin_dir(&self) -> anyhow::Result<PathBuf> {
        self.bin_dir.clone().map_or_else(own_folder, Ok)
    }
}

/// The folder of this program.
pub fn own_folder() -> anyhow::Result<PathBuf> {
    let own = std::env::current_exe().context("find this program's own folder")?;
    own.parent().map(PathBuf::from).context("this program has no folder")
}
