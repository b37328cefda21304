//! How the dates and times of a source are written: `time` of a file, and of a single value.

use jiff::civil::Time;

use crate::convert::time_format::TimeFormat;
use crate::convert::time_pattern::TimePattern;
use lineside_yaml::Errors;
use lineside_yaml::{Item, Section};

/// Reads `{formats: [...], pivot: 1970, at: "06:00"}`.
pub(super) fn time_format(item: &Item, errors: &mut Errors) -> Option<TimeFormat> {
    let mut section = Section::new(item, "`time`", errors);
    let formats = section.need("formats", errors);
    let pivot = section.take("pivot");
    let at = section.take("at");
    section.finish(errors);
    let pivot = match pivot {
        Some(item) => Some(year(item, errors)?),
        None => None,
    };
    let at = match at {
        Some(item) => Some(time_of_day(item, errors)?),
        None => None,
    };
    let formats = formats?;
    let mut patterns = Vec::new();
    for text in formats.texts("`formats`", errors) {
        match TimePattern::compile(text, pivot) {
            Ok(pattern) => patterns.push(pattern),
            Err(message) => errors.add(formats.line, message),
        }
    }
    if patterns.is_empty() {
        errors.add(formats.line, "`formats` names no form of a time");
    }
    Some(TimeFormat { patterns: patterns.into(), at })
}

fn year(item: &Item, errors: &mut Errors) -> Option<i16> {
    let text = item.text("`pivot`", errors)?;
    let year = text.parse().ok().filter(|year| text.len() == 4 && (1000..=9900).contains(year));
    if year.is_none() {
        errors.add(item.line, format!("`pivot` is the first year that two digits can mean, such as 1970, not `{text}`"));
    }
    year
}

fn time_of_day(item: &Item, errors: &mut Errors) -> Option<Time> {
    let text = item.text("`at`", errors)?;
    let time = text.parse().ok().filter(|_| text.len() == 5 || text.len() == 8);
    if time.is_none() {
        errors.add(item.line, format!("`at` is a time of day such as 06:00, not `{text}`"));
    }
    time
}
