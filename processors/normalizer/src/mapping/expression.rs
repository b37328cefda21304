//! What fills a field: a path, a constant, a template, an expression, each through a code table or with a default; for quantities a value and a unit.

use std::sync::Arc;

use lineside_schemas::{Date, Decimal};

use super::compile::Compiler;
use super::computation::{Computation, types_for};
use super::condition::Condition;
use super::master::{MasterKeys, PerItem, PerItemKeys, Referring};
use super::numbers::number_format;
use super::path::{Operand, Path, Scope, Start, operands};
use super::plan::{ListPart, Piece};
use super::table::Table;
use super::target::Target;
use super::template::{Part, template};
use super::times::time_format;
use crate::convert;
use crate::convert::number_format::NumberFormat;
use crate::convert::time_format::{Moment, TimeFormat};
use lineside_yaml::suggestion;
use lineside_yaml::{Item, Section, Value};

/// Gives a scalar, or nothing.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Expression {
    /// A fixed text.
    Constant(Box<str>),
    /// The first operand that is there.
    Operands(Box<[Operand]>),
    /// A text put together.
    Template(Box<[Part]>),
    /// The first expression that gives something.
    FirstOf(Box<[Expression]>),
    /// Through a code table.
    Coded { source: Box<Expression>, table: Arc<Table> },
    /// With numbers taken as the text that they are written as.
    AsText(Box<Expression>),
    /// A number, from a text that writes it in the source's way.
    Number { source: Box<Expression>, format: NumberFormat },
    /// A date or time in ISO 8601, from a text that writes it in the source's way.
    Time { source: Box<Expression>, format: Arc<TimeFormat>, moment: Moment },
    /// What an expression gives.
    Computed(Arc<Computation>),
    /// A digest of a part of the document.
    Digest(Digest),
    /// What master data has for an identifier.
    Master(Box<Referring>),
    /// With a value for where there is none.
    Defaulted { source: Box<Expression>, default: Box<str> },
    /// Has to give something, whatever the contract says of the field.
    Required { source: Box<Expression>, name: Box<str> },
}

/// A digest of what stands at a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Digest {
    pub(crate) operands: Box<[Operand]>,
    /// What is no part of it, from there.
    pub(crate) without: Box<[Path]>,
    /// Number among those of the mapping that leave out the same, from 0.
    pub(crate) index: usize,
}

/// Fills one field.
#[derive(Debug)]
pub(crate) enum Filler {
    /// A scalar, converted to the field's type.
    Scalar(Expression),
    /// An amount and its unit.
    Quantity(Box<QuantityPlan>),
    /// The fields of a record, where the conditions hold.
    Record { conditions: Box<[Condition]>, pieces: Box<[Piece]> },
    /// The items of a list, one part after the other.
    List(Box<[ListPart]>),
}

/// How a quantity is made.
#[derive(Debug)]
pub(crate) struct QuantityPlan {
    /// Where these do not hold there is none.
    pub(crate) conditions: Box<[Condition]>,
    pub(crate) value: Expression,
    pub(crate) unit: Expression,
    /// Units that the mapping does not have are the item's.
    pub(crate) per_item: Option<PerItem>,
    /// Has to be there where the conditions hold, whatever the contract says of the field.
    pub(crate) required: bool,
}

impl Compiler {
    /// Compiles what fills a field of the type `target`; `name` is the field's, for messages.
    pub(super) fn filler(&mut self, item: &Item, name: &str, target: Target, scope: Scope<'_>) -> Option<Filler> {
        let is_quantity = item.map().is_some_and(|entries| entries.iter().any(|entry| entry.key == "value" || entry.key == "unit"));
        match target {
            Target::Unsupported => {
                self.errors.add(item.line, format!("`{name}` is {}", target.describe()));
                None
            }
            Target::Quantity => self.quantity(item, name, scope),
            Target::Record(record) => self.record(item, name, record, scope),
            Target::Texts => self.list(item, name, None, scope).map(Filler::List),
            Target::Records(record) => self.list(item, name, Some(record), scope).map(Filler::List),
            _ if is_quantity => {
                self.errors.add(item.line, format!("`{name}` is {}, not a quantity: `value` and `unit` do not fit it", target.describe()));
                None
            }
            _ => self.expression(item, name, target, scope).map(Filler::Scalar),
        }
    }

