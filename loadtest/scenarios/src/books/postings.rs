//! Each posting in order in itself, and each said once more, and only once, on the ERP topics.

use std::collections::{BTreeMap, BTreeSet};

use bigdecimal::{BigDecimal, Signed as _, Zero as _};

use super::facts::{ConfirmationLine, Event, MovementItem, Position, Posting, PostingLine, plain};
use super::net::{OrderKey, nets};
use super::quantities::last_digit;
use super::{Check, Contents, Finding};

pub(super) fn check(contents: &Contents) -> Vec<Finding> {
    let mut findings = Vec::new();
    let orders = by_order(contents);
    for order in nets(contents).into_iter().filter_map(|(order, net)| net.completed.then_some(order)).filter(|order| !orders.contains_key(order)) {
        findings.push(Finding::new(Check::Postings, format!("{order}: is complete, but has no posting")));
    }
    let events = events_by_order(contents);
    for (order, postings) in orders {
        sequences(&order, &postings, &mut findings);
        coverage(events.get(&order).map_or(&[][..], Vec::as_slice), &postings, &mut findings);
    }
    for posting in &contents.postings {
        lines(posting, &mut findings);
        control_totals(posting, &mut findings);
    }
    erp(contents, &mut findings);
    findings
}

fn name(posting: &Posting) -> String {
    format!("posting {} ({}/{} number {})", posting.id, posting.plant, posting.order, posting.sequence)
}

fn by_order(contents: &Contents) -> BTreeMap<OrderKey, Vec<&Posting>> {
    let mut orders: BTreeMap<OrderKey, Vec<&Posting>> = BTreeMap::new();
    for posting in &contents.postings {
        orders.entry(OrderKey { plant: posting.plant.clone(), order: posting.order.clone() }).or_default().push(posting);
    }
    orders
}

fn events_by_order(contents: &Contents) -> BTreeMap<OrderKey, Vec<&Event>> {
    let mut orders: BTreeMap<OrderKey, Vec<&Event>> = BTreeMap::new();
    for event in contents.accepted().filter(|event| event.kind != "UNKNOWN") {
        orders.entry(OrderKey { plant: event.plant.clone(), order: event.order.clone() }).or_default().push(event);
    }
    orders
}

/// Numbers from 1 without a gap, in the order in which they stand; ids that are all different.
fn sequences(order: &OrderKey, postings: &[&Posting], findings: &mut Vec<Finding>) {
    let numbers: Vec<i64> = postings.iter().map(|posting| posting.sequence).collect();
    if numbers.iter().zip(1_i64..).any(|(number, wanted)| *number != wanted) {
        findings.push(Finding::new(Check::Postings, format!("{order}: postings are numbered {numbers:?}, not from 1 without a gap")));
    }
    let mut ids = BTreeSet::new();
    for posting in postings.iter().filter(|posting| !ids.insert(&posting.id)) {
        findings.push(Finding::new(Check::Postings, format!("{order}: posting id {} stands twice", posting.id)));
    }
}

/// A posting covers the events up to the one that made it due, but for those that an earlier posting covers.
fn coverage(events: &[&Event], postings: &[&Posting], findings: &mut Vec<Finding>) {
    let mut from = 0;
    for posting in postings {
        let Some(cause) = events.iter().position(|event| event.event_id == posting.caused_by) else {
            findings.push(Finding::new(Check::Postings, format!("{}: event {}, which made it due, was never accepted for the order", name(posting), posting.caused_by)));
            continue;
        };
        let covered = events.get(from..=cause).unwrap_or_default();
        from = from.max(cause + 1);
        if posting.covered_events != i64::try_from(covered.len()).unwrap_or(i64::MAX) {
            let message = format!("{}: covers {} events, but {} were accepted up to {}", name(posting), posting.covered_events, covered.len(), posting.caused_by);
            findings.push(Finding::new(Check::Postings, message));
        }
        let stated: BTreeMap<(&str, i32), (i64, i64)> =
            posting.covered.iter().map(|range| ((range.first.topic.as_str(), range.first.partition), (range.first.offset, range.last_offset))).collect();
        if stated != ranges(covered.iter().map(|event| &event.raw)) {
            findings.push(Finding::new(Check::Postings, format!("{}: the raw positions it covers are not those of its events", name(posting))));
        }
    }
}

fn ranges<'a>(positions: impl Iterator<Item = &'a Position>) -> BTreeMap<(&'a str, i32), (i64, i64)> {
    let mut ranges: BTreeMap<(&str, i32), (i64, i64)> = BTreeMap::new();
    for position in positions {
        let range = ranges.entry((position.topic.as_str(), position.partition)).or_insert((position.offset, position.offset));
        *range = (range.0.min(position.offset), range.1.max(position.offset));
    }
    ranges
}

