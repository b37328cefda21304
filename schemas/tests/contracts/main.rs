//! What the contracts promise, checked over every schema, every example and hostile bytes.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod borrowing;
mod evolution;
mod examples;
mod generated;
mod golden;
mod hostile_bytes;
mod random_records;
mod support;
mod versions;
mod writers;
