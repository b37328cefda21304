//! Which partitions a hosted processor has, and what they wait for.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Instant;

use lineside_state::{Backend, Limits, TaskState};
use lineside_topology::topics::is_framed;
use rdkafka::{Offset, TopicPartitionList};

use super::{InputPartition, Left, Task, Work};
use crate::assignment::TopicPartition;
use crate::thread_error::ThreadError;

impl Work {
    /// The partitions that it has.
    #[must_use]
    pub fn assigned(&self) -> Vec<TopicPartition> {
        self.inputs.iter().map(InputPartition::name).collect()
    }

    /// Takes partitions on; their tasks are opened, but not restored. Gives the partitions whose task is new.
    ///
    /// # Errors
    /// When a store cannot be opened.
    pub fn add(&mut self, partitions: &[TopicPartition], state_dir: &Path, limits: Limits) -> Result<Vec<i32>, ThreadError> {
        let backend = Backend::Disk(state_dir.join("stores"));
        let mut opened = Vec::new();
        for TopicPartition { topic, partition } in partitions {
            if !self.tasks.contains_key(partition) {
                let state = TaskState::open_with(self.spec, *partition, &backend, limits)?;
                self.tasks.insert(*partition, Task { state, restoring: false });
                opened.push(*partition);
            }
            if !self.inputs.iter().any(|input| input.partition == *partition && input.topic == *topic) {
                self.inputs.push(InputPartition {
                    topic: topic.clone(),
                    partition: *partition,
                    framed: is_framed(topic),
                    next_offset: None,
                    position: None,
                    paused: false,
                });
            }
        }
        Ok(opened)
    }

    /// Lets partitions go, and closes the tasks that have none left; what these have asked for is not waited for any more.
    pub fn remove(&mut self, partitions: &[TopicPartition]) {
        self.inputs.retain(|input| !partitions.iter().any(|gone| gone.partition == input.partition && gone.topic == input.topic));
        let inputs = &self.inputs;
        self.tasks.retain(|partition, _| inputs.iter().any(|input| input.partition == *partition));
        let tasks = &self.tasks;
        if let Some(calls) = &mut self.calls {
            calls.remove(|partition| !tasks.contains_key(&partition));
        }
    }

    /// True for the topics of its row and for its dead letters.
    #[must_use]
    pub fn writes(&self, topic: &str) -> bool {
        self.spec.writes.contains(&topic) || self.dead_letter_topic == topic
    }

    /// Closes every task.
    pub fn remove_all(&mut self) {
        self.inputs.clear();
        self.tasks.clear();
        if let Some(calls) = &mut self.calls {
            calls.remove(|_| true);
        }
    }

    /// The group has given it its share, be it none.
    pub const fn joined(&mut self) {
        self.joined = true;
    }

    /// True once the group has given it its share.
    #[must_use]
    pub const fn has_joined(&self) -> bool {
        self.joined
    }

    /// Its consumer is polled at `now`; gives when it was before.
    pub const fn polled(&mut self, now: Instant) -> Instant {
        std::mem::replace(&mut self.last_poll, now)
    }

    /// How many partitions it has more than at the last call.
    pub fn note_assigned(&mut self) -> i64 {
        let now = i64::try_from(self.inputs.len()).unwrap_or(i64::MAX);
        now - std::mem::replace(&mut self.noted, now)
    }

    /// The tasks by partition.
    pub fn tasks(&self) -> impl Iterator<Item = (i32, &Task)> {
        self.tasks.iter().map(|(partition, task)| (*partition, task))
    }

    /// The task of a partition.
    pub fn task_mut(&mut self, partition: i32) -> Option<&mut Task> {
        self.tasks.get_mut(&partition)
    }

    /// Takes note that tasks are restored, but for those that `is_restoring` still.
    pub fn unmark_restored(&mut self, is_restoring: impl Fn(i32) -> bool) {
        for (partition, task) in self.tasks.iter_mut().filter(|(_, task)| task.restoring) {
            task.restoring = is_restoring(*partition);
        }
    }

    fn is_restoring(tasks: &BTreeMap<i32, Task>, input: &InputPartition) -> bool {
        tasks.get(&input.partition).is_some_and(|task| task.restoring)
    }

    /// True while one of its tasks is being restored.
    #[must_use]
    pub fn restores(&self) -> bool {
        self.tasks.values().any(|task| task.restoring)
    }

    /// Partitions whose tasks are not being restored.
    #[must_use]
    pub fn restored(&self) -> Vec<TopicPartition> {
        let restored = self.inputs.iter().filter(|input| !Self::is_restoring(&self.tasks, input));
        restored.map(InputPartition::name).collect()
    }

    /// Marks those partitions as paused whose tasks are being restored, and gives the ones that were not.
    pub fn take_to_pause(&mut self) -> Vec<TopicPartition> {
        let tasks = &self.tasks;
        let waiting = self.inputs.iter_mut().filter(|input| !input.paused && Self::is_restoring(tasks, input));
        waiting.map(|input| input.pause(true)).collect()
    }

    /// Marks those paused partitions as running whose tasks are restored, and gives them.
    pub fn take_to_resume(&mut self) -> Vec<TopicPartition> {
        let tasks = &self.tasks;
        let ready = self.inputs.iter_mut().filter(|input| input.paused && !Self::is_restoring(tasks, input));
        ready.map(|input| input.pause(false)).collect()
    }

    /// Of these partitions the paused ones.
    #[must_use]
    pub fn paused(&self, partitions: &[TopicPartition]) -> Vec<TopicPartition> {
        self.inputs.iter().filter(|input| input.paused).map(InputPartition::name).filter(|paused| partitions.contains(paused)).collect()
    }

    /// Offsets to be committed with the open batch: those it reaches in the inputs that it read, and, if they are to be committed again, those that stand still.
    pub fn next_offsets(&self) -> impl Iterator<Item = (TopicPartition, i64)> + '_ {
        let offset = |input: &InputPartition| input.next_offset.or_else(|| input.position.filter(|_| self.left == Left::AllOffsets));
        self.inputs.iter().filter_map(move |input| Some((input.name(), offset(input)?)))
    }

    /// Lets the next commit have the offsets that stand still too, if the group would forget them: it does not subscribe to the inputs.
    pub fn refresh_offsets(&mut self) {
        if self.spec.task_topic().is_some() && self.inputs.iter().any(|input| input.position.is_some()) {
            self.left = Left::AllOffsets;
        }
    }

    /// Its inputs, each with the offset that is committed.
    pub fn positions(&self) -> impl Iterator<Item = (TopicPartition, Option<i64>)> + '_ {
        self.inputs.iter().map(|input| (input.name(), input.position))
    }

    /// Takes note of what is committed, as Kafka says.
    pub fn set_positions(&mut self, offsets: &TopicPartitionList) {
        for element in offsets.elements() {
            let position = if let Offset::Offset(offset) = element.offset() { Some(offset) } else { None };
            if let Some(input) = self.inputs.iter_mut().find(|input| input.partition == element.partition() && input.topic == element.topic()) {
                input.position = position;
            }
        }
    }

    /// Numbers of its tasks.
    pub fn task_numbers(&self) -> impl Iterator<Item = i32> + '_ {
        self.tasks.keys().copied()
    }
}

impl InputPartition {
    fn name(&self) -> TopicPartition {
        TopicPartition { topic: self.topic.clone(), partition: self.partition }
    }

    fn pause(&mut self, paused: bool) -> TopicPartition {
        self.paused = paused;
        self.name()
    }
}
