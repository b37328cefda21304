//! Rule files read, and what is wrong with them.

use std::fmt::Write as _;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use lineside_posting_rules::{FileErrors, RuleSet, overlaps};

/// Bytes that a rule file may have.
const MAX_BYTES: u64 = 1 << 20;

/// Why a file gives no rule set.
#[derive(Debug, thiserror::Error)]
pub enum RuleFileError {
    /// It cannot be read.
    #[error("{}: {error}", path.display())]
    Unreadable {
        /// File or folder.
        path: PathBuf,
        /// What the system said.
        error: std::io::Error,
    },
    /// It is too large.
    #[error("{}: more than {MAX_BYTES} bytes are no rule file", .0.display())]
    TooLarge(PathBuf),
    /// A folder has none.
    #[error("{}: there is no .yaml file in it", .0.display())]
    Empty(PathBuf),
    /// It is wrong.
    #[error(transparent)]
    Wrong(#[from] FileErrors),
}

/// What came of a check.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Checked {
    /// What the sound files say, for people.
    pub said: String,
    /// Everything that is wrong, as `file:line: message`.
    pub wrong: Vec<String>,
}

/// The rule set of a file.
///
/// # Errors
/// [`RuleFileError`]
pub fn read(path: &Path) -> Result<RuleSet, RuleFileError> {
    let unreadable = |error| RuleFileError::Unreadable { path: path.to_owned(), error };
    let mut text = String::new();
    let file = std::fs::File::open(path).map_err(unreadable)?;
    file.take(MAX_BYTES + 1).read_to_string(&mut text).map_err(unreadable)?;
    if text.len() as u64 > MAX_BYTES {
        return Err(RuleFileError::TooLarge(path.to_owned()));
    }
    Ok(RuleSet::from_yaml(&path.display().to_string(), &text)?)
}

/// Reads every rule file that these paths name, and compares the sound ones.
///
/// # Errors
/// [`RuleFileError`] if a file cannot be read at all.
pub fn check(paths: &[PathBuf]) -> Result<Checked, RuleFileError> {
    let mut checked = Checked::default();
    let mut sets: Vec<(PathBuf, RuleSet)> = Vec::new();
    for file in files(paths)? {
        match read(&file) {
            Err(RuleFileError::Wrong(errors)) => checked.wrong.extend(errors.to_string().lines().map(str::to_owned)),
            Err(error) => return Err(error),
            Ok(set) => {
                if let Some((other, _)) = sets.iter().find(|(_, known)| known.id() == set.id()) {
                    checked.wrong.push(format!("{}:1: {} is in {} too", file.display(), set.id(), other.display()));
                }
                let of = |names: &[String]| if names.iter().any(|name| name == "*") { "every".to_owned() } else { names.join(", ") };
                let scope = &set.scope;
                let (plants, types, groups) = (of(&scope.plants), of(&scope.order_types), of(&scope.item_groups));
                let guarded = if set.governance.is_protected { ", protected" } else { "" };
                let _ = writeln!(checked.said, "{}: {} from {}{guarded}", file.display(), set.id(), set.effective_from);
                let _ = writeln!(checked.said, "  for     plant {plants}, order type {types}, item group {groups}");
                sets.push((file, set));
            }
        }
    }
    let file_of = |id: &str| sets.iter().find(|(_, set)| set.id() == id).map_or_else(String::new, |(file, _)| file.display().to_string());
    for overlap in overlaps(sets.iter().map(|(_, set)| set)) {
        checked.wrong.push(format!("{}:1: {overlap}", file_of(&overlap.other)));
    }
    Ok(checked)
}

/// The files that paths name: a file itself, or the `.yaml` files of a folder.
fn files(paths: &[PathBuf]) -> Result<Vec<PathBuf>, RuleFileError> {
    let mut files = Vec::new();
    for path in paths {
        if !path.is_dir() {
            files.push(path.clone());
            continue;
        }
        let unreadable = |error| RuleFileError::Unreadable { path: path.clone(), error };
        let mut found = Vec::new();
        for entry in std::fs::read_dir(path).map_err(unreadable)? {
            found.push(entry.map_err(unreadable)?.path());
        }
        found.retain(|file| file.is_file() && file.extension().is_some_and(|extension| extension == "yaml" || extension == "yml"));
        found.sort();
        if found.is_empty() {
            return Err(RuleFileError::Empty(path.clone()));
        }
        files.extend(found);
    }
    Ok(files)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn examples() -> PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../posting-rules/examples")
    }

    #[test]
    fn every_example_is_sound_and_is_said_to_be_what_it_is() {
        let checked = check(&[examples()]).unwrap();
        assert_eq!(checked.wrong, Vec::<String>::new());
        let words = "process-backflush/1 from 2025-12-31T23:00:00Z, protected\n  for     plant plant-a, order type PI01, PI02, item group every\n";
        assert!(checked.said.contains(words), "{}", checked.said);
    }

    #[test]
    fn what_is_wrong_in_and_between_files_is_said_with_its_place() {
        let folder = tempfile::tempdir().unwrap();
        let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
        let head = |name: &str| format!("rule_set: {name}\nversion: 1\neffective_from: 2026-01-01T00:00:00Z\nmode: confirm-only\napplies_to: {{plants: plant-a}}\n");
        assert!(matches!(check(&[folder.path().to_owned()]), Err(RuleFileError::Empty(_))));
        write("a.yaml", &head("a"));
        write("b.yaml", &head("b"));
        write("c.yml", &head("a"));
        write("d.yaml", "rule_set: d\nversion: 1\neffective_from: 2026-01-01T00:00:00Z\nmod: confirm-only\n");
        let wrong = check(&[folder.path().to_owned()]).unwrap().wrong.join("\n").replace(&folder.path().display().to_string(), "F");
        for words in [
            "F/c.yml:1: a/1 is in F/a.yaml too",
            "F/d.yaml:4: the file has no key `mod`; did you mean `mode`?",
            "F/b.yaml:1: a/1 and b/1 are equally specific and hold for the same orders from 2026-01-01T00:00:00Z on",
        ] {
            assert!(wrong.contains(words), "{words} is not in\n{wrong}");
        }
        std::fs::write(folder.path().join("large.yaml"), vec![b' '; 1 << 21]).unwrap();
        assert!(matches!(read(&folder.path().join("large.yaml")), Err(RuleFileError::TooLarge(_))));
        assert!(matches!(read(&folder.path().join("none.yaml")), Err(RuleFileError::Unreadable { .. })));
    }
}
