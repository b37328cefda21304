//! Every released version of every mapping. With the position of a raw record one of them answers, years later, which raw field made a value.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::path::Path;

use crate::mapping::{MappingErrors, Plan};
use crate::packs::{BUILT_IN, MAPPING_FILE, MappingSetError, entries, packs_in};

/// Folder of a pack that holds a file for each version, named by its number.
const FOLDER: &str = "versions";

/// Mapping files by source and version.
#[derive(Debug, Default)]
pub struct MappingVersions {
    files: BTreeMap<(String, u32), File>,
}

/// A mapping file, not compiled: few are asked for.
#[derive(Debug)]
struct File {
    name: String,
    text: Cow<'static, str>,
}

/// Why a version cannot be had.
#[derive(Debug, thiserror::Error)]
pub enum VersionError {
    /// There is none of that name.
    #[error("there is no mapping {asked}; there are {known}. A mapping that was used with --mappings is found there, in the folder `{FOLDER}` of its pack")]
    Unknown {
        /// What was asked for.
        asked: String,
        /// Versions of the source, or all sources.
        known: String,
    },
    /// It does not compile any more.
    #[error("mapping {asked} cannot be used:\n{errors}")]
    Mapping {
        /// What was asked for.
        asked: String,
        /// What is wrong with it.
        errors: MappingErrors,
    },
    /// The file holds another mapping than its name says.
    #[error("{file} holds {found}, where {asked} should stand")]
    Other {
        /// The file.
        file: String,
        /// What it holds.
        found: String,
        /// What was asked for.
        asked: String,
    },
}

impl MappingVersions {
    /// Those that are part of the program.
    #[must_use]
    pub fn built_in() -> Self {
        let packs = BUILT_IN.iter().flat_map(|pack| pack.versions.iter().map(move |(number, text)| (pack.source, *number, *text)));
        let files = packs.map(|(source, number, text)| {
            let name = format!("{source}/{FOLDER}/{number}.yaml");
            ((source.to_owned(), number), File { name, text: Cow::Borrowed(text) })
        });
        Self { files: files.collect() }
    }

    /// Those of a folder of packs: every `<folder>/<source>/versions/<number>.yaml`, and the mappings in force. The folder may be a pack itself.
    ///
    /// # Errors
    /// [`MappingSetError::Unreadable`], and [`MappingSetError::Mapping`] where the mapping in force does not compile.
    pub fn from_folder(folder: &Path) -> Result<Self, MappingSetError> {
        let mut found = Self::default();
        for pack in packs_in(folder)? {
            let current = pack.join(MAPPING_FILE);
            let current = if current.is_file() { Some(read(&current)?) } else { None };
            let plan = current.as_ref().map(|file| Plan::compile(&file.name, &file.text)).transpose()?;
            // A pack is named for its source, but whoever gives the folder of a pack may do so as `.`.
            let named = || pack.file_name().and_then(|name| name.to_str());
            let Some(source) = plan.as_ref().map(Plan::source).or_else(named).map(str::to_owned) else { continue };
            let kept = pack.join(FOLDER);
            for file in if kept.is_dir() { entries(&kept)? } else { Vec::new() } {
                let number = file.file_name().and_then(|name| name.to_str()).and_then(|name| name.strip_suffix(".yaml")?.parse().ok());
                if let Some(number) = number {
                    found.files.insert((source.clone(), number), read(&file)?);
                }
            }
            let number = plan.as_ref().and_then(|plan| name_and_number(plan.mapping_version())).map(|(_, number)| number);
            if let (Some(file), Some(number)) = (current, number) {
                found.files.entry((source, number)).or_insert(file);
            }
        }
        Ok(found)
    }

    /// The mapping of that name and version, as envelopes write it: `plant-a.mes/1`.
    ///
    /// # Errors
    /// [`VersionError`].
    pub fn plan(&self, asked: &str) -> Result<Plan, VersionError> {
        let key = name_and_number(asked).map(|(source, number)| (source.to_owned(), number));
        let Some(file) = key.and_then(|key| self.files.get(&key)) else { return Err(self.unknown(asked)) };
        let plan = Plan::compile(&file.name, &file.text).map_err(|errors| VersionError::Mapping { asked: asked.to_owned(), errors })?;
        if plan.mapping_version() != asked {
            return Err(VersionError::Other { file: file.name.clone(), found: plan.mapping_version().to_owned(), asked: asked.to_owned() });
        }
        Ok(plan)
    }

    /// Names of all, in order.
    pub fn names(&self) -> impl Iterator<Item = String> {
        self.files.keys().map(|(source, number)| format!("{source}/{number}"))
    }

    fn unknown(&self, asked: &str) -> VersionError {
        let source = asked.rsplit_once('/').map_or(asked, |(source, _)| source);
        let mut known: Vec<String> = self.files.keys().filter(|(name, _)| name == source).map(|(source, number)| format!("{source}/{number}")).collect();
        if known.is_empty() {
            known = self.names().collect();
        }
        VersionError::Unknown { asked: asked.to_owned(), known: known.join(", ") }
    }
}

