//! A process and everything it started.

use std::collections::BTreeMap;
use std::process::Command;
use std::time::{Duration, Instant};

/// Descendants of a process, by id, with their command.
#[derive(Debug)]
pub struct Family(BTreeMap<u32, String>);

impl Family {
    /// The descendants of `pid` at this moment.
    pub fn of(pid: u32) -> Self {
        let running = running();
        let mut members = vec![pid];
        let mut next = 0;
        while let Some(parent) = members.get(next).copied() {
            members.extend(running.iter().filter(|(_, (of, _))| *of == parent).map(|(child, _)| *child));
            next += 1;
        }
        Self(members.into_iter().skip(1).filter_map(|member| running.get(&member).map(|(_, command)| (member, command.clone()))).collect())
    }

    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Waits until none of them runs.
    pub fn assert_ends(&self, timeout: Duration) {
        let deadline = Instant::now() + timeout;
        loop {
            let running = running();
            let left: Vec<_> = self.0.iter().filter(|(pid, command)| running.get(pid).is_some_and(|(_, now)| now == *command)).collect();
            if left.is_empty() {
                return;
            }
            assert!(Instant::now() < deadline, "still running: {left:?}");
            std::thread::sleep(Duration::from_millis(100));
        }
    }
}

/// Parent and command of every process that is not a zombie.
fn running() -> BTreeMap<u32, (u32, String)> {
    let output = Command::new("ps").args(["-A", "-o", "pid=,ppid=,stat=,comm="]).output().unwrap();
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let process = |line: &str| {
        let mut words = line.split_whitespace();
        let (pid, parent) = (words.next()?.parse().ok()?, words.next()?.parse().ok()?);
        let state = words.next()?;
        (!state.starts_with('Z')).then(|| (pid, (parent, words.collect::<Vec<_>>().join(" "))))
    };
    text.lines().filter_map(process).collect()
}
