//! What holds for every history of an order, in every order of arrival.

use std::collections::BTreeSet;

use crate::history::{Event, Step, Totals, component_key, history, net, with};
use lineside_order_aggregator::component::LineId;
use lineside_order_aggregator::{Ledger, rule};
use lineside_schemas::Decimal;
use lineside_schemas::codec::{decode_datum, encode_datum};
use lineside_schemas::contract;
use lineside_schemas::records::{OrderLedger, OrderPosting};
use lineside_schemas::unit::posting_digits;
use proptest::prelude::*;

/// A run of the ledger over events: what was sent, as bytes, and what is left.
struct Run {
    ledger: Option<Ledger>,
    postings: Vec<Vec<u8>>,
    accepted: i64,
    /// Sum of the postings after each of them.
    posted: Vec<Totals>,
}

impl Run {
    fn of(events: &[Event]) -> Self {
        let mut run = Self { ledger: None, postings: Vec::new(), accepted: 0, posted: Vec::new() };
        for event in events {
            run.feed(event);
        }
        run
    }

    fn feed(&mut self, event: &Event) {
        let event = event.record();
        let ledger = self.ledger.get_or_insert_with(|| Ledger::new(&event));
        let before = ledger.clone();
        if ledger.apply(&event).is_err() {
            assert_eq!(*ledger, before, "a refused event leaves the books as they were");
            return;
        }
        self.accepted += 1;
        let mut bytes = Vec::new();
        if let Some(posting) = ledger.due_posting(&event.envelope, rule::DEFAULT).unwrap() {
            let record = posting.record();
            let mut posted = self.posted.last().cloned().unwrap_or_default();
            add_posting(&mut posted, &record);
            self.posted.push(posted);
            encode_datum::<contract::OrderPosting>(&record, &mut bytes).unwrap();
        }
        if !bytes.is_empty() {
            ledger.settle();
            self.postings.push(bytes);
        }
    }

    fn decoded(&self) -> Vec<OrderPosting<'_>> {
        self.postings.iter().map(|bytes| decode_datum::<contract::OrderPosting>(bytes).unwrap()).collect()
    }

    fn posted(&self) -> Totals {
        self.posted.last().cloned().unwrap_or_default()
    }
}

