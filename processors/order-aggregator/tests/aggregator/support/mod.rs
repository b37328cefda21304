//! Runs the processor in memory: events, outcomes and idle time in; postings, statuses, dead letters and the ledger out. Bytes on both sides, as on a topic.

pub mod shelf;

use lineside_api::{Erased, Hosted, Timestamp};
use lineside_order_aggregator::master::Master;
use lineside_order_aggregator::{Ledger, OrderAggregator};
use lineside_posting_rules::RuleBook;
use lineside_schemas::contract;
use lineside_schemas::records::{DeadLetter, ErpDocumentKind, OrderPosting, OrderStatus, OutcomeLine, OutcomeStatus, PostingOutcome, ProductionEvent};
use lineside_testkit::TestDriver;
use lineside_topology::processors::{ORDER_AGGREGATOR, ORDERS};
use lineside_topology::topics::{CANONICAL_PRODUCTION, ERP_POSTING_OUTCOMES, ORDER_POSTINGS, ORDER_STATUS};

use crate::case::Step;

/// Plant and order of the events that these tests are about.
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
    /// Without any state, by the built-in rule.
    pub fn new(trouble: Trouble) -> Self {
        Self::with(trouble, (RuleBook::new(), Master::default()))
    }

    /// Without any state, by these rules and master data.
    pub fn with(trouble: Trouble, (rules, master): (RuleBook, Master)) -> Self {
        let make = move || Box::new(Hosted::new(&ORDER_AGGREGATOR, OrderAggregator::with(rules.clone(), master.clone()))) as Box<dyn Erased>;
        Self { driver: TestDriver::new(make).unwrap(), trouble, staged: 0 }
    }

    /// Does what a case says.
    pub fn step(&mut self, step: &Step) {
        match step {
            Step::Event(event) => self.feed(&event.record()),
            Step::Idle(until) => self.idle(*until),
            Step::Posted(outcome) => {
                // An outcome follows on a posting that was committed.
                self.commit();
                self.posted(outcome.erp_posted, &outcome.document);
            }
        }
    }

    /// Feeds one event.
    pub fn feed(&mut self, event: &ProductionEvent<'_>) {
        let key = format!("{}/{}", event.envelope.plant, event.order);
        self.driver.stage_value(CANONICAL_PRODUCTION, 0, &key, event, event.envelope.ingest_time).unwrap();
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
        self.driver.tick().unwrap();
        self.driver.commit().unwrap();
        self.staged = 0;
    }

    /// Nothing comes until then: the processor sees its clock stand still.
    fn idle(&mut self, until: Timestamp) {
        self.commit();
        for before_micros in [4_000_000, 0] {
            self.driver.set_now(until.saturating_add_micros(-before_micros));
            self.driver.tick().unwrap();
            self.driver.commit().unwrap();
        }
    }

    /// The ERP booked every line and confirmation of a posting.
    fn posted(&mut self, sequence: i32, document: &str) {
        let postings = self.postings();
        let (_, posting) = postings.iter().find(|(_, posting)| posting.sequence == sequence).unwrap();
        let items: Vec<String> = posting.lines.iter().map(|line| format!("{:04}", line.line)).collect();
        let booked = |line, posting_line, item| OutcomeLine {
            line,
            posting_line,
            status: OutcomeStatus::Posted,
            document: Some(document),
            year: Some("2026"),
            item: Some(item),
            ..OutcomeLine::default()
        };
        let outcome = PostingOutcome {
            outcome_id: "outcome",
            document_id: "document",
            document_kind: ErpDocumentKind::GoodsMovement,
            posting_id: posting.posting_id,
            plant: posting.plant,
            order: posting.order,
            sequence,
            is_final: true,
            lines: posting.lines.iter().zip(&items).map(|(line, item)| booked(line.line, Some(line.line), item.as_str())).collect(),
            ..PostingOutcome::default()
        };
        let confirmations: Vec<String> =
            posting.confirmations.iter().map(|line| lineside_order_aggregator::posting::confirmation_id(posting.posting_id, line.operation, line.unit)).collect();
        let confirmed = confirmations.iter().map(|id| PostingOutcome {
            document_id: id,
            document_kind: ErpDocumentKind::Confirmation,
            lines: vec![booked(0, None, "00000001")],
            ..outcome.clone()
        });
        let outcomes: Vec<PostingOutcome<'_>> = std::iter::once(outcome.clone()).chain(confirmed).collect();
        let codec = lineside_testkit::codec();
        let encode = |outcome: &PostingOutcome<'_>| {
            let mut bytes = Vec::new();
            codec.encode::<contract::PostingOutcome>(ERP_POSTING_OUTCOMES.name(), outcome, &mut bytes).unwrap();
            bytes
        };
        let bytes: Vec<Vec<u8>> = outcomes.iter().map(encode).collect();
        for bytes in bytes {
            self.driver.stage_records(ERP_POSTING_OUTCOMES.name(), 0, &[(KEY, &bytes)], Timestamp::EPOCH).unwrap();
        }
        self.driver.commit().unwrap();
    }

    /// The postings of the order, each with its key.
    pub fn postings(&self) -> Vec<(String, OrderPosting<'_>)> {
        let outputs = self.driver.outputs(ORDER_POSTINGS).unwrap();
        let keyed = outputs.into_iter().map(|output| (String::from_utf8(output.key.unwrap().to_vec()).unwrap(), output.value.unwrap()));
        keyed.filter(|(key, _)| key == KEY).collect()
    }

    /// The statuses of the order, in order.
    pub fn statuses(&self) -> Vec<OrderStatus<'_>> {
        let statuses = self.driver.values(ORDER_STATUS).unwrap();
        statuses.into_iter().filter(|status| status.order == "000100012").collect()
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
    pub fn ledger(&mut self) -> Option<Ledger> {
        let record = self.driver.state(0, ORDERS, KEY).unwrap();
        record.map(|record| Ledger::from_record(&record).unwrap())
    }
}
