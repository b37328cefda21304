//! When shifts begin and end: by a plant's shift calendar, or by times of day.

use jiff::ToSpan as _;
use jiff::civil::{self, Weekday};
use jiff::tz::{TimeZone, TimeZoneDatabase};
use lineside_schemas::records::{self, ShiftCalendar};
use lineside_schemas::{Date, Timestamp};

use crate::posting_date::{civil_of, date_of};

/// Days that are looked through for the next end of a shift: more than the longest shutdown.
const DAYS_AHEAD: i64 = 62;

/// A shift that was or will be worked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shift {
    /// Name; that of times of day is when it begins.
    pub name: String,
    /// Calendar date, in the plant's time, on which it begins: the date that a night shift is booked on.
    pub date: Date,
    /// Its first instant.
    pub start: Timestamp,
    /// The instant after it.
    pub end: Timestamp,
}

/// Why a calendar or times of day are no plan.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ShiftPlanError {
    /// No IANA time zone.
    #[error("there is no time zone `{0}`")]
    TimeZone(String),
    /// No time of day.
    #[error("`{0}` is no time of day such as 06:00")]
    Time(String),
}

#[derive(Debug, Clone)]
struct Pattern {
    name: String,
    weekday: Option<Weekday>,
    start: civil::Time,
    end: civil::Time,
    valid_from: Option<Timestamp>,
    valid_to: Option<Timestamp>,
}

#[derive(Debug, Clone)]
struct Exception {
    date: civil::Date,
    is_working: bool,
    shift: Option<String>,
    times: Option<(civil::Time, civil::Time)>,
}

/// The shifts of a plant, day after day.
///
/// Where a clock change skips the time at which a shift begins or ends, it does so that much later; where it repeats it, at the first of the two.
#[derive(Debug, Clone)]
pub struct ShiftPlan {
    zone: TimeZone,
    patterns: Vec<Pattern>,
    exceptions: Vec<Exception>,
}

impl ShiftPlan {
    /// Shifts that follow one another, each from a time of day to the next one.
    ///
    /// # Errors
    /// See [`ShiftPlanError`].
    pub fn of_times<T: AsRef<str>>(times: &[T], time_zone: &str) -> Result<Self, ShiftPlanError> {
        let mut starts = times.iter().map(|time| time_of(time.as_ref())).collect::<Result<Vec<_>, _>>()?;
        starts.sort_unstable();
        starts.dedup();
        let pattern = |(index, start): (usize, &civil::Time)| Pattern {
            name: start.strftime("%H:%M").to_string(),
            weekday: None,
            start: *start,
            end: starts[(index + 1) % starts.len()],
            valid_from: None,
            valid_to: None,
        };
        Ok(Self { zone: zone_of(time_zone)?, patterns: starts.iter().enumerate().map(pattern).collect(), exceptions: Vec::new() })
    }

    /// The shifts of a calendar: its weekly pattern, with holidays taken out and extra days put in.
    ///
    /// # Errors
    /// See [`ShiftPlanError`].
    pub fn of_calendar(calendar: &ShiftCalendar<'_>) -> Result<Self, ShiftPlanError> {
        let mut patterns = Vec::new();
        for shift in &calendar.shifts {
            // A pattern for a weekday that this version does not know begins on no day.
            let Some(weekday) = weekday_of(shift.weekday) else { continue };
            patterns.push(Pattern {
                name: shift.shift.to_owned(),
                weekday: Some(weekday),
                start: time_of(shift.start_time)?,
                end: time_of(shift.end_time)?,
                valid_from: latest(shift.valid_from, calendar.valid_from),
                valid_to: earliest(shift.valid_to, calendar.valid_to),
            });
        }
        let mut exceptions = Vec::new();
        for exception in &calendar.exceptions {
            let Some(date) = civil_of(exception.date) else { continue };
            let times = match (exception.start_time, exception.end_time) {
                (Some(start), Some(end)) => Some((time_of(start)?, time_of(end)?)),
                _ => None,
            };
            exceptions.push(Exception { date, is_working: exception.is_working, shift: exception.shift.map(str::to_owned), times });
        }
        Ok(Self { zone: zone_of(calendar.time_zone)?, patterns, exceptions })
    }

