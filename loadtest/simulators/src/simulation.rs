//! A whole run: every record of both plants in the order of arrival, and the books it must end with.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::broken::{self, Defect};
use crate::disturbance::{contradict, delay, repeat};
use crate::expected::{Counts, Expected, ExpectedOrder, OrderKey};
use crate::order::{Order, after};
use crate::plant::Plant;
use crate::random::Random;
use crate::report::{Fact, Identity, Report};
use crate::{plant_a, plant_b, story};

/// Orders begin within this time before the start.
const SPAN_S: i64 = 3 * 24 * 3600;
/// An order and its afterthoughts take less than this.
const LONGEST_S: i64 = 30 * 3600;
/// One contradiction, and one record of each defect, for so many orders of a plant.
const ORDERS_PER_CONFLICT: usize = 25;
const ORDERS_PER_DEFECT: usize = 50;

/// A record as it is sent to Kafka.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RawDocument {
    /// Topic.
    pub topic: &'static str,
    /// Kafka key: the order.
    pub key: String,
    /// The document's bytes.
    pub value: Vec<u8>,
}

/// Everything that two plants send in a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Simulation {
    /// In the order of arrival.
    pub records: Vec<RawDocument>,
    /// What has to come of them.
    pub expected: Expected,
}

impl Simulation {
    /// The run of that seed with so many orders, half of them in each plant, all of it before `start`.
    ///
    /// Source times reach back from `start` by less than five days; none is later than `start`.
    #[must_use]
    pub fn new(seed: u64, orders: usize, start: Timestamp) -> Self {
        let mut expected = Expected::default();
        let mut arrivals = Vec::new();
        for (plant, count) in [(Plant::A, orders.div_ceil(2)), (Plant::B, orders / 2)] {
            let mut run = PlantRun::new(seed, plant, Running::default(), count, start);
            run.send_all();
            expected.orders.append(&mut run.books);
            expected.counts.insert(plant, run.counts);
            arrivals.append(&mut run.arrivals);
        }
        Self::of(arrivals, expected)
    }

    /// A part of one plant's run, and where the next part goes on: so many orders, numbered on from those before, so that a long run need not be in memory at once.
    #[must_use]
    pub fn part(seed: u64, plant: Plant, from: Running, orders: usize, start: Timestamp) -> (Self, Running) {
        let mut run = PlantRun::new(seed, plant, from, orders, start);
        run.send_all();
        let expected = Expected { orders: run.books, counts: BTreeMap::from([(plant, run.counts)]) };
        let next = Running { orders: from.orders + orders as u64, documents: run.sequence };
        (Self::of(run.arrivals, expected), next)
    }

    fn of(mut arrivals: Vec<Arrival>, expected: Expected) -> Self {
        // A stable sort: what arrives at the same moment keeps the order in which it was sent.
        arrivals.sort_by_key(|arrival| arrival.at);
        Self { records: arrivals.into_iter().map(|arrival| arrival.document).collect(), expected }
    }
}

/// How many orders and documents of a plant there were.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Running {
    /// Orders.
    pub orders: u64,
    /// Documents.
    pub documents: u64,
}

struct Arrival {
    at: Timestamp,
    document: RawDocument,
}

/// An order with its story and the ids of its documents.
struct ToldOrder {
    order: Order,
    story: Vec<Report>,
    identities: Vec<Identity>,
}

struct PlantRun {
    plant: Plant,
    start: Timestamp,
    random: Random,
    orders: Vec<ToldOrder>,
    sequence: u64,
    counts: Counts,
    books: BTreeMap<OrderKey, ExpectedOrder>,
    arrivals: Vec<Arrival>,
}

impl PlantRun {
    fn new(seed: u64, plant: Plant, from: Running, count: usize, start: Timestamp) -> Self {
        let mut orders: Vec<ToldOrder> = (from.orders..from.orders + count as u64).map(|running| tell(seed, plant, running, start)).collect();
        let sequence = identify(plant, from.documents, &mut orders);
        let books = orders.iter().map(|told| (key_of(&told.order), ExpectedOrder::of(&told.order, &told.story))).collect();
        Self {
            plant,
            start,
            random: Random::of_part(seed, plant.name(), u64::MAX - from.orders),
            orders,
            sequence,
            counts: Counts::default(),
            books,
            arrivals: Vec::new(),
        }
    }

    fn send_all(&mut self) {
        self.send_reports();
        self.send_conflicts();
        self.send_broken();
    }

