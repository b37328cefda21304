//! The deduplicator at work.

use lineside_api::{AcceptedId, Avro, Context, Processor, Record, Refusal};
use lineside_schemas::contract;
use lineside_schemas::records::{DroppedDuplicate, NormalizedEvent};
use lineside_topology::processors::ACCEPTED;
use lineside_topology::topics;

use crate::decision::{Decision, Event, Window, advanced, decide};

/// Counter: events passed on.
pub const ACCEPTED_EVENTS: &str = "accepted";
/// Counter: repeats with the same content, dropped.
pub const DUPLICATES: &str = "duplicates";

/// Code: the source time is older than the window, so that the id may have been forgotten.
pub const TOO_LATE: &str = "too-late";
/// Code: the source time is later than the broker's, by more than the tolerated skew.
pub const SOURCE_TIME_IN_FUTURE: &str = "source-time-in-future";
/// Code: the id was accepted with other content.
pub const ID_CONFLICT: &str = "id-conflict";
/// Code: the event names a topic that the deduplicator does not write.
pub const UNKNOWN_TARGET_TOPIC: &str = "unknown-target-topic";

/// Passes each event on once. All state is in the store [`ACCEPTED`].
#[derive(Debug, Clone)]
pub struct Deduplicator {
    window: Window,
}

impl Deduplicator {
    /// A deduplicator that remembers for `window`.
    #[must_use]
    pub const fn new(window: Window) -> Self {
        Self { window }
    }
}

impl Processor for Deduplicator {
    type Input = Avro<contract::NormalizedEvent>;

    fn process(&mut self, record: Record<'_, '_, NormalizedEvent<'_>>, cx: &mut Context<'_>) -> Result<(), Refusal> {
        let Record { raw, value } = record;
        let clock = advanced(cx.stream_time(ACCEPTED), value.ingest_time);
        cx.advance(ACCEPTED, clock, self.window.oldest_bucket(clock));
        let event = Event { source_time: value.source_time, ingest_time: value.ingest_time, fingerprint: value.fingerprint };
        match decide(&self.window, clock, &event, || cx.seen(ACCEPTED, value.source, value.event_id)) {
            Decision::Accept { bucket } => {
                cx.accept(ACCEPTED, AcceptedId { source: value.source, event_id: value.event_id, bucket, fingerprint: value.fingerprint });
                if !cx.forward(value.topic, raw.key, value.payload) {
                    return Err(of(&value, unknown_topic(&value)));
                }
                cx.count(ACCEPTED_EVENTS);
                Ok(())
            }
            Decision::Duplicate => {
                cx.count(DUPLICATES);
                // Dropped, but not without a trace: whoever tells an order's story wants to find it.
                cx.send(topics::DUPLICATES, &String::from_utf8_lossy(raw.key.unwrap_or_default()), &dropped(&value));
                Ok(())
            }
            Decision::Conflict { accepted } => Err(of(&value, conflict(&value, accepted))),
            Decision::TooLate { oldest } => Err(of(
                &value,
                Refusal::data_quality(
                    TOO_LATE,
                    format!("source time {} is before {oldest}, the earliest that can still be checked for duplicates at stream time {clock}", value.source_time),
                )
                .at("source_time"),
            )),
            Decision::InFuture { latest } => Err(of(
                &value,
                Refusal::data_quality(
                    SOURCE_TIME_IN_FUTURE,
                    format!(
                        "source time {} is after {latest}, the latest believed of a record appended at {}: the source's clock is ahead",
                        value.source_time, value.ingest_time
                    ),
                )
                .at("source_time"),
            )),
        }
    }
}

fn of(event: &NormalizedEvent<'_>, refusal: Refusal) -> Refusal {
    refusal.of_event(event.event_id, event.plant, event.correlation_id, &event.raw)
}

fn dropped<'a>(event: &NormalizedEvent<'a>) -> DroppedDuplicate<'a> {
    DroppedDuplicate {
        topic: event.topic,
        source: event.source,
        event_id: event.event_id,
        plant: event.plant,
        correlation_id: event.correlation_id,
        source_time: event.source_time,
        ingest_time: event.ingest_time,
        raw: event.raw.clone(),
    }
}

fn conflict(event: &NormalizedEvent<'_>, accepted: i64) -> Refusal {
    let NormalizedEvent { source, event_id, fingerprint, .. } = event;
    Refusal::data_quality(
        ID_CONFLICT,
        format!("event {event_id} of {source} was accepted with content {accepted:016x} and came again with content {fingerprint:016x}: one id for two contents"),
    )
    .at("event_id")
}

fn unknown_topic(event: &NormalizedEvent<'_>) -> Refusal {
    Refusal::application(UNKNOWN_TARGET_TOPIC, format!("the event is meant for topic {}, which the deduplicator does not write", event.topic)).at("topic")
}
