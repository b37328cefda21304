//! The patterns that a source writes dates and times in, tried one and all: what two of them read differently is refused.

use std::fmt::Write;

use jiff::civil::Time;

use super::time_pattern::{TimePattern, Written};
use crate::refusals::{Checked, Code, Fault, shown};

/// How a source writes dates and times.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct TimeFormat {
    pub(crate) patterns: Box<[TimePattern]>,
    /// Time of day that a date stands for where an instant is wanted; `None`: such a date is refused.
    pub(crate) at: Option<Time>,
}

/// What a text is read for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Moment {
    /// A date and a time of day, with or without an offset.
    Instant,
    /// A date.
    Date,
}

impl TimeFormat {
    /// Whether a plain number can be a time.
    pub(crate) fn reads_numbers(&self) -> bool {
        self.patterns.iter().any(TimePattern::is_of_numbers)
    }

    /// Appends in ISO 8601 what the text says, without an offset where it has none.
    ///
    /// # Errors
    /// [`Code::BadTime`] where no pattern reads the text, two read it differently, or it says more or less than is wanted.
    pub(crate) fn rewrite(&self, text: &str, moment: Moment, into: &mut impl Write) -> Checked<()> {
        let bad = |reason: &str| Fault::new(Code::BadTime, format!("{}: {reason}", shown(text)));
        let written = self.read(text)?;
        let result = match moment {
            Moment::Instant => {
                let time = written.time.or(self.at).ok_or_else(|| bad("a date without a time, and the mapping does not say `at`"))?;
                written.write(time, into)
            }
            Moment::Date if written.time.is_some_and(|time| time != Time::midnight()) => return Err(bad("a time of day where a date should stand")),
            Moment::Date => write!(into, "{}", written.date),
        };
        result.map_err(|_| bad("it cannot be written"))
    }

    fn read(&self, text: &str) -> Checked<Written> {
        let mut found: Option<(Written, &TimePattern)> = None;
        for pattern in &self.patterns {
            match (pattern.read(text), found) {
                (Some(written), Some((before, first))) if written != before => {
                    let message = format!("{} is one time as `{}` and another as `{}`", shown(text), first.text(), pattern.text());
                    return Err(Fault::new(Code::BadTime, message));
                }
                (Some(written), None) => found = Some((written, pattern)),
                _ => {}
            }
        }
        found.map(|(written, _)| written).ok_or_else(|| {
            let patterns: Vec<_> = self.patterns.iter().map(TimePattern::text).collect();
            Fault::new(Code::BadTime, format!("{} is no time as `{}`", shown(text), patterns.join("`, `")))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rewritten(patterns: &[&str], at: Option<Time>, moment: Moment, text: &str) -> Result<String, String> {
        let patterns = patterns.iter().map(|pattern| TimePattern::compile(pattern, None).expect("a good pattern")).collect();
        let mut into = String::new();
        let result = TimeFormat { patterns, at }.rewrite(text, moment, &mut into);
        result.map(|()| into).map_err(|fault| {
            assert_eq!(fault.code, Code::BadTime);
            fault.message.clone()
        })
    }

    #[test]
    fn every_pattern_is_tried() {
        let edifact = ["%Y%m%d", "%Y%m%d%H%M", "%Y%m%d%H%M%S"];
        for (text, expected) in [("20241231", "2024-12-31T06:00:00"), ("202412312359", "2024-12-31T23:59:00"), ("20241231235958", "2024-12-31T23:59:58")] {
            assert_eq!(rewritten(&edifact, Some(Time::constant(6, 0, 0, 0)), Moment::Instant, text).as_deref(), Ok(expected));
        }
        assert_eq!(rewritten(&edifact, None, Moment::Instant, "2024123"), Err("`2024123` is no time as `%Y%m%d`, `%Y%m%d%H%M`, `%Y%m%d%H%M%S`".to_owned()));
    }

    #[test]
    fn a_text_that_could_be_two_dates_is_refused() {
        let both = ["%d/%m/%Y", "%m/%d/%Y"];
        assert_eq!(rewritten(&both, None, Moment::Date, "31/12/2024").as_deref(), Ok("2024-12-31"));
        assert_eq!(rewritten(&both, None, Moment::Date, "11/11/2024").as_deref(), Ok("2024-11-11"));
        assert_eq!(rewritten(&both, None, Moment::Date, "03/04/2024"), Err("`03/04/2024` is one time as `%d/%m/%Y` and another as `%m/%d/%Y`".to_owned()));
    }

    #[test]
    fn a_date_is_an_instant_only_where_the_mapping_says_when() {
        let refused = rewritten(&["%Y%m%d"], None, Moment::Instant, "20241231");
        assert_eq!(refused, Err("`20241231`: a date without a time, and the mapping does not say `at`".to_owned()));
    }

    #[test]
    fn a_date_has_no_time_of_day_but_midnight() {
        assert_eq!(rewritten(&["{iso}"], None, Moment::Date, "2016-08-19T00:00:00").as_deref(), Ok("2016-08-19"));
        assert_eq!(rewritten(&["{odata}"], None, Moment::Date, "/Date(1471564800000)/").as_deref(), Ok("2016-08-19"));
        assert_eq!(
            rewritten(&["{odata}"], None, Moment::Date, "/Date(1471568400000)/"),
            Err("`/Date(1471568400000)/`: a time of day where a date should stand".to_owned())
        );
    }
}
