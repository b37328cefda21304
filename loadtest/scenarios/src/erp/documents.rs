//! Postings for the ERP, made from a seed, straight onto the topics that the connector reads.

use lineside_schemas::contract::{ErpConfirmation as ConfirmationContract, ErpGoodsMovement as MovementContract};
use lineside_schemas::ids::deterministic_id;
use lineside_schemas::records::{ErpConfirmation, ErpGoodsMovement, GoodsMovementItem};
use lineside_schemas::time::Date;
use lineside_schemas::{Codec, CodecError, Contract as _, Decimal};
use lineside_simulators::Random;
use lineside_topology::topics::{ERP_CONFIRMATIONS, ERP_GOODS_MOVEMENTS};

const PLANTS: [&str; 3] = ["plant-a", "plant-b", "plant-c"];
const UNITS: [&str; 3] = ["KGM", "LTR", "C62"];
/// Documents of an order: two postings of an issue, a receipt and a confirmation each.
const DOCUMENTS_OF_ORDER: usize = 6;
/// 2026-11-20.
const FIRST_DAY: i32 = 20_777;

/// A document for the ERP, and what has to come of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    /// Its id.
    pub id: String,
    /// Posting that it belongs to.
    pub posting_id: String,
    /// Plant.
    pub plant: String,
    /// Order.
    pub order: String,
    /// Sequence of the posting within the order.
    pub sequence: i32,
    /// What it says.
    pub kind: Kind,
}

/// What a document says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kind {
    /// A confirmation of an operation.
    Confirmation {
        /// Operation.
        operation: String,
        /// Good quantity, in thousandths.
        yields: i64,
    },
    /// A material document.
    Movement {
        /// Goods movement code.
        code: &'static str,
        /// Lines.
        lines: Vec<MovementLine>,
    },
}

/// A line of a material document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MovementLine {
    /// Movement type.
    pub movement_type: &'static str,
    /// Material.
    pub material: String,
    /// Quantity, in thousandths.
    pub quantity: i64,
    /// Unit.
    pub unit: &'static str,
}

/// So many documents, over orders of three plants; each order's in the order in which they are to be booked.
#[must_use]
pub fn documents(seed: u64, count: usize) -> Vec<Document> {
    let orders = count.div_ceil(DOCUMENTS_OF_ORDER);
    let mut documents: Vec<Document> = (0..orders).flat_map(|order| of_order(seed, order)).collect();
    documents.truncate(count);
    documents
}

fn of_order(seed: u64, number: usize) -> Vec<Document> {
    let mut random = Random::of_part(seed, "erp-order", number as u64);
    let plant = PLANTS[number % PLANTS.len()];
    let order = format!("{:09}", 700_000 + number);
    (0..DOCUMENTS_OF_ORDER)
        .map(|index| {
            let sequence = i32::try_from(index / 3 + 1).unwrap_or(i32::MAX);
            let seed = seed.to_string();
            let posting_id = deterministic_id(&[seed.as_bytes(), plant.as_bytes(), order.as_bytes(), &sequence.to_be_bytes()]);
            let kind = match index % 3 {
                0 => Kind::Movement { code: "03", lines: (0..random.between(1, 4)).map(|_| line("261", &mut random)).collect() },
                1 => Kind::Movement { code: "02", lines: (0..random.between(1, 2)).map(|_| line("101", &mut random)).collect() },
                _ => Kind::Confirmation { operation: format!("{:04}", sequence * 10), yields: random.between(1, 500_000) },
            };
            let id = deterministic_id(&[posting_id.as_bytes(), &index.to_be_bytes()]);
            Document { id, posting_id, plant: plant.to_owned(), order: order.clone(), sequence, kind }
        })
        .collect()
}

fn line(movement_type: &'static str, random: &mut Random) -> MovementLine {
    let number = random.between(0, 59);
    let unit = UNITS[usize::try_from(number).unwrap_or(0) % UNITS.len()];
    let material = format!("{}-{number}", if movement_type == "101" { "FG" } else { "RM" });
    MovementLine { movement_type, material, quantity: random.between(1, 999_999), unit }
}

