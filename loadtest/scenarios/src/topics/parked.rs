//! Records that wait for master data, as an outsider reads them.

use std::collections::BTreeMap;

use lineside_topology::processors::{NORMALIZER, PARKED};
use lineside_topology::topics::changelog_topic;

use super::{DecodeError, Reader, Schemas, TopicsError};
use crate::books::facts::Position;
use crate::books::shape::{Fields, ShapeError};

/// A raw record that waits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParkedFact {
    /// Where it stands.
    pub record: Position,
    /// What it waits for; nothing where it waits behind another.
    pub missing: Vec<String>,
}

/// What waits now, from the changelog of the normalizer's store.
///
/// # Errors
/// [`TopicsError`].
pub fn parked(reader: &Reader, schemas: &mut Schemas) -> Result<Vec<ParkedFact>, TopicsError> {
    let mut last = BTreeMap::new();
    for record in reader.read(&changelog_topic(&NORMALIZER, PARKED.name()))? {
        last.insert((record.position.partition, record.key.clone()), record);
    }
    let mut waiting = Vec::new();
    for record in last.into_values() {
        // Without a value it went on.
        let Some(bytes) = record.value else { continue };
        let position = record.position;
        let value = schemas.decode(&bytes).map_err(|source: DecodeError| TopicsError::Decode { position: position.clone(), source })?;
        waiting.push(read(&value).map_err(|source| TopicsError::Shape { position, source })?);
    }
    Ok(waiting)
}

fn read(value: &apache_avro::types::Value) -> Result<ParkedFact, ShapeError> {
    let fields = Fields::of(value)?;
    let missing = |missing: Fields<'_>| Ok(format!("{} {}/{}", missing.text("entity")?, missing.text("scheme")?, missing.text("id")?));
    let number = |name| fields.number(name);
    let partition = i32::try_from(number("partition")?).unwrap_or_default();
    let record = Position { topic: fields.text("topic")?, partition, offset: number("offset")?, index: None };
    Ok(ParkedFact { record, missing: fields.list("missing", missing)? })
}
