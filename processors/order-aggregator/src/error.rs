//! Why an event cannot be booked.

use lineside_api::{ErrorClass, Refusal};
use lineside_schemas::production::GroupError;

/// Why the books of an order refuse an event. Each has a page in `docs/errors`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LedgerError {
    /// The type of the event and its groups do not agree.
    #[error("{0}")]
    Groups(#[from] GroupError),
    /// The component has neither a reservation item nor a position: the material alone can stand twice in an order.
    #[error("item {item} at operation {operation} has neither a reservation item nor a position, so its line in the order is not known")]
    ComponentLineUnidentified {
        /// Material.
        item: String,
        /// Operation.
        operation: String,
    },
    /// An amount moved is negative; taking back has events of its own.
    #[error("the amount moved is negative ({0}); a return or reversal has an event of its own")]
    QuantityNegative(lineside_schemas::Decimal),
    /// The event was undone before.
    #[error("event {event_id} is reversed by {by_event_id} already")]
    AlreadyReversed {
        /// The event undone.
        event_id: String,
        /// The event that undid it.
        by_event_id: String,
    },
    /// Reversals of reversals without an end.
    #[error("event {event_id} stands at the end of more than {most} reversals of reversals")]
    ReversalChainTooLong {
        /// Where the count ended.
        event_id: String,
        /// Most that are followed.
        most: usize,
    },
    /// A sum does not fit 38 digits.
    #[error("the sum would have more than 29 digits before the decimal point")]
    QuantityOverflow,
    /// The books of the order have reached the size that fits a record.
    #[error("the lines of the order take {bytes} bytes; more than {most} do not fit a record")]
    OrderTooLarge {
        /// Bytes they take, at most.
        bytes: usize,
        /// Bytes that fit.
        most: usize,
    },
    /// The stored ledger contradicts itself.
    #[error("the stored ledger of the order contradicts itself: {0}")]
    LedgerInconsistent(&'static str),
}

impl LedgerError {
    /// Stable code, with a page of its own in `docs/errors`.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Groups(_) => "event-groups-disagree",
            Self::ComponentLineUnidentified { .. } => "component-line-unidentified",
            Self::QuantityNegative(_) => "quantity-negative",
            Self::AlreadyReversed { .. } => "already-reversed",
            Self::ReversalChainTooLong { .. } => "reversal-chain-too-long",
            Self::QuantityOverflow => "quantity-overflow",
            Self::OrderTooLarge { .. } => "order-too-large",
            Self::LedgerInconsistent(_) => "ledger-inconsistent",
        }
    }

    const fn class(&self) -> ErrorClass {
        match self {
            Self::Groups(_) | Self::OrderTooLarge { .. } | Self::LedgerInconsistent(_) => ErrorClass::Application,
            Self::ComponentLineUnidentified { .. }
            | Self::QuantityNegative(_)
            | Self::AlreadyReversed { .. }
            | Self::ReversalChainTooLong { .. }
            | Self::QuantityOverflow => ErrorClass::DataQuality,
        }
    }

    const fn field(&self) -> Option<&'static str> {
        match self {
            Self::Groups(_) => Some("type"),
            Self::ComponentLineUnidentified { .. } => Some("reservation_item"),
            Self::QuantityNegative(_) | Self::QuantityOverflow => Some("quantity"),
            Self::AlreadyReversed { .. } | Self::ReversalChainTooLong { .. } => Some("reversed_event_id"),
            Self::OrderTooLarge { .. } | Self::LedgerInconsistent(_) => None,
        }
    }
}

impl From<LedgerError> for Refusal {
    fn from(error: LedgerError) -> Self {
        let refusal = Self::new(error.class(), error.code(), error.to_string());
        match error.field() {
            Some(field) => refusal.at(field),
            None => refusal,
        }
    }
}
