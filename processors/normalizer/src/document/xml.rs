//! XML 1.0 with namespaces to nodes, and the namespaces that only the document names. Document types are refused, and with them every entity that XML itself does not define.

use std::borrow::Cow;
use std::collections::HashMap;

use bumpalo::Bump;
use bumpalo::collections::Vec as BumpVec;
use quick_xml::XmlVersion;
use quick_xml::errors::{Error, IllFormedError, SyntaxError};
use quick_xml::escape::EscapeError;
use quick_xml::events::attributes::Attributes;
use quick_xml::events::{BytesDecl, BytesRef, BytesStart, Event};
use quick_xml::name::{NamespaceResolver, ResolveResult};
use quick_xml::reader::NsReader;

use super::charset::place;
use super::names::{ANY_NAMESPACE, NO_NAMESPACE, Namespaces, OTHER_NAMESPACE};
use super::nodes::{Kind, Node, Nodes};
use crate::limits::Limits;
use crate::refusals::{Checked, Code, Fault, shown};

/// Namespaces that are told apart beside those that the mapping names.
const OTHERS_MAX: usize = 1000;

/// Nodes, and the URIs of namespaces that the mapping does not name.
type Parsed<'a> = (&'a [Node<'a>], &'a [&'a str]);

/// Parses one XML document.
pub(super) fn parse<'a>(text: &'a str, namespaces: &Namespaces, limits: &Limits, arena: &'a Bump) -> Checked<Parsed<'a>> {
    let is_control = |byte: u8| byte < 0x20 && !matches!(byte, b'\t' | b'\n' | b'\r');
    // Whether there is one is found for many bytes at once; where it is, only then.
    if text.bytes().fold(false, |found, byte| found | is_control(byte))
        && let Some(at) = text.bytes().position(is_control)
    {
        let (line, column) = place(text, at);
        return Err(Fault::new(Code::InvalidXml, format!("line {line}, column {column}: a control character")));
    }
    let mut reader = NsReader::from_str(text);
    reader.config_mut().check_comments = true;
    let mut builder = Builder {
        text,
        namespaces,
        arena,
        nodes: Nodes::new(limits, arena),
        pieces: Vec::new(),
        has_root: false,
        others: HashMap::new(),
        other_uris: BumpVec::new_in(arena),
    };
    let start = text.len() - text.trim_ascii_start().len();
    loop {
        let before = reader.buffer_position();
        let event = reader.read_event().map_err(|error| fault(&error, text, reader.error_position()))?;
        let position = usize::try_from(reader.buffer_position()).unwrap_or(usize::MAX);
        match event {
            // Behind the content stands `>` or `/>`.
            Event::Start(start) => builder.start(&start, position.saturating_sub(1), reader.resolver())?,
            Event::Empty(start) => {
                builder.start(&start, position.saturating_sub(2), reader.resolver())?;
                builder.end();
            }
            Event::End(_) => builder.end(),
            // What stands between child elements is layout, and most texts are.
            Event::Text(_) if builder.is_between_elements() => {}
            Event::Text(piece) => builder.text(piece.xml10_content())?,
            Event::CData(piece) => builder.text(piece.xml10_content())?,
            Event::GeneralRef(reference) => builder.text(Cow::Owned(resolve(&reference, text, position as u64)?.to_string()))?,
            // What it says of the encoding was read before.
            Event::Decl(declaration) if before == start as u64 => well_declared(&declaration)?,
            Event::Decl(_) => return Err(Fault::new(Code::InvalidXml, "an XML declaration that does not stand at the beginning")),
            Event::DocType(_) => return Err(Fault::new(Code::XmlDoctype, "the document has a DOCTYPE")),
            Event::Comment(_) | Event::PI(_) => {}
            Event::Eof => return builder.finish(),
        }
    }
}

struct Builder<'a, 'n> {
    text: &'a str,
    namespaces: &'n Namespaces,
    arena: &'a Bump,
    nodes: Nodes<'a>,
    /// Texts of the open elements that came in several pieces; empty for the others.
    pieces: Vec<String>,
    has_root: bool,
    /// Namespaces that the mapping does not name: numbers by URI, and URIs by number.
    others: HashMap<&'a str, u16>,
    other_uris: BumpVec<'a, &'a str>,
}

impl<'a> Builder<'a, '_> {
    /// `content_end`: position in the text behind the content of the tag.
    fn start(&mut self, start: &BytesStart<'_>, content_end: usize, scope: &NamespaceResolver) -> Checked<()> {
        // The event borrows from the reader, the same text is needed as a part of the document.
        let content = content_end.checked_sub(start.len()).and_then(|begin| self.text.get(begin..content_end)).filter(|content| *content == &**start);
        let content = content.ok_or_else(|| Fault::new(Code::InvalidXml, "a tag is not where the reader says it is"))?;
        match self.nodes.innermost() {
            None if self.has_root => return Err(Fault::new(Code::InvalidXml, "a second root element")),
            None => self.has_root = true,
            Some(parent) => parent.kind = Kind::Record,
        }
        let (resolved, _) = scope.resolve_element(start.name());
        let namespace = self.namespace(&resolved)?;
        let name = &content[..start.name().0.len()];
        self.nodes.open(local(name), namespace, Kind::Text)?;
        if self.pieces.len() < self.nodes.open.len() {
            self.pieces.push(String::new());
        }
        for attribute in Attributes::new(content, name.len()) {
            let attribute = attribute.map_err(|error| Fault::new(Code::InvalidXml, format!("an attribute of {}: {error}", shown(name))))?;
            if attribute.key.as_namespace_binding().is_some() {
                continue;
            }
            let (resolved, _) = scope.resolve_attribute(attribute.key);
            let namespace = self.namespace(&resolved)?;
            let value = attribute.normalized_value(XmlVersion::Implicit1_0).map_err(|error| fault(&error, self.text, content_end as u64))?;
            let value = match value {
                Cow::Borrowed(value) => value,
                Cow::Owned(value) => &*self.arena.alloc_str(&value),
            };
            self.nodes.push(local(attribute.key.0), namespace, Kind::Attribute, value)?;
        }
        Ok(())
    }

    fn namespace(&mut self, resolved: &ResolveResult<'_>) -> Checked<u16> {
        match resolved {
            ResolveResult::Unbound => Ok(NO_NAMESPACE),
            ResolveResult::Bound(namespace) => Ok(self.namespaces.of_uri(namespace.0).unwrap_or_else(|| self.other(namespace.0))),
            ResolveResult::Unknown(prefix) => Err(Fault::new(Code::InvalidXml, format!("the prefix {} is not bound to a namespace", shown(prefix)))),
        }
    }

    /// Number of a namespace that the mapping does not name.
    fn other(&mut self, uri: &str) -> u16 {
        if let Some(number) = self.others.get(uri) {
            return *number;
        }
        let number = u16::try_from(usize::from(self.namespaces.first_other()) + self.other_uris.len()).ok();
        let Some(number) = number.filter(|number| *number < ANY_NAMESPACE && self.other_uris.len() < OTHERS_MAX) else { return OTHER_NAMESPACE };
        let uri: &'a str = self.arena.alloc_str(uri);
        self.other_uris.push(uri);
        self.others.insert(uri, number);
        number
    }

    /// Whether the open element has a child element already: then no text is its value.
    fn is_between_elements(&mut self) -> bool {
        self.nodes.innermost().is_some_and(|element| element.kind == Kind::Record)
    }

    fn text(&mut self, piece: Cow<'a, str>) -> Checked<()> {
        if piece.is_empty() {
            return Ok(());
        }
        let Some(depth) = self.nodes.open.len().checked_sub(1) else {
            return if piece.trim_matches([' ', '\t', '\r', '\n']).is_empty() { Ok(()) } else { Err(Fault::new(Code::InvalidXml, "text outside the root element")) };
        };
        let pieces = &mut self.pieces[depth];
        let element = &mut self.nodes.table[self.nodes.open[depth] as usize];
        match piece {
            Cow::Borrowed(piece) if element.text.is_empty() && pieces.is_empty() => element.text = piece,
            piece => {
                if pieces.is_empty() {
                    pieces.push_str(element.text);
                }
                pieces.push_str(&piece);
            }
        }
        Ok(())
    }

    fn end(&mut self) {
        let pieces = self.nodes.open.len().checked_sub(1).and_then(|depth| self.pieces.get_mut(depth));
        let text = pieces.filter(|pieces| !pieces.is_empty()).map(|pieces| {
            let text = &*self.arena.alloc_str(pieces);
            pieces.clear();
            text
        });
        if let Some(element) = self.nodes.innermost() {
            match (element.kind, text) {
                // What stands between child elements is layout.
                (Kind::Record, _) => element.text = "",
                (_, Some(text)) => element.text = text,
                _ => {}
            }
        }
        self.nodes.close();
    }

    fn finish(self) -> Checked<Parsed<'a>> {
        if !self.nodes.open.is_empty() {
            return Err(Fault::new(Code::InvalidXml, "the document ends before its root element does"));
        }
        if !self.has_root {
            return Err(Fault::new(Code::InvalidXml, "the document has no root element"));
        }
        Ok((self.nodes.finish(), self.other_uris.into_bump_slice()))
    }
}

