//! What the index of master data costs: memory per identifier, and time per record and per look-up.
//!
//! `cargo run --release -p lineside-normalizer --example master_index_cost [ITEMS [ALIASES]]`

use std::time::Instant;

use lineside_normalizer::master::{Answer, MasterData, Reference};
use lineside_normalizer::{MasterEntity, MasterIndex};
use lineside_schemas::records::{Alias, Envelope, Item, RawPosition};
use lineside_schemas::{Timestamp, contract};

fn main() {
    let mut arguments = std::env::args().skip(1).filter_map(|text| text.parse::<u64>().ok());
    let (items, aliases) = (arguments.next().unwrap_or(1_000_000), arguments.next().unwrap_or(1));
    let codec = lineside_testkit::codec();
    let mut index = MasterIndex::new([MasterEntity::Item]);
    let before = resident_kib();
    let started = Instant::now();
    let mut wire = Vec::new();
    for number in 0..items {
        let item = format!("{number:018}");
        let ids: Vec<String> = (0..aliases).map(|alias| format!("{alias}-{number:010}")).collect();
        let record = Item {
            envelope: Envelope { plant: "plant-d", raw: RawPosition { topic: "raw.plant-d.master", partition: 0, offset: 1 }, ..Envelope::default() },
            item: &item,
            aliases: ids.iter().map(|id| Alias { scheme: "plant-d.csv", id, valid_from: None, valid_to: None }).collect(),
            ..Item::default()
        };
        wire.clear();
        codec.encode::<contract::Item>(MasterEntity::Item.topic(), &record, &mut wire).expect("the codec knows every topic");
        index.apply(MasterEntity::Item.topic(), &format!("plant-d/{item}"), Some(&wire), &codec, &mut |_| {}).expect("it was just written");
    }
    let built = started.elapsed();
    let claims = index.claims().max(1);
    let bytes = resident_kib().saturating_sub(before) * 1024;
    println!("{} records, {claims} identifiers: {} MiB, {} bytes an identifier", index.records(), bytes >> 20, bytes / u64::try_from(claims).unwrap_or(1));
    println!("{} ns to write, read and take a record", built.as_nanos() / u128::from(items.max(1)));

    let looked_up = 1_000_000;
    let started = Instant::now();
    let mut found = 0;
    for number in 0..looked_up {
        // Spread over all of them, so that caches do not answer.
        let id = format!("0-{:010}", number * 7919 % items.max(1));
        let reference = Reference { entity: MasterEntity::Item, plant: "plant-d", scheme: "plant-d.csv", id: &id, kind: None, at: Timestamp::EPOCH };
        found += u64::from(matches!(index.find(&reference), Answer::Found(_)));
    }
    println!("{} ns a look-up, {found} of {looked_up} found", started.elapsed().as_nanos() / u128::from(looked_up));
}

/// Memory that the process has, from Linux' /proc; 0 elsewhere.
fn resident_kib() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    line.and_then(|line| line.split_whitespace().next()?.parse().ok()).unwrap_or_default()
}
