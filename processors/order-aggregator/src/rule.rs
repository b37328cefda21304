//! By which rule an order is posted.

use lineside_schemas::records::PostingMode;

/// A posting rule. Every posting names it, so that a later reader knows what it was made by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rule {
    /// Name and version.
    pub version: &'static str,
    /// Who books the goods movements.
    pub mode: PostingMode,
}

/// Posts on completion of the order, and a delta for every later event that changes what is bookable; the movements are posted explicitly.
pub const DEFAULT: Rule = Rule { version: "default/1", mode: PostingMode::ExplicitMovements };
