//! Values of expressions, with the place in the document that each came from.

use bumpalo::collections::String as BumpString;

use super::Reading;
use super::find::trimmed;
use super::select::Selected;
use crate::convert::number_format::NumberFormat;
use crate::convert::time_format::{Moment, TimeFormat};
use crate::document::{Kind, NodeId};
use crate::mapping::{Expression, Operand, Part, Path};
use crate::refusals::{Checked, Code, Fault, shown};

/// A scalar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Found<'a> {
    pub(super) text: &'a str,
    pub(super) kind: Kind,
    /// Where it stands; `None` for what the mapping itself made.
    pub(super) node: Option<NodeId>,
}

impl Found<'_> {
    const fn made(text: &str) -> Found<'_> {
        Found { text, kind: Kind::Text, node: None }
    }

    const fn as_text(self) -> Self {
        match self.kind {
            Kind::Number => Self { kind: Kind::Text, ..self },
            _ => self,
        }
    }
}

impl<'a> Reading<'a> {
    /// Value of an expression. Absent, null and empty are all `None`.
    pub(super) fn evaluate(&self, expression: &'a Expression, selected: Selected) -> Checked<Option<Found<'a>>> {
        match expression {
            Expression::Constant(text) => Ok(Some(Found::made(text))),
            Expression::Operands(operands) => self.operands(operands, selected),
            Expression::Template(parts) => self.template(parts, false, selected),
            Expression::AsText(source) => match &**source {
                Expression::Template(parts) => self.template(parts, true, selected),
                source => Ok(self.evaluate(source, selected)?.map(Found::as_text)),
            },
            Expression::Number { source, format } => self.evaluate(source, selected)?.map(|found| self.rewritten_number(found, *format)).transpose(),
            Expression::Time { source, format, moment } => self.evaluate(source, selected)?.map(|found| self.rewritten_time(found, format, *moment)).transpose(),
            Expression::Computed(computation) => self.computed(computation, selected),
            Expression::FirstOf(options) => {
                for option in options {
                    if let Some(found) = self.evaluate(option, selected)? {
                        return Ok(Some(found));
                    }
                }
                Ok(None)
            }
            Expression::Coded { source, table } => {
                let Some(code) = self.evaluate(source, selected)? else { return Ok(None) };
                let value = table.get(code.text).ok_or_else(|| {
                    let known: Vec<_> = table.known().collect();
                    let message = format!("the code {} is not in the table `{}`, which has {}", shown(code.text), table.name, known.join(", "));
                    self.at(Fault::new(Code::UnknownCode, message), &code)
                })?;
                Ok(Some(Found { text: value, kind: Kind::Text, node: code.node }))
            }
            Expression::Defaulted { source, default } => Ok(Some(self.evaluate(source, selected)?.unwrap_or(Found::made(default)))),
        }
    }

    /// The first operand that is there.
    pub(super) fn operands(&self, operands: &'a [Operand], selected: Selected) -> Checked<Option<Found<'a>>> {
        for operand in operands {
            if let Some(found) = self.operand(operand, selected)? {
                return Ok(Some(found));
            }
        }
        Ok(None)
    }

    fn operand(&self, operand: &'a Operand, selected: Selected) -> Checked<Option<Found<'a>>> {
        match operand {
            Operand::DocumentType => Ok(Some(Found::made(self.document_type))),
            Operand::Ordinal { level, in_document } => {
                let number = selected.ordinal(*level, *in_document);
                Ok(Some(Found { text: bumpalo::format!(in self.arena, "{}", number).into_bump_str(), kind: Kind::Number, node: None }))
            }
            Operand::Path(path) => {
                let Some(id) = self.single(path, selected)? else { return Ok(None) };
                let node = self.document.node(id);
                match node.kind {
                    Kind::Null => Ok(None),
                    Kind::Record | Kind::List => Err(self.wrong_kind(id, "a single value")),
                    kind => {
                        let text = if self.plan.trim { trimmed(node.text) } else { node.text };
                        Ok(Some(Found { text, kind, node: Some(id) }).filter(|found| !found.text.is_empty()))
                    }
                }
            }
        }
    }

    fn template(&self, parts: &'a [Part], with_numbers: bool, selected: Selected) -> Checked<Option<Found<'a>>> {
        let mut text = BumpString::with_capacity_in(64, self.arena);
        for part in parts {
            match part {
                Part::Text(fixed) => text.push_str(fixed),
                Part::Value { operands, optional } => match self.operands(operands, selected)? {
                    Some(found) => text.push_str(self.checked_text(&found, found.kind == Kind::Number && (with_numbers || found.node.is_none()))?),
                    None if *optional => {}
                    None => return Ok(None),
                },
            }
        }
        Ok(Some(Found::made(text.into_bump_str())))
    }

    /// The number that a text writes in the source's way; numbers of JSON are what they are.
    fn rewritten_number(&self, found: Found<'a>, format: NumberFormat) -> Checked<Found<'a>> {
        if !matches!(found.kind, Kind::Text | Kind::Attribute) {
            return Ok(found);
        }
        let mut plain = BumpString::with_capacity_in(found.text.len(), self.arena);
        format.rewrite(self.checked_text(&found, false)?, &mut plain).map_err(|fault| self.at(fault, &found))?;
        Ok(Found { text: plain.into_bump_str(), kind: Kind::Number, node: found.node })
    }

    /// The date or time that a text writes in the source's way.
    fn rewritten_time(&self, found: Found<'a>, format: &TimeFormat, moment: Moment) -> Checked<Found<'a>> {
        let text = self.checked_text(&found, found.kind == Kind::Number && format.reads_numbers())?;
        let mut iso = BumpString::with_capacity_in(32, self.arena);
        format.rewrite(text, moment, &mut iso).map_err(|fault| self.at(fault, &found))?;
        Ok(Found { text: iso.into_bump_str(), kind: Kind::Text, node: found.node })
    }

    /// A text for the contract: of the right type, and not too long for an event.
    pub(super) fn checked_text(&self, found: &Found<'a>, number_fits: bool) -> Checked<&'a str> {
        if !(matches!(found.kind, Kind::Text | Kind::Attribute) || number_fits) {
            return Err(self.wrong_type(found, "a text"));
        }
        if found.text.len() > self.limits.text_bytes {
            let message = format!("a text of {} bytes, where {} are allowed", found.text.len(), self.limits.text_bytes);
            return Err(self.at(Fault::new(Code::TextTooLong, message), found));
        }
        Ok(found.text)
    }

    pub(super) fn wrong_type(&self, found: &Found<'_>, wanted: &str) -> Fault {
        self.at(Fault::new(Code::WrongType, format!("{} is {}, where {wanted} should stand", shown(found.text), found.kind.describe())), found)
    }

    pub(super) fn wrong_kind(&self, id: NodeId, wanted: &str) -> Fault {
        Fault::new(Code::WrongType, format!("{} where {wanted} should stand", self.document.node(id).kind.describe())).at(self.document.location(id))
    }

    /// The fault with the place that the value came from.
    pub(super) fn at(&self, fault: Fault, found: &Found<'_>) -> Fault {
        match found.node {
            Some(id) => fault.at(self.document.location(id)),
            None => fault,
        }
    }

    /// Why the contract's field `name` has no value.
    pub(super) fn missing(&self, expression: &Expression, name: &str, selected: Selected) -> Fault {
        let Some(path) = first_path(expression) else { return Fault::new(Code::MissingField, format!("`{name}` has no value")).at(name) };
        let place = self.place(path, selected);
        let node = self.single(path, selected).ok().flatten().map(|id| self.document.node(id).kind);
        match node {
            Some(Kind::Null) => Fault::new(Code::MissingField, format!("`{}` is null, but `{name}` needs it", path.text)).at(place),
            Some(_) => Fault::new(Code::EmptyField, format!("`{}` is empty, but `{name}` needs it", path.text)).at(place),
            None => Fault::new(Code::MissingField, format!("`{}` is missing, but `{name}` needs it", path.text)).at(place),
        }
    }
}

/// The path that an expression reads first.
fn first_path(expression: &Expression) -> Option<&Path> {
    let in_operands = |operands| <[Operand]>::iter(operands).find_map(Operand::as_path);
    match expression {
        Expression::Constant(_) => None,
        Expression::Operands(operands) => in_operands(operands),
        Expression::Template(parts) => parts.iter().find_map(|part| match part {
            Part::Value { operands, optional: false } => in_operands(operands),
            _ => None,
        }),
        Expression::FirstOf(options) => options.iter().find_map(first_path),
        Expression::Computed(computation) => computation.inputs.iter().filter(|input| !input.optional).find_map(|input| in_operands(&input.operands)),
        Expression::AsText(source)
        | Expression::Number { source, .. }
        | Expression::Time { source, .. }
        | Expression::Coded { source, .. }
        | Expression::Defaulted { source, .. } => first_path(source),
    }
}
