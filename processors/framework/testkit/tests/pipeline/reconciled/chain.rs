//! The steps behind the deduplicator one by one, so that something can break between any two.

use std::collections::BTreeMap;

use lineside_api::{Erased, Timestamp};
use lineside_erp_publisher::ErpPublisherArgs;
use lineside_order_aggregator::OrderAggregatorArgs;
use lineside_reconciler::ReconcilerArgs;
use lineside_runtime::Application as _;
use lineside_schemas::ids::deterministic_id;
use lineside_schemas::records::{ErpDocumentKind, OutcomeLine, OutcomeStatus, PostingOutcome};
use lineside_schemas::{Contract, contract};
use lineside_testkit::dice::Dice;
use lineside_testkit::driver::Piped;
use lineside_testkit::{Settings, TestDriver};
use lineside_topology::Topic;
use lineside_topology::topics::{BOOKS, CANONICAL_PRODUCTION, ERP_CONFIRMATIONS, ERP_GOODS_MOVEMENTS, ERP_POSTING_OUTCOMES, ORDER_POSTINGS};

use crate::plant::{Document, START_MILLIS};
use crate::run::run;

/// A record of a topic: partition, key, value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    pub partition: i32,
    pub key: String,
    pub value: Vec<u8>,
}

/// What stands on the topics, and what each step is to be given.
#[derive(Debug, Clone, Default)]
pub struct Chain {
    /// What the books are told of events.
    pub events: Vec<Item>,
    /// What the aggregator is told of them.
    pub to_aggregator: Vec<Item>,
    pub postings: Vec<Item>,
    pub confirmations: Vec<Item>,
    pub movements: Vec<Item>,
    pub outcomes: Vec<Item>,
}

/// Books of an order, as far as the tests go.
#[derive(Debug, Clone)]
pub struct Told {
    pub status: &'static str,
    pub gaps: Vec<Gap>,
    #[expect(dead_code, reason = "shown when a test fails")]
    pub in_flight: Vec<Gap>,
    #[expect(dead_code, reason = "shown when a test fails")]
    pub lines: Vec<String>,
}

#[derive(Debug, Clone)]
pub struct Gap {
    pub class: String,
    #[expect(dead_code, reason = "shown when a test fails")]
    pub text: String,
}

/// Everything that the reconciler published.
#[derive(Debug)]
pub struct Read {
    pub all: Vec<Told>,
    pub last: BTreeMap<String, Told>,
}

fn items(driver: &lineside_testkit::Broker, topic: &str) -> Vec<Item> {
    driver
        .committed(topic)
        .map(|(partition, _, record)| Item { partition, key: String::from_utf8(record.key.clone().unwrap()).unwrap(), value: record.value.clone().unwrap() })
        .collect()
}

fn time(step: usize) -> Timestamp {
    Timestamp::from_millis(START_MILLIS + 172_800_000 + i64::try_from(step).unwrap() * 10)
}

/// Gives a processor these records, and takes what it made of them.
fn through(make: fn() -> Box<dyn Erased>, topic: &str, given: &[Item]) -> TestDriver {
    let mut driver = TestDriver::new(make).unwrap();
    for (step, item) in given.iter().enumerate() {
        driver.pipe(Piped { topic, partition: item.partition, key: Some(item.key.as_bytes()), value: Some(&item.value), time: time(step), headers: &[] }).unwrap();
    }
    driver
}

/// A record encoded for its topic.
pub fn encoded<C: Contract>(topic: Topic<C>, value: &C::Value<'_>) -> Vec<u8> {
    let mut bytes = Vec::new();
    lineside_testkit::codec().encode::<C>(topic.name(), value, &mut bytes).unwrap();
    bytes
}

impl Chain {
    /// The chain of a plant's documents, unbroken.
    pub fn of(documents: &[Document]) -> Self {
        let driver = run(Settings::new(0), documents);
        let events = items(driver.broker(), CANONICAL_PRODUCTION.name());
        let mut chain = Self { to_aggregator: events.clone(), events, ..Self::default() };
        chain.aggregate();
        chain
    }

    /// Does everything behind the events anew.
    pub fn aggregate(&mut self) {
        let driver = through(|| OrderAggregatorArgs::default().processor().unwrap(), CANONICAL_PRODUCTION.name(), &self.to_aggregator);
        self.postings = items(driver.broker(), ORDER_POSTINGS.name());
        self.publish();
    }

    /// Does everything behind the postings anew.
    pub fn publish(&mut self) {
        let driver = through(|| ErpPublisherArgs::default().processor().unwrap(), ORDER_POSTINGS.name(), &self.postings);
        self.confirmations = items(driver.broker(), ERP_CONFIRMATIONS.name());
        self.movements = items(driver.broker(), ERP_GOODS_MOVEMENTS.name());
        self.answer();
    }

