//! Settings of the deduplicator.

use lineside_api::{Erased, Hosted};
use lineside_runtime::{Application, StartError};
use lineside_topology::ProcessorSpec;
use lineside_topology::processors::DEDUPLICATOR;

use crate::decision::{SKEW_MINUTES_MAX, WINDOW_DAYS_MAX, Window};
use crate::processor::Deduplicator;

/// Days that ids are remembered unless set otherwise.
pub const WINDOW_DAYS_DEFAULT: u32 = 30;
/// Minutes that a source's clock may be ahead unless set otherwise.
pub const SKEW_MINUTES_DEFAULT: u32 = 60;

/// Flags and environment of the deduplicator.
#[derive(Debug, Clone, clap::Args)]
pub struct DeduplicatorArgs {
    /// Days that an event's id is remembered, by stream time. Older events are refused as too late.
    /// The changelog's retention must be longer: by a day, the clock skew and the longest time that processing may lag.
    #[arg(long, env = "LINESIDE_DEDUP_WINDOW_DAYS", value_name = "DAYS", default_value_t = WINDOW_DAYS_DEFAULT,
          value_parser = clap::value_parser!(u32).range(1..=i64::from(WINDOW_DAYS_MAX)))]
    pub window_days: u32,

    /// Minutes that a source's clock may be ahead of the broker's. Events further ahead are refused.
    #[arg(long, env = "LINESIDE_DEDUP_MAX_CLOCK_SKEW_MINUTES", value_name = "MINUTES", default_value_t = SKEW_MINUTES_DEFAULT,
          value_parser = clap::value_parser!(u32).range(0..=i64::from(SKEW_MINUTES_MAX)))]
    pub max_clock_skew_minutes: u32,
}

impl Default for DeduplicatorArgs {
    fn default() -> Self {
        Self { window_days: WINDOW_DAYS_DEFAULT, max_clock_skew_minutes: SKEW_MINUTES_DEFAULT }
    }
}

impl Application for DeduplicatorArgs {
    const SPEC: &'static ProcessorSpec = &DEDUPLICATOR;

    fn processor(&self) -> Result<Box<dyn Erased>, StartError> {
        let window = Window::new(self.window_days, self.max_clock_skew_minutes).map_err(|error| StartError(error.to_string()))?;
        Ok(Box::new(Hosted::new(Self::SPEC, Deduplicator::new(window))))
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    #[derive(Debug, Parser)]
    struct CommandLine {
        #[command(flatten)]
        args: DeduplicatorArgs,
    }

    fn parse(flags: &[&str]) -> Result<DeduplicatorArgs, clap::Error> {
        CommandLine::try_parse_from([&["deduplicator"], flags].concat()).map(|line| line.args)
    }

    #[test]
    fn the_window_can_be_widened_to_a_century_but_not_switched_off() {
        assert_eq!(parse(&["--window-days", "36500"]).unwrap().window_days, 36_500);
        assert!(parse(&["--window-days", "36500"]).unwrap().processor().is_ok());
        for wrong in ["0", "-1", "366001", "x"] {
            assert!(parse(&["--window-days", wrong]).is_err(), "{wrong}");
        }
        assert_eq!(parse(&["--max-clock-skew-minutes", "0"]).unwrap().max_clock_skew_minutes, 0);
    }
}
