//! CSV to nodes: a list of records. Fields are borrowed from the record where nothing in them is escaped.
//!
//! `csv-core` finds the ends of the fields. It takes whatever comes, so what it would mend in silence is refused here: quotes that do not close,
//! text behind a closing quote, rows that are longer or shorter than the others.

use std::collections::HashSet;

use bumpalo::Bump;
use csv_core::{ReadFieldResult, Reader, ReaderBuilder};

use super::charset::place;
use super::format::{CsvFormat, Format};
use super::names::NO_NAMESPACE;
use super::nodes::{Kind, Node, Nodes};
use crate::limits::Limits;
use crate::refusals::{Checked, Code, Fault, shown};

/// What the editors of DOS wrote at the end of a file.
const DOS_END: char = '\u{1a}';

/// Parses rows below one list. Lines with nothing in them are none.
pub(super) fn parse<'a>(text: &'a str, format: &'a CsvFormat, limits: &Limits, arena: &'a Bump) -> Checked<&'a [Node<'a>]> {
    let text = text.trim_end_matches(DOS_END);
    if let Some(at) = text.find('\0') {
        let (line, column) = place(text, at);
        return Err(Fault::new(Code::InvalidCsv, format!("line {line}, column {column}: a NUL byte")));
    }
    let mut rows = Rows::new(text, format, limits, arena);
    let mut fields = Vec::new();
    let columns = columns(&mut rows, &mut fields, arena)?;
    let mut nodes = Nodes::new(limits, arena);
    nodes.open(Format::Csv.as_str(), NO_NAMESPACE, Kind::List)?;
    while rows.next(&mut fields)? {
        if fields.len() != columns.len() {
            return Err(rows.fault(fields.len().min(columns.len()), &format!("the row has {} fields where {} belong", fields.len(), columns.len())));
        }
        nodes.open("", NO_NAMESPACE, Kind::Record)?;
        for (index, (name, field)) in columns.iter().zip(&fields).enumerate() {
            if !name.is_empty() {
                nodes.push(name, NO_NAMESPACE, Kind::Text, field)?;
            } else if !field.is_empty() {
                return Err(rows.fault(index, &format!("{} stands in a column without a name", shown(field))));
            }
        }
        nodes.close();
    }
    nodes.close();
    Ok(nodes.finish())
}

/// Names of the columns: those of the mapping, or those of the first row, which has to have the mapping's where there are both.
fn columns<'a>(rows: &mut Rows<'a>, fields: &mut Vec<&'a str>, arena: &'a Bump) -> Checked<&'a [&'a str]> {
    let given = rows.format.columns.as_deref();
    if rows.format.header {
        if !rows.next(fields)? {
            return Err(Fault::new(Code::InvalidCsv, "there is no row, not even one with the names of the columns"));
        }
        for (index, field) in fields.iter_mut().enumerate() {
            *field = field.trim();
            if let Some(wanted) = given.and_then(|given| given.get(index)).filter(|wanted| ***wanted != **field) {
                return Err(rows.fault(index, &format!("the column is named {}, where the mapping has {}", shown(field), shown(wanted))));
            }
        }
        let mut seen = HashSet::new();
        if let Some(index) = fields.iter().position(|name| !name.is_empty() && !seen.insert(*name)) {
            return Err(rows.fault(index, &format!("a second column is named {}", shown(fields[index]))));
        }
        if let Some(given) = given.filter(|given| given.len() != fields.len()) {
            return Err(rows.fault(fields.len().min(given.len()), &format!("there are {} columns where the mapping has {}", fields.len(), given.len())));
        }
        return Ok(arena.alloc_slice_copy(fields));
    }
    Ok(arena.alloc_slice_fill_iter(given.unwrap_or_default().iter().map(|name| &**name)))
}

struct Rows<'a> {
    text: &'a str,
    format: &'a CsvFormat,
    reader: Reader,
    /// Behind what was read.
    at: usize,
    /// Where the row that was read last starts.
    start: usize,
    /// What `csv-core` writes fields to; no field is longer than the text.
    output: &'a mut [u8],
    field_limit: usize,
    arena: &'a Bump,
}

