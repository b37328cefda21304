//! JSON (RFC 8259) to nodes, in one pass and without recursion. Numbers stay the text that they are.

use bumpalo::Bump;

use super::duplicates::settle_twins;
use super::format::{Format, Twins};
use super::json_string;
use super::names::NO_NAMESPACE;
use super::nodes::{Kind, Node, Nodes};
use crate::limits::Limits;
use crate::refusals::{Checked, Code, Fault};

/// Parses one JSON text.
pub(super) fn parse<'a>(text: &'a str, twins: Twins, limits: &Limits, arena: &'a Bump) -> Checked<&'a [Node<'a>]> {
    let mut scanner = Scanner { text, position: 0, arena, nodes: Nodes::new(limits, arena), twins, outside: 0 };
    scanner.document()?;
    Ok(scanner.nodes.finish())
}

/// Parses JSON lines: one JSON text in each line, below one list. Lines with white space alone say nothing.
pub(super) fn parse_lines<'a>(text: &'a str, twins: Twins, limits: &Limits, arena: &'a Bump) -> Checked<&'a [Node<'a>]> {
    let mut nodes = Nodes::new(limits, arena);
    nodes.open(Format::JsonLines.as_str(), NO_NAMESPACE, Kind::List)?;
    let mut start = 0;
    for (index, line) in text.split_inclusive('\n').enumerate() {
        let end = start + line.len();
        if !line.trim_matches([' ', '\t', '\r', '\n']).is_empty() {
            let mut scanner = Scanner { text: &text[..end], position: start, arena, nodes, twins, outside: 1 };
            scanner.document().map_err(|fault| in_line(fault, index + 1))?;
            nodes = scanner.nodes;
        }
        start = end;
    }
    nodes.close();
    Ok(nodes.finish())
}

/// A syntax error names its line itself.
fn in_line(fault: Fault, line: usize) -> Fault {
    if fault.code == Code::InvalidJson { fault } else { fault.behind(&format!("line {line}: ")) }
}

struct Scanner<'a> {
    text: &'a str,
    position: usize,
    arena: &'a Bump,
    nodes: Nodes<'a>,
    /// What becomes of members of one name.
    twins: Twins,
    /// Open nodes that the text stands below.
    outside: usize,
}

impl<'a> Scanner<'a> {
    fn document(&mut self) -> Checked<()> {
        let mut name = "";
        loop {
            if self.opens_container(name)? {
                if matches!(self.peek(), Some(b'}' | b']')) {
                    self.close_container()?;
                } else {
                    name = self.member_name()?;
                    continue;
                }
            }
            match self.after_value()? {
                Some(next) => name = next,
                None => return Ok(()),
            }
        }
    }

    /// Reads a scalar, or the opening of an object or array; true for the latter, with the white space behind it.
    fn opens_container(&mut self, name: &'a str) -> Checked<bool> {
        self.skip_white_space();
        let kind = match self.peek() {
            Some(b'{') => Kind::Record,
            Some(b'[') => Kind::List,
            Some(b'"') => {
                let text = self.string()?;
                self.nodes.push(name, NO_NAMESPACE, Kind::Text, text)?;
                return Ok(false);
            }
            Some(b'-' | b'0'..=b'9') => {
                let text = self.number()?;
                self.nodes.push(name, NO_NAMESPACE, Kind::Number, text)?;
                return Ok(false);
            }
            Some(b't' | b'f' | b'n') => {
                self.literal(name)?;
                return Ok(false);
            }
            _ => return Err(self.unexpected("a value")),
        };
        self.nodes.open(name, NO_NAMESPACE, kind)?;
        self.position += 1;
        self.skip_white_space();
        Ok(true)
    }

