//! Patterns of dates and times: how a source writes them, field by field, with no digit taken for another's.
//!
//! The directives are those of `strftime`, read strictly: `%d` is exactly two digits, `%-d` one or two. In braces stand the forms that no directive
//! describes: `{iso}`, `{duration}`, `{odata}`, `{odata-utc}`, `{epoch}` and `{epoch-ms}`.

use std::fmt::Write;

use jiff::Timestamp;
use jiff::civil::{Date, DateTime, Time};
use jiff::fmt::temporal::{Pieces, PiecesOffset};
use jiff::tz::Offset;

use super::time_fields::{Cursor, Field, Fields, Slot};

/// One way to write a date, a time, or both.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct TimePattern {
    text: Box<str>,
    parts: Box<[Part]>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Part {
    Literal(Box<str>),
    Field(Field),
}

/// What a text says, as far as it says it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Written {
    pub(crate) date: Date,
    /// Time of day, where the text has one.
    pub(crate) time: Option<Time>,
    pub(crate) zone: Zone,
}

/// Where on Earth a time is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Zone {
    /// Local, wherever the source is.
    Local,
    /// UTC: the instant is known, but not which local time it was.
    Utc,
    /// Local, with its offset from UTC.
    Offset(Offset),
}

impl TimePattern {
    /// Reads a pattern. `pivot` is the first of the hundred years that two digits can mean.
    ///
    /// # Errors
    /// What is wrong with it, in words.
    pub(crate) fn compile(text: &str, pivot: Option<i16>) -> Result<Self, String> {
        let mut parts: Vec<Part> = Vec::new();
        let mut rest = text;
        while let Some(first) = rest.chars().next() {
            if let Some((field, after)) = Field::directive(rest, pivot).map_err(|reason| format!("`{text}`: {reason}"))? {
                parts.push(Part::Field(field));
                rest = after;
                continue;
            }
            let (literal, after) = rest.strip_prefix("%%").map_or_else(|| rest.split_at(first.len_utf8()), |after| ("%", after));
            match parts.last_mut() {
                Some(Part::Literal(before)) => *before = format!("{before}{literal}").into(),
                _ => parts.push(Part::Literal(literal.into())),
            }
            rest = after;
        }
        let pattern = Self { text: text.into(), parts: parts.into() };
        pattern.check().map_err(|reason| format!("`{text}` {reason}"))?;
        Ok(pattern)
    }

    /// The pattern as the mapping has it.
    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// Whether it reads plain numbers, such as seconds since 1970.
    pub(crate) fn is_of_numbers(&self) -> bool {
        matches!(&*self.parts, [Part::Field(Field::EpochSeconds | Field::EpochMillis)])
    }

    fn check(&self) -> Result<(), &'static str> {
        let slots: Vec<Slot> = self.parts.iter().filter_map(|part| if let Part::Field(field) = part { Some(field.slot()) } else { None }).collect();
        let has = |slot: Slot| slots.contains(&slot);
        if slots.iter().enumerate().any(|(at, slot)| slots[at + 1..].contains(slot)) {
            return Err("has a field twice");
        }
        if has(Slot::Everything) {
            return if self.parts.len() == 1 { Ok(()) } else { Err("has something beside a form that stands alone") };
        }
        let is_date = if has(Slot::WholeDate) {
            !(has(Slot::Year) || has(Slot::Month) || has(Slot::Day) || has(Slot::DayOfYear))
        } else {
            has(Slot::Year) && has(Slot::Month) == has(Slot::Day) && has(Slot::Day) != has(Slot::DayOfYear)
        };
        if !is_date {
            return Err("makes no date: it needs a year with month and day, a year with the day of the year, or a form in braces");
        }
        if has(Slot::Hour) && has(Slot::HalfDayHour) || has(Slot::HalfDayHour) != has(Slot::Meridiem) {
            return Err("needs `%p` for `%I`, the hour of a half day, and has no other use for it");
        }
        let has_hour = has(Slot::Hour) || has(Slot::HalfDayHour);
        let lacks_larger = has(Slot::Minute) && !has_hour || has(Slot::Second) && !has(Slot::Minute) || has(Slot::Fraction) && !has(Slot::Second);
        if lacks_larger || has(Slot::Duration) && has_hour || has(Slot::WholeDate) && has_hour {
            return Err("has a part of a time without the larger one, or the time of day twice");
        }
        if has(Slot::Offset) && (has(Slot::WholeDate) || !has_hour && !has(Slot::Duration)) {
            return Err("has an offset from UTC without the time that it belongs to");
        }
        Ok(())
    }

    /// What the text says in this pattern; `None` where it is of another form or no date of the calendar.
    pub(crate) fn read(&self, text: &str) -> Option<Written> {
        if let [Part::Field(Field::Iso)] = &*self.parts {
            return iso(text);
        }
        let (mut cursor, mut fields) = (Cursor::new(text), Fields::default());
        for part in &self.parts {
            match part {
                Part::Literal(literal) => cursor.literal(literal)?,
                Part::Field(field) => field.read(&mut cursor, &mut fields)?,
            }
        }
        if cursor.is_at_end() { fields.finish() } else { None }
    }
}

impl Written {
    /// An instant, in UTC.
    pub(crate) fn utc(instant: Timestamp) -> Self {
        let local = Offset::UTC.to_datetime(instant);
        Self { date: local.date(), time: Some(local.time()), zone: Zone::Utc }
    }

    /// Appends it in ISO 8601, as `2026-11-20T08:15:30.5+01:00`.
    pub(crate) fn write(self, time: Time, into: &mut impl Write) -> std::fmt::Result {
        write!(into, "{}", DateTime::from_parts(self.date, time))?;
        match self.zone {
            Zone::Local => Ok(()),
            Zone::Utc => into.write_char('Z'),
            Zone::Offset(offset) => {
                let minutes = offset.seconds() / 60;
                let sign = if minutes < 0 { '-' } else { '+' };
                write!(into, "{sign}{:02}:{:02}", minutes.abs() / 60, minutes.abs() % 60)
            }
        }
    }
}

fn iso(text: &str) -> Option<Written> {
    let pieces = Pieces::parse(text).ok().filter(|pieces| !text.contains(":60") && pieces.time_zone_annotation().is_none())?;
    let zone = match pieces.offset() {
        None => Zone::Local,
        Some(PiecesOffset::Zulu) => Zone::Utc,
        Some(offset) => Zone::Offset(offset.to_numeric_offset()),
    };
    let has_seconds = matches!(zone, Zone::Offset(offset) if offset.seconds() % 60 != 0);
    if has_seconds { None } else { Some(Written { date: pieces.date(), time: pieces.time(), zone }) }
}

#[cfg(test)]
#[path = "time_pattern_tests.rs"]
mod tests;
