//! A key's state lives in the partition that its key's hash gives, so the partition count of a processor with stores must stay what it was.
//!
//! Nothing can tell a grown topic from one that was always so, but three others know the count that the stores were made with: the changelogs, the
//! environment, and the state folder, which keeps it beside the stores.

use std::collections::BTreeMap;
use std::path::Path;

use lineside_topology::ProcessorSpec;

use crate::application::StartError;

/// Beside the folders of a processor's partitions.
const FILE: &str = "PARTITIONS";
const REMEDY: &str = "Keys would find their state in another partition. Make the topic anew with the old count, or set up an installation with the new count \
    (other topics, empty state folders) and replay the raw topics into it; the runbook has the commands";

/// The one count of a processor with stores: of its inputs, its changelogs, and the environment where it plans them.
///
/// # Errors
/// What differs from what, and what to do.
pub fn agreed(
    spec: &ProcessorSpec,
    inputs: &[(String, usize)],
    changelogs: &[(String, usize)],
    planned: &BTreeMap<String, usize>,
) -> Result<usize, StartError> {
    let Some((first, partitions)) = inputs.first() else { return Err(StartError(format!("{} keeps state, and reads nothing", spec.name))) };
    if let Some((other, count)) = inputs.iter().find(|(_, count)| count != partitions) {
        return Err(StartError(format!(
            "{} keeps state by partition, so its inputs must have the same partition count: {first} has {partitions}, {other} has {count}. {REMEDY}",
            spec.name
        )));
    }
    if let Some((changelog, count)) = changelogs.iter().find(|(_, count)| count != partitions) {
        return Err(StartError(format!("changelog {changelog} has {count} partitions, the input {first} has {partitions}. {REMEDY}")));
    }
    let differs = |(topic, count): &&(String, usize)| planned.get(topic).is_some_and(|planned| planned != count);
    if let Some((topic, count)) = inputs.iter().chain(changelogs).find(differs) {
        return Err(StartError(format!(
            "topic {topic} has {count} partitions, the environment says {}. If the environment is the right one, somebody has changed the topic: {REMEDY}",
            planned[topic]
        )));
    }
    Ok(*partitions)
}

/// Notes the count beside the stores of the processor, or compares it with what stands there.
///
/// # Errors
/// That the stores were made with another count, and what to do; or that the folder cannot be used.
pub fn keep(state_dir: &Path, spec: &ProcessorSpec, partitions: usize) -> Result<(), StartError> {
    let folder = state_dir.join("stores").join(spec.name);
    let path = folder.join(FILE);
    // What cannot be read as a number was being written when the machine stopped.
    let kept = std::fs::read_to_string(&path).ok().and_then(|text| text.trim().parse::<usize>().ok());
    match kept {
        Some(kept) if kept == partitions => Ok(()),
        Some(kept) => Err(StartError(format!(
            "the stores in {} were made with {kept} partitions, the topics have {partitions} now. {REMEDY}",
            folder.display()
        ))),
        None => {
            let written = std::fs::create_dir_all(&folder).and_then(|()| std::fs::write(&path, format!("{partitions}\n")));
            written.map_err(|error| StartError(format!("cannot write {}: {error}", path.display())))
        }
    }
}

#[cfg(test)]
mod tests {
    use lineside_topology::processors::ORDER_AGGREGATOR;

    use super::*;

    fn counts(pairs: &[(&str, usize)]) -> Vec<(String, usize)> {
        pairs.iter().map(|(topic, count)| ((*topic).to_owned(), *count)).collect()
    }

    fn judged(inputs: &[(&str, usize)], changelogs: &[(&str, usize)], planned: &[(&str, usize)]) -> Result<usize, String> {
        agreed(&ORDER_AGGREGATOR, &counts(inputs), &counts(changelogs), &counts(planned).into_iter().collect()).map_err(|error| error.0)
    }

    #[test]
    fn inputs_changelogs_and_environment_must_have_one_count() {
        let (input, changelog) = (("a", 4), ("log", 4));
        assert_eq!(judged(&[input, ("b", 4)], &[changelog], &[input, changelog]), Ok(4));
        // A topic that the environment does not know, as in a test, is not compared with it.
        assert_eq!(judged(&[input], &[changelog], &[]), Ok(4));
        for (inputs, changelogs, planned, said) in [
            (&[input, ("b", 3)][..], &[changelog][..], &[][..], "a has 4, b has 3"),
            (&[input], &[("log", 8)], &[], "changelog log has 8 partitions, the input a has 4"),
            (&[input], &[changelog], &[("a", 8)], "topic a has 4 partitions, the environment says 8"),
            (&[input], &[changelog], &[("log", 2)], "topic log has 4 partitions, the environment says 2"),
        ] {
            let error = judged(inputs, changelogs, planned).unwrap_err();
            assert!(error.contains(said) && error.contains("replay the raw topics"), "{error}");
        }
    }

    #[test]
    fn the_count_that_stores_were_made_with_is_kept_beside_them() {
        let folder = tempfile::tempdir().unwrap();
        for _ in 0..2 {
            keep(folder.path(), &ORDER_AGGREGATOR, 4).unwrap();
        }
        let error = keep(folder.path(), &ORDER_AGGREGATOR, 8).unwrap_err().0;
        assert!(error.contains("were made with 4 partitions, the topics have 8 now"), "{error}");
        // It goes with the stores.
        std::fs::remove_dir_all(folder.path().join("stores")).unwrap();
        keep(folder.path(), &ORDER_AGGREGATOR, 8).unwrap();
    }
}
