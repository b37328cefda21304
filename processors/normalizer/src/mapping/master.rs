//! References to master data in a mapping: `master` beside a value or within a quantity.

use std::collections::BTreeSet;

use lineside_schemas::records::OrderAliasKind;

use super::compile::Compiler;
use super::expression::Expression;
use super::path::Scope;
use super::target::Target;
use crate::master::MasterEntity;
use lineside_yaml::suggestion;
use lineside_yaml::{Item, Section};

/// What becomes of a record with a reference that nothing answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum OnMissing {
    /// It waits.
    Park,
    /// It is refused.
    Refuse,
    /// The identifier is taken as it is.
    Keep,
}

/// A value that is looked up.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Referring {
    /// Gives the identifier.
    pub(crate) source: Expression,
    pub(crate) entity: MasterEntity,
    /// Gives its scheme.
    pub(crate) scheme: Expression,
    /// Only order numbers of this kind.
    pub(crate) kind: Option<OrderAliasKind>,
    /// The operation that an order's number stands for, in place of the order.
    pub(crate) gives_operation: bool,
    pub(crate) missing: OnMissing,
}

/// How a quantity in a unit that the mapping does not know is converted.
#[derive(Debug)]
pub(crate) struct PerItem {
    /// Gives the item whose unit it is.
    pub(crate) item: Expression,
    pub(crate) missing: OnMissing,
    /// What the ratio does not divide is left in its unit; otherwise it is refused.
    pub(crate) keeps_inexact: bool,
}

/// What a mapping refers to.
#[derive(Debug, Default)]
pub(super) struct References {
    pub(super) entities: BTreeSet<MasterEntity>,
    /// How many there are so far.
    pub(super) count: usize,
    /// Values that are being compiled and cannot be looked up, by what they are.
    pub(super) barred: Option<String>,
}

/// The keys that say how a value is looked up.
pub(super) struct MasterKeys<'i> {
    master: Option<&'i Item>,
    scheme: Option<&'i Item>,
    kind: Option<&'i Item>,
    gives: Option<&'i Item>,
    missing: Option<&'i Item>,
}

impl<'i> MasterKeys<'i> {
    pub(super) fn take(section: &mut Section<'i>) -> Self {
        let [master, scheme, kind, gives, missing] = ["master", "scheme", "kind", "gives", "missing"].map(|key| section.take(key));
        Self { master, scheme, kind, gives, missing }
    }

    /// Whether the value is looked up.
    pub(super) const fn is_set(&self) -> bool {
        self.master.is_some()
    }
}

/// The keys that say how a quantity is converted by its item.
pub(super) struct PerItemKeys<'i> {
    pub(super) master: Option<&'i Item>,
    item: Option<&'i Item>,
    missing: Option<&'i Item>,
    inexact: Option<&'i Item>,
}

impl<'i> PerItemKeys<'i> {
    pub(super) fn take(section: &mut Section<'i>) -> Self {
        let [master, item, missing, inexact] = ["master", "item", "missing", "inexact"].map(|key| section.take(key));
        Self { master, item, missing, inexact }
    }
}

impl Compiler {
    /// The value that is looked up for what `source` gives; `source` itself where nothing is.
    pub(super) fn referring(&mut self, source: Expression, keys: &MasterKeys<'_>, name: &str, target: Target, scope: Scope<'_>) -> Option<Expression> {
        let MasterKeys { master, scheme, kind, gives, missing } = *keys;
        let Some(item) = master else {
            for (key, item) in [("scheme", scheme), ("kind", kind), ("gives", gives), ("missing", missing)] {
                if let Some(item) = item {
                    self.errors.add(item.line, format!("`{key}` belongs to `master`"));
                }
            }
            return Some(source);
        };
        let text = item.text("`master`", &mut self.errors)?;
        let looked_up = MasterEntity::ALL.into_iter().filter(|entity| *entity != MasterEntity::Unit);
        let Some(entity) = looked_up.clone().find(|entity| entity.name() == text) else {
            let wrong = match text {
                "unit" => "`master: unit` stands within a quantity, beside `value` and `unit`".to_owned(),
                _ => format!("`master` cannot be `{text}`{}", suggestion(text, looked_up.map(MasterEntity::name))),
            };
            self.errors.add(item.line, wrong);
            return None;
        };
        match target {
            Target::Text => {}
            Target::Enum(_) if entity == MasterEntity::StatusCode => {}
            _ => self.errors.add(item.line, format!("`{name}` is {}: `master: {text}` gives a text", target.describe())),
        }
        self.refer(item.line, entity);
        let scheme = self.scheme(scheme, entity, item.line, scope);
        let kind = kind.and_then(|item| self.order_kind(item, entity));
        let gives = gives.and_then(|item| self.order_only(item, "gives", entity).and_then(|()| self.one_of(item, "gives", &["order", "operation"])));
        let missing = self.on_missing(missing, &["park", "refuse", "keep"]);
        Some(Expression::Master(Box::new(Referring { source, entity, scheme: scheme?, kind, gives_operation: gives == Some("operation"), missing: missing? })))
    }

