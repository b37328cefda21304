//! A YAML file as a tree that knows its lines. Scalars stay the text that they are: `0010` is no number here, and `no` no truth value.

use std::collections::HashMap;
use std::rc::Rc;

use saphyr_parser::{Event, Parser, Span};

use crate::errors::{Errors, suggestion};

/// A value and where it stands.
#[derive(Debug)]
pub struct Item {
    /// Line, from 1.
    pub line: usize,
    /// The value.
    pub value: Value,
    /// Scalars, lists and maps in it, itself included, with what aliases stand for counted each time.
    weight: usize,
}

/// What stands at a place.
#[derive(Debug)]
pub enum Value {
    /// A single value, as text.
    Scalar(String),
    /// A list.
    List(Vec<Rc<Item>>),
    /// A map, in the order of the file.
    Map(Vec<Entry>),
}

/// A member of a map.
#[derive(Debug)]
pub struct Entry {
    /// Line of the key.
    pub line: usize,
    /// Key.
    pub key: String,
    /// Value.
    pub item: Rc<Item>,
}

impl Item {
    /// The text, if it is a single value.
    #[must_use]
    pub fn scalar(&self) -> Option<&str> {
        if let Value::Scalar(text) = &self.value { Some(text) } else { None }
    }

    /// The members, if it is a map.
    #[must_use]
    pub fn map(&self) -> Option<&[Entry]> {
        if let Value::Map(entries) = &self.value { Some(entries) } else { None }
    }

    /// What it is, in words.
    #[must_use]
    pub const fn describe(&self) -> &'static str {
        match self.value {
            Value::Scalar(_) => "a single value",
            Value::List(_) => "a list",
            Value::Map(_) => "a map",
        }
    }

    /// The text of a scalar; anything else is an error.
    pub fn text<'i>(&'i self, what: &str, errors: &mut Errors) -> Option<&'i str> {
        let text = self.scalar();
        if text.is_none() {
            errors.add(self.line, format!("{what} is {}, where a single value should stand", self.describe()));
        }
        text
    }

    /// The texts of a scalar or of a list of scalars.
    pub fn texts<'i>(&'i self, what: &str, errors: &mut Errors) -> Vec<&'i str> {
        match &self.value {
            Value::List(items) => items.iter().filter_map(|item| item.text(what, errors)).collect(),
            _ => self.text(what, errors).into_iter().collect(),
        }
    }

    /// The members of a map; anything else is an error.
    pub fn entries<'i>(&'i self, what: &str, errors: &mut Errors) -> &'i [Entry] {
        self.map().unwrap_or_else(|| {
            errors.add(self.line, format!("{what} is {}, where a map should stand", self.describe()));
            &[]
        })
    }
}

/// A map whose keys are known. Keys that nobody asked for are errors.
#[derive(Debug)]
pub struct Section<'i> {
    what: String,
    line: usize,
    entries: &'i [Entry],
    asked: Vec<&'static str>,
}

impl<'i> Section<'i> {
    /// The map at `item`, called `what` in errors; anything but a map is one.
    pub fn new(item: &'i Item, what: impl Into<String>, errors: &mut Errors) -> Self {
        let what = what.into();
        let entries = item.entries(&what, errors);
        Self { what, line: item.line, entries, asked: Vec::new() }
    }

