//! The fields of a written date or time, and how each is read.

use jiff::civil::{Date, Time};
use jiff::tz::Offset;
use jiff::{Timestamp, ToSpan};

use super::time_pattern::{Written, Zone};

/// Names of months as `%b` reads them, in English.
const MONTHS: [&str; 12] = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

/// A field of a date or time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Field {
    /// `%Y`: four digits.
    Year,
    /// `%y`: two digits, a year of the hundred that begin with `pivot`.
    ShortYear { pivot: i16 },
    /// `%m`, `%-m`.
    Month { unpadded: bool },
    /// `%b`: three letters, English, of either case.
    MonthName,
    /// `%d`, `%-d`.
    Day { unpadded: bool },
    /// `%j`: three digits.
    DayOfYear,
    /// `%H`, `%-H`: of 24.
    Hour { unpadded: bool },
    /// `%I`, `%-I`: of 12.
    HalfDayHour { unpadded: bool },
    /// `%p`: `AM` or `PM`, of either case.
    Meridiem,
    /// `%M`.
    Minute,
    /// `%S`.
    Second,
    /// `%f`: one to nine digits of a second.
    Fraction,
    /// `%z`: `Z`, `+01`, `+0100` or `+01:00`.
    Offset,
    /// `{iso}`: ISO 8601, as it is read where no pattern is given.
    Iso,
    /// `{duration}`: a time of day as an ISO 8601 duration, `PT10H00M00S`.
    Duration,
    /// `{odata}`: `/Date(1471564800000)/`, a local time, or `/Date(1471564800000+0060)/`, an instant (OData 2.0: `Edm.DateTime`, `Edm.DateTimeOffset`).
    OData,
    /// `{odata-utc}`: the same, in UTC where there is no offset.
    ODataUtc,
    /// `{epoch}`: seconds since 1970 in UTC.
    EpochSeconds,
    /// `{epoch-ms}`: milliseconds since 1970 in UTC.
    EpochMillis,
}

/// What a field says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Slot {
    Year,
    Month,
    Day,
    DayOfYear,
    Hour,
    HalfDayHour,
    Meridiem,
    Minute,
    Second,
    Fraction,
    Offset,
    /// A time of day.
    Duration,
    /// A date with a time of day.
    WholeDate,
    /// All there is to say.
    Everything,
}

impl Field {
    /// The field that the text begins with and what stands behind it; `None` where it begins with a literal character.
    pub(super) fn directive(text: &str, pivot: Option<i16>) -> Result<Option<(Self, &str)>, String> {
        if let Some(rest) = text.strip_prefix('{') {
            let (name, after) = rest.split_once('}').ok_or("a `{` without its `}`")?;
            let field = match name {
                "iso" => Self::Iso,
                "duration" => Self::Duration,
                "odata" => Self::OData,
                "odata-utc" => Self::ODataUtc,
                "epoch" => Self::EpochSeconds,
                "epoch-ms" => Self::EpochMillis,
                _ => return Err(format!("`{{{name}}}` is no form of a time; there is `iso`, `duration`, `odata`, `odata-utc`, `epoch`, `epoch-ms`")),
            };
            return Ok(Some((field, after)));
        }
        let Some(rest) = text.strip_prefix('%').filter(|rest| !rest.starts_with('%')) else { return Ok(None) };
        let (unpadded, rest) = rest.strip_prefix('-').map_or((false, rest), |rest| (true, rest));
        let mut characters = rest.chars();
        let field = match characters.next() {
            Some('m') => Self::Month { unpadded },
            Some('d') => Self::Day { unpadded },
            Some('H') => Self::Hour { unpadded },
            Some('I') => Self::HalfDayHour { unpadded },
            Some(other) if unpadded => return Err(format!("`%-{other}` is no directive; `-` goes with `%m`, `%d`, `%H` and `%I`")),
            Some('Y') => Self::Year,
            Some('y') => Self::ShortYear { pivot: pivot.ok_or("`%y` needs a `pivot`, the first of the hundred years that two digits can mean")? },
            Some('b') => Self::MonthName,
            Some('j') => Self::DayOfYear,
            Some('p') => Self::Meridiem,
            Some('M') => Self::Minute,
            Some('S') => Self::Second,
            Some('f') => Self::Fraction,
            Some('z') => Self::Offset,
            Some(other) => return Err(format!("`%{other}` is no directive; there is %Y %y %m %b %d %j %H %I %p %M %S %f %z")),
            None => return Err("a `%` at the end".to_owned()),
        };
        Ok(Some((field, characters.as_str())))
    }

