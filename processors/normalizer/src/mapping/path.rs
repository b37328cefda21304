//! Paths into documents: a small part of `XPath` 1.0, read once at start.
//!
//! `order/number` from the innermost selected node, `$segment/ID` from an outer one, `/site` from the root (in XML: from the root
//! element), `.` the node itself, `*` every child or list item, `@unit` an attribute, `Property[ID='Indice']/Value` a choice by value,
//! `.//Segment` every one below, however deep, `a | b` the first that is there, `name()` and `$segment/name()` the name of a selected node, `#material` the number of a selected node within its parent selection, `#/material` in the document.
//! `epc[1]` the first of several, `lines[*]` the items of a list or the value that stands in its place, `*:*` what is named in a namespace, `text()` a scalar itself,
//! `@*` every attribute, `path($segment)` the names on the way from a selected node to the innermost.

use std::cell::RefCell;

use crate::document::{ANY_NAMESPACE, Format, NO_NAMESPACE, Namespaces};
use lineside_yaml::suggestion;

/// Where a path starts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Start {
    /// At the innermost selected node, or the root where nothing is selected.
    Innermost,
    /// At the root.
    Root,
    /// At the selected node of this level, from 0.
    Level(usize),
}

/// One step down.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Step {
    /// Not only children, but everything below.
    pub(crate) deep: bool,
    pub(crate) test: Test,
    pub(crate) predicate: Option<Predicate>,
}

/// Which of the children that a step takes count.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Predicate {
    /// Those where the path below them has the text.
    Value(Box<[Step]>, Box<str>),
    /// The one with this number among those of one parent, from 1.
    Position(u32),
    /// The items of those that are lists, and those that are none.
    Items,
}

/// Which children a step takes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Test {
    /// Members or elements of that name.
    Named { name: Box<str>, namespace: u16 },
    /// Attributes of that name.
    Attribute { name: Box<str>, namespace: u16 },
    /// All but attributes.
    Any,
    /// Members or elements whose name is in a namespace: in XML in any, in JSON `prefix:name`.
    Qualified,
    /// Every attribute.
    AnyAttribute,
    /// A scalar itself.
    Value,
}

impl Test {
    /// Whether children of one parent with different names can all be taken.
    pub(crate) const fn takes_several(&self) -> bool {
        !matches!(self, Self::Named { .. } | Self::Attribute { .. })
    }
}

/// A path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Path {
    pub(crate) start: Start,
    pub(crate) steps: Box<[Step]>,
    /// As the mapping writes it.
    pub(crate) text: Box<str>,
    /// Number among the different paths of the mapping, from 0.
    pub(crate) index: usize,
}

impl Path {
    /// Whether it is the same wherever a rule stands in the document.
    pub(crate) fn is_absolute(&self) -> bool {
        self.start == Start::Root
    }
}

/// Something that gives a value, or nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Operand {
    /// The node at a path.
    Path(Path),
    /// Number of a selected node, from 1: within its parent selection, or in the document.
    Ordinal { level: usize, in_document: bool },
    /// Name of the document's type.
    DocumentType,
    /// Name of a selected member or element: of this level, or of the innermost.
    Name(Option<usize>),
    /// The names on the way from the selected node of this level to the innermost.
    Way(usize),
}

impl Operand {
    /// The path, if it is one.
    pub(crate) fn as_path(&self) -> Option<&Path> {
        if let Self::Path(path) = self { Some(path) } else { None }
    }
}

/// The different paths of a mapping. Those that start alike and take the same steps have one number, so that what one rule found is found for the others.
#[derive(Debug, Default)]
pub(crate) struct PathNumbers(RefCell<Vec<(Start, Box<[Step]>)>>);

impl PathNumbers {
    fn number(&self, start: Start, steps: &[Step]) -> usize {
        let mut known = self.0.borrow_mut();
        known.iter().position(|(at, path)| *at == start && **path == *steps).unwrap_or_else(|| {
            known.push((start, steps.into()));
            known.len() - 1
        })
    }

    /// How many there are.
    pub(crate) fn count(&self) -> usize {
        self.0.borrow().len()
    }
}

/// Names that paths of one rule can use.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Scope<'c> {
    pub(crate) format: Format,
    pub(crate) namespaces: &'c Namespaces,
    /// Names of the selections, outermost first.
    pub(crate) levels: &'c [String],
    /// Paths read so far.
    pub(crate) paths: &'c PathNumbers,
}

