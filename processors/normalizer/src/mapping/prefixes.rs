//! Prefixes of names in JSON: where documents bind them to namespaces, and those that they need not bind.

use std::rc::Rc;

use super::compile::Compiler;
use super::path::{Operand, Path, Scope, operands};
use crate::document::Format;
use lineside_yaml::{Item, Section};

/// What prefixes of names stand for.
#[derive(Debug, Default)]
pub(crate) struct Prefixes {
    /// Where texts stand that are named by prefixes. Later ones count more, and those that start at the document more than those from the root.
    pub(crate) paths: Box<[Path]>,
    /// Prefix and URI, where no document says otherwise.
    pub(crate) known: Box<[(Box<str>, Box<str>)]>,
}

impl Compiler {
    /// Reads `prefixes`: `{paths: [...], known: {prefix: URI}}`.
    pub(super) fn prefixes(&mut self, item: &Item) -> Option<Prefixes> {
        if !matches!(self.format, Format::Json | Format::JsonLines) {
            self.errors.add(item.line, "only JSON has names with prefixes; XML has `namespaces`");
        }
        let mut section = Section::new(item, "`prefixes`", &mut self.errors);
        let (path_item, known) = (section.take("paths"), section.take("known"));
        section.finish(&mut self.errors);
        let (namespaces, numbers, levels) = (Rc::clone(&self.namespaces), Rc::clone(&self.paths), Rc::clone(&self.document_levels));
        let scope = Scope { format: self.format, namespaces: &namespaces, levels: &levels, paths: &numbers };
        let mut paths = Vec::new();
        if let Some(item) = path_item {
            for text in item.texts("`paths`", &mut self.errors) {
                for operand in self.noted(item.line, operands(text, scope))? {
                    match operand {
                        Operand::Path(path) => paths.push(path),
                        _ => self.errors.add(item.line, format!("`{text}` is no path into the document")),
                    }
                }
            }
        }
        let mut bound = Vec::new();
        for entry in known.map_or(&[][..], |item| item.entries("`known`", &mut self.errors)) {
            let uri = entry.item.text(&format!("`{}`", entry.key), &mut self.errors)?;
            bound.push((entry.key.as_str().into(), uri.into()));
        }
        Some(Prefixes { paths: paths.into(), known: bound.into() })
    }
}
