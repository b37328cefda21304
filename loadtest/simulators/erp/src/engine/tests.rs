//! What is booked, and what is not; and that the ledger alone makes the same ERP again.

use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;

use super::{Setup, Treatment, book_parked, decide};
use crate::command::{Command, Confirmation, DocumentNumber, Header, Movement, OrderKey};
use crate::entry::{Change, Component, Entry, Place, Plan, StockCount};
use crate::quantity::Quantity;
use crate::refusal::Refusal;
use crate::state::{LineState, State};

const OPEN: Setup = Setup { open_world: true };
const STRICT: Setup = Setup { open_world: false };

fn quantity(text: &str) -> Quantity {
    Quantity::parse(text).unwrap()
}

fn key() -> OrderKey {
    OrderKey { plant: "P1".to_owned(), order: "100".to_owned() }
}

fn confirmation(own: &str, yields: &str) -> Command {
    Command::Confirm(Box::new(plain_confirmation(own, yields)), Vec::new())
}

fn plain_confirmation(own: &str, yields: &str) -> Confirmation {
    Confirmation {
        order: key(),
        operation: "0010".to_owned(),
        r#yield: quantity(yields),
        scrap: Quantity::default(),
        rework: Quantity::default(),
        unit: "PC".to_owned(),
        unit_code: "C62".to_owned(),
        is_final: false,
        clears_reservations: false,
        has_no_goods_movements: true,
        posting_date: "2026-11-20".parse().unwrap(),
        text: String::new(),
        key: own.to_owned(),
    }
}

fn movement(text: &str, movement_type: &str, amount: &str) -> Movement {
    let receipt = movement_type == "101";
    Movement {
        text: text.to_owned(),
        movement_type: movement_type.to_owned(),
        reference_type: if receipt { "F" } else { "" }.to_owned(),
        order: "100".to_owned(),
        material: if receipt { "FG" } else { "RM" }.to_owned(),
        plant: "P1".to_owned(),
        storage_location: "0001".to_owned(),
        batch: String::new(),
        reservation: String::new(),
        reservation_item: String::new(),
        quantity: quantity(amount),
        unit: "PC".to_owned(),
        unit_code: "C62".to_owned(),
    }
}

fn document(own: &str, code: &str, movements: Vec<Movement>) -> Command {
    let date = "2026-11-20".parse().unwrap();
    Command::Move(
        Box::new(Header { goods_movement_code: code.to_owned(), posting_date: date, document_date: date, reference: String::new(), key: own.to_owned() }),
        movements,
    )
}

fn at(ms: i64) -> Timestamp {
    Timestamp::UNIX_EPOCH + SignedDuration::from_millis(ms)
}

/// An ERP by hand: entries go in, and are kept.
#[derive(Default)]
struct Hand {
    state: State,
    ledger: Vec<Entry>,
}

impl Hand {
    fn take(&mut self, changes: Vec<Change>, now: Timestamp) {
        for change in changes {
            let entry = Entry { seq: self.state.last_seq() + 1, at: now, change };
            self.ledger.push(entry.clone());
            self.state.apply(entry);
        }
    }

    fn ask(&mut self, setup: Setup, command: &Command, treatment: Treatment) -> Result<(), Refusal> {
        self.ask_at(setup, command, treatment, at(0))
    }

    fn ask_at(&mut self, setup: Setup, command: &Command, treatment: Treatment, now: Timestamp) -> Result<(), Refusal> {
        let changes = decide(&self.state, setup, command, treatment, None, now)?;
        self.take(changes, now);
        Ok(())
    }

    fn stock(&self, material: &str) -> String {
        self.state.stock().iter().filter(|(place, _)| place.material == material).fold(Quantity::default(), |sum, (_, one)| sum + one).to_string()
    }

    fn states(&self) -> Vec<(String, LineState)> {
        self.state.lines().map(|line| (line.text, line.state)).collect()
    }
}

fn strict_hand() -> Hand {
    let mut hand = Hand::default();
    let component = Component {
        reservation: "1".to_owned(),
        item: "0001".to_owned(),
        material: "RM".to_owned(),
        storage_location: "0001".to_owned(),
        quantity: quantity("200"),
        unit: "C62".to_owned(),
        backflush: true,
    };
    let plan = Plan {
        key: key(),
        material: "FG".to_owned(),
        quantity: quantity("100"),
        unit: "C62".to_owned(),
        over_delivery_percent: 10,
        operations: vec!["0010".to_owned()],
        components: vec![component],
    };
    let place = Place { plant: "P1".to_owned(), material: "RM".to_owned(), storage_location: "0001".to_owned(), batch: String::new(), unit: "C62".to_owned() };
    let material = |material: &str| Change::Material { plant: "P1".to_owned(), material: material.to_owned() };
    hand.take(vec![Change::Order(Box::new(plan)), material("FG"), material("RM"), Change::Stock(StockCount { place, quantity: quantity("50") })], at(0));
    hand
}

