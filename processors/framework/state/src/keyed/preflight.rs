//! Checks the engine's lists of files before it reads them.
//!
//! The engine writes a checksum of its list of files beside it and does not compare it (lsm-tree 3.1); a flipped bit in the list can make it ask
//! for more memory than there is, which ends the process. So we compare first. And as nobody knows what else may end a process here, tries to open are
//! counted: a store whose files were tried some times without an end is given up.

use std::fs;
use std::io;
use std::path::Path;

use xxhash_rust::xxh3::xxh3_128;

use crate::fault::Fault;

/// Tries to open files before they are given up. More than one, because a process may be killed at any time.
const TRIES_MAX: u8 = 3;
/// The file `current`: number of the list u64, XXH3 (128 bits) of the list u128, kind of checksum u8 (0); little-endian.
const CURRENT_LEN: usize = 25;

/// Checks the lists of files of every keyspace of the database at `path`.
pub(crate) fn check_lists(path: &Path) -> Result<(), Fault> {
    let keyspaces = path.join("keyspaces");
    for entry in fs::read_dir(&keyspaces).map_err(|error| missing(&keyspaces, error))? {
        let keyspace = entry.map_err(Fault::io("list", &keyspaces))?.path();
        let current_path = keyspace.join("current");
        let current = match fs::read(&current_path) {
            Ok(current) => current,
            // Not finished when the process ended; the engine removes such a keyspace.
            Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
            Err(error) => return Err(Fault::io("read", &current_path)(error)),
        };
        let (Some(number), Some(sum), CURRENT_LEN) = (current.first_chunk::<8>(), current.get(8..24), current.len()) else {
            return Err(Fault::damaged(&current_path, "of a wrong length"));
        };
        let list_path = keyspace.join(format!("v{}", u64::from_le_bytes(*number)));
        let list = fs::read(&list_path).map_err(|error| missing(&list_path, error))?;
        if xxh3_128(&list).to_le_bytes() != *sum {
            return Err(Fault::damaged(&list_path, "does not have its checksum"));
        }
    }
    Ok(())
}

fn missing(path: &Path, error: io::Error) -> Fault {
    if error.kind() == io::ErrorKind::NotFound { Fault::damaged(path, "is gone") } else { Fault::io("read", path)(error) }
}

/// Notes in the file at `path` that the store is about to be opened.
///
/// # Errors
/// [`Fault::Damaged`] if it was tried too often.
pub(crate) fn begin(path: &Path) -> Result<(), Fault> {
    let tries = match fs::read(path) {
        Ok(tries) => tries.first().copied().unwrap_or(0),
        Err(error) if error.kind() == io::ErrorKind::NotFound => 0,
        Err(error) => return Err(Fault::io("read", path)(error)),
    };
    if tries >= TRIES_MAX {
        return Err(Fault::damaged(path, "opening the store did not come to an end, several times"));
    }
    fs::write(path, [tries + 1]).map_err(Fault::io("write", path))
}

/// Notes that the store was opened.
pub(crate) fn end(path: &Path) -> Result<(), Fault> {
    fs::remove_file(path).map_err(Fault::io("remove", path))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn opening_is_given_up_after_some_tries_without_an_end() {
        let root = tempfile::tempdir().unwrap();
        let path = root.path().join("OPENING");
        for _ in 0..10 {
            begin(&path).unwrap();
            end(&path).unwrap();
        }
        for _ in 0..TRIES_MAX {
            begin(&path).unwrap();
        }
        assert!(matches!(begin(&path), Err(Fault::Damaged(_))));
    }

    #[test]
    fn a_list_that_was_changed_or_is_gone_is_noticed() {
        let root = tempfile::tempdir().unwrap();
        let keyspace = root.path().join("keyspaces").join("1");
        fs::create_dir_all(&keyspace).unwrap();
        let mut current = 7_u64.to_le_bytes().to_vec();
        current.extend_from_slice(&xxh3_128(b"list").to_le_bytes());
        current.push(0);
        fs::write(keyspace.join("current"), &current).unwrap();
        assert!(matches!(check_lists(root.path()), Err(Fault::Damaged(_))), "gone");
        fs::write(keyspace.join("v7"), b"list").unwrap();
        check_lists(root.path()).unwrap();
        fs::write(keyspace.join("v7"), b"lisp").unwrap();
        assert!(matches!(check_lists(root.path()), Err(Fault::Damaged(_))), "changed");
    }
}
