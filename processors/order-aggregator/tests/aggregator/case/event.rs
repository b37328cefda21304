//! Events as cases write them.

use lineside_schemas::records::{
    ComponentMovement, ConsumptionReversed, Envelope, FinishedGoodsReported, OperationConfirmed, OperationStarted, OrderCompleted, OrderReleased, ProductionEvent,
    ProductionEventType, Quantity, RawPosition,
};
use lineside_schemas::{Decimal, Timestamp};
use serde::Deserialize;

/// An event. What is left out: plant-a, order 000100012, source plant-a.mes, 2026-11-20 at 08:00 local time (an hour ahead of UTC) and a minute more for each event,
/// raw record of that number in raw.plant-a.mes/0.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Event {
    id: String,
    r#type: String,
    source: Option<String>,
    time: Option<String>,
    offset_minutes: Option<i32>,
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
    #[serde(default)]
    r#final: bool,
    reverses: Option<String>,
}

/// An event with everything filled in.
#[derive(Debug, Clone)]
pub struct OwnedEvent {
    event: Event,
    source: String,
    time: Timestamp,
    raw: (String, i32, i64),
}

impl Event {
    pub fn owned(&self, index: i64) -> OwnedEvent {
        let time = match &self.time {
            Some(time) => Timestamp::from_micros(time.parse::<jiff::Timestamp>().unwrap().as_microsecond()),
            None => Timestamp::from_millis(1_795_158_000_000 + index * 60_000),
        };
        let raw = match &self.raw {
            Some(text) => {
                let mut parts = text.split('/');
                let mut part = || parts.next().expect("topic/partition/offset");
                (part().to_owned(), part().parse().unwrap(), part().parse().unwrap())
            }
            None => ("raw.plant-a.mes".to_owned(), 0, index),
        };
        OwnedEvent { event: self.clone(), source: self.source.clone().unwrap_or_else(|| "plant-a.mes".to_owned()), time, raw }
    }
}

impl OwnedEvent {
    /// The event as it stands on the topic.
    pub fn record(&self) -> ProductionEvent<'_> {
        let event = &self.event;
        let kind = ProductionEventType::from_symbol(&event.r#type);
        assert!(kind != ProductionEventType::Unknown || event.r#type == "SOMETHING_NEW", "no such type: {}", event.r#type);
        let is = |expected| kind == expected;
        let movement = || ComponentMovement {
            operation: text(event.operation.as_ref()),
            reservation: event.reservation.as_deref(),
            reservation_item: event.reservation_item.as_deref(),
            position: event.position.as_deref(),
            item: text(event.item.as_ref()),
            lot: event.lot.as_deref(),
            storage_location: event.storage_location.as_deref(),
            quantity: quantity(text(event.quantity.as_ref())),
            ..ComponentMovement::default()
        };
        ProductionEvent {
            envelope: self.envelope(),
            order: "000100012",
            r#type: kind,
            order_released: is(ProductionEventType::OrderReleased).then(|| {
                Box::new(OrderReleased { item: text(event.item.as_ref()), planned_quantity: quantity(text(event.quantity.as_ref())), ..OrderReleased::default() })
            }),
            operation_started: is(ProductionEventType::OperationStarted)
                .then(|| OperationStarted { operation: text(event.operation.as_ref()), ..OperationStarted::default() }),
            operation_confirmed: is(ProductionEventType::OperationConfirmed).then(|| {
                Box::new(OperationConfirmed {
                    operation: text(event.operation.as_ref()),
                    r#yield: quantity(text(event.r#yield.as_ref())),
                    scrap: event.scrap.as_deref().map(quantity),
                    rework: event.rework.as_deref().map(quantity),
                    is_final: event.r#final,
                    ..OperationConfirmed::default()
                })
            }),
            material_consumed: is(ProductionEventType::MaterialConsumed).then(movement),
            material_returned: is(ProductionEventType::MaterialReturned).then(movement),
            consumption_reversed: is(ProductionEventType::ConsumptionReversed)
                .then(|| ConsumptionReversed { reversed_event_id: text(event.reverses.as_ref()), ..ConsumptionReversed::default() }),
            finished_goods_reported: is(ProductionEventType::FinishedGoodsReported).then(|| {
                Box::new(FinishedGoodsReported {
                    item: text(event.item.as_ref()),
                    operation: event.operation.as_deref(),
                    lot: event.lot.as_deref(),
                    storage_location: event.storage_location.as_deref(),
                    quantity: quantity(text(event.quantity.as_ref())),
                    ..FinishedGoodsReported::default()
                })
            }),
            order_completed: is(ProductionEventType::OrderCompleted).then(OrderCompleted::default),
            ..ProductionEvent::default()
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
            ingest_time: self.time.saturating_add_micros(1_000_000),
            source_sequence: None,
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

fn quantity(text: &str) -> Quantity<'_> {
    let (value, unit) = text.split_once(' ').expect("an amount and a unit");
    Quantity { value: value.parse::<Decimal>().unwrap(), unit }
}
