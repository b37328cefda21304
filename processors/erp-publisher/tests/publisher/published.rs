//! What a posting becomes.

use std::collections::BTreeSet;

use lineside_schemas::records::{ActivityTime, ErpConfirmation, GoodsMovementItem, PostingMode, Quantity, ReversedConfirmation, ReversedLine};
use lineside_schemas::{Date, Decimal};

use crate::sample::{POSTING_ID, decimal, line, posting, total};
use crate::support::publish;

#[test]
fn an_operation_becomes_a_confirmation_that_moves_no_goods() {
    let sent = publish(&posting());
    let confirmations = sent.confirmations();
    assert_eq!(confirmations.len(), 3);
    let expected = ErpConfirmation {
        confirmation_id: "c72055e0a6976667108d0c45dcb3a967",
        posting_id: POSTING_ID,
        sequence: 2,
        correlation_id: "plant-a/000100012",
        plant: "plant-a",
        order: "000100012",
        operation: "0010",
        unit: "C62",
        yield_quantity: decimal("10"),
        scrap_quantity: decimal("1"),
        rework_quantity: decimal("0.5"),
        is_final_confirmation: true,
        open_reservations_is_cleared: true,
        has_no_goods_movements: true,
        posting_date: Date::from_days(20_777),
        document_date: Date::from_days(20_776),
        ..ErpConfirmation::default()
    };
    assert_eq!(confirmations[0], expected);
    let shown: Vec<_> = confirmations.iter().map(|line| (line.operation, line.unit, line.is_final_confirmation)).collect();
    assert_eq!(shown, [("0010", "C62", true), ("0010", "KGM", false), ("0020", "C62", false)]);
}

#[test]
fn lines_become_one_document_per_goods_movement_code() {
    let sent = publish(&posting());
    let documents = sent.documents();
    let shown: Vec<_> = documents
        .iter()
        .map(|document| {
            let items = document.items.iter().map(|item| (item.item, item.posting_line, item.movement_type, item.reference_type)).collect::<Vec<_>>();
            (document.goods_movement_code, items)
        })
        .collect();
    assert_eq!(shown, [("03", vec![(1, 1, "261", None), (2, 2, "262", None), (3, 3, "261", None)]), ("02", vec![(1, 4, "101", Some("F"))])]);
    let expected = GoodsMovementItem {
        item: 1,
        posting_line: 1,
        movement_type: "261",
        reference_type: None,
        material: "RM-1",
        plant: "plant-a",
        storage_location: Some("0001"),
        batch: Some("B-77"),
        reservation: Some("4711"),
        reservation_item: Some("0001"),
        quantity_in_entry_unit: decimal("1.25"),
        entry_unit: "KGM",
        order: Some("000100012"),
        ..GoodsMovementItem::default()
    };
    assert_eq!(documents[0].items[0], expected);
    let document = &documents[1];
    assert_eq!((document.posting_id, document.sequence, document.plant, document.order), (POSTING_ID, 2, "plant-a", "000100012"));
    assert_eq!((document.correlation_id, document.posting_date.days(), document.document_date.days()), ("plant-a/000100012", 20_777, 20_776));
}

#[test]
fn ids_are_those_that_anybody_can_reckon_and_differ() {
    let sent = publish(&posting());
    let (confirmations, documents) = (sent.confirmations(), sent.documents());
    // Reckoned apart, with Python's hashlib.
    assert_eq!(documents[0].document_id, "4ecd3dfad9e9cdf3420df612be2b4419");
    let ids: BTreeSet<_> = confirmations.iter().map(|line| line.confirmation_id).chain(documents.iter().map(|document| document.document_id)).collect();
    assert_eq!(ids.len(), 5);
}

#[test]
fn everything_is_keyed_by_plant_and_order() {
    assert_eq!(publish(&posting()).keys(), ["plant-a/000100012"; 5]);
}

#[test]
fn reservations_are_cleared_only_where_the_posting_says_so() {
    let mut delta = posting();
    delta.clear_reservations = false;
    assert!(publish(&delta).confirmations().iter().all(|line| !line.open_reservations_is_cleared));
}

#[test]
fn confirm_only_moves_no_goods_and_lets_none_be_moved() {
    let mut posting = posting();
    posting.mode = PostingMode::ConfirmOnly;
    let sent = publish(&posting);
    assert_eq!(sent.documents(), []);
    assert!(sent.confirmations().iter().all(|line| line.has_no_goods_movements));
}

