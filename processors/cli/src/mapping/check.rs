//! Mapping files compiled, to say what is wrong with them.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use lineside_normalizer::Plan;
use lineside_normalizer::draft::{CHOOSE, left_open};

/// File of a pack that holds its mapping.
const MAPPING_FILE: &str = "mapping.yaml";

/// Why there is nothing to check.
#[derive(Debug, thiserror::Error)]
pub enum CheckError {
    /// A file or folder cannot be read.
    #[error("{}: {error}", path.display())]
    Unreadable {
        /// File or folder.
        path: PathBuf,
        /// What the system said.
        error: std::io::Error,
    },
    /// A folder has no mapping.
    #[error("{}: neither it nor a folder in it has a {MAPPING_FILE}", .0.display())]
    Empty(PathBuf),
}

/// What came of it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Checked {
    /// What the sound mappings are, for people.
    pub said: String,
    /// Everything that is wrong, as `file:line: message`.
    pub wrong: Vec<String>,
}

/// Compiles every mapping of these files and folders.
///
/// # Errors
/// [`CheckError`].
pub fn check(paths: &[PathBuf]) -> Result<Checked, CheckError> {
    let mut checked = Checked::default();
    let mut topics: Vec<(String, PathBuf)> = Vec::new();
    for file in files(paths)? {
        let text = std::fs::read_to_string(&file).map_err(unreadable(&file))?;
        let name = file.display().to_string();
        let compiled = Plan::compile(&name, &text);
        let mut wrong: Vec<(usize, String)> =
            left_open(&text).into_iter().map(|line| (line, format!("{name}:{line}: `{CHOOSE}` is left of the draft: a person has to say"))).collect();
        if let Err(errors) = &compiled {
            // What the compiler makes of what is left open says no more.
            let open: Vec<usize> = wrong.iter().map(|(line, _)| *line).collect();
            wrong.extend(errors.0.iter().filter(|error| !open.contains(&error.line)).map(|error| (error.line, error.to_string())));
            wrong.sort();
        }
        let is_open = !wrong.is_empty();
        checked.wrong.extend(wrong.into_iter().map(|(_, message)| message));
        match compiled {
            Ok(plan) if !is_open => {
                if let Some((_, other)) = topics.iter().find(|(topic, _)| topic == plan.topic()) {
                    checked.wrong.push(format!("{}:1: {} is read by {} too", file.display(), plan.topic(), other.display()));
                }
                topics.push((plan.topic().to_owned(), file.clone()));
                checked.said += &said(&file, &plan);
            }
            _ => {}
        }
    }
    Ok(checked)
}

/// What a sound mapping is.
fn said(file: &Path, plan: &Plan) -> String {
    let mut text = String::new();
    let _ = writeln!(text, "{}: {} reads {} ({:?})", file.display(), plan.mapping_version(), plan.topic(), plan.format());
    let _ = writeln!(text, "  documents  {}", plan.document_types().join(", "));
    let events = plan.event_types();
    let mut contracts: Vec<_> = events.iter().map(|(contract, _)| *contract).collect();
    contracts.dedup();
    contracts.sort_unstable();
    contracts.dedup();
    for contract in contracts {
        let types: Vec<_> = events.iter().filter(|(of, kind)| *of == contract && *kind != contract.name()).map(|(_, kind)| *kind).collect();
        let _ = writeln!(text, "  makes      {}{}{}", contract.name(), if types.is_empty() { "" } else { ": " }, types.join(", "));
    }
    text
}

/// The mappings that paths name: a file itself, a pack's, or those of all packs in a folder.
pub(super) fn files(paths: &[PathBuf]) -> Result<Vec<PathBuf>, CheckError> {
    let mut files = Vec::new();
    for path in paths {
        if !path.is_dir() {
            files.push(path.clone());
            continue;
        }
        if path.join(MAPPING_FILE).is_file() {
            files.push(path.join(MAPPING_FILE));
            continue;
        }
        let mut found = Vec::new();
        for entry in std::fs::read_dir(path).map_err(unreadable(path))? {
            found.push(entry.map_err(unreadable(path))?.path().join(MAPPING_FILE));
        }
        found.retain(|file| file.is_file());
        found.sort();
        if found.is_empty() {
            return Err(CheckError::Empty(path.clone()));
        }
        files.extend(found);
    }
    Ok(files)
}

