//! The reference pages in docs/contracts/ are what the schemas and the table say.
//! `LINESIDE_UPDATE_GOLDEN=1 cargo test -p lineside-topology --test contract_pages` writes them anew.
#![allow(clippy::unwrap_used, reason = "a test may stop at what it did not expect")]

mod flow;
mod page;
mod schema;
mod units;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use lineside_schemas::ContractId;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn assert_golden(file: &str, rendered: &str) {
    let path = root().join("docs/contracts").join(file);
    if std::env::var_os("LINESIDE_UPDATE_GOLDEN").is_some() {
        std::fs::write(&path, rendered).unwrap();
    }
    let committed = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        committed == rendered,
        "docs/contracts/{file} is not what the schemas say now; if the change is meant, run LINESIDE_UPDATE_GOLDEN=1 cargo test -p lineside-topology --test contract_pages"
    );
}

#[test]
fn every_contract_has_its_page_and_the_index_lists_them() {
    assert_golden("README.md", &page::index());
    assert_golden("units.md", &units::page());
    let mut files = BTreeSet::from(["README.md".to_owned(), "units.md".to_owned()]);
    for &contract in ContractId::ALL {
        let file = format!("{}.md", contract.name());
        assert_golden(&file, &page::of(contract, &root()));
        files.insert(file);
    }
    let found: BTreeSet<String> = std::fs::read_dir(root().join("docs/contracts")).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    assert_eq!(found, files, "a page for each contract, one for the units, and no other");
}

#[test]
fn a_page_says_where_the_record_travels_and_what_each_field_means() {
    let page = page::of(ContractId::QualityEvent, &root());
    for part in [
        "| topic | `canonical.quality.v1`, keyed by plant/lot |",
        "| made by | normalizer |",
        "| written by | deduplicator |",
        "| `results` | array of [CharacteristicResult](#characteristicresult) | empty | Result of each characteristic. |",
        "| `value` | decimal(38, 9) | required |",
        "`ACCEPTED_WITH_RESTRICTION`",
        "\"characteristic\": \"0010\"",
    ] {
        assert!(page.contains(part), "{part} is not in\n{page}");
    }
    assert!(page::of(ContractId::ProductionEvent, &root()).contains("| read by | order-aggregator, supply-publisher"));
    assert!(page::of(ContractId::OrderLedger, &root()).contains("order-aggregator-orders-changelog"));
}