    /// The shift that is worked at an instant; of shifts that overlap the one that began last.
    #[must_use]
    pub fn shift_at(&self, at: Timestamp) -> Option<Shift> {
        let day = self.local_date(at)?;
        // A shift lasts a day at most, so it began today or yesterday.
        let days = [day.yesterday().ok(), Some(day)];
        let shifts = days.into_iter().flatten().flat_map(|day| self.shifts_of(day));
        shifts.filter(|shift| shift.start <= at && at < shift.end).max_by_key(|shift| shift.start)
    }

    /// The first end of a shift after an instant; none if no shift ends within two months.
    #[must_use]
    pub fn next_end_after(&self, at: Timestamp) -> Option<Timestamp> {
        let today = self.local_date(at)?;
        let mut next: Option<Timestamp> = None;
        for ahead in -1..DAYS_AHEAD {
            let Ok(day) = today.checked_add(ahead.days()) else { continue };
            let ends = self.shifts_of(day).into_iter().map(|shift| shift.end).filter(|end| *end > at);
            next = next.into_iter().chain(ends).min();
            // What begins on a later day than the day after the end found ends later still.
            if next.is_some_and(|end| self.local_date(end).is_some_and(|end| end < day)) {
                break;
            }
        }
        next
    }

    fn local_date(&self, at: Timestamp) -> Option<civil::Date> {
        let instant = jiff::Timestamp::from_microsecond(at.micros()).ok()?;
        Some(instant.to_zoned(self.zone.clone()).date())
    }

    /// The shifts that begin on a day.
    fn shifts_of(&self, day: civil::Date) -> Vec<Shift> {
        let exceptions: Vec<&Exception> = self.exceptions.iter().filter(|exception| exception.date == day).collect();
        let mut shifts = Vec::new();
        for pattern in self.patterns.iter().filter(|pattern| pattern.weekday.is_none_or(|weekday| weekday == day.weekday())) {
            // Of the exceptions of a day, one for the shift goes before one for all of the day.
            let of_shift = exceptions.iter().find(|exception| exception.shift.as_deref() == Some(&pattern.name));
            let of_day = exceptions.iter().find(|exception| exception.shift.is_none());
            let (start, end) = match of_shift.or(of_day) {
                Some(exception) if !exception.is_working => continue,
                Some(exception) => exception.times.unwrap_or((pattern.start, pattern.end)),
                None => (pattern.start, pattern.end),
            };
            let Some(shift) = self.shift(&pattern.name, day, start, end) else { continue };
            let valid = pattern.valid_from.is_none_or(|from| from <= shift.start) && pattern.valid_to.is_none_or(|to| shift.start < to);
            if valid {
                shifts.push(shift);
            }
        }
        // Extra days: worked although no pattern has the shift on that weekday.
        for exception in exceptions.iter().filter(|exception| exception.is_working) {
            let name = exception.shift.as_deref().unwrap_or("extra");
            let is_new = match &exception.shift {
                Some(name) => shifts.iter().all(|shift| shift.name != *name),
                None => shifts.is_empty(),
            };
            if let Some((start, end)) = exception.times.filter(|_| is_new) {
                shifts.extend(self.shift(name, day, start, end));
            }
        }
        shifts
    }

    fn shift(&self, name: &str, day: civil::Date, start: civil::Time, end: civil::Time) -> Option<Shift> {
        let last_day = if end > start { day } else { day.tomorrow().ok()? };
        let instant = |day: civil::Date, time| {
            let zoned = day.to_datetime(time).to_zoned(self.zone.clone()).ok()?;
            Some(Timestamp::from_micros(zoned.timestamp().as_microsecond()))
        };
        Some(Shift { name: name.to_owned(), date: date_of(day), start: instant(day, start)?, end: instant(last_day, end)? })
    }
}

