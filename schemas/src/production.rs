//! The production event as Rust sees it: an ordinary enum instead of a type symbol and nullable groups.

use crate::records::{
    ComponentMovement, ConsumptionReversed, Envelope, FinishedGoodsReported, OperationConfirmed, OperationStarted, OrderCompleted, OrderReleased, ProductionEvent,
    ProductionEventType,
};

/// What happened, with exactly the fields that its kind has.
#[derive(Debug, Clone, PartialEq)]
pub enum ProductionFact<'a> {
    /// The order may be worked on.
    OrderReleased(OrderReleased<'a>),
    /// Work on an operation began.
    OperationStarted(OperationStarted<'a>),
    /// Quantities were reported for an operation.
    OperationConfirmed(OperationConfirmed<'a>),
    /// Material was issued to the order.
    MaterialConsumed(ComponentMovement<'a>),
    /// Material was taken back from the order.
    MaterialReturned(ComponentMovement<'a>),
    /// An earlier consumption or return is undone.
    ConsumptionReversed(ConsumptionReversed<'a>),
    /// Product was received from the order.
    FinishedGoodsReported(FinishedGoodsReported<'a>),
    /// The order is technically complete.
    OrderCompleted(OrderCompleted<'a>),
    /// A type that this version does not know; to be skipped.
    Unknown,
}

/// A production event that keeps the contract's rule: `type` names the one group that is set.
#[derive(Debug, Clone, PartialEq)]
pub struct ProductionFactRecord<'a> {
    /// What every event carries.
    pub envelope: Envelope<'a>,
    /// Production order.
    pub order: &'a str,
    /// What happened.
    pub fact: ProductionFact<'a>,
}

/// The groups of a production event do not agree with its type.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum GroupError {
    /// The group that `type` names is not set.
    #[error("type is {0} but its group is not set")]
    Missing(&'static str),
    /// More groups are set than the one that `type` names.
    #[error("type is {0} but other groups are set too")]
    Surplus(&'static str),
}

impl<'a> TryFrom<ProductionEvent<'a>> for ProductionFactRecord<'a> {
    type Error = GroupError;

    fn try_from(event: ProductionEvent<'a>) -> Result<Self, GroupError> {
        let ProductionEvent {
            envelope,
            order,
            r#type,
            order_released,
            operation_started,
            operation_confirmed,
            material_consumed,
            material_returned,
            consumption_reversed,
            finished_goods_reported,
            order_completed,
        } = event;
        let groups = [
            order_released.is_some(),
            operation_started.is_some(),
            operation_confirmed.is_some(),
            material_consumed.is_some(),
            material_returned.is_some(),
            consumption_reversed.is_some(),
            finished_goods_reported.is_some(),
            order_completed.is_some(),
        ];
        let set = groups.into_iter().filter(|set| *set).count();
        let symbol = r#type.symbol();
        let fact = match r#type {
            ProductionEventType::Unknown => Some(ProductionFact::Unknown),
            ProductionEventType::OrderReleased => order_released.map(ProductionFact::OrderReleased),
            ProductionEventType::OperationStarted => operation_started.map(ProductionFact::OperationStarted),
            ProductionEventType::OperationConfirmed => operation_confirmed.map(ProductionFact::OperationConfirmed),
            ProductionEventType::MaterialConsumed => material_consumed.map(ProductionFact::MaterialConsumed),
            ProductionEventType::MaterialReturned => material_returned.map(ProductionFact::MaterialReturned),
            ProductionEventType::ConsumptionReversed => consumption_reversed.map(ProductionFact::ConsumptionReversed),
            ProductionEventType::FinishedGoodsReported => finished_goods_reported.map(ProductionFact::FinishedGoodsReported),
            ProductionEventType::OrderCompleted => order_completed.map(ProductionFact::OrderCompleted),
        }
        .ok_or(GroupError::Missing(symbol))?;
        let expected = usize::from(fact != ProductionFact::Unknown);
        if set > expected {
            return Err(GroupError::Surplus(symbol));
        }
        Ok(Self { envelope, order, fact })
    }
}

impl<'a> From<ProductionFactRecord<'a>> for ProductionEvent<'a> {
    fn from(record: ProductionFactRecord<'a>) -> Self {
        let mut event = Self {
            envelope: record.envelope,
            order: record.order,
            r#type: ProductionEventType::Unknown,
            order_released: None,
            operation_started: None,
            operation_confirmed: None,
            material_consumed: None,
            material_returned: None,
            consumption_reversed: None,
            finished_goods_reported: None,
            order_completed: None,
        };
        event.r#type = match record.fact {
            ProductionFact::OrderReleased(group) => {
                event.order_released = Some(group);
                ProductionEventType::OrderReleased
            }
            ProductionFact::OperationStarted(group) => {
                event.operation_started = Some(group);
                ProductionEventType::OperationStarted
            }
            ProductionFact::OperationConfirmed(group) => {
                event.operation_confirmed = Some(group);
                ProductionEventType::OperationConfirmed
            }
            ProductionFact::MaterialConsumed(group) => {
                event.material_consumed = Some(group);
                ProductionEventType::MaterialConsumed
            }
            ProductionFact::MaterialReturned(group) => {
                event.material_returned = Some(group);
                ProductionEventType::MaterialReturned
            }
            ProductionFact::ConsumptionReversed(group) => {
                event.consumption_reversed = Some(group);
                ProductionEventType::ConsumptionReversed
            }
            ProductionFact::FinishedGoodsReported(group) => {
                event.finished_goods_reported = Some(group);
                ProductionEventType::FinishedGoodsReported
            }
            ProductionFact::OrderCompleted(group) => {
                event.order_completed = Some(group);
                ProductionEventType::OrderCompleted
            }
            ProductionFact::Unknown => ProductionEventType::Unknown,
        };
        event
    }
}
