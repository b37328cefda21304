//! An environment: the sizes of one installation, and its sources. Everything else stands in the table.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use crate::topics::{Chain, Retention, raw_topic};

const BUILTIN: &[(&str, &str)] = &[("local", include_str!("../environments/local.toml")), ("production", include_str!("../environments/production.toml"))];

/// Sizes of one installation, as its file gives them. They are only read here, not judged.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Environment {
    /// Name of a built-in environment, or the path of the file.
    #[serde(skip)]
    pub name: String,
    /// Copies of every partition, at least 1.
    pub replication: u16,
    /// Copies that must have a record before it counts as written. Unless given: 1 for up to two copies, 2 for more.
    #[serde(default)]
    pub min_insync_replicas: Option<u16>,
    /// Partitions by chain.
    pub partitions: Partitions,
    /// Retention by class.
    pub retention_days: RetentionDays,
    /// The sources that this installation has.
    #[serde(default)]
    pub raw: Vec<RawSource>,
    /// Sizes of single topics, by name.
    #[serde(default)]
    pub topics: BTreeMap<String, TopicSizes>,
    /// Sizes of single processors, by name.
    #[serde(default)]
    pub processors: BTreeMap<String, ProcessorSizes>,
}

/// Partition count of each chain, at least 1 each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Partitions {
    /// Of each raw topic; the changelogs of what is kept by raw partition have as many as the largest.
    pub raw: u32,
    /// Of every topic keyed by aggregate, and of the changelogs of what is kept by its partitions.
    pub aggregate: u32,
    /// Of each topic of master data.
    pub master: u32,
    /// Of each dead letter topic.
    pub dead_letter: u32,
}

/// Days that topics keep their records, by class, at least 1 each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RetentionDays {
    /// Raw input.
    pub raw: u32,
    /// Internal hops.
    pub hop: u32,
    /// Public history and dead letters.
    pub long: u32,
    /// Changelog of event ids: the deduplication window and a reserve.
    pub window: u32,
}

/// A source: its records are expected on `raw.<plant>.<source>`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RawSource {
    /// Plant, as in the topic name.
    pub plant: String,
    /// Source within the plant, as in the topic name.
    pub source: String,
}

/// Sizes that one topic has for itself.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TopicSizes {
    /// Partition count.
    #[serde(default)]
    pub partitions: Option<u32>,
    /// Days that records are kept.
    #[serde(default)]
    pub retention_days: Option<u32>,
    /// Largest batch that the topic takes, bytes.
    #[serde(default)]
    pub max_message_bytes: Option<u32>,
}

/// Sizes that one processor has for itself where its processes are rendered; quantities as Kubernetes writes them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProcessorSizes {
    /// Instances.
    #[serde(default)]
    pub instances: Option<u32>,
    /// CPU asked for: `500m`.
    #[serde(default)]
    pub cpu: Option<String>,
    /// Memory asked for, and its limit: `512Mi`.
    #[serde(default)]
    pub memory: Option<String>,
    /// Disk for the stores of one instance: `10Gi`.
    #[serde(default)]
    pub disk: Option<String>,
}

/// An environment cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum EnvironmentError {
    /// The file cannot be read.
    #[error("environment file {}: {source}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// The text is not an environment.
    #[error("environment {name}: {reason}")]
    Malformed {
        /// Name or path.
        name: String,
        /// Where and what, in words.
        reason: String,
    },
    /// No built-in environment has this name.
    #[error("there is no environment {name:?}: it is neither a file nor one of {known}")]
    Unknown {
        /// What was asked for.
        name: String,
        /// Names of the built-in ones.
        known: String,
    },
}

impl Environment {
    /// Reads the file.
    ///
    /// # Errors
    /// [`EnvironmentError`]; keys that are not known are errors, naming the nearest that is.
    pub fn load(path: &Path) -> Result<Self, EnvironmentError> {
        let text = std::fs::read_to_string(path).map_err(|source| EnvironmentError::Unreadable { path: path.to_owned(), source })?;
        Self::parse(&path.display().to_string(), &text)
    }

