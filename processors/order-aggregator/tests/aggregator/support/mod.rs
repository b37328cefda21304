//! Runs the processor in memory: events in; postings, dead letters and the ledger out. Bytes on both sides, as on a topic.

use lineside_api::{Erased, Hosted};
use lineside_order_aggregator::{Ledger, OrderAggregator};
use lineside_schemas::records::{DeadLetter, OrderPosting, ProductionEvent};
use lineside_testkit::TestDriver;
use lineside_topology::processors::{ORDER_AGGREGATOR, ORDERS};
use lineside_topology::topics::{CANONICAL_PRODUCTION, ORDER_POSTINGS};

/// Plant and order of every event in these tests.
pub const KEY: &str = "plant-a/000100012";

/// What goes wrong on the way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trouble {
    /// Nothing; a transaction for each event.
    None,
    /// A transaction for so many events.
    Batches(usize),
    /// A transaction for three events; each is aborted once.
    Aborts,
    /// A transaction for two events; before each commit a crash that loses the local state.
    Crashes,
}

/// The processor with everything around it.
pub struct Harness {
    driver: TestDriver,
    trouble: Trouble,
    staged: usize,
}

impl Harness {
    /// Without any state.
    pub fn new(trouble: Trouble) -> Self {
        let driver = TestDriver::new(|| Box::new(Hosted::new(&ORDER_AGGREGATOR, OrderAggregator)) as Box<dyn Erased>).unwrap();
        Self { driver, trouble, staged: 0 }
    }

    /// Feeds one event.
    pub fn feed(&mut self, event: &ProductionEvent<'_>) {
        self.driver.stage_value(CANONICAL_PRODUCTION, 0, KEY, event, event.envelope.ingest_time).unwrap();
        self.staged += 1;
        let batch = match self.trouble {
            Trouble::None => 1,
            Trouble::Batches(events) => events,
            Trouble::Aborts => 3,
            Trouble::Crashes => 2,
        };
        if self.staged == batch {
            self.commit();
        }
    }

    /// Commits what is open, after the trouble that it has to go through.
    pub fn commit(&mut self) {
        match self.trouble {
            Trouble::None | Trouble::Batches(_) => {}
            Trouble::Aborts => self.driver.abort().unwrap(),
            Trouble::Crashes => self.driver.crash(true).unwrap(),
        }
        self.driver.drain().unwrap();
        self.driver.commit().unwrap();
        self.staged = 0;
    }

    /// The postings, each with its key.
    pub fn postings(&self) -> Vec<(String, OrderPosting<'_>)> {
        let outputs = self.driver.outputs(ORDER_POSTINGS).unwrap();
        outputs.into_iter().map(|output| (String::from_utf8(output.key.unwrap().to_vec()).unwrap(), output.value.unwrap())).collect()
    }

    /// The dead letters, in order.
    pub fn dead_letters(&self) -> Vec<DeadLetter<'_>> {
        self.driver.dead_letters().unwrap()
    }

    /// A counter.
    pub fn counter(&self, name: &str) -> u64 {
        self.driver.counter(name)
    }

    /// The ledger of the order, as the store has it.
    pub fn ledger(&mut self) -> Ledger {
        let record = self.driver.state(0, ORDERS, KEY).unwrap().expect("the order has a ledger");
        Ledger::from_record(&record).unwrap()
    }
}
