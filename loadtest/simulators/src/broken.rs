//! Records that no reader can use, one for each way in which they reach real pipelines.

use std::fmt::Write as _;

use jiff::Timestamp;

use crate::order::Order;
use crate::plant::Plant;
use crate::report::{Fact, Identity, Report};
use crate::{plant_a, plant_b};

/// What is wrong with a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Defect {
    /// It ends in the middle.
    Truncated,
    /// It is not UTF-8.
    InvalidUtf8,
    /// Its quantity is in a unit that nobody defined.
    UnknownUnit,
    /// It names a site that is not known (plant A).
    UnknownSite,
    /// A field that must be there is not.
    MissingField,
    /// Its quantity is neither a number nor the text of one (plant A).
    WrongType,
    /// It defines entities that multiply when they are expanded (plant B).
    EntityBomb,
    /// It is a good document of a kind that no mapping reads (plant B).
    UnmappedDocument,
}

impl Defect {
    /// Every defect that a plant's records may have.
    #[must_use]
    pub const fn of_plant(plant: Plant) -> &'static [Self] {
        match plant {
            Plant::A => &[Self::Truncated, Self::InvalidUtf8, Self::UnknownUnit, Self::UnknownSite, Self::MissingField, Self::WrongType],
            Plant::B => &[Self::Truncated, Self::InvalidUtf8, Self::UnknownUnit, Self::MissingField, Self::EntityBomb, Self::UnmappedDocument],
        }
    }
}

/// A record of the order with that defect. `sample` is a report of the order's that moves material.
pub(crate) fn render(order: &Order, story: &[Report], identities: &[Identity], sample: &Report, identity: &Identity, defect: Defect) -> Vec<u8> {
    match defect {
        Defect::EntityBomb => return entity_bomb(),
        Defect::UnmappedDocument => return personnel(order, identity, sample.at),
        _ => {}
    }
    let mut sample = sample.clone();
    if defect == Defect::UnknownUnit {
        for fact in &mut sample.facts {
            if let Some(quantity) = fact.quantity_mut() {
                quantity.unit = "XQ";
            }
        }
    }
    let bytes = match order.plant {
        Plant::A => plant_a::render(order, story, identities, &sample, identity),
        Plant::B => plant_b::render(order, story, identities, &sample, identity),
    };
    let material = sample.facts.iter().find_map(|fact| match fact {
        Fact::Consumed(movement) => Some(movement.component.material.clone()),
        _ => None,
    });
    damage(order.plant, bytes, defect, &material.unwrap_or_default())
}

fn damage(plant: Plant, mut bytes: Vec<u8>, defect: Defect, material: &str) -> Vec<u8> {
    match defect {
        Defect::Truncated => bytes.truncate(bytes.len() * 3 / 5),
        Defect::InvalidUtf8 => {
            // The first byte of a two-byte character, without its second.
            if let Some(at) = find(&bytes, material.as_bytes()) {
                bytes[at] = 0xC3;
            }
        }
        Defect::UnknownSite => return replace(&bytes, plant_a::SITE, "PLANT-X"),
        Defect::MissingField => {
            return match plant {
                Plant::A => replace(&bytes, &format!("\"material\":\"{material}\","), ""),
                Plant::B => replace(&bytes, &format!("<MaterialDefinitionID>{material}</MaterialDefinitionID>"), ""),
            };
        }
        Defect::WrongType => return replace(&bytes, "\"quantity\":", "\"quantity\":true,\"weighed\":"),
        Defect::UnknownUnit | Defect::EntityBomb | Defect::UnmappedDocument => {}
    }
    bytes
}

fn find(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    bytes.windows(wanted.len().max(1)).position(|window| window == wanted)
}

fn replace(bytes: &[u8], from: &str, to: &str) -> Vec<u8> {
    String::from_utf8_lossy(bytes).replace(from, to).into_bytes()
}

/// Nine levels of ten: a thousand million words from one kilobyte.
fn entity_bomb() -> Vec<u8> {
    let mut entities = String::from("  <!ENTITY e0 \"carbon\">\n");
    for level in 1..10 {
        let inner = format!("&e{};", level - 1).repeat(10);
        let _ = writeln!(entities, "  <!ENTITY e{level} \"{inner}\">");
    }
    let root = "SyncProductionPerformance";
    format!(
        "<?xml version=\"1.0\"?>\n<!DOCTYPE {root} [\n{entities}]>\n<{root} xmlns=\"{}\"><ApplicationArea><BODID>&e9;</BODID></ApplicationArea></{root}>\n",
        plant_b::NAMESPACE
    )
    .into_bytes()
}

/// Who works where: what the time recording sends, on the wrong queue.
fn personnel(order: &Order, identity: &Identity, at: Timestamp) -> Vec<u8> {
    let body = format!("        <ID>{}</ID>\n", order.number);
    plant_b::document("SyncPersonnel", &identity.id, at, &["Personnel", "Person"], &body)
}
