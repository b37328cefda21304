//! The events that no posting accounts for yet.

use lineside_schemas::Timestamp;
use lineside_schemas::ids::SetFingerprint;
use lineside_schemas::records::{Envelope, RawPosition};

/// Raw records of one partition, as a range; records in between may belong to other orders.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Range {
    /// Raw topic.
    pub topic: String,
    /// Partition.
    pub partition: i32,
    /// First offset.
    pub first_offset: i64,
    /// Last offset.
    pub last_offset: i64,
}

/// A set of events: how many, which, from when to when, and where their raw records stand.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Coverage {
    /// Count.
    pub event_count: i64,
    /// Of their ids; their order does not show.
    pub fingerprint: SetFingerprint,
    /// Earliest and latest source time; none without events.
    pub source_times: Option<(Timestamp, Timestamp)>,
    /// Sorted by topic and partition, one each.
    pub ranges: Vec<Range>,
}

impl Coverage {
    /// Takes in an event.
    pub fn cover(&mut self, envelope: &Envelope<'_>) {
        self.event_count = self.event_count.saturating_add(1);
        self.fingerprint = self.fingerprint.with(envelope.source, envelope.event_id);
        let time = envelope.source_time;
        self.source_times = Some(self.source_times.map_or((time, time), |(first, last)| (first.min(time), last.max(time))));
        self.widen(&envelope.raw);
    }

    fn widen(&mut self, raw: &RawPosition<'_>) {
        match self.ranges.binary_search_by(|range| (range.topic.as_str(), range.partition).cmp(&(raw.topic, raw.partition))) {
            Ok(index) => {
                let range = &mut self.ranges[index];
                range.first_offset = range.first_offset.min(raw.offset);
                range.last_offset = range.last_offset.max(raw.offset);
            }
            Err(index) => {
                let range = Range { topic: raw.topic.to_owned(), partition: raw.partition, first_offset: raw.offset, last_offset: raw.offset };
                self.ranges.insert(index, range);
            }
        }
    }
}
