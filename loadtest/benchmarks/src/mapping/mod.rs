//! What the mapping of one record costs, without Kafka: from the bytes that came to the encoded event with its fingerprint, and the share of each step.
//!
//! Steps are timed by going one further each time, in turns on one document, so that a step is the difference of two neighbours.

pub mod documents;
mod steps;
mod text;

use serde::Serialize;

use crate::error::BenchError;
use crate::figures::median;
use documents::{Sample, samples};
use steps::Bench;

pub use steps::{STEPS, Step};

/// What is measured.
#[derive(Debug, Clone, Serialize, clap::Args)]
pub struct MappingOptions {
    /// Segments of the ship notice; may be given several times.
    #[arg(long = "segments", default_values_t = [100, 1_000, 10_000])]
    pub segments: Vec<usize>,
    /// Rounds; one more goes before them and does not count.
    #[arg(long, default_value_t = 15)]
    pub repetitions: u32,
    /// CPU time of one step in one round, ms.
    #[arg(long, default_value_t = 30)]
    pub round_ms: u32,
}

/// What one document costs: medians over the rounds.
#[derive(Debug, Clone, Serialize)]
pub struct Cost {
    /// What it is.
    pub name: String,
    /// Its size.
    pub bytes: usize,
    /// Segments, of an interchange.
    pub segments: Option<usize>,
    /// Events made of it.
    pub events: usize,
    /// CPU of a record, us: from its bytes to its encoded events.
    pub record_us: f64,
    /// What is allowed.
    pub goal_us: Option<f64>,
    /// CPU of each step, us, in the order of [`STEPS`].
    pub steps_us: Vec<f64>,
    /// CPU of a record, us, round by round.
    pub rounds_us: Vec<f64>,
}

/// Everything.
#[derive(Debug, Clone, Serialize)]
pub struct MappingReport {
    /// What was asked for.
    pub options: MappingOptions,
    /// By document.
    pub costs: Vec<Cost>,
}

/// Measures every document.
///
/// # Errors
/// [`BenchError::Failed`] where a document is refused.
pub fn measure(options: &MappingOptions) -> Result<MappingReport, BenchError> {
    let mut bench = Bench::new()?;
    let costs: Result<Vec<Cost>, BenchError> = samples(&options.segments).iter().map(|sample| cost(&mut bench, sample, options)).collect();
    Ok(MappingReport { options: options.clone(), costs: costs? })
}

fn cost(bench: &mut Bench, sample: &Sample, options: &MappingOptions) -> Result<Cost, BenchError> {
    let events = bench.events(sample)?;
    let budget = std::time::Duration::from_millis(options.round_ms.into());
    let times = bench.times_within(sample, budget)?;
    let mut rounds_us = Vec::new();
    let mut steps_us = vec![Vec::new(); STEPS.len()];
    for round in 0..=options.repetitions {
        let until = bench.round(sample, times)?;
        if round == 0 {
            continue;
        }
        let mut before = 0.0;
        for (values, until) in steps_us.iter_mut().zip(until) {
            values.push(until - before);
            before = until;
        }
        rounds_us.push(before);
    }
    Ok(Cost {
        name: sample.name.clone(),
        bytes: sample.bytes.len(),
        segments: sample.segments,
        events,
        record_us: median(&rounds_us),
        goal_us: sample.goal_us,
        steps_us: steps_us.iter().map(|values| median(values)).collect(),
        rounds_us,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ship_notice_has_the_segments_asked_for_and_every_document_makes_its_events() {
        for segments in [20, 21, 22, 100, 1_000] {
            assert_eq!(documents::ship_notice(segments).matches('~').count(), segments);
        }
        let mut bench = Bench::new().unwrap();
        let events: Vec<usize> = samples(&[22, 100]).iter().map(|sample| bench.events(sample).unwrap()).collect();
        assert_eq!(events, [1, 3, 1, 6, 1, 1]);
    }
}
