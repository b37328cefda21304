//! Records of the family `supply`. Generated from `avro/`; do not edit.

use serde::{Deserialize, Serialize};

use crate::decimal::Decimal;
use crate::time::Timestamp;
use super::Quantity;

/// How far an order is against its plan, after each event that changes it. Topic supply.order-progress.v1, keyed by plant and order.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct OrderProgress<'a> {
    /// Plant.
    #[serde(borrow)]
    pub plant: &'a str,
    /// Production order.
    #[serde(borrow)]
    pub order: &'a str,
    /// Correlation of the order's story.
    #[serde(borrow)]
    pub correlation_id: &'a str,
    /// event_id of the event that changed it.
    #[serde(borrow)]
    pub caused_by_event_id: &'a str,
    /// Where the order stands.
    #[serde(default)]
    pub status: OrderProgressStatus,
    /// Material to be produced, once released.
    #[serde(default, borrow)]
    pub item: Option<&'a str>,
    /// Planned yield, once released.
    #[serde(default, borrow)]
    pub planned_quantity: Option<Quantity<'a>>,
    /// Product received so far, in the unit of its reports.
    #[serde(default, borrow)]
    pub produced_quantity: Option<Quantity<'a>>,
    /// Scrap confirmed so far, in the unit of its reports.
    #[serde(default, borrow)]
    pub scrapped_quantity: Option<Quantity<'a>>,
    /// Planned end, once released.
    #[serde(default)]
    pub planned_end: Option<Timestamp>,
    /// Produced of planned, in percent, where both are known in one unit.
    #[serde(default)]
    pub completion_percent: Option<Decimal>,
    /// Latest source time among the events seen.
    pub as_of: Timestamp,
}

/// Where the order stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum OrderProgressStatus {
    /// A symbol that this version does not know.
    #[default]
    Unknown,
    /// `RELEASED`
    Released,
    /// `EXECUTING`
    Executing,
    /// `COMPLETED`
    Completed,
}

impl OrderProgressStatus {
    /// Every symbol, in the order of the schema.
    pub const SYMBOLS: &'static [&'static str] = &[
        "UNKNOWN",
        "RELEASED",
        "EXECUTING",
        "COMPLETED",
    ];

    /// The Avro symbol.
    #[must_use]
    pub const fn symbol(self) -> &'static str {
        Self::SYMBOLS[self as usize]
    }

    /// The variant of a symbol; `Unknown` for one that this version does not know.
    #[must_use]
    pub fn from_symbol(symbol: &str) -> Self {
        match symbol {
            "RELEASED" => Self::Released,
            "EXECUTING" => Self::Executing,
            "COMPLETED" => Self::Completed,
            _ => Self::Unknown,
        }
    }
}

crate::codec::avro_enum!(OrderProgressStatus);
