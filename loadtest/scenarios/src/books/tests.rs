//! The checks on a small world that is right, and on the same world broken on purpose in one place.

mod world;

use bigdecimal::BigDecimal;
pub(crate) use world::completed_order;
use world::{decimal, reconciled};

use super::facts::{DeadLetter, Fact, Position};
use crate::tally::Tally;

use super::{BookKey, Check, ComponentRef, Contents, audit, nets};

/// The findings of the world after `break_it`.
fn findings(break_it: impl FnOnce(&mut Contents)) -> Vec<super::Finding> {
    let mut contents = completed_order();
    break_it(&mut contents);
    audit(&contents)
}

#[track_caller]
fn assert_found(findings: &[super::Finding], check: Check, words: &[&str]) {
    let found = findings.iter().any(|finding| finding.check == check && words.iter().all(|word| finding.message.contains(word)));
    assert!(found, "no {check:?} with {words:?} in {findings:#?}");
}

#[test]
fn a_right_world_has_no_finding() {
    assert_eq!(findings(|_| {}), []);
}

#[test]
fn nets_count_returns_and_reversals_whoever_comes_first() {
    let mut contents = completed_order();
    let amounts = |contents: &Contents| nets(contents).into_values().next().unwrap().amounts;
    let line = BookKey::from(ComponentRef {
        operation: None,
        reservation: Some("4711"),
        reservation_item: Some("0001"),
        position: None,
        item: "RM-1",
        lot: Some("B-1"),
        storage_location: Some("0001"),
        unit: "KGM",
    });
    // 1.2504 consumed, 0.5 consumed and reversed, 0.25 returned.
    assert_eq!(amounts(&contents)[&line], decimal("1.0004"));
    contents.events.reverse();
    assert_eq!(amounts(&contents)[&line], decimal("1.0004"));
}

#[test]
fn a_remainder_below_the_last_digit_is_carried_and_a_whole_one_is_missed() {
    assert_eq!(findings(|world| world.consumption_mut(0).value = decimal("1.2505")), []);
    assert_found(&findings(|world| world.consumption_mut(0).value = decimal("1.2510")), Check::Quantities, &["accepted 1.001 KGM", "posted 1 KGM", "0.001 KGM"]);
}

#[test]
fn what_was_taken_back_before_it_was_taken_is_held_and_not_posted() {
    let held = |world: &mut Contents| {
        world.consumption_mut(0).value = decimal("0.2");
        let posting = &mut world.postings[0];
        posting.lines.remove(0);
        posting.lines[0].line = 1;
        posting.control_totals.remove(1);
        world.movements.remove(0);
        world.movements[0].items[0].posting_line = 1;
    };
    assert_eq!(findings(held), []);
}

#[test]
fn an_event_that_never_reached_the_canonical_topic_is_missed() {
    let found = findings(|world| {
        world.events.remove(0);
    });
    assert_found(&found, Check::Accounting, &["event e1 of plant-a.mes", "neither canonical nor in a dead letter"]);
    assert_found(&found, Check::Quantities, &["component RM-1", "posted 1 KGM"]);
}

#[test]
fn an_event_that_stands_twice_is_found() {
    let found = findings(|world| {
        let mut again = world.events[0].clone();
        again.position.offset = 99;
        world.events.push(again);
    });
    assert_found(&found, Check::Uniqueness, &["event e1 of plant-a.mes stands twice", "canonical.production.v1-0@99"]);
    assert_found(&found, Check::Quantities, &["RM-1"]);
}

#[test]
fn a_quantity_that_changed_on_the_way_is_found() {
    let found = findings(|world| world.postings[0].lines[0].quantity.value += decimal("0.001"));
    assert_found(&found, Check::Quantities, &["accepted 1.0004 KGM, posted 1.001 KGM"]);
    assert_found(&found, Check::Postings, &["control totals"]);
    assert_found(&found, Check::Erp, &["the ERP is told otherwise"]);
}

#[test]
fn a_forged_posting_is_found() {
    let found = findings(|world| {
        let mut forged = world.postings[0].clone();
        forged.id = "forged".to_owned();
        forged.sequence = 2;
        forged.caused_by = "e99".to_owned();
        world.postings.push(forged);
    });
    assert_found(&found, Check::Postings, &["posting forged", "event e99", "never accepted"]);
    assert_found(&found, Check::Quantities, &["posted 2 KGM"]);
    assert_found(&found, Check::Erp, &["posting forged", "0 goods movement items instead of one"]);
}

#[test]
fn a_lost_posting_is_found() {
    let found = findings(|world| world.postings.clear());
    assert_found(&found, Check::Quantities, &["product FG-1", "accepted 10 C62, posted 0 C62"]);
    assert_found(&found, Check::Quantities, &["yield of operation 0010"]);
    assert_found(&found, Check::Postings, &["plant-a/100012: is complete, but has no posting"]);
    assert_found(&found, Check::Erp, &["goods movements name line 1 of posting p1, which is not there"]);
}

#[test]
fn gaps_in_the_numbers_of_postings_are_found() {
    assert_found(&findings(|world| world.postings[0].sequence = 2), Check::Postings, &["numbered [2]"]);
}

#[test]
fn wrong_control_totals_are_found() {
    assert_found(&findings(|world| world.postings[0].control_totals[0].quantity += BigDecimal::from(1)), Check::Postings, &["control totals"]);
    assert_found(&findings(|world| world.postings[0].control_totals[0].lines = 7), Check::Postings, &["control totals"]);
}