impl<'a> Rows<'a> {
    fn new(text: &'a str, format: &'a CsvFormat, limits: &Limits, arena: &'a Bump) -> Self {
        let reader = ReaderBuilder::new().delimiter(format.delimiter).quoting(format.quote.is_some()).quote(format.quote.unwrap_or(b'"')).escape(format.escape).build();
        let at = text.split_inclusive('\n').take(format.skip_lines).map(str::len).sum();
        Self { text, format, reader, at, start: at, output: arena.alloc_slice_fill_copy(text.len() + 1, 0), field_limit: limits.nodes, arena }
    }

    /// Reads the next row; false at the end.
    fn next(&mut self, fields: &mut Vec<&'a str>) -> Checked<bool> {
        fields.clear();
        self.skip_what_is_no_row();
        self.start = self.at;
        if self.at == self.text.len() {
            return Ok(false);
        }
        loop {
            let (field, is_last) = self.field(fields.len())?;
            if fields.len() >= self.field_limit {
                return Err(Fault::new(Code::TooManyNodes, format!("more than {} fields in one row", self.field_limit)));
            }
            fields.push(field);
            if is_last {
                return Ok(true);
            }
        }
    }

    fn skip_what_is_no_row(&mut self) {
        let bytes = self.text.as_bytes();
        loop {
            match bytes.get(self.at) {
                Some(b'\r' | b'\n') => self.at += 1,
                first if first.is_some() && first == self.format.comment.as_ref() => {
                    self.at += bytes[self.at..].iter().position(|byte| matches!(byte, b'\r' | b'\n')).unwrap_or(bytes.len() - self.at);
                }
                _ => return,
            }
        }
    }

    /// Reads a field, and whether it is the row's last. `index`: its number, from 0.
    fn field(&mut self, index: usize) -> Checked<(&'a str, bool)> {
        let start = self.at;
        let mut written = 0;
        let is_last = loop {
            let (result, read, wrote) = self.reader.read_field(&self.text.as_bytes()[self.at..], &mut self.output[written..]);
            self.at += read;
            written += wrote;
            match result {
                ReadFieldResult::Field { record_end } => break record_end,
                // Without input the next call ends the field.
                ReadFieldResult::InputEmpty | ReadFieldResult::OutputFull if written < self.output.len() => {}
                _ => return Err(self.fault(index, "the field has no end")),
            }
        };
        let raw = &self.text[start..self.at];
        let Some(quote) = self.format.quote.filter(|quote| raw.as_bytes().first() == Some(quote)) else {
            return Ok((self.without_end(raw, is_last), is_last));
        };
        let Some(closing) = self.closing_quote(raw.as_bytes(), quote) else {
            return Err(self.fault(index, "a quote that is not closed"));
        };
        if !self.without_end(&raw[closing + 1..], is_last).is_empty() {
            return Err(self.fault(index, "text behind the quote that closes the field"));
        }
        let inside = &raw[1..closing];
        let field = &self.output[..written];
        if inside.as_bytes() == field {
            return Ok((inside, is_last));
        }
        let field = std::str::from_utf8(field).map_err(|_| self.fault(index, "the field cannot be unescaped"))?;
        Ok((self.arena.alloc_str(field), is_last))
    }