/// A time of day, `06:00` or `06:00:00`.
///
/// # Errors
/// [`ShiftPlanError::Time`]
pub fn time_of(text: &str) -> Result<civil::Time, ShiftPlanError> {
    text.parse().map_err(|_| ShiftPlanError::Time(text.to_owned()))
}

/// An IANA time zone.
///
/// # Errors
/// [`ShiftPlanError::TimeZone`]
pub fn zone_of(name: &str) -> Result<TimeZone, ShiftPlanError> {
    TimeZoneDatabase::bundled().get(name).map_err(|_| ShiftPlanError::TimeZone(name.to_owned()))
}

const fn weekday_of(weekday: records::Weekday) -> Option<Weekday> {
    Some(match weekday {
        records::Weekday::Unknown => return None,
        records::Weekday::Monday => Weekday::Monday,
        records::Weekday::Tuesday => Weekday::Tuesday,
        records::Weekday::Wednesday => Weekday::Wednesday,
        records::Weekday::Thursday => Weekday::Thursday,
        records::Weekday::Friday => Weekday::Friday,
        records::Weekday::Saturday => Weekday::Saturday,
        records::Weekday::Sunday => Weekday::Sunday,
    })
}

fn latest(a: Option<Timestamp>, b: Option<Timestamp>) -> Option<Timestamp> {
    a.into_iter().chain(b).max()
}

fn earliest(a: Option<Timestamp>, b: Option<Timestamp>) -> Option<Timestamp> {
    a.into_iter().chain(b).min()
}

#[cfg(test)]
mod tests {
    use lineside_schemas::records::{CalendarException, ShiftPattern};

    use super::*;

    fn at(text: &str) -> Timestamp {
        Timestamp::from_iso(text).unwrap()
    }

    fn three_shifts() -> ShiftPlan {
        ShiftPlan::of_times(&["22:00", "06:00", "14:00"], "Europe/Paris").unwrap()
    }

    #[test]
    fn a_night_shift_belongs_to_the_day_on_which_it_begins() {
        let night = three_shifts().shift_at(at("2026-01-10T03:00:00Z")).unwrap();
        assert_eq!((night.name.as_str(), night.date), ("22:00", Date::from_iso("2026-01-09").unwrap()));
        assert_eq!((night.start, night.end), (at("2026-01-09T21:00:00Z"), at("2026-01-10T05:00:00Z")));
    }

    #[test]
    fn the_end_of_a_shift_is_the_first_instant_of_the_next() {
        let plan = three_shifts();
        assert_eq!(plan.next_end_after(at("2026-01-10T04:59:59.999999Z")), Some(at("2026-01-10T05:00:00Z")));
        assert_eq!(plan.next_end_after(at("2026-01-10T05:00:00Z")), Some(at("2026-01-10T13:00:00Z")));
        assert_eq!(plan.shift_at(at("2026-01-10T05:00:00Z")).unwrap().name, "06:00");
    }

    #[test]
    fn one_time_of_day_is_a_shift_of_a_day() {
        let plan = ShiftPlan::of_times(&["06:00"], "UTC").unwrap();
        assert_eq!(plan.next_end_after(at("2026-01-10T06:00:00Z")), Some(at("2026-01-11T06:00:00Z")));
    }

