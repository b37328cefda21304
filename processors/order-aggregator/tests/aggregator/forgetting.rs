//! Orders that are over go, and as fast as others come.

use lineside_order_aggregator::wake::{ORDERS_FORGOTTEN, SLICE};
use lineside_schemas::records::{OrderCompleted, ProductionEventType};

use crate::case;
use crate::support::{Harness, Trouble};

const USE: &str = "{id: use, type: MATERIAL_CONSUMED, operation: \"0010\", position: \"0010\", item: RM-1, quantity: 1.25 KGM}";
const DAY_MICROS: i64 = 86_400_000_000;
const EVENTS: usize = 12;

#[test]
fn what_is_over_is_forgotten_in_one_tick_as_far_as_orders_are_looked_at() {
    let event = case::event(USE);
    let mut world = Harness::new(Trouble::Batches(usize::MAX));
    let orders: Vec<String> = (0..SLICE + 10).map(|number| format!("{number:09}")).collect();
    let ids: Vec<String> = (0..EVENTS).map(|number| format!("event-{number}")).collect();
    for order in &orders {
        let mut record = event.record();
        record.order = order;
        for id in &ids {
            record.envelope.event_id = id;
            world.feed(&record);
        }
        record.envelope.event_id = "done";
        record.r#type = ProductionEventType::OrderCompleted;
        record.material_consumed = None;
        record.order_completed = Some(OrderCompleted::default());
        world.feed(&record);
    }
    world.commit();
    assert_eq!(world.counter(ORDERS_FORGOTTEN), 0, "they are kept for ninety days");

    let mut later = event.record();
    later.order = "another";
    later.envelope.ingest_time = later.envelope.ingest_time.saturating_add_micros(91 * DAY_MICROS);
    world.feed(&later);
    world.commit();
    assert_eq!(world.counter(ORDERS_FORGOTTEN), SLICE as u64, "each with its {EVENTS} events");
    world.commit();
    assert_eq!(world.counter(ORDERS_FORGOTTEN), orders.len() as u64);
}