#[test]
fn with_backflush_the_confirmation_moves_goods_and_only_the_lines_given_are_posted() {
    let mut posting = posting();
    posting.mode = PostingMode::ErpBackflush;
    posting.lines.retain(|line| line.movement_type == "262");
    posting.control_totals.retain(|total| total.movement_type == "262");
    let sent = publish(&posting);
    assert!(sent.confirmations().iter().all(|line| !line.has_no_goods_movements));
    let documents = sent.documents();
    assert_eq!((documents.len(), documents[0].items.len(), documents[0].items[0].movement_type), (1, 1, "262"));
}

#[test]
fn a_posting_without_lines_becomes_nothing() {
    let mut posting = posting();
    posting.lines.clear();
    posting.control_totals.clear();
    posting.confirmations.clear();
    assert_eq!(publish(&posting).keys(), Vec::<String>::new());
}

#[test]
fn taking_back_confirmed_quantity_stays_negative() {
    let mut posting = posting();
    posting.confirmations[0].r#yield = Decimal::from_int(-2);
    assert_eq!(publish(&posting).confirmations()[0].yield_quantity, Decimal::from_int(-2));
}

#[test]
fn what_takes_back_by_reference_stands_in_a_document_of_its_own_that_names_the_one_reversed() {
    let mut posting = posting();
    let reversed = |document, item| ReversedLine { posting_id: "ff", line: 2, document, year: Some("2026"), item };
    posting.lines[1].reverses = Some(reversed(Some("4900000017"), Some("0002")));
    posting.lines.push(line(5, "262", "RM-2", decimal("1"), "C62"));
    posting.lines[4].reverses = Some(reversed(None, None));
    posting.control_totals[2] = total("262", "C62", 2, decimal("4"));
    let sent = publish(&posting);
    let documents = sent.documents();
    let shown: Vec<_> =
        documents.iter().map(|document| (document.goods_movement_code, document.reverses.as_ref().map(|reversed| reversed.document), document.items.len())).collect();
    assert_eq!(shown, [("03", Some("4900000017"), 1), ("03", None, 3), ("02", None, 1)]);
    let item = &documents[0].items[0];
    assert_eq!((item.reversed_document_item, item.reversed_posting_id, item.reversed_posting_line, item.item), (Some("0002"), Some("ff"), 2, 1));
    // Its document is not known yet: the opposite movement, which says what it takes back.
    let item = &documents[1].items[2];
    assert_eq!((item.reversed_document_item, item.reversed_posting_id, item.reversed_posting_line, item.movement_type), (None, Some("ff"), 2, "262"));
    assert_ne!(documents[0].document_id, documents[1].document_id);
}

#[test]
fn work_times_and_what_was_said_go_with_the_confirmation() {
    let mut posting = posting();
    let time = |value, unit| Quantity { value: decimal(value), unit };
    let confirmed = &mut posting.confirmations[0];
    confirmed.setup_time = Some(time("12.5", "MIN"));
    confirmed.activities = vec![ActivityTime { activity: "ENERGY", quantity: time("4", "KWH") }];
    confirmed.personnel = Some("4711");
    confirmed.text = Some("ok");
    confirmed.reverses = Some(ReversedConfirmation { posting_id: "ff", confirmation_id: "ee", document: Some("0000001234"), year: None, item: Some("00000001") });
    let sent = publish(&posting);
    let confirmations = sent.confirmations();
    let first = &confirmations[0];
    assert_eq!((first.setup_time.clone(), first.machine_time.clone(), first.personnel, first.text), (Some(time("12.5", "MIN")), None, Some("4711"), Some("ok")));
    assert_eq!(first.activities[0].activity, "ENERGY");
    let reversed = first.reverses.as_ref().unwrap();
    assert_eq!((reversed.confirmation_id, reversed.document, reversed.item), ("ee", Some("0000001234"), Some("00000001")));
    assert_eq!((confirmations[1].setup_time.clone(), confirmations[1].reverses.clone()), (None, None));
}

#[test]
fn scrap_of_stock_is_not_booked_to_the_order() {
    let mut posting = posting();
    posting.lines[3].movement_type = "551";
    posting.control_totals[0].movement_type = "551";
    let sent = publish(&posting);
    let documents = sent.documents();
    let scrap = &documents[0].items[3];
    assert_eq!((scrap.movement_type, scrap.order, scrap.reference_type), ("551", None, None));
    assert_eq!(documents[0].items[0].order, Some("000100012"));
}
