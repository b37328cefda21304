//! The order aggregator from outside: by example, by property, and by what it refuses.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod case;
mod forgetting;
mod golden;
mod history;
mod properties;
mod refusals;
mod state;
mod support;
mod tables;
