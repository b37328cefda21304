//! Where partitions begin and end.

use std::collections::HashMap;
use std::time::Duration;

use rdkafka::client::ClientContext;
use rdkafka::consumer::{BaseConsumer, Consumer as _, ConsumerContext};
use rdkafka::error::KafkaError;
use rdkafka::{Offset, TopicPartitionList};

const CALL_TIMEOUT: Duration = Duration::from_secs(10);

/// Hears nothing: reaching the end of a partition is no error here, and every call says what went wrong.
#[derive(Debug)]
pub(crate) struct Silent;

impl ClientContext for Silent {
    fn error(&self, _error: KafkaError, _reason: &str) {}
}

impl ConsumerContext for Silent {}

/// Looks the same end of many partitions up in one call.
pub(crate) fn offsets<'a>(
    client: &BaseConsumer<Silent>,
    partitions: impl Iterator<Item = (&'a str, i32)>,
    which: Offset,
) -> Result<HashMap<(String, i32), i64>, KafkaError> {
    let mut list = TopicPartitionList::new();
    for (topic, partition) in partitions {
        // In place of a time, which a look-up by time takes, the protocol knows the two ends.
        list.add_partition_offset(topic, partition, which)?;
    }
    let found = client.offsets_for_times(list, CALL_TIMEOUT)?;
    let mut offsets = HashMap::new();
    for element in found.elements() {
        element.error()?;
        if let Offset::Offset(offset) = element.offset() {
            offsets.insert((element.topic().to_owned(), element.partition()), offset);
        }
    }
    Ok(offsets)
}
