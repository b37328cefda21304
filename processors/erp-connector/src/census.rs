//! How many documents are where, and how long the oldest doubt lasts: counted now and then from the ledger, for an operator to see.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use lineside_runtime::metrics::names::{ERP_BREAKER_STATE, ERP_DOCUMENTS, ERP_OLDEST_DOUBT};
use lineside_schemas::Timestamp;
use prometheus::core::Collector;
use prometheus::{Gauge, IntGauge, IntGaugeVec, Opts};

use crate::gate::Phase;
use crate::posting::{Posting, State};

/// The states that are shown.
const STATES: [&str; 5] = ["waiting", "queued", "calling", "in_doubt", "held"];
/// A partition that was not counted for so long is with somebody else.
const FORGOTTEN_AFTER: i64 = 60_000_000;

/// What was counted of one partition.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Count {
    documents: [i64; 5],
    oldest_doubt: Option<Timestamp>,
}

impl Count {
    /// Counts a document.
    pub fn add(&mut self, posting: &Posting) {
        let state = match posting.state {
            State::Waiting => 0,
            State::Queued { .. } => 1,
            State::Intent { .. } => 2,
            State::Doubt { .. } | State::Reading { .. } => 3,
            State::Held { .. } => 4,
            State::Settled { .. } | State::Watching { .. } | State::Over => return,
        };
        self.documents[state] += 1;
        if let Some(since) = posting.doubtful_since {
            self.oldest_doubt = Some(self.oldest_doubt.map_or(since, |oldest| oldest.min(since)));
        }
    }
}

/// The counts of a process, shared by its stream threads.
#[derive(Debug, Clone)]
pub struct Census {
    counts: Arc<Mutex<BTreeMap<i32, (Timestamp, Count)>>>,
    documents: IntGaugeVec,
    oldest_doubt: Gauge,
    breaker: IntGauge,
}

impl Census {
    /// Nothing counted yet.
    ///
    /// # Errors
    /// When a name or a label is none, which a test rules out.
    pub fn new() -> Result<Self, prometheus::Error> {
        let census = Self {
            counts: Arc::default(),
            documents: IntGaugeVec::new(Opts::new(ERP_DOCUMENTS.name, ERP_DOCUMENTS.help), ERP_DOCUMENTS.labels)?,
            oldest_doubt: Gauge::new(ERP_OLDEST_DOUBT.name, ERP_OLDEST_DOUBT.help)?,
            breaker: IntGauge::new(ERP_BREAKER_STATE.name, ERP_BREAKER_STATE.help)?,
        };
        for state in STATES {
            census.documents.with_label_values(&[state]);
        }
        Ok(census)
    }

    /// What a registry takes.
    #[must_use]
    pub fn collectors(&self) -> Vec<Box<dyn Collector>> {
        vec![Box::new(self.documents.clone()), Box::new(self.oldest_doubt.clone()), Box::new(self.breaker.clone())]
    }

    /// Shows where the breaker is.
    pub fn show(&self, phase: Phase) {
        self.breaker.set(match phase {
            Phase::Closed => 0,
            Phase::HalfOpen => 1,
            Phase::Open => 2,
        });
    }

    /// Shows what was counted of a partition, with the others.
    #[expect(clippy::cast_precision_loss, reason = "an age in seconds")]
    pub fn counted(&self, partition: i32, count: Count, now: Timestamp) {
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        counts.insert(partition, (now, count));
        counts.retain(|_, (at, _)| at.saturating_add_micros(FORGOTTEN_AFTER) > now);
        for (index, state) in STATES.iter().enumerate() {
            self.documents.with_label_values(&[state]).set(counts.values().map(|(_, count)| count.documents[index]).sum());
        }
        let oldest = counts.values().filter_map(|(_, count)| count.oldest_doubt).min();
        let age = oldest.map_or(0, |since| now.micros().saturating_sub(since.micros()) / 1_000_000);
        self.oldest_doubt.set(age.max(0) as f64);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_of_partitions_add_up_and_those_that_went_are_forgotten() {
        let at = |seconds: i64| Timestamp::from_micros(seconds * 1_000_000);
        let count = |state, doubtful_since| {
            let mut count = Count::default();
            count.add(&Posting { state, doubtful_since, ..Posting::new("d", vec![], at(0)) });
            count
        };
        let census = Census::new().unwrap();
        census.counted(0, count(State::Doubt { due: at(9) }, Some(at(3))), at(10));
        census.counted(1, count(State::Reading { deadline: at(9) }, Some(at(5))), at(10));
        assert_eq!((census.documents.with_label_values(&["in_doubt"]).get(), census.oldest_doubt.get()), (2, 7.0));
        census.counted(1, count(State::Waiting, None), at(80));
        assert_eq!((census.documents.with_label_values(&["in_doubt"]).get(), census.oldest_doubt.get()), (0, 0.0));
        assert_eq!(census.documents.with_label_values(&["waiting"]).get(), 1);
    }
}