fn lines(posting: &Posting, findings: &mut Vec<Finding>) {
    for (line, number) in posting.lines.iter().zip(1_i64..) {
        let mut complain = |what: &str| findings.push(Finding::new(Check::Postings, format!("{}, line {}: {what}", name(posting), line.line)));
        if line.line != number {
            complain(&format!("is the {number}. line"));
        }
        if !["101", "102", "261", "262", "531", "532"].contains(&line.movement_type.as_str()) {
            complain(&format!("movement type {} is not one that postings have", line.movement_type));
        }
        if !line.quantity.value.is_positive() {
            complain(&format!("quantity {} is not positive", line.quantity));
        }
        if !(&line.quantity.value % last_digit(&line.quantity.unit)).is_zero() {
            complain(&format!("quantity {} has more digits than a posting carries", line.quantity));
        }
    }
}

fn control_totals(posting: &Posting, findings: &mut Vec<Finding>) {
    let mut sums: BTreeMap<(&str, &str), (i64, BigDecimal)> = BTreeMap::new();
    for line in &posting.lines {
        let sum = sums.entry((&line.movement_type, &line.quantity.unit)).or_default();
        sum.0 += 1;
        sum.1 += &line.quantity.value;
    }
    let stated: BTreeMap<(&str, &str), (i64, BigDecimal)> =
        posting.control_totals.iter().map(|total| ((total.movement_type.as_str(), total.unit.as_str()), (total.lines, total.quantity.clone()))).collect();
    if sums != stated || stated.len() != posting.control_totals.len() {
        let message = format!("{}: control totals ({}) are not the sums of its lines ({})", name(posting), totals_text(&stated), totals_text(&sums));
        findings.push(Finding::new(Check::Postings, message));
    }
}

fn totals_text(totals: &BTreeMap<(&str, &str), (i64, BigDecimal)>) -> String {
    let texts: Vec<String> = totals.iter().map(|((movement_type, unit), (lines, sum))| format!("{movement_type}: {} {unit} in {lines} lines", plain(sum))).collect();
    texts.join(", ")
}

/// Every line of every posting once among the goods movements, every confirmation once among the confirmations, nothing else.
fn erp(contents: &Contents, findings: &mut Vec<Finding>) {
    let mut documents = BTreeSet::new();
    let mut items: BTreeMap<(&str, i64), Vec<&MovementItem>> = BTreeMap::new();
    for movement in &contents.movements {
        if !documents.insert(&movement.id) {
            findings.push(Finding::new(Check::Erp, format!("goods movement {} of posting {} stands twice", movement.id, movement.posting_id)));
        }
        for item in &movement.items {
            items.entry((&movement.posting_id, item.posting_line)).or_default().push(item);
        }
    }
    let mut confirmations: BTreeMap<(&str, &str, &str), Vec<&ConfirmationLine>> = BTreeMap::new();
    for confirmation in &contents.confirmations {
        if !documents.insert(&confirmation.id) {
            findings.push(Finding::new(Check::Erp, format!("confirmation {} of posting {} stands twice", confirmation.id, confirmation.posting_id)));
        }
        let line = &confirmation.line;
        confirmations.entry((&confirmation.posting_id, &line.operation, &line.unit)).or_default().push(line);
    }
    for posting in &contents.postings {
        for line in &posting.lines {
            let said = items.remove(&(posting.id.as_str(), line.line)).unwrap_or_default();
            once(&format!("{}, line {}", name(posting), line.line), "goods movement items", &said, |item| **item == item_of(line), |item| item_text(item), findings);
        }
        for line in &posting.confirmations {
            let said = confirmations.remove(&(posting.id.as_str(), line.operation.as_str(), line.unit.as_str())).unwrap_or_default();
            once(&format!("{}, operation {}", name(posting), line.operation), "confirmations", &said, |said| *said == line, |said| line_text(said), findings);
        }
    }
    let unknown_items = items.keys().map(|(posting, line)| format!("goods movements name line {line} of posting {posting}, which is not there"));
    let unknown_lines =
        confirmations.keys().map(|(posting, operation, _)| format!("a confirmation names operation {operation} of posting {posting}, which is not there"));
    findings.extend(unknown_items.chain(unknown_lines).map(|message| Finding::new(Check::Erp, message)));
}

/// Exactly one record that agrees.
fn once<T>(subject: &str, what: &str, said: &[T], agrees: impl Fn(&T) -> bool, shown: impl Fn(&T) -> String, findings: &mut Vec<Finding>) {
    match said {
        [one] if agrees(one) => {}
        [one] => findings.push(Finding::new(Check::Erp, format!("{subject}: the ERP is told otherwise: {}", shown(one)))),
        others => findings.push(Finding::new(Check::Erp, format!("{subject}: {} {what} instead of one", others.len()))),
    }
}

fn item_text(item: &MovementItem) -> String {
    let lot = item.lot.as_deref().unwrap_or("-");
    format!("{} {} lot {lot} {}", item.movement_type, item.item, item.quantity)
}

fn line_text(line: &ConfirmationLine) -> String {
    format!("yield {}, scrap {}, rework {} {}", plain(&line.good), plain(&line.scrap), plain(&line.rework), line.unit)
}

fn item_of(line: &PostingLine) -> MovementItem {
    MovementItem {
        posting_line: line.line,
        movement_type: line.movement_type.clone(),
        item: line.item.clone(),
        storage_location: line.storage_location.clone(),
        lot: line.lot.clone(),
        reservation: line.reservation.clone(),
        reservation_item: line.reservation_item.clone(),
        quantity: line.quantity.clone(),
    }
}
