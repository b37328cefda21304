//! Instants and calendar dates, as the contracts carry them.

use std::fmt;

use jiff::SignedDuration;
use jiff::civil::DateTime;
use serde::{Deserialize, Serialize};

/// An instant: microseconds since 1970-01-01T00:00:00Z (Avro `timestamp-micros`).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Timestamp(i64);

const DAY_MICROS: i64 = 86_400_000_000;
const EPOCH: DateTime = DateTime::constant(1970, 1, 1, 0, 0, 0, 0);

impl Timestamp {
    /// The earliest instant.
    pub const MIN: Self = Self(i64::MIN);
    /// 1970-01-01T00:00:00Z.
    pub const EPOCH: Self = Self(0);

    /// From microseconds since the epoch.
    #[must_use]
    pub const fn from_micros(micros: i64) -> Self {
        Self(micros)
    }

    /// From milliseconds since the epoch, as Kafka's timestamps are.
    #[must_use]
    pub const fn from_millis(millis: i64) -> Self {
        Self(millis.saturating_mul(1000))
    }

    /// Microseconds since the epoch.
    #[must_use]
    pub const fn micros(self) -> i64 {
        self.0
    }

    /// Later by `micros`, held at the ends of the range.
    #[must_use]
    pub const fn saturating_add_micros(self, micros: i64) -> Self {
        Self(self.0.saturating_add(micros))
    }

    /// The UTC day that holds it, counted from 1970-01-01.
    #[must_use]
    #[expect(clippy::cast_possible_truncation, reason = "2^63 microseconds are 107 million days")]
    pub const fn utc_day(self) -> i32 {
        self.0.div_euclid(DAY_MICROS) as i32
    }

    /// The calendar date `offset_minutes` east of UTC.
    #[must_use]
    pub const fn date_at_offset(self, offset_minutes: i32) -> Date {
        Date(self.saturating_add_micros(offset_minutes as i64 * 60_000_000).utc_day())
    }
}

impl Timestamp {
    /// ISO 8601 in UTC, as `2012-11-29T10:58:25.314955Z`, the fraction without trailing zeros; `None` outside the years -9999 to 9999.
    #[must_use]
    pub fn to_iso(self) -> Option<String> {
        iso_of_nanos(i128::from(self.0) * 1000)
    }

    /// Reads what [`Self::to_iso`] writes, and nothing else: an instant has one text.
    #[must_use]
    pub fn from_iso(text: &str) -> Option<Self> {
        let civil: DateTime = text.strip_suffix('Z')?.parse().ok()?;
        let micros = civil.duration_since(EPOCH).as_micros();
        // What is finer, or written in another way, does not come back the same.
        i64::try_from(micros).ok().map(Self).filter(|time| time.to_iso().as_deref() == Some(text))
    }
}

/// The civil date and time of the UTC clock that many nanoseconds after the epoch; it reaches to the end of the year 9999, a jiff timestamp does not.
fn iso_of_nanos(nanos: i128) -> Option<String> {
    let elapsed = SignedDuration::try_from_nanos_i128(nanos)?;
    EPOCH.checked_add(elapsed).ok().map(|civil| format!("{civil}Z"))
}

impl fmt::Display for Timestamp {
    /// [`Timestamp::to_iso`]; the bare number, as in `9000000000000000000us`, where there is none.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.to_iso().unwrap_or_else(|| format!("{}us", self.0)))
    }
}

impl fmt::Debug for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// `time` with the nanoseconds (0 to 999) that a microsecond cannot hold, in ISO 8601.
#[must_use]
pub fn display_with_nanos(time: Timestamp, nanos: i32) -> String {
    iso_of_nanos(i128::from(time.micros()) * 1000 + i128::from(nanos)).unwrap_or_else(|| time.to_string())
}

/// A calendar date: days since 1970-01-01 (Avro `date`).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Date(i32);

