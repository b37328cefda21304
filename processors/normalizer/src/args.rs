//! Settings of the normalizer.

use std::path::PathBuf;
use std::sync::{Arc, OnceLock};

use lineside_api::{Erased, Hosted};
use lineside_runtime::{Application, StartError};
use lineside_topology::ProcessorSpec;
use lineside_topology::processors::NORMALIZER;

use crate::limits::Limits;
use crate::normalizer::Normalizer;
use crate::packs::MappingSet;
use crate::parking::ParkingBounds;
use crate::versions::MappingVersions;

const DEFAULTS: Limits = Limits::DEFAULT;
const PARKING: ParkingBounds = ParkingBounds::DEFAULT;
const PARKED_MINUTES: u32 = 3 * 24 * 60;

/// Settings of the normalizer, from flags and environment.
#[derive(Debug, Clone, clap::Args)]
pub struct NormalizerArgs {
    /// Folder of source packs, each with a mapping.yaml, or of one pack; without it, the packs that are part of the program.
    #[arg(long, env = "LINESIDE_MAPPINGS", value_name = "FOLDER")]
    pub mappings: Option<PathBuf>,

    /// Largest raw record that is read, in bytes; larger ones are refused.
    #[arg(long, env = "LINESIDE_MAX_RECORD_BYTES", value_name = "BYTES", default_value_t = DEFAULTS.record_bytes)]
    pub max_record_bytes: usize,

    /// Deepest nesting that is read; documents that are nested deeper are refused.
    #[arg(long, env = "LINESIDE_MAX_DEPTH", value_name = "LEVELS", default_value_t = DEFAULTS.depth)]
    pub max_depth: usize,

    /// Records of a partition that may wait for master data; what comes beyond them is refused.
    #[arg(long, env = "LINESIDE_MAX_PARKED_RECORDS", value_name = "RECORDS", default_value_t = PARKING.records)]
    pub max_parked_records: usize,

    /// Bytes of a partition's records that may wait for master data; what comes beyond them is refused.
    #[arg(long, env = "LINESIDE_MAX_PARKED_BYTES", value_name = "BYTES", default_value_t = PARKING.bytes)]
    pub max_parked_bytes: usize,

    /// How long a record may wait for master data, in minutes; then it is refused. It should be well below the deduplication window.
    #[arg(long, env = "LINESIDE_MAX_PARKED_MINUTES", value_name = "MINUTES", default_value_t = PARKED_MINUTES)]
    pub max_parked_minutes: u32,

    /// The mappings, once they are compiled: the processor is made again and again.
    #[arg(skip)]
    pub compiled: OnceLock<Arc<MappingSet>>,
}

impl Default for NormalizerArgs {
    fn default() -> Self {
        Self {
            mappings: None,
            max_record_bytes: DEFAULTS.record_bytes,
            max_depth: DEFAULTS.depth,
            max_parked_records: PARKING.records,
            max_parked_bytes: PARKING.bytes,
            max_parked_minutes: PARKED_MINUTES,
            compiled: OnceLock::new(),
        }
    }
}

impl NormalizerArgs {
    /// The bounds on what may wait that the settings ask for.
    #[must_use]
    pub fn parking(&self) -> ParkingBounds {
        ParkingBounds { records: self.max_parked_records, bytes: self.max_parked_bytes, ..PARKING }.waiting_minutes(self.max_parked_minutes)
    }

    /// The bounds that the settings ask for.
    #[must_use]
    pub fn limits(&self) -> Limits {
        Limits { record_bytes: self.max_record_bytes, depth: self.max_depth, ..DEFAULTS }
    }

    /// The mappings that the settings ask for.
    ///
    /// # Errors
    /// [`StartError`] naming file, line and what is wrong.
    pub fn mapping_set(&self) -> Result<MappingSet, StartError> {
        let set = self.mappings.as_deref().map_or_else(MappingSet::built_in, MappingSet::from_folder);
        set.map_err(|error| StartError(format!("the mappings cannot be used:\n{error}")))
    }
}

impl NormalizerArgs {
    /// Every version of the mappings that the settings ask for: those of the folder, or those that are part of the program.
    ///
    /// # Errors
    /// [`StartError`] naming the file that cannot be read, or the mapping that does not compile.
    pub fn mapping_versions(&self) -> Result<MappingVersions, StartError> {
        let versions = self.mappings.as_deref().map_or_else(|| Ok(MappingVersions::built_in()), MappingVersions::from_folder);
        versions.map_err(|error| StartError(format!("the versions of mappings cannot be used:\n{error}")))
    }
}

impl Application for NormalizerArgs {
    const SPEC: &'static ProcessorSpec = &NORMALIZER;

    fn processor(&self) -> Result<Box<dyn Erased>, StartError> {
        if self.compiled.get().is_none() {
            let mappings = Arc::new(self.mapping_set()?);
            self.compiled.get_or_init(|| mappings);
        }
        let mappings = self.compiled.get().map(Arc::clone).unwrap_or_default();
        let normalizer = Normalizer::new(mappings, self.limits()).with_parking(self.parking());
        Ok(Box::new(Hosted::new(Self::SPEC, normalizer)))
    }
}

#[cfg(test)]
mod tests {
    use clap::{Args, Command, FromArgMatches};

    use super::*;

    fn parse(flags: &[&str]) -> NormalizerArgs {
        let matches = NormalizerArgs::augment_args(Command::new("normalizer")).try_get_matches_from([&["normalizer"], flags].concat()).unwrap();
        NormalizerArgs::from_arg_matches(&matches).unwrap()
    }

    #[test]
    fn starts_with_the_built_in_packs() {
        let args = parse(&[]);
        assert_eq!((args.limits(), args.parking()), (Limits::default(), ParkingBounds::default()));
        assert_eq!(args.processor().unwrap().spec().name, "normalizer");
    }

    #[test]
    fn takes_bounds_and_folder_from_flags() {
        let args = parse(&["--max-record-bytes", "10", "--max-depth", "3", "--mappings", "/nowhere"]);
        assert_eq!((args.limits().record_bytes, args.limits().depth), (10, 3));
        assert!(args.processor().err().unwrap().0.contains("/nowhere"));
    }
}
