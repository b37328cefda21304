//! The typed handles and the table say the same.
#![allow(clippy::expect_used, clippy::unwrap_used, reason = "a test may stop at what it did not expect")]

use std::collections::BTreeSet;

use lineside_schemas::{Contract, ContractId};
use lineside_topology::processors::{
    ACCEPTED, ACCOUNT_ENTRIES, ACCOUNTS, DEDUPLICATOR, EVENTS, NORMALIZER, ORDER_AGGREGATOR, ORDERS, PARKED, PLANS, POSTINGS, PROCESSORS, PROGRESS, PUBLISHED_BOOKS,
    ProcessorSpec, RECONCILER, SUPPLY_PUBLISHER, TIMERS, TOTALS, processor,
};
use lineside_topology::topics::{
    BOOKS, BOOKS_TOTALS, CANONICAL_INBOUND, CANONICAL_INVENTORY, CANONICAL_OUTBOUND, CANONICAL_PLANNING, CANONICAL_PRODUCTION, CANONICAL_QUALITY, CANONICAL_TRACEABILITY,
    CANONICAL_WORK_CENTER, DUPLICATES, ERP_CONFIRMATIONS, ERP_GOODS_MOVEMENTS, MASTER_BILL_OF_MATERIAL, MASTER_CUSTOMER, MASTER_ITEM, MASTER_LOT,
    MASTER_ORDER_CROSS_REFERENCE, MASTER_ROUTING, MASTER_SHIFT_CALENDAR, MASTER_STATUS_CODE_TABLE, MASTER_STORAGE_LOCATION, MASTER_SUPPLIER, MASTER_UNIT_CONVERSION,
    MASTER_WORK_CENTER, NORMALIZED, ORDER_POSTINGS, RAW_TEMPLATE, RULES_POSTING, SUPPLY_ORDER_PROGRESS, changelog_topic, dead_letter_topic, is_framed, topics,
};
use lineside_topology::topics::{ERP_POSTING_OUTCOMES, ORDER_STATUS};
use lineside_topology::{StoreHandle, StoreKind, Topic, Value};

/// Topics that the table gives the handle's name and value; one, if they agree.
fn row<C: Contract>(handle: Topic<C>) -> String {
    let rows: Vec<_> = topics().into_iter().filter(|topic| topic.name == handle.name()).collect();
    assert_eq!(rows.len(), 1, "{handle:?}");
    assert!([Value::Avro(C::ID), Value::Frames(C::ID)].contains(&rows[0].value), "{handle:?}");
    handle.name().to_owned()
}

fn store<C: Contract>(spec: &ProcessorSpec, handle: StoreHandle<C>) -> (&'static str, &'static str) {
    let rows: Vec<_> = spec.stores.iter().filter(|store| store.name == handle.name()).collect();
    assert_eq!(rows.len(), 1, "{handle:?}");
    assert_eq!(rows[0].kind, StoreKind::Keyed(C::ID), "{handle:?}");
    (spec.name, handle.name())
}

#[test]
fn every_fixed_topic_has_a_handle_of_its_type() {
    let mut handles = BTreeSet::from([row(NORMALIZED), row(ORDER_POSTINGS), row(ERP_CONFIRMATIONS), row(ERP_GOODS_MOVEMENTS), row(SUPPLY_ORDER_PROGRESS)]);
    handles.extend([row(ERP_POSTING_OUTCOMES), row(ORDER_STATUS)]);
    handles.extend([row(CANONICAL_PRODUCTION), row(CANONICAL_QUALITY), row(CANONICAL_TRACEABILITY), row(CANONICAL_INVENTORY)]);
    handles.extend([row(CANONICAL_INBOUND), row(CANONICAL_OUTBOUND), row(CANONICAL_PLANNING), row(CANONICAL_WORK_CENTER)]);
    handles.extend([row(MASTER_ITEM), row(MASTER_BILL_OF_MATERIAL), row(MASTER_ROUTING), row(MASTER_WORK_CENTER), row(MASTER_UNIT_CONVERSION)]);
    handles.extend([row(MASTER_STORAGE_LOCATION), row(MASTER_LOT), row(MASTER_SUPPLIER), row(MASTER_CUSTOMER), row(MASTER_SHIFT_CALENDAR)]);
    handles.extend([row(MASTER_STATUS_CODE_TABLE), row(MASTER_ORDER_CROSS_REFERENCE)]);
    handles.insert(row(RULES_POSTING));
    handles.extend([row(BOOKS), row(BOOKS_TOTALS), row(DUPLICATES)]);
    let mut fixed: BTreeSet<String> = topics().into_iter().map(|topic| topic.name).collect();
    fixed.remove(RAW_TEMPLATE);
    for processor in PROCESSORS {
        fixed.remove(&dead_letter_topic(processor));
        for store in processor.stores {
            fixed.remove(&changelog_topic(processor, store.name));
        }
    }
    assert_eq!(fixed, handles);
}

