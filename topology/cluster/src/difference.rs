//! What differs between what is wanted and what is there, and what of it may be changed: a pure function.

use std::collections::BTreeMap;
use std::fmt;

use lineside_registry::FULL_TRANSITIVE;
use lineside_topology::PlannedTopic;

use crate::actual::{Actual, ActualSubject, ActualTopic};
use crate::wanted::{Wanted, WantedSubject};

/// The way from what is there to what is wanted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Plan {
    /// What will be done, in this order.
    pub changes: Vec<Change>,
    /// What differs and is not for us to change. While there is any, nothing is changed.
    pub refusals: Vec<Refusal>,
}

impl Plan {
    /// Nothing differs.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.changes.is_empty() && self.refusals.is_empty()
    }
}

/// Something that makes the cluster more like what is wanted, and destroys nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// A topic to create.
    CreateTopic(PlannedTopic),
    /// Settings of a topic to set; its other settings stay.
    SetConfigs {
        /// The topic.
        topic: String,
        /// Setting, value there (if any is told), value wanted.
        settings: BTreeMap<String, (Option<String>, String)>,
    },
    /// Partitions to add to a topic on whose counts nothing relies.
    AddPartitions {
        /// The topic.
        topic: String,
        /// Count there.
        from: u32,
        /// Count wanted.
        to: u32,
    },
    /// A subject to hold to `FULL_TRANSITIVE`.
    SetLevel {
        /// The subject.
        subject: String,
        /// Level of its own that it has.
        from: Option<String>,
    },
    /// A schema to register.
    Register {
        /// Subject and schema.
        wanted: WantedSubject,
        /// Versions that the subject has already.
        versions: usize,
    },
}

/// A difference that needs a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// More partitions would move keys away from their state and their order.
    MovesKeys {
        /// The topic.
        topic: String,
        /// Count there.
        actual: u32,
        /// Count wanted.
        wanted: u32,
    },
    /// Kafka takes no partitions away.
    TooManyPartitions {
        /// The topic.
        topic: String,
        /// Count there.
        actual: u32,
        /// Count wanted.
        wanted: u32,
    },
    /// Copies are moved by Kafka's own tools, with a plan and a throttle.
    Replication {
        /// The topic.
        topic: String,
        /// Copies there.
        actual: u16,
        /// Copies wanted.
        wanted: u16,
    },
    /// A secret setting of the topic's own would be lost with the change, for all settings are sent anew.
    SecretSetting {
        /// The topic.
        topic: String,
        /// The setting.
        setting: String,
    },
    /// The registered versions and the wanted schema cannot all read each other.
    Incompatible {
        /// The subject.
        subject: String,
        /// Why.
        reasons: Vec<String>,
    },
}

/// Decides what to do.
#[must_use]
pub fn plan(wanted: &Wanted, actual: &Actual) -> Plan {
    let mut plan = Plan::default();
    for topic in &wanted.topics {
        match actual.topics.get(&topic.name) {
            None => plan.changes.push(Change::CreateTopic(topic.clone())),
            Some(there) => compare_topic(topic, there, &mut plan),
        }
    }
    for subject in &wanted.subjects {
        compare_subject(subject, actual.subjects.get(&subject.subject), &mut plan);
    }
    plan
}

fn compare_topic(wanted: &PlannedTopic, actual: &ActualTopic, plan: &mut Plan) {
    let topic = || wanted.name.clone();
    if actual.partitions > wanted.partitions {
        plan.refusals.push(Refusal::TooManyPartitions { topic: topic(), actual: actual.partitions, wanted: wanted.partitions });
    } else if actual.partitions < wanted.partitions && wanted.chain.is_co_partitioned() {
        plan.refusals.push(Refusal::MovesKeys { topic: topic(), actual: actual.partitions, wanted: wanted.partitions });
    } else if actual.partitions < wanted.partitions {
        plan.changes.push(Change::AddPartitions { topic: topic(), from: actual.partitions, to: wanted.partitions });
    }
    if actual.replication != wanted.replication {
        plan.refusals.push(Refusal::Replication { topic: topic(), actual: actual.replication, wanted: wanted.replication });
    }
    let mut settings = BTreeMap::new();
    for (key, value) in &wanted.configs {
        let there = actual.configs.get(key).and_then(|setting| setting.value.clone());
        if there.as_ref() != Some(value) {
            settings.insert(key.clone(), (there, value.clone()));
        }
    }
    if settings.is_empty() {
        return;
    }
    let secrets = actual.configs.iter().filter(|(key, setting)| setting.own && setting.value.is_none() && !wanted.configs.contains_key(*key));
    plan.refusals.extend(secrets.map(|(key, _)| Refusal::SecretSetting { topic: topic(), setting: key.clone() }));
    plan.changes.push(Change::SetConfigs { topic: topic(), settings });
}