    /// A built-in environment: `local` or `production`.
    ///
    /// # Errors
    /// [`EnvironmentError::Unknown`].
    pub fn builtin(name: &str) -> Result<Self, EnvironmentError> {
        match BUILTIN.iter().find(|(builtin, _)| *builtin == name) {
            Some((_, text)) => Self::parse(name, text),
            None => Err(EnvironmentError::Unknown { name: name.to_owned(), known: BUILTIN.iter().map(|(builtin, _)| *builtin).collect::<Vec<_>>().join(", ") }),
        }
    }

    /// The built-in environment of that name, or else the file of that path.
    ///
    /// # Errors
    /// [`EnvironmentError`].
    pub fn named(name_or_path: &str) -> Result<Self, EnvironmentError> {
        match Self::builtin(name_or_path) {
            Err(unknown @ EnvironmentError::Unknown { .. }) => {
                let path = Path::new(name_or_path);
                if path.exists() { Self::load(path) } else { Err(unknown) }
            }
            known => known,
        }
    }

    /// Reads the text of an environment file; `name` is for messages.
    ///
    /// # Errors
    /// [`EnvironmentError::Malformed`].
    pub fn parse(name: &str, text: &str) -> Result<Self, EnvironmentError> {
        let environment: Self =
            toml::from_str(text).map_err(|error| EnvironmentError::Malformed { name: name.to_owned(), reason: with_suggestion(&error.to_string()) })?;
        Ok(Self { name: name.to_owned(), ..environment })
    }

    /// Names of the raw topics of this environment.
    #[must_use]
    pub fn raw_topics(&self) -> Vec<String> {
        self.raw.iter().map(|raw| raw_topic(&raw.plant, &raw.source)).collect()
    }

    /// Partitions of the topics of a chain that have no count of their own.
    #[must_use]
    pub fn chain_partitions(&self, chain: Chain) -> u32 {
        match chain {
            Chain::Raw => self.partitions.raw,
            Chain::Aggregate => self.partitions.aggregate,
            Chain::Master => self.partitions.master,
            Chain::DeadLetter => self.partitions.dead_letter,
            Chain::RawState => {
                let counts = self.raw_topics().into_iter().map(|topic| self.topics.get(&topic).and_then(|sizes| sizes.partitions).unwrap_or(self.partitions.raw));
                counts.max().unwrap_or(self.partitions.raw)
            }
        }
    }

    /// Days that topics of a class keep their records.
    #[must_use]
    pub fn class_retention_days(&self, class: Retention) -> u32 {
        match class {
            Retention::Raw => self.retention_days.raw,
            Retention::Hop => self.retention_days.hop,
            Retention::Long => self.retention_days.long,
            Retention::Window => self.retention_days.window,
        }
    }

    /// Copies that must have a record before it counts as written.
    #[must_use]
    pub fn insync_replicas(&self) -> u16 {
        self.min_insync_replicas.unwrap_or(if self.replication > 2 { 2 } else { 1 })
    }
}

/// The candidate nearest to `name`, if any is near.
pub(crate) fn nearest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    const NEAR: f64 = 0.8;
    candidates
        .into_iter()
        .map(|candidate| (strsim::jaro_winkler(name, candidate), candidate))
        .filter(|(similarity, _)| *similarity >= NEAR)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, candidate)| candidate)
}

/// Adds the nearest right key to a message about an unknown one; the message names the right ones.
fn with_suggestion(message: &str) -> String {
    let message = message.trim_end();
    let quoted: Vec<&str> = message.split_once("unknown field ").map(|(_, rest)| rest.split('`').skip(1).step_by(2).collect()).unwrap_or_default();
    match quoted.split_first().and_then(|(unknown, known)| nearest(unknown, known.iter().copied())) {
        Some(right) => format!("{message}\ndid you mean `{right}`?"),
        None => message.to_owned(),
    }
}

#[cfg(test)]
#[path = "environment_tests.rs"]
mod tests;
