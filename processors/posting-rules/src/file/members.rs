//! Reads the members of a section: words, numbers, lists of names, lengths of time.

use lineside_schemas::unit::{UNITS, unit_by_code, unit_by_symbol};
use lineside_schemas::{Date, Decimal, Timestamp};
use lineside_yaml::{Errors, Item, Section, Value, suggestion, suggestion_or};

use super::span;
use super::words::Word;
use crate::rule::EVERY;

/// Characters that a name or code may have.
const MAX_NAME: usize = 100;
/// Characters that a text for people may have.
const MAX_TEXT: usize = 2000;
/// Entries that a list may have.
const MAX_LIST: usize = 1000;

/// The word at a key; `default` if it is not there or wrong.
pub(super) fn word<W: Word>(section: &mut Section<'_>, key: &'static str, default: W, errors: &mut Errors) -> W {
    section.take(key).and_then(|item| word_at(item, key, errors)).unwrap_or(default)
}

/// The word that stands here.
pub(super) fn word_at<W: Word>(item: &Item, key: &str, errors: &mut Errors) -> Option<W> {
    let text = item.text(&format!("`{key}`"), errors)?;
    let word = W::from_word(text);
    if word.is_none() {
        let words = W::words();
        errors.add(item.line, format!("`{key}` is no `{text}`{}", suggestion(text, words.iter().map(String::as_str))));
    }
    word
}

/// `true` or `false` at a key.
pub(super) fn flag(section: &mut Section<'_>, key: &'static str, default: bool, errors: &mut Errors) -> bool {
    let Some(item) = section.take(key) else { return default };
    match item.text(&format!("`{key}`"), errors) {
        Some("true") => true,
        Some("false") => false,
        Some(other) => {
            errors.add(item.line, format!("`{key}` is true or false, not `{other}`"));
            default
        }
        None => default,
    }
}

/// A whole number between two.
pub(super) fn number(item: &Item, key: &str, range: std::ops::RangeInclusive<u32>, errors: &mut Errors) -> Option<u32> {
    let text = item.text(&format!("`{key}`"), errors)?;
    let number = text.parse().ok().filter(|number| range.contains(number));
    if number.is_none() {
        errors.add(item.line, format!("`{key}` is a whole number from {} to {}; `{text}` is not", range.start(), range.end()));
    }
    number
}

/// A name or code: not empty, no control characters, no blanks at its ends, not too long.
pub(super) fn name<'i>(item: &'i Item, what: &str, errors: &mut Errors) -> Option<&'i str> {
    let text = item.text(what, errors)?;
    if text.is_empty() || text.chars().count() > MAX_NAME || text.trim() != text || text.chars().any(char::is_control) {
        errors.add(item.line, format!("{what} has 1 to {MAX_NAME} characters, no control characters, no blanks around it; `{}` has not", text.escape_debug()));
        return None;
    }
    Some(text)
}

/// A text for people.
pub(super) fn prose(item: &Item, what: &str, errors: &mut Errors) -> Option<String> {
    let text = item.text(what, errors)?.trim();
    if text.is_empty() || text.chars().count() > MAX_TEXT {
        errors.add(item.line, format!("{what} has 1 to {MAX_TEXT} characters"));
        return None;
    }
    Some(text.to_owned())
}

/// The entries of a list, or the one entry that stands instead of a list.
pub(super) fn entries<'i>(item: &'i Item, what: &str, errors: &mut Errors) -> Vec<&'i Item> {
    match &item.value {
        Value::List(items) if items.len() > MAX_LIST => {
            errors.add(item.line, format!("{what} has more than {MAX_LIST} entries"));
            Vec::new()
        }
        Value::List(items) => items.iter().map(|item| &**item).collect(),
        _ => vec![item],
    }
}

/// Names, each once; [`EVERY`] only alone, and only where `may_be_every`.
pub(super) fn names(item: &Item, what: &str, may_be_every: bool, errors: &mut Errors) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    let items = entries(item, what, errors);
    for entry in &items {
        let Some(name) = name(entry, what, errors) else { continue };
        if names.iter().any(|known| known == name) {
            errors.add(entry.line, format!("{what} has `{name}` twice"));
        } else if name == EVERY && !may_be_every {
            errors.add(entry.line, format!("{what} cannot be `{EVERY}`"));
        } else {
            names.push(name.to_owned());
        }
    }
    if names.len() > 1 && names.iter().any(|name| name == EVERY) {
        errors.add(item.line, format!("{what} has `{EVERY}`, which stands for every one, beside others"));
    }
    if items.is_empty() && may_be_every {
        errors.add(item.line, format!("{what} is empty; `\"{EVERY}\"` stands for every one"));
    }
    names
}

/// A length of time, in milliseconds.
pub(super) fn length(item: &Item, key: &str, errors: &mut Errors) -> Option<i64> {
    let text = item.text(&format!("`{key}`"), errors)?;
    let ms = span::parse(text);
    if ms.is_none() {
        errors.add(item.line, format!("`{key}` is a length of time such as 7d, 4h, 1h30m or 90s, up to ten years; `{text}` is not"));
    }
    ms
}

/// Whole days, given as a length of time.
pub(super) fn days(item: &Item, key: &str, errors: &mut Errors) -> Option<u32> {
    let ms = length(item, key, errors)?;
    if ms % span::DAY_MS != 0 {
        errors.add(item.line, format!("`{key}` is a number of days, such as 90d"));
        return None;
    }
    u32::try_from(ms / span::DAY_MS).ok()
}

/// A calendar date.
pub(super) fn date(item: &Item, key: &str, errors: &mut Errors) -> Option<Date> {
    let text = item.text(&format!("`{key}`"), errors)?;
    let date = Date::from_iso(text);
    if date.is_none() {
        errors.add(item.line, format!("`{key}` is a date such as 2026-03-31; `{text}` is not"));
    }
    date
}

/// An instant, with its offset from UTC.
pub(super) fn instant(item: &Item, key: &str, errors: &mut Errors) -> Option<Timestamp> {
    let text = item.text(&format!("`{key}`"), errors)?;
    let parsed = text.parse::<jiff::Timestamp>().ok().filter(|instant| instant.subsec_nanosecond() % 1000 == 0);
    if parsed.is_none() {
        errors.add(item.line, format!("`{key}` is an instant with its offset, such as 2026-01-01T00:00:00+01:00 or 2025-12-31T23:00:00Z; `{text}` is not"));
    }
    parsed.map(|instant| Timestamp::from_micros(instant.as_microsecond()))
}

/// A unit of the table of units.
pub(super) fn unit<'t>(text: &'t str, line: usize, errors: &mut Errors) -> Option<&'t str> {
    if unit_by_code(text).is_none() {
        errors.add(line, format!("there is no unit `{text}`{}", suggestion_or(unit_by_symbol(text).map(|unit| unit.code), text, UNITS.iter().map(|unit| unit.code))));
        return None;
    }
    Some(text)
}

/// A number that is not negative.
pub(super) fn amount(text: &str, line: usize, what: &str, errors: &mut Errors) -> Option<Decimal> {
    match text.parse::<Decimal>() {
        Ok(amount) if amount.is_negative() => {
            errors.add(line, format!("{what} is negative"));
            None
        }
        Ok(amount) => Some(amount),
        Err(error) => {
            errors.add(line, format!("{what} is `{text}`: {error}"));
            None
        }
    }
}
