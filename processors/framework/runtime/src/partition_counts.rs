//! A key's state lives in the partition that its key's hash gives, so the partition count of a processor with stores must stay what it was.
//!
//! Nothing can tell a grown topic from one that was always so, but three others know the count that the stores were made with: the changelogs, the
//! environment, and the state folder, which keeps it beside the stores.

use std::path::Path;

use lineside_topology::{Environment, ProcessorSpec};

use crate::application::StartError;

/// Beside the folders of a processor's partitions.
const FILE: &str = "PARTITIONS";
const REMEDY: &str = "Keys would find their state in another partition, and Kafka takes no partitions away: make the derived topics anew with the count that \
    is wanted, and replay the raw topics; the runbook has the commands";

/// A topic and its partition count.
type Counted = (String, usize);

/// The one count of a processor's inputs and changelogs; none where it keeps no state, or keeps it by raw partition: there a number stands for the partitions
/// of that number of all raw topics, which may have counts of their own and may grow, and there has to be a place for the largest.
///
/// # Errors
/// What differs from what, and what to do.
pub fn agreed(spec: &ProcessorSpec, inputs: &[Counted], changelogs: &[Counted]) -> Result<Option<usize>, StartError> {
    let (Some((first, partitions)), false) = (inputs.first(), changelogs.is_empty()) else { return Ok(None) };
    if let Some(largest) = inputs.iter().filter(|_| spec.reads_raw()).max_by_key(|(_, count)| *count) {
        return match changelogs.iter().find(|(_, count)| *count < largest.1) {
            Some((changelog, count)) => Err(StartError(format!(
                "changelog {changelog} has {count} partitions, the raw topic {} has {}: give it as many in the environment and run `lineside topology apply`",
                largest.0, largest.1
            ))),
            None => Ok(None),
        };
    }
    if let Some((other, count)) = inputs.iter().find(|(_, count)| count != partitions) {
        return Err(StartError(format!(
            "{} keeps state by partition, so its inputs must have the same partition count: {first} has {partitions}, {other} has {count}. {REMEDY}",
            spec.name
        )));
    }
    if let Some((changelog, count)) = changelogs.iter().find(|(_, count)| count != partitions) {
        return Err(StartError(format!("changelog {changelog} has {count} partitions, the input {first} has {partitions}. {REMEDY}")));
    }
    Ok(Some(*partitions))
}

/// Compares topics in which a key keeps its partition with the environment. Those that it does not plan are left alone, and raw topics and dead letters may grow.
///
/// # Errors
/// What differs, and what to do.
pub fn as_planned<'a>(environment: &Environment, topics: impl IntoIterator<Item = &'a Counted>) -> Result<(), StartError> {
    let plan = environment.topic_plan();
    for (topic, count) in topics {
        let Some(planned) = plan.iter().find(|planned| planned.name == *topic && planned.chain.is_co_partitioned()) else { continue };
        if usize::try_from(planned.partitions).ok() != Some(*count) {
            return Err(StartError(format!(
                "topic {topic} has {count} partitions, environment {} says {}. If that is the right environment, somebody has changed the topic. {REMEDY}",
                environment.name, planned.partitions
            )));
        }
    }
    Ok(())
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
        Some(kept) => Err(StartError(format!("the stores in {} were made with {kept} partitions, the topics have {partitions} now. {REMEDY}", folder.display()))),
        None => {
            let written = std::fs::create_dir_all(&folder).and_then(|()| std::fs::write(&path, format!("{partitions}\n")));
            written.map_err(|error| StartError(format!("cannot write {}: {error}", path.display())))
        }
    }
}

#[cfg(test)]
mod tests {
    use lineside_topology::processors::{NORMALIZER, ORDER_AGGREGATOR};

    use super::*;

    fn counts(pairs: &[(&str, usize)]) -> Vec<Counted> {
        pairs.iter().map(|(topic, count)| ((*topic).to_owned(), *count)).collect()
    }

    #[test]
    fn inputs_and_changelogs_must_have_one_count_where_there_is_state() {
        let judged = |inputs, changelogs| agreed(&ORDER_AGGREGATOR, &counts(inputs), &counts(changelogs)).map_err(|error| error.0);
        assert_eq!(judged(&[("a", 4), ("b", 4)], &[("log", 4)]), Ok(Some(4)));
        assert_eq!(judged(&[("a", 4), ("b", 3)], &[]), Ok(None));
        for (inputs, changelogs, said) in
            [(&[("a", 4), ("b", 3)][..], &[("log", 4)][..], "a has 4, b has 3"), (&[("a", 4)], &[("log", 8)], "changelog log has 8 partitions, the input a has 4")]
        {
            let error = judged(inputs, changelogs).unwrap_err();
            assert!(error.contains(said) && error.contains("replay the raw topics"), "{error}");
        }
    }

    #[test]
    fn what_is_kept_by_raw_partition_needs_a_place_for_each() {
        let judged = |changelogs| agreed(&NORMALIZER, &counts(&[("raw.a.x", 2), ("raw.b.y", 5), ("raw.c.z", 1)]), &counts(changelogs)).map_err(|error| error.0);
        assert_eq!((judged(&[("log", 5)]), judged(&[("log", 9)]), judged(&[])), (Ok(None), Ok(None), Ok(None)));
        let error = judged(&[("log", 5), ("other-log", 4)]).unwrap_err();
        assert!(error.starts_with("changelog other-log has 4 partitions, the raw topic raw.b.y has 5"), "{error}");
    }

    #[test]
    fn co_partitioned_topics_have_the_count_of_the_environment_and_others_may_grow() {
        let local = Environment::builtin("local").unwrap();
        let judged = |topics| as_planned(&local, &counts(topics)).map_err(|error| error.0);
        assert_eq!(judged(&[("normalized", 4), ("raw.plant-a.mes", 7), ("dead-letter.normalizer", 3), ("not planned", 9)]), Ok(()));
        let error = judged(&[("normalized", 4), ("order.postings.v1", 8)]).unwrap_err();
        assert!(error.contains("topic order.postings.v1 has 8 partitions, environment local says 4"), "{error}");
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
