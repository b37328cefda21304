//! Calls to the world outside: made after the commit, answered in a later batch, lost with whatever loses them.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;
use std::time::Duration;

use lineside_api::{Answer, CallError, Context, Erased, Hosted, Processor, Raw, Record, Refusal, Request, Timestamp};
use lineside_schemas::records::{OrderProgress, OrderProgressStatus};
use lineside_testkit::{Faults, InputRecord, Settings, TestDriver, TopologyDriver, WorkerError};
use lineside_topology::ProcessorSpec;
use lineside_topology::processors::{PROGRESS, SUPPLY_PUBLISHER};
use lineside_topology::topics::{CANONICAL_PRODUCTION, SUPPLY_ORDER_PROGRESS};

use crate::{passed, piped};

static SPEC: ProcessorSpec = ProcessorSpec { ticks: true, ..SUPPLY_PUBLISHER };
const PATIENCE_MICROS: i64 = 30_000_000;

/// Books each record outside. What it does not know the outcome of after a while it asks for again under the same id: a read-back.
struct Booker;

impl Booker {
    /// The intent, with the time until which an answer is waited for.
    fn ask(id: &str, kind: &str, now: Timestamp, cx: &mut Context<'_>) {
        let deadline = Timestamp::from_micros(now.micros() + PATIENCE_MICROS);
        cx.put(PROGRESS, &format!("intent/{id}"), &OrderProgress { as_of: deadline, ..progress(id) });
        cx.request(Request { id: id.to_owned(), deadline, body: kind.as_bytes().to_vec() });
    }
}