/// Thousandths as a decimal.
fn decimal(thousandths: i64) -> Decimal {
    Decimal::from_unscaled(i128::from(thousandths) * 1_000_000).unwrap_or_default()
}

impl Document {
    /// Topic that it goes to.
    #[must_use]
    pub const fn topic(&self) -> &'static str {
        match self.kind {
            Kind::Confirmation { .. } => ERP_CONFIRMATIONS.name(),
            Kind::Movement { .. } => ERP_GOODS_MOVEMENTS.name(),
        }
    }

    /// Key of its record.
    #[must_use]
    pub fn key(&self) -> String {
        format!("{}/{}", self.plant, self.order)
    }

    /// Keys of its lines as the ERP stores them, and the numbers that outcomes give them.
    #[must_use]
    pub fn lines(&self) -> Vec<(String, i64)> {
        match &self.kind {
            Kind::Confirmation { .. } => vec![(self.id.clone(), 0)],
            Kind::Movement { lines, .. } => (1..).zip(lines).map(|(number, _)| (format!("{}/{number}", self.id), number)).collect(),
        }
    }

    /// Its record, as bytes.
    ///
    /// # Errors
    /// [`CodecError`].
    pub fn encoded(&self, codec: &Codec) -> Result<Vec<u8>, CodecError> {
        let (mut bytes, date) = (Vec::new(), Date::from_days(FIRST_DAY));
        match &self.kind {
            Kind::Confirmation { operation, yields } => {
                let record = ErpConfirmation {
                    confirmation_id: &self.id,
                    posting_id: &self.posting_id,
                    sequence: self.sequence,
                    correlation_id: &self.order,
                    plant: &self.plant,
                    order: &self.order,
                    operation,
                    unit: "C62",
                    yield_quantity: decimal(*yields),
                    has_no_goods_movements: true,
                    posting_date: date,
                    document_date: date,
                    ..ErpConfirmation::default()
                };
                codec.encode::<ConfirmationContract>(self.topic(), &record, &mut bytes)?;
            }
            Kind::Movement { code, lines } => {
                let record = ErpGoodsMovement {
                    document_id: &self.id,
                    posting_id: &self.posting_id,
                    sequence: self.sequence,
                    correlation_id: &self.order,
                    plant: &self.plant,
                    order: &self.order,
                    goods_movement_code: code,
                    posting_date: date,
                    document_date: date,
                    items: (1..).zip(lines).map(|(number, line)| self.item(number, line)).collect(),
                    ..ErpGoodsMovement::default()
                };
                codec.encode::<MovementContract>(self.topic(), &record, &mut bytes)?;
            }
        }
        Ok(bytes)
    }

    fn item<'d>(&'d self, number: i32, line: &'d MovementLine) -> GoodsMovementItem<'d> {
        GoodsMovementItem {
            item: number,
            posting_line: number,
            movement_type: line.movement_type,
            reference_type: (line.movement_type == "101").then_some("F"),
            material: &line.material,
            plant: &self.plant,
            order: Some(&self.order),
            storage_location: Some("0001"),
            quantity_in_entry_unit: decimal(line.quantity),
            entry_unit: line.unit,
            ..GoodsMovementItem::default()
        }
    }
}

/// A codec that can write both topics.
///
/// # Errors
/// What the registry says.
pub fn prepare(codec: &mut Codec) -> Result<(), lineside_schemas::SchemaSourceError> {
    codec.resolve(ERP_CONFIRMATIONS.name(), ConfirmationContract::ID)?;
    codec.resolve(ERP_GOODS_MOVEMENTS.name(), MovementContract::ID).map(drop)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn a_seed_makes_the_same_documents_each_with_its_own_id() {
        let made = documents(3, 500);
        assert_eq!(made, documents(3, 500));
        assert_ne!(made, documents(4, 500));
        assert_eq!(made.iter().map(|document| &document.id).collect::<BTreeSet<_>>().len(), 500);
        assert!(made.iter().any(|document| document.lines().len() > 1));
    }
}
