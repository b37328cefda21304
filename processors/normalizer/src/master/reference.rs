//! References of events to master data, and what answers them.

use std::fmt;

use lineside_schemas::records::OrderAliasKind;
use lineside_schemas::{Decimal, Timestamp};

use super::entity::MasterEntity;

/// An identifier that an event names something by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reference<'a> {
    /// What it refers to.
    pub entity: MasterEntity,
    /// Plant of the event.
    pub plant: &'a str,
    /// Scheme of the alias; for a unit the item, for a status code the table.
    pub scheme: &'a str,
    /// Identifier in that scheme.
    pub id: &'a str,
    /// For orders: only numbers of this kind.
    pub kind: Option<OrderAliasKind>,
    /// Source time of the event: the reference has to hold then.
    pub at: Timestamp,
}

/// Where the answer of a reference is looked for, whenever it is to hold.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ReferenceKey {
    /// What it refers to.
    pub entity: MasterEntity,
    /// Plant.
    pub plant: Box<str>,
    /// Scheme.
    pub scheme: Box<str>,
    /// Identifier in that scheme.
    pub id: Box<str>,
}

/// A reference that nothing answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MissingReference {
    /// The reference.
    pub key: ReferenceKey,
    /// Source time of the event.
    pub at: Timestamp,
}

impl MissingReference {
    /// A copy of a reference.
    #[must_use]
    pub fn of(reference: &Reference<'_>) -> Self {
        let Reference { entity, plant, scheme, id, at, .. } = *reference;
        Self { key: ReferenceKey { entity, plant: plant.into(), scheme: scheme.into(), id: id.into() }, at }
    }
}

impl fmt::Display for ReferenceKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { entity, plant, scheme, id } = self;
        match entity {
            MasterEntity::Unit => write!(f, "unit `{id}` of item `{scheme}` in {plant}"),
            MasterEntity::StatusCode => write!(f, "code `{id}` of table `{scheme}` in {plant}"),
            entity => write!(f, "{} `{id}` of scheme `{scheme}` in {plant}", entity.name()),
        }
    }
}

/// What a unit is for an item: so many of it are so many of the base unit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ratio {
    /// So many of the unit; above zero.
    pub quantity: Decimal,
    /// Common code of the unit.
    pub unit: Box<str>,
    /// Are so many of the base unit; above zero.
    pub base_quantity: Decimal,
    /// Common code of the base unit.
    pub base_unit: Box<str>,
}

/// The version of a record of master data that answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MasterVersion<'a> {
    /// Topic of the record.
    pub topic: &'static str,
    /// Its key.
    pub key: &'a str,
    /// When its source says that it was so.
    pub source_time: Timestamp,
    /// Position of the raw record that it came from: topic, partition, offset.
    pub raw: (&'a str, i32, i64),
}

/// The one record that answers, and what it says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Match<'a> {
    /// The canonical id; for a status code the meaning, for a unit the unit.
    pub value: &'a str,
    /// For orders: the operation that the number stands for, where it is not the whole order.
    pub operation: Option<&'a str>,
    /// For units: the ratio.
    pub ratio: Option<&'a Ratio>,
    /// Which version of which record said so.
    pub version: MasterVersion<'a>,
}

/// What becomes of a reference.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer<'a> {
    /// One record answers.
    Found(Match<'a>),
    /// None does.
    Missing {
        /// The identifier is known, but not for the event's time.
        is_known: bool,
    },
    /// Several do, or one in two ways: their keys.
    Ambiguous(Vec<&'a str>),
}

/// Answers references.
pub trait MasterData {
    /// What answers a reference at its time.
    fn find<'m>(&'m self, reference: &Reference<'_>) -> Answer<'m>;
}

/// No master data at all: nothing is found.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoMasterData;

impl MasterData for NoMasterData {
    fn find<'m>(&'m self, _: &Reference<'_>) -> Answer<'m> {
        Answer::Missing { is_known: false }
    }
}
