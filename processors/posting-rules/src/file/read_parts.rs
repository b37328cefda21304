//! Reads the parts of a rule that are maps and lists of their own.

use std::collections::BTreeMap;

use jiff::tz::TimeZoneDatabase;
use lineside_schemas::Decimal;
use lineside_schemas::records::{DateBasis, ToleranceAction, ToleranceCheck, WatermarkKind};
use lineside_yaml::{Errors, Item, Section, suggestion};

use super::members::{amount, date, entries, flag, length, name, names, number, unit, word, word_at};
use super::read::period;
use crate::posting_date::PostingDate;
use crate::rounding::Rounding;
use crate::rule::{Completeness, Rule, Scrap, ShiftEnd, Triggers};
use crate::shift::{time_of, zone_of};
use crate::tolerance::Tolerance;

/// Most events that a count trigger may wait for.
const MAX_EVENTS: u32 = 1_000_000;
const MINUTES_OF_A_DAY: u32 = 1440;

pub(super) fn triggers(item: &Item, errors: &mut Errors) -> Triggers {
    let mut section = Section::new(item, "`post`", errors);
    let triggers = Triggers {
        on_completion: flag(&mut section, "on_completion", true, errors),
        at_milestones: flag(&mut section, "at_milestones", false, errors),
        after_events: section.take("after_events").and_then(|item| number(item, "after_events", 1..=MAX_EVENTS, errors)),
        after_wait_ms: section.take("after_wait").and_then(|item| length(item, "after_wait", errors)),
        shift_end: section.take("at_shift_end").and_then(|item| shift_end(item, errors)),
    };
    section.finish(errors);
    let Triggers { on_completion, at_milestones, after_events, after_wait_ms, shift_end } = &triggers;
    if !on_completion && !at_milestones && after_events.is_none() && after_wait_ms.is_none() && shift_end.is_none() {
        errors.add(item.line, "`post` never posts anything");
    }
    triggers
}

fn shift_end(item: &Item, errors: &mut Errors) -> Option<ShiftEnd> {
    let mut section = Section::new(item, "`at_shift_end`", errors);
    let (calendar, times_at, zone_at) = (section.take("calendar"), section.take("times"), section.take("time_zone"));
    section.finish(errors);
    match (calendar, times_at, zone_at) {
        (Some(calendar), None, None) => name(calendar, "`calendar`", errors).map(|calendar| ShiftEnd::Calendar(calendar.to_owned())),
        (None, Some(at), Some(zone_at)) => {
            let (times, time_zone) = (times(at, errors), zone(zone_at, errors)?);
            if times.is_empty() {
                errors.add(at.line, "`times` names no time of day");
            }
            Some(ShiftEnd::Times { times, time_zone })
        }
        (Some(_), ..) => {
            errors.add(item.line, "`at_shift_end` has either a `calendar` or `times` with their `time_zone`");
            None
        }
        _ => {
            errors.add(item.line, "`at_shift_end` needs a `calendar`, or `times` with their `time_zone`");
            None
        }
    }
}

fn times(item: &Item, errors: &mut Errors) -> Vec<String> {
    let mut times: Vec<String> = Vec::new();
    for entry in entries(item, "`times`", errors) {
        let Some(text) = entry.text("a time", errors) else { continue };
        match time_of(text) {
            Ok(time) if time.second() == 0 && time.subsec_nanosecond() == 0 => times.push(time.strftime("%H:%M").to_string()),
            Ok(_) => errors.add(entry.line, format!("`{text}` is finer than a minute")),
            Err(error) => errors.add(entry.line, error.to_string()),
        }
    }
    times.sort_unstable();
    if times.windows(2).any(|pair| pair[0] == pair[1]) {
        errors.add(item.line, "`times` has a time twice");
    }
    times
}

fn zone(item: &Item, errors: &mut Errors) -> Option<String> {
    let text = item.text("`time_zone`", errors)?;
    if zone_of(text).is_err() {
        let known: Vec<String> = TimeZoneDatabase::bundled().available().map(|name| name.to_string()).collect();
        errors.add(item.line, format!("there is no time zone `{text}`{}", suggestion(text, known.iter().map(String::as_str))));
        return None;
    }
    Some(text.to_owned())
}

