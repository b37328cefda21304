//! Values of expressions, with the place in the document that each came from.

use bumpalo::collections::String as BumpString;

use super::Reading;
use super::find::trimmed;
use super::recorder::Origin;
use super::select::Selected;
use crate::convert::number_format::NumberFormat;
use crate::convert::time_format::{Moment, TimeFormat};
use crate::document::{Kind, NodeId};
use crate::mapping::{Expression, Operand, Part};
use crate::refusals::{Checked, Code, Fault, shown};

/// A scalar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Found<'a> {
    pub(super) text: &'a str,
    pub(super) kind: Kind,
    /// Where it stands; `None` for what the mapping itself made.
    pub(super) node: Option<NodeId>,
    /// It comes from the document, or something in it does.
    pub(super) sourced: bool,
}

impl Found<'_> {
    const fn made(text: &str) -> Found<'_> {
        Found { text, kind: Kind::Text, node: None, sourced: false }
    }

    const fn as_text(self) -> Self {
        match self.kind {
            Kind::Number | Kind::Boolean => Self { kind: Kind::Text, ..self },
            _ => self,
        }
    }
}

impl<'a> Reading<'a> {
    /// Value of an expression. Absent, null and empty are all `None`.
    pub(super) fn evaluate(&self, expression: &'a Expression, selected: Selected) -> Checked<Option<Found<'a>>> {
        let Some(recorder) = self.recorder else { return self.value(expression, selected) };
        let height = recorder.height();
        let found = self.value(expression, selected)?;
        recorder.found_as(height, |parts| found.is_some().then(|| origin_of(expression, parts)).flatten());
        Ok(found)
    }

    fn value(&self, expression: &'a Expression, selected: Selected) -> Checked<Option<Found<'a>>> {
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
            Expression::Digest(digest) => {
                let found = self.digest(digest, selected)?;
                if let (Some(recorder), Some(id)) = (self.recorder, found.and_then(|found| found.node)) {
                    recorder.found(Origin::Digest { path: self.document.location(id) });
                }
                Ok(found)
            }
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
                if let Some(recorder) = self.recorder {
                    recorder.found_through(&table.name, code.text, value);
                }
                Ok(Some(Found { text: value, kind: Kind::Text, ..code }))
            }
            Expression::Master(referring) => self.referred(referring, selected),
            Expression::Required { source, name } => {
                let found = self.evaluate(source, selected)?;
                if found.is_none() { Err(self.missing(source, name, selected)) } else { Ok(found) }
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
        let found = self.operand_value(operand, selected)?;
        if let (Some(recorder), Some(found)) = (self.recorder, &found) {
            recorder.found(match (operand, found.node) {
                (Operand::Ordinal { .. }, _) => Origin::Normalizer { what: "number of a selected node".to_owned() },
                (Operand::DocumentType, _) => Origin::Normalizer { what: "type of the document".to_owned() },
                (Operand::Way(_), Some(id)) => Origin::Normalizer { what: format!("names on the way to {}", self.document.location(id)) },
                (_, Some(id)) => Origin::Raw { path: self.document.location(id) },
                (_, None) => Origin::Constant { text: found.text.to_owned() },
            });
        }
        Ok(found)
    }

    fn operand_value(&self, operand: &'a Operand, selected: Selected) -> Checked<Option<Found<'a>>> {
        match operand {
            Operand::DocumentType => Ok(Some(Found::made(self.document_type))),
            Operand::Name(level) => {
                let id = level.map_or_else(|| selected.innermost(), |level| selected.node(level));
                let name = self.document.node(id).name;
                Ok(Some(Found { text: name, kind: Kind::Text, node: Some(id), sourced: true }).filter(|found| !found.text.is_empty()))
            }
            Operand::Way(level) => self.way(*level, selected),
            Operand::Ordinal { level, in_document } => {
                let number = selected.ordinal(*level, *in_document);
                Ok(Some(Found { text: bumpalo::format!(in self.arena, "{}", number).into_bump_str(), kind: Kind::Number, node: None, sourced: false }))
            }
            Operand::Path(path) => {
                let Some(id) = self.single(path, selected)? else { return Ok(None) };
                let node = self.document.node(id);
                match node.kind {
                    Kind::Null => Ok(None),
                    Kind::Record | Kind::List => Err(self.wrong_kind(id, "a single value")),
                    kind => {
                        let text = if self.plan.trim { trimmed(node.text) } else { node.text };
                        Ok(Some(Found { text, kind, node: Some(id), sourced: true }).filter(|found| !found.text.is_empty()))
                    }
                }
            }
        }
    }

    fn template(&self, parts: &'a [Part], with_numbers: bool, selected: Selected) -> Checked<Option<Found<'a>>> {
        let mut text = BumpString::with_capacity_in(64, self.arena);
        let mut sourced = false;
        for part in parts {
            match part {
                Part::Text(fixed) => {
                    text.push_str(fixed);
                    if let Some(recorder) = self.recorder {
                        recorder.found(Origin::Constant { text: (**fixed).to_owned() });
                    }
                }
                Part::Value { operands, optional } => match self.operands(operands, selected)? {
                    Some(found) => {
                        text.push_str(self.checked_text(&found, found.kind == Kind::Number && (with_numbers || found.node.is_none()))?);
                        sourced |= found.sourced;
                    }
                    None if *optional => {}
                    None => return Ok(None),
                },
            }
        }
        Ok(Some(Found { sourced, ..Found::made(text.into_bump_str()) }))
    }

    /// The number that a text writes in the source's way; numbers of JSON are what they are.
    fn rewritten_number(&self, found: Found<'a>, format: NumberFormat) -> Checked<Found<'a>> {
        if !matches!(found.kind, Kind::Text | Kind::Attribute) {
            return Ok(found);
        }
        let mut plain = BumpString::with_capacity_in(found.text.len(), self.arena);
        format.rewrite(self.checked_text(&found, false)?, &mut plain).map_err(|fault| self.at(fault, &found))?;
        Ok(Found { text: plain.into_bump_str(), kind: Kind::Number, ..found })
    }

    /// The date or time that a text writes in the source's way.
    fn rewritten_time(&self, found: Found<'a>, format: &TimeFormat, moment: Moment) -> Checked<Found<'a>> {
        let text = self.checked_text(&found, found.kind == Kind::Number && format.reads_numbers())?;
        let mut iso = BumpString::with_capacity_in(32, self.arena);
        format.rewrite(text, moment, &mut iso).map_err(|fault| self.at(fault, &found))?;
        Ok(Found { text: iso.into_bump_str(), kind: Kind::Text, ..found })
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

    /// Why something called `name` has no value. Of which field of the contract it is, the caller says.
    pub(super) fn missing(&self, expression: &'a Expression, name: &str, selected: Selected) -> Fault {
        let absent = |operands: &'a [Operand]| matches!(self.operands(operands, selected), Ok(None));
        let paths = || first_operands(expression, &absent).or_else(|| first_operands(expression, &|_| true)).unwrap_or_default().iter().filter_map(Operand::as_path);
        let Some(first) = paths().next() else { return Fault::new(Code::MissingField, format!("`{name}` has no value")) };
        // Of alternatives the one that is there, though it says nothing, tells more than the first.
        let standing = paths().find_map(|path| Some((path, self.document.node(self.single(path, selected).ok().flatten()?).kind)));
        let (path, kind) = standing.map_or((first, None), |(path, kind)| (path, Some(kind)));
        let place = self.place(path, selected);
        match kind {
            Some(Kind::Null) => Fault::new(Code::MissingField, format!("`{}` is null, but `{name}` needs it", path.text)).at(place),
            Some(_) => Fault::new(Code::EmptyField, format!("`{}` is empty, but `{name}` needs it", path.text)).at(place),
            None => Fault::new(Code::MissingField, format!("`{}` is missing, but `{name}` needs it", path.text)).at(place),
        }
    }
}

/// Where a value comes from: `parts` are the origins of what was found on the way to it.
fn origin_of(expression: &Expression, mut parts: Vec<Origin>) -> Option<Origin> {
    match expression {
        Expression::Constant(text) => Some(Origin::Constant { text: (**text).to_owned() }),
        Expression::Template(_) => Some(Origin::Template { parts }),
        Expression::Defaulted { default, .. } => Some(parts.pop().unwrap_or_else(|| Origin::Default { value: (**default).to_owned() })),
        Expression::AsText(source) if matches!(**source, Expression::Template(_)) => Some(Origin::Template { parts }),
        Expression::Computed(computation) => Some(Origin::Expression { text: computation.formula.source().to_owned(), parts }),
        Expression::Operands(_)
        | Expression::FirstOf(_)
        | Expression::AsText(_)
        | Expression::Digest(_)
        | Expression::Number { .. }
        | Expression::Time { .. }
        | Expression::Coded { .. }
        | Expression::Master(_)
        | Expression::Required { .. } => parts.pop(),
    }
}

/// The first operands that an expression needs, of those that `wanted` picks: alternatives, of which one is a path.
fn first_operands<'e>(expression: &'e Expression, wanted: &dyn Fn(&'e [Operand]) -> bool) -> Option<&'e [Operand]> {
    let picked = |operands: &'e [Operand]| (operands.iter().any(|operand| operand.as_path().is_some()) && wanted(operands)).then_some(operands);
    match expression {
        Expression::Constant(_) => None,
        Expression::Operands(operands) => picked(operands),
        Expression::Digest(digest) => picked(&digest.operands),
        Expression::Template(parts) => parts.iter().find_map(|part| match part {
            Part::Value { operands, optional: false } => picked(operands),
            _ => None,
        }),
        Expression::FirstOf(options) => options.iter().find_map(|option| first_operands(option, wanted)),
        Expression::Computed(computation) => computation.inputs.iter().filter(|input| !input.optional).find_map(|input| picked(&input.operands)),
        Expression::Master(referring) => first_operands(&referring.source, wanted),
        Expression::AsText(source)
        | Expression::Number { source, .. }
        | Expression::Time { source, .. }
        | Expression::Coded { source, .. }
        | Expression::Defaulted { source, .. }
        | Expression::Required { source, .. } => first_operands(source, wanted),
    }
}
