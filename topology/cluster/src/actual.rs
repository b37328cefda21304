//! What a cluster and its registry have, as far as it matters to a [`Wanted`](crate::Wanted).

use std::collections::BTreeMap;

/// Topics and subjects that there are.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Actual {
    /// Those of the wanted topics that exist, by name.
    pub topics: BTreeMap<String, ActualTopic>,
    /// Those of the wanted subjects that have a schema or a level of their own, by name.
    pub subjects: BTreeMap<String, ActualSubject>,
}

/// A topic that exists.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ActualTopic {
    /// Partition count.
    pub partitions: u32,
    /// Copies of a partition; the lowest, if they differ.
    pub replication: u16,
    /// Every setting, by Kafka's names.
    pub configs: BTreeMap<String, Setting>,
}

/// A topic's setting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Setting {
    /// Its value; nothing when the broker keeps it secret.
    pub value: Option<String>,
    /// Set for this topic, not taken from the broker's defaults.
    pub own: bool,
}

/// A subject of the registry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ActualSubject {
    /// Compatibility level of its own, if it has one.
    pub level: Option<String>,
    /// How many versions it has.
    pub versions: usize,
    /// Exactly the wanted schema is one of them.
    pub registered: bool,
    /// Why the wanted schema cannot join them under `FULL_TRANSITIVE`; empty when it can, or is there.
    pub incompatibilities: Vec<String>,
}
