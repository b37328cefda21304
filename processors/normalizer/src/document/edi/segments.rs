//! Text to segments, and segments to nodes. What separates is whatever the interchange says.

use bumpalo::Bump;
use bumpalo::collections::String as BumpString;

use crate::document::names::NO_NAMESPACE;
use crate::document::nodes::{Kind, Nodes};
use crate::refusals::{Checked, Code, Fault, shown};

/// The characters with a meaning.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Separators {
    /// Before each element.
    pub(super) element: char,
    /// Between the parts of a composite element.
    pub(super) component: char,
    /// Between the repeats of an element.
    pub(super) repetition: Option<char>,
    /// Takes the meaning from the character behind it.
    pub(super) release: Option<char>,
    /// Behind each segment.
    pub(super) terminator: char,
}

impl Separators {
    /// A character that has two meanings.
    pub(super) fn ambiguous(&self) -> Option<char> {
        let all = [Some(self.element), Some(self.component), self.repetition, self.release, Some(self.terminator)];
        all.iter().enumerate().find_map(|(index, one)| one.filter(|_| all[..index].contains(one)))
    }
}

/// A segment as it stands in the interchange.
#[derive(Debug, Clone, Copy)]
pub(super) struct Segment<'a> {
    pub(super) tag: &'a str,
    /// Behind the tag and its separator; nothing where there is no element.
    elements: Option<&'a str>,
    /// A last element that holds bytes of its own, among them separators.
    binary: Option<&'a str>,
    /// In the record, from 1.
    pub(super) number: usize,
}

/// The segments of a record, one by one.
#[derive(Debug)]
pub(super) struct Segments<'a> {
    text: &'a str,
    at: usize,
    pub(super) separators: Separators,
    count: usize,
    /// Of what is no segment.
    code: Code,
    /// `BIN` and `BDS` hold as many bytes as they say.
    with_binary: bool,
    arena: &'a Bump,
}

impl<'a> Segments<'a> {
    pub(super) fn new(text: &'a str, separators: Separators, code: Code, arena: &'a Bump) -> Self {
        Self { text, at: 0, separators, count: 0, code, with_binary: code == Code::InvalidX12, arena }
    }

