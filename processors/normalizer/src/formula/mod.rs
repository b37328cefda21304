//! Small expressions in CEL, the Common Expression Language: checked when a mapping is loaded, bounded when they run.
//!
//! All that goes in is text, and every operation is exact: amounts are decimals (`decimal(text)`), never floating-point numbers. There are no loops, so
//! the time that an expression takes grows with what it is written with and what it is given, and both are bounded.

mod amount;
mod check;
mod library;

use std::fmt;

use cel::common::types::{CelBool, CelInt, CelString};
use cel::{Context, ExecutionError, Value};

use crate::convert::number_format::NumberFormat;
use crate::refusals::{Checked, Code, Fault};

pub(crate) use check::Type;

/// Bytes that an expression may be written with.
const MAX_SOURCE: usize = 2000;

/// A compiled expression.
pub(crate) struct Formula {
    source: Box<str>,
    gives: Type,
    program: cel::Program,
    /// The functions it can call.
    context: Context<'static, 'static>,
}

/// What an expression gave.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Outcome {
    Text(String),
    /// A number, written as JSON does.
    Number(String),
    Truth(bool),
}

impl Formula {
    /// Compiles an expression over the texts that `names` name. `format` is how `decimal` reads them.
    ///
    /// # Errors
    /// What is wrong with it, in words: its syntax, a name or function that is not there, a type that does not fit, or its size.
    pub(crate) fn compile(source: &str, names: &[&str], format: NumberFormat) -> Result<Self, String> {
        if source.len() > MAX_SOURCE {
            return Err(format!("an expression of {} bytes, where {MAX_SOURCE} are allowed", source.len()));
        }
        let program = library::environment().compile(source).map_err(|errors| syntax(&errors))?;
        let gives = check::type_of(program.expression(), names)?;
        let references = program.references();
        if let Some(unused) = names.iter().find(|name| !references.has_variable(name)) {
            return Err(format!("the expression does not use `{unused}`"));
        }
        Ok(Self { source: source.into(), gives, context: library::context(format), program })
    }

    /// Type of what it gives. Never a list.
    pub(crate) const fn gives(&self) -> Type {
        self.gives
    }

    /// The expression as it was written.
    pub(crate) fn source(&self) -> &str {
        &self.source
    }

    /// What it gives for texts, each with its name.
    ///
    /// # Errors
    /// [`Code::ExpressionFailed`] where an operation has no result for these texts; [`Code::BadNumber`], [`Code::NumberTooFine`] or
    /// [`Code::NumberTooLarge`] where `decimal` reads one that is no exact number of the contract.
    pub(crate) fn run(&self, texts: &[(&str, &str)]) -> Checked<Outcome> {
        let mut scope = self.context.new_inner_scope();
        for (name, text) in texts {
            scope.add_variable_as_val(*name, Box::new(CelString::from(*text)));
        }
        let value = Value::resolve_val(self.program.expression(), &scope).map_err(|error| self.fault(&error))?;
        if let Some(text) = value.downcast_ref::<CelString<'_>>() {
            Ok(Outcome::Text(text.inner().to_owned()))
        } else if let Some(truth) = value.downcast_ref::<CelBool>() {
            Ok(Outcome::Truth(*truth.inner()))
        } else if let Some(whole) = value.downcast_ref::<CelInt>() {
            Ok(Outcome::Number(whole.inner().to_string()))
        } else if let Some(amount) = value.downcast_ref::<amount::Amount>() {
            Ok(Outcome::Number(amount.0.to_string()))
        } else {
            Err(Fault::new(Code::ExpressionFailed, format!("`{}` gave {}", self.source, value.get_type().name())))
        }
    }

    fn fault(&self, error: &ExecutionError) -> Fault {
        let (code, reason) = match error {
            ExecutionError::FunctionError { function, message } => (library::code_of(function), message.clone()),
            error => (Code::ExpressionFailed, reason(error)),
        };
        Fault::new(code, format!("`{}`: {reason}", self.source))
    }
}

/// A failure in words, without the library's own types in it.
fn reason(error: &ExecutionError) -> String {
    match error {
        ExecutionError::Overflow(..) => "a whole number beyond 64 bits".to_owned(),
        ExecutionError::IndexOutOfBounds(_) => "the list has no item of that number".to_owned(),
        ExecutionError::RemainderByZero(_) => "a remainder of zero".to_owned(),
        error => error.to_string(),
    }
}

fn syntax(errors: &cel::ParseErrors) -> String {
    match errors.errors.first() {
        Some(error) if error.pos.0 > 0 => {
            let message = error.msg.lines().next().unwrap_or_default();
            format!("no CEL expression: line {}, column {}: {message}", error.pos.0, error.pos.1)
        }
        _ => "no CEL expression".to_owned(),
    }
}

impl fmt::Debug for Formula {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Formula").field("source", &self.source).field("gives", &self.gives).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
