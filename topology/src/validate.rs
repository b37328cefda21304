//! Whether the table and an environment make sense together.

use std::collections::BTreeSet;

use crate::environment::{Environment, nearest};
use crate::plan::{MAX_DEAD_LETTER_BYTES, PlannedTopic};
use crate::problem::Problem;
use crate::processors::{PROCESSORS, ProcessorSpec};
use crate::topics::{Cleanup, RAW_PREFIX, RAW_TEMPLATE, TopicSpec, Value, changelog_topic, dead_letter_topic, topics_of};

/// Kafka's bound on the length of a topic's name.
const NAME_LEN_MAX: usize = 249;

/// Everything that is wrong with the table in this environment; nothing when it can be created.
#[must_use]
pub fn validate(environment: &Environment) -> Vec<Problem> {
    validate_table(PROCESSORS, &topics_of(PROCESSORS), environment)
}

pub(crate) fn validate_table(processors: &[ProcessorSpec], topics: &[TopicSpec], environment: &Environment) -> Vec<Problem> {
    let plan = environment.plan_of(topics);
    let mut problems = Vec::new();
    check_flow(processors, topics, &mut problems);
    check_values(topics, &mut problems);
    check_tables(processors, topics, &mut problems);
    check_names(processors, &plan, environment, &mut problems);
    check_sizes(&plan, environment, &mut problems);
    check_partitions(processors, &plan, environment, &mut problems);
    check_bytes(processors, &plan, environment, &mut problems);
    problems
}

/// The table stands in the order of the flow, so what a processor reads comes from outside or from a processor above it: there is no way back.
fn check_flow(processors: &[ProcessorSpec], topics: &[TopicSpec], problems: &mut Vec<Problem>) {
    let known = |name: &str| topics.iter().any(|topic| topic.name == name);
    let mut written: BTreeSet<String> = topics.iter().filter(|topic| topic.external).map(|topic| topic.name.clone()).collect();
    for processor in processors {
        for (verb, names) in [("reads", processor.reads), ("writes", processor.writes), ("embeds for", processor.embeds)] {
            let unknown = names.iter().filter(|topic| !known(topic));
            problems.extend(unknown.map(|topic| Problem::NoSuchTopic { processor: processor.name, verb, topic }));
        }
        let unwritten = processor.reads.iter().filter(|topic| known(topic) && !written.contains(**topic));
        problems.extend(unwritten.map(|topic| Problem::NobodyWrites { processor: processor.name, topic }));
        written.extend(processor.writes.iter().map(|topic| (*topic).to_owned()));
        written.insert(dead_letter_topic(processor));
        written.extend(processor.stores.iter().map(|store| changelog_topic(processor, store.name)));
    }
    let empty = topics.iter().filter(|topic| !written.contains(&topic.name));
    problems.extend(empty.map(|topic| Problem::NeverWritten { topic: topic.name.clone() }));
}

fn check_values(topics: &[TopicSpec], problems: &mut Vec<Problem>) {
    for topic in topics {
        let raw = topic.value == Value::Raw;
        if raw != (topic.name == RAW_TEMPLATE || topic.name.starts_with(RAW_PREFIX)) {
            problems.push(Problem::SchemaMismatch { topic: topic.name.clone(), raw });
        }
    }
}

fn check_names(processors: &[ProcessorSpec], plan: &[PlannedTopic], environment: &Environment, problems: &mut Vec<Problem>) {
    let mut once = |what: &'static str, names: &mut dyn Iterator<Item = String>| {
        let mut seen = BTreeSet::new();
        for name in names {
            if !seen.insert(name.clone()) {
                problems.push(Problem::NameTwice { what, name });
            }
        }
    };
    once("processor", &mut processors.iter().map(|processor| processor.name.to_owned()));
    once("group", &mut processors.iter().map(|processor| processor.group.to_owned()));
    for processor in processors {
        once("store", &mut processor.stores.iter().map(|store| store.name.to_owned()));
    }
    // Kafka keeps its metrics by names with dots made underscores, and refuses topics that differ in nothing else.
    once("topic", &mut plan.iter().map(|topic| topic.name.replace('_', ".")));
    let legal = |name: &str, dot: bool| !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_') || (dot && c == '.'));
    for (what, name) in environment.raw.iter().flat_map(|raw| [("plant", &raw.plant), ("source", &raw.source)]) {
        if !legal(name, false) {
            problems.push(Problem::IllegalName { what, name: name.clone(), reason: "letters, digits, - and _ only; dots separate plant and source in the topic's name" });
        }
    }
    for topic in plan.iter().filter(|topic| !topic.name.starts_with(RAW_PREFIX) && !legal(&topic.name, true) || topic.name.len() > NAME_LEN_MAX) {
        problems.push(Problem::IllegalName { what: "topic", name: topic.name.clone(), reason: "at most 249 letters, digits, dots, - and _" });
    }
}