    /// Without the delimiter or line break behind it. At the end of the text there is none.
    fn without_end<'r>(&self, raw: &'r str, is_last: bool) -> &'r str {
        if is_last { raw.trim_end_matches(['\r', '\n']) } else { raw.strip_suffix(char::from(self.format.delimiter)).unwrap_or(raw) }
    }

    /// Position of the quote that closes the field which starts with one.
    fn closing_quote(&self, raw: &[u8], quote: u8) -> Option<usize> {
        let mut at = 1;
        loop {
            match raw.get(at)? {
                byte if Some(*byte) == self.format.escape && *byte != quote => at += 2,
                byte if *byte == quote && raw.get(at + 1) == Some(&quote) => at += 2,
                byte if *byte == quote => return Some(at),
                _ => at += 1,
            }
        }
    }

    /// Something wrong with a field, by its number from 0, of the row read last.
    fn fault(&self, index: usize, wrong: &str) -> Fault {
        let (line, _) = place(self.text, self.start);
        Fault::new(Code::InvalidCsv, format!("row in line {line}, column {}: {wrong}", index + 1))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::document::{Document, DocumentFormat, Namespaces};

    /// The rows, each field as `name=text`.
    fn rows_of(bytes: &[u8], format: CsvFormat) -> Result<Vec<String>, (Code, String)> {
        let arena = Bump::new();
        let format = DocumentFormat::Csv(format);
        let document = Document::parse(&format, bytes, &Namespaces::default(), &Limits::default(), &arena).map_err(|fault| (fault.code, fault.message.clone()))?;
        assert_eq!((document.node(0).name, document.node(0).kind), ("csv", Kind::List));
        let field = |id| format!("{}={}", document.node(id).name, document.node(id).text);
        Ok(document.children(0).map(|row| document.children(row).map(field).collect::<Vec<_>>().join("|")).collect())
    }

    fn rows(text: &str) -> Result<Vec<String>, (Code, String)> {
        rows_of(text.as_bytes(), CsvFormat::default())
    }

    fn names(names: &[&str]) -> Box<[Box<str>]> {
        names.iter().map(|name| (*name).into()).collect()
    }

    #[test]
    fn the_header_names_the_fields() {
        for text in ["a,b\n1,2\n,\n", "a,b\r\n1,2\r\n,\r\n", "a,b\r1,2\r,", "\n\n a , b \n\n1,2\r\n\r\n,\u{1a}", "\u{feff}a,b\n1,2\n\"\",\"\""] {
            assert_eq!(rows(text).unwrap(), ["a=1|b=2", "a=|b="], "{text:?}");
        }
        assert!(rows("a,b\n").unwrap().is_empty());
    }

    #[test]
    fn quotes_hold_what_would_separate() {
        assert_eq!(rows("a,b\n\"x,\"\"y\"\"\n\",\"z\"\n5\" pipe,\"\"").unwrap(), ["a=x,\"y\"\n|b=z", "a=5\" pipe|b="]);
        let escaped = CsvFormat { escape: Some(b'\\'), ..CsvFormat::default() };
        assert_eq!(
            rows_of(
                br#"a,b
"x\"y,",\n"#,
                escaped
            )
            .unwrap(),
            ["a=x\"y,|b=\\n"]
        );
        let unquoted = CsvFormat { quote: None, ..CsvFormat::default() };
        assert_eq!(rows_of(b"a,b\n\"x,y\"", unquoted).unwrap(), ["a=\"x|b=y\""]);
        let single = CsvFormat { quote: Some(b'\''), delimiter: b';', ..CsvFormat::default() };
        assert_eq!(rows_of(b"a;b\n'x;''y';\"z\"", single).unwrap(), ["a=x;'y|b=\"z\""]);
    }

    #[test]
    fn what_is_no_row_is_skipped() {
        let format = CsvFormat { delimiter: b'\t', skip_lines: 2, comment: Some(b'#'), ..CsvFormat::default() };
        assert_eq!(rows_of(b"Report \"of\r\n\r\n# shift 1\r\na\tb\r\n#x\r\n1\t#2\r\n#", format).unwrap(), ["a=1|b=#2"]);
    }

    #[test]
    fn columns_are_named_by_the_mapping_where_there_is_no_header() {
        let format = CsvFormat { header: false, columns: Some(names(&["a", "b"])), ..CsvFormat::default() };
        assert_eq!(rows_of(b"1,2\n3,4", format).unwrap(), ["a=1|b=2", "a=3|b=4"]);
        let both = CsvFormat { columns: Some(names(&["a", "b"])), ..CsvFormat::default() };
        assert_eq!(rows_of(b"a,b\n3,4", both.clone()).unwrap(), ["a=3|b=4"]);
        let refused = |text: &[u8]| rows_of(text, both.clone()).unwrap_err().1;
        assert_eq!(refused(b"a,c\n3,4"), "row in line 1, column 2: the column is named `c`, where the mapping has `b`");
        assert_eq!(refused(b"a\n3"), "row in line 1, column 2: there are 1 columns where the mapping has 2");
    }

    #[test]
    fn a_column_without_a_name_holds_nothing() {
        assert_eq!(rows("a,b,\n1,2,\n").unwrap(), ["a=1|b=2"]);
        assert_eq!(rows("a,b,\n1,2,3\n").unwrap_err().1, "row in line 2, column 3: `3` stands in a column without a name");
    }

    #[test]
    fn what_is_wrong_is_refused_with_row_and_column() {
        for (text, message) in [
            ("a,b\n1,2\n\n1\n", "row in line 4, column 2: the row has 1 fields where 2 belong"),
            ("a,b\n1,2,3\n", "row in line 2, column 3: the row has 3 fields where 2 belong"),
            ("a,b\n1,\"2\n3,4\n", "row in line 2, column 2: a quote that is not closed"),
            ("a,b\n\"", "row in line 2, column 1: a quote that is not closed"),
            ("a,b\n1,\"2\"x\n", "row in line 2, column 2: text behind the quote that closes the field"),
            ("a,b\n1,2\n1,\0\n", "line 3, column 3: a NUL byte"),
            ("a,b, a\n", "row in line 1, column 3: a second column is named `a`"),
            ("\n", "there is no row, not even one with the names of the columns"),
        ] {
            assert_eq!(rows(text), Err((Code::InvalidCsv, message.to_owned())), "{text:?}");
        }
        let said = rows_of(b"a,b\n1,\xff\n", CsvFormat::default()).unwrap_err();
        assert_eq!(said, (Code::InvalidEncoding, "line 2, column 3: a byte that is no UTF-8".to_owned()));
    }

    #[test]
    fn rows_and_fields_are_bounded() {
        assert_eq!(rows(&format!("a\n{}", "1\n".repeat(100_000))).unwrap_err().0, Code::TooManyNodes);
        assert_eq!(rows(&",".repeat(100_000)).unwrap_err().0, Code::TooManyNodes);
    }

    #[test]
    fn plain_and_quoted_fields_are_borrowed() {
        let arena = Bump::new();
        let (format, text) = (CsvFormat::default(), "a,b\nplain,\"quoted\"");
        let nodes = parse(text, &format, &Limits::default(), &arena).unwrap();
        let texts: Vec<_> = nodes.iter().filter(|node| node.kind == Kind::Text).map(|node| node.text).collect();
        assert_eq!(texts, ["plain", "quoted"]);
        assert!(texts.iter().all(|field| text.as_bytes().as_ptr_range().contains(&field.as_ptr())));
    }

    proptest! {
        #[test]
        fn reads_what_is_written(table in (1..5_usize).prop_flat_map(|width| proptest::collection::vec(proptest::collection::vec("[a-z;,\"'\n\r ü]{0,6}", width), 1..6)),
            delimiter in prop_oneof![Just(b','), Just(b';'), Just(b'\t'), Just(b'|')], end in prop_oneof![Just("\n"), Just("\r\n"), Just("\r")]) {
            let columns: Vec<String> = (0..table[0].len()).map(|index| format!("c{index}")).collect();
            let quoted = |field: &String| format!("\"{}\"", field.replace('"', "\"\""));
            let between = char::from(delimiter).to_string();
            let text: String = table.iter().map(|row| row.iter().map(quoted).collect::<Vec<_>>().join(&between) + end).collect();
            let format = CsvFormat { delimiter, header: false, columns: Some(columns.iter().map(|name| name.as_str().into()).collect()), ..CsvFormat::default() };
            let expected: Vec<String> = table.iter().map(|row| row.iter().zip(&columns).map(|(field, name)| format!("{name}={field}")).collect::<Vec<_>>().join("|")).collect();
            prop_assert_eq!(rows_of(text.as_bytes(), format).unwrap(), expected);
        }

        #[test]
        fn no_bytes_panic(bytes in prop_oneof![proptest::collection::vec(any::<u8>(), 0..60), "[ab,;\"'\\\\\n\r#]{0,40}".prop_map(String::into_bytes)],
            escape in proptest::option::of(Just(b'\\')), header in any::<bool>(), comment in proptest::option::of(Just(b'#'))) {
            let format = DocumentFormat::Csv(CsvFormat { escape, header, comment, columns: (!header).then(|| names(&["a", "b"])), ..CsvFormat::default() });
            let (arena, limits) = (Bump::new(), Limits { nodes: 20, ..Limits::default() });
            if let Ok(document) = Document::parse(&format, &bytes, &Namespaces::default(), &limits, &arena) {
                prop_assert!(document.node(0).end <= 20);
            }
        }
    }
}