    fn quantity(&mut self, item: &Item, name: &str, scope: Scope<'_>) -> Option<Filler> {
        if item.map().is_none() {
            self.errors.add(item.line, format!("`{name}` is a quantity: it needs `{{value: ..., unit: ...}}`"));
            return None;
        }
        let mut section = Section::new(item, format!("quantity `{name}`"), &mut self.errors);
        let value = section.need("value", &mut self.errors);
        let unit = section.need("unit", &mut self.errors);
        let (when, required) = (section.take("when"), section.take("required"));
        let keys = PerItemKeys::take(&mut section);
        section.finish(&mut self.errors);
        let conditions = self.conditions(when, scope).into();
        let required = self.required(required)?;
        let value = self.expression(value?, name, Target::Quantity, scope);
        let unit_item = unit?;
        let unit = self.expression(unit_item, name, Target::Text, scope)?;
        let per_item = if let Some(master) = keys.master {
            Some(self.per_item(master, &keys, name, scope)?)
        } else {
            self.check_no_item(&keys);
            None
        };
        for fixed in unit.fixed_values() {
            if self.units.get(fixed).is_none() && per_item.is_none() {
                self.errors.add(unit_item.line, format!("`units` has no `{fixed}`{}", suggestion(fixed, self.units.known())));
            }
        }
        Some(Filler::Quantity(Box::new(QuantityPlan { conditions, value: value?, unit, per_item, required })))
    }

    /// `required`, for what the contract lets be absent.
    fn required(&mut self, item: Option<&Item>) -> Option<bool> {
        let Some(item) = item else { return Some(false) };
        self.one_of(item, "required", &["true", "false"]).map(|text| text == "true")
    }

    /// Compiles a scalar for a field of the type `target`.
    pub(super) fn expression(&mut self, item: &Item, name: &str, target: Target, scope: Scope<'_>) -> Option<Expression> {
        let expression = match &item.value {
            Value::Scalar(text) => {
                let source = self.noted(item.line, operands(text, scope)).map(Expression::Operands);
                source.map(|source| self.forms(None, None).applied(source, target))
            }
            Value::List(_) => {
                self.errors.add(item.line, format!("`{name}` is filled by a list; write `first_of` for alternatives"));
                None
            }
            Value::Map(_) => self.composed(item, name, target, scope),
        }?;
        for fixed in expression.fixed_values() {
            // An empty default says on purpose that the source does not know what the contract asks for.
            let is_said_empty = fixed.is_empty() && target == Target::Text && matches!(&expression, Expression::Defaulted { default, .. } if default.is_empty());
            if let Some(wrong) = unfit(fixed, target).filter(|_| !is_said_empty) {
                let near = if let Target::Enum(symbols) = target { suggestion(fixed, symbols.known()) } else { String::new() };
                self.errors.add(item.line, format!("`{name}` is {}: `{fixed}` {wrong}{near}", target.describe()));
            }
        }
        let plain = if let Expression::Required { source, .. } = &expression { source } else { &expression };
        if !matches!(target, Target::Text | Target::Enum(_) | Target::Timestamp | Target::Date) && matches!(plain, Expression::Template(_)) {
            self.errors.add(item.line, format!("`{name}` is {}: a template makes a text", target.describe()));
        }
        if target != Target::Text && matches!(plain, Expression::Digest(_)) {
            self.errors.add(item.line, format!("`{name}` is {}: a digest is a text", target.describe()));
        }
        Some(expression)
    }

