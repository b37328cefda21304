//! What is wrong with a dialect file: where, and which right name is nearest.

use std::fmt;

use saphyr_parser::{Event, Parser};

/// One thing wrong, with its place.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct DialectError {
    /// File, as given.
    pub file: String,
    /// Line, from 1.
    pub line: usize,
    /// What is wrong.
    pub message: String,
}

impl fmt::Display for DialectError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.file, self.line, self.message)
    }
}

/// Everything wrong with a dialect file, by line. Never empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DialectErrors(pub Vec<DialectError>);

impl fmt::Display for DialectErrors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let lines: Vec<String> = self.0.iter().map(DialectError::to_string).collect();
        f.write_str(&lines.join("\n"))
    }
}

impl std::error::Error for DialectErrors {}

/// `; did you mean ...?`, or the names there are when none is near.
pub(super) fn suggestion<'n>(wrong: &str, names: impl IntoIterator<Item = &'n str>) -> String {
    const NEAR: f64 = 0.6;
    const LISTED: usize = 12;
    let names: Vec<&str> = names.into_iter().collect();
    let wrong = wrong.to_lowercase();
    let nearness = |name: &str| strsim::normalized_damerau_levenshtein(&wrong, &name.to_lowercase());
    match names.iter().map(|name| (nearness(name), name)).max_by(|a, b| a.0.total_cmp(&b.0)) {
        Some((near, name)) if near >= NEAR => format!("; did you mean `{name}`?"),
        Some(_) if names.len() <= LISTED => format!("; there is `{}`", names.join("`, `")),
        _ => String::new(),
    }
}

/// What serde says of a name that there is not, with the nearest one that there is.
pub(super) fn reworded(message: &str) -> String {
    let Some(rest) = message.split_once("unknown field `").or_else(|| message.split_once("unknown variant `")).map(|(_, rest)| rest) else { return message.to_owned() };
    let Some((wrong, expected)) = rest.split_once('`') else { return message.to_owned() };
    let names: Vec<&str> = expected.split('`').skip(1).step_by(2).collect();
    format!("there is no `{wrong}` here{}", suggestion(wrong, names))
}

/// Line of what stands at `path` (keys and indexes), or of the last part of it that there is.
pub(super) fn line_of(text: &str, path: &[String]) -> usize {
    /// A container on the way down: its next index or key, and whether it is on the path.
    struct Open {
        is_map: bool,
        next: usize,
        key: Option<String>,
        matched: Option<usize>,
    }
    let mut open: Vec<Open> = Vec::new();
    let mut line = 1;
    for next in Parser::new_from_str(text) {
        let Ok((event, span)) = next else { return line };
        let is_key = open.last().is_some_and(|top| top.is_map && top.key.is_none());
        if is_key && let Event::Scalar(key, ..) = &event {
            let here = span.start.line();
            if let Some(top) = open.last_mut() {
                if top.matched.is_some_and(|depth| path.get(depth).is_some_and(|part| part == key)) {
                    line = here;
                }
                top.key = Some(key.to_string());
            }
            continue;
        }
        let part = open.last().map(|top| if top.is_map { top.key.clone().unwrap_or_default() } else { top.next.to_string() });
        let depth = match (&part, open.last().and_then(|top| top.matched)) {
            (None, _) => Some(0),
            (Some(part), Some(depth)) if path.get(depth) == Some(part) => Some(depth + 1),
            _ => None,
        };
        let (starts, ends) = match &event {
            Event::SequenceStart(..) | Event::MappingStart(..) => (true, false),
            Event::SequenceEnd | Event::MappingEnd => (false, true),
            Event::Scalar(..) | Event::Alias(_) => (false, false),
            _ => continue,
        };
        if starts {
            if depth.is_some_and(|depth| depth > 0) && open.last().is_some_and(|top| !top.is_map) {
                line = span.start.line();
            }
            open.push(Open { is_map: matches!(event, Event::MappingStart(..)), next: 0, key: None, matched: depth });
            continue;
        }
        if ends {
            open.pop();
        }
        if let Some(top) = open.last_mut() {
            top.next += 1;
            top.key = None;
        }
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_leads_to_its_line() {
        let text = "a: 1\nb:\n  c: {d: 1}\n  e:\n    - x: 1\n    - x: 2\n      y: 3\n";
        let line = |path: &[&str]| line_of(text, &path.iter().map(|part| (*part).to_owned()).collect::<Vec<_>>());
        assert_eq!([line(&["a"]), line(&["b"]), line(&["b", "c", "d"]), line(&["b", "e", "1", "y"]), line(&["b", "e", "0", "x"])], [1, 2, 3, 7, 5]);
        assert_eq!(line(&["b", "e", "7"]), 4);
    }

    #[test]
    fn an_unknown_name_is_told_with_the_nearest() {
        assert_eq!(reworded("confirmation: unknown field `pth`, expected `path` or `body`"), "there is no `pth` here; did you mean `path`?");
        assert_eq!(reworded("missing field `key`"), "missing field `key`");
    }
}
