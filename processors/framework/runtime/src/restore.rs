//! Replays a store's changelog from where the store stands to its end.

use std::time::{Duration, Instant};

use lineside_schemas::Codec;
use lineside_state::TaskState;
use lineside_topology::topics::changelog_topic;
use rdkafka::client::ClientContext;
use rdkafka::consumer::{BaseConsumer, Consumer as _, ConsumerContext};
use rdkafka::error::KafkaError;
use rdkafka::message::Message as _;
use rdkafka::{Offset, TopicPartitionList};

use crate::clients;
use crate::metrics::{Metrics, RestoreProgress};
use crate::settings::Settings;
use crate::stream_thread::ThreadError;
use lineside_topology::ProcessorSpec;

const CALL_TIMEOUT: Duration = Duration::from_secs(10);
/// An earlier owner's open transaction can hold the stable end back until the broker ends it.
const STABLE_END_LIMIT: Duration = Duration::from_mins(1);

/// Hears nothing: reaching the end of a partition is no error here, and every call says what went wrong.
#[derive(Debug)]
struct Silent;

impl ClientContext for Silent {
    fn error(&self, _error: KafkaError, _reason: &str) {}
}

impl ConsumerContext for Silent {}

type Reader = BaseConsumer<Silent>;

/// The clients that restoring needs, made when first needed.
#[derive(Default)]
pub struct Restorer {
    clients: Option<(Reader, Reader)>,
}

impl std::fmt::Debug for Restorer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Restorer").finish_non_exhaustive()
    }
}

impl Restorer {
    /// Brings every store of the task to the end of its changelog. To be called after the committed input offsets were fetched:
    /// what an earlier owner could still commit would have held that fetch back.
    ///
    /// # Errors
    /// Whatever Kafka or the store says.
    pub fn restore(
        &mut self,
        settings: &Settings,
        spec: &'static ProcessorSpec,
        partition: i32,
        state: &mut TaskState,
        codec: &Codec,
        metrics: &Metrics,
    ) -> Result<(), ThreadError> {
        for store in spec.stores {
            let topic = changelog_topic(spec, store.name);
            let (reader, watermarks) = self.clients(settings, spec.group)?;
            let (low, end) = watermarks.fetch_watermarks(&topic, partition, CALL_TIMEOUT)?;
            let mut from = state.position(store.name);
            if from.is_some_and(|position| position > end) {
                tracing::warn!(topic, partition, position = from, end, "the store is ahead of its changelog, which was recreated: rebuilding the store");
                state.wipe(store.name)?;
                from = None;
            }
            if from == Some(end) {
                continue;
            }
            let from = from.unwrap_or(low).max(low);
            if from == end {
                state.restored(store.name, end)?;
                continue;
            }
            let started = Instant::now();
            let mut progress = RestoreProgress::new(metrics, spec.name, store.name, from, end);
            await_stable_end(reader, &topic, partition, end)?;
            let count = replay(reader, &topic, partition, from, end, |offset, key, value| {
                state.restore(store.name, codec, key, value)?;
                progress.replayed(1, offset);
                Ok(())
            })?;
            state.restored(store.name, end)?;
            tracing::info!(topic, partition, from, to = end, records = count, elapsed_ms = started.elapsed().as_millis(), "store restored");
        }
        Ok(())
    }

    fn clients(&mut self, settings: &Settings, group: &str) -> Result<&(Reader, Reader), KafkaError> {
        if self.clients.is_none() {
            self.clients =
                Some((clients::restore_consumer(settings, group).create_with_context(Silent)?, clients::watermark_client(settings).create_with_context(Silent)?));
        }
        self.clients.as_ref().ok_or(KafkaError::Canceled)
    }
}

/// Waits until no open transaction stands before `end`: only then does reading to the stable end read everything committed.
fn await_stable_end(reader: &Reader, topic: &str, partition: i32, end: i64) -> Result<(), ThreadError> {
    let started = Instant::now();
    loop {
        // A read_committed client is told the last stable offset.
        let (_, stable) = reader.fetch_watermarks(topic, partition, CALL_TIMEOUT)?;
        if stable >= end {
            return Ok(());
        }
        if started.elapsed() > STABLE_END_LIMIT {
            return Err(ThreadError::Restore(format!("{topic}-{partition}: an open transaction holds the stable end at {stable}, before {end}")));
        }
        std::thread::sleep(Duration::from_millis(20));
    }
}

fn replay(
    reader: &Reader,
    topic: &str,
    partition: i32,
    from: i64,
    end: i64,
    mut apply: impl FnMut(i64, Option<&[u8]>, Option<&[u8]>) -> Result<(), ThreadError>,
) -> Result<u64, ThreadError> {
    let mut assignment = TopicPartitionList::new();
    assignment.add_partition_offset(topic, partition, Offset::Offset(from))?;
    reader.assign(&assignment)?;
    let mut count = 0;
    let mut last_progress = Instant::now();
    let outcome = loop {
        match reader.poll(Duration::from_millis(100)) {
            Some(Ok(message)) => {
                if message.offset() >= end {
                    break Ok(count);
                }
                if let Err(error) = apply(message.offset(), message.key(), message.payload()) {
                    break Err(error);
                }
                count += 1;
                last_progress = Instant::now();
            }
            Some(Err(KafkaError::PartitionEOF(_))) => break Ok(count),
            Some(Err(error)) => break Err(error.into()),
            None if last_progress.elapsed() > STABLE_END_LIMIT => break Err(ThreadError::Restore(format!("{topic}-{partition}: no record for {STABLE_END_LIMIT:?}"))),
            None => {}
        }
    };
    reader.unassign()?;
    outcome
}
