//! A plant that drops its material movements as CSV lists, under numbers and in units of its own: what they mean its material management sends later, if at all.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use jiff::civil::Date;
use jiff::{Timestamp, ToSpan as _, tz::TimeZone};

use crate::simulation::RawDocument;

/// Topic of the lists.
pub const DROPS: &str = "raw.plant-d.csv-consumption";
/// Topic of the master data.
pub const MASTER: &str = "raw.plant-d.master";

/// A material: the canonical item, the plant's number, and how many kilograms a carton of it has.
struct Material {
    item: &'static str,
    number: &'static str,
    kg_per_carton: u64,
}

const MATERIALS: [Material; 3] = [
    Material { item: "CH-1001", number: "RM-0815", kg_per_carton: 25 },
    Material { item: "CH-1002", number: "RM-0816", kg_per_carton: 20 },
    Material { item: "CH-1003", number: "RM-0817", kg_per_carton: 8 },
];

/// Orders that the lists move material for.
const ORDERS: u64 = 3;

const TITLE: &str = "Materialbewegungen Werk D;Frühschicht";
const HEADER: &str = "Beleg;Pos;Buchungszeit;BuchDatum;Art;Auftrag;Vorgang;Reservierung;ResPos;StlPos;Material;Bezeichnung;Menge;ME;Charge;Lagerort;Behälter;Erledigt;StornoBeleg;StornoPos;Grund";

/// What the plant sends, and what it comes to.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PlantD {
    /// Lists of movements, one a shift, in their order.
    pub drops: Vec<RawDocument>,
    /// The master data that they need.
    pub master: Vec<RawDocument>,
    /// Movements in the lists.
    pub events: u64,
    /// Kilograms consumed, by order and canonical item.
    pub consumed: BTreeMap<(String, String), u64>,
}

impl PlantD {
    /// The lists of the `lists` days before `start`.
    #[must_use]
    pub fn new(lists: u64, start: Timestamp) -> Self {
        let today = start.to_zoned(TimeZone::UTC).date();
        let mut plant = Self { master: master(today), ..Self::default() };
        for list in 0..lists {
            let days = i64::try_from(lists - list).unwrap_or(1);
            let value = plant.list(list, today.saturating_sub(days.days()));
            plant.drops.push(RawDocument { topic: DROPS, key: "shift".to_owned(), value });
        }
        plant
    }

    /// A list: every material for every order, in kilograms and in cartons by turns.
    fn list(&mut self, list: u64, day: Date) -> Vec<u8> {
        let mut text = format!("{TITLE};{day}\r\n{HEADER}\r\n");
        let date = day.strftime("%d.%m.%Y").to_string();
        let mut row = 0;
        for order in 0..ORDERS {
            for (material, position) in MATERIALS.iter().zip(1_u64..) {
                row += 1;
                let order = format!("{:09}", 5001 + order);
                let amount = list + position;
                let (unit, kilograms) = if row % 2 == 0 { ("KAR", amount * material.kg_per_carton) } else { ("KG", amount) };
                let number = material.number;
                let _ = write!(
                    text,
                    "{:07};{row};{date} 1{}:{:02};{date};EN;{order};0010;0000091;{position:04};{position:04};{number};;{amount};{unit};CH-{list};L100;;N;;;\r\n",
                    49_000 + list,
                    list % 4,
                    row % 60,
                );
                self.events += 1;
                *self.consumed.entry((order, material.item.to_owned())).or_default() += kilograms;
            }
        }
        latin_1(&text)
    }
}

/// Windows-1252, as far as it is Latin 1: each character a byte.
fn latin_1(text: &str) -> Vec<u8> {
    text.chars().map(|character| u8::try_from(character).unwrap_or(b'?')).collect()
}

fn master(today: Date) -> Vec<RawDocument> {
    // Before any movement, and not before the window of deduplication.
    let changed = format!("{}T06:00:00Z", today.saturating_sub(20.days()));
    let mut records = Vec::new();
    let mut send = |value: serde_json::Value| records.push(RawDocument { topic: MASTER, key: "master".to_owned(), value: value.to_string().into_bytes() });
    for (number, material) in MATERIALS.iter().enumerate() {
        let change = format!("MC-{number}");
        send(serde_json::json!({
            "kind": "MATERIAL", "change": format!("{change}-1"), "changedAt": changed, "material": material.item, "baseUnit": "KG",
            "numbers": [{"system": "plant-d.csv", "number": material.number}],
        }));
        send(serde_json::json!({
            "kind": "UNIT", "change": format!("{change}-2"), "changedAt": changed, "material": material.item, "unit": "KAR", "baseUnit": "KG",
            "ratios": [{"baseQuantity": material.kg_per_carton.to_string()}],
        }));
    }
    records
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_windows_1252_of_days_that_are_over_and_add_up() {
        let start: Timestamp = "2026-11-29T08:00:00Z".parse().unwrap();
        let plant = PlantD::new(2, start);
        let text: String = plant.drops[1].value.iter().map(|byte| char::from(*byte)).collect();
        assert!(text.starts_with("Materialbewegungen Werk D;Frühschicht;2026-11-28\r\nBeleg;"), "{text}");
        assert!(text.contains("0049001;2;28.11.2026 11:02;28.11.2026;EN;000005001;0010;0000091;0002;0002;RM-0816;;3;KAR;CH-1;L100;;N;;;\r\n"), "{text}");
        assert_eq!((plant.drops.len(), plant.master.len(), plant.events, plant.consumed.len()), (2, 6, 18, 9));
        // The first list has 2 cartons of 20 kg for the first order, the second 3.
        assert_eq!(plant.consumed[&("000005001".to_owned(), "CH-1002".to_owned())], 100);
    }
}
