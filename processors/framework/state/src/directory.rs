//! The folder of a store, and whether what is in it can be used.
//!
//! A file `FORMAT` is written last when a store is made and removed first when it is given up, so a folder without the expected text in it holds
//! nothing of worth: an unfinished start, another version's files, or a store that was found damaged.

use std::fs;
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use crate::fault::Fault;

const FORMAT: &str = "FORMAT";

/// The folder of one store.
#[derive(Debug)]
pub(crate) struct StoreDirectory {
    path: PathBuf,
    format: &'static str,
}

impl StoreDirectory {
    /// The folder at `path` for files of `format`; touches nothing.
    pub(crate) fn new(path: PathBuf, format: &'static str) -> Self {
        Self { path, format }
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Whether the folder holds a finished store of this format.
    pub(crate) fn is_sealed(&self) -> Result<bool, Fault> {
        let path = self.path.join(FORMAT);
        match fs::read(&path) {
            Ok(text) => Ok(text == self.format.as_bytes()),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
            Err(error) => Err(Fault::io("read", &path)(error)),
        }
    }

    /// Empties the folder, making it if needed. It is not sealed after this.
    pub(crate) fn recreate(&self) -> Result<(), Fault> {
        self.condemn()?;
        match fs::remove_dir_all(&self.path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(Fault::io("remove", &self.path)(error)),
            _ => {}
        }
        fs::create_dir_all(&self.path).map_err(Fault::io("make", &self.path))
    }

    /// Declares the files usable.
    pub(crate) fn seal(&self) -> Result<(), Fault> {
        let path = self.path.join(FORMAT);
        // Renamed into place, so that it is there whole or not at all.
        let fresh = self.path.join("FORMAT.new");
        fs::write(&fresh, self.format).map_err(Fault::io("write", &fresh))?;
        fs::rename(&fresh, &path).map_err(Fault::io("rename", &fresh))
    }

    /// Declares the files unusable, for this process and every later one.
    pub(crate) fn condemn(&self) -> Result<(), Fault> {
        let path = self.path.join(FORMAT);
        match fs::remove_file(&path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(Fault::io("remove", &path)(error)),
            _ => Ok(()),
        }
    }

    /// When the store was made: its files were declared usable then for the first time.
    pub(crate) fn created(&self) -> Option<SystemTime> {
        fs::metadata(self.path.join(FORMAT)).and_then(|metadata| metadata.modified()).ok()
    }

    /// Bytes that the files take, as allocated; files that vanish meanwhile count nothing.
    pub(crate) fn allocated_bytes(&self) -> u64 {
        allocated(&self.path)
    }
}

fn allocated(folder: &Path) -> u64 {
    let Ok(entries) = fs::read_dir(folder) else { return 0 };
    entries
        .flatten()
        .map(|entry| match entry.metadata() {
            Ok(metadata) if metadata.is_dir() => allocated(&entry.path()),
            // `blocks` counts 512 bytes each whatever the file system's own block is.
            Ok(metadata) => metadata.blocks() * 512,
            Err(_) => 0,
        })
        .sum()
}

/// Keeps other tasks and processes out of a task's folder as long as it lives.
#[derive(Debug)]
pub(crate) struct TaskLock {
    _file: fs::File,
}

impl TaskLock {
    /// Locks `folder`, making it if needed. The lock goes with the process, however it ends.
    pub(crate) fn acquire(folder: &Path) -> Result<Self, Fault> {
        fs::create_dir_all(folder).map_err(Fault::io("make", folder))?;
        let path = folder.join("LOCK");
        let file = fs::File::create(&path).map_err(Fault::io("open", &path))?;
        match file.try_lock() {
            Ok(()) => Ok(Self { _file: file }),
            Err(fs::TryLockError::WouldBlock) => Err(Fault::InUse(folder.to_owned())),
            Err(fs::TryLockError::Error(error)) => Err(Fault::io("lock", &path)(error)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn directory(root: &tempfile::TempDir, format: &'static str) -> StoreDirectory {
        StoreDirectory::new(root.path().join("store"), format)
    }

    #[test]
    fn only_a_sealed_folder_of_the_same_format_is_usable() {
        let root = tempfile::tempdir().unwrap();
        let first = directory(&root, "format 1");
        assert!(!first.is_sealed().unwrap(), "nothing there yet");
        first.recreate().unwrap();
        assert!(!first.is_sealed().unwrap(), "not finished yet");
        first.seal().unwrap();
        assert!(first.is_sealed().unwrap());
        assert!(!directory(&root, "format 2").is_sealed().unwrap(), "another version's files");
        first.condemn().unwrap();
        first.condemn().unwrap();
        assert!(!first.is_sealed().unwrap(), "condemned");
    }

    #[test]
    fn recreating_leaves_nothing_behind() {
        let root = tempfile::tempdir().unwrap();
        let store = directory(&root, "format 1");
        store.recreate().unwrap();
        fs::write(store.path().join("old"), vec![7; 10_000]).unwrap();
        assert!(store.allocated_bytes() >= 10_000);
        store.recreate().unwrap();
        assert!(!store.path().join("old").exists());
        assert_eq!(store.allocated_bytes(), 0);
    }

    #[test]
    fn a_folder_is_locked_once_at_a_time() {
        let root = tempfile::tempdir().unwrap();
        let held = TaskLock::acquire(root.path()).unwrap();
        assert!(matches!(TaskLock::acquire(root.path()), Err(Fault::InUse(_))));
        drop(held);
        TaskLock::acquire(root.path()).unwrap();
    }
}
