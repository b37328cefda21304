//! One server process that ends with its parent.

use std::ffi::OsString;
use std::fs::File;
use std::io::{BufRead as _, BufReader, Read as _, Seek as _, SeekFrom, Write as _};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use crate::error::StackError;

const WATCHER: &str = include_str!("watcher.sh");
/// The most of a log that is read to explain an error.
const LOG_READ_BYTES_MAX: u64 = 1024 * 1024;
/// The most of a log that goes into an error.
const TAIL_LINES: usize = 40;
/// What the servers log before they end because another process took a port first, or because a former Kafka on the same
/// data is still ending.
const TAKEN_SIGNS: [&str; 3] = ["Address already in use", "in use by another process", "Failed to acquire lock on file"];
const POLL_INTERVAL: Duration = Duration::from_millis(20);

/// What is run, and how.
#[derive(Debug, Clone)]
pub(crate) struct ServerSpec {
    /// `kafka` or `registry`.
    pub name: &'static str,
    /// Program and arguments.
    pub command: Vec<OsString>,
    /// The folder it runs in.
    pub folder: PathBuf,
    /// The file its output is appended to.
    pub log: PathBuf,
    /// The folder the watcher removes if this process dies first.
    pub remove_if_orphaned: Option<PathBuf>,
    /// How long a server that was asked to end may take before it is killed.
    pub grace: Duration,
}

/// A running server under its watcher (see `watcher.sh`).
#[derive(Debug)]
pub(crate) struct WatchedProcess {
    spec: ServerSpec,
    watcher: Child,
    /// Closing this ends the server, so it must live as long as the server should.
    orders: Option<ChildStdin>,
    pid: u32,
    /// Where this run's part of the log begins.
    log_start: u64,
}

impl WatchedProcess {
    /// Starts the server.
    pub fn start(spec: ServerSpec) -> Result<Self, StackError> {
        let action = format!("start {}", spec.name);
        let log = File::options().create(true).append(true).open(&spec.log).map_err(StackError::io(format!("open {}", spec.log.display())))?;
        let log_start = log.metadata().map_err(StackError::io(&action))?.len();
        let mut watcher = Command::new("sh")
            .args(["-c", WATCHER, "watcher"])
            .arg(spec.grace.as_secs().to_string())
            .arg(&spec.log)
            .arg(spec.remove_if_orphaned.as_deref().unwrap_or(Path::new("")))
            .args(&spec.command)
            .current_dir(&spec.folder)
            // Ctrl-C in a terminal reaches this process alone, which then ends its servers in order.
            .process_group(0)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(log)
            .spawn()
            .map_err(StackError::io(&action))?;
        let orders = watcher.stdin.take();
        let mut first_line = String::new();
        if let Some(output) = watcher.stdout.take() {
            BufReader::new(output).read_line(&mut first_line).map_err(StackError::io(&action))?;
        }
        let pid = first_line.trim().parse().map_err(|_| StackError::Io { action, source: std::io::Error::other("its watcher gave no process id") })?;
        Ok(Self { spec, watcher, orders, pid, log_start })
    }

    /// The server's process id.
    pub fn pid(&self) -> u32 {
        self.pid
    }

    /// An error if the server has ended by itself.
    pub fn check(&mut self) -> Result<(), StackError> {
        let Some(status) = self.poll()? else { return Ok(()) };
        let (server, log, text) = (self.spec.name, self.spec.log.clone(), self.log_of_this_run());
        let tail = last_lines(&text, TAIL_LINES);
        // The signs come before many lines about the end itself, so the tail alone may not hold them.
        let taken = TAKEN_SIGNS.iter().any(|sign| text.contains(sign));
        Err(if taken { StackError::Taken { server, log, tail } } else { StackError::Ended { server, status, log, tail } })
    }

    /// The error of a server that took too long.
    pub fn not_ready(&self, waited: Duration) -> StackError {
        StackError::NotReady { server: self.spec.name, waited_s: waited.as_secs(), log: self.spec.log.clone(), tail: last_lines(&self.log_of_this_run(), TAIL_LINES) }
    }

    /// Asks the server to end, kills it after the grace time, and waits until it is gone.
    pub fn stop(mut self) -> Result<(), StackError> {
        self.end("term\n")
    }

    /// Kills the server at once and waits until it is gone.
    pub fn kill(mut self) -> Result<(), StackError> {
        self.end("kill\n")
    }

    fn end(&mut self, order: &str) -> Result<(), StackError> {
        let Some(mut orders) = self.orders.take() else { return Ok(()) };
        // Fails only if the watcher is gone, which the wait below sees.
        let _ = orders.write_all(order.as_bytes());
        // The watcher kills the server after the grace time and then ends itself; twice that is more than it needs.
        let deadline = Instant::now() + self.spec.grace * 2 + Duration::from_secs(5);
        while self.poll()?.is_none() {
            if Instant::now() > deadline {
                return Err(StackError::Unstoppable { server: self.spec.name, pid: self.pid });
            }
            std::thread::sleep(POLL_INTERVAL);
        }
        Ok(())
    }

    fn poll(&mut self) -> Result<Option<ExitStatus>, StackError> {
        self.watcher.try_wait().map_err(StackError::io(format!("wait for the end of {}", self.spec.name)))
    }

    /// The end of what this run logged; what could not be read is left out, as this only explains another error.
    fn log_of_this_run(&self) -> String {
        let mut bytes = Vec::new();
        if let Ok(mut log) = File::open(&self.spec.log) {
            let length = log.metadata().map_or(0, |metadata| metadata.len());
            let from = self.log_start.max(length.saturating_sub(LOG_READ_BYTES_MAX));
            let _ = log.seek(SeekFrom::Start(from)).and_then(|_| log.read_to_end(&mut bytes));
        }
        String::from_utf8_lossy(&bytes).into_owned()
    }
}

impl Drop for WatchedProcess {
    fn drop(&mut self) {
        // Nobody can be told of a failure here; the watcher does its work either way.
        let _ = self.end("term\n");
    }
}

fn last_lines(text: &str, count: usize) -> String {
    let lines: Vec<&str> = text.lines().collect();
    lines[lines.len().saturating_sub(count)..].join("\n")
}

#[cfg(test)]
mod tests;
