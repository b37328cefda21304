//! Records and lists: what a mapping says of their fields, put in the order of the schema.

use super::compile::Compiler;
use super::contract::ContractTarget;
use super::expression::Filler;
use super::path::Scope;
use super::plan::{FieldPlan, ItemPlan, Level, ListPart, MAX_LEVELS, Piece};
use super::target::{RecordTarget, Target, TargetField, is_positive};
use lineside_yaml::suggestion;
use lineside_yaml::{Entry, Item, Section, Value};

/// Name of a selection that has none. Nothing can refer to it: names end at a slash.
const UNNAMED: &str = "/";

/// Pieces under construction; fixed bytes that follow each other become one.
#[derive(Debug, Default)]
pub(super) struct Pieces {
    done: Vec<Piece>,
    bytes: Vec<u8>,
    defaults: Vec<&'static TargetField>,
}

impl Pieces {
    pub(super) fn fixed(&mut self, bytes: &[u8]) {
        self.bytes.extend_from_slice(bytes);
    }

    /// A field that nothing fills.
    pub(super) fn absent(&mut self, field: &'static TargetField) {
        let Some(absent) = &field.absent else { return };
        self.fixed(&absent.bytes);
        if absent.value.is_some() {
            self.defaults.push(field);
        }
    }

    pub(super) fn push(&mut self, piece: Piece) {
        self.close();
        self.done.push(piece);
    }

    pub(super) fn finish(mut self) -> Box<[Piece]> {
        self.close();
        self.done.into()
    }

    fn close(&mut self) {
        if !self.bytes.is_empty() {
            let (bytes, defaults) = (std::mem::take(&mut self.bytes), std::mem::take(&mut self.defaults));
            self.done.push(Piece::Fixed { bytes: bytes.into(), defaults: defaults.into() });
        }
    }
}

/// The fields that a map of the mapping fills, and what to call them in messages.
pub(super) struct Filled<'i> {
    /// What has these fields, e.g. `ORDER_RELEASED`.
    pub(super) what: &'i str,
    /// Line for what is missing.
    pub(super) line: usize,
    pub(super) entries: &'i [Entry],
}

impl Compiler {
    /// The fields of a record, in its order.
    pub(super) fn pieces(&mut self, filled: &Filled<'_>, record: &'static RecordTarget, scope: Scope<'_>) -> Option<Box<[Piece]>> {
        self.check_names(filled, &record.fields.iter().collect::<Vec<_>>());
        let mut pieces = Pieces::default();
        let mut complete = true;
        for field in &record.fields {
            complete &= self.piece(filled, &record.name, field, scope, &mut pieces).is_some();
        }
        complete.then(|| pieces.finish())
    }

    /// One field of a record.
    pub(super) fn piece(&mut self, filled: &Filled<'_>, record: &str, field: &'static TargetField, scope: Scope<'_>, pieces: &mut Pieces) -> Option<()> {
        let Some(entry) = filled.entries.iter().find(|entry| entry.key == field.name) else {
            if field.required() {
                self.errors.add(filled.line, format!("nothing fills `{}` of {}, which the contract requires", field.name, filled.what));
            }
            pieces.absent(field);
            return Some(());
        };
        let plan = FieldPlan { field, positive: is_positive(record, &field.name), filler: self.filler(&entry.item, &field.name, field.target, scope)? };
        pieces.push(Piece::Field(plan));
        Some(())
    }

    /// Reports names that no field has.
    pub(super) fn check_names(&mut self, filled: &Filled<'_>, fields: &[&TargetField]) {
        for entry in filled.entries {
            if !fields.iter().any(|field| field.name == entry.key) {
                let known = suggestion(&entry.key, fields.iter().map(|field| field.name.as_str()));
                self.errors.add(entry.line, format!("{} has no field `{}`{known}", filled.what, entry.key));
            }
        }
    }

