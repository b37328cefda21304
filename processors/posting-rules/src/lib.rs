//! Posting rules that the business governs: which orders a rule holds for, from when, who published and approved it, and what it says. `docs/rules.md` is the page for people.
//!
//! * [`rule`]: what a rule says. [`tolerance`], [`rounding`], [`posting_date`]: the parts of it that decide something by themselves.
//! * [`rule_set`]: a version of a rule: its scope, its time, who answers for it. [`record`]: it as the contract has it.
//! * [`book`]: all versions together, and which one is in force.
//! * [`governance`]: what may be published and approved. [`conflict`]: sets that claim the same orders. [`diff`]: what two versions differ in.
//! * [`file`]: rule sets as YAML files, and their JSON Schema.
//! * [`shift`]: when shifts end, by calendar or by times of day.

pub mod book;
pub mod conflict;
pub mod diff;
pub mod file;
pub mod governance;
pub mod posting_date;
pub mod record;
pub mod rounding;
pub mod rule;
pub mod rule_set;
pub mod shift;
pub mod tolerance;

pub use book::RuleBook;
pub use conflict::{Overlap, overlaps};
pub use diff::{Difference, difference, statements};
pub use file::json_schema;
pub use lineside_yaml::{FileError, FileErrors};
pub use posting_date::{BookedOn, PostingDate};
pub use record::RuleRecordError;
pub use rounding::Rounding;
pub use rule::{Completeness, Rule, Scrap, ShiftEnd, Triggers};
pub use rule_set::{Decision, Governance, RuleSet, Scope};
pub use shift::{Shift, ShiftPlan};
pub use tolerance::{Tolerance, Verdict};
