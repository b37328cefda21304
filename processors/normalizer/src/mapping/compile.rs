//! From a mapping file to a plan.

use std::cell::Cell;
use std::rc::Rc;
use std::sync::Arc;

use lineside_schemas::contract::{Contract, ProductionEvent};
use lineside_topology::topics::RAW_PREFIX;

use super::errors::{Errors, MappingErrors, suggestion};
use super::path::{Scope, path};
use super::plan::{Plan, Rule};
use super::table::{Table, tables};
use super::units::{UnitTable, unit_table};
use super::yaml::{Entry, Item, Section, Value, read};
use super::zone::zone_rule;
use crate::document::{Format, Namespaces};

/// What the parts of a file are compiled with.
pub(super) struct Compiler {
    pub(super) errors: Errors,
    pub(super) format: Format,
    pub(super) namespaces: Rc<Namespaces>,
    pub(super) path_count: Rc<Cell<usize>>,
    pub(super) tables: Vec<Arc<Table>>,
    pub(super) units: UnitTable,
}

/// What rules take from the file where they say nothing themselves.
pub(super) struct Defaults<'i> {
    pub(super) envelope: &'i [Entry],
    pub(super) order: Option<&'i Item>,
}

impl Plan {
    /// Compiles a mapping file. `file_name` is only for messages.
    ///
    /// # Errors
    /// Everything that is wrong with it, each with its line, and with the nearest right name where a name is wrong.
    pub fn compile(file_name: &str, text: &str) -> Result<Self, MappingErrors> {
        let mut errors = Errors::new(file_name);
        let root = read(text, &mut errors);
        let mut compiler =
            Compiler { errors, format: Format::Json, namespaces: Rc::default(), path_count: Rc::default(), tables: Vec::new(), units: UnitTable::default() };
        let plan = root.and_then(|root| compiler.plan(&root));
        match plan {
            Some(plan) if compiler.errors.is_empty() => Ok(plan),
            _ => {
                if compiler.errors.is_empty() {
                    compiler.errors.add(1, "the mapping is not complete");
                }
                Err(compiler.errors.finish())
            }
        }
    }
}

impl Compiler {
    fn plan(&mut self, root: &Item) -> Option<Plan> {
        let mut section = Section::new(root, "the mapping", &mut self.errors);
        let source = section.need("source", &mut self.errors);
        let version = section.need("version", &mut self.errors);
        let contract = section.need("contract", &mut self.errors);
        let format = section.need("format", &mut self.errors);
        let segments = section.take("segments");
        let trim = section.take("trim");
        let namespaces = section.take("namespaces");
        let document_type = section.take("document_type");
        let (zone, units, table_items) = (section.take("time_zone"), section.take("units"), section.take("tables"));
        let (envelope, order) = (section.take("envelope"), section.take("order"));
        let events = section.need("events", &mut self.errors);
        section.finish(&mut self.errors);

        let source = source.and_then(|item| self.source(item));
        let version = version.and_then(|item| self.version(item));
        if let Some(item) = contract {
            self.one_of(item, "contract", &[ProductionEvent::NAME]);
        }
        let document_format;
        (self.format, document_format) = self.document_format(format?, segments)?;
        let trim = trim.and_then(|item| self.one_of(item, "trim", &["true", "false"])) == Some("true");
        self.namespaces(namespaces);
        let document_type = self.document_type(document_type, root.line);
        let zone = zone_rule(zone, &mut self.errors);
        self.units = unit_table(units, &mut self.errors);
        self.tables = tables(table_items, &mut self.errors);
        let defaults = Defaults { envelope: self.check_envelope(envelope), order };
        let rules = self.rules(events?, &defaults);

        let (source, version) = (source?, version?);
        let plant = source.split_once('.')?.0;
        Some(Plan {
            source: source.into(),
            plant: plant.into(),
            topic: format!("{RAW_PREFIX}{source}").into(),
            mapping_version: format!("{source}/{version}").into(),
            format: self.format,
            document_format,
            trim,
            namespaces: (*self.namespaces).clone(),
            document_type,
            zone,
            units: std::mem::take(&mut self.units),
            path_count: self.path_count.get(),
            rules: rules?,
        })
    }

    fn source<'i>(&mut self, item: &'i Item) -> Option<&'i str> {
        let text = item.text("`source`", &mut self.errors)?;
        let valid = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-');
        let fits = text.split_once('.').is_some_and(|(plant, name)| valid(plant) && valid(name));
        if !fits {
            self.errors.add(item.line, format!("`{text}` is no source: `<plant>.<name>`, in lower-case letters, digits and hyphens"));
        }
        fits.then_some(text)
    }

    fn version(&mut self, item: &Item) -> Option<u32> {
        let text = item.text("`version`", &mut self.errors)?;
        let version = text.parse().ok().filter(|version| *version > 0);
        if version.is_none() {
            self.errors.add(item.line, format!("`{text}` is no version: a whole number from 1"));
        }
        version
    }

    /// The text of a scalar that has to be one of a few.
    pub(super) fn one_of<'i>(&mut self, item: &'i Item, what: &str, allowed: &[&str]) -> Option<&'i str> {
        let text = item.text(&format!("`{what}`"), &mut self.errors)?;
        if allowed.contains(&text) {
            return Some(text);
        }
        self.errors.add(item.line, format!("`{what}` cannot be `{text}`{}", suggestion(text, allowed.iter().copied())));
        None
    }

    fn namespaces(&mut self, item: Option<&Item>) {
        let Some(item) = item else { return };
        if self.format != Format::Xml {
            self.errors.add(item.line, "only XML has namespaces");
        }
        let mut namespaces = Namespaces::default();
        for entry in item.entries("`namespaces`", &mut self.errors) {
            let uris = entry.item.texts(&entry.key, &mut self.errors);
            if uris.is_empty() {
                self.errors.add(entry.line, format!("no URI stands at `{}`", entry.key));
            }
            for uri in uris {
                if let Some(known) = namespaces.prefix_of(uri) {
                    self.errors.add(entry.line, format!("`{uri}` stands at `{known}` already"));
                }
                namespaces.add(&entry.key, uri);
            }
        }
        self.namespaces = Rc::new(namespaces);
    }

    fn document_type(&mut self, item: Option<&Item>, line: usize) -> Option<super::path::Path> {
        match (self.format, item) {
            (Format::Json, None) => {
                self.errors.add(line, "the mapping has no `document_type`: the path to the name of a JSON document's type");
                None
            }
            (Format::Xml, Some(item)) => {
                self.errors.add(item.line, "the type of an XML document is the name of its root element");
                None
            }
            (_, None) => None,
            (_, Some(item)) => {
                let text = item.text("`document_type`", &mut self.errors)?;
                let path = path(text, Scope { format: self.format, namespaces: &self.namespaces, levels: &[], path_count: &self.path_count });
                self.noted(item.line, path)
            }
        }
    }

    fn rules(&mut self, item: &Item, defaults: &Defaults<'_>) -> Option<Box<[Rule]>> {
        let Value::List(items) = &item.value else {
            self.errors.add(item.line, format!("`events` is {}, where a list of rules should stand", item.describe()));
            return None;
        };
        let rules: Vec<Option<Rule>> = items.iter().map(|item| self.rule(item, defaults)).collect();
        if rules.is_empty() {
            self.errors.add(item.line, "`events` has no rule");
        }
        rules.into_iter().collect::<Option<Vec<_>>>().map(Into::into)
    }
}
