//! The normalizer: raw records to canonical events, by a declarative mapping per source.
//!
//! * [`mapping`]: the mapping language, compiled at start into a [`Plan`] that is checked against the contract's Avro schema.
//! * [`apply`]: a plan applied to a record: pure, all or nothing.
//! * [`master`]: what events refer to.
//! * [`parking`]: records that wait for what they refer to.
//! * [`draft`]: the beginning of a mapping, from a sample document.
//! * [`examples`]: documents of a pack, and what each has to become.
//! * [`packs`]: the mappings that a normalizer runs with, those built in or those of a folder.
//! * [`versions`]: every released version of them.
//! * [`normalizer`]: the processor.
//! * [`refusals`]: why records are refused.

pub mod apply;
#[cfg(feature = "process")]
pub mod args;
mod convert;
mod document;
pub mod draft;
pub mod examples;
mod formula;
pub mod limits;
pub mod mapping;
pub mod master;
pub mod normalizer;
pub mod packs;
pub mod parking;
pub mod refusals;
pub mod versions;

pub use apply::{Aggregate, Applied, ExplainedEvent, FieldOrigin, Ignored, MappedEvent, Origin, Scratch};
#[cfg(feature = "process")]
pub use args::NormalizerArgs;
pub use document::Format;
pub use limits::Limits;
pub use mapping::{MappingError, MappingErrors, Plan, json_schema};
pub use master::{MasterData, MasterEntity, MasterIndex};
pub use normalizer::Normalizer;
pub use packs::{MappingSet, MappingSetError};
pub use parking::ParkingBounds;
pub use refusals::Code;
pub use versions::{MappingVersions, VersionError};
