//! Latencies of the events in the open batch: what they are is known only when it commits.

use lineside_api::Effects;
use lineside_schemas::{EventTimes, Timestamp};
use prometheus::HistogramVec;

use super::Metrics;

/// Seconds; from what a batch takes to what a weekend without network takes.
pub const BUCKETS: &[f64] = &[0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 15.0, 60.0, 300.0, 1_800.0, 21_600.0, 86_400.0, 259_200.0];
const MICROS: f64 = 1e-6;

/// Times of a processor's events in the open batch, 16 bytes each.
#[derive(Debug, Default)]
pub struct PendingLatencies {
    times: Vec<EventTimes>,
}

impl PendingLatencies {
    /// Takes the times of what was processed since the last call.
    pub fn take(&mut self, effects: &mut Effects) {
        effects.take_times(&mut self.times);
    }

    /// The batch came to nothing.
    pub fn aborted(&mut self) {
        self.times.clear();
    }

    /// The batch was committed at `now`. The histograms' locks are taken once, not per event.
    pub fn committed(&mut self, metrics: &Metrics, processor: &str, now: Timestamp) {
        observe(&metrics.event_latency, processor, now, self.times.iter().filter_map(EventTimes::source));
        observe(&metrics.ingest_latency, processor, now, self.times.iter().filter_map(EventTimes::ingest));
        self.times.clear();
    }
}

fn observe(histogram: &HistogramVec, processor: &str, now: Timestamp, times: impl Iterator<Item = Timestamp>) {
    let mut times = times.peekable();
    // A processor whose input does not tell has no series, rather than one of zeros.
    if times.peek().is_none() {
        return;
    }
    let local = histogram.with_label_values(&[processor]).local();
    for time in times {
        local.observe(seconds(time, now));
    }
    local.flush();
}

/// Seconds from `time` to `now`; none for a source's clock that is ahead of ours.
#[expect(clippy::cast_precision_loss, reason = "a latency of 2^53 microseconds is 285 years")]
fn seconds(time: Timestamp, now: Timestamp) -> f64 {
    now.micros().saturating_sub(time.micros()).max(0) as f64 * MICROS
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counts(histogram: &HistogramVec) -> (u64, f64) {
        let histogram = histogram.with_label_values(&["p"]);
        (histogram.get_sample_count(), histogram.get_sample_sum())
    }

    #[test]
    fn what_is_known_is_measured_at_the_commit_and_what_is_dropped_never() {
        let metrics = Metrics::new().unwrap();
        let now = Timestamp::from_millis(10_000);
        let mut pending = PendingLatencies { times: vec![EventTimes::new(Timestamp::from_millis(4_000), Timestamp::from_millis(9_500))] };
        pending.aborted();
        pending.committed(&metrics, "p", now);
        assert_eq!((counts(&metrics.event_latency).0, counts(&metrics.ingest_latency).0), (0, 0));
        pending.times = vec![
            EventTimes::new(Timestamp::from_millis(4_000), Timestamp::from_millis(9_500)),
            EventTimes::happened(Timestamp::from_millis(11_000)),
            EventTimes::UNKNOWN,
        ];
        pending.committed(&metrics, "p", now);
        pending.committed(&metrics, "p", now);
        assert_eq!((counts(&metrics.event_latency), counts(&metrics.ingest_latency)), ((2, 6.0), (1, 0.5)));
    }
}
