//! The folder of one running stack: its data, its logs, its settings.

use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};

use crate::error::StackError;
use crate::options::DataFolder;

/// What Kafka's storage tool leaves in a data folder.
pub(crate) const META_PROPERTIES: &str = "meta.properties";

/// A data folder that this process holds alone.
#[derive(Debug)]
pub(crate) struct HeldFolder {
    root: PathBuf,
    /// Removes the folder when dropped, unless it is kept.
    temporary: Option<tempfile::TempDir>,
    /// The lock ends with the process, however that ends.
    _lock: File,
}

impl HeldFolder {
    /// Creates the folder (a temporary one below `home/run`) with its parts, and locks it.
    pub fn open(chosen: &DataFolder, home: &Path) -> Result<Self, StackError> {
        let (root, temporary) = match chosen {
            DataFolder::Named(folder) => (folder.clone(), None),
            DataFolder::Temporary { keep } => {
                let run = home.join("run");
                create(&run)?;
                let mut folder = tempfile::Builder::new().prefix("stack-").tempdir_in(&run).map_err(StackError::io(format!("create a folder in {}", run.display())))?;
                folder.disable_cleanup(*keep);
                (folder.path().to_owned(), (!keep).then_some(folder))
            }
        };
        create(&root)?;
        // Absolute, because the servers run in folders of their own.
        let root = root.canonicalize().map_err(StackError::io(format!("resolve {}", root.display())))?;
        let lock_path = root.join("stack.lock");
        let lock = File::create(&lock_path).map_err(StackError::io(format!("create {}", lock_path.display())))?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(StackError::DataInUse { path: root }),
            Err(TryLockError::Error(source)) => return Err(StackError::Io { action: format!("lock {}", root.display()), source }),
        }
        let held = Self { root, temporary, _lock: lock };
        for part in [held.kafka_data(), held.registry(), held.logs(), held.java_temporary(), held.tls()] {
            create(&part)?;
        }
        Ok(held)
    }

    /// The folder to remove when this process dies without ending the stack; none if the data is kept.
    pub fn remove_if_orphaned(&self) -> Option<&Path> {
        self.temporary.is_some().then_some(self.root.as_path())
    }

    /// Kafka's log directory.
    pub fn kafka_data(&self) -> PathBuf {
        self.root.join("kafka")
    }

    /// Whether Kafka's storage tool has been here.
    pub fn kafka_is_formatted(&self) -> bool {
        self.kafka_data().join(META_PROPERTIES).is_file()
    }

    /// Kafka's settings.
    pub fn kafka_properties(&self) -> PathBuf {
        self.root.join("server.properties")
    }

    /// The registry's working folder. It keeps nothing here: its schemas are in Kafka.
    pub fn registry(&self) -> PathBuf {
        self.root.join("registry")
    }

    /// Both servers' logs.
    pub fn logs(&self) -> PathBuf {
        self.root.join("logs")
    }

    /// Both servers' temporary files.
    pub fn java_temporary(&self) -> PathBuf {
        self.root.join("tmp")
    }

    /// Key and certificate of a secured Kafka.
    pub fn tls(&self) -> PathBuf {
        self.root.join("tls")
    }

    /// The ports last used.
    pub fn ports(&self) -> PathBuf {
        self.root.join("ports")
    }

    /// Removes temporary data now, to hear of a failure.
    pub fn close(self) -> Result<(), StackError> {
        match self.temporary {
            Some(folder) => folder.close().map_err(StackError::io(format!("remove {}", self.root.display()))),
            None => Ok(()),
        }
    }
}

fn create(folder: &Path) -> Result<(), StackError> {
    std::fs::create_dir_all(folder).map_err(StackError::io(format!("create {}", folder.display())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_temporary_folder_is_gone_after_close_and_a_kept_one_stays() {
        let home = tempfile::tempdir().unwrap();
        let held = HeldFolder::open(&DataFolder::Temporary { keep: false }, home.path()).unwrap();
        let root = held.root.clone();
        assert_eq!(held.remove_if_orphaned(), Some(root.as_path()));
        held.close().unwrap();
        assert!(!root.exists());

        let held = HeldFolder::open(&DataFolder::Temporary { keep: true }, home.path()).unwrap();
        let root = held.root.clone();
        assert_eq!(held.remove_if_orphaned(), None);
        held.close().unwrap();
        assert!(root.join("logs").is_dir());
    }

    #[test]
    fn a_named_folder_is_held_by_one_stack_at_a_time() {
        let home = tempfile::tempdir().unwrap();
        let named = DataFolder::Named(home.path().join("data"));
        let held = HeldFolder::open(&named, home.path()).unwrap();
        assert!(matches!(HeldFolder::open(&named, home.path()), Err(StackError::DataInUse { .. })));
        held.close().unwrap();
        assert!(HeldFolder::open(&named, home.path()).is_ok());
    }
}
