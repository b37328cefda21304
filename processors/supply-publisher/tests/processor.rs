//! The supply publisher as the runtime drives it.

#![allow(clippy::unwrap_used, reason = "a panic is how a test fails")]

use lineside_api::{Erased, ErrorClass, Hosted, Timestamp};
use lineside_schemas::production::{ProductionFact, ProductionFactRecord};
use lineside_schemas::records::{
    Envelope, FinishedGoodsReported, OperationStarted, OrderCompleted, OrderProgressStatus, OrderReleased, ProductionEvent, Quantity, RawPosition,
};
use lineside_supply_publisher::SupplyPublisher;
use lineside_supply_publisher::processor::{EVENT_GROUPS_DISAGREE, PUBLISHED, UNCHANGED, UNIT_MISMATCH};
use lineside_testkit::TestDriver;
use lineside_topology::processors::{PROGRESS, SUPPLY_PUBLISHER};
use lineside_topology::topics::{CANONICAL_PRODUCTION, SUPPLY_ORDER_PROGRESS};

const KEY: &str = "plant-a/000100012";

fn driver() -> TestDriver {
    TestDriver::new(|| Box::new(Hosted::new(&SUPPLY_PUBLISHER, SupplyPublisher)) as Box<dyn Erased>).unwrap()
}

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_millis(1_700_000_000_000 + seconds * 1000)
}

fn event<'a>(event_id: &'a str, time: Timestamp, fact: ProductionFact<'a>) -> ProductionEvent<'a> {
    let envelope = Envelope {
        event_id,
        source: "plant-a.mes",
        plant: "plant-a",
        region: None,
        transaction_type: "TEST",
        source_time: time,
        source_time_nanos: 0,
        source_utc_offset_minutes: None,
        ingest_time: time,
        source_sequence: None,
        correlation_id: KEY,
        causation_id: None,
        raw: RawPosition { topic: "raw.plant-a.mes", partition: 0, offset: 7 },
        mapping_version: "plant-a.mes/1",
        source_time_adjusted: None,
    };
    ProductionFactRecord { envelope, order: "000100012", fact }.into()
}

fn quantity<'a>(value: &str, unit: &'a str) -> Quantity<'a> {
    Quantity { value: value.parse().unwrap(), unit }
}

fn released() -> ProductionFact<'static> {
    ProductionFact::OrderReleased(Box::new(OrderReleased {
        item: "FG-1",
        planned_quantity: quantity("40", "C62"),
        planned_end: Some(at(1000)),
        ..OrderReleased::default()
    }))
}

fn received<'a>(value: &str, unit: &'a str) -> ProductionFact<'a> {
    ProductionFact::FinishedGoodsReported(Box::new(FinishedGoodsReported { item: "FG-1", quantity: quantity(value, unit), ..FinishedGoodsReported::default() }))
}

fn started() -> ProductionFact<'static> {
    ProductionFact::OperationStarted(OperationStarted { operation: "0010", ..OperationStarted::default() })
}

fn pipe(driver: &mut TestDriver, event: &ProductionEvent<'_>) {
    driver.pipe_value(CANONICAL_PRODUCTION, 1, KEY, event, event.envelope.ingest_time).unwrap();
}

#[test]
fn each_event_that_changes_an_order_is_published_under_its_key() {
    let mut driver = driver();
    for (index, (id, fact)) in
        [("A-1", released()), ("A-2", started()), ("A-3", started()), ("A-4", received("10", "C62")), ("A-5", ProductionFact::OrderCompleted(OrderCompleted::default()))]
            .into_iter()
            .enumerate()
    {
        pipe(&mut driver, &event(id, at(i64::try_from(index).unwrap()), fact));
    }
    let outputs = driver.outputs(SUPPLY_ORDER_PROGRESS).unwrap();
    assert!(outputs.iter().all(|output| output.key == Some(KEY.as_bytes())));
    let shown: Vec<_> = outputs
        .iter()
        .map(|output| output.value.as_ref().unwrap())
        .map(|progress| (progress.caused_by_event_id, progress.status, progress.completion_percent.map(|percent| percent.to_string()), progress.as_of))
        .collect();
    let quarter = Some("25".to_owned());
    assert_eq!(
        shown,
        [
            ("A-1", OrderProgressStatus::Released, None, at(0)),
            ("A-2", OrderProgressStatus::Executing, None, at(1)),
            ("A-4", OrderProgressStatus::Executing, quarter.clone(), at(3)),
            ("A-5", OrderProgressStatus::Completed, quarter, at(4)),
        ]
    );
    let last = outputs.last().unwrap().value.as_ref().unwrap();
    assert_eq!((last.plant, last.order, last.correlation_id, last.item, last.planned_end), ("plant-a", "000100012", KEY, Some("FG-1"), Some(at(1000))));
    assert_eq!((driver.counter(PUBLISHED), driver.counter(UNCHANGED)), (4, 1));
}

