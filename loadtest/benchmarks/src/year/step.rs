//! A processor with its state, in memory, without topics: records in, what it sends out; commits and ticks.

use std::collections::BTreeMap;
use std::time::Duration;

use lineside_api::{Context, Effects, Erased, RawRecord, Timestamp};
use lineside_schemas::Codec;
use lineside_state::{Backend, TaskState};

use super::{Sent, StoreSize};
use crate::cpu;
use crate::error::BenchError;

/// A processor and its only task.
pub struct Step {
    processor: Box<dyn Erased>,
    state: TaskState,
    effects: Effects,
    codec: Codec,
    offset: i64,
    positions: BTreeMap<String, i64>,
    changelog: BTreeMap<&'static str, (u64, u64)>,
    most: BTreeMap<&'static str, u64>,
    /// Refused records.
    pub dead_letters: u64,
    /// CPU time spent in it.
    pub cpu: Duration,
    /// Largest value written to the store of orders.
    pub largest_ledger: u64,
}

impl Step {
    /// Without state.
    pub fn new(processor: Box<dyn Erased>) -> Result<Self, BenchError> {
        let state = TaskState::open(processor.spec(), 0, &Backend::Memory).map_err(year)?;
        Ok(Self {
            processor,
            state,
            effects: Effects::default(),
            codec: lineside_testkit::codec(),
            offset: 0,
            positions: BTreeMap::new(),
            changelog: BTreeMap::new(),
            most: BTreeMap::new(),
            dead_letters: 0,
            cpu: Duration::ZERO,
            largest_ledger: 0,
        })
    }

    /// Its name.
    pub fn name(&self) -> &'static str {
        self.processor.spec().name
    }

    /// Processes records, ticks and commits; gives what it sent.
    pub fn run(&mut self, records: &[Sent], time: Timestamp) -> Result<Vec<Sent>, BenchError> {
        let before = cpu::own();
        self.effects.clear();
        for (topic, key, value) in records {
            let raw = RawRecord { topic, partition: 0, offset: self.offset, index: None, time, key: Some(key), value: Some(value), headers: &[] };
            self.offset += 1;
            let mark = self.effects.mark();
            let outcome = self.processor.process(&raw, &mut Context::new(self.processor.spec(), &self.codec, &mut self.effects, &mut self.state));
            self.check()?;
            if outcome.is_ok() {
                self.state.keep_record();
            } else {
                self.dead_letters += 1;
                self.effects.rewind(mark);
                self.state.undo_record();
            }
        }
        self.processor.tick(time, &mut Context::new(self.processor.spec(), &self.codec, &mut self.effects, &mut self.state));
        self.check()?;
        self.state.keep_record();
        self.commit()?;
        let sent = self.effects.outgoing().map(|out| (out.topic.to_owned(), out.key.unwrap_or_default().to_vec(), out.value.unwrap_or_default().to_vec())).collect();
        self.cpu += cpu::own().saturating_sub(before);
        Ok(sent)
    }

    fn check(&self) -> Result<(), BenchError> {
        self.effects.failure().map_or(Ok(()), |failure| Err(BenchError::Year(failure.to_string())))
    }

    fn commit(&mut self) -> Result<(), BenchError> {
        let Self { state, codec, changelog, positions, largest_ledger, .. } = self;
        state
            .changelog(codec, &mut |store, key, value| {
                let size = key.map_or(0, <[u8]>::len) + value.map_or(0, <[u8]>::len);
                if store == "orders" {
                    *largest_ledger = (*largest_ledger).max(value.map_or(0, <[u8]>::len) as u64);
                }
                let name = NAMES.iter().find(|name| **name == store).copied().unwrap_or("other");
                let sum = changelog.entry(name).or_default();
                *sum = (sum.0 + 1, sum.1 + size as u64);
            })
            .map_err(year)?;
        state
            .committed(&mut |store, records| {
                let position = positions.entry(store.to_owned()).or_default();
                *position += i64::try_from(records).unwrap_or(0);
                *position
            })
            .map_err(year)
    }

    /// Notes how large the stores are.
    pub fn note_sizes(&mut self) {
        for stats in self.state.stats() {
            let most = self.most.entry(stats.store).or_default();
            *most = (*most).max(stats.entries);
        }
    }

    /// What the stores hold.
    pub fn sizes(&self) -> Vec<StoreSize> {
        let size = |stats: lineside_state::StoreStats| {
            let (changelog_records, changelog_bytes) = self.changelog.get(stats.store).copied().unwrap_or_default();
            StoreSize {
                store: format!("{} {}", self.name(), stats.store),
                entries: stats.entries,
                most_entries: self.most.get(stats.store).copied().unwrap_or(stats.entries),
                memory_bytes: stats.memory_bytes,
                changelog_records,
                changelog_bytes,
            }
        };
        self.state.stats().into_iter().map(size).collect()
    }
}

/// Stores of the flow.
const NAMES: [&str; 6] = ["accepted-ids", "orders", "plans", "events", "postings", "timers"];

fn year(error: impl std::fmt::Display) -> BenchError {
    BenchError::Year(error.to_string())
}
