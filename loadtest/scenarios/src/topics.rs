//! Topics as an outsider reads them: committed records to the end, values decoded generically by the schema id they carry.

mod decode;
mod parked;
mod read;

use apache_avro::types::Value;
use lineside_topology::{CANONICAL, topics as table};

pub use decode::{DecodeError, Schemas};
pub use parked::{ParkedFact, parked};
pub use read::{ReadError, Reader, StoredRecord};
pub(crate) use read::{config, kafka, partitions, read_to_end};

use crate::books::facts::{Confirmation, DeadLetter, Event, GoodsMovement, Normalized, Position, Posting, Reconciled};
use crate::books::shape::Fields;
use crate::books::{Contents, ShapeError};

/// Why the topics cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum TopicsError {
    /// Kafka does not give the records.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// A value is not Avro by a registered schema.
    #[error("record {position}: {source}")]
    Decode {
        /// Where it stands.
        position: Position,
        /// What is wrong.
        source: DecodeError,
    },
    /// A value does not have the contract's fields.
    #[error("record {position}: {source}")]
    Shape {
        /// Where it stands.
        position: Position,
        /// What is wrong.
        source: ShapeError,
    },
}

/// Everything that the books need, from a cluster and its registry.
///
/// # Errors
/// [`TopicsError`].
pub fn contents(reader: &Reader, schemas: &mut Schemas) -> Result<Contents, TopicsError> {
    let mut contents = Contents::default();
    for topic in reader.topics()? {
        if topic.starts_with(table::RAW_PREFIX) {
            contents.raw.extend(reader.read(&topic)?.into_iter().map(|record| record.position));
        }
    }
    contents.normalized = facts(reader, schemas, table::NORMALIZED.name(), Normalized::read)?;
    for row in CANONICAL {
        contents.events.extend(facts(reader, schemas, row.topic, |position, value| Event::read(row, position, value))?);
    }
    contents.postings = facts(reader, schemas, table::ORDER_POSTINGS.name(), Posting::read)?;
    contents.confirmations = facts(reader, schemas, table::ERP_CONFIRMATIONS.name(), |_, value| Confirmation::read(value))?;
    contents.movements = facts(reader, schemas, table::ERP_GOODS_MOVEMENTS.name(), |_, value| GoodsMovement::read(value))?;
    for processor in lineside_topology::processors::PROCESSORS {
        contents.dead_letters.extend(facts(reader, schemas, &table::dead_letter_topic(processor), |_, value| DeadLetter::read(value))?);
    }
    let books = facts(reader, schemas, table::BOOKS.name(), |_, value| Reconciled::read(value))?;
    contents.reconciled = books.into_iter().map(|books| (books.order.clone(), books)).collect();
    Ok(contents)
}

fn facts<T>(reader: &Reader, schemas: &mut Schemas, topic: &str, read: impl Fn(Position, &Value) -> Result<T, ShapeError>) -> Result<Vec<T>, TopicsError> {
    let mut facts = Vec::new();
    for record in reader.read(topic)? {
        for (position, value) in values(schemas, record)? {
            facts.push(read(position.clone(), &value).map_err(|source| TopicsError::Shape { position, source })?);
        }
    }
    Ok(facts)
}

/// The value of a record, or those of the records in its frame.
fn values(schemas: &mut Schemas, record: StoredRecord) -> Result<Vec<(Position, Value)>, TopicsError> {
    let StoredRecord { position, value, .. } = record;
    let mut decode = |position: &Position, bytes: &[u8]| schemas.decode(bytes).map_err(|source| TopicsError::Decode { position: position.clone(), source });
    let value = decode(&position, &value.unwrap_or_default())?;
    if !table::is_framed(&position.topic) {
        return Ok(vec![(position, value)]);
    }
    let framed = framed_values(&value).map_err(|source| TopicsError::Shape { position: position.clone(), source })?;
    (0..)
        .zip(framed)
        .map(|(index, bytes)| {
            let position = Position { index: Some(index), ..position.clone() };
            decode(&position, &bytes).map(|value| (position, value))
        })
        .collect()
}

/// The values of the records in a frame, as bytes.
///
/// # Errors
/// [`ShapeError`] when it is no frame.
pub fn framed_values(frame: &Value) -> Result<Vec<Vec<u8>>, ShapeError> {
    Fields::of(frame)?.list("records", |record| record.bytes("value"))
}
