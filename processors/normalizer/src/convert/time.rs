//! Times: ISO 8601, with an offset, or local in the source's zone.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::fmt::temporal::{Pieces, PiecesOffset};
use jiff::tz::{AmbiguousOffset, Offset};

use crate::mapping::{Resolve, ZoneRule};
use crate::refusals::{Checked, Code, Fault, shown};

/// An instant, with what the contract keeps of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Instant {
    /// Microseconds since 1970-01-01T00:00:00Z.
    pub(crate) micros: i64,
    /// Nanoseconds beyond the microsecond, 0 to 999.
    pub(crate) nanos: i32,
    /// Offset of local time from UTC, where it is known.
    pub(crate) offset_minutes: Option<i32>,
    /// The source's local time was no single instant, and the mapping's rule has decided which it is.
    pub(crate) adjusted: Option<Adjusted>,
}

/// Why a local time was no single instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Adjusted {
    /// The clocks skipped it.
    Gap,
    /// The clocks showed it twice.
    Overlap,
}

/// Reads a time.
pub(crate) fn instant(text: &str, zone: Option<&ZoneRule>) -> Checked<Instant> {
    let bad = |reason: &str| Fault::new(Code::BadTime, format!("{}: {reason}", shown(text)));
    // The parser would take a leap second for the second before it.
    if text.contains(":60") {
        return Err(bad("a 60th second"));
    }
    let pieces = Pieces::parse(text).map_err(|_| bad("not an ISO 8601 time such as 2026-11-20T08:15:30.123+01:00"))?;
    if pieces.time_zone_annotation().is_some() {
        return Err(bad("a time zone in brackets is not part of ISO 8601"));
    }
    let local = pieces.date().to_datetime(pieces.time().ok_or_else(|| bad("a date without a time"))?);
    let beyond = |_| bad("beyond the years that can be represented");
    let mut adjusted = None;
    let (time, offset) = match pieces.offset() {
        // "Z" and "-00:00" tell the instant, but not the local time.
        Some(PiecesOffset::Zulu) => {
            let time = Offset::UTC.to_timestamp(local).map_err(beyond)?;
            (time, zone.map(|rule| rule.zone.to_offset(time)))
        }
        Some(offset) => {
            let offset = offset.to_numeric_offset();
            (offset.to_timestamp(local).map_err(beyond)?, Some(offset))
        }
        None => {
            let rule = zone.ok_or_else(|| bad("no offset from UTC, and the mapping has no time zone"))?;
            let time;
            (time, adjusted) = local_time(local, rule)?;
            (time, Some(rule.zone.to_offset(time)))
        }
    };
    let offset_seconds = offset.map(Offset::seconds);
    if offset_seconds.is_some_and(|seconds| seconds % 60 != 0) {
        return Err(bad("an offset with seconds"));
    }
    let nanos = time.as_nanosecond();
    let micros = i64::try_from(nanos.div_euclid(1000)).map_err(|_| bad("beyond the years that can be represented"))?;
    let nanos = i32::try_from(nanos.rem_euclid(1000)).unwrap_or_default();
    Ok(Instant { micros, nanos, offset_minutes: offset_seconds.map(|seconds| seconds / 60), adjusted })
}

fn local_time(local: DateTime, rule: &ZoneRule) -> Checked<(Timestamp, Option<Adjusted>)> {
    let ambiguous = rule.zone.to_ambiguous_timestamp(local);
    let (resolve, adjusted, code, wrong) = match ambiguous.offset() {
        AmbiguousOffset::Unambiguous { .. } => (Resolve::Earlier, None, Code::BadTime, ""),
        AmbiguousOffset::Gap { .. } => (rule.on_gap, Some(Adjusted::Gap), Code::TimeInGap, "the clocks skipped it"),
        AmbiguousOffset::Fold { .. } => (rule.on_overlap, Some(Adjusted::Overlap), Code::TimeInOverlap, "the clocks showed it twice"),
    };
    let time = match resolve {
        Resolve::Refuse => return Err(Fault::new(code, format!("{local} in {}: {wrong}", rule.zone.iana_name().unwrap_or("the zone of the mapping")))),
        Resolve::Earlier => ambiguous.earlier(),
        Resolve::Later => ambiguous.later(),
    };
    let time = time.map_err(|_| Fault::new(Code::BadTime, format!("{local}: beyond the years that can be represented")))?;
    Ok((time, adjusted))
}

/// Minutes of an offset from UTC: `+01:00`, `-03:30`, `Z`, or minutes as a whole number.
pub(crate) fn utc_offset(text: &str) -> Checked<i32> {
    const DAY: i32 = 24 * 60;
    let minutes = match text.as_bytes() {
        b"Z" => Some(0),
        [sign @ (b'+' | b'-'), hours @ .., b':', ten @ b'0'..=b'5', one @ b'0'..=b'9'] if hours.len() == 2 && hours.iter().all(u8::is_ascii_digit) => {
            let digit = |byte: &u8| i32::from(*byte - b'0');
            let minutes = (digit(&hours[0]) * 10 + digit(&hours[1])) * 60 + digit(ten) * 10 + digit(one);
            Some(if *sign == b'-' { -minutes } else { minutes })
        }
        // Nothing that could be hours: no plus, no leading zeros.
        _ => text.parse().ok().filter(|minutes: &i32| minutes.to_string() == text),
    };
    let minutes = minutes.filter(|minutes: &i32| minutes.abs() < DAY);
    minutes.ok_or_else(|| Fault::new(Code::BadTime, format!("{}: not an offset from UTC such as +01:00", shown(text))))
}

