//! Files that people write, as trees that know their lines: mappings of sources, posting rules. What is wrong with one is said with its file, line and the nearest right name.
//!
//! * [`tree`]: a YAML file as a tree, bounded in size, depth and expansion; maps whose keys are known.
//! * [`errors`]: what is wrong, collected.

pub mod errors;
pub mod tree;

pub use errors::{Errors, FileError, FileErrors, suggestion, suggestion_or};
#[cfg(feature = "asked")]
pub use tree::asked;
pub use tree::{Entry, Item, Section, Value, read};
