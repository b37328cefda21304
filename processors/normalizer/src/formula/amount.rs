//! Exact decimals as values of expressions: they add, subtract, multiply and compare among themselves, and with nothing else.

use std::any::Any;
use std::cmp::Ordering;

use cel::ExecutionError;
use cel::common::traits::{Adder, Comparer, Multiplier, Negator, Subtractor};
use cel::common::types::Type;
use cel::common::value::{CowVal, StaticVal, Val};
use lineside_schemas::Decimal;

/// Type of amounts.
pub(super) static DECIMAL: Type = Type::new_unspecified_type("decimal");

/// An exact decimal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Amount(pub(super) Decimal);

impl Amount {
    /// The result with another amount, if there is one within the contract.
    fn with<'b, 'v>(self, other: &(dyn Val + 'v), what: &str, operation: impl FnOnce(Decimal, Decimal) -> Option<Decimal>) -> Result<CowVal<'b, 'v>, ExecutionError> {
        let other = other.downcast_ref::<Self>().ok_or_else(|| ExecutionError::function_error(what, "an amount and something that is none"))?;
        let result = operation(self.0, other.0);
        let result = result.ok_or_else(|| ExecutionError::function_error(what, format!("the {what} of {} and {} does not fit a decimal exactly", self.0, other.0)))?;
        Ok(CowVal::owned(Self(result)))
    }
}

impl Adder for Amount {
    fn add<'b, 'v>(&'b self, other: &(dyn Val + 'v)) -> Result<CowVal<'b, 'v>, ExecutionError>
    where
        Self: 'v,
    {
        self.with(other, "sum", Decimal::checked_add)
    }
}

impl Subtractor for Amount {
    fn sub<'b, 'v>(&'b self, other: &(dyn Val + 'v)) -> Result<CowVal<'b, 'v>, ExecutionError>
    where
        Self: 'v,
    {
        self.with(other, "difference", Decimal::checked_sub)
    }
}

impl Multiplier for Amount {
    fn mul<'b, 'v>(&'b self, other: &(dyn Val + 'v)) -> Result<CowVal<'b, 'v>, ExecutionError>
    where
        Self: 'v,
    {
        self.with(other, "product", Decimal::checked_mul_exact)
    }
}

impl Negator for Amount {
    fn negate<'v>(&self) -> Result<Box<dyn Val + 'v>, ExecutionError>
    where
        Self: 'v,
    {
        Ok(Box::new(Self(self.0.negated())))
    }
}

impl Comparer for Amount {
    fn compare(&self, other: &dyn Val) -> Result<Ordering, ExecutionError> {
        let other = other.downcast_ref::<Self>().ok_or_else(|| ExecutionError::function_error("comparison", "an amount and something that is none"))?;
        Ok(self.0.cmp(&other.0))
    }
}

impl Val for Amount {
    fn get_type(&self) -> &Type {
        &DECIMAL
    }

    fn cel_type() -> &'static Type {
        &DECIMAL
    }

    fn as_adder<'b, 'v>(&'b self) -> Option<&'b (dyn Adder + 'v)>
    where
        Self: 'v,
    {
        Some(self)
    }

    fn as_subtractor<'b, 'v>(&'b self) -> Option<&'b (dyn Subtractor + 'v)>
    where
        Self: 'v,
    {
        Some(self)
    }

    fn as_multiplier<'b, 'v>(&'b self) -> Option<&'b (dyn Multiplier + 'v)>
    where
        Self: 'v,
    {
        Some(self)
    }

    fn as_negator<'b, 'v>(&'b self) -> Option<&'b (dyn Negator + 'v)>
    where
        Self: 'v,
    {
        Some(self)
    }

    fn as_comparer(&self) -> Option<&dyn Comparer> {
        Some(self)
    }

    fn equals(&self, other: &dyn Val) -> bool {
        other.downcast_ref::<Self>() == Some(self)
    }

    fn clone_as_boxed<'v>(&self) -> Box<dyn Val + 'v>
    where
        Self: 'v,
    {
        Box::new(*self)
    }

    fn as_any(&self) -> Option<&dyn Any> {
        Some(self)
    }
}

impl StaticVal for Amount {}
