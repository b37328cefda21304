//! Events as cases write them.

use lineside_schemas::records::{
    ActivityTime, ByProductReported, ComponentMovement, ConfirmationReversed, ConsumptionReversed, Envelope, FinishedGoodsReported, FinishedGoodsReversed,
    OperationConfirmed, OperationStarted, OrderCancelled, OrderClosed, OrderCompleted, OrderCreated, OrderDispatched, OrderHeld, OrderReleased, OrderRescheduled,
    OrderResumed, OutputKind, ProductionEvent, ProductionEventType, Quantity, RawPosition, ReworkReported, ScrapReported,
};
use lineside_schemas::{Decimal, Timestamp};
use serde::Deserialize;

use super::plan::{self, Component, Output};

/// An entry of the list of events.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
pub enum Entry {
    /// Nothing comes, until then.
    Idle(Idle),
    /// What the ERP made of a posting.
    Outcome(Outcome),
    /// An event.
    Event(Box<Event>),
}

/// `{idle_until: "2026-11-20T12:00:00Z"}`: nothing comes until then, by the wall clock.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Idle {
    idle_until: String,
}

/// `{erp_posted: 1, document: "4900000017"}`: the ERP booked every line of posting 1 under that document, items numbered as the lines.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Outcome {
    /// Sequence of the posting.
    pub erp_posted: i32,
    /// Document.
    pub document: String,
}

/// What happens in a case.
#[derive(Debug, Clone)]
pub enum Step {
    /// An event.
    Event(Box<OwnedEvent>),
    /// Nothing, until then.
    Idle(Timestamp),
    /// The ERP booked a posting.
    Posted(Outcome),
}

/// An event. What is left out: plant-a, order 000100012, source plant-a.mes, 2026-11-20 at 08:00 local time (an hour ahead of UTC) and a minute more for each event,
/// raw record of that number in raw.plant-a.mes/0. It comes in a second after it happened, unless `arrives` says when.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Event {
    id: String,
    r#type: String,
    source: Option<String>,
    /// Of the order: for events elsewhere in the plant, that only show how far their source is.
    order: Option<String>,
    time: Option<String>,
    arrives: Option<String>,
    offset_minutes: Option<i32>,
    sequence: Option<i64>,
    /// `topic/partition/offset`
    raw: Option<String>,
    operation: Option<String>,
    reservation: Option<String>,
    reservation_item: Option<String>,
    position: Option<String>,
    item: Option<String>,
    lot: Option<String>,
    storage_location: Option<String>,
    /// `1.25 KGM`
    quantity: Option<String>,
    r#yield: Option<String>,
    scrap: Option<String>,
    rework: Option<String>,
    setup: Option<String>,
    machine: Option<String>,
    labour: Option<String>,
    energy: Option<String>,
    personnel: Option<String>,
    text: Option<String>,
    #[serde(default)]
    r#final: bool,
    reverses: Option<String>,
    /// The ERP's document that booked it already.
    document: Option<String>,
    movement_type: Option<String>,
    reason_code: Option<String>,
    #[serde(default)]
    serials: Vec<String>,
    /// Of a by-product: `CO_PRODUCT` or `BY_PRODUCT`.
    kind: Option<String>,
    order_type: Option<String>,
    replaced_by: Option<String>,
    rework_order: Option<String>,
    #[serde(default)]
    operations: Vec<String>,
    #[serde(default)]
    components: Vec<Component>,
    #[serde(default)]
    outputs: Vec<Output>,
}

/// An event with everything filled in.
#[derive(Debug, Clone)]
pub struct OwnedEvent {
    event: Event,
    source: String,
    order: String,
    time: Timestamp,
    arrives: Timestamp,
    raw: (String, i32, i64),
}

/// An instant as files write it.
pub fn instant(text: &str) -> Timestamp {
    Timestamp::from_micros(text.parse::<jiff::Timestamp>().unwrap_or_else(|error| panic!("{text}: {error}")).as_microsecond())
}

impl Entry {
    pub fn step(&self, index: i64) -> Step {
        match self {
            Self::Idle(idle) => Step::Idle(instant(&idle.idle_until)),
            Self::Outcome(outcome) => Step::Posted(outcome.clone()),
            Self::Event(event) => Step::Event(Box::new(event.owned(index))),
        }
    }
}

impl Event {
    fn owned(&self, index: i64) -> OwnedEvent {
        let time = self.time.as_deref().map_or_else(|| Timestamp::from_millis(1_795_158_000_000 + index * 60_000), instant);
        let raw = match &self.raw {
            Some(text) => {
                let mut parts = text.split('/');
                let mut part = || parts.next().expect("topic/partition/offset");
                (part().to_owned(), part().parse().unwrap(), part().parse().unwrap())
            }
            None => ("raw.plant-a.mes".to_owned(), 0, index),
        };
        OwnedEvent {
            event: self.clone(),
            source: self.source.clone().unwrap_or_else(|| "plant-a.mes".to_owned()),
            order: self.order.clone().unwrap_or_else(|| "000100012".to_owned()),
            time,
            arrives: self.arrives.as_deref().map_or_else(|| time.saturating_add_micros(1_000_000), instant),
            raw,
        }
    }
}