pub(super) fn completeness(item: &Item, errors: &mut Errors) -> Completeness {
    let base = Rule::built_in().completeness;
    let mut section = Section::new(item, "`completeness`", errors);
    let watermark = section.need("watermark", errors).and_then(|item| word_at(item, "watermark", errors)).unwrap_or(base.watermark);
    let sources = section.take("sources").map(|item| names(item, "`sources`", false, errors)).unwrap_or_default();
    let meanwhile = section.take("meanwhile");
    let wait = section.take("wait");
    let overdue = section.take("overdue");
    section.finish(errors);
    let wait_ms = wait.and_then(|item| length(item, "wait", errors));
    if watermark == WatermarkKind::None {
        if !sources.is_empty() || meanwhile.is_some() || wait.is_some() || overdue.is_some() {
            errors.add(item.line, "`completeness` waits for nothing: with `watermark: none` nothing else may stand here");
        }
    } else if overdue.is_some() && wait.is_none() {
        errors.add(overdue.map_or(item.line, |item| item.line), "`overdue` says what is done after the `wait`, but there is no `wait`");
    }
    Completeness {
        watermark,
        sources,
        meanwhile: meanwhile.and_then(|item| word_at(item, "meanwhile", errors)).unwrap_or(base.meanwhile),
        wait_ms,
        overdue: overdue.and_then(|item| word_at(item, "overdue", errors)).unwrap_or(base.overdue),
    }
}

pub(super) fn tolerances(item: &Item, errors: &mut Errors) -> Vec<Tolerance> {
    let mut tolerances: Vec<Tolerance> = Vec::new();
    for entry in entries(item, "`tolerances`", errors) {
        let Some(tolerance) = tolerance(entry, errors) else { continue };
        if tolerances.iter().any(|known| known.check == tolerance.check && known.item == tolerance.item) {
            errors.add(
                entry.line,
                format!("a second tolerance for the same check{}", tolerance.item.as_ref().map_or_else(String::new, |item| format!(" and item `{item}`"))),
            );
        }
        tolerances.push(tolerance);
    }
    tolerances
}

fn tolerance(item: &Item, errors: &mut Errors) -> Option<Tolerance> {
    let mut section = Section::new(item, "a tolerance", errors);
    let check: Option<ToleranceCheck> = section.need("check", errors).and_then(|item| word_at(item, "check", errors));
    let of_item = section.take("item").and_then(|item| name(item, "`item`", errors));
    let percent_at = section.take("percent");
    let percent = percent_at.and_then(|item| amount(item.text("`percent`", errors)?, item.line, "`percent`", errors));
    let absolute_at = section.take("absolute");
    let absolute = absolute_at.and_then(|item| quantity(item, errors));
    let beyond: Option<ToleranceAction> = section.need("beyond", errors).and_then(|item| word_at(item, "beyond", errors));
    section.finish(errors);
    if percent_at.is_none() && absolute_at.is_none() {
        errors.add(item.line, "a tolerance has a `percent`, an `absolute` amount, or both");
    }
    if check == Some(ToleranceCheck::UnderConsumption) && percent.is_some_and(|percent| percent > Decimal::from_int(100)) {
        errors.add(percent_at.map_or(item.line, |item| item.line), "nothing is consumed less than by 100 percent");
    }
    Some(Tolerance { check: check?, item: of_item.map(str::to_owned), percent, absolute, beyond: beyond? })
}

/// `2.5 LTR`
fn quantity(item: &Item, errors: &mut Errors) -> Option<(Decimal, String)> {
    let text = item.text("`absolute`", errors)?;
    let Some((value, code)) = text.split_once(' ') else {
        errors.add(item.line, format!("`absolute` is an amount and its unit, such as 2.5 LTR; `{text}` is not"));
        return None;
    };
    let value = amount(value, item.line, "`absolute`", errors);
    let code = unit(code.trim(), item.line, errors);
    Some((value?, code?.to_owned()))
}

