//! Rule sets as files: one YAML file each. `docs/rules.md` describes the language.

pub mod members;
pub mod read;
pub mod read_parts;
pub mod schema;
pub mod span;
pub mod words;
pub mod write;

pub use schema::json_schema;
pub use words::Word;