/// The variable that holds the document's type.
pub(crate) const DOCUMENT_TYPE: &str = "document_type";

/// `XPath`'s function for the name of a node.
const NAME: &str = "name()";

/// `XPath`'s test for what is a text and no element.
const TEXT: &str = "text()";

/// Reads `a | b | ...`.
pub(crate) fn operands(text: &str, scope: Scope<'_>) -> Result<Box<[Operand]>, String> {
    split_outside(text, '|').into_iter().map(|part| operand(part.trim(), scope)).collect()
}

fn operand(text: &str, scope: Scope<'_>) -> Result<Operand, String> {
    if let Some(name) = text.strip_prefix('#') {
        let (name, in_document) = name.strip_prefix('/').map_or((name, false), |name| (name, true));
        return Ok(Operand::Ordinal { level: level(name, scope)?, in_document });
    }
    if let Some(name) = text.strip_prefix("path($").and_then(|rest| rest.strip_suffix(')')) {
        return Ok(Operand::Way(level(name, scope)?));
    }
    let (start, rest) = if let Some(rest) = text.strip_prefix('$') {
        let (name, rest) = rest.split_once('/').map_or((rest, ""), |(name, rest)| (name, rest));
        if name == DOCUMENT_TYPE && rest.is_empty() {
            return Ok(Operand::DocumentType);
        }
        if rest == NAME {
            return Ok(Operand::Name(Some(level(name, scope)?)));
        }
        (Start::Level(level(name, scope)?), rest)
    } else if let Some(rest) = text.strip_prefix('/') {
        (Start::Root, rest)
    } else if text == NAME {
        return Ok(Operand::Name(None));
    } else if text == "." {
        (Start::Innermost, "")
    } else if let Some(rest) = text.strip_prefix("./") {
        (Start::Innermost, rest)
    } else if text.is_empty() {
        return Err("an empty path; `.` is the selected node itself".to_owned());
    } else {
        (Start::Innermost, text)
    };
    let steps = if rest.is_empty() { Box::default() } else { steps(rest, scope)? };
    let index = scope.paths.number(start, &steps);
    Ok(Operand::Path(Path { start, steps, text: text.into(), index }))
}

fn level(name: &str, scope: Scope<'_>) -> Result<usize, String> {
    let known = scope.levels.iter().position(|level| level == name);
    known.ok_or_else(|| format!("nothing selected is named `{name}`{}", suggestion(name, scope.levels.iter().map(String::as_str))))
}

fn steps(text: &str, scope: Scope<'_>) -> Result<Box<[Step]>, String> {
    let parts = split_outside(text, '/');
    let mut found = Vec::with_capacity(parts.len());
    let mut deep = false;
    for (at, part) in parts.iter().enumerate() {
        // `//` is an empty part between two others; behind the start of a path it is the first one.
        if part.is_empty() && !deep && at + 1 < parts.len() {
            deep = true;
        } else {
            found.push(Step { deep: std::mem::take(&mut deep), ..step(part, scope)? });
        }
    }
    if found.iter().rev().skip(1).any(|step| step.test == Test::Value) {
        return Err(format!("`{text}`: nothing stands below `{TEXT}`"));
    }
    Ok(found.into())
}

fn step(part: &str, scope: Scope<'_>) -> Result<Step, String> {
    let (name, predicate) = match part.split_once('[') {
        None => (part, None),
        Some((name, rest)) => (name, Some(predicate(part, rest, scope)?)),
    };
    let test = match name.strip_prefix('@') {
        _ if name == "*" => Test::Any,
        _ if name == "*:*" && matches!(scope.format, Format::Xml | Format::Json | Format::JsonLines) => Test::Qualified,
        _ if name == "*:*" => return Err(format!("`{part}`: only XML and JSON have names in namespaces")),
        _ if name == TEXT && predicate.is_none() => Test::Value,
        Some(_) if scope.format != Format::Xml => return Err(format!("`{part}`: only XML has attributes")),
        Some("*") => Test::AnyAttribute,
        // An attribute without a prefix is in no namespace, whatever the default is.
        Some(name) => named(name, NO_NAMESPACE, scope).map(|(name, namespace)| Test::Attribute { name, namespace })?,
        None => named(name, scope.namespaces.of_unprefixed(), scope).map(|(name, namespace)| Test::Named { name, namespace })?,
    };
    Ok(Step { deep: false, test, predicate })
}