#[test]
fn what_is_not_published_still_moves_the_stored_time() {
    let mut driver = driver();
    pipe(&mut driver, &event("A-1", at(0), started()));
    pipe(&mut driver, &event("A-2", at(9), started()));
    pipe(&mut driver, &event("A-3", at(5), started()));
    let stored = driver.state(1, PROGRESS, KEY).unwrap().unwrap();
    assert_eq!((stored.as_of, stored.caused_by_event_id), (at(9), "A-1"));
    pipe(&mut driver, &event("A-4", at(6), received("1", "C62")));
    assert_eq!(driver.values(SUPPLY_ORDER_PROGRESS).unwrap().last().unwrap().as_of, at(9));
}

#[test]
fn progress_survives_a_crash_with_and_without_its_local_store() {
    for state_lost in [false, true] {
        let mut driver = driver();
        pipe(&mut driver, &event("A-1", at(0), released()));
        pipe(&mut driver, &event("A-2", at(1), received("10", "C62")));
        // Processed but never committed: it is read again and counts once.
        let third = event("A-3", at(2), received("10", "C62"));
        driver.stage_value(CANONICAL_PRODUCTION, 1, KEY, &third, at(2)).unwrap();
        driver.crash(state_lost).unwrap();
        driver.drain().unwrap();
        driver.commit().unwrap();
        let values = driver.values(SUPPLY_ORDER_PROGRESS).unwrap();
        let produced: Vec<_> = values.iter().filter_map(|value| value.produced_quantity.as_ref()).map(ToString::to_string).collect();
        assert_eq!(produced, ["10 C62", "20 C62"]);
    }
}

#[test]
fn a_report_in_another_unit_becomes_a_dead_letter_and_leaves_the_state_alone() {
    let mut driver = driver();
    pipe(&mut driver, &event("A-1", at(0), received("10", "C62")));
    pipe(&mut driver, &event("A-2", at(1), received("3", "KGM")));
    pipe(&mut driver, &event("A-3", at(2), received("1", "C62")));
    let letters = driver.dead_letters().unwrap();
    let letter = &letters[0];
    assert_eq!((letters.len(), letter.code, letter.class), (1, UNIT_MISMATCH, ErrorClass::DataQuality));
    assert_eq!((letter.field, letter.event_id, letter.plant), (Some("finished_goods_reported.quantity"), Some("A-2"), Some("plant-a")));
    assert_eq!(letter.raw.as_ref().unwrap().offset, 7);
    assert_eq!(driver.values(SUPPLY_ORDER_PROGRESS).unwrap().last().unwrap().produced_quantity, Some(quantity("11", "C62")));
}

#[test]
fn an_event_whose_groups_disagree_with_its_type_becomes_a_dead_letter() {
    let mut driver = driver();
    let mut broken = event("A-1", at(0), started());
    broken.operation_started = None;
    pipe(&mut driver, &broken);
    let letters = driver.dead_letters().unwrap();
    assert_eq!((letters[0].code, letters[0].class, letters[0].event_id), (EVENT_GROUPS_DISAGREE, ErrorClass::Application, Some("A-1")));
    assert!(driver.values(SUPPLY_ORDER_PROGRESS).unwrap().is_empty());
}

#[test]
fn orders_do_not_mix() {
    let mut driver = driver();
    let mut other = event("B-1", at(0), received("5", "KGM"));
    other.order = "000100013";
    pipe(&mut driver, &event("A-1", at(0), received("10", "C62")));
    pipe(&mut driver, &other);
    let values = driver.values(SUPPLY_ORDER_PROGRESS).unwrap();
    let mut shown: Vec<_> = values.iter().map(|value| (value.order, value.produced_quantity.as_ref().unwrap().to_string())).collect();
    shown.sort();
    assert_eq!(shown, [("000100012", "10 C62".to_owned()), ("000100013", "5 KGM".to_owned())]);
}
