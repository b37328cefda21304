//! What can be wrong with the table or an environment.

/// A reason not to create or use this topology.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Problem {
    /// A processor names a topic that is not in the table.
    #[error("processor {processor} {verb} {topic}, which is not in the table")]
    NoSuchTopic {
        /// The processor.
        processor: &'static str,
        /// reads, writes, embeds for or keeps a table of.
        verb: &'static str,
        /// The topic.
        topic: &'static str,
    },
    /// Nothing before the processor writes what it reads.
    #[error("processor {processor} reads {topic}, which no processor before it writes, nor something outside the table")]
    NobodyWrites {
        /// The processor.
        processor: &'static str,
        /// The topic.
        topic: &'static str,
    },
    /// A topic that would stay empty.
    #[error("topic {topic} is written by no processor, nor by something outside the table")]
    NeverWritten {
        /// The topic.
        topic: String,
    },
    /// Only raw topics may carry what has no schema, and they carry nothing else.
    #[error("topic {topic} {}", if *raw { "has no schema, but is not a raw topic" } else { "is a raw topic, but has a schema" })]
    SchemaMismatch {
        /// The topic.
        topic: String,
        /// Whether its value is raw.
        raw: bool,
    },
    /// Topics that state or order relies on have different counts.
    #[error("{because} must have the same partition count, but {} has {} and {} has {}", first.0, first.1, second.0, second.1)]
    NotCoPartitioned {
        /// Which topics and why, in words.
        because: String,
        /// A topic and its count.
        first: (String, u32),
        /// Another topic and its count.
        second: (String, u32),
    },
    /// Some raw partitions would have no place for their state.
    #[error("{processor} keeps state by raw partition, but changelog {} has {} partitions and {} has {}", changelog.0, changelog.1, input.0, input.1)]
    TooFewPartitions {
        /// The processor.
        processor: &'static str,
        /// The changelog and its count.
        changelog: (String, u32),
        /// The largest raw topic and its count.
        input: (String, u32),
    },
    /// A topic that cannot be kept as a table.
    #[error("processor {processor} keeps a table of {topic}, but {reason}")]
    NoTable {
        /// The processor.
        processor: &'static str,
        /// The topic.
        topic: &'static str,
        /// Why not.
        reason: &'static str,
    },
    /// Two things have one name.
    #[error("{what} {name} is there twice")]
    NameTwice {
        /// processor, group, store or topic.
        what: &'static str,
        /// The name.
        name: String,
    },
    /// Kafka would not take the name, or the pattern would be ambiguous.
    #[error("{what} {name:?}: {reason}")]
    IllegalName {
        /// plant, source or topic.
        what: &'static str,
        /// The name.
        name: String,
        /// The rule.
        reason: &'static str,
    },
    /// Sizes for a topic that is not there.
    #[error("topics.{topic:?} gives sizes for a topic that this environment does not have{}", nearest.as_ref().map(|name| format!("; did you mean {name:?}?")).unwrap_or_default())]
    SizesForNoTopic {
        /// The name given.
        topic: String,
        /// The nearest right one.
        nearest: Option<String>,
    },
    /// Sizes for a processor that is not there.
    #[error("processors.{processor:?} gives sizes for a processor that the table does not have{}", nearest.as_ref().map(|name| format!("; did you mean {name:?}?")).unwrap_or_default())]
    SizesForNoProcessor {
        /// The name given.
        processor: String,
        /// The nearest right one.
        nearest: Option<String>,
    },
    /// A size that cannot work.
    #[error("{setting} = {value}: {reason}")]
    Size {
        /// Key in the environment file.
        setting: String,
        /// Its value.
        value: u32,
        /// Why not.
        reason: &'static str,
    },
    /// A processor could read a record that it cannot pass on.
    #[error("processor {processor} can read {read_bytes} bytes from {reads}, but {writes} takes only {written_bytes}: raise topics.{writes:?}.max_message_bytes")]
    TooSmall {
        /// The processor.
        processor: &'static str,
        /// Topic it reads.
        reads: String,
        /// Largest batch there.
        read_bytes: u64,
        /// Topic it writes.
        writes: String,
        /// Largest batch there.
        written_bytes: u64,
    },
    /// Nothing would ever come in.
    #[error("the environment has no source: add a [[raw]] table with plant and source")]
    NoSource,
}