impl OwnedEvent {
    /// The event as it stands on the topic.
    pub fn record(&self) -> ProductionEvent<'_> {
        let event = &self.event;
        let kind = ProductionEventType::from_symbol(&event.r#type);
        assert!(kind != ProductionEventType::Unknown || event.r#type == "SOMETHING_NEW", "no such type: {}", event.r#type);
        let mut record = ProductionEvent { envelope: self.envelope(), order: &self.order, r#type: kind, ..ProductionEvent::default() };
        self.of_plan(kind, &mut record);
        self.of_state(kind, &mut record);
        self.of_work(kind, &mut record);
        self.of_reversal(kind, &mut record);
        record
    }

    fn of_plan<'r>(&'r self, kind: ProductionEventType, record: &mut ProductionEvent<'r>) {
        let event = &self.event;
        let operations = || event.operations.iter().map(|name| plan::operation(name)).collect::<Vec<_>>();
        let components = || event.components.iter().map(Component::record).collect::<Vec<_>>();
        let outputs = || event.outputs.iter().map(Output::record).collect::<Vec<_>>();
        match kind {
            ProductionEventType::OrderCreated => {
                record.order_created = Some(Box::new(OrderCreated {
                    item: text(event.item.as_ref()),
                    planned_quantity: quantity(text(event.quantity.as_ref())),
                    order_type: event.order_type.as_deref(),
                    operations: operations(),
                    components: components(),
                    outputs: outputs(),
                    ..OrderCreated::default()
                }));
            }
            ProductionEventType::OrderReleased => {
                record.order_released = Some(Box::new(OrderReleased {
                    item: text(event.item.as_ref()),
                    planned_quantity: quantity(text(event.quantity.as_ref())),
                    order_type: event.order_type.as_deref(),
                    operations: operations(),
                    components: components(),
                    outputs: outputs(),
                    ..OrderReleased::default()
                }));
            }
            ProductionEventType::OrderRescheduled => {
                record.order_rescheduled = Some(OrderRescheduled {
                    planned_quantity: event.quantity.as_deref().map(quantity),
                    operations: operations(),
                    components: components(),
                    ..OrderRescheduled::default()
                });
            }
            _ => {}
        }
    }

    fn of_state<'r>(&'r self, kind: ProductionEventType, record: &mut ProductionEvent<'r>) {
        match kind {
            ProductionEventType::OrderDispatched => record.order_dispatched = Some(OrderDispatched::default()),
            ProductionEventType::OrderHeld => record.order_held = Some(OrderHeld::default()),
            ProductionEventType::OrderResumed => record.order_resumed = Some(OrderResumed::default()),
            ProductionEventType::OrderCompleted => record.order_completed = Some(OrderCompleted::default()),
            ProductionEventType::OrderClosed => record.order_closed = Some(OrderClosed::default()),
            ProductionEventType::OrderCancelled => {
                record.order_cancelled = Some(OrderCancelled { replaced_by: self.event.replaced_by.as_deref(), ..OrderCancelled::default() });
            }
            _ => {}
        }
    }

