//! The examples of packs, tried: what each becomes, and in what that differs from what it should.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use lineside_normalizer::examples::{self, Examples, ExamplesError};
use lineside_normalizer::{MasterIndex, Plan};
use lineside_schemas::json::JsonError;
use lineside_schemas::{Codec, CodecError};

use super::check::{CheckError, files, unreadable};
use crate::dead_letters::content::printable;
use crate::explain::master::{self, MasterError};

/// Master data of a pack's examples.
const MASTER_FILE: &str = "master.jsonl";

/// Why examples cannot be tried.
#[derive(Debug, thiserror::Error)]
pub enum TestError {
    /// There is no pack, or a file of it cannot be read.
    #[error(transparent)]
    Files(#[from] CheckError),
    /// An example or what it should become cannot be used.
    #[error(transparent)]
    Examples(#[from] ExamplesError),
    /// The pack's master data cannot be used.
    #[error(transparent)]
    Master(#[from] MasterError),
    /// A record of master data is none.
    #[error(transparent)]
    Codec(#[from] CodecError),
    /// An event is no Avro of its contract.
    #[error("an event of {}: {error}", document.display())]
    Event {
        /// The example.
        document: PathBuf,
        /// What is wrong.
        error: JsonError,
    },
}

/// What came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tested {
    /// A line for each pack, and all that differs, for people.
    pub said: String,
    /// Nothing differs.
    pub is_sound: bool,
}

/// Tries the examples of these packs. With `bless` what comes out is written as what is expected.
///
/// # Errors
/// [`TestError`].
pub fn test(paths: &[PathBuf], bless: bool) -> Result<Tested, TestError> {
    let codec = lineside_testkit::codec();
    let mut tested = Tested { said: String::new(), is_sound: true };
    for file in files(paths)? {
        let mut wrong = Vec::new();
        let of_pack = pack(&file, bless, &codec, &mut wrong)?;
        tested.is_sound &= wrong.is_empty();
        let _ = writeln!(tested.said, "{}: {of_pack}", file.display());
        for line in &wrong {
            let _ = writeln!(tested.said, "  {}", printable(line));
        }
    }
    Ok(tested)
}

/// Tries one pack; gives what is to be said of it, and adds what is wrong.
fn pack(file: &Path, bless: bool, codec: &Codec, wrong: &mut Vec<String>) -> Result<String, TestError> {
    let text = std::fs::read_to_string(file).map_err(unreadable(file))?;
    let plan = match Plan::compile(&file.display().to_string(), &text) {
        Ok(plan) => plan,
        Err(errors) => {
            wrong.extend(errors.to_string().lines().map(str::to_owned));
            return Ok("it does not compile".to_owned());
        }
    };
    let folder = file.parent().unwrap_or(Path::new(""));
    let index = master_data(folder, &plan, codec)?;
    let Examples { examples, astray } = Examples::of_pack(folder)?;
    wrong.extend(astray.iter().map(|expectation| format!("{}: it belongs to no document, or to several", expectation.display())));
    let mut sound = 0;
    for example in &examples {
        let document = std::fs::read(&example.document).map_err(unreadable(&example.document))?;
        let found = examples::outcome(&plan, &document, &index).map_err(|error| TestError::Event { document: example.document.clone(), error })?;
        let lines = examples::judge(example, &found, bless)?;
        sound += usize::from(lines.is_empty());
        wrong.extend(lines.into_iter().map(|line| format!("{}: {line}", example.document.display())));
    }
    if examples.is_empty() {
        wrong.push(format!("{}: there are no examples", folder.join("examples").display()));
    }
    Ok(format!("{}: {sound} of {} examples become what they should", plan.mapping_version(), examples.len()))
}

fn master_data(folder: &Path, plan: &Plan, codec: &Codec) -> Result<MasterIndex, TestError> {
    let mut index = MasterIndex::new(plan.entities().iter().copied());
    let file = folder.join(MASTER_FILE);
    if file.is_file() {
        for record in master::read(&file, codec)? {
            index.apply(record.topic, &record.key, Some(&record.wire), codec, &mut |_| {})?;
        }
    }
    Ok(index)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn sources() -> PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../normalizer/sources")
    }

    /// A copy of a pack with some of its examples.
    fn copied(pack: &str, examples: &[&str]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("examples")).unwrap();
        for file in ["mapping.yaml", MASTER_FILE].into_iter().map(str::to_owned).chain(examples.iter().map(|name| format!("examples/{name}"))) {
            if sources().join(pack).join(&file).is_file() {
                fs::copy(sources().join(pack).join(&file), folder.path().join(&file)).unwrap();
            }
        }
        folder
    }

    fn said(folder: &tempfile::TempDir, bless: bool) -> (bool, String) {
        let tested = test(&[folder.path().to_owned()], bless).unwrap();
        (tested.is_sound, tested.said.replace(&folder.path().display().to_string(), "P"))
    }

    #[test]
    fn the_examples_of_every_pack_become_what_they_should() {
        let tested = test(&[sources()], false).unwrap();
        assert!(tested.is_sound, "{}", tested.said);
        assert!(tested.said.contains("plant-d.csv-consumption/mapping.yaml: plant-d.csv-consumption/2: 13 of 13 examples become what they should\n"), "{}", tested.said);
    }

    #[test]
    fn what_differs_is_said_with_its_place() {
        let folder = copied("plant-a.mes", &["ping.json", "ping.expected.json", "operation-started.json", "operation-started.expected.json"]);
        assert_eq!(said(&folder, false), (true, "P/mapping.yaml: plant-a.mes/1: 2 of 2 examples become what they should\n".to_owned()));
        let expectation = folder.path().join("examples/operation-started.expected.json");
        fs::write(&expectation, fs::read_to_string(&expectation).unwrap().replace("MIX-01", "MIX-02")).unwrap();
        fs::rename(folder.path().join("examples/ping.json"), folder.path().join("examples/refused-ping.json")).unwrap();
        let (is_sound, text) = said(&folder, false);
        let lines = [
            "P/mapping.yaml: plant-a.mes/1: 0 of 2 examples become what they should",
            "  P/examples/ping.expected.json: it belongs to no document, or to several",
            "  P/examples/operation-started.json: events[0].operation_started.work_center: \"MIX-01\", expected \"MIX-02\"",
            "  P/examples/refused-ping.json: it is mapped, and is named refused-*",
            "  P/examples/refused-ping.json: there is no refused-ping.expected.json",
        ];
        assert_eq!((is_sound, text), (false, lines.join("\n") + "\n"));
    }

    #[test]
    fn what_comes_out_is_written_if_asked_for() {
        let folder = copied("plant-d.csv-consumption", &["cartons.csv", "waits-unknown-unit.csv", "refused-column-added.csv"]);
        let missing = said(&folder, false);
        assert!(!missing.0 && missing.1.matches("there is no ").count() == 3, "{}", missing.1);
        let blessed = (true, "P/mapping.yaml: plant-d.csv-consumption/2: 3 of 3 examples become what they should\n".to_owned());
        assert_eq!(said(&folder, true), blessed);
        assert_eq!(said(&folder, false), blessed);
        for name in ["cartons", "waits-unknown-unit", "refused-column-added"] {
            let file = format!("examples/{name}.expected.json");
            assert_eq!(fs::read_to_string(folder.path().join(&file)).unwrap(), fs::read_to_string(sources().join("plant-d.csv-consumption").join(&file)).unwrap());
        }
    }

    #[test]
    fn a_pack_without_examples_or_with_a_wrong_mapping_is_not_sound() {
        let folder = copied("plant-a.mes", &[]);
        assert_eq!(said(&folder, false).1.lines().nth(1), Some("  P/examples: there are no examples"));
        fs::write(folder.path().join("mapping.yaml"), "source: x\n").unwrap();
        let (is_sound, text) = said(&folder, false);
        assert!(!is_sound && text.starts_with("P/mapping.yaml: it does not compile\n  P/mapping.yaml:1: "), "{text}");
    }
}
