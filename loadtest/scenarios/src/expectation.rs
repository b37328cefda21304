//! Whether a simulated run came to what its simulator expects.

use std::collections::{BTreeMap, BTreeSet};

use bigdecimal::BigDecimal;
use lineside_simulators::plant_d::PlantD;
use lineside_simulators::{Amount, Counts, Defect, Expected, ExpectedOrder, Plant, ReceiptKey};

use crate::books::facts::plain;
use crate::books::{BookKey, ComponentRef, Contents, Net, OrderKey, nets};
use crate::tally::{SourceTally, Tally};

/// Every difference between what the topics hold and what the simulator's story says; none means that they agree.
#[must_use]
pub fn differences(contents: &Contents, expected: &Expected) -> Vec<String> {
    let mut found = Vec::new();
    let tally = Tally::of(contents);
    for (plant, counts) in &expected.counts {
        let source = tally.sources.get(plant.source()).copied().unwrap_or_default();
        compare_counts(*plant, counts, source, &mut found);
    }
    compare_broken(contents, expected, &mut found);
    let plants: BTreeSet<&str> = expected.counts.keys().map(|plant| plant.name()).chain(expected.orders.keys().map(|key| key.plant.as_str())).collect();
    let simulated = nets(contents).into_iter().filter(|(key, _)| plants.contains(key.plant.as_str())).collect();
    compare_orders(&simulated, expected, &mut found);
    let completed = expected.orders.values().filter(|order| order.completed).count() as u64;
    if tally.posted_orders != completed {
        found.push(format!("{completed} orders were completed, {} have a posting", tally.posted_orders));
    }
    found
}

/// Every difference between what the topics hold of plant D and what its lists say; none means that they agree.
#[must_use]
pub fn plant_d_differences(contents: &Contents, expected: &PlantD) -> Vec<String> {
    let mut found = Vec::new();
    let mut wanted: BTreeMap<(String, String), BigDecimal> = expected.consumed.iter().map(|(key, amount)| (key.clone(), BigDecimal::from(*amount))).collect();
    for (order, net) in nets(contents).into_iter().filter(|(key, _)| key.plant == "plant-d") {
        for (book, amount) in net.amounts {
            let item = if let BookKey::Component { item, .. } = &book { item.clone() } else { book.to_string() };
            match wanted.get_mut(&(order.order.clone(), item.clone())) {
                Some(open) if book.unit() == "KGM" => *open -= amount,
                _ => found.push(format!("order {order}: {} {} of {item} were never moved", plain(&amount), book.unit())),
            }
        }
    }
    for ((order, item), open) in wanted.into_iter().filter(|(_, open)| *open != BigDecimal::default()) {
        found.push(format!("order plant-d/{order}: {} KGM of {item} are not where they should be", plain(&open)));
    }
    found
}

fn compare_counts(plant: Plant, counts: &Counts, source: SourceTally, found: &mut Vec<String>) {
    let broken: u64 = counts.broken.values().sum();
    let rows = [
        ("raw records", counts.records, source.records),
        ("records refused", broken, source.refused_records),
        ("events", counts.events, source.events),
        ("events passed on", counts.accepted, source.accepted),
        ("duplicates", counts.duplicates, source.duplicates()),
        ("conflicts", counts.conflicts, source.conflicts),
        ("other events refused", 0, source.refused_events),
    ];
    for (what, wanted, counted) in rows.into_iter().filter(|(_, wanted, counted)| wanted != counted) {
        found.push(format!("{}: {what}: {wanted} expected, {counted} found", plant.source()));
    }
}

fn compare_broken(contents: &Contents, expected: &Expected, found: &mut Vec<String>) {
    let mut wanted: BTreeMap<(&str, &str), u64> = BTreeMap::new();
    for (plant, counts) in &expected.counts {
        for (defect, count) in &counts.broken {
            *wanted.entry((plant.topic(), code_of(*plant, *defect))).or_default() += count;
        }
    }
    let mut counted: BTreeMap<(&str, &str), u64> = BTreeMap::new();
    for letter in contents.letters_of("normalizer") {
        *counted.entry((&letter.refused.topic, &letter.code)).or_default() += 1;
    }
    for key in wanted.keys().chain(counted.keys()).collect::<BTreeSet<_>>() {
        let (wanted, counted) = (wanted.get(key).copied().unwrap_or_default(), counted.get(key).copied().unwrap_or_default());
        if wanted != counted {
            found.push(format!("{}: dead letters {}: {wanted} expected, {counted} found", key.0, key.1));
        }
    }
}

