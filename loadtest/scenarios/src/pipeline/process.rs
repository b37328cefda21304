//! One processor as a process.

use std::fs::File;
use std::io::{Read as _, Seek as _, SeekFrom};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};

use super::error::PipelineError;
use super::orphans::OrphanGuard;

/// How long a processor that was asked to end may take before it is killed.
const GRACE: Duration = Duration::from_secs(10);
const POLL_INTERVAL: Duration = Duration::from_millis(10);
const TAIL_BYTES: u64 = 16 * 1024;
const TAIL_LINES: usize = 30;

/// What is run, and with what.
#[derive(Debug, Clone)]
pub(super) struct Program {
    pub name: String,
    pub path: PathBuf,
    pub arguments: &'static [&'static str],
    /// Environment variables.
    pub settings: Vec<(String, String)>,
    /// The file its output is appended to.
    pub log: PathBuf,
}

impl Program {
    pub fn open_log(&self) -> Result<File, PipelineError> {
        File::options().create(true).append(true).open(&self.log).map_err(PipelineError::io(format!("open {}", self.log.display())))
    }

    pub fn ended(&self, status: ExitStatus) -> PipelineError {
        PipelineError::Ended { name: self.name.clone(), status, log: self.log.clone(), tail: tail(&self.log) }
    }
}

/// A running program.
#[derive(Debug)]
pub(super) struct Process {
    program: Program,
    child: Child,
}

impl Process {
    pub fn start(program: Program, orphans: &mut OrphanGuard) -> Result<Self, PipelineError> {
        let log = program.open_log()?;
        let errors = log.try_clone().map_err(PipelineError::io("share a log"))?;
        let child = Command::new(&program.path)
            .args(program.arguments)
            .envs(program.settings.iter().cloned())
            .process_group(0)
            .stdin(Stdio::null())
            .stdout(log)
            .stderr(errors)
            .spawn()
            .map_err(PipelineError::io(format!("start {}", program.path.display())))?;
        let process = Self { program, child };
        orphans.add(process.child.id())?;
        Ok(process)
    }

    /// Its process id.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// An error if it has ended by itself.
    pub fn check(&mut self) -> Result<(), PipelineError> {
        match self.child.try_wait().map_err(PipelineError::io(format!("ask after {}", self.program.name)))? {
            None => Ok(()),
            Some(status) => Err(self.program.ended(status)),
        }
    }

    /// Where it serves HTTP, as it logged last.
    pub fn http_address(&self) -> Option<String> {
        self.http_address_after(0)
    }

    /// Where it serves HTTP, as it logged last behind so many lines.
    pub fn http_address_after(&self, lines: usize) -> Option<String> {
        let log = std::fs::read_to_string(&self.program.log).ok()?;
        log.lines().skip(lines).filter_map(http_address).last()
    }

    /// Kills it at once.
    pub fn kill(mut self, orphans: &mut OrphanGuard) -> Result<(), PipelineError> {
        self.child.kill().map_err(PipelineError::io(format!("kill {}", self.program.name)))?;
        self.reap(orphans)
    }

    /// Asks it to end; does not wait.
    pub fn ask_to_end(&self) {
        self.signal(Signal::TERM);
    }

    /// Stops it from running, without its knowing.
    pub fn freeze(&self) {
        self.signal(Signal::STOP);
    }

    /// Lets it run on.
    pub fn wake(&self) {
        self.signal(Signal::CONT);
    }

    fn signal(&self, signal: Signal) {
        if let Some(pid) = i32::try_from(self.child.id()).ok().and_then(Pid::from_raw) {
            // Fails only if it has ended already; whoever waits for it sees that.
            let _ = kill_process(pid, signal);
        }
    }

    /// Waits until it has ended, after [`Self::ask_to_end`]; kills it after the grace time.
    pub fn stop(mut self, orphans: &mut OrphanGuard) -> Result<(), PipelineError> {
        self.wait_or_kill();
        self.reap(orphans)
    }

    fn wait_or_kill(&mut self) {
        let deadline = Instant::now() + GRACE;
        while matches!(self.child.try_wait(), Ok(None)) {
            if Instant::now() > deadline {
                let _ = self.child.kill();
                return;
            }
            std::thread::sleep(POLL_INTERVAL);
        }
    }

    fn reap(&mut self, orphans: &mut OrphanGuard) -> Result<(), PipelineError> {
        self.child.wait().map_err(PipelineError::io(format!("wait for {}", self.program.name)))?;
        orphans.remove(self.child.id())
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // Nothing to do for one that was waited for; the others end with the pipeline, in order if they can.
        if matches!(self.child.try_wait(), Ok(None)) {
            self.ask_to_end();
            self.wait_or_kill();
            let _ = self.child.wait();
        }
    }
}

/// The address in the log line that tells where HTTP is served.
fn http_address(line: &str) -> Option<String> {
    let line: serde_json::Value = serde_json::from_str(line).ok()?;
    line["message"].as_str()?.starts_with("serving").then(|| line["address"].as_str().map(str::to_owned))?
}

/// The last lines of a log; what could not be read is left out, as this only explains another error.
fn tail(log: &Path) -> String {
    let mut bytes = Vec::new();
    if let Ok(mut file) = File::open(log) {
        let length = file.metadata().map_or(0, |metadata| metadata.len());
        let _ = file.seek(SeekFrom::Start(length.saturating_sub(TAIL_BYTES))).and_then(|_| file.read_to_end(&mut bytes));
    }
    let text = String::from_utf8_lossy(&bytes);
    let lines: Vec<&str> = text.lines().collect();
    lines[lines.len().saturating_sub(TAIL_LINES)..].join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_is_found_in_the_log() {
        let line = r#"{"level":"INFO","message":"serving /metrics and /health","address":"127.0.0.1:38537"}"#;
        assert_eq!(http_address(line).as_deref(), Some("127.0.0.1:38537"));
        for other in ["", "not JSON", r#"{"message":"starting","address":"127.0.0.1:1"}"#] {
            assert_eq!(http_address(other), None);
        }
    }
}