    /// What converts a quantity by its item, from `master: unit` and the keys beside it.
    pub(super) fn per_item(&mut self, master: &Item, keys: &PerItemKeys<'_>, name: &str, scope: Scope<'_>) -> Option<PerItem> {
        self.one_of(master, "master", &[MasterEntity::Unit.name()])?;
        self.refer(master.line, MasterEntity::Unit);
        let missing = self.on_missing(keys.missing, &["park", "refuse"]);
        let keeps_inexact = keys.inexact.and_then(|item| self.one_of(item, "inexact", &["refuse", "keep"])) == Some("keep");
        let Some(item) = keys.item else {
            self.errors.add(master.line, format!("quantity `{name}` has no `item`: what a unit means depends on the item"));
            return None;
        };
        let item = self.expression(item, name, Target::Text, scope);
        Some(PerItem { item: item?, missing: missing?, keeps_inexact })
    }

    /// Reports keys that say something only beside `master: unit`.
    pub(super) fn check_no_item(&mut self, keys: &PerItemKeys<'_>) {
        for (key, item) in [("item", keys.item), ("missing", keys.missing), ("inexact", keys.inexact)] {
            if let Some(item) = item {
                self.errors.add(item.line, format!("`{key}` belongs to `master: unit`"));
            }
        }
    }

    fn refer(&mut self, line: usize, entity: MasterEntity) {
        if let Some(what) = &self.references.barred {
            self.errors.add(line, format!("`{what}` cannot refer to master data: it has to be the same whatever is known, and before anything is looked up"));
        }
        self.references.entities.insert(entity);
        self.references.count += 1;
    }

    fn scheme(&mut self, item: Option<&Item>, entity: MasterEntity, line: usize, scope: Scope<'_>) -> Option<Expression> {
        match item {
            Some(item) if item.map().is_some() => self.expression(item, "scheme", Target::Text, scope),
            Some(item) => item.text("`scheme`", &mut self.errors).map(|text| Expression::Constant(text.into())),
            None if entity == MasterEntity::StatusCode => {
                self.errors.add(line, "`master: status-code` needs `scheme`: the name of the table");
                None
            }
            None => Some(Expression::Constant(self.source_name.as_str().into())),
        }
    }

    fn order_kind(&mut self, item: &Item, entity: MasterEntity) -> Option<OrderAliasKind> {
        self.order_only(item, "kind", entity)?;
        let known: Vec<&str> = OrderAliasKind::SYMBOLS.iter().copied().filter(|symbol| *symbol != OrderAliasKind::Unknown.symbol()).collect();
        self.one_of(item, "kind", &known).map(OrderAliasKind::from_symbol)
    }

    fn order_only(&mut self, item: &Item, key: &str, entity: MasterEntity) -> Option<()> {
        if entity != MasterEntity::Order {
            self.errors.add(item.line, format!("`{key}` belongs to `master: order`"));
            return None;
        }
        Some(())
    }

    fn on_missing(&mut self, item: Option<&Item>, allowed: &[&str]) -> Option<OnMissing> {
        let Some(item) = item else { return Some(OnMissing::Park) };
        Some(match self.one_of(item, "missing", allowed)? {
            "refuse" => OnMissing::Refuse,
            "keep" => OnMissing::Keep,
            _ => OnMissing::Park,
        })
    }
}