#[test]
fn what_is_asked_twice_is_booked_twice() {
    let mut hand = Hand::default();
    for _ in 0..2 {
        hand.ask(OPEN, &document("k", "03", vec![movement("k/1", "261", "1.5")]), Treatment::default()).unwrap();
        hand.ask(OPEN, &confirmation("c", "1"), Treatment::default()).unwrap();
    }
    assert_eq!(
        hand.states(),
        [("c", LineState::Booked), ("c", LineState::Booked), ("k/1", LineState::Booked), ("k/1", LineState::Booked)].map(|(text, state)| (text.to_owned(), state))
    );
    assert_eq!(hand.stock("RM"), "-3.0");
}

#[test]
fn what_is_locked_closed_or_gone_is_refused_until_it_is_over() {
    let mut hand = Hand::default();
    let issue = document("k", "03", vec![movement("k/1", "261", "1")]);
    let until = at(100);
    hand.take(vec![Change::Locked { order: key(), until, user: "X".to_owned() }], at(0));
    assert!(matches!(hand.ask_at(OPEN, &issue, Treatment::default(), at(99)), Err(Refusal::OrderLocked { .. })));
    hand.ask_at(OPEN, &issue, Treatment::default(), at(100)).unwrap();
    hand.take(vec![Change::PeriodClosed { plant: Some("P1".to_owned()), period: Some("2026-11".to_owned()), until: at(200) }], at(100));
    assert!(matches!(hand.ask_at(OPEN, &confirmation("c", "1"), Treatment::default(), at(150)), Err(Refusal::PeriodClosed { .. })));
    hand.take(vec![Change::MaterialLost { plant: "P1".to_owned(), material: "RM".to_owned(), until: at(300) }], at(200));
    assert!(matches!(hand.ask_at(OPEN, &issue, Treatment::default(), at(250)), Err(Refusal::MaterialUnknown { .. })));
    hand.ask_at(OPEN, &issue, Treatment::default(), at(300)).unwrap();
    hand.take(vec![Change::PeriodsOpen { from: "2026-12".to_owned(), to: "2026-12".to_owned() }], at(300));
    assert!(matches!(hand.ask_at(OPEN, &issue, Treatment::default(), at(301)), Err(Refusal::PeriodClosed { .. })));
}

#[test]
fn a_strict_erp_refuses_what_it_does_not_know_or_have() {
    let mut hand = strict_hand();
    let refused = |hand: &mut Hand, command: &Command| hand.ask(STRICT, command, Treatment::default()).unwrap_err();
    assert!(matches!(refused(&mut hand, &document("k", "03", vec![movement("k/1", "261", "30"), movement("k/2", "261", "30")])), Refusal::StockDeficit { .. }));
    assert!(matches!(refused(&mut hand, &document("k", "02", vec![movement("k/1", "101", "110.001")])), Refusal::OverDelivery { .. }));
    assert!(matches!(refused(&mut hand, &document("k", "03", vec![movement("k/1", "101", "1")])), Refusal::MovementNotAllowed { .. }));
    assert!(matches!(
        refused(&mut hand, &document("k", "02", vec![Movement { reference_type: String::new(), ..movement("k/1", "101", "1") }])),
        Refusal::Malformed { .. }
    ));
    assert!(matches!(refused(&mut hand, &document("k", "03", vec![Movement { order: "7".to_owned(), ..movement("k/1", "261", "1") }])), Refusal::OrderUnknown { .. }));
    assert!(matches!(
        refused(&mut hand, &document("k", "03", vec![Movement { material: "XX".to_owned(), ..movement("k/1", "261", "1") }])),
        Refusal::MaterialUnknown { .. }
    ));
    assert!(matches!(refused(&mut hand, &document("k", "03", vec![])), Refusal::Malformed { .. }));
    let other = Command::Confirm(Box::new(Confirmation { operation: "0099".to_owned(), ..plain_confirmation("c", "1") }), Vec::new());
    assert!(matches!(refused(&mut hand, &other), Refusal::OperationUnknown { .. }));
    hand.ask(STRICT, &document("k", "03", vec![movement("k/1", "261", "50")]), Treatment::default()).unwrap();
    hand.ask(STRICT, &document("k", "02", vec![movement("k/2", "101", "110")]), Treatment::default()).unwrap();
    hand.ask(STRICT, &confirmation("c", "60"), Treatment::default()).unwrap();
    assert!(matches!(refused(&mut hand, &confirmation("d", "60")), Refusal::OverDelivery { .. }));
}

