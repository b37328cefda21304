//! The contracts of Lineside: Avro schemas, the typed records that equal them, exact quantities, and the codec between records and bytes.
//!
//! * [`records`]: one Rust type per Avro record, generated from `avro/**/*.avsc` (a test regenerates and compares).
//! * [`contract`]: the list of contracts, what stands on a topic.
//! * [`codec`]: Confluent wire format (magic byte, schema id, Avro binary) to and from typed records.
//! * [`binary`]: the pieces of Avro's binary encoding.
//! * [`compatibility`]: whether one schema can read what another one wrote.
//! * [`json`]: a plain JSON view of Avro data, for people, tools and tests.
//! * [`decimal`], [`quantity`], [`time`], [`unit`]: exact numbers, their units, and instants.
//! * [`event_times`]: when the event behind a record happened and was ingested.
//! * [`ids`]: deterministic ids and fingerprints.

pub mod binary;
pub mod codec;
pub mod compatibility;
pub mod contract;
pub mod decimal;
pub mod event_times;
pub mod ids;
pub mod json;
pub mod production;
pub mod quantity;
#[rustfmt::skip]
#[expect(clippy::doc_markdown, reason = "the docs are the schemas' own words")]
#[allow(clippy::ref_option_ref, reason = "the derived code hands `Option<&[u8]>` to serde_bytes by reference")]
pub mod records;
pub mod subject;
pub mod time;
pub mod unit;

pub use codec::{Codec, CodecError, SchemaSource, SchemaSourceError};
pub use contract::{Contract, ContractId};
pub use decimal::Decimal;
pub use event_times::EventTimes;
pub use time::{Date, Timestamp};