    /// A record within a record: `{field: ..., field: ...}`, or `{when: {...}, fields: {...}}` where it is there only sometimes.
    pub(super) fn record(&mut self, item: &Item, name: &str, record: &'static RecordTarget, scope: Scope<'_>) -> Option<Filler> {
        let Value::Map(entries) = &item.value else {
            self.errors.add(item.line, format!("`{name}` is a record: it needs `{{field: ..., field: ...}}`"));
            return None;
        };
        let what = format!("`{name}`");
        if !entries.iter().any(|entry| entry.key == "when") {
            return self.pieces(&Filled { what: &what, line: item.line, entries }, record, scope).map(|pieces| Filler::Record { conditions: Box::default(), pieces });
        }
        let mut section = Section::new(item, format!("record `{name}`"), &mut self.errors);
        let (when, fields) = (section.take("when"), section.need("fields", &mut self.errors));
        section.finish(&mut self.errors);
        let conditions = self.conditions(when, scope).into();
        let fields = fields?;
        let entries = fields.entries("`fields`", &mut self.errors);
        self.pieces(&Filled { what: &what, line: fields.line, entries }, record, scope).map(|pieces| Filler::Record { conditions, pieces })
    }

    /// A list: `{each: path, when: {...}, fields: {...}}` or `{each: path, value: ...}`, or several of them whose items follow each other. In place of the
    /// path may stand several, with names, as in a rule.
    pub(super) fn list(&mut self, item: &Item, name: &str, record: Option<&'static RecordTarget>, scope: Scope<'_>) -> Option<Box<[ListPart]>> {
        let parts: Vec<_> = match &item.value {
            Value::List(items) => items.iter().map(|item| self.list_part(item, name, record, scope)).collect(),
            Value::Map(_) => vec![self.list_part(item, name, record, scope)],
            Value::Scalar(_) => {
                let form = if record.is_some() { "fields: {...}" } else { "value: ..." };
                self.errors.add(item.line, format!("`{name}` is a list: it needs `{{each: path, {form}}}`"));
                return None;
            }
        };
        parts.into_iter().collect::<Option<Vec<_>>>().map(Into::into)
    }

    fn list_part(&mut self, item: &Item, name: &str, record: Option<&'static RecordTarget>, scope: Scope<'_>) -> Option<ListPart> {
        let mut section = Section::new(item, format!("list `{name}`"), &mut self.errors);
        let (each, alias, when) = (section.take("each"), section.take("as"), section.take("when"));
        let content = section.need(if record.is_some() { "fields" } else { "value" }, &mut self.errors);
        section.finish(&mut self.errors);
        let (names, levels) = self.list_levels(each, alias, scope)?;
        let inner = Scope { levels: &names, ..scope };
        let conditions = self.conditions(when, inner).into();
        let content = content?;
        let item = match record {
            Some(record) => {
                let entries = content.entries("`fields`", &mut self.errors);
                ItemPlan::Record(self.pieces(&Filled { what: &format!("`{name}`"), line: content.line, entries }, record, inner)?)
            }
            None => ItemPlan::Text(self.expression(content, name, Target::Text, inner)?),
        };
        Some(ListPart { levels, conditions, item })
    }

    /// What a list selects: a path, or several with names, each from the selection before it. Gives the names of all selections, and the new ones.
    fn list_levels(&mut self, each: Option<&Item>, alias: Option<&Item>, scope: Scope<'_>) -> Option<(Vec<String>, Box<[Level]>)> {
        let mut names = scope.levels.to_vec();
        let Some(each) = each else {
            if let Some(item) = alias {
                self.errors.add(item.line, "`as` names what `each` selects, and there is no `each`");
            }
            return Some((names, Box::default()));
        };
        if each.map().is_some_and(|entries| entries.iter().all(|entry| entry.key != "path")) {
            if let Some(item) = alias {
                self.errors.add(item.line, "`as` names what `each` selects, and that has names already");
            }
            let (names, levels) = self.levels(Some(each), scope);
            return levels.map(|levels| (names, levels));
        }
        let level = self.level(each, scope);
        let name = alias.and_then(|item| item.text("`as`", &mut self.errors)).unwrap_or(UNNAMED);
        if let Some(item) = alias {
            self.check_level_name(name, item.line, &names);
        }
        if names.len() == MAX_LEVELS {
            self.errors.add(each.line, format!("more than {MAX_LEVELS} selections in one another"));
            return None;
        }
        names.push(name.to_owned());
        level.map(|level| (names, Box::from([level])))
    }

    /// Looks up a contract by the name that a mapping gives.
    pub(super) fn contract(&mut self, item: &Item) -> Option<&'static ContractTarget> {
        let name = item.text("`contract`", &mut self.errors)?;
        super::contract::contract(name).map_err(|known| self.errors.add(item.line, format!("`contract` cannot be `{name}`{known}"))).ok()
    }
}
