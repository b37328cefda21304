//! Many raw records from a small simulation: its documents again and again, with event ids of their own each time.

use lineside_scenarios::interrupt::Interrupt;
use lineside_scenarios::pipeline::Feeder;
use lineside_simulators::{RawDocument, Simulation};

/// Orders of the simulation; some thousand documents.
const ORDERS: usize = 500;
/// How event ids begin in the documents of the two plants.
const EVENT_IDS: [&str; 2] = ["\"A-", ">B-"];

/// Writes `count` raw records. Each event has an id of its own, as far as the simulation gives it one.
pub fn fill(feeder: &Feeder, count: u64, seed: u64, interrupt: &Interrupt) -> anyhow::Result<()> {
    let simulation = Simulation::new(seed, ORDERS, jiff::Timestamp::now());
    let length = simulation.records.len() as u64;
    for (number, document) in (0..count).zip(simulation.records.iter().cycle()) {
        anyhow::ensure!(!interrupt.requested(), "interrupted");
        feeder.send(document.topic, &document.key, &renamed(document, number / length))?;
    }
    Ok(feeder.flush()?)
}

/// The document of a later round: the same but for its event ids. Broken documents, which are no text, stay as they are.
fn renamed(document: &RawDocument, round: u64) -> Vec<u8> {
    let Ok(text) = std::str::from_utf8(&document.value) else { return document.value.clone() };
    if round == 0 {
        return document.value.clone();
    }
    let renamed = EVENT_IDS.iter().fold(text.to_owned(), |text, start| text.replace(start, &format!("{start}{round}.")));
    renamed.into_bytes()
}
