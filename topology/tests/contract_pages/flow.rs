//! Which topics carry a contract, and who writes and reads them.

use lineside_schemas::ContractId;
use lineside_topology::ProcessorSpec;
use lineside_topology::processors::PROCESSORS;
use lineside_topology::topics::{Cleanup, TopicSpec, Value, changelog_topic, dead_letter_topic, topics};

/// Topics whose values are of the contract, or hold it in frames.
pub fn topics_of(contract: ContractId) -> Vec<TopicSpec> {
    let carries = |topic: &TopicSpec| topic.value.subjects(&topic.name).iter().any(|(_, carried)| *carried == contract);
    topics().into_iter().filter(carries).collect()
}

/// Names of the processors that make the records for others to pass on.
pub fn made_by(topic: &str) -> Vec<&'static str> {
    names(|processor| processor.embeds.contains(&topic))
}

/// Names of the processors that write the topic.
pub fn written_by(topic: &str) -> Vec<&'static str> {
    names(|processor| processor.writes.contains(&topic) || dead_letter_topic(processor) == topic || keeps(processor, topic))
}

/// Names of the processors that read the topic.
pub fn read_by(topic: &str) -> Vec<&'static str> {
    names(|processor| processor.reads.contains(&topic) || keeps(processor, topic))
}

/// What the topic keeps, in words.
pub fn kept(topic: &TopicSpec) -> &'static str {
    match (topic.cleanup, topic.value) {
        (Cleanup::Compact, _) => "the last record of each key",
        (Cleanup::Delete, Value::Frames(_)) => "in frames, until the retention time ends",
        (Cleanup::Delete, _) => "every record, until the retention time ends",
    }
}

fn keeps(processor: &ProcessorSpec, topic: &str) -> bool {
    processor.stores.iter().any(|store| changelog_topic(processor, store.name) == topic)
}

fn names(which: impl Fn(&ProcessorSpec) -> bool) -> Vec<&'static str> {
    PROCESSORS.iter().filter(|processor| which(processor)).map(|processor| processor.name).collect()
}
