//! The rules of a mapping: what they select, and what becomes of it.

use std::cell::Cell;
use std::rc::Rc;

use super::compile::{Compiler, Defaults};
use super::errors::suggestion;
use super::expression::Expression;
use super::path::{DOCUMENT_TYPE, Scope, path};
use super::plan::{Action, EventPlan, FieldPlan, Level, MAX_LEVELS, Rule};
use super::target::{Target, TargetGroup, is_positive, production};
use super::yaml::{Item, Section};
use crate::document::Namespaces;

impl Compiler {
    /// Compiles one entry of `events`.
    pub(super) fn rule(&mut self, item: &Item, defaults: &Defaults<'_>) -> Option<Rule> {
        let mut section = Section::new(item, "a rule", &mut self.errors);
        let document = section.need("document", &mut self.errors);
        let each = section.take("each");
        let when = section.take("when");
        let kind = section.take("type");
        let refuse = section.take("refuse");
        let (envelope, order, fields) = (section.take("envelope"), section.take("order"), section.take("fields"));
        section.finish(&mut self.errors);

        let document_types = document.map(|item| item.texts("`document`", &mut self.errors).into_iter().map(Into::into).collect());
        // Shared, so that the rest of the compiler can be changed while a scope borrows them.
        let (namespaces, path_count) = (Rc::clone(&self.namespaces), Rc::clone(&self.path_count));
        let (names, levels) = self.levels(each, &namespaces, &path_count);
        let scope = Scope { format: self.format, namespaces: &namespaces, levels: &names, path_count: &path_count };
        let (document_conditions, conditions) = self.conditions(when, scope).into_iter().partition::<Vec<_>, _>(super::Condition::is_of_document);
        let action = match (kind, refuse) {
            (Some(kind), None) => {
                let group = self.group(kind)?;
                let own = self.check_envelope(envelope);
                let envelope = self.envelope(defaults.envelope, own, item.line, scope);
                let order = self.order(order.or(defaults.order), item.line, scope);
                let fields = self.fields(fields, group, item.line, scope);
                Action::Event(Box::new(EventPlan { kind: group.kind, envelope: envelope?, order: order?, fields: fields? }))
            }
            (None, Some(item)) => {
                for surplus in [envelope, order, fields].into_iter().flatten() {
                    self.errors.add(surplus.line, "a rule that refuses fills nothing");
                }
                Action::Refuse(item.text("`refuse`", &mut self.errors)?.into())
            }
            _ => {
                self.errors.add(item.line, "a rule has either `type`, the event it makes, or `refuse`, the reason it gives");
                return None;
            }
        };
        Some(Rule { document_types: document_types?, levels: levels?, document_conditions: document_conditions.into(), conditions: conditions.into(), action })
    }

    /// Compiles `each`: names to paths, outermost first, each path relative to the selection before it.
    fn levels(&mut self, item: Option<&Item>, namespaces: &Namespaces, path_count: &Cell<usize>) -> (Vec<String>, Option<Box<[Level]>>) {
        let entries = item.map_or(&[][..], |item| item.entries("`each`", &mut self.errors));
        let (mut names, mut levels) = (Vec::new(), Vec::new());
        let mut complete = true;
        for entry in entries {
            if names.contains(&entry.key) || entry.key == DOCUMENT_TYPE || entry.key.contains(['/', '|', '[']) {
                self.errors.add(entry.line, format!("`{}` cannot be the name of a selection", entry.key));
            }
            if names.len() == MAX_LEVELS {
                self.errors.add(entry.line, format!("more than {MAX_LEVELS} selections in one another"));
                complete = false;
                break;
            }
            let level = self.level(&entry.item, Scope { format: self.format, namespaces, levels: &names, path_count });
            complete &= level.is_some();
            levels.extend(level);
            names.push(entry.key.clone());
        }
        (names, complete.then(|| levels.into()))
    }

    fn level(&mut self, item: &Item, scope: Scope<'_>) -> Option<Level> {
        if let Some(text) = item.scalar() {
            return self.noted(item.line, path(text, scope)).map(|path| Level { path, required: false });
        }
        let mut section = Section::new(item, "a selection", &mut self.errors);
        let text = section.need("path", &mut self.errors);
        let required = section.take("required").and_then(|item| item.text("`required`", &mut self.errors));
        section.finish(&mut self.errors);
        let text = text?.text("`path`", &mut self.errors)?;
        self.noted(item.line, path(text, scope)).map(|path| Level { path, required: required == Some("true") })
    }

    fn group(&mut self, item: &Item) -> Option<&'static TargetGroup> {
        let symbol = item.text("`type`", &mut self.errors)?;
        let groups = &production().groups;
        let group = groups.iter().find(|group| group.kind.symbol() == symbol);
        if group.is_none() {
            let known = suggestion(symbol, groups.iter().map(|group| group.kind.symbol()));
            self.errors.add(item.line, format!("the contract has no event type `{symbol}`{known}"));
        }
        group
    }

    fn order(&mut self, item: Option<&Item>, line: usize, scope: Scope<'_>) -> Option<Expression> {
        if item.is_none() {
            self.errors.add(line, "nothing fills `order`, which the contract requires");
        }
        self.expression(item?, "order", Target::Text, scope)
    }

    fn fields(&mut self, item: Option<&Item>, group: &TargetGroup, line: usize, scope: Scope<'_>) -> Option<Box<[FieldPlan]>> {
        let symbol = group.kind.symbol();
        let entries = item.map_or(&[][..], |item| item.entries("`fields`", &mut self.errors));
        for entry in entries {
            if !group.fields.iter().any(|field| field.name == entry.key) {
                let known = suggestion(&entry.key, group.fields.iter().map(|field| field.name.as_str()));
                self.errors.add(entry.line, format!("{symbol} has no field `{}`{known}", entry.key));
            }
        }
        let mut plans = Vec::new();
        let mut complete = true;
        for field in &group.fields {
            let Some(entry) = entries.iter().find(|entry| entry.key == field.name) else {
                if field.required {
                    self.errors.add(item.map_or(line, |item| item.line), format!("nothing fills `{}` of {symbol}, which the contract requires", field.name));
                }
                continue;
            };
            let filler = self.filler(&entry.item, &field.name, field.target, scope);
            complete &= filler.is_some();
            plans.extend(filler.map(|filler| FieldPlan {
                name: field.name.as_str().into(),
                target: field.target,
                required: field.required,
                positive: is_positive(&group.record, &field.name),
                filler,
            }));
        }
        complete.then(|| plans.into())
    }
}
