//! Quantities as text. The record itself is generated: [`crate::records::Quantity`].

use std::fmt;

use crate::records::Quantity;

impl fmt::Display for Quantity<'_> {
    /// `0.41 KGM`
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.value, self.unit)
    }
}
