//! Settings of the deduplicator.

use lineside_api::{Erased, Hosted};
use lineside_runtime::{Application, StartError};
use lineside_topology::processors::{ACCEPTED, DEDUPLICATOR};
use lineside_topology::topics::{NORMALIZED, changelog_topic};
use lineside_topology::{Environment, PlannedTopic, ProcessorSpec};

use crate::decision::{SKEW_MINUTES_MAX, WINDOW_DAYS_MAX, Window};
use crate::processor::Deduplicator;

/// Days that ids are remembered unless set otherwise.
pub const WINDOW_DAYS_DEFAULT: u32 = 30;
/// Minutes that a source's clock may be ahead unless set otherwise.
pub const SKEW_MINUTES_DEFAULT: u32 = 60;

const MINUTES_PER_DAY: u32 = 24 * 60;

/// Flags and environment of the deduplicator.
#[derive(Debug, Clone, clap::Args)]
pub struct DeduplicatorArgs {
    /// Days that an event's id is remembered, by stream time. Older events are refused as too late.
    /// The changelog's retention must be longer: by a day, the clock skew and the time that `normalized` is kept.
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

impl DeduplicatorArgs {
    /// Days that the changelog must keep an id: the window, the rest of the bucket's day, the skew, and what the input may lag behind.
    fn changelog_days(&self, lag_days: u64) -> u64 {
        u64::from(self.window_days) + 1 + u64::from(self.max_clock_skew_minutes.div_ceil(MINUTES_PER_DAY)) + lag_days
    }
}

impl Application for DeduplicatorArgs {
    const SPEC: &'static ProcessorSpec = &DEDUPLICATOR;

    fn processor(&self) -> Result<Box<dyn Erased>, StartError> {
        let window = Window::new(self.window_days, self.max_clock_skew_minutes).map_err(|error| StartError(error.to_string()))?;
        Ok(Box::new(Hosted::new(Self::SPEC, Deduplicator::new(window))))
    }

    /// The changelog must not forget an id that the window still asks for.
    fn fits(&self, environment: &Environment) -> Result<(), StartError> {
        let plan = environment.topic_plan();
        let kept = |name: &str| plan.iter().find(|topic| topic.name == name).and_then(PlannedTopic::retention_days);
        let changelog = changelog_topic(Self::SPEC, ACCEPTED.name());
        let Some(retention) = kept(&changelog) else { return Ok(()) };
        let needed = self.changelog_days(kept(NORMALIZED.name()).unwrap_or_default());
        if retention >= needed {
            return Ok(());
        }
        Err(StartError(format!(
            "window_days is {} and needs {needed} days of {changelog}, which environment {} keeps for {retention}: a restored store would have forgotten ids that \
             may come again. Write [topics.\"{changelog}\"] retention_days = {needed} into the environment's file (longer, if processing may lag further behind the \
             raw topics), run `lineside topology apply`, then start again; or make the window smaller",
            self.window_days, environment.name
        )))
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

    #[test]
    fn a_window_that_the_changelog_would_forget_is_refused_with_the_retention_it_needs() {
        let local = Environment::builtin("local").unwrap();
        // Kept for 50 days: the window, a day of the bucket, a begun day of skew, a day of `normalized`.
        assert!(parse(&["--window-days", "47"]).unwrap().fits(&local).is_ok());
        let error = parse(&["--window-days", "48"]).unwrap().fits(&local).unwrap_err().0;
        assert!(error.contains("needs 51 days of deduplicator-accepted-ids-changelog") && error.contains("keeps for 50"), "{error}");
        assert!(parse(&["--window-days", "47", "--max-clock-skew-minutes", "1441"]).unwrap().fits(&local).is_err());

        let mut widened = local.clone();
        widened.retention_days.window = 51;
        assert!(parse(&["--window-days", "48"]).unwrap().fits(&widened).is_ok());
        for name in ["local", "production"] {
            assert!(parse(&[]).unwrap().fits(&Environment::builtin(name).unwrap()).is_ok(), "{name} fits the default");
        }
    }
}
