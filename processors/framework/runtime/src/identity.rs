//! Who this process is, over restarts.
//!
//! Transactional id and group instance id must stay the same: a new transactional id leaves the old one's open transaction pinning the last
//! stable offset until it times out, and a new group instance id makes the group wait for the session timeout (`docs/EXACTLY_ONCE.md`).

use std::fs::{File, TryLockError};
use std::io::Write as _;
use std::path::Path;

use crate::application::StartError;

/// The identity of an instance, and the lock that keeps a second process off its state folder.
#[derive(Debug)]
pub struct Identity {
    instance: String,
    _lock: File,
}

impl Identity {
    /// Takes the state folder and reads the instance's name, or draws and keeps one.
    ///
    /// # Errors
    /// [`StartError`] if the folder cannot be used or another process holds it.
    pub fn take(state_dir: &Path, given: Option<&str>) -> Result<Self, StartError> {
        let fail = |what: &str, error: &dyn std::fmt::Display| StartError(format!("state folder {}: {what}: {error}", state_dir.display()));
        std::fs::create_dir_all(state_dir).map_err(|error| fail("cannot create it", &error))?;
        let lock = File::create(state_dir.join("lock")).map_err(|error| fail("cannot create the lock", &error))?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(fail("in use", &"another process runs on it; give each its own --state-dir")),
            Err(TryLockError::Error(error)) => return Err(fail("cannot lock it", &error)),
        }
        let path = state_dir.join("instance-id");
        let kept = std::fs::read_to_string(&path).unwrap_or_default().trim().to_owned();
        let instance = match given {
            Some(given) => given.to_owned(),
            None if !kept.is_empty() => kept.clone(),
            None => uuid::Uuid::new_v4().simple().to_string(),
        };
        if instance != kept {
            write_atomically(&path, &instance).map_err(|error| fail("cannot keep the instance id", &error))?;
        }
        Ok(Self { instance, _lock: lock })
    }

    /// Name of the instance.
    #[must_use]
    pub fn instance(&self) -> &str {
        &self.instance
    }

    /// Name of a stream thread under a prefix: its transactional id, or its group instance id in a group.
    #[must_use]
    pub fn member(&self, prefix: &str, thread: usize) -> String {
        format!("{prefix}-{}-{thread}", self.instance)
    }
}

fn write_atomically(path: &Path, text: &str) -> std::io::Result<()> {
    let temporary = path.with_extension("new");
    let mut file = File::create(&temporary)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    std::fs::rename(temporary, path)
}