    fn composed(&mut self, item: &Item, name: &str, target: Target, scope: Scope<'_>) -> Option<Expression> {
        let mut section = Section::new(item, format!("`{name}`"), &mut self.errors);
        let [constant, path, text, first_of, cel, digest] = ["const", "path", "template", "first_of", "cel", "digest"].map(|key| section.take(key));
        let (with, without) = (section.take("with"), section.take("without"));
        let as_text = section.take("as");
        let (number, time) = (section.take("number"), section.take("time"));
        let table = section.take("table");
        let master = MasterKeys::take(&mut section);
        let (default, required) = (section.take("default"), section.take("required"));
        section.finish(&mut self.errors);
        if let (Some(_), Some(required)) = (default, required) {
            self.errors.add(required.line, "what has a `default` is never absent, so it cannot be `required`");
        }
        let required = self.required(required)?;
        if let (Some(with), None) = (with, cel) {
            self.errors.add(with.line, "`with` belongs to `cel`");
        }
        if let (Some(without), None) = (without, digest) {
            self.errors.add(without.line, "`without` belongs to `digest`");
        }
        let own_form = number.or(time).filter(|_| table.is_some() || (path.is_none() && text.is_none() && (cel.is_none() || number.is_some())));
        if let Some(own_form) = own_form {
            self.errors.add(
                own_form.line,
                "`number` and `time` say how the text at a path or of a template is written; codes and fixed values are written as ISO 8601 and JSON do",
            );
        }
        // What a table or master data translates is a text, whatever the field's type is.
        let source_target = if table.is_some() || master.is_set() { Target::Text } else { target };
        let expression = match (constant, path, text, first_of, cel, digest) {
            (Some(item), None, None, None, None, None) => item.text("`const`", &mut self.errors).map(|text| Expression::Constant(text.into())),
            (None, Some(item), None, None, None, None) => {
                let text = item.text("`path`", &mut self.errors)?;
                self.noted(item.line, operands(text, scope)).map(Expression::Operands)
            }
            (None, None, Some(item), None, None, None) => {
                let text = item.text("`template`", &mut self.errors)?;
                self.noted(item.line, template(text, scope)).map(Expression::Template)
            }
            (None, None, None, Some(item), None, None) => self.first_of(item, name, source_target, scope),
            (None, None, None, None, Some(cel), None) => {
                let computation = self.computation(cel, with, item.line, types_for(source_target), scope);
                computation.map(|computation| Expression::Computed(Arc::new(computation)))
            }
            (None, None, None, None, None, Some(digest)) => self.digest(digest, without, scope).map(Expression::Digest),
            _ => {
                self.errors.add(item.line, format!("`{name}` needs one of `path`, `const`, `template`, `first_of`, `cel` and `digest`"));
                None
            }
        }?;
        let expression = match as_text {
            Some(item) => {
                self.one_of(item, "as", &["text"])?;
                Expression::AsText(Box::new(expression))
            }
            None => expression,
        };
        let expression = self.forms(number, time).applied(expression, source_target);
        let expression = match table {
            Some(item) => Expression::Coded { source: Box::new(expression), table: self.table(item)? },
            None => expression,
        };
        let expression = self.referring(expression, &master, name, target, scope)?;
        Some(match default {
            Some(item) => Expression::Defaulted { source: Box::new(expression), default: item.text("`default`", &mut self.errors)?.into() },
            None if required => Expression::Required { source: Box::new(expression), name: name.into() },
            None => expression,
        })
    }

    /// The forms of a value's numbers and times: its own, else the file's.
    fn forms(&mut self, number: Option<&Item>, time: Option<&Item>) -> Forms {
        Forms {
            number: match number {
                Some(item) => number_format(item, "`number`", &mut self.errors),
                None => self.numbers,
            },
            time: match time {
                Some(item) => time_format(item, &mut self.errors).map(Arc::new),
                None => self.times.clone(),
            },
        }
    }

    fn first_of(&mut self, item: &Item, name: &str, target: Target, scope: Scope<'_>) -> Option<Expression> {
        let Value::List(items) = &item.value else {
            self.errors.add(item.line, "`first_of` needs a list");
            return None;
        };
        let options: Vec<_> = items.iter().map(|item| self.expression(item, name, target, scope)).collect();
        options.into_iter().collect::<Option<Vec<_>>>().map(|options| Expression::FirstOf(options.into()))
    }

