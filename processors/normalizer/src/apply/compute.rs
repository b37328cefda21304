//! Expressions, computed from the texts at their paths.

use bumpalo::collections::String as BumpString;

use super::Reading;
use super::evaluate::Found;
use super::select::Selected;
use crate::document::{Kind, NodeId};
use crate::formula::Outcome;
use crate::mapping::Computation;
use crate::refusals::Checked;

impl<'a> Reading<'a> {
    /// Value of an expression; `None` where a text that it needs is not there, or where it gives an empty one.
    pub(super) fn computed(&self, computation: &'a Computation, selected: Selected) -> Checked<Option<Found<'a>>> {
        let Some((outcome, node)) = self.outcome(computation, selected)? else { return Ok(None) };
        let (text, kind) = match &outcome {
            Outcome::Text(text) => (text.as_str(), Kind::Text),
            Outcome::Number(number) => (number.as_str(), Kind::Number),
            Outcome::Truth(truth) => (if *truth { "true" } else { "false" }, Kind::Boolean),
        };
        Ok(Some(Found { text: self.arena.alloc_str(text), kind, node, sourced: true }).filter(|found| !found.text.is_empty()))
    }

    /// Whether an expression gives `true`. It does not where a text that it needs is not there.
    pub(super) fn is_true(&self, computation: &'a Computation, selected: Selected) -> Checked<bool> {
        Ok(self.outcome(computation, selected)?.is_some_and(|(outcome, _)| outcome == Outcome::Truth(true)))
    }

    /// What an expression gives, and the first node that it was computed from.
    fn outcome(&self, computation: &'a Computation, selected: Selected) -> Checked<Option<(Outcome, Option<NodeId>)>> {
        let mut texts = Vec::with_capacity(computation.inputs.len());
        let mut node = None;
        for input in &computation.inputs {
            let text = match self.operands(&input.operands, selected)? {
                Some(found) => {
                    node = node.or(found.node);
                    self.input_text(&found, computation.decimal)?
                }
                None if input.optional => "",
                None => return Ok(None),
            };
            texts.push((&*input.name, text));
        }
        let outcome = computation.formula.run(&texts).map_err(|fault| match node {
            Some(id) => fault.at(self.document.location(id)),
            None => fault,
        })?;
        Ok(Some((outcome, node)))
    }

    /// The text that an expression is given for a value: a number of JSON with the decimal separator that the expression reads.
    fn input_text(&self, found: &Found<'a>, decimal: char) -> Checked<&'a str> {
        let text = self.checked_text(&Found { kind: Kind::Text, ..*found }, false)?;
        if found.kind != Kind::Number || decimal == '.' {
            return Ok(text);
        }
        let mut written = BumpString::with_capacity_in(text.len(), self.arena);
        written.extend(text.chars().map(|character| if character == '.' { decimal } else { character }));
        Ok(written.into_bump_str())
    }
}
