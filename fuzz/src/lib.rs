//! What each fuzz target does with its bytes. It panics where something is wrong; the fuzzer itself looks at time and memory.
//!
//! docs/fuzzing.md tells how they are run. The tests of the normalizer replay what the fuzzers kept.

mod targets;

pub use targets::{csv, edifact, engine, formula, json, json_lines, mapping_yaml, traced, values, x12, xml};