#[test]
fn a_confirmation_is_booked_while_its_backflush_is_parked_for_want_of_stock() {
    let mut hand = strict_hand();
    let command = Command::Confirm(Box::new(Confirmation { has_no_goods_movements: false, ..plain_confirmation("c", "40") }), Vec::new());
    hand.ask(STRICT, &command, Treatment::default()).unwrap();
    let line = hand.state.lines().find(|line| line.kind == "movement").unwrap();
    assert_eq!((line.state, line.quantity.to_string(), line.item.as_str()), (LineState::Parked, "80.000".to_owned(), "RM"));
    assert_eq!(hand.state.confirmations()[0].document, Some(0));
    let booked = book_parked(&hand.state, 1).unwrap();
    hand.take(vec![booked], at(1));
    assert_eq!(hand.state.lines().find(|line| line.kind == "movement").unwrap().state, LineState::Booked);
    assert_eq!(book_parked(&hand.state, 1), None);
}

#[test]
fn parked_lines_are_booked_by_a_clerk_under_a_number_of_their_own() {
    let mut hand = Hand::default();
    let lines = vec![movement("k/1", "261", "1"), movement("k/2", "261", "2"), movement("k/3", "261", "4")];
    hand.ask(OPEN, &document("k", "03", lines), Treatment { parks: Some(0b110), lines: None }).unwrap();
    assert_eq!(hand.states().iter().map(|(_, state)| *state).collect::<Vec<_>>(), [LineState::Booked, LineState::Parked, LineState::Parked]);
    assert_eq!(hand.stock("RM"), "-1");
    let booked = book_parked(&hand.state, 1).unwrap();
    hand.take(vec![booked, Change::ParkedDiscarded { parked: 2 }], at(1));
    assert_eq!(hand.states().iter().map(|(_, state)| *state).collect::<Vec<_>>(), [LineState::Booked, LineState::Booked, LineState::Discarded]);
    let numbers: Vec<u64> = hand.state.documents()[0].lines.iter().filter_map(crate::state::LineRecord::number).map(|number| number.document.number).collect();
    assert_eq!(numbers, [4_900_000_001, 4_900_000_002]);
}

#[test]
fn a_document_that_is_parked_whole_has_no_number() {
    let mut hand = Hand::default();
    hand.ask(OPEN, &document("k", "03", vec![movement("k/1", "261", "1")]), Treatment { parks: Some(0), lines: None }).unwrap();
    assert_eq!(hand.state.documents()[0].number, None);
    hand.ask(OPEN, &document("l", "03", vec![movement("l/1", "261", "1")]), Treatment::default()).unwrap();
    assert_eq!(hand.state.documents()[1].number, Some(DocumentNumber { year: 2026, number: 4_900_000_001 }));
}

#[test]
fn half_a_document_is_booked_and_the_rest_can_be_asked_for() {
    let mut hand = Hand::default();
    let lines = vec![movement("k/1", "261", "1"), movement("k/2", "261", "2")];
    hand.ask(OPEN, &document("k", "03", lines.clone()), Treatment { parks: None, lines: Some(1) }).unwrap();
    hand.ask(OPEN, &document("k", "03", lines[1..].to_vec()), Treatment::default()).unwrap();
    assert_eq!(hand.states(), [("k/1".to_owned(), LineState::Booked), ("k/2".to_owned(), LineState::Booked)]);
    assert_eq!(hand.state.documents_with("k"), [0, 1]);
}