fn local(name: &str) -> &str {
    name.split_once(':').map_or(name, |(_, local)| local)
}

fn resolve(reference: &BytesRef<'_>, text: &str, position: u64) -> Checked<char> {
    let character = match reference.resolve_char_ref() {
        Ok(Some(character)) => character,
        Ok(None) => match &**reference {
            "lt" => '<',
            "gt" => '>',
            "amp" => '&',
            "quot" => '"',
            "apos" => '\'',
            entity => return Err(unknown_entity(entity)),
        },
        Err(error) => return Err(fault(&error, text, position)),
    };
    let allowed = matches!(character, '\t' | '\n' | '\r' | ' '..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..);
    if allowed { Ok(character) } else { Err(Fault::new(Code::InvalidXml, "a character reference to a character that XML does not allow")) }
}

fn unknown_entity(name: &str) -> Fault {
    Fault::new(Code::XmlDoctype, format!("the entity {} is none of those that XML defines", shown(name)))
}

fn well_declared(declaration: &BytesDecl<'_>) -> Checked<()> {
    match declaration.encoding() {
        Some(Err(error)) => Err(Fault::new(Code::InvalidXml, error.to_string())),
        _ => Ok(()),
    }
}

/// What the reader says, and where.
fn fault(error: &Error, text: &str, position: u64) -> Fault {
    match error {
        Error::Escape(EscapeError::UnrecognizedEntity(_, name)) => unknown_entity(name),
        Error::Syntax(SyntaxError::UnclosedDoctype) => Fault::new(Code::XmlDoctype, "the document has a DOCTYPE, and ends in it"),
        Error::IllFormed(IllFormedError::MissingEndTag(name)) => Fault::new(Code::InvalidXml, format!("the document ends before its element {} does", shown(name))),
        error => {
            let at = usize::try_from(position).ok().filter(|at| text.is_char_boundary(*at)).unwrap_or(text.len());
            let (line, column) = place(text, at);
            Fault::new(Code::InvalidXml, format!("line {line}, column {column}: {error}"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::{Document, DocumentFormat};

    fn parse_text<'a>(text: &'a str, arena: &'a Bump) -> Checked<Document<'a>> {
        let mut namespaces = Namespaces::default();
        namespaces.add("default", "urn:known");
        Document::parse(&DocumentFormat::Xml(None), text.as_bytes(), &namespaces, &Limits::default(), arena)
    }

    fn refused(text: &str) -> Code {
        parse_text(text, &Bump::new()).expect_err(text).code
    }

    fn nodes(text: &str) -> Vec<(String, String, u16, Kind)> {
        let arena = Bump::new();
        let document = parse_text(text, &arena).expect(text);
        document.nodes.iter().map(|node| (node.name.to_owned(), node.text.to_owned(), node.namespace, node.kind)).collect()
    }

    #[test]
    fn names_go_by_namespace_and_not_by_prefix() {
        for text in [
            "<a xmlns='urn:known'><b>1</b></a>",
            "<x:a xmlns:x='urn:known'><x:b>1</x:b></x:a>",
            "\u{feff}<?xml version='1.0' encoding='utf-8'?><a xmlns='urn:known'><y:b xmlns:y='urn:known'>1</y:b></a>",
        ] {
            assert_eq!(nodes(text), [("a".into(), String::new(), 1, Kind::Record), ("b".into(), "1".into(), 1, Kind::Text)], "{text}");
        }
        assert_eq!(nodes("<a xmlns='urn:other'/>")[0].2, 2);
        assert_eq!(nodes("<a/>")[0].2, NO_NAMESPACE);
    }

    #[test]
    fn namespaces_of_the_document_alone_are_known_by_their_uris() {
        let arena = Bump::new();
        let mut known = Namespaces::default();
        known.add("default", "urn:known");
        let text = "<a xmlns='urn:one' xmlns:x='urn:two'><b/><x:b/><c xmlns='urn:known'/><d xmlns=''/></a>";
        let document = Document::parse(&DocumentFormat::Xml(None), text.as_bytes(), &known, &Limits::default(), &arena).unwrap();
        let uris: Vec<_> = document.nodes.iter().map(|node| (node.namespace, document.other_namespace(node.namespace, &known))).collect();
        assert_eq!(uris, [(2, Some("urn:one")), (2, Some("urn:one")), (3, Some("urn:two")), (1, None), (0, None)]);
        // Too many to be told apart are in a namespace all the same.
        let many: Vec<_> = (0..1500).map(|number| format!("<b xmlns='urn:{number}'/>")).collect();
        assert_eq!(nodes(&format!("<a>{}</a>", many.concat())).last().map(|node| node.2), Some(OTHER_NAMESPACE));
    }

    #[test]
    fn text_is_joined_from_its_pieces() {
        for text in ["<a>x&amp;&#121;<![CDATA[<z>]]></a>", "<a>x<!-- c -->&#38;y<![CDATA[<z]]>&gt;</a>"] {
            assert_eq!(nodes(text)[0].1, "x&y<z>", "{text}");
        }
        assert_eq!(nodes("<a>one\r\ntwo</a>")[0].1, "one\ntwo");
        assert_eq!(nodes("<a>\n <b/> \n</a>")[0].1, "");
    }

    #[test]
    fn attributes_are_nodes_with_plain_values() {
        let found = nodes("<a p='1&lt;2' xmlns:q='urn:known' q:r='3'>t</a>");
        assert_eq!(found[0], ("a".into(), "t".into(), 0, Kind::Text));
        assert_eq!(found[1], ("p".into(), "1<2".into(), 0, Kind::Attribute));
        assert_eq!(found[2], ("r".into(), "3".into(), 1, Kind::Attribute));
    }

    #[test]
    fn refuses_what_is_not_well_formed() {
        for text in [
            "<a>",
            "<a><b></a>",
            "<a",
            "</a>",
            "",
            " ",
            "text",
            "<a/><b/>",
            "<a/>text",
            "<a>\u{1}</a>",
            "<a>&#1;</a>",
            "<a>&#0;</a>",
            "<a>&#xD800;</a>",
            "<a b='1' b='2'/>",
            "<a b=1/>",
            "<a b/>",
            "<p:a/>",
            "<a p:b='1'/>",
            "<a>&amp</a>",
            "<a><!-- -- --></a>",
            "<a><![CDATA[</a>",
        ] {
            let code = if text.is_empty() { Code::EmptyRecord } else { Code::InvalidXml };
            assert_eq!(refused(text), code, "{text}");
        }
    }

    #[test]
    fn refuses_document_types_and_entities() {
        let bomb = r#"<?xml version="1.0"?><!DOCTYPE z [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]><z>&b;</z>"#;
        for text in [bomb, "<!DOCTYPE html><a/>", "<!DOCTYPE a SYSTEM 'file:///etc/passwd'><a/>", "<a>&nbsp;</a>", "<a b='&x;'/>", "<!DOCTYPE a ["] {
            assert_eq!(refused(text), Code::XmlDoctype, "{text}");
        }
    }

    #[test]
    fn documents_of_other_encodings_are_the_same_tree() {
        let text = "<?xml version='1.0' encoding='ISO-8859-1'?>\n<a b='ü'>Stö<c/>r</a>";
        let bytes: Vec<u8> = text.chars().map(|character| u8::try_from(character).unwrap()).collect();
        let utf16: Vec<u8> = format!("\u{feff}{text}").encode_utf16().flat_map(u16::to_le_bytes).collect();
        let expected = nodes(&text.replace("ISO-8859-1", "UTF-8"));
        for bytes in [bytes, utf16] {
            let arena = Bump::new();
            let document = Document::parse(&DocumentFormat::Xml(None), &bytes, &Namespaces::default(), &Limits::default(), &arena).unwrap();
            let found: Vec<_> = document.nodes.iter().map(|node| (node.name.to_owned(), node.text.to_owned(), node.namespace, node.kind)).collect();
            assert_eq!(found, expected);
        }
    }

    #[test]
    fn refuses_a_declaration_that_nobody_could_have_read_before() {
        assert_eq!(refused("<?xml version='1.0' encoding='latin-99'?><a/>"), Code::InvalidEncoding);
        for text in ["<!-- --><?xml version='1.0'?><a/>", "<a><?xml version='1.0' encoding='ISO-8859-1'?></a>", "<?xml version='1.0' encoding=x?><a/>"] {
            assert_eq!(refused(text), Code::InvalidXml, "{text}");
        }
        assert_eq!(nodes("\n<?xml version='1.0'?><a/>").len(), 1);
    }

    #[test]
    fn what_is_wrong_has_its_line_and_column() {
        for (text, message) in
            [("<a>\nü<b></a>", "line 2, column 5: "), ("<a>\nü\u{1}</a>", "line 2, column 2: a control character"), ("<a>\n<b c='&#0;'/></a>", "line 2, column ")]
        {
            let fault = parse_text(text, &Bump::new()).unwrap_err();
            assert!(fault.message.starts_with(message), "{text}: {}", fault.message);
        }
    }

    #[test]
    fn nesting_is_bounded() {
        let nested = |depth: usize| format!("{}{}", "<a>".repeat(depth), "</a>".repeat(depth));
        assert_eq!(nodes(&nested(64)).len(), 64);
        assert_eq!(refused(&nested(65)), Code::NestingTooDeep);
        assert_eq!(refused(&format!("<a>{}</a>", "<b/>".repeat(100_000))), Code::TooManyNodes);
    }

    #[test]
    fn many_pieces_of_one_text_cost_no_more_than_their_length() {
        let text = format!("<a>{}</a>", "&amp;x".repeat(150_000));
        assert_eq!(nodes(&text)[0].1.len(), 300_000);
    }
}
