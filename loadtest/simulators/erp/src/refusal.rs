//! Why the ERP does not book.

use crate::command::{ConfirmationNumber, DocumentNumber, OrderKey};
use crate::quantity::Quantity;

/// Why a request is not booked. The dialects have codes of their own for each.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Somebody has the order open.
    #[error("Order {} is already being processed by user {user}", .order.order)]
    OrderLocked {
        /// The order.
        order: OrderKey,
        /// Who.
        user: String,
    },
    /// The posting date's period is not open.
    #[error("Posting only possible in periods {from} to {to} in plant {plant}; {period} is closed")]
    PeriodClosed {
        /// The plant, whose company has the period.
        plant: String,
        /// The period asked for, year and month.
        period: String,
        /// First open period.
        from: String,
        /// Last open period.
        to: String,
    },
    /// No such material, or not in that plant.
    #[error("The material {material} does not exist in plant {plant} or is not activated")]
    MaterialUnknown {
        /// Material.
        material: String,
        /// Plant.
        plant: String,
    },
    /// No such order.
    #[error("Order {} does not exist in plant {}", .order.order, .order.plant)]
    OrderUnknown {
        /// The order.
        order: OrderKey,
    },
    /// The order has no such operation.
    #[error("Operation {operation} does not exist in order {}", .order.order)]
    OperationUnknown {
        /// The order.
        order: OrderKey,
        /// The operation.
        operation: String,
    },
    /// More than the order allows.
    #[error("Quantity {quantity} {unit} exceeds the over-delivery tolerance of order {}, which allows {allowed}", .order.order)]
    OverDelivery {
        /// The order.
        order: OrderKey,
        /// What it would come to.
        quantity: Quantity,
        /// What it may come to.
        allowed: Quantity,
        /// Unit.
        unit: String,
    },
    /// Not enough stock.
    #[error("Deficit of {deficit} {unit} of material {material} in plant {plant}, storage location {storage_location}")]
    StockDeficit {
        /// Material.
        material: String,
        /// Plant.
        plant: String,
        /// Storage location.
        storage_location: String,
        /// What is missing.
        deficit: Quantity,
        /// Unit.
        unit: String,
    },
    /// The movement type may not stand there.
    #[error("Movement type {movement_type} is not allowed with goods movement code {goods_movement_code}")]
    MovementNotAllowed {
        /// Movement type.
        movement_type: String,
        /// Goods movement code.
        goods_movement_code: String,
    },
    /// The confirmation was taken back before.
    #[error("Confirmation {:010}/{:08} has already been reversed", .0.group, .0.count)]
    ConfirmationCancelled(ConfirmationNumber),
    /// The document was taken back before.
    #[error("Document {} {} was already reversed", .0.number, .0.year)]
    DocumentCancelled(DocumentNumber),
    /// Nothing of that number.
    #[error("Resource not found")]
    NotFound,
    /// Not what the interface takes.
    #[error("{reason}")]
    Malformed {
        /// The field at fault; empty where it is the whole.
        field: String,
        /// What is wrong with it.
        reason: String,
    },
}

impl Refusal {
    /// Malformed in that field, for that reason.
    pub fn malformed(field: impl Into<String>, reason: impl Into<String>) -> Self {
        Self::Malformed { field: field.into(), reason: reason.into() }
    }
}
