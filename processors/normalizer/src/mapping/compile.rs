//! From a mapping file to a plan.

use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;

use lineside_topology::CANONICAL;
use lineside_topology::topics::RAW_PREFIX;

use super::MappingErrors;
use super::contract::{ContractTarget, contract};
use super::event::aggregate_keys;
use super::expression::Expression;
use super::master::References;
use super::numbers::number_format;
use super::path::{PathNumbers, Scope, operands};
use super::plan::{DocumentType, Level, Plan, Rule};
use super::reachable;
use super::table::{Table, tables};
use super::target::Target;
use super::times::time_format;
use super::units::{UnitTable, unit_table};
use super::zone::zone_rule;
use crate::convert::number_format::NumberFormat;
use crate::convert::time_format::TimeFormat;
use crate::document::{Format, Namespaces};
use lineside_yaml::{Entry, Item, Section, Value, read};
use lineside_yaml::{Errors, suggestion};

/// What the parts of a file are compiled with.
pub(super) struct Compiler {
    pub(super) errors: Errors,
    pub(super) format: Format,
    pub(super) namespaces: Rc<Namespaces>,
    pub(super) paths: Rc<PathNumbers>,
    /// Names of the selections that lead to a document.
    pub(super) document_levels: Rc<[String]>,
    /// What rules fill that name no contract.
    pub(super) contract: Option<&'static ContractTarget>,
    pub(super) tables: Vec<Arc<Table>>,
    pub(super) units: UnitTable,
    /// How the source writes numbers, where it is not as JSON does.
    pub(super) numbers: Option<NumberFormat>,
    /// How it writes dates and times, where it is not ISO 8601.
    pub(super) times: Option<Arc<TimeFormat>>,
    /// What the different kinds of digests leave out.
    pub(super) digests: Vec<Vec<Box<str>>>,
    /// Name of the source: the scheme of its identifiers unless it says another.
    pub(super) source_name: String,
    pub(super) references: References,
}

/// What rules take from the file where they say nothing themselves.
pub(super) struct Defaults<'i> {
    pub(super) envelope: &'i [Entry],
    /// Fields of aggregates.
    pub(super) aggregate: Vec<(&'i str, &'i Item)>,
}

impl Plan {
    /// Compiles a mapping file. `file_name` is only for messages.
    ///
    /// # Errors
    /// Everything that is wrong with it, each with its line, and with the nearest right name where a name is wrong.
    pub fn compile(file_name: &str, text: &str) -> Result<Self, MappingErrors> {
        let mut errors = Errors::new(file_name);
        let root = read(text, &mut errors);
        let mut compiler = Compiler {
            errors,
            format: Format::Json,
            namespaces: Rc::default(),
            paths: Rc::default(),
            document_levels: Rc::default(),
            contract: None,
            tables: Vec::new(),
            units: UnitTable::default(),
            numbers: None,
            times: None,
            digests: Vec::new(),
            source_name: String::new(),
            references: References::default(),
        };
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
        let contract = section.take("contract");
        let format = section.need("format", &mut self.errors);
        let segments = section.take("segments");
        let trim = section.take("trim");
        let (namespaces, prefixes) = (section.take("namespaces"), section.take("prefixes"));
        let (document_type, documents) = (section.take("document_type"), section.take("documents"));
        let (zone, units, table_items) = (section.take("time_zone"), section.take("units"), section.take("tables"));
        let (numbers, times, fractions) = (section.take("numbers"), section.take("time"), section.take("fractions"));
        let (envelope, aggregate, partner) = (section.take("envelope"), section.take("aggregate"), section.take("partner"));
        let events = section.need("events", &mut self.errors);
        self.contract = contract.and_then(|item| self.contract(item));
        let mut defaults = Defaults { envelope: &[], aggregate: Vec::new() };
        let contracts = self.contracts(contract.is_some(), events);
        let mut names: Vec<&'static str> = contracts.iter().copied().flat_map(aggregate_keys).collect();
        names.sort_unstable();
        names.dedup();
        for name in names {
            defaults.aggregate.extend(section.take(name).map(|item| (name, item)));
        }
        section.finish(&mut self.errors);

        let source = source.and_then(|item| self.source(item));
        source.unwrap_or_default().clone_into(&mut self.source_name);
        let version = version.and_then(|item| self.version(item));
        let document_format;
        (self.format, document_format) = self.document_format(format?, segments)?;
        let trim = trim.and_then(|item| self.one_of(item, "trim", &["true", "false"])) == Some("true");
        let cuts_fractions = fractions.and_then(|item| self.one_of(item, "fractions", &["refuse", "cut"])) == Some("cut");
        self.namespaces(namespaces);
        let zone = zone_rule(zone, &mut self.errors);
        self.units = unit_table(units, &mut self.errors);
        self.tables = tables(table_items, &mut self.errors);
        self.numbers = numbers.and_then(|item| number_format(item, "`numbers`", &mut self.errors));
        self.times = times.and_then(|item| time_format(item, &mut self.errors)).map(Arc::new);
        // Behind what its expression may be made with.
        self.references.barred = Some("the type of a document".to_owned());
        let documents = self.documents(document_type, documents, root.line);
        let prefixes = prefixes.and_then(|item| self.prefixes(item)).unwrap_or_default();
        self.references.barred = Some("partner".to_owned());
        let partner = partner.and_then(|item| self.partner(item));
        self.references.barred = None;
        defaults.envelope = self.check_envelope(envelope);
        let others = aggregate.map_or(&[][..], |item| item.entries("`aggregate`", &mut self.errors));
        for entry in others {
            if !contracts.iter().any(|contract| contract.fields().any(|field| field.name == entry.key)) {
                let known = contracts.iter().flat_map(|contract| contract.fields()).map(|field| field.name.as_str());
                self.errors.add(entry.line, format!("the aggregate of no contract of this mapping has a field `{}`{}", entry.key, suggestion(&entry.key, known)));
            }
            defaults.aggregate.push((&entry.key, &entry.item));
        }
        let rules = self.rules(events?, &defaults);

        let (source, version, (documents, document_type), rules) = (source?, version?, documents?, rules?);
        let mut rules_of: HashMap<Box<str>, Vec<usize>> = HashMap::new();
        for (index, rule) in rules.iter().enumerate() {
            for name in &rule.document_types {
                let own = rules_of.entry(name.clone()).or_default();
                // A rule may name a type twice.
                if own.last() != Some(&index) {
                    own.push(index);
                }
            }
        }
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
            documents,
            document_type,
            partner,
            zone,
            cuts_fractions,
            units: std::mem::take(&mut self.units),
            prefixes,
            path_count: self.paths.count(),
            digest_count: self.digests.len(),
            entities: self.references.entities.iter().copied().collect(),
            rules,
            rules_of,
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

    /// The contracts that the file names; all of them where it names one wrongly, for then nothing else that it says of them is wrong.
    fn contracts(&self, has_contract: bool, events: Option<&Item>) -> Vec<&'static ContractTarget> {
        let rules = events.and_then(|item| if let Value::List(items) = &item.value { Some(items) } else { None });
        let named = rules.into_iter().flatten().filter_map(|rule| rule.map()?.iter().find(|entry| entry.key == "contract")?.item.scalar());
        let named = named.filter_map(|name| contract(name).ok());
        if has_contract && self.contract.is_none() {
            return CANONICAL.iter().filter_map(|topic| contract(topic.contract.name()).ok()).collect();
        }
        self.contract.into_iter().chain(named).collect()
    }

