//! Which examples a pack has, by the names of their files.

use std::path::{Path, PathBuf};

use super::{ExamplesError, failed};

/// Folder of a pack with its examples.
const FOLDER: &str = "examples";
/// How the names of files end that say what has to come out.
const EXPECTED: &str = ".expected.json";

/// What has to become of an example, by the beginning of its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Events, or none of them.
    Mapped,
    /// A refusal: `refused-*`.
    Refused,
    /// It waits for master data: `waits-*`.
    Waits,
}

impl Kind {
    /// What the outcome of such an example says.
    pub(super) const fn key(self) -> &'static str {
        match self {
            Self::Mapped => "events",
            Self::Refused => "refused",
            Self::Waits => "waits",
        }
    }

    fn of(name: &str) -> Self {
        match name {
            name if name.starts_with("refused-") => Self::Refused,
            name if name.starts_with("waits-") => Self::Waits,
            _ => Self::Mapped,
        }
    }
}

/// A document of a pack.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Example {
    /// Its file.
    pub document: PathBuf,
    /// The file that says what has to come out, whether it is there or not.
    pub expectation: PathBuf,
    /// What has to become of it.
    pub kind: Kind,
}

/// Examples of a pack, in the order of their names.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Examples {
    /// The documents.
    pub examples: Vec<Example>,
    /// Expectations that belong to no document, or to several.
    pub astray: Vec<PathBuf>,
}

impl Examples {
    /// Those of a pack's folder; none if it has no folder of them. Hidden files are no examples.
    ///
    /// # Errors
    /// [`ExamplesError::File`].
    pub fn of_pack(pack: &Path) -> Result<Self, ExamplesError> {
        let folder = pack.join(FOLDER);
        let mut found = Self::default();
        if !folder.is_dir() {
            return Ok(found);
        }
        let mut files = Vec::new();
        for entry in std::fs::read_dir(&folder).map_err(failed(&folder))? {
            files.push(entry.map_err(failed(&folder))?.path());
        }
        files.sort();
        for document in files {
            let name = document.file_name().unwrap_or_default().to_string_lossy();
            if name.starts_with('.') {
                continue;
            }
            if name.ends_with(EXPECTED) {
                found.astray.push(document);
            } else {
                let kind = Kind::of(&name);
                found.examples.push(Example { expectation: document.with_extension(&EXPECTED[1..]), document, kind });
            }
        }
        let Self { examples, astray } = &mut found;
        astray.retain(|expectation| examples.iter().filter(|example| example.expectation == *expectation).count() != 1);
        Ok(found)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn documents_are_told_by_their_names_and_expectations_without_one_document_are_astray() {
        let pack = tempfile::tempdir().unwrap();
        assert_eq!(Examples::of_pack(pack.path()).unwrap(), Examples::default());
        let folder = pack.path().join(FOLDER);
        std::fs::create_dir(&folder).unwrap();
        for name in ["b.1.xml", "b.1.expected.json", "refused-x.csv", "waits-y.json", "gone.expected.json", "two.json", "two.xml", "two.expected.json", ".hidden"] {
            std::fs::write(folder.join(name), "").unwrap();
        }
        let found = Examples::of_pack(pack.path()).unwrap();
        let name = |path: &PathBuf| path.file_name().unwrap().to_string_lossy().into_owned();
        let named: Vec<_> = found.examples.iter().map(|example| (name(&example.document), name(&example.expectation), example.kind)).collect();
        let expected = [
            ("b.1.xml", "b.1.expected.json", Kind::Mapped),
            ("refused-x.csv", "refused-x.expected.json", Kind::Refused),
            ("two.json", "two.expected.json", Kind::Mapped),
            ("two.xml", "two.expected.json", Kind::Mapped),
            ("waits-y.json", "waits-y.expected.json", Kind::Waits),
        ];
        assert_eq!(named, expected.map(|(document, expectation, kind)| (document.to_owned(), expectation.to_owned(), kind)));
        assert_eq!(found.astray.iter().map(name).collect::<Vec<_>>(), ["gone.expected.json", "two.expected.json"]);
    }
}