fn name_and_number(mapping_version: &str) -> Option<(&str, u32)> {
    let (source, number) = mapping_version.rsplit_once('/')?;
    Some((source, number.parse().ok()?))
}

fn read(path: &Path) -> Result<File, MappingSetError> {
    let text = std::fs::read_to_string(path).map_err(|error| MappingSetError::Unreadable { path: path.to_owned(), error })?;
    Ok(File { name: path.display().to_string(), text: Cow::Owned(text) })
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::PathBuf;

    use super::*;
    use crate::packs::MappingSet;

    fn sources() -> PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join("sources")
    }

    #[test]
    fn the_mapping_in_force_is_the_last_of_its_kept_versions() {
        for plan in MappingSet::built_in().unwrap().plans() {
            let pack = sources().join(plan.source());
            let (_, number) = name_and_number(plan.mapping_version()).unwrap();
            let kept = pack.join(FOLDER).join(format!("{number}.yaml"));
            assert!(kept.is_file(), "{} is missing: a copy of the mapping of that version", kept.display());
            let same = fs::read(&kept).unwrap() == fs::read(pack.join(MAPPING_FILE)).unwrap();
            assert!(same, "{}: the mapping has changed since version {number}: raise its `version`, and keep a copy of the new one beside the old ones", plan.source());
            let numbers: Vec<u32> = BUILT_IN.iter().find(|pack| pack.source == plan.source()).unwrap().versions.iter().map(|(number, _)| *number).collect();
            assert_eq!(numbers, (1..=number).collect::<Vec<_>>(), "{}", plan.source());
        }
    }

    #[test]
    fn every_version_of_the_sources_folder_is_built_in_and_compiles() {
        let (built_in, folder) = (MappingVersions::built_in(), MappingVersions::from_folder(&sources()).unwrap());
        assert_eq!(built_in.names().collect::<Vec<_>>(), folder.names().collect::<Vec<_>>());
        for name in built_in.names() {
            assert_eq!(built_in.plan(&name).unwrap_or_else(|error| panic!("{error}")).mapping_version(), name);
        }
        let texts = |versions: &MappingVersions| versions.files.values().map(|file| file.text.clone().into_owned()).collect::<Vec<_>>();
        assert_eq!(texts(&built_in), texts(&folder));
    }

    #[test]
    fn what_was_asked_for_is_told_apart_from_what_there_is() {
        let versions = MappingVersions::built_in();
        let said = |asked: &str| versions.plan(asked).unwrap_err().to_string();
        assert!(said("plant-b.b2mml/7").starts_with("there is no mapping plant-b.b2mml/7; there are plant-b.b2mml/1, plant-b.b2mml/2."));
        for asked in ["plant-x.mes/1", "plant-a.mes", "plant-a.mes/one", ""] {
            assert!(said(asked).contains("plant-a.mes/1"), "{asked}");
        }
    }

    #[test]
    fn the_folder_of_one_pack_gives_its_versions() {
        let versions = MappingVersions::from_folder(&sources().join("plant-b.b2mml")).unwrap();
        assert_eq!(versions.names().collect::<Vec<_>>(), ["plant-b.b2mml/1", "plant-b.b2mml/2"]);
    }

    #[test]
    fn folders_keep_versions_of_their_own() {
        let folder = tempfile::tempdir().unwrap();
        let pack = folder.path().join("plant-a.mes");
        fs::create_dir_all(pack.join(FOLDER)).unwrap();
        let text = fs::read_to_string(sources().join("plant-a.mes").join(MAPPING_FILE)).unwrap();
        fs::write(pack.join(MAPPING_FILE), text.replacen("version: 1", "version: 3", 1)).unwrap();
        fs::write(pack.join(FOLDER).join("2.yaml"), text.replacen("version: 1", "version: 2", 1)).unwrap();
        fs::write(pack.join(FOLDER).join("1.yaml"), "source: x\n").unwrap();
        fs::write(pack.join(FOLDER).join("4.yaml"), text).unwrap();
        fs::write(pack.join(FOLDER).join("README.md"), "").unwrap();
        let versions = MappingVersions::from_folder(folder.path()).unwrap();
        assert_eq!(versions.names().collect::<Vec<_>>(), ["plant-a.mes/1", "plant-a.mes/2", "plant-a.mes/3", "plant-a.mes/4"]);
        assert!(versions.plan("plant-a.mes/2").is_ok() && versions.plan("plant-a.mes/3").is_ok());
        assert!(matches!(versions.plan("plant-a.mes/1"), Err(VersionError::Mapping { .. })));
        assert!(matches!(versions.plan("plant-a.mes/4"), Err(VersionError::Other { .. })));
        assert!(matches!(MappingVersions::from_folder(&folder.path().join("none")), Err(MappingSetError::Unreadable { .. })));
    }
}