fn predicate(part: &str, rest: &str, scope: Scope<'_>) -> Result<Predicate, String> {
    let inside = rest.strip_suffix(']').ok_or_else(|| format!("`{part}`: a `[` without its `]`"))?.trim();
    if inside == "*" {
        return Ok(Predicate::Items);
    }
    if let Ok(number) = inside.parse::<u32>() {
        return if number > 0 { Ok(Predicate::Position(number)) } else { Err(format!("`{part}`: the first has the number 1")) };
    }
    let (below, value) = inside.split_once('=').ok_or_else(|| format!("`{part}`: a condition has the form [path='text'], [1] or [*]"))?;
    let value = quoted(value.trim()).ok_or_else(|| format!("`{part}`: the text of a condition stands in quotes"))?;
    Ok(Predicate::Value(steps(below.trim(), scope)?, value.into()))
}

fn named(text: &str, unprefixed: u16, scope: Scope<'_>) -> Result<(Box<str>, u16), String> {
    if let Some(name) = quoted(text) {
        return Ok((name.into(), unprefixed));
    }
    if text.is_empty() {
        return Err("a path with an empty step".to_owned());
    }
    if let Some(wrong) = text.chars().find(|character| character.is_whitespace() || "[]{}='\"@$#|".contains(*character)) {
        return Err(format!("`{text}`: `{wrong}` in a name; put the name in quotes if it is part of it"));
    }
    match text.split_once(':') {
        Some(("*", name)) if scope.format == Format::Xml => Ok((name.into(), ANY_NAMESPACE)),
        Some((prefix, name)) if scope.format == Format::Xml => {
            let number = scope.namespaces.of_prefix(prefix);
            let number = number.ok_or_else(|| format!("`{text}`: no namespace has the prefix `{prefix}`{}", suggestion(prefix, scope.namespaces.prefixes())))?;
            Ok((name.into(), number))
        }
        _ => Ok((text.into(), unprefixed)),
    }
}

fn quoted(text: &str) -> Option<&str> {
    let inside = |quote: char| text.strip_prefix(quote)?.strip_suffix(quote).filter(|inside| !inside.contains(quote));
    inside('\'').or_else(|| inside('"'))
}

