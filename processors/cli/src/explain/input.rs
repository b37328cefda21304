//! Raw records from files.

use std::fs::File;
use std::io::{BufRead, BufReader, Read as _};
use std::path::{Path, PathBuf};

/// A raw record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Record<'a> {
    /// File, and with `--lines` the line's number.
    pub name: &'a str,
    /// Its bytes, as they are.
    pub bytes: &'a [u8],
}

/// Why a file cannot be read.
#[derive(Debug, thiserror::Error)]
#[error("{}: {error}", path.display())]
pub struct InputError {
    /// The file.
    pub path: PathBuf,
    /// What the system said.
    pub error: std::io::Error,
}

/// Gives every record of the files, one in memory at a time.
///
/// # Errors
/// [`InputError`], or the first error of `visit`.
pub fn each<E: From<InputError>>(files: &[PathBuf], by_lines: bool, visit: &mut dyn FnMut(Record<'_>) -> Result<(), E>) -> Result<(), E> {
    for path in files {
        let failed = |error| InputError { path: path.clone(), error };
        let mut reader = open(path).map_err(failed)?;
        let name = path.display().to_string();
        let mut bytes = Vec::new();
        if !by_lines {
            reader.read_to_end(&mut bytes).map_err(failed)?;
            visit(Record { name: &name, bytes: &bytes })?;
            continue;
        }
        for number in 1_usize.. {
            bytes.clear();
            if reader.read_until(b'\n', &mut bytes).map_err(failed)? == 0 {
                break;
            }
            let line = bytes.strip_suffix(b"\n").unwrap_or(&bytes);
            let line = line.strip_suffix(b"\r").unwrap_or(line);
            if !line.is_empty() {
                visit(Record { name: &format!("{name}:{number}"), bytes: line })?;
            }
        }
    }
    Ok(())
}

fn open(path: &Path) -> std::io::Result<Box<dyn BufRead>> {
    if path.as_os_str() == "-" {
        return Ok(Box::new(BufReader::new(std::io::stdin())));
    }
    Ok(Box::new(BufReader::new(File::open(path)?)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn records(text: &[u8], by_lines: bool) -> Vec<(String, Vec<u8>)> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("f");
        std::fs::write(&path, text).unwrap();
        let mut records = Vec::new();
        each::<InputError>(std::slice::from_ref(&path), by_lines, &mut |record| {
            records.push((record.name.replace(&path.display().to_string(), "f"), record.bytes.to_vec()));
            Ok(())
        })
        .unwrap();
        records
    }

    #[test]
    fn a_file_is_one_record_with_every_byte() {
        assert_eq!(records(b"a\r\n\nb\n", false), [("f".to_owned(), b"a\r\n\nb\n".to_vec())]);
        assert_eq!(records(b"", false), [("f".to_owned(), Vec::new())]);
    }

    #[test]
    fn lines_are_records_but_for_empty_ones_and_keep_their_numbers() {
        assert_eq!(records(b"a\r\n\n\xff b", true), [("f:1".to_owned(), b"a".to_vec()), ("f:3".to_owned(), b"\xff b".to_vec())]);
    }

    #[test]
    fn a_file_that_is_not_there_is_named() {
        let error = each::<InputError>(&[PathBuf::from("/no/such/file")], false, &mut |_| Ok(())).unwrap_err();
        assert!(error.to_string().starts_with("/no/such/file: "), "{error}");
    }
}
