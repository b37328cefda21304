//! Which date a posting is booked on.

use jiff::civil;
use jiff::{SignedDuration, ToSpan as _};
use lineside_schemas::records::{ClosedDateAction, DateBasis};
use lineside_schemas::{Date, Timestamp};

const EPOCH: civil::Date = civil::Date::constant(1970, 1, 1);

/// The posting-date part of a rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PostingDate {
    /// What the date is taken from.
    pub basis: DateBasis,
    /// Shift calendar of the plant for [`DateBasis::ShiftDate`]; that of the trigger when absent.
    pub shift_calendar: Option<String>,
    /// First day that is open; all before it is closed.
    pub open_from: Option<Date>,
    /// Further closed days, first and last, sorted and apart from each other.
    pub closed_periods: Vec<(Date, Date)>,
    /// Minutes after midnight of the first day of a month until which what happens is booked on the last day of the month before.
    pub month_end_cutoff_minutes: Option<u32>,
    /// Days that a month stays open after its end; for ever when absent.
    pub month_open_days: Option<u32>,
    /// What becomes of a posting whose date is closed.
    pub closed: ClosedDateAction,
}

impl Default for PostingDate {
    fn default() -> Self {
        Self {
            basis: DateBasis::EventDate,
            shift_calendar: None,
            open_from: None,
            closed_periods: Vec::new(),
            month_end_cutoff_minutes: None,
            month_open_days: None,
            closed: ClosedDateAction::FirstOpenDay,
        }
    }
}

/// What a posting date is decided by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moments {
    /// Source time of the event that made the posting due.
    pub event: Timestamp,
    /// Offset of the plant's time from UTC then, in minutes.
    pub offset_minutes: i32,
    /// Date on which the shift of the event began, where its calendar is known.
    pub shift_date: Option<Date>,
    /// Stream time at posting.
    pub posting: Timestamp,
}

/// Where a posting is booked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BookedOn {
    /// On its own date.
    Day(Date),
    /// Its own date is closed; on the first open day after it.
    Moved {
        /// Its own date.
        from: Date,
        /// The first open day after it.
        to: Date,
    },
    /// Its own date is closed, and the rule wants it held.
    Held(Date),
}

impl BookedOn {
    /// The date to post on; none for what is held.
    #[must_use]
    pub const fn date(self) -> Option<Date> {
        match self {
            Self::Day(date) | Self::Moved { to: date, .. } => Some(date),
            Self::Held(_) => None,
        }
    }
}

impl PostingDate {
    /// Decides the date. Without a known shift, [`DateBasis::ShiftDate`] is the date of the event.
    #[must_use]
    pub fn decide(&self, moments: &Moments) -> BookedOn {
        let own = match (self.basis, moments.shift_date) {
            (DateBasis::ShiftDate, Some(date)) => date,
            (DateBasis::PostingTime, _) => self.by_the_clock(moments.posting, moments.offset_minutes),
            _ => self.by_the_clock(moments.event, moments.offset_minutes),
        };
        let open = self.first_open_day(own, moments.posting.date_at_offset(moments.offset_minutes));
        match self.closed {
            _ if open == own => BookedOn::Day(own),
            ClosedDateAction::Hold => BookedOn::Held(own),
            ClosedDateAction::FirstOpenDay | ClosedDateAction::Unknown => BookedOn::Moved { from: own, to: open },
        }
    }

    /// The calendar date of an instant, or the last day of the month before it while that is not cut off.
    fn by_the_clock(&self, at: Timestamp, offset_minutes: i32) -> Date {
        let date = at.date_at_offset(offset_minutes);
        let Some(cutoff) = self.month_end_cutoff_minutes else { return date };
        let earlier = at.saturating_add_micros(-i64::from(cutoff) * 60_000_000).date_at_offset(offset_minutes);
        let is_first = civil_of(date).is_some_and(|civil| civil.day() == 1);
        if is_first && earlier < date { Date::from_days(date.days().saturating_sub(1)) } else { date }
    }

    /// The first day from `date` on that is not closed, as things are on the day of posting.
    fn first_open_day(&self, date: Date, posting: Date) -> Date {
        let month_floor = self.month_open_days.and_then(|days| {
            // A month is open while the day of posting is no later than its end and these days: so is the month that holds the day that many days ago.
            let held = civil_of(posting)?.checked_sub(i64::from(days).days()).ok()?;
            Some(date_of(held.first_of_month()))
        });
        let mut open = date.max(self.open_from.unwrap_or(date)).max(month_floor.unwrap_or(date));
        for (first, last) in &self.closed_periods {
            if (*first..=*last).contains(&open) {
                open = Date::from_days(last.days().saturating_add(1));
            }
        }
        open
    }
}