fn add_posting(totals: &mut Totals, posting: &OrderPosting<'_>) {
    let mut add = |key, amount: Decimal| {
        let total = totals.entry(key).or_default();
        *total = total.checked_add(amount).unwrap();
    };
    for line in &posting.lines {
        let (value, unit) = (line.quantity.value, line.quantity.unit);
        match line.movement_type {
            "261" => add(component_key(line.reservation_item, line.position, line.lot, line.item, unit), value),
            "262" => add(component_key(line.reservation_item, line.position, line.lot, line.item, unit), value.negated()),
            "101" => add((format!("receipt {}", line.item), unit.to_owned()), value),
            other => panic!("no event of these histories leads to {other}"),
        }
    }
    for line in &posting.confirmations {
        add((format!("yield {}", line.operation), line.unit.to_owned()), line.r#yield);
        add((format!("scrap {}", line.operation), line.unit.to_owned()), line.scrap);
    }
}

fn without_zeros(totals: Totals) -> Totals {
    totals.into_iter().filter(|(_, amount)| !amount.is_zero()).collect()
}

/// What must be posted of a net: its rounding, or nothing below zero.
fn bookable(net: &Totals) -> Totals {
    without_zeros(net.iter().map(|(key, amount)| (key.clone(), amount.round_to(posting_digits(&key.1)).max(Decimal::ZERO))).collect())
}

/// Net and posted of each total, from the ledger.
fn books(ledger: &Ledger) -> (Totals, Totals) {
    let (mut nets, mut posted) = (Totals::new(), Totals::new());
    for component in &ledger.components {
        let key = &component.key;
        let reservation_item = if let LineId::Reserved { item, .. } = &key.line { Some(item.as_str()) } else { None };
        let name = component_key(reservation_item, component.position.as_deref(), key.lot.as_deref(), &key.item, &key.unit);
        nets.insert(name.clone(), component.amount.net());
        posted.insert(name, component.amount.posted());
    }
    for receipt in &ledger.receipts {
        let name = (format!("receipt {}", receipt.key.item), receipt.key.unit.clone());
        nets.insert(name.clone(), receipt.amount.net());
        posted.insert(name, receipt.amount.posted());
    }
    for operation in &ledger.operations {
        for (kind, amount) in [("yield", operation.r#yield), ("scrap", operation.scrap)] {
            let name = (format!("{kind} {}", operation.operation), operation.unit.clone());
            nets.insert(name.clone(), amount.net());
            posted.insert(name, amount.posted());
        }
    }
    (without_zeros(nets), without_zeros(posted))
}

fn is_complete(events: &[Event]) -> bool {
    events.iter().any(|event| matches!(event.step, Step::Complete))
}

/// A history and the same events in another order.
fn two_orders() -> impl Strategy<Value = (Vec<Event>, Vec<Event>)> {
    history(40).prop_flat_map(|events| (Just(events.clone()), Just(events).prop_shuffle()))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, ..ProptestConfig::default() })]

    #[test]
    fn the_books_close(events in history(60).prop_shuffle()) {
        let run = Run::of(&events);
        let expected = net(&events);
        let (nets, posted) = run.ledger.as_ref().map(books).unwrap_or_default();
        prop_assert_eq!(&nets, &without_zeros(expected.clone()), "net of the ledger = net of the events");
        prop_assert_eq!(&posted, &without_zeros(run.posted()), "posted of the ledger = sum of the postings");
        let due = if is_complete(&events) { bookable(&expected) } else { Totals::new() };
        prop_assert_eq!(posted, due, "sum of the postings = rounded net, where it is not negative");
    }

    #[test]
    fn totals_do_not_depend_on_the_order_of_arrival((events, shuffled) in two_orders()) {
        let (run, other) = (Run::of(&events), Run::of(&shuffled));
        prop_assert_eq!(without_zeros(run.posted()), without_zeros(other.posted()));
        prop_assert_eq!(run.accepted, other.accepted, "as many are refused");
        let lines = |run: &Run| run.ledger.as_ref().map(|ledger| (ledger.components.clone(), ledger.receipts.clone(), ledger.operations.clone()));
        prop_assert_eq!(lines(&run), lines(&other));
    }

    #[test]
    fn the_posting_on_completion_does_not_depend_on_the_order_of_arrival((events, shuffled) in two_orders()) {
        // Of two reversals of one event it is the second to arrive that is refused; which one, the fingerprint shows.
        let mut named = BTreeSet::new();
        let kept: BTreeSet<usize> = events
            .iter()
            .filter(|event| match event.step {
                Step::Complete => false,
                Step::Reverse { number } => named.insert(number),
                _ => true,
            })
            .map(|event| event.number)
            .collect();
        let complete = |events: Vec<Event>| {
            let events = events.into_iter().filter(|event| kept.contains(&event.number)).collect::<Vec<_>>();
            // The same number whatever stands last.
            let mut events = with(events, Step::Complete);
            let last = events.len() - 1;
            events[last].number = 1000;
            "done".clone_into(&mut events[last].id);
            events
        };
        prop_assert_eq!(Run::of(&complete(events)).postings, Run::of(&complete(shuffled)).postings);
    }

    #[test]
    fn no_total_is_ever_below_zero_and_no_delta_is_empty(events in history(60).prop_shuffle()) {
        let run = Run::of(&events);
        for posted in &run.posted {
            prop_assert!(posted.values().all(|amount| !amount.is_negative()), "{:?}", posted);
        }
        let postings = run.decoded();
        for (sequence, posting) in (1..).zip(&postings) {
            prop_assert_eq!(posting.sequence, sequence);
            prop_assert!(sequence == 1 || !posting.lines.is_empty() || !posting.confirmations.is_empty());
        }
        let ids: BTreeSet<_> = postings.iter().map(|posting| posting.posting_id).collect();
        prop_assert_eq!(ids.len(), postings.len());
        let covered: i64 = postings.iter().map(|posting| posting.covers.event_count).sum();
        let open = run.ledger.as_ref().map_or(0, |ledger| ledger.open.event_count);
        prop_assert_eq!(covered + open, run.accepted, "each event is covered once");
    }

    #[test]
    fn the_same_order_of_arrival_gives_the_same_bytes(events in history(40)) {
        prop_assert_eq!(Run::of(&events).postings, Run::of(&events).postings);
    }

    #[test]
    fn reversing_every_movement_leaves_nothing_posted(events in history(30), completed_at in 0..60_usize, seed in any::<u64>()) {
        let movements: Vec<_> = events.iter().filter(|event| matches!(event.step, Step::Consume { .. } | Step::Return { .. })).map(|event| event.number).collect();
        let mut all = events.clone();
        for number in movements {
            all = with(all, Step::Reverse { number });
        }
        all = with(all, Step::Complete);
        // Some reversals go before their event, some after, some after the posting.
        let completion = all.pop().unwrap();
        let turn = usize::try_from(seed % 61).unwrap() % all.len().max(1);
        all.rotate_left(turn);
        all.insert(completed_at.min(all.len()), completion);
        let run = Run::of(&all);
        let ledger = run.ledger.unwrap();
        for component in &ledger.components {
            prop_assert!(component.amount.net().is_zero() && component.amount.posted().is_zero(), "{:?}", component);
        }
    }

    #[test]
    fn the_ledger_reads_back_as_it_was_written(events in history(40)) {
        let mut run = Run::of(&[]);
        for event in &events {
            run.feed(event);
            let ledger = run.ledger.clone().unwrap();
            let mut bytes = Vec::new();
            encode_datum::<contract::OrderLedger>(&ledger.record(), &mut bytes).unwrap();
            prop_assert!(bytes.len() <= ledger.bytes_at_most(), "{} bytes, reckoned as {}", bytes.len(), ledger.bytes_at_most());
            let record: OrderLedger<'_> = decode_datum::<contract::OrderLedger>(&bytes).unwrap();
            let read = Ledger::from_record(&record).unwrap();
            prop_assert_eq!(&read, &ledger);
            // From here on the copy goes on in its place, as it does between two records.
            run.ledger = Some(read);
        }
        prop_assert_eq!(run.postings, Run::of(&events).postings);
    }
}
