//! What holds for every posting.

use std::collections::BTreeMap;

use lineside_schemas::Decimal;
use lineside_schemas::records::{ControlTotal, OrderPosting};
use proptest::prelude::*;

use crate::sample::{line, posting};
use crate::support::publish;

const TYPES: [&str; 8] = ["101", "102", "261", "262", "531", "532", "551", "552"];
const UNITS: [&str; 3] = ["C62", "KGM", "LTR"];

fn totals<'a>(moved: impl Iterator<Item = (&'a str, &'a str, Decimal)>) -> BTreeMap<(&'a str, &'a str), (i32, Decimal)> {
    let mut totals = BTreeMap::<_, (i32, Decimal)>::new();
    for (movement_type, unit, quantity) in moved {
        let total = totals.entry((movement_type, unit)).or_default();
        *total = (total.0 + 1, total.1.checked_add(quantity).unwrap());
    }
    totals
}

fn balanced(lines: Vec<(usize, usize, i128)>) -> OrderPosting<'static> {
    let mut posting = posting();
    posting.lines = (1..)
        .zip(lines)
        .map(|(number, (movement_type, unit, unscaled))| line(number, TYPES[movement_type], "RM-1", Decimal::from_unscaled(unscaled).unwrap(), UNITS[unit]))
        .collect();
    let stated = totals(posting.lines.iter().map(|line| (line.movement_type, line.quantity.unit, line.quantity.value)));
    posting.control_totals = stated.into_iter().map(|((movement_type, unit), (lines, quantity))| ControlTotal { movement_type, unit, lines, quantity }).collect();
    posting
}

fn lines() -> impl Strategy<Value = Vec<(usize, usize, i128)>> {
    proptest::collection::vec((0..TYPES.len(), 0..UNITS.len(), 1..10_000_000_000_000_i128), 0..30)
}

proptest! {
    #[test]
    fn every_line_stands_in_one_document_with_its_quantity(lines in lines()) {
        let posting = balanced(lines);
        let sent = publish(&posting);
        let documents = sent.documents();
        let items = || documents.iter().flat_map(|document| &document.items);
        let mut numbers: Vec<_> = items().map(|item| item.posting_line).collect();
        numbers.sort_unstable();
        prop_assert_eq!(numbers, posting.lines.iter().map(|line| line.line).collect::<Vec<_>>());
        let published = totals(items().map(|item| (item.movement_type, item.entry_unit, item.quantity_in_entry_unit)));
        let stated = posting.control_totals.iter().map(|total| ((total.movement_type, total.unit), (total.lines, total.quantity))).collect();
        prop_assert_eq!(published, stated);
        prop_assert!(documents.iter().all(|document| (1..).zip(&document.items).all(|(number, item)| item.item == number)));
    }

    #[test]
    fn no_changed_line_passes_the_control_totals(lines in lines(), which in any::<prop::sample::Index>(), by in 1..1_000_000_i128) {
        prop_assume!(!lines.is_empty());
        let mut posting = balanced(lines);
        let changed = which.index(posting.lines.len());
        let quantity = &mut posting.lines[changed].quantity.value;
        *quantity = quantity.checked_add(Decimal::from_unscaled(by).unwrap()).unwrap();
        let published = publish(&posting);
        prop_assert_eq!(published.dead_letter().map(|letter| letter.code), Some("control-total-mismatch"));
    }
}
