//! Plans of orders as cases write them.

use lineside_schemas::records::{OutputKind, PlannedComponent, PlannedOperation, PlannedOutput};
use serde::Deserialize;

use super::event::quantity;

/// A component line of a plan: `{item: RM-1, quantity: 5 KGM, reservation_item: "0001", backflush: true}`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Component {
    item: String,
    quantity: Option<String>,
    operation: Option<String>,
    position: Option<String>,
    reservation: Option<String>,
    reservation_item: Option<String>,
    #[serde(default)]
    backflush: bool,
    #[serde(default)]
    bulk: bool,
}

/// A product of a plan: `{item: FG-2, kind: CO_PRODUCT, quantity: 5 KGM}`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Output {
    item: String,
    kind: String,
    quantity: Option<String>,
}

impl Component {
    pub fn record(&self) -> PlannedComponent<'_> {
        PlannedComponent {
            item: &self.item,
            required_quantity: self.quantity.as_deref().map(quantity),
            operation: self.operation.as_deref(),
            position: self.position.as_deref(),
            reservation: self.reservation.as_deref(),
            reservation_item: self.reservation_item.as_deref(),
            is_backflushed: self.backflush,
            is_bulk: self.bulk,
            ..PlannedComponent::default()
        }
    }
}

impl Output {
    pub fn record(&self) -> PlannedOutput<'_> {
        PlannedOutput { item: &self.item, kind: OutputKind::from_symbol(&self.kind), quantity: self.quantity.as_deref().map(quantity), ..PlannedOutput::default() }
    }
}

/// An operation of a plan, by its name alone.
pub fn operation(name: &str) -> PlannedOperation<'_> {
    PlannedOperation { operation: name, ..PlannedOperation::default() }
}
