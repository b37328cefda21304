//! `segments` of a mapping: which segments of a transaction set or message stand below which.

use super::compile::Compiler;
use crate::document::{Hierarchy, Loop, Segmentation};
use lineside_yaml::{Item, Section, Value};

/// Loops in loops. X12 and EDIFACT know no deeper ones.
const NESTED_MAX: usize = 8;

impl Compiler {
    /// Reads `segments`: `{hierarchy: {start, id, parent, until}, loops: [{start, members, loops}]}`.
    pub(super) fn segmentation(&mut self, item: &Item) -> Segmentation {
        let mut section = Section::new(item, "`segments`", &mut self.errors);
        let hierarchy = section.take("hierarchy").and_then(|item| self.hierarchy(item));
        let loops = section.take("loops").map(|item| self.loops(item, 1)).unwrap_or_default();
        section.finish(&mut self.errors);
        if let Some(hierarchy) = &hierarchy
            && let Some(wrong) = tags(&loops).into_iter().find(|tag| **tag == *hierarchy.start)
        {
            self.errors.add(item.line, format!("`{wrong}` starts the levels of the hierarchy and stands in a loop"));
        }
        Segmentation { hierarchy, loops }
    }

    fn hierarchy(&mut self, item: &Item) -> Option<Hierarchy> {
        let mut section = Section::new(item, "`hierarchy`", &mut self.errors);
        let start = section.need("start", &mut self.errors).and_then(|item| self.tag(item));
        let id = section.need("id", &mut self.errors).and_then(|item| self.element(item));
        let parent = section.need("parent", &mut self.errors).and_then(|item| self.element(item));
        let until = section.take("until").map(|item| self.tags(item)).unwrap_or_default();
        section.finish(&mut self.errors);
        Some(Hierarchy { start: start?, id: id?, parent: parent?, until })
    }

    fn loops(&mut self, item: &Item, depth: usize) -> Box<[Loop]> {
        let Value::List(items) = &item.value else {
            self.errors.add(item.line, format!("`loops` is {}, where a list should stand", item.describe()));
            return Box::default();
        };
        if depth > NESTED_MAX {
            self.errors.add(item.line, format!("loops are nested deeper than {NESTED_MAX} levels"));
            return Box::default();
        }
        let mut loops: Vec<Loop> = Vec::new();
        for item in items {
            if let Some(compiled) = self.segment_loop(item, depth) {
                if Loop::started(&loops, &compiled.start).is_some() {
                    self.errors.add(item.line, format!("a second loop starts with `{}`", compiled.start));
                }
                loops.push(compiled);
            }
        }
        loops.into()
    }

    fn segment_loop(&mut self, item: &Item, depth: usize) -> Option<Loop> {
        let mut section = Section::new(item, "a loop", &mut self.errors);
        let start = section.need("start", &mut self.errors).and_then(|item| self.tag(item));
        let members = section.take("members").map(|item| self.tags(item)).unwrap_or_default();
        let loops = section.take("loops").map(|item| self.loops(item, depth + 1)).unwrap_or_default();
        section.finish(&mut self.errors);
        let start = start?;
        for inner in &loops {
            if members.contains(&inner.start) {
                self.errors.add(item.line, format!("`{}` is a member of the loop `{start}` and starts a loop in it", inner.start));
            }
        }
        if members.contains(&start) {
            self.errors.add(item.line, format!("`{start}` starts the loop; it cannot be a member of it"));
        }
        Some(Loop { start, members, loops })
    }

    fn tags(&mut self, item: &Item) -> Box<[Box<str>]> {
        match &item.value {
            Value::List(items) => items.iter().filter_map(|item| self.tag(item)).collect(),
            _ => self.tag(item).into_iter().collect(),
        }
    }

    fn tag(&mut self, item: &Item) -> Option<Box<str>> {
        let text = item.text("the name of a segment", &mut self.errors)?;
        let is_tag = matches!(text.len(), 2..=3) && text.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit());
        if !is_tag {
            self.errors.add(item.line, format!("`{text}` is no name of a segment: two or three capital letters or digits"));
        }
        is_tag.then(|| text.into())
    }

    /// Number of an element, as paths name it.
    fn element(&mut self, item: &Item) -> Option<usize> {
        let text = item.text("the number of an element", &mut self.errors)?;
        let number = text.parse().ok().filter(|number| text.len() == 2 && *number > 0);
        if number.is_none() {
            self.errors.add(item.line, format!("`{text}` is no number of an element: two digits, from 01"));
        }
        number
    }
}

/// Every tag that loops name.
fn tags(loops: &[Loop]) -> Vec<&str> {
    let mut found = Vec::new();
    for known in loops {
        found.push(&*known.start);
        found.extend(known.members.iter().map(|tag| &**tag));
        found.extend(tags(&known.loops));
    }
    found
}
