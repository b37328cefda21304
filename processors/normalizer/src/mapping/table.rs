//! Code tables: what a source's code means in the contract.

use std::sync::Arc;

use lineside_yaml::Errors;
use lineside_yaml::{Item, Section};

/// A code table. Codes are exact texts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Table {
    pub(crate) name: Box<str>,
    /// Sorted by code.
    codes: Box<[(Box<str>, Box<str>)]>,
    /// What an unknown code means; `None` refuses it.
    unknown: Option<Box<str>>,
}

impl Table {
    /// Meaning of a code, if it has one.
    pub(crate) fn get(&self, code: &str) -> Option<&str> {
        let found = self.codes.binary_search_by(|(known, _)| (**known).cmp(code)).ok();
        found.map(|index| &*self.codes[index].1).or(self.unknown.as_deref())
    }

    /// Everything it can give.
    pub(crate) fn values(&self) -> impl Iterator<Item = &str> {
        self.codes.iter().map(|(_, value)| &**value).chain(self.unknown.as_deref())
    }

    /// Codes it knows, for messages.
    pub(crate) fn known(&self) -> impl Iterator<Item = &str> {
        self.codes.iter().map(|(code, _)| &**code)
    }
}

/// Reads `tables`: name to `{codes: {code: value}, unknown: refuse | {default: value}}`.
pub(super) fn tables(item: Option<&Item>, errors: &mut Errors) -> Vec<Arc<Table>> {
    let Some(item) = item else { return Vec::new() };
    item.entries("`tables`", errors).iter().map(|entry| Arc::new(table(&entry.key, &entry.item, errors))).collect()
}

fn table(name: &str, item: &Item, errors: &mut Errors) -> Table {
    let mut section = Section::new(item, format!("table `{name}`"), errors);
    let mut codes = Vec::new();
    if let Some(item) = section.need("codes", errors) {
        for entry in item.entries("`codes`", errors) {
            if let Some(value) = entry.item.text(&entry.key, errors) {
                codes.push((entry.key.as_str().into(), value.into()));
            }
        }
    }
    let unknown = section.take("unknown").and_then(|item| default_of(item, errors));
    section.finish(errors);
    codes.sort();
    Table { name: name.into(), codes: codes.into(), unknown }
}

fn default_of(item: &Item, errors: &mut Errors) -> Option<Box<str>> {
    if item.scalar() == Some("refuse") {
        return None;
    }
    if item.map().is_none() {
        errors.add(item.line, "`unknown` is either `refuse` or `{default: value}`");
        return None;
    }
    let mut section = Section::new(item, "`unknown`", errors);
    let value = section.need("default", errors).and_then(|item| item.text("`default`", errors)).map(Into::into);
    section.finish(errors);
    value
}
