//! Raw records from files: one file, one record.

use std::path::{Path, PathBuf};

use lineside_api::{RawRecord, Timestamp};
use lineside_normalizer::{Ignored, Limits, MappingSet, Plan, Scratch};
use lineside_simulators::Plant;

/// A raw record and the file it came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileRecord {
    /// Name of the file.
    pub file: String,
    /// Topic that it goes to.
    pub topic: String,
    /// The file's bytes.
    pub value: Vec<u8>,
    /// Of a record that its mapping reads but makes no event of: why. Such a record leaves no trace in the topics.
    pub ignored: Vec<Ignored>,
}

/// Every file of the folder, sorted by name; folders in it are left out. A file goes to the source whose mapping alone recognizes it; of the others, XML,
/// known by its first character, is plant B's, and everything else plant A's.
///
/// # Errors
/// With the path that cannot be read.
pub fn read_folder(folder: &Path, mappings: &MappingSet) -> Result<Vec<FileRecord>, (PathBuf, std::io::Error)> {
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
        Ok(match plan_of(&value, mappings) {
            Some(plan) => FileRecord { file, topic: plan.topic().to_owned(), ignored: ignored(plan, &value), value },
            None => FileRecord { file, topic: topic_of(&value).to_owned(), ignored: Vec::new(), value },
        })
    };
    paths.into_iter().map(read).collect()
}

fn plan_of<'m>(value: &[u8], mappings: &'m MappingSet) -> Option<&'m Plan> {
    let mut found = mappings.plans().iter().filter(|plan| plan.recognizes(value));
    found.next().filter(|_| found.next().is_none())
}

/// What the mapping ignores, if that is all it finds.
fn ignored(plan: &Plan, value: &[u8]) -> Vec<Ignored> {
    let record = RawRecord { topic: plan.topic(), partition: 0, offset: 0, index: None, time: Timestamp::EPOCH, key: None, value: Some(value), headers: &[] };
    match plan.apply(&record, &Limits::default(), &mut Scratch::default()) {
        Ok(events) if events.is_empty() => plan.ignored(&record, &Limits::default()),
        _ => Vec::new(),
    }
}

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
    fn the_first_character_decides_the_source_of_what_no_mapping_recognizes() {
        assert_eq!(topic_of(b"\xEF\xBB\xBF <?xml?>"), "raw.plant-b.b2mml");
        assert_eq!(topic_of(b"\r\n<a/>"), "raw.plant-b.b2mml");
        for other in [&b"{\"a\":1}"[..], b"", b"\xEF\xBB\xBF", b"\xff\xfe<"] {
            assert_eq!(topic_of(other), "raw.plant-a.mes", "{other:?}");
        }
    }

    #[test]
    fn a_folder_gives_its_files_in_order_each_for_the_source_that_reads_it() {
        let mappings = MappingSet::built_in().unwrap();
        let packs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../processors/normalizer/sources");
        let acknowledgement = std::fs::read(packs.join("plant-c.x12/examples/acknowledgement-of-the-interchange.x12")).unwrap();
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("2.json"), b"{}").unwrap();
        std::fs::write(folder.path().join("1.xml"), b"<a/>").unwrap();
        std::fs::write(folder.path().join("3.edi"), acknowledgement).unwrap();
        std::fs::create_dir(folder.path().join("0")).unwrap();
        let records = read_folder(folder.path(), &mappings).unwrap();
        let names: Vec<_> = records.iter().map(|record| (record.file.as_str(), record.topic.as_str(), record.ignored.len())).collect();
        assert_eq!(names, [("1.xml", "raw.plant-b.b2mml", 0), ("2.json", "raw.plant-a.mes", 0), ("3.edi", "raw.plant-c.x12", 1)]);
        assert!(read_folder(&folder.path().join("none"), &mappings).is_err());
    }
}
