//! Why a local stack could not be fetched, started or ended.

use std::path::PathBuf;

use crate::prerequisites::Missing;

/// Why a local stack could not be fetched, started or ended.
#[derive(Debug, thiserror::Error)]
pub enum StackError {
    /// Programs the stack needs are not on this machine; each names the command that installs it.
    #[error("{}", list(.0))]
    Prerequisites(Vec<Missing>),
    /// Maven could not fetch the Java archives.
    #[error("fetching {what} failed:\n{output}")]
    Fetch {
        /// What was being fetched, with its version.
        what: String,
        /// The end of Maven's output.
        output: String,
    },
    /// Reading, writing or starting something on this machine failed.
    #[error("cannot {action}: {source}")]
    Io {
        /// What was tried, with the path, as a verb phrase.
        action: String,
        /// The operating system's reason.
        source: std::io::Error,
    },
    /// Another stack runs on the same data folder.
    #[error("{} is in use by another local stack", path.display())]
    DataInUse {
        /// The folder.
        path: PathBuf,
    },
    /// Kafka's storage tool refused to format the data folder.
    #[error("formatting Kafka's data folder failed:\n{output}")]
    Format {
        /// The tool's output.
        output: String,
    },
    /// Java's keytool could not make the broker's certificate.
    #[error("making the broker's certificate failed:\n{output}")]
    Certificate {
        /// The tool's output.
        output: String,
    },
    /// One of Kafka's own tools failed.
    #[error("Kafka's {tool} failed:\n{output}")]
    Tool {
        /// The tool's class.
        tool: String,
        /// Its output.
        output: String,
    },
    /// A server ended although nobody asked it to.
    #[error("{server} ended by itself ({status}); the end of {}:\n{tail}", log.display())]
    Ended {
        /// `kafka` or `registry`.
        server: &'static str,
        /// Its exit status.
        status: std::process::ExitStatus,
        /// Its log file.
        log: PathBuf,
        /// The last lines of the log.
        tail: String,
    },
    /// A server ended because another process holds one of its ports or its data.
    #[error("{server} found its port or its data taken by another process; the end of {}:\n{tail}", log.display())]
    Taken {
        /// `kafka` or `registry`.
        server: &'static str,
        /// Its log file.
        log: PathBuf,
        /// The last lines of the log.
        tail: String,
    },
    /// A server did not answer in time.
    #[error("{server} did not answer within {waited_s} s; the end of {}:\n{tail}", log.display())]
    NotReady {
        /// `kafka` or `registry`.
        server: &'static str,
        /// How long was waited, seconds.
        waited_s: u64,
        /// Its log file.
        log: PathBuf,
        /// The last lines of the log.
        tail: String,
    },
    /// A server outlived both the request to end and the kill.
    #[error("{server} (process {pid}) could not be ended")]
    Unstoppable {
        /// `kafka` or `registry`.
        server: &'static str,
        /// Its process id.
        pid: u32,
    },
}

impl StackError {
    /// Wraps an operating system error; for use with `map_err`.
    pub(crate) fn io(action: impl Into<String>) -> impl FnOnce(std::io::Error) -> Self {
        let action = action.into();
        move |source| Self::Io { action, source }
    }
}

fn list(missing: &[Missing]) -> String {
    missing.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}