impl Date {
    /// From days since 1970-01-01.
    #[must_use]
    pub const fn from_days(days: i32) -> Self {
        Self(days)
    }

    /// Days since 1970-01-01.
    #[must_use]
    pub const fn days(self) -> i32 {
        self.0
    }

    /// ISO 8601: `2012-11-29`; `None` outside the years -9999 to 9999.
    #[must_use]
    pub fn to_iso(self) -> Option<String> {
        EPOCH.date().checked_add(SignedDuration::from_hours(i64::from(self.0) * 24)).ok().map(|date| date.to_string())
    }

    /// Reads what [`Self::to_iso`] writes, and nothing else: a date has one text.
    #[must_use]
    pub fn from_iso(text: &str) -> Option<Self> {
        let date: jiff::civil::Date = text.parse().ok()?;
        let days = date.duration_since(EPOCH.date()).as_hours() / 24;
        i32::try_from(days).ok().map(Self).filter(|date| date.to_iso().as_deref() == Some(text))
    }
}

impl fmt::Display for Date {
    /// [`Date::to_iso`]; the bare number, as in `2000000000d`, where there is none.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.to_iso().unwrap_or_else(|| format!("{}d", self.0)))
    }
}

impl fmt::Debug for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shows_sub_microsecond_digits() {
        let time = Timestamp::from_micros(1_354_186_705_314_955);
        assert_eq!(display_with_nanos(time, 900), "2012-11-29T10:58:25.3149559Z");
    }

    #[test]
    fn local_date_follows_the_offset() {
        let late_evening = Timestamp::from_micros(1_354_231_800_000_000); // 2012-11-29T23:30:00Z
        assert_eq!(late_evening.date_at_offset(0).to_string(), "2012-11-29");
        assert_eq!(late_evening.date_at_offset(60).to_string(), "2012-11-30");
        assert_eq!(Timestamp::from_micros(-1).utc_day(), -1);
    }

    #[test]
    fn shows_the_last_day_that_systems_use_as_no_end() {
        let no_end = Date::from_days(2_932_896);
        assert_eq!(no_end.to_string(), "9999-12-31");
        assert_eq!(Date::from_iso("9999-12-31"), Some(no_end));
        assert_eq!(Timestamp::from_micros(253_402_300_799_999_999).to_string(), "9999-12-31T23:59:59.999999Z");
    }

    #[test]
    fn shows_the_number_where_there_is_no_calendar() {
        assert_eq!(Timestamp::MIN.to_string(), "-9223372036854775808us");
        assert_eq!(Timestamp::from_micros(i64::MAX).to_iso(), None);
        assert_eq!(Date::from_days(i32::MAX).to_string(), "2147483647d");
        assert_eq!(Date::from_days(i32::MIN).to_iso(), None);
        assert_eq!(display_with_nanos(Timestamp::MIN, 5), "-9223372036854775808us");
    }

    #[test]
    fn reads_its_own_text_and_no_other() {
        for micros in [0, -1, 1, 1_354_186_705_314_955, 1_354_231_800_000_000, -62_135_596_800_000_000] {
            let time = Timestamp::from_micros(micros);
            assert_eq!(Timestamp::from_iso(&time.to_string()), Some(time));
            let date = Date::from_days(time.utc_day());
            assert_eq!(Date::from_iso(&date.to_string()), Some(date));
        }
        for text in [
            "",
            "Z",
            "2012-11-29",
            "2012-11-29T10:58:25",
            "2012-11-29T10:58:25+00:00",
            "2012-11-29T10:58:25.5000Z",
            "2012-11-29T10:58:25.1234567Z",
            "2012-11-29T10:58Z",
            "2012-11-29T10:58:25+01:00Z",
        ] {
            assert_eq!(Timestamp::from_iso(text), None, "{text}");
        }
        for text in ["", "2012-11-29T00:00:00", "20121129", "2012-02-30", "29.11.2012"] {
            assert_eq!(Date::from_iso(text), None, "{text}");
        }
    }
}