    /// What was not read yet, without layout before it.
    pub(super) fn rest(&mut self) -> &'a str {
        let rest = &self.text[self.at..];
        let trimmed = rest.trim_start_matches([' ', '\t', '\r', '\n']);
        self.at += rest.len() - trimmed.len();
        // Fixed block lengths and old editors leave these at the end.
        if trimmed.trim_start_matches(['\0', '\u{1a}', ' ', '\t', '\r', '\n']).is_empty() { "" } else { trimmed }
    }

    /// Takes a segment that is read in another way.
    pub(super) fn take(&mut self, length: usize) {
        self.at += length;
        self.count += 1;
    }

    /// The next segment; nothing at the end.
    pub(super) fn next(&mut self) -> Checked<Option<Segment<'a>>> {
        let rest = self.rest();
        if rest.is_empty() {
            return Ok(None);
        }
        self.count += 1;
        if self.with_binary
            && let Some(tag) = ["BIN", "BDS"].into_iter().find(|tag| rest.strip_prefix(tag).is_some_and(|behind| behind.starts_with(self.separators.element)))
        {
            return self.binary(tag, rest).map(Some);
        }
        let Some(end) = unreleased(rest, self.separators.terminator, self.separators.release) else {
            return Err(Fault::new(Code::UnterminatedInterchange, format!("segment {}, {}, has no end", self.count, shown(rest))));
        };
        self.at += end + self.separators.terminator.len_utf8();
        let text = &rest[..end];
        if text.contains(is_line_break) {
            return Err(self.invalid(&format!("a line break within {}", shown(text))));
        }
        let (tag, elements) = text.split_once(self.separators.element).map_or((text, None), |(tag, elements)| (tag, Some(elements)));
        self.check_tag(tag)?;
        Ok(Some(Segment { tag, elements, binary: None, number: self.count }))
    }

    fn check_tag(&self, tag: &str) -> Checked<()> {
        let is_tag = matches!(tag.len(), 2..=3)
            && tag.starts_with(|first: char| first.is_ascii_uppercase())
            && tag.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit());
        if is_tag { Ok(()) } else { Err(self.invalid(&format!("{} is no name of a segment", shown(tag)))) }
    }

    /// `BIN*length*data` and `BDS*filter*length*data`, X12.6: the data ends where the length says.
    fn binary(&mut self, tag: &'static str, rest: &'a str) -> Checked<Segment<'a>> {
        let separator = self.separators.element;
        let elements = &rest[tag.len() + separator.len_utf8()..];
        let before = if tag == "BIN" { 1 } else { 2 };
        let data_at = elements.match_indices(separator).nth(before - 1).map(|(at, _)| at).ok_or_else(|| self.invalid(&format!("{tag} has no data")))?;
        let length = elements[..data_at].rsplit(separator).next().unwrap_or_default();
        let is_number = !length.is_empty() && length.bytes().all(|byte| byte.is_ascii_digit());
        let bytes: usize =
            length.parse().ok().filter(|_| is_number).ok_or_else(|| self.invalid(&format!("{tag}{before:02} is {}, which is no length", shown(length))))?;
        let start = data_at + separator.len_utf8();
        let end = start.checked_add(bytes).filter(|end| elements.get(*end..).is_some_and(|behind| behind.starts_with(self.separators.terminator)));
        let end = end.ok_or_else(|| self.invalid(&format!("{tag} has no end behind the {bytes} bytes that it should hold")))?;
        self.at += tag.len() + separator.len_utf8() + end + self.separators.terminator.len_utf8();
        Ok(Segment { tag, elements: Some(&elements[..data_at]), binary: Some(&elements[start..end]), number: self.count })
    }

    /// An error at the segment read last.
    pub(super) fn invalid(&self, wrong: &str) -> Fault {
        Fault::new(self.code, format!("segment {}: {wrong}", self.count))
    }

    /// Text of an element, by its number from 1, and of its first part where it has several; empty where there is none.
    pub(super) fn text_of(&self, segment: &Segment<'a>, number: usize) -> &'a str {
        let element = self.elements(segment).nth(number - 1).unwrap_or_default();
        let first = Split { rest: Some(element), separator: self.separators.component, release: self.separators.release }.next();
        self.plain(first.unwrap_or_default())
    }

    fn elements(&self, segment: &Segment<'a>) -> Split<'a> {
        Split { rest: segment.elements, separator: self.separators.element, release: self.separators.release }
    }

    /// Writes a segment.
    pub(super) fn push(&self, segment: &Segment<'a>, nodes: &mut Nodes<'a>) -> Checked<()> {
        nodes.open(segment.tag, NO_NAMESPACE, Kind::Record)?;
        self.push_elements(segment, nodes)?;
        nodes.close();
        Ok(())
    }

    /// Writes the elements of a segment. Empty ones are left out, repeated ones stand several times.
    pub(super) fn push_elements(&self, segment: &Segment<'a>, nodes: &mut Nodes<'a>) -> Checked<()> {
        let mut number = 0;
        for element in self.elements(segment) {
            number += 1;
            if element.is_empty() {
                continue;
            }
            let name = number_name(number, self.arena);
            match self.separators.repetition {
                None => self.push_element(name, element, nodes)?,
                Some(separator) => {
                    for repeat in (Split { rest: Some(element), separator, release: self.separators.release }) {
                        self.push_element(name, repeat, nodes)?;
                    }
                }
            }
        }
        match segment.binary {
            Some(data) if !data.is_empty() => nodes.push(number_name(number + 1, self.arena), NO_NAMESPACE, Kind::Text, data),
            _ => Ok(()),
        }
    }

    fn push_element(&self, name: &'a str, element: &'a str, nodes: &mut Nodes<'a>) -> Checked<()> {
        let Separators { component, release, .. } = self.separators;
        if unreleased(element, component, release).is_none() {
            return if element.is_empty() { Ok(()) } else { nodes.push(name, NO_NAMESPACE, Kind::Text, self.plain(element)) };
        }
        if element.chars().all(|character| character == component) {
            return Ok(());
        }
        nodes.open(name, NO_NAMESPACE, Kind::Record)?;
        for (index, part) in (Split { rest: Some(element), separator: component, release }).enumerate() {
            if !part.is_empty() {
                nodes.push(number_name(index + 1, self.arena), NO_NAMESPACE, Kind::Text, self.plain(part))?;
            }
        }
        nodes.close();
        Ok(())
    }

    /// Without the characters that only take the meaning of the next.
    fn plain(&self, text: &'a str) -> &'a str {
        let Some(release) = self.separators.release.filter(|release| text.contains(*release)) else { return text };
        let mut plain = BumpString::with_capacity_in(text.len(), self.arena);
        let mut characters = text.chars();
        while let Some(character) = characters.next() {
            if character != release {
                plain.push(character);
            } else if let Some(released) = characters.next() {
                plain.push(released);
            }
        }
        plain.into_bump_str()
    }
}

/// Parts of a text between separators that are not released.
struct Split<'a> {
    rest: Option<&'a str>,
    separator: char,
    release: Option<char>,
}

impl<'a> Iterator for Split<'a> {
    type Item = &'a str;

    fn next(&mut self) -> Option<&'a str> {
        let rest = self.rest?;
        match unreleased(rest, self.separator, self.release) {
            None => self.rest.take(),
            Some(end) => {
                self.rest = Some(&rest[end + self.separator.len_utf8()..]);
                Some(&rest[..end])
            }
        }
    }
}