    /// The ERP books everything.
    pub fn answer(&mut self) {
        let codec = lineside_testkit::codec();
        self.outcomes.clear();
        for item in &self.confirmations {
            let record = codec.decode::<contract::ErpConfirmation>(&item.value).unwrap();
            let line = OutcomeLine { line: 0, status: OutcomeStatus::Posted, document: Some(&record.confirmation_id[..8]), ..OutcomeLine::default() };
            let id = deterministic_id(&[record.confirmation_id.as_bytes(), b"1"]);
            let outcome =
                outcome(&id, record.confirmation_id, ErpDocumentKind::Confirmation, (record.posting_id, record.plant, record.order, record.sequence), vec![line]);
            self.outcomes.push(Item { value: encoded(ERP_POSTING_OUTCOMES, &outcome), ..item.clone() });
        }
        for item in &self.movements {
            let record = codec.decode::<contract::ErpGoodsMovement>(&item.value).unwrap();
            let line = |line: &lineside_schemas::records::GoodsMovementItem<'_>| OutcomeLine {
                line: line.item,
                posting_line: Some(line.posting_line),
                status: OutcomeStatus::Posted,
                document: Some(&record.document_id[..8]),
                year: Some("2026"),
                ..OutcomeLine::default()
            };
            let id = deterministic_id(&[record.document_id.as_bytes(), b"1"]);
            let lines = record.items.iter().map(line).collect();
            let outcome = outcome(&id, record.document_id, ErpDocumentKind::GoodsMovement, (record.posting_id, record.plant, record.order, record.sequence), lines);
            self.outcomes.push(Item { value: encoded(ERP_POSTING_OUTCOMES, &outcome), ..item.clone() });
        }
    }

    /// Lets the reconciler read it all, each partition of each topic in its order, else in one drawn from the seed. At the end its patience is over, if that is wanted.
    pub fn reconciled(&self, seed: u64, until_overdue: bool) -> Read {
        let mut dice = Dice::new(seed);
        let mut driver = TestDriver::new(|| ReconcilerArgs::default().processor().unwrap()).unwrap();
        let mut queues: BTreeMap<(&str, i32), std::collections::VecDeque<&Item>> = BTreeMap::new();
        for (topic, given) in [
            (CANONICAL_PRODUCTION.name(), &self.events),
            (ORDER_POSTINGS.name(), &self.postings),
            (ERP_CONFIRMATIONS.name(), &self.confirmations),
            (ERP_GOODS_MOVEMENTS.name(), &self.movements),
            (ERP_POSTING_OUTCOMES.name(), &self.outcomes),
        ] {
            for item in given {
                queues.entry((topic, item.partition)).or_default().push_back(item);
            }
        }
        let mut step = 0;
        while !queues.is_empty() {
            let keys: Vec<_> = queues.keys().copied().collect();
            let (topic, partition) = *dice.pick(&keys).unwrap();
            for _ in 0..dice.within(1..=6) {
                let Some(item) = queues.get_mut(&(topic, partition)).and_then(std::collections::VecDeque::pop_front) else { break };
                step += 1;
                driver.stage(Piped { topic, partition, key: Some(item.key.as_bytes()), value: Some(&item.value), time: time(step), headers: &[] }).unwrap();
            }
            queues.retain(|_, queue| !queue.is_empty());
            match dice.below(8) {
                0 => driver.abort().unwrap(),
                1 => driver.crash(dice.one_in(2)).unwrap(),
                2..=4 => {
                    driver.drain().unwrap();
                    driver.tick().unwrap();
                    driver.commit().unwrap();
                }
                _ => {}
            }
        }
        driver.drain().unwrap();
        driver.tick().unwrap();
        driver.commit().unwrap();
        if until_overdue {
            driver.set_now(time(step).saturating_add_micros(2 * 3_600 * 1_000_000));
            driver.tick().unwrap();
            driver.commit().unwrap();
        }
        let mut read = Read { all: Vec::new(), last: BTreeMap::new() };
        for books in driver.values(BOOKS).unwrap() {
            let gap =
                |gap: &lineside_schemas::records::BooksGap<'_>| Gap { class: gap.class.to_owned(), text: format!("{}: {} {:?}", gap.subject, gap.text, gap.amount) };
            let told = Told {
                status: books.status.symbol(),
                gaps: books.gaps.iter().map(gap).collect(),
                in_flight: books.in_flight.iter().map(gap).collect(),
                lines: books
                    .lines
                    .iter()
                    .map(|line| {
                        format!(
                            "{:?} {:?} net {} posted {} rest {} open {} held {} gap {}",
                            line.kind, line.item, line.net, line.posted, line.remainder, line.open, line.held, line.gap
                        )
                    })
                    .collect(),
            };
            read.all.push(told.clone());
            read.last.insert(format!("{}/{}", books.plant, books.order), told);
        }
        read
    }
}

/// An outcome of a document.
pub fn outcome<'a>(
    id: &'a str,
    document_id: &'a str,
    kind: ErpDocumentKind,
    (posting_id, plant, order, sequence): (&'a str, &'a str, &'a str, i32),
    lines: Vec<OutcomeLine<'a>>,
) -> PostingOutcome<'a> {
    PostingOutcome {
        outcome_id: id,
        document_id,
        document_kind: kind,
        posting_id,
        plant,
        order,
        sequence,
        correlation_id: "story",
        time: time(0),
        attempts: 1,
        idempotency_key: document_id,
        is_final: true,
        settled_by: None,
        text: None,
        lines,
    }
}
