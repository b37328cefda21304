//! When the event behind a record happened, and when it came to us.

use crate::time::Timestamp;

/// The times of an event, where a record tells them. 16 bytes, since a runtime keeps one per event until its transaction commits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EventTimes {
    /// [`Timestamp::MIN`] if unknown.
    source: Timestamp,
    /// [`Timestamp::MIN`] if unknown.
    ingest: Timestamp,
}

impl EventTimes {
    /// Neither is known.
    pub const UNKNOWN: Self = Self { source: Timestamp::MIN, ingest: Timestamp::MIN };

    /// Both: by the source's clock, and when the broker appended the raw record.
    #[must_use]
    pub const fn new(source: Timestamp, ingest: Timestamp) -> Self {
        Self { source, ingest }
    }

    /// Only when the broker appended the raw record.
    #[must_use]
    pub const fn ingested(ingest: Timestamp) -> Self {
        Self { ingest, ..Self::UNKNOWN }
    }

    /// Only when it happened, by the source's clock.
    #[must_use]
    pub const fn happened(source: Timestamp) -> Self {
        Self { source, ..Self::UNKNOWN }
    }

    /// When it happened, by the source's clock.
    #[must_use]
    pub fn source(&self) -> Option<Timestamp> {
        known(self.source)
    }

    /// When the broker appended the raw record.
    #[must_use]
    pub fn ingest(&self) -> Option<Timestamp> {
        known(self.ingest)
    }
}

fn known(time: Timestamp) -> Option<Timestamp> {
    (time != Timestamp::MIN).then_some(time)
}

const _: () = assert!(size_of::<EventTimes>() == 16);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_what_is_known() {
        let (early, late) = (Timestamp::EPOCH, Timestamp::from_millis(5));
        let told = |times: EventTimes| (times.source(), times.ingest());
        assert_eq!(told(EventTimes::new(early, late)), (Some(early), Some(late)));
        assert_eq!(told(EventTimes::ingested(late)), (None, Some(late)));
        assert_eq!(told(EventTimes::happened(early)), (Some(early), None));
        assert_eq!(told(EventTimes::UNKNOWN), (None, None));
    }
}
