//! The mapping language: a YAML file per source, compiled at start into a typed plan and checked against the contract's Avro schema.
//!
//! `docs/mapping.md` describes the language.

mod compile;
mod computation;
mod condition;
mod contract;
mod envelope;
mod event;
mod expression;
mod format;
mod master;
mod numbers;
mod path;
mod pieces;
mod plan;
mod prefixes;
mod reachable;
mod schema;
mod segments;
mod table;
mod target;
mod template;
mod times;
mod units;
mod zone;

pub use lineside_yaml::{FileError as MappingError, FileErrors as MappingErrors};
pub use plan::Plan;
pub use schema::json_schema;

pub(crate) use contract::{ContractTarget, TargetGroup, contract};
#[cfg(test)]
pub(crate) use lineside_yaml::asked;

pub(crate) use computation::Computation;
pub(crate) use condition::{Condition, Test as ConditionTest};
pub(crate) use contract::MAX_KEYS;
pub(crate) use envelope::EnvelopePart;
pub(crate) use event::aggregate_keys;
pub(crate) use expression::{Digest, Expression, Filler, QuantityPlan};
pub(crate) use lineside_yaml::suggestion;
pub(crate) use master::{OnMissing, PerItem, Referring};
pub(crate) use path::{Operand, Path, Predicate, Start, Step, Test};
pub(crate) use plan::{Action, DocumentType, EventPlan, FieldPlan, ItemPlan, KeyPlan, Level, ListPart, MAX_LEVELS, Piece, Rule};
pub(crate) use target::{Target, TargetField};
pub(crate) use template::Part;
pub(crate) use units::UnitTable;
pub(crate) use zone::{Resolve, ZoneRule};
