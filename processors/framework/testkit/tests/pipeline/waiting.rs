//! A plant whose lists need master data, through the whole topology: whichever comes first, the books are the same.

use std::fmt::Write as _;
use std::time::Duration;

use lineside_api::Timestamp;
use lineside_testkit::{Faults, InputRecord, Settings, TopologyDriver};
use lineside_topology::topics::{CANONICAL_PRODUCTION, MASTER_ITEM, MASTER_UNIT_CONVERSION};

use crate::run::{outputs, topology};

const DROPS: &str = "raw.plant-d.csv-consumption";
const MASTER: &str = "raw.plant-d.master";

const HEADER: &str = "Liste\r\nBeleg;Pos;Buchungszeit;BuchDatum;Art;Auftrag;Vorgang;Reservierung;ResPos;StlPos;Material;Bezeichnung;Menge;ME;Charge;Lagerort;Beh\u{e4}lter;Erledigt;StornoBeleg;StornoPos;Grund\r\n";

/// A list of movements in windows-1252: number, order, material, amount and unit of each.
fn list(number: u32, rows: &[(&str, &str, &str, &str)]) -> Vec<u8> {
    let mut text = HEADER.to_owned();
    for (position, (order, material, amount, unit)) in rows.iter().enumerate() {
        let _ = write!(
            text,
            "{number};{position};20.11.2026 10:{position:02};20.11.2026;EN;{order};0010;91;{position};{position};{material};;{amount};{unit};CH-1;L100;;N;;;\r\n"
        );
    }
    text.chars().map(|character| u8::try_from(character).unwrap()).collect()
}

fn lists() -> Vec<Vec<u8>> {
    vec![
        list(1, &[("5001", "RM-1", "2", "KAR"), ("5001", "RM-2", "1,5", "KG"), ("5002", "RM-1", "3", "KG")]),
        list(2, &[("5001", "RM-2", "4", "KG")]),
        list(3, &[("5002", "RM-1", "1", "KAR")]),
        list(4, &[("5003", "RM-2", "7", "KG")]),
    ]
}

fn master() -> Vec<Vec<u8>> {
    let material = |item: &str, number: &str| {
        format!(
            r#"{{"kind": "MATERIAL", "change": "{item}", "changedAt": "2026-11-01T00:00:00Z", "material": "{item}", "baseUnit": "KG", "numbers": [{{"system": "plant-d.csv", "number": "{number}"}}]}}"#
        )
    };
    let unit = r#"{"kind": "UNIT", "change": "U-1", "changedAt": "2026-11-01T00:00:00Z", "material": "CH-1", "unit": "KAR", "baseUnit": "KG", "ratios": [{"baseQuantity": "25"}]}"#;
    [material("CH-2", "RM-2"), material("CH-1", "RM-1"), unit.to_owned()].into_iter().map(String::into_bytes).collect()
}

fn send(driver: &mut TopologyDriver, topic: &str, value: &[u8]) {
    driver.produce(&InputRecord { topic, key: Some(b"one"), value: Some(value), ..InputRecord::default() });
}

fn rest(driver: &mut TopologyDriver) {
    for _ in 0..6 {
        driver.run_until_quiet().unwrap();
        driver.advance(Duration::from_secs(2));
    }
    driver.run_until_quiet().unwrap();
}

fn started(settings: Settings) -> TopologyDriver {
    let mut driver = topology(settings);
    driver.set_now(Timestamp::from_iso("2026-11-21T00:00:00Z").unwrap());
    driver
}

#[test]
fn a_plants_lists_wait_for_its_master_data_and_its_books_are_those_of_the_other_order() {
    let mut known = started(Settings::new(1));
    for record in master() {
        send(&mut known, MASTER, &record);
    }
    rest(&mut known);
    for list in lists() {
        send(&mut known, DROPS, &list);
    }
    rest(&mut known);
    assert_eq!(known.dead_letters().unwrap(), []);
    assert_eq!((known.values(MASTER_ITEM).unwrap().len(), known.values(MASTER_UNIT_CONVERSION).unwrap().len()), (2, 1));
    let events = known.values(CANONICAL_PRODUCTION).unwrap();
    let said: Vec<_> = events.iter().map(|event| event.material_consumed.as_ref().map(|consumed| (consumed.item, consumed.quantity.to_string())).unwrap()).collect();
    assert!(said.contains(&("CH-1", "50 KGM".to_owned())) && said.contains(&("CH-2", "1.5 KGM".to_owned())) && said.len() == 6, "{said:?}");

    for seed in 0..12 {
        let faults = if seed % 2 == 0 { Faults::MANY } else { Faults::NONE };
        let mut waiting = started(Settings::new(seed).with_faults(faults));
        for list in lists() {
            send(&mut waiting, DROPS, &list);
        }
        rest(&mut waiting);
        assert!(waiting.values(CANONICAL_PRODUCTION).unwrap().is_empty(), "nothing may go on, seed {seed}");
        for record in master() {
            send(&mut waiting, MASTER, &record);
            rest(&mut waiting);
        }
        assert_eq!(waiting.dead_letters().unwrap(), []);
        // The ingest time and what follows from it differ; what was booked does not.
        assert_eq!(canonical(&waiting), canonical(&known), "seed {seed}");
        assert_eq!(outputs(&waiting).len(), outputs(&known).len());
    }
}

/// Key, id, item and quantity of each movement, in the order of each key.
fn canonical(driver: &TopologyDriver) -> Vec<(String, String, String, String)> {
    let mut said: Vec<_> = driver
        .outputs(CANONICAL_PRODUCTION)
        .unwrap()
        .into_iter()
        .map(|output| {
            let event = output.value.unwrap();
            let consumed = event.material_consumed.unwrap();
            (String::from_utf8_lossy(output.key.unwrap()).into_owned(), event.envelope.event_id.to_owned(), consumed.item.to_owned(), consumed.quantity.to_string())
        })
        .collect();
    // Stable: within a key it stays as it came.
    said.sort_by(|a, b| a.0.cmp(&b.0));
    said
}
