//! What holds for every history of an order, in every order of arrival.

use std::collections::BTreeSet;

use crate::history::{Event, Step, Totals, component_key, history, net, reversal_of, reversed_once, with};
use crate::support::shelf::InMemory;
use lineside_order_aggregator::line::{Kind, LineId};
use lineside_order_aggregator::master::Master;
use lineside_order_aggregator::{Desk, Ledger};
use lineside_posting_rules::{Rule, RuleBook, RuleSet, Triggers};
use lineside_schemas::Decimal;
use lineside_schemas::codec::{decode_datum, encode_datum};
use lineside_schemas::contract;
use lineside_schemas::records::{HoldReason, OrderLedger, OrderPosting};
use lineside_schemas::unit::posting_digits;
use proptest::prelude::*;

/// A run of the desk over events: what was sent, as bytes, and what is left.
struct Run {
    rules: RuleBook,
    master: Master,
    ledger: Option<Ledger>,
    shelf: InMemory,
    accepted: i64,
    refused: usize,
}

/// The built-in rule, or one that posts after so many events.
fn rules(after_events: Option<u32>) -> RuleBook {
    let mut rules = RuleBook::new();
    if after_events.is_some() {
        let built_in = RuleSet::built_in();
        let triggers = Triggers { after_events, ..built_in.rule.triggers.clone() };
        let rule = Rule { version: "count/1".to_owned(), triggers, ..built_in.rule.clone() };
        // Begins later than the built-in one, so that it goes before it.
        rules.insert(RuleSet { name: "count".to_owned(), rule, effective_from: lineside_schemas::Timestamp::EPOCH, ..built_in });
    }
    rules
}

impl Run {
    fn new(after_events: Option<u32>) -> Self {
        Self { rules: rules(after_events), master: Master::default(), ledger: None, shelf: InMemory::default(), accepted: 0, refused: 0 }
    }

    fn of(events: &[Event]) -> Self {
        Self::by(None, events)
    }

    fn by(after_events: Option<u32>, events: &[Event]) -> Self {
        let mut run = Self::new(after_events);
        for event in events {
            run.feed(event);
        }
        run
    }

    fn feed(&mut self, event: &Event) {
        let desk = Desk { rules: &self.rules, master: &self.master };
        // What an event leaves is kept only if it is accepted, as the processor does.
        let (mut ledger, mut stores) = (self.ledger.clone(), self.shelf.clone());
        match desk.event(&mut ledger, &event.record(), &mut stores) {
            Ok(change) => {
                self.accepted += i64::from(change.is_covered());
                (self.ledger, self.shelf) = (ledger, stores);
            }
            Err(_) => self.refused += 1,
        }
    }

    /// Through its record and back, as between two events.
    fn restored(&mut self) {
        if let Some(ledger) = &self.ledger {
            let mut bytes = Vec::new();
            encode_datum::<contract::OrderLedger>(&ledger.record(), &mut bytes).unwrap();
            assert!(bytes.len() <= ledger.bytes_at_most(), "{} bytes, reckoned as {}", bytes.len(), ledger.bytes_at_most());
            let record: OrderLedger<'_> = decode_datum::<contract::OrderLedger>(&bytes).unwrap();
            let read = Ledger::from_record(&record).unwrap();
            assert_eq!(&read, ledger);
            self.ledger = Some(read);
        }
    }

    fn postings(&self) -> Vec<OrderPosting<'_>> {
        self.shelf.sent.iter().map(|bytes| decode_datum::<contract::OrderPosting>(bytes).unwrap()).collect()
    }

    /// Sum of the postings after each of them.
    fn posted(&self) -> Vec<Totals> {
        let mut sums = Vec::new();
        let mut sum = Totals::new();
        for posting in self.postings() {
            add_posting(&mut sum, &posting);
            sums.push(sum.clone());
        }
        sums
    }

    fn posted_in_the_end(&self) -> Totals {
        without_zeros(self.posted().pop().unwrap_or_default())
    }
}