/// The error code under which the normalizer has to refuse a defect.
#[must_use]
pub const fn code_of(plant: Plant, defect: Defect) -> &'static str {
    match (defect, plant) {
        (Defect::Truncated, Plant::A) => "invalid-json",
        (Defect::Truncated, Plant::B) => "invalid-xml",
        (Defect::InvalidUtf8, _) => "invalid-encoding",
        (Defect::UnknownUnit, _) => "unknown-unit",
        (Defect::UnknownSite, _) => "unknown-plant",
        (Defect::MissingField, _) => "missing-field",
        (Defect::WrongType, _) => "wrong-type",
        (Defect::EntityBomb, _) => "xml-doctype",
        (Defect::UnmappedDocument, _) => "unmapped-document",
    }
}

fn compare_orders(nets: &BTreeMap<OrderKey, Net>, expected: &Expected, found: &mut Vec<String>) {
    let wanted: BTreeMap<OrderKey, &ExpectedOrder> =
        expected.orders.iter().map(|(key, order)| (OrderKey { plant: key.plant.clone(), order: key.order.clone() }, order)).collect();
    for key in nets.keys().filter(|key| !wanted.contains_key(key)) {
        found.push(format!("order {key} was never simulated"));
    }
    for (key, order) in wanted {
        let Some(net) = nets.get(&key) else {
            found.push(format!("order {key} is missing"));
            continue;
        };
        if net.completed != order.completed {
            found.push(format!("order {key}: completed: {} expected, {} found", order.completed, net.completed));
        }
        let amounts = amounts(order);
        for line in amounts.keys().chain(net.amounts.keys()).collect::<BTreeSet<_>>() {
            let (wanted, counted) = (amounts.get(line).cloned().unwrap_or_default(), net.amounts.get(line).cloned().unwrap_or_default());
            if wanted != counted {
                found.push(format!("order {key}, {line}: {} {} expected, {} found", plain(&wanted), line.unit(), plain(&counted)));
            }
        }
    }
}

fn amounts(order: &ExpectedOrder) -> BTreeMap<BookKey, BigDecimal> {
    let mut amounts = BTreeMap::new();
    for (line, amount) in &order.consumption {
        let component = ComponentRef {
            operation: Some(&line.operation),
            reservation: line.reservation.as_deref(),
            reservation_item: line.reservation_item.as_deref(),
            position: line.position.as_deref(),
            item: &line.item,
            lot: line.lot.as_deref(),
            storage_location: line.storage_location.as_deref(),
            unit: &line.unit,
        };
        amounts.insert(component.into(), exact(*amount));
    }
    for (receipt, amount) in &order.receipts {
        let ReceiptKey { item, lot, storage_location, unit } = receipt.clone();
        amounts.insert(BookKey::Receipt { item, lot, storage_location, unit }, exact(*amount));
    }
    for ((operation, unit), totals) in &order.operations {
        let key = |make: fn(String, String) -> BookKey| make(operation.clone(), unit.clone());
        amounts.insert(key(BookKey::Good), exact(totals.good));
        amounts.insert(key(BookKey::Scrap), exact(totals.scrap));
        amounts.insert(key(BookKey::Rework), exact(totals.rework));
    }
    amounts
}

fn exact(amount: Amount) -> BigDecimal {
    BigDecimal::new(amount.millionths().into(), 6)
}

#[cfg(test)]
mod tests {
    use lineside_simulators::{ReceiptKey as Receipt, Simulation};

    use super::*;
    use crate::books::tests::completed_order;

    #[test]
    fn a_run_that_came_to_nothing_differs_in_every_order_and_count() {
        let simulation = Simulation::new(1, 10, "2026-11-20T12:00:00Z".parse().unwrap());
        let differences = differences(&Contents::default(), &simulation.expected);
        for words in ["plant-a.mes: raw records:", "plant-b.b2mml: events:", "dead letters invalid-json: 1 expected, 0 found", "order plant-a/000100000 is missing"] {
            assert!(differences.iter().any(|difference| difference.contains(words)), "no {words:?} in {differences:#?}");
        }
    }

    #[test]
    fn an_amount_that_was_not_simulated_is_a_difference() {
        let key = lineside_simulators::OrderKey { plant: "plant-a".to_owned(), order: "100012".to_owned() };
        let receipt = Receipt { item: "FG-1".to_owned(), lot: Some("L-1".to_owned()), storage_location: None, unit: "C62".to_owned() };
        let order = ExpectedOrder { completed: true, receipts: BTreeMap::from([(receipt, Amount::from_millionths(9_000_000))]), ..ExpectedOrder::default() };
        let expected = Expected { orders: BTreeMap::from([(key, order)]), ..Expected::default() };
        let differences = differences(&completed_order(), &expected);
        for words in ["product FG-1, lot L-1: 9 C62 expected, 10 found", "component RM-1", "yield of operation 0010"] {
            assert!(differences.iter().any(|difference| difference.contains(words)), "no {words:?} in {differences:#?}");
        }
    }
}
