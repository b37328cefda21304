//! The production event as Rust sees it: an ordinary enum instead of a type symbol and nullable groups.

use crate::records::{
    ByProductReported, ComponentMovement, ConfirmationReversed, ConsumptionReversed, Envelope, FinishedGoodsReported, FinishedGoodsReversed, OperationConfirmed,
    OperationStarted, OrderCancelled, OrderClosed, OrderCompleted, OrderCreated, OrderDispatched, OrderHeld, OrderReleased, OrderRescheduled, OrderResumed,
    ProductionEvent, ProductionEventType, ReworkReported, ScrapReported,
};

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

/// One row per event type: its variant, its field, and the type of its group. Every row is in the schema and every type of the schema in a row, or it does not
/// compile: the event is taken apart field by field, and its type is matched symbol by symbol.
macro_rules! facts {
    ($($(#[$doc:meta])* $variant:ident: $group:ident: $record:ty;)*) => {
        /// What happened, with exactly the fields that its kind has.
        #[derive(Debug, Clone, PartialEq)]
        pub enum ProductionFact<'a> {
            $($(#[$doc])* $variant($record),)*
            /// A type that this version does not know; to be skipped.
            Unknown,
        }

        impl<'a> TryFrom<ProductionEvent<'a>> for ProductionFactRecord<'a> {
            type Error = GroupError;

            fn try_from(event: ProductionEvent<'a>) -> Result<Self, GroupError> {
                let ProductionEvent { envelope, order, r#type, $($group,)* } = event;
                let set = [$($group.is_some(),)*].into_iter().filter(|set| *set).count();
                let symbol = r#type.symbol();
                let fact = match r#type {
                    ProductionEventType::Unknown => Some(ProductionFact::Unknown),
                    $(ProductionEventType::$variant => $group.map(ProductionFact::$variant),)*
                }
                .ok_or(GroupError::Missing(symbol))?;
                let expected = usize::from(r#type != ProductionEventType::Unknown);
                if set > expected {
                    return Err(GroupError::Surplus(symbol));
                }
                Ok(Self { envelope, order, fact })
            }
        }

        impl<'a> From<ProductionFactRecord<'a>> for ProductionEvent<'a> {
            fn from(record: ProductionFactRecord<'a>) -> Self {
                let ProductionFactRecord { envelope, order, fact } = record;
                let mut event = Self { envelope, order, ..Self::default() };
                event.r#type = match fact {
                    $(ProductionFact::$variant(group) => {
                        event.$group = Some(group);
                        ProductionEventType::$variant
                    })*
                    ProductionFact::Unknown => ProductionEventType::Unknown,
                };
                event
            }
        }
    };
}

facts! {
    /// The order may be worked on.
    OrderReleased: order_released: Box<OrderReleased<'a>>;
    /// Work on an operation began.
    OperationStarted: operation_started: OperationStarted<'a>;
    /// Quantities were reported for an operation.
    OperationConfirmed: operation_confirmed: Box<OperationConfirmed<'a>>;
    /// Material was issued to the order.
    MaterialConsumed: material_consumed: ComponentMovement<'a>;
    /// Material was taken back from the order.
    MaterialReturned: material_returned: ComponentMovement<'a>;
    /// An earlier consumption or return is undone.
    ConsumptionReversed: consumption_reversed: ConsumptionReversed<'a>;
    /// Product was received from the order.
    FinishedGoodsReported: finished_goods_reported: Box<FinishedGoodsReported<'a>>;
    /// The order is technically complete.
    OrderCompleted: order_completed: OrderCompleted<'a>;
    /// The order exists; it may not be worked on yet.
    OrderCreated: order_created: Box<OrderCreated<'a>>;
    /// The plan of the order changed.
    OrderRescheduled: order_rescheduled: OrderRescheduled<'a>;
    /// The order went to a work center's queue.
    OrderDispatched: order_dispatched: OrderDispatched<'a>;
    /// Work on the order must stop.
    OrderHeld: order_held: OrderHeld<'a>;
    /// A hold of the order ended.
    OrderResumed: order_resumed: OrderResumed<'a>;
    /// The order is closed in the books.
    OrderClosed: order_closed: OrderClosed<'a>;
    /// The order will not be carried out.
    OrderCancelled: order_cancelled: OrderCancelled<'a>;
    /// An earlier confirmation is undone.
    ConfirmationReversed: confirmation_reversed: ConfirmationReversed<'a>;
    /// By-product or co-product was received from the order.
    ByProductReported: by_product_reported: ByProductReported<'a>;
    /// Product or material was scrapped.
    ScrapReported: scrap_reported: ScrapReported<'a>;
    /// Product has to be worked on again.
    ReworkReported: rework_reported: ReworkReported<'a>;
    /// An earlier report of product or by-product is undone.
    FinishedGoodsReversed: finished_goods_reversed: FinishedGoodsReversed<'a>;
}
