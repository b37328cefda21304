//! The rules of a mapping: what they select, and what becomes of it.

use std::rc::Rc;

use super::compile::{Compiler, Defaults};
use super::contract::{ContractTarget, Slot, TargetGroup};
use super::path::{DOCUMENT_TYPE, Scope, operands};
use super::pieces::{Filled, Pieces};
use super::plan::{Action, EventPlan, KeyPlan, Level, MAX_LEVELS, Piece, Rule};
use super::target::Target;
use lineside_schemas::binary::length;
use lineside_yaml::suggestion;
use lineside_yaml::{Entry, Item, Section, Value};

/// Keys of a rule that are not fields of an aggregate, whatever the contract calls its own.
const KEYS: &[&str] = &["document", "each", "when", "contract", "type", "refuse", "ignore", "envelope", "aggregate", "fields"];

/// What a rule says, before it is compiled.
struct Parts<'i> {
    line: usize,
    kind: Option<&'i Item>,
    refuse: Option<&'i Item>,
    ignore: Option<&'i Item>,
    envelope: Option<&'i Item>,
    fields: Option<&'i Item>,
    aggregate: Vec<(&'i str, &'i Item)>,
}

/// Keys that fill the aggregate's fields of a contract where rules and files say something.
pub(crate) fn aggregate_keys(contract: &'static ContractTarget) -> impl Iterator<Item = &'static str> {
    let fields = (!contract.is_flat()).then(|| contract.fields());
    fields.into_iter().flatten().map(|field| field.name.as_str()).filter(|name| !KEYS.contains(name))
}

impl Compiler {
    /// Compiles one entry of `events`.
    pub(super) fn rule(&mut self, item: &Item, defaults: &Defaults<'_>) -> Option<Rule> {
        let mut section = Section::new(item, "a rule", &mut self.errors);
        let document = section.need("document", &mut self.errors);
        let (each, when, contract) = (section.take("each"), section.take("when"), section.take("contract"));
        let (kind, refuse, ignore) = (section.take("type"), section.take("refuse"), section.take("ignore"));
        let (envelope, fields, aggregate) = (section.take("envelope"), section.take("fields"), section.take("aggregate"));
        let contract = contract.map_or(self.contract, |item| self.contract(item));
        let mut parts = Parts { line: item.line, kind, refuse, ignore, envelope, fields, aggregate: Vec::new() };
        for name in contract.into_iter().flat_map(aggregate_keys) {
            parts.aggregate.extend(section.take(name).map(|item| (name, item)));
        }
        // Where the contract itself is wrong, its fields are not.
        if contract.is_some() || refuse.is_some() || ignore.is_some() {
            section.finish(&mut self.errors);
        }
        parts.aggregate.extend(aggregate.into_iter().flat_map(|item| item.entries("`aggregate`", &mut self.errors)).map(|entry| (entry.key.as_str(), &*entry.item)));

        let document_types = document.map(|item| item.texts("`document`", &mut self.errors).into_iter().map(Into::into).collect());
        // Shared, so that the rest of the compiler can be changed while a scope borrows them.
        let (namespaces, paths, outer) = (Rc::clone(&self.namespaces), Rc::clone(&self.paths), Rc::clone(&self.document_levels));
        let (names, levels) = self.levels(each, Scope { format: self.format, namespaces: &namespaces, levels: &outer, paths: &paths });
        let scope = Scope { format: self.format, namespaces: &namespaces, levels: &names, paths: &paths };
        let (document_conditions, conditions) = self.conditions(when, scope).into_iter().partition::<Vec<_>, _>(super::Condition::is_of_document);
        let action = self.action(&parts, contract, defaults, scope);
        Some(Rule {
            line: item.line,
            document_types: document_types?,
            levels: levels?,
            document_conditions: document_conditions.into(),
            conditions: conditions.into(),
            action: action?,
        })
    }

    fn action(&mut self, parts: &Parts<'_>, contract: Option<&'static ContractTarget>, defaults: &Defaults<'_>, scope: Scope<'_>) -> Option<Action> {
        let is_flat = contract.is_some_and(ContractTarget::is_flat);
        match (parts.kind, parts.refuse, parts.ignore) {
            (None, None, None) if is_flat => self.master(parts, contract?, defaults, scope),
            (Some(item), None, None) if is_flat => {
                let name = contract.map_or("", ContractTarget::name);
                self.errors.add(item.line, format!("`{name}` has no event types: a rule that fills it has `fields`, but no `type`"));
                None
            }
            (Some(kind), None, None) => self.event(parts, kind, contract?, defaults, scope),
            (None, Some(item), None) => {
                self.check_surplus(parts, "a rule that refuses fills nothing");
                Some(Action::Refuse(item.text("`refuse`", &mut self.errors)?.into()))
            }
            (None, None, Some(item)) => {
                self.check_surplus(parts, "a rule that ignores fills nothing");
                item.text("`ignore`", &mut self.errors).map(|reason| Action::Ignore(reason.into()))
            }
            _ => {
                self.errors
                    .add(parts.line, "a rule has either `type`, the event it makes, or `refuse`, the reason it gives, or `ignore`, the reason why there is no event");
                None
            }
        }
    }

    fn check_surplus(&mut self, parts: &Parts<'_>, message: &str) {
        for surplus in [parts.envelope, parts.fields].into_iter().flatten().chain(parts.aggregate.iter().map(|(_, item)| *item)) {
            self.errors.add(surplus.line, message);
        }
    }

    /// An event: the aggregate's fields, the type, and the group of that type among the null branches of the others.
    fn event(&mut self, parts: &Parts<'_>, kind: &Item, contract: &'static ContractTarget, defaults: &Defaults<'_>, scope: Scope<'_>) -> Option<Action> {
        let before = self.references.count;
        let group = self.group(kind, contract)?;
        self.check_aggregate(parts, contract);
        let own = self.check_envelope(parts.envelope);
        let envelope = self.envelope(contract, defaults.envelope, own, parts.line, scope);
        let item_of = |name: &str| {
            let own = parts.aggregate.iter().chain(&defaults.aggregate);
            own.clone().find(|(key, _)| *key == name).map(|(_, item)| *item)
        };
        let keys = self.keys(contract, item_of, parts.line, scope);
        let group_fields = Filled {
            what: &group.symbol,
            line: parts.fields.map_or(parts.line, |item| item.line),
            entries: parts.fields.map_or(&[][..], |item| item.entries("`fields`", &mut self.errors)),
        };
        let fields = self.pieces(&group_fields, group.record, scope);

        let mut fields = Some(fields?);
        let mut content = Pieces::default();
        for slot in &contract.slots {
            match slot {
                Slot::Type(types) => {
                    let mut index = Vec::new();
                    length(types.index(&group.symbol)?, &mut index);
                    content.fixed(&index);
                }
                Slot::Group(other) if other.symbol == group.symbol => {
                    content.fixed(&other.field.present);
                    content.push(Piece::Group { field: &other.field, pieces: fields.take()? });
                }
                Slot::Group(other) => content.absent(&other.field),
                Slot::Field(field) => match contract.topic.key.iter().position(|key| *key == field.name) {
                    Some(number) => content.push(Piece::Key { number, field }),
                    None => match item_of(&field.name) {
                        None if field.required() => {
                            self.errors.add(parts.line, format!("nothing fills `{}`, which the contract requires", field.name));
                        }
                        None => content.absent(field),
                        Some(item) => {
                            let filler = self.filler(item, &field.name, field.target, scope)?;
                            content.push(Piece::Field(super::FieldPlan { field, positive: false, filler }));
                        }
                    },
                },
            }
        }
        Some(Action::Event(Box::new(EventPlan {
            contract,
            type_name: &group.symbol,
            envelope: envelope?,
            keys: keys?,
            content: content.finish(),
            refers: self.references.count > before,
        })))
    }

    /// A record of master data: all its fields.
    fn master(&mut self, parts: &Parts<'_>, contract: &'static ContractTarget, defaults: &Defaults<'_>, scope: Scope<'_>) -> Option<Action> {
        let before = self.references.count;
        for (name, item) in &parts.aggregate {
            self.errors.add(item.line, format!("`{name}` of {} is filled below `fields`", contract.name()));
        }
        let own = self.check_envelope(parts.envelope);
        let envelope = self.envelope(contract, defaults.envelope, own, parts.line, scope);
        let entries = parts.fields.map_or(&[][..], |item| item.entries("`fields`", &mut self.errors));
        let filled = Filled { what: contract.name(), line: parts.fields.map_or(parts.line, |item| item.line), entries };
        self.check_names(&filled, &contract.fields().collect::<Vec<_>>());
        let keys = self.keys(contract, |name| entry_of(entries, name), filled.line, scope);
        let mut content = Pieces::default();
        let mut complete = true;
        for field in contract.fields() {
            match contract.topic.key.iter().position(|key| *key == field.name) {
                Some(number) => content.push(Piece::Key { number, field }),
                None => complete &= self.piece(&filled, contract.name(), field, scope, &mut content).is_some(),
            }
        }
        let (envelope, keys) = (envelope?, keys?);
        let refers = self.references.count > before;
        complete.then(|| Action::Event(Box::new(EventPlan { contract, type_name: contract.name(), envelope, keys, content: content.finish(), refers })))
    }

    fn check_aggregate(&mut self, parts: &Parts<'_>, contract: &'static ContractTarget) {
        for (name, item) in &parts.aggregate {
            if !contract.fields().any(|field| field.name == *name) {
                let known = suggestion(name, contract.fields().map(|field| field.name.as_str()));
                self.errors.add(item.line, format!("the aggregate of {} has no field `{name}`{known}", contract.name()));
            }
        }
    }

    /// The fields of the key, in its order.
    fn keys<'i>(&mut self, contract: &'static ContractTarget, item_of: impl Fn(&str) -> Option<&'i Item>, line: usize, scope: Scope<'_>) -> Option<Box<[KeyPlan]>> {
        let mut keys = Vec::new();
        for name in contract.topic.key {
            let field = contract.fields().find(|field| field.name == **name)?;
            let expression = match item_of(name) {
                Some(item) => Some(self.expression(item, name, Target::Text, scope)?),
                None if field.required() => {
                    self.errors.add(line, format!("nothing fills `{name}`, which the contract requires"));
                    return None;
                }
                None => None,
            };
            keys.push(KeyPlan { field, expression });
        }
        Some(keys.into())
    }

    fn group(&mut self, item: &Item, contract: &'static ContractTarget) -> Option<&'static TargetGroup> {
        let symbol = item.text("`type`", &mut self.errors)?;
        let group = contract.groups().find(|group| group.symbol == symbol);
        if group.is_none() {
            let known = suggestion(symbol, contract.groups().map(|group| group.symbol.as_str()));
            self.errors.add(item.line, format!("the contract has no event type `{symbol}`{known}"));
        }
        group
    }

    /// Compiles `each`: names to paths, outermost first, each path relative to the selection before it. Gives the names of all selections, and the new ones.
    pub(super) fn levels(&mut self, item: Option<&Item>, scope: Scope<'_>) -> (Vec<String>, Option<Box<[Level]>>) {
        let entries = item.map_or(&[][..], |item| item.entries("`each`", &mut self.errors));
        let (mut names, mut levels) = (scope.levels.to_vec(), Vec::new());
        let mut complete = true;
        for entry in entries {
            self.check_level_name(&entry.key, entry.line, &names);
            if names.len() == MAX_LEVELS {
                self.errors.add(entry.line, format!("more than {MAX_LEVELS} selections in one another"));
                complete = false;
                break;
            }
            let level = self.level(&entry.item, Scope { levels: &names, ..scope });
            complete &= level.is_some();
            levels.extend(level);
            names.push(entry.key.clone());
        }
        (names, complete.then(|| levels.into()))
    }

    pub(super) fn check_level_name(&mut self, name: &str, line: usize, names: &[String]) {
        if names.iter().any(|known| known == name) || name == DOCUMENT_TYPE || name.contains(['/', '|', '[']) {
            self.errors.add(line, format!("`{name}` cannot be the name of a selection"));
        }
    }

    /// Compiles a selection: a path, a list of paths, or `{path: ..., required: true}`.
    pub(super) fn level(&mut self, item: &Item, scope: Scope<'_>) -> Option<Level> {
        if let Value::List(items) = &item.value {
            let mut paths = Vec::new();
            for item in items {
                let text = item.text("a path", &mut self.errors)?;
                paths.extend(self.selection(text, item.line, false, scope)?.paths);
            }
            return Some(Level { paths: paths.into(), all: true, required: false });
        }
        if let Some(text) = item.scalar() {
            return self.selection(text, item.line, false, scope);
        }
        let mut section = Section::new(item, "a selection", &mut self.errors);
        let text = section.need("path", &mut self.errors);
        let required = section.take("required").and_then(|item| item.text("`required`", &mut self.errors));
        section.finish(&mut self.errors);
        let text = text?.text("`path`", &mut self.errors)?;
        self.selection(text, item.line, required == Some("true"), scope)
    }

    fn selection(&mut self, text: &str, line: usize, required: bool, scope: Scope<'_>) -> Option<Level> {
        let found = self.noted(line, operands(text, scope))?;
        let mut paths = Vec::new();
        for operand in found {
            let super::Operand::Path(path) = operand else {
                self.errors.add(line, format!("`{text}` is no path into the document"));
                return None;
            };
            paths.push(path);
        }
        Some(Level { paths: paths.into(), all: false, required })
    }
}

fn entry_of<'i>(entries: &'i [Entry], name: &str) -> Option<&'i Item> {
    entries.iter().find(|entry| entry.key == name).map(|entry| &*entry.item)
}
