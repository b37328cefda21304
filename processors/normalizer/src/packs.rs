//! The mappings that a normalizer runs with: one per source.

use std::path::{Path, PathBuf};

use crate::mapping::{MappingErrors, Plan};
use crate::master::MasterEntity;

/// A pack of this release.
#[derive(Debug)]
pub(crate) struct BuiltIn {
    /// Name of the folder, which is the source's.
    pub(crate) source: &'static str,
    mapping: &'static str,
    /// Every released version of the mapping, by its number; the last is the mapping itself.
    pub(crate) versions: &'static [(u32, &'static str)],
}

/// A pack, with the numbers of its versions.
macro_rules! built_in {
    ($source:literal $($version:literal)+) => {
        BuiltIn {
            source: $source,
            mapping: include_str!(concat!("../sources/", $source, "/mapping.yaml")),
            versions: &[$(($version, include_str!(concat!("../sources/", $source, "/versions/", $version, ".yaml")))),+],
        }
    };
}

/// The packs of this release.
pub(crate) const BUILT_IN: &[BuiltIn] = &[
    built_in!("plant-a.mes" 1),
    built_in!("plant-b.b2mml" 1 2),
    built_in!("plant-c.edifact" 1),
    built_in!("plant-c.sap-deliveries" 1),
    built_in!("plant-c.sap-idoc" 1),
    built_in!("plant-c.sap-movements" 1),
    built_in!("plant-c.sap-orders" 1),
    built_in!("plant-c.x12" 1),
    built_in!("plant-d.csv-consumption" 1 2),
    built_in!("plant-d.csv-downtime" 1),
    built_in!("plant-d.csv-yield" 1 2),
    built_in!("plant-d.master" 1),
    built_in!("plant-e.b2mml" 1),
    built_in!("plant-f.epcis" 1),
    built_in!("plant-f.epcis-xml" 1),
];

/// File of a pack that holds its mapping.
pub(crate) const MAPPING_FILE: &str = "mapping.yaml";

/// Plans by raw topic.
#[derive(Debug, Default)]
pub struct MappingSet {
    plans: Vec<Plan>,
}

/// Why mappings cannot be had.
#[derive(Debug, thiserror::Error)]
pub enum MappingSetError {
    /// A mapping does not compile.
    #[error(transparent)]
    Mapping(#[from] MappingErrors),
    /// A file or folder cannot be read.
    #[error("{}: {error}", path.display())]
    Unreadable {
        /// File or folder.
        path: PathBuf,
        /// What the system said.
        error: std::io::Error,
    },
    /// The folder has no pack in it.
    #[error("{}: neither it nor a folder in it has a {MAPPING_FILE}", .0.display())]
    Empty(PathBuf),
    /// Two mappings read one topic.
    #[error("{0} is read by two mappings")]
    TwiceRead(String),
}

impl MappingSet {
    /// The packs that are part of the program.
    ///
    /// # Errors
    /// [`MappingSetError::Mapping`]; a test shows that there is none.
    pub fn built_in() -> Result<Self, MappingSetError> {
        let mut set = Self::default();
        for pack in BUILT_IN {
            set.add(Plan::compile(&format!("{}/{MAPPING_FILE}", pack.source), pack.mapping)?)?;
        }
        Ok(set)
    }

    /// The packs of a folder: every `<folder>/*/mapping.yaml`, or `<folder>/mapping.yaml` alone, where the folder itself is a pack.
    ///
    /// # Errors
    /// See [`MappingSetError`].
    pub fn from_folder(folder: &Path) -> Result<Self, MappingSetError> {
        let mut set = Self::default();
        for file in packs_in(folder)?.iter().map(|pack| pack.join(MAPPING_FILE)).filter(|file| file.is_file()) {
            let text = std::fs::read_to_string(&file).map_err(|error| MappingSetError::Unreadable { path: file.clone(), error })?;
            set.add(Plan::compile(&file.display().to_string(), &text)?)?;
        }
        if set.plans.is_empty() { Err(MappingSetError::Empty(folder.to_owned())) } else { Ok(set) }
    }

