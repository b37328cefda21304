//! What expressions can call: CEL's own functions and its strings extension, and exact decimals.

use std::sync::{Arc, LazyLock};

use cel::common::types::{CelInt, CelString};
use cel::common::value::CowVal;
use cel::{Context, Env, ExecutionError, FunctionContext, extensions};
use lineside_schemas::Decimal;

use super::amount::{Amount, DECIMAL};
use crate::convert::number;
use crate::convert::number_format::NumberFormat;
use crate::refusals::Code;

type Callable = Box<dyn for<'c, 'v> Fn(&mut FunctionContext<'c, 'v>) -> Result<CowVal<'c, 'v>, ExecutionError> + Send + Sync>;

/// Operators and functions that are the same for every mapping. No macros, and so no loops.
pub(super) fn environment() -> &'static Arc<Env> {
    static ENVIRONMENT: LazyLock<Arc<Env>> = LazyLock::new(|| {
        let mut environment = Env::default().with_optional_support(false).with_stdlib();
        environment.add_extension(extensions::strings).expect("the standard library has none of its functions");
        environment.add_overload("string", "decimal_to_string", vec![DECIMAL.to_owned()], decimal_to_string).expect("no other type is a decimal");
        Arc::new(environment)
    });
    &ENVIRONMENT
}

/// A context in which `decimal` reads numbers in the source's format.
pub(super) fn context(format: NumberFormat) -> Context<'static, 'static> {
    let mut context = Context::with_env(Arc::clone(environment()));
    context.add_function("decimal", decimal(format)).expect("the environment has no function of that name");
    context
}

/// The code that a failed function carries in the place of its name.
pub(super) fn code_of(function: &str) -> Code {
    let numbers = [Code::BadNumber, Code::NumberTooFine, Code::NumberTooLarge];
    numbers.into_iter().find(|code| code.as_str() == function).unwrap_or(Code::ExpressionFailed)
}

fn decimal(format: NumberFormat) -> Callable {
    Box::new(move |call| {
        let Some(argument) = call.args.first() else { return Err(ExecutionError::missing_argument_or_target()) };
        if let Some(whole) = argument.downcast_ref::<CelInt>() {
            return Ok(CowVal::owned(Amount(Decimal::from_int(*whole.inner()))));
        }
        let text = argument.downcast_ref::<CelString<'_>>().ok_or_else(|| call.error("it reads a text or a whole number"))?;
        let mut plain = String::new();
        let read = format.rewrite(text.inner(), &mut plain).and_then(|()| number::decimal(&plain));
        let amount = read.map_err(|fault| ExecutionError::function_error(fault.code.as_str(), &fault.message))?;
        Ok(CowVal::owned(Amount(amount)))
    })
}

#[expect(clippy::needless_pass_by_value, reason = "the signature of an overload")]
fn decimal_to_string<'b, 'v>(arguments: Vec<CowVal<'b, 'v>>) -> Result<CowVal<'b, 'v>, ExecutionError> {
    let amount = arguments.first().and_then(|argument| argument.downcast_ref::<Amount>()).ok_or_else(ExecutionError::missing_argument_or_target)?;
    Ok(CowVal::owned(CelString::from(amount.0.to_string())))
}
