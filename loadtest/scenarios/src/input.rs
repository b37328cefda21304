//! Raw records from files: one file, one record.

use std::path::{Path, PathBuf};

use lineside_simulators::Plant;

/// A raw record and the file it came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileRecord {
    /// Name of the file.
    pub file: String,
    /// Topic that it goes to.
    pub topic: &'static str,
    /// The file's bytes.
    pub value: Vec<u8>,
}

/// Every file of the folder, sorted by name; folders in it are left out.
///
/// # Errors
/// With the path that cannot be read.
pub fn read_folder(folder: &Path) -> Result<Vec<FileRecord>, (PathBuf, std::io::Error)> {
    let failed = |path: &Path| {
        let path = path.to_owned();
        move |error| (path, error)
    };
    let mut paths = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(failed(folder))? {
        let path = entry.map_err(failed(folder))?.path();
        if path.is_file() {
            paths.push(path);
        }
    }
    paths.sort_unstable();
    let read = |path: PathBuf| {
        let value = std::fs::read(&path).map_err(failed(&path))?;
        let file = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        Ok(FileRecord { file, topic: topic_of(&value), value })
    };
    paths.into_iter().map(read).collect()
}

/// XML, known by its first character, is plant B's; everything else plant A's.
fn topic_of(value: &[u8]) -> &'static str {
    let text = value.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(value);
    match text.iter().find(|byte| !byte.is_ascii_whitespace()) {
        Some(b'<') => Plant::B.topic(),
        _ => Plant::A.topic(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_character_decides_the_source() {
        assert_eq!(topic_of(b"\xEF\xBB\xBF <?xml?>"), "raw.plant-b.b2mml");
        assert_eq!(topic_of(b"\r\n<a/>"), "raw.plant-b.b2mml");
        for other in [&b"{\"a\":1}"[..], b"", b"\xEF\xBB\xBF", b"\xff\xfe<"] {
            assert_eq!(topic_of(other), "raw.plant-a.mes", "{other:?}");
        }
    }

    #[test]
    fn a_folder_gives_its_files_in_order() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("2.json"), b"{}").unwrap();
        std::fs::write(folder.path().join("1.xml"), b"<a/>").unwrap();
        std::fs::create_dir(folder.path().join("0")).unwrap();
        let records = read_folder(folder.path()).unwrap();
        let names: Vec<_> = records.iter().map(|record| (record.file.as_str(), record.topic)).collect();
        assert_eq!(names, [("1.xml", "raw.plant-b.b2mml"), ("2.json", "raw.plant-a.mes")]);
        assert!(read_folder(&folder.path().join("none")).is_err());
    }
}