fn add_posting(totals: &mut Totals, posting: &OrderPosting<'_>) {
    let mut add = |key, amount: Decimal| {
        let total = totals.entry(key).or_default();
        *total = total.checked_add(amount).unwrap();
    };
    for line in &posting.lines {
        let (value, unit) = (line.quantity.value, line.quantity.unit);
        let signed = if line.movement_type.ends_with('2') { value.negated() } else { value };
        match line.movement_type {
            "261" | "262" => add(component_key(line.reservation_item, line.position, line.lot, line.item, unit), signed),
            "101" | "102" => add((format!("receipt {}", line.item), unit.to_owned()), signed),
            "531" | "532" => add((format!("by-product {}", line.item), unit.to_owned()), signed),
            other => panic!("no event of these histories leads to {other}"),
        }
    }
    for line in &posting.confirmations {
        add((format!("yield {}", line.operation), line.unit.to_owned()), line.r#yield);
        add((format!("scrap {}", line.operation), line.unit.to_owned()), line.scrap);
        add((format!("rework {}", line.operation), line.unit.to_owned()), line.rework);
        if let Some(time) = &line.machine_time {
            add((format!("time {}", line.operation), time.unit.to_owned()), time.value);
        }
    }
}

fn without_zeros(totals: Totals) -> Totals {
    totals.into_iter().filter(|(_, amount)| !amount.is_zero()).collect()
}

/// What must be posted of a net: its rounding, or nothing below zero. Scrap reported apart is rounded by itself, and confirmed with the confirmations' own.
fn bookable(net: &Totals) -> Totals {
    let mut bookable = Totals::new();
    for ((name, unit), amount) in net {
        let rounded = amount.round_to(posting_digits(unit)).max(Decimal::ZERO);
        let name = name.strip_prefix("reported ").unwrap_or(name).to_owned();
        let total = bookable.entry((name, unit.clone())).or_default();
        *total = total.checked_add(rounded).unwrap();
    }
    without_zeros(bookable)
}

/// Net of each total, from the ledger.
fn nets(ledger: &Ledger) -> Totals {
    let mut nets = Totals::new();
    let mut add = |key: (String, String), amount: Decimal| {
        let total = nets.entry(key).or_default();
        *total = total.checked_add(amount).unwrap();
    };
    for row in &ledger.goods {
        for part in &row.parts {
            let key = &row.key;
            let reservation_item = if let Some(LineId::Reserved { item, .. }) = &key.line { Some(item.as_str()) } else { None };
            let name = match key.kind {
                Kind::Component => component_key(reservation_item, row.position.as_deref(), key.lot.as_deref(), &key.item, &part.unit),
                Kind::Receipt => (format!("receipt {}", key.item), part.unit.clone()),
                Kind::ByProduct => (format!("by-product {}", key.item), part.unit.clone()),
                Kind::Scrap => (format!("reported scrap {}", row.operation), part.unit.clone()),
            };
            add(name, part.net);
        }
    }
    for row in &ledger.operations {
        for (kind, amount) in [("yield", row.r#yield), ("scrap", row.scrap), ("rework", row.rework)] {
            add((format!("{kind} {}", row.operation), row.unit.clone()), amount.net);
        }
    }
    for row in &ledger.times {
        row.parts.iter().for_each(|part| add((format!("time {}", row.operation), part.unit.clone()), part.net));
    }
    without_zeros(nets)
}

fn is_complete(events: &[Event]) -> bool {
    events.iter().any(|event| matches!(event.step, Step::Complete))
}

/// A history and the same events in another order; each event reversed once at most.
fn two_orders() -> impl Strategy<Value = (Vec<Event>, Vec<Event>)> {
    history(40).prop_map(reversed_once).prop_flat_map(|events| (Just(events.clone()), Just(events).prop_shuffle()))
}

fn count() -> impl Strategy<Value = Option<u32>> {
    proptest::option::of(1..6_u32)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, ..ProptestConfig::default() })]

    #[test]
    fn the_books_close(events in history(60).prop_shuffle(), after_events in count()) {
        let run = Run::by(after_events, &events);
        let expected = net(&events);
        prop_assert_eq!(run.ledger.as_ref().map(nets).unwrap_or_default(), without_zeros(expected.clone()), "net of the ledger = net of the accepted events");
        let posted = run.posted_in_the_end();
        if is_complete(&events) {
            prop_assert_eq!(&posted, &bookable(&expected), "sum of the postings = rounded net, where it is not negative");
        } else if after_events.is_none() {
            prop_assert!(posted.is_empty(), "while the order runs, all of it is open");
        }
    }

    #[test]
    fn what_is_neither_posted_nor_a_remainder_is_held(events in history(60).prop_shuffle()) {
        let run = Run::of(&with(events.clone(), Step::Complete));
        let postings = run.postings();
        // As of each posting: the last one says what is held of everything that it and those before it cover.
        let mut sum = Totals::new();
        for posting in &postings {
            add_posting(&mut sum, posting);
        }
        let last = postings.last().unwrap();
        let held = last.held.iter().filter(|held| held.reason == HoldReason::NegativeNet).count();
        let below = net(&events).iter().filter(|((_, unit), amount)| amount.is_negative() && !amount.round_to(posting_digits(unit)).is_zero()).count();
        prop_assert!(last.held.iter().all(|held| held.quantity.is_negative()), "{:?}", last.held);
        prop_assert!(held <= last.held.len() && (run.ledger.as_ref().unwrap().open.event_count > 0 || held == below), "{} held, {} below zero", held, below);
    }

    #[test]
    fn totals_do_not_depend_on_the_order_of_arrival((events, shuffled) in two_orders(), after_events in count()) {
        let (run, other) = (Run::by(after_events, &with(events, Step::Complete)), Run::by(after_events, &with(shuffled, Step::Complete)));
        prop_assert_eq!(run.posted_in_the_end(), other.posted_in_the_end());
        prop_assert_eq!((run.accepted, run.refused), (other.accepted, other.refused));
        prop_assert_eq!(run.ledger.as_ref().map(nets), other.ledger.as_ref().map(nets));
        prop_assert_eq!(run.ledger.map(|ledger| ledger.waiting_count), other.ledger.map(|ledger| ledger.waiting_count), "as many reversals wait");
    }

    #[test]
    fn the_posting_on_completion_does_not_depend_on_the_order_of_arrival((events, shuffled) in two_orders()) {
        let complete = |events: Vec<Event>| {
            let events = events.into_iter().filter(|event| !matches!(event.step, Step::Complete)).collect::<Vec<_>>();
            // The same number whatever stands last.
            let mut events = with(events, Step::Complete);
            let last = events.len() - 1;
            events[last].number = 1000;
            "done".clone_into(&mut events[last].id);
            events
        };
        prop_assert_eq!(Run::of(&complete(events)).shelf.sent, Run::of(&complete(shuffled)).shelf.sent);
    }

    #[test]
    fn no_total_is_ever_below_zero_and_no_delta_is_empty(events in history(60).prop_shuffle(), after_events in count()) {
        let run = Run::by(after_events, &events);
        for posted in run.posted() {
            prop_assert!(posted.values().all(|amount| !amount.is_negative()), "{:?}", posted);
        }
        let postings = run.postings();
        let mut is_complete = false;
        for (sequence, posting) in (1..).zip(&postings) {
            prop_assert_eq!(posting.sequence, sequence);
            let completes = posting.r#final && !is_complete;
            is_complete |= posting.r#final;
            prop_assert!(completes || !posting.lines.is_empty() || !posting.confirmations.is_empty());
        }
        let ids: BTreeSet<_> = postings.iter().map(|posting| posting.posting_id).collect();
        prop_assert_eq!(ids.len(), postings.len());
        let covered: i64 = postings.iter().map(|posting| posting.covers.event_count).sum();
        let open = run.ledger.as_ref().map_or(0, |ledger| ledger.open.event_count);
        prop_assert_eq!(covered + open, run.accepted, "each event is covered once");
    }

    #[test]
    fn duplicates_and_restarts_change_nothing(events in history(40).prop_shuffle(), again in proptest::collection::vec(any::<prop::sample::Index>(), 0..10), after_events in count()) {
        let straight = Run::by(after_events, &events);
        let mut disturbed = Run::new(after_events);
        for (place, event) in events.iter().enumerate() {
            disturbed.feed(event);
            disturbed.restored();
            // Something that was there before comes once more.
            if let Some(index) = again.get(place % 10) {
                let before = (disturbed.ledger.clone(), disturbed.shelf.clone());
                disturbed.feed(&events[index.index(place + 1)]);
                prop_assert_eq!(&(disturbed.ledger.clone(), disturbed.shelf.clone()), &before, "an event that was booked is not booked again");
            }
        }
        prop_assert_eq!(&disturbed.shelf.sent, &straight.shelf.sent);
        prop_assert_eq!(disturbed.ledger, straight.ledger);
    }

    #[test]
    fn reversing_everything_leaves_nothing_posted(events in history(30), completed_at in 0..60_usize, seed in any::<u64>(), after_events in count()) {
        let moves = |event: &Event| !matches!(event.step, Step::Reverse { .. } | Step::Scrap { .. } | Step::Rework { .. } | Step::Complete);
        let kept: Vec<Event> = events.into_iter().filter(moves).collect();
        let mut all = kept.clone();
        for event in &kept {
            if let Some(reversal) = reversal_of(event) {
                all = with(all, reversal);
            }
        }
        all = with(all, Step::Complete);
        // Some reversals go before their event, some after, some after the posting.
        let completion = all.pop().unwrap();
        let turn = usize::try_from(seed % 61).unwrap() % all.len().max(1);
        all.rotate_left(turn);
        all.insert(completed_at.min(all.len()), completion);
        let run = Run::by(after_events, &all);
        prop_assert_eq!(run.posted_in_the_end(), Totals::new());
        prop_assert_eq!(run.ledger.map(|ledger| (nets(&ledger), ledger.waiting_count)), Some((Totals::new(), 0)));
    }
}
