//! The report for people.

use super::{Cost, MappingReport};
use crate::report;

impl MappingReport {
    /// For people.
    #[must_use]
    pub fn text(&self) -> String {
        let short: Vec<Vec<String>> = self.costs.iter().map(record_row).collect();
        let long: Vec<Vec<String>> = self.costs.iter().filter_map(segment_row).collect();
        let steps = ["parse", "select", "fields", "fingerprint", "envelope"];
        let per_record: Vec<&str> = ["document", "bytes", "events", "us per record", "per event", "goal"].into_iter().chain(steps).collect();
        let per_segment: Vec<&str> = ["segments", "us per record", "ns per segment"].into_iter().chain(steps).collect();
        format!(
            "CPU from a record's bytes to its encoded events, medians of {} rounds, with the share of each step\n{}\n\nLong documents, ns per segment\n{}",
            self.options.repetitions,
            report::table(&per_record, &short),
            report::table(&per_segment, &long)
        )
    }
}

fn record_row(cost: &Cost) -> Vec<String> {
    let events = u32::try_from(cost.events.max(1)).map_or(f64::INFINITY, f64::from);
    let goal = cost.goal_us.map_or_else(String::new, |goal| format!("{goal:.0}"));
    let mut row =
        vec![cost.name.clone(), cost.bytes.to_string(), cost.events.to_string(), format!("{:.2}", cost.record_us), format!("{:.2}", cost.record_us / events), goal];
    row.extend(cost.steps_us.iter().map(|us| format!("{:.0}%", 100.0 * us / cost.record_us)));
    row
}

fn segment_row(cost: &Cost) -> Option<Vec<String>> {
    let segments = cost.segments?;
    let per_segment = |us: f64| format!("{:.0}", 1e3 * us / u32::try_from(segments.max(1)).map_or(f64::INFINITY, f64::from));
    let mut row = vec![segments.to_string(), format!("{:.1}", cost.record_us), per_segment(cost.record_us)];
    row.extend(cost.steps_us.iter().map(|us| per_segment(*us)));
    Some(row)
}
