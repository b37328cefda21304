//! What happened, in numbers.

use std::collections::{BTreeMap, BTreeSet};

use lineside_topology::topics::RAW_PREFIX;

use crate::books::facts::{Fact, Position};
use crate::books::{Contents, OrderKey};

/// Code of the dead letters of events that contradict an earlier one.
pub const CONFLICT: &str = "id-conflict";

/// What one source sent, and what became of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct SourceTally {
    /// Raw records.
    pub records: u64,
    /// Raw records refused.
    pub refused_records: u64,
    /// Events read, repeats included.
    pub events: u64,
    /// Events passed on.
    pub accepted: u64,
    /// Events refused because they contradict an earlier one.
    pub conflicts: u64,
    /// Events refused for another reason.
    pub refused_events: u64,
}

impl SourceTally {
    /// Events dropped because they only repeat an earlier one.
    #[must_use]
    pub const fn duplicates(&self) -> u64 {
        self.events.saturating_sub(self.accepted + self.conflicts + self.refused_events)
    }
}

/// A run in numbers.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Tally {
    /// By source.
    pub sources: BTreeMap<String, SourceTally>,
    /// Dead letters by processor and code.
    pub dead_letters: BTreeMap<(String, String), u64>,
    /// Orders with an accepted event.
    pub orders: u64,
    /// Orders whose completion was reported.
    pub completed_orders: u64,
    /// Orders with a posting.
    pub posted_orders: u64,
    /// First postings of an order.
    pub first_postings: u64,
    /// Later ones.
    pub delta_postings: u64,
    /// Lines of all postings.
    pub posting_lines: u64,
    /// Records on the ERP's confirmation topic.
    pub confirmations: u64,
    /// Records on the ERP's goods movement topic.
    pub movements: u64,
    /// Their items.
    pub movement_items: u64,
    /// Orders by the status of the reconciler's books.
    pub books: BTreeMap<String, u64>,
}

impl Tally {
    /// Counts a run.
    #[must_use]
    pub fn of(contents: &Contents) -> Self {
        let mut tally = Self { sources: sources(contents), ..Self::default() };
        for letter in &contents.dead_letters {
            *tally.dead_letters.entry((letter.processor.clone(), letter.code.clone())).or_default() += 1;
        }
        let key = |plant: &String, order: &String| OrderKey { plant: plant.clone(), order: order.clone() };
        let orders: BTreeSet<OrderKey> = contents.accepted().map(|event| key(&event.plant, &event.order)).collect();
        let completed: BTreeSet<OrderKey> = contents.accepted().filter(|event| event.fact == Fact::Completed).map(|event| key(&event.plant, &event.order)).collect();
        let posted: BTreeSet<OrderKey> = contents.postings.iter().map(|posting| key(&posting.plant, &posting.order)).collect();
        tally.orders = orders.len() as u64;
        tally.completed_orders = completed.len() as u64;
        tally.posted_orders = posted.len() as u64;
        tally.first_postings = contents.postings.iter().filter(|posting| posting.sequence == 1).count() as u64;
        tally.delta_postings = contents.postings.len() as u64 - tally.first_postings;
        tally.posting_lines = contents.postings.iter().map(|posting| posting.lines.len() as u64).sum();
        tally.confirmations = contents.confirmations.len() as u64;
        tally.movements = contents.movements.len() as u64;
        tally.movement_items = contents.movements.iter().map(|movement| movement.items.len() as u64).sum();
        for books in contents.reconciled.values() {
            *tally.books.entry(books.status.clone()).or_default() += 1;
        }
        tally
    }

    /// Sum over the sources.
    #[must_use]
    pub fn all_sources(&self) -> SourceTally {
        let mut sum = SourceTally::default();
        for source in self.sources.values() {
            sum.records += source.records;
            sum.refused_records += source.refused_records;
            sum.events += source.events;
            sum.accepted += source.accepted;
            sum.conflicts += source.conflicts;
            sum.refused_events += source.refused_events;
        }
        sum
    }
}

fn sources(contents: &Contents) -> BTreeMap<String, SourceTally> {
    let mut sources: BTreeMap<String, SourceTally> = BTreeMap::new();
    for raw in &contents.raw {
        sources.entry(source_of(raw)).or_default().records += 1;
    }
    for letter in contents.letters_of("normalizer") {
        sources.entry(source_of(&letter.refused)).or_default().refused_records += 1;
    }
    let mut source_at: BTreeMap<&Position, &str> = BTreeMap::new();
    for event in &contents.normalized {
        sources.entry(event.source.clone()).or_default().events += 1;
        source_at.insert(&event.position, &event.source);
    }
    for event in &contents.events {
        sources.entry(event.source.clone()).or_default().accepted += 1;
    }
    for letter in contents.letters_of("deduplicator") {
        let Some(source) = source_at.get(&letter.refused) else { continue };
        let tally = sources.entry((*source).to_owned()).or_default();
        if letter.code == CONFLICT {
            tally.conflicts += 1;
        } else {
            tally.refused_events += 1;
        }
    }
    sources
}

/// A source's records stand on the raw topic of its name.
fn source_of(raw: &Position) -> String {
    raw.topic.strip_prefix(RAW_PREFIX).unwrap_or(&raw.topic).to_owned()
}
