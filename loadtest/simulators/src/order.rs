//! What an order is to make, of what, and where.

use jiff::Timestamp;

use crate::amount::{Amount, BaseUnit, Reported};
use crate::plant::Plant;
use crate::random::Random;

/// A component line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Component {
    /// Index of its operation.
    pub operation: usize,
    pub reservation: Option<String>,
    pub reservation_item: Option<String>,
    pub position: String,
    pub material: String,
    pub storage_location: String,
    pub base: BaseUnit,
}

/// An operation of the routing.
#[derive(Debug, Clone)]
pub(crate) struct Operation {
    pub id: String,
    pub work_center: String,
}

/// A production order.
#[derive(Debug, Clone)]
pub(crate) struct Order {
    pub plant: Plant,
    pub number: String,
    pub product: String,
    pub product_base: BaseUnit,
    pub product_location: String,
    pub planned: Reported,
    pub planned_start: Timestamp,
    pub planned_end: Timestamp,
    pub operations: Vec<Operation>,
    pub components: Vec<Component>,
}

const WORK_CENTERS: [&str; 4] = ["PREP", "MIX", "FILL", "PACK"];
const SEGMENTS: [&str; 4] = ["Weighing", "Mixing", "Filling", "Packing"];

impl Order {
    /// The plant's order of that running number, begun about `begin`.
    pub fn plan(plant: Plant, running: u64, begin: Timestamp, random: &mut Random) -> Self {
        let number = match plant {
            Plant::A => format!("{:09}", 100_000 + running),
            Plant::B => (53_000 + running).to_string(),
        };
        let operations = (0..random.between(2, 4)).filter_map(|index| usize::try_from(index).ok()).map(|index| operation(plant, index, random)).collect::<Vec<_>>();
        let components = components(plant, running, operations.len(), random);
        let product_base = if plant == Plant::A || random.chance(30) { BaseUnit::Piece } else { BaseUnit::Kilogram };
        let planned = Reported::of(Amount::from_millionths(random.between(20, 400) * 1_000_000), product_base, plant.units(), random);
        Self {
            plant,
            number,
            product: format!("FG-{}", random.between(100, 140)),
            product_base,
            product_location: "0002".to_owned(),
            planned,
            planned_start: begin,
            planned_end: after(begin, random.between(4, 10) * 3600),
            operations,
            components,
        }
    }
}

fn operation(plant: Plant, index: usize, random: &mut Random) -> Operation {
    let work_center = format!("{}-{:02}", WORK_CENTERS[index], random.between(1, 3));
    let id = match plant {
        Plant::A => format!("{:04}", (index + 1) * 10),
        Plant::B => SEGMENTS[index].to_owned(),
    };
    Operation { id, work_center }
}

fn components(plant: Plant, running: u64, operations: usize, random: &mut Random) -> Vec<Component> {
    // Plant B's older lines report without the ERP's reservation; operation and position identify the component then.
    let reserved = plant == Plant::A || random.chance(50);
    let mut components: Vec<Component> = Vec::new();
    for index in 0..random.between(2, 6) {
        let bases = [BaseUnit::Kilogram, BaseUnit::Kilogram, BaseUnit::Litre, BaseUnit::Piece];
        let repeated = if components.is_empty() || !random.chance(20) { None } else { Some(random.pick(&components).clone()) };
        let (material, base) = repeated.map_or_else(
            || {
                let number = 1000 + random.between(0, 59);
                // A material has one base unit, whatever order it stands in.
                (format!("RM-{number}"), bases[usize::try_from(number).unwrap_or(0) % bases.len()])
            },
            |earlier| (earlier.material, earlier.base),
        );
        components.push(Component {
            operation: random.index(operations),
            reservation: reserved.then(|| format!("{:010}", 4_711 + running)),
            reservation_item: reserved.then(|| format!("{:04}", index + 1)),
            position: format!("{:04}", (index + 1) * 10),
            material,
            storage_location: format!("00{:02}", random.between(1, 4)),
            base,
        });
    }
    components
}

/// `seconds` after `time`.
pub(crate) fn after(time: Timestamp, seconds: i64) -> Timestamp {
    time.checked_add(jiff::SignedDuration::from_secs(seconds)).unwrap_or(Timestamp::MAX)
}