    /// Where the documents of a record stand, and how they name their type.
    fn documents(&mut self, document_type: Option<&Item>, documents: Option<&Item>, line: usize) -> Option<(Box<[Level]>, DocumentType)> {
        let Some(item) = documents else {
            let found = match document_type {
                Some(item) if self.format == Format::Xml => {
                    self.errors.add(item.line, "the type of an XML document is the name of its root element");
                    None
                }
                None if self.format != Format::Json => Some(DocumentType::Root),
                None => {
                    self.errors.add(line, "the mapping has no `document_type`: the path to the name of a JSON document's type");
                    None
                }
                Some(item) => self.type_of("document_type", item, &[]),
            };
            return found.map(|found| (Box::default(), found));
        };
        if let Some(item) = document_type {
            self.errors.add(item.line, "the type of each document is the `type` of `documents`");
        }
        let mut section = Section::new(item, "`documents`", &mut self.errors);
        let (each, kind) = (section.need("each", &mut self.errors), section.need("type", &mut self.errors));
        section.finish(&mut self.errors);
        let (namespaces, paths) = (Rc::clone(&self.namespaces), Rc::clone(&self.paths));
        let (names, levels) = self.levels(each, Scope { format: self.format, namespaces: &namespaces, levels: &[], paths: &paths });
        let kind = self.type_of("type", kind?, &names);
        self.document_levels = names.into();
        Some((levels?, kind?))
    }

    /// The type of documents: a path, `{const: name}` where there is only one, or any other form of a text.
    fn type_of(&mut self, what: &str, item: &Item, levels: &[String]) -> Option<DocumentType> {
        let (namespaces, paths) = (Rc::clone(&self.namespaces), Rc::clone(&self.paths));
        let scope = Scope { format: self.format, namespaces: &namespaces, levels, paths: &paths };
        if item.map().is_some() {
            return match self.expression(item, what, Target::Text, scope)? {
                Expression::Constant(name) => Some(DocumentType::Fixed(name)),
                expression => Some(DocumentType::Made(expression)),
            };
        }
        let text = item.text(&format!("`{what}`"), &mut self.errors)?;
        self.noted(item.line, operands(text, scope)).map(DocumentType::Operands)
    }

    /// Who sent a document. Like its type it is the document's, not a rule's.
    fn partner(&mut self, item: &Item) -> Option<Expression> {
        let (namespaces, paths, levels) = (Rc::clone(&self.namespaces), Rc::clone(&self.paths), Rc::clone(&self.document_levels));
        self.expression(item, "partner", Target::Text, Scope { format: self.format, namespaces: &namespaces, levels: &levels, paths: &paths })
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
        reachable::check(items, &mut self.errors);
        rules.into_iter().collect::<Option<Vec<_>>>().map(Into::into)
    }
}
