//! The documents of folders.

use std::path::{Path, PathBuf};

/// Why a folder has no documents.
#[derive(Debug, thiserror::Error)]
#[error("{}: {error}", path.display())]
pub struct FolderError {
    /// The folder.
    pub path: PathBuf,
    /// What the system said.
    pub error: std::io::Error,
}

/// The files of these folders, folder by folder, each in the order of names. Hidden files and folders in them are left out; a file stands for itself.
///
/// # Errors
/// [`FolderError`]
pub fn documents(folders: &[PathBuf]) -> Result<Vec<PathBuf>, FolderError> {
    let mut documents = Vec::new();
    for folder in folders {
        if folder.is_file() {
            documents.push(folder.clone());
            continue;
        }
        let failed = |error| FolderError { path: folder.clone(), error };
        let mut found = Vec::new();
        for entry in std::fs::read_dir(folder).map_err(failed)? {
            found.push(entry.map_err(failed)?.path());
        }
        found.retain(|path| path.is_file() && !is_hidden(path));
        found.sort();
        documents.extend(found);
    }
    Ok(documents)
}

fn is_hidden(path: &Path) -> bool {
    path.file_name().is_none_or(|name| name.to_string_lossy().starts_with('.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_taken_in_the_order_of_their_names_without_hidden_ones_and_folders() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["b.json", "a.xml", ".hidden"] {
            std::fs::write(folder.path().join(name), "x").unwrap();
        }
        std::fs::create_dir(folder.path().join("0")).unwrap();
        let names: Vec<_> = documents(&[folder.path().to_owned()]).unwrap().iter().map(|path| path.file_name().unwrap().to_owned()).collect();
        assert_eq!(names, ["a.xml", "b.json"]);
        assert!(documents(&[folder.path().join("none")]).is_err());
    }
}