    /// What it says, so that nothing is said twice.
    pub(super) const fn slot(self) -> Slot {
        match self {
            Self::Year | Self::ShortYear { .. } => Slot::Year,
            Self::Month { .. } | Self::MonthName => Slot::Month,
            Self::Day { .. } => Slot::Day,
            Self::DayOfYear => Slot::DayOfYear,
            Self::Hour { .. } => Slot::Hour,
            Self::HalfDayHour { .. } => Slot::HalfDayHour,
            Self::Meridiem => Slot::Meridiem,
            Self::Minute => Slot::Minute,
            Self::Second => Slot::Second,
            Self::Fraction => Slot::Fraction,
            Self::Offset => Slot::Offset,
            Self::Duration => Slot::Duration,
            Self::OData | Self::ODataUtc => Slot::WholeDate,
            Self::Iso | Self::EpochSeconds | Self::EpochMillis => Slot::Everything,
        }
    }

    pub(super) fn read(self, cursor: &mut Cursor<'_>, fields: &mut Fields) -> Option<()> {
        match self {
            Self::Year => fields.year = Some(cursor.digits(4, 4)?.try_into().ok()?),
            Self::ShortYear { pivot } => {
                let two_digits = i16::try_from(cursor.digits(2, 2)?).ok()?;
                fields.year = Some(pivot.checked_add((two_digits - pivot.rem_euclid(100)).rem_euclid(100))?);
            }
            Self::Month { unpadded } => fields.month = Some(cursor.two_digits(unpadded)?),
            Self::MonthName => {
                let name = cursor.take(3)?;
                let at = MONTHS.iter().position(|month| month.eq_ignore_ascii_case(name))?;
                fields.month = Some(i8::try_from(at + 1).ok()?);
            }
            Self::Day { unpadded } => fields.day = Some(cursor.two_digits(unpadded)?),
            Self::DayOfYear => fields.day_of_year = Some(cursor.digits(3, 3)?.try_into().ok()?),
            Self::Hour { unpadded } => fields.hour = Some(cursor.two_digits(unpadded)?),
            Self::HalfDayHour { unpadded } => fields.hour = Some(cursor.two_digits(unpadded).filter(|hour| (1..=12).contains(hour))? % 12),
            Self::Meridiem => {
                let name = cursor.take(2)?;
                fields.after_noon = name.eq_ignore_ascii_case("PM");
                if !fields.after_noon && !name.eq_ignore_ascii_case("AM") {
                    return None;
                }
            }
            Self::Minute => fields.minute = cursor.two_digits(false)?,
            Self::Second => fields.second = cursor.two_digits(false)?,
            Self::Fraction => fields.nanos = cursor.fraction()?,
            Self::Offset => fields.zone = Some(cursor.zone()?),
            Self::Duration => fields.duration = Some(cursor.duration()?),
            Self::OData => fields.written = Some(cursor.odata(Zone::Local)?),
            Self::ODataUtc => fields.written = Some(cursor.odata(Zone::Utc)?),
            Self::EpochSeconds => fields.written = Some(Written::utc(Timestamp::from_second(cursor.whole()?).ok()?)),
            Self::EpochMillis => fields.written = Some(Written::utc(Timestamp::from_millisecond(cursor.whole()?).ok()?)),
            // It stands alone and is read as a whole.
            Self::Iso => return None,
        }
        Some(())
    }
}

/// What was read so far.
#[derive(Debug, Default)]
pub(super) struct Fields {
    year: Option<i16>,
    month: Option<i8>,
    day: Option<i8>,
    day_of_year: Option<i16>,
    hour: Option<i8>,
    after_noon: bool,
    minute: i8,
    second: i8,
    nanos: i32,
    zone: Option<Zone>,
    duration: Option<Time>,
    written: Option<Written>,
}

impl Fields {
    /// Everything together; `None` where the calendar or the clock has no such date or time.
    pub(super) fn finish(self) -> Option<Written> {
        let Some(written) = self.written else {
            let time = match self.hour {
                Some(hour) => Some(Time::new(if self.after_noon { hour + 12 } else { hour }, self.minute, self.second, self.nanos).ok()?),
                None => self.duration,
            };
            return Some(Written { date: self.date()?, time, zone: self.zone.unwrap_or(Zone::Local) });
        };
        match self.duration {
            None => Some(written),
            // A date written as a time stands at midnight, and the time of day of its own is a local one.
            Some(time) => (written.time == Some(Time::midnight())).then_some(Written { date: written.date, time: Some(time), zone: Zone::Local }),
        }
    }