    /// Reads what follows a value, closing containers, up to the next value: its name, or `None` at the end of the text.
    fn after_value(&mut self) -> Checked<Option<&'a str>> {
        loop {
            self.skip_white_space();
            let inside = self.nodes.open.len() > self.outside;
            let Some(kind) = self.nodes.innermost().map(|node| node.kind).filter(|_| inside) else {
                return if self.peek().is_none() { Ok(None) } else { Err(self.unexpected("the end of the document")) };
            };
            match self.peek() {
                Some(b',') => {
                    self.position += 1;
                    self.skip_white_space();
                    return self.member_name().map(Some);
                }
                Some(b'}' | b']') => self.close_container()?,
                _ if kind == Kind::Record => return Err(self.unexpected("`,` or `}`")),
                _ => return Err(self.unexpected("`,` or `]`")),
            }
        }
    }

    fn close_container(&mut self) -> Checked<()> {
        let kind = self.nodes.innermost().map(|node| node.kind);
        let fits = match self.peek() {
            Some(b'}') => kind == Some(Kind::Record),
            _ => kind == Some(Kind::List),
        };
        if !fits {
            return Err(self.unexpected("the end of what was opened last"));
        }
        self.position += 1;
        if let Some(id) = self.nodes.close()
            && kind == Some(Kind::Record)
        {
            settle_twins(&mut self.nodes.table, id, self.twins, self.arena);
        }
        Ok(())
    }

    /// In an object, the name of the next member with its colon; in an array, nothing.
    fn member_name(&mut self) -> Checked<&'a str> {
        if self.nodes.innermost().is_none_or(|node| node.kind != Kind::Record) {
            return Ok("");
        }
        if self.peek() != Some(b'"') {
            return Err(self.unexpected("the name of a member"));
        }
        let name = self.string()?;
        self.skip_white_space();
        if self.peek() != Some(b':') {
            return Err(self.unexpected("`:`"));
        }
        self.position += 1;
        Ok(name)
    }

    fn string(&mut self) -> Checked<&'a str> {
        match json_string::read(self.text, self.position, self.arena) {
            Ok((text, end)) => {
                self.position = end;
                Ok(text)
            }
            Err((wrong, at)) => {
                self.position = at;
                Err(self.invalid(wrong))
            }
        }
    }

    fn number(&mut self) -> Checked<&'a str> {
        let start = self.position;
        if self.peek() == Some(b'-') {
            self.position += 1;
        }
        let whole = self.digits()?;
        if whole > 1 && self.text.as_bytes()[self.position - whole] == b'0' {
            return Err(self.invalid("a number with a leading zero"));
        }
        if self.peek() == Some(b'.') {
            self.position += 1;
            self.digits()?;
        }
        if matches!(self.peek(), Some(b'e' | b'E')) {
            self.position += 1;
            if matches!(self.peek(), Some(b'+' | b'-')) {
                self.position += 1;
            }
            self.digits()?;
        }
        Ok(&self.text[start..self.position])
    }

    /// One or more digits; gives their count.
    fn digits(&mut self) -> Checked<usize> {
        let count = self.text.as_bytes()[self.position..].iter().take_while(|byte| byte.is_ascii_digit()).count();
        self.position += count;
        if count == 0 { Err(self.unexpected("a digit")) } else { Ok(count) }
    }

    fn literal(&mut self, name: &'a str) -> Checked<()> {
        let rest = &self.text[self.position..];
        let Some((word, kind)) = [("true", Kind::Boolean), ("false", Kind::Boolean), ("null", Kind::Null)].into_iter().find(|(word, _)| rest.starts_with(word)) else {
            return Err(self.unexpected("a value"));
        };
        self.nodes.push(name, NO_NAMESPACE, kind, &rest[..word.len()])?;
        self.position += word.len();
        Ok(())
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.position).copied()
    }

    fn skip_white_space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\n' | b'\r' | b'\t')) {
            self.position += 1;
        }
    }

    fn unexpected(&self, expected: &str) -> Fault {
        match self.text.get(self.position..).and_then(|rest| rest.chars().next()) {
            None => self.invalid(&format!("the document ends where {expected} should stand")),
            Some(found) => self.invalid(&format!("`{}` where {expected} should stand", found.escape_debug())),
        }
    }

    fn invalid(&self, wrong: &str) -> Fault {
        let before = self.text.get(..self.position).unwrap_or(self.text);
        let line_start = before.rfind('\n').map_or(0, |at| at + 1);
        let (line, byte) = (1 + before.matches('\n').count(), 1 + before.len() - line_start);
        Fault::new(Code::InvalidJson, format!("line {line}, byte {byte}: {wrong}"))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::document::{Document, DocumentFormat, JsonFormat, Namespaces};

    fn outcome(text: &str) -> Result<usize, Code> {
        outcome_of(text.as_bytes(), &Limits::default())
    }

    const FORMAT: DocumentFormat = DocumentFormat::Json(JsonFormat { twins: Twins::Refuse, charset: None });

    fn outcome_of(bytes: &[u8], limits: &Limits) -> Result<usize, Code> {
        let arena = Bump::new();
        Document::parse(&FORMAT, bytes, &Namespaces::default(), limits, &arena).map(|document| document.nodes.len()).map_err(|fault| fault.code)
    }

    /// The tree as `serde_json` would have it, to compare with.
    fn value(document: &Document<'_>, id: u32) -> serde_json::Value {
        use serde_json::Value;
        let node = document.node(id);
        match node.kind {
            Kind::Record => Value::Object(document.children(id).map(|child| (document.node(child).name.to_owned(), value(document, child))).collect()),
            Kind::List => Value::Array(document.children(id).map(|child| value(document, child)).collect()),
            Kind::Text | Kind::Attribute => node.text.into(),
            Kind::Number => Value::Number(node.text.parse::<serde_json::Number>().unwrap()),
            Kind::Boolean => (node.text == "true").into(),
            Kind::Null => Value::Null,
        }
    }

    #[test]
    fn numbers_keep_their_digits() {
        let arena = Bump::new();
        let nodes = parse("[1.250, -0, 1E-9]", Twins::Refuse, &Limits::default(), &arena).unwrap();
        assert_eq!(nodes.iter().map(|node| node.text).collect::<Vec<_>>(), ["", "1.250", "-0", "1E-9"]);
    }

    #[test]
    fn refuses_what_is_no_json() {
        for text in [
            "{",
            "[1",
            "[1,]",
            "{\"a\":1,}",
            "{\"a\"}",
            "{a:1}",
            "[1}",
            "{]",
            "1 2",
            "01",
            "-",
            "1.",
            "1e",
            ".5",
            "+1",
            "tru",
            "nul",
            "'a'",
            "\"a",
            "\"\\x\"",
            "\"\t\"",
            "\"\\ud800\"",
            "\"\\udc00\\ud800\"",
            "NaN",
            "\u{feff}\u{feff}1",
            "[1 2]",
            " ",
            "//\n1",
            "{\"a\":1 \"b\":2}",
            "]",
            "}",
            "{\"a\":}",
            "[,1]",
            "truex",
        ] {
            assert_eq!(outcome(text), Err(Code::InvalidJson), "{text}");
        }
    }

    #[test]
    fn members_of_one_name_are_marked_however_it_is_written() {
        let twins = |text: &str| {
            let arena = Bump::new();
            parse(text, Twins::Refuse, &Limits::default(), &arena)
                .expect(text)
                .iter()
                .filter(|node| node.is_twin)
                .map(|node| format!("{}={}", node.name, node.text))
                .collect::<Vec<_>>()
        };
        for (text, expected) in [
            (r#"{"a":1,"a":2}"#, &["a=1", "a=2"][..]),
            (r#"{"a":1,"\u0061":2}"#, &["a=1", "a=2"]),
            (r#"[{"b":{"a":1,"c":2,"a":1},"b":3}]"#, &["b=", "a=1", "a=1", "b=3"]),
            (r#"{"a":{"a":1},"b":{"a":1}}"#, &[]),
            ("[1,1]", &[]),
        ] {
            assert_eq!(twins(text), expected, "{text}");
        }
        let many: Vec<_> = (0..100).map(|n| format!("\"m{n}\":0")).collect();
        assert_eq!(twins(&format!("{{{}}}", many.join(","))), [""; 0]);
        assert_eq!(twins(&format!("{{{},\"m7\":1}}", many.join(","))), ["m7=0", "m7=1"]);
    }

    #[test]
    fn of_members_of_one_name_the_last_may_count() {
        for (text, expected) in [
            (r#"{"a":1,"a":2}"#, r#"{"a":2}"#),
            (r#"[{"a":{"x":[1,2]},"b":[3,{"c":4}],"a":[{"d":5}],"e":{"f":6}},7]"#, r#"[{"b":[3,{"c":4}],"a":[{"d":5}],"e":{"f":6}},7]"#),
            (r#"{"a":{"b":1,"c":2,"b":{"d":3}},"a":{"b":4,"b":{"e":5},"f":6}}"#, r#"{"a":{"b":{"e":5},"f":6}}"#),
            (r#"{"a":1,"b":2,"a":3,"b":4,"a":5}"#, r#"{"b":4,"a":5}"#),
            (r#"{"x":{"a":1,"a":2},"y":[{"a":1,"a":{"z":1}}],"w":3}"#, r#"{"x":{"a":2},"y":[{"a":{"z":1}}],"w":3}"#),
        ] {
            let (one, other) = (Bump::new(), Bump::new());
            let parsed = |text, arena| parse(text, Twins::Last, &Limits::default(), arena).expect("JSON");
            assert_eq!(parsed(text, &one), parsed(expected, &other), "{text}");
        }
    }

    #[test]
    fn each_line_is_a_text_of_its_own() {
        let arena = Bump::new();
        let text = "{\"a\":1}\r\n\n  \n[2]\n\"x\"";
        let nodes = parse_lines(text, Twins::Refuse, &Limits::default(), &arena).unwrap();
        let found: Vec<_> = nodes.iter().map(|node| (node.name, node.kind, node.text, node.end)).collect();
        assert_eq!(
            found,
            [
                ("json-lines", Kind::List, "", 6),
                ("", Kind::Record, "", 3),
                ("a", Kind::Number, "1", 3),
                ("", Kind::List, "", 5),
                ("", Kind::Number, "2", 5),
                ("", Kind::Text, "x", 6)
            ]
        );
        assert_eq!(parse_lines("\n \r\n", Twins::Refuse, &Limits::default(), &arena).unwrap().len(), 1);
    }

    #[test]
    fn errors_name_the_line() {
        for (text, code, message) in [
            ("{}\n\n{\"a\":}\n", Code::InvalidJson, "line 3, byte 6: `}` where a value should stand"),
            ("{}\n{} {}\n", Code::InvalidJson, "line 2, byte 4: `{` where the end of the document should stand"),
            ("{}\n]\n", Code::InvalidJson, "line 2, byte 1: `]` where a value should stand"),
            ("1]\n", Code::InvalidJson, "line 1, byte 2: `]` where the end of the document should stand"),
            ("1,\n2", Code::InvalidJson, "line 1, byte 2: `,` where the end of the document should stand"),
            ("{\n}", Code::InvalidJson, "line 2, byte 1: the document ends where the name of a member should stand"),
        ] {
            let fault = parse_lines(text, Twins::Refuse, &Limits::default(), &Bump::new()).unwrap_err();
            assert_eq!((fault.code, &*fault.message), (code, message), "{text}");
        }
    }

    #[test]
    fn bounds_hold_exactly() {
        let nested = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
        assert_eq!(outcome(&nested(64)), Ok(64));
        assert_eq!(outcome(&nested(65)), Err(Code::NestingTooDeep));
        assert_eq!(outcome(&"[".repeat(1_000_000)), Err(Code::NestingTooDeep));
        let limits = Limits { nodes: 3, record_bytes: 10, ..Limits::default() };
        assert_eq!(outcome_of(b"[1,2]", &limits), Ok(3));
        assert_eq!(outcome_of(b"[1,2,3]", &limits), Err(Code::TooManyNodes));
        assert_eq!(outcome_of(b"[1       ]", &limits), Ok(2));
        assert_eq!(outcome_of(b"[1        ]", &limits), Err(Code::RecordTooLarge));
        assert_eq!(outcome_of(b"", &limits), Err(Code::EmptyRecord));
        assert_eq!(outcome_of(b"\"\xff\"", &limits), Err(Code::InvalidEncoding));
    }

    fn any_json() -> impl Strategy<Value = serde_json::Value> {
        let scalar = prop_oneof![
            Just(serde_json::Value::Null),
            any::<bool>().prop_map(Into::into),
            any::<i64>().prop_map(Into::into),
            any::<f64>().prop_map(Into::into),
            any::<String>().prop_map(Into::into),
        ];
        scalar.prop_recursive(5, 40, 8, |inner| {
            prop_oneof![
                proptest::collection::vec(inner.clone(), 0..8).prop_map(Into::into),
                proptest::collection::hash_map(any::<String>(), inner, 0..8).prop_map(|members| members.into_iter().collect()),
            ]
        })
    }

    proptest! {
        #[test]
        fn reads_what_a_well_known_writer_writes(json in any_json(), pretty in any::<bool>(), cut in any::<u16>()) {
            let text = if pretty { format!("{json:#}") } else { json.to_string() };
            let arena = Bump::new();
            let document = Document::parse(&FORMAT, text.as_bytes(), &Namespaces::default(), &Limits::default(), &arena).unwrap();
            prop_assert_eq!(value(&document, 0), serde_json::from_str::<serde_json::Value>(&text).unwrap());
            // A container that is cut off is no JSON; a number may be.
            let at = usize::from(cut) * text.len() / (usize::from(u16::MAX) + 1);
            if (json.is_object() || json.is_array()) && text.is_char_boundary(at) && at > 0 {
                prop_assert_eq!(outcome(&text[..at]), Err(Code::InvalidJson));
            }
        }

        #[test]
        fn agrees_with_a_well_known_parser(text in r#"[\[\]{}:, \n"a\\u0019e.tfnrlsNx+\-é]{0,24}"#) {
            let arena = Bump::new();
            let ours = Document::parse(&FORMAT, text.as_bytes(), &Namespaces::default(), &Limits::default(), &arena);
            match (ours, serde_json::from_str::<serde_json::Value>(&text)) {
                (Ok(document), Ok(theirs)) => prop_assert_eq!(value(&document, 0), theirs),
                (Err(fault), Ok(_)) => prop_assert_eq!(fault.code, Code::EmptyRecord),
                // Numbers that no f64 holds are numbers all the same.
                (Ok(_), Err(error)) => prop_assert!(error.to_string().contains("out of range"), "{}", error),
                (Err(_), Err(_)) => {}
            }
        }
    }
}
