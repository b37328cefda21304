//! Which postings are refused.

use lineside_api::ErrorClass;
use lineside_schemas::records::{OrderPosting, PostingMode};

use crate::sample::{decimal, line, posting, total};
use crate::support::publish;

/// Code, message and field of the dead letter that a changed posting becomes.
fn refused(change: impl FnOnce(&mut OrderPosting<'static>)) -> (String, String, Option<String>) {
    let mut posting = posting();
    change(&mut posting);
    let published = publish(&posting);
    let letter = published.dead_letter().expect("the posting is refused");
    assert_eq!(letter.class, ErrorClass::Application);
    assert_eq!((letter.plant, letter.event_id, letter.correlation_id), (Some("plant-a"), Some("A-9"), Some("plant-a/000100012")));
    (letter.code.to_owned(), letter.message.to_owned(), letter.field.map(str::to_owned))
}

#[test]
fn a_control_total_of_another_sum_count_unit_or_type_is_refused() {
    let changes: [fn(&mut OrderPosting<'static>); 8] = [
        |posting| posting.control_totals[1].quantity = decimal("2.001"),
        |posting| posting.control_totals[1].lines = 3,
        |posting| posting.control_totals[1].unit = "GRM",
        |posting| posting.control_totals[0].movement_type = "102",
        |posting| {
            posting.control_totals.remove(0);
        },
        |posting| posting.control_totals.push(total("102", "C62", 0, decimal("0"))),
        |posting| posting.control_totals.push(posting.control_totals[0].clone()),
        |posting| {
            posting.lines.remove(2);
        },
    ];
    for change in changes {
        let (code, message, field) = refused(change);
        assert_eq!((code.as_str(), field.as_deref()), ("control-total-mismatch", Some("control_totals")), "{message}");
    }
}

#[test]
fn a_mismatch_says_what_is_stated_and_what_was_found() {
    let (_, message, _) = refused(|posting| posting.control_totals[1].quantity = decimal("2.001"));
    assert_eq!(message, "movement type 261 in KGM: the control total says 2 lines, 2.001, the lines say 2 lines, 2");
    let (_, message, _) = refused(|posting| {
        posting.control_totals.remove(0);
    });
    assert_eq!(message, "movement type 101 in C62: the control total says nothing, the lines say 1 lines, 10");
}

#[test]
fn lines_that_add_up_beyond_38_digits_are_refused() {
    let (code, ..) = refused(|posting| {
        let most = decimal("99999999999999999999999999999");
        posting.lines = vec![line(1, "261", "RM-1", most, "KGM"), line(2, "261", "RM-1", most, "KGM")];
        posting.control_totals = vec![total("261", "KGM", 2, most)];
    });
    assert_eq!(code, "control-total-mismatch");
}

#[test]
fn an_unknown_movement_type_is_refused_in_every_mode() {
    for mode in [PostingMode::ExplicitMovements, PostingMode::ErpBackflush, PostingMode::ConfirmOnly] {
        let (code, message, field) = refused(|posting| {
            posting.mode = mode;
            posting.lines[3].movement_type = "311";
            posting.control_totals[0].movement_type = "311";
        });
        assert_eq!((code.as_str(), field.as_deref()), ("unknown-movement-type", Some("lines[4].movement_type")), "{message}");
    }
}

#[test]
fn an_unknown_mode_is_refused() {
    let (code, _, field) = refused(|posting| posting.mode = PostingMode::Unknown);
    assert_eq!((code.as_str(), field.as_deref()), ("unknown-posting-mode", Some("mode")));
}

#[test]
fn a_line_that_moves_nothing_or_backwards_is_refused() {
    for quantity in ["0", "-10"] {
        let (code, _, field) = refused(|posting| {
            posting.lines[3].quantity.value = decimal(quantity);
            posting.control_totals[0].quantity = decimal(quantity);
        });
        assert_eq!((code.as_str(), field.as_deref()), ("quantity-not-positive", Some("lines[4].quantity")));
    }
}
