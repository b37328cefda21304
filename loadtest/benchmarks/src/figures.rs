//! Medians, percentiles and histograms.

use std::time::Duration;

use serde::Serialize;

/// The middle value; between the two middle ones of an even count. Zero of none.
#[must_use]
pub fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    match (sorted.len(), sorted.len() / 2) {
        (0, _) => 0.0,
        (count, middle) if count % 2 == 1 => sorted[middle],
        (_, middle) => f64::midpoint(sorted[middle - 1], sorted[middle]),
    }
}

/// Edges of the histogram's ranges, ms. The waits that hide in a client are 20 and 100 ms long.
const EDGES_MS: [u32; 8] = [2, 5, 10, 15, 20, 30, 90, 120];

/// How long things took.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Latencies {
    /// Count.
    pub count: usize,
    /// Median, ms.
    pub p50_ms: f64,
    /// 90th percentile, ms.
    pub p90_ms: f64,
    /// 99th percentile, ms.
    pub p99_ms: f64,
    /// Longest, ms.
    pub max_ms: f64,
    /// Counts by range.
    pub histogram: Vec<Range>,
}

/// A range of a histogram.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Range {
    /// From this many ms.
    pub from_ms: u32,
    /// To below this many ms; none for the last.
    pub below_ms: Option<u32>,
    /// How many.
    pub count: usize,
}

impl Latencies {
    /// Of these times.
    #[must_use]
    pub fn of(times: &[Duration]) -> Self {
        let mut sorted = times.to_vec();
        sorted.sort_unstable();
        let at = |per_mille: usize| sorted.get((sorted.len() * per_mille / 1000).min(sorted.len().saturating_sub(1))).map_or(0.0, |time| time.as_secs_f64() * 1e3);
        let mut histogram = Vec::new();
        let mut from = 0;
        for below in EDGES_MS.into_iter().map(Some).chain([None]) {
            let (low, high) = (Duration::from_millis(from.into()), below.map(|below| Duration::from_millis(below.into())));
            let count = sorted.iter().filter(|time| **time >= low && high.is_none_or(|high| **time < high)).count();
            histogram.push(Range { from_ms: from, below_ms: below, count });
            from = below.unwrap_or(from);
        }
        Self { count: sorted.len(), p50_ms: at(500), p90_ms: at(900), p99_ms: at(990), max_ms: at(1000), histogram }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[expect(clippy::float_cmp, reason = "small whole numbers are exact")]
    fn the_median_is_the_middle_whatever_the_order() {
        assert_eq!([median(&[3.0, 1.0, 2.0]), median(&[4.0, 1.0, 2.0, 3.0]), median(&[])], [2.0, 2.5, 0.0]);
    }

    #[test]
    #[expect(clippy::float_cmp, reason = "whole milliseconds")]
    fn percentiles_and_ranges_hold_every_time_once() {
        let times: Vec<Duration> = (1..=200).map(Duration::from_millis).collect();
        let latencies = Latencies::of(&times);
        assert_eq!([latencies.p50_ms, latencies.p99_ms, latencies.max_ms], [101.0, 199.0, 200.0]);
        let counts: Vec<usize> = latencies.histogram.iter().map(|range| range.count).collect();
        assert_eq!(counts, [1, 3, 5, 5, 5, 10, 60, 30, 81]);
        assert_eq!(Latencies::of(&[]).count, 0);
    }
}