#[test]
fn every_store_has_a_handle_of_its_kind() {
    assert!(DEDUPLICATOR.stores.iter().any(|spec| spec.name == ACCEPTED.name() && spec.kind == StoreKind::Ids));
    let mut handles = BTreeSet::from([(DEDUPLICATOR.name, ACCEPTED.name()), store(&ORDER_AGGREGATOR, ORDERS), store(&SUPPLY_PUBLISHER, PROGRESS)]);
    handles.extend([
        store(&ORDER_AGGREGATOR, PLANS),
        store(&ORDER_AGGREGATOR, EVENTS),
        store(&ORDER_AGGREGATOR, POSTINGS),
        store(&ORDER_AGGREGATOR, TIMERS),
        store(&NORMALIZER, PARKED),
    ]);
    handles.extend([store(&RECONCILER, ACCOUNTS), store(&RECONCILER, ACCOUNT_ENTRIES), store(&RECONCILER, PUBLISHED_BOOKS), store(&RECONCILER, TOTALS)]);
    let stores: BTreeSet<_> = PROCESSORS.iter().flat_map(|spec| spec.stores.iter().map(|store| (spec.name, store.name))).collect();
    assert_eq!(stores, handles);
}

#[test]
fn the_changelog_of_a_keyed_store_carries_the_type_of_its_values() {
    for spec in PROCESSORS {
        for store in spec.stores {
            let changelog = topics().into_iter().find(|topic| topic.name == changelog_topic(spec, store.name)).expect("every store has a changelog");
            let value = match store.kind {
                StoreKind::Keyed(contract) => contract,
                StoreKind::Ids => ContractId::AcceptedIds,
            };
            assert_eq!(changelog.value, Value::Avro(value), "{}", changelog.name);
        }
    }
}

#[test]
fn every_contract_stands_on_a_topic() {
    let used: BTreeSet<ContractId> = topics().iter().flat_map(|topic| topic.value.subjects(&topic.name)).map(|(_, contract)| contract).collect();
    assert_eq!(used, ContractId::ALL.iter().copied().collect());
}

#[test]
fn a_processor_is_found_by_name() {
    for spec in PROCESSORS {
        assert_eq!(processor(spec.name), Some(spec));
    }
    assert_eq!(processor("nobody"), None);
}

#[test]
fn a_framed_topic_has_a_subject_for_the_frame_and_one_for_what_is_in_it() {
    let subjects = Value::Frames(ContractId::NormalizedEvent).subjects("normalized");
    let expected = [("normalized-value", ContractId::RecordFrame), ("normalized-io.lineside.internal.NormalizedEvent", ContractId::NormalizedEvent)];
    assert_eq!(subjects, expected.map(|(subject, contract)| (subject.to_owned(), contract)));
    for contract in ContractId::ALL {
        let schema = contract.schema_text();
        assert!(schema.contains(&format!("\"io.lineside.{}\"", contract.family())) && schema.contains(&format!("\"{}\"", contract.name())), "{contract:?}");
    }
    assert!(is_framed("normalized") && !is_framed("canonical.production.v1") && !is_framed("unheard-of"));
}