    /// The value of a key.
    pub fn take(&mut self, key: &'static str) -> Option<&'i Item> {
        self.asked.push(key);
        #[cfg(feature = "asked")]
        asked::note(&self.what, key);
        self.entries.iter().find(|entry| entry.key == key).map(|entry| &*entry.item)
    }

    /// The value of a key that has to be there.
    pub fn need(&mut self, key: &'static str, errors: &mut Errors) -> Option<&'i Item> {
        let item = self.take(key);
        if item.is_none() {
            errors.add(self.line, format!("{} has no `{key}`", self.what));
        }
        item
    }

    /// Every other key is an error.
    pub fn finish(self, errors: &mut Errors) {
        for entry in self.entries {
            if !self.asked.contains(&entry.key.as_str()) {
                errors.add(entry.line, format!("{} has no key `{}`{}", self.what, entry.key, suggestion(&entry.key, self.asked.iter().copied())));
            }
        }
    }
}

/// Which keys were asked for, for the test that compares them with the published schema.
#[cfg(feature = "asked")]
pub mod asked {
    use std::cell::RefCell;

    thread_local! {
        static ASKED: RefCell<Vec<(String, &'static str)>> = const { RefCell::new(Vec::new()) };
    }

    /// Forgets what was asked for.
    pub fn start() {
        ASKED.with_borrow_mut(Vec::clear);
    }

    /// What was asked for since, with the section it was asked of.
    /// The value of a key.
    #[must_use]
    pub fn take() -> Vec<(String, &'static str)> {
        ASKED.take()
    }

    pub(super) fn note(what: &str, key: &'static str) {
        ASKED.with_borrow_mut(|asked| asked.push((what.to_owned(), key)));
    }
}

/// A container that is not complete yet.
struct Open {
    line: usize,
    anchor: usize,
    value: Value,
    /// In a map: the key whose value comes next.
    key: Option<(usize, String)>,
    weight: usize,
}

/// Bytes that a file may have.
const MAX_BYTES: usize = 4 << 20;
/// How deep lists and maps may be nested.
const MAX_DEPTH: usize = 64;
/// Values that a file may have, with what its aliases stand for counted each time: whoever walks the tree meets no more.
const MAX_VALUES: usize = 1_000_000;

/// Reads a file of one document, bounded in size, depth and in what its aliases expand to. What is wrong with it is added to `errors`.
pub fn read(text: &str, errors: &mut Errors) -> Option<Rc<Item>> {
    if text.len() > MAX_BYTES {
        errors.add(1, format!("the file has {} bytes, more than {MAX_BYTES}", text.len()));
        return None;
    }
    let mut open: Vec<Open> = Vec::new();
    let mut anchors: HashMap<usize, Rc<Item>> = HashMap::new();
    let mut root = None;
    for next in Parser::new_from_str(text) {
        let (event, span) = next.map_err(|error| errors.add(error.marker().line(), error.info())).ok()?;
        let line = line_of(&span);
        if open.len() > MAX_DEPTH {
            errors.add(line, format!("lists and maps are nested more than {MAX_DEPTH} deep"));
            return None;
        }
        let (item, anchor) = match event {
            Event::Scalar(_, _, _, Some(_)) | Event::SequenceStart(_, Some(_)) | Event::MappingStart(_, Some(_)) => {
                errors.add(line, "tags (`!`) have no meaning here");
                return None;
            }
            Event::SequenceStart(anchor, None) => {
                open.push(Open { line, anchor, value: Value::List(Vec::new()), key: None, weight: 1 });
                continue;
            }
            Event::MappingStart(anchor, None) => {
                open.push(Open { line, anchor, value: Value::Map(Vec::new()), key: None, weight: 1 });
                continue;
            }
            Event::SequenceEnd | Event::MappingEnd => {
                let Some(closed) = open.pop() else { continue };
                (Rc::new(Item { line: closed.line, value: closed.value, weight: closed.weight }), closed.anchor)
            }
            Event::Scalar(text, _, anchor, None) => (Rc::new(Item { line, value: Value::Scalar(text.into_owned()), weight: 1 }), anchor),
            Event::Alias(anchor) => (Rc::clone(anchors.get(&anchor)?), 0),
            Event::DocumentStart(_) if root.is_some() => {
                errors.add(line, "the file has a second document");
                return None;
            }
            _ => continue,
        };
        if anchor != 0 {
            anchors.insert(anchor, Rc::clone(&item));
        }
        match open.last_mut() {
            Some(container) => {
                container.weight = container.weight.saturating_add(item.weight);
                if container.weight > MAX_VALUES {
                    errors.add(line, format!("the file has more than {MAX_VALUES} values"));
                    return None;
                }
                insert(container, item, line, errors);
            }
            None => root = Some(item),
        }
    }
    if root.is_none() {
        errors.add(1, "the file is empty");
    }
    root
}

fn insert(container: &mut Open, item: Rc<Item>, line: usize, errors: &mut Errors) {
    match (&mut container.value, container.key.take()) {
        (Value::List(items), _) => items.push(item),
        (Value::Map(entries), Some((line, key))) => entries.push(Entry { line, key, item }),
        (Value::Map(entries), None) => match item.scalar() {
            Some(key) => {
                if entries.iter().any(|entry| entry.key == key) {
                    errors.add(line, format!("`{key}` stands twice in one map"));
                }
                container.key = Some((line, key.to_owned()));
            }
            None => errors.add(line, "a key has to be a single value"),
        },
        (Value::Scalar(_), _) => {}
    }
}

fn line_of(span: &Span) -> usize {
    span.start.line()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn errors_of(text: &str) -> String {
        let mut errors = Errors::new("f");
        read(text, &mut errors);
        errors.finish().to_string()
    }

    #[test]
    fn scalars_stay_text_and_know_their_line() {
        let mut errors = Errors::new("f");
        let root = read("a: 0010\nb:\n  - no\n  - 'x'\nc: &m {k: v}\nd: *m\n", &mut errors).unwrap();
        assert!(errors.is_empty());
        let entries = root.map().unwrap();
        assert_eq!(entries[0].item.scalar(), Some("0010"));
        assert_eq!(entries[1].item.texts("b", &mut errors), ["no", "x"]);
        assert_eq!((entries[2].line, entries[3].line), (5, 6));
        assert_eq!(entries[3].item.map().unwrap()[0].key, "k");
    }

    #[test]
    fn names_the_line_of_what_is_wrong() {
        assert_eq!(errors_of("a: 1\nb: 2\na: 3\n"), "f:3: `a` stands twice in one map");
        assert_eq!(errors_of("a: 1\n---\nb: 2\n"), "f:2: the file has a second document");
        assert_eq!(errors_of("a: !x 1\n"), "f:1: tags (`!`) have no meaning here");
        assert_eq!(errors_of(""), "f:1: the file is empty");
        assert!(errors_of("a: [1\nb: 2").starts_with("f:"));
    }

    #[test]
    fn bounds_size_depth_and_what_aliases_expand_to() {
        assert!(errors_of(&" ".repeat(MAX_BYTES + 1)).contains("more than 4194304"));
        assert_eq!(errors_of(&"[".repeat(100)), "f:1: lists and maps are nested more than 64 deep");
        let level = |level: usize| format!("a{level}: &a{level} [{}]\n", if level == 0 { "x, ".repeat(10) } else { format!("*a{}, ", level - 1).repeat(10) });
        let bomb: Vec<String> = (0..9).map(level).collect();
        let bomb = bomb.concat();
        assert!(errors_of(&bomb).ends_with("the file has more than 1000000 values"), "{}", errors_of(&bomb));
    }
}
