//! The format of a sample, by its first bytes and by trying.

use bumpalo::Bump;
use quick_xml::NsReader;
use quick_xml::events::Event;
use quick_xml::name::ResolveResult;

use super::encoding::encoding_of;
use super::{DraftError, rows};
use crate::document::{Charset, Document, DocumentFormat, EdiFormat, Format, Hierarchy, JsonFormat, Namespaces, Segmentation, xml_text};
use crate::limits::Limits;

/// What a sample is.
#[derive(Debug)]
pub(super) struct Sniffed {
    /// Name of the format.
    pub(super) name: &'static str,
    pub(super) format: DocumentFormat,
    /// Value of `format` in YAML.
    pub(super) yaml: String,
    /// Namespace of an XML root.
    pub(super) namespace: Option<String>,
    pub(super) namespaces: Namespaces,
    /// Value of `segments` in YAML.
    pub(super) segments: Option<&'static str>,
}

impl Sniffed {
    pub(super) fn of(name: &'static str, format: DocumentFormat) -> Self {
        Self { name, format, yaml: name.to_owned(), namespace: None, namespaces: Namespaces::default(), segments: None }
    }

    /// With the encoding that the mapping has to say.
    fn in_encoding(mut self, encoding: Option<&str>) -> Self {
        if let Some(encoding) = encoding {
            self.yaml = format!("{{type: {}, encoding: {encoding}}}", self.name);
        }
        self
    }
}

pub(super) fn sniff(sample: &[u8]) -> Result<Sniffed, DraftError> {
    let start = sample.strip_prefix(b"\xef\xbb\xbf").unwrap_or(sample).trim_ascii_start();
    match Format::ALL.iter().find(|format| format.looks_like(sample)) {
        Some(Format::X12) => Ok(x12(sample)),
        Some(Format::Edifact) => Ok(Sniffed::of("edifact", DocumentFormat::Edifact(EdiFormat::default()))),
        Some(Format::Xml) => Ok(xml(sample)),
        Some(Format::Json | Format::JsonLines) => {
            let lines = start.split(|byte| *byte == b'\n').filter(|line| !line.trim_ascii().is_empty()).count();
            let encoding = encoding_of(sample);
            let format = JsonFormat { charset: encoding.and_then(Charset::named), ..JsonFormat::default() };
            let is_lines = lines > 1 && !parses(&DocumentFormat::Json(format), sample) && parses(&DocumentFormat::JsonLines(format), sample);
            let sniffed = if is_lines { Sniffed::of("json-lines", DocumentFormat::JsonLines(format)) } else { Sniffed::of("json", DocumentFormat::Json(format)) };
            Ok(sniffed.in_encoding(encoding))
        }
        Some(Format::Csv) | None => rows::csv(start).ok_or(DraftError::UnknownFormat),
    }
}

fn parses(format: &DocumentFormat, sample: &[u8]) -> bool {
    Document::parse(format, sample, &Namespaces::default(), &Limits::DEFAULT, &Bump::new()).is_ok()
}

fn xml(sample: &[u8]) -> Sniffed {
    let arena = Bump::new();
    // What a document says of itself needs no word in the mapping.
    let mut sniffed = Sniffed::of("xml", DocumentFormat::Xml(None));
    let mut text = xml_text(sample, None, &arena);
    if text.is_err()
        && let Some(name) = encoding_of(sample)
    {
        let charset = Charset::named(name);
        sniffed = Sniffed::of("xml", DocumentFormat::Xml(charset)).in_encoding(Some(name));
        text = xml_text(sample, charset, &arena);
    }
    // Why a text cannot be read is said when the sample is.
    let mut reader = NsReader::from_str(text.unwrap_or_default());
    while let Ok((namespace, event)) = reader.read_resolved_event() {
        match (namespace, event) {
            (ResolveResult::Bound(uri), Event::Start(_) | Event::Empty(_)) => {
                let uri: &str = uri.as_ref();
                sniffed.namespaces.add("default", uri);
                sniffed.namespace = Some(uri.to_owned());
                break;
            }
            (_, Event::Start(_) | Event::Empty(_) | Event::Eof) => break,
            _ => {}
        }
    }
    sniffed
}

/// Levels that name their parents are nested as they say.
fn x12(sample: &[u8]) -> Sniffed {
    let mut sniffed = Sniffed::of("x12", DocumentFormat::X12(EdiFormat::default()));
    let separator = sample.trim_ascii_start().get(3).copied().unwrap_or(b'*');
    let has_levels = sample.windows(4).any(|window| !window[0].is_ascii_alphanumeric() && window[1..3] == *b"HL" && window[3] == separator);
    let hierarchy = Hierarchy { start: "HL".into(), id: 1, parent: 2, until: ["CTT".into()].into() };
    let nested = DocumentFormat::X12(EdiFormat { charset: None, segmentation: Segmentation { hierarchy: Some(hierarchy), loops: Box::default() } });
    if has_levels && parses(&nested, sample) {
        sniffed.format = nested;
        sniffed.segments = Some("{hierarchy: {start: HL, id: \"01\", parent: \"02\", until: [CTT]}}");
    }
    sniffed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_are_known_by_how_they_begin() {
        for (sample, yaml) in [
            ("{\"a\": 1}", "json"),
            (" [1]", "json"),
            ("{\n \"a\": 1\n}", "json"),
            ("{\"a\": 1}\n{\"a\": 2}\n", "json-lines"),
            ("<a xmlns='urn:x'/>", "xml"),
            ("UNB+UNOA:1+A+B+200101:1200+1'", "edifact"),
            ("UNA:+.? '", "edifact"),
            ("ISA*00*", "x12"),
            ("a;b,c;d\n1;2;3", "{type: csv, delimiter: \";\"}"),
            ("a\tb\n", "{type: csv, delimiter: \"\\t\"}"),
        ] {
            assert_eq!(sniff(sample.as_bytes()).unwrap().yaml, yaml, "{sample}");
        }
        for (sample, yaml) in [
            (&b"<?xml version='1.0' encoding='ISO-8859-1'?><a>\xfc</a>"[..], "xml"),
            (b"\xff\xfe<\0a\0/\0>\0", "xml"),
            (b"<?xml version='1.0' encoding='UTF-8'?><a>\xfc</a>", "{type: xml, encoding: windows-1252}"),
            (b"<a>M\x81ller</a>", "{type: xml, encoding: cp850}"),
            (b"{\"a\": \"\xfc\"}", "{type: json, encoding: windows-1252}"),
        ] {
            let sniffed = sniff(sample).unwrap();
            assert_eq!(sniffed.yaml, yaml, "{}", sample.escape_ascii());
            assert!(parses(&sniffed.format, sample), "{}", sample.escape_ascii());
        }
        assert_eq!(sniff(b"Menge;St\xfcck\n").unwrap().yaml, "{type: csv, delimiter: \";\", encoding: windows-1252}");
        assert!(matches!(sniff(b"hello"), Err(DraftError::UnknownFormat)) && matches!(sniff(b""), Err(DraftError::UnknownFormat)));
    }

    #[test]
    fn the_namespace_of_the_root_is_the_default() {
        assert_eq!(sniff(b"<?xml version='1.0'?><!-- c --><p:a xmlns:p='urn:x'/>").unwrap().namespace.as_deref(), Some("urn:x"));
        assert_eq!(sniff(b"<a/>").unwrap().namespace, None);
    }
}