    fn of_work<'r>(&'r self, kind: ProductionEventType, record: &mut ProductionEvent<'r>) {
        let event = &self.event;
        let moved = || quantity(text(event.quantity.as_ref()));
        match kind {
            ProductionEventType::OperationStarted => {
                record.operation_started = Some(OperationStarted { operation: text(event.operation.as_ref()), ..OperationStarted::default() });
            }
            ProductionEventType::OperationConfirmed => record.operation_confirmed = Some(Box::new(self.confirmation())),
            ProductionEventType::MaterialConsumed => record.material_consumed = Some(self.movement()),
            ProductionEventType::MaterialReturned => record.material_returned = Some(self.movement()),
            ProductionEventType::FinishedGoodsReported => {
                record.finished_goods_reported = Some(Box::new(FinishedGoodsReported {
                    item: text(event.item.as_ref()),
                    operation: event.operation.as_deref(),
                    lot: event.lot.as_deref(),
                    storage_location: event.storage_location.as_deref(),
                    quantity: moved(),
                    serials: event.serials.iter().map(String::as_str).collect(),
                    document: event.document.as_deref(),
                    is_final_receipt: event.r#final,
                    ..FinishedGoodsReported::default()
                }));
            }
            ProductionEventType::ByProductReported => {
                record.by_product_reported = Some(ByProductReported {
                    kind: OutputKind::from_symbol(event.kind.as_deref().unwrap_or("BY_PRODUCT")),
                    item: text(event.item.as_ref()),
                    operation: event.operation.as_deref(),
                    reservation: event.reservation.as_deref(),
                    reservation_item: event.reservation_item.as_deref(),
                    position: event.position.as_deref(),
                    lot: event.lot.as_deref(),
                    storage_location: event.storage_location.as_deref(),
                    quantity: moved(),
                    ..ByProductReported::default()
                });
            }
            ProductionEventType::ScrapReported => {
                record.scrap_reported = Some(ScrapReported {
                    operation: event.operation.as_deref(),
                    item: event.item.as_deref(),
                    lot: event.lot.as_deref(),
                    storage_location: event.storage_location.as_deref(),
                    quantity: moved(),
                    reason_code: event.reason_code.as_deref(),
                    movement_type: event.movement_type.as_deref(),
                    ..ScrapReported::default()
                });
            }
            ProductionEventType::ReworkReported => {
                record.rework_reported = Some(ReworkReported {
                    operation: event.operation.as_deref(),
                    rework_order: event.rework_order.as_deref(),
                    quantity: moved(),
                    ..ReworkReported::default()
                });
            }
            _ => {}
        }
    }

    fn of_reversal<'r>(&'r self, kind: ProductionEventType, record: &mut ProductionEvent<'r>) {
        let reversed_event_id = || text(self.event.reverses.as_ref());
        match kind {
            ProductionEventType::ConsumptionReversed => {
                record.consumption_reversed = Some(ConsumptionReversed { reversed_event_id: reversed_event_id(), ..ConsumptionReversed::default() });
            }
            ProductionEventType::ConfirmationReversed => {
                record.confirmation_reversed = Some(ConfirmationReversed { reversed_event_id: reversed_event_id(), ..ConfirmationReversed::default() });
            }
            ProductionEventType::FinishedGoodsReversed => {
                record.finished_goods_reversed = Some(FinishedGoodsReversed { reversed_event_id: reversed_event_id(), ..FinishedGoodsReversed::default() });
            }
            _ => {}
        }
    }

    fn movement(&self) -> ComponentMovement<'_> {
        let event = &self.event;
        ComponentMovement {
            operation: event.operation.as_deref().unwrap_or_default(),
            reservation: event.reservation.as_deref(),
            reservation_item: event.reservation_item.as_deref(),
            position: event.position.as_deref(),
            item: text(event.item.as_ref()),
            lot: event.lot.as_deref(),
            storage_location: event.storage_location.as_deref(),
            quantity: quantity(text(event.quantity.as_ref())),
            document: event.document.as_deref(),
            is_final_issue: event.r#final,
            ..ComponentMovement::default()
        }
    }

    fn confirmation(&self) -> OperationConfirmed<'_> {
        let event = &self.event;
        OperationConfirmed {
            operation: text(event.operation.as_ref()),
            r#yield: quantity(text(event.r#yield.as_ref())),
            scrap: event.scrap.as_deref().map(quantity),
            rework: event.rework.as_deref().map(quantity),
            is_final: event.r#final,
            setup_time: event.setup.as_deref().map(quantity),
            machine_time: event.machine.as_deref().map(quantity),
            labour_time: event.labour.as_deref().map(quantity),
            activities: event.energy.as_deref().map(|text| ActivityTime { activity: "ENERGY", quantity: quantity(text) }).into_iter().collect(),
            personnel: event.personnel.as_deref(),
            text: event.text.as_deref(),
            reason_code: event.reason_code.as_deref(),
            ..OperationConfirmed::default()
        }
    }

    fn envelope(&self) -> Envelope<'_> {
        let (topic, partition, offset) = &self.raw;
        Envelope {
            event_id: &self.event.id,
            source: &self.source,
            plant: "plant-a",
            region: None,
            transaction_type: &self.event.r#type,
            source_time: self.time,
            source_time_nanos: 0,
            source_utc_offset_minutes: Some(self.event.offset_minutes.unwrap_or(60)),
            ingest_time: self.arrives,
            source_sequence: self.event.sequence,
            correlation_id: "plant-a/000100012",
            causation_id: None,
            raw: RawPosition { topic, partition: *partition, offset: *offset },
            mapping_version: "plant-a.mes/1",
            source_time_adjusted: None,
        }
    }
}

fn text(field: Option<&String>) -> &str {
    field.expect("the type needs a field that the case leaves out")
}

/// An amount and a unit.
pub fn quantity(text: &str) -> Quantity<'_> {
    let (value, unit) = text.split_once(' ').expect("an amount and a unit");
    Quantity { value: value.parse::<Decimal>().unwrap(), unit }
}