/// Whether the text is a time that needs no zone.
pub(crate) fn has_offset(text: &str) -> bool {
    instant(text, None).is_ok()
}

#[cfg(test)]
mod tests {
    use jiff::tz::TimeZoneDatabase;
    use lineside_schemas::time::display_with_nanos;

    use super::*;

    fn berlin(on_gap: Resolve, on_overlap: Resolve) -> ZoneRule {
        ZoneRule { zone: TimeZoneDatabase::bundled().get("Europe/Berlin").unwrap(), on_gap, on_overlap }
    }

    fn read(text: &str, zone: Option<&ZoneRule>) -> Result<(String, Option<i32>), Code> {
        let instant = instant(text, zone).map_err(|fault| fault.code)?;
        Ok((display_with_nanos(lineside_schemas::Timestamp::from_micros(instant.micros), instant.nanos), instant.offset_minutes))
    }

    #[test]
    fn times_with_an_offset_are_instants() {
        for (text, expected, offset) in [
            ("2012-11-29T11:58:25.3149559+01:00", "2012-11-29T10:58:25.3149559Z", Some(60)),
            ("2026-11-20T08:15:30.123-03:30", "2026-11-20T11:45:30.123Z", Some(-210)),
            ("2026-11-20T08:15:30Z", "2026-11-20T08:15:30Z", None),
            ("1969-12-31T23:59:59.999999999Z", "1969-12-31T23:59:59.999999999Z", None),
        ] {
            assert_eq!(read(text, None), Ok((expected.to_owned(), offset)), "{text}");
        }
    }

    #[test]
    fn universal_times_take_their_local_offset_from_the_zone() {
        let zone = berlin(Resolve::Refuse, Resolve::Refuse);
        assert_eq!(read("2026-07-01T08:00:00Z", Some(&zone)), Ok(("2026-07-01T08:00:00Z".to_owned(), Some(120))));
    }

    #[test]
    fn local_times_need_a_zone() {
        let zone = berlin(Resolve::Refuse, Resolve::Refuse);
        assert_eq!(read("2026-11-20T08:00:00", Some(&zone)), Ok(("2026-11-20T07:00:00Z".to_owned(), Some(60))));
        assert_eq!(read("2026-11-20T08:00:00", None), Err(Code::BadTime));
    }

    #[test]
    fn gaps_and_overlaps_go_by_the_rule() {
        let (gap, overlap) = ("2026-03-29T02:30:00", "2026-10-25T02:30:00");
        let refuse = berlin(Resolve::Refuse, Resolve::Refuse);
        assert_eq!(read(gap, Some(&refuse)), Err(Code::TimeInGap));
        assert_eq!(read(overlap, Some(&refuse)), Err(Code::TimeInOverlap));
        let earlier = berlin(Resolve::Earlier, Resolve::Earlier);
        assert_eq!(read(gap, Some(&earlier)), Ok(("2026-03-29T00:30:00Z".to_owned(), Some(60))));
        assert_eq!(read(overlap, Some(&earlier)), Ok(("2026-10-25T00:30:00Z".to_owned(), Some(120))));
        let later = berlin(Resolve::Later, Resolve::Later);
        assert_eq!(read(gap, Some(&later)), Ok(("2026-03-29T01:30:00Z".to_owned(), Some(120))));
        assert_eq!(read(overlap, Some(&later)), Ok(("2026-10-25T01:30:00Z".to_owned(), Some(60))));
    }

    #[test]
    fn what_a_rule_decided_is_flagged() {
        let zone = berlin(Resolve::Later, Resolve::Earlier);
        for (text, adjusted) in [
            ("2026-03-29T02:30:00", Some(Adjusted::Gap)),
            ("2026-10-25T02:30:00", Some(Adjusted::Overlap)),
            // With an offset or outside of both there was nothing to decide.
            ("2026-10-25T02:30:00+01:00", None),
            ("2026-10-25T00:30:00Z", None),
            ("2026-10-25T03:00:00", None),
            ("2026-03-29T03:00:00", None),
            ("2026-03-29T01:59:59", None),
        ] {
            assert_eq!(instant(text, Some(&zone)).map(|instant| instant.adjusted), Ok(adjusted), "{text}");
        }
    }

    #[test]
    fn offsets_are_minutes() {
        for (text, minutes) in [("+01:00", 60), ("-03:30", -210), ("Z", 0), ("-00:00", 0), ("+14:00", 840), ("90", 90), ("-90", -90)] {
            assert_eq!(utc_offset(text), Ok(minutes), "{text}");
        }
        for text in ["", "1:00", "+1:00", "+01:60", "+24:00", "+01", "01:00", "UTC", "1440", "+01:00:00", "+0x:00", "-01", "+60"] {
            assert_eq!(utc_offset(text).map_err(|fault| fault.code), Err(Code::BadTime), "{text}");
        }
    }

    #[test]
    fn what_is_no_time_is_refused() {
        for text in [
            "",
            "yesterday",
            "2026-11-20",
            "2026-13-01T00:00:00Z",
            "2026-02-30T00:00:00Z",
            "2026-11-20T25:00:00Z",
            "2026-11-20T08:15:60Z",
            "2026-11-20T08:15:30.1234567891Z",
            "20.11.2026 08:15",
            "2026-11-20T08:15:30+01:00[Europe/Berlin]",
            "2026-11-20T08:15:30+01:00:30",
            "1763622930",
            " 2026-11-20T08:15:30Z",
            "2026-11-20T08:15:30Z ",
        ] {
            assert_eq!(read(text, None), Err(Code::BadTime), "{text:?}");
        }
    }
}
