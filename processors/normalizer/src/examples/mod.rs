//! The examples of a pack: documents, and what each has to become. What a test of this program and `lineside mapping test` share.
//!
//! * [`pack`]: which examples a pack has. [`outcome`]: what one becomes. [`judgement`]: whether that is as it should be.
//! * [`difference`]: in what two outcomes differ.

mod difference;
mod judgement;
mod outcome;
mod pack;

use std::path::{Path, PathBuf};

use lineside_schemas::Timestamp;

pub use judgement::judge;
pub use outcome::outcome;
pub use pack::{Example, Examples, Kind};

/// When every example is taken to have come: 2026-11-20T08:00:00Z, as record 0 of partition 0.
pub const INGEST_TIME: Timestamp = Timestamp::from_micros(1_795_161_600_000_000);

/// Why examples cannot be tried.
#[derive(Debug, thiserror::Error)]
pub enum ExamplesError {
    /// A file or folder cannot be read or written.
    #[error("{}: {error}", path.display())]
    File {
        /// File or folder.
        path: PathBuf,
        /// What the system said.
        error: std::io::Error,
    },
    /// What is expected is no JSON.
    #[error("{}: {error}", path.display())]
    Json {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        error: serde_json::Error,
    },
}

fn failed(path: &Path) -> impl Fn(std::io::Error) -> ExamplesError {
    let path = path.to_owned();
    move |error| ExamplesError::File { path: path.clone(), error }
}