/// Position of the first `wanted` that no release character stands before; two of these are one that is meant.
fn unreleased(text: &str, wanted: char, release: Option<char>) -> Option<usize> {
    let Some(release) = release else { return text.find(wanted) };
    let mut from = 0;
    loop {
        let at = from + text[from..].find(wanted)?;
        let run = text[..at].chars().rev().take_while(|character| *character == release).count();
        if run % 2 == 0 {
            return Some(at);
        }
        from = at + wanted.len_utf8();
    }
}

fn is_line_break(character: char) -> bool {
    matches!(character, '\r' | '\n')
}

/// `01`, `02` and so on.
pub(super) fn number_name(number: usize, arena: &Bump) -> &str {
    const NAMES: &str = "010203040506070809101112131415161718192021222324252627282930313233343536373839404142434445464748495051525354555657585960";
    match number.checked_sub(1).and_then(|index| NAMES.get(2 * index..2 * number)) {
        Some(name) => name,
        None => arena.alloc_str(&format!("{number:02}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const EDIFACT: Separators = Separators { element: '+', component: ':', repetition: Some('*'), release: Some('?'), terminator: '\'' };

    /// The nodes of a text as `name=text`, structures in parentheses.
    fn written(text: &str, separators: Separators, code: Code) -> Result<String, (Code, String)> {
        let arena = Bump::new();
        let mut segments = Segments::new(text, separators, code, &arena);
        let mut nodes = Nodes::new(&crate::Limits::default(), &arena);
        let mut found = || -> Checked<()> {
            while let Some(segment) = segments.next()? {
                segments.push(&segment, &mut nodes)?;
            }
            Ok(())
        };
        found().map_err(|fault| (fault.code, fault.message.clone()))?;
        let table = nodes.finish();
        let mut text = String::new();
        let mut ends: Vec<u32> = Vec::new();
        for (index, node) in table.iter().enumerate() {
            while ends.last().is_some_and(|end| *end as usize == index) {
                ends.pop();
                text.push(')');
            }
            if !text.is_empty() && !text.ends_with('(') {
                text.push(' ');
            }
            text.push_str(node.name);
            if node.kind == Kind::Record {
                text.push('(');
                ends.push(node.end);
            } else {
                text.push('=');
                text.push_str(node.text);
            }
        }
        text.extend(ends.iter().map(|_| ')'));
        Ok(text)
    }

    #[test]
    fn elements_parts_and_repeats_have_numbers() {
        let text = "LIN+1++5400:EN::9+a*b:c**d'\r\n\tSRC'EMP+'COM+:::+:*:'";
        assert_eq!(written(text, EDIFACT, Code::InvalidEdifact).unwrap(), "LIN(01=1 03(01=5400 02=EN 04=9) 04=a 04(01=b 02=c) 04=d) SRC() EMP() COM()");
    }

    #[test]
    fn released_characters_are_text() {
        assert_eq!(written("FTX+it?'s??+a?+b:?:c+?*x*??'", EDIFACT, Code::InvalidEdifact).unwrap(), "FTX(01=it's? 02(01=a+b 02=:c) 03=*x 03=?)");
        assert_eq!(written("FTX+a?'", EDIFACT, Code::InvalidEdifact).unwrap_err().0, Code::UnterminatedInterchange);
    }

    #[test]
    fn binary_data_ends_where_its_length_says() {
        let x12 = Separators { element: '*', component: ':', repetition: None, release: None, terminator: '~' };
        assert_eq!(written("BIN*9*a~b*c:\r\nü~N1*x~", x12, Code::InvalidX12).unwrap_err().0, Code::InvalidX12);
        assert_eq!(written("BIN*10*a~b*c:\r\nü~N1*x~", x12, Code::InvalidX12).unwrap(), "BIN(01=10 02=a~b*c:\r\nü) N1(01=x)");
        assert_eq!(written("BDS*ASC*3*~~~~\nN1~", x12, Code::InvalidX12).unwrap(), "BDS(01=ASC 02=3 03=~~~) N1()");
        for text in ["BIN*11a*x~", "BIN*5*x~", "BIN*2*x~", "BIN*99999999999999999999*x~", "BIN*1~", "BIN*", "BDS*1*2~", "BIN**~", "BIN*+1*x~"] {
            assert_eq!(written(text, x12, Code::InvalidX12).unwrap_err().0, Code::InvalidX12, "{text}");
        }
    }

    #[test]
    fn what_is_no_segment_is_refused() {
        for (text, wrong) in [
            ("NAD+x'lin+1'", "segment 2: `lin` is no name of a segment"),
            ("+x'", "segment 1: `` is no name of a segment"),
            ("LINE+x'", "segment 1: `LINE` is no name of a segment"),
            ("L:1+x'", "segment 1: `L:1` is no name of a segment"),
            ("LIN+x\ny'", "segment 1: a line break within `LIN+x\ny`"),
        ] {
            assert_eq!(written(text, EDIFACT, Code::InvalidEdifact), Err((Code::InvalidEdifact, wrong.to_owned())));
        }
    }

    #[test]
    fn a_line_break_can_end_segments() {
        let separators = Separators { terminator: '\n', release: None, ..EDIFACT };
        let both = Separators { terminator: '\r', ..separators };
        assert_eq!(written("A1+x\r\n\nA2+y\r\n", both, Code::InvalidX12).unwrap(), "A1(01=x) A2(01=y)");
        assert_eq!(written("A1+x\r\n\nA2+y\n", separators, Code::InvalidX12).unwrap_err().0, Code::InvalidX12);
        assert_eq!(written("A1+x\n\nA2+y\n \u{1a}\0\0", separators, Code::InvalidX12).unwrap(), "A1(01=x) A2(01=y)");
    }

    #[test]
    fn numbers_have_two_digits_or_more() {
        let arena = Bump::new();
        assert_eq!([1, 9, 10, 60, 61, 100].map(|number| number_name(number, &arena)), ["01", "09", "10", "60", "61", "100"]);
    }
}