    /// Every report once, some of them twice.
    fn send_reports(&mut self) {
        for told in &self.orders {
            for (report, identity) in told.story.iter().zip(&told.identities) {
                let facts = report.facts.len() as u64;
                self.counts.accepted += facts;
                self.arrivals.push(arrival(told, report, identity));
                if let Some(again) = repeat(report, self.start, &mut self.random) {
                    self.counts.duplicates += facts;
                    self.arrivals.push(arrival(told, &again, identity));
                }
            }
        }
        self.counts.events = self.counts.accepted + self.counts.duplicates;
        self.counts.records = self.arrivals.len() as u64;
    }

    /// A few documents that contradict an earlier one of the same id; their other facts are repeats.
    fn send_conflicts(&mut self) {
        let mut contradicted = BTreeSet::new();
        for _ in 0..self.orders.len().div_ceil(ORDERS_PER_CONFLICT) {
            let order = self.random.index(self.orders.len());
            let told = &self.orders[order];
            let index = self.random.index(told.story.len());
            let Some(other) = contradict(&told.story[index], &mut self.random) else { continue };
            if !contradicted.insert((order, index)) {
                continue;
            }
            let facts = other.facts.len() as u64;
            self.counts.records += 1;
            self.counts.events += facts;
            self.counts.conflicts += 1;
            self.counts.duplicates += facts - 1;
            self.arrivals.push(arrival(told, &other, &told.identities[index]));
        }
    }

    fn send_broken(&mut self) {
        let copies = self.orders.len().div_ceil(ORDERS_PER_DEFECT);
        for defect in Defect::of_plant(self.plant).iter().copied() {
            for _ in 0..copies {
                let order = self.random.index(self.orders.len());
                let told = &self.orders[order];
                let consuming = told.story.iter().find(|report| matches!(report.facts.first(), Some(Fact::Consumed(_))));
                // Every order has at least two component lines, so there is always such a report.
                let Some(sample) = consuming else { continue };
                self.sequence += 1;
                let identity = identity(self.plant, self.sequence, sample.at);
                let value = broken::render(&told.order, &told.story, &told.identities, sample, &identity, defect);
                *self.counts.broken.entry(defect).or_default() += 1;
                self.counts.records += 1;
                let at = after(sample.arrives, self.random.between(0, 3600));
                self.arrivals.push(Arrival { at, document: RawDocument { topic: self.plant.topic(), key: told.order.number.clone(), value } });
            }
        }
    }
}

fn tell(seed: u64, plant: Plant, running: u64, start: Timestamp) -> ToldOrder {
    let mut random = Random::of_part(seed, plant.name(), running);
    let begin = after(start, -LONGEST_S - random.between(0, SPAN_S));
    let order = Order::plan(plant, running, begin, &mut random);
    let mut story = story::tell(&order, &mut random);
    delay(&mut story, &mut random);
    ToldOrder { order, story, identities: Vec::new() }
}

/// Numbers the documents of a plant as its system would: in the order in which things happened, across orders.
fn identify(plant: Plant, from: u64, orders: &mut [ToldOrder]) -> u64 {
    let mut happened: Vec<(Timestamp, usize, usize)> = Vec::new();
    for (order, told) in orders.iter().enumerate() {
        happened.extend(told.story.iter().enumerate().map(|(index, report)| (report.at, order, index)));
    }
    happened.sort_unstable();
    let mut sequence = from;
    let mut identities: BTreeMap<(usize, usize), Identity> = BTreeMap::new();
    for (at, order, index) in happened {
        sequence += 1;
        identities.insert((order, index), identity(plant, sequence, at));
    }
    for ((order, _), identity) in identities {
        // Sorted by order and index: each order's ids come in the order of its story.
        orders[order].identities.push(identity);
    }
    sequence
}

fn identity(plant: Plant, sequence: u64, at: Timestamp) -> Identity {
    let id = match plant {
        Plant::A => format!("A-{sequence:06}"),
        Plant::B => format!("B-{}-{sequence:06}", at.to_zoned(TimeZone::UTC).strftime("%Y%m%d")),
    };
    Identity { id, sequence }
}

fn arrival(told: &ToldOrder, report: &Report, identity: &Identity) -> Arrival {
    let value = match told.order.plant {
        Plant::A => plant_a::render(&told.order, &told.story, &told.identities, report, identity),
        Plant::B => plant_b::render(&told.order, &told.story, &told.identities, report, identity),
    };
    Arrival { at: report.arrives, document: RawDocument { topic: told.order.plant.topic(), key: told.order.number.clone(), value } }
}

fn key_of(order: &Order) -> OrderKey {
    OrderKey { plant: order.plant.name().to_owned(), order: order.number.clone() }
}