    /// Compiles `digest`, a path, and `without`, paths from there.
    fn digest(&mut self, item: &Item, without: Option<&Item>, scope: Scope<'_>) -> Option<Digest> {
        let text = item.text("`digest`", &mut self.errors)?;
        let operands = self.noted(item.line, operands(text, scope))?;
        if operands.iter().any(|operand| operand.as_path().is_none()) {
            self.errors.add(item.line, format!("`{text}` is no path into the document"));
            return None;
        }
        let mut paths = Vec::new();
        for text in without.map(|item| item.texts("`without`", &mut self.errors)).unwrap_or_default() {
            let line = without.map_or(item.line, |item| item.line);
            for operand in self.noted(line, super::path::operands(text, scope))? {
                match operand {
                    Operand::Path(path) if path.start == Start::Innermost => paths.push(path),
                    _ => self.errors.add(line, format!("`{text}` does not start at what the digest is of")),
                }
            }
        }
        let left_out: Vec<Box<str>> = paths.iter().map(|path| path.text.clone()).collect();
        let index = self.digests.iter().position(|known| *known == left_out).unwrap_or_else(|| {
            self.digests.push(left_out);
            self.digests.len() - 1
        });
        Some(Digest { operands, without: paths.into(), index })
    }

    fn table(&mut self, item: &Item) -> Option<Arc<Table>> {
        let name = item.text("`table`", &mut self.errors)?;
        let table = self.tables.iter().find(|table| &*table.name == name).cloned();
        if table.is_none() {
            let known = suggestion(name, self.tables.iter().map(|table| &*table.name));
            self.errors.add(item.line, format!("there is no table `{name}`{known}"));
        }
        table
    }

    /// Takes note of what is wrong.
    pub(super) fn noted<T>(&mut self, line: usize, result: Result<T, String>) -> Option<T> {
        result.map_err(|message| self.errors.add(line, message)).ok()
    }
}

impl Expression {
    /// Values that are known before any document is.
    fn fixed_values(&self) -> Vec<&str> {
        match self {
            Self::Constant(text) => vec![text],
            Self::Operands(_) | Self::Template(_) | Self::Computed(_) | Self::Digest(_) | Self::Master(_) => Vec::new(),
            Self::FirstOf(options) => options.iter().flat_map(Self::fixed_values).collect(),
            Self::AsText(source) | Self::Number { source, .. } | Self::Time { source, .. } | Self::Required { source, .. } => source.fixed_values(),
            Self::Coded { table, .. } => table.values().collect(),
            Self::Defaulted { source, default } => source.fixed_values().into_iter().chain([&**default]).collect(),
        }
    }
}

/// How numbers and times are written, where it is not as JSON and ISO 8601 do.
struct Forms {
    number: Option<NumberFormat>,
    time: Option<Arc<TimeFormat>>,
}

impl Forms {
    /// The expression with the form that a field of the type `target` has. Fixed values are written in the mapping's own way.
    fn applied(self, expression: Expression, target: Target) -> Expression {
        let is_of_document = |expression: &Expression| match expression {
            Expression::AsText(source) => !matches!(**source, Expression::Constant(_) | Expression::FirstOf(_)),
            Expression::Constant(_) | Expression::FirstOf(_) => false,
            _ => true,
        };
        if !is_of_document(&expression) {
            return expression;
        }
        match (target, self) {
            (Target::Int | Target::Long | Target::Decimal | Target::Quantity, Self { number: Some(format), .. }) => {
                Expression::Number { source: Box::new(expression), format }
            }
            (Target::Timestamp, Self { time: Some(format), .. }) => Expression::Time { source: Box::new(expression), format, moment: Moment::Instant },
            (Target::Date, Self { time: Some(format), .. }) => Expression::Time { source: Box::new(expression), format, moment: Moment::Date },
            _ => expression,
        }
    }
}

/// Why a fixed value cannot stand in a field of the type `target`.
fn unfit(text: &str, target: Target) -> Option<&'static str> {
    let fits = match target {
        Target::Text => !text.is_empty(),
        Target::Int => text.parse::<i32>().is_ok(),
        Target::Long => text.parse::<i64>().is_ok(),
        Target::Boolean => convert::boolean(text).is_some(),
        Target::Timestamp => convert::time::has_offset(text),
        Target::Date => Date::from_iso(text).is_some(),
        Target::Quantity | Target::Decimal => text.parse::<Decimal>().is_ok(),
        Target::Enum(symbols) => symbols.index(text).is_some(),
        Target::Record(_) | Target::Texts | Target::Records(_) | Target::Unsupported => false,
    };
    match target {
        _ if fits => None,
        Target::Text => Some("is empty"),
        Target::Timestamp => Some("is no time with an offset"),
        _ => Some("is none"),
    }
}
