//! The plan of an order: what it is to make, from what, and which components the ERP issues itself.

use lineside_schemas::records::{OrderCreated, OrderReleased, OrderRescheduled, OutputKind, PlannedComponent, PlannedOperation, PlannedOutput};
use lineside_schemas::{Decimal, Timestamp};

use crate::line::{LineId, named};

/// A quantity with its unit.
pub type Planned = (Decimal, String);

/// The plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// Source time of the latest plan.
    pub planned_at: Timestamp,
    /// Product.
    pub item: Option<String>,
    /// Order type.
    pub order_type: Option<String>,
    /// Planned yield.
    pub quantity: Option<Planned>,
    /// Operations, in the source's order.
    pub operations: Vec<String>,
    /// Component lines.
    pub components: Vec<PlannedLine>,
    /// Products.
    pub outputs: Vec<PlannedProduct>,
}

/// A component line of the plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlannedLine {
    /// Operation; empty where none was named.
    pub operation: String,
    /// Reservation.
    pub reservation: Option<String>,
    /// Reservation item.
    pub reservation_item: Option<String>,
    /// Position.
    pub position: Option<String>,
    /// Material.
    pub item: String,
    /// Quantity required.
    pub required: Option<Planned>,
    /// Issued by the ERP at confirmation.
    pub is_backflushed: bool,
    /// Supplied without booking.
    pub is_bulk: bool,
    /// Nothing more is to be issued.
    pub is_finally_issued: bool,
}

/// A product of the plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlannedProduct {
    /// Material.
    pub item: String,
    /// The order's main product.
    pub is_main: bool,
    /// Planned quantity.
    pub quantity: Option<Planned>,
}

/// What an event says of the plan.
#[derive(Debug, Clone, Copy)]
pub enum PlanEvent<'e, 'a> {
    /// The order was created.
    Created(&'e OrderCreated<'a>),
    /// It was released.
    Released(&'e OrderReleased<'a>),
    /// Its plan changed.
    Rescheduled(&'e OrderRescheduled<'a>),
}

impl Plan {
    /// A plan that says nothing.
    #[must_use]
    pub const fn empty() -> Self {
        Self { planned_at: Timestamp::MIN, item: None, order_type: None, quantity: None, operations: Vec::new(), components: Vec::new(), outputs: Vec::new() }
    }

    /// The plan after an event of this source time. What is later holds; what is earlier only fills in what nobody said.
    #[must_use]
    pub fn after(&self, event: PlanEvent<'_, '_>, at: Timestamp) -> Self {
        let told = Self { planned_at: at, ..Self::of(event) };
        let (mut newer, older) = if at >= self.planned_at { (told, self) } else { (self.clone(), &told) };
        newer.item = newer.item.or_else(|| older.item.clone());
        newer.order_type = newer.order_type.or_else(|| older.order_type.clone());
        newer.quantity = newer.quantity.or_else(|| older.quantity.clone());
        if newer.operations.is_empty() || matches!(event, PlanEvent::Rescheduled(_)) {
            newer.operations.extend(older.operations.iter().filter(|operation| !newer.operations.contains(operation)).cloned().collect::<Vec<_>>());
            newer.operations.sort();
        }
        // A new plan lists its lines in full; a change only those that changed.
        if newer.components.is_empty() || matches!(event, PlanEvent::Rescheduled(_)) {
            let missing: Vec<_> = older.components.iter().filter(|line| !newer.components.iter().any(|own| own.is_same_line(line))).cloned().collect();
            newer.components.extend(missing);
        }
        if newer.outputs.is_empty() {
            newer.outputs.clone_from(&older.outputs);
        }
        newer
    }

    fn of(event: PlanEvent<'_, '_>) -> Self {
        match event {
            PlanEvent::Created(plan) => Self::full(plan.item, plan.order_type, &plan.planned_quantity, (&plan.operations, &plan.components, &plan.outputs)),
            PlanEvent::Released(plan) => Self::full(plan.item, plan.order_type, &plan.planned_quantity, (&plan.operations, &plan.components, &plan.outputs)),
            PlanEvent::Rescheduled(plan) => Self {
                quantity: plan.planned_quantity.as_ref().map(planned),
                operations: operations(&plan.operations),
                components: plan.components.iter().map(line).collect(),
                ..Self::empty()
            },
        }
    }

    fn full(
        item: &str,
        order_type: Option<&str>,
        quantity: &lineside_schemas::records::Quantity<'_>,
        (planned_operations, components, outputs): (&[PlannedOperation<'_>], &[PlannedComponent<'_>], &[PlannedOutput<'_>]),
    ) -> Self {
        let product = |output: &PlannedOutput<'_>| PlannedProduct {
            item: output.item.to_owned(),
            is_main: output.kind == OutputKind::MainProduct,
            quantity: output.quantity.as_ref().map(planned),
        };
        Self {
            planned_at: Timestamp::MIN,
            item: named(Some(item)),
            order_type: named(order_type),
            quantity: Some(planned(quantity)),
            operations: operations(planned_operations),
            components: components.iter().map(line).collect(),
            outputs: outputs.iter().map(product).collect(),
        }
    }

    /// The component line of that identity.
    #[must_use]
    pub fn component(&self, id: &LineId) -> Option<&PlannedLine> {
        self.components.iter().find(|line| line.is(id))
    }

    /// The planned quantity of a product: of its output, or of the order if it is the product.
    #[must_use]
    pub fn product(&self, item: &str) -> Option<&Planned> {
        let output = self.outputs.iter().find(|output| output.item == item).and_then(|output| output.quantity.as_ref());
        output.or(if self.item.as_deref() == Some(item) { self.quantity.as_ref() } else { None })
    }

    /// The last operation.
    #[must_use]
    pub fn last_operation(&self) -> Option<&str> {
        self.operations.iter().max().map(String::as_str)
    }
}

impl PlannedLine {
    fn is(&self, id: &LineId) -> bool {
        match id {
            LineId::Reserved { reservation, item } => {
                let same_reservation = reservation.is_none() || self.reservation.is_none() || *reservation == self.reservation;
                self.reservation_item.as_ref() == Some(item) && same_reservation
            }
            LineId::Positioned { operation, position } => self.position.as_ref() == Some(position) && self.operation == *operation,
            LineId::Operation(_) => false,
        }
    }

    fn is_same_line(&self, other: &Self) -> bool {
        match LineId::of(&other.operation, other.reservation.as_deref(), other.reservation_item.as_deref(), other.position.as_deref()) {
            Some(id) => self.is(&id),
            None => self.item == other.item && self.operation == other.operation,
        }
    }
}

fn operations(planned: &[PlannedOperation<'_>]) -> Vec<String> {
    planned.iter().map(|operation| operation.operation.to_owned()).collect()
}

fn planned(quantity: &lineside_schemas::records::Quantity<'_>) -> Planned {
    (quantity.value, quantity.unit.to_owned())
}

fn line(component: &PlannedComponent<'_>) -> PlannedLine {
    PlannedLine {
        operation: component.operation.unwrap_or_default().to_owned(),
        reservation: named(component.reservation),
        reservation_item: named(component.reservation_item),
        position: named(component.position),
        item: component.item.to_owned(),
        required: component.required_quantity.as_ref().map(planned),
        is_backflushed: component.is_backflushed,
        is_bulk: component.is_bulk,
        is_finally_issued: component.is_finally_issued,
    }
}