fn check_sizes(plan: &[PlannedTopic], environment: &Environment, problems: &mut Vec<Problem>) {
    if environment.raw.is_empty() {
        problems.push(Problem::NoSource);
    }
    for (setting, value) in sizes_of(environment).into_iter().filter(|(_, value)| *value == 0) {
        problems.push(Problem::Size { setting, value, reason: "must be at least 1" });
    }
    for topic in environment.topics.keys().filter(|topic| !plan.iter().any(|planned| planned.name == **topic)) {
        let nearest = nearest(topic, plan.iter().map(|planned| planned.name.as_str())).map(str::to_owned);
        problems.push(Problem::SizesForNoTopic { topic: topic.clone(), nearest });
    }
    for processor in environment.processors.keys().filter(|name| !PROCESSORS.iter().any(|processor| processor.name == **name)) {
        let nearest = nearest(processor, PROCESSORS.iter().map(|known| known.name)).map(str::to_owned);
        problems.push(Problem::SizesForNoProcessor { processor: processor.clone(), nearest });
    }
    for (topic, bytes) in environment.topics.iter().filter_map(|(topic, sizes)| Some((topic, sizes.max_message_bytes?))) {
        if bytes > MAX_DEAD_LETTER_BYTES {
            let setting = format!("topics.{topic:?}.max_message_bytes");
            problems.push(Problem::Size { setting, value: bytes, reason: "more than a processor sends: such a record could not even become a dead letter" });
        }
    }
    let (replicas, insync) = (environment.replication, environment.insync_replicas());
    let setting = || "min_insync_replicas".to_owned();
    if insync > replicas {
        problems.push(Problem::Size { setting: setting(), value: insync.into(), reason: "more than replication: nothing could ever be written" });
    } else if insync == replicas && replicas > 1 {
        problems.push(Problem::Size { setting: setting(), value: insync.into(), reason: "as many as replication: one broker down would stop all writing" });
    }
}

/// Every size that the environment gives, by its key in the file.
fn sizes_of(environment: &Environment) -> Vec<(String, u32)> {
    let (partitions, days) = (environment.partitions, environment.retention_days);
    let fixed = [
        ("replication", environment.replication.into()),
        ("min_insync_replicas", environment.insync_replicas().into()),
        ("partitions.raw", partitions.raw),
        ("partitions.aggregate", partitions.aggregate),
        ("partitions.master", partitions.master),
        ("partitions.dead_letter", partitions.dead_letter),
        ("retention_days.raw", days.raw),
        ("retention_days.hop", days.hop),
        ("retention_days.long", days.long),
        ("retention_days.window", days.window),
    ];
    let mut all: Vec<(String, u32)> = fixed.into_iter().map(|(key, value)| (key.to_owned(), value)).collect();
    for (topic, sizes) in &environment.topics {
        let own = [("partitions", sizes.partitions), ("retention_days", sizes.retention_days), ("max_message_bytes", sizes.max_message_bytes)];
        all.extend(own.into_iter().filter_map(|(key, value)| Some((format!("topics.{topic:?}.{key}"), value?))));
    }
    all
}

