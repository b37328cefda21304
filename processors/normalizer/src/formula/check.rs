//! The types of expressions, found out before any document is there.
//!
//! CEL itself would only say at run time that `5 == '5'` never holds or that `matches` is not there. Here every name, function and operand is checked,
//! and what would not be exact or not be bounded has no type: division, floating-point numbers, loops, and functions whose text outgrows their operands.

use std::fmt;

use cel::IdedExpr;
use cel::common::ast::{CallExpr, Expr, LiteralValue, operators};

use crate::mapping::suggestion;

/// Levels that an expression may be nested.
const MAX_DEPTH: usize = 24;

/// Type of an expression's value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Type {
    Text,
    /// A whole number of 64 bits.
    Whole,
    /// An exact decimal.
    Decimal,
    Truth,
    /// A list of texts.
    Texts,
}

use Type::{Decimal, Text, Texts, Truth, Whole};

impl Type {
    /// The type in words, for messages.
    pub(crate) const fn describe(self) -> &'static str {
        match self {
            Text => "a text",
            Whole => "a whole number",
            Decimal => "a decimal",
            Truth => "true or false",
            Texts => "a list of texts",
        }
    }
}

impl fmt::Display for Type {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.describe())
    }
}

/// Functions, what they take, and what they give.
const FUNCTIONS: &[(&str, &[Type], Type)] = &[
    ("size", &[Text], Whole),
    ("size", &[Texts], Whole),
    ("int", &[Text], Whole),
    ("decimal", &[Text], Decimal),
    ("decimal", &[Whole], Decimal),
    ("string", &[Whole], Text),
    ("string", &[Decimal], Text),
];

/// Functions called on a value, which is the first of what they take.
const METHODS: &[(&str, &[Type], Type)] = &[
    ("size", &[Text], Whole),
    ("size", &[Texts], Whole),
    ("contains", &[Text, Text], Truth),
    ("startsWith", &[Text, Text], Truth),
    ("endsWith", &[Text, Text], Truth),
    ("indexOf", &[Text, Text], Whole),
    ("indexOf", &[Text, Text, Whole], Whole),
    ("lastIndexOf", &[Text, Text], Whole),
    ("charAt", &[Text, Whole], Text),
    ("substring", &[Text, Whole], Text),
    ("substring", &[Text, Whole, Whole], Text),
    ("lowerAscii", &[Text], Text),
    ("upperAscii", &[Text], Text),
    ("trim", &[Text], Text),
    ("replace", &[Text, Text, Text], Text),
    ("split", &[Text, Text], Texts),
];

/// Operators, what they take, and what they give.
const OPERATORS: &[(&str, &[Type], Type)] = &[
    (operators::LOGICAL_AND, &[Truth, Truth], Truth),
    (operators::LOGICAL_OR, &[Truth, Truth], Truth),
    (operators::LOGICAL_NOT, &[Truth], Truth),
    (operators::ADD, &[Text, Text], Text),
    (operators::ADD, &[Whole, Whole], Whole),
    (operators::ADD, &[Decimal, Decimal], Decimal),
    (operators::SUBSTRACT, &[Whole, Whole], Whole),
    (operators::SUBSTRACT, &[Decimal, Decimal], Decimal),
    (operators::MULTIPLY, &[Whole, Whole], Whole),
    (operators::MULTIPLY, &[Decimal, Decimal], Decimal),
    (operators::MODULO, &[Whole, Whole], Whole),
    (operators::NEGATE, &[Whole], Whole),
    (operators::NEGATE, &[Decimal], Decimal),
    (operators::IN, &[Text, Texts], Truth),
    (operators::INDEX, &[Texts, Whole], Text),
];

/// Operators that compare two values of one type.
const COMPARISONS: &[&str] = &[operators::EQUALS, operators::NOT_EQUALS, operators::LESS, operators::LESS_EQUALS, operators::GREATER, operators::GREATER_EQUALS];

/// Type of an expression over texts of these names.
///
/// # Errors
/// What is wrong with it, in words.
pub(super) fn type_of(expression: &IdedExpr, names: &[&str]) -> Result<Type, String> {
    let checked = Checker { names }.check(expression, 0)?;
    if checked == Texts { Err("the expression gives a list; choose an item of it, as in `x.split('-')[0]`".to_owned()) } else { Ok(checked) }
}

struct Checker<'n> {
    names: &'n [&'n str],
}

