//! Master data as the normalizer uses it: which canonical item, partner, order or unit an identifier of a source means.
//!
//! * [`entity`]: what can be referred to. [`reference`]: references and their answers.
//! * [`index`]: every record of the compacted topics, by the identifiers that it claims. [`claims`]: which those are, and when they hold.
//!
//! `docs/master-data.md` describes it for users.

pub mod claims;
pub mod entity;
pub mod index;
pub mod reference;

pub use entity::MasterEntity;
pub use index::MasterIndex;
pub use reference::{Answer, MasterData, MasterVersion, Match, MissingReference, NoMasterData, Ratio, Reference, ReferenceKey};
