//! Which partitions a consumer has, and since which epoch.
//!
//! librdkafka's rebalance callback runs inside `poll`. It only takes note here; the stream thread acts on it right after, so that it can commit
//! before it lets a partition go and restore before it starts one.

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};

use rdkafka::TopicPartitionList;
use rdkafka::client::ClientContext;
use rdkafka::consumer::{BaseConsumer, Consumer as _, ConsumerContext};
use rdkafka::error::KafkaError;
use rdkafka::statistics::Statistics;
use rdkafka::types::RDKafkaRespErr;

use crate::gauges;

/// A topic's partition.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TopicPartition {
    /// Topic.
    pub topic: String,
    /// Partition, from 0.
    pub partition: i32,
}

/// What the group decided.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Rebalance {
    /// Partitions to start.
    Assign(Vec<TopicPartition>),
    /// Partitions to let go.
    Revoke {
        /// Which.
        partitions: Vec<TopicPartition>,
        /// They may belong to another member already: what is open for them must not be committed.
        lost: bool,
    },
}

/// Takes note of rebalances, and of how far the consumer is behind, for the stream thread.
#[derive(Debug, Default)]
pub struct Rebalances {
    noted: Mutex<Vec<Rebalance>>,
    lags: Mutex<Vec<(TopicPartition, i64)>>,
    closing: AtomicBool,
}

impl Rebalances {
    /// What happened since the last call, in order.
    pub fn take(&self) -> Vec<Rebalance> {
        self.noted.lock().map(|mut noted| std::mem::take(&mut *noted)).unwrap_or_default()
    }

    /// What the consumer reported last about its lag, in offsets by partition; nothing if there is nothing new.
    pub fn take_lags(&self) -> Vec<(TopicPartition, i64)> {
        self.lags.lock().map(|mut lags| std::mem::take(&mut *lags)).unwrap_or_default()
    }

    /// From now on partitions are let go as soon as the group asks: closing a consumer waits for it.
    pub fn close(&self) {
        self.closing.store(true, Ordering::Release);
    }

    fn note(&self, rebalance: Rebalance) {
        if let Ok(mut noted) = self.noted.lock() {
            noted.push(rebalance);
        }
    }
}

impl ClientContext for Rebalances {
    fn error(&self, error: KafkaError, reason: &str) {
        tracing::warn!(%error, reason, "Kafka client");
    }

    fn stats(&self, statistics: Statistics) {
        if let Ok(mut lags) = self.lags.lock() {
            *lags = gauges::lags(&statistics).collect();
        }
    }
}

impl ConsumerContext for Rebalances {
    fn rebalance(&self, consumer: &BaseConsumer<Self>, err: RDKafkaRespErr, partitions: &mut TopicPartitionList) {
        if self.closing.load(Ordering::Acquire) {
            let outcome = match err {
                RDKafkaRespErr::RD_KAFKA_RESP_ERR__ASSIGN_PARTITIONS => Ok(()),
                _ => consumer.incremental_unassign(partitions),
            };
            if let Err(error) = outcome {
                tracing::warn!(%error, "letting partitions go while closing");
            }
            return;
        }
        let listed = partition_list(partitions);
        match err {
            RDKafkaRespErr::RD_KAFKA_RESP_ERR__ASSIGN_PARTITIONS => self.note(Rebalance::Assign(listed)),
            _ => self.note(Rebalance::Revoke { partitions: listed, lost: consumer.assignment_lost() }),
        }
    }
}

/// The partitions of a librdkafka list.
#[must_use]
pub fn partition_list(partitions: &TopicPartitionList) -> Vec<TopicPartition> {
    partitions.elements().iter().map(|element| TopicPartition { topic: element.topic().to_owned(), partition: element.partition() }).collect()
}