/// Splits at `separator`, but not within quotes or brackets.
pub(crate) fn split_outside(text: &str, separator: char) -> Vec<&str> {
    let (mut parts, mut start, mut depth, mut quote) = (Vec::new(), 0, 0_usize, None);
    for (at, character) in text.char_indices() {
        match (quote, character) {
            (Some(open), _) => quote = Some(open).filter(|open| *open != character),
            (None, '\'' | '"') => quote = Some(character),
            (None, '[') => depth += 1,
            (None, ']') => depth = depth.saturating_sub(1),
            (None, _) if character == separator && depth == 0 => {
                parts.push(&text[start..at]);
                start = at + character.len_utf8();
            }
            _ => {}
        }
    }
    parts.push(&text[start..]);
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str, format: Format) -> Result<Box<[Operand]>, String> {
        let mut namespaces = Namespaces::default();
        namespaces.add("default", "urn:d");
        namespaces.add("x", "urn:x");
        let namespaces = if format == Format::Xml { namespaces } else { Namespaces::default() };
        operands(text, Scope { format, namespaces: &namespaces, levels: &["segment".to_owned(), "material".to_owned()], paths: &PathNumbers::default() })
    }

    fn one(text: &str, format: Format) -> Path {
        match read(text, format).expect(text).into_vec().remove(0) {
            Operand::Path(path) => path,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn paths_start_where_they_say() {
        assert_eq!(one("order/number", Format::Json).start, Start::Innermost);
        assert_eq!(one("/order", Format::Json).start, Start::Root);
        assert_eq!(one("$material/ID", Format::Xml).start, Start::Level(1));
        assert!(one(".", Format::Json).steps.is_empty());
    }

    #[test]
    fn names_take_their_namespace() {
        let namespace = |text| match &one(text, Format::Xml).steps[0].test {
            Test::Named { namespace, .. } | Test::Attribute { namespace, .. } => *namespace,
            other => panic!("{other:?}"),
        };
        assert_eq!(namespace("ID"), 1);
        assert_eq!(namespace("x:ID"), 2);
        assert_eq!(namespace("*:ID"), ANY_NAMESPACE);
        assert_eq!(namespace("@unit"), NO_NAMESPACE);
        assert_eq!(namespace("@x:unit"), 2);
        assert_eq!(one("a:b", Format::Json).steps[0].test, Test::Named { name: "a:b".into(), namespace: NO_NAMESPACE });
        assert_eq!(one("'odd name'/b", Format::Json).steps[0].test, Test::Named { name: "odd name".into(), namespace: NO_NAMESPACE });
    }

    #[test]
    fn two_slashes_lead_to_everything_below() {
        let deep = |text: &str| one(text, Format::Xml).steps.iter().map(|step| step.deep).collect::<Vec<_>>();
        assert_eq!(deep("a//b/c"), [false, true, false]);
        assert_eq!((deep(".//b"), one(".//b", Format::Xml).start), (vec![true], Start::Innermost));
        assert_eq!((deep("//b"), one("//b", Format::Xml).start), (vec![true], Start::Root));
        assert_eq!((deep("$segment//b"), one("$segment//b", Format::Xml).start), (vec![true], Start::Level(0)));
    }

    #[test]
    fn a_predicate_may_hold_what_separates_elsewhere() {
        let path = one("P[A/B='x/|y']/V | Q", Format::Xml);
        assert_eq!(path.steps.len(), 2);
        assert!(matches!(&path.steps[0].predicate, Some(Predicate::Value(steps, value)) if steps.len() == 2 && **value == *"x/|y"));
    }

    #[test]
    fn a_step_may_take_one_of_several_or_the_items_of_a_list() {
        let path = one("a[2]/b[*]/*[1]", Format::Json);
        let predicates: Vec<_> = path.steps.iter().map(|step| step.predicate.clone()).collect();
        assert_eq!(predicates, [Some(Predicate::Position(2)), Some(Predicate::Items), Some(Predicate::Position(1))]);
    }

    #[test]
    fn what_is_in_a_namespace_and_what_is_a_text_are_steps() {
        let tests = |text, format| one(text, format).steps.iter().map(|step| (step.deep, step.test.clone())).collect::<Vec<_>>();
        assert_eq!(tests("*:*//text()", Format::Json), [(false, Test::Qualified), (true, Test::Value)]);
        assert_eq!(tests("*:*//@*", Format::Xml), [(false, Test::Qualified), (true, Test::AnyAttribute)]);
        assert_eq!(*read("path($segment)", Format::Json).unwrap(), [Operand::Way(0)]);
    }

    #[test]
    fn ordinals_and_the_document_type_are_operands() {
        let found = read("#material | #/segment | $document_type", Format::Xml).unwrap();
        assert_eq!(*found, [Operand::Ordinal { level: 1, in_document: false }, Operand::Ordinal { level: 0, in_document: true }, Operand::DocumentType]);
    }

    #[test]
    fn errors_say_what_is_wrong() {
        for (text, format, message) in [
            ("$segmnt/ID", Format::Xml, "nothing selected is named `segmnt`; did you mean `segment`?"),
            ("@unit", Format::Json, "`@unit`: only XML has attributes"),
            ("a///b", Format::Json, "a path with an empty step"),
            ("a/", Format::Json, "a path with an empty step"),
            ("a//", Format::Json, "a path with an empty step"),
            ("", Format::Json, "an empty path; `.` is the selected node itself"),
            ("y:a", Format::Xml, "`y:a`: no namespace has the prefix `y`; there is `default`, `x`"),
            ("a[b", Format::Xml, "`a[b`: a `[` without its `]`"),
            ("a[b]", Format::Xml, "`a[b]`: a condition has the form [path='text'], [1] or [*]"),
            ("a[0]", Format::Xml, "`a[0]`: the first has the number 1"),
            ("a/text()/b", Format::Json, "`a/text()/b`: nothing stands below `text()`"),
            ("*:*", Format::Csv, "`*:*`: only XML and JSON have names in namespaces"),
            ("@*", Format::Json, "`@*`: only XML has attributes"),
            ("path($segmnt)", Format::Json, "nothing selected is named `segmnt`; did you mean `segment`?"),
            ("a[b=c]", Format::Xml, "`a[b=c]`: the text of a condition stands in quotes"),
            ("odd name", Format::Json, "`odd name`: ` ` in a name; put the name in quotes if it is part of it"),
        ] {
            assert_eq!(read(text, format), Err(message.to_owned()), "{text}");
        }
    }
}
