//! A shelf in memory, for the desk alone: no topics, no stores.

use std::collections::BTreeMap;

use lineside_order_aggregator::desk::Shelf;
use lineside_order_aggregator::plan::Plan;
use lineside_order_aggregator::published::{Postings, Published};
use lineside_order_aggregator::remembered::{Memory, Remembered};
use lineside_order_aggregator::when::Watermark;
use lineside_schemas::codec::encode_datum;
use lineside_schemas::contract;
use lineside_schemas::records::{OrderPosting, OrderStatus};

/// What an order leaves behind.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct InMemory {
    events: BTreeMap<(String, String), Remembered>,
    postings: BTreeMap<i32, Published>,
    plan: Option<Plan>,
    /// Postings sent, as bytes.
    pub sent: Vec<Vec<u8>>,
    /// Statuses published.
    pub statuses: usize,
}

impl Memory for InMemory {
    fn recall(&mut self, source: &str, id: &str) -> Option<Remembered> {
        self.events.get(&(source.to_owned(), id.to_owned())).cloned()
    }

    fn remember(&mut self, source: &str, id: &str, event: &Remembered) {
        self.events.insert((source.to_owned(), id.to_owned()), event.clone());
    }
}

impl Postings for InMemory {
    fn published(&mut self, sequence: i32) -> Option<Published> {
        self.postings.get(&sequence).cloned()
    }

    fn publish(&mut self, sequence: i32, posting: &Published) {
        self.postings.insert(sequence, posting.clone());
    }

    fn forget(&mut self, sequence: i32) {
        self.postings.remove(&sequence);
    }
}

impl Shelf for InMemory {
    fn plan(&mut self) -> Option<Plan> {
        self.plan.clone()
    }

    fn put_plan(&mut self, plan: &Plan) {
        self.plan = Some(plan.clone());
    }

    fn watermark(&mut self, _source: &str) -> Option<Watermark> {
        None
    }

    fn post(&mut self, posting: &OrderPosting<'_>) {
        let mut bytes = Vec::new();
        encode_datum::<contract::OrderPosting>(posting, &mut bytes).unwrap();
        self.sent.push(bytes);
    }

    fn show(&mut self, _status: &OrderStatus<'_>) {
        self.statuses += 1;
    }
}