fn compare_subject(wanted: &WantedSubject, actual: Option<&ActualSubject>, plan: &mut Plan) {
    let level = actual.and_then(|subject| subject.level.clone());
    if level.as_deref() != Some(FULL_TRANSITIVE) {
        plan.changes.push(Change::SetLevel { subject: wanted.subject.clone(), from: level });
    }
    match actual {
        Some(subject) if subject.registered => {}
        Some(subject) if !subject.incompatibilities.is_empty() => {
            plan.refusals.push(Refusal::Incompatible { subject: wanted.subject.clone(), reasons: subject.incompatibilities.clone() });
        }
        _ => plan.changes.push(Change::Register { wanted: wanted.clone(), versions: actual.map_or(0, |subject| subject.versions) }),
    }
}

impl fmt::Display for Plan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for change in &self.changes {
            writeln!(f, "{change}")?;
        }
        for refusal in &self.refusals {
            writeln!(f, "! {refusal}")?;
        }
        Ok(())
    }
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::CreateTopic(topic) => {
                write!(f, "+ topic {}: {} partitions, replication {}", topic.name, topic.partitions, topic.replication)?;
                topic.configs.iter().try_for_each(|(key, value)| write!(f, ", {key}={value}"))
            }
            Self::SetConfigs { topic, settings } => {
                write!(f, "~ topic {topic}:")?;
                let mut separator = "";
                settings.iter().try_for_each(|(key, (from, to))| {
                    let from = from.as_deref().unwrap_or("(not set)");
                    write!(f, "{} {key} {from} -> {to}", std::mem::replace(&mut separator, ","))
                })
            }
            Self::AddPartitions { topic, from, to } => write!(f, "~ topic {topic}: partitions {from} -> {to}"),
            Self::SetLevel { subject, from } => {
                write!(f, "~ subject {subject}: compatibility {} -> {FULL_TRANSITIVE}", from.as_deref().unwrap_or("(none of its own)"))
            }
            Self::Register { wanted, versions: 0 } => write!(f, "+ subject {}: {}", wanted.subject, wanted.record),
            Self::Register { wanted, versions } => write!(f, "+ subject {}: {}, a version more than the {versions} there", wanted.subject, wanted.record),
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::MovesKeys { topic, actual, wanted } => write!(
                f,
                "topic {topic} has {actual} partitions, {wanted} are wanted: more would move keys away from their state and their order. \
                 Keep partitions.aggregate = {actual} in the environment; to grow, make the derived topics anew and replay the raw topics, as the runbook says"
            ),
            Self::TooManyPartitions { topic, actual, wanted } => write!(
                f,
                "topic {topic} has {actual} partitions, {wanted} are wanted: Kafka takes none away. Say {actual} in the environment (partitions, or topics.{topic:?}.partitions)"
            ),
            Self::Replication { topic, actual, wanted } => write!(
                f,
                "topic {topic} has {actual} copies of a partition, {wanted} are wanted: copies are moved with kafka-reassign-partitions, or say replication = {actual} in the environment"
            ),
            Self::SecretSetting { topic, setting } => {
                write!(f, "topic {topic} has a secret setting {setting}, which a change of its other settings would drop: change those with kafka-configs")
            }
            Self::Incompatible { subject, reasons } => {
                write!(f, "subject {subject} has a schema that this release's is not compatible with: {}", reasons.join("; "))
            }
        }
    }
}

#[cfg(test)]
#[path = "difference_tests.rs"]
mod tests;