/// The civil date; none outside the years -9999 to 9999.
pub(crate) fn civil_of(date: Date) -> Option<civil::Date> {
    EPOCH.checked_add(SignedDuration::from_hours(i64::from(date.days()) * 24)).ok()
}

pub(crate) fn date_of(civil: civil::Date) -> Date {
    let days = civil.duration_since(EPOCH).as_hours() / 24;
    Date::from_days(i32::try_from(days).expect("twenty thousand years are less than 2^31 days"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(text: &str) -> Date {
        Date::from_iso(text).unwrap()
    }

    fn moments(event: &str, posting: &str) -> Moments {
        let at = |text| Timestamp::from_iso(text).unwrap();
        Moments { event: at(event), offset_minutes: 60, shift_date: None, posting: at(posting) }
    }

    fn on(rule: &PostingDate, event: &str, posting: &str) -> String {
        match rule.decide(&moments(event, posting)) {
            BookedOn::Day(date) => date.to_string(),
            BookedOn::Moved { from, to } => format!("{from} -> {to}"),
            BookedOn::Held(date) => format!("held {date}"),
        }
    }

    #[test]
    fn the_date_of_the_event_is_that_of_the_plant() {
        let rule = PostingDate::default();
        assert_eq!(on(&rule, "2026-03-31T23:30:00Z", "2026-04-02T00:00:00Z"), "2026-04-01");
        let posting = PostingDate { basis: DateBasis::PostingTime, ..PostingDate::default() };
        assert_eq!(on(&posting, "2026-03-31T23:30:00Z", "2026-04-02T00:00:00Z"), "2026-04-02");
    }

    #[test]
    fn the_date_of_the_shift_is_that_of_its_begin_and_without_one_that_of_the_event() {
        let rule = PostingDate { basis: DateBasis::ShiftDate, ..PostingDate::default() };
        let night = moments("2026-04-01T02:00:00Z", "2026-04-01T05:00:00Z");
        assert_eq!(rule.decide(&night), BookedOn::Day(date("2026-04-01")));
        assert_eq!(rule.decide(&Moments { shift_date: Some(date("2026-03-31")), ..night }), BookedOn::Day(date("2026-03-31")));
    }

    #[test]
    fn what_is_closed_is_booked_on_the_first_open_day_or_held() {
        let rule = PostingDate {
            open_from: Some(date("2026-03-01")),
            closed_periods: vec![(date("2026-03-01"), date("2026-03-10")), (date("2026-03-11"), date("2026-03-12"))],
            ..PostingDate::default()
        };
        assert_eq!(on(&rule, "2026-02-10T12:00:00Z", "2026-03-20T00:00:00Z"), "2026-02-10 -> 2026-03-13");
        assert_eq!(on(&rule, "2026-03-13T12:00:00Z", "2026-03-20T00:00:00Z"), "2026-03-13");
        let held = PostingDate { closed: ClosedDateAction::Hold, ..rule };
        assert_eq!(on(&held, "2026-02-10T12:00:00Z", "2026-03-20T00:00:00Z"), "held 2026-02-10");
    }

    #[test]
    fn a_month_stays_open_for_the_days_given() {
        let rule = PostingDate { month_open_days: Some(3), ..PostingDate::default() };
        assert_eq!(on(&rule, "2026-03-30T12:00:00Z", "2026-04-03T12:00:00Z"), "2026-03-30");
        assert_eq!(on(&rule, "2026-03-30T12:00:00Z", "2026-04-04T12:00:00Z"), "2026-03-30 -> 2026-04-01");
        assert_eq!(on(&rule, "2025-12-30T12:00:00Z", "2026-04-02T12:00:00Z"), "2025-12-30 -> 2026-03-01");
    }

    #[test]
    fn the_night_after_the_last_day_of_a_month_still_belongs_to_it() {
        let rule = PostingDate { month_end_cutoff_minutes: Some(360), ..PostingDate::default() };
        assert_eq!(on(&rule, "2026-04-01T04:59:59Z", "2026-04-01T05:00:00Z"), "2026-03-31");
        assert_eq!(on(&rule, "2026-04-01T05:00:00Z", "2026-04-01T05:00:00Z"), "2026-04-01");
        assert_eq!(on(&rule, "2026-04-02T01:00:00Z", "2026-04-02T01:00:00Z"), "2026-04-02");
    }

    #[test]
    fn instants_at_the_ends_of_time_are_decided_too() {
        let rule = PostingDate { month_open_days: Some(u32::MAX), month_end_cutoff_minutes: Some(u32::MAX), ..PostingDate::default() };
        for at in [Timestamp::MIN, Timestamp::from_micros(i64::MAX)] {
            let moments = Moments { event: at, offset_minutes: 0, shift_date: None, posting: at };
            assert!(rule.decide(&moments).date().is_some());
        }
    }
}
