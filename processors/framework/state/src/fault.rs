//! What can be wrong with a local store.

use std::io;
use std::path::{Path, PathBuf};

use lineside_api::StoreError;

/// Why a local store did not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Fault {
    /// The operating system refused; another try may succeed.
    #[error("{action} {}: {source}", path.display())]
    Io {
        /// What was tried: a verb.
        action: &'static str,
        /// On which file or folder.
        path: PathBuf,
        /// What the operating system said.
        source: io::Error,
    },
    /// The storage engine refused; another try may succeed.
    #[error("storage engine: {0}")]
    Engine(String),
    /// The files are not what was written: the store has to be wiped and restored.
    #[error("damaged, to be restored: {0}")]
    Damaged(String),
    /// More than the store can hold.
    #[error("{0}")]
    Full(String),
    /// A changelog record that this store did not write.
    #[error("changelog record at fault: {0}")]
    Changelog(String),
    /// Another task or process has it open.
    #[error("{} is in use by another process or task", .0.display())]
    InUse(PathBuf),
}

impl Fault {
    /// For `map_err` on file operations.
    pub(crate) fn io(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        move |source| Self::Io { action, path: path.to_owned(), source }
    }

    /// Says that bytes in a file are not what was written.
    pub(crate) fn damaged(path: &Path, what: &str) -> Self {
        Self::Damaged(format!("{}: {what}", path.display()))
    }
}

impl From<Fault> for StoreError {
    fn from(fault: Fault) -> Self {
        Self::Io(fault.to_string())
    }
}