pub(super) fn unreadable(path: &Path) -> impl Fn(std::io::Error) -> CheckError {
    let path = path.to_owned();
    move |error| CheckError::Unreadable { path: path.clone(), error }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn sources() -> PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../normalizer/sources")
    }

    #[test]
    fn every_pack_is_sound_and_is_said_to_be_what_it_is() {
        let checked = check(&[sources()]).unwrap();
        assert_eq!(checked.wrong, Vec::<String>::new());
        for words in
            ["plant-a.mes/mapping.yaml: plant-a.mes/1 reads raw.plant-a.mes (Json)\n  documents  ORDER_CREATED, ", "  makes      ProductionEvent: ORDER_CREATED, "]
        {
            assert!(checked.said.contains(words), "{words} is not in\n{}", checked.said);
        }
        let alone = check(&[sources().join("plant-b.b2mml")]).unwrap();
        assert!(alone.wrong.is_empty() && alone.said.contains("plant-b.b2mml/2 reads"), "{alone:?}");
    }

    #[test]
    fn every_error_of_every_file_is_said_with_its_line() {
        let folder = tempfile::tempdir().unwrap();
        let sound = fs::read_to_string(sources().join("plant-a.mes/mapping.yaml")).unwrap();
        for (pack, text) in [("one", sound.replacen("item: order/material", "itm: order/material", 1)), ("two", "sources: x\n".to_owned()), ("three", sound.clone())] {
            fs::create_dir(folder.path().join(pack)).unwrap();
            fs::write(folder.path().join(pack).join(MAPPING_FILE), text).unwrap();
        }
        let checked = check(&[folder.path().to_owned()]).unwrap();
        let wrong = checked.wrong.join("\n").replace(&folder.path().display().to_string(), "F");
        let line = 1 + sound.lines().position(|line| line.contains("item: order/material")).unwrap();
        assert!(wrong.contains(&format!("F/one/mapping.yaml:{line}: ORDER_RELEASED has no field `itm`; did you mean `item`?")), "{wrong}");
        assert!(wrong.contains("F/two/mapping.yaml:1: ") && !wrong.contains("F/three"), "{wrong}");
        assert!(checked.said.contains("three/mapping.yaml: plant-a.mes/1"), "{}", checked.said);
    }

    #[test]
    fn what_a_draft_left_open_is_an_error_of_its_line_even_where_it_would_compile() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join(MAPPING_FILE);
        let sound = fs::read_to_string(sources().join("plant-a.mes/mapping.yaml")).unwrap();
        let open = sound.replacen("item: order/material", "item: CHOOSE  # CHOOSE: the path to a text", 1).replacen("  KG: KGM", "  KG: CHOOSE", 1);
        fs::write(&file, open.replacen("is_setup", "is_stup", 1)).unwrap();
        let checked = check(&[folder.path().to_owned()]).unwrap();
        let line = |words: &str| 1 + open.lines().position(|line| line.contains(words)).unwrap();
        let left = |line: usize| format!("F:{line}: `CHOOSE` is left of the draft: a person has to say");
        let wrong: Vec<_> = checked.wrong.iter().map(|wrong| wrong.replace(&file.display().to_string(), "F")).collect();
        assert_eq!(wrong[..2], [left(line("KG: CHOOSE")), left(line("item: CHOOSE"))]);
        assert!(wrong.len() == 3 && wrong[2].contains("has no field `is_stup`") && checked.said.is_empty(), "{wrong:?}");
        // A remark about what was chosen may stay.
        fs::write(&file, sound.replacen("item: order/material", "item: order/material  # CHOOSE: the path to a text", 1)).unwrap();
        assert_eq!(check(&[folder.path().to_owned()]).unwrap().wrong, [""; 0]);
    }

    #[test]
    fn two_mappings_of_one_topic_are_an_error_and_so_is_a_folder_without_any() {
        let folder = tempfile::tempdir().unwrap();
        assert!(matches!(check(&[folder.path().to_owned()]), Err(CheckError::Empty(_))));
        assert!(matches!(check(&[folder.path().join("none.yaml")]), Err(CheckError::Unreadable { .. })));
        let pack = sources().join("plant-a.mes");
        let checked = check(&[pack.clone(), pack.join(MAPPING_FILE)]).unwrap();
        assert!(checked.wrong.len() == 1 && checked.wrong[0].contains("raw.plant-a.mes is read by "), "{checked:?}");
    }
}
