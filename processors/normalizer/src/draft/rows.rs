//! How a CSV sample is written: what separates, what stands before the rows, whether the first of them names the columns, and the encoding.

use std::collections::HashSet;
use std::fmt::Write as _;

use super::encoding::encoding_of;
use super::sniff::Sniffed;
use crate::document::{Charset, CsvFormat, DocumentFormat};

/// Characters that can separate fields.
const DELIMITERS: &[u8] = b";,\t|";

/// Characters that begin a comment.
const COMMENTS: &[u8] = b"#*";

/// The separator is what most lines have equally often; lines before the first of these are a title, or comments.
pub(super) fn csv(start: &[u8]) -> Option<Sniffed> {
    let lines: Vec<&[u8]> = start.split(|byte| *byte == b'\n').filter(|line| !line.trim_ascii().is_empty()).collect();
    let agreed = |delimiter: u8| {
        let counts: Vec<usize> = lines.iter().map(|line| line.split(|byte| *byte == delimiter).count() - 1).collect();
        let lines_with = |count: usize| counts.iter().filter(|other| **other == count).count();
        let count = counts.iter().copied().filter(|count| *count > 0).max_by_key(|count| (lines_with(*count), *count))?;
        let first = counts.iter().position(|other| *other == count)?;
        Some((lines_with(count), count, first, delimiter))
    };
    let (_, _, first, delimiter) = DELIMITERS.iter().rev().filter_map(|delimiter| agreed(*delimiter)).max_by_key(|(lines, count, ..)| (*lines, *count))?;

    let mut format = CsvFormat { delimiter, ..CsvFormat::default() };
    let shown = if delimiter == b'\t' { "\\t".to_owned() } else { char::from(delimiter).to_string() };
    let mut yaml = format!("{{type: csv, delimiter: \"{shown}\"");
    if let Some(name) = encoding_of(start) {
        format.charset = Charset::named(name);
        let _ = write!(yaml, ", encoding: {name}");
    }
    let before = &lines[..first];
    let begins_with = before.first().and_then(|line| line.first()).filter(|byte| COMMENTS.contains(byte));
    match begins_with.filter(|byte| before.iter().all(|line| line.first() == Some(byte))) {
        Some(comment) => {
            format.comment = Some(*comment);
            let _ = write!(yaml, ", comment: \"{}\"", char::from(*comment));
        }
        None if first > 0 => {
            format.skip_lines = first;
            let _ = write!(yaml, ", skip_lines: {first}");
        }
        None => {}
    }
    let fields: Vec<&[u8]> = lines[first].split(|byte| *byte == delimiter).map(<[u8]>::trim_ascii).collect();
    if !names_columns(&fields) {
        let columns: Vec<String> = (1..=fields.len()).map(|number| format!("column_{number}")).collect();
        let _ = write!(yaml, ", columns: [{}]", columns.join(", "));
        format.header = false;
        format.columns = Some(columns.into_iter().map(Into::into).collect());
    }
    yaml.push('}');
    let mut sniffed = Sniffed::of("csv", DocumentFormat::Csv(format));
    sniffed.yaml = yaml;
    Some(sniffed)
}

/// Whether a row can be the names of columns: no two of one name, and each with a letter in it.
fn names_columns(fields: &[&[u8]]) -> bool {
    let mut seen = HashSet::new();
    fields.iter().filter(|field| !field.is_empty()).all(|field| seen.insert(*field) && field.iter().any(|byte| byte.is_ascii_alphabetic() || !byte.is_ascii()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_known_by_what_most_lines_have_equally_often() {
        for (sample, yaml) in [
            (&b"a;b,c;d\n1;2;3"[..], "{type: csv, delimiter: \";\"}"),
            (b"a\tb\n", "{type: csv, delimiter: \"\\t\"}"),
            (b"a;b\n1;x, y, z\n2;u\n", "{type: csv, delimiter: \";\"}"),
            (b"List of May;plant d\na;b;c\n1;2;3\n", "{type: csv, delimiter: \";\", skip_lines: 1}"),
            (b"* List of May\na;b;c\n1;2;3\n* end\n", "{type: csv, delimiter: \";\", comment: \"*\"}"),
            (b"4711;x;x\n4712;y;z\n", "{type: csv, delimiter: \";\", columns: [column_1, column_2, column_3]}"),
            (b"Menge;St\xfcck\n1;2\n", "{type: csv, delimiter: \";\", encoding: windows-1252}"),
            (b"Menge;St\x81ck\n1;2\n", "{type: csv, delimiter: \";\", encoding: cp850}"),
        ] {
            assert_eq!(csv(sample).unwrap().yaml, yaml, "{}", sample.escape_ascii());
        }
        assert!(csv(b"hello").is_none() && csv(b"").is_none());
    }
}
