//! What has to stand in the ERP, worked out from the plant's documents; and what does, added up from the topics.

use std::collections::{BTreeMap, BTreeSet};

use lineside_schemas::Decimal;
use lineside_schemas::records::OrderProgressStatus;
use lineside_schemas::unit::posting_digits;
use lineside_testkit::TopologyDriver;
use lineside_topology::topics::{ERP_CONFIRMATIONS, ERP_GOODS_MOVEMENTS, ORDER_POSTINGS, SUPPLY_ORDER_PROGRESS};

use crate::plant::{Document, Happening, canonical};

/// What is added up: goods moved to (261 less 262) and from (101 less 102) an order by line, quantities confirmed, and how its progress ended.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Books {
    /// By order, reservation item, material, batch and unit. Lines that come to nothing are left out.
    pub issued: BTreeMap<[String; 5], Decimal>,
    /// By order and batch.
    pub received: BTreeMap<[String; 2], Decimal>,
    /// Yield and scrap by order and operation.
    pub confirmed: BTreeMap<[String; 2], (Decimal, Decimal)>,
    /// Completed, produced and scrapped, by order.
    pub progress: BTreeMap<String, (bool, Decimal, Decimal)>,
}

fn add(sum: &mut Decimal, value: Decimal) {
    *sum = sum.checked_add(value).unwrap();
}

/// What the documents, each counted once, have to come to.
pub fn expected(documents: &[Document]) -> Books {
    let mut books = Books::default();
    let reversed: BTreeSet<&str> = documents
        .iter()
        .filter_map(|document| match &document.happening {
            Happening::Reversed { event_id } => Some(event_id.as_str()),
            _ => None,
        })
        .collect();
    for document in documents {
        let order = || document.order.clone();
        let progress = books.progress.entry(order()).or_default();
        match &document.happening {
            Happening::Consumed { components, .. } | Happening::Returned { components, .. } => {
                for (number, component) in (1..).zip(components) {
                    let (value, unit) = canonical(component);
                    let value = match &document.happening {
                        _ if reversed.contains(format!("{}#{number}", document.event_id).as_str()) => Decimal::ZERO,
                        Happening::Returned { .. } => value.negated(),
                        _ => value,
                    };
                    let key = [order(), component.reservation_item.clone(), component.material.clone(), component.batch.clone(), unit.to_owned()];
                    add(books.issued.entry(key).or_default(), value);
                }
            }
            Happening::Received { batch, quantity } => {
                add(books.received.entry([order(), batch.clone()]).or_default(), Decimal::from_int((*quantity).into()));
                add(&mut progress.1, Decimal::from_int((*quantity).into()));
            }
            Happening::Confirmed { operation, good, scrap, .. } => {
                let (good_sum, scrap_sum) = books.confirmed.entry([order(), operation.clone()]).or_default();
                add(good_sum, Decimal::from_int((*good).into()));
                add(scrap_sum, Decimal::from_int((*scrap).into()));
                add(&mut progress.2, Decimal::from_int((*scrap).into()));
            }
            Happening::Completed => progress.0 = true,
            Happening::Released { .. } | Happening::Started { .. } | Happening::Reversed { .. } => {}
        }
    }
    // The ERP books the rounded sum, and never less than nothing.
    for ([.., unit], sum) in &mut books.issued {
        *sum = if sum.is_negative() { Decimal::ZERO } else { sum.round_to(posting_digits(unit)) };
    }
    books.issued.retain(|_, sum| !sum.is_zero());
    books
}

/// What the ERP and supply topics come to. Checks on the way what has to hold for every posting.
pub fn posted(driver: &TopologyDriver) -> Books {
    let mut books = Books::default();
    let postings = driver.values(ORDER_POSTINGS).unwrap();
    let mut ids = BTreeSet::new();
    let mut sequences: BTreeMap<&str, Vec<i32>> = BTreeMap::new();
    for posting in &postings {
        assert!(ids.insert(posting.posting_id), "posting {} stands twice", posting.posting_id);
        sequences.entry(posting.order).or_default().push(posting.sequence);
    }
    for (order, sequences) in sequences {
        let expected: Vec<i32> = (1..).take(sequences.len()).collect();
        assert_eq!(sequences, expected, "sequence of order {order}");
    }
    let mut documents = BTreeSet::new();
    for movement in driver.values(ERP_GOODS_MOVEMENTS).unwrap() {
        assert!(ids.contains(movement.posting_id) && documents.insert(movement.document_id.to_owned()));
        for item in movement.items {
            let value = if matches!(item.movement_type, "262" | "102") { item.quantity_in_entry_unit.negated() } else { item.quantity_in_entry_unit };
            let text = |text: Option<&str>| text.unwrap_or_default().to_owned();
            if matches!(item.movement_type, "261" | "262") {
                let key = [movement.order.to_owned(), text(item.reservation_item), item.material.to_owned(), text(item.batch), item.entry_unit.to_owned()];
                add(books.issued.entry(key).or_default(), value);
            } else {
                add(books.received.entry([movement.order.to_owned(), text(item.batch)]).or_default(), value);
            }
        }
    }
    books.issued.retain(|_, sum| !sum.is_zero());
    for confirmation in driver.values(ERP_CONFIRMATIONS).unwrap() {
        assert!(ids.contains(confirmation.posting_id) && documents.insert(confirmation.confirmation_id.to_owned()));
        let (good, scrap) = books.confirmed.entry([confirmation.order.to_owned(), confirmation.operation.to_owned()]).or_default();
        add(good, confirmation.yield_quantity);
        add(scrap, confirmation.scrap_quantity);
    }
    for progress in driver.values(SUPPLY_ORDER_PROGRESS).unwrap() {
        let value = |quantity: Option<lineside_schemas::records::Quantity<'_>>| quantity.map(|quantity| quantity.value).unwrap_or_default();
        let ended = (progress.status == OrderProgressStatus::Completed, value(progress.produced_quantity), value(progress.scrapped_quantity));
        books.progress.insert(progress.order.to_owned(), ended);
    }
    books
}
