//! Texts that programs stumble over, in every text field from the raw record to the ERP topics: what comes out is what went in, byte for byte, or it is refused.
//!
//! `strings.json` is our list; the published one, `blns.json`, is read where it is there.

#![allow(clippy::unwrap_used, reason = "a panic is how a test fails")]

mod format;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use lineside_api::{Erased, Timestamp};
use lineside_deduplicator::DeduplicatorArgs;
use lineside_erp_publisher::ErpPublisherArgs;
use lineside_normalizer::NormalizerArgs;
use lineside_order_aggregator::OrderAggregatorArgs;
use lineside_runtime::Application;
use lineside_schemas::records::{NameValue, ProductionEvent};
use lineside_supply_publisher::SupplyPublisherArgs;
use lineside_testkit::worker::Factory;
use lineside_testkit::{InputRecord, Settings, TopologyDriver};
use lineside_topology::topics::{CANONICAL_PRODUCTION, ERP_CONFIRMATIONS, ERP_GOODS_MOVEMENTS, ORDER_POSTINGS, SUPPLY_ORDER_PROGRESS};

use crate::format::Format;

/// 2026-11-20T09:00:00Z, an hour after everything happened.
const NOW: Timestamp = Timestamp::from_micros(1_795_165_200_000_000);

/// Bytes that a text of an event may have.
const TEXT_BYTES: usize = 4096;

fn factory(application: impl Application + 'static) -> Factory {
    Box::new(move || -> Box<dyn Erased> { application.processor().unwrap() })
}

/// Every processor of the table, with a mapping for each format.
fn topology(mappings: &Path) -> TopologyDriver {
    let mut driver = TopologyDriver::with(Settings::new(1), |_| {
        let normalizer = NormalizerArgs { mappings: Some(mappings.to_owned()), max_depth: 32, ..NormalizerArgs::default() };
        vec![
            factory(normalizer),
            factory(DeduplicatorArgs::default()),
            factory(OrderAggregatorArgs::default()),
            factory(ErpPublisherArgs::default()),
            factory(SupplyPublisherArgs::default()),
        ]
    });
    driver.set_now(NOW);
    driver
}

fn texts() -> BTreeSet<String> {
    let mut texts: BTreeSet<String> = serde_json::from_str(include_str!("strings.json")).unwrap();
    texts.insert(String::new());
    for length in [TEXT_BYTES - 3, TEXT_BYTES - 2, TEXT_BYTES - 1, TEXT_BYTES, TEXT_BYTES + 1] {
        texts.insert("x".repeat(length));
    }
    texts.insert("€".repeat(TEXT_BYTES / 3 - 1));
    texts.insert("€".repeat(TEXT_BYTES / 3 + 1));
    if let Some(file) = published() {
        let published: Vec<String> = serde_json::from_slice(&fs::read(file).unwrap()).unwrap();
        texts.extend(published);
    }
    texts
}

/// The published list, if it is there.
fn published() -> Option<PathBuf> {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../../shared/data");
    let file = std::env::var_os("LINESIDE_SAMPLES").map_or(beside, PathBuf::from).join("bad-input/blns.json");
    if file.is_file() {
        return Some(file);
    }
    eprintln!("NOT RUN with {}, which is not there; LINESIDE_SAMPLES names the folder of sample documents", file.display());
    None
}

/// The code that a text has to be refused with, by what its format and the contracts allow. Everything else has to pass.
fn refused(format: Format, text: &str) -> Option<&'static str> {
    // The longest text of an event is its id: the text, and two characters of the mapping.
    match format {
        Format::Csv if text.contains('\0') => Some("invalid-csv"),
        _ if text.is_empty() => Some("empty-field"),
        _ if text.len() + 2 > TEXT_BYTES => Some("text-too-long"),
        _ => None,
    }
}

#[test]
fn texts_pass_unharmed_through_every_field_or_are_refused() {
    let mappings = tempfile::tempdir().unwrap();
    for format in Format::ALL {
        let folder = mappings.path().join(format.source());
        fs::create_dir(&folder).unwrap();
        fs::write(folder.join("mapping.yaml"), format.mapping()).unwrap();
    }
    let mut driver = topology(mappings.path());
    let (mut passing, mut wrong) = (BTreeSet::new(), BTreeMap::new());
    for text in texts() {
        for format in Format::ALL {
            let Some(record) = format.record(&text) else { continue };
            driver.produce(&InputRecord { topic: &format!("raw.{}", format.source()), value: Some(&record), ..InputRecord::default() });
            match refused(*format, &text) {
                Some(code) => drop(wrong.insert(record, code)),
                None => drop(passing.insert((format.plant(), text.clone()))),
            }
        }
    }
    driver.run_until_quiet().unwrap();

    let letters = driver.dead_letters().unwrap();
    let found: BTreeMap<_, _> = letters.iter().map(|letter| (letter.value.unwrap().to_vec(), letter.code)).collect();
    assert_eq!(letters.len(), found.len(), "a record is refused once");
    assert_eq!(found, wrong, "only these are refused, with their original bytes");
    assert!(wrong.len() >= 15 && passing.len() >= 300, "{} refused, {} passing", wrong.len(), passing.len());

    passed_the_canonical_topic(&driver, &passing);
    passed_the_topics_behind(&driver, &passing);
}