#[test]
fn a_posting_that_counts_an_event_twice_is_found() {
    assert_found(&findings(|world| world.postings[0].covered_events += 1), Check::Postings, &["covers 8 events, but 7 were accepted"]);
    assert_found(&findings(|world| world.postings[0].covered[0].last_offset += 1), Check::Postings, &["raw positions"]);
}

#[test]
fn a_posting_of_an_order_that_is_not_complete_is_found() {
    let found = findings(|world| {
        if let Some(event) = world.events.iter_mut().find(|event| event.fact == Fact::Completed) {
            event.fact = Fact::Other;
        }
    });
    assert_found(&found, Check::Quantities, &["though the order is not complete"]);
}

#[test]
fn an_open_order_without_postings_is_right() {
    let found = findings(|world| {
        world.events.retain(|event| event.fact != Fact::Completed);
        world.normalized.retain(|event| event.event_id != "e7");
        world.raw.remove(&Position { topic: "raw.plant-a.mes".to_owned(), partition: 0, offset: 6, index: None });
        world.postings.clear();
        world.confirmations.clear();
        world.movements.clear();
    });
    assert_eq!(found, []);
}

#[test]
fn a_raw_record_that_came_to_nothing_is_found() {
    let lost = Position { topic: "raw.plant-b.b2mml".to_owned(), partition: 1, offset: 5, index: None };
    let found = findings(|world| {
        world.raw.insert(lost.clone());
    });
    assert_found(&found, Check::Accounting, &["raw.plant-b.b2mml-1@5", "neither in an event nor in a dead letter"]);
    let explained = findings(|world| {
        world.raw.insert(lost.clone());
        world.dead_letters.push(letter("normalizer", lost.clone()));
    });
    assert_eq!(explained, []);
}

#[test]
fn a_record_that_a_processor_did_twice_is_found() {
    let refused = Position { topic: "raw.plant-b.b2mml".to_owned(), partition: 1, offset: 5, index: None };
    let found = findings(|world| {
        world.raw.insert(refused.clone());
        world.dead_letters.extend([letter("normalizer", refused.clone()), letter("normalizer", refused.clone())]);
    });
    assert_found(&found, Check::Accounting, &["normalizer refused raw.plant-b.b2mml-1@5 twice"]);
    let found = findings(|world| {
        let mut again = world.normalized[0].clone();
        again.position.offset = 99;
        world.normalized.push(again);
    });
    assert_found(&found, Check::Accounting, &["event e1", "normalized twice"]);
}

#[test]
fn a_duplicate_is_no_finding_and_is_counted() {
    let mut contents = completed_order();
    let mut repeat = contents.normalized[0].clone();
    repeat.position.offset = 50;
    repeat.raw.offset = 50;
    contents.raw.insert(repeat.raw.clone());
    contents.normalized.push(repeat);
    assert_eq!(audit(&contents), []);
    assert_eq!(Tally::of(&contents).all_sources().duplicates(), 1);
}

#[test]
fn an_event_that_the_aggregator_refused_does_not_count() {
    let found = findings(|world| {
        let mut second = world.events[1].clone();
        second.event_id = "e8".to_owned();
        second.position.offset = 60;
        second.raw.offset = 60;
        world.raw.insert(second.raw.clone());
        let mut read = world.normalized[0].clone();
        read.event_id = "e8".to_owned();
        read.raw = second.raw.clone();
        world.normalized.push(read);
        world.dead_letters.push(letter("order-aggregator", second.position.clone()));
        world.events.push(second);
    });
    assert_eq!(found, []);
}

#[test]
fn erp_records_that_stand_twice_or_not_at_all_are_found() {
    assert_found(&findings(|world| world.movements.push(world.movements[0].clone())), Check::Erp, &["2 goods movement items instead of one"]);
    assert_found(&findings(|world| world.movements.push(world.movements[0].clone())), Check::Erp, &["goods movement m1 of posting p1 stands twice"]);
    assert_found(&findings(|world| world.confirmations.clear()), Check::Erp, &["0 confirmations instead of one"]);
    assert_found(&findings(|world| world.confirmations[0].line.good += BigDecimal::from(1)), Check::Erp, &["told otherwise"]);
}

pub(crate) fn letter(processor: &str, refused: Position) -> DeadLetter {
    DeadLetter {
        processor: processor.to_owned(),
        class: "DATA_QUALITY".to_owned(),
        code: "code".to_owned(),
        message: "message".to_owned(),
        refused,
        event_id: None,
        value: None,
    }
}

#[test]
fn the_reconcilers_books_have_to_agree_on_every_amount() {
    let told = |change: &dyn Fn(&mut super::Reconciled)| {
        findings(|world| {
            let mut books = reconciled(world);
            change(&mut books);
            world.reconciled.insert(books.order.clone(), books);
        })
    };
    assert_eq!(told(&|_| {}), []);
    assert_found(&told(&|books| books.status = "GAP".to_owned()), Check::Reconciler, &["GAP"]);
    assert_found(&told(&|books| books.in_flight = 1), Check::Reconciler, &["1 in flight"]);
    assert_found(&told(&|books| drop(books.lines.pop())), Check::Reconciler, &["0 and 0 by the reconciler"]);
    assert_found(&told(&|books| books.lines[0].posted += decimal("0.001")), Check::Reconciler, &["by the reconciler"]);
    assert_found(&told(&|books| books.lines[0].gap = decimal("0.001")), Check::Reconciler, &["does not close"]);
    assert_found(&told(&|books| books.order.order = "100013".to_owned()), Check::Reconciler, &["has no books"]);
}
