//! Ticks on a topic where nothing comes, timers in a store, and dead letters of what was kept.

use std::time::Duration;

use lineside_api::{Context, Erased, Hosted, Processor, Raw, RawRecord, Record, Refusal, Timestamp};
use lineside_schemas::records::{OrderProgress, OrderProgressStatus};
use lineside_testkit::{Faults, InputRecord, Settings, TestDriver, TopologyDriver};
use lineside_topology::ProcessorSpec;
use lineside_topology::processors::{PROGRESS, SUPPLY_PUBLISHER};
use lineside_topology::topics::{CANONICAL_PRODUCTION, SUPPLY_ORDER_PROGRESS};

use crate::{passed, piped};

static SPEC: ProcessorSpec = ProcessorSpec { ticks: true, ..SUPPLY_PUBLISHER };
/// From a record to the time at which it is due.
const DELAY_MICROS: i64 = 10_000_000;

/// Keeps what it reads for ten seconds, then passes it on; what is called `bad` becomes a dead letter then.
struct Delay;

impl Processor for Delay {
    type Input = Raw;

    fn process(&mut self, record: Record<'_, '_, &[u8]>, cx: &mut Context<'_>) -> Result<(), Refusal> {
        let text = std::str::from_utf8(record.value).unwrap();
        let due = record.raw.time.micros() + DELAY_MICROS;
        cx.put(PROGRESS, &format!("due/{due:020}/{text}"), &kept(text));
        Ok(())
    }

    fn tick(&mut self, now: Timestamp, cx: &mut Context<'_>) {
        while let Some((key, kept)) = cx.first_from(PROGRESS, "due/") {
            let text = kept.order.to_owned();
            let due: i64 = key.split('/').nth(1).unwrap().parse().unwrap();
            if due > now.micros() {
                break;
            }
            cx.delete(PROGRESS, &key);
            if text == "bad" {
                let raw = RawRecord {
                    topic: CANONICAL_PRODUCTION.name(),
                    partition: 1,
                    offset: 77,
                    index: None,
                    time: now,
                    key: Some(b"k"),
                    value: Some(b"bad"),
                    headers: &[],
                };
                cx.dead_letter(&raw, &Refusal::data_quality("never-came", "what it refers to never came"));
            } else {
                cx.forward(SUPPLY_ORDER_PROGRESS.name(), None, text.as_bytes());
            }
        }
    }
}

fn kept(text: &str) -> OrderProgress<'_> {
    OrderProgress {
        plant: "plant-a",
        order: text,
        correlation_id: "",
        caused_by_event_id: "",
        status: OrderProgressStatus::Unknown,
        item: None,
        planned_quantity: None,
        produced_quantity: None,
        scrapped_quantity: None,
        planned_end: None,
        completion_percent: None,
        as_of: Timestamp::EPOCH,
    }
}

fn delay() -> Box<dyn Erased> {
    Box::new(Hosted::new(&SPEC, Delay))
}

#[test]
fn what_is_due_leaves_when_its_time_has_come_though_nothing_else_does() {
    let mut driver = TestDriver::new(delay).unwrap();
    driver.pipe(piped(b"one")).unwrap();
    driver.advance(Duration::from_secs(9)).unwrap();
    driver.pipe(piped(b"bad")).unwrap();
    assert_eq!(passed(&driver), [""; 0]);
    let ends = |driver: &TestDriver| driver.broker().log(SUPPLY_ORDER_PROGRESS.name(), 0).map_or(0, lineside_testkit::log::Log::end);
    driver.advance(Duration::from_secs(2)).unwrap();
    assert_eq!(passed(&driver), ["one"]);
    let letters = driver.dead_letters().unwrap();
    assert_eq!(letters.iter().map(|letter| (letter.code, letter.offset)).collect::<Vec<_>>(), [("never-came", 77)]);
    let before = ends(&driver);
    driver.advance(Duration::from_secs(1_000)).unwrap();
    driver.crash(true).unwrap();
    driver.advance(Duration::from_secs(1_000)).unwrap();
    assert_eq!(ends(&driver), before, "a tick that leaves nothing commits nothing");
    assert_eq!((passed(&driver).len(), driver.dead_letters().unwrap().len()), (1, 1));
}

#[test]
fn every_timer_goes_off_once_whatever_breaks() {
    for seed in 0..20 {
        let mut driver = TopologyDriver::new(Settings { workers: 2, ..Settings::new(seed).with_faults(Faults::MANY) }, &[delay]);
        for number in 0..20 {
            let text = format!("{number:02}");
            driver.produce(&InputRecord { topic: CANONICAL_PRODUCTION.name(), key: Some(text.as_bytes()), value: Some(text.as_bytes()), ..InputRecord::default() });
            driver.advance(Duration::from_millis(700));
            driver.step().unwrap();
        }
        driver.run_until_quiet().unwrap();
        let early = driver.broker().committed(SUPPLY_ORDER_PROGRESS.name()).count();
        assert!(early < 20, "{early}");
        driver.advance(Duration::from_mins(1));
        driver.run_until_quiet().unwrap();
        let mut passed: Vec<String> =
            driver.broker().committed(SUPPLY_ORDER_PROGRESS.name()).map(|(_, _, record)| String::from_utf8(record.value.clone().unwrap()).unwrap()).collect();
        passed.sort();
        assert_eq!(passed, (0..20).map(|number| format!("{number:02}")).collect::<Vec<_>>(), "seed {seed}");
    }
}