impl Checker<'_> {
    fn check(&self, expression: &IdedExpr, depth: usize) -> Result<Type, String> {
        if depth > MAX_DEPTH {
            return Err(format!("an expression nested more than {MAX_DEPTH} levels"));
        }
        match &expression.expr {
            Expr::Literal(LiteralValue::String(_)) => Ok(Text),
            Expr::Literal(LiteralValue::Int(_)) => Ok(Whole),
            Expr::Literal(LiteralValue::Boolean(_)) => Ok(Truth),
            Expr::Literal(LiteralValue::Double(_)) => Err("a floating-point number is not exact; write `decimal('1.5')`".to_owned()),
            Expr::Literal(_) => Err("an expression has texts, whole numbers, `true` and `false`; no `null`, bytes or unsigned numbers".to_owned()),
            Expr::Ident(name) if self.names.contains(&name.as_str()) => Ok(Text),
            Expr::Ident(name) => Err(format!("`with` has no `{name}`{}", suggestion(name, self.names.iter().copied()))),
            Expr::List(list) => match list.elements.iter().map(|item| self.check(item, depth + 1)).collect::<Result<Vec<_>, _>>()? {
                types if types.iter().all(|item| *item == Text) => Ok(Texts),
                _ => Err("a list has texts only".to_owned()),
            },
            Expr::Call(call) => self.call(call, depth),
            Expr::Select(select) => Err(format!("`.{}`: texts have no members; give the path its own name in `with`", select.field)),
            Expr::Map(_) | Expr::Struct(_) => Err("an expression has no maps or messages".to_owned()),
            Expr::Comprehension(_) | Expr::Unspecified => Err("an expression has no loops".to_owned()),
        }
    }

    fn call(&self, call: &CallExpr, depth: usize) -> Result<Type, String> {
        let name = call.func_name.as_str();
        let operands = call.target.as_deref().into_iter().chain(&call.args);
        if is_operator(name) {
            let types = operands.map(|operand| self.check(operand, depth + 1)).collect::<Result<Vec<_>, _>>()?;
            return operator(name, &types);
        }
        let table = if call.target.is_some() { METHODS } else { FUNCTIONS };
        if !table.iter().any(|(known, ..)| *known == name) {
            let kind = if call.target.is_some() { "function of a value" } else { "function" };
            return Err(format!("there is no {kind} `{name}`{}", suggestion(name, table.iter().map(|(known, ..)| *known))));
        }
        let types = operands.map(|operand| self.check(operand, depth + 1)).collect::<Result<Vec<_>, _>>()?;
        if name == "replace" {
            shrinks(call)?;
        }
        find(table, name, &types).ok_or_else(|| format!("`{name}` does not take {}", described(&types)))
    }
}

fn is_operator(name: &str) -> bool {
    name == operators::CONDITIONAL || name == operators::DIVIDE || COMPARISONS.contains(&name) || OPERATORS.iter().any(|(known, ..)| *known == name)
}

fn operator(name: &str, types: &[Type]) -> Result<Type, String> {
    if name == operators::DIVIDE {
        return Err("there is no division: its result would have to be rounded".to_owned());
    }
    let symbol = name.replace(['_', '@'], "");
    match (name, types) {
        (operators::CONDITIONAL, [Truth, one, other]) if one == other => Ok(*one),
        (operators::CONDITIONAL, _) => Err(format!("`? :` needs true or false and two values of one type, not {}", described(types))),
        (_, [one, other]) if COMPARISONS.contains(&name) && one == other && (*one != Texts) && (*one != Truth || is_equality(name)) => Ok(Truth),
        (operators::ADD, [Text, Decimal | Whole] | [Decimal | Whole, Text]) => {
            Err("`+` does not take a text and a number; write `decimal(text)` for its number or `string(number)` for its text".to_owned())
        }
        _ => find(OPERATORS, name, types).ok_or_else(|| format!("`{symbol}` does not take {}", described(types))),
    }
}

fn is_equality(name: &str) -> bool {
    name == operators::EQUALS || name == operators::NOT_EQUALS
}

fn find(table: &[(&str, &[Type], Type)], name: &str, types: &[Type]) -> Option<Type> {
    table.iter().find(|(known, takes, _)| *known == name && *takes == types).map(|(.., gives)| *gives)
}

/// `replace` is bounded only where it cannot make its text longer.
fn shrinks(call: &CallExpr) -> Result<(), String> {
    let [from, to] = call.args.as_slice() else { return Ok(()) };
    let literal = |argument: &IdedExpr| match &argument.expr {
        Expr::Literal(LiteralValue::String(text)) => Some(text.inner().len()),
        _ => None,
    };
    match (literal(from), literal(to)) {
        (Some(from), Some(to)) if from > 0 && to <= from => Ok(()),
        _ => Err("`replace` takes two fixed texts, the second not longer than the first".to_owned()),
    }
}

/// All rows of the tables, each with whether it is called on a value.
#[cfg(test)]
pub(super) fn rows() -> impl Iterator<Item = (&'static str, &'static [Type], Type, bool)> {
    let plain = FUNCTIONS.iter().chain(OPERATORS).map(|(name, takes, gives)| (*name, *takes, *gives, false));
    let types: [&'static [Type]; 3] = [&[Text, Text], &[Whole, Whole], &[Decimal, Decimal]];
    let comparisons = COMPARISONS.iter().flat_map(move |name| types.map(|takes| (*name, takes, Truth, false)));
    plain.chain(METHODS.iter().map(|(name, takes, gives)| (*name, *takes, *gives, true))).chain(comparisons)
}

fn described(types: &[Type]) -> String {
    types.iter().map(|operand| operand.describe()).collect::<Vec<_>>().join(" and ")
}
