//! Expressions in a mapping: `cel`, and `with`, the paths to the texts that it computes with.

use super::compile::Compiler;
use super::path::{Operand, Scope, operands};
use super::target::Target;
use crate::convert::number_format::NumberFormat;
use crate::formula::{Formula, Type};
use lineside_yaml::Item;

/// Texts that one expression can be given.
const MAX_INPUTS: usize = 16;

/// An expression with the operands that it is computed from.
#[derive(Debug)]
pub(crate) struct Computation {
    pub(crate) formula: Formula,
    /// In the order of the mapping. At least one.
    pub(crate) inputs: Box<[Input]>,
    /// Decimal separator of the texts; numbers of JSON are given with it too.
    pub(crate) decimal: char,
}

/// An operand of an expression.
#[derive(Debug)]
pub(crate) struct Input {
    pub(crate) name: Box<str>,
    pub(crate) operands: Box<[Operand]>,
    /// Empty where there is nothing; any other input that is absent makes the whole absent.
    pub(crate) optional: bool,
}

impl PartialEq for Computation {
    fn eq(&self, other: &Self) -> bool {
        let names = |computation: &Self| computation.inputs.iter().map(|input| (input.name.clone(), input.operands.clone(), input.optional)).collect::<Vec<_>>();
        self.formula.source() == other.formula.source() && self.decimal == other.decimal && names(self) == names(other)
    }
}

impl Eq for Computation {}

impl Compiler {
    /// Compiles an expression that has to give one of `wanted`.
    pub(super) fn computation(&mut self, cel: &Item, with: Option<&Item>, line: usize, wanted: &[Type], scope: Scope<'_>) -> Option<Computation> {
        let source = cel.text("`cel`", &mut self.errors)?;
        let Some(with) = with else {
            self.errors.add(line, "`cel` needs `with`, names and paths of the texts that it computes with");
            return None;
        };
        let inputs = self.inputs(with, scope)?;
        let names: Vec<&str> = inputs.iter().map(|input| &*input.name).collect();
        let format = self.numbers.unwrap_or(NumberFormat::PLAIN);
        let formula = self.noted(cel.line, Formula::compile(source, &names, format))?;
        if !wanted.contains(&formula.gives()) {
            let wanted: Vec<_> = wanted.iter().map(|wanted| wanted.describe()).collect();
            self.errors.add(cel.line, format!("the expression gives {}, where {} should stand", formula.gives(), wanted.join(" or ")));
            return None;
        }
        Some(Computation { formula, inputs, decimal: format.decimal })
    }

    fn inputs(&mut self, with: &Item, scope: Scope<'_>) -> Option<Box<[Input]>> {
        let entries = with.entries("`with`", &mut self.errors);
        if entries.is_empty() || entries.len() > MAX_INPUTS {
            self.errors.add(with.line, format!("`with` names one to {MAX_INPUTS} texts"));
            return None;
        }
        let inputs = entries.iter().map(|entry| {
            let (name, optional) = entry.key.strip_suffix('?').map_or((entry.key.as_str(), false), |name| (name, true));
            let begins_well = name.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_');
            if !begins_well || !name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_') {
                self.errors.add(entry.line, format!("`{name}` cannot be a name in an expression: letters, digits and `_`"));
                return None;
            }
            let text = entry.item.text(&format!("`{name}`"), &mut self.errors)?;
            let operands = self.noted(entry.item.line, operands(text, scope))?;
            Some(Input { name: name.into(), operands, optional })
        });
        inputs.collect::<Vec<_>>().into_iter().collect::<Option<Vec<_>>>().map(Into::into)
    }
}

/// What an expression may give for a field of the type `target`.
pub(super) const fn types_for(target: Target) -> &'static [Type] {
    match target {
        Target::Int | Target::Long => &[Type::Whole],
        Target::Quantity | Target::Decimal => &[Type::Decimal, Type::Whole],
        Target::Boolean => &[Type::Truth],
        _ => &[Type::Text],
    }
}
