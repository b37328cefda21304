//! The formats, and what a mapping says of them.

use super::charset::Charset;
use super::segmentation::Segmentation;

/// Formats that documents come in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// JSON, RFC 8259.
    Json,
    /// One JSON text in each line.
    JsonLines,
    /// XML 1.0 with namespaces, without document types.
    Xml,
    /// Rows of fields, RFC 4180 and what became of it.
    Csv,
    /// ANSI X12 interchanges (X12.5, X12.6).
    X12,
    /// UN/EDIFACT interchanges (ISO 9735), syntax versions 1 to 4.
    Edifact,
}

impl Format {
    /// All of them.
    pub const ALL: &'static [Self] = &[Self::Json, Self::JsonLines, Self::Xml, Self::Csv, Self::X12, Self::Edifact];

    /// The name in mappings, which is also that of the root where the format itself has no name for it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Json => "json",
            Self::JsonLines => "json-lines",
            Self::Xml => "xml",
            Self::Csv => "csv",
            Self::X12 => "x12",
            Self::Edifact => "edifact",
        }
    }

    /// Whether bytes look like the format at their beginning: what else they are is seen when they are read.
    #[must_use]
    pub fn looks_like(self, bytes: &[u8]) -> bool {
        let start = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes).trim_ascii_start();
        match self {
            Self::Json | Self::JsonLines => matches!(start, [b'{' | b'[', ..]),
            Self::Xml => matches!(start, [b'<', ..] | [0xff, 0xfe, b'<', 0, ..] | [0xfe, 0xff, 0, b'<', ..]),
            Self::X12 | Self::Edifact => self.is_begun_by(bytes),
            Self::Csv => !Self::ALL.iter().any(|format| *format != Self::Csv && format.looks_like(bytes)),
        }
    }

    /// Whether bytes begin as only this format does: the header of an interchange. The other formats have no such sign.
    pub(crate) fn is_begun_by(self, bytes: &[u8]) -> bool {
        let start = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes).trim_ascii_start();
        match self {
            Self::X12 => start.starts_with(b"ISA"),
            Self::Edifact => start.starts_with(b"UNA") || start.starts_with(b"UNB"),
            Self::Json | Self::JsonLines | Self::Xml | Self::Csv => false,
        }
    }
}

/// A format with its options.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum DocumentFormat {
    Json(JsonFormat),
    JsonLines(JsonFormat),
    /// In the character set that the mapping gives; without one in that of the document's declaration, or UTF-8.
    Xml(Option<Charset>),
    Csv(CsvFormat),
    X12(EdiFormat),
    Edifact(EdiFormat),
}

/// How JSON is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct JsonFormat {
    pub(crate) twins: Twins,
    /// Where the mapping says that it is not UTF-8, as the standard wants it.
    pub(crate) charset: Option<Charset>,
}

/// What becomes of members of one name in one JSON object.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Twins {
    /// A rule that reads one refuses the record.
    #[default]
    Refuse,
    /// The last counts, the others are not there.
    Last,
}

/// How rows are written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct CsvFormat {
    pub(crate) delimiter: u8,
    /// `None`: a quote is a character as any other.
    pub(crate) quote: Option<u8>,
    /// What makes a quote within quotes a character; a doubled quote always is one.
    pub(crate) escape: Option<u8>,
    /// The first row names the columns.
    pub(crate) header: bool,
    /// Names of the columns. With a header, it has to have just these.
    pub(crate) columns: Option<Box<[Box<str>]>>,
    /// Lines at the start that are no rows.
    pub(crate) skip_lines: usize,
    /// Lines that start with it are no rows.
    pub(crate) comment: Option<u8>,
    /// Where the record has no byte order mark; `None` is UTF-8.
    pub(crate) charset: Option<Charset>,
}

impl Default for CsvFormat {
    fn default() -> Self {
        Self { delimiter: b',', quote: Some(b'"'), escape: None, header: true, columns: None, skip_lines: 0, comment: None, charset: None }
    }
}

/// How interchanges are read.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct EdiFormat {
    /// Instead of UTF-8 in X12, and of what the interchange says in EDIFACT.
    pub(crate) charset: Option<Charset>,
    pub(crate) segmentation: Segmentation,
}