    fn date(&self) -> Option<Date> {
        let year = self.year?;
        match (self.month, self.day, self.day_of_year) {
            (Some(month), Some(day), None) => Date::new(year, month, day).ok(),
            (None, None, Some(day)) => {
                let first = Date::new(year, 1, 1).ok()?;
                (1..=first.days_in_year()).contains(&day).then(|| first.checked_add((day - 1).days()).ok()).flatten()
            }
            _ => None,
        }
    }
}

/// A place in a text.
#[derive(Debug)]
pub(super) struct Cursor<'t> {
    rest: &'t str,
}

impl<'t> Cursor<'t> {
    pub(super) const fn new(text: &'t str) -> Self {
        Self { rest: text }
    }

    pub(super) const fn is_at_end(&self) -> bool {
        self.rest.is_empty()
    }

    pub(super) fn literal(&mut self, literal: &str) -> Option<()> {
        self.rest = self.rest.strip_prefix(literal)?;
        Some(())
    }

    fn take(&mut self, bytes: usize) -> Option<&'t str> {
        let (taken, rest) = self.rest.split_at_checked(bytes)?;
        self.rest = rest;
        Some(taken)
    }

    /// As many digits as there are, within the bounds.
    fn run(&mut self, min: usize, max: usize) -> Option<&'t str> {
        let count = self.rest.bytes().take(max).take_while(u8::is_ascii_digit).count();
        if count < min { None } else { self.take(count) }
    }

    fn digits(&mut self, min: usize, max: usize) -> Option<i32> {
        self.run(min, max)?.parse().ok()
    }

    fn two_digits(&mut self, unpadded: bool) -> Option<i8> {
        self.digits(if unpadded { 1 } else { 2 }, 2)?.try_into().ok()
    }

    /// Digits behind a second's point, as nanoseconds.
    fn fraction(&mut self) -> Option<i32> {
        let digits = self.run(1, 9)?;
        let missing = u32::try_from(9 - digits.len()).ok()?;
        Some(digits.parse::<i32>().ok()? * 10_i32.pow(missing))
    }

    fn whole(&mut self) -> Option<i64> {
        let sign = if self.literal("-").is_some() { -1 } else { 1 };
        self.run(1, 18)?.parse::<i64>().ok().map(|value| sign * value)
    }

    fn zone(&mut self) -> Option<Zone> {
        if self.literal("Z").is_some() {
            return Some(Zone::Utc);
        }
        let sign = self.sign()?;
        let hours = self.digits(2, 2)?;
        let has_colon = self.literal(":").is_some();
        let minutes = if has_colon || self.rest.starts_with(|next: char| next.is_ascii_digit()) { self.digits(2, 2)? } else { 0 };
        if minutes > 59 {
            return None;
        }
        Offset::from_seconds(sign * (hours * 3600 + minutes * 60)).ok().map(Zone::Offset)
    }

    fn sign(&mut self) -> Option<i32> {
        if self.literal("+").is_some() {
            return Some(1);
        }
        self.literal("-").map(|()| -1)
    }

    /// `PT10H00M00S`: hours, minutes and seconds of a day, at least one of them, in this order.
    fn duration(&mut self) -> Option<Time> {
        self.literal("PT")?;
        let (mut parts, mut nanos, mut any) = ([0_i8; 3], 0, false);
        for (part, unit) in parts.iter_mut().zip(["H", "M", "S"]) {
            let start = self.rest;
            let Some(value) = self.digits(1, 2) else { break };
            let fraction = if unit == "S" && self.literal(".").is_some() { self.fraction()? } else { 0 };
            if self.literal(unit).is_none() {
                // Digits of a smaller unit: this one was left out.
                self.rest = start;
                continue;
            }
            (*part, nanos, any) = (i8::try_from(value).ok()?, fraction, true);
        }
        let [hour, minute, second] = parts;
        if any { Time::new(hour, minute, second, nanos).ok() } else { None }
    }

    /// `/Date(milliseconds)/` or `/Date(milliseconds+minutes)/`.
    fn odata(&mut self, without_offset: Zone) -> Option<Written> {
        self.literal("/Date(")?;
        let instant = Timestamp::from_millisecond(self.whole()?).ok()?;
        let zone = match self.sign() {
            None => without_offset,
            Some(sign) => match self.digits(1, 4)? {
                // What services write that keep all times in UTC.
                0 => Zone::Utc,
                minutes => Zone::Offset(Offset::from_seconds(sign * minutes * 60).ok()?),
            },
        };
        self.literal(")/")?;
        let offset = if let Zone::Offset(offset) = zone { offset } else { Offset::UTC };
        let local = offset.to_datetime(instant);
        Some(Written { date: local.date(), time: Some(local.time()), zone })
    }
}