    fn add(&mut self, plan: Plan) -> Result<(), MappingSetError> {
        if self.by_topic(plan.topic()).is_some() {
            return Err(MappingSetError::TwiceRead(plan.topic().to_owned()));
        }
        self.plans.push(plan);
        Ok(())
    }

    /// The plan that reads a raw topic. There are few, so they are searched one by one.
    #[must_use]
    pub fn by_topic(&self, topic: &str) -> Option<&Plan> {
        self.plans.iter().find(|plan| plan.topic() == topic)
    }

    /// Master data that its mappings refer to, each kind once.
    #[must_use]
    pub fn entities(&self) -> Vec<MasterEntity> {
        MasterEntity::ALL.into_iter().filter(|entity| self.plans.iter().any(|plan| plan.entities().contains(entity))).collect()
    }

    /// All plans.
    #[must_use]
    pub fn plans(&self) -> &[Plan] {
        &self.plans
    }
}

/// The folder itself, if it is a pack; else what is in it, in the order of names.
pub(crate) fn packs_in(folder: &Path) -> Result<Vec<PathBuf>, MappingSetError> {
    if folder.join(MAPPING_FILE).is_file() {
        return Ok(vec![folder.to_owned()]);
    }
    entries(folder)
}

/// What a folder has in it, in the order of names.
pub(crate) fn entries(folder: &Path) -> Result<Vec<PathBuf>, MappingSetError> {
    let unreadable = |error| MappingSetError::Unreadable { path: folder.to_owned(), error };
    let entries = std::fs::read_dir(folder).map_err(unreadable)?.map(|entry| entry.map(|entry| entry.path()));
    let mut entries = entries.collect::<Result<Vec<_>, _>>().map_err(unreadable)?;
    entries.sort();
    Ok(entries)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn every_pack_of_the_sources_folder_is_built_in() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("sources");
        let names = |set: &MappingSet| set.plans().iter().map(|plan| plan.mapping_version().to_owned()).collect::<Vec<_>>();
        assert_eq!(names(&MappingSet::built_in().unwrap()), names(&MappingSet::from_folder(&folder).unwrap()));
        let folders: Vec<_> = BUILT_IN.iter().map(|pack| pack.source).collect();
        assert_eq!(folders, MappingSet::built_in().unwrap().plans().iter().map(Plan::source).collect::<Vec<_>>());
    }

    #[test]
    fn the_folder_of_one_pack_gives_that_pack() {
        let pack = Path::new(env!("CARGO_MANIFEST_DIR")).join("sources/plant-b.b2mml");
        let set = MappingSet::from_folder(&pack).unwrap();
        assert_eq!(set.plans().iter().map(Plan::source).collect::<Vec<_>>(), ["plant-b.b2mml"]);
    }

    #[test]
    fn folders_that_cannot_serve_are_refused() {
        let folder = tempfile::tempdir().unwrap();
        assert!(matches!(MappingSet::from_folder(folder.path()), Err(MappingSetError::Empty(_))));
        assert!(matches!(MappingSet::from_folder(&folder.path().join("none")), Err(MappingSetError::Unreadable { .. })));
        for name in ["one", "two"] {
            fs::create_dir(folder.path().join(name)).unwrap();
            fs::write(folder.path().join(name).join(MAPPING_FILE), BUILT_IN[0].mapping).unwrap();
        }
        assert!(matches!(MappingSet::from_folder(folder.path()), Err(MappingSetError::TwiceRead(topic)) if topic == "raw.plant-a.mes"));
        fs::write(folder.path().join("one").join(MAPPING_FILE), "source: x\n").unwrap();
        let error = MappingSet::from_folder(folder.path()).unwrap_err().to_string();
        assert!(error.contains("one/mapping.yaml:1: "), "{error}");
    }
}
