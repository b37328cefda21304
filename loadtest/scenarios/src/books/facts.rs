//! What the checks and the report need of each record, read from generic Avro values.

mod books;
mod dead_letter;
mod erp;
mod event;
mod posting;

use std::fmt;

use bigdecimal::BigDecimal;

pub use books::{Reconciled, ReconciledLine};
pub use dead_letter::DeadLetter;
pub use erp::{Confirmation, GoodsMovement, MovementItem};
pub use event::{Confirmed, Event, Fact, Movement, Normalized, Receipt, Undone};
pub use posting::{ConfirmationLine, ControlTotal, Posting, PostingLine, RawRange};

use super::shape::{Fields, ShapeError};

/// Where a record stands.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Position {
    /// Topic.
    pub topic: String,
    /// Partition, from 0.
    pub partition: i32,
    /// Offset, from 0.
    pub offset: i64,
    /// Place in the frame at that offset, from 0, where the topic carries frames.
    pub index: Option<i32>,
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}@{}", self.topic, self.partition, self.offset)?;
        self.index.map_or(Ok(()), |index| write!(f, "[{index}]"))
    }
}

/// An amount with its unit, UN/CEFACT Recommendation 20.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quantity {
    /// Exact amount.
    pub value: BigDecimal,
    /// Unit.
    pub unit: String,
}

impl fmt::Display for Quantity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", plain(&self.value), self.unit)
    }
}

/// A decimal as people write it: no exponent, no trailing zeros.
#[must_use]
pub fn plain(value: &BigDecimal) -> String {
    value.normalized().to_plain_string()
}

fn position(fields: Fields<'_>) -> Result<Position, ShapeError> {
    Ok(Position { topic: fields.text("topic")?, partition: partition(fields)?, offset: fields.number("offset")?, index: None })
}

fn partition(fields: Fields<'_>) -> Result<i32, ShapeError> {
    // The contract says int, so the number always fits.
    fields.number("partition").map(|number| i32::try_from(number).unwrap_or(i32::MAX))
}

fn quantity(fields: Fields<'_>) -> Result<Quantity, ShapeError> {
    Ok(Quantity { value: fields.decimal("value")?, unit: fields.text("unit")? })
}