fn progress(id: &str) -> OrderProgress<'_> {
    OrderProgress {
        plant: "plant-a",
        order: id,
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

impl Processor for Booker {
    type Input = Raw;

    fn process(&mut self, record: Record<'_, '_, &[u8]>, cx: &mut Context<'_>) -> Result<(), Refusal> {
        let id = std::str::from_utf8(record.value).unwrap();
        Self::ask(id, "book", record.raw.time, cx);
        if id == "refuse" { Err(Refusal::data_quality("refused", "as asked")) } else { Ok(()) }
    }

    fn answer(&mut self, answer: Answer, cx: &mut Context<'_>) {
        if cx.get(PROGRESS, &format!("intent/{}", answer.id)).is_none() {
            cx.count("unexpected");
        } else if let Ok(body) = answer.body {
            cx.delete(PROGRESS, &format!("intent/{}", answer.id));
            cx.forward(SUPPLY_ORDER_PROGRESS.name(), None, format!("{}:{}", answer.id, String::from_utf8(body).unwrap()).as_bytes());
        }
    }

    fn tick(&mut self, now: Timestamp, cx: &mut Context<'_>) {
        let mut from = "intent/".to_owned();
        while let Some((key, intent)) = cx.first_from(PROGRESS, &from) {
            let (id, deadline) = (intent.order.to_owned(), intent.as_of);
            if deadline < now {
                Self::ask(&id, "read-back", now, cx);
            }
            from = format!("{key}\0");
        }
    }
}

fn booker() -> Box<dyn Erased> {
    Box::new(Hosted::new(&SPEC, Booker))
}

fn asked(driver: &TestDriver) -> Vec<(String, String)> {
    driver.requests().iter().map(|(_, request)| (request.id.clone(), String::from_utf8(request.body.clone()).unwrap())).collect()
}

#[test]
fn a_call_is_made_after_the_commit_and_its_answer_is_processed_in_a_later_batch() {
    let mut driver = TestDriver::new(booker).unwrap();
    driver.stage(piped(b"a")).unwrap();
    assert_eq!(driver.requests().len(), 0);
    driver.commit().unwrap();
    assert_eq!(asked(&driver), [("a".to_owned(), "book".to_owned())]);
    assert_eq!(driver.requests()[0].0, 1, "the partition that asked");
    driver.answer("a", Ok(b"4711".to_vec())).unwrap();
    assert_eq!(passed(&driver), ["a:4711"]);
    assert_eq!(driver.requests().len(), 0);
    assert_eq!(driver.answer("a", Ok(Vec::new())), Err(WorkerError::NotAsked("a".to_owned())));
}

#[test]
fn a_refused_record_and_an_aborted_batch_ask_for_nothing() {
    let mut driver = TestDriver::new(booker).unwrap();
    driver.pipe(piped(b"refuse")).unwrap();
    driver.stage(piped(b"a")).unwrap();
    driver.abort().unwrap();
    assert_eq!(driver.requests().len(), 0);
    driver.pipe(piped(b"b")).unwrap();
    assert_eq!(asked(&driver).iter().map(|(id, _)| id.as_str()).collect::<Vec<_>>(), ["a", "b"], "done again, and asked once");
}

#[test]
fn an_answer_in_a_batch_that_came_to_nothing_is_processed_again() {
    let mut driver = TestDriver::new(booker).unwrap();
    driver.pipe(piped(b"a")).unwrap();
    driver.stage_answer("a", Ok(b"1".to_vec())).unwrap();
    driver.abort().unwrap();
    driver.drain().unwrap();
    driver.commit().unwrap();
    assert_eq!((passed(&driver), driver.counter("unexpected")), (vec!["a:1".to_owned()], 0));
}

#[test]
fn a_crash_forgets_calls_and_the_deadline_finds_them() {
    let mut driver = TestDriver::new(booker).unwrap();
    driver.pipe(piped(b"a")).unwrap();
    driver.crash(true).unwrap();
    assert_eq!(driver.requests().len(), 0);
    driver.advance(Duration::from_secs(31)).unwrap();
    assert_eq!(asked(&driver), [("a".to_owned(), "read-back".to_owned())]);
    driver.answer("a", Err(CallError::InDoubt("reset".to_owned()))).unwrap();
    driver.advance(Duration::from_secs(31)).unwrap();
    driver.answer("a", Ok(b"1".to_vec())).unwrap();
    assert_eq!(passed(&driver), ["a:1"]);
}

/// What the other side booked: how often, by id.
type Booked = Rc<RefCell<BTreeMap<String, u32>>>;

#[test]
fn with_a_read_back_everything_is_booked_once_whatever_breaks() {
    let mut repeated = 0;
    for seed in 0..30 {
        let booked = Booked::default();
        let mut driver = TopologyDriver::new(Settings { workers: 2, ..Settings::new(seed).with_faults(Faults::MANY) }, &[booker]);
        let ledger = Rc::clone(&booked);
        let asked = Rc::new(RefCell::new(0));
        let counted = Rc::clone(&asked);
        driver.answer_calls(SPEC.name, move |request: &Request, now| {
            assert!(request.deadline >= now, "begun after its deadline");
            *counted.borrow_mut() += 1;
            let mut ledger = ledger.borrow_mut();
            // A read-back that finds nothing books, in one step here.
            if request.body == b"book" || !ledger.contains_key(&request.id) {
                *ledger.entry(request.id.clone()).or_default() += 1;
            }
            Ok(b"done".to_vec())
        });
        for number in 0..20 {
            let text = format!("{number:02}");
            driver.produce(&InputRecord { topic: CANONICAL_PRODUCTION.name(), key: Some(text.as_bytes()), value: Some(text.as_bytes()), ..InputRecord::default() });
        }
        for _ in 0..20 {
            driver.run_until_quiet().unwrap();
            driver.advance(Duration::from_secs(31));
        }
        let mut passed: Vec<String> =
            driver.broker().committed(SUPPLY_ORDER_PROGRESS.name()).map(|(_, _, record)| String::from_utf8(record.value.clone().unwrap()).unwrap()).collect();
        passed.sort();
        assert_eq!(passed, (0..20).map(|number| format!("{number:02}:done")).collect::<Vec<_>>(), "seed {seed}");
        assert!(booked.borrow().values().all(|times| *times == 1), "seed {seed}: {:?}", booked.borrow());
        assert_eq!(driver.counter(SPEC.name, "unexpected"), 0, "seed {seed}: an answer was given twice");
        repeated += *asked.borrow() - 20;
    }
    assert!(repeated > 100, "hardly an answer was lost: {repeated}");
}