    #[test]
    fn clocks_that_change_move_the_ends() {
        // Clocks go from 02:00 to 03:00 on 2026-03-29: the night has seven hours.
        let night = three_shifts().shift_at(at("2026-03-29T00:30:00Z")).unwrap();
        assert_eq!((night.start, night.end), (at("2026-03-28T21:00:00Z"), at("2026-03-29T04:00:00Z")));
        let in_the_gap = ShiftPlan::of_times(&["02:30"], "Europe/Paris").unwrap();
        assert_eq!(in_the_gap.next_end_after(at("2026-03-28T12:00:00Z")), Some(at("2026-03-29T01:30:00Z")));
        let twice = ShiftPlan::of_times(&["02:30"], "Europe/Paris").unwrap();
        assert_eq!(twice.next_end_after(at("2026-10-24T12:00:00Z")), Some(at("2026-10-25T00:30:00Z")));
    }

    fn calendar() -> ShiftCalendar<'static> {
        let shift = |name, weekday, start_time, end_time| ShiftPattern { shift: name, weekday, start_time, end_time, ..ShiftPattern::default() };
        ShiftCalendar {
            time_zone: "UTC",
            shifts: vec![
                shift("early", records::Weekday::Friday, "06:00", "14:00"),
                shift("late", records::Weekday::Friday, "14:00", "22:00"),
                shift("early", records::Weekday::Monday, "06:00", "14:00"),
            ],
            exceptions: vec![
                CalendarException { date: Date::from_iso("2026-05-01").unwrap(), ..CalendarException::default() },
                CalendarException {
                    date: Date::from_iso("2026-05-09").unwrap(),
                    is_working: true,
                    shift: Some("early"),
                    start_time: Some("07:00"),
                    end_time: Some("12:00"),
                    ..CalendarException::default()
                },
                CalendarException {
                    date: Date::from_iso("2026-05-15").unwrap(),
                    is_working: true,
                    shift: Some("late"),
                    start_time: Some("15:00"),
                    end_time: Some("23:00"),
                    ..CalendarException::default()
                },
            ],
            ..ShiftCalendar::default()
        }
    }

    #[test]
    fn a_calendar_has_its_week_its_holidays_and_its_extra_days() {
        let plan = ShiftPlan::of_calendar(&calendar()).unwrap();
        assert_eq!(plan.next_end_after(at("2026-04-24T23:00:00Z")), Some(at("2026-04-27T14:00:00Z")), "from Friday to Monday");
        assert_eq!(plan.next_end_after(at("2026-04-30T00:00:00Z")), Some(at("2026-05-04T14:00:00Z")), "the first of May is a Friday that is not worked");
        assert_eq!(plan.shift_at(at("2026-05-01T08:00:00Z")), None);
        assert_eq!(plan.shift_at(at("2026-05-09T08:00:00Z")).map(|shift| (shift.start, shift.end)), Some((at("2026-05-09T07:00:00Z"), at("2026-05-09T12:00:00Z"))));
        assert_eq!(plan.shift_at(at("2026-05-15T14:30:00Z")), None, "the late shift begins an hour later that day");
        assert_eq!(plan.shift_at(at("2026-05-15T22:30:00Z")).map(|shift| shift.name), Some("late".to_owned()));
    }

    #[test]
    fn a_calendar_without_shifts_ends_none() {
        let plan = ShiftPlan::of_calendar(&ShiftCalendar { time_zone: "UTC", ..ShiftCalendar::default() }).unwrap();
        assert_eq!((plan.next_end_after(at("2026-01-01T00:00:00Z")), plan.shift_at(at("2026-01-01T00:00:00Z"))), (None, None));
        for end in [Timestamp::MIN, Timestamp::from_micros(i64::MAX)] {
            assert_eq!(three_shifts().next_end_after(end), None);
        }
    }

    #[test]
    fn what_is_no_time_or_zone_is_said() {
        assert_eq!(ShiftPlan::of_times(&["25:00"], "UTC").unwrap_err().to_string(), "`25:00` is no time of day such as 06:00");
        assert_eq!(ShiftPlan::of_times(&["06:00"], "Europe/Pari").unwrap_err().to_string(), "there is no time zone `Europe/Pari`");
    }
}
