//! librdkafka's settings, each with its reason.

use lineside_topology::plan::MAX_DEAD_LETTER_BYTES;
use rdkafka::ClientConfig;

use crate::memory;
use crate::settings::Settings;

/// How long a transaction may stay open before the broker aborts it. Short, since an abandoned one pins the last stable offset.
pub const TRANSACTION_TIMEOUT_MS: u32 = 10_000;

/// The smallest value that librdkafka takes.
const LEAST_MESSAGE_BYTES: &str = "1000";

fn base(settings: &Settings) -> ClientConfig {
    let mut config = settings.connection.kafka();
    // Reconnecting after a broker's restart: quickly at first, never in a tight loop.
    config.set("reconnect.backoff.ms", "50").set("reconnect.backoff.max.ms", "1000");
    config
}

fn with_properties(mut config: ClientConfig, settings: &Settings) -> ClientConfig {
    settings.connection.apply_properties(&mut config);
    config
}

/// A consumer sends nothing large: how large a record may be says nothing to it, but would be the least that it may fetch at once.
fn with_consumer_properties(config: ClientConfig, settings: &Settings) -> ClientConfig {
    let mut config = with_properties(config, settings);
    config.set("message.max.bytes", LEAST_MESSAGE_BYTES);
    config
}

/// A group consumer for one processor.
#[must_use]
pub fn group_consumer(settings: &Settings, group: &str, group_instance_id: &str) -> ClientConfig {
    let mut config = base(settings);
    config
        .set("client.id", group_instance_id)
        .set("group.id", group)
        .set("group.instance.id", group_instance_id)
        .set("partition.assignment.strategy", "cooperative-sticky")
        .set("session.timeout.ms", settings.session_timeout_ms.to_string())
        .set("heartbeat.interval.ms", (settings.session_timeout_ms / 5).max(100).to_string())
        .set("max.poll.interval.ms", settings.session_timeout_ms.max(300_000).to_string())
        .set("enable.auto.commit", "false")
        .set("enable.auto.offset.store", "false")
        // Offsets are given explicitly on assignment. Records deleted before they were read must be an error, not a silent jump.
        .set("auto.offset.reset", "error")
        .set("isolation.level", "read_committed")
        // How far behind it is, for the metrics: half a millisecond of CPU each time.
        .set("statistics.interval.ms", "2000")
        .set("fetch.queue.backoff.ms", "1")
        .set("fetch.wait.max.ms", "500");
    read_ahead(&mut config, settings);
    with_consumer_properties(config, settings)
}

/// Bounds what a consumer holds. librdkafka asks for more while it holds less than either bound; both are for the whole consumer, as its partitions share
/// one queue. So a response of each broker comes on top; a batch that is larger than that comes whole all the same.
fn read_ahead(config: &mut ClientConfig, settings: &Settings) {
    config
        .set("queued.max.messages.kbytes", (settings.prefetch_bytes / 1024).to_string())
        .set("queued.min.messages", memory::READ_AHEAD_RECORDS.to_string())
        .set("fetch.max.bytes", memory::FETCH_BYTES.to_string())
        .set("max.partition.fetch.bytes", memory::FETCH_BYTES.to_string());
}

/// The transactional producer of a stream thread.
#[must_use]
pub fn transactional_producer(settings: &Settings, transactional_id: &str) -> ClientConfig {
    let mut config = base(settings);
    config
        .set("client.id", transactional_id)
        .set("transactional.id", transactional_id)
        .set("transaction.timeout.ms", TRANSACTION_TIMEOUT_MS.to_string())
        .set("message.timeout.ms", TRANSACTION_TIMEOUT_MS.to_string())
        .set("enable.idempotence", "true")
        // The Java client's partitioner, so that producers in any language agree where a key lives.
        .set("partitioner", "murmur2_random")
        // With reports for errors only, rd_kafka_flush returns when all is delivered; otherwise a commit costs 100 ms.
        .set("delivery.report.only.error", "true")
        // Offsets sent right after the last transaction's end are retried after this, 100 ms by default.
        .set("retry.backoff.ms", "1")
        .set("retry.backoff.max.ms", "50")
        .set("linger.ms", "0")
        .set("compression.type", "lz4")
        .set("message.max.bytes", MAX_DEAD_LETTER_BYTES.to_string())
        .set("queue.buffering.max.kbytes", (settings.send_queue_bytes / 1024).to_string())
        .set("queue.buffering.max.messages", memory::SEND_QUEUE_RECORDS.to_string());
    with_properties(config, settings)
}

/// A consumer that reads changelogs by explicit assignment; it joins no group.
///
/// librdkafka wants a group id to consume, and the broker a right to it. The processor's own is one that its user has; nothing is committed under it.
#[must_use]
pub fn restore_consumer(settings: &Settings, group: &str) -> ClientConfig {
    let mut config = base(settings);
    config
        .set("client.id", "lineside-restore")
        .set("group.id", group)
        // Of no effect, but it may not be longer than a `max.poll.interval.ms` that was set for all clients.
        .set("session.timeout.ms", settings.session_timeout_ms.to_string())
        .set("enable.auto.commit", "false")
        .set("enable.auto.offset.store", "false")
        .set("auto.offset.reset", "error")
        .set("isolation.level", "read_committed")
        .set("enable.partition.eof", "true")
        // The end of the changelog is all that is waited for.
        .set("fetch.wait.max.ms", "5")
        .set("fetch.queue.backoff.ms", "1");
    read_ahead(&mut config, settings);
    with_consumer_properties(config, settings)
}

/// A consumer that keeps up with tables by explicit assignment, as [`restore_consumer`] reads changelogs; but nobody waits for it.
#[must_use]
pub fn table_consumer(settings: &Settings, group: &str) -> ClientConfig {
    let mut config = restore_consumer(settings, group);
    config.set("client.id", "lineside-tables").set("enable.partition.eof", "false").set("fetch.wait.max.ms", "500").set("fetch.queue.backoff.ms", "10");
    config
}

/// A client that asks for end offsets, open transactions included.
#[must_use]
pub fn watermark_client(settings: &Settings) -> ClientConfig {
    let mut config = base(settings);
    config.set("client.id", "lineside-watermarks").set("isolation.level", "read_uncommitted").set("session.timeout.ms", settings.session_timeout_ms.to_string());
    with_properties(config, settings)
}
