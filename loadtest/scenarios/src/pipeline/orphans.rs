//! Processes that must not outlive this one.

use std::io::Write as _;
use std::os::unix::process::CommandExt as _;
use std::process::{Child, ChildStdin, Command, Stdio};

use super::error::PipelineError;

const SCRIPT: &str = include_str!("orphans.sh");

/// A small `sh` at the other end of a pipe: when this process dies, the pipe closes, and it ends what it was told of.
#[derive(Debug)]
pub(super) struct OrphanGuard {
    shell: Child,
    orders: Option<ChildStdin>,
}

impl OrphanGuard {
    pub fn start() -> Result<Self, PipelineError> {
        let mut shell = Command::new("sh")
            .args(["-c", SCRIPT, "orphans"])
            // Ctrl-C in a terminal reaches this process alone, which then ends its processes in order.
            .process_group(0)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .map_err(PipelineError::io("start sh"))?;
        let orders = shell.stdin.take();
        Ok(Self { shell, orders })
    }

    pub fn add(&mut self, pid: u32) -> Result<(), PipelineError> {
        self.order('+', pid)
    }

    pub fn remove(&mut self, pid: u32) -> Result<(), PipelineError> {
        self.order('-', pid)
    }

    fn order(&mut self, change: char, pid: u32) -> Result<(), PipelineError> {
        match &mut self.orders {
            Some(orders) => writeln!(orders, "{change} {pid}").map_err(PipelineError::io("tell the guard of processes")),
            None => Ok(()),
        }
    }
}

impl Drop for OrphanGuard {
    fn drop(&mut self) {
        self.orders.take();
        // It ends by itself now; waiting leaves no zombie behind.
        let _ = self.shell.wait();
    }
}