#[test]
fn what_is_taken_back_is_taken_back_once_and_stock_is_as_before() {
    let mut hand = Hand::default();
    let movements = vec![movement("", "261", "3"), movement("", "101", "2")];
    hand.ask(OPEN, &Command::Confirm(Box::new(plain_confirmation("c", "2")), movements), Treatment::default()).unwrap();
    hand.ask(OPEN, &document("k", "03", vec![movement("k/1", "261", "1"), movement("k/2", "261", "5")]), Treatment::default()).unwrap();
    let number = hand.state.confirmations()[0].number;
    let cancel = Command::CancelConfirmation { number, posting_date: None, key: "x".to_owned() };
    hand.ask(OPEN, &cancel, Treatment::default()).unwrap();
    assert_eq!(hand.ask(OPEN, &cancel, Treatment::default()), Err(Refusal::ConfirmationCancelled(number)));
    let reversal = hand.state.documents().last().unwrap();
    assert_eq!(reversal.lines.iter().map(|line| line.movement.movement_type.as_str()).collect::<Vec<_>>(), ["102", "262"], "in reverse order of creation");
    let document = hand.state.documents()[1].number.unwrap();
    let one = Command::CancelDocument { number: document, item: Some(2), posting_date: None, key: String::new() };
    hand.ask(OPEN, &one, Treatment::default()).unwrap();
    assert_eq!(hand.ask(OPEN, &one, Treatment::default()), Err(Refusal::DocumentCancelled(document)));
    assert_eq!((hand.stock("RM"), hand.stock("FG")), ("-1".to_owned(), "0".to_owned()));
    hand.ask(OPEN, &Command::CancelDocument { number: document, item: None, posting_date: None, key: String::new() }, Treatment::default()).unwrap();
    assert_eq!(hand.stock("RM"), "0");
    let missing = Command::CancelDocument { number: DocumentNumber { year: 1999, number: 1 }, item: None, posting_date: None, key: String::new() };
    assert_eq!(hand.ask(OPEN, &missing, Treatment::default()), Err(Refusal::NotFound));
}

proptest! {
    #[test]
    fn the_ledger_alone_makes_the_same_erp_again(steps in prop::collection::vec((0_u8..6, 0_u8..4, any::<u64>()), 1..40)) {
        let mut hand = Hand::default();
        for (index, (kind, which, bits)) in steps.iter().enumerate() {
            let own = format!("k{which}");
            let now = at(i64::try_from(index).unwrap());
            let lines = vec![movement(&format!("{own}/1"), "261", "1.25"), movement(&format!("{own}/2"), "261", "2")];
            let treatment = Treatment { parks: (bits % 3 == 0).then_some(*bits), lines: (bits % 5 == 0).then_some(1) };
            let number = DocumentNumber { year: 2026, number: 4_900_000_001 + u64::from(*which) };
            // What is refused changes nothing, and is not told here.
            let _ = match kind {
                0 | 1 => hand.ask_at(OPEN, &document(&own, "03", lines), treatment, now),
                2 => hand.ask_at(OPEN, &confirmation(&own, "3"), treatment, now),
                3 => hand.ask_at(OPEN, &Command::CancelDocument { number, item: None, posting_date: None, key: String::new() }, treatment, now),
                4 => {
                    let change = book_parked(&hand.state, u64::from(*which) + 1);
                    hand.take(change.into_iter().collect(), now);
                    Ok(())
                }
                _ => {
                    hand.take(vec![Change::Asked { key: own, attempt: 1, fault: None }], now);
                    Ok(())
                }
            };
        }
        let mut again = State::default();
        for entry in &hand.ledger {
            let text = serde_json::to_string(entry).unwrap();
            again.apply(serde_json::from_str(&text).unwrap());
        }
        prop_assert_eq!(again, hand.state);
    }
}

#[test]
fn what_a_caller_takes_back_under_its_own_key_stands_beside_it_and_what_a_clerk_does_is_cancelled() {
    let mut hand = Hand::default();
    hand.ask(OPEN, &confirmation("c", "5"), Treatment::default()).unwrap();
    hand.ask(OPEN, &confirmation("d", "7"), Treatment::default()).unwrap();
    for (index, own) in [(0, "r"), (1, "")] {
        let number = hand.state.confirmations()[index].number;
        hand.ask(OPEN, &Command::CancelConfirmation { number, posting_date: None, key: own.to_owned() }, Treatment::default()).unwrap();
    }
    let lines: Vec<(String, String, LineState)> = hand.state.lines().map(|line| (line.text, line.quantity.to_string(), line.state)).collect();
    let line = |text: &str, amount: &str, state| (text.to_owned(), amount.to_owned(), state);
    assert_eq!(lines, [line("c", "5", LineState::Booked), line("d", "7", LineState::Cancelled), line("r", "-5", LineState::Booked)]);
}