pub(super) fn rounding(item: &Item, errors: &mut Errors) -> Rounding {
    let mut section = Section::new(item, "`rounding`", errors);
    let mode = word(&mut section, "mode", Rounding::default().mode, errors);
    let mut digits = BTreeMap::new();
    if let Some(item) = section.take("digits") {
        for entry in item.entries("`digits`", errors) {
            let code = unit(&entry.key, entry.line, errors);
            let count = number(&entry.item, &entry.key, 0..=lineside_schemas::decimal::SCALE, errors);
            digits.extend(code.map(str::to_owned).zip(count));
        }
    }
    section.finish(errors);
    Rounding { mode, digits }
}

pub(super) fn scrap(item: &Item, errors: &mut Errors) -> Scrap {
    let base = Rule::built_in().scrap;
    if item.scalar().is_some() {
        return Scrap { book: word_at(item, "scrap", errors).unwrap_or(base.book), ..base };
    }
    let mut section = Section::new(item, "`scrap`", errors);
    let book = word(&mut section, "book", base.book, errors);
    let mut reasons = BTreeMap::new();
    if let Some(item) = section.take("reasons") {
        for entry in item.entries("`reasons`", errors) {
            reasons.extend(word_at(&entry.item, &entry.key, errors).map(|book| (entry.key.clone(), book)));
        }
    }
    section.finish(errors);
    Scrap { book, reasons }
}

pub(super) fn posting_date(item: &Item, shift_end: Option<&ShiftEnd>, errors: &mut Errors) -> PostingDate {
    let base = PostingDate::default();
    let mut section = Section::new(item, "`posting_date`", errors);
    let basis = word(&mut section, "basis", base.basis, errors);
    let shift_calendar = section.take("shift_calendar").and_then(|item| name(item, "`shift_calendar`", errors));
    let open_from = section.take("open_from").and_then(|item| date(item, "open_from", errors));
    let closed_periods = section.take("closed_periods").map(|item| closed_periods(item, errors)).unwrap_or_default();
    let cutoff = section.take("month_end_cutoff");
    let month_end_cutoff_minutes = cutoff.and_then(|item| minutes_of_day(item, errors));
    let month_open_days = section.take("month_open_days").and_then(|item| number(item, "month_open_days", 0..=366, errors));
    let closed = word(&mut section, "closed", base.closed, errors);
    section.finish(errors);
    if basis == DateBasis::ShiftDate {
        if shift_calendar.is_none() && shift_end.is_none() {
            errors.add(item.line, "`basis: shift-date` needs a `shift_calendar`, or shifts in `at_shift_end`");
        }
        if let Some(item) = cutoff {
            errors.add(item.line, "`month_end_cutoff` has no meaning with `basis: shift-date`: the night shift belongs to the day it begins on");
        }
    } else if shift_calendar.is_some() {
        errors.add(item.line, "`shift_calendar` has no meaning without `basis: shift-date`");
    }
    PostingDate { basis, shift_calendar: shift_calendar.map(str::to_owned), open_from, closed_periods, month_end_cutoff_minutes, month_open_days, closed }
}

fn closed_periods(item: &Item, errors: &mut Errors) -> Vec<(lineside_schemas::Date, lineside_schemas::Date)> {
    let mut periods: Vec<_> = entries(item, "`closed_periods`", errors).into_iter().filter_map(|entry| period(entry, errors)).collect();
    periods.sort_unstable();
    if let Some(pair) = periods.windows(2).find(|pair| pair[1].0 <= pair[0].1) {
        errors.add(item.line, format!("closed periods overlap on {}", pair[1].0));
    }
    periods
}

fn minutes_of_day(item: &Item, errors: &mut Errors) -> Option<u32> {
    let text = item.text("`month_end_cutoff`", errors)?;
    let minutes = time_of(text).ok().filter(|time| time.second() == 0 && time.subsec_nanosecond() == 0).and_then(|time| {
        let minutes = u32::try_from(time.hour()).ok()? * 60 + u32::try_from(time.minute()).ok()?;
        (1..MINUTES_OF_A_DAY).contains(&minutes).then_some(minutes)
    });
    if minutes.is_none() {
        errors.add(item.line, format!("`month_end_cutoff` is a time of day such as 06:00; `{text}` is not"));
    }
    minutes
}
