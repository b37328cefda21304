//! What happened in a plant: facts, and the reports that carry them.

use jiff::Timestamp;

use crate::amount::Reported;
use crate::order::Component;

/// One fact; one canonical event comes of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Fact {
    Released,
    Started { operation: usize },
    Confirmed { operation: usize, good: Reported, scrap: Option<Reported>, rework: Option<Reported>, is_final: bool },
    Consumed(Movement),
    Returned(Movement),
    Reversed { target: FactAddress, operation: usize, material: String, reason: &'static str },
    Received { operation: usize, lot: String, quantity: Reported },
    Completed,
}

/// A movement of one component of the order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Movement {
    pub component: Component,
    pub lot: String,
    pub sublot: Option<String>,
    pub quantity: Reported,
}

/// Where a fact stands in its order's story.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct FactAddress {
    pub report: usize,
    pub fact: usize,
}

/// What is sent at once: one document.
#[derive(Debug, Clone)]
pub(crate) struct Report {
    /// When it happened, by the plant's clock.
    pub at: Timestamp,
    /// When it reaches the broker, in the simulation; decides the order of arrival.
    pub arrives: Timestamp,
    pub facts: Vec<Fact>,
}

/// A report as its plant's system names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Identity {
    /// The document's own id.
    pub id: String,
    /// The system's running number.
    pub sequence: u64,
}

impl Fact {
    /// The quantity that a contradicting report would give otherwise.
    pub fn quantity_mut(&mut self) -> Option<&mut Reported> {
        match self {
            Self::Confirmed { good, .. } => Some(good),
            Self::Consumed(movement) | Self::Returned(movement) => Some(&mut movement.quantity),
            Self::Received { quantity, .. } => Some(quantity),
            Self::Released | Self::Started { .. } | Self::Reversed { .. } | Self::Completed => None,
        }
    }

    /// Index of the operation that it belongs to.
    pub fn operation(&self) -> Option<usize> {
        match self {
            Self::Started { operation } | Self::Confirmed { operation, .. } | Self::Reversed { operation, .. } | Self::Received { operation, .. } => Some(*operation),
            Self::Consumed(movement) | Self::Returned(movement) => Some(movement.component.operation),
            Self::Released | Self::Completed => None,
        }
    }
}
