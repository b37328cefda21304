//! Original bytes into files.

use std::fs::File;
use std::io::{BufWriter, Write as _};
use std::path::{Path, PathBuf};

use super::DeadLettersError;
use super::letter::Letter;

/// File of a folder that says what the others are: a line of JSON for each.
pub const INDEX: &str = "index.jsonl";

/// Writes the bytes to a file, or to standard output for `-`.
///
/// # Errors
/// [`DeadLettersError::File`], [`DeadLettersError::Output`].
pub fn write_to(output: &Path, bytes: &[u8]) -> Result<(), DeadLettersError> {
    if output.as_os_str() != "-" {
        return std::fs::write(output, bytes).map_err(failed(output));
    }
    let mut standard = std::io::stdout().lock();
    match standard.write_all(bytes).and_then(|()| standard.flush()) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => Err(DeadLettersError::Output(error)),
        _ => Ok(()),
    }
}

/// A folder of exported records: a file each, named after the dead letter's place, and [`INDEX`].
#[derive(Debug)]
pub struct Folder {
    path: PathBuf,
    index: BufWriter<File>,
    count: usize,
}

impl Folder {
    /// Creates the folder if it is not there, and begins a new index.
    ///
    /// # Errors
    /// [`DeadLettersError::File`].
    pub fn create(path: &Path) -> Result<Self, DeadLettersError> {
        std::fs::create_dir_all(path).map_err(failed(path))?;
        let index = path.join(INDEX);
        Ok(Self { path: path.to_owned(), index: BufWriter::new(File::create(&index).map_err(failed(&index))?), count: 0 })
    }

    /// Adds a dead letter with the original bytes. One whose record has no value is in the index only.
    ///
    /// # Errors
    /// [`DeadLettersError::File`].
    pub fn add(&mut self, letter: &Letter, value: Option<&[u8]>) -> Result<(), DeadLettersError> {
        if let Some(value) = value {
            let file = self.path.join(letter.place.file_name());
            std::fs::write(&file, value).map_err(failed(&file))?;
            self.count += 1;
        }
        let index = self.path.join(INDEX);
        writeln!(self.index, "{}", letter.json()).and_then(|()| self.index.flush()).map_err(failed(&index))
    }

    /// Files written, the index apart.
    #[must_use]
    pub const fn count(&self) -> usize {
        self.count
    }
}

fn failed(path: &Path) -> impl Fn(std::io::Error) -> DeadLettersError {
    let path = path.to_owned();
    move |error| DeadLettersError::File { path: path.clone(), error }
}

#[cfg(test)]
mod tests {
    use super::super::letter::tests::{WRITTEN, listed};
    use super::*;

    #[test]
    fn each_record_is_a_file_with_its_very_bytes_and_a_line_of_the_index() {
        let parent = tempfile::tempdir().unwrap();
        let path = parent.path().join("new/folder");
        let mut folder = Folder::create(&path).unwrap();
        let bytes: Vec<u8> = (0..=255).collect();
        folder.add(&listed(7, WRITTEN), Some(&bytes)).unwrap();
        folder.add(&listed(8, WRITTEN), None).unwrap();
        assert_eq!(folder.count(), 1);
        assert_eq!(std::fs::read(path.join("dead-letter.normalizer-0-7")).unwrap(), bytes);
        let index = std::fs::read_to_string(path.join(INDEX)).unwrap();
        assert!(index.lines().count() == 2 && index.contains("\"place\":\"dead-letter.normalizer/0/8\""), "{index}");
    }

    #[test]
    fn a_file_that_cannot_be_written_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("absent/file");
        let error = write_to(&path, b"x").unwrap_err().to_string();
        assert!(error.starts_with(&path.display().to_string()), "{error}");
    }
}
