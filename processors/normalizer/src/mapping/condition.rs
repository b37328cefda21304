//! Conditions on what a rule selects.

use std::sync::Arc;

use super::compile::Compiler;
use super::computation::Computation;
use super::path::{Operand, Scope, operands};
use crate::formula::Type;
use lineside_yaml::{Item, Section, Value};

/// A condition on one value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Condition {
    pub(crate) operands: Box<[Operand]>,
    pub(crate) test: Test,
}

/// What is asked of the value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Test {
    /// It is one of these texts.
    OneOf(Box<[Box<str>]>),
    /// It is none of these texts, or absent.
    NoneOf(Box<[Box<str>]>),
    /// It is there, be it a scalar or not; or it is not there.
    Present(bool),
    /// It is a scalar and not empty; or it is absent or empty.
    Filled(bool),
    /// An expression over it, and over the operands beside it, is true.
    Computed(Arc<Computation>),
}

impl Condition {
    /// Whether it is the same wherever in the document it is asked.
    pub(crate) fn is_of_document(&self) -> bool {
        self.operands.iter().all(|operand| match operand {
            Operand::Path(path) => path.is_absolute(),
            Operand::Ordinal { .. } | Operand::Name(_) | Operand::Way(_) => false,
            Operand::DocumentType => true,
        })
    }
}

impl Compiler {
    /// Compiles `when`: `path: text`, `path: [texts]`, `path: {none_of: [texts]}`, `path: {present: true}`, `path: {filled: true}` or `cel` with its `with`, all of which have
    /// to hold. A path that is `cel` is written `'cel'`, in quotes of its own.
    pub(super) fn conditions(&mut self, item: Option<&Item>, scope: Scope<'_>) -> Vec<Condition> {
        let entries = item.map_or(&[][..], |item| item.entries("`when`", &mut self.errors));
        let cel = entries.iter().find(|entry| entry.key == "cel");
        let with = cel.and_then(|_| entries.iter().find(|entry| entry.key == "with"));
        let conditions = entries.iter().filter(|entry| with.is_none_or(|with| entry.key != with.key)).map(|entry| {
            if cel.is_some_and(|cel| entry.key == cel.key) {
                let computation = self.computation(&entry.item, with.map(|with| &*with.item), entry.line, &[Type::Truth], scope)?;
                let operands = computation.inputs.iter().flat_map(|input| input.operands.iter().cloned()).collect();
                return Some(vec![Condition { operands, test: Test::Computed(Arc::new(computation)) }]);
            }
            let operands = self.noted(entry.line, operands(&entry.key, scope));
            let tests = self.tests(&entry.item);
            let operands = operands?;
            Some(tests?.into_iter().map(|test| Condition { operands: operands.clone(), test }).collect())
        });
        conditions.collect::<Vec<_>>().into_iter().flatten().flatten().collect()
    }

    /// What is asked of one value: all of it has to hold.
    fn tests(&mut self, item: &Item) -> Option<Vec<Test>> {
        let owned = |texts: Vec<&str>| texts.into_iter().map(Into::into).collect();
        if !matches!(item.value, Value::Map(_)) {
            return Some(vec![Test::OneOf(owned(item.texts("a condition", &mut self.errors)))]);
        }
        let mut section = Section::new(item, "a condition", &mut self.errors);
        let none_of = section.take("none_of");
        let present = section.take("present");
        let filled = section.take("filled");
        section.finish(&mut self.errors);
        let mut tests = Vec::new();
        if let Some(item) = none_of {
            tests.push(Test::NoneOf(owned(item.texts("`none_of`", &mut self.errors))));
        }
        if let Some(item) = present {
            tests.push(Test::Present(self.truth(item, "present")?));
        }
        if let Some(item) = filled {
            tests.push(Test::Filled(self.truth(item, "filled")?));
        }
        if tests.is_empty() {
            self.errors.add(item.line, "a condition is a text, a list of texts, `{none_of: [...]}`, `{present: true}` or `{filled: true}`");
            return None;
        }
        Some(tests)
    }

    fn truth(&mut self, item: &Item, name: &str) -> Option<bool> {
        match item.text(&format!("`{name}`"), &mut self.errors)? {
            "true" => Some(true),
            "false" => Some(false),
            other => {
                self.errors.add(item.line, format!("`{name}` is `true` or `false`, not `{other}`"));
                None
            }
        }
    }
}