/// Plant and text of everything that has to come out.
type Passing = BTreeSet<(&'static str, String)>;

/// Adds what a record names as its plant and order, after a check that this is the same text as in all of its other fields.
fn passed_the_canonical_topic(driver: &TopologyDriver, passing: &Passing) {
    let mut seen: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    let outputs = driver.outputs(CANONICAL_PRODUCTION).unwrap();
    for output in &outputs {
        let event = output.value.as_ref().unwrap();
        let (plant, text) = (event.envelope.plant, event.order);
        assert_eq!(output.key, Some(format!("{plant}/{text}").as_bytes()), "{text:?}");
        assert_eq!(event.envelope.correlation_id, format!("{plant}/{text}"));
        assert_eq!(event.envelope.causation_id, Some(text));
        for found in texts_of(event) {
            assert_eq!(found, text, "of {plant}");
        }
        *seen.entry((plant, text)).or_default() += 1;
    }
    let wanted: BTreeMap<_, _> = passing.iter().map(|(plant, text)| ((*plant, text.as_str()), format::EVENTS)).collect();
    assert_eq!(seen, wanted);
}

/// Every text of the group that is set that the mapping fills with the text itself, and the id without what the mapping puts behind it.
fn texts_of<'e>(event: &'e ProductionEvent<'e>) -> Vec<&'e str> {
    let mut texts = vec![event.envelope.event_id.get(..event.envelope.event_id.len() - 2).unwrap()];
    let properties = |properties: &[NameValue<'e>]| properties.iter().flat_map(|property| [property.name, property.value]).collect::<Vec<_>>();
    if let Some(moved) = &event.material_consumed {
        texts.extend([moved.operation, moved.item]);
        texts.extend([moved.reservation, moved.reservation_item, moved.position, moved.lot, moved.sublot, moved.storage_location].map(Option::unwrap));
        texts.extend(moved.movement_type);
        // No document: what names one is booked in the ERP already, and goes no further.
        assert_eq!((moved.document, moved.document_item), (None, None));
        texts.extend(properties(&moved.properties));
        assert_eq!(texts.len(), 12);
    }
    if let Some(confirmed) = &event.operation_confirmed {
        texts.push(confirmed.operation);
        texts.extend([confirmed.work_center, confirmed.confirmation, confirmed.confirmation_count, confirmed.reason_code].map(Option::unwrap));
        texts.extend([confirmed.personnel, confirmed.shift, confirmed.text].map(Option::unwrap));
        texts.extend(properties(&confirmed.properties));
        assert_eq!(texts.len(), 11);
    }
    if let Some(received) = &event.finished_goods_reported {
        texts.push(received.item);
        texts.extend([received.operation, received.lot, received.sublot, received.storage_location, received.stock_status, received.line].map(Option::unwrap));
        texts.extend(received.serials.iter().copied());
        assert_eq!(texts.len(), 9);
    }
    if let Some(completed) = &event.order_completed {
        texts.push(completed.reason.unwrap());
    }
    assert!(texts.len() > 1, "{:?} fills no group", event.r#type);
    texts
}

fn passed_the_topics_behind(driver: &TopologyDriver, passing: &Passing) {
    let wanted: BTreeSet<(&str, &str)> = passing.iter().map(|(plant, text)| (*plant, text.as_str())).collect();
    let mut seen = BTreeSet::new();
    for posting in &driver.values(ORDER_POSTINGS).unwrap() {
        seen.insert((posting.plant, posting.order));
    }
    assert_eq!(seen, wanted, "postings");

    seen.clear();
    let confirmations = driver.values(ERP_CONFIRMATIONS).unwrap();
    for confirmation in &confirmations {
        assert_eq!(confirmation.operation, confirmation.order);
        assert_eq!(confirmation.correlation_id, format!("{}/{}", confirmation.plant, confirmation.order));
        seen.insert((confirmation.plant, confirmation.order));
    }
    assert_eq!(seen, wanted, "confirmations");

    let (mut issued, mut received) = (BTreeSet::new(), BTreeSet::new());
    let movements = driver.values(ERP_GOODS_MOVEMENTS).unwrap();
    for movement in &movements {
        for item in &movement.items {
            let text = movement.order;
            assert_eq!((item.material, item.batch, item.storage_location), (text, Some(text), Some(text)));
            if item.movement_type == "261" {
                assert_eq!((item.reservation, item.reservation_item), (Some(text), Some(text)));
                issued.insert((movement.plant, text));
            } else {
                assert_eq!(item.movement_type, "101");
                received.insert((movement.plant, text));
            }
        }
    }
    assert_eq!(issued, wanted, "issues");
    assert_eq!(received, wanted, "receipts");

    let progress = driver.values(SUPPLY_ORDER_PROGRESS).unwrap();
    assert_eq!(progress.iter().map(|progress| (progress.plant, progress.order)).collect::<BTreeSet<_>>(), wanted, "progress");
}
