//! `format` of a mapping: the name of a format, or a map with its options.

use super::compile::Compiler;
use crate::document::{Charset, CsvFormat, DocumentFormat, EdiFormat, Format, JsonFormat, Twins, WELL_KNOWN_CHARSETS};
use lineside_yaml::suggestion;
use lineside_yaml::{Item, Section, Value};

/// Something in place of a delimiter or quote.
const NONE: &str = "none";

impl Compiler {
    /// Reads `format`, and the mapping's `segments` where the format has any.
    pub(super) fn document_format(&mut self, item: &Item, segments: Option<&Item>) -> Option<(Format, DocumentFormat)> {
        let names: Vec<&str> = Format::ALL.iter().map(|format| format.as_str()).collect();
        let (name, mut options) = if item.map().is_some() {
            let mut section = Section::new(item, "`format`", &mut self.errors);
            (section.need("type", &mut self.errors)?, Some(section))
        } else {
            (item, None)
        };
        let name = self.one_of(name, "format", &names)?;
        let format = *Format::ALL.iter().find(|format| format.as_str() == name)?;
        if let Some(item) = segments.filter(|_| !matches!(format, Format::X12 | Format::Edifact)) {
            self.errors.add(item.line, format!("{name} has no segments"));
        }
        let compiled = match format {
            Format::Json => DocumentFormat::Json(self.json(options.as_mut())?),
            Format::JsonLines => DocumentFormat::JsonLines(self.json(options.as_mut())?),
            Format::Xml => DocumentFormat::Xml(self.encoding(options.as_mut())),
            Format::Csv => DocumentFormat::Csv(self.csv(item.line, options.as_mut())?),
            Format::X12 => DocumentFormat::X12(self.edi(options.as_mut(), segments)),
            Format::Edifact => DocumentFormat::Edifact(self.edi(options.as_mut(), segments)),
        };
        if let Some(options) = options {
            options.finish(&mut self.errors);
        }
        Some((format, compiled))
    }

    fn json(&mut self, mut options: Option<&mut Section<'_>>) -> Option<JsonFormat> {
        Some(JsonFormat { twins: self.twins(options.as_deref_mut())?, charset: self.encoding(options) })
    }

    /// `duplicate_members`: what becomes of members of one name.
    fn twins(&mut self, options: Option<&mut Section<'_>>) -> Option<Twins> {
        let Some(item) = options.and_then(|options| options.take("duplicate_members")) else { return Some(Twins::default()) };
        let name = self.one_of(item, "duplicate_members", &["refuse", "last"])?;
        Some(if name == "last" { Twins::Last } else { Twins::Refuse })
    }

    fn edi(&mut self, options: Option<&mut Section<'_>>, segments: Option<&Item>) -> EdiFormat {
        EdiFormat { charset: self.encoding(options), segmentation: segments.map(|item| self.segmentation(item)).unwrap_or_default() }
    }

    fn csv(&mut self, line: usize, options: Option<&mut Section<'_>>) -> Option<CsvFormat> {
        let mut csv = CsvFormat::default();
        let Some(options) = options else { return Some(csv) };
        if let Some(item) = options.take("delimiter") {
            csv.delimiter = self.character(item, "delimiter")?;
        }
        if let Some(item) = options.take("quote") {
            csv.quote = if item.scalar() == Some(NONE) { None } else { Some(self.character(item, "quote")?) };
        }
        csv.escape = options.take("escape").and_then(|item| self.character(item, "escape"));
        csv.comment = options.take("comment").and_then(|item| self.character(item, "comment"));
        csv.columns = options.take("columns").and_then(|item| self.columns(item));
        csv.header = match options.take("header") {
            Some(item) => self.one_of(item, "header", &["true", "false"])? == "true",
            None => csv.columns.is_none(),
        };
        csv.charset = self.encoding(Some(&mut *options));
        if let Some(item) = options.take("skip_lines") {
            let text = item.text("`skip_lines`", &mut self.errors)?;
            match text.parse() {
                Ok(lines) => csv.skip_lines = lines,
                Err(_) => self.errors.add(item.line, format!("`{text}` is no number of lines")),
            }
        }
        if !csv.header && csv.columns.is_none() {
            self.errors.add(line, "without a header `columns` has to name the columns");
        }
        let meanings = [Some(csv.delimiter), csv.quote, csv.escape.filter(|escape| Some(*escape) != csv.quote), csv.comment];
        if let Some(twice) = meanings.iter().enumerate().find_map(|(index, one)| one.filter(|_| meanings[..index].contains(one))) {
            self.errors.add(line, format!("`{}` cannot have two meanings", char::from(twice).escape_debug()));
        }
        Some(csv)
    }

    /// One ASCII character that can separate or quote.
    fn character(&mut self, item: &Item, what: &str) -> Option<u8> {
        let text = item.text(&format!("`{what}`"), &mut self.errors)?;
        match text.as_bytes() {
            [character] if character.is_ascii() && !character.is_ascii_alphanumeric() && !matches!(character, 0 | b'\r' | b'\n') => Some(*character),
            _ => {
                self.errors.add(item.line, format!("`{what}` is one character that is no letter and no digit; `{text}` is not"));
                None
            }
        }
    }

    fn columns(&mut self, item: &Item) -> Option<Box<[Box<str>]>> {
        let Value::List(items) = &item.value else {
            self.errors.add(item.line, format!("`columns` is {}, where a list should stand", item.describe()));
            return None;
        };
        let mut columns: Vec<Box<str>> = Vec::new();
        for item in items {
            let name = item.text("a column", &mut self.errors)?;
            if !name.is_empty() && columns.iter().any(|known| **known == *name) {
                self.errors.add(item.line, format!("a second column is named `{name}`"));
            }
            columns.push(name.into());
        }
        if columns.is_empty() {
            self.errors.add(item.line, "`columns` names no column");
        }
        Some(columns.into())
    }

    /// `encoding`: the character set of the bytes.
    fn encoding(&mut self, options: Option<&mut Section<'_>>) -> Option<Charset> {
        let item = options?.take("encoding")?;
        let name = item.text("`encoding`", &mut self.errors)?;
        let charset = Charset::named(name);
        if charset.is_none() {
            self.errors.add(item.line, format!("there is no encoding `{name}`{}", suggestion(name, WELL_KNOWN_CHARSETS.iter().copied())));
        }
        charset
    }
}
