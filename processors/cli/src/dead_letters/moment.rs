//! Times as people give them.

use std::str::FromStr;

use lineside_schemas::Timestamp;

/// An instant, or a time back from now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Moment {
    /// That instant.
    At(Timestamp),
    /// So many microseconds ago.
    Ago(i64),
}

impl Moment {
    /// The instant, when the clock shows `now`.
    #[must_use]
    pub const fn instant(self, now: Timestamp) -> Timestamp {
        match self {
            Self::At(time) => time,
            Self::Ago(micros) => now.saturating_add_micros(-micros),
        }
    }
}

const SECOND_MICROS: i64 = 1_000_000;

impl FromStr for Moment {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        ago(text).or_else(|| at(text)).ok_or_else(|| "a time is written 2026-11-23, 2026-11-23T10:00:00Z or +01:00, or back from now as 90s, 15m, 12h, 7d".to_owned())
    }
}

fn ago(text: &str) -> Option<Moment> {
    let seconds: i64 = match text.chars().last()? {
        's' => 1,
        'm' => 60,
        'h' => 3600,
        'd' => 86_400,
        _ => return None,
    };
    let count: i64 = text[..text.len() - 1].parse().ok().filter(|count| *count >= 0)?;
    count.checked_mul(seconds)?.checked_mul(SECOND_MICROS).map(Moment::Ago)
}

fn at(text: &str) -> Option<Moment> {
    // A day begins at midnight UTC, as topics' times are in UTC.
    let day = text.parse::<jiff::civil::Date>().ok().filter(|_| !text.contains('T')).and_then(|day| day.at(0, 0, 0, 0).to_zoned(jiff::tz::TimeZone::UTC).ok());
    let instant = day.map_or_else(|| text.parse().ok(), |day| Some(day.timestamp()))?;
    Some(Moment::At(Timestamp::from_micros(instant.as_microsecond())))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn instant(text: &str) -> Option<String> {
        let now = Timestamp::from_iso("2026-11-23T10:00:00Z").unwrap();
        text.parse::<Moment>().ok().map(|moment| moment.instant(now).to_string())
    }

    #[test]
    fn instants_days_and_times_back_from_now_are_read() {
        for (text, expected) in [
            ("2026-11-20", "2026-11-20T00:00:00Z"),
            ("2026-11-20T09:30:00Z", "2026-11-20T09:30:00Z"),
            ("2026-11-20T09:30:00.5+01:00", "2026-11-20T08:30:00.5Z"),
            ("90s", "2026-11-23T09:58:30Z"),
            ("15m", "2026-11-23T09:45:00Z"),
            ("12h", "2026-11-22T22:00:00Z"),
            ("7d", "2026-11-16T10:00:00Z"),
        ] {
            assert_eq!(instant(text).as_deref(), Some(expected), "{text}");
        }
    }

    #[test]
    fn what_is_no_time_is_refused() {
        for wrong in ["", "yesterday", "-1h", "1w", "h", "2026-11-20T09:30:00", "2026-13-01", "9223372036854775807d", "ä"] {
            assert_eq!(instant(wrong), None, "{wrong}");
        }
    }
}