/// Tables are read as a whole and keep the last record of each key, so any compacted topic with a schema will do; who writes it may well read what comes of it.
fn check_tables(processors: &[ProcessorSpec], topics: &[TopicSpec], problems: &mut Vec<Problem>) {
    for processor in processors {
        for name in processor.tables {
            let reason = match topics.iter().find(|topic| topic.name == *name) {
                None => {
                    problems.push(Problem::NoSuchTopic { processor: processor.name, verb: "keeps a table of", topic: name });
                    continue;
                }
                Some(topic) if topic.cleanup != Cleanup::Compact => "it is not compacted, so it would grow for ever",
                Some(topic) if !matches!(topic.value, Value::Avro(_)) => "its values have no schema",
                Some(_) if processor.reads.contains(name) => "it reads it as an input too",
                Some(_) => continue,
            };
            problems.push(Problem::NoTable { processor: processor.name, topic: name, reason });
        }
    }
}

fn check_partitions(processors: &[ProcessorSpec], plan: &[PlannedTopic], environment: &Environment, problems: &mut Vec<Problem>) {
    let chain: Vec<&PlannedTopic> = plan.iter().filter(|topic| topic.chain.is_co_partitioned()).collect();
    same_count("the topics of a chain, in which a key keeps its partition,", &chain, problems);
    for processor in processors.iter().filter(|processor| !processor.stores.is_empty()) {
        if processor.reads_raw() {
            check_raw_state(processor, plan, environment, problems);
            continue;
        }
        let mut names: BTreeSet<String> = processor.reads.iter().flat_map(|topic| environment.instances(topic)).collect();
        names.extend(processor.stores.iter().map(|store| changelog_topic(processor, store.name)));
        let mine: Vec<&PlannedTopic> = plan.iter().filter(|topic| names.contains(&topic.name)).collect();
        // What the chain already says need not be said again.
        if !mine.iter().all(|topic| topic.chain.is_co_partitioned()) {
            same_count(&format!("the inputs and changelogs of {}, which keeps state by partition,", processor.name), &mine, problems);
        }
    }
}

/// Every raw partition needs a place for its state; raw topics may differ in their counts.
fn check_raw_state(processor: &ProcessorSpec, plan: &[PlannedTopic], environment: &Environment, problems: &mut Vec<Problem>) {
    let counted = |name: String| plan.iter().find(|topic| topic.name == name).map(|topic| (name, topic.partitions));
    let inputs = processor.reads.iter().flat_map(|topic| environment.instances(topic)).filter_map(counted);
    let Some(input) = inputs.max_by_key(|(_, partitions)| *partitions) else { return };
    for changelog in processor.stores.iter().filter_map(|store| counted(changelog_topic(processor, store.name))) {
        if changelog.1 < input.1 {
            problems.push(Problem::TooFewPartitions { processor: processor.name, changelog, input: input.clone() });
        }
    }
}

fn same_count(because: &str, topics: &[&PlannedTopic], problems: &mut Vec<Problem>) {
    let Some((first, rest)) = topics.split_first() else { return };
    if let Some(second) = rest.iter().find(|topic| topic.partitions != first.partitions) {
        let count = |topic: &PlannedTopic| (topic.name.clone(), topic.partitions);
        problems.push(Problem::NotCoPartitioned { because: because.to_owned(), first: count(first), second: count(second) });
    }
}

/// What a processor can read it must be able to write: passed on as it is, or as a dead letter.
fn check_bytes(processors: &[ProcessorSpec], plan: &[PlannedTopic], environment: &Environment, problems: &mut Vec<Problem>) {
    let bytes = |name: &str| plan.iter().find(|topic| topic.name == name).map(PlannedTopic::max_message_bytes);
    for processor in processors {
        let inputs = processor.reads.iter().flat_map(|topic| environment.instances(topic));
        let Some((reads, read_bytes)) = inputs.filter_map(|name| Some((bytes(&name)?, name))).max().map(|(bytes, name)| (name, bytes)) else { continue };
        for writes in processor.writes.iter().map(|topic| (*topic).to_owned()).chain([dead_letter_topic(processor)]) {
            match bytes(&writes) {
                Some(written_bytes) if written_bytes < read_bytes => {
                    problems.push(Problem::TooSmall { processor: processor.name, reads: reads.clone(), read_bytes, writes, written_bytes });
                }
                _ => {}
            }
        }
    }
}

#[cfg(test)]
#[path = "validate_tests.rs"]
mod tests;
