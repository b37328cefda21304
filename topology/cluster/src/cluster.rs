//! Brokers and registry together.

use std::collections::BTreeMap;
use std::thread;
use std::time::{Duration, Instant};

use lineside_registry::{FULL_TRANSITIVE, RegistryClient};

use crate::actual::{Actual, ActualSubject};
use crate::difference::{Change, Plan, plan};
use crate::error::ClusterError;
use crate::kafka::Kafka;
use crate::wanted::{Wanted, WantedSubject};

/// A change is done when the controller says so; brokers learn of it a moment later.
const SETTLE: Duration = Duration::from_secs(15);

/// A cluster and its schema registry.
#[derive(Debug)]
pub struct Cluster {
    kafka: Kafka,
    registry: RegistryClient,
}

impl Cluster {
    /// Of these brokers and this registry. Makes no call yet.
    #[must_use]
    pub fn new(kafka: Kafka, registry: RegistryClient) -> Self {
        Self { kafka, registry }
    }

    /// What is there of what is wanted.
    ///
    /// # Errors
    /// [`ClusterError`].
    pub fn read(&self, wanted: &Wanted) -> Result<Actual, ClusterError> {
        let names: Vec<&str> = wanted.topics.iter().map(|topic| topic.name.as_str()).collect();
        let topics = self.kafka.topics(&names)?;
        let mut subjects = BTreeMap::new();
        for subject in &wanted.subjects {
            if let Some(actual) = self.read_subject(subject)? {
                subjects.insert(subject.subject.clone(), actual);
            }
        }
        Ok(Actual { topics, subjects })
    }

    fn read_subject(&self, wanted: &WantedSubject) -> Result<Option<ActualSubject>, ClusterError> {
        let level = self.registry.compatibility(&wanted.subject)?;
        let versions = self.registry.versions(&wanted.subject)?;
        if versions.is_empty() && level.is_none() {
            return Ok(None);
        }
        let registered = !versions.is_empty() && self.registry.lookup(&wanted.subject, &wanted.schema)?.is_some();
        let incompatibilities = if registered { Vec::new() } else { self.registry.incompatibilities(&wanted.subject, &versions, &wanted.schema)? };
        Ok(Some(ActualSubject { level, versions: versions.len(), registered, incompatibilities }))
    }

    /// What differs.
    ///
    /// # Errors
    /// [`ClusterError`].
    pub fn plan(&self, wanted: &Wanted) -> Result<Plan, ClusterError> {
        Ok(plan(wanted, &self.read(wanted)?))
    }

    /// Makes the cluster as wanted, and sees that it is. Doing it again changes nothing. Says what was done.
    ///
    /// # Errors
    /// [`ClusterError::NeedsPerson`] before anything is changed; others in the midst of it: doing it again goes on from there.
    pub fn apply(&self, wanted: &Wanted) -> Result<Vec<Change>, ClusterError> {
        let todo = self.plan(wanted)?;
        if !todo.refusals.is_empty() {
            return Err(ClusterError::NeedsPerson(todo));
        }
        let new: Vec<_> = todo.changes.iter().filter_map(|change| if let Change::CreateTopic(topic) = change { Some(topic) } else { None }).collect();
        self.kafka.create_topics(&new)?;
        for change in &todo.changes {
            self.make(change)?;
        }
        self.await_settled(wanted)?;
        Ok(todo.changes)
    }

    fn make(&self, change: &Change) -> Result<(), ClusterError> {
        match change {
            Change::CreateTopic(_) => Ok(()),
            Change::SetConfigs { topic, settings } => {
                let settings = settings.iter().map(|(key, (_, value))| (key.clone(), value.clone())).collect();
                self.kafka.set_configs(topic, &settings)
            }
            Change::AddPartitions { topic, to, .. } => self.kafka.add_partitions(topic, *to),
            Change::SetLevel { subject, .. } => Ok(self.registry.set_compatibility(subject, FULL_TRANSITIVE)?),
            Change::Register { wanted, .. } => {
                self.registry.register(&wanted.subject, &wanted.schema)?;
                Ok(())
            }
        }
    }

    fn await_settled(&self, wanted: &Wanted) -> Result<(), ClusterError> {
        let deadline = Instant::now() + SETTLE;
        let mut pause = Duration::from_millis(50);
        loop {
            let rest = self.plan(wanted)?;
            if rest.is_empty() {
                return Ok(());
            }
            if Instant::now() + pause > deadline {
                return Err(ClusterError::StillDiffers(rest));
            }
            thread::sleep(pause);
            pause *= 2;
        }
    }

    /// Waits until brokers and registry answer, trying again with growing pauses. `told` hears of each failure, and of the pause after it.
    ///
    /// # Errors
    /// The last failure, when `patience` is over; at once when another try cannot help.
    pub fn await_answer(&self, patience: Duration, told: &mut dyn FnMut(&ClusterError, Duration)) -> Result<(), ClusterError> {
        let deadline = Instant::now() + patience;
        let mut pause = Duration::from_millis(250);
        loop {
            let answer = self.kafka.ping().and_then(|()| Ok(self.registry.subjects().map(|_| ())?));
            match answer {
                Err(error) if error.is_retriable() && Instant::now() + pause <= deadline => {
                    told(&error, pause);
                    thread::sleep(pause);
                    pause = (pause * 2).min(Duration::from_secs(5));
                }
                answer => return answer,
            }
        }
    }
}
