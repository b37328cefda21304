//! Tables for people, JSON for programs.

use std::path::Path;

use comfy_table::{CellAlignment, Table, presets};
use serde::Serialize;

use crate::error::BenchError;
use crate::figures::Latencies;

/// A table: text in the first column, figures to the right of it.
#[must_use]
pub fn table(heads: &[&str], rows: &[Vec<String>]) -> String {
    let mut table = Table::new();
    table.load_preset(presets::UTF8_BORDERS_ONLY).set_header(heads.iter().copied());
    for row in rows {
        table.add_row(row.iter());
    }
    for column in table.column_iter_mut().skip(1) {
        column.set_cell_alignment(CellAlignment::Right);
    }
    format!("{table}")
}

/// A line per range with a bar, empty ranges included.
#[must_use]
pub fn histogram(latencies: &Latencies) -> String {
    const WIDTH: usize = 50;
    let lines = latencies.histogram.iter().map(|range| {
        let name = range.below_ms.map_or_else(|| format!("{} ms and more", range.from_ms), |below| format!("{} to {below} ms", range.from_ms));
        let bar = "#".repeat((range.count * WIDTH).div_ceil(latencies.count.max(1)));
        format!("  {name:<17}{:>8}  {bar}", range.count)
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// p50, p90, p99 and the longest, ms.
#[must_use]
pub fn latency_cells(latencies: &Latencies) -> Vec<String> {
    [latencies.p50_ms, latencies.p90_ms, latencies.p99_ms, latencies.max_ms].map(|value| format!("{value:.1}")).into()
}

/// What a run was made on.
#[derive(Debug, Clone, Serialize)]
pub struct Machine {
    /// Cores.
    pub cores: usize,
    /// Whether the code that is measured was compiled with optimization.
    pub optimized: bool,
}

impl Machine {
    /// This one.
    #[must_use]
    pub fn this() -> Self {
        Self { cores: std::thread::available_parallelism().map_or(0, std::num::NonZero::get), optimized: !cfg!(debug_assertions) }
    }
}

/// Prints a report, and writes it as JSON if a file is given.
///
/// # Errors
/// When the file cannot be written.
pub fn publish<R: Serialize>(benchmark: &str, report: &R, text: &str, file: Option<&Path>) -> Result<(), BenchError> {
    #[derive(Serialize)]
    struct Document<'a, R> {
        benchmark: &'a str,
        machine: Machine,
        report: &'a R,
    }
    let machine = Machine::this();
    if !machine.optimized {
        println!("Not a release build: the figures say nothing.");
    }
    println!("{text}");
    let Some(file) = file else { return Ok(()) };
    let json = serde_json::to_string_pretty(&Document { benchmark, machine, report }).map_err(|error| BenchError::Failed(error.to_string()))?;
    std::fs::write(file, json + "\n").map_err(BenchError::io(format!("write {}", file.display())))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn a_histogram_names_every_range_and_draws_the_full_ones() {
        let text = histogram(&Latencies::of(&[Duration::from_millis(1), Duration::from_millis(1), Duration::from_millis(25), Duration::from_secs(1)]));
        let lines: Vec<&str> = text.lines().map(str::trim).collect();
        assert_eq!(lines.len(), 9);
        assert!(lines[0].starts_with("0 to 2 ms") && lines[0].ends_with("2  #########################"), "{text}");
        assert!(lines[5].starts_with("20 to 30 ms") && lines[8].starts_with("120 ms and more") && lines[1].ends_with('0'), "{text}");
    }

    #[test]
    fn a_report_is_written_as_json_with_its_machine() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("report.json");
        publish("copy", &[1, 2], "text", Some(&file)).unwrap();
        let json: serde_json::Value = serde_json::from_str(&std::fs::read_to_string(&file).unwrap()).unwrap();
        assert_eq!((&json["benchmark"], &json["report"][1]), (&serde_json::json!("copy"), &serde_json::json!(2)));
        assert!(json["machine"]["cores"].as_u64().unwrap() > 0);
    }
}
